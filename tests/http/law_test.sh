#!/bin/bash
# The page about the whole city under Korea's Act 21392: its counts agree with the list, the records and the log.
. "$(dirname "$0")/lib.sh"
demo
serve

must export --data "$data" --profile kr-ai-service-list --base "$url" --out "$work/list.csv"
rows=$(python3 -c 'import csv, sys; print(sum(1 for _ in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline=""))))' "$work/list.csv")
check "the list's day of publication is the one since which the log has the assessment, not the claimed one" is "2026-10-12 2026-10-19" \
	"$(fetch "$url/api/v1/systems/traffic-signal-optimisation" | jq -r '.published.record.impact_assessments[1].published_on') $(
	python3 -c 'import csv, sys; print([r["공표일"] for r in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline="")) if r["공표일"]][0])' "$work/list.csv")"
hash=$(sha256sum "$work/list.csv" | cut -c -64)
figure() { # name of a message in English: its number on the page
	sed -n "s|.*<dt>$1</dt><dd[^>]*>\([0-9]*\)</dd>.*|\1|p" "$work/figures"
}

answers "the city under the law" /ko/law 200 "$html"
check "says how many services the list has" body_has "서비스 ${rows}건이 지금 목록에 있습니다"
get /en/law
sed 's|<div><dt>|\n&|g' "$work/body" >"$work/figures"
sum=0
for name in "Assessed and published" "To come" Overdue "Exempt, confirmed" "Exemption not confirmed" "Not owed" "Not answered yet"; do
	n=$(figure "$name")
	sum=$((sum + n))
done
check "each system that is not retired is in one of its figures" is "$(sql "SELECT count(*) FROM system WHERE version > 0 AND state <> 'retired'")" "$sum"
check "as many are left as have a day that nothing shows" is "$(sql "SELECT count(DISTINCT system) FROM due JOIN system s ON s.slug = due.system
	WHERE policy = 'kr-public-ai-act' AND duty LIKE 'krp.32.1%' AND NOT met AND s.state <> 'retired'")" \
	"$(($(figure "To come") + $(figure Overdue)))"
check "its officer is the one whom the records name" body_has "AI and data officer (Art 19)" "($rows AI systems)"
for page in /en/policies /en/about; do
	get $page
	check "$page leads there" body_has 'href="/en/law"'
done
get /en/policies/kr-public-ai-act
check "a level of the Act, which grades no risk, has none of the colours of risk" all 'body_has "Assessment owed"' 'body_lacks "badge risk-"'
get /en/systems/cctv-control
check "nor on a record, where a policy that grades has them" all 'body_has "<span class=\"badge\" data-part=\"policy-level\">Assessment owed" "badge risk-minimal\" data-part=\"policy-level\""'
answers "a slash too much is taken off" /ko/law/ 301 ""

get /en/law
check "what each department wrote of who answers for decisions is there, system by system" all \
	'body_has "The records of 10 services say who decides and answers for it" ">Show what each department wrote<"' \
	'is 10 "$(sed -n "/id=\"responsibility\"/,/<\/details>/p" "$work/body" | grep -o "<li>" | wc -l)"'
check "what was on the list and is retired is there, until when" body_has "Services that were on the list and are retired: 1" "· until "

# --- handed over ---

check "the office says that it handed the list over" office "{\"do\": \"list-submitted\", \"file\": \"$hash\", \"services\": $rows,
	\"to\": {\"ko\": \"행정안전부\", \"en\": \"the Ministry <of> the Interior\"}}"
get /ko/law
check "the page says when, to whom, with which file, and that nothing changed since" body_has "서비스 ${rows}건의 목록을 행정안전부에 제출했습니다" \
	"$hash" "그 뒤로 목록에서 달라진 것은 없습니다" 'href="/log/entry/'
listed=$(sql "SELECT count(*) FROM duty_event WHERE list = 'kr-ai-service-list'")
check "whoever owes the handing over has met it: all that are on the list, by the log or by their records" is "0 $rows" \
	"$(sql "SELECT count(*) FROM duty_event WHERE entry IS NULL AND NOT met") $listed"
sed -n '/30조1항.*제출\|제출.*30조1항/p' "$work/body" >"$work/row"
check "the duties' table counts them so" all 'contents "$work/row"' '[[ $contents == *"<td>$rows</td><td>$rows</td><td>0</td>"* ]]'
get /ko/systems/civil-kiosk
check "and a record says which event did" body_has "시가 목록을 제출함 <a href=\"/log/entry/" 
get /ko/law
get /en/feed.atom
check "the feed tells of it" body_has 'term="list.submitted"' "The list of AI services was handed over" "$hash" '/en/law#submitted' \
	"&lt;of&gt;"
check "a service is suspended, and another retired" all 'office "{\"do\": \"suspend\", \"system\": \"civil-kiosk\", \"reason\": {\"ko\": \"점검\"}}"' \
	'office "{\"do\": \"retire\", \"system\": \"smart-water\", \"reason\": {\"ko\": \"끝\"}}"'
get /ko/law
check "the page says how many and which of the list changed since" body_has "서비스 2건이 달라졌습니다: 새로 들어옴 0, 내용 바뀜 1, 빠짐 1" \
	'href="/ko/systems/civil-kiosk"' 'href="/ko/systems/smart-water"' "서비스 $((rows - 1))건이 지금 목록에" \
	"목록에 있다가 사용을 마친 서비스 2건"
check "an earlier time stays on the page" all \
	'office "{\"do\": \"list-submitted\", \"file\": \"$hash\", \"services\": $((rows - 1)), \"to\": {\"ko\": \"행정안전부\"}}"' \
	'get /ko/law' 'body_has "이전 제출 보기" "서비스 ${rows}건의 목록" "그 뒤로 목록에서 달라진 것은 없습니다"'

addresses() { # options of export …: whose rows the list has
	must export --data "$data" --profile kr-ai-service-list --format json --base "$url" "$@" --out "$work/list.json"
	jq -r '.services[].register_url' "$work/list.json"
}
addresses >"$work/now"
addresses --as-of 2026-02-28 >"$work/then"
came=$(comm -23 "$work/now" "$work/then" | wc -l)
went=$(comm -13 "$work/now" "$work/then" | wc -l)
check "of a day long ago, it counts what came to the list and left it since that day's end, as the exports of then and now have it" all \
	'office "{\"do\": \"list-submitted\", \"file\": \"$hash\", \"services\": 9, \"on\": \"2026-02-28\", \"to\": {\"ko\": \"행정안전부\"}}"' \
	'get /ko/law' '[ $came -gt 2 ]' 'body_has "2026. 2. 28.에" "새로 들어옴 $came," "빠짐 $went."'

# --- without the policy ---

version=$(sql "SELECT max(version) FROM policy WHERE id = 'kr-public-ai-act'")
check "the office retires the policy" office "{\"do\": \"policy-retire\", \"policy\": \"kr-public-ai-act\", \"version\": $version, \"reason\": {\"ko\": \"시험\"}}"
get /ko/law
check "the page says plainly that it cannot work out the rest, and shows the list" all \
	'body_has "채택하지 않았습니다" "서비스 $((rows - 1))건이 지금 목록에"' 'body_lacks "영향평가 (제32조)" "의무별 현황"'
must rebuild --data "$data"
all_done
