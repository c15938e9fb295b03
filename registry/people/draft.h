/* draft.h - records that departments write, before they file them.
 *
 * A draft belongs to a department, whose people share it; other departments do not find it. A
 * system has one draft in a department. It may be wrong and incomplete: only its size is limited,
 * and the standard is applied when it is filed.
 *
 * Whoever saves names the revision they read. If somebody else saved meanwhile, nothing changes and
 * the caller gets both records, so that nobody overwrites a change without seeing it. Drafts are in
 * people.db (people.h): backups have them, and nobody publishes them. */
#pragma once
#include "registry/people/people.h"
#include "registry/standard/form.h"

#define DRAFT_ID 32                  /* hexadecimal digits */
#define DRAFT_RECORD_MAX (256 * KIB) /* bytes, canonical */
#define DRAFTS_MAX 200               /* of a department */
#define DRAFT_FILE 120               /* bytes */

struct record_draft {
	char id[DRAFT_ID + 1];
	char department[SLUG_MAX + 1];
	char system[SLUG_MAX + 1];
	int64_t version;        /* of the system, on which it is based; 0: it is new */
	int64_t revision;       /* counts from 1 */
	char by[PEOPLE_ID + 1]; /* who saved it last */
	int64_t made, saved;
	int64_t line;              /* of the imported file on which it is based; 0: none */
	char file[DRAFT_FILE + 1]; /* that file's name; "" for pasted text */
	char copied[SLUG_MAX + 1]; /* the other system from which it began; "": none */
	int64_t copied_version;
	json_t *record;
};
void record_draft_done(struct record_draft *draft);

/* Takes department, system, version, by, file, line, copied and record (which the caller still
 * owns); sets the rest. ERR_INVALID for an invalid system name; ERR_CONFLICT if the department has
 * a draft for it, whose id is then in `id`; ERR_LIMITED if it has DRAFTS_MAX; ERR_TOO_LARGE. */
MUST_CHECK enum err draft_new(struct people *p, struct record_draft *draft);
/* ERR_NOT_FOUND if the department has no draft with this id. */
MUST_CHECK enum err draft_get(
	struct people *p, const char *department, const char *id, struct record_draft *out);
/* The same by the draft's system. */
MUST_CHECK enum err draft_of_system(
	struct people *p, const char *department, const char *system, struct record_draft *out);
/* [{"id", "system", "version", "revision", "by", "made", "saved", "file", "line", "record"}…],
 * latest saved first; times in seconds. `limit` -1: all. */
MUST_CHECK enum err draft_list(
	struct people *p, const char *department, int64_t limit, json_t **out);
/* Saves draft->record, which draft->by based on draft->revision; sets revision and time. Saving an
 * unchanged record changes nothing. ERR_CONFLICT if the stored revision is another, returned in
 * `*theirs`. ERR_NOT_FOUND if the draft is gone; ERR_TOO_LARGE. */
MUST_CHECK enum err draft_save(
	struct people *p, struct record_draft *draft, struct record_draft *theirs);
/* Begins a draft again, whose last text was published: sets its record and the version of the
 * system on which that is based; suppliers' links stay. ERR_CONFLICT if somebody saved another
 * revision meanwhile. */
MUST_CHECK enum err draft_again(struct people *p, struct record_draft *draft);
/* Deletes the draft for good. ERR_CONFLICT if somebody saved another revision meanwhile. */
MUST_CHECK enum err draft_discard(
	struct people *p, const char *department, const char *id, int64_t revision);
