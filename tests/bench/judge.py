#!/usr/bin/env python3
"""Records judged by policies: one of the demo city by all five policies and held to the standard, and all
of a register after a policy changed, while its pages are read."""
import random, shutil, threading
from bench import *

TOOL = os.path.join(TREE, 'build', 'tests', 'tools', 'judge_rate')
LIMIT = 1000  # µs to judge one record
LIMIT_CHECK = 200  # µs to hold one to the standard
LIMIT_ALL = 30  # s to judge all again
RECORDS = int(os.environ.get('BENCH_RECORDS', '10000'))
POLICIES = ['canada-aia', 'eu-ai-act', 'gimhae', 'kr-ai-basic-act', 'kr-public-ai-act']


def newest():
    """Each demo system's newest record."""
    folder = os.path.join(TREE, 'demo', 'systems')
    for name in sorted(os.listdir(folder)):
        record = {}
        for step in json.load(open(os.path.join(folder, name)))['history']:
            if step['do'] == 'file':
                record = step.get('record') or {**record, **step['change']}
        yield record


def canada():
    """The answers of Canada's test vectors, as departments of the demo city might give them: by number."""
    cases = json.load(open(os.path.join(TREE, 'policies', 'canada-aia', 'cases.json')))
    return sorted((c['facts'] for c in cases if 'facts' in c), key=len)


def write(name, records):
    path = os.path.join(WORK, name)
    with open(path, 'w') as f:
        for record in records:
            f.write(json.dumps(record, ensure_ascii=False) + '\n')
    return path


def with_canada(record, facts):
    return {**record, 'assessments': {**record['assessments'], 'canada-aia': facts}}


def times(path, *policies):
    out = subprocess.run([TOOL, GAYA, path, str(4 * RUNS), *policies], cwd=TREE, check=True, capture_output=True,
                         text=True).stdout
    runs = [json.loads(line) for line in out.splitlines()]
    return [Sample([r[what] for r in runs], 'µs') for what in ('judge', 'check')]


def one_record():
    """A record judged by five policies."""
    need(TOOL, 'make proofs builds build/tests/tools/judge_rate')
    records, vectors = list(newest()), canada()
    judged, checked = times(write('plain.jsonl', records))
    row(f"judging a record by five policies, mean of the demo city's {len(records)}", judged, None, None, f'< {LIMIT} µs',
        judged.median < LIMIT)
    mixed = write('mixed.jsonl', [with_canada(r, vectors[i * len(vectors) // len(records)])
                                  for i, r in enumerate(records)])
    row('  which answers no questions of Canada; with those of its test vectors, few to many', times(mixed)[0])
    full = write('full.jsonl', [with_canada(r, vectors[-1]) for r in records])
    row(f'  with all {len(vectors[-1])} answers that the longest of these has', times(full)[0])
    for policy in POLICIES:
        row(f'    of these by {policy} alone', times(full, policy)[0])
    row('holding a record to the standard', checked, None, None, f'< {LIMIT_CHECK} µs', checked.median < LIMIT_CHECK)


# --- all of them ---

def register():
    """Five policies, and so many records that were published under them."""
    data, rows = os.path.join(WORK, 'judged'), os.path.join(WORK, 'judged.json')
    with open(rows, 'w') as f:
        json.dump({'items': list(records(RECORDS))}, f, ensure_ascii=False)
    gaya('init', '--data', data, '--origin', 'bench.example/log')
    for policy in POLICIES:
        gaya('policy', 'adopt', policy, '--data', data)
    gaya('import', '--data', data, '--profile', os.path.join(HERE, 'profile'), rows)
    os.remove(rows)
    return data


def changed(n):
    """A policy in another version: the same rule, another explanation."""
    folder = os.path.join(WORK, f'gimhae-{n}')
    shutil.copytree(os.path.join(TREE, 'policies', 'gimhae'), folder)
    with open(os.path.join(folder, 'README.md'), 'a') as f:
        f.write(f'\n{n}\n')
    return folder


class Reader(threading.Thread):
    """Reads record pages until it is told to stop; µs of each. One answer that is none ends the whole."""

    def __init__(self, port):
        super().__init__()
        self.client, self.over, self.times, self.failed = Client(port), False, [], None

    def run(self):
        paths = [f'/ko/systems/{s}' for s in slugs(self.client)]
        try:
            while not self.over:
                start = time.perf_counter()
                self.client.page(random.choice(paths), 'br')
                self.times.append((time.perf_counter() - start) * 1e6)
                time.sleep(0.005)  # a reader, not a load
        except (Exception, SystemExit) as why:
            self.failed = why


def all_records():
    """All records judged again."""
    data = register()
    seconds, rounds = [], []
    with Server(data) as server:
        for n in range(min(RUNS, 3)):
            reader = Reader(server.port)
            reader.start()
            start = time.perf_counter()
            said = gaya('policy', 'adopt', changed(n), '--data', data)
            seconds.append(time.perf_counter() - start)
            reader.over = True
            reader.join()
            if reader.failed or json.loads(gaya('policy', 'list', '--data', data, '--json'))['left'] or not reader.times:
                raise SystemExit(f'{said}: {reader.failed}')
            rounds.append(reader.times)
    took = Sample(seconds, 's', 1)
    row(f'judging {RECORDS:,} records again, by five policies', took, None, None, f'< {LIMIT_ALL} s',
        took.median < LIMIT_ALL)
    p99 = Sample([quantile(r, 0.99) / 1000 for r in rounds], 'ms p99', 1)
    row('  a record page meanwhile', f'{Sample([quantile(r, 0.5) / 1000 for r in rounds], "ms", 1)}; {p99}')


run(one_record)
run(all_records)
