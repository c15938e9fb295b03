/* library.h - loads libraries when they are first needed, not with the program.
 *
 * A library with many dependencies takes longer to load than most commands run, and occupies memory
 * in processes that never call it. So the one file that uses it lists the functions it calls:
 *
 *     #define FUNCTIONS(F) F(easy_init) F(easy_cleanup)
 *     #define MEMBER(name) __typeof__(curl_##name) *name;
 *     #define PLACE(name) {"curl_" #name, (void **)&lib.name},
 *     static struct {FUNCTIONS(MEMBER)} lib;
 *     static const struct library_function functions[] = {FUNCTIONS(PLACE)}; */
#pragma once
#include "base/err.h"

#include <stddef.h>

struct library_function {
	const char *name;
	void **at; /* where its address is put */
};
struct library {
	const char *file, *package; /* as the loader and Debian name it */
	const struct library_function *functions;
	size_t n;
	bool loaded;
};
/* Loads the library unless it is loaded; any thread may call it. ERR_SYSTEM names the package to
 * install. */
MUST_CHECK enum err library_need(struct library *l);
