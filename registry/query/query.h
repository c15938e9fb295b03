/* query.h - the public pages' queries on the read model, as JSON values (all new references).
 *
 * Every function reads the snapshot `snap`. Texts per language stay objects: {"ko": "…", "en":
 * "…"}. Times are UTC texts. No answer holds unpublished data: of an unpublished filing it gives
 * only its existence and the office's decision. */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "base/env.h"
#include "base/json.h"

/* {"origin", "about": the settings in force (settings.h), "opened_at", "entries": n, "at"} */
MUST_CHECK enum err query_register(const struct snapshot *snap, json_t **out);
/* The number of entries that the read model was folded from: what it says is as of that. */
MUST_CHECK enum err query_size(const struct snapshot *snap, int64_t *out);
/* The register's settings over time: [{"entry", "at", "about", "before": the settings until then,
 * null for the first}…], newest first; `limit` -1: all. */
MUST_CHECK enum err query_settings(const struct snapshot *snap, int64_t limit, json_t **out);
/* The restorations from a backup, latest first: [{"entry", "at", "backup": n, "seen": n or null,
 * "about": {"known_by": [{"kind", "where"?, "size"}…], "lost": n, "reason"?: {…}}}…] */
MUST_CHECK enum err query_restored(const struct snapshot *snap, json_t **out);
/* {"systems": n published, "suspended": n, "retired": n, "departments": n with systems, "feedback":
 * n received, "answered": n, "waiting": n published without an answer, "withheld": n,
 * answered or not, "undecided": n, "erased": n withdrawn or erased before an answer; the five add
 * up to "feedback", but for those that are both withheld and answered, "risk":
 * {"high": n, …}, "answer_days": median days to the first answer, or null} */
MUST_CHECK enum err query_counts(const struct snapshot *snap, json_t **out);
/* Pending and overdue work, for monitoring: {"filings": n that wait for the office, "oldest": when
 * the first of them came in, or null, "judged": n systems whose level changed under new policies
 * and that have not been reviewed since, "undecided": n questions neither published nor withheld,
 * "unanswered": n of these and of the published, "late": n of them asked before the moment
 * `asked_before`, "reviews": n due before the day `today`, "duties": n unmet that were due before
 * it} */
MUST_CHECK enum err query_waiting(
	const struct snapshot *snap, const char *asked_before, const char *today, json_t **out);

/* A system in lists: {"slug", "department", "department_name": {…}, "state", "version", "name":
 * {…}, "summary": {…}, "status" (effective: suspended and retired win), "risk", "first_at",
 * "changed_at", "level": derived by the policies, "duties", "duties_met", "review_due": a day, or
 * null; "duty_due": the first day by which an unmet duty is due, or null; "required": fields,
 * "filled" and "withheld" of these, null once the record is erased} */
#define QUERY_WORDS_MAX 10 /* of a search */
struct search_kept;
struct system_filter {
	const char *words; /* a search (search.h), QUERY_WORDS_MAX at most; NULL or blank for all */
	const char *lang;  /* in which a search's pieces of text are shown, if it can; or NULL */
	bool as_written;   /* a search suggests no other words */
	bool ids;          /* a search gives "id" for a system's columns: search_row() has them */
	struct search_kept *kept; /* texts that searches share (search.h), or NULL */
	int64_t most;             /* that a search finds and counts; 0 for SEARCH_MOST (search.h) */
	const char *department;   /* slug, or NULL */
	const char *status;       /* effective status, or NULL */
	const char *risk;         /* or NULL */
	const char *due_from;     /* the review is due on this day or later, or NULL */
	const char *due_before;   /* the review is due before this day, or NULL */
	const char *duty_from;    /* an unmet duty is due first on this day or later, or NULL */
	const char *duty_before;  /* or before this day, or NULL */
	int64_t offset, limit;
};
/* {"total": n, "systems": [...]}, newest change first; with words, as search.h says. */
MUST_CHECK enum err query_systems(
	const struct snapshot *snap, const struct system_filter *filter, json_t **out);
/* One system as above, with "successor", "reason": {…} or null, "source" or null, "since": of its
 * state, null if it never changed; "predecessors": [slug…]. ERR_NOT_FOUND also if nothing is
 * published yet. */
MUST_CHECK enum err query_system(const struct snapshot *snap, const char *slug, json_t **out);
/* Unmet duties due before a day: [{"slug", "name": {…}, "department", "department_name": {…},
 * "status", "policy", "duty", "about": {"text": {…}, "basis"}, "due", "met": false}…], the first
 * due first. It costs what is due, or the limit. */
