#!/bin/bash
# The course of a question: about no system, withheld, withdrawn, answered in another language, late; on forms
# and pages. tests/http/feedback_test.sh tests how it is submitted.
. "$(dirname "$0")/lib.sh"
demo
serve
slug=smart-water
new() { # address, name=value …: asks; $receipt is its address, $id its public id
	ask "$@"
	receipt=$(header Location)
	id=$(sql "SELECT id FROM feedback ORDER BY entry DESC LIMIT 1")
}
publish() { office "{\"do\": \"feedback-publish\", \"feedback\": \"$id\"}"; }
withhold() { office "{\"do\": \"feedback-withhold\", \"feedback\": \"$id\", \"reason\": $1}"; }
answer() { office "{\"do\": \"feedback-answer\", \"feedback\": \"$id\", \"text\": $1}"; }
waiting() { office '{"do": "waiting"}' | jq -r ".$1[].feedback" | grep -c "$id"; }
message() { jq -r ".$2" "$(dirname "$0")/../../web/messages/$1.json"; } # language, key
words() { # selector-free: the text of the body, its tags gone and blanks joined
	sed 's/<[^>]*>/ /g' "$work/body" | tr -s ' \n' ' '
}

# --- about no system ---
for lang in ko en; do
	get "/$lang/"
	check "the $lang home page leads to the form for all else, and so does every page's foot" all \
		'body_has "href=\"/$lang/feedback#ask\""' 'body_has "<li><a href=\"/$lang/feedback\">"'
	get "/$lang/systems?q=nothing-of-this-name"
	check "where nothing is found in $lang, one can ask, or look up a department" \
		body_has "href=\"/$lang/feedback#ask\"" "href=\"/$lang/departments\""
	get /$lang/feedback
	check "the demo city has general questions, and the office answered them in $lang" body_has \
		"아이 학교에서 AI 교재를" "could the city quietly delete" "$([ $lang = ko ] && echo "범위 밖에 있습니다" || echo "outside this register")"
	check "the page has the form" all "status_is 200" 'body_has "action=\"/$lang/feedback\"" "name=\"text\""'
	get /$lang/feedback/
	check "with one address" all "status_is 301" 'header_is Location "/$lang/feedback"'
	ask /$lang/feedback text= "name=나그네"
	check "an empty question comes back in $lang" all "status_is 400" 'body_has "aria-invalid=\"true\"" "나그네"'
	new /$lang/feedback "text=드론은 왜 등록되지 않았나요? ($lang)" "email=a-$lang@example.kr"
	check "a question about no system leads to its receipt" all "status_is 303" \
		'grep -qE "^/$lang/feedback/[0-9a-f]{32}$" <<<"$receipt"'
	check "its entry names none" is null "$(fetch "$url/log/entry/$(sql "SELECT entry FROM feedback WHERE id = '$id'")" | jq .system)"
	get "$receipt"
	check "the receipt leads back to that page, and to the day of the answer" all \
		'body_has "<a href=\"/$lang/feedback\">"' 'body_has "드론은 왜"'
	get /$lang/feedback
	check "before it is published nobody else reads it" body_lacks "($lang)"
	check "it waits for the office" is 1 "$(waiting feedback)"
	check "the office publishes it" publish
	check "then it waits for an answer" is 1 "$(waiting unanswered)"
	get /$lang/feedback
	check "everybody reads it in $lang" body_has "드론은 왜 등록되지 않았나요? ($lang)"
	check "the office answers it" answer "{\"ko\": \"곧 등록합니다. ($lang)\", \"en\": \"Soon. ($lang)\"}"
	get /$lang/feed.atom
	check "the feed tells of question and answer" all 'body_has "/$lang/feedback#q-$id" "feedback.published" "feedback.answered"' \
		'body_has "드론은 왜 등록되지 않았나요? ($lang)"'
	get "/api/v1/feedback/$id"
	check "the API has it, about no system" all "status_is 200" \
		'jq -e ".system == null and .state == \"published\" and (.answers | length) == 1" "$work/body"'
	get /api/v1/feedback
	check "and lists it" jq -e "[.questions[].id] | index(\"$id\")" "$work/body"
	get "/api/v1/feedback?system=$slug"
	check "and not among a system's" not jq -e "[.questions[].id] | index(\"$id\")" "$work/body"
	check "no system's page shows it" all 'get /$lang/systems/$slug/feedback' 'body_lacks "드론은 왜"'
