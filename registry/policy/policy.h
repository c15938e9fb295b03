/* policy.h - one policy: the facts it asks of a department, and the program that derives a level,
 * reasons and duties from a record. Data, not code: a folder under policies/ with four files.
 *
 *   questions.json  the facts, with types, labels, help, and when each is asked; the levels
 *   rule.jq         the program: a record in; {"level", "reasons", "duties"} out
 *   cases.json      facts or records, and the expected results
 *   README.md       for citizens: Korean, a line "<!-- en -->", English
 *
 * In the log a policy is one content, {"files": {name: text}}: its SHA-256 identifies the policy
 * permanently. A loaded policy is only read; threads may share it. */
#pragma once
#include "base/json.h"

#define POLICY_MAX MIB /* bytes of the content */

struct policy;
/* Loads a policy from its content. ERR_INVALID names the file, the place in it and the rule it
 * breaks. The program is not compiled: a runner does that. */
MUST_CHECK enum err policy_load(const json_t *content, struct policy **out);
/* The copy shares the loaded data: no file is read again. */
struct policy *policy_copy(const struct policy *p);
void policy_free(struct policy *p);
const char *policy_id(const struct policy *p);          /* a slug */
const json_t *policy_questions(const struct policy *p); /* questions.json */
const json_t *policy_cases(const struct policy *p);     /* cases.json */
/* The lists of a record for whose items the policy needs the day since when the log has them
 * (registry/event/logged.h): {field: {"claimed": the member with the day that the record claims,
 * "same": [members], "any": [members]}}; NULL: none. */
const json_t *policy_logged(const struct policy *p);
/* The text of a file; NULL if a policy has no such file. */
const char *policy_file(const struct policy *p, const char *name);
extern const char *const policy_files[4];
/* README.md in a language (the first half is in the first of languages.h, the second in any other);
 * the caller frees it. */
char *policy_readme(const struct policy *p, const char *lang);

/* A level's entry in questions.json: {"level", "risk", "label", …}; NULL if it has no such level.
 */
const json_t *policy_level(const struct policy *p, const json_t *level);
/* The question about a fact, or NULL. */
const json_t *policy_question(const struct policy *p, const char *fact);
/* Is the question asked, given the answers that count? */
bool policy_asks(const json_t *question, const json_t *asked);
/* The answers that count: those to questions that are asked. A record may keep an answer whose
 * question is no longer asked; it is not checked, not shown, and opens no further question. The
 * programs follow the same rule (policies/README.md). The caller owns it. */
json_t *policy_asked(const struct policy *p, const json_t *facts);
/* May a fact have this value (of a list: this item)? */
bool policy_has_value(const json_t *question, const json_t *value);
/* Checks the facts of a record against the questions. Appends to `problems` as standard_check()
 * does; rules: unassessed, unknown_fact, wrong_fact (with "wanted", a type), fact_not_in_list,
 * unanswered; each with "policy", its "title" and, for a single fact, the "fact"'s label. */
void policy_check_facts(const struct policy *p, const json_t *record, json_t *problems);

/* Packs four files, in the order of policy_files, into a content for adoption. ERR_INVALID if they
 * hold text that our JSON rules forbid. */
MUST_CHECK enum err policy_pack(const char *const files[4], json_t **content);
/* A policy built into this program, packed. */
MUST_CHECK enum err policy_own(const char *id, json_t **content);
const char *policy_own_id(size_t i); /* NULL after the last */
