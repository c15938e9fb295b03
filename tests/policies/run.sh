#!/bin/sh
# Every policy's cases with stock jq, what cases cannot express, and whether the runner detects mistakes.
cd "$(dirname "$0")" || exit 1
failed=0
for test in cases.py cases_test.py modelcards.py *_dates_test.py; do
	python3 "$test" || failed=1
done
exit $failed
