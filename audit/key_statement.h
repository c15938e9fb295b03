/* key_statement.h - the statement that a log's keys sign together when they change: a checkpoint
 * (C2SP tlog-checkpoint) whose extension lines list the keys that sign from then on, oldest first.
 *
 *     <origin>
 *     <size>
 *     <root>
 *     key <vkey>
 *     key <vkey>            (while two keys sign)
 *
 *     — <origin> …          (every key that signed until then, and the new one)
 *
 * As a checkpoint, it binds the change to one point in the log's history, and a verifier with an
 * old key needs only a note verifier to learn the new key. The key lines distinguish it from an
 * ordinary checkpoint, which has none. */
#pragma once
#include "audit/checkpoint.h"

#define LOG_KEYS_MAX 2 /* signing at the same time */
#define KEY_STATEMENT_MAX (4 * KIB)

/* The keys that sign a log, the oldest first. */
struct log_keys {
	size_t n;
	struct vkey key[LOG_KEYS_MAX];
};
struct key_statement {
	struct checkpoint checkpoint;
	struct log_keys keys;
};
bool vkey_same(const struct vkey *a, const struct vkey *b);
bool log_keys_have(const struct log_keys *keys, const struct vkey *key);

/* The text that is signed. */
void key_statement_text(const struct key_statement *s, struct buf *out);
/* Parses the note in its canonical spelling; all keys must be named as the origin. Verifies no
 * signature. */
MUST_CHECK enum err key_statement_parse(
	const char *note, size_t len, struct key_statement *out, struct note *parsed);
/* The same, and verifies the signature of `by`. ERR_INVALID, ERR_NOT_FOUND (not signed by it),
 * ERR_FALSE. */
MUST_CHECK enum err key_statement_open(
	const char *note, size_t len, const struct vkey *by, struct key_statement *out);
