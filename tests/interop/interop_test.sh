#!/bin/bash
# The log as Go's sumdb packages see it, at every size where tiles begin, fill up and stack.
. "$(dirname "$0")/../cli/lib.sh"
TOOLS=${TOOLS:-$PWD/build/tests/tools}
. tests/interop/go.sh

sizes="0 1 2 255 256 257 65536 65537"
data=$work/log
for size in $sizes; do
	claim "Go's sumdb packages verify a log of $size entries over HTTP, and that it grew from those before"
	"$TOOLS/opaque_log" "$data" "$size" 2>"$work/err" || fault "$(cat "$work/err")"
	serve "$data"
	"$work/verify" "$url" "$work/state" >"$work/out" 2>"$work/err" || fault "$(tail -n 3 "$work/err")"
	prints "$size entries"
	stop_server
done

claim "the same tool finds a flipped bit in an entry"
sqlite3 "$data/register.db" "UPDATE entry SET bytes = CAST(x'00' || substr(bytes, 2) AS BLOB) WHERE idx = 65000"
serve "$data"
"$work/verify" "$url" "$work/state" >"$work/out" 2>"$work/err" && fault "nothing found"
says "do not give the signed root"
stop_server

claim "the demo city verifies, too"
must init --data "$work/demo" --origin ai.gimhae.example/log --demo
serve "$work/demo"
"$work/verify" "$url" "$work/demo-state" >"$work/out" 2>"$work/err" || fault "$(tail -n 3 "$work/err")"
prints ": true"

claim "while the key is being changed, a Go verifier that knows the old key alone verifies, as does one with the new"
old=$(cat "$work/demo/log.vkey")
must key rotate --data "$work/demo" begin
new=$(cat "$work/out")
for key in "$old" "$new"; do
	"$work/verify" "$url" "$work/state-of-${key:23:8}" "$key" >"$work/out" 2>"$work/err" ||
		fault "$(tail -n 3 "$work/err")"
	prints ": true"
done

claim "once it is changed the new key verifies, with checkpoints from before; the old one opens nothing newer"
must key rotate --data "$work/demo" finish --early
must office --data "$work/demo" department-add later --name ko=나중 --name en=Later
"$work/verify" "$url" "$work/state-of-${new:23:8}" "$new" >"$work/out" 2>"$work/err" || fault "$(tail -n 3 "$work/err")"
prints ": true"
"$work/verify" "$url" "$work/none" "$old" >"$work/out" 2>"$work/err" && fault "it opens"
says "note has no verifiable signatures"

claim "who knows the old key alone is led to the new one by Go's note and tlog packages, over every change"
must key rotate --data "$work/demo" begin
must key rotate --data "$work/demo" finish --early
newest=$(cat "$work/out")
"$work/follow" "$url" "$old" >"$work/out" 2>"$work/err" || fault "$(cat "$work/err")"
prints "led to $new"
prints "led to $newest"
prints "$(log_size) entries: true"
"$work/follow" "$url" "$newest" >"$work/out" 2>"$work/err" || fault "$(cat "$work/err")"
prints_not "led to"
"$work/follow" "$url" "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k" \
	>"$work/out" 2>"$work/err" && fault "a stranger's key is led somewhere"
stop_server
finish
