/* text_inputs.h - the inputs of a text in each language of the pages, for forms of the office. */
#pragma once
#include "web/office/office.h"

struct text_inputs {
	const char *name; /* the inputs are "NAME.ko"… */
	const char *rows; /* rows of a text area; NULL: a single line */
	const char *of;   /* makes ids unique on a page with several such forms; NULL: it has one */
	bool filled;      /* with the values that the form sent */
	const json_t *known; /* {language: [texts to choose from…]}, or NULL */
};
/* {"inputs": […]}, the context of office_texts.html. */
json_t *text_inputs(const struct request *rq, const struct text_inputs *text);
/* The texts that were entered, {language: text}; an empty object for none. */
json_t *text_inputs_given(const struct request *rq, const char *name);
