#!/bin/bash
# The log's key changes while the register is served, two witnesses cosign and a mirror follows: from the
# announcement to the last signature of the old key, as each of them sees it.
. "$(dirname "$0")/lib.sh"

origin=ai.gimhae.example/log
data=$work/register
copy=$work/copy

config() { # name, listen, keys of the log …
	local name=$1 listen=$2
	shift 2
	mkdir -p "$work/$name"
	{
		printf 'listen %s\nname %s.example\nkey key\nstate witness.db\n' "$listen" "$name"
		printf 'log %s\n' "$@"
	} >"$work/$name/witness.conf"
}

witness() { # name: starts it; sets $pid and $address
	: >"$work/$1/out"
	"$GAYA" witness --config "$work/$1/witness.conf" >"$work/$1/out" 2>>"$work/$1/err" &
	pid=$!
	servers="$servers $pid"
	address=
	for _ in $(seq 2400); do
		address=$(sed -n 's/^gaya: .* at \(http:.*\)$/\1/p' "$work/$1/out")
		[ -n "$address" ] && return
		pause
	done
	fault "the witness $1 does not start: $(cat "$work/$1/err")"
}

end() { # process
	kill "$1"
	wait "$1" 2>/dev/null
}

write() { # a word: makes an entry
	must office --data "$data" department-add "$1" --name "en=$1" --name "ko=$1"
}

cosigned_by() { # names …: waits until exactly these have cosigned the newest checkpoint
	local names=
	for _ in $(seq 2400); do
		names=$(fetch "$url/log/checkpoint" | sed -n 's/^— \([a-z]*\)\.example .*/\1/p' | sort | tr '\n' ' ')
		[ "$names" = "$1" ] && return
		pause 0.1
	done
	fault "cosigned by \"$names\", not \"$1\": $(cat "$work/served.err")"
}

signed_by() { # how many keys of the log
	same "keys of the log under the checkpoint" "$1" "$(fetch "$url/log/checkpoint" | grep -c "^— $origin ")"
}

until_copied() { # the mirror has what the original has
	for _ in $(seq 2400); do
		[ "$(fetch "$mirrored/log/checkpoint" | sed -n 2p)" = "$(log_size)" ] && return
		pause 0.1
	done
	fault "the mirror stays behind: $(cat "$work/mirror.err")"
}

rotate() { # step …
	run key rotate --data "$data" "$@"
}

verified() { # arguments …: it is true
	verify "$@"
	exits 0
}

small_city "$data"
old=$(cat "$data/log.vkey")
for w in one two; do
	mkdir "$work/$w"
	must witness new --name $w.example --out "$work/$w/key"
	cp "$work/out" "$work/$w/vkey"
	config $w 127.0.0.1:0 "$old"
	witness $w
	declare ${w}=$pid ${w}_url=$address
	config $w "${address#http://}" "$old"
done
cat >"$data/witness.policy" <<END
log $old
witness first $(cat "$work/one/vkey") $one_url
witness second $(cat "$work/two/vkey") $two_url
group both all first second
quorum both
END
cp "$data/witness.policy" "$work/old.policy"
serve "$data"
cosigned_by "one two "
"$GAYA" mirror "$url" --data "$copy" --key "$old" --listen 127.0.0.1:0 --every 1 \
	>"$work/mirror.out" 2>"$work/mirror.err" &
servers="$servers $!"
aide line "$work/mirror.out" "gaya: serving at " $! && mirrored=$reply
until_copied
verified "$url" --key "$old" --state "$work/state-old"
receipt=$(ask tourism-recommender "키를 바꾸기 전의 질문입니다." "")
fetch "$url/ko/feedback/$receipt/receipt.tlog-proof" >"$work/receipt"
fetch "$url/log/proof/5" >"$work/proof" && fetch "$url/log/entry/5" >"$work/entry"

claim "before anything, the status says that one key signs, and nothing can be finished"
rotate status
exits 0
prints "One key signs the log."
prints "$old"
for step in finish cancel; do
	rotate $step
	exits 5
	says "no key is being changed"
done
same "keys at /log/keys" "$old" "$(fetch "$url/log/keys" | jq -r '.keys[].vkey')"

claim "begin announces a new key, and from that entry on both keys sign"
before=$(log_size)
rotate begin
exits 0
new=$(cat "$work/out")
same "one entry more" $((before + 1)) "$(log_size)"
same "the entry" "log.key_added $new $old" \
	"$(fetch "$url/log/entry/$before" | jq -r '"\(.type) \(.key) \(.beside)"')"
signed_by 2
same "what /log/vkey says" "$new" "$(fetch "$url/log/vkey")"
same "what the folder says" "$new" "$(cat "$data/log.vkey")"
same "the key file" "2 600" "$(wc -l <"$data/log.key") $(stat -c %a "$data/log.key")"
says "30 days"
cosigned_by "one two "

