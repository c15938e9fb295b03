/* reports.h - shared by the pages on which a department reports on its systems: figures
 * (page_figures.c) and incidents (page_incidents.c). */
#pragma once
#include "web/office/office.h"

/* The system that the path names, from query_system(). ERR_DENIED for one of another department. */
MUST_CHECK enum err reports_system(const struct request *rq, json_t **out);
/* The frame of a page about `system`: title, the system's name, styles, the link back. */
void reports_frame(const struct request *rq, const json_t *system, const char *title, json_t *view);