done
get "/api/v1/feedback?system=none"
check "there are no questions about what there is not" status_is 404
get /sitemap-1.xml
check "the page is in the sitemap" body_has "$url/ko/feedback<" "$url/en/feedback<"

# --- the day of the answer, in the register's zone ---
new /en/systems/$slug/feedback "text=When?" "name=나비" "lang=ko"
get "$receipt"
day=$(TZ=Asia/Seoul date -d "$(sql "SELECT at FROM feedback WHERE id = '$id'") + 14 days" '+%-d %B %Y')
check "the receipt says by which day the answer is expected" body_has "By $day"
get "/ko${receipt#/en}"
check "in Korean, too" body_has "$(LC_ALL=C.UTF-8 TZ=Asia/Seoul date -d "$(sql "SELECT at FROM feedback WHERE id = '$id'") + 14 days" '+%Y. %-m. %-d.')까지"
check "it is published" publish
get "$receipt"
check "and still says so while it waits" body_has "By $day"
check "what can only be pressed is not printed" body_has '<section class="group screen" id="withdraw">' '<p class="screen"><a class="button second"'
get /en/systems/$slug/feedback
check "a nickname is in the language of its question" body_has '<span lang="ko">나비</span>'
check "it is answered" answer '{"ko": "오늘입니다.", "en": "Today."}'
get "$receipt"
check "no longer once it is answered" body_lacks "By $day" "Answer expected"

# --- withheld ---
new /ko/systems/$slug/feedback "text=010-1234-5678로 전화 주세요" "lang=vi"
check "it is withheld" withhold '{"ko": "전화번호가 있습니다.", "vi": "Có số điện thoại."}'
check "and answered" answer '{"ko": "전화드리겠습니다.", "en": "We will call you."}'
get "$receipt"
check "its sender reads why, and the answer" all \
	'body_has "전화번호가 있습니다." "전화드리겠습니다." "이 답변은 이 접수증에서만 볼 수 있습니다."'
check "and that it was answered, and not published" body_has "공개하지 않고 따로 답변함"
check "the reason in the language of who asked stands beside" body_has 'lang="vi">Tiếng Việt<' "Có số điện thoại."
get /ko/
check "the home page counts it among those withheld, though it was answered" body_has \
	"<dt>공개하지 않음</dt><dd>$(sql "SELECT count(*) FROM feedback WHERE state = 'withheld'")</dd>" "그중 답변 기한이 지남"
get /ko/systems/$slug/feedback
check "the list of questions says that it has those published, and this one besides" body_has "공개된 질문" "이 밖에"
sha256=$(sql "SELECT sha256 FROM answer WHERE feedback = '$id'")
for path in /ko/systems/$slug/feedback /en/systems/$slug/feedback /ko/feed.atom /api/v1/feedback/$id \
	"/api/v1/feedback?system=$slug" "/log/content/$sha256" /log/entry/$(sql "SELECT entry FROM answer WHERE feedback = '$id'"); do
	get "$path"
	check "nobody else reads the answer at ${path:0:40}" body_lacks "전화드리겠습니다" "We will call"
done
get "/log/content/$sha256"
check "its content is closed" status_is 403
check "who publishes a withheld question must know that it is" not publish
check "and does who says so" office "{\"do\": \"feedback-publish\", \"feedback\": \"$id\", \"withheld\": true}"
get /ko/systems/$slug/feedback
check "the personal answer stays personal" all 'body_lacks "전화드리겠습니다"' 'body_has "질문한 분께 따로 답했습니다."'
get "$receipt"
check "and stays on the receipt" body_has "전화드리겠습니다."

# --- withheld for a reason of the published list ---
for lang in ko en; do
	get /$lang/withholding
	check "the $lang list of reasons is there, each with its basis" all 'body_has "id=\"personal-data\"" "id=\"off-topic\""' \
		'is 7 "$(grep -c "<section class=\"group\" id=" "$work/body")"' \
		'body_has "$([ $lang = ko ] && echo "정보공개에 관한 법률" || echo "Official Information Disclosure Act")"'
	get /$lang/systems/$slug/feedback
	check "the $lang form leads to it" body_has "href=\"/$lang/withholding\""
