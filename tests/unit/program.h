/* program.h - the built program, for tests of its processes. */
#pragma once
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* $GAYA, or the program of the variant that the test was built in; the caller frees. Ends `test`,
 * and says why, if there is none. */
static inline char *program_path(const char *test)
{
	char self[4096] = "";
	char *end, *program = NULL;

	if (getenv("GAYA")) {
		program = mem_text(getenv("GAYA"));
	} else if (readlink("/proc/self/exe", self, sizeof(self) - 1) > 0 &&
		   (end = strstr(self, "/tests/unit/"))) {
		*end = '\0';
		program = mem_printf("%s/gaya", self);
	}
	if (!program || access(program, X_OK) != 0) {
		fprintf(stderr, "%s: no program at %s: build it, or set GAYA\n", test,
			program ? program : "$GAYA");
		exit(2);
	}
	return program;
}
