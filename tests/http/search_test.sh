#!/bin/bash
# Searches and their results: search.py compares them with a table of queries (tests/long/search_real_test.sh
# does so on two real registers).
. "$(dirname "$0")/lib.sh"
here=$(dirname "$0")
demo
serve
table() { # url, table
	python3 "$here/search.py" "$1" "$here/$2" >"$work/said"
	set -- $?
	tail -1 "$work/said" >"$work/figures"
	cat "$work/said"
	return "$1"
}
check "people find in the demo city what they type, in the order that they expect" table "$url" search_demo.tsv
sed 's/^/# /' "$work/figures"

# --- the page ---
get "/ko/systems?q=%EA%B0%9C%EC%9D%B8%EC%A0%95%EB%B3%B4"
check "a result says where the words stand, and marks them" body_has "<strong>기록 내용</strong>" "<mark>개인정보</mark>"
get "/ko/systems?q=%EA%B5%AD%EC%A0%81"
check "the piece of a text that has markup is plain words" all 'body_has "<mark>국적</mark>"' 'body_lacks "**" "- 찾지"'
get "/en/systems?q=face+recognition"
check "what a system is not used for is said as such" body_has "<strong>Not used for</strong>"
get "/ko/systems?q=%EC%B3%87%EB%B4%87"
check "a word that is mistyped is taken as it was meant, which is said" all \
	'body_has "‘쳇봇’: 찾은 것이 없습니다. ‘챗봇’ 검색 결과를" "/ko/systems/civil-chatbot"'
get "/ko/systems?q=%EC%9D%98"
check "a particle alone finds nothing, which the page explains, and leads on" all \
	'body_has "거의 모든 글에 나오는 말" "/ko/feedback#ask" "/ko/departments"' 'body_lacks "<mark>" "조건에 맞는"'
for q in %EC%88%98 the+of %EC%97%90%EC%84%9C %21%21; do
	get "/en/systems?q=$q"
	check "so does a search for $q" body_has "cannot be searched for on their own"
done
get "/en/systems?q=the+zeppelin"
check "where one word says something, the page says that no system matches" all \
	'body_has "No system matches"' 'body_lacks "on their own"'
get "/en/systems?q=chatbot+zeppelin"
check "of two words the one that no system has is named, and what the other finds is shown as that" all \
	'body_has "No system has the word “zeppelin”" "results for “chatbot”" "/en/systems/civil-chatbot"'
get "/ko/systems?q=%EB%B9%84%ED%96%89%EC%84%A0%EC%9C%A0%EB%A0%B9+%EC%B1%97%EB%B4%87"
check "in Korean, too, whichever comes first" all \
	'body_has "‘비행선유령’: 이 말이 들어 있는 시스템이 없습니다" "‘챗봇’ 검색 결과" "/ko/systems/civil-chatbot"'
get "/en/systems?q=chatbot+tourism"
check "of two words that both find something, but nothing together, none is left out" all \
	'body_has "No system matches"' 'body_lacks "results for"'
get "/en/systems?q=chatbot+water&department=waterworks"
check "a word that only a filter keeps from being found is not said to be in no system" all \
	'body_has "Nothing was found for “chatbot water”" "results for “water”"' 'body_lacks "No system has the word"'
get "/en/systems?q=zeppelin+water&department=waterworks"
check "but one that no system has is, under a filter, too" body_has "No system has the word “zeppelin”"
get "/en/systems?q=%22%20OR%20name%3A*%20NEAR(&status=in_use"
check "what means something to the index means nothing in a search" status_is 200
get "/en/systems?q=%3Cmark%3Echatbot%3Cscript%3E"
check "what is marked is escaped" all 'body_lacks "<script>chat" "<mark>chatbot<script"' "status_is 200"
get "/en/systems?q=chatbot&status=retired"
check "filters narrow a search down" all 'body_has button-chatbot' 'body_lacks civil-chatbot'
get "/en/systems?q=chatbot&department=civil"
check "to a department whose name only begins so it does not" body_lacks "/systems/civil-chatbot"
get "/api/v1/systems?q=chatbot&limit=1&offset=1"
check "pages of a search go on where the one before ended" is button-chatbot "$(jq -r '.systems[0].slug' "$work/body")"

# --- what changes is found as it is now ---
found() { fetch "$url/api/v1/systems?q=$1" | jq -r '.systems[].slug' | tr '\n' ' '; }
get "/ko/systems?q=chatbot"
check "a filter does not offer a department that there is not" body_lacks '<option value="archives">'
office '{"do": "department-add", "department": "archives", "name": {"ko": "시립기록원", "en": "City archives"}}' >/dev/null
get "/ko/systems?q=chatbot"
check "it does from the moment of its entry" body_has '<option value="archives">시립기록원</option>'
get "/en/systems?q=chatbot&department=archives"
check "in both languages, and shows which one is chosen" all \
	'body_has "<option value=\"archives\" selected>City archives</option>"' 'body_lacks "<option value=\"civil\" selected"'
