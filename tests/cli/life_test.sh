#!/bin/bash
# The whole life of a system, from an empty folder to retirement, by the commands of the department and the
# office, as seen on citizens' pages.
. "$(dirname "$0")/lib.sh"

origin=ai.gimhae.example/log
data=$work/register
slug=tourism-recommender

claim "init makes a register and says what to keep safe"
run init --data "$data" --origin $origin
exits 0
prints "log.key"
same "who may look into the folder" 700 "$(stat -c %a "$data")"

claim "init never makes a register over another"
run init --data "$data" --origin $origin
exits 5
says "holds a register already"

claim "key new prints the public line and says what the office runs next"
run key new --origin $origin --department tourism --out "$work/tourism.key"
exits 0
prints "$origin/tourism+"
says "key-grant tourism $(cat "$work/out")"
same "who may read the key" 600 "$(stat -c %a "$work/tourism.key")"
cp "$work/out" "$work/tourism.vkey"

claim "key show prints the same line again"
run key show "$work/tourism.key"
exits 0
prints "$(cat "$work/tourism.vkey")"

claim "the office adds a department while no server runs"
run office --data "$data" department-add tourism --name "ko=관광과" --name "en=Tourism Division"
exits 0
prints "entry 2"

serve "$data"

claim "the office grants a key while a server runs, through its socket"
run office --data "$data" key-grant tourism "@$work/tourism.vkey"
exits 0
prints "entry 3"

claim "a department files a new system and is told where it can be found"
record . "$work/record.json"
run file --server "$url" --key "$work/tourism.key" --system $slug --yes "$work/record.json"
exits 0
prints "entry 4: $url/log/entry/4"
prints "$url/en/systems/$slug"
says "is new in the register"
says "Personal travel suggestions (example)"

claim "on a terminal it asks first, and no is no"
before=$(log_size)
printf 'n\n' | script -qec "'$GAYA' file --server $url --key $work/tourism.key --system $slug $work/record.json" \
	/dev/null >"$work/out" 2>&1
same "exit status" 1 $?
prints "Sign this and send it in? [y/N]"
prints "nothing was sent"
same "entries in the log" "$before" "$(log_size)"

claim "what is filed shows on no page before the office approves it"
page /ko/systems/$slug
answers 404

claim "the office sees what waits"
run office --data "$data" waiting
exits 0
prints "4      $slug by tourism"

claim "a filing that waits is not filed again"
remember_log
run file --server "$url" --key "$work/tourism.key" --system $slug --yes "$work/record.json"
exits 5
says "the same as the filing at entry 4, which waits for the office"
log_is_unchanged

claim "a filing that differs is told that it replaces the one that waits"
record '.system_version = "0.5a"' "$work/first.json"
must file --server "$url" --key "$work/tourism.key" --system $slug --yes --save "$work/unsent" "$work/first.json"
says "entry 4 waits for the office; this one would replace it"
printf 'y\n' | script -qec "'$GAYA' file --server $url --key $work/tourism.key --system $slug $work/first.json" \
	/dev/null >"$work/out" 2>&1
same "exit status" 0 $?
prints "entry 5"
run office --data "$data" approve $slug --filing 4
exits 5
says "was replaced by the one at entry 5"

claim "an entry that is no filing, or one of another system, is told as such"
run office --data "$data" approve $slug --filing 1
exits 4
says "entry 1 is not a filing; \`gaya office waiting\` lists those that wait"
run office --data "$data" show-filing 1
exits 4
says "entry 1 is not a filing"
run office --data "$data" approve other-system --filing 5
exits 2
says "is of the system \"$slug\", not of \"other-system\""

claim "the office reads a filing with labels and all languages"
run office --data "$data" show-filing 5
exits 0
prints "filed by tourism"
prints "관광 맞춤 추천 (예시)"
prints "Personal travel suggestions (example)"
prints "Risk"

claim "in Korean the labels are Korean"
export LC_ALL=ko_KR.UTF-8
run office --data "$data" show-filing 5
export LC_ALL=C.UTF-8
exits 0
prints "목적"

claim "a decision that does not name what it was made on is refused, with the command that does"
remember_log
run office --data "$data" approve $slug
exits 2
says "gaya office --data $data approve $slug 5"
says "name the entry or version that you decide on"
log_is_unchanged

claim "on a terminal it shows the filing and asks, and no is no"
printf 'n\n' | script -qec "'$GAYA' office --data $data approve $slug" /dev/null >"$work/out" 2>&1
same "exit status" 1 $?
prints "Personal travel suggestions (example)"
prints "approve, filing 5"
prints "Confirm this decision? [y/N]"
log_is_unchanged

claim "the office approves the filing that it read, and version 1 is published"
printf 'y\n' | script -qec "'$GAYA' office --data $data approve $slug" /dev/null >"$work/out" 2>&1
same "exit status" 0 $?
prints "entry 6 publishes version 1"

claim "the page shows the record in both languages"
page /ko/systems/$slug
answers 200
prints "관광 맞춤 추천 (예시)"
page /en/systems/$slug
answers 200
prints "Personal travel suggestions (example)"

