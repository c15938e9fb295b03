/* record_view.h - a record as a page shows it: what citizens ask first, then all groups of the
 * standard with their labels.
 *
 * Each value becomes a piece of CommonMark (templates/value.md), which is what the `.md` of a
 * record is put together from, and the HTML that cmark makes of it. What the standard requires
 * and the record lacks is there as missing; what is optional and lacking is only counted. */
#pragma once
#include "registry/standard/standard.h"
#include "web/view/parts.h"

/* {"facts": [field…], "groups": [{"name", "label", "help", "fields": [field…]}…],
 *  "optional_empty": number or null, "required", "required_filled": numbers,
 *  "required_withheld": number or null, "complete": bool (nothing is missing without a reason)}
 * where a field is {"name", "label", "question" or null, "short": bool,
 * "chips": bool (a list of short texts), "value", "hint", "term" (the label of a value that is said
 * by its answer) or null, "also" (fields that belong to it) or null, "reason" (page_record.c's) or
 * null, "md", "html", "lang" and "foreign" (its language in words) or null, "missing": bool,
 * "withheld":
 * {"reason", "legal_basis"} or null, "stated": {"supplier"} or null, "machine": bool (a machine
 * translated what is shown), "tables": of facts for policies, as assessments_view() has them, or
 * null}. */
MUST_CHECK enum err record_view(const struct request *rq, const json_t *record, json_t **out);

/* A text in Markdown as the page of a record shows it. */
void record_markdown_html(const char *text, struct buf *html);

/* The id of the element that shows a field on the page of a record that was judged; NULL where the
 * page shows nothing of it. */
char *record_anchor(const struct field *f, const json_t *record);

/* A value as plain lines in one language, for comparing: "" where it says nothing in it. Labels,
 * dates and the like within a list are marked as whole (diff.h). */
void record_text(const struct request *rq, const struct field *f, const json_t *value,
	const char *lang, struct buf *out);
