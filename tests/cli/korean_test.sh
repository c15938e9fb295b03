#!/bin/bash
# A Korean official sees Korean: if LANG is ko_KR.UTF-8, no command prints English sentences, with or without a
# server.
. "$(dirname "$0")/lib.sh"

korean() { # arguments …: runs it as a Korean official does; what it says is looked at when the claim ends
	LC_ALL=ko_KR.UTF-8 "$GAYA" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	contents "$work/out"
	printf '%s' "$contents" >>"$work/heard"
	contents "$work/err"
	printf '%s' "$contents" >>"$work/heard"
}

settled() {
	[ -s "$work/heard" ] || return 0
	english <"$work/heard" >"$work/english"
	[ -s "$work/english" ] && fault "English: $(head -n 5 "$work/english")"
	grep -E '은\(는\)|이\(가\)|을\(를\)|과\(와\)|\(으\)로' "$work/heard" >"$work/both" &&
		fault "both forms of a particle: $(head -n 3 "$work/both")"
	: >"$work/heard"
}
eval "lib_$(declare -f settle)" # lib.sh's, which every claim and the end go through
settle() {
	settled
	lib_settle
}

english() { # lines with three English words in a row, outside of quotes, commands, paths, options and names
	sed -E '/^ *(en|vi|zh) /d; /^[a-z_]+ +(ko|en) /d; s/\([^()]*\|[^()]*\)//g; s/"[^"]*"//g; s/`[^`]*`//g; s/‘[^’]*’//g; s/gaya [a-z-]+( [a-z-]+)?//g; s/--[a-z-]+( \|)?//g; s/[^ ]*[\/.:=_|@<>{}][^ ]*//g' |
		grep -E '(^|[^A-Za-z])[A-Za-z]{2,}( +[A-Za-z]{2,}){2,}'
}

claim "the test knows English when it sees it"
same "a sentence" 1 "$(echo "gaya: there is no option --x" | english | wc -l)"
same "a command" 0 "$(echo "사용법: gaya key rotate --data 폴더 (begin | finish [--early])" | english | wc -l)"

claim "help is Korean"
korean help
exits 0
prints "시의 AI 시스템 공개 등록부"
prints "--data 폴더"
prints "제출하기"
prints "--version 시행중인판"

claim "the office's explanations name its placeholders as its usage does"
korean office --help
exits 0
sed -n '/^      /p' "$work/out" >"$work/explained"
for word in FROM DAY WORDS FILE CODE INTO; do
	grep -q "\b$word\b" "$work/explained" && fault "$word: $(grep "\b$word\b" "$work/explained")"
done

claim "each command's wrong usage is told in Korean"
for command in init office key file answer import standard report incident declare policy verify export mirror rebuild \
	witness; do
	korean $command --sevrer x
	exits 2
	says '"--sevrer"라는 옵션은 없습니다'
	korean $command
	exits 2
	korean $command --data
	exits 2
done
korean conquer
exits 2
says '"conquer"라는 명령은 없습니다'

must init --data "$work/reg" --origin ai.gimhae.example/log --name "ko=김해시 AI 등록부" \
	--name "en=Gimhae AI Register"
must office --data "$work/reg" department-add tourism --name "ko=관광과" --name "en=Tourism"
run key new --origin ai.gimhae.example/log --department tourism --out "$work/key"
must office --data "$work/reg" key-grant tourism "$(cat "$work/out")"

everything() { # with or without a server between
	korean office --data "$work/reg" waiting
	exits 0
	prints "결정을 기다리는 제출"
	korean office --data "$work/reg" settings
	exits 0
	korean office --data "$work/reg" approve no-such-system
	exits 4
	korean office --data "$work/reg" show-filing 1
	exits 4
	says "로그 1번은 제출이 아닙니다"
	korean office --data "$work/reg" key-revoke tourism nonsense
	exits 2
	korean office --data "$work/reg" register-change --timezone Seoul --yes
	exits 2
	korean office --data "$work/reg" feedback-publish 0123456789abcdef0123456789abcdef
	korean office --data "$work/reg" suspend nothing --reason "ko=점검"
	exits 4
	korean policy list --data "$work/reg"
	exits 0
	korean policy adopt --data "$work/reg" no-such-policy
	exits 4
	korean standard adopt README.md --data "$work/reg"
	exits 2
}

