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
/* Sends the event, then prints what was `done` and the `page` where readers see it. */
MUST_CHECK enum err statement_send(struct client *c, const struct statement *s,
	const struct signed_event *ev, const char *done, const char *page);
