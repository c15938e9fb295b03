#!/bin/bash
# What seals the log's key: no key lies unsealed or under a few letters because a file was empty.
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

claim "twelve characters seal the key, and open it"
printf '가나다라마바사아자차카타\n' >"$work/phrase"
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
finish
