#!/bin/bash
# The standard as a command: shown, used to check a record, and changed by a city without a compiler.
. "$(dirname "$0")/lib.sh"

data=$work/register
own=$work/own.json
cp policies/standard.json "$own"

claim "show lists every field with when it is required, in the chosen language"
run standard show --lang ko
exits 0
prints "risk_category"
prints "위험 등급"
prints 'required where {"status":["retired"]}'
run standard show --lang en
prints "Risk level"

claim "show --json gives the standard, show --schema its JSON Schema"
run standard show --json
exits 0
same "fields" "$(jq '.fields | length' policies/standard.json)" "$(jq '.fields | length' "$work/out")"
run standard show --schema
exits 0
same "the dialect" "https://json-schema.org/draft/2020-12/schema" "$(jq -r '."$schema"' "$work/out")"

claim "a record that keeps all rules is said to"
record . "$work/good.json"
run standard check "$work/good.json"
exits 0
prints "the record keeps all rules"

claim "every rule that a record breaks is said, with label, rule and what to do, and the exit status is 1"
record 'del(.goal) | .risk_category = "hi" | .personal_data = "identified" | del(.lawful_basis) | .begin_date = "2026-05" | .end_date = "2026-04"' \
	"$work/bad.json"
run standard check "$work/bad.json" --lang en
exits 1
prints "“Purpose"
prints "[goal: missing]"
prints "[risk_category: not_in_list]"
prints "Name the law and the article that allow it. [lawful_basis: personal_data_needs_law]"
prints "[end_date: begin_before_end]"
run standard check "$work/bad.json" --lang ko
exits 1
prints "법적 근거가 있어야 합니다"

claim "--json gives the problems and their words"
run standard check "$work/bad.json" --json --lang en
exits 1
same "keeps" false "$(jq .keeps "$work/out")"
same "as many words as problems" "$(jq '.problems | length' "$work/out")" "$(jq '.texts | length' "$work/out")"

claim "a record that is no JSON is told with its file and line"
printf '{\n "name": }\n' >"$work/broken.json"
run standard check "$work/broken.json"
exits 2
says "$work/broken.json: not JSON at line 2"

claim "a standard with a mistake is refused with file, line and reason"
sed '0,/"required": true,/s//"requird": true,/' policies/standard.json >"$own"
line=$(grep -n '"requird"' "$own" | cut -d: -f1)
run standard check "$work/good.json" --standard "$own"
exits 2
says "$own: line $line: fields[1] (name): unknown member \"requird\""
run init --data "$work/none" --origin o.example/log --standard "$own"
exits 2
says "$own: line $line:"
[ -e "$work/none" ] && fault "a folder was made"

claim "so is one that is no JSON"
sed '20s/.*/ {/' policies/standard.json >"$own"
run standard show --standard "$own"
exits 2
says "$own: not JSON at line 20"

# --- a city's own field and value, while the server runs ---

must init --data "$data" --origin o.example/log
must office --data "$data" department-add tourism --name ko=관광과 --name en=Tourism
serve "$data"
must key new --origin o.example/log --department tourism --out "$work/key"
must office --data "$data" key-grant tourism "$(cat "$work/out")"

claim "a city adds a field and a value by editing data"
jq '.version = 3
	| (.fields[] | select(.name == "status").values) += [{value: "paused_by_council",
		label: {ko: "의회가 멈춤", en: "Paused by the council"}}]
	| .fields += [{name: "ordinance_number", group: "purpose", type: "code", max: 40, required: true,
		label: {ko: "조례 번호", en: "Ordinance number"}, help: {ko: "번호를 적습니다.", en: "Give its number."}}]' \
	policies/standard.json >"$own"
decide standard adopt "$own" --data "$data"
exits 0
prints "adopts version 2 of the register's standard"

claim "what it asks is asked from then on"
record '.status = "paused_by_council"' "$work/without.json"
run standard check "$work/without.json" --data "$data" --lang en
exits 1
prints "“Ordinance number” (ordinance_number) is required."
run file --server "$url" --key "$work/key" --system guide "$work/without.json" --yes
exits 2
says "ordinance_number"

