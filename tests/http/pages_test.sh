#!/bin/bash
# Every route of web/pages/routes.def: its status, type, caching and encodings.
. "$(dirname "$0")/lib.sh"
demo
serve
index=$(sql "SELECT entry FROM version WHERE system = 'civil-chatbot' AND n = 1")
sha256=$(sql "SELECT sha256 FROM version WHERE system = 'civil-chatbot' AND n = 1")
file=$(sql "SELECT sha256 FROM content_state WHERE type = 'application/pdf'")
question=$(sql "SELECT id FROM feedback WHERE state = 'published' LIMIT 1")
none=$(printf 'a%.0s' {1..32})

# pattern in web/pages/routes.def | address | status | type | Cache-Control
asked="public, no-cache"
ever="public, max-age=31536000, immutable"
never=no-store
atom="application/atom+xml; charset=utf-8"
routes="
/{lang}/                                   |/L/                                        |200|$html|$asked
/{lang}/feed.atom                          |/L/feed.atom                               |200|$atom|$asked
/{lang}/systems                            |/L/systems                                 |200|$html|$asked
/{lang}/systems/{slug.}                    |/L/systems/civil-chatbot                   |200|$html|$asked
/{lang}/systems/{slug.}                    |/L/systems/civil-chatbot.md                |200|text/markdown; charset=utf-8|$asked
/{lang}/systems/{slug.}                    |/L/systems/civil-chatbot.json              |200|$json|$asked
/{lang}/systems/{slug}/versions            |/L/systems/civil-chatbot/versions          |200|$html|$asked
/{lang}/systems/{slug}/versions/{n.}       |/L/systems/civil-chatbot/versions/1        |200|$html|$asked
/{lang}/systems/{slug}/versions/{n.}       |/L/systems/civil-chatbot/versions/1.md     |200|text/markdown; charset=utf-8|$asked
/{lang}/systems/{slug}/versions/{n.}       |/L/systems/civil-chatbot/versions/1.json   |200|$json|$asked
/{lang}/systems/{slug}/versions/{n}/changes|/L/systems/civil-chatbot/versions/2/changes|200|$html|$asked
/{lang}/systems/{slug}/feed.atom           |/L/systems/civil-chatbot/feed.atom         |200|$atom|$asked
/{lang}/systems/{slug}/files/{sha256}      |/L/systems/civil-chatbot/files/$file       |404|$html|$never
/{lang}/systems/{slug}/feedback            |/L/systems/civil-chatbot/feedback          |200|$html|$asked
/{lang}/systems/{slug}/consultation        |/L/systems/civil-chatbot/consultation      |404|$html|$never
/{lang}/feedback                           |/L/feedback                                |200|$html|$asked
/{lang}/feedback/                          |/L/feedback/                               |301|$html|$never
/{lang}/feedback/{receipt}                 |/L/feedback/$none                          |404|$html|$never
/{lang}/feedback/{receipt}/receipt.tlog-proof|/L/feedback/$none/receipt.tlog-proof     |404|$html|$never
/{lang}/withholding                        |/L/withholding                             |200|$html|$asked
/{lang}/withholding/                       |/L/withholding/                            |301|$html|$never
/{lang}/departments                        |/L/departments                             |200|$html|$asked
/{lang}/departments/{slug}/feed.atom       |/L/departments/transport/feed.atom         |200|$atom|$asked
/{lang}/departments/{slug}                 |/L/departments/transport                   |200|$html|$asked
/{lang}/policies                           |/L/policies                                |200|$html|$asked
/{lang}/policies/{id}                      |/L/policies/gimhae                         |200|$html|$asked
/{lang}/law                                |/L/law                                     |200|$html|$asked
/{lang}/law/                               |/L/law/                                    |301|$html|$never
/{lang}/verify                             |/L/verify                                  |200|$html|$asked
/{lang}/about                              |/L/about                                   |200|$html|$asked
/{lang}/data                               |/L/data                                    |200|$html|$never
/{lang}/data/                              |/L/data/                                   |301|$html|$never
/data/{file}                               |/data/none.csv                             |404|$html|$never
/{lang}/office                             |/L/office                                  |303|$html|$never
/{lang}/office/duties/{slug}/{policy}/{duty}|/L/office/duties/a/b/c                    |303|$html|$never
/{lang}/office/lists/{list}                |/L/office/lists/filings                    |303|$html|$never
/{lang}/office/filings/{n}                 |/L/office/filings/1                        |303|$html|$never
/{lang}/office/questions/{id}              |/L/office/questions/$none                  |303|$html|$never
/{lang}/office/questions/{id}/answer       |/L/office/questions/$none/answer           |303|$html|$never
/{lang}/office/consultations/{slug}        |/L/office/consultations/civil-chatbot      |303|$html|$never
/{lang}/office/systems                     |/L/office/systems                          |303|$html|$never
/{lang}/office/systems/{slug}              |/L/office/systems/civil-chatbot            |303|$html|$never
/{lang}/office/people                      |/L/office/people                           |303|$html|$never
/{lang}/office/drafts/{id}/sign            |/L/office/drafts/$none/sign                |303|$html|$never
/{lang}/office/prepare/{act}/{id}          |/L/office/prepare/approve/1                |303|$html|$never
/{lang}/office/account                     |/L/office/account                          |303|$html|$never
/{lang}/office/sign-in                     |/L/office/sign-in                          |200|$html|$never
/{lang}/office/rules                        |/L/office/rules                            |303|$html|$never
/{lang}/office/keys/{n}                     |/L/office/keys/1                           |303|$html|$never
/{lang}/office/sign-in/passkey              |/L/office/sign-in/passkey                  |400|$json|$never
/{lang}/office/account/passkey              |/L/office/account/passkey                  |303|$html|$never
/{lang}/office/code                        |/L/office/code                             |200|$html|$never
/{lang}/office/invitation/{token}          |/L/office/invitation/$none                 |404|$html|$never
/office                                    |/office                                    |302|$html|$never
/office/invitation/{token}                 |/office/invitation/$none                   |302|$html|$never
/{lang}/office/reports                     |/L/office/reports                          |303|$html|$never
/{lang}/office/reports/{slug}/incidents    |/L/office/reports/civil-chatbot/incidents  |303|$html|$never
/{lang}/office/reports/{slug}/figures      |/L/office/reports/civil-chatbot/figures    |303|$html|$never
/{lang}/office/drafts                      |/L/office/drafts                           |303|$html|$never
/{lang}/office/files/{sha256}              |/L/office/files/$none                      |303|$html|$never
/{lang}/office/import                      |/L/office/import                           |303|$html|$never
/{lang}/office/import/sheet.csv            |/L/office/import/sheet.csv                 |303|$html|$never
/{lang}/office/drafts/{id}                 |/L/office/drafts/$none                     |303|$html|$never
/{lang}/office/drafts/{id}/supplier        |/L/office/drafts/$none/supplier            |303|$html|$never
/{lang}/supplier/{token}                   |/L/supplier/$none                          |404|$html|$never
/{lang}/office/drafts/{id}/{step}          |/L/office/drafts/$none/identity            |303|$html|$never
/                                          |/                                          |302|$html|$never
/{lang}                                    |/ko                                        |301|$html|$never
/{lang}                                    |/en                                        |301|$html|$never
/{lang}/systems/                           |/L/systems/                                |301|$html|$never
/{lang}/systems/{slug}/                    |/L/systems/civil-chatbot/                  |301|$html|$never
/{lang}/systems/{slug}/versions/           |/L/systems/civil-chatbot/versions/         |301|$html|$never
/{lang}/systems/{slug}/feedback/           |/L/systems/civil-chatbot/feedback/         |301|$html|$never
/{lang}/departments/                       |/L/departments/                            |301|$html|$never
/{lang}/departments/{slug}/                |/L/departments/transport/                  |301|$html|$never
/{lang}/policies/                          |/L/policies/                               |301|$html|$never
/{lang}/verify/                            |/L/verify/                                 |301|$html|$never
/{lang}/about/                             |/L/about/                                  |301|$html|$never
/systems/{slug}                            |/systems/civil-chatbot                     |302|$html|$never
/data                                      |/data                                      |302|$html|$never
/data/                                     |/data/                                     |302|$html|$never
/static/{file}                             |/static/style.css                          |200|text/css; charset=utf-8|$asked
/static/{file}                             |/static/icon.svg                           |200|image/svg+xml; charset=utf-8|$asked
/static/{file}                             |/static/ask.js                            |200|text/javascript; charset=utf-8|$asked
/static/{file}                             |/static/question.js                        |200|text/javascript; charset=utf-8|$asked
/static/{file}                             |/static/verify.js                          |200|text/javascript; charset=utf-8|$asked
/static/{file}                             |/static/verify.ko.json                     |200|$json|$asked
/robots.txt                                |/robots.txt                                |200|$text|$asked
/sitemap.xml                               |/sitemap.xml                               |200|application/xml; charset=utf-8|$asked
/sitemap-{part}                            |/sitemap-1.xml                             |200|application/xml; charset=utf-8|$asked
/.well-known/security.txt                  |/.well-known/security.txt                  |200|$text|$asked
/healthz                                   |/healthz                                   |200|$json|$never
/log/checkpoint                            |/log/checkpoint                            |200|$text|public, max-age=1
/log/checkpoint.cosigned                   |/log/checkpoint.cosigned                   |404|$text|$never
/log/vkey                                  |/log/vkey                                  |200|$text|$asked
/log/keys                                  |/log/keys                                  |200|$json|$asked
/log/tile/{path*}                          |/log/tile/0/000.p/100                      |200|application/octet-stream|$ever
/log/entry/{index}                         |/log/entry/$index                          |200|$text|$ever
/log/content/{sha256}                      |/log/content/$sha256                       |200|$json|$asked
/log/proof/{index}                         |/log/proof/$index                          |200|$text|$asked
/log/consistency/{old}/{new}               |/log/consistency/7/100                     |200|$text|$ever
/api/v1/register                           |/api/v1/register                           |200|$json|$asked
/api/v1/standard                           |/api/v1/standard                           |200|$json|$asked
/api/v1/policies                           |/api/v1/policies                           |200|$json|$asked
/api/v1/policies/{id}                      |/api/v1/policies/kr-ai-basic-act           |200|$json|$asked
/api/v1/standard/schema                    |/api/v1/standard/schema                    |200|application/schema+json|$asked
/api/v1/systems                            |/api/v1/systems                            |200|$json|$asked
/api/v1/systems/{slug}/history             |/api/v1/systems/civil-chatbot/history      |200|$json|$asked
/api/v1/systems/{slug}                     |/api/v1/systems/civil-chatbot              |200|$json|$asked
/api/v1/departments                        |/api/v1/departments                        |200|$json|$asked
/api/v1/departments/{slug}                 |/api/v1/departments/library                |200|$json|$asked
/api/v1/files/{sha256}                     |/api/v1/files/$file                        |200|$json|$asked
/api/v1/withholding                        |/api/v1/withholding                        |200|$json|$asked
/api/v1/feedback                           |/api/v1/feedback                           |200|$json|$asked
/api/v1/feedback/{id}                      |/api/v1/feedback/$question                 |200|$json|$asked
"
routes() { # the rows above, without blanks around the cells; L is each language in turn
	sed '/./!d; s/ *| */|/g' <<<"$routes" | while read -r row; do
		if [[ $row == *"|/L/"* ]]; then
			echo "${row//|\/L\//|/ko/}"
			echo "${row//|\/L\//|/en/}"
		else
			echo "$row"
		fi
	done
}