suspend() { office '{"do": "suspend", "system": "civil-kiosk", "reason": {"ko": "점검", "en": "Maintenance"}}' >/dev/null; }
check "before that nothing is suspended in the civil service" is "" "$(fetch "$url/api/v1/systems?q=kiosk&status=suspended" | jq -r '.systems[].slug')"
get "/ko/systems?q=kiosk"
check "so its card, which other searches will show, says that it is in use" all 'body_has /systems/civil-kiosk' 'body_lacks status-suspended'
suspend
get "/ko/systems?q=kiosk+"
check "but not any more once it is suspended" all 'body_has /systems/civil-kiosk' 'body_has status-suspended'
get "/en/systems?q=kiosk"
check "nor in English" body_has status-suspended
check "a system that is suspended is found as that" is civil-kiosk "$(fetch "$url/api/v1/systems?q=kiosk&status=suspended" | jq -r '.systems[].slug')"
ask /ko/systems/smart-water/feedback "text=두꺼비집 옆 계량기도 보나요?"
id=$(sql "SELECT id FROM feedback ORDER BY entry DESC LIMIT 1")
check "a question that nobody decided on is not searched" is "" "$(found %EB%91%90%EA%BA%BC%EB%B9%84%EC%A7%91)"
office "{\"do\": \"feedback-publish\", \"feedback\": \"$id\"}" >/dev/null
check "one that is published is" is "smart-water " "$(found %EB%91%90%EA%BA%BC%EB%B9%84%EC%A7%91)"
office "{\"do\": \"feedback-withhold\", \"feedback\": \"$id\", \"code\": \"personal-data\"}" >/dev/null
check "and not once it is withheld" is "" "$(found %EB%91%90%EA%BA%BC%EB%B9%84%EC%A7%91)"
office "{\"do\": \"feedback-publish\", \"feedback\": \"$id\"}" >/dev/null
sha=$(sql "SELECT sha256 FROM feedback WHERE id = '$id'")
office "{\"do\": \"erase\", \"sha256\": \"$sha\", \"reason\": {\"ko\": \"이름\", \"en\": \"A name\"}}" >/dev/null
# FTS5 leaves out how a word begins, where the word before begins so, too: its end is looked for.
indexed() { sql "SELECT count(*) FROM search_asked_data WHERE instr(block, CAST('$1' AS BLOB))"; }
publish() { office "{\"do\": \"feedback-publish\", \"feedback\": \"$1\"${2:-}}" >/dev/null; }
asks() { # text; $id is what was asked, $receipt where
	ask /ko/systems/smart-water/feedback "text=$1"
	receipt=$(header Location)
	id=$(sql "SELECT id FROM feedback ORDER BY entry DESC LIMIT 1")
}
asks '이"시스템"은 누가 만들었나요, 가(나)"다"라 “마바” "사아"?'
publish "$id"
check "a word with quotes in it is found by its own spelling" is "smart-water " "$(found %EC%9D%B4%22%EC%8B%9C%EC%8A%A4%ED%85%9C%22%EC%9D%80)"
check "one with brackets, too" is "smart-water " "$(found %EA%B0%80%28%EB%82%98%29%22%EB%8B%A4%22%EB%9D%BC)"
check "quotes around a word do not hide it" is "smart-water " "$(found %22%EB%A7%88%EB%B0%94%22)"
asks '가"나"다라 하고 물었습니다'
publish "$id"
asks "Do you hear a quokka?"
publish "$id"
check "a question's words are in the index" is 1 "$(indexed uokka)"
get "$receipt/withdraw" -d sure=1
check "and once it is withdrawn, in no part of it" is 0 "$(indexed uokka)"
asks "Do you hear an axolotl?"
publish "$id"
office "{\"do\": \"feedback-withhold\", \"feedback\": \"$id\", \"code\": \"personal-data\"}" >/dev/null
check "nor are those of one that was withheld after all" is 0 "$(indexed xolotl)"
asks "Do you hear Wombat?"
publish "$id"
publish "$id" ', "mask": ["Wombat"]'
check "it is masked" is 1 "$(sql "SELECT count(*) FROM feedback WHERE masked IS NOT NULL AND id = '$id'")"
check "nor what was masked after all" is 0 "$(indexed ombat)"
check "what is erased is not found" is "" "$(found %EB%91%90%EA%BA%BC%EB%B9%84%EC%A7%91)"
stop
check "and its words are in no part of the index any more" is 0 \
	"$(grep -c "두꺼" <(cat "$data"/register.db* "$data"/model/*.db* 2>/dev/null))"
check "nor are those of what was withdrawn anywhere in the files" is 0 \
	"$(grep -ciE "uokka" <(cat "$data"/register.db* "$data"/model/*.db* 2>/dev/null))"
check "what was folded entry by entry is what a rebuild gives" "$GAYA" verify "$data"
check "and so it is after one" all 'run rebuild --data "$data"' '"$GAYA" verify "$data"'

# --- the city's own words ---
printf '{"synonyms": [["멍멍이민원", "키오스크"]]}' >"$data/search.json"
serve
check "words of the city's file are known" is "civil-kiosk " "$(found %EB%A9%8D%EB%A9%8D%EC%9D%B4%EB%AF%BC%EC%9B%90)"
stop
printf '{"synonyms": [["one"]]}' >"$data/search.json"
check "a server does not start with words that it cannot read" all \
	'not "$GAYA" serve --data "$data" --listen 127.0.0.1:0 2>"$work/refused"' 'grep -q "2 to 12 words" "$work/refused"'
rm "$data/search.json"
serve
all_done
