/* journal.h - lines for the operator of a long-running program: what happened, and when.
 *
 *   2026-11-28T19:06:09Z gaya: witness busan does not cosign: it did not answer in time
 *
 * Writes whole lines to standard error, so that lines of several threads do not mix. Short commands
 * print their messages without a time. */
#pragma once
#include "base/err.h"

/* Writes a line; `fmt` omits the time, "gaya: " and the newline. Control characters and line breaks
 * in quoted texts are escaped, so they cannot act on a terminal or forge a second line. */
void journal(const char *fmt, ...) PRINTF(1, 2);
/* Writes a text as evidence for the line before, with its line breaks and without a time; other
 * control characters are escaped. */
void journal_text(const char *text);
