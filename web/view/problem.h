/* problem.h - what standard_check() found, in words that say the rule and the way out. */
#pragma once
#include "registry/standard/standard.h"
#include "web/view/view.h"

/* `problems` as standard_check() gives them; `*out` is an array of sentences in `lang`, in the
 * same order. For the API and the command line. */
MUST_CHECK enum err problems_text(const struct view *view, const char *lang,
	const struct standard *standard, const json_t *problems, json_t **out);
/* The same for who fills in a form, and knows nothing of JSON and commands: by the messages
 * "form.RULE" where there is one. */
MUST_CHECK enum err problems_in_form(const struct view *view, const char *lang,
	const struct standard *standard, const json_t *problems, json_t **out);
