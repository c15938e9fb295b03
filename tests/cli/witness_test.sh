#!/bin/bash
# Two witnesses of a served log: what they sign and refuse, what the log does when one is away, and how a
# restored backup is reported.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

origin=ai.gimhae.example/log
data=$work/register
metrics=

config() { # name, listen: a witness's configuration in $work/<name>
	mkdir -p "$work/$1"
	cat >"$work/$1/witness.conf" <<-END
		# $1
		listen $2
		name $1.example
		key key
		state witness.db
		log $vkey
	END
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
		kill -0 $pid 2>/dev/null || break
		pause
	done
	claim "the witness $1 starts"
	fault "$(cat "$work/$1/err")"
	exit 1
}

end() { # process: asks it to stop and waits
	kill "$1"
	wait "$1"
}

serve_log() { # options …: serves $data; sets $server, $url, $metrics
	: >"$work/served" # what the server before this one said is not to be read again
	"$GAYA" serve --data "$data" --listen 127.0.0.1:0 --metrics 127.0.0.1:0 "$@" \
		>"$work/served" 2>"$work/served.err" &
	server=$!
	servers="$servers $server"
	for _ in $(seq 2400); do
		metrics=$(sed -n 's/^gaya: metrics at //p' "$work/served")
		url=$(sed -n 's/^gaya: serving at //p' "$work/served")
		[ -n "$metrics" ] && return
		kill -0 "$server" 2>/dev/null || break
		pause
	done
	claim "the log is served"
	fault "$(cat "$work/served.err")"
	exit 1
}

write() { # a word: makes an entry
	must office --data "$data" department-add "$1" --name "en=$1" --name "ko=$1"
}

lines() { # of witnesses under the served checkpoint, into $work/lines
	fetch "$url/log/checkpoint" | sed -n 's/^— \([a-z]*\)\.example .*/\1/p' | sort | tr '\n' ' '
}

cosigned_by() { # names …: waits until exactly these have cosigned the newest checkpoint
	for _ in $(seq 2400); do
		[ "$(lines)" = "$1" ] && return
		pause 0.1
	done
	fault "cosigned by \"$(lines)\", not \"$1\"; said: $(cat "$work/served.err")"
}

metric() { # name (and label): its value
	fetch "$metrics" | sed -n "s/^$1 //p"
}

is_metric() { # name, value: waits for it
	for _ in $(seq 2400); do
		[ "$(metric "$1")" = "$2" ] && return
		pause 0.1
	done
	same "$1" "$2" "$(metric "$1")"
}

latest() { # address of a witness: the checkpoint that it cosigned last
	fetch "$1/$(printf %s $origin | sha256sum | cut -d ' ' -f 1)/checkpoint"
}

must init --data "$data" --origin $origin
vkey=$(cat "$data/log.vkey")

claim "witness new makes a key that no other may read, and prints its public half"
mkdir "$work/one" "$work/two"
for w in one two; do
	run witness new --name $w.example --out "$work/$w/key"
	exits 0
	cp "$work/out" "$work/$w/vkey"
	same "who may read it" 600 "$(stat -c %a "$work/$w/key")"
done
prints "two.example+"
grep -q PRIVATE "$work/out" "$work/err" && fault "the private half was printed"
same "its type, 0x04, in base64" B "$(sed 's/^[^+]*+[0-9a-f]*+\(.\).*/\1/' "$work/one/vkey" | cut -c 1)"

claim "a key is never written over another file"
run witness new --name one.example --out "$work/one/key"
exits 5

claim "wrong usage of the witness is told with the right one"
run witness
exits 2
says "usage: gaya witness --config FILE"
run witness new --name x
exits 2

claim "a wrong line of a configuration is named by its number"
config one 127.0.0.1:0
echo "mode loud" >>"$work/one/witness.conf"
run witness --config "$work/one/witness.conf"
exits 2
says "witness.conf, line 7: \"mode\" is not listen, prefix, name, key, state or log"
printf 'listen 127.0.0.1:0\nname two.example\nkey key\nstate s\nlog %s\n' "$vkey" >"$work/one/witness.conf"
run witness --config "$work/one/witness.conf"
exits 2
says "is the key of one.example, not of two.example"
printf 'listen 127.0.0.1:0\n' >"$work/one/witness.conf"
run witness --config "$work/one/witness.conf"
exits 2
says "must say listen, key, state and at least one log"

