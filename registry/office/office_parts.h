/* office_parts.h - what the files of the office's operations share. */
#pragma once
#include "registry/office/office.h"

/* Adds an event of the office; the reply gets its "entry". Takes over as tx_add() does. */
MUST_CHECK enum err office_add(struct tx *tx, struct draft draft, json_t *reply);
/* A copy of a request's member. */
json_t *office_copied(const json_t *request, const char *member);
/* What an event's content says; null once it was erased. */
json_t *office_content(const struct snapshot *snap, const char *sha256);

/* office_basis.c: is what the request was decided on still the newest? */
MUST_CHECK enum err office_check_basis(
	struct tx *tx, const struct office_op *op, const json_t *request);
/* Is this the member of its requests that names it? */
bool office_is_basis(const struct office_op *op, const char *member);

/* office_system.c: operations, as office.h has them. */
MUST_CHECK enum err office_approve(struct tx *tx, const json_t *request, json_t *reply);
/* Does the filing that a request names exist, and is it this system's? */
MUST_CHECK enum err office_check_filing(struct tx *tx, const json_t *request);
/* Does a retirement name the filing that it sets aside? */
MUST_CHECK enum err office_check_set_aside(struct tx *tx, const json_t *request);
MUST_CHECK enum err office_filing(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* Puts "filings": those that wait for a decision, the oldest first. */
MUST_CHECK enum err office_filings(const struct snapshot *snap, json_t *reply);

/* office_feedback.c: the same. */
/* {"feedback", "entry", "withheld"?: whoever publishes it says that they know it was, "mask"?:
 * [words], "mask_name"?: true} -> {"entry"}. */
MUST_CHECK enum err office_feedback_publish(struct tx *tx, const json_t *request, json_t *reply);
/* A question as it stands, with what only who asked is shown, and "latest": the entry that a
 * decision about it must name. */
MUST_CHECK enum err office_feedback(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
MUST_CHECK enum err office_contact(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* Puts "feedback", questions to decide on, and "unanswered", those that are published. */
MUST_CHECK enum err office_questions(const struct snapshot *snap, json_t *reply);

/* office_flood.c: what a span of time selects, of the questions that nothing is decided about:
 * {"from", "until": inclusive, in UTC or in the register's time, "networks"?: [hash…]} -> {"from",
 * "until": in UTC, "count", "decided": how many of that time stay, "networks": [{"network": hash or
 * null, "questions": n}…], "samples": [{"feedback", "system", "at", "network", "text"}…]}. */
MUST_CHECK enum err office_flood(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* The same with "count", which must be right: holds them back, erases texts and e-mail addresses,
 * in one event. -> {"entry", "questions": n}. */
MUST_CHECK enum err office_feedback_sweep(struct tx *tx, const json_t *request, json_t *reply);

/* office_settings.c: {} -> {"origin", "settings", "history": as query_settings() has it}. */
MUST_CHECK enum err office_settings(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* {settings to merge (settings.h), "dry_run"?} -> {"changes", "left_behind", "entry"}. */
MUST_CHECK enum err office_rules(struct tx *tx, const json_t *request, json_t *reply);
MUST_CHECK enum err office_register_change(struct tx *tx, const json_t *request, json_t *reply);

/* office_list.c: {"file": SHA-256, "services": n, "to": {…}, "on"?: a day, else today, "note"?:
 * {…}} -> {"entry", "day", "file", "services"}. */
MUST_CHECK enum err office_list_submitted(struct tx *tx, const json_t *request, json_t *reply);

/* office_policy.c */
/* Runs the own cases of the policy that is to be adopted: ERR_INVALID names the first that it does
 * not answer as it says. A program that does not do what it promises judges nobody. */
MUST_CHECK enum err office_policy_try(const json_t *request);
MUST_CHECK enum err office_policy_adopt(struct tx *tx, const json_t *request, json_t *reply);
/* Judges some of the records that other policies judged last; {"judged": n, "left": n,
 * "unanswered": {policy: how many of these do not answer its questions}}. */
MUST_CHECK enum err office_rejudge(struct tx *tx, const json_t *request, json_t *reply);
MUST_CHECK enum err office_policies(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* Puts "judgement": what the policies in force say of a record that is filed for a system, as if it
 * were published now; null where none is. */
MUST_CHECK enum err office_judge(struct reg *reg, const struct snapshot *snap, const char *system,
	const json_t *record, json_t *reply);
/* Puts "unassessed": the published systems that do not answer all that the policies in force ask:
 * [{"system", "department", "name", "policy", "version", "title", "answered": bool, anything yet,
 * "asks": [{"fact", "rule": why it is asked (policy_check_facts), "label"?}…]}…]. They stay there
 * until a published record answers. */
MUST_CHECK enum err office_unassessed(const struct snapshot *snap, json_t *reply);
/* Puts "duties": those that are overdue, or due within so many days ("duties_within"), as
 * query_dues() has them, with "days": until then, less than 0 once it is over. */
MUST_CHECK enum err office_duties(struct reg *reg, const struct snapshot *snap, json_t *reply);
/* Puts "judged": the systems whose level or duties changed since they were published. */
MUST_CHECK enum err office_judged(const struct snapshot *snap, json_t *reply);
