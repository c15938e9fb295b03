/* changes.h - a record, and what changed in it, for people at a terminal: with the standard's
 * labels in their language, and every language that a text has.
 *
 * Removed words stand in [-…-], added ones in {+…+}; on a terminal they have colours too. */
#pragma once
#include "registry/standard/standard.h"

#include <stdio.h>

/* `changes` as diff_records() gives them. */
void print_changes(const struct standard *s, const json_t *changes, FILE *to);
/* Prints values that look wrong but break no rule (doubts.h, outdated.h), in the terminal's
 * language. */
MUST_CHECK enum err print_doubts(const struct standard *s, const json_t *doubts, FILE *to);
/* Every field that is filled in. */
void print_record(const struct standard *s, const json_t *record, FILE *to);
/* What a record is about, and how much of it is filled in. */
void print_summary(const struct standard *s, const json_t *record, FILE *to);
