/* statement.h - a department's signed text: an answer or a declaration. */
#pragma once
#include "cli/client.h"

struct statement {
	const char *server, *key;
	json_t *text; /* per language; owned */
	bool yes, json;
};
/* Parses --server, --key, --yes and --json; the command parses the rest. */
MUST_CHECK enum err statement_options(
	int argc, char **argv, const char *command, struct statement *out);
/* Parses the arguments from `from` on as texts, "ko=…". */
MUST_CHECK enum err statement_texts(int argc, char **argv, int from, struct statement *out);
/* A department's report on one of its systems. */
struct statement_event {
	const char *type, *system;
	json_t *members, *content; /* borrowed; members may be NULL */
	const char *part;          /* the section of the record's page that shows it: "figures" */
};
/* Signs the event after the newest entry about the system, sends it and prints the result. */
MUST_CHECK enum err statement_about(
	struct client *c, const struct statement *s, const struct statement_event *event);
/* Sends the event, then prints what was `done` and the `page` that shows it. */
MUST_CHECK enum err statement_send(struct client *c, const struct statement *s,
	const struct signed_event *ev, const char *done, const char *page);
