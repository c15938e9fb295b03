#!/bin/bash
# Our own export as a spreadsheet: edited by hand, as officers do, and imported again.
. "$(dirname "$0")/import_lib.sh"
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

new_sheet() { # the newest export, in $sheet: of the demo city's systems three, and all that came since
	sheet=$work/systems.csv
	rm -f "$work/all.csv"
	export_to csv "$work/all.csv"
	python3 - "$work/all.csv" "$sheet" <<'PY'
import csv, pathlib, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
left_out = {path.stem for path in pathlib.Path("demo/systems").iterdir()} - {
    "civil-chatbot", "smart-water", "tourism-recommender"}
csv.writer(open(sys.argv[2], "w", encoding="utf-8-sig", newline="")).writerows(
    row for row in rows if row[0] not in left_out)
PY
}

data=$work/city
demo_city "$data"
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

edit "$sheet" "$work/level.csv" smart-water risk_category=minimal
claim "what a row breaks is said by label, rule and mend in the reader's language, with a server or without"
edit "$sheet" "$work/broken.csv" civil-chatbot risk_category=mild begin_date=2026/13 contact_email=nobody \
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
# From here on by way of the server: it keeps compiled what judges a row, which each command alone compiles anew.

# --- a sheet that lacks a system, or is older than one ---

claim "a sheet with some rows only retires nothing without being asked, and with --retire 0 nothing at all"
new_own() { # id, name: a row for a new system, in a sheet of its own
	edit "$sheet" "$work/from.csv" civil-chatbot "id=$1" register= "name.ko=$2"
	{ head -n 1 "$work/from.csv" && python3 - "$work/from.csv" "$1" <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
csv.writer(sys.stdout).writerows(row for row in rows if row[0] == sys.argv[2])
PY
	} >"$work/$1.csv"
}
new_own first-own "첫 시스템"
new_own second-own "둘째 시스템"
import "$work/first-own.csv"
exits 0
remember
import_in_korean "$work/second-own.csv"
exits 2
says "종료 1"
says "--retire 0"
says "--yes --retire 1"
entries_since 0
import "$work/second-own.csv" --retire 0
exits 0
prints "kept: first-own"
entries_since 2
import "$work/second-own.csv" --yes --retire 1
exits 0
prints "retired: first-own"

claim "citizens read why it was retired without knowing what the file's format is called"
same "the reason" "출처인 부서가 제출한 새 목록에 더 이상 없습니다." "$(sql "SELECT json_extract(CAST(c.bytes AS TEXT), '\$.reason.ko')
	FROM content c JOIN system s ON lower(hex(c.sha256)) = s.reason WHERE s.slug = 'first-own'")"

claim "a row from before another's change is a conflict that names the newest version, and takes nothing back"
new_sheet
cp "$sheet" "$work/old.csv"
edit "$sheet" "$work/other.csv" civil-chatbot goal.ko="다른 사람이 고친 목적"
import "$work/other.csv"
exits 0
prints "changed: civil-chatbot (goal)"
edit "$work/old.csv" "$work/stale.csv" civil-chatbot impact.ko="낡은 파일에서 고친 영향"
remember
for option in --dry-run --json; do
	import "$work/stale.csv" $option
	exits 2
	newest=$(sql "SELECT version FROM system WHERE slug = 'civil-chatbot'")
	prints "the row comes from version $((newest - 1)), and the newest is $newest"
done
entries_since 0
new_sheet
edit "$sheet" "$work/fresh.csv" civil-chatbot impact.ko="새 파일에서 고친 영향"
import "$work/fresh.csv"
exits 0

claim "JSON Lines of our own are held to their version, too"
export_to jsonl "$work/systems.jsonl"
jq -c 'if .system.slug == "civil-chatbot" then .system.version -= 1 | .record.impact.ko = "낡은 영향" else . end' \
	"$work/systems.jsonl" >"$work/stale.jsonl"
