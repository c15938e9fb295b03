#!/usr/bin/env python3
"""A register under load and attack, while each of its processes is killed: `make soak`.

    soak.py SECONDS      on loopback only; $GAYA is the program; the standard library is all this needs

ACTORS is the table of who does what how often. In the first half each process is killed in turn (VICTIMS), and
what an operator would start again is started again; in the second half the server lives, so that what it loses
bit by bit is seen: what each process holds at the end is compared with what it held a third of that half before, when
its caches were full. Then all that was acknowledged is looked for. Prints who got which answers, and a line a sentence, "ok - …" or "not ok - …"."""
import collections, http.client, json, os, random, re, signal, socket, subprocess, sys, tempfile
import threading, time, urllib.parse

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path[:0] = [os.path.join(HERE, "../crash"), os.path.join(HERE, "../http")]
import framing
import kill

GAYA = kill.GAYA
check = kill.check
ORIGIN = "ai.gimhae.example/log"
SYSTEMS = ["smart-water", "civil-kiosk", "civil-chatbot", "tourism-recommender", "drop-off-zone"]
MIB = 1 << 20
# The database's page caches (base/db.c: ten readers of 8 MiB, a writer of 16) fill up as the register is read: within
# two thirds of the half hour in which the server lives, and after that in a shorter run.
POOLS = 96
WAL = 64 * MIB  # of a file, at any moment
PATIENCE = 120  # seconds that anything may take on a machine with other work before it counts as lost


class Away(Exception):
    """The server was not there. Right while it is being killed, wrong else."""


def free_port():
    """Below those that the kernel gives to clients: one of these could have it while its server is down."""
    while True:
        try:
            with socket.socket() as s:
                s.bind(("127.0.0.1", random.randrange(20000, 32000)))
                return s.getsockname()[1]
        except OSError:
            pass


def eventually(holds, seconds=PATIENCE):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if holds():
                return True
        except (OSError, http.client.HTTPException, ValueError, KeyError):
            pass
        time.sleep(0.1)
    return False


# --- the processes ---


class Process:
    """A program that the operator starts, and starts again."""

    def __init__(self, world, name, port, *command):
        self.name, self.port, self.command = name, port, [GAYA, *command]
        self.said = open(os.path.join(world.work, name + ".err"), "ab+")
        self.starts = 0

    def start(self):
        self.process = subprocess.Popen(self.command, stdout=subprocess.DEVNULL, stderr=self.said)
        self.starts += 1

    def pid(self):
        return self.process.pid

    def end(self, how):
        self.process.send_signal(how)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return "not within two minutes"

    def words(self):
        self.said.seek(0)
        return self.said.read().decode(errors="replace").splitlines()


def children(pid):
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [int(n) for n in found.stdout.split()]


