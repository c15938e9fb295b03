#include "web/http/compress.h"

#include <brotli/encode.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

/* Pages are made while a reader waits, so the levels are moderate: quality 5 of brotli costs about
 * as much as gzip's 6 and gives smaller pages. A list of 21 kB that is read once takes 0.3 ms with
 * these; the quick levels take 0.05 ms and give 3.0 instead of 2.4 kB. Brotli's quality 2 gives 2.8
 * kB, but takes twice as long as 1, and a megabyte of memory. */
#define GZIP_LEVEL 6
static const int gzip_levels[] = {[COMPRESS_ONCE] = 1, [COMPRESS_KEPT] = GZIP_LEVEL};
static const int brotli_levels[] = {[COMPRESS_ONCE] = 1, [COMPRESS_KEPT] = 5};
#define GZIP_WINDOW (15 + 16) /* 16: a gzip header instead of zlib's */

/* --- memory of the encoders --- */

/* An encoder takes a third of a megabyte, which malloc() would map for each page and give back
 * after it: that costs as much as encoding a page. Each thread keeps what one needs. */
#define ROOM (384 * KIB)
#define ALIGNED 64

struct room {
	size_t used;
	_Alignas(ALIGNED) char bytes[ROOM];
};

static pthread_key_t rooms;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_key(void)
{
	if (pthread_key_create(&rooms, free) != 0)
		abort();
}

/* This thread's, empty. */
static struct room *room_of_thread(void)
{
	struct room *room;

	pthread_once(&once, make_key);
	room = pthread_getspecific(rooms);
	if (!room) {
		room = aligned_alloc(ALIGNED, sizeof(*room));
		if (!room || pthread_setspecific(rooms, room) != 0)
			abort();
	}
	room->used = 0;
	return room;
}

static void *room_take(void *arg, size_t size)
{
	struct room *room = arg;
	size_t from = room->used, need = (size + ALIGNED - 1) / ALIGNED * ALIGNED;

	if (need < size || need > ROOM - from)
		return malloc(size);
	room->used += need;
	return room->bytes + from;
}

static void room_give(void *arg, void *p)
{
	struct room *room = arg;

	if ((uintptr_t)p - (uintptr_t)room->bytes >= ROOM)
		free(p);
}

static void *room_take_items(void *room, unsigned n, unsigned size)
{
	return room_take(room, (size_t)n * size);
}

/* --- encoding --- */

void compress_gzip(const void *data, size_t len, enum compress_for use, struct buf *out)
{
	z_stream z = {.next_in = (Bytef *)(uintptr_t)data,
		.avail_in = (uInt)len,
		.zalloc = room_take_items,
		.zfree = room_give,
		.opaque = room_of_thread()};
	AUTOFREE Bytef *room = NULL;
	uLong bound;

	if (deflateInit2(&z, gzip_levels[use], Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) !=
		Z_OK)
		abort();
	bound = deflateBound(&z, len);
	room = mem_resize(NULL, bound);
	z.next_out = room;
	z.avail_out = (uInt)bound;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		abort();
	buf_add(out, room, z.total_out);
	deflateEnd(&z);
}

/* As BrotliEncoderCompress() does, with memory of our own, also for what comes out. */
void compress_brotli(const void *data, size_t len, enum compress_for use, struct buf *out)
{
	size_t left = BrotliEncoderMaxCompressedSize(len) + 16, total = 0;
	struct room *room = room_of_thread();
	uint8_t *all = room_take(room, left), *to = all;
	BrotliEncoderState *state = BrotliEncoderCreateInstance(room_take, room_give, room);
	const uint8_t *from = data;

	if (!all || !state ||
		!BrotliEncoderSetParameter(
			state, BROTLI_PARAM_QUALITY, (uint32_t)brotli_levels[use]) ||
		!BrotliEncoderSetParameter(state, BROTLI_PARAM_MODE, BROTLI_MODE_TEXT) ||
		!BrotliEncoderSetParameter(state, BROTLI_PARAM_SIZE_HINT, (uint32_t)len) ||
		!BrotliEncoderCompressStream(
			state, BROTLI_OPERATION_FINISH, &len, &from, &left, &to, &total) ||
		!BrotliEncoderIsFinished(state))
		abort();
	buf_add(out, all, total);
	BrotliEncoderDestroyInstance(state);
	room_give(room, all);
}

/* Writes everything that deflate() returns for the present input of `z`. */
static void deflate_all(z_stream *z, int flush, FILE *to)
{
	Bytef room[64 * KIB];

	do {
		z->next_out = room;
		z->avail_out = sizeof(room);
		if (deflate(z, flush) == Z_STREAM_ERROR)
			abort();
		fwrite(room, 1, sizeof(room) - z->avail_out, to);
	} while (!z->avail_out);
}

enum err compress_gzip_file(FILE *from, FILE *to, const atomic_bool *stop)
{
	z_stream z = {0};
	Bytef chunk[64 * KIB];

	if (deflateInit2(&z, GZIP_LEVEL, Z_DEFLATED, GZIP_WINDOW, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		abort();
	rewind(from);
	do {
		z.next_in = chunk;
		z.avail_in = (uInt)fread(chunk, 1, sizeof(chunk), from);
		deflate_all(&z, z.avail_in ? Z_NO_FLUSH : Z_FINISH, to);
	} while (!feof(from) && !ferror(from) && !ferror(to) && !*stop);
	deflate_all(&z, Z_FINISH, to);
	deflateEnd(&z);
	ENSURE(!*stop, ERR_BUSY, "the export was stopped");
	ENSURE(!ferror(from) && fflush(to) == 0 && !ferror(to), ERR_SYSTEM,
		"a compressed file cannot be written");
	return OK;
}
