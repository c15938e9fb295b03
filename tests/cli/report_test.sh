#!/bin/bash
# A department reports figures of its system from a table as offices save it, checked row by row.
. "$(dirname "$0")/lib.sh"

data=$work/register
small_city "$data"
key=$data/demo-keys/tourism.key
slug=tourism-recommender
serve "$data"

report() { # arguments …
	run report --server "$url" --key "$key" --system $slug "$@"
}

cat >"$work/figures.csv" <<'END'
지표,지표(영어),기간,값,단위,목표,기준,설명
추천 만족도,Satisfaction,2026년 3월,"1,087.50",점,1000,이상,
추천 만족도,,2026-02,980,점,1000,이상,"설문 응답 412명"
평균 응답 시간,,2026년 1분기,4.2,초,5,이하,
누른 비율,,2025,12.5%,,,,
END

claim "a dry run reads the table as people wrote it, and sends nothing"
remember_log
run report --dry-run --json "$work/figures.csv"
exits 0
same "periods" "2026-03 2026-02 2026-Q1 2025" "$(command jq -r '[.figures[].period] | join(" ")' "$work/out")"
same "values" "1087.50 980 4.2 12.5" "$(command jq -r '[.figures[].value] | join(" ")' "$work/out")"
same "units" "points points seconds percent" "$(command jq -r '[.figures[].unit] | join(" ")' "$work/out")"
same "aims" "at_least at_least at_most null" "$(command jq -r '[.figures[].aim | tostring] | join(" ")' "$work/out")"
log_is_unchanged

claim "each row that is refused is told with its number and the reason, and none is sent"
printf '%s\n' '지표,기간,값,단위' '만족도,2026-13,1,점' '만족도,2026-03,많음,점' ',2026-03,1,점' \
	'만족도,2026-03,1,점' '만족도,2026년 3월,2,점' '만족도,2199,2,점' '만족도,2026-04,2,' '만족도,2026-05,1,250,점' >"$work/wrong.csv"
report --yes "$work/wrong.csv"
exits 2
says "! row 2: 기간 \"2026-13\": the period must be a month (2026-03), a quarter (2026-Q1) or a year (2026)"
says "! row 3: 값 \"많음\": the value must be a number such as 87.5"
says "! row 4: 지표: write the indicator in at least one language"
says "! row 6: the same indicator stands twice in this report for 2026-03"
says "! row 7: 기간 \"2199\": the period 2199 has not begun yet"
says "! row 8: 단위: the unit is missing"
says "! row 9: it has 5 cells"
says "figures: 1; rows refused: 7"
log_is_unchanged

claim "a column that means nothing, or one that is missing, is named"
printf '지표,기간,값,단위,담당자\n' >"$work/column.csv"
report --yes "$work/column.csv"
exits 2
says 'the column "담당자" means nothing here'
printf '지표,기간,값\n만족도,2026,1\n' >"$work/column.csv"
report --yes "$work/column.csv"
exits 2
says "the column 단위 (unit) is missing in the first row"

claim "the table is signed and sent in, and readers see it"
report --yes "$work/figures.csv"
exits 0
prints "reported as entry"
prints "/en/systems/$slug#figures"
page "/en/systems/$slug"
answers 200
prints "<strong>1,087.50 points</strong>"
prints "More than in February 2026 (980 points)"
page "/api/v1/systems/$slug"
same "indicators" "추천 만족도,평균 응답 시간,누른 비율" "$(command jq -r '[.figures[].indicator.ko] | join(",")' "$work/out")"
same "periods, as they lie in time" "2026-02 2026-03" \
	"$(command jq -r '[.figures[0].figures[].period] | join(" ")' "$work/out")"

claim "a file as Korean spreadsheets save it is read as well"
printf '지표\t기간\t값\t단위\n추천 만족도\t2026.4\t990\t점\n' | iconv -f utf-8 -t cp949 >"$work/cp949.csv"
report --yes "$work/cp949.csv"
exits 0
page "/api/v1/systems/$slug"
same "the newest" 990 "$(command jq -r '.figures[0].figures[-1].value' "$work/out")"

claim "a later report of the same indicator and period corrects, and what was said stays"
echo '[{"indicator": {"ko": "추천 만족도"}, "period": "2026-04", "value": "1090", "unit": "points"}]' >"$work/right.json"
report --yes "$work/right.json"
exits 0
page "/api/v1/systems/$slug"
same "the newest" "1090 after 990" \
	"$(command jq -r '.figures[0].figures[-1] | "\(.value) after \(.earlier[0].value)"' "$work/out")"
page "/ko/systems/$slug"
prints "먼저 보고한 값 990점"

claim "the file of all figures has the latest, how often it was corrected, and nothing that a spreadsheet runs"
echo '[{"indicator": {"ko": "=HYPERLINK(\"https://evil.example\")"}, "period": "2026", "value": "-1", "unit": "points", "note": {"ko": "@SUM(1)"}}]' >"$work/formula.json"
report --yes "$work/formula.json"
exits 0
page /data/figures.csv
prints "추천 만족도,Satisfaction,2026-04,1090,points,"
prints ",1"
prints "\"'=HYPERLINK(\"\"https://evil.example\"\")\",,2026,'-1,points,,,'@SUM(1),,"

claim "without a terminal nothing is signed unasked"
remember_log
report "$work/right.json"
exits 1
log_is_unchanged

claim "nobody reports for another department's system, or one that is not public"
must key new --origin $city_origin --department parks --out "$work/parks.key"
cp "$work/out" "$work/parks.vkey"
must office --data "$data" department-add parks --name en=Parks
must office --data "$data" key-grant parks "@$work/parks.vkey"
run report --server "$url" --key "$work/parks.key" --system $slug --yes "$work/right.json"
exits 3
run report --server "$url" --key "$key" --system nothing --yes "$work/right.json"
exits 4

claim "what is reported folds again to the same tables, and a verification agrees"
stop_server
verify "$data"
exits 0

finish