claim "begun again it is the same key, and no entry more"
rotate begin
exits 0
prints "$new"
same "entries" $((before + 1)) "$(log_size)"
LANG=ko_KR.UTF-8 LC_ALL=ko_KR.UTF-8 rotate status
prints "두 키가 함께"
prints "시작한 기록 번호 $before"

claim "while both sign, either key verifies the register, the mirror, and what is downloaded"
write sea
cosigned_by "one two "
until_copied
for key in "$old" "$new"; do
	verified "$url" --key "$key"
	verified "$data" --key "$key"
	verified "$copy" --key "$key"
	fetch "$url/log/proof/5" >"$work/proof-now"
	verified --proof "$work/proof-now" --entry "$work/entry" --key "$key"
done
verified "$url" --state "$work/state-old" --since
verified "$url" --policy "$work/old.policy"

claim "the old key is not ended while a policy or a witness knows that one alone, or too early"
rotate finish
exits 5
says "witness.policy lists this log by its old key alone"
sed -i "1i log $new" "$data/witness.policy"
rotate finish
exits 5
says "one.example, two.example"
end $one
config one "${one_url#http://}" "$old" "$new"
witness one
one=$pid
rotate finish
exits 5
says "not cosign any more: two.example. Ask"
end $two
config two "${two_url#http://}" "$old" "$new"
witness two
two=$pid
rotate finish
exits 5
says "both keys have signed for 0 days"
signed_by 2

claim "a signature line of thousands of bytes in the database is refused, and copied nowhere"
python3 - "$data/register.db" "$new" <<'END'
import base64, sqlite3, sys
db = sqlite3.connect(sys.argv[1], timeout=30)
note, = db.execute("SELECT note FROM checkpoint").fetchone()
name, id, _ = sys.argv[2].split("+", 2)
line = "\u2014 %s %s\n" % (name, base64.b64encode(bytes.fromhex(id) + b"x" * 5000).decode())
db.execute("UPDATE checkpoint SET note = ?", (note.split("\n\n")[0] + "\n\n" + line,))
db.commit()
END
rotate finish
exits 11
says "the newest checkpoint: the signature of $origin does not verify"
write ocean # makes the note anew
signed_by 2
cosigned_by "one two "

claim "finish ends the old key while the server runs, and the witnesses go on with the new one"
rotate finish --early
exits 0
prints "$new"
rotate status --json
same "the keys that sign" "$new" "$(jq -r '.active[]' "$work/out")"
same "the key file" 1 "$(wc -l <"$data/log.key")"
write river
signed_by 1
cosigned_by "one two "
[ -s "$work/one/err" ] && grep -v -e stopping -e 'sandbox .*enforced: ' "$work/one/err" >"$work/odd" && fault "$(cat "$work/odd")"

claim "who knows the old key, remembers it, or holds a policy that lists it is led to the new one"
verified "$url" --key "$old" --json
same "the key now, the key known" "$new $old" "$(jq -r '"\(.key) \(.key_known)"' "$work/out")"
verified "$data" --key "$old"
verified "$url" --state "$work/state-old" --since
same "what is remembered" "$new" "$(head -n 1 "$work/state-old")"
verified "$url" --policy "$work/old.policy" --json
same "trust in it" given "$(jq -r .key_trust "$work/out")"
verified "$url" --key "$old" --state "$work/state-old"
verified "$url" --key "$new"

claim "the log alone is followed across the change, too, by the entries that say so"
verified "$url" --log --key "$old" --json
same "the key now, the key known" "$new $old" "$(jq -r '"\(.key) \(.key_known)"' "$work/out")"
verified "$data" --log --key "$old"
verified "$url" --log --key "$new"
must init --data "$work/stranger" --origin $origin
verify "$url" --log --key "@$work/stranger/log.vkey"
exits 1
prints "name other keys than the known one"
verify "$work/stranger" --log --key "$old"
exits 1
prints "no entry hands the log"

claim "the mirror followed, and serves the same keys; it starts again with either key named"
until_copied
for path in /log/vkey /log/keys /log/checkpoint; do
	same "$path" "$(fetch "$url$path" | sed '/^— [a-z]*.example /d')" \
		"$(fetch "$mirrored$path" | sed '/^— [a-z]*.example /d')"
done
same "the key that it pinned" "$new" "$(cat "$copy/log.vkey")"
verified "$mirrored" --key "$old"
grep -E 'fork|false|rollback' "$work/mirror.err" && fault "$(cat "$work/mirror.err")"

claim "a mirror that begins now, from the old key, follows too; one from another key does not"
run mirror "$url" --data "$work/copy2" --key "$old" --once
exits 0
same "the key that it pinned" "$new" "$(cat "$work/copy2/log.vkey")"
for key in "$old" "$new"; do
	run mirror "$url" --data "$work/copy2" --key "$key" --once
	exits 0
done
must init --data "$work/other" --origin $origin
run mirror "$url" --data "$work/copy2" --key "@$work/other/log.vkey" --once
exits 5
run mirror "$url" --data "$work/copy3" --key "@$work/other/log.vkey" --once
exits 1
prints "not signed by the log's key"