done
new /ko/systems/$slug/feedback "text=물건 사세요"
check "a reason that is not on the list is refused, with those that are" not office \
	"{\"do\": \"feedback-withhold\", \"feedback\": \"$id\", \"code\": \"because\"}"
check "it is withheld by the list" office "{\"do\": \"feedback-withhold\", \"feedback\": \"$id\", \"code\": \"advertising\"}"
for lang in ko en; do
	get "/$lang${receipt#/ko}"
	check "its sender reads the reason in $lang" body_has "href=\"/$lang/withholding#advertising\"" \
		"$([ $lang = ko ] && echo "광고나 도배" || echo "Advertising or spam")"
done
get /en/withholding
check "and the list counts it" body_has "1 so far"
get /api/v1/withholding
check "as programs read it" jq -e '.reasons[] | select(.code == "advertising").times == 1' "$work/body"
get "/api/v1/feedback/$id"
check "the API says for which reason, and not what was asked" all 'jq -e ".code == \"advertising\"" "$work/body"' 'body_lacks "물건"'

# --- masked ---
new /ko/systems/$slug/feedback "text=저는 김가야입니다. 010-9876-5678로 왜 전화했나요?" "name=김가야"
original=$(sql "SELECT sha256 FROM feedback WHERE id = '$id'")
mask() { office "{\"do\": \"feedback-publish\", \"feedback\": \"$id\", \"mask\": $1, \"mask_name\": true}"; }
check "words that are not in it cannot be masked" not mask '["이나라"]'
check "a number and a name are masked" mask '["010-9876-5678", "김가야"]'
masked=$(sql "SELECT masked FROM feedback WHERE id = '$id'")
for path in /ko/systems/$slug/feedback /en/systems/$slug/feedback /ko/feed.atom /en/feed.atom /api/v1/feedback/$id \
	"/api/v1/feedback?system=$slug" "/log/content/$masked" "/log/content/$original" \
	/log/entry/$(sql "SELECT decided_entry FROM feedback WHERE id = '$id'"); do
	get "$path"
	check "nobody reads what is masked at ${path:0:40}" body_lacks "김가야" "010-9876"
done
for lang in ko en; do
	get /$lang/systems/$slug/feedback
	check "in $lang everybody sees where" body_has "저는 <strong>▇▇▇</strong> <small>$(message $lang masked)</small>입니다." \
		"$(message $lang question_masked)"
done
get "/log/content/$original"
check "what was asked is sealed" status_is 403
get "/log/content/$masked"
check "and what is shown is content of the log" all "status_is 200" 'jq -e ".text | test(\"저는 ▇▇▇입니다\")" "$work/body"'
get "$receipt"
check "its sender reads both" all 'body_has "저는 김가야입니다. 010-9876-5678로" "<strong>▇▇▇</strong>"'
check "and that the name was masked, too" all 'body_has "$(message ko receipt_name_masked)"' \
	'body_lacks "$(message ko receipt_name_text)"'
get "$receipt/receipt.tlog-proof"
check "and proves what was asked" all "status_is 200" \
	'sed -n "s/^extra //p" "$work/body" | base64 -d | jq -e ".content | test(\"010-9876-5678\")"'
check "whoever reads by HTTP verifies it without what is sealed" "$GAYA" verify "$url"
check "and who has the folder, with it" "$GAYA" verify "$data"
check "the sealed text is erased" office "{\"do\": \"erase\", \"sha256\": \"$original\", \"reason\": {\"ko\": \"보관 기간\", \"en\": \"Kept long enough\"}}"
get /ko/systems/$slug/feedback
check "what is shown stays" body_has "저는 <strong>▇▇▇</strong>"
get "$receipt/receipt.tlog-proof"
check "and so does the proof that it was received" status_is 200
check "it still verifies, both ways" all '"$GAYA" verify "$url"' '"$GAYA" verify "$data"'
check "it is answered" answer '{"ko": "확인 전화였습니다.", "en": "To confirm."}'

