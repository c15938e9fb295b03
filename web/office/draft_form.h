/* draft_form.h - a draft and its form, shared by the pages about drafts. */
#pragma once
#include "registry/people/draft.h"
#include "web/office/form.h"
#include "web/office/office.h"

struct draft_form {
	struct form form;
	json_t *settings; /* the register's; `form` borrows its languages */
};
void draft_form_done(struct draft_form *f);
/* The form for the standard, policies and languages in force. */
MUST_CHECK enum err draft_form(const struct request *rq, struct draft_form *out);

/* The draft that the address names, if it belongs to the department of the person signed in. */
MUST_CHECK enum err draft_open(const struct request *rq, struct record_draft *out);
/* Its name in the reader's language, or its system's slug; the caller frees. */
char *draft_name(const struct request *rq, const struct record_draft *draft);
/* Who saved it last and when: {"name", "when"}. */
json_t *draft_saved_view(const struct request *rq, const char *account, int64_t at);
/* The imported row on which it is based: {"file", "line"}; null for none. */
json_t *draft_source_view(const struct record_draft *draft);
/* Adds to each problem of standard_check() its sentence, "text". */
MUST_CHECK enum err draft_say(const struct request *rq, json_t *problems);
/* The list of these above the form, each with the field that it is about. */
json_t *draft_summary(const json_t *problems);
/* Is something missing, rather than wrong? */
bool draft_is_missing(const json_t *problem);
/* Appends the hints (hints.h) on the record's fields in a step, each marked "hint". */
void draft_find_hints(const struct request *rq, const struct form_step *step, const json_t *record,
	json_t *hints);
/* The same as a new list, each with its sentence, "text". */
MUST_CHECK enum err draft_hints(
	const struct request *rq, const struct form_step *step, const json_t *record, json_t **out);
/* "/ko/office/drafts/<id>/<step>#<place>"; NULL if no step can fix it. The caller frees. */
char *draft_href(const struct request *rq, const struct form *form,
	const struct record_draft *draft, const json_t *problem);
/* A value as text, in each language of the form if they differ. */
json_t *draft_value_shown(const struct request *rq, const struct form *form, const struct field *f,
	const json_t *value);
/* The label of a step, in the reader's language: a text for text.html. */
json_t *draft_step_label(const struct request *rq, const struct form_step *step);
