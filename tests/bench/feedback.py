#!/usr/bin/env python3
"""Questions over HTTP, each acknowledged only when durable and signed: 64 clients at once, whose
questions share commits, against one client, whose every question has a commit of its own."""
import shutil, sqlite3
from bench import *

LIMIT = 5
SCRIPT = os.path.join(HERE, 'feedback.lua')


def entries(server):
    """Of the log, once those that were on their way when the clients stopped are in it."""
    client, before, now = Client(server.port), -1, 0
    while before != now:
        time.sleep(0.2)
        before, now = now, json.loads(client.page('/healthz'))['entries']
    return now


def ask(server, clients):
    """Questions a second, and µs of processor time for each."""
    before, cpu = entries(server), server.cpu()
    rate, total = wrk(server.base, clients=clients, threads=min(2, clients), script=SCRIPT)
    added, cpu = entries(server) - before, server.cpu() - cpu
    # None is missing; those that were on their way when wrk stopped may be more.
    assert total <= added <= total + clients, (total, added)
    return rate, cpu / added * 1e6


def plain_sqlite(per_commit, seconds=2.0):
    """Rows of such a size a second that SQLite alone makes durable, from Python."""
    path = os.path.join(WORK, 'plain.db')
    if os.path.exists(path):
        os.remove(path)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute('PRAGMA journal_mode=WAL')
    db.execute('PRAGMA synchronous=FULL')
    db.execute('CREATE TABLE t (i INTEGER PRIMARY KEY, entry BLOB, content BLOB)')
    n, end, start = 0, time.perf_counter() + seconds, time.perf_counter()
    while time.perf_counter() < end:
        db.execute('BEGIN IMMEDIATE')
        for _ in range(per_commit):
            db.execute('INSERT INTO t (entry, content) VALUES (?, ?)', (b'e' * 350, b'c' * 250))
            n += 1
        db.execute('COMMIT')
    return n / (time.perf_counter() - start)


def measure():
    """Feedback over HTTP, durable."""
    data = os.path.join(WORK, 'feedback')
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(demo(), data)
    many_, one, plain, plain64 = [], [], [], []
    with Server(data) as server:
        for _ in range(RUNS):
            many_.append(ask(server, 64))
            one.append(ask(server, 1))
            plain.append(plain_sqlite(1))
            plain64.append(plain_sqlite(64))
    a, b = Sample([t[0] for t in many_], '/s'), Sample([t[0] for t in one], '/s')
    ratio = pairs(a, b)
    row('feedback over HTTP, durable, 64 clients', a, f'a commit a request {b}', ratio, f'≥ {LIMIT}',
        ratio.median >= LIMIT)
    row('  one question of a shared commit costs', Sample([t[1] for t in many_], 'µs of CPU'),
        Sample([t[1] for t in one], 'µs alone'))
    row('  for comparison: SQLite alone, a row a commit, 64 rows a commit', Sample(plain, '/s'), Sample(plain64, '/s'))
    verified = json.loads(gaya('verify', '--json', data))
    assert verified['result'] == 'true', verified
    row('  the log of all these questions, verified', f'{verified["entries"]:,} entries: true')


run(measure)
