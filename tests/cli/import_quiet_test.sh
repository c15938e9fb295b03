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

rebuilds_the_same
verify "$data"
exits 0
finish
