#include "web/witness/witness_server.h"

#include "base/journal.h"
#include "base/security.h"
#include "web/http/acceptor.h"
#include "web/http/gate.h"
#include "web/http/mhd.h"

#include <stdlib.h>
#include <string.h>

#define CONNECTIONS 256u
#define PER_ADDRESS 32u
#define IDLE_SECONDS 30u
#define CONNECTION_MEMORY (24 * KIB)
#define TEXT "text/plain; charset=utf-8"
#define POLICY "default-src 'none'; frame-ancestors 'none'"

struct witness_server {
	const struct witness *witness;
	char *prefix;
	struct acceptor *acceptor;
	struct gate *gate;
	struct MHD_Daemon *daemon;
};

struct exchange {
	struct buf body; /* of the request */
};

struct reply {
	int status;
	const char *type; /* NULL: plain text */
	struct buf body;
};

static void reply_done(struct reply *r)
{
	buf_done(&r->body);
}

static enum MHD_Result send_reply(struct MHD_Connection *connection, struct reply *r)
{
	struct MHD_Response *response = mhd.create_response_from_buffer(
		r->body.len, (void *)(uintptr_t)buf_text(&r->body), MHD_RESPMEM_MUST_COPY);
	enum MHD_Result sent;

	if (!response)
		abort();
	mhd.add_response_header(response, "Content-Type", r->type ? r->type : TEXT);
	mhd.add_response_header(response, "Cache-Control", "no-store");
	mhd.add_response_header(response, "X-Content-Type-Options", "nosniff");
	mhd.add_response_header(response, "Content-Security-Policy", POLICY);
	/* Auditors' pages on other sites may compare what a witness saw. */
	mhd.add_response_header(response, "Access-Control-Allow-Origin", "*");
	sent = mhd.queue_response(connection, (unsigned)r->status, response);
	mhd.destroy_response(response);
	return sent;
}

static void refuse(struct reply *r, int status, const char *why)
{
	r->status = status;
	buf_printf(&r->body, "%s\n", why);
}

/* A checkpoint that a log's own key signed but that does not fit is evidence, and this may be its
 * only copy. The log repeats it until somebody looks, so one per minute is enough, and junk proofs
 * of strangers fill no disk. None of its lines can be mistaken for ours. */
static void keep_evidence(const char *why, const struct buf *checkpoint)
{
	struct line rest = {buf_text(checkpoint), checkpoint->len}, line;

	if (!security_event(SECURITY_PROOF))
		return;
	journal("refused to cosign: %.*s; the checkpoint was:", (int)strcspn(why, "\n"), why);
	while (line_next(&rest, &line) == OK)
		journal("evidence: %.*s", (int)line.len, line.s);
}

static void add_checkpoint(
	const struct witness_server *s, const struct exchange *x, struct reply *r)
{
	AUTO(buf) evidence = BUF(WITNESS_BODY_MAX);

	if (x->body.over) {
		refuse(r, 413, "a request is over the limit of this witness");
		return;
	}
	r->status = witness_add_checkpoint(
		s->witness, buf_text(&x->body), x->body.len, &r->body, &evidence);
	if (r->status == 409)
		r->type = WITNESS_SIZE_TYPE;
	if (evidence.len)
		keep_evidence(buf_text(&r->body), &evidence);
	if (r->status == 500) {
		journal("cannot cosign: %.*s", (int)strcspn(buf_text(&r->body), "\n"),
			buf_text(&r->body));
		buf_clear(&r->body);
		buf_puts(&r->body, "the witness cannot keep its state\n");
	}
}

/* "/<hex>/checkpoint" after the prefix. */
static void monitored(const struct witness_server *s, const char *path, struct reply *r)
{
	const char *slash = strchr(path + 1, '/');
	AUTOFREE char *hex = NULL;

	if (!slash || strcmp(slash, "/checkpoint") != 0) {
		refuse(r, 404, "there is nothing at this address");
		return;
	}
	hex = mem_bytes(path + 1, (size_t)(slash - path) - 1);
	r->status = witness_checkpoint(s->witness, hex, &r->body);
}

static void answer(const struct witness_server *s, const char *url, const char *method,
	const struct exchange *x, struct reply *r)
{
	size_t prefix = strlen(s->prefix);
	const char *path = url + prefix;
	bool get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;

	if (strncmp(url, s->prefix, prefix) != 0 || *path != '/')
		refuse(r, 404, "there is nothing at this address");
	else if (strcmp(path, "/add-checkpoint") == 0 && strcmp(method, "POST") == 0)
		add_checkpoint(s, x, r);
	else if (get && strcmp(path, "/add-checkpoint") != 0)
		monitored(s, path, r);
	else
		refuse(r, 405, "this address does not answer this method");
}

/* Answers in the call after the headers, which keeps the connection open. */
static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *data_len, void **state)
{
	AUTO(reply) reply = {.body = BUF(NOTE_MAX)};
	struct exchange *x = *state;

	if (!x) {
		*state = x = mem_new(sizeof(*x));
		x->body = BUF(WITNESS_BODY_MAX);
		return MHD_YES;
	}
	if (*data_len) {
		buf_add(&x->body, data, *data_len);
		*data_len = 0;
		return MHD_YES;
	}
	answer(cls, url, method, x, &reply);
	return send_reply(connection, &reply);
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode why)
{
	struct exchange *x = *state;

	gate_on_completed(connection, why);
	if (x)
		buf_done(&x->body);
	free(x);
	*state = NULL;
}

static enum err start(struct witness_server *s, const char *listen)
{
	struct gate_options gating = {.connections = gate_room(CONNECTIONS),
		.per_network = PER_ADDRESS,
		.headers = "X-Content-Type-Options: nosniff\r\nContent-Security-Policy: " POLICY
			   "\r\n"};
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC;

	TRY(acceptor_open(listen, &s->acceptor));
	TRY(gate_new(&gating, &s->gate));
	s->daemon = mhd.start_daemon(flags, 0, NULL, NULL, on_request, s,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, s, MHD_OPTION_NOTIFY_CONNECTION,
		gate_on_connection, s->gate, MHD_OPTION_CONNECTION_LIMIT,
		GATE_CONNECTIONS(gating.connections), MHD_OPTION_CONNECTION_TIMEOUT, IDLE_SECONDS,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
	ENSURE(s->daemon, ERR_SYSTEM, "the witness's thread cannot be started");
	return acceptor_start(s->acceptor, s->gate, s->daemon);
}

enum err witness_serve(const struct witness *witness, const char *listen, const char *prefix,
	struct witness_server **out)
{
	struct witness_server *s = mem_new(sizeof(*s));
	enum err e;

	s->witness = witness;
	s->prefix = mem_text(prefix);
	e = start(s, listen);
	if (e != OK) {
		witness_server_stop(s);
		return e;
	}
	*out = s;
	return OK;
}

void witness_server_stop(struct witness_server *s)
{
	if (!s)
		return;
	acceptor_free(s->acceptor);
	if (s->daemon)
		mhd.stop_daemon(s->daemon);
	security_tell(true); /* not every minute, which would delay the next evidence */
	gate_free(s->gate);
	free(s->prefix);
	free(s);
}

unsigned witness_server_port(const struct witness_server *s)
{
	return acceptor_port(s->acceptor);
}
