/* record_view.h - a record for pages: the answers to citizens' first questions, then all groups of
 * the standard with their labels.
 *
 * Each value becomes a piece of CommonMark (templates/value.md), from which the `.md` of a record
 * is assembled, and the HTML that cmark makes of it. A missing required value is shown as missing;
 * missing optional ones are only counted. */
#pragma once
#include "registry/standard/standard.h"
#include "web/view/parts.h"

/* {"facts": [field…], "groups": [{"name", "label", "help", "fields": [field…]}…], "optional_empty":
 * number or null, "required", "required_filled": numbers, "required_withheld": number or null,
 * "complete": bool (nothing is missing without a reason)} where a field is {"name", "label",
 * "question" or null, "short": bool, "chips": bool (a list of short texts), "value", "hint", "term"
 * (the label of a value that is shown by its answer) or null, "also" (fields that belong to it) or
 * null, "reason" (from page_record.c) or null, "md", "html", "lang" and "foreign" (its language in
 * words) or null, "missing": bool, "withheld": {"reason", "legal_basis"} or null, "stated":
 * {"supplier"} or null, "machine": bool (translated by a machine), "tables": facts for policies,
 * from assessments_view(), or null}. */
MUST_CHECK enum err record_view(const struct request *rq, const json_t *record, json_t **out);

/* A text in Markdown as the page of a record shows it. */
void record_markdown_html(const char *text, struct buf *html);

/* The id of the element that shows a field on the page of a judged record; NULL if the page does
 * not show it. */
char *record_anchor(const struct field *f, const json_t *record);

/* A value as plain lines in one language, for comparing; "" if it has none in it. Labels, dates and
 * the like within a list are marked as indivisible (diff.h). */
void record_text(const struct request *rq, const struct field *f, const json_t *value,
	const char *lang, struct buf *out);
