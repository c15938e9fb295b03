#!/bin/bash
# Another register's records, imported repeatedly while their source changes.
. "$(dirname "$0")/import_lib.sh"
command -v sqlite3 >/dev/null || { echo "sqlite3 is needed (make deps-test)"; exit 1; }
command -v jq >/dev/null || { echo "jq is needed (make deps-test)"; exit 1; }

# --- a small profile of our own, and what the tests ask of a register ---

mkdir "$work/mine"
cat >"$work/mine/profile.json" <<'END'
{"profile": "mine", "title": {"ko": "옆 도시", "en": "Next city"}, "input": "csv", "retire_missing": true}
END
cat >"$work/mine/map.jq" <<'END'
(if .id == "" then null else .id end) as $id
| if .name == "" then
	{error: {rule: "missing", field: "name", message: {ko: "이름이 없습니다.", en: "There is no name."}}}
	+ (if $id then {key: $id} else {} end)
else {
	id: $id, key: ($id // .name), key_if_repeated: "\($id)|\(.name)",
	slug_hint: "mine-\($id // "unnumbered")",
	department: {slug: "mine-\(.office)", name: {en: .office}},
	record: ({name: {en: .name}} + if .goal == "" then {} else {goal: {en: .goal}} end),
	dropped: (if .phone == "" then [] else ["phone"] end)
} end
END

import() { # file, options …
	local file=$1
	shift
	run import --data "$data" --profile "$work/mine" "$@" "$file"
}

csv() { # file, rows on standard input
	{ echo "id,name,goal,office,phone" && cat; } >"$work/$1"
}

state_of() {
	sql "SELECT state || ' ' || version FROM system WHERE slug = '$1'"
}

# --- first imports and later ones ---

csv three.csv <<'END'
1,Street lights,Save power,roads,
2,Bins,"Empty
them",parks,555 1234
3,Chat,Answer,parks,
END
new_register first
remember
claim "a dry run says what would happen and writes nothing"
import "$work/three.csv" --dry-run
exits 0
prints "would import $work/three.csv: 3 rows"
counts 3 0 0 0 0 0
entries_since 0

claim "and names each department that it would add, once, and how to rename one instead"
prints "new departments: roads (mine-roads), parks (mine-parks)"
prints "if one of them was renamed, tell the register first (gaya office department-add SLUG)"
import "$work/three.csv" --dry-run --json
same "as JSON" '{"mine-parks":{"en":"parks"},"mine-roads":{"en":"roads"}}' \
	"$(jq -cS .new_departments <"$work/out")"

claim "a first import files and publishes every row, and adds the departments"
import "$work/three.csv"
exits 0
prints "imported $work/three.csv: 3 rows"
counts 3 0 0 0 0 0
prints "new departments: roads (mine-roads), parks (mine-parks)"
entries_since 8
same "states" "published 1" "$(state_of mine-1)"
same "who wrote" "register|mine|$(printf 1 | sha256sum | cut -c1-64)" "$(sql "SELECT
		json_extract(line, '\$.by', '\$.profile', '\$.source_sha256')
	FROM (SELECT CAST(bytes AS TEXT) AS line FROM entry) WHERE json_extract(line, '\$.system') = 'mine-1'
	AND json_extract(line, '\$.type') = 'system.filed'" | jq -r 'join("|")')"

claim "what the profile leaves out is named, with how many rows had it"
prints "left out by the profile: phone (1)"

claim "the same file again changes nothing"
remember
import "$work/three.csv"
exits 0
counts 0 0 3 0 0 0
prints_not "new departments"
entries_since 0

claim "only a row whose record changed gets a new version"
csv changed.csv <<'END'
3,Chat,Answer,parks,
1,Street lights,Save more power,roads,
2,Bins,"Empty
them",parks,555 9999
END
import "$work/changed.csv"
exits 0
counts 0 1 2 0 0 0
entries_since 2
same "the changed one" "published 2" "$(state_of mine-1)"
same "the one with another telephone number" "published 1" "$(state_of mine-2)"

claim "a dry run of a changed file tells new, changed, same and retired apart"
csv other.csv <<'END'
1,Street lights,Save most power,roads,
2,Bins,"Empty
them",parks,
4,Traffic,,roads,
END
remember
import "$work/other.csv" --dry-run
exits 0
counts 1 1 1 1 0 0
prints "retired: mine-3"
entries_since 0

claim "what the source no longer has is retired, with the reason in both languages"
import "$work/other.csv"
exits 0
counts 1 1 1 1 0 0
entries_since 5
same "the one that is gone" "retired 1" "$(state_of mine-3)"
reason=$(sql "SELECT c.bytes FROM content c JOIN system s ON lower(hex(c.sha256)) = s.reason
	WHERE s.slug = 'mine-3'")
same "the reason" "출처인 옆 도시에 더 이상 없습니다.|The source no longer has it: Next city." \
	"$(echo "$reason" | jq -r '.reason.ko + "|" + .reason.en')"

claim "a system that its source has again is the same system again, with its history"
sed 's/^4,.*//; s/most power/more power/' "$work/other.csv" >"$work/again.csv"
echo "3,Chat,Answer,parks," >>"$work/again.csv"
remember
import "$work/again.csv" --dry-run
exits 0
prints "row 5: resumed: mine-3"
entries_since 0
import "$work/again.csv"
exits 0
prints "0 new, 1 changed, 1 resumed, 1 same, 1 retired"
entries_since 4
same "its state" "published 1" "$(state_of mine-3)"
same "its history" "system.published system.retired system.resumed" "$(sql "SELECT group_concat(type, ' ') FROM
	(SELECT type FROM milestone WHERE system = 'mine-3' ORDER BY entry)")"
same "why" "출처인 옆 도시에 다시 있습니다.|The source has it again: Next city." "$(sql "SELECT CAST(c.bytes AS TEXT)
	FROM content c JOIN milestone m ON lower(hex(c.sha256)) = m.reason WHERE m.type = 'system.resumed'" |
	jq -r '.reason.ko + "|" + .reason.en')"
sed 's/^3,Chat,Answer/3,Chat,Answer all/' "$work/again.csv" >"$work/gone.csv"
grep -v '^3,' "$work/again.csv" >"$work/without.csv"
import "$work/without.csv"
same "its state" "retired 1" "$(state_of mine-3)"
import "$work/gone.csv"
exits 0
same "changed meanwhile, it has a version more" "published 2" "$(state_of mine-3)"

claim "what the office retired stays so, whatever the source says"
must office --data "$data" retire mine-3 --reason en=Over
remember
import "$work/gone.csv"
exits 2
prints 'refused: "mine-3" is retired, and its page stays as it is'
entries_since 0

claim "the log and the read model agree"
rebuilds_the_same
verify "$data"
exits 0

# --- rows that stand twice, rows without a number ---

claim "a row that equals an earlier one is listed with that one's line"
new_register repeats
csv repeats.csv <<'END'
1,Lines,"Over
two",a,
2,Other,,a,
1,Lines,"Over
two",a,
2,Other,with another goal,a,
2,Other,with a third goal,a,
,Nameless number,,a,
,Another,,a,
END
import "$work/repeats.csv"
exits 0
prints "row 4 (1): the same as row 2 in every column"
counts 6 0 0 0 1 0

claim "a repeated number with other content is a system of its own, and so is a third"
same "keys of number 2" "mine 2,mine 2|Other,mine 2|Other#2" "$(sql "SELECT group_concat(source) FROM
	(SELECT source FROM system WHERE source LIKE 'mine 2%' ORDER BY source)")"

claim "the first keeps the number's own address, the others get the key's hash behind it"
hash_of() {
	printf '%s' "$1" | sha256sum | cut -c1-8
}
same "the first" "published 1" "$(state_of mine-2)"
same "the second" "published 1" "$(state_of "mine-2-$(hash_of '2|Other')")"
same "the third" "published 1" "$(state_of "mine-2-$(hash_of '2|Other#2')")"

claim "a row without a number is known by its name, and has the hash in its address"
same "the row" "published 1" "$(state_of "mine-unnumbered-$(hash_of 'Another')")"

claim "repeated rows are the same systems the next time"
remember
import "$work/repeats.csv"
exits 0
counts 0 0 6 0 1 0
entries_since 0

claim "a key of more than 200 bytes stands in the log as its hash"
new_register long
long=$(printf 'k%.0s' $(seq 201))
printf '%s,Long,,a,\n' "$long" | csv long.csv
mkdir "$work/longs" && cp "$work/mine/profile.json" "$work/longs/"
sed 's/slug_hint: .*/slug_hint: "mine-long",/' "$work/mine/map.jq" >"$work/longs/map.jq"
run import --data "$data" --profile "$work/longs" "$work/long.csv"
exits 0
same "its source" "mine sha256:$(printf '%s' "$long" | sha256sum | cut -c1-64)" \
	"$(sql "SELECT source FROM system WHERE slug = 'mine-long'")"

claim "a text that is not in normal form C is stored in it, and is the same the next time"
new_register forms
printf '1,Cafe\xcc\x81,Save\xc2\xa0it,a,\n' | csv forms.csv
import "$work/forms.csv"
exits 0
same "the name" '{"en":"Café"}' "$(sql "SELECT name FROM system")"
import "$work/forms.csv"
counts 0 0 1 0 0 0

# --- rows that are refused ---

claim "a row with more combining marks on a letter than any writing has is refused by its column, the others are in"
new_register marks
printf '1,a%s,Save it,a,\n2,Fine,Save it,a,\n' "$(printf '\xcc\x81%.0s' $(seq 31))" | csv marks.csv
import "$work/marks.csv"
exits 2
prints 'row 2 (1): refused: the text "name" has more than 30 combining marks'
same "what is in" '{"en":"Fine"}' "$(sql "SELECT name FROM system")"

claim "refused rows are listed with line and reason, the others are in, and the status is 2"
new_register refused
name=$(printf 'n%.0s' $(seq 101))
csv refused.csv <<END
1,Good,,a,
2,,no name,a,
3,$name,,b,
4,Short row
5,Good too,,a,
6,<b>Good</b>,see <script>,a,
END
remember
import "$work/refused.csv"
exits 2
says "of the rows, 4 were refused; the others are in"
counts 2 0 0 0 0 4
prints "row 3 (2): refused: There is no name."
prints "row 4 (3): refused: the record breaks 1 of the standard's rules"
prints "row 5 (4): refused: the row has 2 cells, and the header has 5"
prints "row 7 (6): refused: the record breaks"

claim "a record that breaks the standard is explained in words"
prints "100"
grep -A1 '^row 4 ' "$work/out" | grep -qi 'name' || fault "no sentence: $(cat "$work/out")"

claim "a refused row leaves nothing behind, not even its department"
entries_since 5
same "departments" "mine-a" "$(sql "SELECT group_concat(slug) FROM department")"

claim "a dry run refuses the same rows for the same reasons"
cp "$work/out" "$work/really"
new_register refused-dry
import "$work/refused.csv" --dry-run
exits 2
same "the report" "$(sed 's/^gaya: imported/gaya: would import/' "$work/really")" "$(grep -v -e ': new: ' -e 'tell the register first' "$work/out")"

claim "a Korean reader gets the reasons in Korean"
env LC_ALL=ko_KR.UTF-8 "$GAYA" import --data "$data" --profile "$work/mine" --dry-run \
	"$work/refused.csv" >"$work/out" 2>"$work/err"
prints "이름이 없습니다."

claim "--json tells all of it as one object"
import "$work/refused.csv" --json
exits 2
same "what it tells" '["mine",6,2,4,[3,4,5,7],"missing","too_long",false]' "$(jq -c '[.profile, .rows,
	(.new | length), (.refused | length), [.refused[].line], .refused[0].error.rule,
	.refused[1].problems[0].rule, .dry_run]' "$work/out")"
