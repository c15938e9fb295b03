/* person.h - people as the log knows them: by a random id, with a role and keys, and no name.
 *
 * Who they are, and how they sign in, is in registry/people. What they sign counts only while they
 * are appointed, in the role and the department that they have at that moment. */
#pragma once
#include "registry/event/access.h"
#include "registry/event/state.h"

#define PERSON_ID FEEDBACK_ID /* hexadecimal digits */

struct person {
	char id[PERSON_ID + 1]; /* "" for nobody */
	enum role role;         /* 0 once dismissed, or where nobody is meant */
	char department[SLUG_MAX + 1];
};
/* As appointed last. ERR_NOT_FOUND, silently, for an id that nobody was ever appointed by. */
MUST_CHECK enum err person_find(struct state *st, const char *id, struct person *out);
/* Whose key this is. Nobody (OK) for one that was granted to a department as a whole. */
MUST_CHECK enum err person_of_key(struct state *st, const char *vkey, struct person *out);
/* May the person who signed this event sign it now? OK where no person did. ERR_DENIED, with the
 * reason. `out` is the person. */
MUST_CHECK enum err person_may_sign(struct state *st, const struct event *ev, struct person *out);
