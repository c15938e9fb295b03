#!/bin/bash
# A flood of questions: the common limit, the operator's messages, and how the office removes it in one act.
. "$(dirname "$0")/lib.sh"
demo
slug=smart-water
from() { # address, text: asks through the proxy
	ask /ko/systems/$slug/feedback "text=$2" -H "X-Forwarded-For: $1"
}
ask() { # as lib.sh has it, with curl's options behind
	local path=$1 field=$2
	shift 2
	get "$path" --data-urlencode "$field" "$@"
}
sweep() { run office --data "$data" feedback-sweep "$@"; }
ends() { is "$1" "$status" || cat "$work/err"; }
metric() { fetch "$numbers" | sed -n "s/^$1 //p"; }

serve --trust-proxy --feedback-limit 100 --feedback-limit-all 40 --metrics 127.0.0.1:0
numbers=$(sed -n 's/^gaya: metrics at //p' "$work/serve.out")
before=$(date -u +%FT%TZ)
from 192.0.2.9 "이 시스템은 제 수도 사용량도 보나요?"
good=$(header Location)
office "{\"do\": \"feedback-publish\", \"feedback\": \"$(sql "SELECT id FROM feedback ORDER BY entry DESC LIMIT 1")\"}" >/dev/null
from 198.51.100.7 "오늘 들어온 다른 질문입니다."
other=$(header Location)
for i in {1..25}; do
	from "2001:db8:1:2::$i" "지금 바로 가입하세요 $i"
	[ "$i" = 7 ] && flood=$(header Location)
done
check "one household's addresses are one network" is 1 \
	"$(sql "SELECT count(DISTINCT network) FROM asked_from WHERE feedback IN (SELECT id FROM feedback ORDER BY entry DESC LIMIT 25)")"
