#!/bin/bash
# Requests that cannot be answered, or should never be sent, each get their status, in the reader's language,
# and the server continues.
. "$(dirname "$0")/lib.sh"
demo
serve

says_in() { # language, status: an error page in that language, that is kept nowhere
	status_is "$2" && header_is Cache-Control no-store && header_is Content-Type "$html" &&
		body_has "<html lang=\"$1\">" "<p class=\"eyebrow\">$2</p>" && secured
}

form=systems/civil-chatbot/feedback
for lang in ko en; do
	get "/$lang/systems?q=%zz"
	check "400 in $lang" says_in $lang 400
	get /$lang/$form -d text=x -H 'Sec-Fetch-Site: cross-site'
	check "403 in $lang: a form sent from another site's page" says_in $lang 403
	get /$lang/systems/nothing-of-the-sort
	check "404 in $lang" says_in $lang 404
	get /$lang/
	get /$lang/systems -X DELETE
	check "405 in $lang, with what is allowed" all "says_in $lang 405" 'header_is Allow "GET, HEAD"'
	get /$lang/$form -X PUT -d x
	check "405 in $lang where there is a form, too" all "says_in $lang 405" \
		'header_is Allow "GET, HEAD, POST"'
	head -c 70000 /dev/zero | tr '\0' a >"$work/large"
	get /$lang/$form --data-binary "@$work/large"
	check "413 in $lang: a body over the limit" says_in $lang 413
	check "it says so in $lang alone, with the register's name and that it is an example" all \
		'body_has "class=\"example\"" "$(sql "SELECT about ->> '"'\\\$.name.$lang'"' FROM settings")"' \
		'body_lacks "what was sent is larger"'
	get /$lang/$form --data-binary "@$work/large" -H 'Transfer-Encoding: chunked'
	check "413 in $lang: a body in chunks over the limit" says_in $lang 413
done
get /en/feedback/0123456789abcdef0123456789abcdef
check "a mistyped receipt is told what to look at, and nothing of systems' names" all "says_in en 404" \
	'body_has "There is no receipt at this address" "mistyped" "<li><a href=\"/en/feedback\">Ask about the city’s AI</a></li></ul>"' 'body_lacks "try searching by name"'
get /ko/feedback/abc
check "the same in Korean" all "says_in ko 404" 'body_has "접수증이 없습니다"'
get "/en/systems/cctv-control?as-of=2099-01-01"
check "the cause of a mistake stands before general words" is 1 "$(tr -d '\n' <"$work/body" | grep -c 'class="notice".*class="lead"')"
get /nothing -H 'Accept-Language: en'
check "an address without a language fails in the reader's" says_in en 404
get /nothing
check "or in Korean" says_in ko 404
get /ko/$form -d text=x -H 'Sec-Fetch-Site: cross-site'
check "nothing was stored of what another site sent" is 0 \
	"$(sql "SELECT count(*) FROM feedback WHERE at > '2026-11-20'")"
get /ko/$form -d text= -H 'Sec-Fetch-Site: same-origin'
check "a form of our own page is taken up" status_is 400

