/* jq.h - the only door to libjq: programs of policies and profiles, run on values.
 *
 * A program sees its input and nothing else: no files, no modules, no environment. */
#pragma once
#include "base/json.h"

struct jq;
/* Compiles a program; ERR_INVALID with jq's own message, under `name`. Belongs to one thread. */
MUST_CHECK enum err jq_open(const char *name, const char *program, struct jq **out);
/* Compiles several programs at once, which costs much less than one by one: libjq binds its own
 * definitions anew each time. The programs belong to one thread, and one runs at a time. Each must
 * be known to compile alone, because a text that is no program (`1) | (2`) might pass here. On
 * ERR_INVALID none is open, and nobody knows which of them failed. */
struct jq_text {
	const char *name, *program;
};
MUST_CHECK enum err jq_open_joint(const struct jq_text *all, size_t n, struct jq **out);
/* Keeps the compiled program for the next user of the same text. */
void jq_free(struct jq *jq);
/* Runs on one input; `*out` is a new array of all outputs. ERR_INVALID with jq's message when
 * the program fails. */
MUST_CHECK enum err jq_run(struct jq *jq, const json_t *input, json_t **out);

/* The same for an input that several programs share: it is decoded once, from the CBOR of
 * json_cbor(). The outputs are a CBOR array. ERR_TOO_LARGE if they do not fit in `out`. */
struct jq_input;
MUST_CHECK enum err jq_input_read(const char *cbor, size_t len, struct jq_input **out);
void jq_input_free(struct jq_input *input);
MUST_CHECK enum err jq_run_on(struct jq *jq, const struct jq_input *input, struct buf *out);
