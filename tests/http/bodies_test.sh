#!/bin/bash
# Request bodies share one budget, and a citizen's question still gets through.
. "$(dirname "$0")/lib.sh"
demo
serve --metrics 127.0.0.1:0
metrics=$(sed -n 's/^gaya: metrics at //p' "$work/serve.out")

metric() { # name -> its value
	fetch "$metrics" | sed -n "s/^$1 //p"
}
memory() { # MiB that the server holds, besides files
	awk '/^RssAnon/ { print int($2 / 1024) }' "/proc/$server/status"
}
eventually() { # command …: holds once what is on its way is over
	local _
	for _ in {1..2400}; do
		"$@" && return
		pause
	done
	return 1
}
# 150 posts of 2 MiB, each but for its last byte. A line "unfinished N" when all are sent; then it waits
# for a line, sends the last bytes, and says how many there were of each status, and of Retry-After.
unfinished_posts() {
	python3 - "${url##*:}" 3<&0 <<'END'
import collections, os, selectors, socket, sys
MIB = 1 << 20
body = b" " * (2 * MIB)
head = f"POST /api/v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode()
posts = []
for _ in range(150):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
    s.sendall(head + body[:-1])
    posts.append(s)
print("unfinished", len(posts), flush=True)
os.read(3, 1)
def answer(s):
    """The server may have closed a refused connection since; its answer can still be read."""
    got = b""
    try:
        s.sendall(body[-1:])
    except OSError:
        pass
    try:
        while piece := s.recv(MIB):
            got += piece
    except ConnectionResetError:
        pass
    return got.split(b"\r\n\r\n")[0].decode()

answers = [answer(s) for s in posts]
print(dict(sorted(collections.Counter(a.split(" ")[1] for a in answers).items())),
      sum("Retry-After: 5" in a for a in answers))
END
}

before=$(memory)
coproc posts { unfinished_posts 2>&1; }
posting=$posts_PID
read -r line <&"${posts[0]}"
check "150 posts of 2 MiB wait for their last byte" is "unfinished 150" "$line"
check "room is set aside for 48 of them: three quarters of the budget" is $((96 << 20)) "$(metric gaya_intake_bytes)"
check "which never passes its limit" [ "$(metric gaya_intake_bytes)" -le "$(metric gaya_intake_max_bytes)" ]
if [[ $GAYA != */asan/* ]]; then # which keeps what is freed
	check "none of it is in memory: $before MiB before, $(memory) MiB now" [ "$(memory)" -lt $((before + 32)) ]
fi
ask /ko/systems/civil-chatbot/feedback "text=이 와중에도 물을 수 있습니까?"
check "a citizen's question still gets through" status_is 303
echo >&"${posts[1]}"
read -r line <&"${posts[0]}"
check "those with room were read, and are no JSON; the others are told when to come back" \
	is "{'400': 48, '503': 102} 102" "$line"
check "and that was counted" is 102 "$(metric gaya_intake_refused_total)"
wait "$posting"
check "then all room is free again" eventually eval '[ "$(metric gaya_intake_bytes)" = 0 ]'
python3 -c 'print("[0" + ",0" * 900000 + "]")' >"$work/numbers"
for _ in 1 2 3; do
	get /api/v1/events --data-binary "@$work/numbers"
	check "a body of 1.8 MB with 900,000 numbers is read, and is no event" status_is 400
done
if [[ $GAYA != */asan/* ]]; then
	check "and the memory that it took is given back" eventually eval '[ "$(memory)" -lt $((before + 32)) ]'
fi

# --- bodies without an end ---
endless() { # method, path, header -> status, type, and whether the server stopped reading
	python3 - "${url##*:}" "$@" <<'END'
import socket, sys
port, method, path, header = sys.argv[1:]
s = socket.create_connection(("127.0.0.1", int(port)))
s.settimeout(30)
s.sendall(f"{method} {path} HTTP/1.1\r\nHost: x\r\n{header}\r\n\r\n".encode())
piece = b"a" * 65536
if header.startswith("Transfer"):
    piece = b"10000\r\n" + piece + b"\r\n"
got, sent = b"", 0
try:
    while sent < 256 << 20 and b"\r\n\r\n" not in got:
        s.setblocking(False)
        try:
            got += s.recv(65536)
        except BlockingIOError:
            pass
        s.settimeout(30)
        s.sendall(piece)
        sent += len(piece)
    while more := s.recv(65536):
        got += more
except OSError:
    pass
head, _, body = got.partition(b"\r\n\r\n")
words = [line for line in head.decode().split("\r\n") if line.startswith("Content-Type")]
print(head.decode().split(" ")[1] if got else "nothing", *words, "stopped" if sent < 64 << 20 else "read on")
END
}
for more in "Content-Length: 999999999999999" "Transfer-Encoding: chunked"; do
	check "no body without an end is read where nothing is ($more)" \
		is "404 Content-Type: text/plain; charset=utf-8 stopped" "$(endless POST /nothing "$more")"
	check "nor by a form" is "413 Content-Type: text/plain; charset=utf-8 stopped" \
		"$(endless POST /ko/systems/civil-chatbot/feedback "$more")"
	check "nor by the API" is "413 Content-Type: application/json stopped" "$(endless POST /api/v1/events "$more")"
	check "nor by a page" is "413 Content-Type: text/plain; charset=utf-8 stopped" "$(endless GET /ko/ "$more")"
done
all_done
