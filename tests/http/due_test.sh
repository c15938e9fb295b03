#!/bin/bash
# Due dates through the calendar: a register under Korea's Act on AI in public administration, with clocks from
# the eve of the Act to the day after its last date. Days begin and end in Seoul.
. "$(dirname "$0")/lib.sh"
travel

# --- a register on the eve of the Act: one system in use, one planned ---

on "2026-08-27 01:00:00"
make_small "$data"
kr=kr-public-ai-act
must policy adopt --data "$data" $kr
published() { # slug, jq program on the record: filed and approved as of now
	record "$2" "$work/record.json"
	serve
	must file --server "$url" --key "$data/demo-keys/tourism.key" --system "$1" --yes "$work/record.json"
	stop
	must office --data "$data" approve "$1"
}
facts='.assessments = {"'$kr'": {uses_ai: true, citizen_service: true, rights_policy_use: "unclear",
	decision_use: false, shares_training_data: false, exemption: "none"}}
	| del(.impact_assessments, .end_date)'
published in-use "$facts | .name.ko = \"쓰는 서비스\" | .status = \"in_use\" | .introduced_on = \"2024-05-01\" | .begin_date = \"2024-05\""
published begins "$facts | .name.ko = \"들여올 서비스\" | .status = \"in_use\" | .introduced_on = \"2027-03-01\" | .begin_date = \"2027-03\""

overdue() {
	curl -sS "$(sed -n 's/^gaya: metrics at //p' "$work/serve.out")" | sed -n "s/^gaya_duties_overdue //p"
}

days_are() { # "30일 남음", "오늘까지" or "1일 지남", days that are left
	local n=${1%%일*}

	case $1 in
	*남음) is "$n" "$2" ;;
	*지남) is "-$n" "$2" ;;
	*) is 0 "$2" ;;
	esac
}

# --- what is said, on each side of each border ---

says_on() { # "day time", record's words, in-use and begins: each "words|badge|list"
	local when=$1 slug words badge list
	shift
	on "$when"
	serve --metrics 127.0.0.1:0
	for slug in in-use begins; do
		IFS='|' read -r words badge list <<<"$1"
		shift
		get "/ko/systems/$slug"
		check "on $when the record $slug says: $words" all 'status_is 200' 'body_has "$words"'
		check "and its badge: ${badge:-none}" all \
			'if [ "$badge" ]; then body_has "data-part=\"duty-badge\">$badge<"; else body_lacks duty-badge; fi'
		get "/ko/systems"
		check "and so does the list" body_has "<p class=\"note\">의무 " "$words"
		get "/api/v1/systems/$slug"
		check "and the API, in days: ${words##*, }" days_are "${words##*, }" "$(jq .duty_days_left "$work/body")"
		for asked in overdue soon; do
			get "/api/v1/systems?duty=$asked"
			contents "$work/body"
			[ "$asked" = "$list" ] && wanted=yes || wanted=no
			[[ $contents == *"\"$slug\""* ]] && found=yes || found=no
			check "and it is among what is $asked: $wanted" is $wanted $found
		done
	done
}
says_on "2026-08-27 14:59:50" "기한 2028. 8. 28., 732일 남음||" "기한 2027. 2. 28., 185일 남음||"
stop
says_on "2026-08-27 15:00:10" "기한 2028. 8. 28., 731일 남음||" "기한 2027. 2. 28., 184일 남음||"
stop
says_on "2027-01-28 15:00:10" "기한 2028. 8. 28., 577일 남음||" "기한 2027. 2. 28., 30일 남음|의무 기한 다가옴|soon"
get /ko/feed.atom
check "the feed says what comes up, with its legal basis" body_has \
	"‘들여올 서비스’: 2027. 2. 28.까지 해야 할 일이 있습니다" "공공 AI법 32조1항" 'term="duty.soon"'
check "nothing is overdue in the numbers" is 0 "$(overdue)"
get /ko/
check "nor on the board of the first page" body_lacks "duty=overdue"
get /ko/law
check "the page about the city has what is due by days, the next first" body_has \
	"<p>AI 시스템 1개 · 기한 2027. 2. 28., 30일 남음</p>" "<p>AI 시스템 1개 · 기한 2028. 8. 28., 577일 남음</p>"
