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

# --- who reviews a record that began from another ---
as_person() { # login, python with `b`
	PYTHONPATH=tests/http python3 -c '
import re, sys
from form_browser import Browser
b = Browser(sys.argv[1])
b.send(b.get("/ko/office/sign-in").form("password"), login=sys.argv[3], password=open(sys.argv[2]).read().strip())
exec(sys.argv[4])' "$url" "$work/password" "$1" "$2"
}
as_person minji 'page = b.get("/ko/office/drafts")
b.send([f for f in page.forms if ["system", ""] in f["fields"]][0], system="from-water", copy="smart-water")'
fetch "$url/api/v1/systems/smart-water" | jq '.published.record | .contact_phone = "055-000-9999"' >"$work/record.json"
"$GAYA" file --server "$url" --key "$data/demo-keys/ai-city-operation.key" --system from-water --yes --json \
	"$work/record.json" >"$work/filed" 2>&1
filing=$(fetch "$url/api/v1/systems/from-water" | jq .latest_filing.entry)
as_person reviewer 'print(b.get("/en/office/filings/'"$filing"'").text)' >"$work/filing.html"
check "the office reads how much of a filing is still the other system's, with the way to each text" all \
	'grep -q "65 of 66 fields are the same as in “Smart water management (example)”" "$work/filing.html"' \
	'grep -q "<li><a href=\"#r-goal\">" "$work/filing.html"' '! grep -q "<a href=\"#r-contact_phone\">" "$work/filing.html"'

check "and each of these ways leads somewhere" is "" "$(grep -o 'href="#r-[^"]*"' "$work/filing.html" | cut -d'"' -f2 | sort -u |
	while read -r at; do grep -q "id=\"${at#\#}\"" "$work/filing.html" || echo "$at"; done)"

# --- a process that hashes passwords is stuck ---
stop_hashers() { # those of this server
	local pid n=0
	for pid in $(pgrep -P "$server" -f "gaya hash"); do
		kill -STOP "$pid" && n=$((n + 1))
	done
	[ "$n" -ge 2 ]
}
signs_in() {
	PYTHONPATH=tests/http python3 -c '
import sys
from form_browser import Browser
b = Browser(sys.argv[1])
page = b.send(b.get("/ko/office/sign-in").form("password"), login="minji", password=open(sys.argv[2]).read().strip())
sys.exit(page.status != 200 or "__Host-gaya=" not in b.headers.get("Cookie", ""))' "$url" "$work/password"
}
said_too="did not answer in time: until it answers, the server hashes in a thread instead"
check "the processes that hash passwords are stopped" stop_hashers
check "who signs in then is let in, within the time of a request" signs_in
all_done