# --- the same again, and late ---
new /ko/systems/$slug/feedback "text=밤에도 사람이 보나요?"
first=$id first_receipt=$receipt
check "the first is published" publish
new /en/systems/$slug/feedback "text=Does anybody look at night? 김가야"
check "the second is merged into it" office "{\"do\": \"feedback-merge\", \"feedback\": \"$id\", \"into\": \"$first\"}"
for lang in ko en; do
	get "/$lang${receipt#/en}"
	check "its receipt leads to the first in $lang" body_has "href=\"/$lang/systems/$slug/feedback#q-$first\"" "$(message $lang receipt_same)"
	get /$lang/systems/$slug/feedback
	check "the page counts it in $lang, shows it not, and says by when the first is answered" all 'body_lacks "Does anybody look at night"' \
		'body_has "$([ $lang = ko ] && echo "같은 질문이 1건 더" || echo "1 more person asked the same")"' \
		'body_has "$([ $lang = ko ] && echo "1건은 공개된 질문과 같은" || echo "1 more asks the same")"' \
		'words | grep -qE "$([ $lang = ko ] && echo "[0-9]+\. [0-9]+\. [0-9]+\.까지" || echo "By [0-9]+ [A-Z][a-z]+ [0-9]+")"'
done
for lang in ko en; do
	for feed in /$lang/feed.atom /$lang/systems/$slug/feed.atom; do
		get $feed
		python3 tests/http/feed_check.py "$work/body" "$url" >"$work/lines"
		check "$feed tells of it, leads to the first, and does not tell its text" all \
			'grep -q "^feedback.merged /$lang/systems/$slug/feedback#q-$first " "$work/lines"' 'body_lacks "at night"'
	done
done
get "/api/v1/feedback/$id"
check "the API leads there, too" all 'jq -e ".state == \"merged\"" "$work/body"' 'body_lacks "at night"'
check "the first is answered" office "{\"do\": \"feedback-answer\", \"feedback\": \"$first\", \"text\": {\"ko\": \"당직자가 봅니다.\", \"en\": \"Yes, somebody does.\"}}"
for lang in ko en; do
	for one in "$first_receipt" "$receipt"; do
		get "/$lang${one#/??}"
		check "the answer is on both receipts in $lang" body_has "$([ $lang = ko ] && echo "당직자가 봅니다." || echo "Yes, somebody does.")"
	done
done
get "$receipt/receipt.tlog-proof"
check "the merged question's receipt still proves what was asked" \
	all "status_is 200" 'sed -n "s/^extra //p" "$work/body" | base64 -d | jq -e ".content | test(\"at night\")"'
get "$receipt/withdraw" -d sure=1
get "$receipt/receipt.tlog-proof"
check "and once it is withdrawn, that it was received" status_is 200
get /en/
check "the home page counts what is overdue" body_has "<dt>Of these, overdue</dt>"
check "all of it verifies" all '"$GAYA" verify "$url"' '"$GAYA" verify "$data"'

# --- a question that everybody read, and then the same again ---
new /ko/systems/$slug/feedback "text=점검은 누가 합니까?"
first=$id
check "a question is published" publish
new /ko/systems/$slug/feedback "text=점검하는 사람이 누구입니까?"
check "and another" publish
check "which then is merged into the first" office "{\"do\": \"feedback-merge\", \"feedback\": \"$id\", \"into\": \"$first\"}"
for feed in /ko/feed.atom /ko/systems/$slug/feed.atom /ko/departments/waterworks/feed.atom; do
	get $feed
	python3 tests/http/feed_check.py "$work/body" "$url" >"$work/lines"
	check "$feed tells which one, and leads to the one that is answered" all \
		'grep -q "^feedback.merged /ko/systems/$slug/feedback#q-$first " "$work/lines"' \
		'body_has "공개된 이 질문은 같은 내용의 다른 질문과 함께 답합니다: 점검하는 사람이 누구입니까?"'
done
check "they are parted" office "{\"do\": \"feedback-part\", \"feedback\": \"$id\"}"
get /ko/systems/$slug/feed.atom
check "and the feed takes that back" body_lacks "같은 내용의 다른 질문과 함께"
check "all of it verifies" all '"$GAYA" verify "$url"' '"$GAYA" verify "$data"'

