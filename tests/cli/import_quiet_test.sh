#!/bin/bash
# An import never loses anything silently: no department under another's slug, no swapped history, no unread
# column and no lost value without a message.
. "$(dirname "$0")/import_lib.sh"
command -v sqlite3 >/dev/null || { echo "sqlite3 is needed (make deps-test)"; exit 1; }
command -v jq >/dev/null || { echo "jq is needed (make deps-test)"; exit 1; }

mkdir "$work/list"
cat >"$work/list/profile.json" <<'END'
{"profile": "list", "title": {"ko": "목록", "en": "List"}, "input": "csv", "retire_missing": true}
END
# As docs/import.md had it: whatever is not Latin falls out of the address.
cat >"$work/list/map.jq" <<'END'
def slug: ascii_downcase | gsub("[^a-z0-9]+"; "-") | ltrimstr("-") | rtrimstr("-");
{id: .["번호"], key: .["번호"], key_if_repeated: "\(.["번호"])|\(.["이름"])", slug_hint: "s-\(.["번호"])",
	department: {slug: (.["부서"] | slug), name: {ko: .["부서"]}},
	record: {name: {ko: .["이름"]}, goal: {ko: .["목적"]}}}
END
# As it has it now: the program makes addresses of the names.
mkdir "$work/named" && cp "$work/list/profile.json" "$work/named/"
cat >"$work/named/map.jq" <<'END'
{id: null, key: .["번호"], key_if_repeated: "\(.["번호"])|\(.["이름"])",
	department: {name: {ko: .["부서"]}}, record: {name: {ko: .["이름"]}, goal: {ko: .["목적"]}}}
END

import() { # profile, file, options …
	local profile=$1 file=$2
	shift 2
	run import --data "$data" --profile "$work/$profile" "$@" "$work/$file"
}

csv() { # file, rows on standard input
	{ echo "번호,이름,목적,부서" && cat; } >"$work/$1"
}

departments() {
	sql "SELECT group_concat(slug || '=' || json_extract(about, '\$.name.ko'), ' ') FROM
		(SELECT slug, about FROM department ORDER BY slug)"
}

# --- departments and addresses ---

claim "two names under one department's address are refused with both names, in a dry run as well"
csv two.csv <<'END'
1,챗봇,답한다,AI정책과
2,신호,맞춘다,AI전략과
3,돌봄,살핀다,AI 정책과
END
new_register two
for options in --dry-run ""; do
	# shellcheck disable=SC2086
	import list two.csv $options
	exits 2
	counts 2 0 0 0 0 1
	prints 'row 3 (2): refused: "AI전략과" and "AI정책과" (row 2) would both be the department "ai"'
done
same "departments" "ai=AI정책과" "$(departments)"

claim "so they are when one of them is in the register, also in Korean"
csv second.csv <<'END'
2,신호,맞춘다,AI전략과
END
import list second.csv --retire 0
exits 2
prints 'the department "ai" is "AI정책과" here, and this row says "AI전략과"'
env LC_ALL=ko_KR.UTF-8 "$GAYA" import --data "$data" --profile "$work/list" --retire 0 "$work/second.csv" >"$work/out" 2>&1
prints '부서 주소 "ai"는 "AI정책과"인데 이 행에는 "AI전략과"라고 적혀 있습니다'

claim "a department that was renamed is taken under its new name once the register has it"
must office --data "$data" department-add ai --name ko=AI전략과 --name en=AI\ Strategy
import list second.csv --retire 0
exits 0
counts 1 0 0 0 0 0

claim "a department and a system without an address get one that can be read, of their Korean names"
new_register named
import named two.csv
exits 0
same "departments" "ai-jeollyakgwa=AI전략과 ai-jeongchaekgwa=AI정책과" "$(departments)"
same "systems" "chaetbot dolbom sinho" "$(sql "SELECT group_concat(substr(slug, 1, length(slug) - 9), ' ')
	FROM (SELECT slug FROM system ORDER BY slug)")"
import named two.csv
counts 0 0 3 0 0 0

claim "a department that is here by that name keeps its address"
new_register kept
must office --data "$data" department-add policy --name ko=AI정책과 --name en=AI\ Policy
import named two.csv
exits 0
same "departments" "ai-jeollyakgwa=AI전략과 policy=AI정책과" "$(departments)"
same "whose the systems are" 2 "$(sql "SELECT count(*) FROM system WHERE department = 'policy'")"

claim "an address that cannot be one is named, with what may be one"
new_register addresses
mkdir "$work/wrong" && cp "$work/list/profile.json" "$work/wrong/"
sed 's/slug_hint: "s-/slug_hint: "S_/' "$work/list/map.jq" >"$work/wrong/map.jq"
import wrong second.csv --retire 0
exits 2
prints '"S_2" cannot be an address (slug): small Latin letters and digits, with single hyphens between, at most 80'
sed 's/| slug), name/| "과 \\(.)"), name/' "$work/list/map.jq" >"$work/wrong/map.jq"
import wrong second.csv --retire 0
exits 2
prints '"과 AI전략과" cannot be an address (slug)'

