#!/bin/bash
# What a city may change by hand in a policy, changed as its README says, with stock jq.
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

sed 's/^def obvious_ai_is_still_marked: true;$/def obvious_ai_is_still_marked: false;/' $kr/rule.jq >"$work/obvious.jq"
answers $kr "$work/obvious.jq" >"$work/obvious"
sed 's/^def high_impact_inside_owes_all: true;$/def high_impact_inside_owes_all: false;/' $kr/rule.jq >"$work/inside.jq"
answers $kr "$work/inside.jq" >"$work/inside"
loses_only() { # file of answers, duties that some of them lose
	local n
	n=$(paste -d '\n' "$work/guidance" "$1" | jq -cn --argjson may "$2" "[inputs] as \$all
		| [range(0; \$all | length; 2) | [\$all[.], \$all[. + 1]] | select(.[0] != .[1])
			| (.[0].duties | map(.id)) - (.[1].duties | map(.id)) | (. != [] and . - \$may == [])]
		| if all then length else 0 end")
	[ "$n" -ge 1 ]
}
check "marks on obvious AI may be left out, as the Decree lets them be, and nothing else goes" \
	loses_only "$work/obvious" '["kr.31.2", "kr.31.3"]'
check "high-impact AI used inside alone may be read to owe no provider's duties, and keeps the others" \
	loses_only "$work/inside" '["kr.34", "kr.35", "kr.35.vulnerable"]'

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

# The Act on AI- and data-based administration: what the text leaves open, each reading one word.
krp=kr-public-ai-act
readings='gap_reading month_is_read_strictly same_day_is_late published_beforehand
trial_may_end_on_the_anniversary existing_may_be_exempt retirement_lifts'
answers $krp $krp/rule.jq >"$work/as_read"

read_as() { # reading, value: the answers with that word changed
	sed "s/^def $1: [^;]*;\$/def $1: $2;/" $krp/rule.jq >"$work/other.jq"
	answers $krp "$work/other.jq" >"$work/other"
	[ "$(diff $krp/rule.jq "$work/other.jq" | grep -c '^>')" = 1 ]
}
# Of the answers that differ, before and after by the program $1; none but these differ.
moves() { # what to look at, how many differ at least
	local n
	n=$(paste -d '\n' "$work/as_read" "$work/other" | jq -cn "[inputs] as \$all
		| [range(0; \$all | length; 2) | [\$all[.], \$all[. + 1]] | select(.[0] != .[1])]
		| if map($1) | all then length else 0 end")
	[ "$n" -ge "$2" ]
}
all_in_the_readme() {
	local reading value
	for reading in $readings; do
		value=$(sed -n "s/^def $reading: \(.*\);\$/\1/p" $krp/rule.jq)
		[ "$(grep -c -- "^- \`$reading: $value\` " $krp/README.md)" = 2 ] || return 1
	done
}
check "README.md gives each reading with its word and its reason, in both languages" all_in_the_readme
check "there are no readings but these" \
	[ "$(sed -n '/READINGS/,/Days of the law/s/^def \([a-z0-9_]*\): .*;$/\1/p' $krp/rule.jq | xargs)" = "$(echo $readings)" ]
due_of_gap='.[0].level == .[1].level and (.[0].duties | map(.id)) == (.[1].duties | map(.id))
	and (.[1].duties | map(.due // empty) | unique) == ["2029-02-28"]
	and if .[0].level == "gap" then .[1].due == "2029-02-28" and .[1].reasons != .[0].reasons
		else .[0].level == "unconfirmed" end'
read_as gap_reading '"art32_start"'
check "between the dates, two years of Article 32 move the due date and say so" moves "$due_of_gap" 12
read_as gap_reading '"none"'
check "between the dates, the statute's words alone ask for no assessment" moves \
	'.[1].due == null and (.[1].duties | map(has("due")) | any | not)
		and (.[1].duties | map(.id) | contains(["krp.32.1"]) | not)' 8
read_as month_is_read_strictly false
check "read loosely, the two months on a border lie between the dates" moves '.[1].level == "gap"' 2
read_as same_day_is_late false
check "an assessment on the very day may be read as in time" moves '.[0].standing == "done_late" and .[1].standing == "done"' 1
read_as published_beforehand true
check "a result may be asked for beforehand, too" moves '.[1].reasons[0].rule == "krp.new"
	and (.[1].duties | map(select(.id == "krp.32.1.publish") | has("due")) | all)' 8
read_as trial_may_end_on_the_anniversary true
check "a trial may be read to end on its anniversary" moves '.[0].level == "assess" and .[1].level == "exempt"' 1
read_as existing_may_be_exempt false
check "exemptions may be read to leave out what was in use before" moves '.[1].level == "assess"' 2
read_as retirement_lifts false
check "what was retired before its due date may be read to owe all the same" moves '.[0].level == "out" and .[1].level != "out"' 3

echo "1..$n"
exit $failed
