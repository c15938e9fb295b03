/* form_again.h - a large form that came in without a session, or from another one: nothing is done,
 * and nothing of it is lost. */
#pragma once
#include "web/office/form_body.h"
#include "web/office/office.h"

/* A page that holds what was sent, to be sent once more by who is signed in; where nobody is, with
 * the way to sign in, in another window. Refused all the same: the status is 403. */
MUST_CHECK enum err form_again(const struct request *rq, struct response *rs);
/* The inputs of a form, for a page that sends them once more: [{"name", "value"}…]; all but "csrf"
 * and those of the NULL-ended `but`. */
json_t *form_inputs(const struct form_body *body, const char *const *but);
