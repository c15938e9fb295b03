#!/bin/bash
# Downloads of the whole register: correct, soon up to date, built once for all requests, and no obstacle to
# pages.
. "$(dirname "$0")/lib.sh"
demo
list=tests/profiles/short-list
catalogue=tests/profiles/catalogue
with="--export $list --export $catalogue"
serve $with

exported() { # profile: as the command line has it, in $work/wanted
	must export --data "$data" --profile "$1" --base "$url" --out "$work/wanted"
}
is_wanted() {
	same_bytes "$work/wanted" "$work/body"
}
becomes_wanted() { # path: what the export of now is, once the file was made anew
	for _ in {1..2400}; do
		get "$1"
		is_wanted >/dev/null && return
		pause
	done
	return 1
}

# --- the page ---

answers "/en/data lists the files" /en/data 200 "$html"
check "with address, purpose, and what was lost" body_has 'href="/data/short-list.csv"' 'Short list' \
	'Opens in Excel' 'href="/data/short-list.csv.report.json"' 'href="/data/catalogue.json"' 'One JSON document'
answers "/ko/data lists them in Korean" /ko/data 200 "$html"
check "in Korean words" body_has '짧은 목록' '엑셀 같은 표 프로그램' '이 형식에 담지 못한 내용'
size_shown() {
	for _ in {1..2400}; do
		get /en/data
		grep -qE 'about [0-9]+ KB' "$work/body" && return
		pause
	done
	return 1
}
check "whoever looks at the page has the files made, and then it tells their size" size_shown
for page in /en/about /en/systems /en/; do
	get $page
	check "$page leads there" body_has 'href="/en/data"'
done
answers "a slash too much is taken off" /en/data/ 301 ""

# --- a file ---

answers "/data/short-list.csv is the export" /data/short-list.csv 200 "text/csv; charset=utf-8"
exported $list
check "byte for byte as gaya export writes it" is_wanted
check "it is offered as a download of its name" header_is Content-Disposition 'attachment; filename="short-list.csv"'
check "it may be kept, and is asked about each time" header_is Cache-Control "public, no-cache"
check "pages elsewhere may read it" header_is Access-Control-Allow-Origin "*"
check "its length is known" header_is Content-Length "$(wc -c <"$work/wanted")"
etag=$(header ETag)
get /data/short-list.csv -H "If-None-Match: $etag"
check "who has it gets no body" status_is 304
get /data/short-list.csv -I
check "HEAD tells the same length" all 'status_is 200' 'header_is Content-Length "$(wc -c <"$work/wanted")"'

get /data/short-list.csv -H "Accept-Encoding: gzip, br" --compressed
check "compressed it holds the same" all 'header_is Content-Encoding gzip' is_wanted
get /data/short-list.csv -H "Accept-Encoding: br"
check "a client that takes no gzip gets it plain" all '[ -z "$(header Content-Encoding)" ]' is_wanted

answers "the JSON document" /data/catalogue.json 200 "$json"
exported $catalogue
check "is the export as well" is_wanted
answers "the list of AI services for Korean Excel" /data/kr-ai-service-list.csv 200 "text/csv; charset=utf-8"
exported kr-ai-service-list
check "is the export, too" is_wanted
answers "and as JSON" /data/kr-ai-service-list.json 200 "$json"
must export --data "$data" --profile kr-ai-service-list --format json --base "$url" --out "$work/wanted"
check "with the same rows" is_wanted
answers "what was lost is a file beside it" /data/short-list.csv.report.json 200 "$json"
check "for each system" is 18 "$(jq '.systems | length' "$work/body")"
check "with the reasons" is "The list has no place for it." "$(jq -r '.systems[0].lost[0].why.en' "$work/body")"

for path in /data/none.csv /data/short-list.csv.report /data/short-list.csvx /data/short-list.cs /data/..%2Fregister.db; do
	answers "$path is not there" $path 404 "$html"
done
check "and says where to look" body_has /data

# --- after a change ---

check "the office suspends a system" office '{"do": "suspend", "system": "civil-kiosk",
	"reason": {"ko": "점검", "en": "Maintenance"}}'
get /data/catalogue.json
check "nobody waits for the file to be made anew, and it says of when it is" all "status_is 200" \
	'grep -qE "^Last-Modified: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$" "$work/head"'
exported $catalogue
check "soon it is the export of now, without being asked again" becomes_wanted /data/catalogue.json
check "which has the change" is suspended \
	"$(jq -r '.items[] | select(.system.slug == "civil-kiosk").system.state' "$work/body")"
get /en/data
check "the page says of when each file is" body_has "as of "
get /data/short-list.csv -H "If-None-Match: $etag"
check "a file that the change does not touch keeps its tag" status_is 304

# --- many at once ---

check "the office takes it up again" office '{"do": "resume", "system": "civil-kiosk",
	"reason": {"ko": "끝", "en": "Done"}}'