claim "a server that does not start says why in Korean"
korean serve --data "$work/nothing" --listen 127.0.0.1:0
exits 4
says "등록부가 없습니다"
korean serve --data "$work/reg" --listen nowhere
exits 2
korean serve --data "$work/reg" --floor x
exits 2

claim "the office speaks Korean on its own"
everything

serve "$work/reg"

claim "the office speaks Korean through a server, which others ask in English meanwhile"
everything
run office --data "$work/reg" show-filing 1
exits 4
says "entry 1 is not a filing"

claim "a server that another one shuts out says so in Korean"
korean serve --data "$work/reg" --listen 127.0.0.1:0
exits 7
korean serve --data "$work/nothing" --listen "${url#http://}"

claim "a standard that breaks its form is refused in Korean to the last word"
jq '.asked_first = []' policies/standard.json >"$work/standard.json" 2>/dev/null ||
	"$GAYA" standard show --json | jq '.asked_first = []' >"$work/standard.json"
korean standard adopt "$work/standard.json" --data "$work/reg" --version 1
exits 2
says "\"asked_first\"는 비어 있지 않은 목록이어야 합니다"

claim "an address that cannot be read is refused in the language of its page, or of the program that asks"
page "/ko/systems?q=%FF"
answers 400
prints "주소나 양식이 잘못되었거나"
prints_not "malformed"
page "/en/systems?q=%FF"
prints "malformed"
for address in nosuch feedback/none "systems?limit=x" "systems?q=%FF"; do
	page "/api/v1/$address"
	grep -qP '\p{Hangul}' "$work/out" && fault "Korean unasked: $(cat "$work/out")"
	fetch -H 'Accept-Language: ko' "$url/api/v1/$address" >"$work/out"
	grep -qP '"message":"[^"]*\p{Hangul}' "$work/out" || fault "not Korean: $(cat "$work/out")"
done

claim "a filing with faults is refused in Korean"
record 'del(.description_short) | .unheard = 1' "$work/bad.json"
korean file --server "$url" --key "$work/key" --system tourism --yes "$work/bad.json"
exits 2
says "맞지 않습니다"
echo '{' >"$work/cut.json"
korean file --server "$url" --key "$work/key" --system tourism --yes "$work/cut.json"
exits 2
korean file --server "$url" --key "$work/missing" --system tourism --yes "$work/bad.json"
exits 4
korean file --server "$url" --key "$work/key" --system "No Slug" --yes "$work/bad.json"
exits 2

claim "a filing, what waits, a decision on what was replaced, and the record are told in Korean"
record . "$work/good.json"
korean file --server "$url" --key "$work/key" --system tourism --yes "$work/good.json"
exits 0
prints "제출했습니다(로그 "
first=$(sed -n 's/.*(로그 \([0-9]*\)번).*/\1/p' "$work/out" | head -n 1)
korean office --data "$work/reg" waiting
prints "tourism, 부서 tourism"
record '.description_short.ko += " 그 밖."' "$work/better.json"
korean file --server "$url" --key "$work/key" --system tourism --yes "$work/better.json"
exits 0
second=$(sed -n 's/.*(로그 \([0-9]*\)번).*/\1/p' "$work/out" | head -n 1)
korean office --data "$work/reg" approve tourism "$first"
exits 5
says "로그 ${first}번의 제출은"
korean office --data "$work/reg" approve tourism
exits 2
says "무엇을 보고 결정하는지"
korean office --data "$work/reg" approve tourism "$second"
exits 0
prints "공개했습니다"
korean file --server "$url" --key "$work/key" --system tourism --yes "$work/better.json"
exits 5
printf '지표,기간,값,단위\n만족도,2026-13,1,점\n' >"$work/figures.csv"
korean report --server "$url" --key "$work/key" --system tourism "$work/figures.csv"
exits 2
says "2행: 기간 \"2026-13\": 기간은 달(2026-03)"
korean incident report --server "$url" --key "$work/key" --system tourism --since 2026-01-02 --aware 2026-01-01 \
	--severity other --what ko=가 --affected ko=나