same "the sentences" 1 "$(jq '.refused[1].texts | length' "$work/out")"

# --- a dry run, row by row ---

new_register rows
csv rows.csv <<'END'
1,One,,a,
2,Two,first goal,a,
3,Three,,a,
END
must import --data "$data" --profile "$work/mine" "$work/rows.csv"
csv rows.csv <<'END'
1,One,,a,
4,,"a cell
of two lines",a,
2,Two new,another goal,a,
1,One,,a,
5,Five,,a,
3,Three,,a,
END

claim "a dry run tells of every row what it would be, in the file's order, and what would change"
import "$work/rows.csv" --dry-run
exits 2
same "rows" "row 2: same: mine-1
row 3 (4): refused: There is no name.
row 4: changed: mine-2 (goal, name)
row 5 (1): the same as row 2 in every column
row 6: new: mine-5
row 7: same: mine-3" "$(grep '^row' "$work/out")"

claim "with --json every row is in \"each\""
import "$work/rows.csv" --dry-run --json
exits 2
same "rows" '[[2,"same","mine-1",null],[3,"refused",null,null],[4,"changed","mine-2",["goal","name"]],[5,"duplicate",null,null],[6,"new","mine-5",null],[7,"same","mine-3",null]]' \
	"$(jq -c '[.each[] | [.line, .outcome, .system, .fields]]' "$work/out")"
