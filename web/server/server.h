/* server.h - the internals of the server, for its own files. */
#pragma once
#include "audit/tile_cache.h"
#include "registry/policy/judgement.h"
#include "web/http/intake.h"
#include "web/http/limit.h"
#include "web/http/spool.h"
#include "web/http/upload.h"
#include "web/office/office.h"
#include "web/server/cache.h"
#include "web/server/web.h"
#include "web/view/lists_kept.h"
#include "web/view/policy_kept.h"
#include "web/view/request.h"
#include "web/view/standard_kept.h"
#include "web/view/view.h"
#include "web/witness/witnesses.h"

#include <pthread.h>
#include <stdatomic.h>

struct MHD_Connection;
struct MHD_Daemon;
struct metrics;

/* Requests that wait for the same resource share a lane with its own threads (workers.c). */
enum lane { LANE_WRITE, LANE_LARGE, LANE_READ, LANE_SLOW, LANES };
struct queue {
	struct exchange *first, **last;
	unsigned busy; /* workers busy with it */
};

/* A request in progress: made when its first line is read, freed when it is answered. */
struct exchange {
	struct web *web;
	char *uri;        /* as received: path and query, still encoded */
	bool begun;       /* the headers were seen (see exchange.c) */
	bool has_time;    /* libmicrohttpd does not limit its waits */
	bool asks;        /* a worker must decide on its file: exchange_let_in() */
	bool over;        /* the body exceeds the route's limit */
	bool large;       /* the answer is too large to be cached */
	const char *lang; /* for errors: the page's language, or a program's choice */
	bool answered;    /* `response` is ready to be sent */
	enum lane lane;   /* the thread that answers */
	struct standing
		standing; /* of the cached answer that it may become; taken before it is made */
	const struct route *route; /* NULL if no route matches: then `route_error` says why */
	enum err route_error;
	char *why;         /* the reason for refusing a body before it is sent; owned */
	const char *allow; /* allowed methods of this address, for a 405 */
	enum encoding encoding;
	struct body body;
	size_t came;    /* bytes of the body so far, taken or dropped */
	struct who who; /* for a route of the office */
	struct request request;
	struct response response;
	struct MHD_Connection *connection;
	struct exchange *next; /* in the workers' queue, or among those that wait for a download */
};

struct web {
	struct site site;         /* the part that pages use */
	atomic_bool zone_changed; /* the register's zone may have changed */
	_Atomic int64_t day_end;  /* when "today" ends, and pages that show it expire */
	struct uploads *uploads;
	atomic_bool rights_changed; /* a department's rights may have changed: check uploads
	                             * again */
	struct intake *intake;
	bool trust_proxy;
	unsigned idle_s;        /* a connection's time between two requests */
	uint8_t client_key[16]; /* hashes addresses; new at each start */
	struct acceptor *acceptor;
	struct gate *gate;
	struct metrics *metrics; /* NULL if they are not served */
	struct MHD_Daemon *daemon;

	pthread_t minutes; /* runs each minute, even without requests */
	bool has_minutes;
	int64_t next_hour, clock_jump; /* used by that thread only */
	pthread_cond_t stopped;        /* used with `mutex` and `closing` */

	struct worker *workers; /* workers.c */
	size_t workers_n;
	pthread_mutex_t mutex; /* guards the queues and the idle workers */
	struct worker *idle;
	struct queue queues[LANES];
	bool closing;
};

/* request.c: fills in the request of an exchange: path, language, parameters. ERR_NOT_FOUND if no
 * route has the address, ERR_METHOD if it needs another method. */
MUST_CHECK enum err request_route(struct exchange *x, const char *method);
MUST_CHECK enum err request_parse(struct exchange *x);
void request_done(struct request *rq);
/* The reader's language by Accept-Language; NULL if it names none of ours. */
const char *preferred_language(const char *header);
/* The language of a path's first segment; NULL for none, and for what is no path, such as "". */
const char *language_at(const char *path);

/* answer.c: runs the route's page on a snapshot, makes an error a page. Never fails. */
void answer(struct exchange *x);
/* Why the request is refused before its page is asked; reads no database. */
enum err answer_refusal(const struct exchange *x);
/* exchange.c: decides whether a file may be sent, before its body; reads the database, so a worker
 * calls it. */
void exchange_let_in(struct exchange *x);

/* response.c: all headers of the exchange's response. */
struct MHD_Response;
void response_headers(const struct exchange *x, struct MHD_Response *r, enum encoding encoding);

/* server.c: on a new day, drops answers of the day before. */
void web_watch_day(struct web *web);

/* workers.c: threads for uncached answers, so that those that serve the cache never wait. */
MUST_CHECK enum err workers_start(struct web *web);
void workers_stop(struct web *web);
/* Suspends its connection until it is answered; false if the workers are about to end. */
bool workers_give(struct web *web, struct exchange *x);
