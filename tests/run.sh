#!/bin/bash
# Runs all tests. Prints the failures of each suite and one line per suite; the last line is the count. Builds
# three variants, so that gcc and clang, ASan and UBSan, and TSan all see the code. `run.sh check` is the short
# form during work: unit, HTTP and CLI tests of the released program, without sanitizers, attacks (tests/attack)
# and slow tests (tests/long).
cd "$(dirname "$0")/.." || exit 1
export CI=1 CMOCKA_MESSAGE_OUTPUT=TAP LC_ALL=C.UTF-8
# No memory is given back to the system: the allocator would ask for the time with its lock held, and under faketime
# the first such question allocates, and waits for that lock for ever. Memory that was freed is taken again after
# 16 MB more, not after 256: a program that touches new pages all the time takes a quarter longer. LeakSanitizer does
# not look into the thread storage of libraries that are loaded later: where it begins just behind the start of a page,
# LeakSanitizer reads its address from the wrong place, and dies.
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:allocator_release_to_os_interval_ms=-1:quarantine_size_mb=16:intercept_tls_get_addr=0
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS="halt_on_error=0 exitcode=66 suppressions=$PWD/tests/tsan.supp"
# No power is cut in a test, so memory will do for a disk where there is room, and lets none wait.
room=$(df --output=avail -B1G /dev/shm 2>/dev/null | tail -n 1)
[ "${room:-0}" -ge 4 ] && [ -w /dev/shm ] && export TMPDIR=/dev/shm
work=$(mktemp -d -t gaya.XXXXXX)
export TMPDIR=$work/tmp
out=$work/out
mkdir "$TMPDIR" "$out" "$work/bin"
# Debian's Python, which tests start hundreds of times: a version manager's stand-in takes ten times
# as long to start.
[ -x /usr/bin/python3 ] && ln -s /usr/bin/python3 "$work/bin/python3" && export PATH=$work/bin:$PATH
trap 'kill $(jobs -p) 2>/dev/null; rm -rf "$work"' EXIT
cores=$(nproc)
slots=$((cores + 2)) # suites that run at once: each waits now and then, for a disk, a clock, a browser
suites=0
took=build/took # what it cost: seconds of processor, or its share of a slot; and the last word of the command, of each suite that ran here before

run_suite() { # id, name, command …
	local id=$1 name=$2 log=$out/$1.log status ok bad skips cpu started=$SECONDS
	shift 2
	"$@" >"$log" 2>&1 </dev/null
	status=$?
	ok=$(grep -cE '^ok( |$)' "$log")
	bad=$(grep -E '^not ok( |$)' "$log" | grep -vc '# SKIP') # so cmocka says it of a skipped test
	skips=$(grep -cE '^(# )?skipped:' "$log")
	[ "$status" -ne 0 ] && [ "$bad" -eq 0 ] && bad=1
	[ "$status" -eq 0 ] && [ "$ok" -eq 0 ] && [ "$bad" -eq 0 ] && [ "$skips" -eq 0 ] && bad=1
	echo "$ok $bad $skips" >"$out/$id.count"
	times >"$out/$id.times"
	cpu=$(awk -F'[ms ]+' 'NR == 2 { printf "%.1f", $1 * 60 + $2 + $3 * 60 + $4 }' "$out/$id.times")
	# One that only waits takes a slot all the same, and would be waited for if it came last.
	echo "$(awk -v cpu="$cpu" -v slot=$(((SECONDS - started) / slots)) 'BEGIN { print (cpu > slot ? cpu : slot) }') ${!#}" >"$out/$id.took"
	{
		printf '%-52s %4d passed %3d failed  %3d s, %5.1f s of processor\n' \
			"$name" "$ok" "$bad" $((SECONDS - started)) "$cpu"
		grep -iE '^(# )?(skipped|counted):' "$log"
		if [ "$bad" -gt 0 ]; then
			grep -vE '# SKIP' "$log" | grep -E -A12 '^not ok' | head -60
			[ "$status" -ne 0 ] && tail -25 "$log"
		fi
	} >"$out/$id.report"
	flock "$out" cat "$out/$id.report"
}

# Counts a suite's "ok" and "not ok" lines; one that dies is a failure more. Each has its own
# folders and ports.
suite() { # name, command …
	while [ "$(jobs -rp | wc -l)" -ge "$slots" ]; do
		wait -n
	done
	suites=$((suites + 1))
	run_suite "$suites" "$@" &
}

# So that no core waits at the end for a suite that was begun late. What never ran here costs what tests/costs
# says, a rough table of the dear ones.
dearest_first() { # commands of suites …
	printf '%s\n' "$@" | awk -v took=$took '
		function learn(file, line, word) {
			while ((getline line <file) > 0) { split(line, word); cost[word[2]] = word[1] }
		}
		BEGIN { learn("tests/costs"); learn(took) }
		{ print ($1 in cost ? cost[$1] : 4), $1 }' | sort -s -k1,1nr | cut -d' ' -f2
}

