/* decide.h - a decision of the office names what it was made on (registry/office/office.h). If the
 * command does not name it, the user is shown the newest and asked; without a terminal the decision
 * is refused, with the full command to use. */
#pragma once
#include "base/json.h"
#include "registry/office/office_socket.h"

struct decision {
	struct office *office;
	json_t *request;    /* gets the member that names it */
	const char *option; /* how the command's option for it is spelled; NULL: it is the last
	                       argument */
	int argc;           /* the command as it was given, from its own name on */
	char **argv;
	/* Shows more than what the register says of it in short; NULL where that is all. */
	enum err (*show)(void *arg, int64_t newest);
	void *arg;
};
/* A copy of a command's arguments in the order they were typed: getopt_long() moves them about.
 * free() it. */
char **decide_given(int argc, char **argv);
/* OK: the request names its basis, or there is none yet. ERR_INVALID: no terminal to ask on.
 * ERR_FALSE: the user said no. */
MUST_CHECK enum err decide(const struct decision *d);
/* The number of an entry or a version, as a command's argument gives it. */
MUST_CHECK enum err decide_number(const char *text, json_t **out);
