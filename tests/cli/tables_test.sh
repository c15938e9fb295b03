#!/bin/bash
# `gaya show` prints the program's tables, and the tables are complete.
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
prints "query.register"
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
	import | import-* | rebuild | standard* | log-key*) continue ;; # of other commands
	esac
	grep -q "\"$op\", " cli/office.c || fault "$op"
done

claim "what stands in for jq says what jq says, and leaves to jq what it does not know"
cat >"$work/document.json" <<'END'
{"text": "가\n\"\\", "none": null, "no": false, "list": [{"n": 1}, {"n": 2, "x": [[], {}]}], "a-b": {"c": ""}}
END
programs=('.text' '.none' '.no' '.list[1].n' '.list[-1].x' '.list[9].n' '.list[].n' '[.list[].n]' '.list | length' '.text | length'
	'.["a-b"].c' '.none.deeper' '.list | map(.n)' '.text + "x"' '.none // 1' '.list' '[paths] | length' '"\(.text) is \(.list[0].n), \(.list[1]) \(.no)"')
for program in "${programs[@]}"; do
	aide jq "$work/said" /dev/null -c "$program" "$work/document.json"
	same "$program" 0 "$reply"
	contents "$work/said"
	printf '%s' "$contents"
done >"$work/ours"
printf -v all '(%s),' "${programs[@]}"
command jq -c "${all%,}" "$work/document.json" >"$work/theirs"
same "it says" "$(cat "$work/theirs")" "$(cat "$work/ours")"
for program in '.list.[0]' '.[' '.text.x' 'error("x")' input '$ENV' now 'import "x" as x; .'; do
	aide jq "$work/said" /dev/null "$program" "$work/document.json"
	same "$program" unknown "$reply"
done
for expected in '0 .text' '1 .no' '1 .none' '4 empty'; do
	aide jq "$work/said" /dev/null -e "${expected#* }" "$work/document.json"
	same "the exit status of ${expected#* }" "${expected%% *}" "$reply"
done
same "with sorted members, a value by name, nothing read, all in one" '{"a":"x y","b":[1]} 2' \
	"$(jq -ncS --arg x 'x y' --argjson y '[1]' '{b: $y, a: $x}') $(echo '1 2' | jq -s length)"
same "from a pipe" 2 "$(echo '{"a": {"b": 2}}' | jq .a.b)"
same "left to jq, from a pipe" '["a"]' "$(echo '{"a": 1.50}' | jq -c keys)"
same "a number that only jq prints" 1.5 "$(echo '{"a": 1.50}' | jq .a)"

finish