def command_of(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as file:
            return file.read().decode().split("\0")[1]
    except (OSError, IndexError):
        return None


def children_called(pid, name):
    return [n for n in children(pid) if command_of(n) == name]


def child(pid, name):
    return next(iter(children_called(pid, name)), None)


def holds(pid):
    """What a process holds: anonymous memory in MiB, descriptors, threads."""
    with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
        status = file.read()
    number = lambda name: int(re.search(rf"^{name}:\s+(\d+)", status, re.M)[1])
    return {"MiB": number("RssAnon") // 1024, "descriptors": len(os.listdir(f"/proc/{pid}/fd")),
        "threads": number("Threads")}


class World:
    def __init__(self, work):
        self.work, self.data, self.copy = work, os.path.join(work, "data"), os.path.join(work, "copy")
        self.stopped, self.paused = threading.Event(), threading.Event()
        self.killing = 0        # odd while the server is away
        self.lock = threading.Lock()
        self.counts = collections.defaultdict(collections.Counter)
        self.slowest = collections.Counter()
        self.kills = collections.Counter()
        self.receipts, self.filings, self.wrong = [], [], []
        self.busy = {}

    def make(self):
        must(GAYA, "init", "--data", self.data, "--origin", ORIGIN, "--demo")
        with open(os.path.join(self.data, "log.vkey"), encoding="ascii") as file:
            vkey = file.read().strip()
        port, metrics, mirror, witness = (free_port() for _ in range(4))
        folder = os.path.join(self.work, "witness")
        os.mkdir(folder)
        its_key = must(GAYA, "witness", "new", "--name", "witness.example", "--out", folder + "/key").split()[-1]
        with open(folder + "/conf", "w", encoding="ascii") as file:
            file.write(f"listen 127.0.0.1:{witness}\nkey key\nstate witness.db\nlog {vkey}\n")
        with open(os.path.join(self.data, "witness.policy"), "w", encoding="ascii") as file:
            file.write(f"witness one {its_key} http://127.0.0.1:{witness}\nquorum one\n")
        self.metrics_port = metrics
        self.witness = Process(self, "witness", witness, "witness", "--config", folder + "/conf")
        self.server = Process(self, "server", port, "serve", "--data", self.data, "--listen", f"127.0.0.1:{port}",
            "--metrics", f"127.0.0.1:{metrics}", "--trust-proxy", "--feedback-limit", "100000",
            "--feedback-limit-all", "36000", "--cache", "16")
        self.mirror = Process(self, "mirror", mirror, "mirror", f"http://127.0.0.1:{port}", "--data", self.copy,
            "--key", vkey, "--listen", f"127.0.0.1:{mirror}", "--every", "1")
        sys.argv[1] = f"127.0.0.1:{port}"  # where framing.py sends to

    def pids(self):
        """The six of them; what is not there just now is None."""
        server = self.server.pid()
        spawner = child(server, "serve")
        return {"server": server, "spawner": spawner, "signer": spawner and child(spawner, "signer"),
            "judge": child(server, "judge"), "mirror": self.mirror.pid(), "witness": self.witness.pid()}

    def metric(self, name):
        text = fetch(self.metrics_port, "GET", "/metrics")[2].decode()
        found = re.search(rf"^{name} (\d+)", text, re.M)
        if not found:  # left out where it cannot be read just now
            raise KeyError(name)
        return int(found[1])

    def connect(self):  # as kill.py has it of a server
        return http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=PATIENCE)

    def is_well(self):
        """For the office, too, whose socket is there a moment after the first page is."""
        return fetch(self.server.port, "GET", "/healthz")[0] == 200 and "reply" in self.office({"do": "waiting"})

    def has_caught_up(self):
        """Mirror and witness have what the log has."""
        size = int(fetch(self.server.port, "GET", "/log/checkpoint")[2].split(b"\n")[1])
        return (int(fetch(self.mirror.port, "GET", "/log/checkpoint")[2].split(b"\n")[1]) == size and
            self.metric("gaya_cosigned_size") == size)

    def office(self, request):
        def say(what):
            with socket.socket(socket.AF_UNIX) as s:
                s.settimeout(PATIENCE)
                s.connect(os.path.join(self.data, "tmp/office.sock"))
                s.sendall(json.dumps(what).encode() + b"\n")
                line = s.makefile().readline()
                if not line:
                    raise ConnectionResetError
                return json.loads(line)
        newest = say({**request, "do": "newest", "of": request["do"]}).get("reply", {})
        if "newest" in newest:
            request = {newest["member"]: newest["newest"], **request}
        return say(request)


def must(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


def fetch(port, method, path, body=None, head=None, timeout=PATIENCE):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, head or {})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def form(**fields):
    return urllib.parse.urlencode(fields), {"Content-Type": "application/x-www-form-urlencoded"}


JSON = {"Content-Type": "application/json"}

# --- who comes: each does one thing and says how it went ---


def reader(w):
    slug, lang = random.choice(SYSTEMS), random.choice(["ko", "en"])
    path = random.choice(["", "systems", f"systems/{slug}", f"systems/{slug}.md", f"systems/{slug}/versions",
        f"systems/{slug}/feedback", "departments", "feed.atom", "systems?q=AI", "feedback", "about", "data"])
    return fetch(w.server.port, "GET", f"/{lang}/{path}",
        head={"Accept-Encoding": random.choice(["identity", "gzip", "br"])})[0]


def auditor(w):
    size = int(fetch(w.server.port, "GET", "/log/checkpoint")[2].split(b"\n")[1])
    n = random.randrange(size)
    return fetch(w.server.port, "GET", random.choice([f"/log/entry/{n}", f"/log/proof/{n}",
        "/log/tile/0/000" if size >= 256 else "/log/vkey"]))[0]


