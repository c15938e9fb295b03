/* `gaya mirror`: follows a register from elsewhere, and serves a read-only copy of it. */
#include "registry/verify/mirror.h"

#include "base/db.h"
#include "base/fetch.h"
#include "base/file.h"
#include "base/journal.h"
#include "base/sandbox.h"
#include "base/user.h"
#include "cli/cli.h"
#include "registry/write/confine.h"
#include "registry/write/register.h"
#include "web/http/listen.h"
#include "web/server/web.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define EVERY 30         /* seconds between two visits to the original */
#define STALE 3600       /* seconds without a good visit before that is reported */
#define WEBHOOK_TRIES 3  /* at most; pauses of one and two seconds */
#define WEBHOOK_MS 10000 /* for each attempt */

struct follower {
	struct mirror_options options;
	struct web_options web_options;
	char *key;                  /* owned */
	struct tlog_policy *policy; /* also read from a file */
	const char *webhook;
	const char *user;
	long every, stale;
	bool once, json;

	sigset_t signals;
	struct mirror *mirror;
	struct web *web;
	int64_t start;
	int64_t moved; /* time of the last change */
	bool syncing;
	struct mirrored last; /* the result of the previous sync */
	const char *reported; /* the finding that was reported last */
};

static enum err seconds(const char *argument, void *to)
{
	long *out = to;
	char *end;

	errno = 0;
	*out = strtol(argument, &end, 10);
	if (errno || *end || *out < 1 || *out > 10000000)
		return usage("mirror", "\"%.40s\" is not a number of seconds", argument);
	return OK;
}

static enum err take_policy(const char *path, void *to)
{
	struct tlog_policy **policy = to;

	tlog_policy_free(TAKE(*policy));
	return tlog_policy_read(path, policy);
}

static enum err parse(int argc, char **argv, struct follower *f)
{
	const struct cli_option options[] = {
		{"data", &f->options.dir},
		{"key", .take = take_key, .to = &f->key},
		{"listen", &f->web_options.listen},
		{"base", &f->web_options.base},
		{"every", .take = seconds, .to = &f->every},
		{"stale", .take = seconds, .to = &f->stale},
		{"policy", .take = take_policy, .to = &f->policy},
		{"webhook", &f->webhook},
		{"user", &f->user},
		{"once", .flag = &f->once},
		{"json", .flag = &f->json},
		{0},
	};

	TRY(cli_options(argc, argv, "mirror", options));
	f->options.key = f->key;
	if (!f->options.dir || optind != argc - 1)
		return usage("mirror", "one address and --data DIR are needed");
	if (f->once && f->web_options.listen)
		return usage("mirror", "--once looks once and ends: it does not --listen");
	TRY(check_base("mirror", f->web_options.base));
	f->options.url = argv[optind];
	f->options.policy = f->policy;
	f->options.fresh = f->stale;
	return OK;
}

/* --- reports --- */

/* Seconds since the last success: the original was good, or something was copied. `seen` is the
 * time of earlier runs for a single visit; before the first one nothing has waited. */
static int64_t waited(const struct follower *f, int64_t seen)
{
	int64_t since = f->once && seen ? seen : seen > f->start ? seen : f->start;

	if (f->moved > since)
		since = f->moved;
	return env_now(&env_real) - since;
}

/* The name of a finding; "stale" if there was no success for too long. */
static const char *finding_of(const struct follower *f, const struct mirrored *r)
{
	if (r->finding == FINDING_AWAY && waited(f, r->seen) > f->stale)
		return "stale";
	return finding_name(r->finding);
}

static json_t *as_json(const struct follower *f, const struct mirrored *r)
{
	char now[TIME_TEXT], seen[TIME_TEXT] = "", cosigned[TIME_TEXT] = "";

	time_text(env_now(&env_real), now);
	if (r->seen)
		time_text(r->seen, seen);
	if (r->cosigned_at)
		time_text(r->cosigned_at, cosigned);
	return json_make("{s:s,s:s,s:s?,s:s,s:s,s:I,s:I,s:I,s:s?,s:o,s:s?}", "at", now, "finding",
		finding_of(f, r), "why", r->why[0] ? r->why : NULL, "url", f->options.url, "origin",
		mirror_vkey(f->mirror)->name, "size", (json_int_t)r->size, "new",
		(json_int_t)r->taken, "missing", (json_int_t)r->missing, "seen",
		seen[0] ? seen : NULL, "cosigned",
		r->cosigned ? json_integer((json_int_t)r->cosigned) : json_null(), "cosigned_at",
		cosigned[0] ? cosigned : NULL);
}

