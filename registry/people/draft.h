/* draft.h - records that departments are writing, before they are filed.
 *
 * A draft belongs to a department, whose people share it; who asks for another department's finds
 * none. A system has one draft in a department. It may be wrong and incomplete: it is held to its
 * size alone, and to the standard when it is filed.
 *
 * Whoever saves says which revision he saw. When somebody else saved meanwhile, nothing is changed
 * and both records are there to choose from: nothing that somebody wrote is ever overwritten
 * unseen. Drafts are in people.db (people.h): a backup has them, nobody publishes them. */
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
	int64_t version;        /* of the system, that it began from; 0: it begins anew */
	int64_t revision;       /* from 1 on */
	char by[PEOPLE_ID + 1]; /* who saved it last */
	int64_t made, saved;
	int64_t line;              /* of the imported file that it began from; 0: of none */
	char file[DRAFT_FILE + 1]; /* that file's name; "" for what was pasted */
	json_t *record;
};
void record_draft_done(struct record_draft *draft);

/* Takes department, system, version, by, file, line and record (which stays the caller's); sets the
 * rest.
 * ERR_INVALID for a system's name that is none; ERR_CONFLICT where the department has a draft of it
 * (then `id` is that one's); ERR_LIMITED where it has DRAFTS_MAX; ERR_TOO_LARGE. */
MUST_CHECK enum err draft_new(struct people *p, struct record_draft *draft);
/* ERR_NOT_FOUND where the department has none of this id. */
MUST_CHECK enum err draft_get(
	struct people *p, const char *department, const char *id, struct record_draft *out);
/* [{"id", "system", "version", "revision", "by", "made", "saved", "file", "line", "record"}…], the
 * one that was saved last first; times in seconds. `limit` -1: all. */
MUST_CHECK enum err draft_list(
	struct people *p, const char *department, int64_t limit, json_t **out);
MUST_CHECK enum err draft_count(struct people *p, const char *department, int64_t *out);
/* draft->record, as draft->by wrote it over draft->revision; sets revision and time. Where it says
 * what is there already, nothing changes. ERR_CONFLICT where another revision is there: `*theirs`
 * is it. ERR_NOT_FOUND where it is gone; ERR_TOO_LARGE. */
MUST_CHECK enum err draft_save(
	struct people *p, struct record_draft *draft, struct record_draft *theirs);
/* For good. ERR_CONFLICT where somebody saved another revision meanwhile. */
MUST_CHECK enum err draft_discard(
	struct people *p, const char *department, const char *id, int64_t revision);
