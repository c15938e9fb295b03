#!/bin/bash
# A nearly full disk: nothing is written, everything is read, and people are told so.
. "$(dirname "$0")/lib.sh"
demo
slug=smart-water

metric() { # name -> its value
	fetch "$metrics" | sed -n "s/^$1 //p"
}
entries() {
	sql "SELECT count(*) FROM entry"
}
with_floor() { # MiB
	serve --floor "$1" --metrics 127.0.0.1:0
	metrics=$(sed -n 's/^gaya: metrics at //p' "$work/serve.out")
}

with_floor 1048576 # more than any machine of ours has
before=$(entries)
for lang in ko en; do
	ask /$lang/systems/$slug/feedback "text=자리가 없을 때의 질문" "name=나그네"
	check "a question comes back in $lang with its text, and when to try again" all "status_is 507" \
		'[ "$(header Retry-After)" -gt 0 ]' 'header_is Cache-Control "private, no-cache"' \
		'body_has "자리가 없을 때의 질문" "value=\"나그네\"" "<html lang=\"$lang\">"'
done
check "in plain Korean" all 'ask /ko/systems/$slug/feedback "text=질문"' 'body_has "저장 공간이 부족"'
check "in plain English" all 'ask /en/systems/$slug/feedback "text=질문"' 'body_has "no room left on its disk"'
run office --data "$data" department-add water --name ko=물 --name en=Water
check "the office is told why, and how much is left" all 'is 13 "$status"' \
	'grep -q "disk is nearly full (.* MiB left; 1048576 are reserved)" "$work/err"'
check "nothing was written" is "$before" "$(entries)"
get /ko/systems/$slug
check "pages are read as ever" status_is 200
get /healthz
check "healthz says so" all "status_is 503" 'is full "$(jq -r .status "$work/body")"'
check "and so do the metrics" all 'is 1 "$(metric gaya_disk_full)"' \
	'is 1099511627776 "$(metric gaya_disk_floor_bytes)"' '[ "$(metric gaya_disk_free_bytes)" -gt 0 ]'
check "it stops in order" stop

with_floor 0
ask /ko/systems/$slug/feedback "text=자리가 있을 때의 질문"
check "with room all is well, without a word" status_is 303
get /healthz
check "healthz is ok" status_is 200
check "the metrics, too" is 0 "$(metric gaya_disk_full)"
all_done
