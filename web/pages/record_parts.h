/* record_parts.h - how one value of a record is written; shared by record_value.c and
 * record_view.c alone. */
#pragma once
#include "registry/standard/standard.h"
#include "web/view/parts.h"

#define VALUE_MAX (512 * KIB) /* of a value as Markdown */

/* What is written, and what showed on the way. */
struct value_writer {
	const struct request *rq;
	const char *top;     /* the field of the record that is being written */
	const char *foreign; /* a language that a text had to be taken from; NULL for none */
	const json_t *record;
	bool answering; /* a citizen's question: a value is said by its "answer", where it has
	                 * one */
	bool machine;   /* a text that is shown was translated by a machine */
};
/* A value as CommonMark, with white space around it as it comes (value_trimmed()). */
MUST_CHECK enum err value_write(
	struct value_writer *w, const struct field *f, const json_t *value, struct buf *out);
/* Without the line breaks before it, and those and the spaces after it. The caller's. */
char *value_trimmed(const char *md);
/* Not there, null, or a text, list or object with nothing in it. */
bool value_is_empty(const json_t *value);
