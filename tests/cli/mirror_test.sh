#!/bin/bash
# A mirror follows another register, verifies and serves it, and reports when the original lies.
. "$(dirname "$0")/mirror_lib.sh"

claim "a mirror's first look takes everything over"
once
exits 0
prints "good: $(url=$origin log_size) entries of ai.gimhae.example/log"
says "the key was taken from the register itself"

claim "its second look finds nothing new"
once --json
exits 0
same "the finding" "good 0 0" "$(jq -r '"\(.finding) \(.new) \(.missing)"' "$work/out")"

counted() { # an original in front of the original that counts: sets $front; connections are in $work/connections
	python3 - "$origin" "$work/front" "$work/connections" "$work/looks" <<'END' &
import http.server, sys, urllib.error, urllib.request
class H(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def setup(self):
        super().setup()
        open(sys.argv[3], "a").write("one\n")
    def do_GET(self):
        try:
            answer = urllib.request.urlopen(sys.argv[1] + self.path)
        except urllib.error.HTTPError as e:
            answer = e
        body = answer.read()
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/log/checkpoint":
            open(sys.argv[4], "a").write("one\n")
    def log_message(self, *a):
        pass
s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), H)
open(sys.argv[2], "w").write("http://127.0.0.1:%d" % s.server_port)
s.serve_forever()
END
	servers="$servers $!"
	for _ in $(seq 2400); do
		[ -s "$work/front" ] && break
		pause
	done
	front=$(cat "$work/front")
}

claim "an idle mirror looks again over the connection that it has: a new one costs a TLS handshake each time"
counted
"$GAYA" mirror "$front" --data "$work/idle" --key "@$data/log.vkey" --every 1 >"$work/idle.out" 2>&1 &
idle=$!
servers="$servers $idle"
for _ in $(seq 2400); do
	[ "$(wc -l 2>/dev/null <"$work/looks")" -ge 4 ] 2>/dev/null && break
	pause
done
kill "$idle"
wait "$idle"
[ "$(wc -l <"$work/looks")" -ge 4 ] || fault "$(cat "$work/idle.out")"
same "connections" 1 "$(wc -l <"$work/connections")"

claim "the copy verifies as the register does, every tile, signature, content and row"
verify "$copy"
exits 0
prints "pages are exactly what the log gives"
verify "$copy" --json
jq '{size, root, signatures, contents, erased, hidden, systems, departments, questions}' \
	"$work/out" >"$work/copy.json"
verify "$origin" --json
jq '{size, root, signatures, contents, erased, hidden, systems, departments, questions}' \
	"$work/out" >"$work/origin.json"
cmp -s "$work/copy.json" "$work/origin.json" || fault "$(diff "$work/copy.json" "$work/origin.json")"

claim "what is not public never comes to the copy"
same "contents that are not public" 0 "$(register_sql "$copy" "SELECT count(*) FROM content
	JOIN content_state c ON c.sha256 = lower(hex(content.sha256)) WHERE NOT c.public")"
[ -e "$copy/log.key" ] && fault "a key"

mirror

claim "the copy serves the same pages, to the byte"
same_page / /ko/ /en/ /ko/systems /en/systems /ko/departments /en/verify /ko/about /sitemap.xml \
	/robots.txt /api/v1/register /api/v1/systems /api/v1/standard /ko/systems/none
for slug in $(fetch "$origin/api/v1/systems" | jq -r '.systems[].slug' | some); do
	same_page /ko/systems/"$slug" /en/systems/"$slug".json /ko/systems/"$slug".md \
		/ko/systems/"$slug"/versions
done

claim "the copy serves the same log: checkpoint, key, every tile, proofs, contents"
same_page /log/checkpoint /log/vkey /log/proof/0 /log/proof/100 /log/entry/7 /log/consistency/3/200 \
	/log/tile/0/999 $(every_tile)
