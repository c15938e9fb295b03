#!/bin/bash
# A file attached to a record: read by the office, published, downloaded, mirrored, erased.
. "$(dirname "$0")/lib.sh"

origin=ai.gimhae.example/log
data=$work/register
slug=tourism-recommender
must init --data "$data" --origin $origin
must key new --origin $origin --department tourism --out "$work/tourism.key"
cp "$work/out" "$work/tourism.vkey"
must office --data "$data" department-add tourism --name "ko=관광과" --name "en=Tourism Division"
serve "$data"
must office --data "$data" key-grant tourism "@$work/tourism.vkey"

pdf() { # file, size in bytes, a word that makes it unlike others
	local head="%PDF-1.7"$'\n'"% $3"$'\n' end=$'\n'"startxref"$'\n'"9"$'\n'"%%EOF"$'\n'
	printf %s "$head" >"$1"
	truncate -s $(($2 - ${#end})) "$1"
	printf %s "$end" >>"$1"
}

naming() { # what names the file, record
	record ".attachments = [{kind: \"contract\", title: {ko: \"운영 계약서\", en: \"The contract\"}, sha256: \"$1\"}]" "$2"
}

file() { # arguments of gaya file …
	run file --server "$url" --key "$work/tourism.key" --system $slug --yes "$@"
}

sum() {
	sha256sum "$1" | cut -c 1-64
}

# Over 1 MiB, so that it goes out from a file of its own.
pdf "$work/report.pdf" 3000000 report
sha=$(sum "$work/report.pdf")

claim "a file that is no PDF is refused before anything is signed"
printf '<html>' >"$work/page.pdf"
naming page.pdf "$work/record.json"
remember_log
file --attach "$work/page.pdf" "$work/record.json"
exits 2
says "does not begin as a PDF does"
log_is_unchanged

claim "a file over 20 MiB is refused before anything is signed"
pdf "$work/large.pdf" 20971521 large
file --attach "$work/large.pdf" "$work/record.json"
exits 6
says "larger than 20971520 bytes"
log_is_unchanged

claim "a file that the record does not name is not sent, and where to name it is said"
naming "$(printf 'a%.0s' {1..64})" "$work/record.json"
file --attach "$work/report.pdf" "$work/record.json"
exits 2
says "does not name $work/report.pdf"
says "$sha"
log_is_unchanged

claim "a record that names a file nobody attached is refused, with field, rule and fix"
file "$work/record.json"
exits 2
says "Attached documents 1 › File"
says "gaya file --attach"
log_is_unchanged

claim "a key that nobody granted brings in no file"
must key new --origin $origin --department tourism --out "$work/stranger.key"
naming report.pdf "$work/record.json"
run file --server "$url" --key "$work/stranger.key" --system $slug --yes --attach "$work/report.pdf" \
	"$work/record.json"
exits 3
says "no key that was granted"
log_is_unchanged

claim "a file goes in ahead of the filing that names it"
file --attach "$work/report.pdf" "$work/record.json"
exits 0
says "attached report.pdf as entry 4 (3000000 bytes)"
prints "filed as entry 5"
same "the record's own text" report.pdf "$(jq -r '.attachments[0].sha256' "$work/record.json")"

claim "until the record is published nobody is given the file"
page /log/content/$sha
answers 403
page /en/systems/$slug/files/$sha
answers 403

claim "the office reads it all the same"
run office --data "$data" show-file $sha
exits 0
cmp -s "$work/out" "$work/report.pdf" || fault "other bytes"

claim "once the office approves, everybody can download it, byte for byte"
must office --data "$data" approve $slug
page /log/content/$sha
answers 200
cmp -s "$work/out" "$work/report.pdf" || fault "other bytes under /log/content/"
request "$work/out" "$work/head" "$url/ko/systems/$slug/files/$sha"
code=$reply
answers 200
cmp -s "$work/out" "$work/report.pdf" || fault "other bytes"

claim "it comes as a download that can do nothing in our name"
for header in "Content-Type: application/pdf" "X-Content-Type-Options: nosniff" \
	"Content-Security-Policy: sandbox; default-src 'none'; frame-ancestors 'none'" \
	"Content-Disposition: attachment; filename=\"$slug-${sha:0:8}.pdf\"; filename*=UTF-8''%EC%9A%B4%EC%98%81%20%EA%B3%84%EC%95%BD%EC%84%9C.pdf" \
	"Content-Length: 3000000" "ETag: \"$sha\""; do
	grep -qxF -e "$header" "$work/head" || fault "no header $header
$(cat "$work/head")"
done

claim "who has it is not sent it again"
same "status" 304 "$(status_of -H "If-None-Match: \"$sha\"" \
	"$url/ko/systems/$slug/files/$sha")"

claim "the record's page says what it is, how large, and its hash"
page /ko/systems/$slug
prints "PDF, 3.0 MB"
prints "/ko/systems/$slug/files/$sha"
prints "<code>$sha</code>"

claim "another system has no such file"
page /ko/systems/another/files/$sha
answers 404

claim "the same file again is not sent again"
jq '.tags = [{ko: "새 낱말", en: "New word"}]' "$work/record.json" >"$work/second.json"
file --attach "$work/report.pdf" "$work/second.json"
exits 0
prints "filed as entry 7"

claim "gaya verify finds all of it true, by address and by folder"
verify "$url"
exits 0
verify "$data"
exits 0

claim "a mirror carries it"
run mirror "$url" --data "$work/copy" --once
exits 0
verify "$work/copy"
exits 0
same "in the mirror" $sha "$(register_sql "$work/copy" \
	"SELECT lower(hex(sha256)) FROM content WHERE length(bytes) = 3000000")"

claim "a rebuild comes to the same"
must office --data "$data" return $slug --reason "ko=한 번 더 봅니다"
stop_server
run rebuild --data "$data"
exits 0
serve "$data"
page /log/content/$sha
answers 200
verify "$data"
exits 0

claim "once erased it is gone, and the reason is there instead"
must office --data "$data" erase $sha --reason "ko=이름이 들어 있었습니다." --reason "en=It held a name."
page /log/content/$sha
answers 410
page /en/systems/$slug/files/$sha
answers 410
prints "It held a name."
page /en/systems/$slug
prints "PDF, 3.0 MB; it was erased"
prints_not "href=\"/en/systems/$slug/files/"
run office --data "$data" show-file $sha
exits 9

claim "with it erased, everything still verifies"
verify "$url"
exits 0
verify "$data"
exits 0

claim "the mirror erases it too"
run mirror "$url" --data "$work/copy" --once
exits 0
same "in the mirror" "" "$(register_sql "$work/copy" \
	"SELECT lower(hex(sha256)) FROM content WHERE length(bytes) = 3000000")"
verify "$work/copy"
exits 0

claim "an erased file does not come back"
file --attach "$work/report.pdf" "$work/second.json"
exits 9
says "it cannot come back"

# --- the address that files come to ---

post_file() { # curl options …
	request "$work/out" "$work/head" "$@" "$url/api/v1/files"
	code=$reply
}

claim "a file without a signed event is refused, and told what is missing"
post_file --data-binary "@$work/report.pdf"
answers 400
prints "Gaya-Entry is missing"

claim "an event that is not in base64, or no event, is refused"
post_file -H "Gaya-Entry: %%%" --data-binary x
answers 400
prints "in base64"
post_file -H "Gaya-Entry: eA==" --data-binary x
answers 400

claim "an event of another kind brings no file"
naming $sha "$work/other.json"
jq 'del(.attachments)' "$work/other.json" >"$work/plain.json"
file --save "$work/body.json" "$work/plain.json"
post_file -H "Gaya-Entry: $(jq -j .entry "$work/body.json" | base64 -w0)" --data-binary x
answers 400
prints "not system.filed"

claim "one byte more than 20 MiB is refused by what the server is told, before it is sent"
post_file -H "Gaya-Entry: eA==" --data-binary "@$work/large.pdf"
answers 413
prints "up to 20971520 bytes (20 MiB)"

claim "a file from macOS, whose name is in normal form D, is the one that the record names"
nfd=$(python3 -c 'import unicodedata; print(unicodedata.normalize("NFD", "평가서.pdf"))')
[ "$nfd" = 평가서.pdf ] && fault "the two names are one"
pdf "$work/$nfd" 1000 assessment
naming 평가서.pdf "$work/named.json"
file --attach "$work/$nfd" "$work/named.json"
exits 0
says "attached"

claim "20 MiB go in and come out"
pdf "$work/largest.pdf" 20971520 largest
naming largest.pdf "$work/largest.json"
file --attach "$work/largest.pdf" "$work/largest.json"
exits 0
must office --data "$data" approve $slug
page "/log/content/$(sum "$work/largest.pdf")"
answers 200
cmp -s "$work/out" "$work/largest.pdf" || fault "other bytes"
verify "$url"
exits 0
finish
