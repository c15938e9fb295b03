#!/bin/bash
# A department's officers write a record in the browser, without a script: tests/http/drafts.py is the browser.
. "$(dirname "$0")/lib.sh"
demo
echo four ducks on a tram >"$work/password"
person() { # login, name, role, department
	"$GAYA" account add --data "$data" --login "$1" --name "$2" --email "$1@gimhae.example" \
		--password-file "$work/password" --role "$3" --department "$4" >>"$work/accounts" || fault "$(cat "$work/accounts")"
}
claim "officers of two departments, and a reviewer, get accounts"
person minji 김민지 officer ai-city-operation
person jisoo 이지수 head ai-city-operation
person other 박서준 officer transport
person reviewer 최유나 reviewer ai-city-policy
serve

each_is_ok() {
	python3 tests/http/drafts.py "$url" "$data/people.db" "$work/password" >"$work/drafts" 2>&1
	[ "$(grep -c '^ok - ' "$work/drafts")" -ge 20 ] && ! grep -q '^not ok' "$work/drafts" && return
	cat "$work/drafts"
	return 1
}
check "records are written, corrected and never lost" each_is_ok
logged=$(sql "SELECT count(*) FROM entry WHERE CAST(bytes AS TEXT) LIKE '%draft%'")
check "no draft is in the log" is 0 "$logged"
all_done
