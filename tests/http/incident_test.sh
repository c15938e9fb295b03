#!/bin/bash
# An incident of the demo city on its record's page, as it stood on each day, and where else it is told.
. "$(dirname "$0")/lib.sh"
demo
serve
page=/systems/traffic-signal-optimisation

get "/en$page?as-of=2026-06-23"
check "on the day before it there is none" body_lacks 'id="incidents"'
get "/en$page?as-of=2026-06-30"
check "after its report it is open, with what happened and nothing of what came later" all \
	'body_has "Queues grew for 22 minutes" "serious incident" ">open<"' 'body_lacks "was told on" "closed on"'
get "/en$page?as-of=2026-07-31"
check "later the authority was told" body_has "The authority was told on 3 July 2026."
get "/ko$page"
check "today it is closed" body_has "2026. 8. 10. 종결" "다친 사람은 없고"
check "no date has two full stops behind it" body_lacks ".."
get "/en$page.md"
check "Markdown has it, too" body_has "## Incidents" "Nobody was hurt"
get "/api/v1$page"
check "and so has the API, with its notes" is "2 2026-07-03 2026-07-09" \
	"$(command jq -r '.incidents[0] | "\(.notes | length) \(.told_on) \(.due)"' "$work/body")"
get "/en$page/versions"
check "its history names each step" body_has "Incident reported" "News of an incident" "Incident closed"
get "/en$page/feed.atom"
check "and so does its feed" body_has 'term="incident.reported"' 'term="incident.closed"' "#incidents"
get /data/systems.jsonl
check "the whole register's file has incidents and figures" is "1 2" \
	"$(command jq -s -r '"\([.[] | select(.incidents)] | length) \([.[] | select(.figures)] | length)"' "$work/body")"
all_done
