#!/bin/bash
# The most likely fork in a city is a restored backup. This follows the steps of docs/operate.md.
. "$(dirname "$0")/../cli/lib.sh"

data=$work/data
add() {
	must office --data "$data" department-add "$1" --name "ko=$1" --name "en=$1"
}

must init --data "$data" --origin backup.example/log
add yesterday
cp "$data/register.db" "$work/yesterday.db"
add today
add tonight
cp "$data/register.db" "$work/newest.db"
must verify "$data" --state "$work/state"
mark=$(cksum <"$data/signed.mark")

claim "yesterday's database under today's mark: the server does not start, and says what to do"
cp "$work/yesterday.db" "$data/register.db"
run serve --data "$data" --listen 127.0.0.1:0
exits 11
says "the database has 3 entries, but 5 were signed before"
says "perhaps a restored backup"
says "Nothing will be signed: put the newest database back, or fetch the missing entries from a mirror"

claim "nor does any command of the office write to it"
run office --data "$data" department-add other --name ko=다른 --name en=Other
exits 11
says "Nothing will be signed"

claim "nothing was signed, and the mark stands"
same "the mark" "$mark" "$(cksum <"$data/signed.mark")"
same "the checkpoint" 3 "$(register_sql "$data" 'SELECT size FROM checkpoint')"
same "entries" 3 "$(register_sql "$data" 'SELECT count(*) FROM entry')"

claim "by itself the old copy is in order; who remembers a checkpoint is told of the rollback"
run verify "$data"
exits 0
run verify "$data" --state "$work/state"
exits 1
prints "fork or rollback: the log has 3 entries now, but had 5"

claim "with the newest database back it goes on, and the log only grew"
rm -f "$data"/register.db*
cp "$work/newest.db" "$data/register.db"
add tomorrow
run verify "$data" --state "$work/state"
exits 0

claim "a lost mark is not made anew"
mv "$data/signed.mark" "$work/mark"
run office --data "$data" department-add other --name ko=다른 --name en=Other
exits 11
says "nothing may be signed without it"
mv "$work/mark" "$data/signed.mark"

claim "copied over a running server's file, it signs no second history either"
must verify "$data" --state "$work/state"
serve "$data"
cat "$work/yesterday.db" >"$data/register.db"
for i in 1 2 3; do
	"$GAYA" office --data "$data" department-add "late-$i" --name ko=늦은 --name en=Late >/dev/null 2>"$work/late"
done
curl -s "$url/log/checkpoint" >"$work/checkpoint"
stop_server
size=$(sed -n 2p "$work/checkpoint")
[ "${size:-6}" -ge 6 ] || fault "it serves a checkpoint of $size entries"
rm -f "$data"/register.db*
cp "$work/newest.db" "$data/register.db"
run serve --data "$data" --listen 127.0.0.1:0
exits 11 # 5 entries, and at least the 6 of "tomorrow" were signed
says "Nothing will be signed"

claim "the last resort: a new origin, with what the old database still says"
run init --data "$work/new" --origin backup.example/log2
exits 0
register_sql "$data" -readonly "SELECT slug FROM department ORDER BY entry" >"$work/slugs"
while read -r slug; do
	must office --data "$work/new" department-add "$slug" --name "ko=$slug" --name "en=$slug"
done <"$work/slugs"
run verify "$work/new"
exits 0
prints "backup.example/log2"
finish
