#!/bin/bash
# Compares our validator of JSON Schema with ajv on thousands of records, if Node and npm are available;
# otherwise says what is skipped. RECORDS is the program that makes the records.
cd "$(dirname "$0")/../.." || exit 1
records=${RECORDS:-build/tests/tools/records}
here=tests/ajv

skip() {
	echo "skipped: $1"
	exit 0
}

command -v node >/dev/null || skip "ajv: there is no node"
command -v npm >/dev/null || skip "ajv: there is no npm"
# The lock file is older than what was installed by it, or it is installed again.
if [ ! $here/node_modules/.package-lock.json -nt $here/package-lock.json ]; then
	npm ci --prefix $here --no-audit --no-fund >build/npm-ajv.log 2>&1 || {
		tail -3 build/npm-ajv.log
		skip "ajv: npm cannot fetch it"
	}
fi
set -o pipefail
"$records" policies/standard.json "${SEED:-5}" "${COUNT:-4000}" | node $here/agree.mjs
