/* fold.h - the checks and folds of every type of event, and what they share. events.def lists the
 * types; the file of a noun has its check and fold. */
#pragma once
#include "registry/event/state.h"

#define EVENT(noun, verb, subject, by, ...)                                                  \
	MUST_CHECK enum err noun##_##verb##_check(struct state *st, const struct event *ev); \
	MUST_CHECK enum err noun##_##verb##_fold(struct state *st, const struct event *ev);
#include "registry/event/events.def"
#undef EVENT

/* person.c: a key may be granted to a person of the department; beside department.c's own. */
MUST_CHECK enum err person_key_check(struct state *st, const struct event *ev);
MUST_CHECK enum err person_key_fold(struct state *st, const struct event *ev);
/* What a person's key signed, of whatever type; nothing for all other events. */
MUST_CHECK enum err person_signed_fold(struct state *st, const struct event *ev);

#define SWEEP_MAX 20000 /* questions that one event takes out */

/* Copies the newest published record's name, risk … into the system's row, and how complete it is;
 * NULLs where the record was erased. */
MUST_CHECK enum err system_refresh(struct state *st, const char *slug);
/* Counts again how complete every published record is: the standard changed. */
MUST_CHECK enum err system_count_all(struct state *st);

/* The newest published record, or NULL where none is there. The caller owns it. */
MUST_CHECK enum err system_record(struct state *st, const char *slug, json_t **out);
/* One more line in the system's public history. An event with a salted content is a reason's. */
MUST_CHECK enum err system_milestone(struct state *st, const struct event *ev, struct val version);
/* The same of what a department tells of its published system (figures): the system stays as it
 * is, and its version with it. */
MUST_CHECK enum err system_told(struct state *st, const struct event *ev);
/* Is the system that an event is about public, and the department's who signed? */
MUST_CHECK enum err system_is_theirs(struct state *st, const struct event *ev);

/* A system that is public now, or now belongs to another department, ends what that department
 * declared. */
MUST_CHECK enum err declaration_lapse(struct state *st, const struct event *ev);

/* judged.c: a publication carries the judgement of its record by the policies in force, and the
 * record's own level is no laxer than theirs. `record` is NULL where it was erased. */
MUST_CHECK enum err judged_check(struct state *st, const struct event *ev, const json_t *record);
MUST_CHECK enum err judged_fold(struct state *st, const struct event *ev);
/* A "review_by" must be sooner than the record's own day and what the policies leave, and to come.
 */
MUST_CHECK enum err judged_check_review(const struct event *ev, const json_t *record);

/* attachment.c. A filing's record must name no file that its department has not attached, or that
 * was erased: problems with the rule file_missing. */
MUST_CHECK enum err attachments_check(
	struct state *st, const struct event *ev, const json_t *record);
/* The files that a published record names are given out with it; those that no other record names
 * no longer are once it is erased. `sha256`: of the filing's content. */
MUST_CHECK enum err attachments_open(struct state *st, const char *sha256);
MUST_CHECK enum err attachments_close(struct state *st, const char *sha256);

/* department.c: ERR_NOT_FOUND, naming it, for a department that this register does not have. */
MUST_CHECK enum err department_must_exist(struct state *st, const char *slug);

/* erasure.c: entry `entry` erases the bytes of a content. A second call changes nothing. A question
 * of which they were what is shown no longer waits. */
MUST_CHECK enum err content_erase(struct state *st, const char *sha256, int64_t entry);

/* feedback.c: which questions no longer are merged, by a WHERE of its SQL: they are undecided, or
 * wait for an answer of their own. */
#define FEEDBACK_PART                                                  \
	"UPDATE feedback SET merged_into = NULL,"                      \
	" decided_entry = iif(state = 'merged', NULL, decided_entry)," \
	" decided_at = iif(state = 'merged', NULL, decided_at),"       \
	" state = iif(state = 'merged', 'received', state),"           \
	" answered_at = (SELECT min(a.at) FROM answer a WHERE a.feedback = feedback.id)"

/* Reasons and answers are texts by language: ERR_INVALID unless `value` is an object of languages,
 * each with 1 to `max` characters. `what` names the value in the error. */
MUST_CHECK enum err check_texts(const json_t *value, size_t max, const char *what);
