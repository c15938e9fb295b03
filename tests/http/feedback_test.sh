#!/bin/bash
# A citizen's question from the form to the answer: what is stored, shown, refused and erased.
. "$(dirname "$0")/lib.sh"
demo
serve
slug=smart-water
entries() { sql "SELECT count(*) FROM entry"; }
asked() { sql "SELECT count(*) FROM feedback"; }

# --- asked, found again, proven ---
for lang in ko en; do
	before=$(entries)
	ask /$lang/systems/$slug/feedback "text=수질 자료는 누가 봅니까? ($lang)" "name=가야" "lang=vi" \
		"email=someone-$lang@example.kr"
	check "a question in $lang leads to its receipt, and nobody keeps the answer" all "status_is 303" \
		'header_is Cache-Control no-store' \
		'grep -qE "^/$lang/feedback/[0-9a-f]{32}$" <<<"$(header Location)"'
	receipt=$(header Location)
	check "it is one entry more" is $((before + 1)) "$(entries)"
	get "$receipt"
	check "before it is published no answer is promised" body_lacks 'class="waiting"'
	check "the receipt shows the question to who holds it, and to no index" all "status_is 200" \
		'header_is Cache-Control no-store' 'body_has "수질 자료는 누가 봅니까? ($lang)" "noindex"'
	check "with the address to keep" body_has "$url$receipt"
	get "$receipt/receipt.tlog-proof"
	check "the proof can be saved" all "status_is 200" 'header_is Content-Type "$text"' \
		"header_is Content-Disposition 'attachment; filename=\"receipt.tlog-proof\"'" \
		'header_is Cache-Control no-store' 'is c2sp.org/tlog-proof@v1 "$(head -n 1 "$work/body")"'
	cp "$work/body" "$work/proof"
	sed -n 's/^extra //p' "$work/proof" | base64 -d >"$work/extra"
	check "it carries the entry and the question" all \
		'jq -e ".entry | fromjson | .type == \"feedback.received\"" "$work/extra"' \
		'jq -e ".content | fromjson | .text == \"수질 자료는 누가 봅니까? ($lang)\"" "$work/extra"' \
		'jq -e ".content | fromjson | .lang == \"vi\" and .name == \"가야\"" "$work/extra"'
	index=$(sed -n 's/^index //p' "$work/proof")
	check "the entry is the one in the log" is "$(jq -r .entry "$work/extra")" \
		"$(fetch "$url/log/entry/$index")"
	check "its content is the one that the entry names" is \
		"$(jq -r '.entry | fromjson | .content.sha256' "$work/extra")" \
		"$(jq -j .content "$work/extra" | sha256sum | head -c 64)"
	get /$lang/systems/$slug/feedback
	check "until the office publishes it, the $lang page does not show it" \
		body_lacks "수질 자료는 누가 봅니까? ($lang)"
done
get "/ko/feedback/${receipt##*/}"
check "a receipt can be read in the other language" status_is 200

# --- sent twice ---
once=$(printf '%032x' 4711)
before=$(asked)
ask /ko/systems/$slug/feedback "text=두 번 누른 질문" "lang=ko" "once=$once"
first=$(header Location)
ask /ko/systems/$slug/feedback "text=두 번 누른 질문" "lang=ko" "once=$once"
check "a question sent twice from one form is one question with one receipt" all "status_is 303" \
	'[ "$first" = "/ko/feedback/$once" ]' 'is "$first" "$(header Location)"' "is $((before + 1)) \$(asked)"
ask /ko/systems/$slug/feedback "text=고쳐 쓴 질문" "lang=ko" "once=$once"
check "another text from that form is a question of its own" all "status_is 303" \
	'[ "$(header Location)" != "$first" ]' "is $((before + 2)) \$(asked)"
ask /ko/feedback "text=두 번 누른 질문" "lang=ko" "once=$once"
check "so is the same text about something else" all "status_is 303" \
	'[ "$(header Location)" != "$first" ]' "is $((before + 3)) \$(asked)"