def downloader(w):
    return fetch(w.server.port, "GET", random.choice(["/data/systems.csv", "/data/dcat-ap.jsonld", "/sitemap.xml"]))[0]


def searcher(w):
    words = " ".join(random.sample(["교통", "AI", "챗봇", "인공지능", "개인정보", "시민", "상담", "water", "camera", "민원"],
        random.choice([1, 1, 2, 3])))
    query = urllib.parse.urlencode({"q": words})
    return fetch(w.server.port, "GET", f"/{random.choice(['ko', 'en'])}/systems?{query}")[0]


def command(w, *args):
    """What a command of the operator's ended with: None is well, else its last words."""
    done = subprocess.run([GAYA, *args], capture_output=True, text=True, check=False)
    if done.returncode and re.search("cannot reach|503|Connection|[Tt]ry again|is the server", done.stderr):
        return "try again"
    return done.stderr[-600:] if done.returncode else None


def importer(w):
    """A sheet of another city's, of which some rows change each time, into the running server."""
    rows = os.path.join(w.work, "import.jsonl")
    profile = os.path.join(w.work, "next-city")
    if not os.path.isdir(profile):
        os.mkdir(profile)
        with open(os.path.join(profile, "profile.json"), "w", encoding="utf-8") as file:
            json.dump({"profile": "next-city", "input": "jsonl", "title": {"ko": "옆 도시", "en": "Next city"}}, file)
        with open(os.path.join(profile, "map.jq"), "w", encoding="utf-8") as file:
            file.write('{id, key: .id, key_if_repeated: .id, slug_hint: .id, dropped: [], '
                'department: {slug: "next-city", name: {ko: "옆 도시", en: "Next"}}, '
                'record: {name: {en: .name}, goal: {en: .goal}}}')
    with open(rows, "w", encoding="utf-8") as file:
        for i in range(30):
            goal = f"Goal {random.randrange(10**9)}" if i % 10 == 0 else "Fast"
            file.write(json.dumps({"id": f"next-{i}", "name": f"System {i}", "goal": goal}) + "\n")
    return command(w, "import", "--data", w.data, "--profile", profile, "--yes", rows) or "imported"


def exporter(w):
    out = os.path.join(w.work, "export")
    return command(w, "export", "--data", w.data, "--profile", random.choice(["csv", "jsonl", "dcat-ap"]),
        "--out", out) or "exported"


def watcher(w):
    """The write-ahead logs, however many readers there are."""
    logs = [os.path.join(folder, name) for folder, _, names in os.walk(w.data) for name in names if name.endswith("-wal")]
    large = [f"{os.path.basename(log)}: {os.path.getsize(log)} bytes" for log in logs
        if os.path.exists(log) and os.path.getsize(log) >= WAL]
    return "; ".join(large) or "small"


def citizen(w):
    body, head = form(text=f"질문 {random.random()}", lang="ko", email=random.choice(["", "a@example.kr"]))
    status, headers, _ = fetch(w.server.port, "POST", f"/ko/systems/{random.choice(SYSTEMS)}/feedback", body,
        {**head, "X-Forwarded-For": "192.0.2.9"})
    if status == 303:
        w.receipts.append(headers["Location"])
    return status


def department(w):
    slug = random.choice(SYSTEMS)
    status, _, body = fetch(w.server.port, "GET", f"/ko/systems/{slug}.json")
    if status != 200:
        return status
    record = json.loads(body)["record"]
    record["name"]["en"] = f"Renamed {random.randrange(10**9)} (example)"
    file = os.path.join(w.work, f"record-{threading.get_ident()}.json")
    with open(file, "w", encoding="utf-8") as out:
        json.dump(record, out)
    with open(os.path.join(HERE, f"../../demo/systems/{slug}.json"), encoding="utf-8") as mine:
        key = f"{w.data}/demo-keys/{json.load(mine)['department']}.key"
    done = subprocess.run([GAYA, "file", "--server", f"http://127.0.0.1:{w.server.port}", "--key", key, "--system",
        slug, "--yes", "--json", file], capture_output=True, text=True, check=False)
    if done.returncode == 0:
        w.filings.append((json.loads(done.stdout)["entry"], slug))
        return "filed"
    refused = re.search(r'"error": "(\w+)"', done.stdout)
    if refused and refused[1] == "conflict":  # the office decided between the two looks
        return "conflict"
    if (refused and refused[1] == "busy") or re.search("cannot reach|503|Connection|[Tt]ry again", done.stderr):
        return "try again"
    return done.stderr[-300:] + done.stdout[-600:]


