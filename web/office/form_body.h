/* form_body.h - the inputs of a large form by name, from the body of a request.
 *
 * A record's form has hundreds of inputs, more than the parameters that a request allows. The
 * limits below on their number and the length of names apply before anything is used; the route
 * limits the body. Texts are UTF-8 with "\n" as the line end. */
#pragma once
#include "web/http/multipart.h"

#define FORM_INPUTS 6000
#define FORM_NAME 300 /* bytes */

struct form_input {
	char *name, *value;
};
/* Sorted by name; inputs of the same name keep their order. */
struct form_body {
	struct form_input *all;
	size_t n;
};
void form_body_done(struct form_body *body);
/* ERR_INVALID if it is malformed; ERR_TOO_LARGE beyond the limits above. */
MUST_CHECK enum err form_body_parse(const char *s, size_t len, struct form_body *out);
/* The same for a form that may contain a file (web/http/multipart.h). `*file` is the first file
 * chosen, borrowed from the body, and unchanged if there is none. */
MUST_CHECK enum err form_body_parts(
	const char *type, const char *s, size_t len, struct part *file, struct form_body *out);
/* The first input of that name; NULL for none. */
const char *form_body_value(const struct form_body *body, const char *name);
/* All inputs of that name; NULL and 0 for none. */
const struct form_input *form_body_values(
	const struct form_body *body, const char *name, size_t *n);
/* Is there an input whose name is `path`, or starts with it and a dot? */
bool form_body_has(const struct form_body *body, const char *path);
