#!/usr/bin/env python3
"""Memory that twenty thousand cached pages take."""
from bench import *

SYSTEMS, LIMIT = 10000, 300


def measure():
    """Twenty thousand cached pages."""
    with Server(many(SYSTEMS)) as server:
        client = Client(server.port)
        paths = [f'/{lang}/systems/{s}' for s in slugs(client) for lang in ('ko', 'en')]
        assert len(paths) >= 2 * SYSTEMS, len(paths)
        before, cpu = server.memory(), server.cpu()
        sent = sum(len(client.page(p, 'br')) for p in paths)
        after, cpu = server.memory(), server.cpu() - cpu
        held = json.loads(client.page('/healthz')).get('cache', {})
        grown = {k: (after[k] - before[k]) / 1e6 for k in after}
        row(f'{len(paths):,} cached pages (br, {sent / len(paths):,.0f} bytes each)',
            f'{grown["VmRSS"]:.0f} MB more resident (heap {grown["RssAnon"]:.0f}, '
            f'mapped database {grown["RssFile"]:.0f})',
            f'the cache counts {held.get("pages", 0):,} pages, {held.get("bytes", 0) / 1e6:.0f} MB', None,
            f'< {LIMIT} MB', grown['VmRSS'] < LIMIT and held.get('pages', 0) >= len(paths))
        row('  one page rendered and compressed (br) costs', f'{cpu / len(paths) * 1e6:,.0f} µs of CPU')


run(measure)
