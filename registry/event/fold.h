/* fold.h - the checks and folds of all types of event, and the functions they share. events.def
 * lists the types. The file of a noun has its checks and folds, except for these:
 *   register.opened, register.restored  opening.c
 *   register.changed                    settings.c
 *   register.rules                      rules.c
 *   standard.*, policy.*                adoption.c
 *   log.*                               log_key.c
 *   key.*                               department.c, and person.c
 *   department.declared_none            declaration.c
 *   file.attached                       attachment.c
 *   system.judged                       judged.c
 *   system.consultation_*               consultation.c
 *   list.submitted                      service_list.c
 *   content.erased                      erasure.c */
#pragma once
#include "registry/event/state.h"

#define EVENT(noun, verb, subject, by, people, ...)                                          \
	MUST_CHECK enum err noun##_##verb##_check(struct state *st, const struct event *ev); \
	MUST_CHECK enum err noun##_##verb##_fold(struct state *st, const struct event *ev);
#include "registry/event/events.def"
#undef EVENT

/* person.c: granting a key to a person, in addition to the check and fold of department.c. */
MUST_CHECK enum err person_key_check(struct state *st, const struct event *ev);
MUST_CHECK enum err person_key_fold(struct state *st, const struct event *ev);
/* Records any event that a person's key signed; does nothing for other events. */
MUST_CHECK enum err person_signed_fold(struct state *st, const struct event *ev);

#define SWEEP_MAX 20000 /* questions that one event may withhold */

/* Copies name, risk … and completeness of the newest published record into the system's row; NULLs
 * if the record was erased. */
MUST_CHECK enum err system_refresh(struct state *st, const char *slug);
/* Counts again how complete each published record is, after the standard changed. */
MUST_CHECK enum err system_count_all(struct state *st);

/* The newest published record, or NULL if there is none. The caller owns it. */
MUST_CHECK enum err system_record(struct state *st, const char *slug, json_t **out);
/* Adds a line to the system's public history. A salted content of the event is its reason. */
MUST_CHECK enum err system_milestone(struct state *st, const struct event *ev, struct val version);
/* The same for reports of a department on its published system, such as figures, which change
 * neither the system nor its version. */
MUST_CHECK enum err system_told(struct state *st, const struct event *ev);
/* Checks that the system of an event is public and belongs to the department that signed. */
MUST_CHECK enum err system_is_theirs(struct state *st, const struct event *ev);

/* Ends a department's declaration when one of its systems becomes public, or a system moves to it.
 */
MUST_CHECK enum err declaration_lapse(struct state *st, const struct event *ev);

/* judged.c: a publication must carry the judgement of the policies in force on its record, and the
 * record's own level must not be laxer. `record` is NULL once it is erased. */
MUST_CHECK enum err judged_check(struct state *st, const struct event *ev, const json_t *record);
MUST_CHECK enum err judged_fold(struct state *st, const struct event *ev);
/* A "review_by" must lie ahead, and before both the record's own day and the policies' last day. */
MUST_CHECK enum err judged_check_review(const struct event *ev, const json_t *record);

/* attachment.c: every file that a filing's record names must have been attached by its department
 * and not erased; each other one is a problem with the rule file_missing. */
MUST_CHECK enum err attachments_check(
	struct state *st, const struct event *ev, const json_t *record);
/* Makes the files of a published record public; hides those that no other record names, once it is
 * erased. `sha256` is that of the filing's content. */
MUST_CHECK enum err attachments_open(struct state *st, const char *sha256);
MUST_CHECK enum err attachments_close(struct state *st, const char *sha256);

/* department.c: ERR_NOT_FOUND, with its name, for a department that does not exist. */
MUST_CHECK enum err department_must_exist(struct state *st, const char *slug);

/* erasure.c: the entry `entry` erases the bytes of a content. A second call changes nothing. A
 * question whose shown text is erased no longer waits. */
MUST_CHECK enum err content_erase(struct state *st, const char *sha256, int64_t entry);

/* feedback.c: parts the questions that a WHERE behind this selects. They are undecided again, or
 * wait for their own answer. */
#define FEEDBACK_PART                                                                    \
	"UPDATE feedback SET merged_into = NULL, merged_entry = NULL, merged_at = NULL," \
	" decided_entry = iif(state = 'merged', NULL, decided_entry),"                   \
	" decided_at = iif(state = 'merged', NULL, decided_at),"                         \
	" state = iif(state = 'merged', 'received', state),"                             \
	" answered_at = (SELECT min(a.at) FROM answer a WHERE a.feedback = feedback.id)"

/* Reasons and answers are texts by language: ERR_INVALID unless `value` is an object of languages,
 * each with 1 to `max` characters. `what` names the value in the error. */
MUST_CHECK enum err check_texts(const json_t *value, size_t max, const char *what);
