/* template.h - Mustache, by its public specification: variables, sections, inverted sections,
 * partials, comments, set delimiters. Views are jansson values. {{x_marked}} is as {{x}}, but what
 * stands between TEXT_MARK and TEXT_UNMARK (base/text.h) becomes a <mark> in HTML.
 *
 * A template is parsed once and then only read, so threads may share it. Rendering is bounded: in
 * the depth of partials and sections, and in the output's size. */
#pragma once
#include "base/buf.h"

#include <jansson.h>

enum escape {
	ESCAPE_HTML,     /* {{x}}: & < > " ' become references */
	ESCAPE_MARKDOWN, /* {{x}}: escapes the punctuation of CommonMark with backslashes */
	ESCAPE_NONE,     /* {{x}}: unchanged, for plain text */
};

struct template;
/* ERR_INVALID with line and reason: unclosed tag or section, bad delimiters. */
MUST_CHECK enum err template_parse(const char *text, size_t len, struct template **out);
void template_free(struct template *t);

/* Resolves {{>name}}; NULL for an unknown name, which renders as nothing. */
struct partials {
	const struct template *(*find)(void *arg, const char *name);
	void *arg;
};
/* Appends to `out`; ERR_TOO_LARGE past its maximum, ERR_INVALID nested over 64 deep. */
MUST_CHECK enum err template_render(const struct template *t, enum escape escape,
	const json_t *view, const struct partials *partials, struct buf *out);

/* The texts of web/templates/, by the names of their files. Make generates the table from the
 * folder (templates_own.sh), so a template is data and needs no C. */
struct template_own {
	const char *name, *start, *end;
};
extern const struct template_own templates_own[];
extern const size_t templates_own_n;
