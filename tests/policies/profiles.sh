#!/bin/sh
# Checks the profiles' data with stock jq alone; see tests/policies/profiles.py.
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/policies/profiles.py "$@"