for sha256 in $(register_sql "$data" "SELECT sha256 FROM content_state ORDER BY public, sha256" | some); do
	case $(status_of "$origin/log/content/$sha256") in
	403) same "its status" 403 \
		"$(status_of "$mirrored/log/content/$sha256")" ;;
	*) same_page "/log/content/$sha256" ;;
	esac
done

claim "nothing can be written to the copy; it says where the original is"
request "$work/out" "$work/head" --data 'text=x' "$mirrored/ko/systems/tourism-recommender/feedback"
code=$reply
answers 405
prints "$origin"
request "$work/out" "$work/head" -H 'Content-Type: application/json' --data '{}' "$mirrored/api/v1/events"
code=$reply
answers 405
prints "$origin"
run serve --data "$copy" --listen 127.0.0.1:0
exits 5
says "holds a mirror"
run office --data "$copy" department-add library --name ko=도서관
[ "$status" -ne 0 ] || fault "the office wrote to a mirror"

claim "a question is taken by the original, follows, and shows once it is published"
code=$(ask tourism-recommender "광고비를 받습니까?" "citizen@example.org")
must office --data "$data" waiting --json
id=$(jq -r '.feedback[-1].feedback' "$work/out")
sha256=$(jq -r '.feedback[-1].sha256 // empty' "$work/out")
until_size "$(log_size)"
same "who holds a receipt is sent to the original" "$origin/ko/feedback/$code" \
	"$(leads_to "$mirrored/ko/feedback/$code")"
must office --data "$data" feedback-publish "$id"
until_size "$(log_size)"
same_page "/api/v1/feedback/$id"
fetch "$mirrored/ko/systems/tourism-recommender/feedback" >"$work/out"
prints "광고비를 받습니까?"

claim "a copy offers no form that nobody would read, but the way to the original's"
prints_not "<form method=\"post\""
prints "href=\"$origin/ko/systems/tourism-recommender/feedback#ask\""

claim "a question about no system follows, the answer to a withheld one does not, and what is withdrawn goes"
general=$(leads_to --data-urlencode "text=드론은 왜 없나요?" "$origin/ko/feedback" | sed 's/.*\///')
must office --data "$data" waiting --json
id=$(jq -r '.feedback[-1].feedback' "$work/out")
sha256=$(jq -r '.feedback[-1].sha256' "$work/out")
must office --data "$data" feedback-publish "$id"
until_size "$(log_size)"
fetch "$mirrored/ko/feedback" >"$work/out"
prints "드론은 왜 없나요?"
prints "href=\"$origin/ko/feedback#ask\""
must office --data "$data" feedback-withhold "$id" --reason "ko=시험"
must office --data "$data" feedback-answer "$id" --text "ko=따로 알려 드립니다."
until_size "$(log_size)"
answer=$(fetch "$origin/log/entry/$(($(log_size) - 1))" | head -n 1 | jq -r .content.sha256)
same_page "/api/v1/feedback/$id"
same "the personal answer is not given to the copy" 0 \
	"$(register_sql "$copy" "SELECT count(*) FROM content WHERE lower(hex(sha256)) = '$answer'")"
status_of -d sure=1 "$origin/ko/feedback/$general/withdraw" >/dev/null
until_size "$(log_size)"
same "the question is gone" 0 \
	"$(register_sql "$copy" "SELECT count(*) FROM content WHERE lower(hex(sha256)) = '$sha256'")"
same "and said to be withdrawn" true "$(fetch "$mirrored/api/v1/feedback/$id" | jq .withdrawn)"

claim "a filing that is published later comes with its content, and is found by search"
key=$(ls "$data"/demo-keys/tourism*.key | head -n 1)
newest_record '.name.ko = "새로운 안내 시스템" | .name.en = "New guide"' "$work/record.json"
run file --server "$origin" --key "$key" --system new-guide --yes "$work/record.json"
exits 0
until_size "$(log_size)"
same_page /ko/systems/new-guide
must office --data "$data" approve new-guide
until_size "$(log_size)"
same_page /ko/systems/new-guide /en/systems/new-guide /ko/ "/ko/systems?q=안내"

