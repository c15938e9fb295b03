#!/bin/bash
# Every write, sync, truncation and removal during a write fails once (no space, I/O error), and once is the
# last call of the process. Then the register opens without manual repair: it must verify, contain everything
# acknowledged, and continue. Arguments select parts, which tests/run.sh runs as a suite each: write for part_write.
. "$(dirname "$0")/../cli/lib.sh"

calls=write,pwrite64,fsync,fdatasync,rename,ftruncate,unlink
original=$work/original
copy=$work/copy

strace -f -o "$work/try" -e trace=fsync -e inject=fsync:error=EIO sync "$work" 2>/dev/null
grep -q INJECTED "$work/try" 2>/dev/null || {
	echo "skipped: strace may not trace processes here"
	finish
}

fresh() {
	rm -rf "$copy"
	cp -r "$original" "$copy"
	cp "$work/state" "$work/state-now"
}

add() { # department, strace options …
	local slug=$1
	shift
	"$@" "$GAYA" office --data "$copy" department-add "$slug" --name "ko=$slug" --name "en=$slug" \
		>"$work/out" 2>"$work/err" </dev/null
}

# What the traced command does, as lines "file call times": the times of the busiest thread.
steps() {
	sed -nE 's/^([0-9]+) +([a-z0-9]+)\(.*[</"]((register|signed|state|log|contact|[0-9]+[.])[-a-z0-9.]*)[>"].*/\1 \2 \3/p' "$work/trace" |
		sort | uniq -c | awk '{n[$4 " " $3] = $1 > n[$4 " " $3] ? $1 : n[$4 " " $3]} END {for (k in n) print k, n[k]}' |
		grep -v -e -shm | sort # the shared memory is made anew at each start
}

has() { # slug: is the department in the log's read model?
	[ "$(register_sql "$copy" "SELECT count(*) FROM department WHERE slug = '$1'")" = 1 ]
}

check_register() { # what was done to it, its exit status
	local what=$1 status=$2
	[ "$status" -eq 0 ] || [ "$status" -ge 128 ] || grep -q '^gaya: .' "$work/err" ||
		fault "$what: status $status without a word"
	local acknowledged=no
	[ "$status" -eq 0 ] && acknowledged=yes
	add fire || fault "$what: the next write: $(cat "$work/err")"
	has fire || fault "$what: the next write is lost"
	[ $acknowledged = no ] || has water || fault "$what: what was acknowledged is lost"
	"$GAYA" verify "$copy" --state "$work/state-now" >"$work/out" 2>&1 || fault "$what: $(head -n 1 "$work/out")"
	"$GAYA" rebuild --data "$copy" >/dev/null 2>"$work/err" || fault "$what: rebuild: $(cat "$work/err")"
}

of_each= # 0 or 1: every second step only, from the second or the first on

each_step() { # command …: runs it on a fresh copy, once for each step and fault
	local file call times n only step=0
	while read -r file call times; do
		only="-P $copy/$file -P $copy/model/$file -P $work/$file"
		[ "$call" = rename ] && only= # strace looks at the old name alone
		for n in $(seq "$times"); do
			step=$((step + 1))
			[ -z "$of_each" ] || [ $((step % 2)) -eq "$of_each" ] || continue
			fresh
			{
				strace -f -q -o "$work/trace" $only \
					-e trace="$call" -e "inject=$call:$inject:when=$n" "$@" \
					>"$work/out" 2>"$work/err" </dev/null
				status=$?
			} 2>/dev/null
			grep -qE 'INJECTED|killed by SIGKILL' "$work/trace" || fault "$file $call $n: never came"
			check "$file $call $n" $status
			tried=$((tried + 1))
		done
	done <"$work/steps"
}

run init --data "$original" --origin fault.example/log
"$GAYA" office --data "$original" department-add sea --name ko=바다 --name en=Sea >/dev/null
must verify "$original" --state "$work/state"

part_write() {
	write="$GAYA office --data $copy department-add water --name ko=물 --name en=Water"
	fresh
	strace -f -y -o "$work/trace" -e trace=$calls $write >/dev/null 2>"$work/err"
	steps >"$work/steps"
	claim "a write is traced: database, its log, and the signer's mark"
	for step in "register.db-wal pwrite64" "register.db-wal fdatasync" "register.db pwrite64" "register.db fdatasync" \
		"1.db-wal pwrite64" "1.db pwrite64" "signed.mark pwrite64" "signed.mark fdatasync"; do
		grep -q "^$step " "$work/steps" || fault "no step: $step; there are: $(tr '\n' ';' <"$work/steps")"
	done

	check() {
		check_register "$@"
	}
	for inject in error=EIO error=ENOSPC signal=KILL; do
		tried=0
		claim "$inject at every step of a write: nothing acknowledged is lost, and the register goes on by itself"
		each_step $write
		[ $tried -ge 30 ] || fault "only $tried steps"
		sentence="$sentence ($tried steps)"
	done
}

