#!/usr/bin/env python3
"""The office in the browser: a work list and a form with 10,000 systems and 500 people, and a public page while people sign in."""
import hashlib, hmac, http.client, itertools, multiprocessing, selectors, sqlite3, urllib.parse
from bench import *

PASSWORD = 'seven boats in a row'
SECRET = b'twenty bytes of code'
SYSTEMS, PEOPLE = 10000, 500
WORK_LIST, FORM = 10, 20  # ms
A_SECOND = 50  # sign-ins


def person(data, login, role, department):
    """One who can sign in; the id."""
    words = os.path.join(WORK, 'office-password')
    with open(words, 'w') as f:
        f.write(PASSWORD)
    return json.loads(gaya('account', 'add', '--data', data, '--login', login, '--name', login, '--email', f'{login}@bench.example',
                           '--password-file', words, '--role', role, '--department', department, '--json'))['person']


def office_of(n, people):
    """A register of `n` systems whose departments have that many people between them; all have the first one's password."""
    data = many(n)
    if os.path.exists(os.path.join(data, 'people.db')):
        return data
    person(data, 'officer', 'officer', 'division-0')
    person(data, 'reviewer', 'reviewer', 'division-1')
    with sqlite3.connect(os.path.join(data, 'people.db')) as db:
        db.execute("UPDATE account SET totp = ? WHERE login = 'reviewer'", (SECRET,))
    with Server(data):  # takes a few milliseconds for each, through its socket
        with sqlite3.connect(os.path.join(data, 'people.db'), timeout=60) as db:
            for i in range(people - 2):
                db.execute("INSERT INTO account (id, login, name, email, language, password, made) SELECT ?, ?, ?, email, 'ko', password, made"
                           " FROM account WHERE login = 'officer'", (f'{i + 1:032x}', f'person-{i}', f'사람 {i}'))
        for i in range(people - 2):
            gaya('office', '--data', data, 'appoint', f'{i + 1:032x}', '--role', 'officer', '--department', f'division-{i % 40}')
    return data


def post(port, path, fields, cookie='', connection=None):
    """Status, headers."""
    connection = connection or http.client.HTTPConnection('127.0.0.1', port, timeout=60)
    connection.request('POST', path, urllib.parse.urlencode(fields),
                       {'Content-Type': 'application/x-www-form-urlencoded', 'Cookie': cookie})
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.headers


def cookies(headers):
    return '; '.join(re.findall(r'__Host-[a-z]+=[0-9a-f]+', ' '.join(headers.get_all('Set-Cookie') or ())))


