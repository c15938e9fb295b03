#!/bin/bash
# Others' validators on all that the server gives out: the Nu HTML checker of the W3C on a page of every
# kind, ajv on JSON exports that have a schema, the official SHACL shapes on DCAT-AP, xmllint on feeds and
# sitemaps. Prints how much each looked at; zero errors is the bar. Says what is skipped where a program is
# absent, or ../shared/data (DATA), which has the ministry's schema, the shapes and the real registers.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../http/lib.sh"
figures= # what each looked at, for tests/run.sh to print
DATA=${DATA:-$here/../../../shared/data}
pages=${PAGES:-$work/pages} # PAGES=folder keeps them, to look at

skipped() {
	echo "skipped: $1"
}

need_modules() { # the lock file is older than what was installed by it, or it is installed again
	command -v node >/dev/null && command -v npm >/dev/null || return 1
	[ "$here/node_modules/.package-lock.json" -nt "$here/package-lock.json" ] ||
		npm ci --prefix "$here" --ignore-scripts --no-audit --no-fund >"$work/npm.log" 2>&1
}

tells() { # name, command …: it succeeds, and its last line, which counts, is printed
	local name=$1
	shift
	"$@" >"$work/counted" 2>&1 || fault "$(tail -n 40 "$work/counted")"
	figures+="counted: $name: $(tail -n 1 "$work/counted" | tr -d '{}"' | sed 's/:/ /g; s/,/, /g')"$'\n'
}

people() { # the demo city's, with passwords that pages.py knows
	local login name role department
	while read -r login name role department; do
		printf 'four %ss on a tram' "$login" >"$work/password"
		"$GAYA" account add --data "$data" --login "$login" --name "$name" --email "$login@gimhae.example" \
			--password-file "$work/password" --role "$role" --department "$department" \
			--clock-is-right --json >"$work/$login.json" || fault "$login"
	done <<-EOF
		minji 김민지 officer waterworks
		jiho 박지호 reviewer ai-city-policy
		sora 이소라 administrator ai-city-policy
		narae 윤나래 auditor ai-city-policy
	EOF
}

export_to() { # folder, file, profile, options …
	"$GAYA" export --data "$1" --profile "$3" --out "$2" --report "$2.report" "${@:4}" 2>"$work/err" || fault "$(cat "$work/err")"
}

