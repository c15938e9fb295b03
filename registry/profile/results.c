#include "registry/profile/results.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEY 16 /* bytes of a hash; no two inputs of a register share them */

struct place {
	unsigned char key[KEY];
	uint64_t at;
	uint32_t row, told; /* lengths in bytes; the two texts follow each other in the file */
};

struct results {
	FILE *file;
	struct place *places;
	size_t n, room, found;
	uint64_t end;
};

struct results *results_new(FILE *file)
{
	struct results *r = mem_new(sizeof(*r));

	r->file = file;
	return r;
}

void results_free(struct results *r)
{
	if (!r)
		return;
	fclose(r->file);
	free(r->places);
	free(r);
}

void results_add(
	struct results *r, const struct sha256 *key, const struct buf *row, const json_t *told)
{
	AUTOFREE char *text = json_dumps(told, JSON_COMPACT);
	struct place *place;

	if (r->n == r->room) {
		r->room = r->room ? 2 * r->room : 64;
		r->places = mem_resize(r->places, r->room * sizeof(*r->places));
	}
	place = &r->places[r->n++];
	*place = (struct place){
		.at = r->end, .row = (uint32_t)row->len, .told = (uint32_t)strlen(text)};
	memcpy(place->key, key, KEY);
	r->end += fwrite(row->data, 1, row->len, r->file);
	r->end += fwrite(text, 1, place->told, r->file);
}

static int by_key(const void *a, const void *b)
{
	return memcmp(a, b, KEY);
}

enum err results_done(struct results *r)
{
	ENSURE(fflush(r->file) == 0 && !ferror(r->file), ERR_SYSTEM, "a temporary file: %s",
		err_os(errno));
	if (r->n)
		qsort(r->places, r->n, sizeof(*r->places), by_key);
	return OK;
}

json_t *results_find(struct results *r, const struct sha256 *key, struct buf *row)
{
	const struct place *place =
		r && r->n ? bsearch(key, r->places, r->n, sizeof(*place), by_key) : NULL;
	size_t len = place ? (size_t)place->row + place->told : 0;
	AUTOFREE char *text = place ? mem_new(len + 1) : NULL;
	json_t *told = NULL;

	if (place && pread(fileno(r->file), text, len, (off_t)place->at) == (ssize_t)len)
		told = json_loadb(text + place->row, place->told, 0, NULL);
	if (!told)
		return NULL;
	buf_add(row, text, place->row);
	r->found++;
	return told;
}

size_t results_found(const struct results *r)
{
	return r->found;
}