run import --data "$data" --profile jsonl --dry-run "$work/stale.jsonl"
exits 2
prints "(civil-chatbot): refused: \"civil-chatbot\" changed after this sheet was downloaded"

claim "a copied row and a mistyped id make no second page, and the way to a new system is said"
new_sheet
remember
python3 - "$sheet" "$work/copied.csv" <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
row = list(next(row for row in rows if row[0] == "civil-chatbot"))
row[rows[0].index("name.ko")] = "베낀 시스템"
csv.writer(open(sys.argv[2], "w", encoding="utf-8-sig", newline="")).writerows(rows + [row])
PY
import "$work/copied.csv"
exits 2
prints "(civil-chatbot): refused: another row of this file is \"civil-chatbot\" as well"
prints "for a new system leave id and register empty"
edit "$sheet" "$work/typo.csv" second-own id=secnd-own
import "$work/typo.csv"
exits 2
prints "(secnd-own): refused: this register has no system \"secnd-own\""
prints "for a new system leave id and register empty"
prints "kept: second-own"
entries_since 0
edit "$work/copied.csv" "$work/new.csv" civil-chatbot id= register=
python3 - "$work/new.csv" "$work/one.csv" <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
csv.writer(open(sys.argv[2], "w", encoding="utf-8-sig", newline="")).writerows(rows[:1] + rows[-1:])
PY
import "$work/one.csv" --retire 0
exits 0
counts_new=$(grep -c ' 1 new, ' "$work/out")
same "new systems" 1 "$counts_new"

# --- files that are no CSV, headers that are not the first line ---

claim "an Excel and a Hangul file are called so, with the way to a CSV file"
for held in '엑셀(.xlsx):PK\003\004xl/workbook.xml' '한글(.hwpx):PK\003\004mimetypeapplication/hwp+zip' \
	'엑셀(.xls):\320\317\021\340W\000o\000r\000k\000b\000o\000o\000k\000' \
	'한글(.hwp):\320\317\021\340H\000w\000p\000S\000u\000m\000'; do
	printf "${held#*:}" >"$work/office.bin" # the escapes are printf's
	import_in_korean "$work/office.bin" --dry-run
	exits 2
	says "${held%%:*} 파일입니다"
	says "CSV UTF-8(쉼표로 분리)"
done

claim "Excel's first line \"sep=;\" is obeyed, and is no row"
python3 - "$sheet" "$work/sep.csv" <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
with open(sys.argv[2], "w", encoding="utf-8-sig", newline="") as out:
    out.write("sep=;\r\n")
    csv.writer(out, delimiter=";").writerows(rows)
PY
import "$work/sep.csv" --retire 0 --dry-run
exits 0
prints "0 new, 0 changed"
prints "row 2: same"

claim "a title above the header is named as what must go"
for title in "시스템 목록" "시스템 목록,,,,"; do
	{ printf '%s\r\n' "$title" && tail -c +4 "$sheet"; } >"$work/titled.csv"
	import_in_korean "$work/titled.csv" --dry-run
	exits 2
	says "첫 줄이 머리글"
	says "지우"
done

# --- where a row is, and what its cells should be ---

claim "a row has the number that a spreadsheet shows, whatever its cells hold, and its name"
number=$(python3 - "$sheet" <<'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
print([row[0] for row in rows].index("civil-chatbot") + 1)
PY
)
edit "$sheet" "$work/wrong.csv" civil-chatbot status=odd
import_in_korean "$work/wrong.csv" --dry-run
exits 2
prints "$number행 (civil-chatbot): 받지 않음"

claim "a list with commas alone is answered with the list that it would be, wrong cells with how many there should be"
edit "$sheet" "$work/list.csv" civil-chatbot "category=교통, 안전"
import_in_korean "$work/list.csv" --dry-run
exits 2
prints 'category 칸의 쉼표가 여럿을 나누는 것인지 한 낱말에 든 것인지 알 수 없습니다. 여럿이면 쌍반점(;)이나 줄바꿈으로 나누어 적고(교통; 안전),'
{ cat "$sheet" && printf 'half-row,이름\r\n'; } >"$work/cells.csv"
import "$work/cells.csv" --dry-run
exits 2
prints "(half-row): refused: the row has 2 cells, and the header has $(python3 -c 'import csv, sys
print(len(next(csv.reader(open(sys.argv[1], encoding="utf-8-sig")))))' "$sheet")"

