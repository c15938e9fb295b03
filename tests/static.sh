#!/bin/sh
# Checks without running the program: the layers, one file for each library, README files.
cd "$(dirname "$0")/.." || exit 1
passed=0
failed=0
check() { # sentence, output that should be empty
	if [ -z "$2" ]; then
		echo "ok - $1"
		passed=$((passed + 1))
	else
		echo "not ok - $1"
		echo "$2" | sed 's/^/    /'
		failed=$((failed + 1))
	fi
}

check "includes go one way, between folders and between rooms, and to headers that a README names" "$(tests/layers.sh 2>&1)"

# jansson is the tree's value type and may be anywhere.
doors=$(for door in sqlite3:base/db.c sodium:base/crypto.c nettle/sha2:base/sha256.c \
	utf8proc:base/text.c cmark:base/markdown.c jq:base/jq.c jv:base/jq.c csv:base/csv.c \
	curl/curl:base/fetch.c seccomp:base/sandbox.c liboath/oath:base/totp.c fido:base/webauthn.c zlib:web/http/compress.c brotli/encode:web/http/compress.c \
	microhttpd:web/http/mhd.h; do
	grep -rln --include='*.[ch]' "^#include <${door%%:*}\.h>" base audit registry web cli |
		grep -vx "${door#*:}" | sed "s,\$, includes ${door%%:*}.h; its door is ${door#*:},"
done)
check "one foreign library is included by one file" "$doors"

# What was found formatted before is not looked at again: build/formatted has the hashes, of the file and of the rules.
formatted=build/formatted
unformatted() {
	rules=$(clang-format --version | cat - .clang-format | git hash-object --stdin)
	touch "$formatted"
	git ls-files '*.c' '*.h' >"$formatted.files.$$"
	git hash-object --stdin-paths <"$formatted.files.$$" | sed "s/^/$rules /" | paste -d' ' - "$formatted.files.$$" >"$formatted.$$"
	grep -vxFf "$formatted" "$formatted.$$" | cut -d' ' -f3- | xargs -r clang-format --dry-run 2>&1 | grep warning: ||
		mv "$formatted.$$" "$formatted"
	rm -f "$formatted.$$" "$formatted.files.$$"
}
mkdir -p build
check "C is formatted as .clang-format says (make format)" "$(unformatted)"

check "every folder has a README" "$(for folder in base audit registry policies web cli tests demo docs; do
	[ -s $folder/README.md ] || echo "$folder/README.md is missing"
done)"

check "ARCHITECTURE.md is at most 150 lines" \
	"$([ "$(wc -l <ARCHITECTURE.md)" -le 150 ] || echo "it has $(wc -l <ARCHITECTURE.md)")"

check "the style sheet is under 24 kB" \
	"$([ "$(wc -c <web/static/style.css)" -lt 24000 ] || wc -c web/static/style.css)"

check "every sentence at a terminal has its Korean, with the same values" "$(tests/korean.py 2>&1)"

check "no page of ours carries a style or a script inside it, which the CSP would refuse" \
	"$(grep -nE '<script([^ ]| [^s]| s[^r])|<style| style=| on[a-z]+=' web/templates/*.html web/server/*.html)"

check "each attack has its test, by file and sentence" "$(tests/attack/table.py 2>&1)"

asvs=$(tests/asvs.py 2>&1)
check "docs/asvs.md counts its own rows, has each number of the standard once, and names what there is" \
	"$(echo "$asvs" | grep -v '^skipped:')"
echo "$asvs" | grep '^skipped:'

echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
