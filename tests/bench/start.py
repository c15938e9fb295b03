#!/usr/bin/env python3
"""From starting the program to its first answers, with 5,000 records."""
from bench import *

LIMIT = 1000  # ms


def first_answers(data, slug):
    """Milliseconds from exec to the home page, and to a record page after it."""
    server = Server(data)
    try:
        client = Client(server.port, patience=20)
        client.page('/ko/', 'br')
        home = (time.perf_counter() - server.started) * 1e3
        client.page(f'/ko/systems/{slug}', 'br')
        return home, (time.perf_counter() - server.started) * 1e3
    finally:
        server.__exit__()


def forget(data):
    """Asks the kernel to drop what it keeps of the database, as after a restart of the machine."""
    for name in os.listdir(data):
        fd = os.open(os.path.join(data, name), os.O_RDONLY)
        os.fsync(fd)
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(fd)


def measure():
    """First answer after start, 5,000 records."""
    data, warm, cold = many(5000), [], []
    for i in range(RUNS):
        warm.append(first_answers(data, f'system-{i}'))
        forget(data)
        cold.append(first_answers(data, f'system-{i}'))
    for what, times in ('database in memory', warm), ('database on disk only', cold):
        home, record = (Sample([t[i] for t in times], 'ms', 1) for i in (0, 1))
        row(f'start to first answer, 5,000 records, {what}', f'home {home}; record too {record}', None, None,
            '< 1 s', record.median < LIMIT)


run(measure)
