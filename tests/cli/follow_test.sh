#!/bin/bash
# Verifiers and mirrors of an original that misbehaves: a proxy in front of a good register.
. "$(dirname "$0")/lib.sh"

data=$work/register
copy=$work/copy

proxy() { # starts it; sets $through, its address; $work/mode says what it does to whom
	echo honest >"$work/mode"
	python3 - "$url" "$work/mode" "$work/through" "$work/dripped" <<'END' &
import base64, http.server, os, socketserver, sys, time, urllib.error, urllib.request
origin, mode_path, address, dripped = sys.argv[1:]

def junk(note): # as many lines of nobody as a note may have, nearly as long as it may be
    room = 999990 - len(note)
    each = room // 90 // 4 * 3 - 60
    for n in range(90):
        note += "\u2014 junk.example/%02d %s\n".encode("utf-8") % (n, base64.b64encode(bytes([1]) * each))
    return note

class H(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        mode, _, what = open(mode_path).read().strip().partition(" ")
        try:
            with urllib.request.urlopen(origin + self.path) as r:
                code, body = r.status, r.read()
        except urllib.error.HTTPError as e:
            code, body = e.code, e.read()
        if mode == "lines" and self.path == "/log/checkpoint":
            body = junk(body)
        if mode == "fails" and what in self.path:
            code, body = 500, b"no"
        if mode == "absent":
            code, body = 404, b"no"
        if mode == "longer" and "/tile/entries/" in self.path:
            body += b"\0"
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if mode == "drips" and self.path == "/log/checkpoint":
            for i in range(len(body)):
                self.wfile.write(body[i:i + 1])
                open(dripped, "a").write("x")
                time.sleep(0.5)
            return
        self.wfile.write(body)
    def log_message(self, *a):
        pass

class S(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    def handle_error(self, *a):
        pass

s = S(("127.0.0.1", 0), H)
open(address + ".new", "w").write("http://127.0.0.1:%d" % s.server_port)
os.rename(address + ".new", address)
s.serve_forever()
END
	servers="$servers $!"
	for _ in $(seq 200); do
		[ -s "$work/through" ] && break
		pause
	done
	through=$(cat "$work/through")
}

becomes() { # mode …
	echo "$*" >"$work/mode"
}

once() { # more arguments
	run mirror "$through" --data "$copy" --once --json "$@"
}

finding() { # name
	same "the finding" "$1" "$(jq -r .finding "$work/out")"
}

small_city "$data"
old=$(cat "$data/log.vkey")
serve "$data"
proxy

claim "of a checkpoint with a million bytes of signatures only those of known keys are kept"
becomes lines
[ "$(fetch "$through/log/checkpoint" | wc -c)" -gt 990000 ] || fault "the proxy adds nothing"
for _ in 1 2; do # the second reads what the first wrote
	run verify "$through" --key "$old" --log --state "$work/state"
	exits 0
done
[ "$(wc -c <"$work/state")" -lt 1000 ] || fault "the state file has $(wc -c <"$work/state") bytes"
once --key "$old"
exits 0
finding good
same "lines in the copy" 1 "$(register_sql "$copy" "SELECT note FROM checkpoint" | grep -c '^—')"
once
same "what is new" "good 0" "$(jq -r '"\(.finding) \(.new)"' "$work/out")"
run verify "$copy" --state "$work/state"
exits 0

claim "a first look at what shows no log, or does not answer, is not reached, and never called stale"
rm -r "$copy"
becomes absent
once --key "$old" --stale 1
exits 12
finding away
run mirror http://127.0.0.1:9 --data "$copy" --once --json --stale 1
exits 12
finding away

claim "a content that always fails is missing, and the rest is taken over; it comes once it is given"
lost=$(register_sql "$data" "SELECT v.sha256 FROM version v JOIN system s
	ON s.slug = v.system AND s.version = v.n WHERE s.slug = 'tourism-recommender'")
becomes fails "/log/content/$lost"
once
exits 1
finding missing_content
same "entries" "$(log_size) 1" "$(jq -r '"\(.size) \(.missing)"' "$work/out")"
becomes fails /log/
once
exits 12
finding away
becomes honest
once
exits 0
finding good
same "missing" 0 "$(jq .missing "$work/out")"

claim "so is one that can never be erased, for a mirror as for verify, and it is not called false: nothing was said"
lost=$(register_sql "$data" "SELECT sha256 FROM standard WHERE version = 1")
becomes fails "/log/content/$lost"
run mirror "$through" --data "$work/early" --key "$old" --once --json
exits 1
finding missing_content
grep -q "content $lost, which is never erased, is not given" "$work/out" || fault "$(cat "$work/out")"
run verify "$through" --key "$old"
exits 1
prints "content $lost, which is never erased, is not given"
becomes honest
run mirror "$through" --data "$work/early" --once --json
exits 0
finding good

claim "bytes behind the last entry of a bundle are false, for a mirror as for verify"
becomes longer
run verify "$through" --key "$old" --log
exits 1
prints "longer than its"
run mirror "$through" --data "$work/longer" --key "$old" --once --json
exits 1
finding false
grep -q "longer than its" "$work/out" || fault "$(cat "$work/out")"

claim "an original that drips is told as stale while it drips, and a stop does not wait for it"
becomes drips
"$GAYA" mirror "$through" --data "$copy" --every 1 --stale 1 >"$work/mirror.out" 2>"$work/mirror.err" &
follower=$!
servers="$servers $follower"
for _ in $(seq 600); do
	grep -q " stale: it answers, but" "$work/mirror.err" && break
	pause 0.1
done
grep -q " stale: it answers, but" "$work/mirror.err" || fault "$(cat "$work/mirror.err")"
kill $follower
wait $follower
same "its exit status" 0 $?
size=$(fetch "$url/log/checkpoint" | wc -c)
[ "$(wc -c <"$work/dripped")" -lt "$size" ] || fault "it waited for the last drop"
becomes honest
once
exits 0

claim "a backup from before a change of the key, put back and gone on with, leaves its proof in the mirror"
cp -r "$data" "$work/backup"
must key rotate --data "$data" begin
must key rotate --data "$data" finish --early
new=$(cat "$data/log.vkey")
once
exits 0
same "the key that the mirror pinned" "$new" "$(cat "$copy/log.vkey")"
must verify "$url" --key "$old" --state "$work/state"
port=${url##*:}
stop_server
"$GAYA" serve --data "$work/backup" --listen "127.0.0.1:$port" >"$work/served" 2>"$work/served.err" &
servers="$servers $!"
for _ in $(seq 400); do
	grep -q '^gaya: serving at' "$work/served" && break
	pause
done
once
exits 1
finding rollback
for n in 1 2 3 4; do
	must office --data "$work/backup" department-add "forged-$n" --name ko=위조
done
once
exits 1
finding fork
same "the proof" "$(fetch "$url/log/checkpoint")" "$(cat "$copy/fork.checkpoint")"
run verify "$url" --state "$work/state"
exits 1
run verify "$copy" --key "$old"
exits 0
finish