remember_costs() {
	cat "$out"/*.took $took 2>/dev/null | awk '!known[$2]++' >$took.new
	mv $took.new $took
}

build() { # variant, targets …
	local variant=$1 log=$out/build-$1
	shift
	if make -j"$cores" --no-print-directory VARIANT="$variant" "$@" >"$log" 2>&1; then
		echo "built $variant"
	else
		grep -E 'error|warning|undefined|Error' "$log" | head -30
		echo "the $variant build failed"
		echo "0 passed, 1 failed"
		exit 1
	fi
}

finish() { # waits for all suites; prints the count, exits by it
	local ok bad skips passed=0 failed=0 skipped=0
	wait
	remember_costs
	while read -r ok bad skips; do
		passed=$((passed + ok))
		failed=$((failed + bad))
		skipped=$((skipped + skips))
	done < <(cat "$out"/*.count)
	[ "$(find "$out" -name '*.count' | wc -l)" -eq $suites ] || failed=$((failed + 1))
	[ $skipped -gt 0 ] && echo "skipped: $skipped"
	echo "$passed passed, $failed failed"
	[ $failed -eq 0 ]
	exit
}

suite "static checks" tests/static.sh
if [ "$1" = check ]; then
	build release all unit
	export GAYA=$PWD/build/gaya GAYA_FAST=$PWD/build/gaya
	slots=$((cores + 4)) # its suites are short, and wait more often
	export GAYA_SHORT=1 # a test may look at a part of much that is alike; make test looks at all of it
	# Left to make test, which runs them sanitized: each imports or mirrors a whole register a few dozen times.
	whole='cli/(import|import_sheet|import_quiet|mirror)_test'
	# shellcheck disable=SC2046
	for test in $(dearest_first $(printf '%s\n' tests/cli/*_test.sh | grep -vE "$whole") tests/http/*_test.sh \
		build/tests/unit/*_test); do
		suite "${test#build/}" "$test"
	done
	finish
fi
suite "policies: their cases with stock jq" tests/policies/run.sh
suite "policies: Canada's AIA against itself" tests/policies/canada_aia.py
suite "profiles: export, import and back, with stock jq" tests/policies/profiles.sh
build release all proofs
others=$(basename -s _test.mjs tests/browser/*_test.mjs | grep -vxE 'click|pages|verify' | tr '\n' ' ')
for parts in click pages verify "$others"; do
	# shellcheck disable=SC2086
	suite "browser: $parts" tests/browser/run.sh $parts
done
suite "validators: what others' programs say of pages and exports" env GAYA="$PWD/build/gaya" GAYA_FAST="$PWD/build/gaya" \
	tests/validators/run.sh
suite "ajv: another validator of JSON Schema" tests/ajv/run.sh
suite "kill -9 at any moment" env GAYA="$PWD/build/gaya" tests/crash/kill_test.sh
suite "interop: Go's sumdb packages" env GAYA="$PWD/build/gaya" tests/interop/interop_test.sh
suite "docs/audit.md: its commands, run" env GAYA="$PWD/build/gaya" tests/interop/guide_test.sh
suite "docs/operate.md: its commands, run" env GAYA="$PWD/build/gaya" tests/interop/operate_guide_test.sh
suite "docs/import.md: its commands, run" env GAYA="$PWD/build/gaya" tests/interop/import_guide_test.sh
for test in tests/long/*_test.sh; do
	suite "${test#tests/}" env GAYA="$PWD/build/gaya" "$test"
done
suite "a restored backup" env GAYA="$PWD/build/gaya" tests/crash/backup_test.sh
suite "policies: what a city may change by hand" tests/policies/switches_test.sh
suite "policies: the demo city is judged as it says" tests/policies/demo_test.py
for part in $(sed -n 's/^part_\([a-z]*\)() {$/\1/p' tests/crash/fault_test.sh); do
	suite "every write fails once, or is the last: $part" env GAYA="$PWD/build/gaya" tests/crash/fault_test.sh $part
done
suite "crash matrix" build/tests/crash/matrix_test
suite "tamper: every changed byte is found" build/tests/tamper/tamper_test
build asan all unit
for test in $(dearest_first build/asan/tests/unit/*_test); do
	suite "unit: $(basename "$test") (ASan, UBSan)" "$test"
done
# Its limit of memory is one that only an unsanitized program has.
suite "unit: runner_test, of the released program" env GAYA="$PWD/build/gaya" \
	build/asan/tests/unit/runner_test
for test in $(dearest_first tests/attack/*_test.sh tests/cli/*_test.sh tests/http/*_test.sh \
	tests/long/attach_many_test.sh); do
	suite "$(basename "$(dirname "$test")"): $(basename "$test") (ASan, UBSan)" \
		env GAYA="$PWD/build/asan/gaya" GAYA_FAST="$PWD/build/gaya" "$test"
done
build tsan build/tsan/tests/unit/server_test build/tsan/tests/unit/sig_pool_test \
	build/tsan/tests/unit/verify_test
for test in server sig_pool verify; do
	suite "unit: ${test}_test (TSan)" "build/tsan/tests/unit/${test}_test"
done
build asan fuzzers
for target in build/asan/tests/fuzz/*_fuzz; do
	name=$(basename -s _fuzz "$target")
	suite "fuzz: $name, its corpus and a second more" tests/fuzz/run.sh "$name"
done

finish