for bad in short "$(printf '%032d' 0 | tr 0 G)" "${once}0" "../../ko"; do
	ask /ko/systems/$slug/feedback "text=코드 $bad" "lang=ko" "once=$bad"
	check "\"$bad\" is no receipt's code, and the question is taken all the same" all "status_is 303" \
		'grep -qE "^/ko/feedback/[0-9a-f]{32}$" <<<"$(header Location)"' '[[ "$(header Location)" != *"$bad" ]]'
done
id=$(sql "SELECT id FROM feedback ORDER BY entry DESC LIMIT 1")
get "/ko/feedback/$id"
check "the public id is not the receipt" status_is 404
for code in x "${receipt##*/}0" "$(tr 'a-f' 'A-F' <<<"${receipt##*/}")" 00000000000000000000000000000000; do
	get "/en/feedback/$code"
	check "\"$code\" is no receipt" status_is 404
	get "/en/feedback/$code/receipt.tlog-proof"
	check "and has no proof" status_is 404
done
get "/api/v1/feedback/$id"
check "the API knows that it exists, and not what it says" all "status_is 200" \
	'jq -e ".state == \"received\" and (has(\"text\") | not)" "$work/body"'

# --- the e-mail address ---
plain_email() { # is the address anywhere in the folder?
	grep -qar 'someone-en@example' "$data"
}
check "the e-mail address is nowhere in the folder in plain" not plain_email
check "it is sealed for the office" is 2 "$(sql "SELECT count(*) FROM contact WHERE length(sealed) > 48")"
get "$receipt"
check "its owner sees that it is there, not what it is" all 'body_has "$receipt/forget"' \
	'body_lacks someone-en@'
get "$receipt/forget" -X POST -H 'Sec-Fetch-Site: cross-site'
check "another site cannot have it erased" all "status_is 403" \
	'is 2 "$(sql "SELECT count(*) FROM contact")"'
get "$receipt/forget" -X POST
check "its owner can have it erased" all "status_is 303" 'header_is Location "$receipt?erased=1"' \
	'is 1 "$(sql "SELECT count(*) FROM contact")"'
get "$receipt?erased=1"
check "then the receipt says so, with no button" all 'body_lacks "$receipt/forget"' \
	'body_has "Your e-mail address is erased."'
get "$receipt"
check "and later no more of it" body_lacks "$receipt/forget" "is erased"
get "$receipt/forget" -X POST
check "twice does no harm" status_is 303
get "/ko/feedback/$(printf 'b%.0s' {1..32})/forget" -X POST
check "nor does a receipt that is not there" all 'is 1 "$(sql "SELECT count(*) FROM contact")"' \
	'[ "$status" = 303 ] || [ "$status" = 404 ]'

# --- what comes back filled in ---
refused() { # status, texts that come back …
	local want=$1
	shift
	status_is "$want" && header_is Cache-Control "private, no-cache" && secured &&
		body_has 'aria-invalid="true"' "$@" && is "$before" "$(entries)"
}
for lang in ko en; do
	form=/$lang/systems/$slug/feedback
	before=$(entries)
	ask $form text= "name=나그네" "email=a@b.kr" lang=zh
	check "an empty question comes back in $lang with the rest filled in" \
		refused 400 'value="나그네"' 'value="a@b.kr"' '<option value="zh" lang="zh" selected>'
	ask $form $'text= \t\r\n \n' "name=나그네"
	check "one of blanks too" refused 400 'value="나그네"'
	for nothing in $'\xe3\x85\xa4' $'\xe1\x85\x9f' $'\xe1\x85\xa0' $'\xef\xbe\xa0' $'\xe2\xa0\x80' $'\xe2\x80\x8b' $'\xe2\x81\xa0' $'\xcd\x8f' \
		$' \xe3\x85\xa4\n\xe2\x80\x8b'; do
		ask $form "text=$nothing" "name=나그네"
		check "one of $(od -An -tx1 <<<"$nothing" | tr -d '\n') alone too" refused 400 'value="나그네"'
	done
	python3 -c 'print("가" * 4001, end="")' >"$work/long"
	ask $form "text@$work/long" "name=나그네"
	check "4,001 characters come back, all of them" refused 400 "$(cat "$work/long")" 'value="나그네"'
	ask $form "text=Hi" "name=$(printf 'n%.0s' {1..61})"
	check "so does a name of 61 characters" refused 400
	ask $form "text=Hi" "email=no-address" "name=\"><script>alert(1)</script>"
	check "so does a bad address, with the name escaped" all \
		'refused 400 no-address "&lt;script&gt;"' 'body_lacks "<script>"'
	for email in @b.kr a@ a@b 'a@b.kr,c@d.kr' 'a b@c.kr' $'a@b.kr\nBcc: c@d.kr' 'a@@b.kr' '<a@b.kr>' \
		"$(printf 'a%.0s' {1..250})@b.kr"; do
		ask $form "text=Hi" "email=$email"
		check "\"${email:0:20}\" is no address" refused 400
	done
	for character in $'\x01' $'\x1b' $'\x7f' $'\u202e' $'\u2066' $'\u200f'; do
		ask $form "text=Hi$character there"
		check "U+$(printf '%04X' "'$character") is refused in a question" refused 400
		ask $form "text=Hi there" "name=a${character}b"
		check "and in a name" refused 400
	done
	ask $form "text=Hi there" "name=two
lines"
	check "a name is one line" refused 400
	ask /$lang/systems/none/feedback "text=Hi there"
	check "a question about nothing is not found" all "status_is 404" 'is "$before" "$(entries)"'
	ask $form "text=Buy now" "name=나그네" "leave_empty=http://spam.example"
	check "what fills in the hidden field stores nothing; the $lang form comes back with the text" \
		refused 400 "Buy now" 'value="나그네"'
	check "and with the hidden field empty again" body_lacks spam.example
	get $form -d text=Hello -H 'Sec-Fetch-Site: cross-site'
	check "another site cannot ask in somebody's name" all "status_is 403" 'is "$before" "$(entries)"'
done
check "which the journal tells in a line, without whose form it was" all \
	'is 1 "$(grep -c "security: kind=cross_site count=1: " "$work/serve.err")"' 'not grep "kind=cross_site.*127.0.0.1" "$work/serve.err"'
python3 -c 'print("가" * 4000, end="")' >"$work/long"
ask /ko/systems/$slug/feedback "text@$work/long"
check "4,000 Korean characters are taken" status_is 303
python3 -c 'print("\U0001F9E1" * 4000, end="")' >"$work/long"
ask /ko/systems/$slug/feedback "text@$work/long" "name=$(python3 -c 'print("가" * 60)')" \
	"email=$(printf 'a%.0s' {1..240})@example.kr"
check "so are 4,000 of four bytes, with a name and an address of full length" status_is 303
python3 -c 'print("line\r\n" * 600, end="")' >"$work/long"
ask /ko/systems/$slug/feedback "text@$work/long"
check "lines end in one character, as people count them" all "status_is 303" 'is 1 "$(sql "
	SELECT count(*) FROM content WHERE instr(bytes, \"line\\n\") AND NOT instr(bytes, \"\\r\")" |
	head -n 1 | grep -c .)"'
ask /ko/systems/$slug/feedback "text=$(printf '\u1100\u1161')"
check "Korean from a Mac is kept in normal form C" all "status_is 303" \
	'is 1 "$(sql "SELECT count(*) FROM content WHERE iif(json_valid(CAST(bytes AS TEXT)), CAST(bytes AS TEXT) ->> '"'\$.text'"', '"''"') = '"'가'"'")"'

# --- published ---
hostile='<script>alert(1)</script> [x](javascript:alert(1)) **bold** <img src=x onerror=alert(1)> {{title}} &amp; "quoted" `code`'
ask /en/systems/$slug/feedback "text=$hostile" "name=<b>Eve</b>"
receipt=$(header Location)
id=$(sql "SELECT id FROM feedback ORDER BY entry DESC LIMIT 1")
check "the office publishes it" office "{\"do\": \"feedback-publish\", \"feedback\": \"$id\"}"
for page in /ko/systems/$slug/feedback /en/systems/$slug/feedback "$receipt"; do
	get "$page"
	check "hostile words are words on ${page%/*}/…" all "status_is 200" \
		'body_lacks "<script>alert" "<img src=x" "<b>Eve" "<strong>bold" "href=\"javascript" "<code>code"' \
		'body_has "&lt;script&gt;alert(1)" "**bold**" "{{title}}" "&amp;amp;"'
done
get "/api/v1/feedback/$id"
check "the API gives them as they are, as JSON" is "$hostile" "$(jq -r .text "$work/body")"
get "$receipt"
check "then it waits for an answer" body_has 'class="waiting"'
for lang in ko en; do
	get /$lang/systems/$slug
	check "the $lang record leads to the questions, and to the form" \
		body_has "/$lang/systems/$slug/feedback\"" "/$lang/systems/$slug/feedback#ask\""
done
check "the office answers" office "{\"do\": \"feedback-answer\", \"feedback\": \"$id\",
	\"text\": {\"ko\": \"<i>답변</i>입니다.\", \"en\": \"<i>Here</i> you are.\"}}"
get "$receipt"
check "the receipt has the answer, escaped" all 'body_has "&lt;i&gt;Here&lt;/i&gt; you are."' \
	'body_lacks "<i>Here"'
check "the office withholds another" office "{\"do\": \"feedback-withhold\",
	\"feedback\": \"$(sql "SELECT id FROM feedback WHERE state = 'received' LIMIT 1")\",
	\"reason\": {\"ko\": \"전화번호가 있습니다.\", \"en\": \"It has a telephone number.\"}}"

# --- how often, and by whom ---
if stop; then serve --feedback-limit 2; fi
before=$(asked)
for n in 1 2; do
	ask /en/systems/$slug/feedback "text=Question $n of two"
	check "question $n of 2 an hour is taken" status_is 303
done
for lang in ko en; do
	ask /$lang/systems/$slug/feedback "text=One too many" "name=나그네"
	check "the third comes back in $lang with its text kept, and when to try again" all "status_is 429" \
		'header_is Cache-Control "private, no-cache"' '[ "$(header Retry-After)" -gt 0 ]' \
		'body_has "One too many" "value=\"나그네\"" "<html lang=\"$lang\">"'
done
ask /en/systems/$slug/feedback "text=One too many" -H 'X-Forwarded-For: 203.0.113.7'
check "who says to be another is not believed" status_is 429
check "two were stored" is $((before + 2)) "$(asked)"
addresses() {
	sql .dump | grep -aE '127\.0\.0\.1|203\.0\.113|::1[^0-9]'
}
check "no address is stored anywhere in the database" not addresses
if stop; then serve --feedback-limit 1 --trust-proxy; fi
for n in 1 2 3; do
	get /en/systems/$slug/feedback -d "text=From+$n" -H "X-Forwarded-For: 198.51.100.66, 203.0.113.$n"
	check "behind a proxy the last address counts (203.0.113.$n)" status_is 303
done
get /en/systems/$slug/feedback -d "text=Again" -H "X-Forwarded-For: 198.51.100.$RANDOM, 203.0.113.1"
check "and what stands before it does not" status_is 429
from() { # addresses …: a question with a header for each
	local address headers=()
	for address; do headers+=(-H "X-Forwarded-For: $address"); done
	get /en/systems/$slug/feedback -d "text=From+there" "${headers[@]}"
}
from 2001:db8:1:2::1
check "an IPv6 client is taken" status_is 303
for address in 2001:db8:1:2::2 2001:db8:1:2:ffff::1 2001:DB8:1:2:0:0:0:3 '[2001:db8:1:2::4]:4711'; do
	from "$address"
	check "and is the same one under each address of its network ($address)" status_is 429
done
from 2001:db8:1:3::1
check "the next network is another client" status_is 303
for address in ::ffff:203.0.113.1 ::ffff:cb00:7101 203.0.113.1:4711; do
	from "$address"
	check "an IPv4 client is one however it is written ($address)" status_is 429
done
from ::ffff:203.0.113.77
check "and another IPv4 client is another" status_is 303
from 198.51.100.77 203.0.113.1
check "of several headers the last one counts, too" status_is 429
from unknown
check "whom the proxy cannot name counts as the proxy" status_is 303
from hidden
check "and by no other name has a share of its own" status_is 429
check "nor is any of them stored" not addresses
all_done
