#!/bin/bash
# Requests that follow each other closely: each gets its own answer.
. "$(dirname "$0")/lib.sh"
demo
serve --metrics 127.0.0.1:0
metrics=$(sed -n 's/^gaya: metrics at //p' "$work/serve.out")

got=$(python3 tests/http/pipeline.py "${url#http://}" 2>&1)
check "requests in any order and in pieces of any size get the answers that they get alone" \
	is 1 "$(grep -cE '^answers [0-9]{3,}$' <<<"$got")" "$(head -c 2000 <<<"$got")"
check "and none got another one's" is "" "$(grep -v '^answers ' <<<"$got" | head -c 2000)"
ready=$(fetch "$metrics" | sed -n 's/^gaya_requests_ready_total //p')
check "some of them ($ready) were ready before libmicrohttpd was asked" [ "$ready" -ge 20 ]
all_done
