"""kill -9 at any moment: what was acknowledged is there, with its proof; the log verifies; the
read model is what the log says.

Each round serves a register, lets sixteen clients ask, kills the server at a random moment
(every third time once more, while it recovers), starts it again and looks. $GAYA is the
program; the standard library is all this needs."""
import base64, hashlib, glob, http.client, json, os, random, re, signal, subprocess, sys, tempfile
import threading, time, urllib.parse

GAYA = os.path.realpath(os.environ.get("GAYA", "build/gaya"))
ROUNDS = int(os.environ.get("ROUNDS", "25"))
CLIENTS = 16
FORM = "/ko/systems/smart-water/feedback"
# What is not folded from the log.
KEPT = {"entry", "tile", "content", "checkpoint", "cosigned", "contact", "made_from"}

counts = {"ok": 0, "not ok": 0}


def check(sentence, fault=None):
    verdict = "not ok" if fault else "ok"
    counts[verdict] += 1
    print(f"{verdict} - {sentence}" + (f"\n    {fault}" if fault else ""), flush=True)


class Server:
    """A served register; `with` kills it at the end, if it still runs."""

    def __init__(self, data):
        self.process = subprocess.Popen(
            [GAYA, "serve", "--data", data, "--listen", "127.0.0.1:0", "--feedback-limit", "0"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.port = None

    def wait_until_up(self):
        line = self.process.stdout.readline()
        found = re.search(r":(\d+)$", line.strip())
        if not found:
            raise RuntimeError("the server does not start: " + self.process.stderr.read())
        self.port = int(found.group(1))
        return self

    def end(self, how):
        self.process.send_signal(how)
        self.process.wait()
        said = self.process.stderr.read()
        self.process.stdout.close()
        self.process.stderr.close()
        return [line for line in said.splitlines() if not line.endswith(" gaya: stopping")
            and " gaya: the sandbox is enforced: " not in line and " gaya: sandbox not enforced: " not in line]

    def connect(self):
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)


def get(connection, path):
    connection.request("GET", path)
    answer = connection.getresponse()
    body = answer.read().decode()
    if answer.status != 200:
        raise AssertionError(f"{path}: status {answer.status}")
    return body


def ask(server, client, acknowledged):
    """Asks until the server is gone. A receipt counts once its answer was read."""
    form = {"text": f"질문 {client}", "email": "" if client % 4 else "a@example.kr"}
    body = urllib.parse.urlencode(form)
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        connection = server.connect()
        while True:
            connection.request("POST", FORM, body, head)
            answer = connection.getresponse()
            answer.read()
            if answer.status == 303:
                acknowledged.append(answer.getheader("Location"))
    except (OSError, http.client.HTTPException):
        pass


def leads_to(root, size, index, leaf, path):
    """RFC 9162 section 2.1.3.2"""
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = hashlib.sha256(b"\1" + p + r).digest()
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = hashlib.sha256(b"\1" + r + p).digest()
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def check_receipt(connection, receipt):
    lines = get(connection, receipt + "/receipt.tlog-proof").split("\n")
    end = lines.index("")
    note = lines[end + 1:]
    entry = json.loads(base64.b64decode(lines[1].removeprefix("extra ")))["entry"]
    index = int(lines[2].removeprefix("index "))
    if get(connection, f"/log/entry/{index}") != entry:
        raise AssertionError(f"{receipt}: entry {index} is another")
    leaf = hashlib.sha256(b"\0" + entry.encode()).digest()
    path = [base64.b64decode(line) for line in lines[3:end]]
    if not leads_to(base64.b64decode(note[2]), int(note[1]), index, leaf, path):
        raise AssertionError(f"{receipt}: entry {index} is not under the checkpoint")


def check_receipts(server, receipts):
    """The first fault, or None."""
    connection = server.connect()
    try:
        for receipt in receipts:
            check_receipt(connection, receipt)
    except (AssertionError, ValueError, KeyError, OSError, http.client.HTTPException) as fault:
        return repr(fault)
    return None


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else done.stdout + done.stderr


def read_model(data):
    database, = glob.glob(os.path.join(data, "model", "*.db"))
    def sqlite(what):
        return subprocess.run(["sqlite3", "-readonly", database, what], capture_output=True,
            text=True, check=True).stdout
    # How an index of FTS5 lies in its tables depends on what came when.
    tables = sqlite("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
        " AND name NOT LIKE 'sqlite%'").split()
    return {t: sorted(sqlite(f".dump {t}").splitlines()) for t in tables if t not in KEPT}


def rebuilds_the_same(data):
    before = read_model(data)
    fault = run(GAYA, "rebuild", "--data", data)
    if fault:
        return fault
    after = read_model(data)
    differs = [t for t in before if before[t] != after.get(t)]
    if differs or before.keys() != after.keys() or len(before["feedback"]) < 10:
        return f"differs in {differs}"
    return None


def kill_under_load(data):
    """What was acknowledged before the kill."""
    server = Server(data).wait_until_up()
    acknowledged = []
    clients = [threading.Thread(target=ask, args=(server, i, acknowledged)) for i in range(CLIENTS)]
    for client in clients:
        client.start()
    time.sleep(random.uniform(0, 0.6))
    said = server.end(signal.SIGKILL)
    for client in clients:
        client.join()
    return acknowledged, said


def kill_at_start(data):
    server = Server(data)
    time.sleep(random.uniform(0, 0.05))
    server.end(signal.SIGKILL)


def signers(data):
    """Processes that hold this register's key."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                if f"{data}/log.key".encode() in file.read().split(b"\0"):
                    found.append(pid)
        except OSError:
            pass # it ended meanwhile
    return found


def main():
    with tempfile.TemporaryDirectory() as work:
        data = os.path.join(work, "data")
        fault = run(GAYA, "init", "--data", data, "--origin", "ai.gimhae.example/log", "--demo")
        if fault:
            check("a register is made", fault)
            return
        everything, said = [], []
        for n in range(1, ROUNDS + 1):
            acknowledged, words = kill_under_load(data)
            said += words
            everything += acknowledged
            if n % 3 == 0:
                kill_at_start(data)
            server = Server(data).wait_until_up()
            check(f"round {n}: each of {len(acknowledged)} acknowledged questions has its proof",
                check_receipts(server, acknowledged))
            said += server.end(signal.SIGTERM)
            if n % 5 == 0:
                check(f"after {n} rounds the log verifies", run(GAYA, "verify", data))
                check(f"after {n} rounds a rebuild gives the same read model",
                    rebuilds_the_same(data))
        server = Server(data).wait_until_up()
        sample = random.sample(everything, min(len(everything), 500))
        check(f"at the end, {len(sample)} of {len(everything)} are still there",
            check_receipts(server, sample))
        said += server.end(signal.SIGTERM)
        check("there were questions in plenty",
            None if len(everything) > 10 * ROUNDS else f"{len(everything)} only")
        check("no receipt was given twice",
            None if len(set(everything)) == len(everything) else "one was")
        check("no server complained", "\n".join(said) or None)
        time.sleep(0.2)
        left = signers(data)
        check("no signer outlives its server", f"{left} do" if left else None)


if __name__ == "__main__":
    main()
    print(f"{counts['ok']} passed, {counts['not ok']} failed")
    sys.exit(1 if counts["not ok"] else 0)
