#!/bin/bash
# Backups: what gaya backup copies, what gaya restore asks for, and when it refuses.
# tests/interop/operate_guide_test.sh follows the same steps in docs/operate.md.
. "$(dirname "$0")/lib.sh"
command -v sqlite3 >/dev/null || { echo "sqlite3 is needed (make deps-test)"; exit 1; }

origin=$city_origin
data=$work/data
add() { # slug …
	for slug; do
		must office --data "$data" department-add "$slug" --name "ko=$slug" --name "en=$slug"
	done
}
in_database() { # folder, SQL
	register_sql "$1" -readonly "$2"
}
nothing_restored() { # folder
	[ ! -e "$1" ] || fault "$1 was left behind: $(ls -A "$1")"
}
follow() { # address: a mirror; sets $mirrored and $follower
	: >"$work/mirror.out"
	"$GAYA" mirror "$1" --data "$work/copy" --key "@$data/log.vkey" --listen 127.0.0.1:0 --every 1 \
		>"$work/mirror.out" 2>"$work/mirror.err" &
	follower=$!
	servers="$servers $follower"
	mirrored=
	if aide line "$work/mirror.out" "gaya: serving at " $follower; then
		mirrored=$reply
		return
	fi
	claim "a mirror follows"
	fault "$(cat "$work/mirror.err")"
	exit 1
}

small_city "$data"
size=$(in_database "$data" "SELECT count(*) FROM entry")

claim "a file or folder in a folder that does not exist is refused with both names, and what to do"
for command in "backup --data $data --out" "init --origin rest.test/a --data" "export --data $data --profile csv --out"; do
	for lang in en ko; do
		# shellcheck disable=SC2086 # words
		LANG=$lang.UTF-8 LC_ALL=$lang.UTF-8 run $command "$work/none/made"
		case $lang in
		en) says "the folder $work/none does not exist: make it first" ;;
		ko) says "$work/none 폴더가 없습니다. 먼저 만드십시오" ;;
		esac
		[ ! -e "$work/none" ] || fault "$command made it"
	done
done

claim "gaya init that fails midway leaves nothing behind, and an empty folder as it was"
mkdir -m 750 "$work/empty"
for folder in new empty; do
	(
		trap '' XFSZ
		ulimit -f 40
		run init --data "$work/$folder" --origin rest.test/a
		exits 12
	)
done
[ ! -e "$work/new" ] || fault "new is there"
same "what is in the folder" "" "$(ls -A "$work/empty")"
same "its mode" 750 "$(stat -c %a "$work/empty")"
run init --data "$work/empty" --origin rest.test/a
exits 0

claim "a backup has all that a register is made again from, and no key and no mark"
run backup --data "$data" --out "$work/plain"
exits 0
prints "$size entries"
same "the files" "contact.pub log.vkey people.db register.db" "$(ls "$work/plain" | tr '\n' ' ' | sed 's/ $//')"
run verify "$work/plain"
exits 0

claim "it is written over no other, and leaves that as it was"
before=$(cksum <"$work/plain/register.db")
run backup --data "$data" --out "$work/plain"
exits 5
says "holds a backup already"
same "the database" "$before" "$(cksum <"$work/plain/register.db")"

claim "with --keys it has the two secrets, for nobody else to read"
run backup --data "$data" --out "$work/keys" --keys --json
exits 0
same "entries" "$size" "$(jq .entries "$work/out")"
same "the modes" "600 600" "$(stat -c %a "$work/keys/log.key" "$work/keys/contact.key" | tr '\n' ' ' | sed 's/ $//')"
[ ! -e "$work/keys/signed.mark" ] || fault "the mark is in the backup"

claim "while questions are written each backup is one signed state, and verifies"
serve "$data"
(while [ ! -e "$work/enough" ]; do ask tourism-recommender "몇 건입니까?" "" >/dev/null; pause; done) &
asker=$!
for i in 1 2 3 4; do
	before=$(log_size)
	until [ "$(log_size)" -gt "$before" ]; do pause; done
	run backup --data "$data" --out "$work/busy$i"
	exits 0
	verify "$work/busy$i"
	exits 0
done
touch "$work/enough"
wait $asker
[ "$(in_database "$work/busy4" "SELECT size FROM checkpoint")" -gt "$size" ] || fault "no question was written meanwhile"
run backup --data "$data" --out "$work/last" --keys
exits 0
stop_server