struct due_filter {
	const char *department, *system; /* one of them, or neither: of all */
	const char *before;
	bool latest_first;
	int64_t limit; /* -1: none */
};
MUST_CHECK enum err query_dues(
	const struct snapshot *snap, const struct due_filter *f, json_t **out);
/* Duties fulfilled by an event of the office: the submission of a list (Act 21392, Art 30).
 * [{"system", "policy", "duty", "entry", "day"}…]; `system` NULL: of all. */
MUST_CHECK enum err query_fulfilled(const struct snapshot *snap, const char *system, json_t **out);
/* The latest filing, published or not: {"entry", "at", "outcome": "waiting", "published",
 * "returned" or "replaced", "reason": {…} of a return, or null}. ERR_NOT_FOUND without one. */
MUST_CHECK enum err query_latest_filing(
	const struct snapshot *snap, const char *slug, json_t **out);
/* The department that owns a slug, published or not: {"department"}. Not for public pages.
 * ERR_NOT_FOUND if nothing was ever filed under it. */
MUST_CHECK enum err query_owner(const struct snapshot *snap, const char *slug, json_t **out);
/* {"n", "at", "entry", "filing", "filed_at", "department", "signed": bool, "key_entry": the entry
 *  that granted the key which signed it, or null, "sha256", "standard", "record": {…} or null
 *  once erased, "erased": {"entry", "reason"} or null}; n 0: the newest. */
MUST_CHECK enum err query_version(
	const struct snapshot *snap, const char *slug, int64_t n, json_t **out);
/* The latest judgement of a version, overall or before a moment: {"entry", "at", "sha256",
 * "judgement": {…} (judgement.h), "changes": {…} or null, "stale": bool, other policies are in
 * force now}. ERR_NOT_FOUND if no policy was in force. */
MUST_CHECK enum err query_judgement(const struct snapshot *snap, const char *slug, int64_t version,
	const char *before, json_t **out);
/* The same for one entry: the entry of the version's publication gives the judgement at that time.
 */
MUST_CHECK enum err query_judgement_at(const struct snapshot *snap, const char *slug,
	int64_t version, int64_t entry, json_t **out);
/* The days since which the log has the parts of a system's record that a policy asks for
 * (registry/event/logged.h; policy_logged()): {field: a day or null for each item…}, and {field:
 * the items as the policy's program receives them…}. */
MUST_CHECK enum err query_logged_days(const struct snapshot *snap, const char *slug,
	const json_t *record, const json_t *asked, json_t **out);
MUST_CHECK enum err query_logged_fields(const struct snapshot *snap, const char *slug,
	const json_t *record, const json_t *asked, json_t **out);
/* An adoption of the standard: {"version", "sha256", "entry", "at"}; the last one before a moment
 * (NULL: the last of all). */
MUST_CHECK enum err query_standard(const struct snapshot *snap, int64_t version, json_t **out);
MUST_CHECK enum err query_standard_on(
	const struct snapshot *snap, const char *before, json_t **out);
/* All adoptions of policies, or those of one (NULL for all): [{"id", "version", "sha256", "about":
 * {"title", "about", "source", "levels"}, "entry", "at", "until_entry": null while in force,
 * "reason": {…} of a retirement}…], by id, the newest first. */
MUST_CHECK enum err query_policies(const struct snapshot *snap, const char *id, json_t **out);
MUST_CHECK enum err query_policy(
	const struct snapshot *snap, const char *id, int64_t version, json_t **out);
/* The slugs of all published systems, sorted: [{"slug", "changed_at"}…], and their number. */
MUST_CHECK enum err query_slugs(
	const struct snapshot *snap, int64_t offset, int64_t limit, json_t **out);
MUST_CHECK enum err query_slugs_n(const struct snapshot *snap, int64_t *out);
/* A system's milestones, newest first, `limit` of them after the first `offset`: [{"type", "at",
 * "entry", "version" or null, "state", "successor" or null, "reason": {…} or null}…] */
MUST_CHECK enum err query_milestones(
	const struct snapshot *snap, const char *slug, int64_t offset, int64_t limit, json_t **out);
/* The number of its milestones. */
MUST_CHECK enum err query_milestones_n(const struct snapshot *snap, const char *slug, int64_t *out);
/* The state at a moment: {"version": n, "state", "reason", "since", "since_entry"}; ERR_NOT_FOUND
 * before the first publication. `before` is a time text; events at or after it do not count. */
