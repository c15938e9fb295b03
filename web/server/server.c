#include "web/server/server.h"
#include "base/locked.h"

#include "base/crypto.h"
#include "base/file.h"
#include "base/journal.h"
#include "base/security.h"
#include "registry/event/settings.h"
#include "registry/query/search.h"
#include "web/http/acceptor.h"
#include "web/http/gate.h"
#include "web/pages/submit.h"
#include "web/server/exchange.h"
#include "web/server/exports.h"
#include "web/server/metrics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONNECTIONS 4096
#define IDLE_SECONDS 30
#define CACHE_BYTES (256 * MIB)
#define ANSWERS_A_QUESTION 4 /* saves that a supplier may make for each question */
#define CHECKS_A_QUESTION 10 /* record checks that a client may make for each question */

const char *site_original(const struct site *site)
{
	return reg_original(site->reg);
}

int64_t site_now(const struct site *site)
{
	return env_now(reg_env(site->reg));
}

void site_kept(const struct site *site, size_t *bytes, size_t *pages)
{
	cache_size(site->cache, bytes, pages);
}

static void end_of_day(int64_t now, _Atomic int64_t *out)
{
	struct tm day;
	time_t at = now;

	localtime_r(&at, &day);
	day.tm_mday++;
	day.tm_hour = day.tm_min = day.tm_sec = 0;
	day.tm_isdst = -1;
	*out = mktime(&day);
}

/* The office may move the register to another zone while the server runs. */
static void watch_zone(struct web *web)
{
	const struct snapshot *snap;

	if (!web->zone_changed || !atomic_exchange(&web->zone_changed, false))
		return;
	if (reg_read(web->site.reg, &snap) != OK) {
		web->zone_changed = true; /* the next request tries again */
		return;
	}
	if (settings_use_zone(snap->model) != OK)
		journal("times are shown in UTC: the register's time zone: %s", err_why());
	reg_read_done(web->site.reg, snap);
	web->day_end = 0; /* all pages show times */
}

/* Reviews become due without any write, so a new day invalidates all pages. */
void web_watch_day(struct web *web)
{
	const struct changes changes = {.touches = TOUCHES_ALL};
	int64_t now = site_now(&web->site), end;

	watch_zone(web);
	end = web->day_end;
	if (now < end)
		return;
	end_of_day(now, &web->day_end);
	cache_changed(web->site.cache, &changes);
	exports_changed(web->site.exports); /* texts held back until today */
}

#define MINUTE 60
#define HOUR 3600

static bool wait_a_minute(struct web *web)
{
	struct timespec until = monotonic_in(1000 * MINUTE);

	LOCKED(&web->mutex);
	while (!web->closing &&
		pthread_cond_clockwait(&web->stopped, &web->mutex, CLOCK_MONOTONIC, &until) == 0)
		;
	return !web->closing;
}

static const char *clock_state(int64_t jump)
{
	return !jump ? "is right again: entries are written as ever"
	       : jump > 0
	               ? "was set forward by more than an hour while gaya ran: nothing is written until it is "
	                 "right or gaya is restarted (docs/operate.md)"
	               : "was set back by more than an hour while gaya ran: nothing is written until it is "
	                 "right or gaya is restarted (docs/operate.md)";
}

/* Reports a change even if nobody writes. */
static void watch_clock(struct web *web)
{
	int64_t jump = reg_clock_jump(web->site.reg);

	if (!jump == !web->clock_jump)
		return;
	web->clock_jump = jump;
	journal("the machine's clock %s", clock_state(jump));
}

/* Expires old data, returns free memory and writes reports, even without requests. */
static void *each_minute(void *arg)
{
	struct web *web = arg;

	do {
		int64_t now = site_now(&web->site);

		security_tell(false);
		mem_give_back();
		watch_clock(web);
		if (web->clock_jump) /* when it will end is unknown */
			continue;
		if (now < web->next_hour && now >= web->next_hour - HOUR)
			continue;
		web->next_hour = now + HOUR;
		submit_expiry(&web->site);
	} while (wait_a_minute(web));
	security_tell(true);
	return NULL;
}

