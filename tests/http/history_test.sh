#!/bin/bash
# Pages about other days, older versions, and systems out of use.
. "$(dirname "$0")/lib.sh"
demo
serve

version_on() { # day -> number of the version that the page of that day shows
	fetch "$url/en/systems/traffic-signal-optimisation.json?as-of=$1" | jq .n
}
# Published on 2026-01-19, 04-20, 07-20 and 10-19; suspended from 06-24 to 07-27.
check "on the day of its publication a version is there" is 1 "$(version_on 2026-01-19)"
check "between two versions the older one stands" is 1 "$(version_on 2026-04-19)"
check "the next version stands from its day on" is 2 "$(version_on 2026-04-20)"
check "a version published during a suspension is the one of that day" is 3 "$(version_on 2026-07-21)"
check "today the newest stands" is 4 "$(version_on "$(TZ=Asia/Seoul date +%F)")"
system=/en/systems/traffic-signal-optimisation
for lang in ko en; do
	path=/$lang/systems/traffic-signal-optimisation
	answers "before the first publication there is no $lang page" "$path?as-of=2026-01-18" 404 "$html"
	answers "nor a Markdown in $lang" "$path.md?as-of=2026-01-18" 404 ""
	for day in 2026-02-30 2026-13-01 2026-1-1 yesterday 26-01-01 2026-01-01T00:00:00Z '' \
		99999-01-01 -001-01-01 2026-01-011 '2026-01-01%20'; do
		answers "\"$day\" is not a day to ask for in $lang" "$path?as-of=$day" 400 "$html"
	done
	check "the $lang page says how a day is written" body_has 2026-05-01
	answers "a day to come cannot be asked for in $lang" "$path?as-of=2030-12-31" 400 "$html"
	check "and the page says that" body_has "$([ $lang = ko ] && echo "아직 오지 않은 날" || echo "still to come")"
done
get "$system?as-of=2026-05-01"
check "a page of another day says so and leads to today's" body_has "As of 1 May 2026</li>" "href=\"$system\"" \
	'name="robots" content="noindex"'
check "before the suspension it is not shown as suspended" body_lacks 'class="notice warning"'

reason_of() { # system, type of milestone, language -> the reason that was given
	local sha256
	sha256=$(sql "SELECT reason FROM milestone WHERE system = '$1' AND type = '$2'")
	sql "SELECT bytes ->> '\$.reason.$3' FROM content WHERE sha256 = x'$sha256'" |
		sed "s/&/\&amp;/g; s/\"/\&quot;/g; s/'/\&#39;/g"
}
for lang in ko en; do
	get "/$lang/systems/traffic-signal-optimisation?as-of=2026-07-01"
	check "while it was suspended its $lang page says so, and why" \
		body_has 'class="notice warning"' "$(reason_of traffic-signal-optimisation system.suspended $lang)"
	get /$lang/systems/traffic-signal-optimisation
	check "once resumed the $lang page has no notice" body_lacks 'class="notice warning"'
	get /$lang/systems/welfare-precheck
	check "the $lang page of a suspended system says so, and why" \
		body_has 'class="notice warning"' "$(reason_of welfare-precheck system.suspended $lang)"
	get /$lang/systems/button-chatbot
	check "a retired system keeps its $lang page, with reason and successor" all "status_is 200" \
		'body_has "class=\"notice ended\"" "$(reason_of button-chatbot system.retired $lang)"' \
		'body_has "/$lang/systems/civil-chatbot\""'
	get /$lang/systems/button-chatbot/versions/1
	check "its $lang record of before says beside its status that this is as filed" body_has \
		"$([ $lang = ko ] && echo "부서가 제출한 그대로입니다." || echo "As filed; retired on 30 June 2026.")"
	get "/$lang/systems/button-chatbot?as-of=2026-06-30"
	check "on the day of its retirement the $lang page says so" body_has 'class="notice ended"'
	get "/$lang/systems/button-chatbot?as-of=2026-06-29"
	check "the day before it does not" all "status_is 200" 'body_lacks "class=\"notice ended\""'
	get /$lang/systems
	check "the $lang list shows which are suspended" body_has "/$lang/systems/welfare-precheck"
