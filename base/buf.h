/* buf.h - a growing string of bytes, born with its maximum.
 *
 * What would pass the maximum is not added and sets `over`: callers add freely
 * and ask once, with buf_check(). The data always end in a NUL that `len` does
 * not count. Out of memory aborts; the maximum is what keeps input from that. */
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
/* Empties it and keeps the memory. */
void buf_clear(struct buf *b);
void buf_add(struct buf *b, const void *data, size_t len);
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

#define MEM_HEAPS 2
/* All threads share so many heaps. malloc() would make up to eight a core, and each of them keeps
 * the most that its few threads ever needed at once: the server's memory would grow for hours. With
 * one, threads would wait for each other. To be called before there are threads. */
void mem_share_heaps(void);
/* Gives what is free back to the system. Some milliseconds. */
void mem_give_back(void);
/* Memory that aborts where it cannot be had. */
void *mem_new(size_t size);                    /* zeroed */
void *mem_resize(void *old, size_t size);      /* not zeroed */
char *mem_text(const char *s);                 /* a copy; NULL gives NULL */
char *mem_bytes(const void *data, size_t len); /* a copy with a NUL after it */
char *mem_printf(const char *fmt, ...) PRINTF(1, 2);
/* For AUTO-like cleanup of a plain pointer: AUTOFREE char *s = …; */
void mem_free(void *pointer_to_pointer);
#define AUTOFREE __attribute__((cleanup(mem_free)))
