#!/usr/bin/env python3
"""A record page that is not in the cache: how long a reader waits."""
import random
from bench import *

LIMIT = 2000  # µs


def times(client, paths, encoding='br'):
    """µs of each request, the client's own share (about 40) included."""
    out = []
    for path in paths:
        start = time.perf_counter()
        client.page(path, encoding)
        out.append((time.perf_counter() - start) * 1e6)
    return out


def report(what, rounds, limit=LIMIT):
    medians, p99s = [quantile(r, 0.5) for r in rounds], Sample([quantile(r, 0.99) for r in rounds], 'µs p99')
    median = Sample(medians, 'µs')
    row(what, f'{median}; {p99s}', None, None, f'< {limit / 1000:g} ms' if limit else None,
        median.median < limit if limit else None)


def measure():
    """An uncached record page."""
    with Server(demo()) as server:
        client = Client(server.port)
        longest = max(slugs(client), key=lambda s: len(client.page(f'/ko/systems/{s}')))
        day = time.strftime('%Y-%m-%d', time.gmtime(time.time() + 9 * 3600))
        path = f'/ko/systems/{longest}?as-of={day}'
        size = len(client.page(path))
        rounds = [times(client, [path] * 400) for _ in range(RUNS)]
        report(f'uncached record page, the demo\'s longest ({size:,} bytes), ?as-of', rounds)
    data = many(5000)
    with Server(data) as server:
        client = Client(server.port)
        all_, rounds = slugs(client), []
        random.seed(1)
        random.shuffle(all_)
        for i in range(RUNS):
            some = all_[i * 400:(i + 1) * 400]
            rounds.append(times(client, [f'/ko/systems/{s}' for s in some]))
        report('first rendering of a record page, one of 5,000', rounds)
        rounds = [times(client, [f'/ko/systems?page={n}' for n in range(1, 51)]) for _ in range(RUNS)]
        report('  a page of the list, of 5,000', rounds, None)
        rounds = [times(client, [f'/ko/systems?q={q}&page=1' for q in range(1, 51)]) for _ in range(RUNS)]
        report('  a search in 5,000', rounds, None)


run(measure)
