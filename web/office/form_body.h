/* form_body.h - the inputs of a large form, as a browser sends them, found by their names.
 *
 * A record's form has hundreds of inputs, more than a request has parameters for. What comes in is
 * bounded here, before anything of it is used: so many inputs, names so long; the body's length is
 * the route's. Texts are UTF-8, their line ends "\n". */
#pragma once
#include "web/http/multipart.h"

#define FORM_INPUTS 6000
#define FORM_NAME 300 /* bytes */

struct form_input {
	char *name, *value;
};
/* By name; inputs of one name stay in the order in which they came. */
struct form_body {
	struct form_input *all;
	size_t n;
};
void form_body_done(struct form_body *body);
/* ERR_INVALID where it is malformed; ERR_TOO_LARGE for more than the above. */
MUST_CHECK enum err form_body_parse(const char *s, size_t len, struct form_body *out);
/* The same for a form that may bring a file (web/http/multipart.h); `*file` gets the first one that
 * was chosen, borrowed from the body, or is left alone. */
MUST_CHECK enum err form_body_parts(
	const char *type, const char *s, size_t len, struct part *file, struct form_body *out);
/* The first input of a name; NULL for none. */
const char *form_body_value(const struct form_body *body, const char *name);
/* All of a name; NULL and 0 for none. */
const struct form_input *form_body_values(
	const struct form_body *body, const char *name, size_t *n);
/* Is there an input whose name is `path`, or begins with it and a dot? */
bool form_body_has(const struct form_body *body, const char *path);
