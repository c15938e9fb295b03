#!/bin/bash
# Searches in two real registers, of the United States and the Netherlands, with thousands of systems:
# search.py compares their results with a table of queries. tests/http/search_test.sh has each rule on the demo city.
. "$(dirname "$0")/../http/lib.sh"
real=${BENCH_DATA:-../shared/data}
if [ ! -d "$real/us-federal-2025" ] || [ ! -d "$real/nl-algoritmeregister" ]; then
	echo "skipped: the registers of the United States and the Netherlands are not at ../shared/data"
	finish
fi

must init --data "$data" --origin real.example/log
"$GAYA" import --data "$data" --profile us-federal-2025 "$real"/us-federal-2025/*individually*.csv >/dev/null 2>&1
"$GAYA" import --data "$data" --profile nl-algoritmeregister "$real/nl-algoritmeregister/algoritmes.json" >/dev/null 2>&1
serve
table() {
	python3 tests/http/search.py "$url" tests/long/search_real.tsv >"$work/said"
	set -- $?
	tail -1 "$work/said" >"$work/figures"
	cat "$work/said"
	return "$1"
}
check "people find in two real registers what they type" table
sed 's/^/# /' "$work/figures"
all_done
