/* statement.h - a signed text of a department: an answer or a declaration. */
#pragma once
#include "cli/client.h"

struct statement {
	const char *server, *key;
	json_t *text; /* per language; owned */
	bool yes, json;
};
/* --server, --key, --yes and --json; what follows them is the command's own. */
MUST_CHECK enum err statement_options(
	int argc, char **argv, const char *command, struct statement *out);
/* Reads the remaining arguments, from `from` on, as texts, "ko=…". */
MUST_CHECK enum err statement_texts(int argc, char **argv, int from, struct statement *out);
/* What a department reports of one of its systems. */
struct statement_event {
	const char *type, *system;
	json_t *members, *content; /* borrowed; members may be NULL */
	const char *part;          /* of the record's page, where readers see it: "figures" */
};
/* Signs it after the newest entry about the system, sends it, and prints the same. */
MUST_CHECK enum err statement_about(
	struct client *c, const struct statement *s, const struct statement_event *event);
/* Sends the event, then prints what was `done` and the `page` where readers see it. */
MUST_CHECK enum err statement_send(struct client *c, const struct statement *s,
	const struct signed_event *ev, const char *done, const char *page);