done

for lang in ko en; do
	path=/$lang/systems/civil-chatbot/versions
	get $path
	check "the $lang history has every version" body_has "$path/1\"" "$path/2\"" "$path/3\""
	get $path/1
	check "an old version says in $lang that there is a newer" all "status_is 200" \
		'body_has "href=\"/$lang/systems/civil-chatbot\"" "noindex"'
	for n in 0 4 -1 01 1x x +1 1.0 1.5 99999999999999999999 9223372036854775807 '%31x' 1/2; do
		answers "there is no version \"$n\" in $lang" $path/$n 404 "$html"
	done
	for n in 1 0 4 -1 2x 02 18446744073709551617; do
		answers "there are no changes to \"$n\" in $lang" $path/$n/changes 404 "$html"
	done
	answers "the $lang changes between two versions" $path/3/changes 200 "$html"
	check "show what went and what came" body_has "<del" "<ins"
	answers "changes can be asked for from an earlier version" "$path/3/changes?from=1" 200 "$html"
	for from in 0 -1 x ''; do
		answers "$lang changes from \"$from\", which numbers no version, are refused" \
			"$path/3/changes?from=$from" 400 "$html"
	done
	for from in 3 4; do
		answers "there are no $lang changes from \"$from\" to 3" "$path/3/changes?from=$from" 404 "$html"
	done
	answers "no history of what is not there, in $lang" /$lang/systems/none/versions 404 "$html"
	answers "no changes of what is not there, in $lang" /$lang/systems/none/versions/2/changes 404 "$html"
	answers "no questions about what is not there, in $lang" /$lang/systems/none/feedback 404 "$html"
	answers "no department that is not there, in $lang" /$lang/departments/none 404 "$html"
done

unlisted() { # systems of a department that its page does not have
	local slug
	for slug in $(sql "SELECT slug FROM system WHERE department = '$2' AND version > 0"); do
		grep -qF "/$1/systems/$slug\"" "$work/body" || echo "$slug"
	done
}
for lang in ko en; do
	get /$lang/departments/ai-video-information
	check "the $lang page of a department has its systems, words and key" all \
		'is "" "$(unlisted $lang ai-video-information)"' \
		'body_has "$(sql "SELECT vkey FROM department_key WHERE department = '"'ai-video-information'"'")"' \
		'body_has "$(sql "SELECT about ->> '"'\\\$.name.$lang'"' FROM department WHERE slug = '"'ai-video-information'"'")"'
	get /$lang/departments
	check "the $lang list of departments has all" is "$(sql "SELECT count(*) FROM department")" \
		"$(grep -o "/$lang/departments/[a-z-]*\"" "$work/body" | sort -u | wc -l)"
done

check "the office erases an old version" office "{\"do\": \"erase\",
	\"sha256\": \"$(sql "SELECT sha256 FROM version WHERE system = 'smart-water' AND n = 1")\",
	\"reason\": {\"ko\": \"전화번호가 있었습니다.\", \"en\": \"It had a telephone number.\"}}"
get /ko/systems/smart-water/versions/1
check "its page says why, and promises nothing of a content that is gone" all "status_is 200" \
	'body_has "전화번호가 있었습니다."' 'body_lacks "한 글자라도"'
get /en/systems/smart-water/versions/1
check "in English too" all 'body_has "It had a telephone number."' 'body_lacks "a single letter"'
get /en/systems/smart-water
check "the version that stands still has its proof" body_has "a single letter"
# --- in the words of their time ---

label=$(jq -r '.fields[] | select(.name == "risk_category").values[] | select(.value == "high").label.en' policies/standard.json)
system=/en/systems/welfare-precheck
check "a page of an earlier day has the standard's words" all "get '$system?as-of=2026-06-30'" 'body_has "$label"'
jq '.version += 1 | (.fields[] | select(.name == "risk_category").values[].label) = {ko: "새 말", en: "A new word"}' \
	policies/standard.json >"$work/standard.json"