claim "of a mirror no backup is made"
mkdir "$work/other"
cp "$data/register.db" "$work/other/"
echo '{}' >"$work/other/mirror.json"
run backup --data "$work/other" --out "$work/of-mirror"
exits 5
says "holds a mirror"

claim "a restore without anybody who saw the log says whom to name"
run restore --from "$work/last" --data "$work/new"
exits 2
says "name a mirror (--mirror URL), the witnesses (--witness) or a file"
nothing_restored "$work/new"

claim "by what gaya verify remembered, a register comes back whole, and says so in its log"
must verify "$data" --state "$work/state"
size=$(in_database "$data" "SELECT count(*) FROM entry")
run restore --from "$work/last" --data "$work/new" --seen "$work/state"
exits 0
says "$size entries seen by $work/state"
says "disable again those disabled since then"
same "the event" '["register.restored","office",'"$size,$size,$((size - 1 + 1))"']' \
	"$(in_database "$work/new" "SELECT CAST(bytes AS TEXT) FROM entry WHERE idx = $size" |
		jq -c "[.type, .by, .backup, .seen, $size]")"
verify "$work/new" --state "$work/state"
exits 0
prints "$size"
same "the files" "contact.key contact.pub lock log.key log.vkey model people.db register.db signed.mark" \
	"$(ls "$work/new" | tr '\n' ' ' | sed 's/ $//')"

claim "so does the demo city, in which all has happened that can"
demo_city "$work/city"
must backup --data "$work/city" --out "$work/city-backup" --keys
must verify "$work/city" --state "$work/city-state"
run restore --from "$work/city-backup" --data "$work/new-city" --seen "$work/city-state"
exits 0
verify "$work/new-city" --state "$work/city-state"
exits 0
prints "pages are exactly what the log gives"

claim "it starts, is written to, and tells its readers of the restore"
serve "$work/new"
must office --data "$work/new" department-add later --name ko=나중 --name en=Later
page /en/about
answers 200
prints "Restored from a backup"
page /ko/about
prints "백업에서 복구"
page /en/feed.atom
prints "<title>Restored from a backup</title>"
prints "It went on from a backup of $size entries."
page /ko/feed.atom
prints "백업에서 이어 갑니다"
stop_server

claim "into a register that is there nothing is restored"
before=$(cksum <"$work/new/register.db")
run restore --from "$work/last" --data "$work/new" --seen "$work/state"
exits 5
says "holds a register, with its mark"
same "the database" "$before" "$(cksum <"$work/new/register.db")"

claim "a folder that was put back without its mark does not start, and says what does it"
cp -r "$data" "$work/put-back"
rm "$work/put-back/signed.mark"
run serve --data "$work/put-back" --listen 127.0.0.1:0
exits 11
says "gaya restore"
run restore --from "$work/last" --data "$work/put-back" --seen "$work/state"
exits 5
says "Move it aside, and restore from there"
mv "$work/put-back" "$work/put-back.old"
register_sql "$work/put-back.old" "PRAGMA journal_mode=WAL" >/dev/null
must verify "$data" --state "$work/known"
run restore --from "$work/put-back.old" --data "$work/put-back" --seen "$work/known"
exits 0
verify "$work/put-back" --state "$work/known"
exits 0

claim "without keys in the backup it wants the copy of log.key that lies elsewhere, and no other"
run backup --data "$data" --out "$work/keyless"
exits 0
must verify "$data" --state "$work/seen"
run restore --from "$work/keyless" --data "$work/again" --seen "$work/seen"
exits 4
says "--log-key"
nothing_restored "$work/again"
must init --data "$work/stranger" --origin $origin
run restore --from "$work/keyless" --data "$work/again" --seen "$work/seen" --log-key "$work/stranger/log.key"
exits 5
says "is not the key of this log"
nothing_restored "$work/again"
run restore --from "$work/keyless" --data "$work/again" --seen "$work/seen" --log-key "$data/log.key"
exits 0
verify "$work/again" --state "$work/seen"
exits 0

claim "a backup that was changed is not restored"
cp -r "$work/last" "$work/changed"
register_sql "$work/changed" \
	"UPDATE entry SET bytes = CAST(replace(CAST(bytes AS TEXT), 'office', 'offibe') AS BLOB) WHERE idx = 2"