claim "receipts and proofs from before verify offline with the old key, new ones with the new"
verified --proof "$work/receipt" --key "$old"
verified --proof "$work/proof" --entry "$work/entry" --key "$old"
fetch "$url/log/proof/5" >"$work/proof-now"
verified --proof "$work/proof-now" --entry "$work/entry" --key "$new"
number() { # key: what tells it from others of its name
	echo "$1" | cut -d + -f 2
}
unknown() { # signed by, key, proof, --entry FILE …
	local signer=$1 key=$2
	shift 2
	verify --proof "$@" --key "$key"
	exits 4
	prints "Not known: "
	prints_not "False"
	prints "number $(number "$signer"); the key that was named is number $(number "$key")"
}
unknown "$new" "$old" "$work/proof-now" --entry "$work/entry"
unknown "$old" "$new" "$work/receipt"
unknown "$old" "$new" "$work/proof" --entry "$work/entry"

claim "the verify page shows the keys and since when they sign, in both languages"
page /en/verify
prints "$new"
prints "$old"
prints "/log/entry/$before"
page /ko/verify
prints "이전 키"

claim "the server starts again with the new key alone"
stop_server
same "exit status" 0 "$status"
serve "$data"
write lake
signed_by 1
cosigned_by "one two "
verified "$url" --key "$old"

claim "a change that is called off leads back to the key that stays"
rotate begin
exits 0
third=$(cat "$work/out")
write island
verified "$url" --state "$work/state-third"
same "what is remembered" "$third" "$(head -n 1 "$work/state-third")"
rotate cancel
exits 0
prints "$new"
write hill
signed_by 1
verified "$url" --state "$work/state-third"
same "what is remembered" "$new" "$(head -n 1 "$work/state-third")"
verified "$url" --key "$old"

claim "an old copy of the key file, put back, signs nothing, and says what to do"
stop_server
cp "$data/log.key" "$work/newest.key"
cp "$work/other/log.key" "$data/log.key"
run serve --data "$data" --listen 127.0.0.1:0
[ "$status" -eq 11 ] || fault "status $status"
says "put the newest copy of that file back"
cp "$work/newest.key" "$data/log.key"

claim "a second key in the file that was never announced is in the notes, and nobody's key"
cp -r "$data" "$work/sneaky"
rm "$work/sneaky/witness.policy"
cat "$work/other/log.key" >>"$work/sneaky/log.key"
must verify "$data" --state "$work/state-sneaky"
must office --data "$work/sneaky" department-add x --name en=x --name ko=x
same "signatures" 2 "$(register_sql "$work/sneaky" "SELECT note FROM checkpoint" | grep -c "^— $origin ")"
verified "$work/sneaky" --state "$work/state-sneaky"
same "what is remembered" "$new" "$(head -n 1 "$work/state-sneaky")"
verify "$work/sneaky" --key "@$work/other/log.vkey"
exits 1
prints "name other keys than the known one"

claim "a database of somebody's own, with a rotation of their own keys, leads nobody there"
must key rotate --data "$work/other" begin
must key rotate --data "$work/other" finish --early
verify "$work/other" --key "$old"
exits 1
prints "none that it handed the log on to"
verify "$work/other" --state "$work/state-sneaky"
exits 1
prints "not signed by the key of $origin"
prints_not "two histories"

claim "a sealed key file gets a second sealed key, by the same passphrase only"
quick_passphrases
echo "correct horse" >"$work/passphrase"
echo "battery staple" >"$work/wrong"
GAYA_PASSPHRASE_FILE=$work/passphrase must init --data "$work/sealed" --origin $origin
data=$work/sealed
rotate begin
exits 3
GAYA_PASSPHRASE_FILE=$work/wrong rotate begin
[ "$status" -ne 0 ] || fault "it began"
says "security: kind=passphrase count=1: "
same "the key file" 1 "$(wc -l <"$data/log.key")"
GAYA_PASSPHRASE_FILE=$work/passphrase rotate begin
exits 0
same "sealed lines" 2 "$(grep -c '^gaya-sealed-1 ' "$data/log.key")"
GAYA_PASSPHRASE_FILE=$work/passphrase rotate finish --early
exits 0
same "sealed lines" 1 "$(grep -c '^gaya-sealed-1 ' "$data/log.key")"
verified "$data"
claim "a server starts on a folder that lost log.vkey, or has the one of before the change, and writes the newest"
must init --data "$work/once" --origin $origin
first=$(cat "$work/once/log.vkey")
rm "$work/once/log.vkey"
serve "$work/once"
stop_server
same "the only key" "$first" "$(cat "$work/once/log.vkey")"
must key rotate --data "$work/once" begin
newest=$(cat "$work/once/log.vkey")
for left in "$first" ""; do
	rm "$work/once/log.vkey"
	[ -z "$left" ] || echo "$left" >"$work/once/log.vkey"
	serve "$work/once"
	same "log.vkey after "$left"" "$newest" "$(cat "$work/once/log.vkey")"
	stop_server
done
finish
