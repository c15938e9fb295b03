#include "registry/query/search_kept.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define PLACES 1024 /* for systems, at about 12 KiB: by the last bits of their ids */

SQL(TEXTS, "search.texts",
	"SELECT name, tags, summary, rest, not_for FROM search_text WHERE id = ?1");

struct search_kept {
	pthread_mutex_t mutex;
	struct search_texts *texts[PLACES];
};

struct search_kept *search_kept_new(void)
{
	struct search_kept *kept = mem_new(sizeof(*kept));

	pthread_mutex_init(&kept->mutex, NULL);
	return kept;
}

void search_kept_forget(struct search_kept *kept)
{
	pthread_mutex_lock(&kept->mutex);
	for (size_t i = 0; i < PLACES; i++)
		search_texts_drop(TAKE(kept->texts[i]));
	pthread_mutex_unlock(&kept->mutex);
}

void search_kept_free(struct search_kept *kept)
{
	if (!kept)
		return;
	search_kept_forget(kept);
	pthread_mutex_destroy(&kept->mutex);
	free(kept);
}

void search_texts_drop(struct search_texts *texts)
{
	if (!texts || atomic_fetch_sub(&texts->holders, 1) > 1)
		return;
	for (size_t i = 0; i < SEARCH_COLUMNS; i++)
		free(texts->of[i]);
	free(texts);
}

static enum err texts_read(
	const struct snapshot *snap, int64_t size, int64_t id, struct search_texts **out)
{
	struct search_texts *texts;
	AUTO(rows) row = {0};

	TRY(db_one(snap->model, TEXTS, BIND(num(id)), &row));
	*out = texts = mem_new(sizeof(*texts));
	texts->size = size;
	texts->id = id;
	atomic_init(&texts->holders, 1);
	for (int i = 0; i < SEARCH_COLUMNS; i++)
		texts->of[i] = search_text_of(rows_text(&row, i));
	return OK;
}

static struct search_texts **place_of(struct search_kept *kept, int64_t id)
{
	return &kept->texts[(uint64_t)id % PLACES];
}

static struct search_texts *texts_find(struct search_kept *kept, int64_t size, int64_t id)
{
	struct search_texts *found;

	pthread_mutex_lock(&kept->mutex);
	found = *place_of(kept, id);
	if (found && found->size == size && found->id == id)
		atomic_fetch_add(&found->holders, 1);
	else
		found = NULL;
	pthread_mutex_unlock(&kept->mutex);
	return found;
}

/* Of two threads that read the same texts, either may win. */
static void texts_keep(struct search_kept *kept, struct search_texts *texts)
{
	struct search_texts **place = place_of(kept, texts->id), *before;

	atomic_fetch_add(&texts->holders, 1);
	pthread_mutex_lock(&kept->mutex);
	before = *place;
	*place = texts;
	pthread_mutex_unlock(&kept->mutex);
	search_texts_drop(before);
}

enum err search_texts_hold(struct search_kept *kept, const struct snapshot *snap, int64_t size,
	int64_t id, struct search_texts **out)
{
	struct search_texts *found = kept ? texts_find(kept, size, id) : NULL;

	if (!found) {
		TRY(texts_read(snap, size, id, &found));
		if (kept)
			texts_keep(kept, found);
	}
	*out = found;
	return OK;
}