run restore --from "$work/changed" --data "$work/from-changed" --seen "$work/seen"
[ "$status" -ne 0 ] || fault "it was"
nothing_restored "$work/from-changed"
cp -r "$work/last" "$work/changed2"
register_sql "$work/changed2" \
	"UPDATE content SET bytes = CAST(replace(CAST(bytes AS TEXT), 'Personal travel', 'Imperial travel') AS BLOB)"
run restore --from "$work/changed2" --data "$work/from-changed" --seen "$work/seen"
exits 1
says "the backup is not what its key signed"
nothing_restored "$work/from-changed"

# --- older than what others saw ---

serve "$data"
follow "$url"
run backup --data "$data" --out "$work/yesterday" --keys
exits 0
old=$(log_size)
fetch "$url/log/checkpoint" >"$work/old.checkpoint"
receipt=$(ask tourism-recommender "어제 뒤의 질문" "")
must office --data "$data" department-add harbour --name ko=항만 --name en=Harbour
must office --data "$data" suspend tourism-recommender --reason ko=점검 --reason en=Check
size=$(log_size)
until [ "$(fetch "$mirrored/log/checkpoint" | sed -n 2p)" = "$size" ]; do pause 0.1; done
fetch "$url/log/checkpoint" >"$work/new.checkpoint"
stop_server

claim "a backup that is older than what a mirror has is refused, with what is missing and how to get it"
run restore --from "$work/yesterday" --data "$work/back" --mirror "$mirrored"
exits 11
says "the backup has $old entries, but $mirrored has seen $size: entries $old to $((size - 1)) are missing"
says "Nothing was restored"
says "give the same command with --fetch"
nothing_restored "$work/back"

claim "the same by a checkpoint that somebody kept; the largest of several counts"
run restore --from "$work/yesterday" --data "$work/back" --seen "$work/old.checkpoint" --seen "$work/new.checkpoint" --seen "$work/state"
exits 11
says "but $work/new.checkpoint has seen $size"
says "--mirror URL --fetch"
nothing_restored "$work/back"

claim "--last-resort does not pass over what was seen"
run_with_input <(echo "nobody was asked, $old entries") restore --from "$work/yesterday" --data "$work/back" \
	--mirror "$mirrored" --last-resort --reason ko=화재 --reason en=Fire
exits 11
nothing_restored "$work/back"

claim "with --fetch the missing entries come from the mirror, and the register goes on from there"
run restore --from "$work/yesterday" --data "$work/back" --mirror "$mirrored" --seen "$work/new.checkpoint" --fetch
exits 0
says "Entries taken from the mirror: $((size - old))"
same "a department added since" "harbour" "$(in_database "$work/back" "SELECT slug FROM department WHERE slug = 'harbour'")"
same "what was suspended since" "suspended" "$(in_database "$work/back" "SELECT state FROM system WHERE slug = 'tourism-recommender'")"
same "the first new entry" "[\"register.restored\",$old,$size]" \
	"$(in_database "$work/back" "SELECT CAST(bytes AS TEXT) FROM entry WHERE idx = $size" | jq -c '[.type, .backup, .seen]')"

claim "what was not public is lost, and an entry for each says so"
says "are lost, each erased by an entry that says so: 1"
same "the entry" "content.erased" \
	"$(in_database "$work/back" "SELECT CAST(bytes AS TEXT) FROM entry WHERE idx = $((size + 1))" | jq -r .type)"
serve "$work/back"
page "/ko/feedback/$receipt"
answers 200
stop_server
verify "$work/back"
exits 0

claim "the mirror follows the restored register: to it, the log only grew"
kill $follower
wait $follower
serve "$work/back"
must mirror "$url" --data "$work/copy" --once
prints "good"
must office --data "$work/back" department-add more --name ko=더 --name en=More
must mirror "$url" --data "$work/copy" --once
prints "good"
verify "$work/copy"
exits 0
stop_server

claim "a mirror's own folder is a backup, too, of what was public"
run restore --from "$work/copy" --data "$work/from-copy" --log-key "$data/log.key" --seen "$work/new.checkpoint"
exits 0
verify "$work/from-copy"
exits 0
serve "$work/from-copy" # with a contact key of its own, for a mirror has none
receipt=$(ask tourism-recommender "누가 답합니까?" "one@example.kr")
run office --data "$work/from-copy" contact "$(in_database "$work/from-copy" "SELECT feedback FROM contact")"
same "the address" one@example.kr "$(cat "$work/out")"
stop_server