claim "a renamed column is pointed at beside the one that lacks"
sed '1s/,goal.ko,/,aims.ko,/' "$sheet" >"$work/renamed.csv"
import "$work/renamed.csv" --dry-run
exits 2
says 'lacks the column "goal.ko"'
says 'The file has "aims.ko", which the profile does not know'

claim "changed cells that the register fills in itself are named as not read"
new_sheet
edit "$sheet" "$work/derived.csv" civil-chatbot department_slug=other publication_date=2020-01-01 state=draft
for option in --dry-run --json; do
	import "$work/derived.csv" --retire 0 $option
	exits 0
	same "the row" 1 "$(grep -c '"name": "civil-chatbot"\|(civil-chatbot): not read' "$work/out")"
	for column in department_slug publication_date state; do
		prints "$column"
	done
done
import "$sheet" --retire 0
exits 0
prints_not "not read"
department=$(sql "SELECT department FROM system WHERE slug = 'civil-chatbot'")
edit "$sheet" "$work/moved.csv" civil-chatbot department_slug=other goal.ko="옮기지 않은 목적"
import "$work/moved.csv" --retire 0
exits 0
prints "(civil-chatbot): not read"
same "its department" "$department" "$(sql "SELECT department FROM system WHERE slug = 'civil-chatbot'")"
same "departments called other" 0 "$(sql "SELECT count(*) FROM department WHERE slug = 'other'")"

claim "another register's retired and suspended systems come in as such, and the plan says so"
edit "$sheet" "$work/ended.csv" civil-chatbot register=next-city.example/log state=retired
from=$data
new_register elsewhere
import "$work/ended.csv" --dry-run
exits 0
prints "new: civil-chatbot, retired"
import "$work/ended.csv"
exits 0
same "its state" retired "$(sql "SELECT state FROM system WHERE slug = 'civil-chatbot'")"
edit "$sheet" "$work/stopped.csv" civil-chatbot register=next-city.example/log state=suspended
new_register stopped
import "$work/stopped.csv"
exits 0
same "its state" suspended "$(sql "SELECT state FROM system WHERE slug = 'civil-chatbot'")"

claim "but a cell never changes the state of a system that this register exported, though it was imported once"
data=$work/stopped
export_to csv "$work/again.csv"
edit "$work/again.csv" "$work/ours.csv" civil-chatbot state=retired
import "$work/ours.csv"
exits 0
prints "(civil-chatbot): not read"
same "its state" suspended "$(sql "SELECT state FROM system WHERE slug = 'civil-chatbot'")"
data=$from

claim "a list typed as \"a; b\" is a list, one with a semicolon in an item comes back as it went, and so does the next export"
new_sheet
edit "$sheet" "$work/list.csv" civil-chatbot "category=교통; 안전;" "vulnerable_groups=disabled; aged_65" 'tags=[{"ko":"가; 나"}]'
import "$work/list.csv" --retire 0
exits 0
prints "changed: civil-chatbot (category, tags, vulnerable_groups)"
new_sheet
import "$sheet" --retire 0
exits 0
prints " 0 changed"
same "the exported lists" '[{"ko":"교통"},{"ko":"안전"}] [{"ko":"가; 나"}] ["disabled","aged_65"]' "$(python3 -c 'import csv, sys
print(*[" ".join(row[c] for c in ("category", "tags", "vulnerable_groups"))
	for row in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig")) if row["id"] == "civil-chatbot"])' "$sheet")"

# --- a sheet in the words of the form ---

filled() { # to, encoding, separator, header=value …: the sheet to fill in, with a row under its guide
	python3 - "$work/empty.csv" "$@" <<'PY'
import csv, sys
source, to, encoding, separator, *cells = sys.argv[1:]
rows = list(csv.reader(open(source, encoding="utf-8-sig", newline="")))
wanted = dict(cell.split("=", 1) for cell in cells)
assert not set(wanted) - set(rows[0]), set(wanted) - set(rows[0])
rows.append([wanted.get(header, "") for header in rows[0]])
csv.writer(open(to, "w", encoding=encoding, errors="replace", newline=""), delimiter=separator).writerows(rows)
PY
}

claim "the empty sheet has a header of labels in the terminal's language, and every column has its explanation"
env LC_ALL=ko_KR.UTF-8 "$GAYA" import --template --data "$data" --profile csv >"$work/empty.csv"
same "its first bytes" "efbbbf" "$(head -c 3 "$work/empty.csv" | od -An -tx1 | tr -d ' ')"
same "columns without a label, or without an explanation" "0 0" "$(python3 -c 'import csv, sys
header, guide = csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline=""))
print(header.count(""), guide.count(""))' "$work/empty.csv")"

