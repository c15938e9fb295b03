/* decide.h - a decision of the office names its basis (registry/office/office.h). If the command
 * does not name it, the user is shown the newest and asked; without a terminal the decision is
 * refused, with the full command to use. */
#pragma once
#include "base/json.h"
#include "registry/office/office_socket.h"

struct decision {
	struct office *office;
	json_t *request;    /* receives the member that names it */
	const char *option; /* the command's option for it; NULL: it is the last argument */
	int argc;           /* the command as typed, from its own name */
	char **argv;
	/* Shows more than the register's summary of it; NULL if there is no more. */
	enum err (*show)(void *arg, int64_t newest);
	void *arg;
};
/* A copy of a command's arguments as typed, because getopt_long() reorders them. free() it. */
char **decide_given(int argc, char **argv);
/* OK if the request names its basis, or there is none yet. ERR_INVALID: no terminal to ask on.
 * ERR_FALSE: the user said no. */
MUST_CHECK enum err decide(const struct decision *d);
/* Parses the number of an entry or a version, for a json_t * that is NULL or replaced. */
MUST_CHECK enum err decide_number(const char *text, void *to);