claim "what the original erases, the copy erases"
entry=$(fetch "$origin/api/v1/systems/new-guide" | jq .published.filing)
sha256=$(fetch "$origin/log/entry/$entry" | head -n 1 | jq -r .content.sha256)
same "it is there" 1 "$(register_sql "$copy" "SELECT count(*) FROM content WHERE lower(hex(sha256)) = '$sha256'")"
must office --data "$data" erase "$sha256" --reason "ko=개인정보가 있었습니다."
until_size "$(log_size)"
same_page "/log/content/$sha256" /ko/systems/new-guide "/log/proof/$entry"
same "it is gone" 0 "$(register_sql "$copy" "SELECT count(*) FROM content WHERE lower(hex(sha256)) = '$sha256'")"

claim "a second process cannot have the same folder"
once
exits 7

claim "when the original is away the copy goes on, and says since when"
end_mirror
mirror --stale 1
stop_server
until_said " stale: "
request "$work/out" "$work/head" "$mirrored/ko/systems/tourism-recommender"
code=$reply
answers 200
end_mirror
once --stale 1 --json
exits 12
same "the finding" stale "$(jq -r .finding "$work/out")"
mirror # starts without the original, too
request "$work/out" "$work/head" "$mirrored/ko/"
code=$reply
answers 200

claim "once the original is back it is followed again"
serve_at "$data" "$port"
until_said " good: "
must office --data "$data" department-add library --name ko=도서관
until_size "$(log_size)"
end_mirror

# --- an original that lies: diverged copies of its folder, served in its place ---

stop_server
cp -r "$data" "$work/tiles" # for the last of them
rm -rf "$data"
small_city "$data" # the lies are of the same kind however much is told
copy=$work/small.copy
cp -r "$data" "$work/fork" # the same key, from here on another history
cp -r "$data" "$work/older"
serve_at "$data" "$port"
must office --data "$data" department-add museum --name ko=박물관
must office --data "$data" department-add archive --name ko=기록관
once
exits 0
size=$(log_size)
stop_server

hook() { # a webhook that fails once, then takes: what it took is in $work/hooked
	python3 - "$work/hook" "$work/hooked" <<'END' &
import http.server, sys
class H(http.server.BaseHTTPRequestHandler):
    tries = 0
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        H.tries += 1
        self.send_response(503 if H.tries == 1 else 204)
        self.end_headers()
        if H.tries > 1:
            open(sys.argv[2], "ab").write(body + b"\n")
    def log_message(self, *a):
        pass
s = http.server.HTTPServer(("127.0.0.1", 0), H)
open(sys.argv[1], "w").write("http://127.0.0.1:%d/" % s.server_port)
s.serve_forever()
END
	servers="$servers $!"
	for _ in $(seq 2400); do
		[ -s "$work/hook" ] && break
		pause
	done
	hook=$(cat "$work/hook")
}

claim "a rolled-back original is found, reported to the webhook, and not followed"
hook
serve_at "$work/older" "$port"
once --webhook "$hook"
exits 1
prints "rollback: "
same "what the webhook got" "rollback ai.gimhae.example/log" \
	"$(jq -r '"\(.finding) \(.origin)"' "$work/hooked")"
stop_server

claim "a second history is a fork: told once, kept as proof, and the good copy is served on"
serve_at "$work/fork" "$port"
for n in 1 2 3; do
	must office --data "$work/fork" department-add "forged-$n" --name ko=위조
done
once --json
exits 1
same "the finding" fork "$(jq -r .finding "$work/out")"
: >"$work/hooked"
mirror --webhook "$hook"
until_said " fork: "
sleep 2.5
same "times it was told" 1 "$(grep -c ' fork: ' "$work/mirror.err")"
same "times the webhook was called" 1 "$(wc -l <"$work/hooked")"
same "entries" "$size" "$(fetch "$mirrored/log/checkpoint" | sed -n 2p)"
page=$(fetch "$mirrored/ko/departments")
case $page in *위조*) fault "a forged page" ;; esac
case $page in *박물관*) ;; *) fault "the good page is gone" ;; esac
cmp -s "$copy/fork.checkpoint" <(fetch "$origin/log/checkpoint") || fault "the note was not kept"
end_mirror
stop_server
verify "$copy"
exits 0