config one 127.0.0.1:0
config two 127.0.0.1:0
witness one
one=$pid one_url=$address
witness two
two=$pid two_url=$address
config one "${one_url#http://}" # after a restart it is found where it was
config two "${two_url#http://}"
cat >"$data/witness.policy" <<END
witness first $(cat "$work/one/vkey") $one_url
witness second $(cat "$work/two/vkey") $two_url/
group both all first second
quorum both
END

claim "a checkpoint gets the cosignatures of both witnesses"
serve_log
cosigned_by "one two "
same "the latest with a quorum" "$(fetch "$url/log/checkpoint")" \
	"$(fetch "$url/log/checkpoint.cosigned")"
is_metric gaya_quorum_met 1

claim "each new checkpoint is cosigned again, by a proof from the last one"
for word in a b c d e; do write $word; done
cosigned_by "one two "
same "entries" 7 "$(log_size)"
same "what a witness gives to monitors" 7 "$(latest "$one_url" | sed -n 2p)"
same "its lines" 2 "$(latest "$one_url" | grep -c '^—')"
is_metric 'gaya_witness_size{witness="two.example"}' 7

claim "receipts and proofs carry the cosignatures"
fetch "$url/log/proof/0" >"$work/proof"
same "lines of witnesses" 2 "$(grep -c '^— [a-z]*\.example ' "$work/proof")"

claim "the verify page says who has signed"
page /en/verify
grep -q "Enough witnesses have signed" "$work/out" || fault "$(grep -i witness "$work/out")"
grep -q "two.example" "$work/out" || fault "no witness is named"

claim "gaya verify holds the checkpoint to the folder's policy, and to one that is given"
cp "$data/witness.policy" "$work/both.policy"
verify "$data"
exits 0
prints "one.example, two.example"
verify "$url" --policy "$work/both.policy" --json
exits 0
same "quorum" true "$(jq .quorum "$work/out")"
same "cosigned by" '["one.example","two.example"]' "$(jq -c .cosigned_by "$work/out")"

claim "a policy of other witnesses is not met"
run witness new --name three.example --out "$work/three"
printf 'witness x %s\nquorum x\n' "$(cat "$work/out")" >"$work/other.policy"
verify "$url" --policy "$work/other.policy"
exits 1
prints "not enough witnesses cosigned the checkpoint: three.example did not"

claim "a downloaded proof is held to a policy, too: who cosigned it, and whether that is enough"
fetch "$url/log/entry/0" >"$work/entry"
verify --proof "$work/proof" --key "$vkey" --entry "$work/entry"
exits 0
prints "not checked: 2"
verify --proof "$work/proof" --key "$vkey" --entry "$work/entry" --policy "$work/both.policy"
exits 0
prints "cosigned by: one.example, two.example"
prints_not "not checked: "
verify --proof "$work/proof" --key "$vkey" --entry "$work/entry" --policy "$work/both.policy" --json
same "cosigned by" '["one.example","two.example"] 0' \
	"$(jq -c .cosigned_by "$work/out") $(jq .signatures_not_checked "$work/out")"
verify --proof "$work/proof" --key "$vkey" --entry "$work/entry" --policy "$work/other.policy"
exits 1
prints "not enough witnesses cosigned the checkpoint: three.example did not"
sed 's/^\(— one.example .\{12\}\)./\1A/' "$work/proof" >"$work/forged"
cmp -s "$work/proof" "$work/forged" && sed -i 's/^\(— one.example .\{12\}\)./\1B/' "$work/forged"
verify --proof "$work/forged" --key "$vkey" --entry "$work/entry" --policy "$work/both.policy"
exits 1

