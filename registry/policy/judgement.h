/* judgement.h - what the policies in force say of a record: its level, why, and what follows.
 *
 * A judgement is a value:
 *   {"level": "high" or null, "review_months": n?, "policies": [{"policy", "version", "sha256",
 *    "level", "risk", "reasons": […], "duties": […], "review_months"?, "failed"?}…]}
 * One member of "policies" for each policy in force, by id; `sha256` is the policy's content.
 * `risk` is its level on the register's own scale, null where it gave none; "level" the strictest
 * of these. "failed" says why a program gave no answer. The same record, the same policies and the
 * same days of the log give the same judgement, here and with stock jq.
 *
 * A duty may have a `due`: the last day to do it, as "2028-08-28". A program computes it from the
 * days of the record and of the law, never from today: who shows it compares it with today. */
#pragma once
#include "registry/policy/policies.h"

#define JUDGEMENT_MAX (256 * KIB) /* bytes */

/* --- judging --- */

struct judge;
/* `program` as in base/runner.h. Belongs to one thread. */
struct judge *judge_new(const char *program);
void judge_free(struct judge *j);
/* ERR_SYSTEM where no process can be had; a program's failure is part of the judgement. */
MUST_CHECK enum err judge_record(
	struct judge *j, const struct policies *ps, const json_t *record, json_t **out);
/* What is known besides the record; each may be NULL. `given`: {policy's id: {field: value}…}, what
 * this policy's program gets instead of what the record has there (logged_given()). `before`: the
 * record's last judgement, for one that is judged again: of a policy that is still the very same
 * and is given nothing, what it said is not asked again. */
struct judge_with {
	const json_t *given, *before;
};
MUST_CHECK enum err judge_with(struct judge *j, const struct policies *ps, const json_t *record,
	const struct judge_with *with, json_t **out);
/* One program alone, on a value: what it gave, or its failure. */
MUST_CHECK enum err judge_run(
	struct judge *j, const struct in_force *p, const json_t *record, json_t **out);

/* One of its own cases, or all of them: ERR_FALSE names the first that it answers otherwise. */
MUST_CHECK enum err judge_case(struct judge *j, const struct in_force *p, size_t i);
MUST_CHECK enum err judge_cases(struct judge *j, const struct in_force *p, size_t *n);

/* --- what it means --- */

/* 0 for none, then minimal, limited, high, prohibited: strictness on the register's scale. */
int risk_rank(const char *risk);
/* What of a record may be judged, once standard_check() found `problems` in it: all but the fields
 * that are not of their form, so that no program of a policy meets a list of a million items.
 * False where nothing may: it is no record, or its facts are not of their form. */
bool judgement_sound(const json_t *record, const json_t *problems, json_t **out);
/* Holds a record to its judgement. Appends to `problems` as standard_check() does; rules: those of
 * policy_check_facts(); laxer (with "got", "level" and the "why" of each reason); unjustified
 * (with "policy", "reason"): what lowers a level needs a public justification in risk_basis. */
void judgement_check(
	const struct policies *ps, const json_t *record, const json_t *judgement, json_t *problems);
/* unknown_policy (with "got"): answers to a policy that is neither in force nor this program's own,
 * which nobody would read. Filings are held to it, entries of the log are not. */
void judgement_check_names(const struct policies *ps, const json_t *record, json_t *problems);
/* The rules of publishing alone (laxer, unjustified), which no policy in force is needed for. */
void judgement_check_level(const json_t *record, const json_t *judgement, json_t *problems);
/* What differs between two judgements that a reader would notice, or NULL for nothing:
 * {"level": [before, after]?, "review_months": [before, after]?, "policies": [{"policy", "level":
 * [before, after]?, "added": [duty ids], "removed": […], "now_unmet": […], "now_met": […], "moved":
 * [ids due on another day]}…]}. The caller owns it. */
json_t *judgement_changes(const json_t *before, const json_t *after);
/* How many duties are there, and met. */
void judgement_duties(const json_t *judgement, int64_t *n, int64_t *met);
/* Does each duty that has a `due` name a day that exists? ERR_INVALID says which does not. */
MUST_CHECK enum err judgement_check_due(const json_t *duties);
/* Is it of the form above? ERR_INVALID says where not. */
MUST_CHECK enum err judgement_form(const json_t *judgement);
/* The key of the set of policies that it names, as struct policies has it. */
void judgement_key(const json_t *judgement, char key[65]);
