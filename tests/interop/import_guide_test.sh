#!/bin/bash
# docs/import.md, step by step as its reader would type it: every command works, and prints what the page shows.
. "$(dirname "$0")/../cli/lib.sh"
command -v jq >/dev/null || { echo "jq is needed (make deps-test)"; exit 1; }

GAYA=$(realpath "$GAYA")
mkdir "$work/bin" "$work/reader"
ln -s "$GAYA" "$work/bin/gaya"
sed -n '/^```sh$/,/^```$/p' docs/import.md | sed 's/^```sh$/: step/; /^```$/d' >"$work/guide.sh"
sed -n '/^```text$/,/^```$/p' docs/import.md | sed '/^```/d' >"$work/promised"

claim "every command of the guide to importing works as it stands"
(cd "$work/reader" && PATH=$work/bin:$PATH exec bash -euo pipefail "$work/guide.sh") \
	>"$work/out" 2>"$work/err"
status=$?
exits 0
same "steps" "$(grep -c '^```sh$' docs/import.md)" "$(grep -c '^: step' "$work/guide.sh")"
[ "$(wc -l <"$work/promised")" -gt 12 ] || fault "the page promises next to nothing"

claim "and prints exactly the lines that the guide shows"
diff "$work/promised" "$work/out" >"$work/why" || fault "shown (<) and printed (>):
$(cat "$work/why" "$work/err")"
finish
