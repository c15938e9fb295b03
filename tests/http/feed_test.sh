#!/bin/bash
# Feeds: valid Atom with past events and upcoming reviews; and the city's coverage on pages.
. "$(dirname "$0")/lib.sh"
demo
serve
slug=civil-kiosk
department=$(sql "SELECT department FROM system WHERE slug = '$slug'")
zone=Asia/Seoul

feed() { # path -> $work/lines: what the feed says, a line an entry
	get "$1"
	[ "$status" = 200 ] || { echo "status $status"; return 1; }
	python3 tests/http/feed_check.py "$work/body" "$url" >"$work/lines"
}
says_line() { # grep pattern
	grep -qE -- "$1" "$work/lines" || { echo "no line $1"; head -n 3 "$work/lines"; return 1; }
}
milestones() { # WHERE …: how many of its entries a feed has at most
	sql "SELECT min(count(*), 50) FROM milestone m JOIN system s ON s.slug = m.system $1"
}
happened() {
	grep -cE '^(system|kpi|incident)\.' "$work/lines"
}

for lang in ko en; do
	for path in /$lang /$lang/systems/$slug /$lang/departments/$department /$lang/departments/library; do
		check "$path/feed.atom is an Atom feed" feed $path/feed.atom
		check "and no larger than what it is of" [ "$(wc -l <"$work/lines")" -le 200 ]
	done
	check "the register's feed has the newest happenings" all "feed /$lang/feed.atom" \
		'is "$(milestones "")" "$(happened)"'
	check "a system's has its own" all "feed /$lang/systems/$slug/feed.atom" \
		'is "$(milestones "WHERE s.slug = '\'$slug\''")" "$(happened)"' \
		'is "" "$(grep "^system" "$work/lines" | grep -v " /'$lang'/systems/'$slug'\(/versions/[0-9]*\)\? ")"'
	check "a department's has those of its systems" all "feed /$lang/departments/$department/feed.atom" \
		'is "$(milestones "WHERE s.department = '\'$department\''")" "$(happened)"'
	for page in /$lang/ /$lang/systems/$slug /$lang/departments/$department; do
		get "$page"
		check "$page names its feed in its head and shows it" is 2 \
			"$(grep -coE "(application/atom\+xml.*|<p><a |<li><a class=\"button second\" )href=\"${page%/}/feed.atom\"" "$work/body")"
	done
done
get "/ko/systems/$slug/versions/1"
check "an old version names none" body_lacks feed.atom
get /ko/systems/none/feed.atom
check "there is no feed of what there is not" status_is 404
get /ko/departments/none/feed.atom
check "nor of a department that there is not" status_is 404

# Ids outlive addresses and are the same in each feed.
ids() {
	grep -oP '<id>\K[^<]*/(entry|review)/[^<]*' "$work/body" | sort
}
feed /en/feed.atom && ids >"$work/all"
feed "/en/systems/$slug/feed.atom" && ids >"$work/own"
check "an entry has one id in all feeds of its language" is 1 \
	"$(sed -E 's,/(entry|review)/[^/]*(/[^/]*)?$,,' "$work/all" "$work/own" | sort -u | wc -l)"
stop
serve --base https://ai.gimhae.example
get /en/feed.atom
check "and keeps it under another address" is "$(cat "$work/all")" "$(ids)"
check "where all links are of that address" body_lacks "127.0.0.1"
stop
serve

# Reviews. The record itself names the day.
file_with() { # jq filter
	fetch "$url/ko/systems/$slug.json" | jq ".record | $1" >"$work/record.json"
	run file --server "$url" --key "$data/demo-keys/$department.key" --system $slug --yes "$work/record.json"
	[ "$status" = 0 ] || { cat "$work/err"; return 1; }
	office "{\"do\": \"approve\", \"system\": \"$slug\"}"
}
day() { TZ=$zone date -d "$1" +%F; }
review_of() { # a line of the system's review: term, address, day
	feed "/en/systems/$slug/feed.atom"
	sed -n 's/^\(review[^ ]*\) [^ ]* \([^T]*\)T.*/\1 \2/p' "$work/lines"
}
check "a review far away is not told" all 'file_with ".revision_date = \"$(day "+31 days")\""' 'is "" "$(review_of)"'
check "one that is near is, dated by the day from which it is" all 'file_with ".revision_date = \"$(day "+30 days")\""' \
	'is "review.soon $(day today)" "$(review_of)"'