check "the standard is changed today" office "$(jq -c '{do: "standard-adopt", standard: .}' "$work/standard.json")"
get $system
check "today's page has the new words" all 'body_has "A new word"' 'body_lacks ">$label<"'
get /ko/systems
check "so have lists" body_has "새 말"
for path in "$system?as-of=2026-06-30" "$system.md?as-of=2026-06-30" $system/versions/1 $system/versions/1.md; do
	get "$path"
	check "the page of an earlier day or version keeps those of its time: $path" all \
		'body_has "$label"' 'body_lacks "A new word"'
done
get $system/versions/2/changes
check "so does what changed between two versions" body_lacks "A new word"
get $system/versions
check "the history tells of the adoption" body_has "Registration standard, adoption no. 2"
get "$system?as-of=$(TZ=Asia/Seoul date +%F)"
check "a page of today as a day has today's words" body_has "A new word"

# --- values of which half would read as another ---
get /ko/systems/civil-chatbot/versions/2/changes
check "a label that changed is shown whole, old and new" body_has "<del>시범 운영</del> → <ins>운영 중</ins>"
get /ko/systems/emergency-edge/versions/2/changes
check "and so is a date within a list" body_has "<del>2026. 2. 20.</del><ins>2026. 5. 29.</ins>"

check "a system that is retired itself follows no other" not \
	office '{"do": "retire", "system": "civil-kiosk", "reason": {"ko": "새 것", "en": "New"}, "successor": "button-chatbot"}'

# --- a long history comes in pages ---
slug=smart-water
often() { # suspends and resumes it, fifteen times
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		office "{\"do\": \"suspend\", \"system\": \"$slug\", \"reason\": {\"ko\": \"점검\", \"en\": \"Check\"}}" &&
			office "{\"do\": \"resume\", \"system\": \"$slug\", \"reason\": {\"ko\": \"점검\", \"en\": \"Check\"}}" || return 1
	done >/dev/null
}
check "the office suspends and resumes a system fifteen times" often
entries_of_pages() { # the entries that the pages name, in their order; of the system's own acts
	local path=/ko/systems/$slug/versions next
	while [ -n "$path" ]; do
		get "$path"
		grep -o 'href="/log/entry/[0-9]*"' "$work/body" | grep -o '[0-9]*'
		path=$(grep -o 'rel="next" href="[^"]*"' "$work/body" | cut -d'"' -f4)
	done
}
entries_of_api() { # what a list of the API has, three at a time
	local offset=0 total=1
	while [ $offset -lt "$total" ]; do
		get "/api/v1/systems/$slug/history?offset=$offset&limit=3"
		total=$(jq .total "$work/body")
		jq '.history[].entry' "$work/body"
		offset=$((offset + 3))
	done
}
sql "SELECT entry FROM (SELECT entry FROM milestone WHERE system = '$slug' UNION SELECT entry FROM standard
	WHERE entry > (SELECT min(entry) FROM milestone WHERE system = '$slug') UNION SELECT entry FROM policy
	WHERE entry > (SELECT min(entry) FROM milestone WHERE system = '$slug')) ORDER BY entry DESC" >"$work/all"
entries_of_pages >"$work/paged"
check "the pages of a history have each of its entries once, the newest first" cmp "$work/all" "$work/paged"
get /ko/systems/$slug/versions
check "and no page has all" all 'body_has "?page=2"' '[ "$(grep -c "<li><time" "$work/body")" -le 35 ]'
answers "a page after the last is not there" "/ko/systems/$slug/versions?page=3" 404 "$html"
sql "SELECT entry FROM milestone WHERE system = '$slug' ORDER BY entry DESC" >"$work/all"
entries_of_api >"$work/paged"
check "so does the API's list, by its offset and limit" cmp "$work/all" "$work/paged"

all_done