undecoded() { # encoding, path: curl decodes, the bytes must be those without encoding
	get "$2" -H "Accept-Encoding: $1" --compressed
	header_is Content-Encoding "$1" || return 1
	same_bytes "$work/body" "$work/plain"
}

# The page of downloads says how large each is, once it was made.
get /ko/data
for file in $(grep -o '"/data/[^"]*"' "$work/body" | tr -d '"' | sort -u); do get "$file"; done

while IFS='|' read -r pattern path want type keep; do
	request "$work/plain" "$work/head" "$url$path"
	status=${reply%% *}
	check "GET $path" all "status_is $want" 'header_is Content-Type "$type"' \
		'header_is Cache-Control "$keep"' secured 'header_is Vary Accept-Encoding'
	find_header ETag
	etag=$value
	find_header Content-Length
	length=$value
	get "$path" -I
	check "HEAD $path: the same head and no body" all "status_is $want" \
		'header_is Content-Length "$length"' 'header_is ETag "$etag"'
	case $path in
	/log/* | /api/* | /data/*) check "$path may be read from other sites' pages" \
		header_is Access-Control-Allow-Origin '*' ;;
	*) check "$path may not be read from other sites' pages" \
		header_is Access-Control-Allow-Origin '' ;;
	esac
	[ "$want" = 200 ] && [ "$keep" != "$never" ] || continue
	get "$path" -H "If-None-Match: $etag"
	check "$path is not sent again to who has it" all "status_is 304" secured '[ ! -s "$work/body" ]' \
		'header_is ETag "$etag"' 'header_is Cache-Control "$keep"' 'header_is Vary Accept-Encoding'
	get "$path" -H "If-None-Match: W/$etag, \"other\""
	check "$path is known by a weak tag among others" status_is 304
	get "$path" -H 'If-None-Match: "other"'
	check "$path is sent to who has another" all "status_is 200" 'same_bytes "$work/body" "$work/plain"'
	case $type in
	text/* | *json | *xml*) [ "${length:-0}" -ge 512 ] || continue ;;
	*) get "$path" -H "Accept-Encoding: gzip, br"
		check "$path is not packed a second time" header_is Content-Encoding ''
		continue ;;
	esac
	for encoding in gzip br; do
		check "$path as $encoding has the same bytes" undecoded $encoding "$path"
	done
done < <(routes)

untested() { # patterns of web/pages/routes.def that no row above has
	grep -oP '^ROUTE\(GET, *"\K[^"]*' web/pages/routes.def |
		grep -vxF -f <(sed '/./!d; s/ *|.*//' <<<"$routes")
}
check "every GET route of web/pages/routes.def is in the table of this test" not untested

