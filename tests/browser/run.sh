#!/bin/bash
# The browser tests, where there is a Node, an npm and a Chromium; else says what is skipped.
# GAYA is the program (build/gaya), CHROMIUM and FIREFOX the browsers.
cd "$(dirname "$0")/../.." || exit 1
export GAYA=${GAYA:-$PWD/build/gaya} CHROMIUM=${CHROMIUM:-/usr/bin/chromium}
export FIREFOX=${FIREFOX:-/usr/bin/firefox-esr}
here=tests/browser

skip() {
	echo "skipped: $1"
	exit "${status:-0}"
}

command -v node >/dev/null || skip "all browser tests: there is no node"
node $here/log_test.mjs
status=$?
[ -x "$CHROMIUM" ] || skip "the tests in a browser: there is no $CHROMIUM"
command -v npm >/dev/null || skip "the tests in a browser: there is no npm"
# The lock file is older than what was installed by it, or it is installed again.
if [ ! $here/node_modules/.package-lock.json -nt $here/package-lock.json ]; then
	npm ci --prefix $here --no-audit --no-fund >build/npm.log 2>&1 || {
		tail -3 build/npm.log
		skip "the tests in a browser: npm cannot fetch what they drive a browser with"
	}
fi
timeout 1800 node $here/click_test.mjs || status=1
timeout 1800 node $here/pages_test.mjs || status=1
timeout 900 node $here/verify_test.mjs || status=1
timeout 300 node $here/files_test.mjs || status=1
timeout 300 node $here/questions_test.mjs || status=1
timeout 300 node $here/drafts_test.mjs || status=1
timeout 600 node $here/office_test.mjs || status=1
[ -x "$FIREFOX" ] || skip "the tests in Firefox: there is no $FIREFOX"
timeout 900 node $here/firefox_test.mjs || status=1
exit $status
