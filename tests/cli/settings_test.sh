#!/bin/bash
# A register's settings: checked at the start, changed by the office, shown to everyone.
. "$(dirname "$0")/lib.sh"

data=$work/register
refused() { # what is said, arguments of init …
	said=$1
	shift
	run init --data "$data" --origin settings.example/log "$@"
	exits 2
	says "$said"
	[ ! -e "$data" ] || fault "$data was made"
}

claim "a time zone that tzdata does not have makes no register"
refused '"KST" is not a time zone' --timezone KST
refused "write Asia/Seoul" --timezone Asia/seoul
refused '"Seoul" is not a time zone' --timezone Seoul
refused "timezone" --timezone ""
refused "timezone" --timezone ../../etc/passwd
refused "timezone" --timezone right/Asia/Seoul

claim "a machine without time zones is told which package it lacks"
TZDIR=$work/none
export TZDIR
run init --data "$data" --origin settings.example/log
exits 4
says "install the package tzdata"
unset TZDIR

claim "what else a register is given is checked against what it names, too"
refused contact --contact mailto:
refused contact --contact http://city.example
refused contact --contact ""
refused '"name" is empty in "ko"' --name ko= --name en=Register
refused "holds nothing that can be seen" --name "ko=$(printf '\343\205\244')" --name en=Register
refused 'missing in "en"' --name ko=등록부
refused 'no pages in "vi"; choose from: ko, en' --languages ko,en,vi --name ko=등록부 --name en=Register --name vi=AI
refused telephone --telephone "call us"
refused licence --licence https://
refused answer_days --answer-days 0
refused "--answer-days takes" --answer-days soon

claim "an origin is the name of a log as C2SP has it"
for origin in "" "a b" https://city.example/log city+example/log city.example/log/ /log 김해/log "$(printf 'a\tb')"; do
	run init --data "$data" --origin "$origin"
	exits 2
	says origin
	[ ! -e "$data" ] || fault "$data was made for the origin \"$origin\""
done

printf -- '- **목적:** 답변\n' >"$work/notice.md"
must init --data "$data" --origin settings.example/log --name ko=등록부 --name en=Register \
	--contact mailto:ai@city.example --timezone Asia/Seoul --privacy-notice "ko=@$work/notice.md"
serve "$data"

claim "the office reads the settings, long texts as they were in their file"
run office --data "$data" settings
exits 0
prints "mailto:ai@city.example"
prints "- **목적:** 답변"

claim "a register that names no licence publishes under KOGL type 1, which every page and the data's page say"
prints "licence          https://www.kogl.or.kr/info/licenseType1.do"
for at in /en/ /en/data /en/about; do
	page $at
	prints 'Licence: <a href="https://www.kogl.or.kr/info/licenseType1.do" rel="license">KOGL Type 1: attribution</a>'
done
page /ko/feed.atom
prints "<rights>공공누리 제1유형: 출처표시 https://www.kogl.or.kr/info/licenseType1.do</rights>"

claim "without --yes, and nobody to ask, it is shown what would change, and nothing does"
run office --data "$data" register-change --name ko=새등록부
exits 2
prints "was: 등록부"
prints "now: 새등록부"
prints "name (en) stays as it was"
page /log/checkpoint
same "entries" 2 "$(sed -n 2p "$work/out")"

claim "a wrong time zone is refused by the server as it is by init"
run office --data "$data" register-change --timezone KST --yes
exits 2
says '"KST" is not a time zone'

claim "a change is one entry of the log, and pages, feed, API and security.txt show it at once"
page /en/about
prints "mailto:ai@city.example"
prints "Nothing has changed yet."
run office --data "$data" register-change --yes --name "ko=새 등록부" --name "en=New register" \
	--contact https://city.example/ask --telephone "055-330 3114" --hours "ko=평일" \
	--licence https://www.kogl.or.kr/info/licenseType2.do --answer-days 14
