/* person.h - people as the log knows them: by a random id, with a role and keys, without a name.
 *
 * Who they are, and how they sign in, is in registry/people. Their signatures count only while they
 * are appointed, in their role and department at that moment. */
#pragma once
#include "registry/event/access.h"
#include "registry/event/state.h"

#define PERSON_ID FEEDBACK_ID /* hexadecimal digits */

struct person {
	char id[PERSON_ID + 1]; /* "" for nobody */
	enum role role;         /* 0 once dismissed, or for nobody */
	char department[SLUG_MAX + 1];
};
/* The person as last appointed. ERR_NOT_FOUND, without a reason, for an id that was never
 * appointed. */
MUST_CHECK enum err person_find(struct state *st, const char *id, struct person *out);
/* The owner of a key; OK and nobody for a key that was granted to a whole department. */
MUST_CHECK enum err person_of_key(struct state *st, const char *vkey, struct person *out);
/* Checks that the person who signed this event may sign it now, and gives the person; OK if no
 * person signed. ERR_DENIED, with the reason. */
MUST_CHECK enum err person_may_sign(struct state *st, const struct event *ev, struct person *out);