same "why" "There is no name." "$(jq -r '.each[1].why' "$work/out")"
same "of" 2 "$(jq '.each[3].of' "$work/out")"

claim "what the dry run said is what the import does"
jq -c '[.new, .changed, .same, (.refused | map(.line)), .duplicates]' "$work/out" >"$work/said"
import "$work/rows.csv" --json
same "the outcome" "$(jq -c '.[4] |= map({line, name, of})' "$work/said")" "$(jq -c '[.new, .changed, .same, (.refused | map(.line)), .duplicates]' "$work/out")"
same "no row by row" null "$(jq .each "$work/out")"

# --- encodings and headers ---

new_register encoded
csv utf8.csv <<'END'
1,Café,가나,a,
END
claim "a byte order mark is no part of the first column's name"
{ printf '\xef\xbb\xbf' && cat "$work/utf8.csv"; } >"$work/marked.csv"
import "$work/marked.csv"
exits 0
counts 1 0 0 0 0 0

claim "a file in Windows-1252 is refused with the line, the byte and the option"
{ cat "$work/utf8.csv" && printf '2,Stra\337e,,a,\n'; } | sed 's/가나//; s/é/e/' >"$work/1252.csv"
remember
import "$work/1252.csv"
exits 2
says "$work/1252.csv: line 3, byte 7: 0xDF is not UTF-8"
says "(--encoding)"
entries_since 0