def code():
    """RFC 6238, of now."""
    digest = hmac.new(SECRET, int(time.time() // 30).to_bytes(8, 'big'), hashlib.sha1).digest()
    at = digest[-1] & 15
    return '%06d' % ((int.from_bytes(digest[at:at + 4], 'big') & 0x7fffffff) % 1000000)


def sign_in(port, login):
    """The cookie of a session."""
    status, headers = post(port, '/ko/office/sign-in', {'login': login, 'password': PASSWORD})
    cookie = cookies(headers)
    if status == 303 and headers['Location'].endswith('/code'):
        status, headers = post(port, '/ko/office/code', {'code': code()}, cookie)
        cookie = cookies(headers) or cookie
    if status != 303:
        raise SystemExit(f'{login} cannot sign in: {status}')
    return cookie


class Signed(Client):
    """A client with a session."""

    def __init__(self, port, login):
        super().__init__(port)
        self.cookie = sign_in(port, login)

    def get(self, path, encoding='br'):
        return super().get(path, f'{encoding}\r\nCookie: {self.cookie}' if encoding else f'identity\r\nCookie: {self.cookie}')

    def timed(self, path, n):
        """Milliseconds of each of `n` requests."""
        out = []
        for _ in range(n):
            start = time.perf_counter()
            self.page(path)
            out.append((time.perf_counter() - start) * 1000)
        return out


def a_page(what, client, path, limit=None):
    size = len(client.page(path, None))
    rounds = [client.timed(path, 100) for _ in range(RUNS)]
    median, p99 = Sample([quantile(r, 0.5) for r in rounds], 'ms', 1), Sample([quantile(r, 0.99) for r in rounds], 'ms p99', 1)
    row(f'{what} ({size:,} bytes)', f'{median}; {p99}', None, None, f'< {limit} ms' if limit else None, median.median < limit if limit else None)


def draft(port, client):
    """A draft of every field, and its step with the most on it."""
    csrf = re.search(rb'name="csrf" value="([0-9a-f]+)"', client.page('/ko/office/drafts', None))[1].decode()
    fields = {'csrf': csrf, 'system': 'bench-draft', 'copy': 'system-0'}
    status, headers = post(port, '/ko/office/drafts', fields, client.cookie)
    if status != 303:
        raise SystemExit(f'no draft: {status}')
    at = headers['Location'].split('?')[0]
    steps = dict.fromkeys(re.findall(rf'href="({re.escape(at)}/[a-z0-9-]+)"', client.page(at, None).decode()))
    return at, max((s for s in steps if not s.endswith('/sign')), key=lambda s: len(client.page(s, None)))


def a_form(path, fields):
    body = urllib.parse.urlencode(fields).encode()
    return (f'POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\n'
            f'Content-Length: {len(body)}\r\n\r\n').encode() + body


def sending(port, seconds, forms, told):
    """So many forms a second, each begun on time whether the one before it is answered or not. In a process of its
    own, and with as little work as can be: who signs in sits at another machine."""
    waiting, answers, start, sent = selectors.DefaultSelector(), [], time.perf_counter(), 0
    end = int(seconds * A_SECOND)
    while sent < end or waiting.get_map():
        due = start + sent / A_SECOND - time.perf_counter()
        if sent < end and due <= 0:
            connection = socket.create_connection(('127.0.0.1', port))
            connection.sendall(forms[sent % len(forms)])
            waiting.register(connection, selectors.EVENT_READ)
            sent += 1
            continue
        for key, _ in waiting.select(due if sent < end else 5):
            line = key.fileobj.recv(65536)
            answers.append(int(line[9:12] or 0))
            waiting.unregister(key.fileobj)
            key.fileobj.close()
    told.put(answers)


def reading(port, paths, until):
    """Milliseconds of each request of one reader, 200 a second at most."""
    client, out = Client(port), []
    while time.perf_counter() < until:
        path = next(paths)
        start = time.perf_counter()
        client.page(path, 'br')
        out.append((time.perf_counter() - start) * 1000)
        time.sleep(max(0, 0.005 - (time.perf_counter() - start)))
    return out


def beside(port, paths, forms):
    """p99 of pages alone, and while such forms are sent; what these were answered."""
    alone, among, answers = [], [], []
    for _ in range(RUNS):
        for out, busy in ((alone, False), (among, True)):
            told = multiprocessing.Queue()
            other = multiprocessing.Process(target=sending, args=(port, SECONDS, forms, told))
            if busy:
                other.start()
            out.append(quantile(reading(port, paths, time.perf_counter() + SECONDS), 0.99))
            if busy:
                answers += told.get()
                other.join()
    return Sample(among, 'ms p99', 2), Sample(alone, 'ms p99', 2), answers


def measure():
    """The office in the browser."""
    data = office_of(SYSTEMS, PEOPLE)
    with Server(data) as server:
        officer, reviewer = Signed(server.port, 'officer'), Signed(server.port, 'reviewer')
        a_page(f'work list of an officer, {SYSTEMS:,} systems, {PEOPLE} people', officer, '/ko/office', WORK_LIST)
        a_page('  of a reviewer', reviewer, '/ko/office', WORK_LIST)
        at, step = draft(server.port, officer)
        a_page('  a step of a record\'s form', officer, step, FORM)
        a_page('  the page of its draft, which has them all', officer, at)
        signing_in = [a_form('/ko/office/sign-in', {'login': f'person-{i}', 'password': PASSWORD}) for i in range(PEOPLE - 2)]
        once = (f'/{lang}/systems/system-{i}' for lang in ('ko', 'en') for i in range(SYSTEMS))  # one reader asks for at most 200 a second of them
        for what, paths in (('cached record page', itertools.repeat('/ko/systems/system-1')), ('record page that is not cached', once)):
            among, alone, answers = beside(server.port, paths, signing_in)
            done = sum(s == 303 for s in answers)
            row(f'{what} beside {A_SECOND} sign-ins a second ({done:,} of {len(answers):,} let in; others: {sorted(set(answers) - {303})})',
                among, alone, pairs(among, alone), '< 2', pairs(among, alone).median < 2)
            # The machine's part: reader, sender and server share its processors.
            among, alone, _ = beside(server.port, paths, [a_form('/ko/office/code', {'code': '000000'})])
            row('  beside as many forms that hash nothing', among, alone, pairs(among, alone))


run(measure)
