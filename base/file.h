/* file.h - reads whole files, and writes them durably. */
#pragma once
#include "base/buf.h"

/* "-" is standard input. ERR_NOT_FOUND, ERR_TOO_LARGE over out->max, ERR_SYSTEM. */
MUST_CHECK enum err file_read(const char *path, struct buf *out);
/* Writes a new file beside `path`, syncs it, renames it to `path` and syncs the folder: after a
 * crash `path` holds either the old bytes or the new. `mode` as in open(2). A file that is already
 * there under the new one's name is removed, not written to. */
MUST_CHECK enum err file_write(const char *path, const void *data, size_t len, unsigned mode);
/* Makes a new file, and syncs it and its folder; ERR_CONFLICT if `path` exists. If writing fails
 * there is no file; after a crash it may be incomplete. */
MUST_CHECK enum err file_create(const char *path, const void *data, size_t len, unsigned mode);
/* Renames a file within one file system, durably; replaces a file at `to`. */
MUST_CHECK enum err file_move(const char *from, const char *to);
/* Removes a folder and its contents, without following links; OK if there is none. */
MUST_CHECK enum err file_remove_dir(const char *path);
/* Removes a folder's contents, and leaves the folder. */
MUST_CHECK enum err file_empty_dir(const char *path);
bool file_is_empty_dir(const char *path);
MUST_CHECK enum err file_make_dir(const char *path, unsigned mode); /* OK if it exists */
/* The error, by errno, of a file or folder that could not be made; most often the folder around it
 * is missing, which it names. */
enum err file_make_fail(const char *path);
/* Opens a file in `dir` that has no name and disappears when closed. */
MUST_CHECK enum err file_nameless(const char *dir, int *fd);
/* Appends to an open file; not synced. */
MUST_CHECK enum err file_add(int fd, const void *data, size_t len);
bool file_exists(const char *path);
/* Takes the exclusive lock on `path` for as long as `*fd` stays open; ERR_BUSY when another process
 * holds it. */
MUST_CHECK enum err file_lock(const char *path, int *fd);
/* dir/name; the caller frees. */
char *file_in(const char *dir, const char *name);