claim "and shown"
record '.status = "paused_by_council" | .ordinance_number = "2026-17"' "$work/with.json"
must file --server "$url" --key "$work/key" --system guide "$work/with.json" --yes
must office --data "$data" approve guide
page /en/systems/guide
answers 200
prints "Ordinance number"
prints "2026-17"
prints "Paused by the council"
page /api/v1/standard/schema
answers 200
prints ordinance_number

claim "a text that a machine translated is marked, in the language that it is about"
record '.ordinance_number = "2026-17" | .translations = [{language: "en", status: "machine"},
	{language: "en", status: "human", field: "goal"}]' "$work/machine.json"
must file --server "$url" --key "$work/key" --system guide "$work/machine.json" --yes
must office --data "$data" approve guide
page /en/systems/guide
prints "Translated by a machine and not checked by a person."
page /ko/systems/guide
prints_not "기계 번역이며"
page /en/systems/guide.md
prints "*Translated by a machine and not checked by a person.*"
page /en/systems/guide.json
same "the status in JSON" machine "$(jq -r '.. | .translations? // empty | .[0].status' "$work/out" | head -1)"

claim "an old version and an old day keep the words of their time; today's page speaks in today's"
jq '.version = 4 | (.fields[] | select(.name == "automation_level").values[] | select(.value == "spot_check").label) =
	{ko: "새 이름표", en: "Machine, with a new label"}' "$own" >"$work/relabelled.json"
record '.ordinance_number = "2026-18" | .automation_level = "spot_check"' "$work/spot.json"
must file --server "$url" --key "$work/key" --system guide "$work/spot.json" --yes
must office --data "$data" approve guide
old=$(jq -r '.fields[] | select(.name == "automation_level").values[] | select(.value == "spot_check").label.en' "$own")
spot=$(fetch "$url/en/systems/guide.json" | jq .n)
must standard adopt "$work/relabelled.json" --data "$data"
page /en/systems/guide/versions/$spot
prints "$old"
prints_not "Machine, with a new label"
page /en/systems/guide/versions/$spot.md
prints "$old"
page /en/systems/guide
prints "Machine, with a new label"
page /ko/systems/guide
prints "새 이름표"

claim "the adoption is on the feed, on the history and about pages"
for path in /en/feed.atom /en/systems/guide/feed.atom /en/departments/tourism/feed.atom /en/systems/guide/versions /en/about; do
	page $path
	prints "Registration standard, adoption no. 3"
done
page /ko/systems/guide/versions
prints "등록 표준 3차 채택"
page /en/systems/guide/versions
prints_not "Registration standard, adoption no. 1" # it was there before the system

claim "the whole register still verifies, each record against the standard of its day"
run verify "$data" --key "$(fetch "$url/log/vkey")"
exits 0

refused() { # jq filter, what is said
	jq "$1" "$own" >"$work/other.json"
	remember_log
	decide standard adopt "$work/other.json" --data "$data"
	exits 2
	says "$2"
	log_is_unchanged
}
claim "a standard that takes a field away is not adopted"
refused 'del(.fields[] | select(.name == "ordinance_number"))' "ordinance_number: it is gone"

claim "nor one that gives a field another type"
refused '(.fields[] | select(.name == "ordinance_number").type) = "url"' 'its type was "code" and cannot become "url"'

claim "nor one that takes a value away"
refused '(.fields[] | select(.name == "status").values) |= map(select(.value != "paused_by_council"))' \
	'status: the value "paused_by_council" is gone'

claim "nor one that takes a member away"
refused '(.fields[] | select(.name == "risks").item.members) |= .[:1]' "risks.mitigation: it is gone"

claim "nor another standard altogether"
refused '.standard = "other"' 'the register'"'"'s standard is "gaya-standard"'

claim "wrong usage is told"
run standard
exits 2
says "say show, check or adopt"
run standard adopt "$own"
exits 2
says "adopt needs FILE --data DIR"
run standard dance
exits 2
says "is not show, check or adopt"

finish
