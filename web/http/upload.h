/* upload.h - receives a department's file.
 *
 * The signed entry comes first, in a header, and is checked against every rule before a byte of the
 * file is kept; the body of an unauthorised sender is read and dropped, or not even sent. The file
 * is written to one without a name beside the database, so that it takes no memory.
 *
 * Limits: a file has at most ATTACHMENT_MAX bytes (event.h) and is a PDF (base/pdf.h).
 * check_length() in upload.c refuses a larger one; gaya file (cli/attach.c) and the browser
 * (sign.js, with the message "attach_large") do so before they send it. UPLOADS run at once; the
 * entry was signed within TIME_SLACK (event.h) of this machine's time. A slow sender gives way to
 * the next one. Everything else that is sent in is limited by its row of web/pages/routes.def and
 * by intake.h. */
#pragma once
#include "registry/write/register.h"

#define UPLOAD_HEADER "Gaya-Entry" /* the C2SP note in base64 */
#define UPLOADS 8                  /* at once; beyond that a client must retry later */

struct wire;
struct upload;
/* The running uploads. If all places are taken, the slowest of the slow uploads past their grace
 * time gives way to the next, so that slow senders cannot keep others out. */
struct uploads;
/* `grace_ms`: the time before an upload may be ended in favour of another; 0: UPLOAD_GRACE_MS. */
struct uploads *uploads_new(struct reg *reg, unsigned grace_ms);
void uploads_free(struct uploads *all);
#define UPLOAD_GRACE_MS 10000u
#define UPLOAD_PACE (128 * KIB) /* bytes a second; a slower upload counts as slow */
/* Checks the rights of each upload's key again: uploads under a revoked key are answered 403 and
 * their connections closed. */
void uploads_check(struct uploads *all);

/* `length`: the Content-Length header, or NULL. `wire`: the connection's. ERR_BUSY; other errors
 * are the entry's. */
MUST_CHECK enum err upload_begin(struct uploads *all, struct wire *wire, const char *header,
	const char *length, struct upload **out);
/* Adds a part of the file. upload_end() reports errors. */
void upload_take(struct upload *u, const char *data, size_t len);
/* Call it once the file is complete: writes event and content to the register, and waits. `*index`
 * gets the entry's index. */
MUST_CHECK enum err upload_end(struct upload *u, uint64_t *index);
void upload_free(struct upload *u);
/* Decodes the entry in a header. ERR_INVALID says which part is missing or wrong. */
MUST_CHECK enum err upload_entry(const char *header, struct buf *out);
