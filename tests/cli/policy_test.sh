#!/bin/bash
# Policies as a command: shown, tried, adopted, retired, and their levels recomputed by others.
# shellcheck disable=SC2034,SC2154
. "$(dirname "$0")/lib.sh"

data=$work/register
own=$work/own
demo() { # slug: the newest record of a demo system, as filed
	jq -c '[.history[] | select(.do == "file")] | reduce .[] as $f ({}; if $f.record then $f.record else . + $f.change end)' \
		"demo/systems/$1.json"
}
changed() { # jq filter, file of the policy: a copy of Gimhae's policy with one file changed
	rm -rf "$own"
	cp -r policies/gimhae "$own"
	jq "$1" "policies/gimhae/$2" >"$own/$2"
}

claim "list names this program's policies in the chosen language"
run policy list --lang en
exits 0
for id in canada-aia eu-ai-act gimhae kr-ai-basic-act kr-public-ai-act; do prints "$id"; done
prints "Gimhae’s own rule"
run policy list --lang ko
exits 0
prints "김해시 AI 등록 기준"

claim "show prints the explanation in the chosen language, or a file as it is"
run policy show gimhae --lang ko
exits 0
prints "기준"
prints_not "<!-- en -->"
run policy show gimhae rule.jq
exits 0
cmp -s "$work/out" policies/gimhae/rule.jq || fault "it is not rule.jq"
run policy show ./policies/eu-ai-act questions.json
exits 0
cmp -s "$work/out" policies/eu-ai-act/questions.json || fault "it is not questions.json"
run policy show kr-public-ai-act README.md
exits 0
cmp -s "$work/out" policies/kr-public-ai-act/README.md || fault "it is not README.md, both halves of it"
run policy show gimhae passwd
exits 4
says "a policy has questions.json, rule.jq, cases.json and README.md"
run policy show unheard
exits 4
says "unheard"

claim "cases runs what each policy promises to say"
run policy cases
exits 0
for id in canada-aia eu-ai-act gimhae kr-ai-basic-act kr-public-ai-act; do prints "$id: "; done
prints_not " 1 failed"
same "policies without a failure" 5 "$(grep -c ', 0 failed$' "$work/out")"

claim "a case that fails is named, with what was said instead, and the exit status is 1"
changed '.[0].expect.level = "prohibited"' cases.json
run policy cases "$own"
exits 1
prints "case \"$(jq -r '.[0].name' policies/gimhae/cases.json)\": \"level\" is"
prints ", 1 failed"

claim "check gives level, reasons and duties, in the chosen language"
demo smart-water >"$work/record.json"
run policy check gimhae "$work/record.json" --lang en
exits 0
prints "gimhae: High"
prints "gimhae.safety (김해시 기준 2 / Gimhae rule 2)"
run policy check gimhae "$work/record.json" --lang ko
prints "gimhae: 고위험"
jq 'del(.benefit)' "$work/record.json" >"$work/less.json"
run policy check gimhae "$work/less.json" --lang en
exits 0
prints "[ ] gimhae.kpi"
prints "missing: Expected and measured benefit (benefit)"

