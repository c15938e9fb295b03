#!/bin/bash
# The whole register in another format, and the report on what did not fit.
. "$(dirname "$0")/lib.sh"
command -v jq >/dev/null || { echo "jq is needed (make deps-test)"; exit 1; }
command -v sqlite3 >/dev/null || { echo "sqlite3 is needed (make deps-test)"; exit 1; }
command -v python3 >/dev/null || { echo "python3 is needed (make deps-test)"; exit 1; }
list=tests/profiles/short-list
catalogue=tests/profiles/catalogue

rows_of() { # CSV file: as Python reads it, a JSON list of rows
	python3 -c 'import csv, json, sys
print(json.dumps(list(csv.DictReader(open(sys.argv[1], encoding="utf-8-sig", newline="")))))' "$1"
}

profile() { # name, jq filter on profile.json, from: a profile in $work that is a little other
	cp -r "$3" "$work/$1"
	jq "$2" "$3/profile.json" >"$work/$1/profile.json"
}

demo_city "$work/data"
export_as() { # profile, options …
	local p=$1
	shift
	run export --data "$work/data" --profile "$p" "$@"
}

newest() { # system: its newest published record
	register_sql "$work/data" "SELECT json_extract(CAST(c.bytes AS TEXT), '\$.record') FROM content c
		JOIN version v ON v.sha256 = lower(hex(c.sha256)) JOIN system s ON s.slug = v.system AND s.version = v.n
		WHERE s.slug = '$1'"
}

# --- the three forms ---

claim "a CSV export has a line a system, sorted by address, in the columns' order"
export_as $list --out "$work/list.csv"
exits 0
same "the first line" $'\xef\xbb\xbfid,name,department,department_name,status,goal\r' "$(head -n 1 "$work/list.csv")"
ls demo/systems | sed 's/\.json$//' | sort >"$work/slugs"
same "ids" "$(cat "$work/slugs")" "$(rows_of "$work/list.csv" | jq -r '.[].id')"
same "a goal" "$(newest civil-kiosk | jq -r .goal.en)" "$(rows_of "$work/list.csv" | jq -r '.[] | select(.id == "civil-kiosk").goal')"
same "line ends" "$(grep -c '' "$work/list.csv")" "$(grep -c $'\r$' "$work/list.csv")"

claim "a wrapped JSON export is one document with the rows in their place"
export_as $catalogue
exits 0
same "members" '["about","at","items","languages","version"]' "$(jq -c keys "$work/out")"
same "rows" 17 "$(jq '.items | length' "$work/out")"
same "names" "$(grep -v button-chatbot "$work/slugs")" "$(jq -r '.items[].system.slug' "$work/out")"
newest civil-kiosk | jq -cS . >"$work/newest"
jq -cS '.items[] | select(.system.slug == "civil-kiosk").record' "$work/out" | cmp -s "$work/newest" - ||
	fault "the record is not the newest published one"

claim "what a program is given of the register and of a system is what the profile's form promises"
same "a system" '{"slug":"civil-kiosk","state":"published","url":"https://ai.gimhae.example/ko/systems/civil-kiosk","department":"민원과"}' \
	"$(jq -c '.items[] | select(.system.slug == "civil-kiosk").system | {slug, state, url, department: .department.name.ko}' "$work/out")"
same "its other members" '["changed_at","department","first_at","published_at","published_on","slug","state","url","version"]' \
	"$(jq -c '.items[0].system | keys' "$work/out")"
same "origin" ai.gimhae.example/log "$(jq -r '.items[0].from' "$work/out")"

claim "without wrap.jq the document is the list"
profile bare '.export.rows_at = null' $catalogue
rm "$work/bare/wrap.jq"
export_as "$work/bare"
exits 0
same "rows" 17 "$(jq 'length' "$work/out")"

claim "the list of AI services has Korean headers over rows that are numbered, and lists what is in use alone"
export_as kr-ai-service-list --base https://ai.gimhae.example --out "$work/services.csv"
exits 0
same "the first columns" $'\xef\xbb\xbf연번,기관명,담당 부서' "$(head -n 1 "$work/services.csv" | cut -d , -f 1-3)"
rows_of "$work/services.csv" >"$work/services"
same "numbers" "$(jq -c '[range(1; length + 1) | tostring]' "$work/services")" "$(jq -c 'map(.["연번"])' "$work/services")"
same "states" '["시범 운영","운영 중","일시 중단"]' "$(jq -c 'map(.["상태"]) | unique' "$work/services")"
same "an address" https://ai.gimhae.example/ko/systems/civil-kiosk "$(jq -r '.[] | .["등록부 주소"] | select(endswith("civil-kiosk"))' "$work/services")"
same "a day in the register's zone" "$(register_sql "$work/data" "SELECT date(v.at, '+9 hours') FROM version v
	JOIN system s ON s.slug = v.system AND s.version = v.n WHERE s.slug = 'civil-kiosk'")" \
	"$(jq -r '.[] | select(.["등록부 주소"] | endswith("civil-kiosk")) | .["갱신일"]' "$work/services")"