# --- rows in another order ---

claim "rows of one key in another order keep their histories"
new_register order
csv pair.csv <<'END'
1,챗봇,답한다,과
1,챗봇,묻는다,과
2,신호,맞춘다,과
END
import list pair.csv
exits 0
counts 3 0 0 0 0 0
csv reversed.csv <<'END'
2,신호,맞춘다,과
1,챗봇,묻는다,과
1,챗봇,답한다,과
END
import list reversed.csv
exits 0
counts 0 0 3 0 0 0

claim "of two such rows the one that changed is the changed one, wherever it stands"
csv one.csv <<'END'
1,챗봇,되묻는다,과
1,챗봇,답한다,과
2,신호,맞춘다,과
END
import list one.csv
exits 0
counts 0 1 2 0 0 0
same "versions" "1 1 2" "$(sql "SELECT group_concat(version, ' ') FROM (SELECT version FROM system ORDER BY version)")"

claim "where the first of them is gone, the second is still the second"
csv second.csv <<'END'
1,챗봇,되묻는다,과
2,신호,맞춘다,과
END
import list second.csv
exits 0
counts 0 0 2 1 0 0
same "the one that is gone" "s-1" "$(sql "SELECT slug FROM system WHERE state = 'retired'")"

claim "the real file of a country, backwards, changes nothing"
us=../shared/data/us-federal-2025/2025_individually_reported_AI_use_cases.csv
if [ -e "$us" ]; then
	new_register us
	# The rows of an agency without ids, and of one with repeated ids those and the ones around them.
	python3 - "$us" "$work/us.csv" "$work/us-reversed.csv" <<'END'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
head, rows = rows[0], rows[1:]
agency, id_ = head.index("agency"), head.index("id")
def repeated(at):
    return rows[at][agency] == "DOJ" and sum(row[agency] == "DOJ" and row[id_] == rows[at][id_] for row in rows) > 1
near = {other for at in range(len(rows)) if repeated(at) for other in range(at - 5, at + 6)}
assert len(near) > 20
some = [row for at, row in enumerate(rows) if row[agency] == "ED" or at in near]
for path, list_ in ((sys.argv[2], some), (sys.argv[3], some[::-1])):
    csv.writer(open(path, "w", encoding="utf-8", newline="")).writerows([head] + list_)
END
	run import --data "$data" --profile us-federal-2025 "$work/us.csv"
	exits 0
	run import --data "$data" --profile us-federal-2025 "$work/us-reversed.csv"
	exits 0
	prints " 0 new, 0 changed, "
	prints " 0 retired, "
else
	echo "skipped: $us is not here, so no real file is read backwards"
fi

# --- files that are not what they are said to be ---

claim "Korean text that is said to be Western is refused with the encoding that it has"
new_register files
iconv -f UTF-8 -t CP949 "$work/second.csv" >"$work/cp949.csv"
import list cp949.csv --encoding windows-1252
exits 2
says 'the file is CP949 (it contains "번호")'
import list cp949.csv --encoding cp949
exits 0
counts 2 0 0 0 0 0

claim "a stray quote costs its row, which is named, and retires nothing"
csv stray.csv <<'END'
1,챗봇,12" 화면에서 묻는다,과
3,돌봄,"살핀다",과
END
import list stray.csv
exits 2
counts 1 0 0 0 0 1
prints 'row 2 (1): refused: a quote stands where none may be'
prints "kept: s-2"

claim "where it is not certain that the next row begins on the next line, the file is refused"
csv doubt.csv <<'END'
1,챗봇,"12" 화면,과
"3",돌봄,"살핀다",과
END
import list doubt.csv
exits 2
says "line 2, in the row from line 2: a quote where none may be"

# --- a register that moves ---

claim "a whole register comes back in another one as it was: what is retired or suspended is so there, with reasons and successors"
data=$work/moved-from
demo_city "$data"
must office --data "$data" retire civil-chatbot --successor smart-water --reason ko=합쳤습니다. --reason en=Merged.
must office --data "$data" suspend smart-water --reason ko=점검합니다. --reason en=Under\ review.
export_to jsonl "$work/moved.jsonl"
story() {
	sql "SELECT json_group_array(json_array(s.slug, s.state, s.successor, json_extract(c.bytes, '\$.reason')))
		FROM (SELECT * FROM system WHERE version > 0 ORDER BY slug) s
		LEFT JOIN content c ON lower(hex(c.sha256)) = s.reason AND s.state <> 'published'"
}
before=$(story)
echo "$before" | grep -q '"civil-chatbot","retired","smart-water"' || fault "it tells nothing: $before"
new_register moved-to
run import --data "$data" --profile jsonl --dry-run "$work/moved.jsonl"
exits 0
prints "new: civil-chatbot, retired"
prints "new: smart-water, suspended"
run import --data "$data" --profile jsonl "$work/moved.jsonl"
exits 0
same "what the systems are" "$before" "$(story)"