claim "for every record of the demo city each policy says what stock jq says, to the byte"
fast
command jq -c '[.history[] | select(.do == "file")] | reduce .[] as $f ({}; if $f.record then $f.record else . + $f.change end)' \
	demo/systems/*.json >"$work/newest"
# Each with answers to Canada's questions, which the demo city does not ask itself.
command jq -sc --slurpfile cases policies/canada-aia/cases.json '[$cases[0][] | .facts | select(type == "object")] as $facts
	| to_entries[] | . as $one | $one.value | .assessments["canada-aia"] = $facts[4 * $one.key % ($facts | length)]' \
	"$work/newest" >"$work/asked"
n=0
while IFS= read -r record; do
	printf '%s\n' "$record" >"$work/with-$n.json"
	n=$((n + 1))
done < <(some <"$work/asked")
records=$n
n=0
for id in canada-aia eu-ai-act gimhae kr-ai-basic-act kr-public-ai-act; do
	run policy check $id "$work"/with-*.json --json
	[ "$status" -le 1 ] || exits 0 # 1: invented answers may leave some out, or want a higher level
	jq -cS . "$work/out" >"$work/ours"
	jq -cS -f policies/$id/rule.jq "$work"/with-*.json >"$work/theirs"
	diff "$work/ours" "$work/theirs" >"$work/differs" ||
		fault "$id says otherwise: $(head -n 1 "$work/differs" | cut -c1-200)"
	n=$((n + $(wc -l <"$work/ours")))
done
[ "$n" -ge $((3 * records)) ] || fault "only $n were compared"
[ "$(wc -l <"$work/theirs")" -ge $((5 * records / 6)) ] || fault "stock jq said only $(wc -l <"$work/theirs") things"
careful

claim "of several records each is named before its level"
demo smart-water >"$work/record.json"
run policy check gimhae "$work/record.json" "$work/with-0.json" --lang en
prints "$work/record.json
gimhae: High"
prints "$work/with-0.json
gimhae: "

claim "a wrong answer, an unknown fact and a level laxer than derived are told, and are not true"
demo tourism-recommender | jq '.assessments.gimhae.safety = "yes" | .assessments.gimhae.flies = true' >"$work/wrong.json"
run policy check gimhae "$work/wrong.json"
exits 1
says "true or false"
says "flies"
demo tourism-recommender | jq '.assessments.gimhae.safety = true' >"$work/lax.json"
run policy check gimhae "$work/lax.json"
exits 1
says "is below the level"
run policy check gimhae "$work/lax.json" --lang fr
exits 2

claim "a record that is none is told with file and place"
printf '{\n "name": }\n' >"$work/broken.json"
run policy check gimhae "$work/broken.json"
exits 2
says "$work/broken.json: not JSON at line 2"
run policy check gimhae "$work/none.json"
exits 4
says "none.json"

# --- folders that are wrong ---

refused() { # jq filter, file, what is said
	changed "$1" "$2"
	run policy cases "$own"
	exits 2
	says "$3"
}
claim "a mistake in a policy's folder is told with file, place and reason"
refused '.questions[2].labl = .questions[2].label' questions.json 'questions.json: questions[2]: unknown member "labl"'
refused '.levels[0].risk = "grave"' questions.json 'questions.json: levels[0]: "risk" must be'
refused 'del(.[3].expect)' cases.json 'cases.json: [3]: "expect" is missing'

claim "so is a file that is no JSON, one that is not there, and a program that does not compile"
changed . questions.json
sed -i '3s/,$//' "$own/questions.json"
run policy cases "$own"
exits 2
says "questions.json: not JSON at line"
rm "$own/cases.json"
run policy cases "$own"
exits 4
says "cases.json"
changed . cases.json
echo '.assessments | if' >"$own/rule.jq"
run policy cases "$own"
exits 1
prints "gimhae/rule.jq"
prints "syntax error"

claim "a program that runs for ever is stopped and named, and the next is tried"
echo 'def f: f; f' >"$own/rule.jq"
jq '.[:1]' policies/gimhae/cases.json >"$own/cases.json"
run policy check "$own" "$work/record.json"
exits 6
says "gimhae/rule.jq"
says "was stopped: it ran for more than 1 second"
run policy cases "$own" canada-aia
exits 1
prints "was stopped"
prints "canada-aia: $(jq length policies/canada-aia/cases.json) cases, 0 failed"

claim "wrong usage is told"
run policy
exits 2
says "an operation is needed"
run policy dance
exits 2
says 'there is no operation "dance"'
run policy check gimhae
exits 2
run policy adopt gimhae
exits 2
says "adopt needs --data DIR and one policy"
run policy retire gimhae --data "$data"
exits 2
says "a --reason"

# --- in a register ---

must init --data "$data" --origin o.example/log
must office --data "$data" department-add tourism --name ko=관광과 --name en=Tourism
must key new --origin o.example/log --department tourism --out "$work/key"
must office --data "$data" key-grant tourism "$(cat "$work/out")"
publish() { # slug, record
	must file --server "$url" --key "$work/key" --system "$1" "$2" --yes
	must office --data "$data" approve "$1"
}
serve "$data"
record '.assessments = {}' "$work/plain.json"
publish before "$work/plain.json"

claim "a policy is adopted while the server runs, and all that is published is judged"
decide policy adopt gimhae --data "$data"
exits 0
prints "gaya: entry"
prints "gaya: judged 1 records"
run policy list --data "$data"
exits 0
prints "gimhae             version 1, entry"
prints ", in force"
decide policy adopt gimhae --data "$data"
exits 5
says "in force already"

claim "what it asks of a published record waits for the office, question by question"
run office --data "$data" waiting
exits 0
prints "ask their departments for a new filing: 1"
prints "before (tourism): Gimhae’s own rule"
run office --data "$data" waiting --json
same "the system" before "$(jq -r '.unassessed[0].system' "$work/out")"
same "questions that are asked of whoever answered none" \
	"$(jq '[.questions[] | select(.required and (.when // {} | length == 0))] | length' policies/gimhae/questions.json)" \
	"$(jq '.unassessed[0].asks | length' "$work/out")"

claim "from then on a filing that lacks its answers is refused, with the question's words"
run file --server "$url" --key "$work/key" --system guide "$work/plain.json" --yes
exits 2
says "assessments.gimhae"

claim "once a record that answers is published, nothing of it waits any more"
record . "$work/answered.json"
publish before "$work/answered.json"
run office --data "$data" waiting --json
same "systems that do not answer" 0 "$(jq '.unassessed | length' "$work/out")"

claim "what the server publishes of a record is what the command and stock jq say of it"
record . "$work/guide.json"
publish guide "$work/guide.json"
page /en/systems/guide.json
answers 200
cp "$work/out" "$work/page.json"
jq -c .record "$work/page.json" >"$work/record.json"
run policy check gimhae "$work/record.json" --json
jq -cS . "$work/out" >"$work/ours"
jq -cS -f policies/gimhae/rule.jq "$work/record.json" >"$work/stock"
jq -cS '.judged.judgement.policies[0] | del(.policy, .version, .sha256, .risk)' "$work/page.json" >"$work/published"
cmp -s "$work/stock" "$work/ours" || fault "the command differs from stock jq"
cmp -s "$work/stock" "$work/published" || fault "the page differs from stock jq: $(cat "$work/published")"

claim "a policy that runs for ever is not adopted, is named, and the rest goes on"
changed . cases.json
echo 'def f: f; f' >"$own/rule.jq"
remember_log
decide policy adopt "$own" --data "$data"
exits 2
says "gimhae/rule.jq"
says "was stopped: it ran for more than 1 second"
log_is_unchanged
record '.name.en = "Another guide"' "$work/again.json"
publish again "$work/again.json"

claim "a policy whose cases fail is not adopted"
changed '.[0].expect.level = "prohibited"' cases.json
remember_log
decide policy adopt "$own" --data "$data"
exits 2
says "case \""
log_is_unchanged

claim "a changed policy judges again, and names the records that it changes"
changed '.' cases.json
awk '/^# What counts for duties/ { print "def reasons: reasons_before | if .[0].level == \"limited\" then .[0].level = \"high\" else . end;\n" } { print }' \
	policies/gimhae/rule.jq | sed 's/^def reasons:$/def reasons_before:/' >"$own/rule.jq"
jq '[.[] | select(.expect.level != "limited") | .expect |= {level}]' policies/gimhae/cases.json >"$own/cases.json"
decide policy adopt "$own" --data "$data"
exits 0
prints "gaya: judged 3 records"
prints "guide: published as limited, derived high; the published level is laxer: ask its department for a new filing"
run policy list --data "$data" --json
exits 0
same "versions" "1 2" "$(jq -r '[.policies[].version] | join(" ")' "$work/out")"
same "in force" "2" "$(jq -r '.policies[] | select(.in_force) | .version' "$work/out")"
same "left" 0 "$(jq .left "$work/out")"

claim "a version's level is computed again years later, from a backup: the policies by their hashes, stock jq"
stop_server
cp -r "$data" "$work/backup"
serve "$work/backup"
page /en/systems/guide.json
jq -c '.judged.judgement' "$work/out" >"$work/judgement.json"
jq -c .record "$work/out" >"$work/record.json"
rm -f "$work/levels"
while read -r id sha; do
	page "/log/content/$sha"
	answers 200
	same "the content's SHA-256" "$sha" "$(sha256sum <"$work/out" | cut -d' ' -f1)"
	jq -r '.files["rule.jq"]' "$work/out" >"$work/rule.jq"
	jq -r '.files["questions.json"]' "$work/out" >"$work/questions.json"
	level=$(jq -f "$work/rule.jq" "$work/record.json" | jq -c .level)
	jq -r --argjson level "$level" '.levels[] | select(.level == $level) | .risk' "$work/questions.json" >>"$work/levels"
	jq -cS -f "$work/rule.jq" "$work/record.json" >"$work/stock"
	jq -cS --arg id "$id" '.policies[] | select(.policy == $id) | del(.policy, .version, .sha256, .risk)' \
		"$work/judgement.json" | cmp -s - "$work/stock" || fault "stock jq says otherwise than $id's judgement"
done < <(jq -r '.policies[] | "\(.policy) \(.sha256)"' "$work/judgement.json")
same "the level" "$(jq -r .level "$work/judgement.json")" "$(cat "$work/levels")"
same "it is the later policy's" high "$(cat "$work/levels")"
stop_server
serve "$data"

claim "a policy is retired with a reason that its page shows, and records have no level of it any more"
decide policy retire gimhae --data "$data" --reason ko=새로운-기준으로-바꿉니다 --reason en=Replaced
exits 0
prints "gaya: judged 3 records"
page /en/policies/gimhae
prints "Replaced"
page /en/systems/guide.json
same "the level" null "$(jq .judged.judgement.level "$work/out")"
decide policy retire gimhae --data "$data" --reason ko=다시
exits 4
says 'no policy "gimhae" is in force'

claim "all of it verifies, judgements recomputed, from the folder and over HTTP"
run verify "$url" --key "$(fetch "$url/log/vkey")"
exits 0
stop_server
run verify "$data" --key "$(cat "$data/log.vkey")"
exits 0

finish
