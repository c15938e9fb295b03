#!/bin/bash
# Policies on the pages and in the API: why a record has its level, what is due, and checks of records without
# filing.
. "$(dirname "$0")/lib.sh"
demo
serve

t() { # message, language -> its text up to the first value
	jq -r --arg key "$1" '.[$key] | split("{{")[0]' "web/messages/$2.json"
}

# --- why ---

slug=smart-water
get /en/systems/$slug.json
cp "$work/body" "$work/$slug.json"
unmet=$(jq -r '[.judged.judgement.policies[].duties[] | select(.met | not) | .text.en][0]' "$work/$slug.json")
for lang in ko en; do
	answers "a record's $lang page" /$lang/systems/$slug 200 "$html"
	check "says why it has its level, by each policy that judged it" body_has "<h2>$(t why_title $lang)</h2>" \
		"href=\"/$lang/policies/gimhae\"" "href=\"/$lang/policies/eu-ai-act\"" "href=\"/$lang/policies/kr-ai-basic-act\"" "href=\"/$lang/policies/kr-public-ai-act\""
	while read -r rule; do
		check "with the rule $rule" body_has "<code>$rule</code>"
	done < <(jq -r '.judged.judgement.policies[].reasons[].rule' "$work/$slug.json")
	check "and its entry and its judgement to fetch" body_has "href=\"/log/entry/$(jq .judged.entry "$work/$slug.json")\"" \
		"href=\"/log/content/$(jq -r .judged.sha256 "$work/$slug.json")\""
	check "in no word of another language's" body_lacks "$(t why_title $([ $lang = ko ] && echo en || echo ko))"
done
get /ko/systems/$slug
n=$(jq '[.judged.judgement.policies[].reasons[].text.ko] | length' "$work/$slug.json")
check "a reason stands in the page's language" body_has \
	"$(jq -r '[.judged.judgement.policies[].reasons[].text.ko][0]' "$work/$slug.json" | cut -c1-20)"
check "there are as many reasons as the policies give" is "$n" "$(grep -c '· <code>' "$work/body")"

# A system with a duty that its record does not show.
other=$(for s in $(fetch "$url/api/v1/systems?limit=100" | jq -r '.systems[] | select(.duties > .duties_met) | .slug'); do
	echo "$s"
	break
done)
check "some system of the demo city has a duty that is not met" [ -n "$other" ]
get "/en/systems/$other.json"
jq -r '[.judged.judgement.policies[].duties[] | select(.met | not)][0] | .text.en, .missing[0]' "$work/body" >"$work/unmet"
for lang in ko en; do
	get "/$lang/systems/$other"
	check "a duty that is not met says so in $lang, with the field that is missing" body_has \
		"<li class=\"unmet\"><strong>$(t why_unmet $lang)</strong>" "class=\"missing\">$(fetch "$url/api/v1/standard" | jq -r --arg f "$(sed -n 2p "$work/unmet")" --arg l $lang '.fields[] | select(.name == $f) | .label[$l]')<"
done
check "in its own words" body_has "$(head -c 40 "$work/unmet" | sed 's/&.*//')"
get /en/systems/$slug
check "what the department answered stands under each policy, once" all 'body_has "$(t why_facts en)"' 'body_lacks "id=\"f-assessments\""'

# --- policy pages ---

for lang in ko en; do
	answers "the list of policies in $lang" /$lang/policies 200 "$html"
	for id in gimhae kr-ai-basic-act kr-public-ai-act eu-ai-act; do
		title=$(jq -r ".title.$lang" policies/$id/questions.json)
		check "names $id" body_has "href=\"/$lang/policies/$id\"" "$title"
		answers "the page of $id in $lang" /$lang/policies/$id 200 "$html"
		check "has its title, its levels and how to compute it again" body_has "<h1>$title</h1>" \
			"$(jq -r ".levels[0].label.$lang" policies/$id/questions.json)" "/api/v1/policies/$id"
		check "shows every question" is "$(jq '.questions | length' policies/$id/questions.json)" \
			"$(sed -n '/id="asked"/,/id="again"/p' "$work/body" | grep -c '<div class="field"><h3>')"
		check "and its other half in no language" body_lacks "&lt;!-- en --&gt;" "<!-- en -->"
		get /$lang/policies
	done
	answers "a policy that was never adopted has no $lang page" /$lang/policies/canada-aia 404 "$html"
