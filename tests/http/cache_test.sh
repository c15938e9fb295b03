#!/bin/bash
# A page is cached until something that it shows changes, and no longer.
. "$(dirname "$0")/lib.sh"
demo
serve
slug=civil-kiosk
department=$(sql "SELECT department FROM system WHERE slug = '$slug'")

record() { # name in Korean and English -> the newest record under that name, in $work/record.json
	fetch "$url/ko/systems/$slug.json" |
		jq ".record | .name = {ko: \"$1\", en: \"$2\"}" >"$work/record.json"
}
pages() { # every page that shows a system, in both languages and encodings
	local lang
	for lang in ko en; do
		printf "/$lang/%s\n" "" systems systems/$slug systems/$slug.md systems/$slug.json \
			systems/$slug/versions systems/$slug/feedback "departments/$department"
	done
	echo "/api/v1/systems/$slug"
	echo /api/v1/systems
	echo "/ko/systems/${slug/-/%2D}" # another spelling of the same name
}
ask_all() { # so that they are kept
	local path encoding
	for path in $(pages); do
		for encoding in identity gzip br; do
			get "$path" -H "Accept-Encoding: $encoding"
		done
	done
}
unchanged() { # pages that do not have the text
	local path encoding
	for path in $(pages); do
		for encoding in identity gzip br; do
			get "$path" -H "Accept-Encoding: $encoding" --compressed
			grep -aqE -- "$1" "$work/body" || echo "$path as $encoding"
		done
	done
}

ask_all
ask_all
must_work() { decide "$@"; [ "$status" = 0 ] || { cat "$work/err"; return 1; }; }
record "새 이름 무인창구" "Renamed kiosk"
check "a department files a new version" must_work file --server "$url" \
	--key "$data/demo-keys/$department.key" --system $slug --yes "$work/record.json"
ask_all
check "what is filed and not published is on no page" is "$(pages | wc -l)" \
	"$(unchanged '새 이름|Renamed' | grep -c identity)"
check "the office publishes it" office "{\"do\": \"approve\", \"system\": \"$slug\"}"
check "at once every page has it: the system's, its history, list, home, department" \
	is '' "$(unchanged '새 이름|Renamed')"
for path in /ko/ /ko/systems/$slug; do
	get $path
	etag=$(header ETag)
	check "$path has one tag until it changes" all 'get $path' 'header_is ETag "$etag"'
done

# Another system's page stays, and is not asked for again.
get /ko/systems/smart-water
etag=$(header ETag)
check "the office suspends a system" office "{\"do\": \"suspend\", \"system\": \"$slug\",
	\"reason\": {\"ko\": \"점검합니다.\", \"en\": \"Under inspection.\"}}"
get /ko/systems/smart-water -H "If-None-Match: $etag"
check "another system's page is the same" status_is 304
for lang in ko en; do
	get /$lang/systems/$slug
	check "its own $lang page says that it is suspended" body_has 'class="notice warning"'
done

# Questions and answers.
for lang in ko en; do get /$lang/systems/$slug/feedback; get /$lang/; done
ask /ko/systems/$slug/feedback "text=언제 다시 씁니까?"
id=$(sql "SELECT id FROM feedback ORDER BY entry DESC LIMIT 1")
for lang in ko en; do
	get /$lang/systems/$slug/feedback
	check "the $lang page counts a question that waits" all "status_is 200" 'body_lacks "언제 다시 씁니까?"'
done
check "the office publishes the question" office "{\"do\": \"feedback-publish\", \"feedback\": \"$id\"}"
for lang in ko en; do
	get /$lang/systems/$slug/feedback
	check "the $lang page shows it" body_has "언제 다시 씁니까?"
done
check "the office answers" office "{\"do\": \"feedback-answer\", \"feedback\": \"$id\",
	\"text\": {\"ko\": \"다음 주입니다.\", \"en\": \"Next week.\"}}"
get /ko/systems/$slug/feedback
check "the Korean page shows the answer" body_has "다음 주입니다."
get /en/systems/$slug/feedback
check "the English page does too" body_has "Next week."
sha256=$(sql "SELECT sha256 FROM feedback WHERE id = '$id'")
check "the office erases the question" office "{\"do\": \"erase\", \"sha256\": \"$sha256\",
	\"reason\": {\"ko\": \"개인정보\"}}"
get /ko/systems/$slug/feedback
check "the page shows it no more" body_lacks "언제 다시 씁니까?"
get "/log/content/$sha256"
check "nor does the log" status_is 410

# A system's name stands on other systems' pages: those it followed, and its successor.
get /en/systems/button-chatbot
get /en/systems/civil-chatbot
slug=civil-chatbot
record "이름 바꾼 챗봇" "Renamed assistant"
check "the successor of a retired system is filed under another name" must_work file --server "$url" \
	--key "$data/demo-keys/ai-city-operation.key" --system $slug --yes "$work/record.json"
check "and published" office "{\"do\": \"approve\", \"system\": \"$slug\"}"
get /en/systems/button-chatbot
check "the retired system's page shows the new name" body_has "Renamed assistant"

check "a department gets another name" office "{\"do\": \"department-add\", \"department\": \"new-one\",
	\"name\": {\"ko\": \"새 부서\", \"en\": \"New division\"}}"
get /ko/departments
check "a new department is on the list" body_has "새 부서"

# A small cache drops pages, and never mixes them up.
if stop; then serve --cache 1; fi
mixed_up() {
	local round path
	for round in 1 2; do
		for path in $(sql "SELECT '/ko/systems/' || slug FROM system WHERE version > 0"); do
			get "$path"
			grep -qF "action" "$work/body"
			grep -qF "href=\"/en/systems/${path##*/}\"" "$work/body" || echo "$round $path"
		done
	done
}
check "in a cache of 1 MiB every page is still its own" is '' "$(mixed_up)"
all_done
