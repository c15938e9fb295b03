# shellcheck shell=bash disable=SC2034,SC2154
# real_lib.sh - others' whole registers, beside tests/cli/lib.sh or tests/http/lib.sh.
real=${BENCH_DATA:-../shared/data}
us=$real/us-federal-2025/2025_individually_reported_AI_use_cases.csv
nl=$real/nl-algoritmeregister

us_register() { # folder: 3,608 systems of the United States; imported.json, imported.err and imported.status tell of their import
	kept us "$1"
}
make_us() {
	must init --data "$1" --origin import.example/us
	run import --data "$1" --profile us-federal-2025 --json "$us"
	cp "$work/out" "$1/imported.json"
	cp "$work/err" "$1/imported.err"
	echo "$status" >"$1/imported.status"
}
