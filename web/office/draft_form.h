/* draft_form.h - a draft and its form, as the pages about drafts share them. */
#pragma once
#include "registry/people/draft.h"
#include "web/office/form.h"
#include "web/office/office.h"

struct draft_form {
	struct form form;
	json_t *settings; /* the register's: its languages are borrowed by `form` */
};
void draft_form_done(struct draft_form *f);
/* As it is asked now: the standard, policies and languages in force. */
MUST_CHECK enum err draft_form(const struct request *rq, struct draft_form *out);

/* The draft that the address names, of the department of who is signed in. */
MUST_CHECK enum err draft_open(const struct request *rq, struct record_draft *out);
/* Its name in the reader's language, or its system's; the caller frees. */
char *draft_name(const struct request *rq, const struct record_draft *draft);
/* Who saved it last and when: {"name", "when"}. */
json_t *draft_saved_view(const struct request *rq, const char *account, int64_t at);
/* The imported row that it began from: {"file", "line"}; null for none. */
json_t *draft_source_view(const struct record_draft *draft);
/* Each problem of standard_check() gets its sentence, "text". */
MUST_CHECK enum err draft_say(const struct request *rq, json_t *problems);
/* Is it that something is not there yet, rather than that it is wrong? */
bool draft_is_missing(const json_t *problem);
/* Appends what hints.h finds in the record's fields of a step, each with "hint". */
void draft_find_hints(const struct request *rq, const struct form_step *step, const json_t *record,
	json_t *hints);
/* The same as a new list, each with its sentence, "text". */
MUST_CHECK enum err draft_hints(
	const struct request *rq, const struct form_step *step, const json_t *record, json_t **out);
/* "/ko/office/drafts/<id>/<step>#<place>"; NULL where no step mends it. The caller frees. */
char *draft_href(const struct request *rq, const struct form *form,
	const struct record_draft *draft, const json_t *problem);
/* A value for reading, in each language that the form asks for where they differ. */
json_t *draft_value_shown(const struct request *rq, const struct form *form, const struct field *f,
	const json_t *value);
/* The label of a step, in the reader's language: a text for text.html. */
json_t *draft_step_label(const struct request *rq, const struct form_step *step);