# A read model that is made again: the old one counts until the new one does.
part_rebuild() {
	local rebuild="$GAYA rebuild --data $copy"
	fresh
	strace -f -y -o "$work/trace" -e trace=$calls $rebuild >/dev/null 2>"$work/err"
	steps | awk '{print $1, $2, $3 < 9 ? $3 : 9}' >"$work/steps"
	claim "a rebuild is traced: the new file, and the old one's end"
	for step in "2.db pwrite64" "2.db fsync" "2[.][0-9a-f]*[.]whole fsync" "1.db unlink"; do
		grep -q "^$step " "$work/steps" || fault "no step: $step; there are: $(tr '\n' ';' <"$work/steps")"
	done

	check() { # what was done
		"$GAYA" verify "$copy" >"$work/out" 2>&1 || fault "$1: $(head -n 1 "$work/out")"
		grep -q "pages are exactly what the log gives" "$work/out" || fault "$1: no read model"
		add fire || fault "$1: the next write: $(cat "$work/err")"
		has fire || fault "$1: the next write is lost"
		"$GAYA" verify "$copy" >"$work/out" 2>&1 || fault "$1: then: $(head -n 1 "$work/out")"
	}
	for inject in error=EIO error=ENOSPC signal=KILL; do
		tried=0
		claim "$inject at steps of a rebuild leaves the old read model or the new one"
		each_step $rebuild
		[ $tried -ge 15 ] || fault "only $tried steps"
		sentence="$sentence ($tried steps)"
	done
}

