/* reports.h - what the pages share on which a department tells of its systems besides records:
 * figures (page_figures.c) and incidents (page_incidents.c). */
#pragma once
#include "web/office/office.h"

/* The system that the path names, as query_system() gives it. ERR_DENIED for one of another
 * department. */
MUST_CHECK enum err reports_system(const struct request *rq, json_t **out);
/* The frame of a page about `system`: its title, the system's name, styles, the way back. */
void reports_frame(const struct request *rq, const json_t *system, const char *title, json_t *view);

/* Inputs for a text in each language, for office_texts.html. */
struct reports_text {
	const char *name; /* inputs are "NAME.ko"… */
	const char *rows; /* of a text with lines; NULL: one line */
	const char *of; /* makes ids differ where a page has several such forms; NULL: it has one */
	bool filled;    /* with what the form had */
	const json_t *known; /* {language: [texts to choose from…]}, or NULL */
};
json_t *reports_inputs(const struct request *rq, const struct reports_text *text);
/* {"inputs"} of them, as that template's context; empty. */
json_t *reports_empty(const struct request *rq, const char *name, const char *rows);
/* A form's texts under a name, {language: text}, as the register keeps them; an empty object where
 * nothing was written. */
json_t *reports_texts(const struct request *rq, const char *name);
