#!/bin/bash
# Attacks on the office in the browser: scripts in every field, forms of other sites, sessions, codes, links.
. "$(dirname "$0")/../http/lib.sh"
demo
printf 'seven boats in a row\n' >"$work/password"
person() { # login, name, role, department
	"$GAYA" account add --data "$data" --login "$1" --name "$2" --email "$1@gimhae.example" \
		--password-file "$work/password" --role "$3" --department "$4" >>"$work/accounts" || fault "$(cat "$work/accounts")"
}
claim "somebody of every role gets an account"
person minji 김민지 officer ai-city-operation
person head 이지수 head ai-city-operation
person coder 정하늘 officer ai-city-operation
person jiho 박지호 reviewer ai-city-policy
person sora 이소라 administrator ai-city-policy
person auditor 최유나 auditor ai-city-policy
serve
each_is_ok() {
	python3 tests/attack/office.py "$GAYA" "$url" "$data/people.db" "$work/password" "$work/pages" >"$work/attacks" 2>&1
	[ "$(grep -c '^ok - ' "$work/attacks")" -ge 15 ] && ! grep -q '^not ok' "$work/attacks" && return
	cat "$work/attacks"
	return 1
}
check "each attack is refused" each_is_ok
in_browser() { # where there is one
	[ -x "${CHROMIUM:-/usr/bin/chromium}" ] && [ -d tests/browser/node_modules ] || return 0
	node tests/browser/hostile_pages.mjs "$url" "$work/pages"
}
check "and Chromium runs none of what the pages hold" in_browser
all_done
