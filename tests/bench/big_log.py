#!/usr/bin/env python3
"""A log of 200,000 entries of about 500 bytes, or a million with BENCH_FULL=1: `gaya verify` on one core against Go's
sumdb packages, and inclusion proofs over HTTP for 16 clients."""
import shutil
import verify as v
from bench import *

ENTRIES = 1_000_000 if os.environ.get('BENCH_FULL') else 200_000
TOOL = os.path.join(os.path.dirname(GAYA), 'tests', 'tools', 'many_entries')
ORIGIN = 'bench.example/' + 'l' * 176


def big():
    data = os.path.join(WORK, 'big')
    need(TOOL, 'make proofs builds tests/tools/many_entries')
    if not os.path.exists(data):
        gaya('init', '--data', data, '--origin', ORIGIN)
        subprocess.run([TOOL, data, str(ENTRIES)], check=True)
    return data


def go_rates(program, *options):
    """Entries a second of the Go verifier over the saved log."""
    seconds, said = v.on_one_core(program, *options, os.path.join(WORK, 'log'))
    assert f'{ENTRIES} entries' in said, said
    return ENTRIES / seconds


def our_rate(data, *options):
    seconds, out = v.on_one_core(GAYA, 'verify', *options, '--json', data)
    assert json.loads(out)['result'] == 'true', out
    return ENTRIES / seconds


def verify(data):
    missing = program = None
    rates = {'log': [], 'all': [], 'go': [], 'rules': []}
    try:
        program = v.go_verifier()
        v.save_log(data, os.path.join(WORK, 'log'))
    except Skip as why:
        missing = why
    for _ in range(min(RUNS, 3)):
        rates['log'].append(our_rate(data, '--log'))
        rates['all'].append(our_rate(data))
        if program:
            rates['go'].append(go_rates(program))
            rates['rules'].append(go_rates(program, '-rules'))
    unit = 'entries/s'
    log, everything = Sample(rates['log'], unit), Sample(rates['all'], unit)
    title = f'one core, {ENTRIES:,} unsigned entries'
    if not program:
        row(f'gaya verify --log, {title}', log, f'Go verifier skipped: {missing}')
        row(f'gaya verify, {title}', everything, f'Go verifier skipped: {missing}')
        return
    go, rules = Sample(rates['go'], unit), Sample(rates['rules'], unit)

    def against(ours, theirs, what, said, target):
        ratio = pairs(ours, theirs)
        row(what, ours, f'{said} {theirs}', ratio, '≥ 3 × Go' if target else None, ratio.median >= 3 if target else None)

    against(log, go, f'gaya verify --log, {title}', 'Go, the log alone', True)
    against(everything, rules, f'gaya verify, rules and the whole read model: {title}', 'Go, rules without a read model', True)
    against(everything, go, 'the same', 'Go, the log alone', False)


def proofs(data):
    """One thread of load: with as many as the server has, what is measured is who of them gets a core."""
    if not shutil.which('wrk'):
        raise Skip('wrk is not installed')
    p50, p99, rates = [], [], []
    with Server(data) as server:
        for turn in range(RUNS + 1):  # the first visits each tile once and is not counted
            out = subprocess.run(['wrk', '-t1', '-c16', f'-d{SECONDS:g}s', '--latency', '-s', os.path.join(HERE, 'proof.lua'),
                                  server.base, '--', str(ENTRIES)], check=True, capture_output=True, text=True).stdout
            if 'Non-2xx' in out or 'Socket errors' in out:
                raise SystemExit(out)
            if turn == 0:
                continue
            for q, to in ('50', p50), ('99', p99):
                value, unit = re.search(rf'{q}%\s+([\d.]+)(us|ms|s)', out).groups()
                to.append(float(value) * {'us': 0.001, 'ms': 1, 's': 1000}[unit])
            rates.append(float(re.search(r'Requests/sec:\s+([\d.]+)', out).group(1)))
    a = Sample(p99, 'ms', 2)
    row(f'inclusion proof over HTTP, any of {ENTRIES:,} entries, 16 clients: 99th percentile',
        a, f'median {Sample(p50, "ms", 2)}; {Sample(rates, "/s")}', None, '< 1 ms', a.median < 1)


def measure():
    """A log of many entries."""
    data = big()
    verify(data)
    proofs(data)


run(measure)
