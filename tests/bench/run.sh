#!/bin/bash
# Measures, and prints one table: the name, our value, theirs, the ratio, the target and whether it is met.
# README.md explains each line. Fails when a target is missed.
cd "$(dirname "$0")" || exit 1
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
export GAYA=${GAYA:-$PWD/../../build/gaya}
# On a disk, as a register's is: /tmp may be memory. Short, for a socket's path has little room.
BENCH_WORK=$(mktemp -d "${BENCH_DIR:-/var/tmp}/gaya-bench.XXXXXX") || exit 1
export BENCH_WORK
chmod 755 "$BENCH_WORK" # nginx's workers are another user
trap 'rm -rf "$BENCH_WORK"' EXIT
rows=$BENCH_WORK/rows

busy() {
	cut -d' ' -f1-3 /proc/loadavg
}

echo "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1), $(nproc) cores, $(uname -sr), load $(busy)"
awk -v cores="$(nproc)" '$1 > cores / 2 { print "The machine is busy: rates will be too low, latencies too high." }' /proc/loadavg
echo "${BENCH_RUNS:-5} runs in turns; medians (least–most). Clients and servers share the cores."
for measure in ${*:-cached_page many_pages new_page office check_record start import_rows export feedback judge verify signatures append big_log growth}; do
	[ -t 2 ] && printf '\r\033[K%s …' "$measure" >&2
	python3 "./$measure.py" >>"$rows" || echo "$measure: the measurement failed" >>"$rows"
done
[ -t 2 ] && printf '\r\033[K' >&2
echo
python3 ./table.py <"$rows"
echo
echo "load afterwards $(busy)"
! grep -qE 'NOT MET|measurement failed' "$rows"
