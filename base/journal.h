/* journal.h - a line for the operator of a program that runs for long: what happened, and when.
 *
 *   2026-11-28T19:06:09Z gaya: witness busan does not cosign: it did not answer in time
 *
 * To standard error, whole lines at once, so that threads do not mix theirs. Commands that end by
 * themselves say what they have to say without a time. */
#pragma once
#include "base/err.h"

/* The line without its time, "gaya: " and end. Nothing in it acts on a terminal or makes a second
 * line, whoever wrote the texts that it quotes. */
void journal(const char *fmt, ...) PRINTF(1, 2);
/* Evidence for the line before it: a text as it is, lines and all, without a time; but nothing in
 * it acts on a terminal. */
void journal_text(const char *text);
