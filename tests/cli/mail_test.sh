#!/bin/bash
# The daily letter: one per person about pending work, with nothing personal in it, and only over TLS.
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

claim "a file has the settings, and the command line wins"
printf '{"base": "https://file.example", "smtp": "http://127.0.0.1:1", "from": "office@gimhae.example"}\n' >"$work/mail.json"
run mail --data "$data" --settings "$work/mail.json" --dry-run
exits 0
prints "https://file.example/en/office"
run mail --data "$data" --settings "$work/mail.json" --base https://ai.gimhae.example --dry-run
exits 0
prints "https://ai.gimhae.example/en/office"
run mail --data "$data" --settings "$work/mail.json"
exits 2
says "is not an smtp or smtps address"
for wrong in '{"data": "/"}' '{"smpt": "smtps://mail"}' '{"smtp": 25}' '[]' '{'; do
	printf '%s\n' "$wrong" >"$work/wrong.json"
	run mail --data "$data" --settings "$work/wrong.json" --dry-run
	exits 2
done

letter() { # login: its part of what --dry-run printed
	awk -v login="$1" '/^[a-z]+ \([0-9a-f]+\)$/ {mine = $1 == login} mine' "$work/out"
}
account head ko head "$department"
account nara ko officer "$department"
due=$(register_sql "$data" "SELECT coalesce(min(revision_date, review_by), revision_date, review_by)
	FROM system WHERE slug = '$slug'")
days=$(register_sql "$data" "SELECT CAST(julianday('$due') - julianday(date('now', '+9 hours')) AS INTEGER)")
on() { # days before the review is due (less than 0: after), command …
	clock_program "+$((days - $1))d" "$program" "$work/then"
	GAYA=$work/then run "${@:2}"
	exits 0
}
program=$GAYA
claim "a review is told 30 and 7 days before it is due, to officer and head, and not in between"
for ahead in 31 30 29 8 7 6; do
	on $ahead mail --data "$data" --base https://ai.gimhae.example --dry-run
	for login in nara head; do
		told=$(letter $login | grep -oE "^- (30|7)일 안에" | tr -dc 0-9)
		case $ahead in 30 | 7) same "$login, $ahead days ahead" $ahead "$told" ;; *) same "$login, $ahead days ahead" "" "$told" ;; esac
	done
done
claim "from the day after it was due the head is told, and the office; the officer is not"
on -1 mail --data "$data" --base https://ai.gimhae.example --dry-run
letter head | grep -q "기한이 지난 의무와 재검토" || fault "the head reads nothing of it"
letter mina | grep -q "overdue" || fault "the office reads nothing of it"
! letter nara | grep -q "기한이 지난 의무와" || fault "the officer reads of it"

claim "keys asked for, drafts, duties given and held incidents are counted, for whom they concern"
nara=$(sqlite3 "$data/people.db" "SELECT id FROM account WHERE login = 'nara'")
sqlite3 "$data/people.db" "INSERT INTO asked_key VALUES ('x+00000000+AAAA', '$nara', 0, 'Firefox');
	INSERT INTO draft VALUES ('$nara', '$department', 'new-one', 0, 1, '$nara', 0, 0, '{}');"
register_sql "$data" "INSERT INTO due VALUES ('$slug', '$department', 'own', 'told', '2099-01-01', 0, '{}');
	INSERT INTO incident VALUES (999999, '$slug', '$department', NULL, '2026-01-01T00:00:00Z', '2026-01-01', '2026-01-01',
	'other', '2099-01-01', 'security', '00', NULL);"
sqlite3 "$data/people.db" "INSERT INTO given_duty VALUES ('$slug', 'own', 'told', '$nara', '2099-01-01', '$nara', 0),
	('$slug', 'own', 'fulfilled', '$nara', '2099-01-01', '$nara', 0);"
run mail --data "$data" --base https://ai.gimhae.example --dry-run
exits 0
letter nara | grep -q "내가 맡은 의무 1건" || fault "the duty that is owed, and it alone"
letter nara | grep -q "쓰고 있는 기록 1건" || fault "beside what waits a draft is counted"
letter head | grep -q "공개하지 않은 사고 1건" || fault "the incident"
! letter head | grep -q "맡은 의무" || fault "another person's duty is told"
register_sql "$data" "DELETE FROM due; DELETE FROM incident"
sqlite3 "$data/people.db" "DELETE FROM given_duty"
run mail --data "$data" --base https://ai.gimhae.example --dry-run
exits 0
letter sora | grep -q "등록을 기다리는 키 1개" || fault "no key"
! letter nara | grep -q "기다리는 키" || fault "a key is told to an officer"
! letter nara | grep -q "쓰고 있는 기록" || fault "a draft alone makes a letter"
! letter mina | grep -q "Records being written" || fault "another department's draft is told"
sqlite3 "$data/people.db" "DELETE FROM asked_key; DELETE FROM draft"
must account disable --data "$data" --login head
must account disable --data "$data" --login nara

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
