#!/bin/bash
# The office's commands, and the rule that only one process writes a register.
. "$(dirname "$0")/lib.sh"

origin=ai.gimhae.example/log
data=$work/register
id=0123456789abcdef0123456789abcdef
must init --data "$data" --origin $origin
must office --data "$data" department-add tourism --name en=Tourism

claim "without a server the office writes the register itself"
run office --data "$data" department-add water --name "ko=수도과" --name "en=Water" --about "en=Pipes."
exits 0
prints "entry 3"

serve "$data"
remember_log

claim "a second server on the same folder is told that there is one"
run serve --data "$data" --listen 127.0.0.1:0
exits 7
says "in use by another gaya process"
page /healthz
answers 200

claim "with a server the same command goes through its socket"
run office --data "$data" department-add roads --name en=Roads
exits 0
prints "entry 4"
page /en/departments
answers 200
prints Roads

claim "--json prints the raw reply"
run office --data "$data" waiting --json
exits 0
same "filings" 0 "$(jq '.filings | length' "$work/out")"

remember_log
refused() { # exit status, what is said
	exits "$1"
	says "$2"
	log_is_unchanged
}

claim "an operation that there is not is wrong usage, with the list of those that there are"
run office --data "$data" destroy everything
refused 2 "there is no operation \"destroy\""
says "feedback-withhold ID"

claim "no operation is wrong usage"
run office --data "$data"
refused 2 "an operation is needed"

claim "no folder is wrong usage"
run office approve x
refused 2 "--data DIR is needed"

claim "a missing argument is wrong usage, with that operation's usage"
run office --data "$data" approve
refused 2 "approve needs more: system"
says "approve SYSTEM FILING"

claim "a missing reason is wrong usage"
run office --data "$data" suspend guide
refused 2 "suspend needs --reason"

claim "a text that does not say its language is refused, and none is guessed"
for reason in "Out of order." "=x" "Korean=x" "KO=x"; do
	run office --data "$data" suspend guide --reason "$reason"
	refused 2 "say in which language: ko=… or en=…"
done
echo '{"Korean": "x"}' >"$work/reason.json"
run office --data "$data" department-add lost --name "@$work/reason.json"
refused 2 "\"Korean\" is not the tag of a language"

claim "an argument too many is wrong usage"
run office --data "$data" approve one 2 three
refused 2 "\"three\" is one argument too many"

claim "an option that the operation has no use for is wrong usage"
run office --data "$data" approve guide --reason en=fine
refused 2 "approve takes no --reason"

claim "an option that there is not is wrong usage"
run office --data "$data" approve guide --force
refused 2 "there is no option \"--force\""

claim "a filing's number must be one"
run office --data "$data" approve guide two
refused 2 "is not the number of an entry"
run office --data "$data" show-filing twelve
refused 2 "is not the number of an entry"

claim "what does not exist is not found"
run office --data "$data" approve nothing
refused 4 "there is no system \"nothing\""
run office --data "$data" suspend nothing --reason en=x
refused 4 "there is no system \"nothing\""
run office --data "$data" show-filing 99
refused 4 "entry 99 is not a filing; \`gaya office waiting\` lists those that wait"
run office --data "$data" key-grant nowhere "$origin/nowhere+00000000+AAAA"
exits 2
run office --data "$data" feedback-publish $id
refused 4 "there is no feedback with this id"
run office --data "$data" contact $id
refused 4 "no e-mail address is kept"
run office --data "$data" erase "$(printf '%064d' 0)" --reason en=x
refused 4 "the register holds no content"

claim "a name that is no slug is refused"
run office --data "$data" department-add "Water Works" --name en=x
refused 2 "\"department\" has a wrong value: it must be small letters a-z, digits and single hyphens"

claim "a key that is none is refused"
run office --data "$data" key-grant water "not a key"
refused 2 "\"key\" has a wrong value: it must be the line that gaya key new printed"
run office --data "$data" key-revoke water "not a key"
refused 2 "\"key\" has a wrong value: it must be the line that gaya key new printed"

claim "a key of another department is refused"
must key new --origin $origin --department tourism --out "$work/tourism.key"
cp "$work/out" "$work/tourism.vkey"
run office --data "$data" key-grant tourism "@$work/tourism.key"
refused 2 "this is the private key"
run office --data "$data" key-grant water "@$work/tourism.vkey"
refused 2 "must be an Ed25519 key named $origin/water"

claim "a key is granted once, and revoked once"
run office --data "$data" key-grant tourism "$(cat "$work/tourism.vkey")"
exits 0
run office --data "$data" key-revoke tourism "$(cat "$work/tourism.vkey")"
exits 0
remember_log
run office --data "$data" key-revoke tourism "$(cat "$work/tourism.vkey")"
refused 5 "revoked before"

claim "a name that is not UTF-8 is refused"
run office --data "$data" department-add latin --name "en=caf$(printf '\351')"
refused 2 ""

claim "a name of which nothing is seen is refused as empty, and named"
run office --data "$data" department-add unseen --name "ko=$(printf '\342\240\200')"
refused 2 'the text "name.ko" is empty'
run init --data "$work/unseen" --origin unseen.example/log --name "ko=$(printf '\341\205\237')"
exits 2
says 'the register'\''s "name" holds nothing that can be seen in "ko"'

claim "a reason that is too long is refused with the limit"
run office --data "$data" department-add long --name "en=$(printf '%0300d' 0)"
refused 6 "the limit is 200"

claim "a running server folds every entry again, and goes on"
run rebuild --data "$data"
exits 0
prints "folded 7 entries"
page /en/departments
answers 200
prints Roads

claim "a server that was killed leaves a folder that the office can write"
kill -9 "$server"
wait "$server" 2>/dev/null
run office --data "$data" department-add parks --name en=Parks
exits 0
prints "entry 7"

claim "rebuild folds every entry again"
run rebuild --data "$data"
exits 0
prints "folded 8 entries"

claim "that the list was handed over is recorded with the file's hash and its number of services, by hand or through a server"
must export --data "$data" --profile kr-ai-service-list --out "$work/list.csv"
run office --data "$data" list-submitted --file "$work/list.csv" --to ko=행정안전부 --on 2026-01-02
exits 0
prints "a list of 0 services was handed over on 2026-01-02"
prints "$(sha256sum "$work/list.csv" | cut -c -64)"
serve "$data"
must export --data "$data" --profile kr-ai-service-list --format json --out "$work/list.json"
run office --data "$data" list-submitted --file "$work/list.json" --to ko=행정안전부 --note ko=다시 --json
exits 0
same "reply" "[\"$(TZ=Asia/Seoul date +%F)\",0]" "$(jq -c '[.day, .services]' "$work/out")"
page "/log/entry/$(jq .entry "$work/out")"
prints '"type":"list.submitted"'
remember_log

claim "a list of which nobody knows how many services it has, a day to come, and the same again are refused"
printf 'HWP' >"$work/list.hwp"
run office --data "$data" list-submitted --file "$work/list.hwp" --to ko=행정안전부
refused 2 "give --services N"
run office --data "$data" list-submitted --to ko=행정안전부 --services 3
refused 2 "list-submitted needs --file"
run office --data "$data" list-submitted --file "$work/list.hwp" --to ko=행정안전부 --services 3 --on 2999-01-01
refused 2 "still to come"
run office --data "$data" list-submitted --file "$work/list.json" --to ko=행정안전부
refused 5 "says exactly this already"
stop_server

claim "a folder without a register is told, and nothing is made there"
run office --data "$work/none" waiting
exits 4
mkdir "$work/empty"
run serve --data "$work/empty"
exits 4
says "holds no register"

finish