claim "a policy that lists another log's key is not met either, and one that lists it is its key"
printf 'log %s\nquorum none\n' "$vkey" >"$work/log.policy"
verify "$url" --policy "$work/log.policy" --json
exits 0
same "trust in the key" '"given"' "$(jq .key_trust "$work/out")"
run key new --origin $origin --department x --out "$work/x"
printf 'log %s\nquorum none\n' "$(cat "$work/out")" >"$work/log.policy"
verify "$url" --policy "$work/log.policy"
exits 1
prints "is not among the logs of the policy"

claim "a policy that is none is wrong input, and its line is named"
printf 'quorum all\n' >"$work/wrong.policy"
verify "$url" --policy "$work/wrong.policy"
exits 2
says "line 1"

claim "with a witness away the log is served all the same, and says who is missing"
end $two
write f
cosigned_by "one "
is_metric gaya_quorum_met 0
same "the latest with a quorum" 7 "$(fetch "$url/log/checkpoint.cosigned" | sed -n 2p)"
is_metric gaya_cosigned_size 7
page /en/verify
grep -q "Not enough witnesses have signed" "$work/out" || fault "the page does not say so"
grep -A1 "two.example" "$work/out" | grep -q "Has not signed it" || fault "nobody is named"
page /ko/verify
grep -q "아직 서명하지 않았습니다" "$work/out" || fault "in Korean it does not"
grep -q "witness second does not cosign" "$work/served.err" || fault "the operator is not told"
[ "$(metric 'gaya_witness_failures_total{witness="two.example"}')" -gt 0 ] || fault "no failure is counted"

claim "then the newest with a quorum is taken, and it is said how far and how long it lags behind"
verify "$url" --policy "$work/both.policy"
exits 0
prints "an earlier checkpoint, which this log goes on from"
prints "in the newest checkpoint that enough of them cosigned: 7"
prints "newer entries, not cosigned by enough of them yet: 1"
prints "seconds since enough of them cosigned it: "
verify "$url" --log --policy "$work/both.policy" --json
exits 0
same "how far" "true 8 7" "$(jq -r '"\(.quorum) \(.size) \(.cosigned_size)"' "$work/out")"
verify "$data" --policy "$work/both.policy" --state "$work/lagging" --json
exits 0
same "how far, of the folder" 7 "$(jq .cosigned_size "$work/out")"

fast # from here on
claim "a quorum that is older than an hour says nothing of newer entries"
by_clock +2h "$GAYA" verify "$url" --policy "$work/both.policy" >"$work/out" 2>"$work/err"
status=$?
exits 1
prints "the newest that has enough is of 7 entries, 1 fewer, and was cosigned "

claim "a mirror under a policy takes over what enough witnesses cosigned lately, and their lines"
run mirror "$url" --data "$work/copy" --key "$vkey" --policy "$work/both.policy" --once --json
exits 0
same "how far" "good 8 7" "$(jq -r '"\(.finding) \(.size) \(.cosigned)"' "$work/out")"
verify "$work/copy" --policy "$work/both.policy" --json
exits 0
same "how far, of the copy" 7 "$(jq .cosigned_size "$work/out")"
run mirror "$url" --data "$work/copy" --policy "$work/both.policy" --once
exits 0
prints ", 0 new"

claim "an original that is frozen does not stay good for such a mirror"
by_clock +2h "$GAYA" mirror "$url" --data "$work/copy" --policy "$work/both.policy" --once --json \
	>"$work/out" 2>"$work/err"
status=$?
exits 1
same "the finding" uncosigned "$(jq -r .finding "$work/out")"
by_clock +2h "$GAYA" mirror "$url" --data "$work/copy" --policy "$work/both.policy" --once \
	--stale 10000 >"$work/out" 2>"$work/err"
status=$?
exits 0
run mirror "$url" --data "$work/copy" --policy "$work/other.policy" --once
exits 1
prints "uncosigned: not enough witnesses cosigned it: three.example did not"

claim "the witness comes back and goes on where it was"
witness two
two=$pid
cosigned_by "one two "
is_metric gaya_quorum_met 1
same "its state" 8 "$(latest "$two_url" | sed -n 2p)"
same "the same key" "$(cat "$work/two/vkey")" "$(sed -n 2p "$work/two/out")"

claim "the log restarts, keeps the cosignatures, and learns from a 409 where the witnesses are"
end "$server"
serve_log
same "cosigned by" "one two " "$(lines)"
write g
cosigned_by "one two "

