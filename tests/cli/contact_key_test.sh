#!/bin/bash
# Changing the key for which citizens' e-mail addresses are sealed loses nothing, even after a crash.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

data=$work/register
small_city "$data"
serve "$data"
ask tourism-recommender "광고비를 받습니까?" one@example.kr >/dev/null
ask tourism-recommender "누가 고릅니까?" two@example.kr >/dev/null
ids=($(sql "SELECT feedback FROM contact ORDER BY rowid"))
address() { # its number: sets $address
	run office --data "$data" contact "${ids[$1]}"
	contents "$work/out"
	address=${contents%$'\n'}
}

claim "while a server has the register, the contact key is not changed, and it says what to do"
cp -p "$data"/contact.* "$work"
run key contact --data "$data"
exits 7
says "stop the server, change the contact key, and start it again"
cmp -s "$work/contact.key" "$data/contact.key" || fault "the key is another"
stop_server

claim "without the key nothing is changed, and it says what is missing"
mv "$data/contact.key" "$work/away"
run key contact --data "$data"
exits 4
says "has no contact.key: put it there"
printf '%064d\n%064d\n' 1 2 >"$data/contact.key"
run key contact --data "$data"
exits 5
says "is not the key that contact.pub seals for"
echo nonsense >"$data/contact.key"
run key contact --data "$data"
exits 11
says "is not the contact key that gaya made"
mv "$work/away" "$data/contact.key"
cmp -s "$work/contact.pub" "$data/contact.pub" || fault "contact.pub is another"

claim "a new key opens every address, the old one none, and citizens' new ones are sealed for it"
cp "$data/register.db" "$work/before.db"
run key contact --data "$data"
exits 0
says "is a new key, and 2 e-mail addresses are sealed for it"
same "lines and mode" "2 600" "$(wc -l <"$data/contact.key") $(stat -c %a "$data/contact.key")"
same "the public half" "$(cat "$data/contact.pub")" "$(head -n 1 "$data/contact.key")"
cmp -s "$work/contact.pub" "$data/contact.pub" && fault "contact.pub is the old one"
address 0
same "the first" one@example.kr "$address"
address 1
same "the second" two@example.kr "$address"
serve "$data"
ask tourism-recommender "언제 바뀝니까?" three@example.kr >/dev/null
ids=($(sql "SELECT feedback FROM contact ORDER BY rowid"))
address 2
same "the third, while it is served" three@example.kr "$address"
stop_server
cp "$data/contact.key" "$work/new.key"
cp "$work/contact.key" "$data/contact.key"
for i in 0 1 2; do
	address $i
	[ "$status" -ne 0 ] || fault "the old key opens ${ids[i]}: $address"
done
cp "$work/new.key" "$data/contact.key"
verify "$data"
exits 0

claim "with the key lost, a new one is made on demand: what was sealed stays closed, and what comes opens"
rm "$data/contact.key"
run key contact --data "$data" --lost
exits 0
says "is a new key, and 0 e-mail addresses are sealed for it"
says "3 more could not be opened"
serve "$data"
ask tourism-recommender "다시 묻습니다." four@example.kr >/dev/null
ids=($(sql "SELECT feedback FROM contact ORDER BY rowid"))
address 3
same "the fourth" four@example.kr "$address"
address 0
[ "$status" -ne 0 ] || fault "the first opens: $address"
stop_server

claim "a passphrase seals the new key, and a key that it does not open is not changed"
quick_passphrases
printf 'correct horse battery staple\n' >"$work/phrase"
GAYA_PASSPHRASE_FILE=$work/phrase run key contact --data "$data"
exits 0
same "sealed lines" 2 "$(grep -c '^gaya-sealed-1 ' "$data/contact.key")"
cp "$data/contact.key" "$work/sealed.key"
run key contact --data "$data"
exits 3
printf 'another horse battery staple\n' >"$work/other"
GAYA_PASSPHRASE_FILE=$work/other run key contact --data "$data"
exits 3
cmp -s "$work/sealed.key" "$data/contact.key" || fault "the key is another"

claim "a mirror has none, and gets none"
cp -r "$data" "$work/mirror"
echo '{}' >"$work/mirror/mirror.json"
run key contact --data "$work/mirror" --lost
exits 5
says "holds a mirror"

claim "wrong usage is told"
run key contact
exits 2
says "contact needs --data"
finish
