#!/bin/bash
# Real registers of others: 1,463 records of the Netherlands in June and their changes until August, and 3,611
# rows of the United States. tests/cli/import_test.sh tests each rule on files of a few rows.
. "$(dirname "$0")/../cli/import_lib.sh"
. tests/long/real_lib.sh

if [ ! -d "$real" ]; then
	echo "skipped: $real is not here, so the real registers are not imported"
	finish
fi

claim "the Dutch register of June is imported whole, and again without a change"
new_register nl
run import --data "$data" --profile nl-algoritmeregister "$nl/algoritmes_2026-06-12.json"
exits 0
counts 1463 0 0 0 0 0
remember
run import --data "$data" --profile nl-algoritmeregister "$nl/algoritmes_2026-06-12.json"
exits 0
counts 0 0 1463 0 0 0
entries_since 0

# The source's own list of changes, day by day; a date of the entry alone is no change of the
# record, and what was changed and put back is none either.
changes() { # jq filter over its rows
	python3 -c 'import csv, json, sys; json.dump(list(csv.DictReader(open(sys.argv[1]))), sys.stdout)' \
		"$nl/changes_2026-06-12_2026-08-08.csv" | jq -c "$1"
}
claim "of August's, exactly what the source's list of changes has is new, changed or retired"
run import --data "$data" --profile nl-algoritmeregister --json "$nl/algoritmes.json"
exits 0
same "new" "$(changes '[.[] | select(.change == "added") | "nl-" + .id] | sort')" \
	"$(jq -c '.new | sort' "$work/out")"
same "changed" "$(changes '([.[] | select(.change == "added") | .id]) as $added
	| [.[] | select(.change == "changed" and .field != "geregistreerd")] | group_by([.id, .field])
	| map(select(.[0].old != .[-1].new) | .[0].id) | unique - $added | map("nl-" + .) | sort')" \
	"$(jq -c '.changed | sort' "$work/out")"
same "retired" "$(changes '[.[] | select(.change == "removed") | "nl-" + .id]')" \
	"$(jq -c '.retired' "$work/out")"
same "the rest" 1431 "$(jq .same "$work/out")"
entries_since "$(jq '2 * ((.new | length) + (.changed | length)) + (.retired | length)
	+ '"$(sql "SELECT count(*) FROM department")"' - 328' "$work/out")"

claim "August's again changes nothing, and the read model is what the log says"
remember
run import --data "$data" --profile nl-algoritmeregister "$nl/algoritmes.json"
exits 0
counts 0 0 1530 0 0 0
entries_since 0
rebuilds_the_same

claim "every row of the US inventory is imported or listed"
data=$work/us
us_register "$data"
cp "$data/imported.json" "$work/out"
cp "$data/imported.err" "$work/err"
status=$(<"$data/imported.status")
exits 2
same "rows" 3611 "$(jq '(.new | length) + (.duplicates | length) + (.refused | length)' "$work/out")"
same "duplicates" '[[1168,1161],[1782,1781]]' "$(jq -c '[.duplicates[] | [.line, .of]]' "$work/out")"
same "refused" '[[839,"There is no use_case_name."]]' "$(jq -c '[.refused[] | [.line, .why]]' "$work/out")"
same "published" 3608 "$(sql "SELECT count(*) FROM system WHERE state = 'published'")"

claim "no e-mail address came along"
sqlite3 "$(ls "$data"/model/*.db)" .dump >"$work/dump"
sql "SELECT CAST(bytes AS TEXT) FROM content UNION ALL SELECT CAST(bytes AS TEXT) FROM entry" >>"$work/dump"
found=$(grep -aoE '[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+' "$work/dump" | head -n 3)
same "addresses" "" "$found"

claim "the US inventory again changes nothing, and the read model is what the log says"
remember
run import --data "$data" --profile us-federal-2025 "$us"
exits 2
counts 0 0 3608 0 2 1
entries_since 0
rebuilds_the_same
finish
