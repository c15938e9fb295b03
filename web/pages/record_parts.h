/* record_parts.h - writes one value of a record; only for record_value.c and record_view.c. */
#pragma once
#include "registry/standard/standard.h"
#include "web/view/parts.h"

#define VALUE_MAX (512 * KIB) /* of a value as Markdown */

/* The state of writing, and facts noticed on the way. */
struct value_writer {
	const struct request *rq;
	const char *top;     /* the field of the record being written */
	const char *foreign; /* a language used because another was missing; NULL for none */
	const json_t *record;
	bool answering; /* for a citizen's question: writes a value's "answer" if it has one */
	bool machine;   /* a shown text was translated by a machine */
};
/* Writes a value as CommonMark, with untrimmed white space (see value_trimmed()). */
MUST_CHECK enum err value_write(
	struct value_writer *w, const struct field *f, const json_t *value, struct buf *out);
/* Trims line breaks at the start, and line breaks and spaces at the end. The caller frees. */
char *value_trimmed(const char *md);
/* Missing, null, or an empty text, list or object. */
bool value_is_empty(const json_t *value);
