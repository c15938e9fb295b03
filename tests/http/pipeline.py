#!/usr/bin/env python3
"""pipeline.py HOST:PORT - many requests on a connection, sent in pieces of any size: each gets the
answer that it gets alone, in order. Answers that are ready, those that libmicrohttpd makes, and faults
come in any mixture. Prints a line per fault, then the number of answers."""
import random, re, socket, sys

HOST, PORT = sys.argv[1].split(":")
PATHS = ["/ko/systems/cctv-control", "/en/systems", "/static/style.css", "/static/verify.js", "/ko/",
         "/api/v1/systems", "/feed.xml", "/robots.txt", "/ko/systems?q=CCTV", "/nothing/here"]
BODY = "POST /api/v1/events HTTP/1.1\r\nHost: x\r\n"
chance = random.Random(1)


class Connection:
    def __init__(self, room=0):
        self.socket, self.got = socket.socket(), b""
        if room:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
        self.socket.settimeout(120)
        self.socket.connect((HOST, int(PORT)))

    def more(self):
        piece = self.socket.recv(chance.choice([3000, 16384, 65536]))
        self.got += piece
        return piece

    def until(self, enough):
        while not enough():
            assert self.more(), f"the connection ended early, with {self.got[-50:]!r}"

    def answer(self, has_body=True):
        """Status, ETag and body of the next one."""
        self.until(lambda: b"\r\n\r\n" in self.got)
        head, self.got = self.got.split(b"\r\n\r\n", 1)
        status = int(head.split()[1])
        length = int(re.search(rb"Content-Length: (\d+)", head)[1]) if has_body and status != 304 else 0
        self.until(lambda: len(self.got) >= length)
        body, self.got = self.got[:length], self.got[length:]
        tag = re.search(rb"ETag: (\S+)", head)
        return status, tag and tag[1].decode(), body


def request(path, encoding, also="", method="GET"):
    return f"{method} {path} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: {encoding}\r\n{also}\r\n"


def alone(path, encoding):
    c = Connection()
    c.socket.sendall(request(path, encoding).encode())
    return c.answer()


def choose(known):
    """A request, whether its answer has a body, what the answer must be, and whether it is the last."""
    (path, encoding), (status, tag, body) = chance.choice(list(known.items()))
    kinds = {"get": 11, "head": 2, "known": 2, "line": 1, "length": 1, "chunks": 1, "close": 1, "fault": 1}
    kind = chance.choices(list(kinds), kinds.values())[0]
    if kind == "head":
        return request(path, encoding, method="HEAD"), False, (status, b""), False
    if kind == "known" and tag:
        return request(path, encoding, f"If-None-Match: {tag}\r\n"), True, (304, b""), False
    if kind == "length":
        return BODY + "Content-Length: 5\r\n\r\n{}   ", True, (400, None), False
    if kind == "chunks":
        return BODY + "Transfer-Encoding: chunked\r\n\r\n3\r\n{ }\r\n0\r\n\r\n", True, (400, None), False
    if kind == "fault":
        return "GET / x HTTP/1.1\r\nHost: x\r\n\r\n" + chance.randint(0, 200) * "y", True, (400, None), True
    if kind == "close":
        return request(path, encoding, "Connection: close\r\n"), True, (status, body), True
    return ("\r\n" if kind == "line" else "") + request(path, encoding), True, (status, body), False


def send(c, data):
    size = chance.choice([len(data), 4000, 50])
    while data:
        n = chance.randint(1, size)
        try:
            c.socket.sendall(data[:n])
        except (BrokenPipeError, ConnectionResetError):
            return  # after a fault
        data = data[n:]


def converse(known):
    c, requests = Connection(chance.choice([0, 0, 2048])), []
    while len(requests) < 9 and (not requests or not requests[-1][3]):
        requests.append(choose(known))
    waits = chance.random() < 0.5  # for each answer
    if not waits:
        send(c, "".join(r[0] for r in requests).encode())
    for n, (text, has_body, (status, body), _) in enumerate(requests):
        if waits:
            send(c, text.encode())
        try:
            got = c.answer(has_body)
        except (AssertionError, OSError) as e:
            print(f"{e}, at {n}: {text[:60]!r} in {[r[0][:60] for r in requests]}")
            break
        if got[0] != status or (body is not None and got[2] != body):
            print(f"{got[0]} and {len(got[2])} bytes, not {status}: {text!r} in {[r[0][:60] for r in requests]}")
    return len(requests)


known = {(path, encoding): alone(path, encoding) for path in PATHS for encoding in ("identity", "gzip", "br")}
print("answers", sum(converse(known) for _ in range(150)))