claim "a change is shown word by word before it is signed"
record '.goal.en += " And to tell them of Gaya." | .system_version = "0.6"' "$work/changed.json"
run file --server "$url" --key "$work/tourism.key" --system $slug --yes "$work/changed.json"
exits 0
says "changes of $slug since version 1"
says "{+ And to tell them of Gaya.+}"
says "[-0.5a-]{+0.6+}"
prints "entry 7"

claim "colours appear on a terminal only"
grep -q "$(printf '\033')" "$work/err" && fault "colours in a file"
script -qec "'$GAYA' office --data '$data' show-filing 7" /dev/null >"$work/out" 2>&1 </dev/null
prints "$(printf '\033[32m')"

claim "the approved change has a page that shows what was added"
must office --data "$data" approve $slug --filing 7
page /en/systems/$slug/versions/2/changes
answers 200
grep -q '<ins[^>]*>[^<]*tell them of Gaya' "$work/out" || fault "no <ins> with the added words"

claim "a filing that is returned leaves the page as it was"
record '.goal.en = "Something else."' "$work/other.json"
must file --server "$url" --key "$work/tourism.key" --system $slug --yes "$work/other.json"
decide office --data "$data" return $slug --reason "ko=근거가 없습니다." --reason "en=No grounds are given."
exits 0
page /en/systems/$slug
prints_not "Something else."

claim "its department reads why, on the API and when it files again"
page /api/v1/systems/$slug
same "the latest filing" '["returned","No grounds are given."]' \
	"$(jq -c '.latest_filing | [.outcome, .reason.en]' "$work/out")"
run file --server "$url" --key "$work/tourism.key" --system $slug --yes --save "$work/again" "$work/other.json"
exits 0
says "the office returned the latest filing"
says "No grounds are given."
export LC_ALL=ko_KR.UTF-8
run file --server "$url" --key "$work/tourism.key" --system $slug --yes --save "$work/again.ko" "$work/other.json"
export LC_ALL=C.UTF-8
says "근거가 없습니다."

claim "what is decided on an older version is a conflict"
remember_log
run office --data "$data" suspend $slug 1 --reason en=Late
exits 5
says "this was decided on version 1, but the newest version is 2"
log_is_unchanged

claim "a suspended system says why, and a resumed one is in use again"
run office --data "$data" suspend $slug 2 --reason "ko=오류를 고칩니다." --reason "en=A fault is being mended."
exits 0
page /en/systems/$slug
prints "A fault is being mended."
decide office --data "$data" resume $slug --reason "ko=고쳤습니다." --reason "en=It is mended."
exits 0
page /en/systems/$slug
prints_not "A fault is being mended."

claim "a citizen asks, and the question waits for the office"
code=$(ask $slug "광고비를 받습니까?" "citizen@example.org")
must office --data "$data" waiting --json
id=$(jq -r '.feedback[0].feedback' "$work/out")
same "the question" "광고비를 받습니까?" "$(jq -r '.feedback[0].text' "$work/out")"
same "the receipt's length" 32 "${#code}"

