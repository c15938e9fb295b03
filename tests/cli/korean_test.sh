#!/bin/sh
# A Korean official sees Korean: where LANG is ko_KR.UTF-8, no command prints English sentences, with
# or without a server between.
. "$(dirname "$0")/lib.sh"

korean() { # arguments …: runs it as a Korean official does
	LC_ALL=ko_KR.UTF-8 "$GAYA" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	cat "$work/out" "$work/err" | english >"$work/english"
	[ -s "$work/english" ] && fault "English from gaya $*:
$(head -n 5 "$work/english")"
	grep -hE '은\(는\)|이\(가\)|을\(를\)|과\(와\)|\(으\)로' "$work/out" "$work/err" >"$work/both" &&
		fault "both forms of a particle: $(head -n 3 "$work/both")"
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

claim "each command's wrong usage is told in Korean"
for command in init office key file answer import standard declare policy verify export mirror rebuild \
	witness; do
	korean $command --sever x
	exits 2
	says '"--sever"라는 옵션은 없습니다'
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

claim "the office speaks Korean on its own"
everything

serve "$work/reg"

claim "the office speaks Korean through a server, which others ask in English meanwhile"
everything
run office --data "$work/reg" show-filing 1
exits 4
says "entry 1 is not a filing"

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
says "무엇을 보고 결정했는지"
korean office --data "$work/reg" approve tourism "$second"
exits 0
prints "공개했습니다"
korean file --server "$url" --key "$work/key" --system tourism --yes "$work/better.json"
exits 5
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

claim "a verification that is false says so in Korean"
stop_server
korean verify "$work/reg"
exits 0
prints "참: "
sqlite3 "$work/reg/register.db" "UPDATE tile SET bytes = zeroblob(length(bytes))"
korean verify "$work/reg"
exits 1
prints "거짓: "
korean verify "$work/nothing"
korean verify http://127.0.0.1:1

claim "a Korean terminal changes nothing that is kept"
korean rebuild --data "$work/reg"

finish