def checker(w):
    with open(os.path.join(HERE, "../../demo/systems/smart-water.json"), encoding="utf-8") as file:
        record = json.load(file)["history"][0]["record"]
    return fetch(w.server.port, "POST", "/api/v1/check", json.dumps(record), JSON)[0]


def refusal(answer):
    """What the office was told, by its exit status."""
    return {4: "not_found", 5: "conflict", 7: "unavailable"}.get(answer.get("code"), str(answer))


def officer(w):
    waiting = w.office({"do": "waiting"}).get("reply", {})
    todo = [{"do": "approve", "system": f["system"]} for f in waiting.get("filings", [])]
    for q in waiting.get("feedback", [])[:20]:
        todo.append(random.choice([{"do": "feedback-publish", "feedback": q["feedback"]},
            {"do": "feedback-withhold", "feedback": q["feedback"], "reason": {"ko": "광고", "en": "Spam"}}]))
    for q in waiting.get("unanswered", [])[:5]:
        todo.append({"do": "feedback-answer", "feedback": q["feedback"], "text": {"ko": "다음 주입니다.", "en": "Soon."}})
    random.shuffle(todo)
    for request in todo[:5]:
        answer = w.office(request)
        if "reply" not in answer:
            return refusal(answer)
    return "decided"


def sweeper(w):
    """Takes out all that came in some seconds ago and that nobody decided about yet, as after a flood."""
    at = lambda ago: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - ago))
    span = {"from": at(10), "until": at(2)}
    count = w.office({"do": "flood", **span}).get("reply", {}).get("count", 0)
    if not count:
        return "nothing there"
    answer = w.office({"do": "feedback-sweep", **span, "count": count})
    return "swept" if "reply" in answer else refusal(answer)


# --- who attacks ---


def sockets(w, n):
    """Connections from 40 addresses of the loopback's network."""
    made = []
    for i in range(n):
        s = socket.socket()
        s.settimeout(PATIENCE)
        s.bind((f"127.0.3.{i % 40 + 1}", 0))
        s.connect(("127.0.0.1", w.server.port))
        made.append(s)
    return made


def done(made, outcome):
    for s in made:
        s.close()
    return outcome


def half_open(w):
    made = sockets(w, 200)
    for s in made:
        s.sendall(b"GET /ko/ HTTP/1.1\r\nHost:")
    w.stopped.wait(5)
    return done(made, "left")


def slow_post(w):
    made = sockets(w, 20)
    for s in made:
        s.sendall(b"POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2000\r\n\r\n{")
    for _ in range(50):
        for s in made:
            s.sendall(b" ")
        if w.stopped.wait(0.1):
            break
    return done(made, "left")


def unfinished(w):
    made = sockets(w, 20)
    for s in made:
        s.settimeout(1)
        try:
            s.sendall(b"POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (2 * MIB) +
                b" " * (2 * MIB - 1))
        except socket.timeout:
            pass  # the server has no room and reads no more
    w.stopped.wait(3)
    return done(made, "left")


def deaf(w):
    """Asks for much and reads nothing."""
    made = sockets(w, 20)
    for s in made:
        s.sendall(b"GET /data/dcat-ap.jsonld HTTP/1.1\r\nHost: x\r\n\r\n" * 10)
    w.stopped.wait(3)
    return done(made, "left")


def marks(w):
    text = "a" + "\u0345\u0301\u0323\u0327" * random.choice([8, 900, 100000])
    if random.random() < 0.5:
        return fetch(w.server.port, "POST", "/api/v1/check", json.dumps({"a": text}, ensure_ascii=False).encode(), JSON)[0]
    return fetch(w.server.port, "POST", "/ko/feedback", *form(text=text[:8000], lang="ko"))[0]


def long_query(w):
    return fetch(w.server.port, "GET", "/ko/systems?q=" + "+".join(["a"] * random.choice([11, 3000, 7500])))[0]