claim "the same file again changes nothing of it"
remember
run import --data "$data" --profile jsonl "$work/moved.jsonl"
exits 0
prints " 0 new, 0 changed, "
prints " 0 retired, "
entries_since 0

# --- what is taken out of a cell ---

claim "characters that nobody sees are taken out and listed with their column, row and code"
new_register unseen
printf '명칭,한 줄 설명,담당 부서·팀\n가\xe2\x80\x8b나,"답한\x0b다\r\n빨리",교통과\n다,맞춘다,교통과\n' >"$work/unseen.csv"
run import --data "$data" --profile csv --dry-run "$work/unseen.csv"
prints 'without characters that nobody sees: 명칭 (1): "가나" (row 2, U+200B)'
prints 'without characters that nobody sees: 한 줄 설명 (1): "답한다" (row 2, U+000B)'
run import --data "$data" --profile csv --dry-run --json "$work/unseen.csv"
same "in JSON" '{"description_short.ko":1,"name.ko":1}' "$(jq -cS '.cleaned | map_values(.rows)' "$work/out")"

# --- more rows than one request has ---

claim "systems that end, each after those that name it, and systems that the file lacks are sent in parts, and none is forgotten"
mkdir "$work/chain" && cp "$work/list/profile.json" "$work/chain/"
cat >"$work/chain/map.jq" <<'END'
{id: .["번호"], key: .["번호"], slug_hint: "s-\(.["번호"])", department: {slug: "all", name: {ko: "모두"}},
	record: {name: {ko: .["이름"]}}}
	+ if .["다음"] == "" then {} else {state: {state: "retired", reason: {ko: "합쳤다"}, successor: .["다음"]}} end
END
chain() { # number of rows, first that is followed by the one before it
	echo "번호,이름,다음"
	for ((n = 1; n <= $1; n++)); do
		echo "$n,이름 $n,$((n >= $2 ? n - 1 : 0))"
	done | sed 's/,0$/,/'
}
new_register chain
chain 210 80 >"$work/chain.csv"
import chain chain.csv
exits 0
counts 210 0 0 0 0 0
same "ended" "131 131" "$(sql "SELECT count(*), sum(successor = 's-' || (substr(slug, 3) - 1)) FROM system WHERE state = 'retired'" | tr '|' ' ')"
chain 210 999 >"$work/chain.csv"
new_register lacking
import chain chain.csv
exits 0
chain 1 999 >"$work/chain.csv"
import chain chain.csv --yes --retire 209 --json
exits 0
same "what the report lists" 209 "$(jq '.retired | unique | length' "$work/out")"
same "retired" 209 "$(sql "SELECT count(*) FROM system WHERE state = 'retired'")"
import chain chain.csv
exits 0
counts 0 0 1 0 0 0

# --- what is in no record ---

claim "columns that the map never reads and values that it cannot place are counted, with examples"
mkdir "$work/stages" && cp "$work/list/profile.json" "$work/stages/"
cat >"$work/stages/map.jq" <<'END'
{"운영": "in_use", "시범": "pilot"} as $stages
| {id: .["번호"], key: .["번호"], slug_hint: "s-\(.["번호"])", department: {name: {ko: .["부서"]}},
	record: ({name: {ko: .["이름"]}, goal: {ko: .["목적"]}}
		+ if $stages[.["단계"]] then {status: $stages[.["단계"]]} else {} end), dropped: ["전화"]}
END
cat >"$work/stages.csv" <<'END'
번호,이름,목적,부서,단계,전화,비고
1,챗봇,**답한다**,과,운영,055-1,
2,신호,맞춘다,과,구상,055-2,예산 없음
3,돌봄,운영을 살핀다,과,종료,055-3,
4,주차,안내한다,과,구상,055-4,
5,관제,본다,과,시범,055-5,"둘째 줄
까지"
END
new_register stages
for option in --dry-run ""; do
	# shellcheck disable=SC2086
	import stages stages.csv $option
	exits 0
	prints 'in no record: 단계 (3): "구상" (row 3), "종료" (row 4)'
	prints 'in no record: 비고 (2): "예산 없음" (row 3), "둘째 줄" (row 6)'
	prints_not 'in no record: 목적'
	prints_not 'in no record: 전화'
	prints "left out by the profile: 전화 (5)"
done
import stages stages.csv --dry-run --json
same "as JSON" '{"단계":3,"비고":2}' "$(jq -c '.lost | map_values(.rows)' "$work/out")"
env LC_ALL=ko_KR.UTF-8 "$GAYA" import --data "$data" --profile "$work/stages" --dry-run "$work/stages.csv" >"$work/out" 2>&1
prints '어느 항목에도 옮기지 않음: 단계 (3): "구상" (3행)'

claim "of our own sheet nothing is in no record, as what its register fills in is told otherwise"
data=$work/moved-from
export_to csv "$work/own.csv"
run import --data "$data" --profile csv --dry-run "$work/own.csv"
exits 0
prints_not "in no record"

rebuilds_the_same
verify "$data"
exits 0
finish
