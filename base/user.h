/* user.h - the user that a program runs as when root starts it. */
#pragma once
#include "base/err.h"

/* Changes permanently to the user `name`, with only that user's own group. NULL changes nothing.
 * Call it before any thread starts. ERR_INVALID: there is no such user, or it is root; ERR_DENIED:
 * the caller is not root. */
MUST_CHECK enum err user_become(const char *name);
/* ERR_DENIED, with advice, if `path` or a file in that folder belongs to another user and the
 * program was started by root or is to run as the user `name`. Root gives up its power over others'
 * files and would fail on them one by one. OK if `path` does not exist. */
MUST_CHECK enum err user_check_owner(const char *path, const char *name);
/* ERR_DENIED if this process may not write to the folder `dir` or to its `file`: whose they are and
 * what to do. ERR_SYSTEM if their disk is mounted for reading only. OK if they do not exist. */
MUST_CHECK enum err user_check_writable(const char *dir, const char *file);
/* Says this in place of `e`, if it is so; else returns `e` with its sentence. A reader of SQLite's
 * files has to write beside them, and SQLite's own sentence names neither folder nor owner. */
MUST_CHECK enum err user_explain(enum err e, const char *dir, const char *file);