stop
says_on "2027-02-28 14:00:00" "기한 2028. 8. 28., 547일 남음||" "기한 2027. 2. 28., 오늘까지|의무 기한 다가옴|soon"
stop
says_on "2027-02-28 15:00:10" "기한 2028. 8. 28., 546일 남음||" "기한 2027. 2. 28., 1일 지남|의무 기한 지남|overdue"
get /en/systems/begins
check "in English, too, with the English half of the legal basis alone" all \
	'body_has "overdue since 28 February 2027, by 1 day<" "Act 21392 Art 32(1), Addenda Art 5"' 'body_lacks "부칙 5조"'
get /ko/systems/begins
check "and in Korean with the Korean half" all 'body_has "공공 AI법 32조1항, 부칙 5조"' 'body_lacks "Act 21392"'
get /ko/
check "the board of the first page says how many are, and leads to them" body_has \
	'<a href="/ko/systems?duty=overdue">기한이 지난 의무가 있는 AI 시스템 1개</a>'
get "/ko/systems?duty=overdue"
check "the list of what is overdue has it alone" all 'body_has "들여올 서비스"' 'body_lacks "쓰는 서비스"'
get /ko/feed.atom
check "the feed says that it is overdue" body_has \
	"‘들여올 서비스’: 2027. 2. 28.까지 해야 했지만 아직 기록에서 확인되지 않습니다" 'term="duty.overdue"'
check "and the numbers count it" is 1 "$(overdue)"
get "/ko/systems/begins?as-of=2027-02-27"
check "an earlier day has its own words" body_has "기한 2027. 2. 28., 1일 남음"
get /ko/systems/begins/versions/1
check "a version's page has the day alone" all 'body_has "기한 2027. 2. 28.</span>"' 'body_lacks "일 지남"'
run office --data "$data" waiting
claim "the office's list has it, through the running server"
exits 0
prints "  begins (tourism) overdue since 2027-02-28: krp.32.1:"
stop

# --- at midnight, without a restart ---

says_on "2028-08-28 14:59:55" "기한 2028. 8. 28., 오늘까지|의무 기한 다가옴|soon" "기한 2027. 2. 28., 547일 지남|의무 기한 지남|overdue"
claim "at midnight in Seoul the last day is over, and the same server says so"
until get /ko/systems/in-use && contents "$work/body" && [[ $contents == *"기한 2028. 8. 28., 1일 지남"* ]]; do
	[[ $contents == *"오늘까지"* ]] || break
done
[[ $contents == *"기한 2028. 8. 28., 1일 지남"* ]] || fault "neither today nor overdue"
check "in the numbers, too" is 3 "$(overdue)"

# --- what is done, or over ---

GAYA=$program
on "2028-08-29 01:00:00"
stop
published begins "$facts | .name.ko = \"들여올 서비스\" | .status = \"in_use\" | .introduced_on = \"2027-03-01\" | .begin_date = \"2027-03\"
	| .impact_assessments = [{kind: \"public_ai_impact_assessment\", date: \"2027-01-10\",
		published_on: \"2027-02-01\", url: \"https://ai.gimhae.example/a\", summary: {ko: \"요약\", en: \"Summary\"}}]"
must office --data "$data" retire in-use --reason "ko=그만 씁니다." --reason "en=Out of use."
serve --metrics 127.0.0.1:0
get /ko/systems/begins
check "its assessment, which it claims to have published in time, is in the log since this day" body_has \
	"기록에 적힌 공표일 2027. 2. 1., 로그에는 2028. 8. 29.부터 있습니다."
get /en/systems/begins
check "in English, too" body_has "Published on: claimed 1 February 2027; in the log since 29 August 2028."
get /en/systems/begins.json
jq '.record + .judged.given["kr-public-ai-act"]' "$work/body" | jq -cS -f policies/$kr/rule.jq >"$work/stock"
check "and stock jq says what the page says, by that day" is "$(cat "$work/stock")" \
	"$(jq -cS '.judged.judgement.policies[0] | del(.policy, .version, .sha256, .risk)' "$work/body")"
get /ko/systems/begins
check "what its record shows to be done is no longer overdue" all 'body_lacks duty-badge' 'body_lacks "일 지남"'
get /ko/systems/in-use
check "nor is what a retired system owed" all 'body_lacks duty-badge' 'body_lacks "일 지남"'
get "/api/v1/systems?duty=overdue"
check "no system is overdue" is 0 "$(jq .total "$work/body")"
check "in the numbers neither" is 0 "$(overdue)"
all_done
