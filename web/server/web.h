/* web.h - the server: serves one register over HTTP until it is stopped. */
#pragma once
#include "registry/write/register.h"

struct people;
struct web;
struct web_options {
	const char *listen; /* "127.0.0.1:8080", "[::]:8080"; port 0 takes a free one */
	const char *base;   /* the public address, "https://…"; NULL: from `listen` */
	const char
		*folder; /* the register's, for commands that pages show; NULL: as it was opened */
	const char *metrics;  /* the address that serves metrics, apart from readers; NULL: none */
	size_t cache_bytes;   /* size of the page cache; 0: the default of 256 MiB */
	size_t intake_bytes;  /* of request bodies in flight; 0: the default of 128 MiB */
	unsigned patience_ms; /* for the head of a request; 0: 20 seconds */
	unsigned upload_grace_ms; /* before a file or body must give way; 0: 10 seconds */
	unsigned idle_s;          /* a connection's time between two requests; 0: 30 seconds */
	unsigned connections;     /* at most; 0: 4096 */
	unsigned per_network;     /* connections of one address; 0: an eighth of all */
	unsigned threads;         /* threads that answer; 0: one for each processor and one more */
	int read_ms;              /* time limit for reading the database per answer; 0: 10 s */
	unsigned feedback_limit;  /* questions per hour from one address; 0: no limit */
	unsigned feedback_limit_all; /* from all addresses together; 0: no limit */
	int64_t export_pause_ms;     /* between two builds of a download; 0: twenty times their
	                              * time */
	const char *const
		*exports;      /* folders of further export profiles, NULL-ended; may be NULL */
	struct people *people; /* who signs in; NULL: nobody, as in a mirror. Must outlive it */
	bool trust_proxy;      /* the client's address is the last one in X-Forwarded-For */
};
/* Starts answering. `reg` must outlive it. ERR_SYSTEM if the address is not available. */
MUST_CHECK enum err web_start(struct reg *reg, const struct web_options *options, struct web **out);
/* Ends open requests and frees everything. */
void web_stop(struct web *web);
unsigned web_port(const struct web *web);
unsigned web_metrics_port(const struct web *web); /* 0 if they are not served */