check_plain() { # sentence, path, status, curl options …: errors for programs
	local what=$1 path=$2 want=$3
	shift 3
	get "$path" "$@"
	case $path in
	/log/*) check "$what" all "status_is $want" 'header_is Content-Type "$text"' secured \
		'header_is Cache-Control no-store' 'body_lacks "<html"' ;;
	*) check "$what" all "status_is $want" 'header_is Content-Type "$json"' secured \
		'header_is Cache-Control no-store' 'jq -e .error "$work/body"' ;;
	esac
}
check_plain "/log/ says in plain text what is not there" /log/nothing 404
check_plain "/api/ says in JSON what is not there" /api/v1/nothing 404
check_plain "a system that nothing was filed under is not found" /api/v1/systems/nothing 404
check "and the answer has what its first filing must name" is '-1 0' "$(jq -r '"\(.after) \(.version)"' "$work/body")"
check_plain "/log/ is not posted to" /log/checkpoint 405 -d x
check_plain "/api/ says which way is wrong" /api/v1/events 405
check_plain "an event that is not JSON is refused" /api/v1/events 400 -d 'x{'
check_plain "an event without an entry is refused" /api/v1/events 400 -d '{}'
check_plain "an event that is no text is refused" /api/v1/events 400 -d '{"entry": 7}'
check_plain "an event that is no note is refused" /api/v1/events 400 -d '{"entry": "x"}'
check_plain "an event from another site's page is refused" /api/v1/events 403 -d '{}' \
	-H 'Sec-Fetch-Site: cross-site'
check_plain "a key with a NUL in it is refused" /api/v1/events 400 -d '{"entry": "\u0000"}'
python3 -c 'print("[" * 100000)' >"$work/deep"
check_plain "a deeply nested value is refused" /api/v1/events 400 --data-binary "@$work/deep"
head -c 3000000 /dev/zero | tr '\0' 1 >"$work/large"
check_plain "an event of 3 MB is refused" /api/v1/events 413 --data-binary "@$work/large"

# Addresses that are malformed, or that try to leave.
for path in '/ko/%' '/ko/%4' '/ko/%zz' '/ko/systems/%00' '/ko/systems/a%00b' '/ko/systems/%c0%af' \
	'/ko/systems/%e0%80%af' '/ko/systems/%f8%88%80%80%80' '/ko/systems/%ed%a0%80' '/ko/systems/%ff' \
	'/ko/systems?q=%ff' '/ko/systems?q=%00' '/ko/systems?%zz=1' '/static/%' '/log/tile/%zz' \
	'/log/entry/%00' '/api/v1/systems/%c1%81'; do
	get "$path"
	case $path in
	'/ko/%'*) check "GET $path is refused" not status_is 200 ;;
	*) check "GET $path is a bad request" status_is 400 ;;
	esac
done
for path in /../etc/passwd /static/../../etc/passwd /static/..%2f..%2fetc%2fpasswd \
	/static/%2e%2e/%2e%2e/etc/passwd /ko/../log.key /static/../register.db //etc/passwd \
	/static//style.css /ko//systems /ko/systems/ /ko/systems/../../log.key \
	/log/tile/../../log.key /log/content/../../log.key /static/style.css/ '/static/style.css%00.txt' \
	/KO/systems /xx/systems /ko /static/ '/ko/systems/civil-chatbot;x' /ko/systems/civil-chatbot.xml \
	/ko/systems/civil-chatbot.json/versions /ko/systems/civil-chatbot.md/feedback \
	/ko/departments/transport.json /log/entry/1.json /log/proof/1.md /static/style.css.md \
	/ko/systems/civil-chatbot.json.json; do
	get "$path"
	check "GET $path leads nowhere" all 'not status_is 200' 'not status_is 500' \
		'body_lacks "root:" "PRIVATE+KEY"'
done
get '/ko/systems/%EA%B9%80%ED%95%B4'
check "a Korean address that is not there is not found" status_is 404

long=$(head -c 8000 /dev/zero | tr '\0' a)
get "/ko/systems?q=$long"
check "a search of 8,000 characters is refused, and told how long it may be" all "status_is 400" "body_has 200자"
get "/ko/systems/$long"
check "a name of 8,000 characters is not found" status_is 404
get "/ko/systems?q=$long$long$long$long$long"
check "an address of 40,000 characters is refused" all '[ "$status" -ge 400 ]' '[ "$status" -lt 500 ]'
many=$(for i in {1..40}; do printf 'a%d=1&' "$i"; done)
get "/ko/systems?$many"
check "40 parameters are too many" status_is 400
get "/ko/systems?${many:0:40}"
check "so is one that we do not know" status_is 400
get '/ko/systems?&&&q=&&department&'
check "empty parameters are no harm" status_is 200
get /ko/$form -d "$many"
check "40 form fields are too many" status_is 400
get /ko/ -H "X-Large: $long$long$long$long$long"
check "headers of 40,000 bytes are refused" all '[ "$status" -ge 400 ]' '[ "$status" -lt 500 ]'
get /ko/ -H "Cookie: ${long:0:4000}" -H "If-None-Match: ${long:0:4000}"
check "headers of 8,000 bytes are no harm" status_is 200

# Requests that no browser sends.
crlf() { sed 's/$/\r/'; }
first_line() { head -n 1 | tr -d '\r'; }
line=$(printf 'GET /ko/ HTTP/1.1\n\n' | crlf | raw | first_line)
check "HTTP/1.1 without Host is a bad request" is 400 "$(cut -d' ' -f2 <<<"$line")"
line=$(printf 'GET /healthz HTTP/1.0\n\n' | crlf | raw | first_line)
check "HTTP/1.0 is answered" is 200 "$(cut -d' ' -f2 <<<"$line")"
printf '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\0\0\0\r\n\r\n' | raw >"$work/raw"
check "a TLS greeting gets no page" not grep -aq '200 OK' "$work/raw"
printf '%s\n' 'BREW /ko/ HTTP/1.1' 'Host: x' 'Connection: close' '' | crlf | raw >"$work/raw"
check "a method nobody knows is not allowed" grep -aq '^HTTP/1.1 405' "$work/raw"
printf 'POST /ko/%s HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\ntext=' $form | raw >"$work/raw"
check "a negative length is a bad request" grep -aq '^HTTP/1.1 4' "$work/raw"
printf 'POST /ko/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 5x\r\n\r\ntext=' $form | raw >"$work/raw"
check "a length that is no number is a bad request" grep -aq '^HTTP/1.1 4' "$work/raw"
printf 'POST /ko/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\ntext=GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' $form |
	raw >"$work/raw"
check "what follows a body is the next request, and no part of it" is 2 "$(grep -ac '^HTTP/1.1 ' "$work/raw")"
printf 'POST /ko/%s HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\ntext=cut' $form | raw >"$work/raw"
check "a body that never comes is not answered" is "" "$(grep -a '200 OK' "$work/raw")"
printf 'GET /ko/ HTTP/1.1\r\nHost: x\r\nX: a\0b\r\nConnection: close\r\n\r\n' | raw >"$work/raw"
check "a NUL in a header breaks nothing" grep -aqE '^HTTP/1.1 (200|400)' "$work/raw"
get /ko/$form --data-binary $'text=before\x01after'
check "a control character in a form's bytes is refused" status_is 400
printf 'text=before\0after' >"$work/nul"
get /ko/$form --data-binary "@$work/nul"
check "a NUL in a form's bytes is refused" status_is 400
get /ko/$form --data-binary 'text=%00'
check "an encoded NUL in a form is refused" status_is 400
get /ko/$form --data-binary $'text=\xff\xfe'
check "a form that is not UTF-8 is refused" status_is 400
get /ko/$form --data-binary $'text=\xc0\xaf'
check "a form in overlong UTF-8 is refused" status_is 400
get /ko/$form -F text=hello
check "a form in another encoding stores nothing" status_is 400

# Slow clients hold their own connection, not the server.
slow_clients() { # how many: each sends a byte of a form ten times a second, for as long as it takes
	python3 - "${url##*:}" "/ko/$form" "$1" <<'END'
import socket, sys, time
port, path, n = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n".encode()
clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(n)]
for client in clients:
    client.sendall(head)
print("slow", flush=True)
for _ in range(390):
    for client in clients:
        client.sendall(b"a")
    time.sleep(0.1)
END
}
slow_clients 200 >"$work/slow" 2>&1 &
slow=$!
for _ in {1..2400}; do
	[ -s "$work/slow" ] && break
	pause
done
for _ in {1..20}; do get /ko/systems; done
check "200 slow clients keep nobody waiting: 20 pages came while they send" all "status_is 200" \
	'is slow "$(cat "$work/slow")"'
ask /ko/$form "text=한가운데에서도 물을 수 있습니다."
check "nor anybody from asking" status_is 303
pkill -P $slow 2>/dev/null
kill $slow 2>/dev/null
wait $slow 2>/dev/null

get /ko/
check "after all that the home page is there" status_is 200
check "and the log is what it was, and one question" is 1 \
	"$(sql "SELECT count(*) FROM feedback WHERE at > '2026-11-20'")"
all_done
