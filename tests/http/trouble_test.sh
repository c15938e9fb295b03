#!/bin/bash
# When a part of the server fails (no signer, a damaged read model), readers continue, nothing is falsely
# reported as done, and a repair restores everything.
. "$(dirname "$0")/lib.sh"
demo
serve
slug=smart-water

eventually() { # command …: holds within ten seconds
	local _
	for _ in {1..2400}; do
		"$@" >/dev/null 2>&1 && return
		pause 0.1
	done
	"$@"
}
health_is() { # status, word
	get /healthz
	status_is "$1" && is "$2" "$(jq -r .status "$work/body")"
}
signer() { # the process that holds the key
	pgrep -P "$(pgrep -f -P "$server" "gaya serve")" # by way of the process that starts it
}

# --- the signer dies, and comes back by itself ---
ask /ko/systems/$slug/feedback "text=처음"
first=$(signer)
check "the key is held by a process of its own" [ -n "$first" ]
kill -9 "$first"
ask /ko/systems/$slug/feedback "text=서명하는 프로세스가 죽은 뒤"
check "a signer that dies is replaced within the next question" all "status_is 303" \
	'[ "$(signer)" != "$first" ]' 'health_is 200 ok'

check "the server's process can gain no rights any more" grep -q '^NoNewPrivs:.1' "/proc/$server/status"
if [ "$(id -u)" = 0 ] && command -v strace >/dev/null; then
	# Every file that the server opens while a citizen asks and a page is made.
	strace -f -q -o "$work/opens" -e trace=open,openat,openat2,execve -p "$server" 2>/dev/null &
	tracer=$!
	sleep 0.5
	ask /ko/systems/$slug/feedback "text=파일을 세는 동안"
	get "/ko/systems/$slug/versions"
	kill $tracer
	wait $tracer 2>/dev/null
	check "it asks for no file that it may not have" \
		not grep -qE 'log.key|signed.mark|contact.key|passphrase|EACCES|execve' "$work/opens"
fi

# --- it does not come back ---
ask /ko/systems/$slug/feedback "text=곧 공개될 질문"
id=$(sql "SELECT id FROM feedback ORDER BY entry DESC LIMIT 1")
for page in "" systems/$slug systems/$slug/feedback; do get "/ko/$page"; done # kept ready
signed=$(fetch "$url/log/checkpoint" | sed -n 2p)
mv "$data/signed.mark" "$work/signed.mark"
kill -9 "$(signer)"
publish() {
	office "{\"do\": \"feedback-publish\", \"feedback\": \"$id\"}"
}
check "while nothing can be signed, the office is told that it is not done" not publish
check "healthz says so" health_is 503 unsigned
for lang in ko en; do
	ask /$lang/systems/$slug/feedback "text=기다리는 질문" "name=나그네"
	check "a question comes back in $lang with its text, and when to try again" all "status_is 503" \
		'[ "$(header Retry-After)" -gt 0 ]' 'header_is Cache-Control "private, no-cache"' \
		'body_has "기다리는 질문" "value=\"나그네\"" "<html lang=\"$lang\">"'
	get /$lang/systems/$slug/feedback
	check "the $lang page is as it was last signed" all "status_is 200" 'body_lacks "곧 공개될 질문"'
done
get /log/checkpoint
check "so is the checkpoint" is "$signed" "$(sed -n 2p "$work/body")"
get "/log/entry/$signed"
check "and no entry beyond it is given out" status_is 404
mv "$work/signed.mark" "$data/signed.mark"
check "once the signer can start, all is well without a word" eventually health_is 200 ok
get "/log/entry/$signed"
check "what was kept is in the log" all "status_is 200" 'body_has feedback.published "$id"'
for lang in ko en; do
	get /$lang/systems/$slug/feedback
	check "the $lang page that was kept ready shows it" body_has "곧 공개될 질문"
done
ask /ko/systems/$slug/feedback "text=다시 물을 수 있습니다."
check "questions are taken again" status_is 303
check "what was sent back was not stored behind the sender's back" is 0 \
	"$(sql "SELECT count(*) FROM content WHERE instr(bytes, '기다리는 질문')")"
check "the journal says once that it cannot sign, with the reason and what to do, and once that it can again" all \
	'[ "$(grep -c "cannot be signed (.*signed.mark.*start the server again" "$work/serve.err")" = 1 ]' \
	'[ "$(grep -c "all of the log is signed again" "$work/serve.err")" = 1 ]'
: >"$work/serve.err"

# --- the first question that cannot be signed ---
mv "$data/signed.mark" "$work/signed.mark"
kill -9 "$(signer)"
code=$(printf '%032x' 815)
ask /ko/systems/$slug/feedback "text=저장만 된 질문" "once=$code"
check "a question that is stored and not signed is said to be stored, with its receipt's address" all "status_is 503" \
	'body_has "다시 보내지 마시고" "$url/ko/feedback/$code" "저장만 된 질문"'
