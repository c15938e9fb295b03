#!/bin/bash
# After a clock was ahead once: what a start says, how to continue, and what readers learn.
. "$(dirname "$0")/lib.sh"
for tool in sqlite3 script; do
	command -v $tool >/dev/null || { echo "$tool is needed (make deps-test)"; exit 1; }
done
fast

data=$work/data
must init --data "$data" --origin clock.example/log
add() { # slug, of the clock
	by_clock "$2" "$GAYA" office --data "$data" department-add "$1" --name "ko=$1" --name "en=$1" \
		>"$work/out" 2>"$work/err" </dev/null
	status=$?
}

claim "an entry of tomorrow is written by a clock that is ahead, and verify tells of it"
add ahead +1d
exits 0
run verify "$data"
exits 0
prints "Warning: the register's clock was ahead. The latest time among its entries is"
run verify "$data" --json
same "its time is told" '"'"$(register_sql "$data" -readonly "SELECT at FROM folded")"'"' "$(jq .newest_at "$work/out")"
[ "$(jq -r .ahead_of "$work/out")" != null ] || fault "nothing is ahead"

claim "with the clock right again the server does not start, nor is anything written, and it says how to go on"
run serve --data "$data" --listen 127.0.0.1:0
exits 5
says "one of the two is ahead. Set the clock right"
says "--clock-was-ahead"
run office --data "$data" department-add later --name ko=나중 --name en=Later
exits 5
says "one of the two is ahead"
same "departments" ahead "$(register_sql "$data" -readonly "SELECT group_concat(slug) FROM department")"

claim "started with --clock-was-ahead it takes what the office writes"
: >"$work/served"
"$GAYA" serve --data "$data" --listen 127.0.0.1:0 --clock-was-ahead >"$work/served" 2>"$work/served.err" &
server=$!
servers="$servers $server"
until grep -q '^gaya: serving at' "$work/served"; do
	kill -0 $server 2>/dev/null || break
	pause
done
run office --data "$data" department-add later --name ko=나중 --name en=Later
exits 0
stop_server

claim "once that time has come it starts as ever"
add then +25h
exits 0

claim "who sits at a terminal is asked about a clock that is far ahead of the last entry, and no writes nothing"
size=$(register_sql "$data" -readonly "SELECT count(*) FROM entry")
clock_program +40d "$GAYA" "$work/later"
command="'$work/later' office --data '$data' department-add far --name ko=먼 --name en=Far"
echo n | script -qec "$command" /dev/null >"$work/out" 2>&1
prints "Is the clock right?"
prints "nothing was written: set the clock right"
same "entries" "$size" "$(register_sql "$data" -readonly "SELECT count(*) FROM entry")"
echo y | script -qec "$command" /dev/null >"$work/out" 2>&1
same "entries" "$((size + 1))" "$(register_sql "$data" -readonly "SELECT count(*) FROM entry")"

claim "a script, which nobody can ask, writes nothing then, unless it says that the clock is right; it reads as ever"
moved() { # command…: by a clock that is far ahead of the last entry
	by_clock +80d "$GAYA" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}
size=$(register_sql "$data" -readonly "SELECT count(*) FROM entry")
moved office --data "$data" department-add script --name ko=스크립트 --name en=Script
exits 5
says "if it is, say so with --clock-is-right"
moved policy adopt gimhae --data "$data"
exits 5
says "--clock-is-right"
moved office --data "$data" waiting
exits 0
same "entries" "$size" "$(register_sql "$data" -readonly "SELECT count(*) FROM entry")"
moved office --data "$data" department-add script --name ko=스크립트 --name en=Script --clock-is-right
exits 0
same "entries" "$((size + 1))" "$(register_sql "$data" -readonly "SELECT count(*) FROM entry")"

