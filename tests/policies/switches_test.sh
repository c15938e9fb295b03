#!/bin/bash
# What a city may change in a policy by hand, changed as its README says, with stock jq.
cd "$(dirname "$0")/../../policies" || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
n=0
failed=0

check() { # sentence, command …
	local name=$1
	shift
	n=$((n + 1))
	if "$@"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		failed=1
	fi
}

# A policy's answer to each of its cases, with one program or another.
answers() { # policy, program
	jq -c --arg id "$1" '.[] | .record // {assessments: {($id): .facts}}' "$1/cases.json" |
		jq -c -f "$2"
}

kr=kr-ai-basic-act
sed 's/^def human_final_decision_lifts: true;$/def human_final_decision_lifts: false;/' \
	$kr/rule.jq >"$work/statute.jq"
answers $kr $kr/rule.jq >"$work/guidance"
answers $kr "$work/statute.jq" >"$work/statute"

levels() { jq -c '[.level, .reasons[0].rule]' "$1"; }
review_is_high() {
	levels "$work/guidance" | sed 's/\["review","kr.area_only"\]/["high","kr.high"]/' |
		cmp - <(levels "$work/statute")
}
holds() { # file of answers, what must be true of all of them
	jq -se "$2" "$1" >/dev/null
}
check "the switch is one line" \
	[ "$(diff $kr/rule.jq "$work/statute.jq" | grep -c '^>')" = 1 ]
check "some cases are under review by the guidance" \
	[ "$(jq -s 'map(select(.level == "review")) | length' "$work/guidance")" -ge 3 ]
check "by the statute alone all that was under review is high, and nothing else changes" \
	review_is_high
check "what is high by the statute alone owes the five measures" \
	holds "$work/statute" \
	'map(select(.level == "high") | .duties | map(.id) | contains(["kr.34", "kr.35", "kr.30.4"])) | all'
check "nothing is presumed where nothing is lowered" \
	holds "$work/statute" 'map(.reasons[] | has("presumed")) | any | not'
check "what the human decision lowers is presumed high, and nothing else is" \
	holds "$work/guidance" 'map(.level == "review" and .reasons[0].presumed == "high"
		or .level != "review" and (.reasons[0] | has("presumed") | not)) | all'

sed 's/^\(def review_months: .*\)"limited": 12/\1"limited": 9/' gimhae/rule.jq >"$work/sooner.jq"
answers gimhae gimhae/rule.jq >"$work/months"
answers gimhae "$work/sooner.jq" >"$work/sooner"
only_months_differ() {
	sed 's/"review_months":12/"review_months":9/' "$work/months" | cmp - "$work/sooner"
}
check "the months between reviews are one table" \
	[ "$(diff gimhae/rule.jq "$work/sooner.jq" | grep -c '^>')" = 1 ]
check "some cases are reviewed every twelve months" \
	[ "$(grep -c '"review_months":12' "$work/months")" -ge 3 ]
check "a changed month moves the reviews of that level, and nothing else changes" only_months_differ

echo "1..$n"
exit $failed
