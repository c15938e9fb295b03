#include "registry/query/search_kept.h"
#include "base/locked.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACES 1024 /* for systems, at about 12 KiB: by the last bits of their ids */
#define RANGES 64   /* of words */
#define ANSWERS 4096
#define QUERY_MOST 256 /* bytes: a longer query is not kept */

SQL(TEXTS, "search.texts",
	"SELECT name, tags, summary, rest, not_for FROM search_text WHERE id = ?1");

SQL(VOCABULARY, "search.vocabulary",
	"SELECT term, doc FROM search_vocabulary WHERE term >= ?1 AND term < ?2");

struct search_kept {
	pthread_mutex_t mutex;
	struct search_texts *texts[PLACES];
	struct search_vocabulary *words[RANGES];
	struct answer {
		int64_t size;
		char *query;
		bool any;
	} answers[ANSWERS];
};

struct search_kept *search_kept_new(void)
{
	struct search_kept *kept = mem_new(sizeof(*kept));

	pthread_mutex_init(&kept->mutex, NULL);
	return kept;
}

void search_kept_forget(struct search_kept *kept)
{
	LOCKED(&kept->mutex);
	for (size_t i = 0; i < PLACES; i++)
		search_texts_drop(TAKE(kept->texts[i]));
	for (size_t i = 0; i < RANGES; i++)
		search_vocabulary_drop(TAKE(kept->words[i]));
	for (size_t i = 0; i < ANSWERS; i++)
		free(TAKE(kept->answers[i].query));
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

	LOCKED(&kept->mutex);
	found = *place_of(kept, id);
	if (!found || found->size != size || found->id != id)
		return NULL;
	atomic_fetch_add(&found->holders, 1);
	return found;
}

/* Of two threads that read the same texts, either may win. */
static void texts_keep(struct search_kept *kept, struct search_texts *texts)
{
	struct search_texts **place = place_of(kept, texts->id);

	atomic_fetch_add(&texts->holders, 1);
	LOCKED(&kept->mutex);
	search_texts_drop(*place);
	*place = texts;
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

/* --- words --- */

void search_vocabulary_drop(struct search_vocabulary *vocabulary)
{
	if (!vocabulary || atomic_fetch_sub(&vocabulary->holders, 1) > 1)
		return;
	for (size_t i = 0; i < vocabulary->n; i++)
		free(vocabulary->words[i].term);
	free(vocabulary->words);
	free(vocabulary);
}

static enum err words_read(const struct snapshot *snap, struct search_vocabulary *v)
{
	AUTO(rows) rows = {0};
	size_t room = 0;

	TRY(db_query(snap->model, VOCABULARY, BIND(text(v->from), text(v->to)), &rows));
	while (rows_next(&rows)) {
		if (v->n == room)
			v->words = mem_resize(
				v->words, (room = room ? 2 * room : 64) * sizeof(*v->words));
		v->words[v->n++] = (struct search_word){rows_dup(&rows, 0), rows_int(&rows, 1)};
	}
	return rows_end(&rows);
}

static enum err vocabulary_read(const struct snapshot *snap, int64_t size, const char *from,
	const char *to, struct search_vocabulary **out)
{
	struct search_vocabulary *v = mem_new(sizeof(*v));
	enum err e;

	v->size = size;
	snprintf(v->from, sizeof(v->from), "%s", from);
	snprintf(v->to, sizeof(v->to), "%s", to);
	atomic_init(&v->holders, 1);
	e = words_read(snap, v);
	if (e == OK)
		*out = TAKE(v);
	search_vocabulary_drop(v);
	return e;
}

static size_t sum_of(const char *s)
{
	size_t sum = 0;

	for (; *s; s++)
		sum = 31 * sum + (unsigned char)*s;
	return sum;
}

static struct search_vocabulary **range_of(struct search_kept *kept, const char *from)
{
	return &kept->words[sum_of(from) % RANGES];
}

static struct search_vocabulary *vocabulary_find(
	struct search_kept *kept, int64_t size, const char *from, const char *to)
{
	struct search_vocabulary *v;

	LOCKED(&kept->mutex);
	v = *range_of(kept, from);
	if (!v || v->size != size || strcmp(v->from, from) != 0 || strcmp(v->to, to) != 0)
		return NULL;
	atomic_fetch_add(&v->holders, 1);
	return v;
}

static void vocabulary_keep(struct search_kept *kept, struct search_vocabulary *v)
{
	struct search_vocabulary **place = range_of(kept, v->from);

	atomic_fetch_add(&v->holders, 1);
	LOCKED(&kept->mutex);
	search_vocabulary_drop(*place);
	*place = v;
}

enum err search_vocabulary_hold(struct search_kept *kept, const struct snapshot *snap,
	const char *from, const char *to, struct search_vocabulary **out)
{
	struct search_vocabulary *found = NULL;
	int64_t size = 0;

	if (kept) {
		TRY(query_size(snap, &size));
		found = vocabulary_find(kept, size, from, to);
	}
	if (!found) {
		TRY(vocabulary_read(snap, size, from, to, &found));
		if (kept)
			vocabulary_keep(kept, found);
	}
	*out = found;
	return OK;
}

/* --- answers --- */

bool search_answer_kept(struct search_kept *kept, int64_t size, const char *query, bool *any)
{
	const struct answer *a = &kept->answers[sum_of(query) % ANSWERS];

	LOCKED(&kept->mutex);
	if (!a->query || a->size != size || strcmp(a->query, query) != 0)
		return false;
	*any = a->any;
	return true;
}

void search_answer_keep(struct search_kept *kept, int64_t size, const char *query, bool any)
{
	struct answer *a = &kept->answers[sum_of(query) % ANSWERS];

	if (strlen(query) > QUERY_MOST)
		return;
	LOCKED(&kept->mutex);
	free(a->query);
	*a = (struct answer){size, mem_text(query), any};
}
