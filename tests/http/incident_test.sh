#!/bin/bash
# An incident of the demo city on its record's page, on each day of its course, and everywhere else it appears.
. "$(dirname "$0")/lib.sh"
demo
serve
page=/systems/traffic-signal-optimisation

get "/en$page?as-of=2026-06-23"
check "on the day before it there is none" body_lacks 'id="incidents"'
get "/en$page?as-of=2026-06-30"
check "after its report it is open, with what happened and nothing of what came later" all \
	'body_has "Queues grew for 22 minutes" "serious incident" ">open<"' 'body_lacks "was told on" "closed on"'
check "which the top of the page says, too" body_has 'data-part="incident"' "is still open: serious incident." \
	'href="#incident-146"'
get "/en$page?as-of=2026-07-31"
check "later the authority was told" body_has "The authority was told on 3 July 2026."
get "/ko$page"
check "today it is closed" body_has "2026. 8. 10. 종결" "다친 사람은 없고"
check "and the top of the page is silent about it" body_lacks 'data-part="incident"'
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
get /data/figures.csv
check "figures are a file of their own, a row for each period" all 'header_is Content-Type "text/csv; charset=utf-8"' \
	'body_has "civil-chatbot,ai-city-operation,맞은 답의 비율,Answers judged right,2026-02,93.6,percent,95,at_least,,,"'
rows=$(python3 -c 'import csv, sys; print(sum(1 for _ in csv.DictReader(open(sys.argv[1], encoding="utf-8-sig"))))' "$work/body")
get /data/systems.jsonl
check "as many as the whole register's file has" is "$rows" \
	"$(command jq -s '[.[] | .figures // [] | .[].figures | length] | add' "$work/body")"
get /data/incidents.csv
check "incidents are one, too, with what was said last" body_has "traffic-signal-optimisation" "2026-07-03" "all 42 junctions were back"
get /data/incidents.jsonl
check "and as JSON Lines with all of it" is "146 2 false" "$(command jq -r '"\(.entry) \(.notes | length) \(.held)"' "$work/body")"
answers "there is nothing that they lose" /data/figures.csv.report.json 404 "$html"
get /ko/data
check "the page of data names them" body_has "성과 지표 CSV" 'href="/data/incidents.jsonl"'
all_done
