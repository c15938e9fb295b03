/* signing.h - makes an event of a department: its line, its content, its signature. Commands of
 * departments use it (in browsers, web/static/sign.js does the same); the register only checks the
 * result (state.h). */
#pragma once
#include "audit/note.h"
#include "base/env.h"
#include "base/json.h"

struct signed_event {
	struct buf entry;   /* the C2SP note: the event's line and the signature */
	struct buf content; /* the bytes that the line names */
};
void signed_event_done(struct signed_event *s);

/* Makes and signs an event of `type` about `subject` (the member `kind`), after the entry
 * `after`. `members` (may be NULL) and `content` are taken over; the content gets a salt. The
 * department is the part of the key's name behind its last "/". */
MUST_CHECK enum err sign_event(const struct skey *key, const struct env *env, const char *type,
	const char *kind, const char *subject, int64_t after, json_t *members, json_t *content,
	struct signed_event *out);
/* The same for an event whose content is the file of SHA-256 `sha256`, which is also its subject:
 * `len` bytes of the media type `media`. */
MUST_CHECK enum err sign_file(const struct skey *key, const struct env *env, const char *type,
	const char *kind, const char *sha256, int64_t after, const char *media, size_t len,
	struct buf *entry);
/* The department of a key's name, or NULL: borrowed from the key. */
const char *key_department(const struct vkey *key);