def unknown_parameter(w):
    return fetch(w.server.port, "GET", random.choice(["/sitemap.xml", "/ko/", "/data/dcat-ap.jsonld", "/log/checkpoint"]) +
        f"?x={random.random()}")[0]


def consistency(w):
    size = int(fetch(w.server.port, "GET", "/log/checkpoint")[2].split(b"\n")[1])
    m = random.randrange(2, size + 1)
    return fetch(w.server.port, "GET", f"/log/consistency/{random.randrange(1, m)}/{m}")[0]


def framings(w):
    name, data, status = random.choice(framing.VARIANTS)
    answer, _ = framing.say(data, PATIENCE)
    got = framing.statuses(answer)
    if not got:
        raise ConnectionResetError
    return "refused" if got == [status] else f"{name}: {got}"


def flood(w):
    """Each question from another network, as whoever stands before no proxy may claim."""
    got = 0
    for _ in range(40):
        address = ".".join(str(random.randrange(1, 255)) for _ in range(4))
        body, head = form(text=f"지금 바로 가입하세요 {random.random()}", lang="ko")
        got, headers, _ = fetch(w.server.port, "POST", "/ko/feedback", body, {**head, "X-Forwarded-For": address})
        if got == 303:
            w.receipts.append(headers["Location"])
        elif got not in (429, 503):
            return got
    return "flooded"


def foreign(w):
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    line = json.dumps({"after": -1, "at": at, "by": "department/waterworks", "content": {"sha256": "0" * 64, "size": 9,
        "type": "application/json"}, "department": "waterworks", "system": "new", "type": "system.filed"},
        separators=(",", ":"))
    entry = line + "\n\n" + f"— {ORIGIN}/waterworks AAAAAGFiY2Rl\n" * random.choice([1, 1, 80])
    return fetch(w.server.port, "POST", "/api/v1/events", json.dumps({"entry": entry, "content": "x" * 9}), JSON)[0]


# Who, how many of them, how long each rests between two acts, and the outcomes that are right. 503 is one where a
# register may say that it has no room just now.
ACTORS = [
    (reader, 3, 0.05, {200, 503}),
    (auditor, 1, 0.05, {200, 503}),
    (downloader, 1, 1, {200, 503}),
    (searcher, 1, 1, {200, 503}),
    (watcher, 1, 1, {"small"}),
    (importer, 1, 60, {"imported", "try again"}),
    (exporter, 1, 60, {"exported", "try again"}),
    (citizen, 2, 0.3, {303, 503}),
    (department, 1, 2, {"filed", "try again", "conflict", 503}),
    (checker, 1, 1, {200, 503}),
    (officer, 1, 1, {"decided", "conflict", "not_found", "unavailable"}),
    (sweeper, 1, 5, {"swept", "nothing there", "conflict", "not_found", "unavailable"}),
    (half_open, 1, 3, {"left"}),
    (slow_post, 1, 3, {"left"}),
    (unfinished, 1, 5, {"left"}),
    (deaf, 1, 5, {"left"}),
    (marks, 1, 0.5, {400, 503}),
    (long_query, 1, 0.5, {400, 414, 431, 503}),
    (unknown_parameter, 1, 0.1, {400, 503}),
    (consistency, 1, 0.05, {200, 503}),
    (framings, 1, 0.2, {"refused"}),
    (flood, 1, 10, {"flooded"}),
    (foreign, 1, 1, {400, 403, 503}),
]
HONEST = [reader, auditor, downloader, searcher, importer, exporter, citizen, department, checker, officer]


def live(w, act, rest, right):
    name = act.__name__
    while not w.stopped.is_set():
        if w.paused.is_set():
            time.sleep(0.05)
            continue
        before, started = w.killing, time.monotonic()
        away = lambda: before % 2 or w.killing != before
        w.busy[threading.get_ident()] = True
        try:
            outcome = act(w)
        except (OSError, http.client.HTTPException, IndexError, json.JSONDecodeError) as gone:
            outcome = "away" if away() else f"{type(gone).__name__}: {gone}"
        except Exception as mistake:  # an actor's own, which the end tells
            outcome = f"{type(mistake).__name__}: {mistake}"
        w.busy[threading.get_ident()] = False
        with w.lock:
            w.counts[name][outcome] += 1
            w.slowest[name] = max(w.slowest[name], time.monotonic() - started)
            # Who lets a connection wait is thrown out, and may find that out while it sends.
            if outcome != "away" and outcome not in right and not (right == {"left"} and "Error" in str(outcome)):
                if not away() or outcome in range(500, 600):
                    w.wrong.append(f"{name}: {outcome}")
        w.stopped.wait(rest * random.uniform(0.5, 1.5))