# --- in other languages ---
new /ko/systems/$slug/feedback "text=Nước có sạch không?" "lang=vi"
check "a question in Vietnamese is published" publish
check "and answered in Vietnamese and Uzbek" answer '{"vi": "Nước sạch.", "uz": "Suv toza."}'
for path in /ko/systems/$slug/feedback /en/systems/$slug/feedback "$receipt"; do
	get "$path"
	check "the asker's language is shown where the reader's is missing, marked ($path)" \
		body_has '<p class="tongue" lang="vi">Tiếng Việt</p>' 'lang="vi">Nước sạch.'
	check "the other language is one step away" body_has '<summary lang="uz">Oʻzbekcha</summary>' 'lang="uz">Suv toza.'
done
check "answered once more, in Korean and Vietnamese" answer '{"ko": "깨끗합니다.", "vi": "Rất sạch."}'
get "$receipt"
check "the reader's language comes first, the asker's is open below" body_has ">깨끗합니다.<" \
	'<details open><summary lang="vi">Tiếng Việt</summary>' "Rất sạch."
check "answered in a language that nobody here knows the name of" answer '{"tlh": "yap."}'
get "$receipt"
check "its tag is its name" body_has '<p class="tongue" lang="tlh">tlh</p>' "yap."

# --- withdrawn ---
new /en/systems/$slug/feedback "text=I regret this question" "name=Regretful" "email=regret@example.kr"
check "the question to be withdrawn is published" publish
for lang in ko en; do
	get "/$lang${receipt#/en}"
	check "the $lang receipt shows the name to who holds it, and who sees it" body_has "Regretful" \
		"$(message $lang receipt_name_text)"
done
get "$receipt/withdraw" -X POST
check "to withdraw asks first" all "status_is 303" 'header_is Location "$receipt?unsure=1#withdraw"'
get "$receipt?unsure=1"
check "and says what is missing, with nothing erased" body_has 'role="alert"' "I regret this question" 'aria-invalid="true"'
get "$receipt/withdraw" -d sure=1 -H 'Sec-Fetch-Site: cross-site'
check "another site cannot do it" all "status_is 403" 'is 1 "$(waiting unanswered)"'
get "$receipt/withdraw" -d sure=1
check "who holds the receipt can" all "status_is 303" 'header_is Location "$receipt?done=1"' 'header_is Cache-Control no-store'
get "$receipt?done=1"
check "the receipt says so, and offers it no more" all 'body_has "role=\"status\"" "You withdrew this question"' \
	'body_lacks "I regret" "Regretful" "$receipt/withdraw" "$receipt/forget" "Answer expected"'
for lang in ko en; do
	get "/$lang${receipt#/en}?done=1"
	check "the $lang receipt says once what was erased, and always that it was withdrawn" \
		body_has "$(message $lang receipt_withdrawn)" "$(message $lang receipt_withdrawn_text)" "$(message $lang state_withdrawn)"
	get "/$lang${receipt#/en}"
	check "later only that in $lang" all 'body_has "$(message $lang receipt_withdrawn_text)"' \
		'body_lacks "$(message $lang receipt_withdrawn)"'
done
check "the text is nowhere in the database" is 0 "$(sql "SELECT count(*) FROM content WHERE instr(CAST(bytes AS TEXT), 'I regret this')")"
check "nor is the address" is 0 "$(sql "SELECT count(*) FROM contact WHERE feedback = '$id'")"
get "/log/content/$(sql "SELECT sha256 FROM feedback WHERE id = '$id'")"
check "its content is gone for good" status_is 410
check "nothing waits" is "0 0" "$(waiting feedback) $(waiting unanswered)"
check "nothing can be done about it any more" not answer '{"ko": "늦은 답변"}'
get /en/systems/$slug/feedback
check "the page counts it among the erased, and shows nothing of it" all 'body_lacks "I regret" "q-$id"' \
	'body_has "withdrawn by who asked"'