claim "a fork of the same size, too"
cp -r "$work/older" "$work/same"
serve_at "$work/same" "$port"
for n in 1 2; do
	must office --data "$work/same" department-add "forged-$n" --name ko=위조
done
same "the size" "$size" "$(log_size)"
once
exits 1
prints "fork: "
stop_server

claim "another key is no checkpoint of this log"
must init --data "$work/other" --origin ai.gimhae.example/log
serve_at "$work/other" "$port"
once
exits 1
prints "not signed by the log's key"
once --key "@$work/other/log.vkey"
exits 5
stop_server

claim "a missing content is reported, the rest is taken over, and it comes when it is there again"
cp -r "$data" "$work/lossy"
lost=$(register_sql "$work/lossy" "SELECT v.sha256 FROM version v JOIN system s
	ON s.slug = v.system AND s.version = v.n WHERE s.slug = 'tourism-recommender'")
register_sql "$work/lossy" "CREATE TABLE kept AS SELECT * FROM content
	WHERE lower(hex(sha256)) = '$lost'; DELETE FROM content WHERE lower(hex(sha256)) = '$lost'"
serve_at "$work/lossy" "$port"
copy=$work/second
once --json
exits 1
same "the finding" "missing_content 1" "$(jq -r '"\(.finding) \(.missing)"' "$work/out")"
same "entries" "$(log_size)" "$(jq -r .size "$work/out")"
verify "$copy"
exits 1
prints "$lost"
stop_server
register_sql "$work/lossy" "INSERT INTO content SELECT * FROM kept; DROP TABLE kept"
serve_at "$work/lossy" "$port"
once
exits 0
verify "$copy"
exits 0
stop_server

claim "an entry that was changed is not taken over"
cp -r "$data" "$work/changed"
entry=$(register_sql "$work/changed" "SELECT min(idx) FROM entry WHERE idx >= 1
	AND instr(CAST(bytes AS TEXT), '\"by\":\"office\"')")
register_sql "$work/changed" "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT),
	'\"by\":\"office\"', '\"by\":\"0ffice\"') AS BLOB) WHERE idx = $entry"
serve_at "$work/changed" "$port"
copy=$work/third
once
exits 1
prints "entry $entry is not the one that was signed"
same "entries that were kept" 0 "$(register_sql "$copy" "SELECT count(*) FROM entry")"
stop_server

claim "nothing is taken over from under a tile that does not give the signed root"
jq -nc '{algoritmes: [range(10) | {id: "x\(.)", title: "Algoritme \(.)", organisatie: "Gemeente Één",
	doel: "Doel \(.)", status: "in_gebruik"}]}' >"$work/rows.json"
must import --data "$work/tiles" --profile nl-algoritmeregister "$work/rows.json" # over 256 entries: a whole tile
serve_at "$work/tiles" "$port"
register_sql "$work/tiles" "UPDATE tile SET bytes = CAST(x'00' || substr(bytes, 2) AS BLOB)
	WHERE level = 0 AND idx = 0" # under a server: one that starts finds it out itself
must office --data "$work/tiles" department-add gallery --name ko=미술관
copy=$work/tiles.copy
once
exits 1
prints "tile"
same "entries that were kept" 0 "$(register_sql "$copy" "SELECT count(*) FROM entry")"
stop_server

claim "wrong usage is told"
run mirror
exits 2
run mirror "$origin"
exits 2
run mirror "$origin" --data "$copy" --every 0
exits 2
run mirror "$origin" --data "$copy" --once --listen 127.0.0.1:0
exits 2
run mirror "$origin" --data "$data" --once
exits 5
says "no mirror"

finish