get /ko/ -H 'Accept-Encoding: gzip;q=0, br;q=0'
check "an encoding of weight 0 is not used" header_is Content-Encoding ''
get /ko/ -H 'Accept-Encoding: br;q=0, gzip;q=0.5'
check "the encoding that is accepted is used" header_is Content-Encoding gzip

languages() { # Accept-Language, expected
	get / -H "Accept-Language: $1"
	is "302 /$2/" "$status $(header Location)"
}
check "/ leads a Korean browser to Korean" languages 'ko-KR,ko;q=0.9,en-US;q=0.8' ko
check "/ leads an English browser to English" languages 'en-GB,en;q=0.9' en
check "/ weighs languages" languages 'ko;q=0.3, en;q=0.7' en
check "/ leads others to Korean" languages 'fr, de;q=0.5' ko
check "/ takes no language of weight 0" languages 'en;q=0' ko
check "/ survives nonsense in Accept-Language" languages ',,;q=;;q=x,q,=' ko
get /
check "/ leads to Korean where nothing is asked for" header_is Location /ko/
get /en
check "a language alone leads to its home page" header_is Location /en/
get '/en/systems/?q=a%26b'
check "a slash too many is taken off, the question kept" header_is Location '/en/systems?q=a%26b'
get /en/systems/civil-chatbot/
check "also after a system's name" header_is Location /en/systems/civil-chatbot
get /systems/civil-chatbot.md -H 'Accept-Language: en'
check "an address without language keeps the rest of it" header_is Location /en/systems/civil-chatbot.md

