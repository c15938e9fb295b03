#!/bin/bash
# The passphrase that seals the log's key: an empty file or a few letters never leave a key unsealed.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

refused() { # what the passphrase is, why it is refused
	printf '%s' "$1" >"$work/phrase"
	GAYA_PASSPHRASE_FILE=$work/phrase run init --data "$work/register" --origin sealed.example/log
	exits 2
	says "$2"
	says "five words at random"
	[ ! -e "$work/register/log.key" ] || fault "a key was made"
}

claim "an empty passphrase file makes no key"
refused "" "is empty"
claim "nor does one that holds an end of line alone"
refused $'\n\n' "is empty"
claim "nor one of eleven characters, however many bytes they are"
refused "abcdefghijk" "has 11 characters, and must have at least 12"
refused $'가나다라마바사아자차카\n' "has 11 characters, and must have at least 12"
claim "nor an empty or short one in the environment"
for phrase in "" x; do
	GAYA_PASSPHRASE=$phrase run init --data "$work/register" --origin sealed.example/log
	exits 2
	says "the passphrase in GAYA_PASSPHRASE"
done
claim "in Korean the refusal is Korean, and says how to choose one"
printf x >"$work/phrase"
LC_ALL=ko_KR.UTF-8 GAYA_LANG=ko GAYA_PASSPHRASE_FILE=$work/phrase run init --data "$work/register" --origin sealed.example/log
says "암호는 1자입니다. 12자 이상이어야 합니다"
says "무작위 단어 다섯 개"

claim "who guesses at a passphrase works through three passes over 256 MiB for each guess"
printf '가나다라마바사아자차카타\n' >"$work/phrase"
GAYA_PASSPHRASE_FILE=$work/phrase must key new --origin open.example/log --department parks --out "$work/dear.key"
read -r kind passes memory _ <"$work/dear.key"
same "the sealed line" "gaya-sealed-1 3 268435456" "$kind $passes $memory"
GAYA_PASSPHRASE_FILE=$work/phrase run key show "$work/dear.key"
exits 0
quick_passphrases

claim "twelve characters seal the key, and open it"
GAYA_PASSPHRASE_FILE=$work/phrase must init --data "$work/register" --origin sealed.example/log
same "sealed lines" 1 "$(grep -c '^gaya-sealed-1 ' "$work/register/log.key")"
run office --data "$work/register" department-add water --name ko=물 --name en=Water
exits 3
GAYA_PASSPHRASE_FILE=$work/phrase must office --data "$work/register" department-add water --name ko=물 --name en=Water

claim "a key that is not sealed is not changed under an empty passphrase file"
must init --data "$work/open" --origin open.example/log
: >"$work/phrase"
GAYA_PASSPHRASE_FILE=$work/phrase run key rotate --data "$work/open" begin
exits 2
says "is empty"
same "keys" 1 "$(wc -l <"$work/open/log.key")"
must key rotate --data "$work/open" begin

claim "gaya key --help says how to choose one"
run key --help
prints "at least 12 characters"
prints "picked at random"

claim "the passphrase of a log's key is changed, and only the new one opens it"
printf '가나다라마바사아자차카타\n' >"$work/phrase"
printf 'correct horse battery staple\n' >"$work/next"
line=$(cat "$work/register/log.key")
GAYA_PASSPHRASE_FILE=$work/phrase GAYA_NEW_PASSPHRASE_FILE=$work/next run key passphrase "$work/register/log.key"
exits 0
says "is sealed by the new passphrase"
[ "$line" != "$(cat "$work/register/log.key")" ] || fault "it is the old line"
same "mode and lines" "600 1" "$(stat -c %a "$work/register/log.key") $(grep -c '^gaya-sealed-1 ' "$work/register/log.key")"
GAYA_PASSPHRASE_FILE=$work/phrase run office --data "$work/register" department-add other --name ko=물 --name en=Other
exits 3
GAYA_PASSPHRASE_FILE=$work/next must office --data "$work/register" department-add other --name ko=물 --name en=Other

claim "both lines of a log whose key is being changed get it"
printf 'a third one of five words\n' >"$work/third"
GAYA_NEW_PASSPHRASE_FILE=$work/next must key passphrase "$work/open/log.key"
same "sealed lines" 2 "$(grep -c '^gaya-sealed-1 ' "$work/open/log.key")"
GAYA_PASSPHRASE_FILE=$work/next GAYA_NEW_PASSPHRASE_FILE=$work/third run key passphrase "$work/open/log.key"
exits 0
same "sealed lines" 2 "$(grep -c '^gaya-sealed-1 ' "$work/open/log.key")"
GAYA_PASSPHRASE_FILE=$work/third must office --data "$work/open" department-add water --name ko=물 --name en=Water

claim "a wrong passphrase, a short new one or none changes nothing"
line=$(cat "$work/register/log.key")
GAYA_PASSPHRASE_FILE=$work/phrase GAYA_NEW_PASSPHRASE_FILE=$work/third run key passphrase "$work/register/log.key"
exits 3
printf 'short\n' >"$work/short"
GAYA_PASSPHRASE_FILE=$work/next GAYA_NEW_PASSPHRASE_FILE=$work/short run key passphrase "$work/register/log.key"
exits 2
says "must have at least 12"
GAYA_PASSPHRASE_FILE=$work/next run key passphrase "$work/register/log.key"
exits 2
says "GAYA_NEW_PASSPHRASE_FILE"
printf 'a letter to somebody\n' >"$work/letter"
GAYA_NEW_PASSPHRASE_FILE=$work/next run key passphrase "$work/letter"
exits 2
says "holds no keys of ours"
same "the letter" "a letter to somebody" "$(cat "$work/letter")"
same "the key" "$line" "$(cat "$work/register/log.key")"

claim "a department's and the contact key, which were not sealed, are sealed by the same command"
must key new --origin open.example/log --department water --out "$work/water.key"
vkey=$(cat "$work/out")
GAYA_NEW_PASSPHRASE_FILE=$work/next must key passphrase "$work/water.key"
same "sealed lines" 1 "$(grep -c '^gaya-sealed-1 ' "$work/water.key")"
run key show "$work/water.key"
exits 3
says "the key is sealed"
GAYA_PASSPHRASE_FILE=$work/next run key show "$work/water.key"
exits 0
prints "$vkey"
GAYA_NEW_PASSPHRASE_FILE=$work/next must key passphrase "$work/open/contact.key"
same "sealed lines" 2 "$(grep -c '^gaya-sealed-1 ' "$work/open/contact.key")"

claim "where a passphrase is named, every key is sealed as it is made"
same "the contact key's lines" 2 "$(grep -c '^gaya-sealed-1 ' "$work/register/contact.key")"
GAYA_PASSPHRASE_FILE=$work/next must key new --origin open.example/log --department parks --out "$work/parks.key"
GAYA_PASSPHRASE_FILE=$work/next must witness new --name witness.example --out "$work/witness.key"
same "sealed lines" 2 "$(cat "$work/parks.key" "$work/witness.key" | grep -c '^gaya-sealed-1 ')"
finish
