/* request.h - the input and output of a page. */
#pragma once
#include "audit/store.h"
#include "base/json.h"
#include "web/http/client.h"
#include "web/http/patience.h"
#include "web/view/routes.h"
#include "web/view/site.h"

struct standard;
struct upload;
struct spooled;
struct who;

struct param {
	const char *name;
	char *value; /* decoded; owned by the request */
};

struct request {
	struct site *site;
	const struct route *route;
	const struct snapshot *snap; /* a snapshot of checkpointed state, valid during this call */
	const struct standard *standard;
	const char *path;        /* as requested, without the query */
	char lang[8];            /* of languages.h: from the address, or the reader's preference */
	char extension[8];       /* "md", "json" of /systems/x.json; "" otherwise */
	struct param params[24]; /* of the route's {names}, the query and the form, in this order */
	size_t params_n, params_path, params_query; /* the end of each part */
	const char *body;                           /* the raw body of a POST; "" */
	size_t body_len;
	const char *body_type;    /* the header Content-Type; NULL without */
	struct upload *upload;    /* instead of a body, for a route that takes a file; else NULL */
	struct patience patience; /* how long `snap` may be read */
	uint64_t client; /* keyed hash of the client's network, for counting without identifying */
	struct client_network network; /* `len` 0 if unknown; never written to a log or journal */
	/* Facts are shown in the words of the policies adopted before this entry; 0: now. */
	int64_t words_before;
	/* For a route of the office: the person signed in (web/office/office.h), NULL for nobody;
	 * the headers Cookie, User-Agent, Host and Sec-Fetch-Site, NULL if missing. */
	const struct who *who;
	const char *cookie, *agent, *host, *fetch_site;
};

/* Borrows rq->snap again, for a page that returned it in order to wait, while the request's
 * patience lasts. ERR_BUSY after that. */
MUST_CHECK enum err request_read(struct request *rq);
void request_read_done(struct request *rq);

/* A route's {name}. Never NULL for a name that the route has. */
const char *request_path(const struct request *rq, const char *name);
/* A {name} that is a number from 1, in canonical form; 0 for anything else. */
int64_t request_number(const struct request *rq, const char *name);
/* A query parameter of an allowed value (query_param.h); NULL if it is missing or empty. */
const char *request_query(const struct request *rq, const char *name);
/* A parameter that is a number (QUERY_NUMBER, QUERY_OFFSET); `otherwise` if it is missing. */
int64_t request_query_number(const struct request *rq, const char *name, int64_t otherwise);
/* A form's field; NULL if it is missing. */
const char *request_form(const struct request *rq, const char *name);

struct response {
	int status;       /* 0 means 200 */
	const char *type; /* media type; NULL: HTML */
	struct buf body;
	char *location;          /* of a redirect (status 303 or 301); owned */
	char *filename;          /* "…": the file name of a download; owned */
	char *title;             /* that name in the reader's language, if it differs; owned */
	bool file;               /* a department's file: always downloaded, never rendered */
	struct spooled *spooled; /* sent instead of `body`; owned */
	char etag[72];           /* "" for none */
	int64_t made;     /* the time of a cached answer's state, if it may be outdated; 0: now */
	char *cookies[2]; /* values of Set-Cookie; owned */
	bool private_;    /* only for this reader: no cache may keep it */
	bool goes_back;   /* private_, but the reader's browser may keep it for its Back button,
	                   * because it cannot request the answer to a form again */
};
void response_done(struct response *rs);

/* Renders templates/<name> with `view` inside the page frame (title, navigation, language switch)
 * into rs->body. `view` must have "title"; the frame adds register, lang, messages as {{t.key}},
 * "path", "other" (the same page in each other language). Takes ownership of `view`. */
MUST_CHECK enum err page_render(
	const struct request *rq, struct response *rs, const char *name, json_t *view);
/* Answers with a value in JSON and a newline; takes over the value. */
MUST_CHECK enum err page_json(struct response *rs, json_t *value);
/* The message of a key in the request's language; if missing, "", or an abort in tests. */
const char *message(const struct request *rq, const char *key);
/* A text value {"ko": …} as {"text", "lang", "foreign": bool: not in the page's language}; null
 * without any text. */
json_t *view_text(const struct request *rq, const json_t *texts);
/* A UTC time as {"iso", "date": "2026. 11. 22." / "22 November 2026", "time": "21:05"} in the
 * register's zone. */
json_t *view_time(const struct request *rq, const char *at);
