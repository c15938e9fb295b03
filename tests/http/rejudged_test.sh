#!/bin/bash
# A record from before Korea's Act on AI in public administration, judged under four policies, and again when
# the city adopts the fifth: the office's list shows exactly the changes.
. "$(dirname "$0")/lib.sh"
travel
list() { # what the office sees, to $work/out
	run office --data "$data" waiting "$@"
	exits 0
}

# --- four policies, before the Act ---

on "2026-08-20 01:00:00"
make_small "$data"
must office --data "$data" retire tourism-recommender --reason "ko=다른 기록으로 나눕니다." --reason "en=Split in two."
for id in gimhae kr-ai-basic-act eu-ai-act canada-aia; do
	must policy adopt --data "$data" $id
done
jq -c '[.history[] | .record // .change // empty] | add
	| .assessments["canada-aia"] = {projectDetailsPhase: "item1"}
	| .introduced_on = "2024-05-01" | .begin_date = "2024-05" | del(.end_date, .impact_assessments, .government_list, .ai_officer)' \
	demo/systems/tourism-recommender.json >"$work/full.json"
published() { # slug, jq program on the record: filed and approved as of now
	jq "$2" "$work/full.json" >"$work/record.json"
	serve
	must file --server "$url" --key "$data/demo-keys/tourism.key" --system "$1" --yes "$work/record.json"
	stop
	must office --data "$data" approve "$1"
}
published answered .
published silent 'del(.assessments["kr-public-ai-act"]) | .name.ko = "답하지 않은 서비스"'
claim "before the fifth policy nothing on the office's list has changed"
list
prints "systems whose level or duties changed since they were published: 0"
claim "each was judged under four"
serve
get /en/systems/answered.json
same "policies" "canada-aia eu-ai-act gimhae kr-ai-basic-act" "$(jq -r '[.judged.judgement.policies[].policy] | join(" ")' "$work/body")"
stop

# --- the fifth, on the day of the Act ---

on "2026-08-28 01:00:00"
claim "the fifth is adopted, and both are judged again"
decide policy adopt --data "$data" kr-public-ai-act
exits 0
prints "gaya: judged 2 records"
claim "the office's list shows what changed: of that policy alone, its level and each duty that it adds"
list
prints "systems whose level or duties changed since they were published: 1"
prints "  answered, published as Limited (transparency): the same level, but other duties or reviews
    Korea: AI in public administration
      its level: Assessment owed; before: nothing
      new duties:
        "
prints " krp.32.1
"
prints " krp.32.1.publish
"
prints_not "    Gimhae’s own rule
"
prints_not "    EU AI Act
"
list --json
jq -c '.judged[].changes' "$work/out" >"$work/changes"
claim "in JSON, too: these duties are those that stock jq gives, and no other policy says anything else"
jq -f policies/kr-public-ai-act/rule.jq "$work/full.json" >"$work/stock"
same "added" "$(jq -c '[.duties[].id]' "$work/stock")" "$(jq -c '.policies[0].added' "$work/changes")"
same "policies" '["kr-public-ai-act"]' "$(jq -c '[.policies[].policy]' "$work/changes")"
same "level" '[null,"assess"]' "$(jq -c '.policies[0].level' "$work/changes")"
claim "in Korean, too"
export LC_ALL=ko_KR.UTF-8 2>/dev/null
list
unset LC_ALL
prints "  answered, 공개 등급 제한적 위험(투명성 의무): "
prints "    공공 AI법
      등급: 영향평가 대상 (전에는 없음)
      새 의무:
        "
prints "국민의 기본권에 미치는 영향을 평가해야 합니다. krp.32.1"
claim "who did not answer its questions is asked to, and nothing is said to have changed"
list
prints "  silent (tourism): Korea: AI in public administration"
prints_not "  silent, published as"
claim "its page says under which policies it was judged again, and its history that it was"
serve
run_get() { get "$1"; contents "$work/body"; }
run_get /en/systems/answered
[[ $contents == *"It was judged again under changed rules on 28 August 2026."* ]] || fault "the page does not say so"
run_get "/en/systems/answered?as-of=2026-08-27"
[[ $contents != *'data-policy="kr-public-ai-act"'* ]] || fault "the day before has the fifth policy already"
stop

# --- the next filing takes it off ---

on "2026-09-10 01:00:00"
published answered '.ai_officer = {ko: "AI정책과장", en: "Head of AI policy"}'
claim "once its department filed again the list says nothing of it any more"
list
prints "systems whose level or duties changed since they were published: 0"
claim "and the register is what its log says, judgement by judgement"
run verify "$data" --json
exits 0
all_done
