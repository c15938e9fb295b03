#!/bin/bash
# A record that was copied but not adapted: the department and the office are told, and nobody is refused.
. "$(dirname "$0")/lib.sh"

data=$work/register
origin=doubts.example/log
must init --data "$data" --origin $origin
for d in tourism water; do
	must key new --origin $origin --department $d --out "$work/$d.key"
	cp "$work/out" "$work/$d.vkey"
done
must office --data "$data" department-add tourism --name ko=관광과 --name en="Tourism Division"
must office --data "$data" department-add water --name ko=수도과 --name en="Water Division"
must office --data "$data" key-grant tourism "$(cat "$work/tourism.vkey")"
must office --data "$data" key-grant water "$(cat "$work/water.vkey")"
serve "$data"

own='.name = {"ko": "길잡이", "en": "Guide"} | .description_short = {"ko": "길을 알려 줍니다.", "en": "It shows the way."}
	| .contact_email = "tour@gimhae.go.kr"'
record "$own" "$work/own.json"
record "$own"' | .description_short.ko = "[예시] 길을 알려 줍니다." | .contact_email = "tour@city.example"' "$work/marks.json"
rules() { # the doubts of an answer, from $work/out
	jq -r '[.doubts[]? | "\(.rule) \(.at)"] | sort | join("; ")' "$work/out"
}

claim "a department's own record raises no doubt"
run standard check "$work/own.json" --json
same "doubts" "" "$(rules)"
run file --server "$url" --key "$work/tourism.key" --system guide "$work/own.json" --yes --json
exits 0
same "doubts" "" "$(rules)"
must office --data "$data" approve guide

claim "marks of an example and hosts that nobody has are named, and break no rule"
run standard check "$work/marks.json" --json
exits 0
same "doubts" "placeholder contact_email; placeholder description_short.ko" "$(rules)"
run standard check "$work/marks.json"
exits 0
prints "still holds [예시]"

claim "another department's name and address are told to who signs, before and after"
run file --server "$url" --key "$work/water.key" --system pipes "$work/own.json" --yes
exits 0
says 'names “Tourism Division”'
says '“Water Division” signs it'
says "Records of Tourism Division alone use"
says "There is already “Guide”, a system of Tourism Division (/systems/guide)"
page /api/v1/systems/pipes
filing=$(jq .latest_filing.entry "$work/out")

claim "what is filed and not published is not found by the API, with what its next filing must name"
same "the answer" "404 not_found $filing null" "$code $(jq -r '"\(.error) \(.after) \(.published)"' "$work/out")"

claim "the office is told when it looks at the filing"
run office --data "$data" show-filing "$filing" --json
exits 0
same "doubts" "contact_other contact_email; department_other department.en; department_other department.ko; name_other name.en" "$(rules)"
run office --data "$data" show-filing "$filing"
prints "Records of Tourism Division alone use"

claim "a name with more around it is the same department, and one's own address is no doubt"
jq '.name = {"ko": "길", "en": "Way"} | .department = {"ko": "김해시 관광과", "en": "Tourism Division, Gimhae City"}' "$work/own.json" >"$work/longer.json"
run file --server "$url" --key "$work/tourism.key" --system guide2 "$work/longer.json" --yes --json
exits 0
same "doubts" "" "$(rules)"

named() { # ko, en -> the doubts of a new system of this name
	jq --arg ko "$1" --arg en "$2" '.name = {$ko, $en}' "$work/own.json" >"$work/named.json"
	run file --server "$url" --key "$work/tourism.key" --system named "$work/named.json" --yes --json
	exits 0
	rules
}

claim "a name is another's in whatever case, spaces and form of characters it is written, each language with its own"
same "doubts" "name_other name.en" "$(named 길 ' GUIDE')"
same "doubts" "name_other name.ko" "$(named "길 잡이" Way)"
same "doubts" "name_other name.ko" "$(named "$(python3 -c 'import unicodedata; print(unicodedata.normalize("NFD", "길잡이"))')" Way)"
same "doubts" "" "$(named Guide 길잡이)"
same "doubts" "" "$(named "길잡이 둘" "Guide 2")"

claim "a system's own name is no doubt, nor that of one that is retired"
jq '.description_short.ko = "길을 더 잘 알려 줍니다."' "$work/own.json" >"$work/better.json"
run file --server "$url" --key "$work/tourism.key" --system guide "$work/better.json" --yes --json
exits 0
prints_not name_other
must office --data "$data" approve guide
must office --data "$data" retire guide --reason ko=끝 --reason en=Over
same "doubts" "" "$(named 길잡이 Guide)"
stop_server

claim "bytes that no text has, in a damaged file, are written out and end nothing"
register_sql "$data" "UPDATE filing SET signer = CAST(x'6bff' AS TEXT) WHERE entry = $filing"
run office --data "$data" show-filing "$filing" --json
exits 0
same "signer" k "$(jq -r .signer "$work/out" | cut -c1)"
run office --data "$data" waiting --json
exits 0

claim "a register that is an example itself may hold the marks of one"
demo_city "$work/demo"
must office --data "$work/demo" waiting
serve "$work/demo"
must key new --origin $city_origin --department tourism --out "$work/demo.key"
must office --data "$work/demo" key-grant tourism "$(cat "$work/out")"
newest_record '.name = {"ko": "길잡이 (예시)", "en": "Guide (example)"}' "$work/demo.json"
run file --server "$url" --key "$work/demo.key" --system guide "$work/demo.json" --yes --json
exits 0
prints_not placeholder

finish