claim "with the option it is imported"
import "$work/1252.csv" --encoding windows-1252
exits 0
same "the name" "Straße" "$(sql "SELECT json_extract(name, '\$.en') FROM system WHERE slug = 'mine-2'")"

claim "a Korean spreadsheet's CP949 is imported with its option"
iconv -f UTF-8 -t CP949 <<<'id,name,goal,office,phone
3,똠방각하,,a,' >"$work/cp949.csv"
import "$work/cp949.csv" --encoding CP949 --yes --retire 2
exits 0
same "the name" "똠방각하" "$(sql "SELECT json_extract(name, '\$.en') FROM system WHERE slug = 'mine-3'")"

claim "UTF-16 is refused clearly, whatever the option says"
iconv -f UTF-8 -t UTF-16 "$work/utf8.csv" >"$work/16.csv"
for option in "" "--encoding windows-1252"; do
	# shellcheck disable=SC2086
	import "$work/16.csv" $option
	exits 2
	says "16.csv: it is UTF-16 or UTF-32: save it again as UTF-8"
done

claim "UTF-8 that is called something else is refused, and so is an encoding that there is not"
import "$work/utf8.csv" --encoding windows-1252
exits 2
says "the file is UTF-8"
import "$work/utf8.csv" --encoding latin9
exits 2
says "there are utf-8, windows-1252 and cp949"

claim "a repeated column reaches the map under a number of its own"
cp -r "$work/mine" "$work/twice"
sed 's/\.goal/.["goal#2"]/g' "$work/mine/map.jq" >"$work/twice/map.jq"
printf 'id,name,goal,office,goal,phone\n1,One,first,a,second,\n' >"$work/twice.csv"
new_register twice
run import --data "$data" --profile "$work/twice" "$work/twice.csv"
exits 0
same "the goal" second "$(sql "SELECT json_extract(CAST(bytes AS TEXT), '\$.record.goal.en') FROM content
	WHERE CAST(bytes AS TEXT) LIKE '%\"record\"%'")"

# --- what keeps a wrong file from retiring a register ---

new_register guarded
csv guarded.csv <<'END'
1,One,,a,
2,Two,,a,
3,Three,,a,
4,Four,,a,
END
must import --data "$data" --profile "$work/mine" "$work/guarded.csv"
remember

claim "a row that cannot be mapped but has a key retires nothing"
csv bad.csv <<'END'
1,One,,a,
2,Two,,a,
3,Three,,a,
4,,,a,
END
import "$work/bad.csv"
exits 2
counts 0 0 3 0 0 1
same "number 4" "published 1" "$(state_of mine-4)"
entries_since 0

claim "while a row cannot be identified, nothing is retired, and that is said"
csv unknown.csv <<'END'
1,One,,a,
2,Two,,a,
3,Three,,a,
,,,a,
END
import "$work/unknown.csv"
exits 2
counts 0 0 3 0 0 1
prints "kept: mine-4"
prints "1 of its rows cannot be identified"
entries_since 0

claim "a file that would retire more than a small share is refused whole, with the plan and the count"
csv half.csv <<'END'
1,One is changed,,a,
5,Five,,a,
6,Six,,a,
7,Seven,,a,
8,Eight,,a,
END
import "$work/half.csv"
exits 2
prints "would import"
prints "retired: mine-4"
says "of the 4 systems that are here this would retire 3"
says "--yes --retire 3"
entries_since 0

claim "it is refused as well when it is tried again"
import "$work/half.csv"
exits 2
entries_since 0

claim "another count than the plan's confirms nothing, and neither does a count or --yes alone"
for options in "--yes --retire 2" "--yes" "--retire 3" "--yes --change 3"; do
	# shellcheck disable=SC2086
	import "$work/half.csv" $options
	exits 2
	says "--yes --retire 3"
done
entries_since 0

claim "with the very count it is done"
import "$work/half.csv" --yes --retire 3
exits 0
counts 4 1 0 3 0 0
same "number 4" "retired 1" "$(state_of mine-4)"

