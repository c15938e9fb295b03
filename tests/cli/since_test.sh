#!/bin/bash
# Incremental verification, over HTTP and of a folder.
. "$(dirname "$0")/lib.sh"

data=$work/register
small_city "$data"
serve "$data"

claim "the first time there is nothing to go on from, and it says so"
run verify "$url" --state "$work/state" --since
exits 0
prints "everything was checked from the first entry"
[ -s "$work/state.model" ] || fault "no model was kept"

claim "the second time only what is new is checked, and it says when the rest was"
ask tourism-recommender "광고비를 받습니까?" "" >/dev/null
run verify "$url" --state "$work/state" --since
exits 0
prints "True: the log is what its key signed, and every new entry follows the rules."
prints "new entries, each checked: 1"
prints "they themselves were checked on 20"
prints "all of them from the first on 20"

claim "a question that is published since is asked for, and checked"
hidden() {
	jq .hidden "$work/out"
}
run verify "$url" --state "$work/state" --since --json
exits 0
before=$(hidden)
must office --data "$data" waiting --json
id=$(jq -r '.feedback[-1].feedback' "$work/out")
must office --data "$data" feedback-publish "$id"
run verify "$url" --state "$work/state" --since --json
exits 0
same "hidden contents" $((before - 1)) "$(hidden)"
same "an increment" "true 1" "$(jq -r '"\(.increment) \(.entries)"' "$work/out")"

claim "an increment comes to the same counts as a whole verification"
run verify "$url" --state "$work/state" --since --json
jq 'del(.milliseconds, .entries, .signatures, .increment, .extends, .earlier_checked_at, .all_checked_at, .key_trust)' \
	"$work/out" >"$work/increment"
run verify "$url" --json
jq 'del(.milliseconds, .entries, .signatures, .increment, .extends, .earlier_checked_at, .all_checked_at, .key_trust)' \
	"$work/out" >"$work/whole"
cmp -s "$work/increment" "$work/whole" || fault "$(diff "$work/increment" "$work/whole")"

claim "a whole verification leaves the model behind, so the next increment begins anew"
must office --data "$data" department-add library --name ko=도서관
run verify "$url" --state "$work/state"
exits 0
run verify "$url" --state "$work/state" --since
exits 0
prints "everything was checked from the first entry"

claim "a folder is verified by increments, too, whatever has happened in it: the demo city's"
demo_city "$work/city"
run verify "$work/city" --state "$work/folder.state" --since
exits 0
must office --data "$work/city" department-add museum --name ko=박물관
run verify "$work/city" --state "$work/folder.state" --since
exits 0
prints "new entries, each checked: 1"
prints "pages are exactly what the log gives"
prints "Of the search index only this was checked"

claim "a state file of an older program, without a time, is still read"
sed '2d' "$work/folder.state" >"$work/older"
run verify "$work/city" --state "$work/older"
exits 0
prints "grew from"

claim "a database that no newer program has opened yet is not compared, and everything else is checked"
cp -r "$data" "$work/older.register"
sqlite3 "$(ls "$work"/older.register/model/*.db)" "PRAGMA user_version=12345; DROP TABLE restored"
run verify "$work/older.register"
exits 0
prints "Not compared: the database's pages."
prints_not "pages are exactly"
run verify --json "$work/older.register"
same "result and model" "true false true" "$(jq -r '"\(.result) \(.read_model) \(.read_model_old)"' "$work/out")"

claim "of a folder without a read model, as a backup is, that is said and no version is blamed"
cp -r "$data" "$work/bare.register"
rm -r "$work/bare.register/model"
run verify "$work/bare.register"
exits 0
prints "Not compared: the database's pages. The folder has no read model"
prints_not "Another version"
prints_not "Of the search index"
run verify --json "$work/bare.register"
same "result and model" "true false false" "$(jq -r '"\(.result) \(.read_model) \(.read_model_old)"' "$work/out")"

claim "--since without --state is wrong usage"
run verify "$url" --since
exits 2

claim "the log alone says that no event was read"
run verify --log "$data"
exits 0
prints "True: the log is what its key signed. With --log the entries were not read"
run verify --log --json "$url"
exits 0
same "result, events and model" "true false false" "$(jq -r '"\(.result) \(.events) \(.read_model)"' "$work/out")"

finish
