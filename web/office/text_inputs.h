/* text_inputs.h - a text in each language of the pages, as forms of the office ask for it. */
#pragma once
#include "web/office/office.h"

struct text_inputs {
	const char *name; /* inputs are "NAME.ko"… */
	const char *rows; /* of a text with lines; NULL: one line */
	const char *of; /* makes ids differ where a page has several such forms; NULL: it has one */
	bool filled;    /* with what the form had */
	const json_t *known; /* {language: [texts to choose from…]}, or NULL */
};
/* {"inputs": […]}, the context of office_texts.html. */
json_t *text_inputs(const struct request *rq, const struct text_inputs *text);
/* What was written in them, {language: text}, as the register keeps it; an empty object for
 * nothing. */
json_t *text_inputs_given(const struct request *rq, const char *name);
