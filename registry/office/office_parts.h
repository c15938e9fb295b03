/* office_parts.h - functions that the files of the office's operations share. */
#pragma once
#include "registry/office/office.h"

/* Adds an event of the office and puts its "entry" into the reply. Takes ownership like
 * tx_add(). */
MUST_CHECK enum err office_add(struct tx *tx, struct draft draft, json_t *reply);
/* A copy of a request's member. */
json_t *office_copied(const json_t *request, const char *member);
/* An event's content; null once it is erased. */
json_t *office_content(const struct snapshot *snap, const char *sha256);

/* office_basis.c. ERR_CONFLICT if the basis of the request is no longer the newest. */
MUST_CHECK enum err office_check_basis(
	struct tx *tx, const struct office_op *op, const json_t *request);
/* Does this member of the operation's requests name the basis of the decision? */
bool office_is_basis(const struct office_op *op, const char *member);

/* office_system.c: operations of office.h. */
MUST_CHECK enum err office_approve(struct tx *tx, const json_t *request, json_t *reply);
/* Checks that the filing which a request names exists and belongs to its system. */
MUST_CHECK enum err office_check_filing(struct tx *tx, const json_t *request);
/* Checks that a retirement names the filing that it sets aside. */
MUST_CHECK enum err office_check_set_aside(struct tx *tx, const json_t *request);
MUST_CHECK enum err office_filing(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* Puts "filings" that wait for a decision, oldest first. */
MUST_CHECK enum err office_filings(const struct snapshot *snap, json_t *reply);

/* office_feedback.c: the same. */
/* {"feedback", "entry", "withheld"?: true if the sender knows that it was withheld, "mask"?:
 * [words], "mask_name"?: true} -> {"entry"}. */
MUST_CHECK enum err office_feedback_publish(struct tx *tx, const json_t *request, json_t *reply);
/* A question with everything that only its sender sees, and "latest": the entry that a decision on
 * it must name. */
MUST_CHECK enum err office_feedback(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
MUST_CHECK enum err office_contact(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* Puts "feedback": questions to decide on, and "unanswered": published ones without an answer. */
MUST_CHECK enum err office_questions(const struct snapshot *snap, json_t *reply);

/* office_flood.c. The undecided questions of a span of time: {"from", "until": inclusive, in UTC or
 * in the register's time, "networks"?: [hash…]} -> {"from", "until": in UTC, "count", "decided":
 * how many of that time stay, "networks": [{"network": hash or null, "questions": n}…], "samples":
 * [{"feedback", "system", "at", "network", "text"}…]}. */
MUST_CHECK enum err office_flood(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* Takes the same and "count", which must be right. One event withholds the questions and erases
 * their texts and e-mail addresses. -> {"entry", "questions": n}. */
MUST_CHECK enum err office_feedback_sweep(struct tx *tx, const json_t *request, json_t *reply);

/* office_settings.c: {} -> {"origin", "settings", "history": from query_settings()}. */
MUST_CHECK enum err office_settings(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* {settings to merge (settings.h), "dry_run"?} -> {"changes", "left_behind", "entry"}. */
MUST_CHECK enum err office_rules(struct tx *tx, const json_t *request, json_t *reply);
MUST_CHECK enum err office_register_change(struct tx *tx, const json_t *request, json_t *reply);

/* office_list.c: {"file": SHA-256, "services": n, "to": {…}, "on"?: a day, else today, "note"?:
 * {…}} -> {"entry", "day", "file", "services"}. */
MUST_CHECK enum err office_list_submitted(struct tx *tx, const json_t *request, json_t *reply);

/* office_policy.c */
/* Runs the cases that come with a policy before it is adopted. ERR_INVALID names the first that it
 * answers wrongly: a program that fails its own cases judges nobody. */
MUST_CHECK enum err office_policy_try(const json_t *request);
MUST_CHECK enum err office_policy_adopt(struct tx *tx, const json_t *request, json_t *reply);
/* Judges some of the records that were last judged by other policies: -> {"judged": n, "left": n,
 * "unanswered": {policy: how many of these do not answer its questions}}. */
MUST_CHECK enum err office_rejudge(struct tx *tx, const json_t *request, json_t *reply);
MUST_CHECK enum err office_policies(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply);
/* Puts "judgement": that of the policies in force on a record, as if the system published it now;
 * null if no policy is in force. */
MUST_CHECK enum err office_judge(struct reg *reg, const struct snapshot *snap, const char *system,
	const json_t *record, json_t *reply);
/* Puts "unassessed": published systems with questions of the policies in force that they do not
 * answer: [{"system", "department", "name", "policy", "version", "title", "answered": does it
 * answer any?, "asks": [{"fact", "rule": why it is asked (policy_check_facts), "label"?}…]}…]. A
 * system stays in the list until a published record answers. */
MUST_CHECK enum err office_unassessed(const struct snapshot *snap, json_t *reply);
/* Puts "duties" that are overdue or due within "duties_within" days, from query_dues(), with "days"
 * until then: negative once the day has passed. */
MUST_CHECK enum err office_duties(struct reg *reg, const struct snapshot *snap, json_t *reply);
/* Puts "judged": the systems whose level or duties changed since they were published. */
MUST_CHECK enum err office_judged(const struct snapshot *snap, json_t *reply);
