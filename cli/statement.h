/* statement.h - what a department says in words and signs: an answer, a declaration. */
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
/* What else the command's line holds, from the argument `from` on: texts, "ko=…". */
MUST_CHECK enum err statement_texts(int argc, char **argv, int from, struct statement *out);
/* Sends the event and says what was `done` with it and at which `page` readers see it. */
MUST_CHECK enum err statement_send(struct client *c, const struct statement *s,
	const struct signed_event *ev, const char *done, const char *page);
