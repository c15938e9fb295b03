#!/bin/bash
# Searches in two real registers, of the United States and the Netherlands, with thousands of systems:
# search.py compares their results with a table of queries. tests/http/search_test.sh has each rule on the demo city.
. "$(dirname "$0")/../http/lib.sh"
. tests/long/real_lib.sh
if [ ! -e "$us" ] || [ ! -d "$nl" ]; then
	echo "skipped: the registers of the United States and the Netherlands are not at $real"
	finish
fi

us_register "$data"
"$GAYA" import --data "$data" --profile nl-algoritmeregister "$nl/algoritmes.json" >/dev/null 2>&1
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
