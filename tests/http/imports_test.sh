#!/bin/bash
# Files of records in the browser: what each row would change, and drafts of chosen rows.
. "$(dirname "$0")/lib.sh"
demo
echo four ducks on a tram >"$work/password"
person() { # login, name, role, department
	"$GAYA_FAST" account add --data "$data" --login "$1" --name "$2" --email "$1@gimhae.example" \
		--password-file "$work/password" --role "$3" --department "$4" >>"$work/accounts" || fault "$(cat "$work/accounts")"
}
claim "officers of two departments, a reviewer and an auditor get accounts"
person minji 김민지 officer waterworks
person other 박서준 head transport
person reviewer 최유나 reviewer ai-city-policy
person auditor 이지수 auditor ai-city-policy
"$GAYA_FAST" export --data "$data" --profile csv --out "$work/systems.csv" >"$work/export" 2>&1 || fault "$(cat "$work/export")"
before=$(sql "SELECT count(*) FROM entry")
serve

each_is_ok() {
	python3 tests/http/imports.py "$url" "$data/people.db" "$work/password" "$work/systems.csv" >"$work/imports" 2>&1
	[ "$(grep -c '^ok - ' "$work/imports")" = 18 ] && ! grep -q '^not ok' "$work/imports" && return
	cat "$work/imports"
	return 1
}
check "a file's rows become drafts, or are refused with a reason" each_is_ok
check "nothing of it is in the log" is "$before" "$(sql "SELECT count(*) FROM entry")"
all_done
