#!/usr/bin/env python3
"""`gaya verify` on one core, and a Go verifier on sumdb/tlog over the same log."""
import re, shutil
from bench import *

LIMIT = 20000
GO_PATH = '/usr/share/gocode'




def clocked(command, **more):
    start = time.perf_counter()
    out = subprocess.run(command, check=True, capture_output=True, text=True,
                         preexec_fn=lambda: os.sched_setaffinity(0, {CORE}), **more).stdout
    return time.perf_counter() - start, out


def go_verifier():
    need(os.path.join(GO_PATH, 'src/golang.org/x/mod/sumdb/tlog'), 'golang-golang-x-mod-dev is not installed')
    if not shutil.which('go'):
        raise Skip('golang-go is not installed')
    program = os.path.join(WORK, 'verify-go')
    env = {**os.environ, 'GO111MODULE': 'off', 'GOPATH': GO_PATH, 'GOCACHE': os.path.join(WORK, 'go-cache'),
           'GOFLAGS': ''}
    subprocess.run(['go', 'build', '-o', program, os.path.join(HERE, 'verify.go')], check=True, env=env)
    return program


def save_log(data, folder):
    """The log as files, as any tool may fetch it: checkpoint, key, bundles and contents."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with Server(data) as server:
        client = Client(server.port)
        note, key = client.page('/log/checkpoint'), client.page('/log/vkey')
        size = int(note.split(b'\n')[1])
        open(os.path.join(folder, 'checkpoint'), 'wb').write(note)
        open(os.path.join(folder, 'vkey'), 'wb').write(key)
        for i in range((size + 255) // 256):
            width = min(256, size - i * 256)
            path = f'/log/tile/entries/{tile_path(i)}' + ('' if width == 256 else f'.p/{width}')
            open(os.path.join(folder, f'bundle-{i}'), 'wb').write(client.page(path))
        os.makedirs(os.path.join(folder, 'content'))
        for i in range((size + 255) // 256):
            for sha in re.findall(rb'"sha256":"([0-9a-f]{64})"', open(os.path.join(folder, f'bundle-{i}'), 'rb').read()):
                status, _, body = client.get(f'/log/content/{sha.decode()}')
                if status == 200:
                    open(os.path.join(folder, 'content', sha.decode()), 'wb').write(body)


def tile_path(n):
    """C2SP tlog-tiles: groups of three digits, all but the last with an x before them."""
    text = f'{n % 1000:03d}'
    while n >= 1000:
        n //= 1000
        text = f'x{n % 1000:03d}/{text}'
    return text


def measure():
    """gaya verify of the 5,000-record register."""
    data, rates, lines, go, per = many(5000), [], [], [], []
    missing = program = None
    try:
        program = go_verifier()
        save_log(data, os.path.join(WORK, 'log'))
    except Skip as why:
        missing = why
    for _ in range(RUNS):
        clock, out = clocked([GAYA, 'verify', '--json', data])
        out = json.loads(out)
        assert out['result'] == 'true', out
        rates.append(out['entries'] / clock)
        if program:
            clock, said = clocked([program, os.path.join(WORK, 'log')])
            assert f'{out["entries"]} entries' in said, said
            go.append(out['entries'] / clock)
    a = Sample(rates, 'entries/s')
    theirs = f'Go on sumdb/tlog {Sample(go, "entries/s")}' if go else f'Go verifier skipped: {missing}'
    row(f'gaya verify, 5,000 records ({out["entries"]:,} entries), one core, from exec to exit', a, theirs,
        a.median / Sample(go, '').median if go else None, '≥ 20,000/s', a.median >= LIMIT)


run(measure)
