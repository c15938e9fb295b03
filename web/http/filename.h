/* filename.h - what a download is called where it is saved. */
#pragma once
#include "base/buf.h"

#define FILENAME_CHARS 100

/* A title as the name of a file, ending in `ending` (".pdf"): without what means something in a
 * path, to a shell or to a terminal, on any system, and of at most FILENAME_CHARS characters before
 * the ending. NULL where nothing is left of it. The caller frees. */
char *filename_of(const char *title, const char *ending);
/* The value of Content-Disposition (RFC 6266): the name as it is for who reads RFC 8187, and in
 * ASCII for all others: `plain`, or where that is NULL the name itself. The caller frees. */
char *filename_disposition(const char *name, const char *plain);
