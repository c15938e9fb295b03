#!/bin/bash
# Query parameters: known ones are used, unknown ones are refused by name.
. "$(dirname "$0")/lib.sh"
demo
serve

total() { # address -> how many systems the API gives
	get "$1"
	jq .total "$work/body"
}
refused() { # address, words …: 400, and the answer says them
	local path=$1 word
	shift
	get "$path" -H 'Accept-Language: en'
	status_is 400 || return
	for word; do body_has "$word" || return; done
}

check "an address of the API refuses a parameter it lacks, and names those it has" \
	refused '/api/v1/systems?as-of=2026-03-01' as-of 'q, department, status, risk'
check "a list for people does so too" refused '/en/systems?as-of=2026-03-01' as-of 'q, department'
check "in the reader's language" refused '/ko/systems?as-of=2026-03-01' '“as-of” 조건이 없습니다'
check "an address without parameters says that it takes none" \
	refused '/en/about?lang=ko' 'takes no parameters' lang
check "a download does, for it would be of everything" refused '/data/systems.csv?risk=high' risk
get /data/systems.csv
check "which is there without" status_is 200
check "the log does" refused '/log/checkpoint?x=1' x
check "a post does" refused '/en/systems/civil-chatbot/feedback?draft=1' draft

for path in /api/v1/systems /en/systems; do
	check "$path: a status that the standard lacks" refused "$path?status=live" status in_use
	check "$path: a risk that the standard lacks" refused "$path?risk=3" risk high
	check "$path: a department that there is none of" refused "$path?department=none" department
	check "$path: a review that is neither" refused "$path?review=late" review 'overdue, soon'
	check "$path: a search of eleven words" refused "$path?q=a+b+c+d+e+f+g+h+i+j+k" '10 words'
	[ "$path" != /en/systems ] || check "$path: they stay in the box, to be shortened" refused "$path?q=a+b+c+d+e+f+g+h+i+j+%3Ck" 'value="a b c d e f g h i j &lt;k"'
	check "$path: a search of 201 characters" \
		refused "$path?q=$(printf '%%EA%%B0%%80%.0s' {1..201})" '200 characters'
	check "$path: one parameter twice" refused "$path?risk=high&risk=low" 'given twice'
	get "$path?q=$(printf '%%EF%%B7%%BA%.0s' {1..200})"
	check "$path: 200 characters that each unfold to eighteen are a search" status_is 200
	get "$path?q=&risk=&status=&department=&review="
	check "$path: what a form leaves open asks for nothing" status_is 200
done
check "the number of a list's page is a number" refused '/en/systems?page=abc' page
check "from one on" refused '/en/systems?page=0' page
get '/en/systems?page=1000'
check "a page after the last is not there, and it says which is the last" all 'status_is 404' 'body_has "the list has"'
get '/ko/systems?page=1000'
check "in Korean, too" body_has 쪽까지
for bad in limit=abc limit=0 limit=501 limit=-1 offset=x offset=1e3 due_from=soon due_before=2026-02-30; do
	check "/api/v1/systems?$bad" refused "/api/v1/systems?$bad" "${bad%%=*}"
done
check "a day that is none" refused '/en/systems/civil-chatbot?as-of=2026-02-30' as-of
check "a version to compare with that is no number" \
	refused '/en/systems/civil-chatbot/versions/2/changes?from=x' from

all=$(total /api/v1/systems)
day=$(date +%F -d '+400 days')
check "review=overdue is honoured by the API as by the list" is \
	"$(total "/api/v1/systems?due_before=$(TZ=Asia/Seoul date +%F)")" "$(total '/api/v1/systems?review=overdue')"
check "and differs from all" [ "$(total '/api/v1/systems?review=overdue')" -lt "$all" ]
check "an interval of days is honoured" [ "$(total "/api/v1/systems?due_from=$day")" -lt "$all" ]

get '/ko/systems/civil-chatbot?utm_source=kakao&utm_medium=social&fbclid=Iw1'
check "a link that a network marked leads where it led" status_is 200
get '/api/v1/systems?fbclid=x&limit=2&utm_id=3'
check "and keeps what is asked" all status_is\ 200 'is 2 "$(jq .limit "$work/body")"'
all_done