claim "a file without a row that could be imported retires nothing, whatever is asked"
remember
csv empty.csv </dev/null
import "$work/empty.csv" --yes --retire 5
exits 2
says "nothing was imported and nothing retired"
csv allbad.csv <<'END'
1,,,a,
END
import "$work/allbad.csv"
exits 2
prints "row 2 (1): refused: There is no name."
entries_since 0

claim "another profile's systems are not touched"
mkdir "$work/too"
sed 's/"mine"/"mine-too"/' "$work/mine/profile.json" >"$work/too/profile.json"
sed 's/slug_hint: "mine-/slug_hint: "too-/' "$work/mine/map.jq" >"$work/too/map.jq"
csv too.csv <<'END'
1,One,,a,
END
run import --data "$data" --profile "$work/too" "$work/too.csv"
exits 0
counts 1 0 0 0 0 0
same "the first profile's" 5 "$(sql "SELECT count(*) FROM system WHERE slug LIKE 'mine-%'
	AND state = 'published'")"

claim "after all of this the log and the read model agree"
rebuilds_the_same

# --- what would change or empty much ---

new_register large
for n in $(seq 10); do echo "$n,System $n,goal $n,a,"; done | csv ten.csv
must import --data "$data" --profile "$work/mine" "$work/ten.csv"
remember

claim "a header cell that was renamed is refused by name"
sed '1s/goal/Goal/' "$work/ten.csv" >"$work/renamed.csv"
import "$work/renamed.csv"
exits 2
says 'lacks the column "goal", which the profile reads'
says 'The file has "Goal", which the profile does not know'
env LC_ALL=ko_KR.UTF-8 "$GAYA" import --data "$data" --profile "$work/mine" "$work/renamed.csv" 2>"$work/err"
says '프로필이 읽는 열 "goal"'
entries_since 0

claim "a field that would be emptied in more than a small share is named and counted, and nothing is done"
sed 's/,goal [0-9]*,/,,/' "$work/ten.csv" >"$work/blank.csv"
import "$work/blank.csv"
exits 2
prints "emptied: goal (10)"
says "this would change 10, empty fields of 10"
says "--yes --change 10 --blank 10"
entries_since 0

claim "one system in ten may change, lose a field or go without a question"
sed 's/goal 3/another goal/' "$work/ten.csv" >"$work/one.csv"
import "$work/one.csv"
exits 0
counts 0 1 9 0 0 0
sed 's/another goal//' "$work/one.csv" >"$work/one-blank.csv"
import "$work/one-blank.csv"
exits 0
prints "emptied: goal (1)"
grep -v '^10,' "$work/one-blank.csv" >"$work/nine.csv"
import "$work/nine.csv"
exits 0
counts 0 0 9 1 0 0

claim "ten, then five, then ten again: nothing is lost, and five are the same systems again"
import "$work/one-blank.csv"
exits 0
head -n 6 "$work/one-blank.csv" >"$work/five.csv"
import "$work/five.csv"
exits 2
same "published" 10 "$(sql "SELECT count(*) FROM system WHERE state = 'published'")"
import "$work/five.csv" --yes --retire 5
exits 0
import "$work/one-blank.csv"
exits 0
prints "5 resumed"
same "published" 10 "$(sql "SELECT count(*) FROM system WHERE state = 'published'")"

claim "on a terminal the plan is shown, and the sum of its numbers is asked for"
if command -v script >/dev/null; then
	for answer in y 5; do
		printf '%s\n' "$answer" | script -qec "'$GAYA' import --data '$data' --profile '$work/mine' '$work/five.csv'" \
			/dev/null >"$work/out" 2>&1
		prints "type the sum of these numbers (5)"
		prints "retired: mine-10"
		same "published after \"$answer\"" "$([ "$answer" = 5 ] && echo 5 || echo 10)" \
			"$(sql "SELECT count(*) FROM system WHERE state = 'published'")"
	done
fi
rebuilds_the_same
verify "$data"
exits 0

# --- files as offices save them ---

new_register offices
printf '번호,이름,목적,부서\n1,길찾기,"길을, 찾는다",a\n2,챗봇,묻는다,b\n' >"$work/utf8-office.csv"
cp -r "$work/mine" "$work/office"
sed 's/\.id/.["번호"]/g; s/\.name/.["이름"]/g; s/\.goal/.["목적"]/g; s/\.office/.["부서"]/g; s/dropped: .*/dropped: []/' \
	"$work/mine/map.jq" >"$work/office/map.jq"
office() {
	run import --data "$data" --profile "$work/office" "$@"
}