claim "a profile that has more than one output writes the same rows in each"
export_as kr-ai-service-list --format json --base https://ai.gimhae.example
exits 0
same "members" '["as_of","origin","register","services","title"]' "$(jq -c keys "$work/out")"
same "rows" "$(jq -c '[.[] | [.["연번"], .["서비스명"], .["갱신일"]]]' "$work/services")" \
	"$(jq -c '[.services[] | [.no, .service, .updated]]' "$work/out")"
export_as kr-ai-service-list --format xml
exits 4
says 'the profile kr-ai-service-list is not written as "xml"'

claim "JSON Lines is a line a system"
profile lines '.export.rows_at = null | .export.output = "jsonl"' "$work/bare"
export_as "$work/lines"
exits 0
same "lines" 17 "$(wc -l <"$work/out")"
same "systems" 17 "$(jq -s 'length' "$work/out")"

claim "a register without systems is an empty document of each form"
must init --data "$work/none" --origin none.example/log
run export --data "$work/none" --profile $list
same "CSV" 1 "$(wc -l <"$work/out")"
run export --data "$work/none" --profile $catalogue
same "JSON" 0 "$(jq '.items | length' "$work/out")"
run export --data "$work/none" --profile "$work/lines"
same "JSON Lines" 0 "$(wc -c <"$work/out")"

claim "the same state gives the same bytes"
export_as $catalogue --out "$work/one"
export_as $catalogue --out "$work/two"
cmp "$work/one" "$work/two" >"$work/why" || fault "$(cat "$work/why")"

# --- options ---

claim "--base is where the addresses begin, --lang the language of texts and pages"
export_as $catalogue --base https://ai.gimhae.go.kr/ --lang en
same "the address" https://ai.gimhae.go.kr/en/systems/civil-kiosk \
	"$(jq -r '.items[] | select(.system.slug == "civil-kiosk").system.url' "$work/out")"
same "languages" '"en"' "$(jq -c .languages "$work/out")"
export_as $list --lang ko --out "$work/ko.csv"
same "a name" "$(newest civil-kiosk | jq -r .name.ko)" "$(rows_of "$work/ko.csv" | jq -r '.[] | select(.id == "civil-kiosk").name')"

claim "--as-of gives the versions and states that stood at the end of that day"
export_as $catalogue --as-of 2026-04-01
exits 0
same "the moment" 2026-04-01T15:00:00Z "$(jq -r .at "$work/out")"
jq -r '.items[] | [.system.slug, .system.version, .system.state] | @tsv' "$work/out" >"$work/then"
register_sql "$work/data" -separator $'\t' "SELECT s.slug, (SELECT max(n) FROM version v WHERE v.system = s.slug
	AND at < '2026-04-01T15:00:00Z') AS n, (SELECT state FROM milestone m WHERE m.system = s.slug
	AND at < '2026-04-01T15:00:00Z' ORDER BY entry DESC LIMIT 1) AS st FROM system s
	WHERE n > 0 AND st <> 'retired' ORDER BY 1" >"$work/wanted"
same "versions" "$(cat "$work/wanted")" "$(cat "$work/then")"
[ -s "$work/then" ] || fault "nothing had been published"
export_as $catalogue --as-of 2026-02-30
exits 2
says "--as-of takes a day"
export_as $catalogue --as-of 2999-01-01
exits 2
says "still to come"

# --- losses ---

claim "the report lists every system's losses with the reason, and counts them"
export_as $list --out "$work/list.csv" --report "$work/report.json"
exits 0
same "counts" '{"exported":18,"failed":0,"lossy":18,"skipped":0,"systems":18}' "$(jq -c .counts "$work/report.json")"
same "losses of one" "$(newest civil-kiosk | jq -c 'keys - ["name", "status", "goal"]')" "$(jq -c '.systems[] | select(.system == "civil-kiosk").lost | map(.field)' "$work/report.json")"
same "reasons" '["The list has no place for it."]' "$(jq -c '[.systems[].lost[].why.en] | unique' "$work/report.json")"
same "by field" "$(jq '[.systems[].lost[] | select(.field == "cost")] | length' "$work/report.json")" \
	"$(jq .lost.cost "$work/report.json")"
says "cost ($(jq .lost.cost "$work/report.json"))"
says "exported 18 of 18 systems: 18 with losses, 0 skipped, 0 failed"

