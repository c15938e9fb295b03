#!/bin/bash
# People who may sign in: accounts are made, invited and disabled, also while a server runs; and how backups,
# mirrors and verifications treat them.
# shellcheck disable=SC2154
. "$(dirname "$0")/lib.sh"

data=$work/register
small_city "$data"
people() { # query: sets $reply to what people.db says
	aide sql "$work/.rows" "$data/people.db" "$1" || fault "$reply: $1"
	contents "$work/.rows"
	reply=${contents%$'\n'}
}
account() { # word, arguments …
	word=$1
	shift
	run account "$word" --data "$data" "$@"
}
printf 'four ducks on a tram\n' >"$work/password"

claim "an account gets an id that says nothing, and an invitation that works for a week"
account add --login Minji --name 김민지 --email minji@gimhae.example --lang ko
exits 0
{ read -r minji && read -r invitation; } <"$work/out"
[[ $minji =~ ^[0-9a-f]{32}$ ]] || fault "the id is $minji"
[[ $invitation =~ ^/office/invitation/[0-9a-f]{64}$ ]] || fault "the invitation is $invitation"
says "minji@gimhae.example alone"
same "mode" 600 "$(stat -c %a "$data/people.db")"
people "SELECT login, language, password IS NULL, i.expires - i.made FROM account JOIN invitation i ON i.account = id"
same "what is kept" "minji|ko|1|604800" "$reply"

claim "with a password in a file nobody is invited"
account add --login reviewer --name 박서준 --email r@gimhae.example --password-file "$work/password" --json
exits 0
reviewer=$(jq -r .person "$work/out")
same "members" '["login","person"]' "$(jq -c 'keys' "$work/out")"
people "SELECT substr(password, 1, 29) FROM account WHERE login = 'reviewer'"
same "the hash" "\$argon2id\$v=19\$m=7168,t=5,p=1" "$reply"

claim "a password that is tried first makes no account, nor one of the person's or the register's names"
for bad in Password2026! short 박서준박서준박서준박서준 gimhae-example1; do
	printf '%s\n' "$bad" >"$work/bad"
	account add --login third --name 박서준 --email r@gimhae.example --password-file "$work/bad"
	exits 2
	says "the password"
done
people "SELECT count(*) FROM account"
same accounts 2 "$reply"

claim "a login is one person's, and wrong usage is told"
account add --login MINJI --name N --email n@gimhae.example
exits 5
says "login \"minji\" already"
account add --login minji2
exits 2
says "add needs --login, --name and --email"
account add --login "min ji" --name N --email n@gimhae.example
exits 2
account disable --login nobody
exits 4
account nothing
exits 2
run account list
exits 2
says "--data DIR is needed"
run account list --data "$work"
exits 4

claim "with a role the log says that the person is appointed, by the id alone; who is refused the role gets no account"
account add --login head --name 이하늘 --email h@gimhae.example --role head --department tourism
exits 0
{ read -r head; } <"$work/out"
query "SELECT id, role, department FROM person"
same "the read model" "$head|head|tourism" "$reply"
query "SELECT count(*) FROM entry WHERE CAST(bytes AS TEXT) LIKE '%이하늘%' OR CAST(bytes AS TEXT) LIKE '%h@gimhae%'"
same "entries with a name" 0 "$reply"
account add --login chief --name N --email h@gimhae.example --role chief --department tourism
exits 2
says "is no role"
account add --login chief --name N --email h@gimhae.example --role head
exits 2
says "go together"
people "SELECT count(*) FROM account WHERE login = 'chief'"
same "its account" 0 "$reply"

claim "what is removed is gone, name, address and invitation"
account remove --login head
exits 0
people "SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM invitation)"
same "accounts and invitations" "2|1" "$reply"
account remove --login head
exits 4

claim "the list says how each signs in, and the log what happened, without a name"
account list
exits 0
prints "$minji  minji  김민지  <minji@gimhae.example>  invited"
prints "$reviewer  reviewer  박서준  <r@gimhae.example>  has a password alone"
account list --json
exits 0
same logins '["minji","reviewer"]' "$(jq -c 'map(.login)' "$work/out")"
account log
exits 0
prints "$minji  invitation_made"
prints_not minji@
prints_not reviewer

claim "a server has the file from its start on, also where it was not there; commands change it meanwhile"
cp -r "$data" "$work/before"
rm "$data"/people.db*
serve "$data"
same "mode" 600 "$(stat -c %a "$data/people.db")"
account add --login minji --name 김민지 --email minji@gimhae.example
exits 0
account disable --login minji
exits 0
account list
prints disabled
account invite --login minji
exits 5
says "enable it first"
account enable --login minji
exits 0
account invite --login minji --reset-codes
exits 0
account end-sessions --login minji
exits 0
stop_server
same "the server's end" 0 "$status"
rm -rf "$data"
mv "$work/before" "$data"

claim "a backup has the accounts, without sessions and the operator's log; a restore brings them back"
aide sql "$work/.rows" "$data/people.db" "SELECT count(*) FROM sign_in"
verify "$data" --state "$work/state"
run backup --data "$data" --out "$work/backup"
exits 0
same "mode" 600 "$(stat -c %a "$work/backup/people.db")"
aide sql "$work/.rows" "$work/backup/people.db" \
	"SELECT (SELECT count(*) FROM account), (SELECT count(*) FROM session), (SELECT count(*) FROM sign_in), (SELECT count(*) FROM invitation)"
contents "$work/.rows"
same "what it has" "2|0|0|1" "${contents%$'\n'}"
run restore --from "$work/backup" --data "$work/restored" --log-key "$data/log.key" --seen "$work/state"
exits 0
data_before=$data
data=$work/restored
account list --json
same logins '["minji","reviewer"]' "$(jq -c 'map(.login)' "$work/out")"
same "mode" 600 "$(stat -c %a "$data/people.db")"
verify "$data"
exits 0
data=$data_before

claim "verify and rebuild neither read nor change it, and a mirror has none"
before=$(sha256sum <"$data/people.db")
verify "$data"
exits 0
run rebuild --data "$data"
exits 0
same "the file" "$before" "$(sha256sum <"$data/people.db")"
echo not a database >"$data/people.db"
verify "$data"
exits 0
cp -r "$data" "$work/mirror"
rm "$work/mirror/people.db"
echo '{}' >"$work/mirror/mirror.json"
run account list --data "$work/mirror"
exits 5
says "nobody signs in to"
[ -e "$work/mirror/people.db" ] && fault "the mirror has one"
finish