exits 2
says "시가 알게 된 날(2026-01-01)은 사고가 시작된 날(2026-01-02)보다"
korean declare --server "$url" --key "$work/key" ko=없음 --yes
exits 5
says "쓰지 않는다고 밝힐 수 없습니다"
korean answer --server "$url" --key "$work/key" 0123456789abcdef0123456789abcdef ko=답 --yes
korean export --data "$work/reg" --profile csv --out "$work/systems.csv"
exits 0

claim "an import is planned in Korean"
korean import --data "$work/reg" --profile csv --dry-run "$work/systems.csv"
exits 0
prints "가져온다면"
printf 'a,b\n1,2\n' >"$work/other.csv"
korean import --data "$work/reg" --profile csv --dry-run "$work/other.csv"
exits 2
korean import --data "$work/reg" --profile none --dry-run "$work/other.csv"
exits 4

claim "every operation of the office is done in Korean through a server, and none takes the language for its own"
status_of --data-urlencode "text=어디에 쓰나요?" -d "lang=ko&name=&email=&leave_empty=" "$url/ko/feedback" >/dev/null
korean office --data "$work/reg" waiting
prints " 특정 시스템에 관한 것 아님, "
prints " UTC"
prints_not "시스템 특정"
called=
does() { # operation, arguments …
	called="$called $1"
	LC_ALL=ko_KR.UTF-8 "$GAYA" office --data "$work/reg" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	exits 0
}
newest() { # question: the entry that a decision about it names
	"$GAYA" office --data "$work/reg" feedback-answer "$1" --text ko=답 --text en=a 2>&1 </dev/null |
		sed -n 's/^gaya: the newest is .* \([0-9]*\); when.*/\1/p'
}
does waiting
does settings
does register-change --telephone 055-000-0117 --yes
does register-change --hours "ko=평일" --hours "en=Weekdays" --answer-days 7 --yes
does department-add water --name "ko=수도과" --name "en=Water" --about "ko=물" --about "en=Pipes"
run key new --origin ai.gimhae.example/log --department water --out "$work/water.key"
cp "$work/out" "$work/water.vkey"
does key-grant water "@$work/water.vkey"
does key-revoke water "@$work/water.vkey" --since 2026-01-02
person=00000000000000000000000000000a01
does rules 2199-01-01 --two_approvals high --consultation high,prohibited --reason ko=안전
does appoint $person --role officer --department water
does people
does dismiss $person
refuses() { # what is said, operation, arguments …: the whole sentence is Korean
	said=$1
	shift
	korean office --data "$work/reg" "$@"
	[ "$status" -ne 0 ] || fault "not refused: $*"
	says "$said"
}
refuses "상태는 ‘공개됨’입니다: 사용 중지된 시스템만" resume tourism 1 --reason "ko=점검" --reason "en=A check"
refuses "사유의 \"ko\"가 비어 있습니다" suspend tourism 1 --reason "ko=" --reason "en=x"
refuses "부서 이름의 \"ko\"가 비어 있습니다" department-add lake --name "ko=" --name "en=Lake"
does suspend tourism 1 --reason "ko=점검" --reason "en=A check"
does resume tourism 1 --reason "ko=점검 끝" --reason "en=Checked"
record '.description_short.ko += " 셋째."' "$work/third.json"
korean file --server "$url" --key "$work/key" --system tourism --yes "$work/third.json"
third=$(sed -n 's/.*(로그 \([0-9]*\)번).*/\1/p' "$work/out" | head -n 1)
does show-filing "$third"
does return tourism "$third" --reason "ko=고쳐 주세요" --reason "en=Mend it"
printf '%%PDF-1.4\nxref\nstartxref\n9\n%%%%EOF\n' >"$work/note.pdf"
file=$(sha256sum "$work/note.pdf" | cut -d ' ' -f 1)
record ".attachments = [{kind: \"contract\", title: {ko: \"계약서\", en: \"Contract\"}, sha256: \"$file\"}]" "$work/fourth.json"
korean file --server "$url" --key "$work/key" --system tourism --yes --attach "$work/note.pdf" "$work/fourth.json"
exits 0
fourth=$(sed -n 's/.*(로그 \([0-9]*\)번).*/\1/p' "$work/out" | head -n 1)
does approve tourism "$fourth"
ask tourism "누가 보나요?" citizen@mail.example >"$work/receipt"
question=$("$GAYA" office --data "$work/reg" waiting --json | jq -r '.feedback[] | select(.system).feedback')
does feedback-show "$question"
does contact "$question"
does feedback-withhold "$question" "$(newest "$question")" --code personal-data --reason "ko=이름이 있음" --reason "en=A name"
echo 누가 >"$work/words"
does feedback-publish "$question" "$(newest "$question")" --mask "@$work/words" --yes
does feedback-show "$question"
ask tourism "누가 또 보나요?" "" >"$work/receipt"
again=$("$GAYA" office --data "$work/reg" waiting --json | jq -r '.feedback[] | select(.text == "누가 또 보나요?").feedback')
does feedback-merge "$again" "$question" "$(newest "$again")"
does feedback-part "$again" "$(newest "$again")"
does feedback-answer "$question" "$(newest "$question")" --text "ko=담당자" --text "en=The clerk"
does feedback-forget "$question"
ask tourism "광고" "" >"$work/flood"
does feedback-sweep --from 2000-01-01T00:00:00Z --until 2999-01-01T00:00:00Z --yes 3
does show-file "$file"
does erase "$file" --reason "ko=개인정보" --reason "en=Personal data"
echo 목록 >"$work/list"
does list-submitted --file "$work/list" --to "ko=행정안전부" --services 3
does retire tourism 2 --reason "ko=끝" --reason "en=Ended"
"$GAYA" office 2>&1 | sed -n 's/^  gaya office --data DIR \([a-z-]*\).*/\1/p' >"$work/operations"
[ -s "$work/operations" ] || fault "the list of operations is empty"
while read -r operation; do
	case " $called " in
	*" $operation "*) ;;
	*) fault "not called: $operation" ;;
	esac
