#!/usr/bin/env python3
"""Types what people type into a register's search, and holds the answers to a table.

search.py URL TABLE [--show]: the table's lines are query, first, found…; search_demo.tsv says how.
Prints what is wrong, then recall (of the systems that should be found, how many are among the first
20) and the mean rank of the best of them."""
import json
import sys
import urllib.parse
import urllib.request

url, table, show = sys.argv[1], sys.argv[2], '--show' in sys.argv


def ask(words):
    with urllib.request.urlopen(f'{url}/api/v1/systems?limit=20&q=' + urllib.parse.quote(words)) as answer:
        return json.load(answer)


def wrong(expected, answer):
    """Sentences; and which of the systems that should be found stand at which rank."""
    first, rest = expected[0].split(), ' '.join(expected[1:]).split()
    meant = expected[0][1:] if expected[0].startswith('?') else None
    slugs = [system['slug'] for system in answer['systems']]
    not_for = {system['slug'] for system in answer['systems'] if system['match']['in'] == 'not_for'}
    faults, ranks = [], {}
    if first == ['0']:
        return ([f'finds {slugs[:5]}'] if slugs else []), ranks
    if meant:
        said = answer['suggestion']
        return ([] if said == meant else [f'suggests {said}, finds {slugs[:5]}']), ranks
    ordered = [] if first == ['*'] else first
    wanted = ordered + [slug for slug in rest if not slug.startswith('-')]
    for slug in wanted:
        if slug in slugs:
            ranks[slug] = slugs.index(slug) + 1
        else:
            ranks[slug] = 0
            faults.append(f'does not find {slug}')
    if ordered and slugs[:1] != ordered[:1]:
        faults.append(f'has {slugs[:1]} first, not {ordered[0]}')
    at = [ranks[slug] for slug in ordered]
    if at != sorted(at):
        faults.append(f'has {slugs[:6]}, not {ordered} in this order')
    faults += [f'finds {slug[1:]}' for slug in rest
               if slug.startswith('-') and slug[1:] in slugs and slug[1:] not in not_for]
    return faults, ranks


queries = found = should = 0
best = []
failed = 0
for line in open(table, encoding='utf-8'):
    if line.startswith('#') or not line.strip():
        continue
    query, *expected = line.rstrip('\n').split('\t')
    faults, ranks = wrong(expected, ask(query))
    queries += 1
    should += len(ranks)
    found += sum(1 for rank in ranks.values() if rank)
    best += [min([rank for rank in ranks.values() if rank], default=21)] if ranks else []
    failed += bool(faults)
    for fault in faults:
        print(f'"{query}" {fault}')
print(f'{queries} queries: {failed} answered otherwise than expected; '
      f'recall {found / max(should, 1):.3f}, mean rank of the best {sum(best) / max(len(best), 1):.2f}')
sys.exit(failed > 0)
