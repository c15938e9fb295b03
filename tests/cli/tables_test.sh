#!/bin/bash
# `gaya show` prints the program's tables; and the tables are whole.
. "$(dirname "$0")/lib.sh"

claim "show routes prints every address"
run show routes
exits 0
prints "/{lang}/systems/{slug}"
prints "/api/v1/events"
prints_not "null"
same "lines" $(($(grep -c '^ROUTE(' web/pages/routes.def) + 1)) "$(wc -l <"$work/out")"

claim "show events prints every type, who may cause it and what it carries"
run show events
exits 0
prints "system.filed"
prints "by: register department"
same "types" "$(grep -c '^EVENT(' registry/event/events.def)" "$(grep -c '^[a-z]' "$work/out")"

claim "show sql prints every statement, and why it may read a whole table"
run show sql
exits 0
prints "query.systems"
prints "reads whole tables: "

claim "show commands prints every command"
run show commands
exits 0
same "commands" "$(grep -c '^	{"[a-z]*", *cli_' cli/main.c)" "$(grep -c '^gaya ' "$work/out")"

claim "show errors prints every kind with its exit status"
run show errors
exits 0
prints "conflict      5    409"
same "exit statuses" "$(tail -n +2 "$work/out" | awk '{print $2}' | sort -n | uniq | wc -l)" \
	"$(tail -n +2 "$work/out" | wc -l)"

claim "every module's statements are in a table"
grep -L '^SQL_TABLE(' $(grep -l '^static const struct sql [a-z]*\[\]' $(find base audit registry web cli -name '*.c')) |
	grep . >"$work/bare" && fault "without a table: $(cat "$work/bare")"

claim "every operation of the office has a name on the command line, or a command of its own"
for op in $(sed -n '/office_ops\[\] = {/,/^};/s/^	{"\([a-z-]*\)".*/\1/p' registry/office/office.c); do
	case $op in
	newest | clock | flood | policies | policy-adopt | policy-retire | rejudge) continue ;;
	import | import-retire | rebuild | standard* | log-key*) continue ;; # of other commands
	esac
	grep -q "\"$op\", " cli/office.c || fault "$op"
done

finish
