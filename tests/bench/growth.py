#!/usr/bin/env python3
"""What grows with the register: each figure at every size of BENCH_SIZES, and the exponent by which it grew."""
import itertools, math, random, urllib.parse
from bench import *

SIZES = [int(n) for n in os.environ.get('BENCH_SIZES', '1000 10000 50000').replace(',', '').split()]
PAGE = 10  # ms, p99 of a page that is not cached
SEARCH = {10000: 5, 50000: 15}  # ms, p99 with 16 clients
PAUSE_MS = 40  # at most; 16 clients then make about 700 searches a second
SEARCHES = 2000  # a second
MEMORY, WAL = 200, 64  # MB
REBUILD = 60  # s, at 50,000


class Figures:
    """One line: the same figure at each size."""

    def __init__(self, what, unit, digits=1, limit=None, met=None):
        self.what, self.unit, self.digits, self.limit, self.met = what, unit, digits, limit, met
        self.at = {}

    def row(self):
        shown = '; '.join(f'{v:,.{self.digits}f}' for v in self.at.values())
        points = [(n, max(v, 1e-6)) for n, v in self.at.items()]
        grew = [f'{math.log(b / a) / math.log(m / n):.2f}' for (n, a), (m, b) in zip(points, points[1:])]
        met = all(self.met(n, v) for n, v in self.at.items()) if self.met else None
        row(f'  {self.what}', f'{shown} {self.unit}', None, ', '.join(grew) or None, self.limit, met)


figures = {}


def figure(what, n, value, unit, digits=1, limit=None, met=None):
    one = figures.setdefault(what, Figures(what, unit, digits, limit, met))
    one.at[n] = value


def page_figure(what, n, times):
    figure(what, n, quantile(times, 0.5), 'ms', 1)
    figure(f'{what}, p99', n, quantile(times, 0.99), 'ms', 1, f'< {PAGE} ms', lambda _, v: v < PAGE)


