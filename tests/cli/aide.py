#!/usr/bin/python3 -IS
"""What tests ask for so often that a process for each would be most of their time: an HTTP request, a
query on a database, a word with the office, a pause. One of these runs beside each script (lib.sh starts
it and speaks with it), listens on 127.0.0.1, and ends with the script.

A request is a line of its own, fields that end with NUL: the token, how many follow, a word of WORDS and
its arguments. The answer ends with NUL; what is long goes to the files that the request names."""
import os, secrets, socket, threading, time
from urllib.parse import quote_plus


class Unknown(Exception):
    """An option that only the true program knows."""


# --- HTTP, with the options of curl that tests use ---

class Request:
    def __init__(self, options):
        self.address = None
        self.method, self.headers, self.data, self.decode = None, [], [], False
        self.read(iter(options))
        self.body = b"&".join(self.data)
        if not self.address or len(self.body) > 1000000:  # curl asks before it sends as much
            raise Unknown

    def locate(self, url):
        scheme, _, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        name, _, port = host.partition(":")
        if scheme != "http" or not port.isdigit():
            raise Unknown
        self.address = (name, int(port))
        self.target = slash + path or "/"

    def read(self, options):
        for option in options:
            if option == "-H":
                self.header(next(options))
            elif option == "-X":
                self.method = next(options)
            elif option == "-I":
                self.method = "HEAD"
            elif option == "--compressed":
                self.decode = True
            elif option == "--data-urlencode":
                self.data.append(urlencoded(next(options)))
            elif option in ("-d", "--data", "--data-binary"):
                self.data.append(content(next(options), option == "--data-binary"))
            elif option.startswith("http:") and not self.address:
                self.locate(option)
            elif option not in ("-s", "-sS"):
                raise Unknown

    def header(self, text):
        name, colon, value = text.partition(":")
        if not colon or text[0] == "@" or not value.strip() or name.lower() == "transfer-encoding":
            raise Unknown
        self.headers.append((name, value.strip()))

    def bytes(self):
        headers = [("Host", "%s:%d" % self.address), ("User-Agent", "curl/7.88.1"), ("Accept", "*/*")]
        if self.decode:
            headers.append(("Accept-Encoding", "deflate, gzip, br"))
        if self.data:
            headers += [("Content-Length", str(len(self.body))),
                        ("Content-Type", "application/x-www-form-urlencoded")]
        own = {name.lower() for name, _ in self.headers}
        headers = [header for header in headers if header[0].lower() not in own] + self.headers
        method = self.method or ("POST" if self.data else "GET")
        lines = [f"{method} {self.target} HTTP/1.1"] + [f"{name}: {value}" for name, value in headers]
        return os.fsencode("\r\n".join(lines)) + b"\r\n\r\n" + self.body


def content(text, binary):
    if not text.startswith("@"):
        return os.fsencode(text)
    with open(text[1:], "rb") as file:
        data = file.read()
    return data if binary else data.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b"")


def urlencoded(text):
    name, equals, value = text.partition("=")
    if not equals or "@" in name:
        raise Unknown
    return ((name + "=" if name else "") + quote_plus(os.fsencode(value), safe="")).encode()


def read_body(stream, head, status, method):
    if method == "HEAD" or status in (204, 304):
        return b""
    if head.get("transfer-encoding") == "chunked":
        chunks = []
        while size := int(stream.readline().split(b";")[0], 16):
            chunks.append(stream.read(size))
            stream.readline()
        return b"".join(chunks)
    return stream.read(int(head["content-length"])) if "content-length" in head else stream.read()


def decoded(body, encoding):
    if encoding == "gzip":
        import zlib
        return zlib.decompress(body, 31)
    if encoding == "br":
        import ctypes
        size = ctypes.c_size_t(1 << 24)
        room = ctypes.create_string_buffer(size.value)
        library = ctypes.CDLL("libbrotlidec.so.1")
        if library.BrotliDecoderDecompress(ctypes.c_size_t(len(body)), body, ctypes.byref(size), room) != 1:
            raise ValueError("no Brotli")
        return room.raw[:size.value]
    return body