exits 0
prints "entry 2"
page /en/about
answers 200
prints 'href="https://city.example/ask"'
prints 'href="tel:055-3303114"'
prints "KOGL Type 2"
prints "within 14 days"
prints "<del lang=\"en\">Register</del> <ins lang=\"en\">New register</ins>"
prints 'href="/log/entry/2"'
page /ko/
prints "새 등록부"
page /.well-known/security.txt
prints "Contact: https://city.example/ask"
page /api/v1/register
same "the API's name" "새 등록부" "$(jq -r .about.name.ko "$work/out")"
same "the API's days" 14 "$(jq .about.answer_days "$work/out")"
page /ko/feed.atom
prints 'term="register.changed"'
prints "등록부 이름, 연락처, 전화, 상담 시간, 이용 조건, 답변 목표 일수"

claim "one that was opened before it could name one has it as the default, told as that"
run office --data "$data" register-change --licence "" --yes
exits 0
run office --data "$data" settings
prints "https://www.kogl.or.kr/info/licenseType1.do (the default: none is named)"
page /en/data
prints 'KOGL Type 1: attribution</a> (the default; the register names none)'
page /api/v1/register
same "the licence in force, and that nobody named it" "https://www.kogl.or.kr/info/licenseType1.do true" \
	"$(jq -r '.licence + " \(.licence_assumed)"' "$work/out")"
run office --data "$data" register-change --license "CC BY 4.0" --yes
exits 0
page /en/about
prints "Licence: CC BY 4.0"
run export --data "$data" --profile dcat-ap --out "$work/dcat"
same "the catalogue's licence" "CC BY 4.0" "$(jq -r '."dct:license"."dct:title"' "$work/dcat")"

claim "another time zone is the one of all pages from then on, without a new start"
page /en/about
hour=$(sed -n 's/.*<time datetime="[^T]*T\(..\):.*">.* \(..\):..<\/time>.*/\1 \2/p' "$work/out" | head -n 1)
same "hours after UTC in Seoul" 9 "$(echo "$hour" | awk '{ print ($2 - $1 + 24) % 24 }')"
run office --data "$data" register-change --yes --timezone Asia/Kathmandu
exits 0
run office --data "$data" register-change --yes --timezone Asia/Kolkata --hours "en=Weekdays"
exits 0
run office --data "$data" register-change --yes --timezone Asia/Dubai
exits 0
page /en/about
hour=$(sed -n 's/.*<time datetime="[^T]*T\(..\):.*">.* \(..\):..<\/time>.*/\1 \2/p' "$work/out" | head -n 1)
same "hours after UTC in Dubai" 4 "$(echo "$hour" | awk '{ print ($2 - $1 + 24) % 24 }')"

claim "an empty text removes a setting, and what must be there cannot be removed"
run office --data "$data" register-change --yes --telephone "" --hours en= --contact ""
exits 0
run office --data "$data" settings
prints_not telephone
prints "평일"
prints_not Weekdays
page /.well-known/security.txt
prints "/ko/about"
run office --data "$data" register-change --yes --name en=
exits 2
says 'missing in "en"'

claim "what is so already is no change"
run office --data "$data" register-change --yes --timezone Asia/Dubai
exits 5
says "already"

stop_server
claim "rebuilt, the register is the same, and true"
"$GAYA" office --data "$data" settings --json >"$work/before"
run rebuild --data "$data"
exits 0
"$GAYA" office --data "$data" settings --json | cmp -s - "$work/before" || fault "the settings differ"
verify "$data"
exits 0

claim "a start refuses a zone that this machine lacks, and says how it is changed"
mkdir "$work/zones"
cp /usr/share/zoneinfo/UTC "$work/zones/UTC"
TZDIR=$work/zones
export TZDIR
run serve --data "$data" --listen 127.0.0.1:0
exits 2
says '"Asia/Dubai" is not a time zone'
says "register-change --timezone"
run export --data "$data" --profile csv --as-of 2026-01-01 --out "$work/out.csv"
exits 2
says '"Asia/Dubai"'

finish