# --- who is killed, and who starts it again ---


def strike(pid):
    """Kills it, unless it was quicker: a judge or signer ends by itself now and then."""
    if pid:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass


def restart(w, process):
    process.end(signal.SIGKILL)
    process.start()


def well_again(w):
    """A start is refused while an import has the folder: it is tried until it holds, as a service manager does."""
    def holds_now():
        if w.server.process.poll() is not None:
            w.server.start()
        return w.is_well()
    return eventually(holds_now)


def kill_server(w):
    w.killing += 1
    restart(w, w.server)
    well = well_again(w)
    w.killing += 1
    return well


def kill_spawner(w):
    """Without it the server lives, and signs nothing: healthz tells the operator, who starts it again."""
    w.killing += 1
    strike(w.pids()["spawner"])
    told = eventually(lambda: w.server.process.poll() is not None or not w.is_well(), PATIENCE)
    w.server.end(signal.SIGTERM)
    w.server.start()
    well = well_again(w)
    w.killing += 1
    return told and well


def kill_signer(w):
    signer = w.pids()["signer"]
    strike(signer)
    return eventually(lambda: citizen(w) == 303 and w.pids()["signer"] not in (None, signer))


def kill_judges(w):
    """The writer has one, and those who read another."""
    server = w.server.pid()
    judges = children_called(server, "judge")
    for judge in judges:
        strike(judge)
    return eventually(lambda: checker(w) == 200 and set(children_called(server, "judge")) - set(judges))


def kill_mirror(w):
    restart(w, w.mirror)
    return eventually(lambda: fetch(w.mirror.port, "GET", "/ko/")[0] == 200)


def kill_witness(w):
    cosigned = None

    def is_known():
        nonlocal cosigned
        cosigned = w.metric("gaya_cosigned_size")
        return True
    known = eventually(is_known)
    restart(w, w.witness)
    return known and eventually(lambda: w.metric("gaya_cosigned_size") > cosigned)


VICTIMS = [kill_judges, kill_signer, kill_server, kill_mirror, kill_witness, kill_spawner]
OF_THE_SERVER = [kill_judges, kill_signer]  # which it replaces itself


def kill_in_turn(w, victims, seconds, every):
    end, turn = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        time.sleep(every)
        victim = victims[turn % len(victims)]
        turn += 1
        w.kills[victim.__name__] += 1
        if not victim(w):
            w.wrong.append(f"{victim.__name__}: all was not well again")


# --- at rest ---


def measure(w):
    """What each process holds while nobody comes."""
    w.paused.set()
    eventually(lambda: not any(w.busy.values()))
    eventually(w.has_caught_up)
    checker(w)  # or there may be no judge
    eventually(lambda: w.metric("gaya_connections") <= 1)
    eventually(lambda: w.metric("gaya_intake_bytes") == 0)
    settled = {}

    def stands_still():
        nonlocal settled
        before, settled = settled, {name: holds(pid) for name, pid in w.pids().items() if pid}
        time.sleep(1)
        return before == settled
    eventually(stands_still, 30)
    w.paused.clear()
    return settled


def as_before(begin, end, what, more):
    return "; ".join(f"{name}: {begin[name][what]} before, {end[name][what]} at the end" for name in begin
        if name not in end or end[name][what] > begin[name][what] + more) or None


KNOWN = re.compile(r"stopping$|security: kind=|the sandbox is enforced: |sandbox not enforced: ")


def report(w, measures):
    for name, outcomes in w.counts.items():
        print(f"# {name}: " + ", ".join(f"{n} x {what}" for what, n in outcomes.most_common(6)) +
            f"; the slowest took {w.slowest[name]:.1f} s")
    print("# killed: " + ", ".join(f"{name[5:]} {n}" for name, n in w.kills.items()))
    for when, held in measures.items():
        print(f"# {when}: " + "; ".join(name + " " + ", ".join(f"{n} {what}" for what, n in of.items())
            for name, of in held.items()))
    for process in (w.server, w.mirror, w.witness):
        said = collections.Counter(re.sub(r"\d+", "N", line[20:]) for line in process.words() if not KNOWN.search(line))
        for line, n in said.most_common(8):
            print(f"# {process.name} said {n} times: {line[:200]}")


