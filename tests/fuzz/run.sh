#!/bin/bash
# Runs each fuzz target over its corpus, then for FUZZ_SECONDS (2) on new inputs.
cd "$(dirname "$0")/../.." || exit 1
failed=0
passed=0
for target in build/fuzz/tests/fuzz/*_fuzz; do
	name=$(basename "$target" _fuzz)
	found=$(mktemp -d)
	if "$target" -max_total_time="${FUZZ_SECONDS:-2}" -timeout=10 -rss_limit_mb=4096 \
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
