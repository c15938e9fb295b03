#!/bin/bash
# A department states that it uses no AI, and the register enforces it.
. "$(dirname "$0")/lib.sh"

origin=ai.gimhae.example/log
data=$work/register
slug=tourism-recommender
must init --data "$data" --origin $origin
must key new --origin $origin --department tourism --out "$work/tourism.key"
cp "$work/out" "$work/tourism.vkey"
must office --data "$data" department-add tourism --name "ko=관광과" --name "en=Tourism Division"
must office --data "$data" department-add parks --name "en=Parks"
must office --data "$data" key-grant tourism "@$work/tourism.vkey"
serve "$data"

counts() { # of the register's coverage, as text
	fetch "$url/api/v1/register" | jq -c .counts.coverage
}

declare_none() { # arguments …
	run declare --server "$url" --key "$work/tourism.key" "$@"
}

claim "who said nothing yet is counted as silent"
same "coverage" '{"declared_none":0,"departments":2,"old":0,"silent":2,"systems":0}' "$(counts)"

claim "a department declares, signed, and is told where readers see it"
declare_none "ko=쓰지 않습니다." "en=We use none." --yes
exits 0
says "tourism states that it uses no AI"
says "We use none."
prints "declared as entry 5: $url/log/entry/5"
prints "$url/en/departments/tourism"
page /log/entry/5
answers 200
prints '"type":"department.declared_none"'
prints "— $origin/tourism "

claim "the statement is public"
page "/log/content/$(fetch "$url/log/entry/5" | head -1 | jq -r .content.sha256)"
answers 200
prints "We use none."
same "coverage" '{"declared_none":1,"departments":2,"old":0,"silent":1,"systems":0}' "$(counts)"
same "state" declared_none "$(fetch "$url/api/v1/departments/tourism" | jq -r .coverage)"
same "after" 5 "$(fetch "$url/api/v1/departments/tourism" | jq .after)"

claim "declaring again renews, and shows what stood before"
declare_none "en=Still none." --yes --json
exits 0
same "the entry" 6 "$(jq .entry "$work/out")"
declare_none "en=Never." --yes
says "this renews what it stated on $(date -u +%F)"
says "Still none."
exits 0

claim "without a terminal nothing is signed unasked"
remember_log
declare_none "en=Nothing."
exits 1
log_is_unchanged

claim "a statement says its language"
declare_none "Nothing." --yes
exits 2
says "say in which language: ko=… or en=…"
log_is_unchanged

claim "a published system ends the declaration"
record . "$work/record.json"
must file --server "$url" --key "$work/tourism.key" --system $slug --yes "$work/record.json"
same "state" declared_none "$(fetch "$url/api/v1/departments/tourism" | jq -r .coverage)"
must office --data "$data" approve $slug
same "state" systems "$(fetch "$url/api/v1/departments/tourism" | jq -r .coverage)"
same "coverage" '{"declared_none":0,"departments":2,"old":0,"silent":1,"systems":1}' "$(counts)"

claim "and while it is not retired, there is none to be made"
remember_log
declare_none "en=None." --yes
exits 5
says "tourism has 1 system in this register that is not retired (\"$slug\")"
log_is_unchanged

claim "a department that there is not is not found"
must key new --origin $origin --department nowhere --out "$work/nowhere.key"
run declare --server "$url" --key "$work/nowhere.key" "en=None." --yes
exits 4
says "there is no department \"nowhere\""

claim "the list of departments has each with what it said"
page /api/v1/departments
answers 200
same "departments" "parks silent, tourism systems" \
	"$(jq -r '[.departments[] | "\(.slug) \(.coverage)"] | join(", ")' "$work/out")"

claim "a verification holds the declarations to their rules"
stop_server
run verify "$data"
exits 0

finish