MUST_CHECK enum err query_as_of(
	const struct snapshot *snap, const char *slug, const char *before, json_t **out);
/* The latest public events of all systems: milestones with "slug" and "name". */
MUST_CHECK enum err query_latest(const struct snapshot *snap, int64_t limit, json_t **out);

/* [{"slug", "name": {…}, "systems": n published}…] by slug. */
MUST_CHECK enum err query_departments(const struct snapshot *snap, json_t **out);
/* {"slug", "name", "about", "added_at", "entry", "keys": [{"vkey", "granted_entry",
 * "revoked_entry", "since": the day from which on it was stolen, or null}]} */
MUST_CHECK enum err query_department(const struct snapshot *snap, const char *slug, json_t **out);

/* The number of questions about a system, by outcome; `slug` NULL: questions about no particular
 * system. {"received": n, "published": n that can be read or were answered, "withheld": n,
 * "merged": n that ask the same as one of these and are not shown themselves, "unpublished": n not
 * yet decided on, "erased": n withdrawn or erased before an answer, which the others do not count}
 */
MUST_CHECK enum err query_feedback_counts(
	const struct snapshot *snap, const char *slug, json_t **out);
/* The days within which the office intends to answer a question, plain days in the register's zone:
 * the setting "answer_days", else the 14 days that Korean offices have for requests that need more
 * than a look-up (Decree on Civil Petitions, articles 14 and 15). */
int64_t query_answer_days(const struct snapshot *snap);
/* A question that waits for an answer at `now` is overdue if it was asked before this moment. */
void query_asked_before(const struct snapshot *snap, int64_t now, char out[TIME_TEXT]);
/* The number of questions asked before a moment that wait for an answer: about one system (NULL:
 * about none), or of all. */
MUST_CHECK enum err query_late(
	const struct snapshot *snap, const char *slug, const char *asked_before, int64_t *out);
MUST_CHECK enum err query_all_late(
	const struct snapshot *snap, const char *asked_before, int64_t *out);
/* The number of withheld questions by reason: [{"code" from the published list, or null if there
 * are only free words, "n"}…]. */
MUST_CHECK enum err query_withheld(const struct snapshot *snap, json_t **out);
/* The same, and those that are published: {…, "questions": [{"id", "at", "entry", "text", "lang",
 * "name" or null, "erased": bool, "withdrawn": bool, "decided": {"entry", "at", "by": "person" of
 * the office or "operator" of the machine, "person": the id, or null} or null, "answers": [{"by",
 * "at", "entry", "text": {…} or null, "personal": false}…], "personally": bool}…]}, newest first.
 * "personally": some answers are only for the person who asked. */
MUST_CHECK enum err query_feedback(const struct snapshot *snap, const char *slug, json_t **out);
/* One question, published or not: as above plus "system" (null: about none), "name_of_system",
 * "state", "code" and "reason" of withholding, "sha256" of what was asked, "merged_into": the
 * question whose answers are among its own, or null, "repeats": how many are merged into it,
 * "masked": the SHA-256 of what is shown instead, or null. FOR_ITS_SENDER: for the holder of its
 * receipt, with the answers that are for them alone and the text as sent: "shown" is then the
 * public form, {"text", "name"…}, or null if that is the same, and "gone" the entry that erased the
 * text, or null. */
enum answers { FOR_EVERYONE, FOR_ITS_SENDER };
MUST_CHECK enum err query_question(
	const struct snapshot *snap, const char *id, enum answers answers, json_t **out);

/* May a content be given out, and what is it? ERR_NOT_FOUND, ERR_GONE (erased: err_why() gives the
 * entry), ERR_DENIED (known, but not public). `type` is the media type. `today`:
 * what was held back until this day is public (incident.h); NULL: no day opens anything. */
MUST_CHECK enum err query_content_state(const struct snapshot *snap, const char *sha256,
	const char *today, int64_t *size, char type[64]);
/* The same, and its exact bytes. */
MUST_CHECK enum err query_content(
	const struct snapshot *snap, const char *sha256, struct buf *bytes, char type[64]);

/* A file that a department attached: {"sha256", "type", "size", "public": bool, "erased_entry",
 * "reason": {…} of the erasure, or null, "attached": [{"department", "entry", "at"}…]}. */
MUST_CHECK enum err query_file(const struct snapshot *snap, const char *sha256, json_t **out);
/* The newest version of a system that names the file. ERR_NOT_FOUND if there is none. */
MUST_CHECK enum err query_file_version(
	const struct snapshot *snap, const char *slug, const char *sha256, int64_t *n);
