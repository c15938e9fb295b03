/* compress.h - the only door to zlib and brotli: compresses answers once, for sending many times.
 */
#pragma once
#include "base/buf.h"

#include <stdatomic.h>
#include <stdio.h>

/* gzip (RFC 1952) and brotli (RFC 7932); `out` gets the whole compressed body. */
enum compress_for {
	COMPRESS_ONCE, /* most likely for one reader */
	COMPRESS_KEPT,
};
void compress_gzip(const void *data, size_t len, enum compress_for use, struct buf *out);
void compress_brotli(const void *data, size_t len, enum compress_for use, struct buf *out);
/* The same for a whole file, from its beginning, into another. ERR_SYSTEM; ERR_BUSY once `stop` is
 * true. */
MUST_CHECK enum err compress_gzip_file(FILE *from, FILE *to, const atomic_bool *stop);