for lang in ko en; do
	get /$lang/systems/civil-chatbot
	other=$([ $lang = ko ] && echo en || echo ko)
	check "the $lang page says its language and links to the other" \
		body_has "<html lang=\"$lang\">" "href=\"/$other/systems/civil-chatbot\""
	get /$lang/systems
	check "the $lang list has each published system" \
		is "$(sql "SELECT count(*) FROM system WHERE version > 0")" \
		"$(fetch "$url/api/v1/systems" | jq .total)"
done
get /ko/systems/civil-chatbot.json
check "the JSON of a system is its record" \
	is "$(jq -S .record.name "$work/body")" \
	"$(fetch "$url/log/content/$(jq -r .sha256 "$work/body")" | jq -S .record.name)"
get '/en/systems?q=chatbot&status=retired'
check "the list can be searched and filtered" all 'body_has "/en/systems/button-chatbot"' \
	'body_lacks "/en/systems/traffic-signal-optimisation"'
check "its filters are unfolded where one is set" body_has '<details open><summary>Filters</summary>'
get '/en/systems?duty=overdue'
check "whichever it is" body_has '<details open><summary>Filters</summary>'
get '/ko/systems?q=%EC%B1%97%EB%B4%87'
check "the list can be searched in Korean" body_has /ko/systems/civil-chatbot
check "words alone leave the filters folded" body_has '<details><summary>상세 조건</summary>'
for word in %EC%B9%B4%EB%A9%94%EB%9D%BC %EC%94%A8%EC%94%A8%ED%8B%B0%EB%B9%84; do # camera, CCTV as it is said
	get "/ko/systems?q=$word"
	check "it finds what its texts speak of ($word)" body_has /ko/systems/cctv-control /ko/systems/cctv-analytics