def look_for_all(w):
    check(f"all {len(w.receipts)} acknowledged questions are there, each with its proof",
        kill.check_receipts(w, w.receipts))
    lost = []
    for entry, slug in w.filings:
        status, _, body = fetch(w.server.port, "GET", f"/log/entry/{entry}")
        if status != 200 or f'"system":"{slug}"' not in body.decode():
            lost.append(f"{slug} of entry {entry}: {status}")
    check(f"so are all {len(w.filings)} acknowledged filings", "; ".join(lost[:5]) or None)
    check("mirror and witness have all that the log has", None if eventually(w.has_caught_up) else "they have not")


def soak(seconds):
    with tempfile.TemporaryDirectory() as work:
        w = World(work)
        w.make()
        w.witness.start()
        w.server.start()
        try:
            check("the server starts", None if eventually(w.is_well) else "\n".join(w.server.words()))
            w.mirror.start()
            run_all(w, seconds)
        finally:
            w.stopped.set()
            for process in (w.mirror, w.server, w.witness):
                if process.starts and process.process.poll() is None:
                    process.end(signal.SIGKILL)


def run_all(w, seconds):
    measures = {}
    every = max(4, min(20, seconds / 15))
    actors = [threading.Thread(target=live, args=(w, act, rest, right), daemon=True)
        for act, n, rest, right in ACTORS for _ in range(n)]
    for actor in actors:
        actor.start()
    time.sleep(seconds / 10)  # warm up
    measures["at the beginning"] = measure(w)
    kill_in_turn(w, VICTIMS, seconds * 0.45, every)
    measures["after half of the time"] = measure(w)
    kill_in_turn(w, OF_THE_SERVER, seconds * 0.15, every)
    measures["after two thirds"] = measure(w)
    kill_in_turn(w, OF_THE_SERVER, seconds * 0.15, every)
    measures["when caches are full"] = begin = measure(w)
    kill_in_turn(w, OF_THE_SERVER, seconds * 0.15, every)
    measures["at the end"] = end = measure(w)
    w.stopped.set()
    for actor in actors:
        actor.join(PATIENCE)
    report(w, measures)
    check("each got an answer that is right, or none while the server was down", "\n    ".join(
        f"{n} times {what}" for what, n in collections.Counter(w.wrong).most_common(10)) or None)
    for act, right in ((act, right) for act, _, _, right in ACTORS if act in HONEST):
        got = w.counts[act.__name__]
        done = right - {503, "try again", "conflict", "not_found", "unavailable"}
        check(f"{act.__name__}s got through", None if any(got[one] for one in done) else str(got))
    check("a flood was swept", None if w.counts["sweeper"]["swept"] else str(w.counts["sweeper"]))
    check("each process was killed", None if all(w.kills[v.__name__] for v in VICTIMS) else str(w.kills))
    look_for_all(w)
    more = 32 if seconds >= 3600 else 32 + POOLS
    check(f"memory is as when caches were full, within {more} MiB", as_before(begin, end, "MiB", more))
    check("so are descriptors", as_before(begin, end, "descriptors", 0))
    check("and threads", as_before(begin, end, "threads", 0))
    for process in (w.mirror, w.server, w.witness):
        status = process.end(signal.SIGTERM)
        check(f"the {process.name} ends in order", None if status == 0 else f"{status}: {process.words()[-3:]}")
    check("the register verifies", kill.run(GAYA, "verify", w.data))
    check("the mirror's copy verifies", kill.run(GAYA, "verify", w.copy))
    check("a rebuild gives the same read model", kill.rebuilds_the_same(w.data))
    time.sleep(0.2)
    check("no signer outlives its server", str(left) if (left := kill.signers(w.data)) else None)


if __name__ == "__main__":
    soak(float(sys.argv[1]) if len(sys.argv) > 1 else 3600)
    print(f"{kill.counts['ok']} passed, {kill.counts['not ok']} failed")
    sys.exit(1 if kill.counts["not ok"] else 0)
