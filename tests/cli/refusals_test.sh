#!/bin/bash
# Invalid input is refused with an error that names the rule and the remedy, and the signed log stays unchanged:
# by the command, before anything is signed; and by the register, whatever the sender's program does.
. "$(dirname "$0")/lib.sh"

origin=ai.gimhae.example/log
data=$work/register
slug=guide

must init --data "$data" --origin $origin
for department in tourism water; do
	must office --data "$data" department-add $department --name "en=$department"
	must key new --origin $origin --department $department --out "$work/$department.key"
	cp "$work/out" "$work/$department.vkey"
	must office --data "$data" key-grant $department "@$work/$department.vkey"
done
serve "$data"
record . "$work/record.json"
must file --server "$url" --key "$work/tourism.key" --system $slug --yes "$work/record.json"
must office --data "$data" approve $slug
remember_log

try() { # record's file: files it for tourism
	run file --server "$url" --key "$work/tourism.key" --system $slug --yes "$1"
}

refused() { # exit status, what is said
	exits "$1"
	says "$2"
	log_is_unchanged
}

# --- JSON ---

claim "a record that is not JSON is refused with its line"
printf '{"name": {"en" "x"}}\n' >"$work/bad.json"
try "$work/bad.json"
refused 2 "not JSON at line 1"

claim "a comma after the last value is refused with its line and the way out"
printf '{"name": {"en": "x",}}\n' >"$work/bad.json"
try "$work/bad.json"
refused 2 "line 1 has a comma after the last value: take it out"

claim "a record with the same member twice is refused"
printf '{"status": "pilot", "status": "in_use"}\n' >"$work/bad.json"
try "$work/bad.json"
refused 2 "duplicate object key"

claim "a record that is nested too deeply is refused"
{
	printf '%0100d' 0 | tr 0 '['
	printf '%0100d' 0 | tr 0 ']'
} >"$work/bad.json"
try "$work/bad.json"
refused 2 "deeper than 32 levels"

claim "a record that is not UTF-8 is refused"
printf '{"name": {"ko": "\260\241"}}\n' >"$work/bad.json"
try "$work/bad.json"
refused 2 "not JSON at line 1: it is not UTF-8"

claim "a file that is far too large is refused"
head -c 2000000 /dev/zero | tr '\0' ' ' >"$work/bad.json"
try "$work/bad.json"
refused 6 "is over 1048576 bytes"

claim "a record over the standard's limit is refused with both sizes"
record '.goal.en = ("word " * 60000)' "$work/bad.json"
try "$work/bad.json"
refused 2 "over 262144 bytes"

claim "a record that is a list is refused"
echo '[]' >"$work/bad.json"
try "$work/bad.json"
refused 2 "must be a JSON object"

claim "numbers with fractions are refused"
record '.goal = 1.5' "$work/bad.json"
try "$work/bad.json"
refused 2 "numbers must be integers"

claim "a record from standard input is held to the same rules"
printf '{' >"$work/bad.json"
run_with_input "$work/bad.json" file --server "$url" --key "$work/tourism.key" --system $slug -
refused 2 "-: not JSON"

# --- characters ---

claim "a control character is refused by name"
record '.goal.en = "a\u0007b"' "$work/bad.json"
try "$work/bad.json"
refused 2 "U+0007"

claim "a character that turns the direction of text is refused by name"
record '.goal.en = "a\u202eb"' "$work/bad.json"
try "$work/bad.json"
refused 2 "U+202E"

claim "a long Korean text with such a character is refused, and its excerpt is whole characters"
record '.goal.ko = "a" + ("가" * 100) + "\u202e"' "$work/bad.json"
try "$work/bad.json"
refused 2 "U+202E"
iconv -f UTF-8 -t UTF-8 "$work/err" >/dev/null 2>&1 || fault "the error is not UTF-8"

# --- the standard ---

wrong() { # filter, what is said
	record "$1" "$work/bad.json"
	try "$work/bad.json"
	refused 2 "$2"
	says "nothing was sent"
}

claim "a field that the standard does not have is refused"
wrong '.colour = "red"' "“colour” is not a field of the standard"

