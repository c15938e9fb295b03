/* upload.h - a department's file on its way in.
 *
 * The signed entry comes first, in a header, and is held to every rule before a byte of the file is
 * kept: a stranger's body is read and dropped, or not even sent. The file goes to one without a
 * name beside the database, so that it takes no memory; few come in at once. */
#pragma once
#include "registry/write/register.h"

#define UPLOAD_HEADER "Gaya-Entry" /* the C2SP note in base64 */
#define UPLOADS 8                  /* at once; beyond that a client is told to come back */

struct wire;
struct upload;
/* All that are under way. Where all places are taken, the slowest of those that had some time and
 * are slow gives its place to the next: so nobody can keep the others out by sending slowly. */
struct uploads;
/* `grace_ms`: the time that each has before it may be ended for another; 0: UPLOAD_GRACE_MS. */
struct uploads *uploads_new(struct reg *reg, unsigned grace_ms);
void uploads_free(struct uploads *all);
#define UPLOAD_GRACE_MS 10000u
#define UPLOAD_PACE (128 * KIB) /* bytes a second; below that one is slow */
/* Holds each to the rights of its key again, as they are now: those whose key was revoked are
 * answered 403, and their connections closed. */
void uploads_check(struct uploads *all);

/* `length`: what Content-Length says, or NULL. `wire`: of its connection.
 * ERR_BUSY; else what is wrong with the entry. */
MUST_CHECK enum err upload_begin(struct uploads *all, struct wire *wire, const char *header,
	const char *length, struct upload **out);
/* More of the file. What it can't take is told by upload_end(). */
void upload_take(struct upload *u, const char *data, size_t len);
/* The file is whole: writes event and content to the register, and waits. `*index` gets the entry's
 * index. */
MUST_CHECK enum err upload_end(struct upload *u, uint64_t *index);
void upload_free(struct upload *u);
/* The entry in a header: ERR_INVALID says what is missing or wrong. */
MUST_CHECK enum err upload_entry(const char *header, struct buf *out);
