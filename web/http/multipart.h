/* multipart.h - reads forms with a file: multipart/form-data (RFC 7578, RFC 2046 section 5.1).
 *
 * Only what browsers send is understood: parts with Content-Disposition, no part within a part, no
 * encoding. A name that a browser writes as "%22", "%0D" or "%0A" is decoded so (HTML, "multipart
 * form data"). Nothing is copied: a part's text lies in the body. */
#pragma once
#include "base/err.h"

#define MULTIPART_PARTS 6000 /* in one body: a table's rows are a checkbox each */
#define MULTIPART_NAME 200   /* bytes of a name, of a field or a file */

struct multipart {
	const char *at, *end;
	char boundary[73]; /* with the two hyphens before it */
	size_t parts;
};
struct part {
	char name[MULTIPART_NAME + 1];
	char file[MULTIPART_NAME + 1]; /* only the file's name; "" if none was chosen */
	bool is_file;
	const char *data;
	size_t len;
};
/* Is a body of this type one? `type`: the header Content-Type; NULL without. */
bool multipart_is(const char *type);
/* ERR_INVALID for a type without a usable boundary, and for a body that does not begin with it. */
MUST_CHECK enum err multipart_open(
	const char *type, const char *body, size_t len, struct multipart *out);
/* The next part; `*more` is false at the end. ERR_INVALID if the body is malformed or truncated,
 * ERR_TOO_LARGE for too many parts. */
MUST_CHECK enum err multipart_next(struct multipart *m, struct part *out, bool *more);