def http(body_file, head_file, *options):
    """The status; "unknown" if curl must do it; 000 and why where no answer comes."""
    request = Request(options)
    open(body_file, "wb").close()
    with socket.create_connection(request.address, 300) as connection:
        connection.sendall(request.bytes())
        stream = connection.makefile("rb")
        status = 100
        while status < 200:
            lines = []
            while line := stream.readline().rstrip(b"\r\n"):
                lines.append(line)
            if not lines:
                raise OSError("the server closed the connection without an answer")
            status = int(lines[0].split()[1])
        with open(head_file, "wb") as file:
            file.write(b"\n".join(lines) + b"\n\n")
        head = {name.lower(): value.strip() for name, _, value in
                (line.decode("latin-1").partition(":") for line in lines[1:])}
        body = read_body(stream, head, status, request.method)
    if request.decode and body:
        body = decoded(body, head.get("content-encoding"))
    with open(body_file, "wb") as file:
        file.write(body)
    return "%03d" % status


# --- the rest ---

def sql(out_file, database, query):
    """The rows to the file, as the command sqlite3 prints them."""
    import sqlite3
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)
    connection.text_factory = bytes
    def text(value):
        return b"" if value is None else value if isinstance(value, bytes) else str(value).encode()
    try:
        with open(out_file, "wb") as file:
            for row in connection.execute(query):
                file.write(b"|".join(map(text, row)) + b"\n")
    finally:
        connection.close()
    return "0"


def office(out_file, path, text):
    """Through the socket that `gaya office` uses; decided on whatever is the newest."""
    import json
    def say(request):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(path)
            connection.sendall(json.dumps(request).encode() + b"\n")
            return json.loads(connection.makefile().readline())
    request = json.loads(text)
    newest = say({**request, "do": "newest", "of": request["do"]}).get("reply", {})
    if "newest" in newest:
        request.setdefault(newest["member"], newest["newest"])
    answer = say(request)
    with open(out_file, "w", encoding="utf-8") as file:
        print(json.dumps(answer.get("reply", answer)), file=file)
    return "0" if "reply" in answer else "1"


def pause(seconds):
    time.sleep(float(seconds))
    return "0"


def line(path, beginning, process):
    """Waits for a line in the file; its rest. 000 if the process ends before it, or two minutes do."""
    for _ in range(2400):
        alive = running(process)
        for found in lines(path):
            if found.startswith(beginning) and found.endswith("\n"):
                return found[len(beginning):-1]
        if not alive:
            break
        time.sleep(0.05)
    return "000 no such line"


def lines(path):
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            return list(file)
    except FileNotFoundError:  # the shell that starts the process has not come so far
        return []


def running(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


WORDS = {"http": http, "sql": sql, "office": office, "pause": pause, "line": line}


def fields(connection, token):
    data = b""
    parts = []
    while len(parts) < 3 or len(parts) < int(parts[1]) + 3:
        more = connection.recv(65536)
        if not more:
            return None
        data += more
        parts = data.split(b"\0")
    if parts[0].decode() != token:
        return None
    return [os.fsdecode(part) for part in parts[2:-1]]


def answer(connection, token):
    with connection:
        request = fields(connection, token)
        if not request:
            return
        try:
            said = WORDS[request[0]](*request[1:])
        except Unknown:
            said = "unknown"
        except Exception as error:  # a test shows it, as it shows what a program says
            said = f"000 {type(error).__name__}: {error}"
        connection.sendall(os.fsencode(said) + b"\0")


def main():
    script = os.getppid()
    token = secrets.token_hex(16)
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    listener.settimeout(5)
    print(listener.getsockname()[1], token, flush=True)
    os.close(1)
    while os.getppid() == script:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            continue
        threading.Thread(target=answer, args=(connection, token), daemon=True).start()


main()
