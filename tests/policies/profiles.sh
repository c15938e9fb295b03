#!/bin/sh
# The profiles' data, with nothing but stock jq: tests/policies/profiles.py says what is held.
cd "$(dirname "$0")/../.." || exit 1
exec python3 tests/policies/profiles.py "$@"
