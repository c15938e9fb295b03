/* web.h - the server: one register, answered over HTTP until it is stopped. */
#pragma once
#include "registry/write/register.h"

struct people;
struct web;
struct web_options {
	const char *listen;  /* "127.0.0.1:8080", "[::]:8080"; port 0 takes a free one */
	const char *base;    /* the address that readers know: "https://ai.gimhae.go.kr"; NULL: from
	                        `listen` */
	const char *metrics; /* where numbers are served, apart from readers; NULL: nowhere */
	size_t cache_bytes;  /* ready-made pages kept; 0: the default of 256 MiB */
	size_t intake_bytes; /* of request bodies in flight; 0: the default of 128 MiB */
	unsigned patience_ms;     /* for the head of a request; 0: 20 seconds */
	unsigned upload_grace_ms; /* that a file or a body may take before it gives way to another;
	                             0: 10 seconds */
	unsigned connections;     /* at most; 0: 4096 */
	unsigned per_network;     /* connections of one address; 0: an eighth of all */
	unsigned threads;         /* that answer; 0: one for each processor */
	int read_ms; /* that the database may be read for one answer; 0: the default of 10 s */
	unsigned feedback_limit;     /* questions an hour from one address; 0: no limit */
	unsigned feedback_limit_all; /* from all together; 0: no limit */
	int64_t export_pause_ms;     /* between two builds of a download; 0: twenty times what one
	                              * takes */
	const char *const
		*exports;      /* folders of further export profiles, NULL-ended; may be NULL */
	struct people *people; /* who signs in; NULL: nobody, as to a mirror. Must outlive it */
	bool trust_proxy;      /* the client's address is the last one in X-Forwarded-For */
};
/* Starts answering. `reg` must outlive it. ERR_SYSTEM when the address cannot be had. */
MUST_CHECK enum err web_start(struct reg *reg, const struct web_options *options, struct web **out);
/* Ends open requests and frees everything. */
void web_stop(struct web *web);
unsigned web_port(const struct web *web);
unsigned web_metrics_port(const struct web *web); /* 0 where they are not served */
