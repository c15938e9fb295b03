#!/bin/bash
# A mirror is killed during its first copy of thousands of entries, and while it follows.
. "$(dirname "$0")/../cli/mirror_lib.sh"

claim "killed again and again in the middle of a large first look, it goes on where it was"
jq -nc '{algoritmes: [range(2000) | {id: "x\(.)", title: "Algoritme \(.)", organisatie: "Gemeente Één",
	doel: "Doel \(.)", status: "in_gebruik"}]}' >"$work/rows.json"
must import --data "$data" --profile nl-algoritmeregister "$work/rows.json"
size=$(log_size)
[ "$size" -gt 4000 ] || fault "only $size entries"
came() { # entries that are in the copy by now
	sqlite3 "$copy/register.db" "SELECT count(*) FROM entry" 2>/dev/null || echo 0
}
kills=0
before=0
wait=300 # milliseconds; what "the middle" is depends on the machine, so it is felt for
for _ in $(seq 40); do
	"$GAYA" mirror "$origin" --data "$copy" --once >/dev/null 2>&1 &
	killed=$!
	sleep "$(printf '%d.%03d' $((wait / 1000)) $((wait % 1000)))"
	kill -9 $killed 2>/dev/null
	wait $killed 2>/dev/null
	n=$(came)
	[ "$n" -ge "$before" ] || fault "it went back from $before to $n entries"
	if [ "$n" -eq "$size" ]; then
		rm -r "$copy"
		n=0
		wait=$((wait * 2 / 3))
	elif [ "$n" -eq "$before" ]; then
		wait=$((wait < 4000 ? wait * 6 / 5 : wait))
	else
		kills=$((kills + 1))
		[ $kills -eq 2 ] && break
	fi
	before=$n
done
[ $kills -ge 1 ] || fault "it was never killed in the middle"
once
exits 0
prints "good: $size entries"
verify "$copy"
exits 0

claim "killed while it follows, it still has the last good state, and goes on"
mirror
for n in 1 2 3 4 5; do
	must office --data "$data" department-add "branch-$n" --name ko=분소
	sleep 0.3
	kill -9 $follower
	wait $follower 2>/dev/null
	mirror
done
until_size "$(log_size)"
same_page /ko/departments /log/checkpoint $(every_tile | tail -n 8)
end_mirror
verify "$copy"
exits 0

stop_server
finish