near=$(grep -oP '<id>\K[^<]*/review/[^<]*' "$work/body")
check "its id has the system and the day" is "en/review/$slug/$(day "+30 days")" "${near#*log/}"
check "today is not too late" all 'file_with ".revision_date = \"$(day today)\""' \
	'is "review.soon $(day "-30 days")" "$(review_of)"'
check "yesterday is" all 'file_with ".revision_date = \"$(day yesterday)\""' \
	'is "review.overdue $(day today)" "$(review_of)"'
check "also in the department's feed and the register's" all \
	'feed "/ko/departments/$department/feed.atom"' 'says_line "^review.overdue /ko/systems/$slug "' \
	'feed /ko/feed.atom' 'says_line "^review.overdue /ko/systems/$slug "'
check "and counted with the department" is 1 \
	"$(fetch "$url/api/v1/departments/$department" | jq .completeness.overdue)"
get "/en/departments/$department"
check "whose page says so in a sentence" body_has "1 review is overdue."

# What somebody wrote stays a text.
name='A & B <script>alert(1)</script> ]]> \"x\"'
check "markup in a reason is escaped" all \
	'office "{\"do\": \"suspend\", \"system\": \"$slug\", \"reason\": {\"en\": \"$name\"}}"' \
	'feed "/en/systems/$slug/feed.atom"' 'body_lacks "<script>"' 'body_has "A &amp; B &lt;script&gt;"' \
	'says_line "^system.suspended"'
check "a retired system is not to be reviewed" all \
	'office "{\"do\": \"retire\", \"system\": \"$slug\", \"reason\": {\"en\": \"Replaced.\"}}"' \
	'feed "/en/systems/$slug/feed.atom"' 'body_has "Reason: Replaced."' 'is "" "$(grep ^review "$work/lines")"'

happenings() { # language -> names of its messages of one kind
	jq -r "keys[] | select(startswith(\"$2_\")) | sub(\"^$2_\"; \"\")" web/messages/"$1".json | grep -vE "^(standard|policy)_"
}
for lang in ko en; do
	check "whatever can happen to a system has its summary in $lang" is "" \
		"$(comm -23 <(happenings $lang happened | sort) <(happenings $lang feed | sort))"
done

# Coverage.
get /en/departments
check "the list has each department's badge" body_has 'cover-systems' 'cover-declared_none">Uses no AI<' \
	'cover-silent">Has yet to say<'
counts() { # as the page shows them
	grep -oP '<dd>\K[0-9]+(?=</dd>)' "$work/body" | tr '\n' ' '
}
check "and counts of the whole city, as the API has them" \
	is "$(fetch "$url/api/v1/departments" | jq -r '.coverage | "\(.systems) \(.declared_none) \(.silent) "')" "$(counts)"
get /en/departments/tax
check "the page of one that uses none has its statement" body_has "This department states that it uses no AI" \
	"officers decide on reductions"
get /ko/departments/safety
check "that of a silent one says that it is" body_has "AI를 쓰는지 아직 알리지 않은 부서입니다"
get /en/departments/industry
check "that of one whose statement lapsed says what ended it" body_has "Earlier statements of using no AI" \
	"the department published an AI system" "1 AI system"
get /ko/
check "the home page has the city's coverage in a line" body_has \
	"부서 17곳: 등록 14, 쓰지 않음 2, 아직 알리지 않음 1"
run declare --server "$url" --key "$data/demo-keys/safety.key" --yes "ko=쓰지 않습니다." "en=<b>None</b>"
get /ko/
check "which changes with the next declaration" body_has "쓰지 않음 3, 아직 알리지 않음 0"
get /en/departments/safety
check "whose words are shown as they were written" body_has "&lt;b&gt;None&lt;/b&gt;"
all_done