claim "a value that is not in the list is refused with the list"
wrong '.status = "sleeping"' "cannot be sleeping. Choose one of: "

claim "a day of something that has happened, and which is still to come, is refused by field, rule and fix"
wrong '.impact_assessments = [{kind: "fria", date: "2999-01-10", summary: {ko: "가", en: "a"}, url: "https://a.kr/x"}]' \
	"“Impact assessments 1 › Date” (impact_assessments[0].date): 2999-01-10 is still to come. Give the day on which it happened"

claim "a text that is too long is refused with the limit and its length"
wrong '.name.en = ("x" * 101)' "may have up to 100 characters and has 101"

claim "a missing required field is refused by its label and its name"
wrong 'del(.goal)' "“Purpose” (goal) is required"

claim "a missing choice is refused with the list"
wrong 'del(.status)' "(status) is required. Choose one of: planned (Planned), "

claim "a wrong type is refused with what is wanted and what came"
wrong '.name = "Guide"' "“Name” (name) must be a text in each language, such as {\"ko\": \"…\", \"en\": \"…\"}; it is a single text"

claim "a text that lacks the register's first language is refused"
wrong 'del(.name.ko)' "“Name” (name) needs a text in Korean"

claim "raw HTML in a text is refused"
wrong '.goal.en = "a <script>alert(1)</script> b"' "must not hold HTML tags"

claim "a javascript: link is refused"
wrong '.goal.en = "[x](javascript:alert(1))"' "has a link that is not allowed"

claim "marks within marks within marks are refused"
wrong '.goal.en = (("> " * 40) + "deep")' "nested too deeply"

claim "every problem of a record has a line of its own"
record '.status = "sleeping" | .colour = "red" | del(.goal)' "$work/bad.json"
try "$work/bad.json"
refused 2 "breaks 3 of the standard's rules"
same "lines" 3 "$(grep -c '^  “' "$work/err")"

claim "problems are told in Korean to who works in Korean"
export LC_ALL=ko_KR.UTF-8
try "$work/bad.json"
export LC_ALL=C.UTF-8
refused 2 "꼭 써야 하는 항목입니다"

claim "with --json the problems are JSON, with their places and rules"
run file --server "$url" --key "$work/tourism.key" --system $slug --json "$work/bad.json"
exits 2
same "rules" "missing not_in_list unknown_field" \
	"$(jq -r '[.problems[].rule] | sort | join(" ")' "$work/out")"
same "texts" 3 "$(jq '.texts | length' "$work/out")"

# --- who may ---

claim "a key that was never granted is refused"
must key new --origin $origin --department tourism --out "$work/stranger.key"
record '.system_version = "2"' "$work/changed.json"
run file --server "$url" --key "$work/stranger.key" --system $slug --yes "$work/changed.json"
refused 3 "no key that was granted to department tourism signed this"

claim "a key that was made for another register is refused"
must key new --origin other.example/log --department tourism --out "$work/other.key"
run file --server "$url" --key "$work/other.key" --system $slug --yes "$work/changed.json"
refused 3 "no key that was granted to department tourism signed this"

claim "a key of a department that the register does not know is refused"
must key new --origin $origin --department nobody --out "$work/nobody.key"
run file --server "$url" --key "$work/nobody.key" --system other --yes "$work/changed.json"
refused 3 "no key that was granted to department nobody"

claim "a system of another department is refused"
run file --server "$url" --key "$work/water.key" --system $slug --yes "$work/changed.json"
refused 3 "belongs to department tourism"

claim "a file that is not a key is refused, and none of it is shown"
echo "secret words" >"$work/not.key"
run file --server "$url" --key "$work/not.key" --system $slug --yes "$work/changed.json"
refused 2 "not.key is not a private key"
grep -q "secret words" "$work/err" && fault "the file's bytes are shown"

claim "a key that is not the one its id names is refused"
sed 's/+[0-9a-f]\{8\}+/+00000000+/' "$work/tourism.key" >"$work/broken.key"
run file --server "$url" --key "$work/broken.key" --system $slug --yes "$work/changed.json"
refused 2 "is not a private key"