done
answers "the API lists them" /api/v1/policies 200 "$json"
check "with the hash of each adoption" is 4 "$(jq '[.policies[].sha256 | select(length == 64)] | length' "$work/body")"
answers "and gives a policy's files" /api/v1/policies/gimhae 200 "$json"
jq -j '.files["rule.jq"]' "$work/body" >"$work/rule.jq"
check "as they are" cmp "$work/rule.jq" policies/gimhae/rule.jq
answers "not those of one that was never adopted" /api/v1/policies/unheard 404 ""

# --- reviews ---

today=$(TZ=Asia/Seoul date +%F)
after=$(TZ=Asia/Seoul date -d "$(sed -n 's/^#define DUE_SOON_DAYS \([0-9]*\).*/\1/p' registry/query/work.h) days 1 day" +%F)
due() { # conditions of the API -> how many
	fetch "$url/api/v1/systems?limit=1&$1" | jq .total
}
overdue=$(due "due_before=$today")
soon=$(due "due_from=$today&due_before=$after")
check "the demo city has overdue reviews, or ones that are due soon" [ $((overdue + soon)) -gt 0 ]
for lang in ko en; do
	get "/$lang/systems?review=overdue"
	check "the $lang list of overdue reviews has each of them" all "status_is 200" \
		'is "$overdue" "$(grep -o "class=\"badge review-overdue\"" "$work/body" | wc -l)"' 'body_lacks review-soon'
	get "/$lang/systems?review=soon"
	check "the $lang list of those due soon, too" all "status_is 200" \
		'is "$soon" "$(grep -o "class=\"badge review-soon\"" "$work/body" | wc -l)"' 'body_lacks "review-overdue"'
done
get "/en/systems?review=never"
check "a condition that is none shows all" is "$(due "")" "$(sql "SELECT count(*) FROM system WHERE version > 0")"

# --- other days, older versions, changed policies ---

