/* form_again.h - keeps the contents of a large form that arrives without a session, or from another
 * one. The form has no effect, but its text is not lost. */
#pragma once
#include "web/office/form_body.h"
#include "web/office/office.h"

/* Shows a page that holds the form's inputs, so that the person who is signed in can send them
 * again; if nobody is, it links to the sign-in page in a new window. The status is 403. */
MUST_CHECK enum err form_again(const struct request *rq, struct response *rs);
/* The inputs of a form, for a page that sends them again: [{"name", "value"}…], without "csrf" and
 * those in the NULL-terminated `but`. */
json_t *form_inputs(const struct form_body *body, const char *const *but);