claim "Excel's CSV UTF-8, its CSV and its tab separated text in CP949 are read, or named with the way out"
{ printf '\xef\xbb\xbf' && sed 's/$/\r/' "$work/utf8-office.csv"; } >"$work/excel-utf8.csv"
office "$work/excel-utf8.csv"
exits 0
counts 2 0 0 0 0 0
iconv -f UTF-8 -t CP949 "$work/utf8-office.csv" >"$work/excel-cp949.csv"
office "$work/excel-cp949.csv"
exits 2
says "It reads as CP949"
says "--encoding cp949"
office "$work/excel-cp949.csv" --encoding cp949
exits 0
counts 0 0 2 0 0 0
printf '번호\t이름\t목적\t부서\r\n1\t길찾기\t"길을, 찾는다"\ta\r\n2\t챗봇\t묻는다\tb\r\n' >"$work/tabs.txt"
iconv -f UTF-8 -t CP949 "$work/tabs.txt" >"$work/excel-cp949.txt"
office "$work/excel-cp949.txt" --encoding cp949
exits 0
counts 0 0 2 0 0 0
{ printf '\xff\xfe' && iconv -f UTF-8 -t UTF-16LE "$work/tabs.txt"; } >"$work/excel-unicode.txt"
env LC_ALL=ko_KR.UTF-8 "$GAYA" import --data "$data" --profile "$work/office" "$work/excel-unicode.txt" 2>"$work/err"
same "status" 2 $?
says 'CSV UTF-8(쉼표로 분리)'

claim "semicolons are found, and a separator can be told"
printf '번호;이름;목적;부서\n1;길찾기;길을, 찾는다;a\n2;챗봇;묻는다;b\n' >"$work/semicolons.csv"
office "$work/semicolons.csv"
exits 0
counts 0 0 2 0 0 0
office "$work/semicolons.csv" --separator comma
exits 2
says 'lacks the column'
office "$work/semicolons.csv" --separator semicolon
exits 0
office "$work/semicolons.csv" --separator '|'
exits 2
says "there are comma, semicolon and tab"

claim "rows of commas, columns at the end and cells behind them that are empty are nothing"
sed 's/$/,,,/' "$work/utf8-office.csv" >"$work/trailing.csv"
printf ',,,,,,\n,,,,,,\n , ,,,,,\n' >>"$work/trailing.csv"
office "$work/trailing.csv"
exits 0
prints ": 2 rows: "
counts 0 0 2 0 0 0

claim "a file from macOS, in normal form D, is the same file"
python3 -c 'import sys, unicodedata
sys.stdout.write(unicodedata.normalize("NFD", open(sys.argv[1], encoding="utf-8").read()))' "$work/utf8-office.csv" >"$work/nfd.csv"
cmp -s "$work/nfd.csv" "$work/utf8-office.csv" && fault "it is not another file"
office "$work/nfd.csv"
exits 0
counts 0 0 2 0 0 0

# --- our own export, changed by hand ---

claim "an export in which one cell was changed updates that system, whoever filed it, and makes none new"
data=$work/roundtrip
demo_city "$data"
for own in csv jsonl; do
	export_to $own "$work/systems.$own"
	run import --data "$data" --profile $own "$work/systems.$own"
	exits 0
	counts 0 0 "$(sql "SELECT count(*) FROM system WHERE version > 0")" 0 0 0
	prints_not "not read"
done
before_version=$(sql "SELECT version FROM system WHERE slug = 'civil-chatbot'")
python3 - "$work/systems.csv" "$work/edited.csv" <<'END'
import csv, sys
rows = list(csv.reader(open(sys.argv[1], encoding="utf-8-sig", newline="")))
for row in rows[1:]:
    if row[0] == "civil-chatbot":
        row[rows[0].index("goal.ko")] = "손으로 고친 목적"
csv.writer(open(sys.argv[2], "w", encoding="utf-8-sig", newline="")).writerows(rows)
END
remember
run import --data "$data" --profile csv "$work/edited.csv"
exits 0
prints "0 new, 1 changed"
entries_since 2
same "its version" $((before_version + 1)) "$(sql "SELECT version FROM system WHERE slug = 'civil-chatbot'")"

claim "without the column that names the register, a row with a system's address is refused, not doubled"
sed '1s/,register/,where from/' "$work/edited.csv" >"$work/unnamed.csv"
remember
run import --data "$data" --profile csv "$work/unnamed.csv"
exits 2
prints "write $city_origin into \"register\""
entries_since 0
verify "$data"
exits 0

# --- files, profiles and arguments that are wrong ---

claim "a profile that there is not is answered with those that there are"
run import --data "$data" --profile none "$work/too.csv"
exits 4
says "nl-algoritmeregister, "
says "us-federal-2025"

claim "a profile whose program does not compile is refused with jq's own words"
mkdir "$work/broken" && cp "$work/mine/profile.json" "$work/broken/" && echo '{' >"$work/broken/map.jq"
run import --data "$data" --profile "$work/broken" "$work/too.csv"
exits 2
says "map.jq: "

