#!/bin/bash
# kill -9 at any moment: what was acknowledged is there, with its proof; the log verifies; the read
# model is what the log says. ROUNDS is how often (25).
. "$(dirname "$0")/../http/lib.sh"
ROUNDS=${ROUNDS:-25}
demo
: >"$work/acknowledged"

ask_on() { # sixteen clients that ask until the server is gone; each receipt is noted at once
	python3 - "${url##*:}" "$work/acknowledged" <<'END'
import http.client, sys, threading, urllib.parse
port, path = int(sys.argv[1]), sys.argv[2]
acknowledged = open(path, "a", buffering=1)
def ask(client):
    body = urllib.parse.urlencode({"text": f"질문 {client}", "email": "a@b.kr" if client % 4 else ""})
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        http_ = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while True:
            http_.request("POST", "/ko/systems/smart-water/feedback", body, head)
            answer = http_.getresponse()
            answer.read()
            if answer.status == 303:
                acknowledged.write(answer.getheader("Location") + "\n")
    except (OSError, http.client.HTTPException):
        pass # killed
threads = [threading.Thread(target=ask, args=(i,)) for i in range(16)]
for t in threads: t.start()
for t in threads: t.join()
END
}

kill_at() { # after how long: the server, and whatever it was doing
	sleep "$1"
	kill -9 "$server"
	wait "$server" 2>/dev/null
}

in_a_moment() { # up to so many milliseconds, as seconds
	printf '0.%03d' $((RANDOM % $1))
}

proofs_hold() { # of the receipts on stdin, by RFC 9162 section 2.1.3.2; each noted receipt has one
	python3 -c '
import base64, hashlib, http.client, json, sys
http_ = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=10)
def get(path):
    http_.request("GET", path)
    answer = http_.getresponse()
    body = answer.read().decode()
    assert answer.status == 200, (path, answer.status)
    return body
def node(l, r): return hashlib.sha256(b"\1" + l + r).digest()
for receipt in sys.stdin:
    lines = get(receipt.strip() + "/receipt.tlog-proof").split("\n")
    end = lines.index("")
    entry = json.loads(base64.b64decode(lines[1].removeprefix("extra ")))["entry"]
    index, path, note = int(lines[2].removeprefix("index ")), lines[3:end], lines[end + 1:]
    assert get(f"/log/entry/{index}") == entry, (receipt, index)
    fn, sn, r = index, int(note[1]) - 1, hashlib.sha256(b"\0" + entry.encode()).digest()
    for p in map(base64.b64decode, path):
        assert sn
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn: fn >>= 1; sn >>= 1
        else: r = node(r, p)
        fn >>= 1; sn >>= 1
    assert sn == 0 and r == base64.b64decode(note[2]), (receipt, "is not under the checkpoint")
' "${url##*:}"
}

read_model() { # every table that is folded from the log
	sqlite3 -readonly "$data/register.db" "SELECT name FROM sqlite_schema WHERE type = 'table'
		AND name NOT IN ('entry', 'tile', 'content', 'checkpoint', 'contact')" |
		while read -r table; do
			sqlite3 -readonly "$data/register.db" ".dump '$table'"
		done | sort
}

rebuilds_the_same() {
	read_model >"$work/before"
	"$GAYA" rebuild --data "$data" || return 1
	read_model >"$work/after"
	[ "$(wc -l <"$work/before")" -gt 100 ] && cmp "$work/before" "$work/after"
}

signers() { # processes that hold this log's key
	pgrep -f "signer $data/" || true
}

lost=
at=0
for ((round = 1; round <= ROUNDS; round++)); do
	serve
	ask_on 2>"$work/clients" &
	clients=$!
	kill_at "$(in_a_moment 700)"
	wait $clients
	[ -s "$work/clients" ] && lost="$lost$(cat "$work/clients")"
	if ((round % 3 == 0)); then # and once more, while it recovers
		"$GAYA" serve --data "$data" --listen 127.0.0.1:0 >/dev/null 2>&1 &
		server=$!
		kill_at "$(in_a_moment 30)"
	fi
	serve
	lost="$lost$(tail -n +$((at + 1)) "$work/acknowledged" | proofs_hold 2>&1)"
	new=$(wc -l <"$work/acknowledged")
	# A line that the kill cut off would have no proof, and be counted above.
	echo "# round $round: $((new - at)) acknowledged"
	at=$new
	stop
	if ((round % 5 == 0)); then
		run verify "$data"
		check "after $round rounds the log verifies" is 0 "$status"
		[ "$status" = 0 ] || fault "$(cat "$work/out" "$work/err")"
		check "after $round rounds a rebuild gives the same read model" rebuilds_the_same
	fi
done
check "$at questions were acknowledged, and each is there with its proof" is '' "$lost"
check "there were questions in plenty" [ "$at" -gt "$ROUNDS" ]
serve
check "all of them are there at the end" proofs_hold <"$work/acknowledged"
check "none was counted twice" is "$at" "$(sort -u "$work/acknowledged" | wc -l)"
stop
check "no signer outlives its server" is '' "$(signers)"
claim "no server said anything but that it stops"
not_said >"$work/why" || fault "$(cat "$work/why")"
finish
