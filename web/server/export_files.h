/* export_files.h - the files to download in the register's folder, REG_DOWNLOADS, so that a start
 * can serve the last ones at once.
 *
 * A file has four parts, "systems.jsonl.7.plain" and others by export_ends[], of which a table has
 * only the first two. Like the files of the read model they are numbered, because a server has no
 * right to rename: "systems.jsonl.7.whole" is made last, and says that the parts of number 7 are on
 * the disk, with their sizes. Others are not used. They are in no backup. */
#pragma once
#include "base/buf.h"
#include "base/json.h"

#include <stdio.h>

enum export_end { END_PLAIN, END_GZIP, END_REPORT, END_REPORT_GZIP, END_WHOLE, ENDS };

/* A number that no file of this name has. */
MUST_CHECK enum err export_files_next(const char *dir, const char *name, uint64_t *n);
/* Makes a part, open for reading and writing. */
MUST_CHECK enum err export_files_make(
	const char *dir, const char *name, uint64_t n, enum export_end end, FILE **out);
/* States that the parts of this number are complete, and removes those of all others. `about` gets
 * their sizes. */
MUST_CHECK enum err export_files_keep(const char *dir, const char *name, uint64_t n, json_t *about);
/* Removes the parts of this number, after a failure. */
void export_files_drop(const char *dir, const char *name, uint64_t n);
/* The newest complete one: its number and what export_files_keep() got. ERR_NOT_FOUND. */
MUST_CHECK enum err export_files_find(
	const char *dir, const char *name, uint64_t *n, json_t **about);
/* Opens one of its parts for reading. ERR_NOT_FOUND if it has none, or is not as it was. */
MUST_CHECK enum err export_files_open(const char *dir, const char *name, uint64_t n,
	enum export_end end, const json_t *about, FILE **out);
