#!/bin/bash
# Invalid requests are refused cheaply: length, marks and signatures are checked before any work.
. "$(dirname "$0")/lib.sh"
demo
serve --metrics 127.0.0.1:0
slug=smart-water

# --- runs of combining marks: their reordering used to take a time that is their square ---
marks() { # n -> "a" and so many times four marks, of which each must pass the one before
	python3 -c 'import sys; sys.stdout.write("a" + "\u0345\u0301\u0323\u0327" * int(sys.argv[1]))' "$1"
}
for n in 8 130000; do # 33 bytes, and as many as the body may have
	marks $n | jq -Rsc '{a: .}' >"$work/record"
	get /api/v1/check --data-binary "@$work/record" -H 'Content-Type: application/json'
	check "a record with $n times four marks on a letter is refused by its field, rule and remedy" all \
		"status_is 400" 'jq -e ".message | contains(\"\\\"a\\\" has more than 30 combining marks\") and
			contains(\"take the others out\")" "$work/body"'
	get /api/v1/check --data-binary "@$work/record" -H 'Content-Type: application/json' -H 'Accept-Language: ko'
	check "in Korean, too" all 'jq -e ".message | contains(\"결합 문자\")" "$work/body"'
done
for lang in ko en; do
	ask /$lang/systems/$slug/feedback "text=$(marks 900)" "name=가야"
	check "the form in $lang comes back with what was written and why it was not taken" all "status_is 400" \
		'body_has "$(marks 900)" "가야" "$([ '$lang' = ko ] && echo 30개 || echo "more than 30")"'
	ask /$lang/systems/$slug/feedback "text=질문" "name=$(marks 8)"
	check "so does one with such a name" status_is 400
done
ask /ko/feedback "text=e$(printf '\xcc\x81')a" "name=가야"
check "a few marks are put together with their letters" all "status_is 303" \
	'get "$(header Location)"' "body_has éa"
get "/ko/systems?q=$(marks 20 | jq -Rr @uri)"
check "so is a search" all "status_is 400" "body_has 30개"

# --- searches ---
get "/ko/systems?q=$(python3 -c 'print("%EF%B7%BA" * 200)')" # U+FDFA: 18 characters, four words, in one
check "a search for 200 signs that stand for whole sentences is a search" all "status_is 200"
get "/api/v1/systems?q=$(python3 -c 'print("%EF%B7%BA+" * 10)')"
check "ten of them are ten words" all "status_is 200" 'jq -e ".total == 0" "$work/body"'
get "/api/v1/systems?q=$(jq -rn '"수도 WATER" | @uri')"
check "every word must be there, in any case" all "status_is 200" 'jq -e ".total > 0" "$work/body"'
get "/api/v1/systems?q=$(jq -rn '"수도 nowhere" | @uri')"
check "and each of them" all 'jq -e ".total == 0" "$work/body"'

# --- of what there are as many as pairs, nothing is kept ---
kept() { # answers in the cache
	fetch "$(sed -n 's/^gaya: metrics at //p' "$work/serve.out")" | sed -n 's/^gaya_cache_entries //p'
}
before=$(kept)
for path in /log/consistency/{3,4,5}/{20,21,22} /{ko,en}/systems/$slug?as-of=2026-11-{20,21,22} \
	"/ko/systems/$slug/versions/2/changes?from=1"; do
	get "$path"
	[ "$status" = 200 ] || [ "$status" = 404 ] || echo "$path $status"
done >"$work/odd"
check "proofs, days and comparisons are answered" is "" "$(cat "$work/odd")"
check "and not kept" is "$before" "$(kept)"
get /log/entry/3
check "an entry is" is $((before + 1)) "$(kept)"
for path in /ko/systems?q={water,chatbot,water,chatbot} /ko/systems?q=nowhere\&page=2; do get "$path"; done
check "and a search, in its own share" is $((before + 3)) "$(kept)"

# --- what is dear is made once in a while, and given out with its date meanwhile ---
get /sitemap-1.xml
etag=$(header ETag)
check "the sitemap says of when it is" grep -qE '^Last-Modified: [A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} ' "$work/head"
check "a system changes" office '{"do": "suspend", "system": "civil-kiosk", "reason": {"ko": "점검", "en": "Check"}}'
get /sitemap-1.xml
check "and the sitemap is not made anew at once" header_is ETag "$etag"

# --- signatures first ---
sent() { # entry, content -> posted as an event
	jq -nc --arg entry "$1" --rawfile content "$2" '{entry: $entry, content: $content}' >"$work/sent"
	get /api/v1/events --data-binary "@$work/sent" -H 'Content-Type: application/json'
}
department=$(sql "SELECT department FROM system WHERE slug = '$slug'")
line=$(python3 - "$department" <<-'END'
	import datetime, json, sys
	at = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
	print(json.dumps({"after": -1, "at": at, "by": "department/" + sys.argv[1], "content": {"sha256": "0" * 64,
	    "size": 9, "type": "application/json"}, "department": sys.argv[1], "system": "new",
	    "type": "system.filed"}, separators=(",", ":")))
END
)
echo 'not JSON, and looked at by nobody' >"$work/content"
sent "$line"$'\n\n'"— $origin/$department AAAAAGFiY2Rl"$'\n' "$work/content"
check "a content is read only when its entry is signed by a department" all "status_is 403" \
	"body_has \"no key that was granted\""
all_done
