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


def verify(data):
    ours, theirs, missing, program = [], [], None, None
    try:
        program = v.go_verifier()
        v.save_log(data, os.path.join(WORK, 'log'))
    except Skip as why:
        missing = why
    for _ in range(min(RUNS, 3)):
        seconds, out = v.on_one_core(GAYA, 'verify', '--json', data)
        assert json.loads(out)['result'] == 'true', out
        ours.append(ENTRIES / seconds)
        if program:
            seconds, said = v.on_one_core(program, os.path.join(WORK, 'log'))
            assert f'{ENTRIES} entries' in said, said
            theirs.append(ENTRIES / seconds)
    a = Sample(ours, 'entries/s')
    ratio = pairs(a, Sample(theirs, '')) if theirs else None
    row(f'gaya verify, one core: {ENTRIES:,} unsigned entries, all rules and the read model', a,
        f'Go, the log alone {Sample(theirs, "entries/s")}' if theirs else f'Go verifier skipped: {missing}', ratio,
        '≥ 3 × Go' if theirs else None, a.median >= 3 * Sample(theirs, '').median if theirs else None)


def proofs(data):
    if not shutil.which('wrk'):
        raise Skip('wrk is not installed')
    p50, p99, rates = [], [], []
    with Server(data) as server:
        for _ in range(RUNS):
            out = subprocess.run(['wrk', '-t2', '-c16', f'-d{SECONDS:g}s', '--latency', '-s', os.path.join(HERE, 'proof.lua'),
                                  server.base, '--', str(ENTRIES)], check=True, capture_output=True, text=True).stdout
            if 'Non-2xx' in out or 'Socket errors' in out:
                raise SystemExit(out)
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