many() { # 40 clients at once: those who did not get the whole file
	local i pids=()
	for i in $(seq 40); do
		request "$work/got.$i" "$work/got.$i.head" "$url/data/catalogue.json" & pids+=($!)
	done
	wait "${pids[@]}"
	for i in $(seq 40); do
		same_bytes "$work/wanted" "$work/got.$i" >/dev/null || echo "$i"
	done
}
exported $catalogue
becomes_wanted /data/catalogue.json
missed=$(many)
check "forty clients who ask at once all get it" is "" "$missed"
check "no file is left in the temporary folder" is "" "$(ls "$data/tmp" | grep -vx office.sock)"
stop >/dev/null

# A program that takes its time, as on a large register: half a second a system.
cp -r $catalogue "$work/slow"
jq '.profile = "slow" | .export.file = "slow.json"' $catalogue/profile.json >"$work/slow/profile.json"
echo 'reduce range(1500000) as $i (0; . + 1) | . as $n | {row: {n: $n}, lost: []}' >"$work/slow/export.jq"
serve $with --export "$work/slow"
curl -sS -o "$work/slow.json" "$url/data/slow.json" &
slow=$!
until ls -l /proc/$server/fd | grep -q '(deleted)$' || ! kill -0 $slow 2>/dev/null; do pause; done
pages=$(for _ in $(seq 40); do
	status_of "$url/en/departments"
done | grep -c 200)
check "pages are answered" is 40 "$pages"
kill -0 $slow 2>/dev/null
check "while a large file is made" is 0 $?
check "and the register is written" office '{"do": "suspend", "system": "civil-kiosk", "reason": {"ko": "점검", "en": "Check"}}'
kill $slow
# A busy machine is slow with both: what one of the eighteen systems takes is the measure.
started=$(date +%s%N)
jq . policies/standard.json | jq -f "$work/slow/export.jq" >/dev/null
one=$(($(date +%s%N) - started))
started=$(date +%s%N)
check "a server that is told to stop ends the build" stop
took=$(($(date +%s%N) - started))
check "and makes no more of it" [ $took -lt $((8 * one)) ]

# --- after a restart ---

cp "$work/slow/export.jq" "$work/slow.jq"
echo '{row: {n: 1}, lost: []}' >"$work/slow/export.jq"
serve $with --export "$work/slow"
get /data/slow.json
cp "$work/body" "$work/before"
made=$(header Last-Modified)
stop >/dev/null
cp "$work/slow.jq" "$work/slow/export.jq"
serve $with --export "$work/slow"
get /data/slow.json
check "a start serves the file of before at once, with its date, while a new one is made" all "status_is 200" \
	'same_bytes "$work/before" "$work/body"' 'is "$made" "$(header Last-Modified)"'
get /data/slow.json -H "Accept-Encoding: gzip" --compressed
check "compressed, too" all "status_is 200" 'same_bytes "$work/before" "$work/body"'
get /data/slow.json.report.json
check "and its report" status_is 200
stop >/dev/null
truncate -s 1 "$(echo "$data"/downloads/slow.json.*.plain)"
echo '{row: {n: 2}, lost: []}' >"$work/slow/export.jq"
serve $with --export "$work/slow"
get /data/slow.json
check "one that was cut off meanwhile is not used" is 2 "$(jq -r '.items[0].n' "$work/body")"
content=$(register_sql "$data" "SELECT sha256 FROM filing WHERE system = 'civil-kiosk' ORDER BY entry LIMIT 1")
stop >/dev/null
echo '{row: {n: 3}, lost: []}' >"$work/slow/export.jq"
must office --data "$data" erase "$content" --reason "ko=개인정보" --reason "en=Personal data"
serve $with --export "$work/slow"
get /data/slow.json
check "nor one from before an erasure" is 3 "$(jq -r '.items[0].n' "$work/body")"
stop >/dev/null
check "a backup has none of these files" all 'must backup --data "$data" --out "$work/copy"' \
	'[ ! -e "$work/copy/downloads" ]'

# --- what goes wrong ---

rm -r "$data/downloads"
serve $with
mv "$data/tmp" "$data/tmp.away" # where the server makes what it throws away
: >"$data/tmp"
get /data/short-list.csv
check "a file that cannot be made is a 503 with the time to try again" all 'status_is 503' 'header_is Retry-After 5'
check "in words for people" body_has "<h1>"
check "the log says why" grep -q "short-list.csv: $data/tmp" "$work/serve.err"
rm "$data/tmp"
mv "$data/tmp.away" "$data/tmp"
for _ in {1..2400}; do
	get /data/short-list.csv
	status_is 200 && break
	pause 0.1
done
check "once it can be made it is there again, without a restart" status_is 200
grep -v 'short-list.csv:' "$work/serve.err" >"$work/rest"
mv "$work/rest" "$work/serve.err"

cp -r "$data" "$work/other"
run serve --data "$work/other" --listen 127.0.0.1:0 --export tests/profiles/none
check "a folder that is no profile is refused" all 'is 4 "$status"' 'grep -q tests/profiles/none "$work/err"'
run serve --data "$work/other" --listen 127.0.0.1:0 --export $list --export $list
check "and so are two files of one name" all 'is 2 "$status"' \
	'grep -q "two profiles export to a file named" "$work/err"'
all_done
