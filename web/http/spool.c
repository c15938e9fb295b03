#include "web/http/spool.h"
#include "base/locked.h"

#include "base/file.h"
#include "registry/event/event.h"

#include <stdlib.h>
#include <unistd.h>

struct spooled {
	struct spool *spool;
	struct sha256 hash;
	int fd;
	size_t size;
	unsigned readers; /* guarded by the spool's mutex, like the list */
	struct spooled *next;
};
struct spool {
	pthread_mutex_t mutex;
	const struct reg *reg;
	struct spooled *first;
};

struct spool *spool_new(const struct reg *reg)
{
	struct spool *s = mem_new(sizeof(*s));

	pthread_mutex_init(&s->mutex, NULL);
	s->reg = reg;
	return s;
}

void spool_free(struct spool *s)
{
	if (!s)
		return;
	pthread_mutex_destroy(&s->mutex);
	free(s);
}

static struct spooled *find(struct spool *s, const struct sha256 *hash)
{
	struct spooled *f = s->first;

	while (f && !sha256_equal(&f->hash, hash))
		f = f->next;
	return f;
}

static enum err make(
	struct spool *s, const struct store *store, const struct sha256 *hash, struct spooled **out)
{
	AUTO(buf) bytes = BUF(CONTENT_MAX);
	struct spooled *f;
	int fd;

	TRY(store->ops->content(store->self, hash, &bytes));
	TRY(reg_nameless(s->reg, &fd));
	if (file_add(fd, bytes.data, bytes.len) != OK) {
		close(fd);
		return ERR_SYSTEM;
	}
	f = mem_new(sizeof(*f));
	*f = (struct spooled){
		.spool = s, .hash = *hash, .fd = fd, .size = bytes.len, .next = s->first};
	s->first = f;
	*out = f;
	return OK;
}

enum err spool_get(
	struct spool *s, const struct store *store, const struct sha256 *hash, struct spooled **out)
{
	struct spooled *f;
	enum err e = OK;

	LOCKED(&s->mutex);
	f = find(s, hash);
	if (!f)
		e = make(s, store, hash, &f);
	if (e == OK) {
		f->readers++;
		*out = f;
	}
	return e;
}

size_t spooled_size(const struct spooled *f)
{
	return f->size;
}

int64_t spooled_read(struct spooled *f, uint64_t at, char *out, size_t max)
{
	return pread(f->fd, out, max, (off_t)at);
}

void spooled_free(struct spooled *f)
{
	struct spool *s = f ? f->spool : NULL;
	struct spooled **at;

	if (!f)
		return;
	LOCKED(&s->mutex);
	if (--f->readers == 0) {
		for (at = &s->first; *at != f; at = &(*at)->next)
			;
		*at = f->next;
		close(f->fd);
		free(f);
	}
}