# A change of the log's key: the key file, an entry, the verifier key in the folder; and back to one.
old=$(cat "$original/log.vkey")
rotate() { # step: again, as an operator would who does not know how far it came
	"$GAYA" key rotate --data "$copy" "$@" >"$work/out" 2>"$work/err"
}
# As an operator does after a crash: a server, which is confined, starts and stops.
starts() { # what was done
	local started=
	rm -rf "$work/started"
	cp -r "$copy" "$work/started"
	: >"$work/served"
	"$GAYA" serve --data "$work/started" --listen 127.0.0.1:0 >"$work/served" 2>"$work/served.err" &
	server=$!
	servers="$servers $server"
	until grep -q '^gaya: serving at' "$work/served"; do
		kill -0 $server 2>/dev/null || break
		sleep 0.02
	done
	grep -q '^gaya: serving at' "$work/served" && started=yes
	kill $server 2>/dev/null
	wait $server
	[ "$started" ] || fault "$1: it does not start: $(cat "$work/served.err")"
	newest=$(register_sql "$work/started" "SELECT vkey FROM log_key
		WHERE retired_entry IS NULL ORDER BY added_entry DESC LIMIT 1")
	same "$1: the verifier key after a start" "${newest:-$old}" "$(cat "$work/started/log.vkey")"
}
check_keys() { # what was done, how many keys sign, the key that was known before
	add fire || fault "$1: the next write: $(cat "$work/err")"
	# The state file remembers the same first key, with a checkpoint that it signed.
	"$GAYA" verify "$copy" --state "$work/state-now" >"$work/out" 2>&1 || fault "$1: by the first key: $(head -n 1 "$work/out")"
	same "$1: lines of the key file" "$2" "$(wc -l <"$copy/log.key")"
	same "$1: keys that sign" "$2" "$(register_sql "$copy" "SELECT note FROM checkpoint" | grep -c '^— ')"
	same "$1: the verifier key" "$(register_sql "$copy" "SELECT vkey FROM log_key
		WHERE retired_entry IS NULL ORDER BY added_entry DESC LIMIT 1")" "$(cat "$copy/log.vkey")"
}
part_rotate() {
	local half early keys rotate
	for half in begin finish; do
		if [ $half = finish ]; then
			fresh
			rotate begin || fault "$(cat "$work/err")"
			rm -rf "$original"
			mv "$copy" "$original"
		fi
		early=$([ $half = finish ] && echo --early)
		keys=$([ $half = begin ] && echo 2 || echo 1)
		rotate="$GAYA key rotate --data $copy $half $early"
		fresh
		strace -f -y -o "$work/trace" -e trace=$calls $rotate >/dev/null 2>"$work/err"
		steps >"$work/steps"
		check() { # whatever it left starts, verifies, and the same command ends it
			starts "$1"
			"$GAYA" verify "$copy" --key "$old" >"$work/out" 2>&1 || {
				add sky # what was durable and not signed yet is signed at the next start
				"$GAYA" verify "$copy" --key "$old" >"$work/out" 2>&1 || fault "$1: at once: $(head -n 1 "$work/out")"
			}
			[ "$2" -eq 0 ] || rotate $half $early || grep -q 'no key is being changed' "$work/err" ||
				fault "$1: again: $(cat "$work/err")"
			check_keys "$1" $keys
		}
		# A plain write has met each of these at each step. Here each step fails once or is the
		# last, in turns; ALL=1 has it do both.
		for inject in error=EIO signal=KILL; do
			[ -n "${ALL:-}" ] || of_each=$([ $inject = error=EIO ] && echo 0 || echo 1)
			tried=0
			claim "$inject at steps of key rotate $half: what is there verifies by the old key, and the same command goes on"
			each_step $rotate
			[ $tried -ge 20 ] || fault "only $tried steps"
			sentence="$sentence ($tried steps)"
		done
	done
	of_each=
}

# A state file of `gaya verify`, which is written as keys are: beside, synced, renamed.
part_remember() {
	local verify
	fresh
	add coast || fault "$(cat "$work/err")"
	rm -rf "$original"
	mv "$copy" "$original"
	verify="$GAYA verify $original --state $work/state-now"
	strace -f -y -o "$work/trace" -e trace=$calls $verify >/dev/null 2>&1
	steps | grep ^state >"$work/steps"
	check() { # the file is the old one or the new one
		"$GAYA" verify "$original" --state "$work/state-now" >"$work/out" 2>&1 || fault "$1: $(cat "$work/out")"
	}
	for inject in error=EIO error=ENOSPC signal=KILL; do
		tried=0
		claim "$inject at every step of remembering a checkpoint: the old one is kept, or the new one"
		each_step $verify
		[ $tried -ge 2 ] || fault "only $tried steps: $(cat "$work/steps")"
	done
}

# The key that e-mail addresses are sealed for: two files, and the database between them.
part_contact() {
	local contact ids id
	fresh
	data=$copy
	serve "$copy"
	for id in one two; do
		find_location "$url/ko/feedback" --data-urlencode "text=언제 답합니까?" -d "lang=ko&name=&email=$id@example.kr&leave_empty="
	done
	stop_server
	ids=$(sql "SELECT feedback FROM contact")
	rm -rf "$original"
	mv "$copy" "$original"
	contact="$GAYA key contact --data $copy"
	opens() { # what was done: each address opens, and what a server would seal now would, too
		for id in $ids; do
			"$GAYA" office --data "$copy" contact "$id" >"$work/out" 2>"$work/err" </dev/null ||
				fault "$1: an address does not open: $(cat "$work/err")"
		done
		grep -qF "$(cat "$copy/contact.pub")" "$copy/contact.key" || fault "$1: nothing opens what the server would seal"
	}
	check() {
		opens "$1"
		[ "$2" -eq 0 ] || $contact >"$work/out" 2>"$work/err" || fault "$1: again: $(cat "$work/err")"
		same "$1: lines of contact.key" 2 "$(wc -l <"$copy/contact.key")"
		same "$1: its public half" "$(cat "$copy/contact.pub")" "$(head -n 1 "$copy/contact.key")"
		opens "$1, again"
	}
	fresh
	strace -f -y -o "$work/trace" -e trace=$calls $contact >/dev/null 2>"$work/err"
	steps >"$work/steps"
	for inject in error=EIO signal=KILL; do
		[ -n "${ALL:-}" ] || of_each=$([ $inject = error=EIO ] && echo 0 || echo 1)
		tried=0
		claim "$inject at steps of key contact: every address opens, and the same command ends it"
		each_step $contact
		[ $tried -ge 8 ] || fault "only $tried steps: $(cat "$work/steps")"
		sentence="$sentence ($tried steps)"
	done
	of_each=
}

for part in ${*:-write rebuild rotate remember contact}; do
	part_$part
done
finish