claim "a profile whose program fails on a row refuses that row"
echo 'if .id == "1" then error("odd row") else {id, key: .id, slug_hint: "f-2", record: {name: {en: .name}},
	department: {slug: "f", name: {en: "F"}}} end' >"$work/broken/map.jq"
new_register failing
run import --data "$data" --profile "$work/broken" "$work/guarded.csv"
exits 2
prints "row 2 (1): refused: map.jq: odd row"

claim "wrong usage says what is right"
run import --data "$data" "$work/too.csv"
exits 2
says "usage: gaya import"
run import --data "$data" --profile us-federal-2025 "$work/not-there.csv"
exits 4
run import --data "$work/not-there" --profile "$work/mine" "$work/too.csv"
exits 4

claim "JSON rows are counted from 1, and a file without the list is refused"
new_register json
echo '{"algoritmes": [{"id": "7", "title": "T", "organisatie": "Gemeente Één"}, 5]}' >"$work/nl.json"
run import --data "$data" --profile nl-algoritmeregister "$work/nl.json"
exits 2
prints "row 2: refused: Not an object."
same "the system" "published 1" "$(state_of nl-7)"
echo '{"rows": []}' >"$work/nl.json"
run import --data "$data" --profile nl-algoritmeregister "$work/nl.json"
exits 2
says 'no list of rows at ".algoritmes"'

claim "a large JSON document is read by the row, whatever stands before and after its list"
long=$(head -c 1200000 /dev/zero | tr '\0' x)
{
	printf '{"about": {"algoritmes": [1, 2]}, "note": "[%s]", "algoritmes": [' "$long"
	printf '{"id": "7", "title": "T", "organisatie": "Gemeente Één"}, 5, {"id": "8", "title": "U [\\"]", "organisatie": "Gemeente Één"}'
	printf '], "after": [[], {}]}'
} >"$work/nl.json"
jq '{algoritmes}' "$work/nl.json" >"$work/small.json"
for file in nl small; do
	run import --data "$data" --profile nl-algoritmeregister "$work/$file.json" --dry-run --json
	exits 2
	jq '.each' "$work/out" >"$work/$file.each"
done
same "the rows" "$(cat "$work/small.each")" "$(cat "$work/nl.each")"
same "their number" 3 "$(jq length "$work/nl.each")"
run import --data "$data" --profile nl-publicatiestandaard "$work/nl.json" --dry-run --json
same "as of a list" 3 "$(jq '.each | length' "$work/out")"
sed -i 's/"algoritmes": \[{/"algoritme": [{/' "$work/nl.json"
run import --data "$data" --profile nl-algoritmeregister "$work/nl.json"
exits 2
says 'no list of rows at ".algoritmes"'
printf '{"note": "%s", "algoritmes": [1, {"a" 1}]}' "$long" >"$work/nl.json"
run import --data "$data" --profile nl-algoritmeregister "$work/nl.json"
exits 2
says 'row 2: not JSON'
printf '{"note": "%s", "algoritmes": [1, {"a": 1}' "$long" >"$work/nl.json"
run import --data "$data" --profile nl-algoritmeregister "$work/nl.json"
exits 2
says 'not JSON at line 1'

claim "a row of a JSON document that is not valid costs only itself, in a small and in a large one"
deep=$(printf '[%.0s' {1..200})$(printf ']%.0s' {1..200})
for note in "" "$long"; do
	printf '{"note": "%s", "algoritmes": [%s, {"id": "9", "title": "A", "id": "9"}, {"id": "10", "title": "\\ud800"},
		{"id": "11", "title": 1e999}, {"id": "12", "title": %s}, {"a": tru}, {"id": "13", "title": "V", "organisatie": "Gemeente Één"}]}' \
		"$note" 5 "$deep" >"$work/nl.json"
	run import --data "$data" --profile nl-algoritmeregister "$work/nl.json" --dry-run
	exits 2
	prints "row 2: refused: within the row: not JSON at line 1, column 30: duplicate object key"
	prints "row 3: refused: within the row: not JSON at line 1"
	prints "row 4: refused: within the row: not JSON at line 1, column 27: real number overflow"
	prints "row 5: refused: within the row: JSON nested deeper than"
	prints "row 6: refused: within the row: not JSON at line 1, column 9: invalid token"
	prints "row 7: new"
done

