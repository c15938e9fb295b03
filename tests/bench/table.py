#!/usr/bin/env python3
"""Rows of tab-separated cells on standard input, as a table whose columns stand under another."""
import sys, unicodedata

HEAD = ['what', 'ours', 'theirs', 'ratio', 'target', '']


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in 'WF' else 1 for c in text)


rows = [HEAD] + [line.rstrip('\n').split('\t') for line in sys.stdin]
widths = [max(width(r[i]) for r in rows if len(r) > i) for i in range(len(HEAD))]
for i, cells in enumerate(rows):
    print('  '.join(c + ' ' * (w - width(c)) for c, w in zip(cells, widths)).rstrip())
    if i == 0:
        print('  '.join('-' * w for w in widths if w))
