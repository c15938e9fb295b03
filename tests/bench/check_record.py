#!/usr/bin/env python3
"""Holding a filed record to the standard: its types, limits and rules between fields, on one core."""
import statistics
from bench import *

TARGET = 200


def measure():
    """Holding a record to the standard."""
    tool = need(os.path.join(TREE, 'build/tests/tools/check_rate'), 'build/tests/tools/check_rate is not built')
    rounds = [subprocess.run([tool, '200'], cwd=TREE, check=True, capture_output=True, text=True).stdout.split()
              for _ in range(RUNS)]
    mean = [float(r[0]) for r in rounds]
    slowest = [float(r[1]) for r in rounds]
    _, _, size, n = rounds[0]
    row(f'holding a record to the standard, mean of {n}',
        f'{statistics.median(mean):.0f} µs [{min(mean):.0f}–{max(mean):.0f}]', target=f'< {TARGET} µs',
        met=statistics.median(mean) < TARGET)
    row(f'  the slowest of them ({int(size):,} bytes)',
        f'{statistics.median(slowest):.0f} µs [{min(slowest):.0f}–{max(slowest):.0f}]')


run(measure)
