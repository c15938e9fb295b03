#!/bin/bash
# docs/audit.md, step by step as an auditor would type it, against the demo city: its statements are true, and
# the commands fail if the register lies.
. "$(dirname "$0")/../cli/lib.sh"

sed -n '/^```sh$/,/^```$/p' docs/audit.md | sed 's/^```sh$/: step/; /^```$/d' >"$work/guide.sh"
guide() { # sets $status, $work/out, $work/err
	rm -rf "$work/auditor"
	mkdir "$work/auditor"
	(cd "$work/auditor" && URL=$url exec bash -euo pipefail "$work/guide.sh") >"$work/out" 2>"$work/err"
	status=$?
}

must init --data "$work/data" --origin ai.gimhae.example/log --demo
serve "$work/data"
# A department whose clock is four minutes late: its entry lags behind the one before, as it may.
must office --data "$work/data" department-add library --name ko=도서관 --name en=Library
newest_record '.name.ko = "늦은 시계"' "$work/late.json"
by_clock -4m "$GAYA" file --server "$url" --key "$(echo "$work"/data/demo-keys/tourism*.key)" \
	--system late-clock --yes "$work/late.json" >"$work/out" 2>"$work/err"
status=$?
claim "an entry of a department's late clock is taken, and lies behind the entry before it"
exits 0
same "the order of the two" late "$(curl -s "$url/log/entry/$(($(log_size) - 1))" "$url/log/entry/$(($(log_size) - 2))" |
	grep '^{' | jq -rs 'if .[0].at < .[1].at then "late" else "in order" end')"
claim "every command of the auditor's guide does what it says on the demo city"
guide
exits 0
prints "2026-09-30 https://www.gimhae.example/ai/traffic-signal-assessment in the log since 2026-10-19T05:25:24Z, version 4; claimed: 2026-10-12"
same "steps" 13 "$(grep -c '^: step' "$work/guide.sh")"
same "signatures" 3 "$(grep -c 'Signature Verified Successfully' "$work/out")"
prints "is in the signed tree of $(log_size)"
prints "content: OK"
prints "times are in order"
size=$(log_size)
stop_server
sql() {
	register_sql "$work/data" -readonly "$1"
}
filing=$(sql "SELECT filing FROM version WHERE system = 'tourism-recommender' ORDER BY n DESC LIMIT 1")
decision=$(sql "SELECT entry FROM version WHERE system = 'civil-kiosk' AND n = 1")

claim "after two changes of keys they lead an auditor who knows the first key to the last"
rm -rf "$work/rotated"
cp -r "$work/data" "$work/rotated"
for word in a b; do
	must key rotate --data "$work/rotated" begin
	must office --data "$work/rotated" department-add $word --name ko=$word --name en=$word
	must key rotate --data "$work/rotated" finish --early
done
must key rotate --data "$work/rotated" begin # and while two keys sign
serve "$work/rotated"
sed "s,^cp vkey trusted.*,cp '$work/data/log.vkey' trusted," "$work/guide.sh" >"$work/honest.sh"
cp "$work/guide.sh" "$work/as-written.sh"
cp "$work/honest.sh" "$work/guide.sh"
guide
exits 0
same "signatures" 5 "$(grep -c 'Signature Verified Successfully' "$work/out")"
same "contents" 2 "$(grep -c '^statement.content: OK' "$work/out")"
cp "$work/as-written.sh" "$work/guide.sh"
stop_server

lie() { # what, SQL, what the guide then says
	claim "with $1 the guide's commands fail"
	rm -rf "$work/lying"
	cp -r "$work/data" "$work/lying"
	register_sql "$work/lying" "$2"
	serve "$work/lying"
	guide
	[ "$status" -ne 0 ] || fault "they pass"
	grep -qF -e "$3" "$work/out" "$work/err" || fault "not said: $3; $(tail -n 3 "$work/out" "$work/err")"
	stop_server
}
# The office's own words about another system: only making the whole tree again can tell.
lie "a changed entry" "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'office', 'offibe') AS BLOB)
	WHERE idx = $decision" "$size "
lie "a changed filing" "UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'tourism', 'toarism') AS BLOB)
	WHERE idx = $filing" "not in the tree"
lie "a changed record" "UPDATE content SET bytes = CAST(replace(CAST(bytes AS TEXT), 'Personal travel', 'Imperial travel') AS BLOB)
	WHERE lower(hex(sha256)) = (SELECT sha256 FROM filing WHERE entry = $filing)" "content: FAILED"
finish
