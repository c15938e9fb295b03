/* problem.h - describes the problems of standard_check() in words: the rule, and how to fix the
 * record. */
#pragma once
#include "registry/standard/standard.h"
#include "web/view/view.h"

/* `problems` are from standard_check(); `*out` is an array of sentences in `lang`, in the same
 * order. For the API and the command line. */
MUST_CHECK enum err problems_text(const struct view *view, const char *lang,
	const struct standard *standard, const json_t *problems, json_t **out);
/* The same for a person filling in a form, who does not know JSON or commands: uses the message
 * "form.RULE" if there is one. */
MUST_CHECK enum err problems_in_form(const struct view *view, const char *lang,
	const struct standard *standard, const json_t *problems, json_t **out);
