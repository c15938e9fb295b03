/* routes.h - the table of all addresses of this server. */
#pragma once
#include "web/view/query_param.h"

struct request;
struct response;

enum method { GET, POST };
enum keep {
	KEEP_NEVER,     /* made for each request; nobody may store it */
	KEEP_ANEW,      /* made for each request, because there are too many to cache */
	KEEP_SYSTEM,    /* kept until the system {slug} changes */
	KEEP_REGISTER,  /* kept until anything changes */
	KEEP_ELSEWHERE, /* its bytes never change, but there is one for each pair of entries:
	                 * clients may cache it, the server makes it each time */
	KEEP_FOREVER,   /* its bytes never change: full tiles, static files by hash */
	KEEP_WHILE,  /* kept for KEEP_SECONDS, then until anything changes; for costly answers that
	              * may be slightly old */
	KEEP_MOMENT, /* a few seconds at most: the checkpoint */
	KEEP_BUILT   /* a file that exports.h makes, kept there until anything changes */
};

enum slow { SLOW_NEVER, SLOW_ASKED /* with a query */, SLOW };

struct route {
	enum method method;
	/* "{name}" matches one segment; "{name.}" one that may end in ".md" or ".json"; "{name*}"
	 * the rest; "{lang}" a language of base/languages.h. */
	const char *path;
	enum keep keep;
	size_t body_max; /* bytes; 0 means a body is refused */
	enum err (*answer)(struct request *rq, struct response *rs);
	bool file;                       /* the body is a department's file: see upload.h */
	const struct query_param *query; /* its parameters; NULL for none */
	enum slow slow;                  /* takes more than some milliseconds: see workers.c */
	/* The action of registry/event/access.h that it requires; its forms carry the session's
	 * "csrf". NULL: open to everybody. */
	const char *access;
	/* A form with more inputs than the request has room for: of `body` only the first few are
	 * read as parameters, the handler reads the rest itself. */
	bool large_form;
	/* A form that may bring a file, as multipart/form-data: of a body of that type the short
	 * values of the first few parts are parameters, the handler reads the rest itself. */
	bool multipart;
	/* For scripts and programs: its errors are JSON, like those below /api/. */
	bool script;
};
/* Whether its answers are kept in the cache. */
static inline bool route_is_kept(const struct route *route)
{
	return route->keep != KEEP_NEVER && route->keep != KEEP_ANEW &&
	       route->keep != KEEP_ELSEWHERE;
}

extern const struct route routes[];
extern const size_t routes_n;
