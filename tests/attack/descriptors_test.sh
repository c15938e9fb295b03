#!/bin/bash
# No descriptor is left: the office waits for one, and the server does not spin meanwhile.
# shellcheck disable=SC2154
. "$(dirname "$0")/../http/lib.sh"
demo
serve
ticks() { # of the busiest thread, in hundredths of a second since another such look
	awk '{ print $1, $14 + $15 }' /proc/"$server"/task/*/stat | sort >"$work/now"
	join "$work/now" "${1:-$work/now}" | awk '{ n = $2 - $3; if (n > most) most = n } END { print most + 0 }'
}
get /ko/
last=$(ls "/proc/$server/fd" 2>"$work/why" | sort -n | tail -n 1)
if [ -z "$last" ] || ! prlimit --pid "$server" --nofile=$((last + 1)): 2>"$work/why"; then
	echo "skipped: the limits of a server cannot be changed here: $(cat "$work/why")"
else
	filled=$(ls "/proc/$server/fd" | wc -l) # below the limit some may be free: connections take them
	exec 9<>"/dev/tcp/127.0.0.1/${url##*:}"
	python3 - "${url##*:}" $((last + 2 - filled)) >"$work/crowd" <<-'END' &
		import socket, sys, time
		kept = [socket.create_connection(("127.0.0.1", int(sys.argv[1]))) for _ in range(int(sys.argv[2]))]
		print("there", flush=True)
		time.sleep(600)
	END
	crowd=$!
	servers="$servers $crowd"
	until grep -q there "$work/crowd"; do sleep 0.05; done
	office '{"do": "waiting"}' >"$work/answer" 2>&1 &
	asked=$!
	ticks >/dev/null
	cp "$work/now" "$work/before"
	while :; do :; done & # what a thread that spins takes on this machine now
	spinner=$!
	servers="$servers $spinner"
	until [ "$(awk '{ print $14 + $15 }' /proc/$spinner/stat)" -ge 100 ]; do sleep 0.1; done
	spent=$(ticks "$work/before")
	kill "$spinner"
	check "with no descriptor left the office waits, and no thread spins: $spent ticks of 100" [ "$spent" -lt 30 ]
	kill "$crowd"
	exec 9>&- 9<&-
	prlimit --pid "$server" --nofile=$((last + 64)):
	check "once there is one, the office is answered" wait "$asked"
fi
check "the server stops when asked, and in order" stop
finish
