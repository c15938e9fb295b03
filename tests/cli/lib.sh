# shellcheck shell=bash disable=SC2154
# lib.sh - functions that the tests of the command share. A test begins with a claim, which is a
# sentence. The checks after it may contradict it. The next claim, or the end of the script, prints
# whether it held.
#
#     claim "a key is never written over another file"
#     run key new --origin o.example --department d --out "$work/there"
#     exits 5
#     says "exists already"
#
# $GAYA is the program (build/gaya). $GAYA_FAST, if it is set, is the same program without sanitizers,
# for large tests that are not about memory. Everything happens in $work, which is removed at the end.
# Servers listen on free ports of 127.0.0.1 and are stopped at the end.
#
# Starting a process takes longer than most of the checks here. So these functions start no process
# except the program: aide.py, which runs beside the script, makes requests, queries and pauses (`fetch`,
# `page`, `sql`, `jq`, `pause`), and the shell itself looks at texts (`says`, `prints`, `contents`).

set -u
cd "$(dirname "$0")/../.." || exit 1
GAYA=${GAYA:-$PWD/build/gaya}
[[ $GAYA = /* ]] || GAYA=$PWD/$GAYA
GAYA_FAST=${GAYA_FAST:-$GAYA}
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
exec {aide_out}< <(exec tests/cli/aide.py)
aide_process=$!
read -r aide_port aide_token <&"$aide_out"
exec {aide_out}<&-
trap 'ended' EXIT
trap 'exit 1' HUP INT TERM

fast() { # until careful: the program without sanitizers
	slow=$GAYA
	GAYA=$GAYA_FAST
}

careful() {
	GAYA=$slow
}

# This uses the library without its wrapper, which fails if an earlier one with the same process number was
# killed and left a semaphore behind. The library and AddressSanitizer both want to be loaded first, so such
# tests run the program without sanitizers: fast().
clock_library=
by_clock() { # +2d, command …: by a clock that is so far off
	find_clock_library
	LD_PRELOAD=$clock_library FAKETIME=$1 "${@:2}"
}

clock_program() { # +2d, program, file: the file runs the program by such a clock
	find_clock_library
	printf '#!/bin/sh\nLD_PRELOAD=%s FAKETIME="%s" exec "%s" "$@"\n' "$clock_library" "$1" "$(realpath "$2")" >"$3"
	chmod +x "$3"
}

find_clock_library() {
	[ -z "$clock_library" ] || return 0
	for clock_library in /usr/lib/*/faketime/libfaketimeMT.so.1; do :; done
	[ -e "$clock_library" ] || { echo "faketime is needed (make deps-test)"; exit 1; }
}

# From here on a passphrase costs the program next to nothing (tests/quick_argon2.h). With AddressSanitizer,
# which must be loaded first, it costs the usual time.
quick_passphrases() {
	local library=${GAYA_FAST%/*}/quick_argon2.so lock
	[ "$GAYA" = "$GAYA_FAST" ] || return
	if [[ ! $library -nt tests/quick_argon2.h ]]; then
		exec {lock}>"$library.lock"
		flock "$lock"
		[[ $library -nt tests/quick_argon2.h ]] ||
			{ gcc -w -O2 -shared -fPIC -o "$library.new" -x c tests/quick_argon2.h && mv "$library.new" "$library"; }
		exec {lock}>&-
	fi
	export LD_PRELOAD=$library
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
	kill "$aide_process"
	wait "$aide_process" 2>/dev/null # or its processor time would be nobody's
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

# --- checks that start no process ---

aide() { # word of aide.py, arguments …: sets $reply; fails where it says why it could not
	local line
	exec {line}<>"/dev/tcp/127.0.0.1/$aide_port" || return
	printf '%s\0' "$aide_token" $# "$@" >&"$line"
	IFS= read -r -d '' -u "$line" reply # not by standard input, which aide.py may be reading
	exec {line}>&-
	[[ $reply != 000* ]]
}

contents() { # file: sets $contents, its text as it is
	local part LC_ALL=C
	contents=
	while IFS= read -r -d '' part; do contents+=$part; done <"$1"
	contents+=$part
}

request() { # file for the body, file for the head, curl's arguments …: sets $reply, the status
	local body=$1 head=$2
	aide http "$@"
	if [ "$reply" = unknown ]; then # an option of curl alone
		shift 2
		: >"$body"
		reply=$(curl -sS --max-time 300 --path-as-is -o "$body" -D "$head.cr" -w '%{http_code}' "$@" 2>&1)
		tr -d '\r' <"$head.cr" >"$head"
	fi
	[[ $reply != *000* ]]
}

fetch() { # curl's arguments …: prints the text that is there
	local file=$work/.fetched.$BASHPID
	request "$file" "$file.head" "$@" || echo "$reply" >&2
	contents "$file"
	printf '%s' "$contents"
}

status_of() { # curl's arguments …: prints the status
	request "$work/.asked.$BASHPID" "$work/.head.$BASHPID" "$@"
	echo "$reply"
}

find_location() { # curl's arguments …: sets $location, which the answer leads to
	local head=$work/.head.$BASHPID
	location=
	request "$work/.asked.$BASHPID" "$head" "$@"
	contents "$head"
	[[ $contents =~ [Ll]ocation:\ ([^$'\n']*) ]] && location=${BASH_REMATCH[1]}
}

leads_to() { # the same: prints it
	find_location "$@"
	echo "$location"
}

jq() { # as the command, without a process; that is started for what fails, and for -f
	local file=$work/.jq.$BASHPID contents reply
	aide jq "$file" "/proc/$BASHPID/fd/0" "$@"
	case $reply in
	[014])
		contents "$file"
		printf "%s" "$contents"
		return "$reply"
		;;
	read) command jq "$@" <"$file" ;;
	*) command jq "$@" ;;
	esac
}

some() { # lines: all of them; in make check every fourth, where they are many of a kind
	local line n=0
	while IFS= read -r line; do
		[ -n "${GAYA_SHORT:-}" ] && [ $((n++ % 4)) -ne 0 ] || printf '%s\n' "$line"
	done
}

register_sql() { # folder, what sqlite3 takes: on the two files of a register, log and read model
	local model=("$1"/model/*.db) # a backup has none
	[ -e "${model[-1]}" ] && set -- "$1" -cmd "ATTACH '${model[-1]}' AS model" "${@:2}"
	sqlite3 "$1/register.db" "${@:2}"
}

query() { # on the database of the register in $data: sets $reply to what it says
	aide sql "$work/.rows" "$data/register.db" "$1" || fault "$reply: $1"
	contents "$work/.rows"
	reply=${contents%$'\n'}
}

sql() { # the same: prints it
	query "$1"
	[ -z "$reply" ] || printf '%s\n' "$reply"
}

same_bytes() { # file, file
	aide same "$1" "$2" && [ "$reply" = 0 ] || { echo "$1 and $2 differ${reply:4}"; return 1; }
}

pause() { # seconds, or the twentieth of one
	aide pause "${1:-0.05}"
}

# --- the command ---

run() { # arguments …: sets $status, and $work/out, $work/err
	"$GAYA" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}

remember() { # how many entries the log has now
	query "SELECT count(*) FROM entry"
	before=$reply
}

entries_since() { # how many are expected
	query "SELECT count(*) FROM entry"
	same "entries added" "$1" $((reply - before))
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
	contents "$work/err"
	[[ $contents =~ AddressSanitizer|runtime\ error|LeakSanitizer ]] && fault "$contents"
}

prints() { # this text, to standard output
	contents "$work/out"
	[[ $contents == *"$1"* ]] || fault "not printed: $1
$(head -n 8 "$work/out")"
}

prints_not() {
	contents "$work/out"
	[[ $contents != *"$1"* ]] || fault "printed: $1"
}

says() { # this text, to standard error
	contents "$work/err"
	[[ $contents == *"$1"* ]] || fault "not said: $1
$(tail -n 8 "$work/err")"
}

same() { # what, expected, found
	[ "$2" = "$3" ] || fault "$1: \"$3\" instead of \"$2\""
}

decide() { # arguments …: as run; a decision of the office, made on whatever is the newest
	run "$@"
	[ "$status" -eq 2 ] || return
	contents "$work/err"
	if [[ $contents == *"name the entry or version that you decide on"* ]]; then
		contents=${contents#*$'\n'      gaya }
		eval "run ${contents%%$'\n'*}"
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

# A register takes seconds to make. The first script that needs one makes it beside the program, and all
# scripts copy it until the program changes. Its keys are in demo-keys/, its origin is this.
city_origin=ai.gimhae.example/log

kept() { # name, folder: a copy of the register that make_NAME makes
	local kept=${GAYA%/*}/register-$1 lock
	if [[ ! $kept -nt $GAYA ]]; then
		exec {lock}>"$kept.lock"
		flock "$lock"
		if [[ ! $kept -nt $GAYA ]]; then
			rm -rf "$kept" "$kept.new"
			"make_$1" "$kept.new"
			mv -T "$kept.new" "$kept"
		fi
		exec {lock}>&-
	fi
	cp -r "$kept" "$2"
}

demo_city() { # folder: the demo city, 18 systems and all that can happen
	kept demo "$1"
}
make_demo() {
	must init --data "$1" --origin $city_origin --demo
}

small_city() { # folder: one department, tourism, with one published system, tourism-recommender
	kept small "$1"
}
make_small() {
	must init --data "$1" --origin $city_origin
	mkdir "$1/demo-keys"
	must key new --origin $city_origin --department tourism --out "$1/demo-keys/tourism.key"
	cp "$work/out" "$work/.vkey"
	must office --data "$1" department-add tourism --name ko=관광과 --name en=Tourism
	must office --data "$1" key-grant tourism "@$work/.vkey"
	record . "$work/.record"
	: >"$work/.served"
	"$GAYA" serve --data "$1" --listen 127.0.0.1:0 >"$work/.served" 2>"$work/err" &
	servers="$servers $!"
	aide line "$work/.served" "gaya: serving at " $!
	must file --server "$reply" --key "$1/demo-keys/tourism.key" --system tourism-recommender --yes "$work/.record"
	must office --data "$1" approve tourism-recommender
	kill $!
	wait $!
}

serve() { # folder, options …: sets $url and $server
	: >"$work/served" # or an earlier server's address may be read before this one is there
	"$GAYA" serve --data "$1" --listen 127.0.0.1:0 "${@:2}" >"$work/served" 2>"$work/served.err" &
	server=$!
	servers="$servers $server"
	if aide line "$work/served" "gaya: serving at " "$server"; then
		url=$reply
		return
	fi
	claim "a server starts on $1"
	fault "$(cat "$work/served.err")"
	exit 1
}

stop_server() { # sets $status
	kill "$server"
	wait "$server"
	status=$?
}

read_log_size() { # sets $reply
	request "$work/.checkpoint" "$work/.checkpoint.head" "$url/log/checkpoint" || return
	{ read -r && read -r reply; } <"$work/.checkpoint"
}

log_size() { # the same: prints it
	read_log_size
	echo "$reply"
}

remember_log() {
	read_log_size
	log_before=$reply
}

# A refusal changes nothing: the signed log is the same as before.
log_is_unchanged() {
	read_log_size
	same "entries in the log" "$log_before" "$reply"
}

page() { # path, curl options …: into $work/out, sets $code
	local path=$1
	shift
	request "$work/out" "$work/head" "$url$path" "$@" || fault "$path: $reply"
	code=$reply
}

post_event() { # file with the body: sets $code, and $work/out
	page /api/v1/events -H 'Content-Type: application/json' --data-binary "@$1"
}

answers() { # with this status
	same "the answer's status" "$1" "$code"
}

# A valid record, changed by a jq filter.
record() { # filter, file
	jq ".history[0].record | $1" demo/systems/tourism-recommender.json >"$2"
}

newest_record() { # filter, file: the same as it is now, with answers to every policy of the demo city
	jq "[.history[] | .record // .change // empty] | add | $1" demo/systems/tourism-recommender.json >"$2"
}

ask() { # slug, text, e-mail: asks as a citizen does; prints the receipt's code
	find_location "$url/ko/systems/$1/feedback" --data-urlencode "text=$2" --data-urlencode "lang=ko" \
		--data-urlencode "name=" --data-urlencode "email=$3" --data-urlencode "leave_empty="
	location=${location##*/}
	echo "${location%%[?#]*}"
}
