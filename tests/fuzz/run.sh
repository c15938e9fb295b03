#!/bin/bash
# Runs the named fuzz targets (default: all) over their corpus, then for FUZZ_SECONDS (1) each on new inputs.
cd "$(dirname "$0")/../.." || exit 1
[ $# -gt 0 ] || set -- $(basename -s _fuzz build/asan/tests/fuzz/*_fuzz)
failed=0
passed=0
for name in "$@"; do
	found=$(mktemp -d)
	if "build/asan/tests/fuzz/${name}_fuzz" -max_total_time="${FUZZ_SECONDS:-1}" -timeout=10 -rss_limit_mb=4096 \
		-artifact_prefix="$found/" -verbosity=0 "$found" "tests/fuzz/corpus/$name" >"$found.log" 2>&1; then
		echo "ok - the $name parser holds"
		passed=$((passed + 1))
	else
		echo "not ok - the $name parser holds"
		tail -30 "$found.log"
		failed=$((failed + 1))
	fi
	rm -rf "$found" "$found.log"
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
