#!/bin/bash
# The daily letter: one a person with what waits for them, nothing personal in it, over TLS or not at all.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

data=$work/register
small_city "$data"
printf 'four ducks on a tram\n' >"$work/password"
account() { # login, language, role, department
	must account add --data "$data" --login "$1" --name "이름 $1" --email "$1@gimhae.example" --lang "$2" \
		--password-file "$work/password" --role "$3" --department "$4" --json
}
serve "$data"
department=tourism
account sora ko administrator "$department"
account mina en reviewer "$department"
account none ko auditor "$department"
slug=tourism-recommender
ask "$slug" "김가야의 비밀 질문" "" >"$work/receipt"

claim "--dry-run shows each letter in the person's language, and counts alone are in it"
run mail --data "$data" --base https://ai.gimhae.example --dry-run
exits 0
prints "공개 여부를 정할 질문 1건"
prints "Questions to decide about: 1"
prints "https://ai.gimhae.example/en/office"
prints "2 letters would be sent"
! grep -qE "김가야|gimhae\.example/ko/sys|이름 sora|@gimhae" "$work/out" || fault "something personal is in it"

claim "where to send is asked for"
run mail --data "$data" --base https://ai.gimhae.example
exits 2
run mail --data "$data" --base https://ai.gimhae.example --smtp http://127.0.0.1:1 --from a@gimhae.example
exits 2
says "is not an smtp or smtps address"

openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
	-days 2 -keyout "$work/tls.key" -out "$work/tls.pem" 2>/dev/null || fault "no certificate"
sink() { # plain, starttls or tls: $port is its port; letters go into $work/letters
	: >"$work/port"
	python3 "$(dirname "$0")/smtp_sink.py" "$1" "$work/tls.pem" "$work/tls.key" "$work/letters" >"$work/port" &
	servers="$servers $!"
	aide line "$work/port" "port " "$!" || fault "$reply"
	port=$reply
}
letters() { wc -l <"$work/letters"; }
send() { run mail --data "$data" --base https://ai.gimhae.example --from office@gimhae.example --ca "$work/tls.pem" --smtp "$@"; }
: >"$work/letters"

claim "a server without TLS gets nothing, the failure names nobody, and nothing is taken for sent"
sink plain
send "smtp://127.0.0.1:$port"
[ "$status" -ge 3 ] || fault "it ended with $status"
says "2 letters were not sent"
! grep -q "@gimhae" "$work/err" || fault "an address is told"
same "letters" 0 "$(letters)"

claim "nor does a server whose certificate nobody trusts"
sink tls
send "smtps://localhost:$port" --ca /etc/ssl/certs/ca-certificates.crt
[ "$status" -ge 3 ] || fault "it ended with $status"
same "letters" 0 "$(letters)"

claim "under TLS each person gets one letter, and no second one on the same day"
send "smtps://localhost:$port"
exits 0
prints "2 letters were sent"
same "letters" 2 "$(letters)"
same "to whom" "mina@gimhae.example sora@gimhae.example" "$(jq -r .to "$work/letters" | sort | paste -sd' ')"
jq -r 'select(.to | startswith("sora")).subject' "$work/letters" | grep -q "할 일이 있습니다" || fault "its subject"
jq -r 'select(.to | startswith("sora")).text' "$work/letters" | grep -q "질문 1건" || fault "its text"
jq -r .date "$work/letters" | grep -Evq '^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} 20[0-9]{2} [0-9:]{8} \+0000$' && fault "the form of its date"
! jq -r .text "$work/letters" | grep -q "김가야" || fault "something personal is in it"
send "smtps://localhost:$port"
exits 0
prints "0 letters were sent"
same "letters" 2 "$(letters)"

claim "and another by STARTTLS on the next day"
sqlite3 "$data/people.db" "UPDATE mailed SET day = '2026-01-01'"
sink starttls
send "smtp://localhost:$port"
exits 0
prints "2 letters were sent"
same "letters" 4 "$(letters)"

claim "who is disabled or dismissed gets none"
sqlite3 "$data/people.db" "UPDATE mailed SET day = '2026-01-01'"
must account disable --data "$data" --login mina
must office --data "$data" dismiss "$(sqlite3 "$data/people.db" "SELECT id FROM account WHERE login = 'sora'")"
run mail --data "$data" --base https://ai.gimhae.example --dry-run
exits 0
prints "0 letters would be sent"
finish
