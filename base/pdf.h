/* pdf.h - is it a PDF? By its bytes, not by what it is called.
 *
 * ISO 32000: "%PDF-1.0" to "%PDF-1.7" or "%PDF-2.0" from the first byte that says something,
 * where some readers also take one further in, so that the file cannot be of another kind at the
 * same time; and at its end, within 1,024 bytes, "startxref" and after it "%%EOF". What is between
 * them is not read. A byte order mark and white space before (up to 1,024 bytes), white space and
 * NUL bytes behind are passed over, as every reader does: a signed document cannot be saved again
 * without them. */
#pragma once
#include "base/err.h"

#define PDF_TYPE "application/pdf"

/* ERR_INVALID says what it is not. */
MUST_CHECK enum err pdf_check(const void *data, size_t len);
