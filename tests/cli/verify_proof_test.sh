#!/bin/bash
# One downloaded proof or receipt, checked offline: the machine needs no register and no network.
. "$(dirname "$0")/lib.sh"

data=$work/register
small_city "$data"
key=@$data/log.vkey
serve "$data"
code=$(ask tourism-recommender "광고비를 받습니까?" "")
fetch "$url/ko/feedback/$code/receipt.tlog-proof" >"$work/receipt"
index=$(sed -n 's/^index //p' "$work/receipt")
filing=4
while [ "$(fetch "$url/log/entry/$filing" | head -n 1 | jq -r .type)" != system.published ]; do
	filing=$((filing + 1))
done
filing=$(fetch "$url/log/entry/$filing" | head -n 1 | jq .filing)
fetch "$url/log/proof/$filing" >"$work/proof"
fetch "$url/log/entry/$filing" >"$work/entry"
fetch "$url/log/content/$(head -n 1 "$work/entry" | jq -r .content.sha256)" >"$work/content"
stop_server

claim "a citizen's receipt proves its text, its time and its entry, and says what it does not prove"
run verify --proof "$work/receipt" --key "$key"
exits 0
prints "True: this entry is in the log that the key signed."
prints "entry: $index"
prints "type: feedback.received"
prints "time: 20"
prints "광고비를 받습니까?"
prints "about: the AI system tourism-recommender"
prints "about: the question "
prints "does not prove"
prints "who sent it"

claim "in Korean it is Korean"
export LC_ALL=ko_KR.UTF-8
run verify --proof "$work/receipt" --key "$key"
export LC_ALL=C.UTF-8
exits 0
prints "참: 이 기록은"
prints "증명되지 않는 것"
prints "대상: AI 시스템 tourism-recommender"

claim "programs read the result as JSON"
run verify --proof "$work/receipt" --key "$key" --json
exits 0
same "the result" "true $index true feedback.received 광고비를 받습니까?" \
	"$(jq -r '"\(.result) \(.index) \(.content_checked) \(.event.type) \(.content.text)"' "$work/out")"

claim "a plain proof needs the entry, and says where it is"
run verify --proof "$work/proof" --key "$key"
exits 2
says "--entry"
says "/log/entry/$filing"

claim "a plain proof with its entry holds, and says that the content was not checked"
run verify --proof "$work/proof" --key "$key" --entry "$work/entry"
exits 0
prints "type: system.filed"
prints "was not checked"
prints "the department's own signature"

claim "with the content it is checked, too"
run verify --proof "$work/proof" --key "$key" --entry "$work/entry" --content "$work/content"
exits 0
prints '"salt"'
prints "about: the AI system $(jq -r .record.name.en "$work/content") ($(head -n 1 "$work/entry" | jq -r .system))"

claim "another entry, another content, another key: false, and why"
sed '1s/department/departmant/' "$work/entry" >"$work/entry.other"
run verify --proof "$work/proof" --key "$key" --entry "$work/entry.other"
exits 1
prints "False: this entry is not entry $filing"
run verify --proof "$work/proof" --key "$key" --entry "$work/entry" --content "$work/entry"
exits 1
prints "False: the content"
must init --data "$work/other" --origin other.example/log
run verify --proof "$work/receipt" --key "@$work/other/log.vkey"
exits 1
prints "not signed by the key"
run verify --proof "$work/receipt" --key "@$work/other/log.vkey" --json
exits 1
same "the result" false "$(jq -r .result "$work/out")"

claim "another key of the log's name proves nothing either way, and the one to take is said"
must init --data "$work/later" --origin ai.gimhae.example/log
run verify --proof "$work/receipt" --key "@$work/later/log.vkey"
exits 4
prints "Not known: "
prints "/log/keys lists all"
run verify --proof "$work/receipt" --key "@$work/later/log.vkey" --json
exits 4
same "the result" not_found "$(jq -r .result "$work/out")"

claim "without a key nothing can be proved, and an address has no place beside a file"
run verify --proof "$work/receipt"
exits 2
run verify --proof "$work/receipt" --key "$key" http://127.0.0.1:1
exits 2
run verify --entry "$work/entry" "$data"
exits 2
run verify --proof "$work/entry" --key "$key"
exits 2
run verify --proof "$work/none" --key "$key"
exits 4

claim "a byte changed anywhere in a receipt is found"
mkdir "$work/changed"
python3 - "$work/receipt" "$work/changed" <<'END'
import sys
b = open(sys.argv[1], "rb").read()
for at in range(0, len(b), 13):
    open(f"{sys.argv[2]}/{at}", "wb").write(b[:at] + bytes([b[at] ^ 1]) + b[at + 1:])
END
fast # sanitizers see such bytes in the fuzz targets
for changed in "$work/changed"/*; do
	run verify --proof "$changed" --key "$key"
	[ "$status" -eq 1 ] || [ "$status" -eq 2 ] || [ "$status" -eq 4 ] || fault "byte ${changed##*/}: exit status $status"
done
careful

finish
