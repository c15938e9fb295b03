#!/bin/bash
# Pending and overdue work in the metrics.
. "$(dirname "$0")/lib.sh"
demo
watched() { # options of serve …
	serve --metrics 127.0.0.1:0 "$@"
	metrics=$(sed -n 's/^gaya: metrics at //p' "$work/serve.out")
}
metric() { fetch "$metrics" | sed -n "s/^gaya_$1 //p"; }
open="answered_at IS NULL AND erased_entry IS NULL AND state IN ('received', 'published')"
count() { sql "SELECT count(*) FROM feedback WHERE $open ${1:-}"; }
must_office() {
	"$GAYA" office --data "$data" "$@" >"$work/out" 2>&1 || { cat "$work/out"; return 1; }
}

watched
late=$(count "AND date(at, '+9 hours', '+14 days') < date('now', '+9 hours')")
check "every question without an answer counts, and late is the one whose day is over" all \
	'is "$(count)" "$(metric questions_unanswered)"' 'is "$late" "$(metric questions_overdue)"' \
	'is 0 "$(metric questions_undecided)"'
ask /ko/feedback text="버스는 언제 오나요?"
check "one that comes in waits to be decided on and answered, and is not late" all \
	'is 1 "$(metric questions_undecided)"' 'is "$(count)" "$(metric questions_unanswered)"' \
	'is "$late" "$(metric questions_overdue)"'
id=$(sql "SELECT id FROM feedback ORDER BY entry DESC LIMIT 1")
office "{\"do\": \"feedback-withhold\", \"feedback\": \"$id\", \"reason\": {\"ko\": \"광고\", \"en\": \"Spam\"}}" >/dev/null
check "one that is withheld does not wait for an answer in public" all \
	'is 0 "$(metric questions_undecided)"' 'is "$(count)" "$(metric questions_unanswered)"'
check "the office gives itself a year" must_office register-change --answer-days 365 --yes
check "then none is late" is 0 "$(metric questions_overdue)"

check "no filing waits" all 'is 0 "$(metric filings_waiting)"' 'is "" "$(metric filing_oldest_seconds)"'
department=$(sql "SELECT department FROM system WHERE slug = 'tourism-recommender'")
"$GAYA" key new --origin $origin --department "$department" --out "$work/key" >"$work/vkey" 2>/dev/null
check "a department may sign" must_office key-grant "$department" "$(cat "$work/vkey")"
jq -c '[.history[] | select(.do == "file")] | reduce .[] as $f ({}; if $f.record then $f.record else . + $f.change end)
	| .name.en = "Another name" | .name.ko = "다른 이름"' demo/systems/tourism-recommender.json >"$work/record.json"
file() {
	"$GAYA" file --server "$url" --key "$work/key" --system tourism-recommender "$work/record.json" --yes >"$work/out" 2>&1 ||
		{ cat "$work/out"; return 1; }
}
check "it files" file
check "then one filing waits, since a moment ago" all 'is 1 "$(metric filings_waiting)"' \
	'[ "$(metric filing_oldest_seconds)" -lt 3600 ]'
check "the server stops" stop

# What a review's day does when it is over, on a clock two years ahead.
clock_program +730d "$GAYA_FAST" "$work/later"
is_now=$GAYA
GAYA=$work/later
watched
GAYA=$is_now
get "/api/v1/systems?review=overdue"
check "two years later, reviews are overdue" all 'is "$(jq .total "$work/body")" "$(metric reviews_overdue)"' \
	'[ "$(metric reviews_overdue)" -gt 0 ]'
check "and the filing waits since then" [ "$(metric filing_oldest_seconds)" -gt 63000000 ]
all_done
