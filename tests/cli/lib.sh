# lib.sh - what the tests of the command share. A test begins with a claim, a sentence; what
# follows may contradict it; the next claim, or the script's end, says which it was.
#
#     claim "a key is never written over another file"
#     run key new --origin o.example --department d --out "$work/there"
#     exits 5
#     says "exists already"
#
# $GAYA is the program (build/gaya); $GAYA_FAST, where it is set, the same without sanitizers, for
# what is large and not about memory. Everything happens in $work, which is removed at the end;
# servers listen on free ports of 127.0.0.1 and are ended at the end.

set -u
cd "$(dirname "$0")/../.." || exit 1
GAYA=${GAYA:-$PWD/build/gaya}
[ -x "$GAYA" ] || {
	echo "no program at $GAYA: run make first"
	exit 2
}
work=$(mktemp -d)
servers=
passed=0
failed=0
sentence=
faults=
unset LC_ALL LC_MESSAGES LANG
export LC_ALL=C.UTF-8 TZ=UTC
trap 'ended' EXIT
trap 'exit 1' HUP INT TERM

fast() { # until careful: the program without sanitizers
	slow=$GAYA
	GAYA=${GAYA_FAST:-$GAYA}
}

careful() {
	GAYA=$slow
}

settle() { # the claim before stands, or falls
	if [ -z "$sentence" ]; then
		return
	elif [ -z "$faults" ]; then
		passed=$((passed + 1))
		echo "ok - $sentence"
	else
		failed=$((failed + 1))
		echo "not ok - $sentence"
		printf '%s' "$faults" | sed 's/^/    /'
	fi
	sentence=
	faults=
}

ended() {
	for server in $servers; do
		kill "$server" 2>/dev/null
		wait "$server" 2>/dev/null
	done
	[ -n "$sentence" ] && [ "${done_well:-no}" = no ] && fault "the script stopped here"
	settle
	rm -rf "$work"
	echo "$passed passed, $failed failed"
	[ "$failed" -eq 0 ] && [ "${done_well:-no}" = yes ]
	exit $?
}

finish() { # the last line of every test script
	done_well=yes
	exit 0
}

claim() {
	settle
	sentence=$1
}

fault() {
	faults="$faults$1
"
}

# --- the command ---

run() { # arguments …: sets $status, and $work/out, $work/err
	"$GAYA" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}

sql() { # a query on the database of the register in $data: prints
	sqlite3 -readonly "$data/register.db" "$1"
}

remember() { # how many entries the log has now
	before=$(sql "SELECT count(*) FROM entry")
}

entries_since() { # how many are expected
	same "entries added" "$1" "$(($(sql "SELECT count(*) FROM entry") - before))"
}

verify() { # run verify, without sanitizers: many tests end with it, and few are about it
	fast
	run verify "$@"
	careful
}

run_with_input() { # file, arguments …
	input=$1
	shift
	"$GAYA" "$@" >"$work/out" 2>"$work/err" <"$input"
	status=$?
}

exits() { # with this status
	[ "$status" -eq "$1" ] || fault "exit status $status instead of $1: $(tail -n 3 "$work/err")"
	grep -E 'AddressSanitizer|runtime error|LeakSanitizer' "$work/err" >/dev/null &&
		fault "$(cat "$work/err")"
}

prints() { # this text, to standard output
	grep -F -e "$1" "$work/out" >/dev/null || fault "not printed: $1
$(head -n 8 "$work/out")"
}

prints_not() {
	grep -F -e "$1" "$work/out" >/dev/null && fault "printed: $1"
}

says() { # this text, to standard error
	grep -F -e "$1" "$work/err" >/dev/null || fault "not said: $1
$(tail -n 8 "$work/err")"
}

same() { # what, expected, found
	[ "$2" = "$3" ] || fault "$1: \"$3\" instead of \"$2\""
}

decide() { # arguments …: as run; a decision of the office, made on whatever is the newest
	local again
	run "$@"
	again=$(sed -n 's/^      gaya //p' "$work/err")
	if [ "$status" -eq 2 ] && grep -q "name what it was made on" "$work/err"; then
		eval "run $again"
	fi
}

must() { # arguments …: decides a step that is no claim of its own; the script stops when it fails
	decide "$@"
	if [ "$status" -ne 0 ]; then
		claim "preparing: gaya $*"
		fault "exit status $status: $(cat "$work/err")"
		exit 1
	fi
}

# --- a register and its server ---

serve() { # folder: sets $url and $server
	: >"$work/served" # or an earlier server's address may be read before this one is there
	"$GAYA" serve --data "$1" --listen 127.0.0.1:0 >"$work/served" 2>"$work/served.err" &
	server=$!
	servers="$servers $server"
	url=
	for _ in $(seq 2400); do
		url=$(sed -n 's/^gaya: serving at //p' "$work/served")
		[ -n "$url" ] && return
		kill -0 "$server" 2>/dev/null || break
		sleep 0.05
	done
	claim "a server starts on $1"
	fault "$(cat "$work/served.err")"
	exit 1
}

stop_server() { # sets $status
	kill "$server"
	wait "$server"
	status=$?
}

log_size() {
	curl -s "$url/log/checkpoint" | sed -n 2p
}

remember_log() {
	log_before=$(log_size)
}

# A refusal changes nothing: the signed log is as it was.
log_is_unchanged() {
	same "entries in the log" "$log_before" "$(log_size)"
}

post_event() { # file with the body: sets $code, and $work/out
	code=$(curl -s -o "$work/out" -w '%{http_code}' -H 'Content-Type: application/json' \
		--data-binary "@$1" "$url/api/v1/events")
}

answers() { # with this status
	same "the answer's status" "$1" "$code"
}

page() { # path: into $work/out, sets $code
	code=$(curl -s -o "$work/out" -w '%{http_code}' "$url$1")
}

# A record that is right, changed by a jq filter.
record() { # filter, file
	jq ".history[0].record | $1" demo/systems/tourism-recommender.json >"$2"
}

ask() { # slug, text, e-mail: asks as a citizen does; prints the receipt's code
	curl -s -o /dev/null -w '%{redirect_url}' --data-urlencode "text=$2" --data-urlencode "lang=ko" \
		--data-urlencode "name=" --data-urlencode "email=$3" --data-urlencode "leave_empty=" \
		"$url/ko/systems/$1/feedback" | sed 's/.*\///; s/[?#].*//'
}