# One that the policies said different things of.
IFS='|' read -r slug first newest day < <(sql "SELECT a.system, a.sha256, b.sha256, substr(a.at, 1, 10) FROM judgement a
	JOIN judgement b ON b.system = a.system AND a.version = 1 AND b.version = (SELECT version FROM system WHERE slug = a.system)
	WHERE a.sha256 <> b.sha256 LIMIT 1")
get "/en/systems/$slug/versions/1"
check "an old version shows the judgement of its time" all 'body_has "/log/content/$first"' 'body_lacks "/log/content/$newest"'
get "/en/systems/$slug?as-of=$(date -d "$day 1 day" +%F)"
check "and so does a day" all 'body_has "/log/content/$first"' 'body_lacks "/log/content/$newest"'

cp -r policies/gimhae "$work/gimhae"
sed 's/^def reasons:$/def reasons_before:/' policies/gimhae/rule.jq |
	awk '/^# What counts for duties/ { print "def reasons: reasons_before | if .[0].level == \"minimal\" then .[0].level = \"limited\" else . end;\n" } { print }' \
		>"$work/gimhae/rule.jq"
jq '[.[] | select(.expect.level != "minimal") | .expect |= {level}] | .[:3]' policies/gimhae/cases.json >"$work/gimhae/cases.json"
minimal=energy-forecast
get /en/systems/$minimal # so that it is in the cache
content=$(jq -n --rawfile q "$work/gimhae/questions.json" --rawfile r "$work/gimhae/rule.jq" --rawfile c "$work/gimhae/cases.json" \
	--rawfile m "$work/gimhae/README.md" '{files: {"questions.json": $q, "rule.jq": $r, "cases.json": $c, "README.md": $m}}')
office "$(jq -nc --argjson content "$content" '{do: "policy-adopt", policy: "gimhae", content: $content}')" >"$work/adopted"
for lang in ko en; do
	get /$lang/systems/$minimal
	check "once a policy changed, a $lang page says that its record will be judged again" body_has "$(t why_stale $lang)"
done
office '{"do": "rejudge"}' >"$work/judged"
check "judging again reaches every system that is not retired" is 0 "$(jq .left "$work/judged")"
for lang in ko en; do
	get /$lang/systems/$minimal
	check "then the $lang page says that the published level is too low, and when it was judged" all \
		'body_lacks "$(t why_stale $lang)"' 'body_has "$(t why_laxer $lang)"' 'grep -qF "$(jq -r ".why_again | split(\"{{date}}\")[1]" web/messages/$lang.json)" "$work/body"'
done
get "/en/systems/$minimal?as-of=$(TZ=Asia/Seoul date -d yesterday +%F)"
check "yesterday's page does not" all "status_is 200" 'body_lacks "$(t why_laxer en)"'
get "/en/systems/$minimal/versions"
check "its history says so, too" body_has "$(t happened_judged en)"
get /en/policies/gimhae
check "the policy's page lists both adoptions" is 2 "$(sed -n '/class="timeline"/,$p' "$work/body" | grep -c '<time ')"

# --- checking without filing ---

filed() { # slug: its newest record
	jq -c '[.history[] | select(.do == "file")] | reduce .[] as $f ({}; if $f.record then $f.record else . + $f.change end)' \
		"demo/systems/${1:-tourism-recommender}.json"
}
post() { # path, file, curl options …
	local path=$1 file=$2
	shift 2
	get "$path" -H 'Content-Type: application/json' --data-binary "@$file" "$@"
}
checked() { # jq filter on a good record
	filed | jq -c "$1" >"$work/record"
	post /api/v1/check "$work/record"
}
size=$(fetch "$url/log/checkpoint" | sed -n 2p)

checked .
check "a record that keeps all rules is valid" all "status_is 200" 'is true "$(jq .valid "$work/body")"' 'is "[]" "$(jq -c .problems "$work/body")"'
check "and comes with what the policies say of it" is 4 "$(jq '.judgement.policies | length' "$work/body")"
jq -cS '.judgement.policies[] | select(.policy == "eu-ai-act") | del(.policy, .version, .sha256, .risk)' "$work/body" >"$work/ours"
jq -cS -f policies/eu-ai-act/rule.jq "$work/record" >"$work/theirs"
check "which is what stock jq says" cmp "$work/ours" "$work/theirs"
checked '{record: .}'
check "so it does inside {\"record\": …}" is true "$(jq .valid "$work/body")"

said() { # as the API says it: each problem's rule and, if it has one, its sentence, a line each in $work/said
	jq -r '.problems as $p | .texts | to_entries[] | "\($p[.key].rule) \(.value)"' "$work/body" >"$work/said"
}
is_said() { # rule, language: in whole sentences of the language, of their own, with no place for a value left open
	local rule sentence found=
	while read -r rule sentence; do
		[[ $sentence != *[가-힣]* && $2 = ko ]] && { echo "not Korean: $sentence"; return 1; }
		[ "$rule" = "$1" ] || continue
		found=yes
		[[ ${#sentence} -gt 15 && $sentence != *'{{'* && $sentence != *'}}'* &&
			$sentence != *"breaks a rule of the standard"* && $sentence != *"표준의 규칙에 맞지 않습니다"* ]] ||
			{ echo "$sentence"; return 1; }
	done <"$work/said"
	[ "$found" ] || { cat "$work/said"; return 1; }
}
problem() { # rule, filter on a good record; slug of that
	local valid problems texts rules
	filed "${3:-}" | jq -c "$2" >"$work/record"
	post /api/v1/check "$work/record"
	read -r valid problems texts rules < <(jq -r '"\(.valid) \(.problems | length) \(.texts | length) \([.problems[].rule] | join(" "))"' "$work/body")
	check "a record is told of $1" all "status_is 200" "is false '$valid'" "[[ ' $rules ' = *' $1 '* ]]" \
		"is '$problems' '$texts'"
	for lang in ko en; do
		post /api/v1/check "$work/record" -H "Accept-Language: $lang"
		said
		check "$1 is said in a whole sentence of $lang" is_said "$1" $lang
	done
}
problem unassessed 'del(.assessments.gimhae)'
problem unknown_fact '.assessments.gimhae.colour = true'
problem wrong_fact '.assessments.gimhae.safety = "yes"'
problem fact_not_in_list '.assessments.gimhae.surveillance = "from_the_moon"'
problem unanswered 'del(.assessments.gimhae.safety)'
problem laxer '.assessments.gimhae.safety = true | .risk_category = "minimal"'
problem unjustified '.risk_basis |= map(select(.policy != "kr-ai-basic-act"))' smart-water
problem missing 'del(.goal)'
problem too_long '.name.en = ("x" * 4000)'
problem twice '.assessments.gimhae.vulnerable_groups = ["older", "older"]'

checked 'del(.goal) | .risk_category = "minimal" | .assessments.gimhae.safety = true | .assessments.gimhae.colour = 1'
check "what the standard and the policies find wrong comes at once" is "laxer missing unknown_fact" \
	"$(jq -r '[.problems[].rule] | unique | join(" ")' "$work/body")"

# A program would take seconds to go through such a list: none of a policy is run on it.
jq -nc '[range(10000) | "older"]' >"$work/list"
filed | jq -c --slurpfile list "$work/list" '.assessments.gimhae.vulnerable_groups = $list[0]' >"$work/record"
for _ in 1 2 3 4; do
	post /api/v1/check "$work/record"
done
check "a list of ten thousand is told to be too long, and is not judged" all "status_is 200" \
	'is too_many "$(jq -r ".problems[0].rule" "$work/body")"' 'is null "$(jq .judgement "$work/body")"'
checked .
check "and the next one who asks is judged as ever" is true "$(jq .valid "$work/body")"

echo 'no JSON' >"$work/record"
post /api/v1/check "$work/record"
check "what is no JSON is refused with its place" all "status_is 400" 'body_has "line 1"'
echo '[1]' >"$work/record"
post /api/v1/check "$work/record"
check "what is no record, too" status_is 400
head -c 1200000 /dev/zero | tr '\0' ' ' >"$work/record"
post /api/v1/check "$work/record"
check "what is too large, too" status_is 413
get /api/v1/check
check "it is asked with POST" all "status_is 405" 'header_is Allow POST'
check "nothing of this was filed" is "$size" "$(fetch "$url/log/checkpoint" | sed -n 2p)"

# --- filing ---

must_work() {
	decide "$@"
	[ "$status" = 0 ] || { cat "$work/err"; return 1; }
}

check "a department gets a key" must_work office --data "$data" department-add checkers --name ko=점검과 --name en=Checkers
"$GAYA" key new --origin $origin --department checkers --out "$work/key" >"$work/vkey"
check "which may sign" must_work office --data "$data" key-grant checkers "$(cat "$work/vkey")"
size=$(fetch "$url/log/checkpoint" | sed -n 2p)
filed | jq '.risk_category = "minimal" | .assessments.gimhae += {"safety": true, "colour": true}' >"$work/record.json"
"$GAYA" file --server "$url" --key "$work/key" --system checked "$work/record.json" --yes >"$work/file.out" 2>&1
status=$?
check "a laxer filing is refused, with all that is wrong at once" all "[ $status -ne 0 ]" \
	'grep -q "gimhae.safety" "$work/file.out"' 'grep -q "colour" "$work/file.out"'
check "and nothing was filed" is "$size" "$(fetch "$url/log/checkpoint" | sed -n 2p)"
# Not signed by anybody: it is refused for that, and no program runs on it.
printf '{"entry":"x\\n","content":%s}' "$(filed | jq -c --slurpfile list "$work/list" '{record: (.assessments.gimhae.vulnerable_groups = $list[0])}' | jq -R .)" >"$work/event"
for _ in 1 2 3 4; do
	post /api/v1/events "$work/event"
done
check "what nobody signed is refused for that alone" all "[ $status -ge 400 ]" 'body_lacks problems'
filed | jq '.name.en = "A checked one"' >"$work/record.json"
check "and a right filing is taken, judged as ever" must_work file --server "$url" --key "$work/key" --system checked "$work/record.json" --yes
check "and published" must_work office --data "$data" approve checked

# --- the limit ---

check "the server stops" stop
serve --feedback-limit 1
filed >"$work/record"
for _ in $(seq 10); do
	post /api/v1/check "$work/record"
done
check "ten checks an hour, for one question" status_is 200
post /api/v1/check "$work/record"
check "and then no more" all "status_is 429" 'header_is Retry-After 600'
get /en/systems
check "while pages are read" status_is 200

all_done