# --- the register itself, whatever is sent ---

signed() { # file: a filing by tourism, signed and not sent
	rm -f "$1"
	must file --server "$url" --key "$work/tourism.key" --system $slug --yes --save "$1" \
		"$work/changed.json"
}

sent_refused() { # status, error, what the message says
	answers "$1"
	same "error" "$2" "$(jq -r .error "$work/out" 2>/dev/null)"
	grep -F -e "$3" "$work/out" >/dev/null || fault "not said: $3
$(cat "$work/out")"
	log_is_unchanged
}

claim "a body that is not JSON is refused"
printf 'entry=1' >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "not JSON at line 1"

claim "a body with the same member twice is refused"
printf '{"entry":"a","entry":"b"}' >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "duplicate object key"

claim "a body that is nested too deeply is refused"
{
	printf '%05000d' 0 | tr 0 '['
} >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "deeper than 32 levels"

claim "a body that is not UTF-8 is refused"
printf '{"entry":"\377"}' >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "not JSON at line 1: it is not UTF-8"

claim "a body without an entry is refused"
printf '{}' >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "is missing"

claim "a body that is too large is refused"
head -c 3000000 /dev/zero >"$work/body"
post_event "$work/body"
sent_refused 413 too_large "larger than"

claim "an error about a long text cuts it between characters"
jq -n '{entry: ({x: ("a" + ("가" * 300) + "\u202e")} | tojson + "\n")}' >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "U+202E"
iconv -f UTF-8 -t UTF-8 "$work/out" >/dev/null 2>&1 || fault "the answer is not UTF-8"
jq -n '{entry: ({x: ("ab" + ("가" * 300) + "\u202e")} | tojson + "\n")}' >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "U+202E"

claim "an unsigned filing is refused"
signed "$work/good"
jq '.entry |= split("\n\n")[0] + "\n"' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "must be signed by its author"

claim "an event of the office that is sent in is refused"
jq -n '{entry: "{\"after\":5,\"at\":\"2026-01-01T00:00:00Z\",\"by\":\"office\",\"filing\":4,\"system\":\"guide\",\"type\":\"system.published\",\"version\":2}\n"}' >"$work/body"
post_event "$work/body"
sent_refused 403 denied "cannot be sent in"

claim "an entry that was changed after it was signed is refused"
jq '.entry |= sub("\"after\":[0-9]+"; "\"after\":4")' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 403 denied "does not verify"

claim "an entry that is not canonical is refused"
jq '.entry |= sub("\\{"; "{ ")' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "must be canonical"

claim "an entry of a type that there is not is refused"
jq '.entry |= sub("system.filed"; "system.fired")' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "is not a type of event"

claim "an entry with a member that its type does not have is refused"
jq '.entry |= sub("\"type\":\"sys"; "\"thing\":1,\"type\":\"sys")' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "a member that this type does not have"

claim "a content other than the one that was signed is refused"
jq '.content |= (fromjson | .record.system_version = "3" | tojson)' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "not the one it names"

claim "a signed entry without its content is refused"
jq 'del(.content)' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "its content is missing"

claim "a content without a salt is refused"
jq '.content |= (fromjson | .salt = "" | tojson)' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "salt"

claim "a content that is not JSON, repeats a member or is too deep is refused"
jq '.content = "{"' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "not JSON"
jq '.content = "{\"a\":1,\"a\":2}"' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "duplicate object key"
jq '.content = ("[" * 100)' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "deeper than 32 levels"

claim "a content with a forbidden character is refused"
jq '.content |= (fromjson | .record.goal.en = "a\u202eb" | tojson)' "$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "U+202E"

claim "a record that breaks the standard is refused with all problems, in the sender's language"
jq '.content |= (fromjson | .record.colour = "red" | .record.goal.en = "<b>x</b>" | tojson)' \
	"$work/good" >"$work/body"
post_event "$work/body"
sent_refused 400 invalid "breaks 2 of the standard's rules"
same "problems" 2 "$(jq '.problems | length' "$work/out")"
same "texts" 2 "$(jq '.texts | length' "$work/out")"