claim "another history than the backup's is never gone on with"
must restore --from "$work/yesterday" --data "$work/fork" --seen "$work/old.checkpoint"
serve "$work/fork" # one who lied about what was seen
must office --data "$work/fork" department-add fork --name ko=갈래 --name en=Fork
run backup --data "$work/fork" --out "$work/forked" --keys
stop_server
run restore --from "$work/forked" --data "$work/back2" --seen "$work/new.checkpoint" --seen "$work/state"
exits 11
nothing_restored "$work/back2"
serve "$work/back"
run restore --from "$work/forked" --data "$work/back2" --mirror "$url" --fetch
exits 1
says "fork"
nothing_restored "$work/back2"
stop_server

claim "a mirror that is not there, and a file that is no checkpoint, stop a restore"
run restore --from "$work/yesterday" --data "$work/back2" --mirror http://127.0.0.1:1
exits 12
echo "nonsense" >"$work/nonsense"
run restore --from "$work/yesterday" --data "$work/back2" --seen "$work/nonsense"
exits 2
must init --data "$work/third" --origin $origin
run restore --from "$work/yesterday" --data "$work/back2" --seen <(register_sql "$work/third" "SELECT note FROM checkpoint" | sed '$d')
exits 1
says "signed by no key"
nothing_restored "$work/back2"

# --- nobody to ask ---

claim "in the last resort it asks for a line to be typed, and takes no other"
run restore --from "$work/yesterday" --data "$work/alone" --last-resort
exits 2
says "--reason"
run restore --from "$work/yesterday" --data "$work/alone" --last-resort --reason ko=화재 --reason en=Fire
exits 3
says "nobody was asked, $old entries"
run_with_input <(echo yes) restore --from "$work/yesterday" --data "$work/alone" --last-resort --reason ko=화재 --reason en=Fire
exits 3
nothing_restored "$work/alone"

claim "typed, it goes on, and the log says for ever that nobody was asked, and why"
run_with_input <(echo "nobody was asked, $old entries") restore --from "$work/yesterday" --data "$work/alone" \
	--last-resort --reason ko=화재 --reason en=Fire
exits 0
same "the event" '["register.restored",null]' \
	"$(in_database "$work/alone" "SELECT CAST(bytes AS TEXT) FROM entry WHERE idx = $old" | jq -c '[.type, .seen]')"
verify "$work/alone"
exits 0
serve "$work/alone"
page /en/about
prints "Fire"
page /ko/about
prints "화재"
stop_server

claim "a restore that was cut off leaves nothing that starts, and the same command does it all"
cp -r "$work/alone" "$work/cut"
mkdir "$work/cut/restoring"
rm "$work/cut/signed.mark" "$work/cut/log.key"
mv "$work/cut/register.db" "$work/cut/restoring/"
run serve --data "$work/cut" --listen 127.0.0.1:0
[ "$status" -ne 0 ] || fault "it starts"
run restore --from "$work/yesterday" --data "$work/cut" --seen "$work/old.checkpoint"
exits 0
verify "$work/cut"
exits 0
[ ! -e "$work/cut/restoring" ] || fault "its folder is left"

# --- keys ---

claim "a sealed key is opened by its passphrase, and a wrong one restores nothing"
quick_passphrases
export GAYA_PASSPHRASE="first of all phrases"
must init --data "$work/sealed" --origin $origin
must backup --data "$work/sealed" --out "$work/sealed-backup" --keys
must verify "$work/sealed" --state "$work/sealed-state"
GAYA_PASSPHRASE="second of the phrases"
run restore --from "$work/sealed-backup" --data "$work/unsealed" --seen "$work/sealed-state"
exits 3
nothing_restored "$work/unsealed"
GAYA_PASSPHRASE="first of all phrases"
run restore --from "$work/sealed-backup" --data "$work/unsealed" --seen "$work/sealed-state"
exits 0
unset GAYA_PASSPHRASE

claim "from a backup before the log's key changed, the mirror leads over the change"
must init --data "$work/turning" --origin $origin
must backup --data "$work/turning" --out "$work/before-turn"
must key rotate --data "$work/turning" begin
must key rotate --data "$work/turning" finish --early
serve "$work/turning"
run restore --from "$work/before-turn" --data "$work/turned" --log-key "$work/turning/log.key" --mirror "$url" --fetch
exits 0
same "the key" "$(cat "$work/turning/log.vkey")" "$(cat "$work/turned/log.vkey")"
stop_server
verify "$work/turned" --key "$(cat "$work/before-turn/log.vkey")"
exits 0
finish