claim "a retired system that the format does not list is skipped, and the report says so"
export_as $catalogue --out "$work/catalogue.json" --json
exits 0
same "skipped" '[{"skip":"It is retired, and this format does not list retired systems.","system":"button-chatbot"}]' \
	"$(jq -c '[.systems[] | select(.skip) | .skip |= .en]' "$work/out")"
says "skipped: It is retired, and this format does not list retired systems. (1)"

claim "what the profile skips is counted under its own reason, in the reader's language"
env LC_ALL=ko_KR.UTF-8 "$GAYA" export --data "$work/data" --profile $list --lang nl >"$work/out" 2>"$work/err"
says "건너뜀: 이름이 nl로 쓰여 있지 않습니다. (18개)"
same "rows" 1 "$(wc -l <"$work/out")"

claim "a system that the program fails on is told, the others are exported, and the status is 2"
profile failing . "$work/lines"
echo 'if .system.slug == "civil-kiosk" then error("odd system") else {row: {s: .system.slug}, lost: []} end' \
	>"$work/failing/export.jq"
export_as "$work/failing" --out "$work/failing.jsonl" --json
exits 2
says "the profile failed on 1 of the systems"
same "told" '[{"failed":"export.jq: odd system","system":"civil-kiosk"}]' "$(jq -c '[.systems[] | select(.failed)]' "$work/out")"
same "the others" 16 "$(wc -l <"$work/failing.jsonl")"

claim "a cell without a column, or that is no text, is a failure and not a hole in the table"
profile cells . $list
for row in '{other: "x"}' '{id: 5}'; do
	echo "{row: $row, lost: []}" >"$work/cells/export.jq"
	export_as "$work/cells"
	exits 2
	same "lines" 1 "$(wc -l <"$work/out")"
done

claim "a program that names no reason for a loss fails on every system"
echo '{row: {}, lost: [{field: "x"}]}' >"$work/cells/export.jq"
export_as "$work/cells" --out "$work/x.csv" --json
exits 2
same "told" 18 "$(jq '[.systems[].failed | select(contains("item 1 of \"lost\""))] | length' "$work/out")"

claim "a record whose content was erased is skipped with that reason"
cp -r "$work/data" "$work/erased"
register_sql "$work/erased" "DELETE FROM content WHERE lower(hex(sha256)) = (SELECT sha256 FROM version v
	JOIN system s ON s.slug = v.system AND s.version = v.n WHERE s.slug = 'civil-kiosk')"
run export --data "$work/erased" --profile $list --out "$work/x.csv" --json
exits 0
same "told" "The content of its record was erased." "$(jq -r '.systems[] | select(.skip) | .skip.en' "$work/out")"

# --- files ---

claim "a file is there whole or as it was before, and nothing is left beside it"
echo before >"$work/kept"
export_as "$work/bad-profile" --out "$work/kept"
exits 4
mkdir "$work/closed"
export_as $list --out "$work/kept" --report "$work/closed/none/report.json"
exits 4
same "the file" before "$(cat "$work/kept")"
same "leftovers" "" "$(ls "$work" | grep '\.new$')"

claim "a full disk is said, and the exit status tells it"
if [ -w /dev/full ]; then
	"$GAYA" export --data "$work/data" --profile $catalogue >/dev/full 2>"$work/err"
	status=$?
	exits 12
	says "the export cannot be written"
fi

claim "wrong usage says what is right"
run export --data "$work/data"
exits 2
says "usage: gaya export"
export_as $list --json
exits 2
says "--json puts the report where the export would be"
export_as $list --lang 'e"n'
exits 2
run export --data "$work/not-there" --profile $list
exits 4

claim "a profile that only imports is not exported with, and the other way round"
profile only-in 'del(.export)' $list
export_as "$work/only-in"
exits 2
says 'its profile.json has no "export"'
run import --data "$work/data" --profile $catalogue "$work/list.csv"
exits 2
says 'its profile.json has no "input"'

claim "a profile.json that is wrong says what must change"
wrong() { # jq filter, what is said
	profile wrong "$1" $list
	export_as "$work/wrong"
	exits 2
	says "$2"
	rm -r "$work/wrong"
}
wrong '.export.output = "xml"' '"output" must be'
wrong '.export.columns = []' '"columns" are the header'
wrong '.export.columns += ["id"]' 'column 7 has no name, or that of another'
wrong '.export.header = ["x"]' '"header" has a text'
wrong '.export.also = {}' '"also" must be a list'
wrong '.export.also = [{"output": "json", "file": "x.json"}]' '"type" must be'
wrong '.export.also = [{"output": "csv", "file": "x.csv", "type": "text/csv"}]' 'a second time'
wrong '.export.file = "../up.csv"' '"file" must be'
wrong 'del(.export.type)' '"type" must be'
wrong 'del(.export.retired)' '"retired" must say'
wrong '.export.rows_at = "x"' '"rows_at" is for'
wrong 'del(.input) | del(.export)' 'neither "input"'

