#!/usr/bin/env python3
"""Exporting a register of 5,000 systems against what somebody with the database would do by hand."""
import csv
import glob
from bench import *

LIMIT_CSV, LIMIT_LINES = 5, 2
PROFILES = os.path.join(TREE, 'tests', 'profiles')
# The log's contents are found by hash, which one table has as bytes and the other as text; SQLite 3.40 has no unhex().
TEXTS = """CREATE TEMP TABLE c (hash TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID;
INSERT INTO c SELECT lower(hex(sha256)), CAST(bytes AS TEXT) FROM content;
"""
NEWEST = """FROM system s CROSS JOIN version v ON v.system = s.slug AND v.n = s.version
    CROSS JOIN department d ON d.slug = s.department CROSS JOIN c ON c.hash = v.sha256
    WHERE s.version > 0 ORDER BY s.slug"""
CSV = f"""{TEXTS} SELECT s.slug AS id, json_extract(c.text, '$.record.name.en') AS name, s.department AS department,
    json_extract(d.about, '$.name.en') AS department_name, json_extract(c.text, '$.record.status') AS status,
    json_extract(c.text, '$.record.goal.en') AS goal {NEWEST}"""
LINES = f"""{TEXTS} SELECT json_object('slug', s.slug, 'state', s.state, 'record', json_extract(c.text, '$.record')) {NEWEST}"""


def timed(command):
    start = time.perf_counter()
    done = subprocess.run(command, stderr=subprocess.PIPE, shell=isinstance(command, str))
    clock = time.perf_counter() - start
    assert done.returncode == 0, done.stderr
    return clock


def table(path, encoding):
    with open(path, newline='', encoding=encoding) as f:
        return list(csv.DictReader(f))


def turns(data, profile, theirs, out, by_hand, same):
    """Seconds of ours and theirs, in turns; both must have made the same."""
    a, b = [], []
    for _ in range(RUNS):
        a.append(timed([GAYA, 'export', '--data', data, '--profile', profile, '--out', out]))
        b.append(timed(theirs))
    if not same(out, by_hand):
        raise SystemExit(f'{out} and {by_hand} differ')
    return Sample(a, 's', 2), Sample(b, 's', 2)


def measure():
    """Export of 5,000 systems."""
    data = many(5000)
    database, sql = os.path.join(data, 'register.db'), os.path.join(WORK, 'export.sql')
    model, = glob.glob(os.path.join(data, 'model', '*.db'))
    both = f"-readonly -cmd \"ATTACH '{model}' AS model\""
    out, hand = os.path.join(WORK, 'export.out'), os.path.join(WORK, 'export.hand')
    open(sql, 'w').write(CSV + ';\n')
    ours, theirs = turns(data, os.path.join(PROFILES, 'short-list'),
                         f"sqlite3 {both} -csv -header '{database}' <'{sql}' >'{hand}'", out, hand,
                         lambda x, y: table(x, 'utf-8-sig') == table(y, 'utf-8'))
    ratio = pairs(ours, theirs)
    row('export of 5,000 systems as CSV of six columns', ours, f'sqlite3 -csv, json_extract {theirs}', ratio,
        f'≤ {LIMIT_CSV}', ratio.median <= LIMIT_CSV)
    open(sql, 'w').write(LINES + ';\n')
    ours, theirs = turns(data, os.path.join(HERE, 'lines'),
                         f"sqlite3 {both} '{database}' <'{sql}' | jq -cS . >'{hand}'", out, hand,
                         lambda x, y: open(x, 'rb').read() == open(y, 'rb').read())
    ratio, size = pairs(ours, theirs), os.path.getsize(out) / (1 << 20)
    row(f'  as JSON Lines, whole records ({size:.0f} MiB)', ours, f'sqlite3 | jq 1.6 {theirs}', ratio,
        f'≤ {LIMIT_LINES}', ratio.median <= LIMIT_LINES)


run(measure)
