#!/bin/bash
# The browser tests, if Node, npm and Chromium are available; otherwise says what is skipped. GAYA is the
# program (build/gaya), CHROMIUM and FIREFOX the browsers. Arguments select parts, which can run in parallel:
# click for click_test.mjs. Without arguments all parts run.
cd "$(dirname "$0")/../.." || exit 1
# The same Chromium without windows, where it is there: its tests cost half of the processor time.
shell=/usr/bin/chromium-headless-shell
[ -x $shell ] || shell=/usr/bin/chromium
export GAYA=${GAYA:-$PWD/build/gaya} CHROMIUM=${CHROMIUM:-$shell} FIREFOX=${FIREFOX:-/usr/bin/firefox-esr}
here=tests/browser
status=0

skip() {
	echo "skipped: $1"
	exit $status
}

need_driver() { # the lock file is older than what was installed by it, or it is installed again
	local lock
	command -v npm >/dev/null || skip "the tests in a browser: there is no npm"
	exec {lock}>build/npm.lock
	flock "$lock"
	if [ ! $here/node_modules/.package-lock.json -nt $here/package-lock.json ]; then
		npm ci --prefix $here --no-audit --no-fund >build/npm.log 2>&1 || {
			tail -3 build/npm.log
			skip "the tests in a browser: npm cannot fetch what they drive a browser with"
		}
	fi
	exec {lock}>&-
}

command -v node >/dev/null || skip "all browser tests: there is no node"
all=$(basename -s _test.mjs $here/*_test.mjs)
for part in ${*:-$all}; do
	if [ "$part" = firefox ]; then
		[ -x "$FIREFOX" ] || skip "the tests in Firefox: there is no $FIREFOX"
	elif [ "$part" != log ]; then
		[ -x "$CHROMIUM" ] || skip "the tests in a browser: there is no $CHROMIUM"
	fi
	[ "$part" = log ] || need_driver
	timeout 1800 node "$here/${part}_test.mjs" || status=1
done
exit $status
