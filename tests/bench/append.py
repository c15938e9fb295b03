#!/usr/bin/env python3
"""Durable batches of 512 entries of 500 bytes: our log, plain SQLite, npm's hypercore."""
import shutil
from bench import *

LIMIT = 100_000
BATCHES = 200
TOOL = os.path.join(os.path.dirname(GAYA), 'tests', 'tools', 'append_rate')


def rate(command, folder):
    shutil.rmtree(folder, ignore_errors=True)
    out = subprocess.run([*command, folder, str(BATCHES)], check=True, capture_output=True, text=True).stdout
    shutil.rmtree(folder, ignore_errors=True)
    return float(out)


def hypercore():
    """As package-lock.json has it, in a folder of the run's own."""
    home = os.path.join(WORK, 'hypercore')
    if not shutil.which('npm'):
        raise Skip('npm is not installed')
    shutil.copytree(os.path.join(HERE, 'hypercore'), home)
    done = subprocess.run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], cwd=home, capture_output=True, text=True)
    if done.returncode:
        raise Skip('npm could not install hypercore: ' + done.stderr.strip().split('\n')[-1][:100])
    return ['node', os.path.join(home, 'append.mjs')]


def measure():
    """Appending batches."""
    need(TOOL, 'make proofs builds tests/tools/append_rate')
    ours, plain, core, missing, other = [], [], [], None, None
    try:
        other = hypercore()
    except Skip as why:
        missing = why
    for _ in range(RUNS):
        ours.append(rate([TOOL, 'log'], os.path.join(WORK, 'rate')))
        plain.append(rate([TOOL, 'plain'], os.path.join(WORK, 'rate')))
        if other:
            core.append(rate(other, os.path.join(WORK, 'rate')))
    a, b = Sample(ours, 'entries/s'), Sample(plain, 'entries/s')
    row('appending batches of 512 entries of 500 bytes, durable and signed', a, f'plain SQLite, durable {b}', pairs(a, b),
        f'≥ {LIMIT:,}/s', a.median >= LIMIT)
    if core:
        c = Sample(core, 'entries/s')
        row('the same batches', a, f'hypercore 10, not durable {c}', pairs(a, c), 'ahead', a.median > c.median)
    else:
        row('the same batches', a, f'hypercore skipped: {missing}')


run(measure)
