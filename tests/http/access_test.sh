#!/bin/bash
# Access to the office in the browser: every address with every role and without one.
. "$(dirname "$0")/lib.sh"
demo
people=()
for role in officer head reviewer administrator auditor; do
	department=waterworks
	[[ $role = reviewer || $role = administrator ]] && department=ai-city-policy
	printf 'four %ss on a tram' "$role" >"$work/password"
	claim "an account is made for the role $role"
	run account add --data "$data" --login "$role" --name "$role" --email "$role@gimhae.example" \
		--password-file "$work/password" --role "$role" --department "$department" --clock-is-right
	exits 0
	people+=("$role=four ${role}s on a tram:$role")
done
serve
python3 tests/http/access.py "$GAYA" "$url" "${people[@]}" >"$work/access" 2>&1
status=$?
cat "$work/access"
claim "all of it was tried"
same "exit status" 0 "$status"
same "claims" 12 "$(grep -cE '^(not )?ok - ' "$work/access")"
all_done
