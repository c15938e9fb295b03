/* changes.h - a record and its changes for people at a terminal, with the standard's labels in
 * their language, and texts in all of their languages.
 *
 * Removed words are in [-…-], added ones in {+…+}; on a terminal they also have colours. */
#pragma once
#include "registry/standard/standard.h"

#include <stdio.h>

/* `changes` are from diff_records(). */
void print_changes(const struct standard *s, const json_t *changes, FILE *to);
/* Prints values that look wrong but break no rule (doubts.h, outdated.h), in the terminal's
 * language. */
MUST_CHECK enum err print_doubts(const struct standard *s, const json_t *doubts, FILE *to);
/* Every field that is filled in. */
void print_record(const struct standard *s, const json_t *record, FILE *to);
/* The subject of a record, and how much of it is filled in. */
void print_summary(const struct standard *s, const json_t *record, FILE *to);