claim "a server whose clock jumps writes nothing, says why wherever one looks, and goes on when it is right again"
must init --data "$work/jump" --origin clock.example/log
move() { # clock offset: of a running process, at once
	echo "$2" >"$1.new"
	mv "$1.new" "$1"
}
by_moved_clock() { # clock command…: by a clock that move() sets
	exec env LD_PRELOAD="$clock_library" FAKETIME_TIMESTAMP_FILE="$1" FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 "${@:2}"
}
serve_jump() { # before…: serves the register, until it can be asked
	: >"$work/served"
	"$@" "$GAYA" serve --data "$work/jump" --listen 127.0.0.1:0 --metrics 127.0.0.1:0 >"$work/served" 2>"$work/served.err" &
	server=$!
	servers="$servers $server"
	until grep -q '^gaya: metrics at' "$work/served"; do
		kill -0 $server 2>/dev/null || break
		pause
	done
	url=$(sed -n 's/^gaya: serving at //p' "$work/served")
	metrics=$(sed -n 's/^gaya: metrics at //p' "$work/served")
}
clock=$work/jump/tmp/clock
serve_jump by_moved_clock "$clock"
move "$clock" +2d
run office --data "$work/jump" department-add later --name ko=나중 --name en=Later
exits 7
says "was set forward by 28"
says "restart gaya"
same "of a question" 503 "$(curl -s -o "$work/out" -w '%{http_code}' "$url/en/feedback" -d 'text=How long do you keep it?')"
prints "Because the clock of its machine is wrong"
prints "How long do you keep it?"
same "health" "clock 503" "$(curl -s -w '%{http_code}' "$url/healthz" | sed 's/.*"status":"\([a-z]*\)".*}/\1 /')"
same "seconds" "$((2 * 86400))" "$(fetch "$metrics" | sed -n 's/^gaya_clock_jump_seconds //p' | sed 's/^172[78][0-9][0-9]$/172800/')"
grep -q 'security: kind=clock' "$work/served.err" || fault "$(cat "$work/served.err")"
move "$clock" -3h
run office --data "$work/jump" department-add later --name ko=나중 --name en=Later
exits 7
says "was set back by 1"
move "$clock" +0
run office --data "$work/jump" department-add later --name ko=나중 --name en=Later
exits 0
same "health" 200 "$(status_of "$url/healthz")"
stop_server

claim "a witness whose clock jumps cosigns nothing, says why, and goes on when it is right again"
mkdir -p "$work/witness"
must witness new --name w.example --out "$work/witness/key"
cp "$work/out" "$work/witness/vkey"
printf '%s\n' "listen 127.0.0.1:0" "key key" "state witness.db" "log $(cat "$work/jump/log.vkey")" >"$work/witness/conf"
clock=$work/witness/clock
move "$clock" +0
: >"$work/witness/out"
by_moved_clock "$clock" "$GAYA" witness --config "$work/witness/conf" >"$work/witness/out" 2>"$work/witness/err" &
witness=$!
servers="$servers $witness"
until grep -q '^gaya: .* at http:' "$work/witness/out"; do
	kill -0 $witness 2>/dev/null || break
	pause
done
echo "witness w $(cat "$work/witness/vkey") $(sed -n 's/^gaya: .* at \(http:.*\)$/\1/p' "$work/witness/out")
quorum w" >"$work/jump/witness.policy"
is_met() { # 0 or 1: waits until the newest checkpoint has the cosignature, or the witness refused it
	for _ in $(seq 2400); do
		[ "$(fetch "$metrics" | sed -n 's/^gaya_quorum_met //p')" = "$1" ] && return
		pause 0.1
	done
	fault "the quorum is not $1: $(cat "$work/served.err")"
}
serve_jump
is_met 1
move "$clock" +2d
must office --data "$work/jump" department-add early --name ko=이른 --name en=Early
until grep -q 'witness w does not cosign: it answers with status 503' "$work/served.err"; do
	kill -0 $server 2>/dev/null || break
	pause
done
is_met 0
grep -q 'security: kind=clock' "$work/witness/err" || fault "$(cat "$work/witness/err")"
move "$clock" +0
must office --data "$work/jump" department-add right --name ko=바른 --name en=Right
is_met 1
stop_server
kill $witness
wait $witness

claim "a server that starts long after the last entry asks whether the clock is right, and a number says how long"
serve_at() { # offset
	: >"$work/served"
	LD_PRELOAD=$clock_library FAKETIME=$1 "$GAYA" serve --data "$work/plain" --listen 127.0.0.1:0 --metrics 127.0.0.1:0 \
		>"$work/served" 2>"$work/served.err" &
	server=$!
	servers="$servers $server"
	until grep -q '^gaya: metrics at' "$work/served"; do
		kill -0 $server 2>/dev/null || break
		pause
	done
	seconds=$(fetch "$(sed -n 's/^gaya: metrics at //p' "$work/served")" | sed -n 's/^gaya_newest_entry_seconds //p')
	stop_server
}
must init --data "$work/plain" --origin clock.example/log
serve_at +9d
grep -q 'is the clock right? It says .* the newest entry is of ' "$work/served.err" || fault "$(cat "$work/served.err")"
[ "$seconds" -ge $((9 * 86400)) ] || fault "\"$seconds\" seconds"
serve_at +7d
grep -q 'is the clock right' "$work/served.err" && fault "$(cat "$work/served.err")"
rm -r "$work/plain"

claim "the clocks of a day's work are nobody's warning"
must init --data "$work/plain" --origin clock.example/log
run verify "$work/plain"
exits 0
prints_not "Warning: the register's clock"
finish
