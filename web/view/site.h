/* site.h - the part of the server that pages use: the register, the templates and messages, and
 * shared state. Pages know nothing else of the server. */
#pragma once
#include "audit/tile_cache.h"
#include "registry/policy/judgement.h"
#include "registry/write/register.h"

#include <pthread.h>
#include <stdatomic.h>

struct view;
struct limit;
struct spool;
struct witnesses;
struct cache;
struct exports;
struct policies_kept;
struct standards_kept;
struct lists_kept;
struct search_kept;
struct people;

struct site {
	struct reg *reg;
	struct people *people; /* NULL for a mirror */
	struct view *view;
	char *base;               /* the public address of the register, without a trailing slash */
	char *folder;             /* the register's, for commands that pages show */
	struct tile_cache *tiles; /* for proofs */
	struct limit *limit;      /* of questions, from one network */
	struct limit *limit_all;  /* from all networks together */
	struct limit *supplied;   /* answers of suppliers */
	struct limit *checks;     /* of records, at /api/v1/check */
	struct policies_kept *policies;
	struct standards_kept *standards;
	struct lists_kept *lists;
	struct search_kept *searches;
	pthread_mutex_t judging; /* guards the judge and the policies that it uses */
	struct judge *judge;
	struct policies in_force;
	struct spool *spool;
	struct witnesses *witnesses; /* NULL if the register has none */
	struct cache *cache;
	struct exports *exports;
	int read_ms; /* time limit for reading the database for one answer: patience.h */
	uint8_t contact_public[32];
};

/* Of a mirror: the address of its original; else NULL. */
const char *site_original(const struct site *site);
int64_t site_now(const struct site *site);
/* The size of the page cache. */
void site_kept(const struct site *site, size_t *bytes, size_t *pages);
/* The downloads under /data/: [{"file", "report", "title", "about" or null, "output", "source" or
 * null, "bytes" of the newest there is, or null, "at": when its state was read, or null}…]; starts
 * making those that do not exist yet. A new reference. */
json_t *site_downloads(const struct site *site);