mv "$work/signed.mark" "$data/signed.mark"
check "it is signed by itself" eventually health_is 200 ok
get "/ko/feedback/$code"
check "and that receipt is there" all "status_is 200" 'body_has "저장만 된 질문"'
ask /ko/systems/$slug/feedback "text=저장만 된 질문" "once=$code"
check "who sends it again all the same has the same receipt" all "status_is 303" \
	'is "/ko/feedback/$code" "$(header Location)"'
: >"$work/serve.err"

# --- the read model is damaged ---
get /ko/systems/civil-kiosk/versions/1.json
cp "$work/body" "$work/sound"
register_sql "$data" "DROP TABLE version"
ask /ko/systems/$slug/feedback "text=읽는 쪽이 새 상태를 보게 하는 질문"
for lang in ko en; do
	get "/$lang/systems/civil-kiosk/versions/1"
	check "500 in $lang, without a word of the cause" all "status_is 500" \
		'header_is Cache-Control no-store' 'body_has "<html lang=\"$lang\">"' \
		'body_lacks "no such table" "version.n"' secured
done
get /api/v1/systems/civil-kiosk
check "the API fails as plainly" not body_has "no such table"
check "the cause is in the server's own words, with the time" \
	grep -qE '^20[0-9-]+T[0-9:]+Z gaya: .*no such table' "$work/serve.err"
run rebuild --data "$data"
check "a rebuild repairs it while the server runs" is 0 "$status"
get "/en/systems/civil-kiosk/versions/1.json"
check "and the page is the one there was" all "status_is 200" 'cmp "$work/body" "$work/sound"'
: >"$work/serve.err"

# --- its file is overwritten, or is gone ---
head -c 65536 /dev/zero | dd of="$(echo "$data"/model/*.db)" bs=4096 seek=8 conv=notrunc status=none
stop >/dev/null
serve
check "a file that was overwritten is made again at the start or soon after it" eventually \
	grep -qE "is damaged|is made from the log again" "$work/serve.err"
check "and the server says so until it is" eventually health_is 200 ok
get "/en/systems/civil-kiosk/versions/1.json"
check "the page is the one there was" all "status_is 200" 'cmp "$work/body" "$work/sound"'
stop >/dev/null
: >"$work/serve.err"
serve
get /ko/systems/no-such-system
check "what is not there is not found" status_is 404
exec 8<"$data/model"
flock 8 # as another program that makes it would, so that it stays damaged
rm "$data"/model/*.db
check "while it is damaged, /healthz says so" eventually health_is 503 damaged
for path in /ko/systems/no-such-system /en/systems/no-such-system /api/v1/systems/no-such-system; do
	get "$path"
	check "and nobody learns from it that there is no such thing: $path" all "status_is 503" \
		'[ -n "$(header Retry-After)" ]'
done
exec 8<&-
check "a file that is gone is made again while the server runs" eventually \
	all 'grep -q "the read model is mended" "$work/serve.err"' 'health_is 200 ok'
get "/ko/systems/civil-kiosk/versions/1.json"
check "and nothing is lost" all "status_is 200" 'cmp "$work/body" "$work/sound"' \
	'[ -e "$(echo "$data"/model/*.db)" ]'
: >"$work/serve.err"

# --- its structure is sound, but a text in it is not ---
stop >/dev/null
policy=$(register_sql "$data" "SELECT id FROM policy WHERE until_entry IS NULL LIMIT 1")
register_sql "$data" "UPDATE policy SET sha256 = 'zz' || substr(sha256, 3) WHERE id = '$policy'"
register_sql "$data" "UPDATE department SET about = replace(about, '교통정책과', '엉뚱한 이름')"
serve
get /ko/systems
check "a name that was changed in it is shown: no page can know" body_has "엉뚱한 이름"
get "/ko/policies/$policy"
check "a page that cannot read a text of it says that it is being made again" all "status_is 503" \
	'[ -n "$(header Retry-After)" ]'
page_is() { # status
	get "/en/policies/$policy"
	status_is "$1"
}
check "and soon it is: the page is there" eventually page_is 200
get /ko/systems
check "and what was kept of the old one is forgotten" all 'body_has "교통정책과"' 'body_lacks "엉뚱한 이름"'
check "the journal says why" grep -q "made from the log, which has everything" "$work/serve.err"
check "and /healthz that all is well" health_is 200 ok
stop >/dev/null
register_sql "$data" "DELETE FROM content WHERE lower(hex(sha256)) = (SELECT sha256 FROM policy WHERE id = '$policy')"
: >"$work/serve.err"
serve
get "/ko/policies/$policy"
check "what the log itself lacks cannot be made again" eventually page_is 500
page_is 500
check "which is tried once, and other pages go on" all 'health_is 200 ok' \
	'is 1 "$(grep -c "no new read model could be made" "$work/serve.err")"'
: >"$work/serve.err"
all_done
