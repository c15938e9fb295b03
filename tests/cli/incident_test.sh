#!/bin/bash
# A department reports an incident of its system, its course and its end from a script.
. "$(dirname "$0")/lib.sh"

data=$work/register
small_city "$data"
key=$data/demo-keys/tourism.key
slug=tourism-recommender
serve "$data"
day() { date -u -d "$1 days" +%F; }

incident() { # arguments …
	run incident "$@" --server "$url" --key "$key" --system $slug
}

claim "a dry run shows what would be signed, and sends nothing"
remember_log
run incident report --dry-run --json --since "$(day -3)" --aware "$(day -2)" --severity serious \
	--what "ko=닫힌 시설을 추천했습니다." --what "en=Closed places were recommended." --affected "ko=방문객 12명"
exits 0
same "its severity" serious "$(command jq -r .members.severity "$work/out")"
same "its languages" "en ko" "$(command jq -r '.content.what | keys | join(" ")' "$work/out")"
run incident report --dry-run --since "$(day -3)" --aware "$(day -2)" --severity serious --what ko=가 --affected ko=나
exits 0
says "an authority is to be told by $(day 13) (EU AI Act, Art 73)"
log_is_unchanged

claim "what the register would refuse is told before anything is signed"
remember_log
incident report --yes --since "$(day -2)" --aware "$(day -3)" --severity serious --what ko=가 --affected ko=나
exits 2
says "nobody can have known of it on"
incident report --yes --since 2026-13-01 --aware "$(day -3)" --severity serious --what ko=가 --affected ko=나
exits 2
says '"2026-13-01" is no day'
incident report --yes --since "$(day -3)" --aware "$(day -3)" --severity grave --what ko=가 --affected ko=나
exits 2
says '"severity" must be other, serious, death or infrastructure'
incident report --yes --since "$(day -3)" --aware "$(day -3)" --severity other --what ko=가
exits 2
says "report needs --affected"
incident report --yes --since "$(day -3)" --aware "$(day -3)" --severity other --what ko=가 --affected ko=나 --text ko=다
exits 2
says "report takes no --text"
incident update --yes --text ko=가
exits 2
says "the entry that reported the incident is needed"
incident update 1x --yes --text ko=가
exits 2
says '"1x" is not the number of an entry'
log_is_unchanged

claim "an incident is signed and sent in, and readers see it"
incident report --yes --since "$(day -3)" --aware "$(day -2)" --severity serious \
	--what "ko=닫힌 시설을 추천했습니다." --what "en=Closed places were recommended." --affected "ko=방문객 12명"
exits 0
prints "/en/systems/$slug#incidents"
entry=$(sed -n 's/.*reported as entry \([0-9]*\):.*/\1/p' "$work/out")
page "/api/v1/systems/$slug"
same "what happened" "Closed places were recommended." "$(command jq -r '.incidents[0].what.en' "$work/out")"

claim "what is held back is not told, and its ground is"
incident report --yes --since "$(day -1)" --aware "$(day -1)" --severity other --what ko=가 --affected ko=나 \
	--ground security --public-on "$(day 30)"
exits 0
page "/api/v1/systems/$slug"
same "what happened" "null security" "$(command jq -r '.incidents[0] | "\(.what) \(.ground)"' "$work/out")"

claim "what came of it is said of the entry that reported it"
incident update "$entry" --yes --told-on "$(day -1)" --text "ko=추천을 멈추었습니다."
exits 0
incident update 1 --yes --text "ko=추천을 멈추었습니다."
exits 4
says "reports no incident"
page "/api/v1/systems/$slug"
same "when the authority was told" "$(day -1)" "$(command jq -r '.incidents[1].told_on' "$work/out")"

claim "without a terminal nothing is signed unasked"
remember_log
incident close "$entry" --text "ko=고쳤습니다."
exits 1
log_is_unchanged

claim "it is closed once"
incident close "$entry" --yes --json --text "ko=고쳤습니다."
exits 0
command jq -e .entry "$work/out" >/dev/null || fault "no entry in the reply"
incident close "$entry" --yes --text "ko=고쳤습니다."
exits 5
says "this incident was closed at entry"

claim "what is reported folds again to the same tables, and a verification agrees"
stop_server
verify "$data"
exits 0

finish