get "/api/v1/feedback/$id"
check "the API says that it was withdrawn" jq -e ".withdrawn and (.text == null)" "$work/body"
get "$receipt/withdraw" -d sure=1
check "twice does no harm" all "status_is 303" 'is 2 "$(sql "SELECT count(*) FROM feedback WHERE withdrawn_entry IS NOT NULL")"'
get "/en/feedback/$(printf 'c%.0s' {1..32})/withdraw" -d sure=1
check "a receipt that is not there withdraws nothing" status_is 404
get "$receipt/receipt.tlog-proof"
check "the proof that it was received still stands" all "status_is 200" 'is c2sp.org/tlog-proof@v1 "$(head -n 1 "$work/body")"'

# --- what is said beside name and e-mail, and on the home page ---
for lang in ko en; do
	get /$lang/systems/$slug/feedback
	case $lang in
	ko) said=("왜 받나요?" "얼마 동안 보관하나요?" "누가 보나요?" "90일이 지나면") ;;
	en) said=("Why do we ask?" "How long do we keep it?" "Who sees it?" "after 90 days") ;;
	esac
	check "the $lang form says why, how long and who" body_has "${said[@]}"
	check "and promises no answer by e-mail" body_lacks "tell you of the answer" "답변을 알리는"
	get /$lang/
	check "the $lang home page says what stays and what can be erased" all 'body_lacks "cannot be deleted" "지울 수 없는 기록"' \
		'body_has "$([ $lang = ko ] && echo "접수증에서 언제든 지울 수" || echo "can be erased at any time from your receipt")"'
done

# --- whom to call, and what the city itself says of personal data ---
for lang in ko en; do
	get "/$lang/systems?q=nothing-of-this-name"
	check "where nothing is found in $lang stands the city's telephone" body_has 'href="tel:055-000-0114"'
	get /$lang/feedback
	check "as on the page for all else, with the city's own notice" body_has 'href="tel:055-000-0114"' \
		"$([ $lang = ko ] && echo "수집 목적:" || echo "Your rights:")"
done
check "the office sets 30 days, and another notice" office '{"do": "register-change", "answer_days": 30,
	"privacy_notice": {"en": null, "ko": "# 알림\n<script>alert(1)</script> [링크](javascript:alert(1))"}}'
new /en/feedback "text=When, by the new rule?"
get "$receipt"
check "days are those of the settings" body_has "By $(TZ=Asia/Seoul date -d "$(sql "SELECT at FROM feedback WHERE id = '$id'") + 30 days" '+%-d %B %Y')"
get /en/feedback
check "the notice is Markdown and nothing else, marked as Korean" all 'body_lacks "<script>alert" "href=\"javascript"' \
	'body_has "lang=\"ko\"" "알림"'

new /en/systems/$slug/feedback "text=How long must I wait?"
check "one more is published" publish
# --- kept no longer than said ---
stop
# The clock is the machine's: instead of it going on, two questions become older.
ids=($(sql "SELECT feedback FROM contact ORDER BY feedback LIMIT 2"))
older() { # id, days
	register_sql "$data" "UPDATE feedback SET at = '$(date -u -d "$2 days ago" +%FT%TZ)' WHERE id = '$1'"
}
older "${ids[0]}" 89
older "${ids[1]}" 91
serve
gone() { [ "$(sql "SELECT count(*) FROM contact WHERE feedback = '${ids[1]}'")" = 0 ]; }
for _ in {1..600}; do gone && break || sleep 0.05 0.1; done
check "an address is erased 90 days after its question" gone
check "and not before" is 1 "$(sql "SELECT count(*) FROM contact WHERE feedback = '${ids[0]}'")"
stop
register_sql "$data" "UPDATE feedback SET at = '$(date -u -d "31 days ago" +%FT%TZ)' WHERE id = '$id'"
serve
for lang in ko en; do
	get /$lang/systems/$slug/feedback
	check "everybody reads in $lang that an answer is overdue" body_has '<strong class="overdue">' \
		"$([ $lang = ko ] && echo "답변 기한이 지났습니다" || echo "overdue for an answer")"
	get /$lang/
	check "the $lang home page counts it" grep -qE "<dt>$(message $lang count_late)</dt><dd><strong class=\"overdue\">[1-9]" "$work/body"
done
stop
check "what was made older is made from the log again" "$GAYA" rebuild --data "$data"
check "the whole register verifies" "$GAYA" verify "$data"
all_done
