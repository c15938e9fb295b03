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
finish
