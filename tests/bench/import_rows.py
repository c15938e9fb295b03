#!/usr/bin/env python3
"""Importing the US inventory against stock jq over the same rows with the same map."""
import csv, shutil
from bench import *

LIMIT = 3
MAP = os.path.join(TREE, 'policies', 'profiles', 'us-federal-2025', 'map.jq')


def timed(command, **more):
    """Seconds on the clock and of the processor."""
    before, start = os.times(), time.perf_counter()
    done = subprocess.run(command, stderr=subprocess.PIPE, **more)
    clock, after = time.perf_counter() - start, os.times()
    return done, clock, after[2] + after[3] - before[2] - before[3]


def ours(fresh, file):
    data = os.path.join(WORK, 'import')
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(fresh, data)
    done, clock, cpu = timed([GAYA, 'import', '--data', data, '--profile', 'us-federal-2025', '--json', file],
                             stdout=subprocess.PIPE)
    # 2: some rows were refused, and are listed.
    assert done.returncode in (0, 2), done.stderr
    return clock, cpu, done.stdout


def theirs(rows):
    with open(rows) as f:
        done, clock, cpu = timed(['jq', '-c', '-f', MAP], stdin=f, stdout=subprocess.DEVNULL)
    assert done.returncode == 0, done.stderr
    return clock, cpu


def measure():
    """Import of the 3,611 US rows."""
    file = us_rows()
    rows, fresh, n = os.path.join(WORK, 'us.ndjson'), os.path.join(WORK, 'fresh'), 0
    with open(file, newline='', encoding='utf-8-sig') as f, open(rows, 'w') as out:
        for line in csv.DictReader(f):
            out.write(json.dumps(line, ensure_ascii=False) + '\n')
            n += 1
    shutil.rmtree(fresh, ignore_errors=True)
    gaya('init', '--data', fresh, '--origin', 'bench.example/log')
    a, b = [], []
    for _ in range(RUNS):
        a.append(ours(fresh, file))
        b.append(theirs(rows))
    clock, jq = Sample([t[0] for t in a], 's', 2), Sample([t[0] for t in b], 's', 2)
    ratio = pairs(clock, jq)
    row(f'import of {n:,} US rows, committed durably', clock, f'jq 1.6, the same map {jq}', ratio, f'≤ {LIMIT}',
        ratio.median <= LIMIT)
    cpu, jq_cpu = Sample([t[1] for t in a], 's', 2), Sample([t[1] for t in b], 's', 2)
    row('  of processor time', cpu, jq_cpu, pairs(cpu, jq_cpu))


run(measure)
