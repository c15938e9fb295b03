/* decide.h - a decision of the office names what it was made on (registry/office/office.h). Who
 * leaves that out is shown what is the newest now, and asked; where nobody is there to ask, the
 * decision is refused, with the command that names it. */
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
/* OK: the request names what it is decided on, or there is nothing yet. ERR_INVALID: nobody is
 * there to ask. ERR_FALSE: they said no. */
MUST_CHECK enum err decide(const struct decision *d);
/* The number of an entry or a version, as a command's argument gives it. */
MUST_CHECK enum err decide_number(const char *text, json_t **out);
