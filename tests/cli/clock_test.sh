#!/bin/bash
# A clock that was ahead once: what a start says, how to go on, and what readers are told.
. "$(dirname "$0")/lib.sh"
for tool in faketime sqlite3 script; do
	command -v $tool >/dev/null || { echo "$tool is needed (make deps-test)"; exit 1; }
done
fast # a library that is loaded before all others, and AddressSanitizer, exclude each other

data=$work/data
must init --data "$data" --origin clock.example/log
add() { # slug, of the clock
	faketime -f "$2" "$GAYA" office --data "$data" department-add "$1" --name "ko=$1" --name "en=$1" \
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
same "its time is told" '"'"$(sqlite3 -readonly "$data/register.db" "SELECT at FROM folded")"'"' "$(jq .newest_at "$work/out")"
[ "$(jq -r .ahead_of "$work/out")" != null ] || fault "nothing is ahead"

claim "with the clock right again the server does not start, nor is anything written, and it says how to go on"
run serve --data "$data" --listen 127.0.0.1:0
exits 5
says "one of the two is ahead. Set the clock right"
says "--clock-was-ahead"
run office --data "$data" department-add later --name ko=나중 --name en=Later
exits 5
says "one of the two is ahead"
same "departments" ahead "$(sqlite3 -readonly "$data/register.db" "SELECT group_concat(slug) FROM department")"

claim "started with --clock-was-ahead it takes what the office writes"
: >"$work/served"
"$GAYA" serve --data "$data" --listen 127.0.0.1:0 --clock-was-ahead >"$work/served" 2>"$work/served.err" &
server=$!
servers="$servers $server"
until grep -q '^gaya: serving at' "$work/served"; do
	kill -0 $server 2>/dev/null || break
	sleep 0.05
done
run office --data "$data" department-add later --name ko=나중 --name en=Later
exits 0
stop_server

claim "once that time has come it starts as ever"
add then +25h
exits 0

claim "who sits at a terminal is asked about a clock that is far ahead of the last entry, and no writes nothing"
size=$(sqlite3 -readonly "$data/register.db" "SELECT count(*) FROM entry")
command="faketime -f +40d '$GAYA' office --data '$data' department-add far --name ko=먼 --name en=Far"
echo n | script -qec "$command" /dev/null >"$work/out" 2>&1
prints "Is the clock right?"
prints "nothing was written: set the clock right"
same "entries" "$size" "$(sqlite3 -readonly "$data/register.db" "SELECT count(*) FROM entry")"
echo y | script -qec "$command" /dev/null >"$work/out" 2>&1
same "entries" "$((size + 1))" "$(sqlite3 -readonly "$data/register.db" "SELECT count(*) FROM entry")"

claim "the clocks of a day's work are nobody's warning"
must init --data "$work/plain" --origin clock.example/log
run verify "$work/plain"
exits 0
prints_not "Warning: the register's clock"
finish
