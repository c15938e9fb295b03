/* file.h - whole files in, whole files out, durably. */
#pragma once
#include "base/buf.h"

/* "-" is standard input. ERR_NOT_FOUND, ERR_TOO_LARGE over out->max, ERR_SYSTEM. */
MUST_CHECK enum err file_read(const char *path, struct buf *out);
/* A new file beside `path`, synced, renamed onto it, the folder synced: after a crash
 * either the old bytes are there or the new. `mode` as in open(2). */
MUST_CHECK enum err file_write(const char *path, const void *data, size_t len, unsigned mode);
/* As file_write(), but ERR_CONFLICT where `path` exists. For keys. */
MUST_CHECK enum err file_create(const char *path, const void *data, size_t len, unsigned mode);
/* Renames it within one file system, durably; what is at `to` is replaced. */
MUST_CHECK enum err file_move(const char *from, const char *to);
/* Removes a folder with all that is in it, and follows no link out of it; fine if there is none. */
MUST_CHECK enum err file_remove_dir(const char *path);
MUST_CHECK enum err file_make_dir(const char *path, unsigned mode); /* fine if it is there */
/* An open file in `dir` that has no name there, and is gone once it is closed. */
MUST_CHECK enum err file_nameless(const char *dir, int *fd);
/* Writes at the end of an open file; not synced. */
MUST_CHECK enum err file_add(int fd, const void *data, size_t len);
bool file_exists(const char *path);
/* Takes the one lock on `path` for as long as `*fd` stays open; ERR_BUSY when another
 * process has it. */
MUST_CHECK enum err file_lock(const char *path, int *fd);
/* dir/name; the caller frees. */
char *file_in(const char *dir, const char *name);
