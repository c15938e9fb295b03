#!/bin/bash
# A record's page answers citizens' questions in this order: what it is, whom it is for, what they can do; then
# its content, then the rules. The standard defines these questions and answers.
. "$(dirname "$0")/lib.sh"
demo
serve
page=/systems/civil-chatbot

places() { # texts …: all there, each after the one before
	python3 - "$work/body" "$@" <<-'END'
		import sys
		page, at = open(sys.argv[1], encoding="utf-8").read(), 0
		for text in sys.argv[2:]:
		    here = page.find(text, at)
		    if here < 0:
		        sys.exit("not there, or before what comes first: " + text)
		    at = here + 1
	END
}
fact() { # field -> its card as text
	python3 - "$work/body" "$1" <<-'END'
		import html, re, sys
		page = open(sys.argv[1], encoding="utf-8").read()
		card = re.search(r'<div class="fact[^>]*id="f-' + sys.argv[2] + r'">(.*?)\n</div>\n(?=<div class="fact|</section>)', page, re.S)
		print(re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", card[1]))).strip() if card else "")
	END
}

get /ko$page
check "what people ask is answered, with the standard's own term below" all \
	'is "개인정보를 쓰나요? 네. 누구인지 알 수 있는 정보를 씁니다. 개인정보 처리: 식별 가능" "$(fact personal_data)"' \
	'is "누가 쓰나요? 시민이 직접 씁니다. 주 이용자: 시민" "$(fact primary_users)"' \
	'is "누가 결정하나요? AI의 결과가 바로 적용됩니다. 사람은 일부만 골라 점검합니다. 최종 결정 주체: 일부만 사람이 점검" "$(fact automation_level)"'
check "how risky it is comes with one reason, of the city's own rules, and the way to the rest" all \
	'fact risk_category | grep -qF "이 등급인 까닭: 누구인지 알 수 있는 개인정보를 씁니다(‘개인정보 처리’). (김해시 AI 등록 기준) 자세히 보기"' \
	'is 1 "$(grep -c "class=\"hint reason\"" "$work/body")"'
check "a wrong result has a telephone that dials, and its hours" all \
	'body_has "<a href=\"tel:0550001100\">055-000-1100</a>"' \
	'fact objection_procedure | grep -qF "문의 시간 평일 9~18시"'
check "answers come first, then the content, then the rules, folded" places 'id="facts"' 'id="g-identity"' \
	'id="g-risk"' 'id="why"' '<details class="policy"' 'id="proof"'
check "foreign law says on its card that it does not bind this city" places '<summary><strong data-part="policy">유럽연합 AI법' \
	'이 시를 구속하지 않습니다' '</summary>'
check "the city's own rules say no such thing" is 1 "$(grep -c 구속하지 "$work/body")"
get /en$page
check "and so in English" all 'body_has "Yes. It uses data that shows who somebody is."' \
	'body_has "The level is this because:" "It does not bind this city"'
get /ko$page.md
check "Markdown says the same in the same order" places '## 먼저 알아 둘 것' '네. 누구인지' '개인정보 처리: 식별 가능' \
	'이 등급인 까닭' '[055-000-1100](<tel:0550001100>)' '## 기본 정보' '## 왜 이 등급인가'

# --- what a supplier said ---

mkdir "$work/told"
cat >"$work/told/profile.json" <<-'END'
	{"profile": "told", "input": "csv", "title": {"ko": "a", "en": "a"}, "retire_missing": false}
END
cat >"$work/told/map.jq" <<-'END'
	{id: .id, key: .id, key_if_repeated: .id, slug_hint: .id, department: {slug: "told", name: {ko: "부서", en: "Dept"}},
	dropped: [], record: {name: {ko: "이름", en: "Name"}, goal: {ko: "목적", en: "Goal"}, limitations: {ko: "밤"},
	supplier_statements: [{field: "limitations", supplier: "*A* <b>"}, {field: "goal", supplier: "B"}]}}
END
printf 'id\ntold\n' >"$work/told.csv"
stop
run import --data "$data" --profile "$work/told" "$work/told.csv"
serve
for lang in ko en; do
	[ $lang = ko ] && said='공급자(*A* &lt;b&gt;)가 밝힌 내용입니다' md='공급자(\*A\* \<b\>)가' || said='Stated by the supplier (*A* &lt;b&gt;)' md='supplier (\*A\* \<b\>)'
	for as_of in "" "?as-of=$(TZ=Asia/Seoul date +%F)"; do
		get "/$lang/systems/told$as_of"
		check "what a supplier said is marked at its field, $lang $as_of" all 'body_has "<p class=\"note stated\">$said"' \
			'is 2 "$(grep -o "note stated" "$work/body" | wc -l)"'
	done
	get "/$lang/systems/told.md"
	check "and in Markdown, $lang" body_has "$md"
done

# --- a standard from before it could say so ---

stop
"$GAYA" standard show --json --data "$data" | jq 'del(.asked_first) | del(.fields[].values[]?.answer)' >"$work/plain.json"
run standard adopt "$work/plain.json" --data "$data" --version "$(sql "SELECT max(version) FROM standard")"
check "a standard without questions and answers is adopted" is 0 "$status"
serve
get /ko$page
check "its page asks what it asked before, and is answered by labels with their help" all "status_is 200" \
	'is "개인정보를 쓰나요? 식별 가능 이름, 얼굴, 번호 등 누구인지 알 수 있는 정보를 씁니다." "$(fact personal_data)"' \
	'is "" "$(fact primary_users)"' 'places "id=\"f-primary_users\"" "주 이용자" "시민"'
all_done