done <"$work/operations"

claim "a verification that is false says so in Korean"
stop_server
korean verify "$work/reg"
exits 0
prints "참: "
register_sql "$work/reg" "UPDATE tile SET bytes = zeroblob(length(bytes))"
korean verify "$work/reg"
exits 1
prints "거짓: "
korean verify "$work/nothing"
korean verify http://127.0.0.1:1

claim "a Korean terminal changes nothing that is kept"
korean rebuild --data "$work/reg"

claim "what libraries and the system say is Korean, too"
mkdir "$work/junk"
printf '%04096d' 7 >"$work/junk/register.db"
touch "$work/junk/lock"
korean verify "$work/junk"
prints "데이터베이스 파일이 아닙니다"
must init --data "$work/fresh" --origin fresh.example/log
korean serve --data "$work/fresh" --listen no-such-host.invalid:8080
says "컴퓨터"
korean verify http://no-such-host.invalid
says "그런 컴퓨터를 찾을 수 없습니다"
korean import --data "$work/fresh" --profile csv "$work/no-such-file.csv"
says "그런 파일이나 폴더가 없습니다"
korean export --data "$work/fresh" --profile csv --out "$work/none/out.csv"

claim "a backup, and a restore that asks, refuses and succeeds, are Korean"
must init --data "$work/kept" --origin kept.example/log
korean backup --data "$work/kept" --out "$work/copy" --keys
korean restore --from "$work/copy" --data "$work/back" # nobody is named who saw the log
korean restore --from "$work/copy" --data "$work/back" --mirror http://127.0.0.1:1
korean restore --from "$work/copy" --data "$work/back" --last-resort
korean restore --from "$work/copy" --data "$work/back" --last-resort --reason ko=화재 --reason en=Fire # it is typed
must verify "$work/kept" --state "$work/seen"
run office --data "$work/kept" department-add later --name ko=나중 --name en=Later
must verify "$work/kept" --state "$work/newer"
korean restore --from "$work/copy" --data "$work/back" --seen "$work/newer"
[ "$status" != 0 ] || fault "it is restored, and older than what was seen"
korean restore --from "$work/copy" --data "$work/back" --seen "$work/seen"
exits 0
typed=$(echo "아무에게도 묻지 않음, 기록 2개" | LC_ALL=ko_KR.UTF-8 "$GAYA" restore --from "$work/copy" --data "$work/alone" \
	--last-resort --reason ko=화재 --reason en=Fire 2>&1) || fault "the Korean line was typed: $typed"
korean restore --from "$work/copy" --data "$work/back" --seen "$work/seen"
[ "$status" != 0 ] || fault "a register is restored over another"
says "복원"
korean verify "$work/back"
exits 0

finish
