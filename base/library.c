#include "base/library.h"

#include <dlfcn.h>
#include <pthread.h>

static bool load(const struct library *l)
{
	void *handle = dlopen(l->file, RTLD_NOW | RTLD_LOCAL);

	for (size_t i = 0; handle && i < l->n; i++)
		if (!(*l->functions[i].at = dlsym(handle, l->functions[i].name)))
			return false;
	return handle != NULL;
}

enum err library_need(struct library *l)
{
	static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
	bool loaded;

	pthread_mutex_lock(&one);
	loaded = l->loaded = l->loaded || load(l);
	pthread_mutex_unlock(&one);
	ENSURE(loaded, ERR_SYSTEM, "the library %s cannot be loaded: install Debian's package %s",
		l->file, l->package);
	return OK;
}