done
get /ko/departments/transport
check "a department's page leads to a question, and folds its key away" body_has '<a class="button" href="/ko/feedback#ask">' "<details><summary>키 보기</summary><code>"
get /en/verify
check "checking begins with what needs no program" body_has 'id="browser"' "Verify in this browser"
home_counts() { # the figures of questions on the home page: received, and what became of them
	grep -oP '<dd>\K[0-9,]+(?=</dd>)' "$work/body" | tr -d , | head -n 5 | tr '\n' ' '
}
get /en/
check "questions received are those answered, waiting, withheld and being reviewed" is 0 \
	"$(home_counts | awk '{ print $1 - $2 - $3 - $4 - $5 }')"
get '/en/systems?q=%3Cscript%3Ealert(1)%3C/script%3E%22%27'
check "what was searched for comes back escaped" all "status_is 200" 'body_lacks "<script" "alert(1)</script>"' \
	'body_has "&lt;script&gt;"'
get '/en/systems?q=nothingofthesort'
check "a search without hits is a page too" status_is 200
get '/en/systems?page=99999999999999999999'
check "a number of a page that no list can have is refused" status_is 400
get '/en/systems?page=1000'
check "a page beyond the last is not there" status_is 404
get /sitemap.xml
check "the sitemap is an index that names its parts" all 'body_has "<loc>$url/sitemap-1.xml</loc>"' 'body_lacks sitemap-2'
for part in 2.xml 0.xml 01.xml 1 1.xml.xml -1.xml x; do
	get /sitemap-$part
	check "there is no part \"$part\"" status_is 404
done
get /sitemap-1.xml
check "a part of the sitemap is XML and has every system in both languages" all \
	'python3 -c "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])" "$work/body"' \
	'body_has "/ko/systems/smart-water<" "/en/systems/smart-water<"'
unlisted() { # pages that every register has, by this test's table, and that the sitemap lacks
	routes | grep -oP '\|\K/(ko|en)/[a-z]*(?=\|200\|)' | while read -r page; do
		grep -qF "<loc>$url$page</loc>" "$work/body" || echo "$page"
	done | grep .
}
check "it has every page that every register has" not unlisted
check "none of them is for the office" body_lacks /office
both_particles() {
	paths=$(grep -o '<loc>[^<]*/ko/[^<]*' "$work/body" | sed 's,<loc>[a-z]*://[^/]*,,')
	[ -n "$paths" ] || return 1
	for path in $paths /ko/systems/nothing; do
		fetch "$url$path" | grep -E '은\(는\)|이\(가\)|을\(를\)|과\(와\)|\(으\)로' && return 1
	done
	true
}
check "no Korean page leaves a particle open, such as 은(는)" both_particles
get /robots.txt
check "robots.txt names the sitemap" body_has "$url/sitemap.xml"
get /healthz
check "healthz says that all is well, and how many entries there are" \
	is "ok $(sql 'SELECT count(*) FROM entry')" "$(jq -r '"\(.status) \(.entries)"' "$work/body")"

dead_links() { # addresses on this site that a page links to and that do not answer
	local page link
	for page in /ko/ /en/ /en/systems /en/systems/civil-chatbot /en/systems/button-chatbot/versions \
		/en/systems/civil-chatbot/versions/2/changes /en/departments/transport \
		/en/systems/civil-chatbot/feedback /en/verify /en/about; do
		fetch "$url$page" | grep -oP '(href|src|action)="\K/[^"#]*' | sed 's/&amp;/\&/g'
	done | sort -u | while read -r link; do
		get "$link"
		[ "$status" = 200 ] || echo "$status $link"
	done
}
check "every link on the pages leads somewhere" is '' "$(dead_links)"
all_done
