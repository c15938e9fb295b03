/* small_policy.h - policies of a few lines for tests: the record's fact "risk" gives the level,
 * other facts cause errors. */
#pragma once
#include "registry/policy/policy.h"

#include <stdlib.h>
#include <string.h>

#define SMALL_LEVEL(name)                                                               \
	"{\"level\": \"" name "\", \"risk\": \"" name "\", \"label\": {\"ko\": \"" name \
	"\", \"en\": \"" name "\"}}"

/* The program's result for a record that answers `id`: the fact "risk" is the level; "months" the
 * time until a review; every name in "owed" a duty, met if it is also in "done"; a name in
 * "presumed" is presumed by a rule that needs a public justification; "fails" fails; "loops" never
 * ends. */
#define SMALL_RULE                                                                   \
	"(.assessments.ID | objects) // null | if . == null then"                    \
	" {level: null, reasons: [{rule: \"none\", basis: \"-\"}], duties: []} else" \
	" if .fails == true then error(\"as it was told\") else . end"               \
	" | if .loops == true then [range(1000000000)] | length else . end"          \
	" | if .odd == true then 1 else"                                             \
	" {level: (.risk // null),"                                                  \
	"  reasons: ([{rule: (.risk // \"undecided\"), basis: \"1\"}]"               \
	"   + [.presumed[]? | {rule: ., basis: \"2\", presumed: \"high\"}]),"        \
	"  duties: [.done as $done | .owed[]? | . as $id | {id: ., basis: \"3\","    \
	"   met: ([$done[]? | select(. == $id)] != []), fields: [\"goal\"]}]}"       \
	" + (if .months then {review_months: .months} else {} end) end end"

static inline char *small_replaced(const char *text, const char *what, const char *by)
{
	AUTO(buf) out = BUF(64 * KIB);
	const char *at;

	while ((at = strstr(text, what))) {
		buf_add(&out, text, (size_t)(at - text));
		buf_puts(&out, by);
		text = at + strlen(what);
	}
	buf_puts(&out, text);
	return buf_take(&out);
}

/* A policy's content. `rule` NULL: the program above. `n` makes contents differ. */
static inline json_t *small_policy(const char *id, const char *rule, int n)
{
	AUTOFREE char *member = mem_printf("[\"%s\"]", id);
	AUTOFREE char *program = small_replaced(rule ? rule : SMALL_RULE, ".ID", member);
	AUTOFREE char *questions = mem_printf(
		"{\"policy\": \"%s\", \"version\": %d, \"title\": {\"ko\": \"기준 %s\", "
		"\"en\": "
		"\"Rule %s\"}, \"about\": {\"ko\": \"시험\", \"en\": \"A test\"}, "
		"\"source\": "
		"{\"title\": {\"ko\": \"출처\", \"en\": \"Source\"}}, \"levels\": "
		"[" SMALL_LEVEL("prohibited") ", " SMALL_LEVEL("high") ", " SMALL_LEVEL(
			"limited") ", " SMALL_LEVEL("minimal") "], "
							       "\"questions\": [{\"fact\": "
							       "\"risk\", \"type\": "
							       "\"choice\", \"required\": true, "
							       "\"label\": {\"ko\": "
							       "\"위험\", \"en\": "
							       "\"Risk\"}, \"values\": ["
							       "{\"value\": \"high\", "
							       "\"label\": {\"ko\": "
							       "\"높음\", \"en\": "
							       "\"high\"}}, "
							       "{\"value\": \"limited\", "
							       "\"label\": {\"ko\": "
							       "\"보통\", \"en\": "
							       "\"limited\"}}, "
							       "{\"value\": \"minimal\", "
							       "\"label\": {\"ko\": "
							       "\"낮음\", \"en\": "
							       "\"minimal\"}}]}, "
							       "{\"fact\": \"months\", "
							       "\"type\": \"integer\", "
							       "\"label\": {\"ko\": "
							       "\"달\", \"en\": "
							       "\"Months\"}}]}",
		id, n, id, id);
	const char *const files[4] = {questions, program,
		"[{\"name\": \"nothing\", \"record\": {}, \"expect\": {\"level\": null}}]",
		"# 기준\n<!-- en -->\n# Rule\n"};
	json_t *content;

	if (policy_pack(files, &content) != OK)
		abort();
	return content;
}