claim "the demo city is served, with a filing that waits and a question that nobody has decided about"
quick_passphrases
demo
people
serve
get /api/v1/systems/smart-water
jq '.published.record | .name.en += " 2"' "$work/body" >"$work/record.json"
run file --server "$url" --key "$data/demo-keys/waterworks.key" --system smart-water --yes "$work/record.json"
exits 0
jq '.name = {ko: "펌프 계획 (예시)", en: "Pump plan (example)"} | .status = "planned"' "$work/record.json" >"$work/plan.json"
run file --server "$url" --key "$data/demo-keys/waterworks.key" --system pump-plan --yes "$work/plan.json"
exits 0
run office --data "$data" waiting --json
run office --data "$data" approve pump-plan "$(jq '.filings[] | select(.system == "pump-plan").filing' "$work/out")"
exits 0
for who in minji:waterworks jiho:ai-city-policy; do
	login=${who%:*} department=${who#*:}
	run key new --origin $city_origin --department "$department" --out "$work/$login.key"
	cp "$work/out" "$work/$login.vkey"
	run office --data "$data" key-grant "$department" "@$work/$login.vkey" --person "$(jq -r .person "$work/$login.json")"
	exits 0
done
ask /ko/systems/smart-water/feedback text="물을 얼마나 아꼈습니까?" lang=ko name= email=

claim "a page of every route is there, in both languages, as nobody and as people of the office have it"
python3 "$here/pages.py" "$GAYA" "$url" "$data" "$pages" "$work/jiho.key" >"$work/told" 2>&1 || fault "$(cat "$work/told")"
same "routes without a page" "[]" "$(jq -c .missing "$work/told")"

claim "feeds and sitemaps are XML"
files=()
for at in /{ko,en}{,/systems/civil-chatbot,/departments/transport}/feed.atom /sitemap.xml /sitemap-1.xml; do
	get "$at"
	cp "$work/body" "$work/${at//\//_}"
	files+=("$work/${at//\//_}")
done
if command -v xmllint >/dev/null; then
	xmllint --nonet --noout "${files[@]}" 2>"$work/err" || fault "$(head -n 20 "$work/err")"
	figures+="counted: xmllint: documents ${#files[@]}, errors $(grep -c ' error' "$work/err")"$'\n'
else
	skipped "feeds and sitemaps: there is no xmllint"
fi

claim "each CSV file says that it is UTF-8, and its rows have the cells of its header"
get /ko/data
n=0
for file in $(grep -o '"/data/[^"]*\.csv"' "$work/body" | tr -d '"' | sort -u); do
	get "$file"
	header_is Content-Type "text/csv; charset=utf-8" >"$work/why" || fault "$file: $(cat "$work/why")"
	python3 -c 'import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline=""), strict=True))
sys.exit(len({len(row) for row in rows}) != 1)' "$work/body" || fault "$file: rows of different lengths"
	n=$((n + 1))
done
[ $n -ge 7 ] || fault "only $n files"
figures+="counted: csv: documents $n, errors 0"$'\n'

claim "records are what the register's own schema of records says, to ajv"
if need_modules; then
	get /api/v1/standard/schema
	cp "$work/body" "$work/schema.json"
	export_to "$data" "$work/systems.jsonl" jsonl
	tells "ajv, records" node "$here/schemas.mjs" record "$work/schema.json" "$work/systems.jsonl"
else
	skipped "ajv and SHACL: $(tail -n 1 "$work/npm.log" 2>/dev/null || echo there is no node or no npm)"
fi

claim "no page, style or picture has an error that the Nu HTML checker finds"
vnu=$here/node_modules/vnu-jar/build/dist/vnu.jar
if command -v java >/dev/null && [ -e "$vnu" ]; then
	# All but reports.css: its checker of CSS knows no property of SVG 2 (vector-effect).
	java -Xmx512m -Xss2m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$vnu" --exit-zero-always --format json \
		--also-check-css --also-check-svg "$pages" "$here/../../web/static/"{style,office}.css \
		"$here/../../web/static/icon.svg" >"$work/vnu.out" 2>"$work/vnu.json"
	jq -r '[.messages[] | select(.type == "error") | "\(.url | sub(".*/"; "")):\(.lastLine): \(.message)"] | .[:20][]' \
		"$work/vnu.json" >"$work/errors" || fault "$(head -c 500 "$work/vnu.json")"
	[ ! -s "$work/errors" ] || fault "$(cat "$work/errors")"
	figures+="counted: vnu: documents $(($(find "$pages" -name '*.html' | wc -l) + 3)), $(jq -r '.messages |
		"errors \(map(select(.type == "error")) | length), remarks \(map(select(.type != "error")) | length)"' "$work/vnu.json")"$'\n'
else
	skipped "the Nu HTML checker: there is no java, or no vnu-jar"
fi

claim "the DCAT-AP catalogue has no violation of the official shapes"
shapes=$DATA/dcat-ap-shacl
export_to "$data" "$work/dcat-ap.jsonld" dcat-ap
if [ ! -d "$shapes" ]; then
	skipped "SHACL: ../shared/data/dcat-ap-shacl is not here"
elif need_modules; then
	tells "SHACL" node "$here/shapes.mjs" "$shapes" "$work/dcat-ap.jsonld"
fi

claim "the Dutch export has no row that the ministry's schema refuses: of the demo city, and of two real registers"
config=$DATA/nl-publicatiestandaard/v1_0.json
export_to "$data" "$work/city.json" nl-publicatiestandaard
# In English too, where all of the city's systems are: but for the language itself, as the schema has it.
export_to "$data" "$work/english.json" nl-publicatiestandaard --lang en
same "systems of the city in English" 19 "$(jq length "$work/english.json")"
sample() { # name, profile, file: a register with these rows, and its export
	must init --data "$work/$1" --origin "$1.example/log"
	must import --data "$work/$1" --profile "$2" --yes "$3"
	export_to "$work/$1" "$work/$1.json" nl-publicatiestandaard
	figures+="counted: $1: systems $(jq .counts.systems "$work/$1.json.report"), rows $(jq length "$work/$1.json"), left out with the reason $(jq .counts.skipped "$work/$1.json.report")"$'\n'
}
if [ ! -e "$config" ]; then
	skipped "the Dutch schema: ../shared/data/nl-publicatiestandaard is not here"
elif need_modules; then
	real=$DATA/nl-algoritmeregister/algoritmes.json us=$DATA/us-federal-2025/2025_individually_reported_AI_use_cases.csv
	if [ -e "$real" ]; then
		# The copy at hand lacks three fields that the standard requires; the register itself has them.
		jq '{algoritmes: (.algoritmes | [.[range(0; length; 24)]])}' "$real" >"$work/nl.rows"
		jq '[.algoritmes[] | {name: .title, organization: .organisatie, goal: .doel, lawful_basis: .juridische_basis,
			url, lars: .id, lang: "nld", standard_version: "1.0", description_short: .title, contact_email: .url,
			publication_category: "Impactvolle algoritmes", category: ["Verkeer"], status: ({in_gebruik: "In gebruik",
			ontwikkeling: "In ontwikkeling", buiten_gebruik: "Buiten gebruik"}[.status])}]' "$work/nl.rows" >"$work/whole.rows"
		sample nl nl-algoritmeregister "$work/nl.rows"
		sample nl-whole nl-publicatiestandaard "$work/whole.rows"
		same "whole rows that come back" "$(jq length "$work/whole.rows")" "$(jq length "$work/nl-whole.json")"
	fi
	if [ -e "$us" ]; then
		python3 -c 'import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
csv.writer(sys.stdout).writerows([rows[0]] + rows[1::60])' "$us" >"$work/us.rows"
		sample us us-federal-2025 "$work/us.rows"
	fi
	tells "ajv, publicatiestandaard" node "$here/schemas.mjs" dutch "$config" "" "$work/city.json" \
		$(ls "$work"/{nl,nl-whole,us}.json 2>/dev/null)
	tells "ajv, the same in English" node "$here/schemas.mjs" dutch "$config" eng "$work/english.json"
fi
printf '%s' "$figures"
all_done
