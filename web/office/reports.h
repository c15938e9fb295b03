/* reports.h - what the pages share on which a department tells of its systems besides records:
 * figures (page_figures.c) and incidents (page_incidents.c). */
#pragma once
#include "web/office/office.h"

/* The system that the path names, as query_system() gives it. ERR_DENIED for one of another
 * department. */
MUST_CHECK enum err reports_system(const struct request *rq, json_t **out);
/* The frame of a page about `system`: its title, the system's name, styles, the way back. */
void reports_frame(const struct request *rq, const json_t *system, const char *title, json_t *view);
