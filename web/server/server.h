/* server.h - the inside of the server, for the files that make it up. */
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

/* Who waits for whom: each lane has threads of its own (workers.c). */
enum lane { LANE_WRITE, LANE_LARGE, LANE_READ, LANE_SLOW, LANES };
struct queue {
	struct exchange *first, **last;
	unsigned busy; /* of it, with a worker */
};

/* One request on its way: made when its first line is read, freed when it is answered. */
struct exchange {
	struct web *web;
	char *uri;        /* as on the wire: path and query, still encoded */
	bool begun;       /* headers were seen once (see exchange.c) */
	bool asks;        /* whether its file may come: a worker looks, see exchange_let_in() */
	bool over;        /* the body passed the route's limit */
	bool large;       /* what is sent is too large to be kept */
	const char *lang; /* errors are told in it: the page's, or what a program asked for */
	bool answered;    /* `response` is ready to be sent */
	enum lane lane;   /* whose thread answers */
	struct standing
		standing; /* of the kept answer that it may become; taken before it is made */
	const struct route *route; /* NULL where no route fits: then `route_error` says why */
	enum err route_error;
	char *why;         /* of a body that is refused before it is sent; owned */
	const char *allow; /* methods of this address, for a 405 */
	enum encoding encoding;
	struct body body;
	struct who who; /* of a route of the office */
	struct request request;
	struct response response;
	struct MHD_Connection *connection;
	struct exchange *next; /* in the workers' queue, or among those that wait for a download */
};

struct web {
	struct site site;         /* what pages know of it */
	atomic_bool zone_changed; /* the register names another zone, perhaps */
	_Atomic int64_t day_end;  /* when "today" is over, and pages that show it with it */
	struct uploads *uploads;
	atomic_bool rights_changed; /* of a department, perhaps: uploads are held to them again */
	struct intake *intake;
	bool trust_proxy;
	uint8_t client_key[16]; /* hashes addresses; new at each start */
	struct acceptor *acceptor;
	struct gate *gate;
	struct metrics *metrics; /* NULL where they are not asked for */
	struct MHD_Daemon *daemon;

	pthread_t minutes; /* what is to be done each minute, whether anybody asks or not */
	bool has_minutes;
	int64_t next_hour, clock_jump; /* that thread's own */
	pthread_cond_t stopped;        /* with `mutex` and `closing` */

	struct worker *workers; /* workers.c */
	size_t workers_n;
	pthread_mutex_t mutex; /* guards the queues, and who is idle */
	struct worker *idle;
	struct queue queues[LANES];
	bool closing;
};

/* request.c: fills in the request of an exchange: path, language, parameters. ERR_NOT_FOUND for
 * an address that no route has, ERR_METHOD where another method would do. */
MUST_CHECK enum err request_route(struct exchange *x, const char *method);
MUST_CHECK enum err request_parse(struct exchange *x);
void request_done(struct request *rq);
/* The reader's language by Accept-Language; NULL where it names none of ours. */
const char *preferred_language(const char *header);
/* That of a path's first segment, without its slash before; NULL for none. */
const char *language_at(const char *path);

/* answer.c: runs the route's page on a snapshot, makes an error a page. Never fails. */
void answer(struct exchange *x);
/* exchange.c: whether a file may be sent in, before it is; for a worker, as this reads the
 * database. */
void exchange_let_in(struct exchange *x);

/* response.c: all headers that the exchange's response has. */
struct MHD_Response;
void response_headers(const struct exchange *x, struct MHD_Response *r, enum encoding encoding);

/* server.c: on a new day, drops what was made on the one before. */
void web_watch_day(struct web *web);

/* workers.c: threads for what is not in the cache, so that those which serve from it never wait. */
MUST_CHECK enum err workers_start(struct web *web);
void workers_stop(struct web *web);
/* Suspends its connection until it is answered; false when the workers are about to end. */
bool workers_give(struct web *web, struct exchange *x);