static bool is_stopping(void *arg)
{
	sigset_t pending;

	sigpending(&pending);
	return sigismember(&pending, SIGTERM) || sigismember(&pending, SIGINT);
}

/* True if it is time to stop. */
static bool rest(unsigned seconds)
{
	const struct timespec nap = {.tv_nsec = 250 * 1000000L};

	for (unsigned i = 0; i < 4 * seconds && !is_stopping(NULL); i++)
		nanosleep(&nap, NULL);
	return is_stopping(NULL);
}

/* Limited to a few attempts of a few seconds. Listeners can also poll with --once --json. */
static void call_webhook(const struct follower *f, const json_t *what)
{
	AUTO(buf) text = BUF(16 * KIB), answer = BUF(64 * KIB);
	struct fetch *fetch = NULL;
	int status = 0;

	json_canonical(what, &text);
	if (fetch_open(&fetch) != OK)
		return;
	fetch_named(fetch, f->webhook);
	fetch_patience(fetch, WEBHOOK_MS, WEBHOOK_MS);
	fetch_watch(fetch, is_stopping, NULL);
	for (unsigned i = 0; i < WEBHOOK_TRIES && status / 100 != 2 && !rest(i); i++) {
		const struct fetch_body body = {
			.data = text.data, .len = text.len, .type = "application/json"};

		buf_clear(&answer);
		if (fetch_post(fetch, f->webhook, &body, &answer, &status) != OK)
			status = 0;
	}
	if (status / 100 != 2)
		journal("mirror: the webhook %s did not take the report", f->webhook);
	fetch_free(fetch);
}

static void log_line(const struct mirrored *r, const char *finding)
{
	if (r->finding == FINDING_GOOD)
		journal("mirror: good: %" PRIu64 " entries, %" PRIu64 " new", r->size, r->taken);
	else
		journal("mirror: %s: %s", finding, r->why);
}

/* Reports each change once, so that a lasting fork does not fill the journal. */
static void report(struct follower *f, const struct mirrored *r)
{
	const char *finding = finding_of(f, r);
	bool changed = strcmp(finding, f->reported ? f->reported : "good") != 0;

	if (changed || (r->finding == FINDING_GOOD && r->taken))
		log_line(r, finding);
	if (changed && f->webhook) {
		json_auto_t *what = as_json(f, r);

		call_webhook(f, what);
	}
	f->reported = finding;
}

/* --- following --- */

static void has_moved(void *arg)
{
	struct follower *f = arg;

	f->moved = env_now(&env_real);
}

/* A very slow original may keep a sync running for hours, which must be reported. */
static void tell_stale(struct follower *f)
{
	struct mirrored r = f->last;

	if (waited(f, r.seen) <= f->stale)
		return;
	r.finding = FINDING_AWAY;
	r.taken = 0;
	snprintf(r.why, sizeof(r.why),
		"it answers, but for over %ld seconds nothing came that could be taken over",
		f->stale);
	report(f, &r);
}

/* Polled while waiting for the original. */
static bool must_stop(void *arg)
{
	struct follower *f = arg;

	if (is_stopping(NULL))
		return true;
	if (f->syncing && !(f->reported && strcmp(f->reported, "stale") == 0))
		tell_stale(f);
	return is_stopping(NULL);
}

static void show_progress(void *arg, uint64_t done, uint64_t entries)
{
	fprintf(stderr, "\r%" PRIu64 " / %" PRIu64 "%s", done, entries,
		done == entries ? "\r\033[K" : "");
}

/* Its pages name the original, and are byte for byte the same. */
static enum err serve(struct follower *f)
{
	struct reg *reg = mirror_reg(f->mirror);
	const char *listen = f->web_options.listen;

	if (f->web || !reg || !listen)
		return OK;
	if (!f->web_options.base)
		f->web_options.base = reg_original(reg);
	/* Only the original's office can change the zone; until then pages show times in UTC. */
	if (cli_time_zone(reg) != OK)
		journal("mirror: times are shown in UTC: the register's time zone: %s", err_why());
	TRY(web_start(reg, &f->web_options, &f->web));
	tell(stdout, "gaya: serving at http://%.*s:%u\n", (int)(strrchr(listen, ':') - listen),
		listen, web_port(f->web));
	fflush(stdout);
	return OK;
}