check "nothing of an address is kept but a keyed hash of 64 bits" not grep -qa "2001:db8\|198.51.100" "$data"/register.db* "$data"/model/*
after=$(date -u +%FT%TZ)

# --- all together ---
for i in {1..30}; do from "203.0.113.$i" "또 다른 글 $i"; done
check "past what all may ask together, questions are told to come later" all "status_is 503" 'body_has "또 다른 글 30"'
check "the metrics count them" is 17 "$(metric 'gaya_security_total{kind="flood"}')"
check "and the journal tells of it once in a minute" is 1 "$(grep -c 'security: kind=flood count=1: ' "$work/serve.err")"
check "without anybody's address" not grep -q "203.0.113\|2001:db8" "$work/serve.err"

# --- to look ---
network=$(sql "SELECT network FROM asked_from GROUP BY network ORDER BY count(*) DESC LIMIT 1")
sweep --from "$before" --until "$after" --yes
check "--yes alone names no number" all "ends 2" 'grep -qE "yes [0-9]+" "$work/err"'
sweep --from "$before" --until "$after" --network "$network"
check "nobody to ask: nothing is done, but shown" all "ends 2" \
	'grep -q "nothing is decided about: 25" "$work/out"' 'grep -q "$network 25" "$work/out"' \
	'grep -q "지금 바로 가입하세요 1$" "$work/out"' 'grep -q "지금 바로 가입하세요 25$" "$work/out"' \
	'grep -q "decided, and stay: 1" "$work/out"'
check "nothing was swept yet" is 0 "$(sql "SELECT count(*) FROM feedback WHERE swept_entry IS NOT NULL")"
sweep --from "$before" --until "$after" --network "$network" --yes 24
check "another number than there are is a conflict" all "ends 5" 'grep -q "25 questions are selected, not 24" "$work/err"'
sweep --from tomorrow --until "$after" --yes 24
check "a time that is none is refused with the form of one" all "ends 2" 'grep -q "2026-11-28T19:05" "$work/err"'
env LC_ALL=ko_KR.UTF-8 "$GAYA" office --data "$data" feedback-sweep --from tomorrow --until "$after" 2>"$work/err"
check "in Korean, too" grep -q "시각" "$work/err"
sweep --from "$(TZ=Asia/Seoul date -d "$before" '+%F %T')" --until "$(TZ=Asia/Seoul date -d "$after" +%FT%T)" \
	--network 0000000000000000 --yes 0
check "the register's own time is understood, and nothing of an unknown network found" all "ends 4" \
	'grep -q "from $before to $after" "$work/err"'

# --- to act ---
entry=$(sql "SELECT count(*) FROM entry")
sweep --from "$before" --until "$after" --network "$network" --yes 25
check "one act takes the flood out" all "ends 0" 'grep -q "erases 25 questions" "$work/out"'
check "by one entry of the log" is $((entry + 1)) "$(sql "SELECT count(*) FROM entry")"
check "which has no text" is '{"questions":25,"by":"office"}' \
	"$(fetch "$url/log/entry/$entry" | head -n 1 | jq -c '{questions, by}')"
list=$(fetch "$url/log/entry/$entry" | head -n 1 | jq -r .content.sha256)
check "and names all, which everybody can read" is 25 "$(fetch "$url/log/content/$list" | jq '.feedback | length')"
check "their texts are gone, from the files, too" all \
	'is 0 "$(sql "SELECT count(*) FROM content WHERE CAST(bytes AS TEXT) LIKE '"'%가입하세요%'"'")"' \
	'office "{\"do\": \"waiting\"}" | jq -e ".feedback | map(.text) | join(\" \") | test(\"가입\") | not"'
get "$flood"
check "a receipt says what became of it, and to ask again" all "status_is 200" \
	'body_has "공개하지 않음: 한꺼번에 쏟아진 글의 일부" "다시 질문해 주세요"' 'body_lacks "가입하세요" "개인정보 보호를 위해"'
get "/en${flood#/ko}"
check "in English, too" body_has "Withheld: part of a flood" "please ask again"
get "$flood/receipt.tlog-proof"
check "its proof holds" status_is 200
id=$(sql "SELECT id FROM feedback WHERE swept_entry = $entry LIMIT 1")
get "/api/v1/feedback/$id"
check "the API says so" jq -e ".swept and .state == \"withheld\" and .after == $entry and (.text == null)" "$work/body"
get "$good"
check "what was decided before stays" body_has "제 수도 사용량도 보나요?"
get "$other"
check "and so does what another network asked" body_has "오늘 들어온 다른 질문입니다."
check "nobody can publish what is gone" not office "{\"do\": \"feedback-publish\", \"feedback\": \"$id\", \"withheld\": true}"
get "/ko/systems/$slug/feedback"
check "the page counts them among what was erased" body_has "한꺼번에 쏟아진 글"
get "$flood/withdraw" --data-urlencode sure=1
check "its sender can still withdraw it" status_is 303

# --- and after it ---
run mirror "$url" --data "$work/mirror" --once
check "a mirror takes it over" all "ends 0" \
	'is 25 "$(register_sql "$work/mirror" -readonly "SELECT count(*) FROM feedback WHERE swept_entry = $entry")"'
run backup --data "$data" --out "$work/backup"
check "a backup has nothing of networks" all "ends 0" \
	'is 0 "$(register_sql "$work/backup" -readonly "SELECT (SELECT count(*) FROM asked_from) + (SELECT count(*) FROM network_key)")"' \
	'not grep -qa "$network" "$work/backup/register.db"'
if stop; then :; fi
register_sql "$data" -readonly "SELECT * FROM feedback ORDER BY id" >"$work/live"
run rebuild --data "$data"
check "a rebuild makes the same rows" all "ends 0" \
	'register_sql "$data" -readonly "SELECT * FROM feedback ORDER BY id" | cmp - "$work/live"'
verify "$data"
check "the register verifies" ends 0
register_sql "$data" "UPDATE asked_from SET at = '2020-01-01T00:00:00Z' || feedback; UPDATE network_key SET day = '2020-01-01'"
serve
for _ in {1..400}; do
	[ "$(sql "SELECT count(*) FROM asked_from")" = 0 ] && break
	pause
done
check "after a day the hashes are erased, and the key with them" is "0 0" \
	"$(sql "SELECT (SELECT count(*) FROM asked_from) || ' ' || (SELECT count(*) FROM network_key)")"
all_done
