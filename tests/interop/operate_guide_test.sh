#!/bin/bash
# The framed commands of docs/operate.md, step by step as an operator would type them: a backup during writes, a
# lost disk, a refused restore and an accepted one.
. "$(dirname "$0")/../cli/lib.sh"

GAYA=$(realpath "$GAYA")
mkdir "$work/bin" "$work/backup"
ln -s "$GAYA" "$work/bin/gaya"
steps() { # heading, name: its commands, in $work/<name>.1.sh and so on
	awk -v heading="## $1" -v to="$work/$2" '/^## / { in_it = $0 == heading }
		in_it && /^```/ { code = /^```sh$/; n += code; next } in_it && code { print >(to "." n ".sh") }' docs/operate.md
}
guide() { # step: sets $status, $work/out, $work/err
	(cd "$work" && PATH=$work/bin:$PATH DATA=$data BACKUP=$work/backup URL=$url MIRROR=$mirrored \
		exec bash -euo pipefail "$work/$1.sh") >"$work/out" 2>"$work/err" </dev/null
	status=$?
}
data=$work/data
mirrored=
steps "Backing up" backing-up
steps "Restoring" restoring

claim "the page has the steps that this test takes"
same "its steps" "backing-up.1.sh backing-up.2.sh backing-up.3.sh restoring.1.sh restoring.2.sh" \
	"$(cd "$work" && echo backing-up.*.sh restoring.*.sh)"

must init --data "$data" --origin ai.gimhae.example/log --demo
serve "$data"
"$GAYA" mirror "$url" --data "$work/copy" --key "@$data/log.vkey" --listen 127.0.0.1:0 --every 1 \
	>"$work/mirror.out" 2>"$work/mirror.err" &
servers="$servers $!"
for _ in $(seq 400); do
	mirrored=$(sed -n 's/^gaya: serving at //p' "$work/mirror.out")
	[ -n "$mirrored" ] && break
	sleep 0.05
done

claim "its backups are made while citizens ask, and verify"
(while [ ! -e "$work/enough" ]; do ask civil-chatbot "몇 건입니까?" "" >/dev/null; done) &
asker=$!
for step in 1 2 3; do
	guide backing-up.$step
	exits 0
done
touch "$work/enough"
wait $asker
[ -e "$work/backup/safe/log.key" ] || fault "no key in the safe"
[ ! -e "$work/backup/nightly-$(date +%F)/log.key" ] || fault "a key is in the nightly backup"

claim "with the disk gone, a restore of last night's backup is refused, and says what the page says"
ask civil-chatbot "백업 뒤의 질문" "" >/dev/null
size=$(log_size)
until [ "$(curl -s "$mirrored/log/checkpoint" | sed -n 2p)" = "$size" ]; do sleep 0.1; done
stop_server
mv "$data" "$work/gone"
guide restoring.1
exits 11
says "are missing. Nothing was restored. To take them from $mirrored"
says "which has them, give the same command with --fetch"

claim "with --fetch it comes back with every entry, verifies by what was remembered, and serves"
guide restoring.2
exits 0
[ -e "$data/contact.key" ] || fault "contact.key was not put back"
prints "True: the log is what its key signed"
same "entries before it" "$size" "$(sqlite3 -readonly "$data/register.db" \
	"SELECT min(idx) FROM entry WHERE CAST(bytes AS TEXT) LIKE '%\"type\":\"register.restored\"%'")"
serve "$data"
page /en/about
answers 200
prints "$mirrored"
stop_server
finish
