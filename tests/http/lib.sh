# lib.sh - a served demo register, and functions to check its answers. Sourced by *_test.sh.
#
# A test makes a request with get or ask, and checks the answer with `check "sentence" assertion …`. It may
# also make a claim that the checks after it contradict, as described in tests/cli/lib.sh.
# shellcheck shell=bash disable=SC2034,SC1091,SC2016,SC2154
. "$(dirname "${BASH_SOURCE[0]}")/../cli/lib.sh"
data=$work/data # the register's folder
origin=$city_origin
server=

# --- the server ---

demo() { # the demo city
	demo_city "$data"
}

serve() { # options …: serves $data at $url; 0 questions an hour is no limit
	: >"$work/serve.out" # or the loop below would find the address of the server before
	"$GAYA" serve --data "$data" --listen 127.0.0.1:0 --feedback-limit 0 "$@" \
		>"$work/serve.out" 2>>"$work/serve.err" &
	server=$!
	servers="$servers $server"
	if aide line "$work/serve.out" "gaya: serving at " "$server"; then
		url=$reply
		return
	fi
	claim "the server starts"
	fault "$(cat "$work/serve.err")"
	exit 1
}

stop() { # its exit status
	kill "$server"
	wait "$server"
}

# --- asking ---

get() { # path, curl options …: $status, $work/head, $work/body
	local path=$1
	shift
	request "$work/body" "$work/head" "$url$path" "$@"
	status=${reply%% *}
}

ask() { # path, name=value …: posts a form as a browser does
	local path=$1 field fields=()
	shift
	for field; do fields+=(--data-urlencode "$field"); done
	get "$path" "${fields[@]}"
}

raw() { # the bytes of a request on stdin -> those of the answer; waits for its end at most 30 s
	local port=${url##*:}
	exec 9<>"/dev/tcp/127.0.0.1/$port" || return
	cat >&9
	timeout 30 cat <&9
	exec 9>&- 9<&-
}

office() { # a request as JSON, to the socket of `gaya office`; decided on whatever is the newest: the reply
	aide office "$work/.office" "$data/tmp/office.sock" "$1"
	contents "$work/.office"
	printf '%s' "$contents"
	[ "$reply" = 0 ]
}

find_header() { # name: sets $value to what the latest answer has there
	local line
	value=
	while IFS= read -r line; do
		[[ ${line,,} = "${1,,}: "* ]] && value+=${value:+$'\n'}${line:${#1} + 2}
	done <"$work/head"
}

header() { # name -> its value
	find_header "$1"
	printf '%s' "$value"
}

# --- asserting ---

check() { # sentence, command …
	claim "$1"
	shift
	"$@" >"$work/why" 2>&1 || fault "$(head -n 20 "$work/why" | tr -d '\0')"
}

is() { # expected, got
	[ "$1" = "$2" ] || { printf 'expected: %s\n     got: %s\n' "$1" "$2"; return 1; }
}

status_is() { # status of the latest answer
	is "$1" "$status" || { head -c 500 "$work/body"; echo "$reply"; return 1; }
}

header_is() { # name, value
	find_header "$1"
	is "$2" "$value"
}

body_has() { # texts …
	local text
	contents "$work/body"
	for text; do
		[[ $contents == *"$text"* ]] || { echo "lacks: $text"; return 1; }
	done
}

body_lacks() { # texts …
	local text
	contents "$work/body"
	for text; do
		[[ $contents != *"$text"* ]] || { echo "has: $text"; return 1; }
	done
}

all() { # "command one" "command two" …: all must hold
	local command
	for command; do
		eval "$command" || { echo "failed: $command"; return 1; }
	done
}

not() {
	! "$@"
}

# Checks path, status and type of an answer.
answers() { # sentence, path, status, type ("" for any), curl options …
	local what=$1 path=$2 want=$3 type=$4
	shift 4
	get "$path" "$@"
	check "$what" all "status_is $want" '[ -z "$type" ] || header_is Content-Type "$type"' \
		"secured"
}

# The headers of every answer of ours: nothing from elsewhere, nothing inline, no frames.
secured() {
	local policy part
	find_header Content-Security-Policy
	policy=$value
	for part in "default-src 'none'" "style-src 'self'" "form-action 'self'" "base-uri 'none'" \
		"frame-ancestors 'none'"; do
		[[ "$policy;" = *"$part;"* ]] || { echo "the policy lacks $part: $policy"; return 1; }
	done
	[[ $policy != *unsafe* && $policy != *http* && $policy != *\** ]] || { echo "$policy"; return 1; }
	header_is X-Content-Type-Options nosniff && header_is X-Frame-Options DENY &&
		header_is Referrer-Policy no-referrer &&
		header_is Cross-Origin-Opener-Policy same-origin
}

# Lines that the server may write: that it stops, and ASan's warning when posix_spawn() gives the child that
# will run the judge a stack of its own (sanitizers issue 189). A test that moves the clock sets said_too.
said_too='$^'
not_said() {
	not grep -avE "$said_too|"'^[0-9TZ:-]+ gaya: (stopping$|security: kind=|the sandbox is enforced: |sandbox not enforced: )|ASan is ignoring requested __asan_handle_no_return|^False positive error reports may follow$|sanitizers/issues/189$' "$work/serve.err"
}

all_done() { # the last line of every test
	check "the server stops when asked, and in order" stop
	check "nothing went wrong inside the server meanwhile" not_said
	finish
}

html="text/html; charset=utf-8"
text="text/plain; charset=utf-8"
json="application/json"

# --- the clock ---

travel() { # of a script that calls on() from here; $program is the one with the true clock
	fast
	said_too=': is the clock right\?'
	program=$(realpath "$GAYA")
}

on() { # "day time" in UTC: the program's clock from now on
	clock_program "@$1" "$program" "$work/then"
	GAYA=$work/then
}