def used(*command):
    """Seconds of processor time and by the clock, and MB resident at most, of a process and its children."""
    start = time.perf_counter()
    process = subprocess.Popen([GAYA, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f'gaya {" ".join(command)}: {said[-500:].decode()}')
    return usage.ru_utime + usage.ru_stime, time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e6


def register_of(n):
    """A register of `n` systems; what its import cost is a line."""
    data, rows = os.path.join(WORK, f'of-{n}'), os.path.join(WORK, f'rows-{n}.json')
    if not os.path.exists(data):
        with open(rows, 'w') as f:
            json.dump({'items': list(records(n))}, f, ensure_ascii=False)
        gaya('init', '--data', data, '--origin', 'bench.example/log')
        cpu, _, memory = used('import', '--data', data, '--profile', os.path.join(HERE, 'profile'), rows)
        os.remove(rows)
        figure('import of all: processor time', n, cpu, 's')
        figure('import of all: memory', n, memory, 'MB', 0, f'< {MEMORY} MB', lambda _, v: v < MEMORY)
    figure('its files', n, sum(os.path.getsize(os.path.join(data, f)) for f in os.listdir(data)
                               if os.path.isfile(os.path.join(data, f))) / 1e6, 'MB', 0)
    return data


def timed(client, paths):
    """Milliseconds of each."""
    out = []
    for path in paths:
        start = time.perf_counter()
        client.page(path, 'gzip')
        out.append((time.perf_counter() - start) * 1000)
    return out


def ask(client, i):
    """A question, which changes what the pages of the whole register show."""
    body = f'text=Is+this+checked+by+a+person%3F+%28{i}%29&lang=en&name=&email=&leave_empty='
    client.socket.sendall(f'POST /en/systems/system-{i % 100}/feedback HTTP/1.1\r\nHost: bench\r\n'
                          f'Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n{body}'.encode())
    while b'\r\n\r\n' not in client.rest:
        client._more()
    head, _, rest = client.rest.partition(b'\r\n\r\n')
    length = int((re.search(rb'Content-Length: (\d+)', head) or [0, b'0'])[1])
    while len(rest) < length:
        client._more()
        rest = client.rest.partition(b'\r\n\r\n')[2]
    client.rest = rest[length:]
    if b' 303 ' not in head[:20]:
        raise SystemExit(f'a question was answered {head[:200]}')


def after_a_write(client, path, times=40):
    """Milliseconds of a page that a question has just made old."""
    out = []
    for i in range(times):
        ask(client, i)
        out += timed(client, [path])
    return out


def pages(server, n):
    client = Client(server.port)
    last = n // 25  # pages of the list: any more are 404
    step = max(1, min(50, last // 2))
    page_figure('list, first pages', n, timed(client, [f'/ko/systems?page={i}' for i in range(1, step + 1)]))
    page_figure('list, last pages', n, timed(client, [f'/ko/systems?page={i}' for i in range(last - step, last)]))
    page_figure('list by department, status and risk', n, timed(client, [
        f'/ko/systems?department=division-{i}&status={status}&risk=limited' for i in range(40) for status in ('in_use', 'planned')]))
    page_figure('list by day of review', n, timed(client, [f'/ko/systems?review=overdue&department=division-{i}' for i in range(40)]))
    page_figure('a department', n, timed(client, [f'/ko/departments/division-{i}' for i in range(40)]))
    page_figure('departments, cold', n, after_a_write(client, '/ko/departments'))
    page_figure('feed of a department, cold', n, after_a_write(client, '/ko/departments/division-1/feed.atom'))
    page_figure('API, a page of systems', n, timed(client, [f'/api/v1/systems?limit={i}' for i in range(1, 51)]))
    page_figure('home, cold', n, after_a_write(client, '/ko/'))
    page_figure('feed, cold', n, after_a_write(client, '/ko/feed.atom'))
    page_figure('the list by law, cold', n, after_a_write(client, '/ko/law'))
    page_figure('sitemap, cold', n, after_a_write(client, '/sitemap.xml'))


def common_words():
    """Words that a third of the records have in their texts, most first."""
    counts = {}
    models = list(demo_records())
    for record in models:
        texts = ' '.join(v[lang] for v in record.values() if isinstance(v, dict) for lang in ('ko', 'en') if isinstance(v.get(lang), str))
        for word in set(re.findall(r'[가-힣]{2,}|[a-z]{4,}', texts.lower())):
            counts[word] = counts.get(word, 0) + 1
    return [w for w, k in sorted(counts.items(), key=lambda x: (-x[1], x[0])) if 3 * k >= len(models)][:40]


def people_type():
    """The queries of the search tests: of the demo city and of real registers, with words that nobody uses,
    misspelt words and whole phrases."""
    for table in ('http/search_demo.tsv', 'long/search_real.tsv'):
        with open(os.path.join(TREE, 'tests', table)) as f:
            yield from (line.split('\t')[0] for line in f if line.strip() and line[0] != '#')


def searches():
    """What is searched for, by the name of its figure."""
    words = common_words()
    common = {k: [' '.join(some) for some in itertools.permutations(words, k)] for k in (1, 2, 3)}
    typed = list(people_type())
    random.seed(len(typed))
    a_third = len(typed) // 3
    yield 'what people type', typed + [q for some in common.values() for q in random.sample(some, min(len(some), a_third))]
    for k, asked in common.items():
        yield f'{k} common words', asked


def run_searches(server, longest_pause):
    """Searches a second of 16 clients, and their p99 in ms. Each pauses before a search, up to so many ms."""
    out = subprocess.run(['wrk', '-t1', '-c16', f'-d{SECONDS:g}s', '--latency', '-s', os.path.join(HERE, 'searches.lua'), server.base,
                          os.path.join(WORK, 'searches'), str(longest_pause)], check=True, capture_output=True, text=True).stdout
    if 'Socket errors' in out or 'Non-2xx' in out:
        raise SystemExit(out)
    p99, unit = re.search(r'99%\s+([\d.]+)(us|ms|s)\b', out).groups()
    return float(re.search(r'Requests/sec:\s+([\d.]+)', out)[1]), float(p99) * {'us': 0.001, 'ms': 1, 's': 1000}[unit]


def addresses(asked):
    """Each query in turn, again and again, each time with other spaces at its end: an address that was asked for
    before would come from the cache."""
    for again in itertools.count():
        spaces = f'{again:b}'.replace('0', '+').replace('1', '%20')
        yield from (f'/ko/systems?q={urllib.parse.quote(q)}{spaces}\n' for q in asked)


def search(server, n, of, asked):
    """16 clients search as browsers do, which take compressed pages. Clients without a pause tell how many searches
    there can be; each of them waits for 15 others, at 2,000 a second 8 ms on average. How long a person waits is
    told by clients that pause."""
    random.seed(of)
    random.shuffle(asked)
    address, what = addresses(asked), f'search of {of}, 16 clients'
    for pause in (0, PAUSE_MS):
        with open(os.path.join(WORK, 'searches'), 'w') as f:
            f.writelines(itertools.islice(address, 100000))
        rate, p99 = run_searches(server, pause)
        if pause:
            figure(f'{what} that pause up to {pause} ms, p99', n, p99, 'ms', 1,
                   '; '.join(f'< {v} ms at {m:,}' for m, v in SEARCH.items()), lambda m, v: v < SEARCH.get(m, 15))
        else:
            figure(f'{what}, p99', n, p99, 'ms', 1)
            figure(what, n, rate, '/s', 0, f'≥ {SEARCHES:,}', lambda _, v: v >= SEARCHES)


def begun(server, path):
    """The headers of an answer, and in how many milliseconds. The rest is not read: this client would take longer for
    it than the server."""
    client, start = Client(server.port), time.perf_counter()
    head = client.head(path, 'gzip')
    took = (time.perf_counter() - start) * 1000
    client.close()
    return head, took


def download(server, n):
    """The last whole file is there at once after a change. The new one comes after a pause of twenty times what the
    last took (web/server/exports.c): up to a quarter of an hour at these sizes, and nobody waits for it here."""
    path = '/data/systems.jsonl'
    while not begun(server, path)[0].startswith(b'HTTP/1.1 200'):  # the first that this folder makes
        time.sleep(0.05)
    ask(Client(server.port), n)  # the server closes a connection that waits for as long as that
    figure('download of all after a change: its first bytes', n, begun(server, path)[1], 'ms')


def log_growth(data, server, n):
    client = Client(server.port)
    for i in range(500):
        ask(client, i)
    wal = max(os.path.getsize(os.path.join(data, f)) for f in os.listdir(data) if f.endswith('-wal'))
    figure('write-ahead log after 500 questions', n, wal / 1e6, 'MB', 0, f'< {WAL} MB', lambda _, v: v < WAL)


def size(n):
    data = register_of(n)
    with Server(data) as server:
        pages(server, n)
        for of, asked in searches():
            search(server, n, of, asked)
        download(server, n)
        log_growth(data, server, n)
    cpu, clock, _ = used('rebuild', '--data', data)
    figure('rebuild: processor time', n, cpu, 's')
    figure('rebuild: by the clock', n, clock, 's', 1, f'< {REBUILD} s', lambda _, v: v < REBUILD)
    figure('verify of the folder: processor time', n, used('verify', data)[0], 's')


def measure():
    """Growth."""
    try:
        for n in SIZES:
            size(n)
    finally:  # half an hour's figures are not lost with the last
        row(f'growth: at {", ".join(f"{n:,}" for n in SIZES)} systems', None, None, 'exponents')
        for one in figures.values():
            one.row()


run(measure)