claim "only the office, with the contact key, reads the e-mail address left with a question"
run office --data "$data" contact "$id"
exits 0
prints "citizen@example.org"
grep -a -q citizen@example.org "$data"/register.db* "$data"/model/* && fault "the address lies open in the database"

claim "an answer to a question that is not published is refused"
remember_log
run answer --server "$url" --key "$work/tourism.key" "$id" "ko=아니요." "en=No." --yes
exits 5
says "publish it first"
log_is_unchanged

claim "what looks like personal data in an answer is named before it is sent, whoever answers"
remember_log
run answer --server "$url" --key "$work/tourism.key" "$id" "ko=010-1234-5678로 전화하십시오." "en=Write to a@b.kr." </dev/null
exits 1
says "the answer (ko) has what looks like personal data: 010-1234-5678."
says "the answer (en) has what looks like personal data: a@b.kr."
run office --data "$data" feedback-answer "$id" --text "ko=901010-1234567" --text "en=No."
exits 2
says "the answer (ko) has what looks like personal data: 901010-1234567."
log_is_unchanged

claim "a published question is answered by its department, and both are on the page"
must office --data "$data" feedback-publish "$id"
run answer --server "$url" --key "$work/tourism.key" "$id" "ko=받지 않습니다." "en=No, we take none." --yes
exits 0
says "광고비를 받습니까?"
prints "$url/en/systems/$slug/feedback"
page /ko/systems/$slug/feedback
prints "광고비를 받습니까?"
prints "받지 않습니다."
page /en/systems/$slug/feedback
prints "No, we take none."

claim "the office answers too, and withholds what must not be shown, with a reason"
must office --data "$data" waiting --json
same "answered questions that wait" 0 "$(jq '.unanswered | length' "$work/out")"
run office --data "$data" feedback-answer "$id" --text "ko=확인했습니다." --text "en=Confirmed."
exits 2
says "feedback-answer $id --text ko=확인했습니다. --text en=Confirmed. 1"
answered=$(sed -n 's/^ .* //p' "$work/err")
run office --data "$data" feedback-answer "$id" $((answered - 1)) --text "ko=늦음" --text "en=Late"
exits 5
says "the latest about this question is entry $answered: look at that first"
run office --data "$data" feedback-answer "$id" "$answered" --text "ko=확인했습니다." --text "en=Confirmed."
exits 0
ask $slug "010-1234-5678로 전화 주세요" "" >/dev/null
must office --data "$data" waiting --json
other=$(jq -r '.feedback[0].feedback' "$work/out")
run office --data "$data" feedback-withhold "$other" "$(jq '.feedback[0].entry' "$work/out")" --reason "ko=전화번호가 있습니다." --reason "en=It holds a telephone number."
exits 0
page /ko/systems/$slug/feedback
prints_not "010-1234-5678"

claim "a withheld question is answered only to the person who asked"
decide office --data "$data" feedback-answer "$other" --text "ko=전화로 알려 드렸습니다." --text "en=We called you."
exits 0
page /ko/systems/$slug/feedback
prints_not "전화로 알려 드렸습니다."
must office --data "$data" feedback-show "$other"
prints "answered only to the person who asked (ko): 전화로 알려 드렸습니다."

claim "to publish what was withheld asks first, and shows what and why"
remember_log
run office --data "$data" feedback-publish "$other"
exits 3
prints "010-1234-5678"
prints "withheld because (ko): 전화번호가 있습니다."
says "add --yes"
log_is_unchanged

claim "a question that was never withheld is published without being asked about it"
ask $slug "언제부터 쓰나요?" "" >/dev/null
must office --data "$data" waiting --json
must office --data "$data" feedback-publish "$(jq -r '.feedback[0].feedback' "$work/out")"

claim "and is done where somebody says so"
decide office --data "$data" feedback-publish "$other" --yes
exits 0
page /ko/systems/$slug/feedback
prints "010-1234-5678"
prints_not "전화로 알려 드렸습니다."
must office --data "$data" feedback-withhold "$other" --reason "ko=전화번호가 있습니다." --reason "en=It holds a telephone number."

claim "an e-mail address is erased on request, once"
run office --data "$data" feedback-forget "$id"
exits 0
prints "is erased"
run office --data "$data" contact "$id"
exits 4
says "no e-mail address is kept"

claim "an erased content is gone, with the reason in its place"
sha256=$(fetch "$url/log/entry/4" | head -n 1 | jq -r .content.sha256)
run office --data "$data" erase "$sha256" --reason "ko=개인정보가 있었습니다." --reason "en=It held personal data."
exits 0
page "/log/content/$sha256"
answers 410

claim "a retired system keeps its page, with the reason and its successor"
record '.name.en = "Travel suggestions, second edition"' "$work/next.json"
must file --server "$url" --key "$work/tourism.key" --system tourism-planner --yes "$work/next.json"
must office --data "$data" approve tourism-planner
record '.name.en = "Unread"' "$work/unread.json"
must file --server "$url" --key "$work/tourism.key" --system $slug --yes "$work/unread.json"
unread=$(sed -n 's/.*filed as entry \([0-9]*\):.*/\1/p' "$work/out")
run office --data "$data" retire $slug 2 --reason "ko=새 서비스로 바뀌었습니다."
exits 5
says "the filing at entry $unread waits, and retiring the system sets it aside"
run office --data "$data" retire $slug 2 --filing "$unread" --reason "ko=끝" --reason "en=End" --successor nowhere
says "the successor \"nowhere\" is no published system of this register: give the last part of its page's address"
run office --data "$data" retire $slug 2 --filing "$unread" --reason "ko=끝" --reason "en=End" --successor $slug
says "a system cannot be its own successor"
run office --data "$data" retire $slug 2 --filing "$unread" --reason "ko=새 서비스로 바뀌었습니다." \
	--reason "en=A new service takes its place." --successor tourism-planner
exits 0
page /en/systems/$slug
answers 200
prints "A new service takes its place."
prints "/en/systems/tourism-planner"

claim "a retired system takes no more filings"
remember_log
run file --server "$url" --key "$work/tourism.key" --system $slug --yes "$work/changed.json"
exits 5
says "is retired"
log_is_unchanged

claim "a server stops on SIGTERM without an error"
stop_server
same "exit status" 0 "$status"

claim "the rebuilt read model is the one that was served, row for row"
rows() { # of all tables; how an index of FTS5 lies in its own depends on what came when
	local file
	for file in "$data/register.db" "$data"/model/*.db; do
		sqlite3 "$file" "SELECT '.dump ' || name FROM pragma_table_list WHERE schema = 'main'
			AND type = 'table' AND name NOT LIKE 'sqlite%'" | sqlite3 "$file"
	done | grep '^INSERT' | sort
}
rows >"$work/before.sql"
[ -s "$work/before.sql" ] || fault "nothing was read"
run rebuild --data "$data"
exits 0
prints "folded "
rows >"$work/after.sql"
cmp -s "$work/before.sql" "$work/after.sql" || fault "$(diff "$work/before.sql" "$work/after.sql" | head -n 5)"

claim "verify finds the register whole"
run verify "$data"
exits 0

finish