static bool wait_for_end(const struct follower *f)
{
	const struct timespec until = {.tv_sec = f->every};

	return sigtimedwait(&f->signals, NULL, &until) > 0;
}

/* Serves the last good state before and during visits to the original. */
static enum err follow(struct follower *f)
{
	struct mirrored r;

	do {
		enum err e;

		TRY(serve(f));
		f->syncing = true;
		e = mirror_sync(f->mirror, &r);
		f->syncing = false;
		f->last = r;
		if (e == OK)
			TRY(serve(f));
		if (!is_stopping(NULL))
			report(f, &r);
	} while (!wait_for_end(f));
	journal("stopping");
	return OK;
}

static void print_once(const struct follower *f, const struct mirrored *r)
{
	if (f->json) {
		json_auto_t *what = as_json(f, r);

		print_json(what);
	} else if (r->finding == FINDING_GOOD) {
		tell(stdout, "good: %" PRIu64 " entries of %s, %" PRIu64 " new\n", r->size,
			mirror_vkey(f->mirror)->name, r->taken);
	} else {
		emit(stdout, "%s: %s\n", T(finding_of(f, r)), r->why);
	}
}

static enum err look_once(struct follower *f)
{
	struct mirrored r;
	enum err e = mirror_sync(f->mirror, &r);

	print_once(f, &r);
	if (r.finding != FINDING_GOOD && f->webhook) {
		json_auto_t *what = as_json(f, &r);

		call_webhook(f, what);
	}
	return e == OK ? OK : fail(e, "%s", r.why);
}

/* It may open its folder and connect to its addresses; otherwise the rules are a server's. A
 * redirect from http to https works, one to another port does not. */
static enum err confine(const struct follower *f)
{
	struct sandbox s = {
		.does = SANDBOX_LISTENS | SANDBOX_CONNECTS | SANDBOX_STARTS | SANDBOX_RENAMES};
	static const char *const folders[] = {REG_MODEL, REG_TMP, REG_DOWNLOADS};
	unsigned holds;

	if (f->web_options.listen)
		s.listens.port[s.listens.n++] = listen_port(f->web_options.listen);
	confine_connects(&s.connects, f->options.url);
	confine_connects(&s.connects, "https://redirected.invalid/");
	if (f->webhook)
		confine_connects(&s.connects, f->webhook);
	TRY(file_make_dir(f->options.dir, 0700));
	for (size_t i = 0; i < COUNT(folders); i++) { /* afterwards it can make only files */
		AUTOFREE char *path = file_in(f->options.dir, folders[i]);

		TRY(file_make_dir(path, 0700));
	}
	TRY(confine_to_folder(f->options.dir, &s, &holds));
	if (!f->once)
		cli_tell_sandbox(
			SANDBOX_FILES | SANDBOX_TCP | SANDBOX_SIGNALS | SANDBOX_CALLS, holds);
	return OK;
}

static enum err run(struct follower *f)
{
	enum err e;

	TRY(user_check_owner(f->options.dir, f->user));
	TRY(user_become(f->user));
	TRY(confine(f));
	reg_readers(0);
	db_maps(0);
	TRY(mirror_open(&f->options, &f->mirror));
	if (mirror_key_on_trust(f->mirror))
		journal("mirror: the key was taken from the register itself: compare %s/%s "
			"with a copy from elsewhere",
			f->options.dir, REG_VKEY);
	e = f->once ? look_once(f) : follow(f);
	web_stop(f->web);
	mirror_close(f->mirror);
	return e;
}

enum err cli_mirror(int argc, char **argv)
{
	struct follower f = {.every = EVERY, .stale = STALE, .start = env_now(&env_real)};
	enum err e;

	f.options.stopping = must_stop;
	f.options.moved = has_moved;
	f.options.progress = isatty(2) ? show_progress : NULL;
	f.options.arg = &f;
	/* Blocked before any thread starts, so that only sigtimedwait() receives them. */
	sigemptyset(&f.signals);
	sigaddset(&f.signals, SIGTERM);
	sigaddset(&f.signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &f.signals, NULL);
	e = parse(argc, argv, &f);
	if (e == OK && !f.once)
		cli_speak_to_log();
	if (e == OK)
		e = run(&f);
	free(f.key);
	tlog_policy_free(f.policy);
	return e;
}
