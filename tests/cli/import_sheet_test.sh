#!/bin/bash
# Our own export as a spreadsheet: changed by hand, as officers do, and imported again.
. "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || { echo "sqlite3 is needed (make deps-test)"; exit 1; }

edit() { # from, to, id column=value …: the rows of that id get the values; id "-" takes the row out
	python3 - "$@" <<'PY'
import csv, sys
source, to, *edits = sys.argv[1:]
rows = list(csv.reader(open(source, encoding="utf-8-sig", newline="")))
head, wanted = rows[0], edits[0]
for row in [row for row in rows[1:] if row[0] == wanted]:
    for edit in edits[1:]:
        if edit == "-":
            rows.remove(row)
        elif edit == "+":
            rows.append(list(row))
        else:
            column, value = edit.split("=", 1)
            row[head.index(column)] = value
csv.writer(open(to, "w", encoding="utf-8-sig", newline="")).writerows(rows)
PY
}

import() { # file, options …
	local file=$1
	shift
	run import --data "$data" --profile csv "$@" "$file"
}

import_in_korean() { # file, options …
	local program=$GAYA
	printf '#!/bin/sh\nLC_ALL=ko_KR.UTF-8 exec "%s" "$@"\n' "$GAYA" >"$work/korean"
	chmod +x "$work/korean"
	GAYA=$work/korean
	import "$@"
	GAYA=$program
}

sql() { # query: prints
	sqlite3 "$data/register.db" "$1"
}

remember() {
	before=$(sql "SELECT count(*) FROM entry")
}

entries_since() { # how many are expected
	same "entries added" "$1" "$(($(sql "SELECT count(*) FROM entry") - before))"
}

new_sheet() { # the newest export, in $sheet
	sheet=$work/systems.csv
	rm -f "$sheet"
	must export --data "$data" --profile csv --out "$sheet"
}

data=$work/city
must init --data "$data" --origin sheet.example/city --demo
new_sheet

# --- a row that is refused ---

claim "a row whose risk level the policies do not allow is refused in the dry run as in the deed, and nothing of it is written"
edit "$sheet" "$work/level.csv" smart-water risk_category=minimal
remember
import_in_korean "$work/level.csv" --dry-run
exits 2
prints "계산한 등급보다 낮습니다"
cp "$work/out" "$work/dry"
import_in_korean "$work/level.csv"
exits 2
prints "계산한 등급보다 낮습니다"
entries_since 0
same "what waits for the office" "$(sql "SELECT count(*) FROM system WHERE filing IS NOT NULL")" \
	"$(sql "SELECT count(*) FROM system WHERE filing IS NOT NULL AND slug <> 'smart-water'")"

claim "after a refusal the correct sheet goes in"
edit "$sheet" "$work/right.csv" smart-water goal.ko="더 나은 물 관리"
import "$work/right.csv"
exits 0
entries_since 2
new_sheet

claim "what a row breaks is said by label, rule and mend in the reader's language, with a server or without"
edit "$sheet" "$work/broken.csv" civil-chatbot risk_category=mild begin_date=2026/3 contact_email=nobody \
	"name.ko=$(printf '가%.0s' $(seq 300))"
broken_is_explained() {
	import_in_korean "$work/broken.csv" "$@"
	exits 2
	for text in "에 쓸 수 없는 값입니다: mild. 다음 중에서 고르세요" "2026-03처럼 써 주세요" \
		"전자우편 주소나 https://로 시작하는 주소를 써 주세요" "지금 300자입니다. 줄여서"; do
		prints "$text"
	done
	for code in not_in_list bad_month bad_contact too_long; do
		prints_not "$code"
	done
}
broken_is_explained --dry-run
serve "$data"
broken_is_explained --dry-run
broken_is_explained
import_in_korean "$work/level.csv"
prints "계산한 등급보다 낮습니다"
prints_not laxer
prints_not "risk level"
stop_server

run verify "$data"
exits 0
finish
