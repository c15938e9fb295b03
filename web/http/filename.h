/* filename.h - names for saved downloads. */
#pragma once
#include "base/buf.h"

#define FILENAME_CHARS 100

/* A title as the name of a file, ending in `ending` (".pdf"): without characters that are special
 * in a path, a shell or a terminal on any system, and with at most FILENAME_CHARS characters before
 * the ending. NULL if nothing is left. The caller frees. */
char *filename_of(const char *title, const char *ending);
/* The value of Content-Disposition (RFC 6266): the full name for clients that support RFC 8187, and
 * an ASCII name for others: `plain`, or if that is NULL, the name itself. The caller frees. */
char *filename_disposition(const char *name, const char *plain);
