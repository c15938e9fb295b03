/* pdf.h - recognises a PDF by its bytes, not by its name.
 *
 * ISO 32000: "%PDF-1.0" to "%PDF-1.7" or "%PDF-2.0" at the first significant byte, and "startxref"
 * followed by "%%EOF" within the last 1,024 bytes. Some readers accept a header further in; this
 * one does not, so that the file cannot be of another type at the same time. The bytes between are
 * not read. A byte order mark and white space before (up to 1,024 bytes), and white space and NUL
 * bytes after, are skipped, as every reader does: a signed document cannot be saved again without
 * them. */
#pragma once
#include "base/err.h"

#define PDF_TYPE "application/pdf"

/* ERR_INVALID says which part is missing or wrong. */
MUST_CHECK enum err pdf_check(const void *data, size_t len);