claim "cosignatures that grew old on a quiet log are asked for again, and the page says their age"
end "$server"
clock_program +2h "$GAYA" "$work/later"
times() { # that witness one gave the newest checkpoint
	fetch "$url/log/checkpoint" | grep '^— one.example '
}
serve_log
before=$(times)
end "$server"
sleep 1 # a cosignature's time has seconds
now=$GAYA
GAYA=$work/later
serve_log # two hours later, as it thinks, and nothing was written
GAYA=$now
for _ in $(seq 200); do
	[ "$(times)" != "$before" ] && break
	pause 0.1
done
[ "$(times)" != "$before" ] || fault "the old cosignature stays"
cosigned_by "one two "
page /en/verify
prints " (2 hours ago)" # the witness's clock has not moved
page /ko/verify
prints "(2시간 전)"
end "$server"
serve_log

claim "a backup that is put back is found out by the witnesses, though its mark was put back, too"
end "$server"
cp -r "$data" "$work/backup"
serve_log
write h
write i
cosigned_by "one two "
end "$server"
mv "$data" "$work/newest"
cp -r "$work/backup" "$data"
"$GAYA" serve --data "$data" --listen 127.0.0.1:0 >"$work/out" 2>"$work/err" &
server=$!
wait $server
status=$?
exits 11
says "it has cosigned 11 entries of this log, which has 9 here: an older copy was put in its place"
says "Nothing was signed or served"
says "open a new log of another origin"
same "serving" "" "$(cat "$work/out")"

claim "a second history by the same key is cosigned by no witness"
mv "$data/witness.policy" "$work/policy"
for word in x y z; do write $word; done
mv "$work/policy" "$data/witness.policy"
"$GAYA" serve --data "$data" --listen 127.0.0.1:0 >"$work/out" 2>"$work/err" &
wait $!
status=$?
exits 11
says "the consistency proof does not lead to the old root"
says "Nothing was signed or served"
grep -q "refused to cosign" "$work/one/err" || fault "the witness kept no evidence"
grep -q "gaya: evidence: $origin" "$work/one/err" || fault "the witness did not keep the checkpoint"
same "what the witness holds" 11 "$(latest "$one_url" | sed -n 2p)"

claim "a rollback is answered with the size that the witness knows"
{
	printf 'old 0\n\n'
	register_sql "$work/backup" -readonly 'SELECT note FROM checkpoint' | sed '$d'
} >"$work/rollback"
request "$work/out" "$work/head" --data-binary "@$work/rollback" "$one_url/add-checkpoint"
prints 11
grep -qi '^content-type: text/x.tlog.size' "$work/head" || fault "$(cat "$work/head")"
grep -q ' 409 ' "$work/head" || fault "$(cat "$work/head")"

claim "the newest copy goes on"
rm -rf "$data"
mv "$work/newest" "$data"
serve_log
write j
cosigned_by "one two "

claim "a restore asks the witnesses: of an older backup it is refused, of the newest one it is not"
run restore --from "$work/backup" --data "$work/restored" --witness
exits 11
says "has seen $(log_size): entries 9 to $(($(log_size) - 1)) are missing"
[ ! -e "$work/restored" ] || fault "it left something behind"
must backup --data "$data" --out "$work/kept" --keys
run restore --from "$work/kept" --data "$work/restored" --witness
exits 0
says "$(log_size) entries seen by one.example"
same "who saw it" '["one.example","two.example"]' "$(register_sql "$work/restored" -readonly \
	"SELECT about FROM restored" | jq -c '[.known_by[].where]')"
rm "$work/restored/witness.policy" # nobody has cosigned the entry that says so
run verify "$work/restored"
exits 0

claim "a witness that has never seen this log is nobody to ask"
cp -r "$work/kept" "$work/strange"
config new 127.0.0.1:0
new_key=$("$GAYA" witness new --name new.example --out "$work/new/key")
witness new
new=$pid
printf 'witness new %s %s\ngroup any 1 new\nquorum any\n' "$new_key" "$address" >"$work/strange/witness.policy"
run restore --from "$work/strange" --data "$work/restored2" --witness
exits 7
says "it has not seen this log before"
[ ! -e "$work/restored2" ] || fault "it left something behind"
end $new