claim "an entry that was signed long ago is refused with what to do"
record '.system_version = "2old"' "$work/old.json"
fast
rm "$work/body"
by_clock -2d "$GAYA" file --server "$url" --key "$work/tourism.key" --system $slug --yes \
	--save "$work/body" "$work/old.json" >"$work/out" 2>"$work/err" </dev/null
careful
post_event "$work/body"
sent_refused 400 invalid "set the clock, or sign again"

claim "of two filings that race, one is taken; the other is a conflict and says what to do"
record '.system_version = "2b"' "$work/other.json"
run file --server "$url" --key "$work/tourism.key" --system $slug --yes --save "$work/second" \
	"$work/other.json"
exits 0
for racer in good second; do
	curl -s -o "$work/$racer.out" -w '%{http_code}' --data-binary "@$work/$racer" \
		"$url/api/v1/events" >"$work/$racer.code" &
	eval "$racer=\$!"
done
wait "$good" "$second"
same "statuses" "201 409" "$(cat "$work/good.code" "$work/second.code" | sed 's/.../&\n/g' | sort | xargs)"
grep -q "changed meanwhile" "$work/good.out" "$work/second.out" || fault "not said: changed meanwhile"
same "entries in the log" $((log_before + 1)) "$(log_size)"
winner=good
[ "$(cat "$work/second.code")" = 201 ] && winner=second && mv "$work/other.json" "$work/changed.json"
remember_log

claim "the same signed entry is not taken twice"
post_event "$work/$winner"
sent_refused 409 conflict "changed meanwhile"

claim "the record that is published already is not filed again"
must office --data "$data" approve $slug
remember_log
try "$work/changed.json"
refused 5 "the same as version 2"
says "no field changes"

claim "a revoked key is refused"
must office --data "$data" key-revoke tourism "@$work/tourism.vkey"
remember_log
record '.system_version = "9"' "$work/other.json"
try "$work/other.json"
refused 3 "was revoked for department tourism"

claim "a revoked key never comes back"
run office --data "$data" key-grant tourism "@$work/tourism.vkey"
refused 5 "never comes back"

# --- where it is sent ---

claim "an address where nothing listens is told"
run file --server http://127.0.0.1:1 --key "$work/water.key" --system other --yes "$work/record.json"
exits 12
says "is the server running?"

claim "an address that is no register is told"
run file --server "$url/ko" --key "$work/water.key" --system other --yes "$work/record.json"
exits 12
says "not as a register does: is the address right?"

claim "an address that is not one is wrong input"
run file --server "gopher://x" --key "$work/water.key" --system other --yes "$work/record.json"
exits 2
says "not an http or https address"

claim "an address with bytes that are no characters is refused, and one that is not encoded is read"
for path in "/ko/$(printf '\377')" "/ko/systems?q=$(printf '\377')" "/ko/systems/$(printf '\377')" \
	"/api/v1/systems/$(printf '\377')" "/log/entry/$(printf '\377')" "/$(printf '\355\240\200')"; do
	page "$path"
	case $code in
	400 | 404) ;;
	*) fault "status $code" ;;
	esac
done
page "/ko/systems?q=관광"
answers 200
prints "관광</mark> 맞춤 추천 (예시)"

claim "the server is still the one that was started"
kill -0 "$server" || fault "it died: $(tail -n 5 "$work/served.err")"
stop_server
same "exit status" 0 "$status"

claim "refused signatures and a revoked key in use are in the journal, each kind with its count and nobody's name"
for kind in signature revoked_key rights; do
	told=$(sed -n "s/.*security: kind=$kind count=\([0-9]*\): .*/\1/p" "$work/served.err" | awk '{n += $1} END {print n}')
	[ "${told:-0}" -ge 1 ] || fault "$kind: ${told:-nothing} told"
	[ "$(grep -c "kind=$kind " "$work/served.err")" -le 2 ] || fault "$kind: more lines than minutes and an end"
done
grep "security: " "$work/served.err" | grep -E "tourism|127\.0\.0|guide" && fault "somebody is named"

claim "what was taken and what was refused leave a register that verifies"
run verify "$data"
exits 0

finish
