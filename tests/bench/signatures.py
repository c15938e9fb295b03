#!/usr/bin/env python3
"""Departments' signatures, verified on all cores as `gaya verify` does; libsodium in a loop on each core."""
from bench import *

LIMIT = 0.8
N = 40_000
TOOL = os.path.join(os.path.dirname(GAYA), 'tests', 'tools', 'signature_rate')


def rate(how):
    return float(subprocess.run([TOOL, how, str(N)], check=True, capture_output=True, text=True).stdout)


def measure():
    """Signatures on all cores."""
    need(TOOL, 'make proofs builds tests/tools/signature_rate')
    ours, raw = [], []
    for _ in range(RUNS):
        ours.append(rate('pool'))
        raw.append(rate('raw'))
    a, b = Sample(ours, 'signatures/s'), Sample(raw, 'signatures/s')
    ratio = pairs(a, b)
    row(f"departments' signatures on {os.cpu_count()} cores", a, f'libsodium, a loop on each core {b}', ratio,
        f'≥ {LIMIT}', ratio.median >= LIMIT)


run(measure)