static enum err start_minutes(struct web *web)
{
	ENSURE(pthread_create(&web->minutes, NULL, each_minute, web) == 0, ERR_SYSTEM,
		"no threads for the server");
	web->has_minutes = true;
	return OK;
}

/* Not done in on_change(), because the writer would wait for it. */
static void tick(void *arg)
{
	struct web *web = arg;

	if (atomic_exchange(&web->rights_changed, false))
		uploads_check(web->uploads);
}

static enum err start_daemon(struct web *web, const struct web_options *o)
{
	/* One more than processors: requests wait a quarter less if a thread waits for another. */
	unsigned threads = o->threads ? o->threads : (unsigned)sysconf(_SC_NPROCESSORS_ONLN) + 1;
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO | MHD_ALLOW_SUSPEND_RESUME |
	                 MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC;

	struct gate_options gating = {
		.connections = gate_room(o->connections ? o->connections : CONNECTIONS),
		.patience_ms = o->patience_ms,
		.tick = tick,
		.find = exchange_find,
		.release = cache_release,
		.arg = web};
	AUTO(buf) standing = BUF(4 * KIB);

	response_standing_headers(web, &standing);
	gating.headers = buf_text(&standing);
	/* Behind a proxy all connections come from it, and it must limit them. */
	gating.per_network = o->trust_proxy   ? 0
	                     : o->per_network ? o->per_network
	                                      : gating.connections / 8 + 1;
	TRY(acceptor_open(o->listen, &web->acceptor));
	TRY(gate_new(&gating, &web->gate));
	web->daemon = mhd.start_daemon(flags, 0, NULL, NULL, exchange_on_request, web,
		MHD_OPTION_THREAD_POOL_SIZE, threads < 2 ? 2 : threads, MHD_OPTION_URI_LOG_CALLBACK,
		exchange_on_uri, web, MHD_OPTION_NOTIFY_COMPLETED, exchange_on_completed, web,
		MHD_OPTION_NOTIFY_CONNECTION, gate_on_connection, web->gate,
		MHD_OPTION_CONNECTION_LIMIT, GATE_CONNECTIONS(gating.connections),
		MHD_OPTION_CONNECTION_TIMEOUT, web->idle_s, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
		(size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
	ENSURE(web->daemon, ERR_SYSTEM, "the server's threads cannot be started");
	return acceptor_start(web->acceptor, web->gate, web->daemon);
}

static enum err load_contact_key(struct web *web)
{
	AUTOFREE char *path = file_in(reg_dir(web->site.reg), REG_CONTACT_PUBLIC);
	AUTO(buf) text = BUF(KIB);

	TRY(file_read(path, &text));
	ENSURE(text.len == 2 * SEAL_PUBLIC + 1, ERR_CORRUPT, "%s is damaged", path);
	text.data[2 * SEAL_PUBLIC] = '\0';
	return hex_parse(text.data, web->site.contact_public, SEAL_PUBLIC);
}

static void on_change(void *arg, const struct changes *changes)
{
	struct web *web = arg;

	if (!changes->touches) /* an invisible commit: cached answers stay valid */
		return;
	if (changes->touches & TOUCHES_SETTINGS)
		web->zone_changed = true;
	if (changes->touches & TOUCHES_RIGHTS) {
		web->rights_changed = true;
		gate_wake(web->gate);
	}
	cache_changed(web->site.cache, changes);
	lists_kept_forget(web->site.lists);
	search_kept_forget(web->site.searches);
	exports_changed(web->site.exports);
	witnesses_wake(web->site.witnesses);
}

/* A path is put behind it, which begins with one. */
static char *without_slashes(const char *base)
{
	size_t len = strlen(base);

	while (len && base[len - 1] == '/')
		len--;
	return mem_bytes(base, len);
}

static enum err start(struct web *web, const struct web_options *o)
{
	TRY(view_open(&web->site.view));
	if (!reg_original(web->site.reg)) /* a mirror has no writes */
		TRY(load_contact_key(web));
	web->site.tiles = tile_cache_new();
	web->site.cache = cache_new(o->cache_bytes ? o->cache_bytes : CACHE_BYTES);
	web->site.limit = limit_new(o->feedback_limit);
	web->site.limit_all = limit_new(o->feedback_limit_all);
	web->site.supplied = limit_new(ANSWERS_A_QUESTION * o->feedback_limit);
	web->site.checks = limit_new(CHECKS_A_QUESTION * o->feedback_limit);
	web->site.spool = spool_new(web->site.reg);
	web->uploads = uploads_new(web->site.reg, o->upload_grace_ms);
	web->intake = intake_new(web->site.reg, o->intake_bytes, o->upload_grace_ms);
	web->site.policies = policies_kept_new();
	web->site.standards = standards_kept_new();
	web->site.lists = lists_kept_new();
	web->site.searches = search_kept_new();
	web->site.judge = judge_new(reg_program());
	end_of_day(site_now(&web->site), &web->day_end);
	TRY(exports_start(web, o->exports, o->export_pause_ms, &web->site.exports));
	TRY(witnesses_start(web->site.reg, &web->site.witnesses));
	reg_on_change(web->site.reg, on_change, web);
	web->site.base = o->base ? without_slashes(o->base) : NULL;
	web->site.folder = mem_text(o->folder ? o->folder : reg_dir(web->site.reg));
	TRY(start_daemon(web, o));
	if (!web->site.base)
		web->site.base = mem_printf("http://%.*s:%u",
			(int)(strrchr(o->listen, ':') - o->listen), o->listen, web_port(web));
	TRY(workers_start(web));
	TRY(start_minutes(web));
	return o->metrics ? metrics_start(web, o->metrics, &web->metrics) : OK;
}

enum err web_start(struct reg *reg, const struct web_options *options, struct web **out)
{
	struct web *web = mem_new(sizeof(*web));
	enum err e;

	web->site.reg = reg;
	web->site.people = options->people;
	web->trust_proxy = options->trust_proxy;
	web->idle_s = options->idle_s ? options->idle_s : IDLE_SECONDS;
	web->site.read_ms = options->read_ms ? options->read_ms : READ_MS;
	for (size_t i = 0; i < LANES; i++)
		web->queues[i].last = &web->queues[i].first;
	crypto_random(web->client_key, sizeof(web->client_key));
	pthread_mutex_init(&web->mutex, NULL);
	pthread_mutex_init(&web->site.judging, NULL);
	pthread_cond_init(&web->stopped, NULL);
	e = start(web, options);
	if (e != OK) {
		e = fail(e, "%s", err_why());
		web_stop(web);
		return e;
	}
	*out = web;
	return OK;
}

void web_stop(struct web *web)
{
	if (!web)
		return;
	/* First stops new requests, then lets the workers answer theirs, then ends the rest. */
	acceptor_free(TAKE(web->acceptor));
	workers_stop(web);
	if (web->has_minutes)
		pthread_join(web->minutes, NULL);
	exports_stop(web->site.exports);
	if (web->daemon)
		mhd.stop_daemon(web->daemon);
	gate_free(web->gate);
	metrics_stop(web->metrics);
	witnesses_stop(web->site.witnesses);
	reg_on_change(web->site.reg, NULL, NULL);
	exports_free(web->site.exports);
	cache_free(web->site.cache);
	tile_cache_free(web->site.tiles);
	limit_free(web->site.limit);
	limit_free(web->site.limit_all);
	limit_free(web->site.checks);
	limit_free(web->site.supplied);
	spool_free(web->site.spool);
	intake_free(web->intake);
	uploads_free(web->uploads);
	policies_kept_free(web->site.policies);
	standards_kept_free(web->site.standards);
	lists_kept_free(web->site.lists);
	search_kept_free(web->site.searches);
	judge_free(web->site.judge);
	policies_done(&web->site.in_force);
	view_free(web->site.view);
	pthread_cond_destroy(&web->stopped);
	pthread_mutex_destroy(&web->mutex);
	pthread_mutex_destroy(&web->site.judging);
	free(web->site.base);
	free(web->site.folder);
	free(web);
}

unsigned web_metrics_port(const struct web *web)
{
	return web->metrics ? metrics_port(web->metrics) : 0;
}

unsigned web_port(const struct web *web)
{
	return acceptor_port(web->acceptor);
}
