/* client.h - a department's client of a register: reads its API and sends signed events.
 *
 * The register's answers are not trusted more than necessary: values must follow the rules of
 * json.h before they are shown, and only the server that the user named is contacted. */
#pragma once
#include "base/fetch.h"
#include "base/json.h"
#include "registry/event/signing.h"

struct client {
	char *server; /* without a trailing slash */
	struct fetch *fetch;
	struct skey key;
	bool json; /* refusals go to standard output as JSON */
};
/* Reads the key; sends nothing yet. */
MUST_CHECK enum err client_open(const char *server, const char *key, struct client *out);
void client_done(struct client *c);

/* GET <server><path>; `path` comes from the program. Returns the register's own error if it gives
 * one. */
MUST_CHECK enum err client_get(struct client *c, const char *path, struct buf *out);
/* The same, parsed. */
MUST_CHECK enum err client_get_json(struct client *c, const char *path, json_t **out);
/* A system from the API; if nothing is published yet, the data that its next filing needs. */
MUST_CHECK enum err client_get_system(struct client *c, const char *path, json_t **out);
/* The body of POST /api/v1/events. */
void client_body(const struct signed_event *ev, struct buf *out);
/* Sends it; `*reply` is {"entry": n}. Prints the problems of a refusal, one per line. */
MUST_CHECK enum err client_send(struct client *c, const struct signed_event *ev, json_t **reply);

/* Sends bytes with an additional header ("Name: value"). */
MUST_CHECK enum err client_send_bytes(struct client *c, const char *path, const char *type,
	const char *header, const struct buf *bytes, json_t **reply);

/* The result when the user declines to send: prints a message, exit status 1. */
enum err client_declined(void);
/* Prints {"error", "message", "problems", "texts"}: as JSON, or only the texts, one per line. */
void print_refusal(const json_t *refusal, bool json);
