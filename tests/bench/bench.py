"""What the measurements share: a server, wrk, and rows of the table."""
import json, os, re, signal, socket, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
GAYA = os.environ.get('GAYA', os.path.join(TREE, 'build', 'gaya'))
WORK = os.environ.get('BENCH_WORK', '/var/tmp/gaya-bench')
RUNS = int(os.environ.get('BENCH_RUNS', '5'))
SECONDS = float(os.environ.get('BENCH_SECONDS', '4'))
TICK = os.sysconf('SC_CLK_TCK')
DATA = os.environ.get('BENCH_DATA', os.path.join(TREE, '..', 'shared', 'data'))  # other countries' registers
CORE = os.cpu_count() - 1  # what must run on one core runs on the last


class Skip(Exception):
    """Something that a measurement needs is not there; says what."""


# --- rows ---

class Sample:
    """The same thing measured several times; shown as its median and its least and most."""

    def __init__(self, values, unit, digits=0):
        self.values, self.unit, self.digits = list(values), unit, digits
        self.median = statistics.median(self.values)

    def __str__(self):
        def text(v):
            return f'{v:,.{self.digits}f}'
        shown = f'{text(self.median)} {self.unit}'.strip()
        return f'{shown} ({text(min(self.values))}–{text(max(self.values))})' if len(self.values) > 1 else shown


def pairs(a, b):
    """The ratio of what ran in turns, turn by turn: what slows the machine slows both."""
    return Sample([x / y for x, y in zip(a.values, b.values)], '', 2)


def row(what, ours, theirs=None, ratio=None, target=None, met=None):
    """A line of the table; `met` is None where there is no target."""
    verdict = {None: '', True: 'met', False: 'NOT MET'}[met]
    cells = [what, ours, theirs, ratio, target, verdict]
    print('\t'.join('' if c is None else str(c) for c in cells), flush=True)


def run(measure):
    """Runs one measurement; what it lacks makes a line that says so, not a failure."""
    try:
        measure()
    except Skip as why:
        row(measure.__doc__.split('\n')[0].rstrip('.'), f'skipped: {why}')


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * q))]


def need(path, why):
    if not os.path.exists(path):
        raise Skip(why)
    return path


def us_rows():
    return need(os.path.join(DATA, 'us-federal-2025', '2025_individually_reported_AI_use_cases.csv'),
                'the US inventory is not at ../shared/data/us-federal-2025 (BENCH_DATA names another folder)')


def dutch_rows():
    return need(os.path.join(DATA, 'nl-algoritmeregister', 'algoritmes.json'),
                'the Dutch register is not at ../shared/data/nl-algoritmeregister (BENCH_DATA names another folder)')


def gaya(*args, may_end=(0,)):
    done = subprocess.run([GAYA, *args], capture_output=True, text=True)
    if done.returncode not in may_end:
        raise SystemExit(f'gaya {" ".join(args)} ended with {done.returncode}: {done.stderr[-500:]}')
    return done.stdout


# --- the server ---

def free_port():
    with socket.socket() as s:
        s.bind(('127.0.0.1', 0))
        return s.getsockname()[1]


def family_cpu(pid):
    """Seconds of processor time so far of a process and its children: our signer, nginx's workers."""
    fields = open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()
    children = open(f'/proc/{pid}/task/{pid}/children').read().split()
    return (int(fields[11]) + int(fields[12])) / TICK + sum(family_cpu(one) for one in children)


