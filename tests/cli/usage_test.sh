#!/bin/bash
# Wrong usage prints the correct usage and exits with status 2; key files have safe modes.
. "$(dirname "$0")/lib.sh"

claim "no command prints the commands"
run
exits 0
prints "gaya serve"

claim "a command that there is not is wrong usage"
run conquer
exits 2
says "there is no command \"conquer\""

wrong() { # what is said, arguments …
	text=$1
	shift
	run "$@"
	exits 2
	says "$text"
	says "usage: gaya $1 "
	[ -s "$work/out" ] && fault "something was printed"
}

claim "every command tells what it needs"
wrong "--data DIR and --origin NAME are needed" init
wrong "--data DIR is required" serve
wrong "say new, show, passphrase, contact or rotate" key
wrong "rotate needs --data DIR and one of begin, finish, cancel, status" key rotate begin
wrong "rotate does not \"turn\"" key rotate --data x turn
wrong "new needs --origin, --department and --out" key new --origin a
wrong "show takes the file of a key" key show
wrong "--server, --key, --system and one file are needed" file
wrong "a question's id and the answer are needed" answer
wrong "one file is needed, and --server, --key and --system, or --dry-run" report
wrong "say report, update or close" incident
wrong "report needs --since" incident report
wrong "--server, --key and the statement are needed" declare
wrong "--data DIR is needed" rebuild
wrong "name a table: routes, sql, events, access, commands or errors" show
wrong "name a table: routes, sql, events, access, commands or errors" show treasure

claim "--base takes nothing but the address of pages"
for base in "" ai.example ftp://ai.example https:// https:///path "https://ai.example/a b" https://ai.example?a "https://ai.example/#a" \
	https://me@ai.example 'https://ai.example/"'; do
	wrong "--base takes the address of the register's pages" serve --data "$work" --base "$base"
	wrong "--base takes the address of the register's pages" export --data "$work" --profile csv --base "$base"
	wrong "--base takes the address of the register's pages" mirror --data "$work/none" --base "$base" http://127.0.0.1:1
done

claim "a slash at its end makes no second one in the pages' addresses"
must init --data "$work/based" --origin based.example
serve "$work/based" --base https://ai.example/city/
page /robots.txt
prints "Sitemap: https://ai.example/city/sitemap"

claim "--help behind any command, and behind what it does, prints that command's help and does nothing"
for command in $("$GAYA" help | sed -n 's/^  gaya \([a-z]*\) .*/\1/p'); do
	for help in --help -h; do
		run "$command" $help
		exits 0
		prints "gaya $command "
		[ -s "$work/err" ] && fault "$command $help: $(cat "$work/err")"
	done
done
run office --data "$work/none" approve some-system --help
exits 0
prints "gaya office --data DIR approve"
run init --data "$work/made" --origin o.example --help
exits 0
[ -e "$work/made" ] && fault "a register was made"

claim "init that fails leaves no half of a register behind, and takes nothing away that was there"
run init --data "$work/half" --origin -x
exits 2
says "an origin begins with a host"
[ -e "$work/half" ] && fault "the folder is left"
printf '{}' >"$work/empty.json"
run init --data "$work/half" --origin o.example --standard "$work/empty.json"
[ "$status" != 0 ] || fault "an empty standard was taken"
[ -e "$work/half" ] && fault "the folder is left"
mkdir "$work/kept"
run init --data "$work/kept" --origin -x
exits 2
[ -d "$work/kept" ] || fault "the folder is gone"

claim "only who asks another machine needs libcurl, and is told what to install where it is missing"
mkdir "$work/no-libcurl"
: >"$work/no-libcurl/libcurl-gnutls.so.4"
export LD_LIBRARY_PATH=$work/no-libcurl
run verify http://127.0.0.1:9/
exits 12
says "install Debian's package libcurl3-gnutls"
run policy list
exits 0
unset LD_LIBRARY_PATH

claim "the program says which version it is"
run --version
exits 0
prints "gaya 20"

claim "what a server sends acts on no terminal"
run verify "$(printf '/none\302\233\342\200\256')"
says "<U+009B><U+202E>"
grep -q "$(printf '\302\233')" "$work/err" && fault "a control character was printed"

claim "what is no number lifts no limit of a server"
for option in floor cache threads feedback-limit feedback-limit-all; do
	for value in lots -1 "" 60x 99999999999999999999; do
		wrong "--$option takes a number from 0 to" serve --data "$work" --$option "$value"
	done
done

claim "the log alone is not checked by increments"
wrong "--since and --log exclude each other" verify --log --since --state "$work/state" "$work"

claim "an option that there is not is wrong usage"
for command in init serve office key file answer import standard report incident declare policy verify export mirror \
	rebuild witness; do
	run $command --sevrer x
	exits 2
	says 'there is no option "--sevrer"'
	says "gaya $command"
	same "lines of getopt's own" 0 "$(grep -c "unrecognized" "$work/err")"
done
wrong 'there is no option "-x"' key new -x
wrong 'there is no option "-xyz"' rebuild -xyz

claim "an option without its value, or with one too many, is named"
wrong "--server needs a value" file --server
wrong "--yes takes no value" file --yes=no

claim "a slug that is none is refused before anything is asked"
run file --server http://127.0.0.1:1 --key none --system "No Slug" record.json
exits 2
says "use small letters, digits and single hyphens"

claim "an id that is none is refused before anything is asked"
wrong "is not the id of a question" answer --server http://127.0.0.1:1 --key none 12 en=x

claim "a key is never written over another file"
echo precious >"$work/there"
run key new --origin o.example --department d --out "$work/there"
exits 5
says "exists already"
same "the file" precious "$(cat "$work/there")"
[ -s "$work/out" ] && fault "a key was printed that is kept nowhere"

claim "a department's name in a key must be a slug"
run key new --origin o.example --department "A B" --out "$work/new"
exits 2
says "cannot name a department"
[ -e "$work/new" ] && fault "a file was made"

claim "an origin with white space makes no key"
run key new --origin "o example" --department d --out "$work/new"
exits 2

claim "the private line is in the file and nowhere else"
run key new --origin o.example --department d --out "$work/new"
exits 0
secret=$(cut -d + -f 5- "$work/new")
grep -q "PRIVATE" "$work/out" "$work/err" && fault "it was printed"
grep -q -F "$secret" "$work/out" "$work/err" && fault "it was printed"

claim "key show tells a missing file from one that is no key"
run key show "$work/missing"
exits 4
run key show tests/cli/lib.sh
exits 2
says "is not a private key"

claim "output that a full disk does not take is an error, and a reader who leaves early is none"
if [ -w /dev/full ]; then
	"$GAYA" help >/dev/full 2>"$work/err"
	same "the status" 12 $?
	says "the output could not be written completely"
fi
"$GAYA" help 2>"$work/err" | true
same "the status before a closed pipe" 0 "${PIPESTATUS[0]}"

finish