claim "where a row does not certainly end where it seems to, the file is refused, and the row named"
for row in '{"a" 1}' '{"a": "b}, {"c": "d"}' '{"a": [1}]' '{"a": 1,, "b": 2}' '{"a": "b" "c"}'; do
	printf '{"algoritmes": [\n{"id": "13", "title": "V", "organisatie": "Gemeente Één"},\n%s\n]}' "$row" >"$work/nl.json"
	run import --data "$data" --profile nl-algoritmeregister "$work/nl.json" --dry-run
	exits 2
	says "not JSON"
	says "line 3"
done

claim "on a terminal each step of an import says how far it is, and elsewhere none does"
new_register progress
csv rows.csv <<'END'
1,One,,a,
2,Two,first goal,a,
3,Three,,a,
END
on_terminal() { # arguments …: as run, with standard error on a terminal
	python3 - "$GAYA" "$@" >"$work/out" <<-'END'
		import os, pty, sys
		pid, terminal = pty.fork()
		if pid == 0:
		    os.execv(sys.argv[1], sys.argv[1:])
		said = b""
		try:
		    while part := os.read(terminal, 65536):
		        said += part
		except OSError: # the program has ended
		    pass
		sys.stdout.write(said.decode())
		sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
	END
	status=$?
}
on_terminal import --data "$data" --profile "$work/mine" "$work/rows.csv"
exits 0
for step in "keys looked up 9" "compared 3 of 3" "imported 3 of 3"; do prints "gaya: $step"; done
sed -i '$d' "$work/rows.csv"
on_terminal import --data "$data" --profile "$work/mine" "$work/rows.csv"
exits 0
for step in "keys looked up 6" "systems looked at 3" "systems retired 1 of 1"; do prints "gaya: $step"; done
run import --data "$data" --profile "$work/mine" "$work/rows.csv"
contents "$work/err"
[[ $contents != *"looked"* ]] || fault "$contents"

claim "JSON Lines are rows by their line, and a line that is no JSON is named"
new_register lines
cp -r "$work/mine" "$work/by-line"
echo '{"profile": "lines", "title": {"ko": "줄", "en": "Lines"}, "input": "jsonl"}' >"$work/by-line/profile.json"
printf '%s\n' '{"id": "1", "name": "One", "goal": "", "office": "a", "phone": ""}' '' \
	'{"id": "2", "name": "", "goal": "", "office": "a", "phone": ""}' >"$work/lines.jsonl"
run import --data "$data" --profile "$work/by-line" "$work/lines.jsonl"
exits 2
counts 1 0 0 0 0 1
prints "line 3 (2): refused: There is no name."
echo '{"id": ' >>"$work/lines.jsonl"
run import --data "$data" --profile "$work/by-line" "$work/lines.jsonl"
exits 2
says "line 4: not JSON"
sed -i '$s/.*/{"id": 1e999}/' "$work/lines.jsonl"
run import --data "$data" --profile "$work/by-line" "$work/lines.jsonl" --dry-run
exits 2
prints "line 4: refused: within the row: not JSON at line 1"

claim "while a server has the register, an import goes through it"
new_register busy
serve "$data"
import "$work/refused.csv"
exits 2
counts 2 0 0 0 0 4
prints "may have up to 100 characters"
page /en/systems/mine-1
same "the page's status" 200 "$code"
stop_server

claim "what a source knows a record by is in no entry, and is erased with the record's content"
sed -i 's/slug_hint: .*/slug_hint: "mine-\\(.office)",/' "$work/mine/map.jq"
csv named.csv <<'END'
Kim Citizen 7,Lights,Save power,roads,
8,Bins,Empty them,parks,
END
new_register named
import "$work/named.csv"
exits 0
same "before" "mine Kim Citizen 7" "$(sql "SELECT source FROM system WHERE name LIKE '%Lights%'")"
same "entries that name it" 0 "$(sql "SELECT count(*) FROM entry WHERE CAST(bytes AS TEXT) LIKE '%Kim Citizen%'")"
sha=$(sql "SELECT sha256 FROM version JOIN system ON slug = system WHERE name LIKE '%Lights%'")
slug=$(sql "SELECT slug FROM system WHERE source = 'mine Kim Citizen 7'")
must office --data "$data" erase "$sha" --reason "ko=이름이 들어 있었습니다." --reason "en=It held a name."
same "after" "|mine 8" "$(sql "SELECT group_concat(coalesce(source, ''), '|') FROM (SELECT source FROM system ORDER BY source)")"
same "traces" 0 "$(cat "$data/register.db" "$data"/model/*.db | grep -c 'Kim Citizen')"
rebuilds_the_same
verify "$data"
exits 0

claim "its source is known again nevertheless, and no second page is made"
import "$work/named.csv"
exits 0
counts 0 1 1 0 0 0
same "pages" 2 "$(sql "SELECT count(*) FROM system")"
same "the new version" "published 2" "$(state_of "$slug")"
rebuilds_the_same
finish
