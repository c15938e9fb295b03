#!/usr/bin/env python3
"""Requests whose end two readers could find at two places, as lists of such attacks have them.

    framing.py HOST:PORT direct     each is refused, in one answer of ours, and the connection ends
    framing.py HOST:PORT proxied    behind a proxy: nobody else's request suffers

Each carries a citizen's question as the request that it would smuggle in; the caller looks that none was taken.
A proxy may read two requests where this server would refuse one: then both are their sender's own. But it keeps its
connections to the server, and what one request left behind there would meet the next, whoever's that is.
Prints a line a variant, "ok - …" or "not ok - …"."""
import concurrent.futures
import re
import socket
import sys

FORM = "text=smuggled&lang=ko"
INNER = (f"POST /ko/feedback HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    f"Content-Length: {len(FORM)}\r\n\r\n{FORM}")
CHUNKED = "0\r\n\r\n" + INNER


def post(*headers, body=CHUNKED, line="POST /ko/feedback HTTP/1.1", hosts=("Host: x",)):
    return "\r\n".join([line, *hosts, *headers]) + "\r\n\r\n" + body


def get(line="GET /ko/ HTTP/1.1", *headers, hosts=("Host: x",), body=INNER):
    return post(*headers, line=line, hosts=hosts, body=body)


CL, TE = f"Content-Length: {len(CHUNKED)}", "Transfer-Encoding: chunked"
# What it is; its bytes; the status.
VARIANTS = [
    # both lengths
    ("CL and TE", post(CL, TE), 400),
    ("TE and CL", post(TE, CL), 400),
    ("CL 0 and TE", post("Content-Length: 0", TE), 400),
    ("CL and TE that is not chunked", post(CL, "Transfer-Encoding: identity"), 501),
    # TE that one reader knows and another does not
    ("TE xchunked", post("Transfer-Encoding: xchunked"), 501),
    ("TE identity", post("Transfer-Encoding: identity"), 501),
    ("TE gzip, chunked", post("Transfer-Encoding: gzip, chunked"), 501),
    ("TE chunked, identity", post("Transfer-Encoding: chunked, identity"), 501),
    ("TE chunked, chunked", post("Transfer-Encoding: chunked, chunked"), 501),
    ("TE chunked;q=1", post("Transfer-Encoding: chunked;q=1"), 501),
    ("TE \"chunked\" in quotes", post('Transfer-Encoding: "chunked"'), 501),
    ("TE empty", post("Transfer-Encoding:"), 501),
    ("TE twice", post(TE, TE), 400),
    ("TE chunked and another line identity", post(TE, "Transfer-Encoding: identity"), 400),
    ("TE with a vertical tab before its value", post("Transfer-Encoding:\x0bchunked"), 400),
    ("TE with a form feed behind its value", post("Transfer-Encoding: chunked\x0c"), 400),
    ("TE with a blank before the colon", post("Transfer-Encoding : chunked", CL), 400),
    ("TE with a tab before the colon", post("Transfer-Encoding\t: chunked", CL), 400),
    ("TE behind a blank", post("X: y", " Transfer-Encoding: chunked", CL), 400),
    ("TE in a folded line", post(CL, "Transfer-Encoding:", " chunked"), 501),
    ("TE folded with a tab", post(CL, "Transfer-Encoding:", "\tchunked"), 501),
    ("TE with a NUL in its name", post("Transfer\0-Encoding: chunked", CL), 400),
    ("TE with a NUL behind its value", post("Transfer-Encoding: chunked\0", CL), 400),
    ("TE with a DEL behind its value", post("Transfer-Encoding: chunked\x7f"), 400),
    ("TE behind a bare LF", post("X: y\nTransfer-Encoding: chunked", CL), 400),
    ("TE behind a bare CR", post("X: y\rTransfer-Encoding: chunked", CL), 400),
    ("TE of HTTP/1.0", post(TE, line="POST /ko/feedback HTTP/1.0"), 400),
    # lengths that two readers read in two ways
    ("CL twice, different", post("Content-Length: 5", CL), 400),
    ("CL twice, the same", post(CL, CL), 400),
    ("CL with a list", post("Content-Length: 5, 5"), 400),
    ("CL +5", post("Content-Length: +5"), 400),
    ("CL -5", post("Content-Length: -5"), 400),
    ("CL 0x5", post("Content-Length: 0x5"), 400),
    ("CL 5x", post("Content-Length: 5x"), 400),
    ("CL 5 5", post("Content-Length: 5 5"), 400),
    ("CL 5.0", post("Content-Length: 5.0"), 400),
    ("CL empty", post("Content-Length:"), 400),
    ("CL of 20 digits", post("Content-Length: 18446744073709551621"), 400),
    ("CL with a blank before the colon", post("Content-Length : 5"), 400),
    ("CL with a tab before the colon", post("Content-Length\t: 5"), 400),
    ("CL in a folded line", post("Content-Length:", " 5"), 400),
    ("CL with a NUL", post("Content-Length: 5\0"), 400),
    ("CL behind a bare LF", post("X: y\nContent-Length: 5"), 400),
    # chunks
    ("a chunk's size with 0x", post(TE, body="0x5\r\nhello\r\n" + CHUNKED), 400),
    ("a chunk's size with a sign", post(TE, body="+5\r\nhello\r\n" + CHUNKED), 400),
    ("a chunk's size with a blank", post(TE, body=" 5\r\nhello\r\n" + CHUNKED), 400),
    ("a chunk's size that overflows", post(TE, body="10000000000000005\r\nhello\r\n" + CHUNKED), 400),
    ("a chunk's extension", post(TE, body="5;a=b\r\nhello\r\n" + CHUNKED), 400),
    ("a chunk's extension with a bare LF", post(TE, body="5;\n" + CHUNKED), 400),
    ("a chunk's size that ends in a bare LF", post(TE, body="5\nhello\r\n" + CHUNKED), 400),
    ("a chunk's size that ends in a bare CR", post(TE, body="5\rhello\r\n" + CHUNKED), 400),
    ("a chunk that is longer than its size", post(TE, body="5\r\nhello, you\r\n" + CHUNKED), 400),
    ("a chunk that ends in a bare LF", post(TE, body="5\r\nhello\n" + CHUNKED), 400),
    ("no size where one must be", post(TE, body="\r\n" + CHUNKED), 400),
    ("trailers", post(TE, body="0\r\nContent-Length: 5\r\n\r\n" + INNER), 400),
    # whose it is
    ("two Hosts", get(hosts=("Host: x", "Host: y")), 400),
    ("two Hosts, the same", get(hosts=("Host: x", "Host: x")), 400),
    ("no Host", get(hosts=()), 400),
    ("an empty Host", get(hosts=("Host:",)), 400),
    ("a Host with a path", get(hosts=("Host: x/y",)), 400),
    ("a Host with another's name before an @", get(hosts=("Host: x@y",)), 400),
    ("a Host with a list", get(hosts=("Host: x, y",)), 400),
    ("a Host in a folded line", get(hosts=("Host: x", " y")), 400),
    ("a Host with a blank before the colon", get(hosts=("Host : x",)), 400),
    # lines
    ("a folded header", get("GET /ko/ HTTP/1.1", "X: a", " b"), 400),
    ("a blank before the first header", get(hosts=(" X: y", "Host: x")), 400),
    ("a header without a colon", get("GET /ko/ HTTP/1.1", "nothing"), 400),
    ("a header without a name", get("GET /ko/ HTTP/1.1", ": y"), 400),
    ("a NUL in a header", get("GET /ko/ HTTP/1.1", "X: a\0b"), 400),
    ("a bare LF for every line's end", get().replace("\r\n", "\n"), 400),
    ("a bare LF for the empty line", "GET /ko/ HTTP/1.1\r\nHost: x\r\n\n" + INNER, 400),
    ("a bare CR in a header", get("GET /ko/ HTTP/1.1", "X: a\rb"), 400),
    ("CR CR LF", "GET /ko/ HTTP/1.1\r\r\nHost: x\r\n\r\n" + INNER, 400),
    # first lines
    ("no version", get("GET /ko/"), 400),
    ("two blanks", get("GET  /ko/ HTTP/1.1"), 400),
    ("a tab for a blank", get("GET\t/ko/\tHTTP/1.1"), 400),
    ("a blank behind the version", get("GET /ko/ HTTP/1.1 "), 400),
    ("a blank in the target", get("GET /ko/ x HTTP/1.1"), 400),
    ("a NUL in the target", get("GET /ko/\0 HTTP/1.1"), 400),
    ("HTTP/1.2", get("GET /ko/ HTTP/1.2"), 505),
    ("HTTP/2.0", get("GET /ko/ HTTP/2.0"), 505),
    ("http/1.1", get("GET /ko/ http/1.1"), 400),
    ("HTTP/01.1", get("GET /ko/ HTTP/01.1"), 400),
    ("a target that is no path", get("GET ko/ HTTP/1.1"), 400),
    ("a target of another scheme", get("GET file:///etc/passwd HTTP/1.1"), 400),
    ("CONNECT", get("CONNECT x:80 HTTP/1.1"), 400),
    ("a method with a colon", get("GET: /ko/ HTTP/1.1"), 400),
    # size
    ("a head of 20 kB", get("GET /ko/ HTTP/1.1", "X: " + 20000 * "a"), 431),
    ("a first line of 20 kB", get("GET /ko/" + 20000 * "a" + " HTTP/1.1"), 431),
    ("200 headers", get("GET /ko/ HTTP/1.1", *(f"X{i}: y" for i in range(200))), 431),
]
# In order, however seldom; none of it is refused for its form.
FINE = [
    ("a target with http:// and a host", get("GET http://x/ko/about HTTP/1.1", "Connection: close", body=""), 200),
    ("a target with https:// and a host", get("GET https://x:443/ko/about HTTP/1.1", "Connection: close", body=""), 200),
    ("such a target without a path", get("GET http://x HTTP/1.1", "Connection: close", body=""), 302),
    ("such a target with a question and no path", get("GET http://x?q=a HTTP/1.1", "Connection: close", body=""), 302),
    ("such a target with only what marks a visit", get("GET http://x?utm_x=1 HTTP/1.1", "Connection: close", body=""), 302),
    ("such a target that ends with its question mark", get("GET http://x? HTTP/1.1", "Connection: close", body=""), 302),
    ("such a target with a path and a question", get("GET http://x/ko/systems?q=a HTTP/1.1", "Connection: close", body=""), 200),
    ("an empty line before a request", "\r\n" + get("GET /ko/about HTTP/1.1", "Connection: close", body=""), 200),
    ("OPTIONS *", get("OPTIONS * HTTP/1.1", "Connection: close", body=""), 404),
    ("chunks", post(TE, "Connection: close", body="5\r\ntext=\r\n0\r\n\r\n"), 400),
    ("a header of Korean bytes", get("GET /ko/about HTTP/1.1", "X: 김해", "Connection: close", body=""), 200),
]


def say(data, wait=30):
    host, port = sys.argv[1].rsplit(":", 1)
    s = socket.create_connection((host, int(port)), timeout=wait)
    s.sendall(data.encode("utf-8", "surrogateescape"))
    got = b""
    try:
        while True:
            piece = s.recv(65536)
            if not piece:
                break
            got += piece
        closed = True
    except socket.timeout:
        closed = False
    except ConnectionResetError:
        closed = True
    s.close()
    return got.decode("latin-1"), closed


def statuses(answer):
    return [int(status) for status in re.findall(r"HTTP/1\.1 (\d{3}) ", answer)]


def judge_direct(data, status):
    answer, closed = say(data)
    head = answer.split("\r\n\r\n")[0]
    wrong = []
    if statuses(answer) != [status]:
        wrong.append(f"answers {statuses(answer)}, not {status}: {answer[:300]!r}")
    if not closed:
        wrong.append("the connection stays open")
    for header in ("Content-Security-Policy: default-src 'none'", "X-Content-Type-Options: nosniff",
            "Cache-Control: no-store", "Connection: close", "Content-Type: text/plain; charset=utf-8", "Date: "):
        if header not in head:
            wrong.append(f"no {header}")
    if "microhttpd" in answer or "<html" in answer or "Server:" in head:
        wrong.append("it is not ours")
    return wrong


def judge_behind(data, status):
    """The request before it is answered, and nothing after it."""
    answer, closed = say(get("GET /healthz HTTP/1.1", body="") + data)
    return [] if statuses(answer) == [200, status] and closed else [f"{statuses(answer)}: {answer[:300]!r}"]


def judge_fine(data, status):
    answer, closed = say(data)
    return [] if statuses(answer) == [status] and closed else [f"{statuses(answer)}: {answer[:300]!r}"]


def judge_proxied(data, status):
    answer, closed = say(data)
    wrong = [] if closed and len(statuses(answer)) <= 2 else [f"answers {statuses(answer)}"]
    for _ in range(2):
        victim, _ = say("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        if statuses(victim) != [200] or '"status"' not in victim:
            wrong.append(f"the next request gets {victim[:200]!r}")
    return wrong


def main():
    judge = {"direct": judge_direct, "proxied": judge_proxied}[sys.argv[2]]
    cases = [(judge, *v) for v in VARIANTS]
    if sys.argv[2] == "direct":
        cases += [(judge_behind, name + ", behind another request", data, status) for name, data, status in VARIANTS]
        cases += [(judge_fine, *f) for f in FINE]
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda case: case[0](*case[2:]), cases))
    for (_, name, *_), wrong in zip(cases, found):
        print("not ok -" if wrong else "ok -", name)
        for line in wrong:
            print("   ", line)


if __name__ == "__main__":
    main()