claim "filled in in Excel and saved as CP949 with semicolons, it is read; the explanation is left out, and what stands for what is told"
filled "$work/filled.csv" cp949 ";" "명칭=주차 단속" "담당 부서·팀=교통과" "상태=운영 중" "주 이용자=직원" "정책 분야=교통; 안전" \
	"인공지능취약계층=장애인; 65세 이상인 사람" "위험 등급=최소 위험"
import "$work/filled.csv" --retire 0 --dry-run --encoding cp949
exits 0
prints "명칭 = name.ko"
prints "row 2: left out: it is the sheet's own explanation"
prints "row 3: new"
import "$work/filled.csv" --retire 0 --encoding cp949 --json
exits 0
same "its codes" '["in_use","employees",["disabled","aged_65"],"minimal"]' "$("$GAYA" export --data "$data" --profile jsonl --out - |
	jq -c 'select(.record.name.ko == "주차 단속").record | [.status, .primary_users, .vulnerable_groups, .risk_category]')"

claim "headers and words count whatever their case, spaces and normal form, in each language, and beside columns' own names"
python3 - "$work/mixed.csv" <<'PY'
import csv, sys, unicodedata
rows = [[" NAME ", "상 태", "goal.ko", unicodedata.normalize("NFD", "담당 부서·팀"), "명칭 (한국어)"],
        ["Parking", "in USE", "x", "교통과", "주차"]]
csv.writer(open(sys.argv[1], "w", encoding="utf-8", newline="")).writerows(rows)
PY
import "$work/mixed.csv" --retire 0 --dry-run
exits 0
prints " NAME  = name.en"
prints "명칭 (한국어) = name.ko"
prints "words read as codes: in USE = in_use"

claim "a header that is there twice in other words is refused, and so is a row with some of the explanation left"
printf '명칭,name.ko\r\na,b\r\n' >"$work/twice.csv"
import "$work/twice.csv" --dry-run
exits 2
says 'the headers "명칭" and "name.ko" are both the column "name.ko"'
python3 - "$work/empty.csv" "$work/left.csv" <<'PY'
import csv, sys
header, guide = csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline=""))
guide[header.index("명칭")] = "내 이름"
csv.writer(open(sys.argv[2], "w", encoding="utf-8", newline="")).writerows([header, guide])
PY
import_in_korean "$work/left.csv" --retire 0 --dry-run
exits 2
prints "2행 (내 이름): 받지 않음: \"한 줄 설명\" 열에 서식의 설명이 그대로 남아 있습니다"

claim "what is said of a cell names the column as the file does"
printf '명칭,담당 부서·팀,위험과 완화 조치\r\n가,나,"다; 라"\r\n' >"$work/named.csv"
import_in_korean "$work/named.csv" --dry-run
exits 2
prints "“위험과 완화 조치” 칸은 여러 부분으로 된 목록"

stop_server
verify "$data"
exits 0
finish