# --- hostile cells, and the way back ---

claim "no cell that a spreadsheet would run leaves without an apostrophe before it"
cat >"$work/hostile.csv" <<'END'
id,name,department,department_name,status,goal
h-1,=1+1,d,=cmd|' /C calc'!A0,in_use,@SUM(A1)
h-2,+82 55,d,=cmd|' /C calc'!A0,in_use,-5
h-3,"'=quoted",d,=cmd|' /C calc'!A0,in_use,''plain
h-4,"a ""b"", c",d,=cmd|' /C calc'!A0,in_use,"two
lines"
h-5,＝全角,d,=cmd|' /C calc'!A0,in_use,'plain
END
must init --data "$work/h" --origin hostile.example/log
# Not $list, which would take an apostrophe off: the same map without an export.
must import --data "$work/h" --profile "$work/only-in" "$work/hostile.csv"
run export --data "$work/h" --profile $list --out "$work/h.csv"
exits 0
same "names" "[\"'=1+1\",\"'+82 55\",\"''=quoted\",\"a \\\"b\\\", c\",\"'＝全角\"]" "$(rows_of "$work/h.csv" | jq -c 'map(.name)')"
same "goals" "[\"'@SUM(A1)\",\"'-5\",\"''plain\",\"two\\nlines\",\"'plain\"]" "$(rows_of "$work/h.csv" | jq -c 'map(.goal)')"

claim "an export imported by its own profile into an empty register exports as the same bytes"
must init --data "$work/h2" --origin hostile.example/log
must import --data "$work/h2" --profile $list "$work/h.csv"
run export --data "$work/h2" --profile $list --out "$work/h2.csv"
exits 0
cmp "$work/h.csv" "$work/h2.csv" >"$work/why" 2>&1 || fault "$(diff "$work/h.csv" "$work/h2.csv")"
same "a name in the register" "'=quoted" "$(register_sql "$work/h2" \
	"SELECT json_extract(name, '\$.en') FROM system WHERE slug = 'h-3'")"

# --- beside a server ---

claim "while a server has the register, an export reads the same state"
serve "$work/data"
export_as $catalogue --out "$work/served.json"
exits 0
cmp "$work/one" "$work/served.json" >"$work/why" 2>&1 || fault "$(cat "$work/why")"

claim "what the server has published since is in the next one"
must office --data "$work/data" suspend civil-kiosk --reason ko=점검합니다. --reason en=Maintenance.
export_as $catalogue
same "its state" suspended "$(jq -r '.items[] | select(.system.slug == "civil-kiosk").system.state' "$work/out")"
stop_server

claim "an export that nobody reads on holds up nothing, and is of the state at which it began"
mkfifo "$work/slow"
"$GAYA" export --data "$work/data" --profile jsonl --report "$work/slow.json" >"$work/slow" 2>"$work/err" &
slow=$!
exec {reader}<"$work/slow"
entries=$(register_sql "$work/data" "SELECT size FROM checkpoint")
head -c 1 <&"$reader" >"$work/slow.jsonl" # it has begun to write
must office --data "$work/data" resume civil-kiosk --reason ko=끝났습니다. --reason en=Done.
for file in "$work/data/register.db" "$work"/data/model/*.db; do
	same "a reader holds the log of ${file##*/}" 0 "$(sqlite3 "$file" 'PRAGMA wal_checkpoint(TRUNCATE)' | cut -d '|' -f 1)"
done
cat <&"$reader" >>"$work/slow.jsonl"
exec {reader}<&-
wait "$slow" || fault "$(cat "$work/err")"
same "entries" "$entries" "$(jq .entries "$work/slow.json")"
same "its state" suspended "$(jq -r 'select(.system.slug == "civil-kiosk").system.state' "$work/slow.jsonl")"

claim "where there is no room for a copy of the read model, an export and a mail do without one"
"$GAYA" export --data "$work/data" --profile jsonl >"$work/with.jsonl" 2>"$work/err"
for command in "export --data $work/data --profile jsonl" "mail --data $work/data --base http://x.example --dry-run"; do
	# shellcheck disable=SC2086
	( trap '' XFSZ; ulimit -f 256; exec "$GAYA" $command 2>"$work/err" ) | cat >"$work/without.${command%% *}"
	same "the status of ${command%% *}" 0 "${PIPESTATUS[0]}"
done
cmp "$work/with.jsonl" "$work/without.export" || fault "the export differs"

claim "entries that no checkpoint covers are not exported"
cp -r "$work/data" "$work/unsigned"
register_sql "$work/unsigned" "UPDATE checkpoint SET size = size - 1"
run export --data "$work/unsigned" --profile $list --out "$work/kept"
exits 7
says "not signed yet"
same "the file" before "$(cat "$work/kept")"
finish
