#!/usr/bin/env python3
"""`gaya verify` on one core, the whole process; and a Go verifier on sumdb/tlog, which checks the
checkpoint, the tree and the contents' hashes, and knows nothing of records or of a read model."""
import re, shutil
from bench import *

LIMIT = 20000
GO_PATH = '/usr/share/gocode'




def on_one_core(*command):
    """Seconds of processor time, which is what the clock shows where the core is free; and what it
    printed."""
    before = os.times()
    out = subprocess.run(command, check=True, capture_output=True, text=True,
                         preexec_fn=lambda: os.sched_setaffinity(0, {CORE})).stdout
    after = os.times()
    return after[2] + after[3] - before[2] - before[3], out


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


def verify(what, data, program, missing, target):
    rates, theirs = [], []
    size = sum(os.path.getsize(os.path.join(data, name)) for name in os.listdir(data))
    if program:
        save_log(data, os.path.join(WORK, 'log'))
    for _ in range(RUNS):
        seconds, out = on_one_core(GAYA, 'verify', '--json', data)
        out = json.loads(out)
        assert out['result'] == 'true', out
        rates.append(out['entries'] / seconds)
        if program:
            seconds, said = on_one_core(program, os.path.join(WORK, 'log'))
            assert f'{out["entries"]} entries' in said, said
            theirs.append(out['entries'] / seconds)
    a = Sample(rates, 'entries/s')
    row(f'gaya verify, one core: {what} ({out["systems"]:,} systems, {out["entries"]:,} entries, {size / 1e6:.0f} MB)', a,
        f'Go, the log alone {Sample(theirs, "entries/s")}' if theirs else f'Go verifier skipped: {missing}',
        pairs(a, Sample(theirs, '')) if theirs else None,
        f'≥ {LIMIT:,}/s' if target else None, a.median >= LIMIT if target else None)


def measure():
    """gaya verify of the 5,000-record register."""
    program = missing = None
    try:
        program = go_verifier()
    except Skip as why:
        missing = why
    try:
        verify('two real registers', real(), program, missing, True)
    except Skip as why:
        row('gaya verify, one core: two real registers', f'skipped: {why}')
    verify('our own longer records', many(5000), program, missing, False)


if __name__ == '__main__':
    run(measure)
