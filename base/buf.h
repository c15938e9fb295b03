/* buf.h - a growing string of bytes, born with its maximum.
 *
 * Bytes beyond the maximum are not added; they set `over`. Callers add freely and check once, with
 * buf_check(). The data always end in a NUL that `len` does not count. Out of memory aborts; the
 * maximum keeps input from causing that. */
#pragma once
#include "base/err.h"

#include <stdarg.h>

struct buf {
	char *data; /* NULL until something is added */
	size_t len, cap, max;
	bool over;
};
#define BUF(most) ((struct buf){.max = (most)})

void buf_done(struct buf *b);
/* Empties the buffer and keeps its memory. */
void buf_clear(struct buf *b);
void buf_add(struct buf *b, const void *data, size_t len);
/* Makes room for so many bytes at once, for what would grow to about that. */
void buf_expect(struct buf *b, size_t len);
void buf_puts(struct buf *b, const char *s);
void buf_putc(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) PRINTF(2, 0);
/* The text, "" if nothing was added; borrowed. */
const char *buf_text(const struct buf *b);
/* Hands the memory over: a string that the caller frees, never NULL. */
char *buf_take(struct buf *b);
/* ERR_TOO_LARGE, naming `what`, if something did not fit. */
MUST_CHECK enum err buf_check(const struct buf *b, const char *what);

#define MEM_HEAPS 8
/* Limits malloc() to MEM_HEAPS heaps for all threads. By default it makes up to eight per core,
 * each of which keeps the peak memory of its few threads, so the server's memory would grow for
 * hours. With too few heaps, threads that run at once wait for each other: with two, every other
 * search did. Call it before there are threads. */
void mem_share_heaps(void);
/* One heap, for a command whose threads work in turn: what one thread makes and another frees
 * leaves holes in the first one's heap, which no other thread fills. Before there are threads. */
void mem_one_heap(void);
/* Returns free memory to the system. Takes some milliseconds. */
void mem_give_back(void);
/* Allocation that aborts when memory runs out. */
void *mem_new(size_t size);                    /* zeroed */
void *mem_resize(void *old, size_t size);      /* not zeroed */
char *mem_text(const char *s);                 /* a copy; NULL gives NULL */
char *mem_bytes(const void *data, size_t len); /* a copy with a NUL after it */
char *mem_printf(const char *fmt, ...) PRINTF(1, 2);
/* For AUTO-like cleanup of a plain pointer: AUTOFREE char *s = …; */
void mem_free(void *pointer_to_pointer);
#define AUTOFREE __attribute__((cleanup(mem_free)))