class Server:
    """`gaya serve` on a folder; a context."""

    def __init__(self, data, *options):
        self.port = free_port()
        self.base = f'http://127.0.0.1:{self.port}'
        self.started = time.perf_counter()
        self.process = subprocess.Popen(
            [GAYA, 'serve', '--data', data, '--listen', f'127.0.0.1:{self.port}',
             '--feedback-limit', '0', *options],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.pid = self.process.pid

    def __enter__(self):
        self.process.stdout.readline()  # "serving at …": its port is open before it takes the office's commands
        Client(self.port, patience=20).close()
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def cpu(self):
        return family_cpu(self.pid)

    def memory(self):
        """Resident bytes: {'VmRSS': all, 'RssAnon': our own, 'RssFile': mapped files}."""
        status = open(f'/proc/{self.pid}/status').read()
        return {k: int(v) * 1024 for k, v in re.findall(r'^(VmRSS|RssAnon|RssFile):\s+(\d+) kB', status, re.M)}


class Client:
    """One kept connection, as thin as Python allows: its own time is in what it measures."""

    def __init__(self, port, patience=0):
        end = time.perf_counter() + patience
        while True:
            try:
                self.socket = socket.create_connection(('127.0.0.1', port))
                break
            except ConnectionRefusedError:
                if time.perf_counter() > end:
                    raise
                time.sleep(0.0005)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b''

    def close(self):
        self.socket.close()

    def _more(self):
        got = self.socket.recv(1 << 20)
        if not got:
            raise ConnectionError('closed')
        self.rest += got

    def head(self, path, encoding=None):
        """Headers (bytes), once all of them are here; the body may follow much later."""
        accept = f'Accept-Encoding: {encoding}\r\n' if encoding else ''
        self.socket.sendall(f'GET {path} HTTP/1.1\r\nHost: bench\r\n{accept}\r\n'.encode())
        while (at := self.rest.find(b'\r\n\r\n')) < 0:
            self._more()
        return self.rest[:at + 2]

    def get(self, path, encoding=None):
        """Status, headers (bytes) and body."""
        head = self.head(path, encoding)
        at = len(head) - 2
        length = int(re.search(rb'\r\nContent-Length: (\d+)', head).group(1))
        while len(self.rest) < at + 4 + length:
            self._more()
        body, self.rest = self.rest[at + 4:at + 4 + length], self.rest[at + 4 + length:]
        return int(head[9:12]), head, body

    def page(self, path, encoding=None):
        status, _, body = self.get(path, encoding)
        if status != 200:
            raise SystemExit(f'{path} answered {status}: {body[:300]}')
        return body


def slugs(client):
    """Every published system of the register."""
    parts = re.findall(rb'/sitemap-\d+\.xml', client.page('/sitemap.xml'))
    found = [s for part in parts
             for s in re.findall(rb'/ko/systems/([a-z0-9-]+)<', client.page(part.decode()))]
    return [s.decode() for s in dict.fromkeys(found)]


def wrk(url, clients=64, threads=2, seconds=None, script=None, encoding=None, status='2'):
    """Requests answered a second, and how many in all. Any other status or a socket's error ends
    the whole: a rate of failures is none."""
    command = ['wrk', f'-t{threads}', f'-c{clients}', f'-d{seconds or SECONDS:g}s']
    command += ['-s', script] if script else []
    command += ['-H', f'Accept-Encoding: {encoding}'] if encoding else []
    out = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    if 'Socket errors' in out or 'Non-2xx' in out and status == '2':
        raise SystemExit(f'{url}:\n{out}')
    total = int(re.search(r'(\d+) requests in', out).group(1))
    return float(re.search(r'Requests/sec:\s+([\d.]+)', out).group(1)), total


# --- the registers that are measured ---

def demo():
    """The demo city."""
    data = os.path.join(WORK, 'demo')
    if not os.path.exists(data):
        gaya('init', '--data', data, '--origin', 'ai.gimhae.example/log', '--demo')
    return data


def many(n):
    """A register of `n` systems, each with a record like the demo's of limited risk."""
    data = os.path.join(WORK, f'of-{n}')
    if not os.path.exists(data):
        rows = os.path.join(WORK, f'rows-{n}.json')
        with open(rows, 'w') as f:
            json.dump({'items': list(records(n))}, f, ensure_ascii=False)
        gaya('init', '--data', data, '--origin', 'bench.example/log')
        gaya('import', '--data', data, '--profile', os.path.join(HERE, 'profile'), rows)
        os.remove(rows)
    return data


def real():
    """The two real registers that can be imported, in one: 5,138 records."""
    us, dutch = us_rows(), dutch_rows()
    data = os.path.join(WORK, 'real')
    if not os.path.exists(data):
        gaya('init', '--data', data, '--origin', 'bench.example/log')
        # 2: some rows were refused, and are listed.
        gaya('import', '--data', data, '--profile', 'us-federal-2025', us, may_end=(0, 2))
        gaya('import', '--data', data, '--profile', 'nl-algoritmeregister', dutch, may_end=(0, 2))
    return data


def demo_records():
    """The newest record of each demo system of limited risk."""
    folder = os.path.join(TREE, 'demo', 'systems')
    for name in sorted(os.listdir(folder)):
        history = json.load(open(os.path.join(folder, name)))['history']
        record = [h['record'] for h in history if 'record' in h][-1]
        if record.get('risk_category') == 'limited':
            yield record


def records(n):
    models = list(demo_records())
    for i in range(n):
        record = dict(models[i % len(models)])
        record['name'] = {lang: f'{text} {i}' for lang, text in record['name'].items()}
        department = f'division-{i % 40}'
        yield {'key': str(i), 'slug': f'system-{i}', 'record': record, 'department': {
            'slug': department, 'name': {'ko': f'{i % 40}과', 'en': f'Division {i % 40}'}}}
