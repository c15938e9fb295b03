/* judgement.h - the result of the policies in force for a record: its level, the reasons and the
 * duties.
 *
 * A judgement is a value:
 *   {"level": "high" or null, "review_months": n?, "policies": [{"policy", "version", "sha256",
 *    "level", "risk", "reasons": […], "duties": […], "review_months"?, "failed"?}…]}
 * One member of "policies" for each policy in force, by id; `sha256` is the policy's content.
 * `risk` is the policy's level on the register's own scale, or null; the outer "level" is the
 * strictest of these. "failed" says why a program gave no answer. The same record, policies and
 * days of the log give the same judgement, here and with stock jq.
 *
 * A duty may have a `due`, its last day, as "2028-08-28". A program computes it from days of the
 * record and of the law, never from today: the page that shows it compares it with today. */
#pragma once
#include "registry/policy/policies.h"

#define JUDGEMENT_MAX (256 * KIB) /* bytes */

/* --- judging --- */

struct judge;
/* `program` as in base/runner.h. Belongs to one thread. */
struct judge *judge_new(const char *program);
void judge_free(struct judge *j);
/* ERR_SYSTEM if no process can be started; a program's failure is part of the judgement. */
MUST_CHECK enum err judge_record(
	struct judge *j, const struct policies *ps, const json_t *record, json_t **out);
/* Inputs besides the record; each may be NULL. `given`: {policy's id: {field: value}…}, values that
 * this policy's program gets in place of the record's (logged_given()). `before`: the record's last
 * judgement, when it is judged again; the result of a policy that is unchanged and has no `given`
 * values is reused from it. */
struct judge_with {
	const json_t *given, *before;
};
MUST_CHECK enum err judge_with(struct judge *j, const struct policies *ps, const json_t *record,
	const struct judge_with *with, json_t **out);
/* Runs one program on a value: its output, or its failure. */
MUST_CHECK enum err judge_run(
	struct judge *j, const struct in_force *p, const json_t *record, json_t **out);

/* Runs one of the policy's own cases, or all of them: ERR_FALSE names the first that fails. */
MUST_CHECK enum err judge_case(struct judge *j, const struct in_force *p, size_t i);
MUST_CHECK enum err judge_cases(struct judge *j, const struct in_force *p, size_t *n);

/* --- using a judgement --- */

/* Strictness on the register's scale: 0 for none, then minimal, limited, high, prohibited. */
int risk_rank(const char *risk);
/* The part of a record that may be judged, given the `problems` of standard_check(): all but
 * malformed fields, so that no policy's program meets a list of a million items. False if it is not
 * a record or its facts are malformed. */
bool judgement_sound(const json_t *record, const json_t *problems, json_t **out);
/* Checks a record against its judgement. Appends to `problems` as standard_check() does; rules:
 * those of policy_check_facts(); laxer (with "got", "level" and the "why" of each reason);
 * unjustified (with "policy", "reason"): a reason that lowers the level needs a public
 * justification in risk_basis. */
void judgement_check(
	const struct policies *ps, const json_t *record, const json_t *judgement, json_t *problems);
/* unknown_policy (with "got"): answers to a policy that is neither in force nor this program's own,
 * so they would go unread. Applies to filings, not to entries of the log. */
void judgement_check_names(const struct policies *ps, const json_t *record, json_t *problems);
/* Only the rules for publishing (laxer, unjustified), which need no policy in force. */
void judgement_check_level(const json_t *record, const json_t *judgement, json_t *problems);
/* The differences between two judgements that matter to a reader, or NULL for none: {"level":
 * [before, after]?, "review_months": [before, after]?, "policies": [{"policy", "level": [before,
 * after]?, "added": [duty ids], "removed": […], "now_unmet": […], "now_met": […], "moved": [ids due
 * on another day]}…]}. The caller owns it. */
json_t *judgement_changes(const json_t *before, const json_t *after);
/* The number of duties, and of those met. */
void judgement_duties(const json_t *judgement, int64_t *n, int64_t *met);
/* Checks that each `due` is an existing day. ERR_INVALID names the duty whose day is not. */
MUST_CHECK enum err judgement_check_due(const json_t *duties);
/* Checks the form above. ERR_INVALID names the place. */
MUST_CHECK enum err judgement_form(const json_t *judgement);
/* The key of its set of policies, as in struct policies. */
void judgement_key(const json_t *judgement, char key[65]);