claim "once a witness has proof of another tree nothing more is written, and pages and /healthz say so"
end "$server"
cp -r "$data" "$work/fork"
mv "$data" "$work/aside"
mv "$work/fork" "$data"
serve_log
write fork1
write fork2
cosigned_by "one two "
fork_size=$(log_size)
end "$server"
mv "$data" "$work/fork"
mv "$work/aside" "$data"
mv "$data/witness.policy" "$work/policy.then" # or the start would find it out
serve_log
write first
end "$server"
mv "$work/policy.then" "$data/witness.policy"
"$GAYA" serve --data "$data" --listen 127.0.0.1:0 >"$work/out" 2>"$work/err"
status=$?
exits 11 # the start compares
end $one
end $two
serve_log # nobody to ask
witness one
one=$pid
witness two
two=$pid
for _ in $(seq 600); do
	page /healthz
	[ "$code" = 503 ] && break
	pause 0.1
done
prints '"status":"halted"'
run office --data "$data" department-add second --name en=Second --name ko=둘째
exits 7
says "nothing is written until the register's operator has decided"
says "of $fork_size entries that this log's key signed"
remember_log
request "$work/out" "$work/head" -H 'Content-Type: application/json' --data '{}' "$url/api/v1/events"
code=$reply
page /en/verify
answers 200
prints "The witness"
prints "Until that is cleared up, nothing new is written"
page /ko/verify
prints "새 기록을 받지 않습니다"
fetch "$metrics" >"$work/out"
prints "gaya_halted 1"
grep -q '^[0-9TZ:-]* gaya: ALARM: witness .*Nothing more is written or signed' "$work/served.err" || fault "$(cat "$work/served.err")"
grep -q "^$origin" "$work/served.err" || fault "the proof is not in the log"
log_is_unchanged
end "$server"
rm -rf "$data"
mv "$work/fork" "$data"
serve_log # the operator found the right one
write later
cosigned_by "one two "

claim "a witness that takes the question and never answers delays neither writers nor readers"
end $two
python3 -c '
import socket, sys, threading
s = socket.create_server(("127.0.0.1", int(sys.argv[1])))
def hear(client):
    while client.recv(65536): pass
    print("given up", flush=True)
while True: threading.Thread(target=hear, args=s.accept()[:1], daemon=True).start()
' "${two_url##*:}" >"$work/mute" &
mute=$!
servers="$servers $mute"
for word in m n o p q r s t; do
	must office --data "$data" department-add $word --name "en=$word" --name "ko=$word"
	lines >"$work/lines"
done
# Had each write waited for it, the server would have given up as often.
given_up=$(wc -l <"$work/mute")
[ "$given_up" -lt 8 ] || fault "eight writes waited for $given_up questions"
cosigned_by "one "
end $mute 2>/dev/null
witness two
two=$pid
cosigned_by "one two "

claim "a running log whose witness has seen another history says so, and is served all the same"
sqlite3 "$work/one/witness.db" "UPDATE witnessed SET size = 99"
write k
for _ in $(seq 2400); do
	grep -q ALARM "$work/served.err" && break
	pause 0.1
done
grep -q "ALARM: witness first: it has cosigned 99 entries" "$work/served.err" ||
	fault "$(cat "$work/served.err")"
is_metric 'gaya_witness_alarm{witness="one.example"}' 1
cosigned_by "two "

claim "a policy with a wrong line stops the server before it starts"
end "$server"
echo "quorum none" >>"$data/witness.policy"
"$GAYA" serve --data "$data" --listen 127.0.0.1:0 >"$work/out" 2>"$work/err" &
wait $!
status=$?
exits 2
says "witness.policy: line 5: a policy has one quorum line"

claim "witnesses stop when asked, and in order"
end $one
same "exit status" 0 $?
end $two
same "exit status" 0 $?
grep -E 'AddressSanitizer|runtime error|LeakSanitizer' "$work"/*/err "$work/served.err" &&
	fault "a sanitizer found something"

finish
