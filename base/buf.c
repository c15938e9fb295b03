#include "base/buf.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void mem_share_heaps(void)
{
	(void)mallopt(M_ARENA_MAX, MEM_HEAPS);
}

void mem_one_heap(void)
{
	(void)mallopt(M_ARENA_MAX, 1);
}

void mem_give_back(void)
{
	(void)malloc_trim(0);
}

void *mem_new(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	if (!p)
		abort();
	return p;
}

void *mem_resize(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);

	if (!p)
		abort();
	return p;
}

char *mem_bytes(const void *data, size_t len)
{
	char *p = mem_resize(NULL, len + 1);

	if (len)
		memcpy(p, data, len);
	p[len] = '\0';
	return p;
}

char *mem_text(const char *s)
{
	return s ? mem_bytes(s, strlen(s)) : NULL;
}

char *mem_printf(const char *fmt, ...)
{
	char *out = NULL;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&out, fmt, ap);
	va_end(ap);
	if (n < 0)
		abort();
	return out;
}

void mem_free(void *pointer_to_pointer)
{
	free(*(void **)pointer_to_pointer);
}

void buf_done(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->over = false;
	if (b->data)
		b->data[0] = '\0';
}

/* Makes room for `more` bytes and the NUL; otherwise sets `over` and returns false. */
static bool buf_room(struct buf *b, size_t more)
{
	size_t want;

	if (b->over || more > b->max || b->len > b->max - more) {
		b->over = true;
		return false;
	}
	want = b->len + more + 1;
	if (want <= b->cap)
		return true;
	b->cap = b->cap * 2 > want ? b->cap * 2 : want < 64 ? 64 : want;
	b->data = mem_resize(b->data, b->cap);
	return true;
}

void buf_expect(struct buf *b, size_t len)
{
	size_t left = b->max - b->len;

	if (buf_room(b, len < left ? len : left))
		b->data[b->len] = '\0';
}

void buf_add(struct buf *b, const void *data, size_t len)
{
	if (!buf_room(b, len))
		return;
	if (len)
		memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	AUTOFREE char *s = NULL;
	int n = vasprintf(&s, fmt, ap);

	if (n < 0)
		abort();
	buf_add(b, s, (size_t)n);
}

const char *buf_text(const struct buf *b)
{
	return b->data ? b->data : "";
}

char *buf_take(struct buf *b)
{
	char *s = b->data ? b->data : mem_text("");

	*b = (struct buf){.max = b->max};
	return s;
}

enum err buf_check(const struct buf *b, const char *what)
{
	ENSURE(!b->over, ERR_TOO_LARGE, "%s is over %zu bytes", err_text(what), b->max);
	return OK;
}
