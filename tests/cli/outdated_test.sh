#!/bin/bash
# A translation that did not change with its original: the department, the office and readers are told.
. "$(dirname "$0")/lib.sh"

data=$work/register
origin=outdated.example/log
must init --data "$data" --origin $origin
must office --data "$data" department-add tourism --name ko=관광과 --name en=Tourism
must key new --origin $origin --department tourism --out "$work/key"
must office --data "$data" key-grant tourism "$(cat "$work/out")"
serve "$data"
publish() { # record
	must file --server "$url" --key "$work/key" --system guide "$1" --yes
	must office --data "$data" approve guide
}
note="was changed on"
record . "$work/1.json"
record '.goal.ko = "이의는 받지 않습니다."' "$work/2.json"
record '.goal.ko = "이의는 받지 않습니다." | .name.ko = "길잡이" | .name.en = "Guide"' "$work/3.json"
record '.goal.ko = "이의는 받지 않습니다." | .goal.en = "Objections are not taken."' "$work/4.json"
record '.goal.ko = "이의는 받습니다." | .goal.en = "Objections are not taken."
	| .translations = [{"language": "en", "status": "original", "field": "goal"}]' "$work/5.json"

claim "check --against names it, and breaks no rule by it"
run standard check "$work/2.json" --against "$work/1.json"
exits 0
prints "keeps all rules"
prints "(goal) changed, but its English text did not"
run standard check "$work/2.json" --against "$work/1.json" --json
same "the place" goal.en "$(jq -r '.doubts[] | select(.rule == "translation_outdated").at' "$work/out")"
run standard check "$work/4.json" --against "$work/2.json"
prints_not "did not"
run standard check "$work/3.json" --against "$work/1.json" --json
same "the places" goal.en "$(jq -r '.doubts[] | select(.rule == "translation_outdated").at' "$work/out")"

publish "$work/1.json"
claim "who files is told before it is signed, and in the answer, and it is filed"
run file --server "$url" --key "$work/key" --system guide "$work/2.json" --yes
exits 0
says "did not"
jq '.name.en += "."' "$work/2.json" >"$work/2b.json"
run file --server "$url" --key "$work/key" --system guide "$work/2b.json" --yes --json
exits 0
same "the answer" goal.en "$(jq -r '.doubts[] | select(.rule == "translation_outdated").at' "$work/out")"
filing=$(jq .entry "$work/out")

claim "the office is told when it looks at the filing"
run office --data "$data" show-filing "$filing"
exits 0
prints "did not"
must office --data "$data" approve guide

claim "the page says so at the field, in that language alone, with the day; so do Markdown and JSON"
page /en/systems/guide
prints "The Korean original $note"
page /ko/systems/guide
prints_not "고치지 않았습니다"
page /en/systems/guide.md
prints "The Korean original $note"
page /en/systems/guide.json
same "the place" goal.en "$(jq -r '.outdated[].at' "$work/out")"
since=$(jq -r '.outdated[].since' "$work/out")
same "since" "$(jq -r .at "$work/out")" "$since"
page /en/systems/guide/versions/1
prints_not "$note"

claim "it stays outdated in later versions, since the day on which the original changed"
publish "$work/3.json"
page /en/systems/guide.json
same "since" "$since" "$(jq -r '.outdated[].since' "$work/out")"

claim "it ends when the translation is changed"
publish "$work/4.json"
page /en/systems/guide.json
same "outdated" 0 "$(jq '.outdated | length' "$work/out")"
page /en/systems/guide
prints_not "$note"

claim "a text that is listed as an original is no translation"
publish "$work/5.json"
page /en/systems/guide.json
same "outdated" 0 "$(jq '.outdated | length' "$work/out")"

finish
