#include "web/http/mhd.h"

#include "base/library.h"

#define PLACE(name) {"MHD_" #name, (void **)&mhd.name},
struct mhd mhd;
static const struct library_function functions[] = {MHD_FUNCTIONS(PLACE)};

enum err mhd_need(void)
{
	static struct library library = {
		"libmicrohttpd.so.12", "libmicrohttpd12", functions, COUNT(functions)};

	return library_need(&library);
}
