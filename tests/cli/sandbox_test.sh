#!/bin/bash
# The kernel's report on each long-running process: no capability, no new privileges, a filter of system calls,
# and its user.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"
GAYA=${GAYA_FAST:-$GAYA} # a build with a sanitizer has no filter of system calls

data=$work/register

start() { # command …: a server; sets $pid and $url
	: >"$work/out"
	"$GAYA" "$@" >"$work/out" 2>"$work/err" &
	pid=$!
	servers="$servers $pid"
	url=
	for _ in $(seq 2400); do
		url=$(sed -n 's/^gaya: .*at \(http:.*\)$/\1/p' "$work/out" | head -n 1)
		[ -n "$url" ] && return
		kill -0 $pid 2>/dev/null || break
		pause
	done
	fault "$1 does not start: $(cat "$work/err")"
	exit 1
}
locked() { # name, process
	local field
	for field in "NoNewPrivs:	1" "Seccomp:	2" "CapInh:	0000000000000000" "CapPrm:	0000000000000000" \
		"CapEff:	0000000000000000" "CapBnd:	0000000000000000" "CapAmb:	0000000000000000"; do
		case "$field" in CapBnd*) [ "$(id -u)" = 0 ] || continue ;; esac # only root can give that up
		grep -qx "$field" "/proc/$2/status" || fault "$1: not $field: $(grep "${field%%:*}" "/proc/$2/status")"
	done
}
child() { # of process, named: its number, once it is there
	local _ one
	for _ in $(seq 2400); do
		for one in $(pgrep -P "$1"); do
			[ "$(tr '\0' ' ' <"/proc/$one/cmdline" | cut -d' ' -f2)" = "$2" ] && echo "$one" && return
		done
		pause
	done
}

demo_city "$data"
vkey=$(cat "$data/log.vkey")

claim "the server, who starts its signer, and the signer have no capability and a filter each"
start serve --data "$data" --listen 127.0.0.1:0
server=$pid
origin=$url
spawner=$(child "$server" serve)
signer=$(child "$spawner" signer)
locked server "$server"
locked spawner "$spawner"
locked signer "$signer"

claim "one line at the start says what is enforced and what is not"
same "lines" 1 "$(grep -c -E 'the sandbox is enforced: |sandbox not enforced: ' "$work/err")"
grep -qE 'enforced: .*system calls' "$work/err" || fault "$(cat "$work/err")"
enforced=$(sed -n 's/.*sandbox is enforced: //p' "$work/err") # empty where the kernel does not enforce all

claim "so does the judge, which the server starts"
curl -sS -o "$work/checked" -X POST -H 'Content-Type: application/json' \
	--data "$(fetch "$url/ko/systems/smart-water.json" | jq .record)" "$url/api/v1/check"
judge=$(child "$server" judge)
locked judge "${judge:-none}"

claim "so do the processes that hash passwords"
locked hash "$(child "$server" hash)"

claim "so does a mirror"
start mirror "$origin" --data "$work/mirror" --key "$vkey" --listen 127.0.0.1:0
locked mirror "$pid"
same "what the kernel enforces" "$enforced" "$(sed -n 's/.*sandbox is enforced: //p' "$work/err")"
curl -sSf -o /dev/null "$url/ko/" || fault "it does not serve"

claim "so does a witness"
mkdir "$work/witness"
must witness new --name witness.example --out "$work/witness/key"
printf 'listen 127.0.0.1:0\nkey key\nstate witness.db\nlog %s\n' "$vkey" >"$work/witness/conf"
start witness --config "$work/witness/conf"
locked witness "$pid"
same "what the kernel enforces" "$enforced" "$(sed -n 's/.*sandbox is enforced: //p' "$work/err")"

claim "a register is found by a name that begins where one stands, too, as make run has it"
GAYA=$(realpath "$GAYA")
must init --data "$work/from-here" --origin here.example/log
cd "$work" || exit 1
start serve --data from-here --listen 127.0.0.1:0
curl -sSf -o /dev/null "$url/ko/" || fault "it does not serve"
kill "$pid"
wait "$pid"
start mirror "$origin" --data mirror-from-here --listen 127.0.0.1:0
curl -sSf -o /dev/null "$url/ko/" || fault "a mirror does not serve"
kill "$pid"
wait "$pid" # its port and folder are free then
cd - >/dev/null || exit 1

claim "a server that other machines reach by plain http says so, and others do not"
start serve --data "$work/from-here" --listen 0.0.0.0:0
kill "$pid"
wait "$pid"
says "warning: other machines reach 0.0.0.0:0, by http without TLS"
start serve --data "$work/from-here" --listen '[::1]:0'
kill "$pid"
grep -q "without TLS" "$work/err" && fault "it warns of this machine's own address"

claim "--user names a user of this machine, and not root"
run serve --data "$data" --listen 127.0.0.1:0 --user nobody-such
exits 2
says "this machine has no such user"
run serve --data "$data" --listen 127.0.0.1:0 --user root
exits 2
says "other than root"

if [ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1; then
	others=$(mktemp -d /tmp/gaya.XXXXXX) # where nobody gets in, too
	trap 'rm -rf "$others"; ended' EXIT
	chmod 755 "$others"
	claim "a register of another's is not served as nobody, and what to do is said"
	must init --data "$others/data" --origin other.example/log
	run serve --data "$others/data" --listen 127.0.0.1:0 --user nobody
	exits 3
	says "belongs to root, not to nobody: chown -R nobody:"
	chown -R nobody "$others/data"
	run serve --data "$others/data" --listen 127.0.0.1:0
	exits 3
	says "belongs to nobody, and root gives up its power over others' files here: say --user nobody"

	claim "who may not write to a register's folder is told whose it is, and what to do"
	must init --data "$others/roots" --origin other.example/log
	chmod -R a+rX "$others/roots"
	program=$GAYA
	GAYA=setpriv
	for command in "serve --listen 127.0.0.1:0" rebuild "export --profile jsonl"; do
		# shellcheck disable=SC2086
		run --reuid=nobody --regid="$(id -g nobody)" --clear-groups "$program" $command --data "$others/roots"
		exits 3
		says "$others/roots may not be written by nobody: it belongs to root. Run this as root, or make nobody the owner"
	done
	GAYA=$program

	claim "started by root with --user it runs as that user, and so does its signer"
	start serve --data "$others/data" --listen 127.0.0.1:0 --user nobody
	same "users" "$(id -u nobody) $(id -u nobody)" \
		"$(awk '/^Uid:/ { print $3 }' "/proc/$pid/status" "/proc/$(child "$(child "$pid" serve)" signer)/status" | tr '\n' ' ' | sed 's/ $//')"
	locked "server of nobody" "$pid"
	same "groups" "$(id -g nobody)" "$(awk '/^Groups:/ { print $2 $3 }' "/proc/$pid/status")"
fi
claim "a name that is not in /etc/hosts is no address to listen at, and it says what is"
must init --data "$work/named" --origin named.example/log
run serve --data "$work/named" --listen nowhere.invalid:0
exits 2
says "Give the address itself, such as 127.0.0.1:8080, or a name of /etc/hosts"
start serve --data "$work/named" --listen localhost:0
kill "$pid"
wait "$pid"

finish
