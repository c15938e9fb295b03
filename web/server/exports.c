#include "web/server/exports.h"
#include "base/locked.h"

#include "base/env.h"
#include "base/file.h"
#include "base/journal.h"
#include "base/sha256.h"
#include "base/zone.h"
#include "registry/profile/export.h"
#include "registry/write/checkpointed.h"
#include "web/http/compress.h"
#include "web/http/mhd.h"
#include "web/server/export_files.h"
#include "web/server/export_tables.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define ADDRESS "/data/"
#define REPORT ".report.json" /* appended to the file's name: its losses */
#define RETRY_MS 5000         /* after a failed build */
#define PAUSE_TIMES 20        /* the next build waits this many times the duration of the last */
#define PAUSE_LEAST_MS 1000
#define WAL_LONG (24 * MIB) /* without a reader that stays long, it is about 16 */
#define NICE 10

enum part { PART_FILE, PART_REPORT, PARTS };

SQL(ERASED, "exports.erased", "SELECT coalesce(max(entry), -1) FROM subject WHERE kind = 'erased'");

/* A file as of one generation; the responses own their descriptors. */
struct built {
	uint64_t generation; /* 0: it was made before this start */
	uint64_t number;     /* of its files (export_files.h) */
	uint64_t entries;    /* of the log, at least */
	int64_t at;          /* by the register's clock, before its state was read */
	char etag[PARTS][ETAG_TEXT];
	struct MHD_Response *plain[PARTS], *gzip[PARTS];
	int64_t bytes;
};

struct exported {
	const char *profile; /* argument of profile_open(); NULL: `table` makes it, not a profile */
	const struct export_table *table;
	json_t *about;
	struct built *built;      /* the newest; NULL: none yet */
	struct results *results;  /* of its program, for `built`; only the thread uses them */
	bool looked;              /* looked for a file from before the start */
	bool failed;              /* the first build failed; retried after `retry` */
	int64_t retry, next;      /* next: not rebuilt before this; both monotonic milliseconds */
	bool wanted;              /* even if nobody waits */
	struct exchange *waiting; /* linked by `next`, last one first */
};

struct exports {
	struct web *web;
	pthread_mutex_t mutex; /* guards everything below */
	pthread_cond_t work;
	pthread_t thread;
	bool started;
	atomic_bool closing;
	uint64_t generation; /* counts changes of the register from 1 */
	int64_t pause_ms;    /* between two builds of a file; 0: from their duration */
	size_t n, turn;      /* turn: the file built last */
	struct exported *files;
};

static const struct route built_route = {.keep = KEEP_BUILT};

static const char *setting(const struct exported *f, const char *member)
{
	return json_str(json_object_get(f->about, "export"), member);
}

/* --- one build --- */

static void built_free(struct built *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < PARTS; i++) {
		if (b->plain[i])
			mhd.destroy_response(b->plain[i]);
		if (b->gzip[i])
			mhd.destroy_response(b->gzip[i]);
	}
	free(b);
}

static const char *dir_of(const struct exports *s)
{
	return reg_dir(s->web->site.reg);
}

/* A file without a name: no other process sees it, and it is gone when this one ends. */
static enum err temporary(const struct exports *s, FILE **out)
{
	int fd;

	TRY(reg_nameless(s->web->site.reg, &fd));
	*out = fdopen(fd, "w+");
	if (!*out)
		abort();
	return OK;
}

static void close_file(FILE **file)
{
	if (*file)
		fclose(*file);
}
#define AUTOCLOSE __attribute__((cleanup(close_file)))

static enum err size_of(FILE *file, int64_t *out)
{
	struct stat st;

	ENSURE(fflush(file) == 0 && fstat(fileno(file), &st) == 0, ERR_SYSTEM,
		"a temporary file: %s", err_os(errno));
	*out = st.st_size;
	return OK;
}

static enum err respond(struct exports *s, const struct exported *f, enum part part, FILE *file,
	const struct built *b, enum encoding encoding, struct MHD_Response **out)
{
	struct exchange x = {.web = s->web, .uri = (char *)ADDRESS, .route = &built_route};
	int fd = fcntl(fileno(file), F_DUPFD_CLOEXEC, 0);
	int64_t bytes;

	ENSURE(fd >= 0, ERR_SYSTEM, "no file descriptor: %s", err_os(errno));
	TRY(size_of(file, &bytes));
	*out = mhd.create_response_from_fd64((uint64_t)bytes, fd);
	if (!*out)
		abort();
	x.response.type = part == PART_REPORT ? "application/json" : setting(f, "type");
	x.response.filename =
		mem_printf("%s%s", setting(f, "file"), part == PART_REPORT ? REPORT : "");
	snprintf(x.response.etag, sizeof(x.response.etag), "%s", b->etag[part]);
	x.response.made = b->at;
	response_headers(&x, *out, encoding);
	response_done(&x.response);
	return OK;
}

static enum err make_part(
	struct exports *s, const struct exported *f, enum part part, FILE *file, struct built *b)
{
	enum export_end end = part == PART_FILE ? END_GZIP : END_REPORT_GZIP;
	AUTOCLOSE FILE *small = NULL;
	struct sha256 hash;
	char hex[SHA256_HEX];

	TRY(sha256_of_file(file, &hash));
	sha256_hex(&hash, hex);
	snprintf(b->etag[part], ETAG_TEXT, "W/\"%.32s\"", hex);
	TRY(export_files_make(dir_of(s), setting(f, "file"), b->number, end, &small));
	TRY(compress_gzip_file(file, small, &s->closing));
	TRY(respond(s, f, part, file, b, IDENTITY, &b->plain[part]));
	return respond(s, f, part, small, b, GZIP, &b->gzip[part]);
}

static enum err write_table(struct exports *s, const struct exported *f, FILE *file)
{
	struct snapshot snap;
	char day[DAY_TEXT];
	enum err e;

	zone_day(site_now(&s->web->site), 0, day);
	TRY(checkpointed_open(reg_dir(s->web->site.reg), &snap));
	e = f->table->write(&snap, day, &s->closing, file);
	checkpointed_close(&snap);
	return e;
}

struct reading {
	struct exports *exports;
	struct snapshot snap;
};

/* Most exports end before many writes come, and need no copy. */
static enum err let_log_begin_anew(void *arg)
{
	struct reading *r = arg;
	struct reg *reg = r->exports->web->site.reg;

	return reg_health(reg).wal < (int64_t)WAL_LONG ? OK
	                                               : checkpointed_keep(&r->snap, reg_dir(reg));
}

static enum err write_parts(struct exports *s, const struct exported *f, FILE *file, FILE *report,
	struct results *results)
{
	struct reading reading = {.exports = s};
	const struct export_wish wish = {.base = s->web->site.base,
		.pause = let_log_begin_anew,
		.arg = &reading,
		.stop = &s->closing,
		.known = f->results,
		.results = results};
	json_auto_t *summary = NULL;
	struct profile *profile;
	int64_t failed;
	enum err e;

	TRY(profile_open(f->profile, PROFILE_EXPORT, &profile));
	e = profile_choose(profile, setting(f, "output"));
	if (e == OK)
		e = checkpointed_open(reg_dir(s->web->site.reg), &reading.snap);
	if (e == OK) {
		e = export_run(&reading.snap, profile, &wish, file, report, &summary);
		checkpointed_close(&reading.snap);
	}
	profile_free(profile);
	TRY(e);
	failed = json_num(json_object_get(summary, "counts"), "failed");
	if (failed)
		journal(ADDRESS "%s: the profile failed on %lld systems; " ADDRESS "%s" REPORT
				" says why",
			setting(f, "file"), (long long)failed, setting(f, "file"));
	return OK;
}

/* A system that did not change since the last build costs no run of the profile's program. */
static enum err build_profile(struct exports *s, struct exported *f, FILE *file, struct built *b)
{
	AUTOCLOSE FILE *report = NULL;
	FILE *kept = NULL;
	struct results *results;
	enum err e;

	TRY(export_files_make(dir_of(s), setting(f, "file"), b->number, END_REPORT, &report));
	TRY(temporary(s, &kept));
	results = results_new(kept);
	e = write_parts(s, f, file, report, results);
	if (e == OK)
		e = results_done(results);
	if (e != OK) {
		results_free(results);
		return e;
	}
	results_free(f->results);
	f->results = results;
	return make_part(s, f, PART_REPORT, report, b);
}

static enum err build_all(struct exports *s, struct exported *f, struct built *b)
{
	AUTOCLOSE FILE *file = NULL;

	TRY(export_files_make(dir_of(s), setting(f, "file"), b->number, END_PLAIN, &file));
	if (f->table)
		TRY(write_table(s, f, file));
	else
		TRY(build_profile(s, f, file, b));
	TRY(make_part(s, f, PART_FILE, file, b));
	return size_of(file, &b->bytes);
}

/* For the next start. If it fails, the files are served all the same, but have no names any more.
 */
static void keep(const struct exports *s, const struct exported *f, const struct built *b)
{
	json_auto_t *about = json_make("{s:I,s:I,s:s,s:s}", "at", (json_int_t)b->at, "entries",
		(json_int_t)b->entries, "etag", b->etag[PART_FILE], "report_etag",
		b->etag[PART_REPORT]);

	if (export_files_keep(dir_of(s), setting(f, "file"), b->number, about) == OK)
		return;
	journal(ADDRESS "%s: %s", setting(f, "file"), err_why());
	export_files_drop(dir_of(s), setting(f, "file"), b->number);
}

static enum err build(struct exports *s, struct exported *f, struct built *b)
{
	const char *name = setting(f, "file");
	enum err e;

	TRY(export_files_next(dir_of(s), name, &b->number));
	b->entries = reg_health(s->web->site.reg).size; /* read before the state */
	e = build_all(s, f, b);
	if (e == OK) {
		keep(s, f, b);
		return OK;
	}
	e = fail(e, "%s", err_why());
	export_files_drop(dir_of(s), name, b->number);
	return e;
}

struct making {
	struct exports *exports;
	struct exported *file;
	struct built *built;
	enum err e;
};

static void make_once(struct making *m)
{
	m->e = build(m->exports, m->file, m->built);
	if (m->e != OK && !m->exports->closing)
		journal(ADDRESS "%s: %s", setting(m->file, "file"), err_why());
}

static void *make_calmly(void *arg)
{
	setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
	make_once(arg);
	return NULL;
}

/* Nobody waits for a file that is there to be made again, and readers of pages should not notice.
 * A first build may be waited for, and at low priority it takes minutes on busy processors. A
 * thread cannot raise its priority again, so one of its own has the low one. */
static enum err make(struct exports *s, struct exported *f, struct built *b, bool again)
{
	struct making m = {.exports = s, .file = f, .built = b};
	pthread_t thread;

	if (again && pthread_create(&thread, NULL, make_calmly, &m) == 0)
		pthread_join(thread, NULL);
	else
		make_once(&m);
	return m.e;
}

/* --- the files of before the start --- */

static enum err load_part(struct exports *s, const struct exported *f, enum part part,
	const json_t *about, struct built *b)
{
	static const enum export_end ends[PARTS][2] = {
		{END_PLAIN, END_GZIP}, {END_REPORT, END_REPORT_GZIP}};
	const char *name = setting(f, "file");
	AUTOCLOSE FILE *file = NULL, *small = NULL;

	TRY(export_files_open(dir_of(s), name, b->number, ends[part][0], about, &file));
	TRY(export_files_open(dir_of(s), name, b->number, ends[part][1], about, &small));
	if (part == PART_FILE)
		TRY(size_of(file, &b->bytes));
	TRY(respond(s, f, part, file, b, IDENTITY, &b->plain[part]));
	return respond(s, f, part, small, b, GZIP, &b->gzip[part]);
}

/* Nobody may see what was erased after a file was made, however long ago that was. */
static enum err nothing_erased_since(const struct exports *s, int64_t entries)
{
	struct snapshot snap;
	int64_t last;
	enum err e;

	TRY(checkpointed_open_newest(dir_of(s), &snap));
	e = db_int(snap.model, ERASED, BIND_NONE, &last);
	checkpointed_close(&snap);
	TRY(e);
	ENSURE(last < entries, ERR_NOT_FOUND, "something was erased since");
	return OK;
}

static enum err load(struct exports *s, const struct exported *f, struct built *b)
{
	json_auto_t *about = NULL;
	const char *etag, *report;

	TRY(export_files_find(dir_of(s), setting(f, "file"), &b->number, &about));
	b->at = json_num(about, "at");
	TRY(nothing_erased_since(s, json_num(about, "entries")));
	etag = json_str(about, "etag");
	report = json_str(about, "report_etag");
	ENSURE(etag && report, ERR_NOT_FOUND, "it is of another version");
	snprintf(b->etag[PART_FILE], ETAG_TEXT, "%s", etag);
	snprintf(b->etag[PART_REPORT], ETAG_TEXT, "%s", report);
	TRY(load_part(s, f, PART_FILE, about, b));
	return f->table ? OK : load_part(s, f, PART_REPORT, about, b);
}

/* Under the mutex, at the first request: the file is served with its date, and made again soon. */
static void load_once(struct exports *s, struct exported *f)
{
	struct built *b;

	if (f->built || f->looked)
		return;
	f->looked = true;
	b = mem_new(sizeof(*b));
	if (load(s, f, b) == OK) {
		f->built = b;
	} else {
		export_files_drop(dir_of(s), setting(f, "file"), b->number);
		built_free(b);
	}
	pthread_cond_signal(&s->work);
}

/* --- the thread --- */

static bool is_stale(const struct exports *s, const struct exported *f)
{
	return f->built && f->built->generation < s->generation;
}

/* Under the mutex. The next file in turn that somebody waits for; or else, that must be built. */
static struct exported *next_file(struct exports *s)
{
	struct exported *next = NULL;
	int64_t now = monotonic_ms();

	for (size_t i = 1; i <= s->n && !(next && next->waiting); i++) {
		struct exported *f = &s->files[(s->turn + i) % s->n];

		if (f->waiting || (!next && (f->wanted || (is_stale(s, f) && now >= f->next))))
			next = f;
	}
	if (next)
		s->turn = (size_t)(next - s->files);
	return next;
}

/* Under the mutex. Sleeps until there may be something to build. */
static void await_work(struct exports *s)
{
	int64_t next = INT64_MAX;
	struct timespec until;

	for (size_t i = 0; i < s->n; i++)
		if (is_stale(s, &s->files[i]) && s->files[i].next < next)
			next = s->files[i].next;
	if (next == INT64_MAX) {
		pthread_cond_wait(&s->work, &s->mutex);
		return;
	}
	until = (struct timespec){.tv_sec = next / 1000, .tv_nsec = next % 1000 * 1000000};
	pthread_cond_timedwait(&s->work, &s->mutex, &until);
}

/* Under the mutex. */
static void wake_waiting(struct exported *f)
{
	while (f->waiting) {
		struct exchange *x = f->waiting;

		f->waiting = x->next;
		mhd.resume_connection(x->connection);
	}
}

static int64_t pause_after(const struct exports *s, int64_t took)
{
	if (s->pause_ms)
		return s->pause_ms;
	return took * PAUSE_TIMES > PAUSE_LEAST_MS ? took * PAUSE_TIMES : PAUSE_LEAST_MS;
}

/* Under the mutex, which it releases while it builds. */
static void make_file(struct exports *s, struct exported *f)
{
	struct built *b = mem_new(sizeof(*b)), *old = b;
	int64_t started = monotonic_ms();
	bool again = f->built;
	enum err e;

	b->generation = s->generation; /* read before the state, which may be newer */
	b->at = site_now(&s->web->site);
	pthread_mutex_unlock(&s->mutex);
	e = make(s, f, b, again);
	pthread_mutex_lock(&s->mutex);
	f->wanted = false;
	f->failed = e != OK;
	f->retry = monotonic_ms() + RETRY_MS;
	f->next = monotonic_ms() + pause_after(s, monotonic_ms() - started);
	if (e == OK) {
		old = f->built;
		f->built = b;
	}
	wake_waiting(f);
	built_free(old);
}

static void *work(void *arg)
{
	struct exports *s = arg;
	struct exported *f;

	LOCKED(&s->mutex);
	while (!s->closing) {
		f = next_file(s);
		if (f)
			make_file(s, f);
		else
			await_work(s);
	}
	return NULL;
}

/* --- requests --- */

static struct exported *find(struct exports *s, const char *uri, enum part *part)
{
	size_t len = strcspn(uri, "?") - strlen(ADDRESS);

	uri += strlen(ADDRESS);
	for (size_t i = 0; i < s->n; i++) {
		const char *file = setting(&s->files[i], "file");
		size_t own = strlen(file);

		if (len < own || strncmp(uri, file, own) != 0)
			continue;
		*part = len == own ? PART_FILE : PART_REPORT;
		if (len == own || (!s->files[i].table && len == own + strlen(REPORT) &&
					  strncmp(uri + own, REPORT, strlen(REPORT)) == 0))
			return &s->files[i];
	}
	return NULL;
}

static enum export_sent send_built(const struct built *b, enum part part, struct exchange *x,
	const char *none_match, bool gzip)
{
	if (etag_named(none_match, b->etag[part])) {
		snprintf(x->response.etag, sizeof(x->response.etag), "%s", b->etag[part]);
		return EXPORT_SAME;
	}
	return mhd.queue_response(
		       x->connection, MHD_HTTP_OK, gzip ? b->gzip[part] : b->plain[part]) == MHD_YES
	               ? EXPORT_SENT
	               : EXPORT_ENDS;
}

static enum export_sent wait_for(struct exports *s, struct exported *f, struct exchange *x)
{
	/* Must come before the thread can resume it. */
	mhd.suspend_connection(x->connection);
	x->next = f->waiting;
	f->waiting = x;
	pthread_cond_signal(&s->work);
	return EXPORT_WAITS;
}

/* Under the mutex. */
static enum export_sent send_or_wait(
	struct exports *s, struct exchange *x, const char *none_match, bool gzip)
{
	enum part part;
	struct exported *f = find(s, x->uri, &part);

	if (!f)
		return EXPORT_NONE;
	if (s->closing)
		return EXPORT_ENDS;
	load_once(s, f);
	if (f->built)
		return send_built(f->built, part, x, none_match, gzip);
	if (monotonic_ms() >= f->retry)
		f->failed = false;
	return f->failed ? EXPORT_FAILED : wait_for(s, f, x);
}

enum export_sent exports_send(
	struct exports *s, struct exchange *x, const char *none_match, bool gzip)
{
	LOCKED(&s->mutex);
	return send_or_wait(s, x, none_match, gzip);
}

static json_t *listed(const struct exported *f)
{
	const json_t *export = json_object_get(f->about, "export");
	char at[TIME_TEXT];

	if (f->built)
		time_text(f->built->at, at);
	return json_make("{s:s,s:s?,s:o,s:O?,s:O?,s:s?,s:O?,s:o,s:s?}", "file", setting(f, "file"),
		"table", f->table ? f->table->name : NULL, "report",
		f->table ? json_null() : json_sprintf("%s" REPORT, setting(f, "file")), "title",
		json_object_get(f->about, "title"), "about", json_object_get(export, "about"),
		"output", setting(f, "output"), "source", json_object_get(f->about, "source"),
		"bytes", f->built ? json_integer(f->built->bytes) : json_null(), "at",
		f->built ? at : NULL);
}

json_t *site_downloads(const struct site *site)
{
	struct exports *s = site->exports;
	json_t *all = json_array();

	LOCKED(&s->mutex);
	for (size_t i = 0; i < s->n; i++) {
		load_once(s, &s->files[i]);
		json_push(all, listed(&s->files[i]));
		s->files[i].wanted |= !s->files[i].built && !s->files[i].failed;
	}
	pthread_cond_signal(&s->work);
	return all;
}

void exports_changed(struct exports *s)
{
	if (!s)
		return;
	LOCKED(&s->mutex);
	s->generation++;
	pthread_cond_signal(&s->work);
}

/* --- start and stop --- */

static enum err add_file(struct exports *s, const char *profile, json_t *about)
{
	const char *file = json_str(json_object_get(about, "export"), "file");

	for (size_t i = 0; i < s->n; i++)
		ENSURE(strcmp(setting(&s->files[i], "file"), file) != 0, ERR_INVALID,
			"two profiles export to a file named \"%s\"", file);
	s->files = mem_resize(s->files, (s->n + 1) * sizeof(*s->files));
	s->files[s->n++] = (struct exported){.profile = profile, .about = json_incref(about)};
	return OK;
}

static void add_table(struct exports *s, const struct export_table *table)
{
	s->files = mem_resize(s->files, (s->n + 1) * sizeof(*s->files));
	s->files[s->n++] = (struct exported){.table = table,
		.about = json_make(
			"{s:{s:s,s:s}}", "export", "file", table->file, "type", table->type)};
}

static enum err add_folder(struct exports *s, const char *folder)
{
	json_auto_t *about = NULL, *files = NULL;
	struct profile *compiles;

	TRY(profile_open(folder, PROFILE_EXPORT, &compiles));
	profile_free(compiles);
	TRY(profile_read_about(folder, &about));
	files = profile_files(about);
	json_each (files, one) {
		TRY(add_file(s, folder, one));
	}
	return OK;
}

static enum err add_all(struct exports *s, const char *const *folders)
{
	json_auto_t *own = NULL;

	TRY(profile_exports(&own));
	json_each (own, about) {
		TRY(add_file(s, json_str(about, "profile"), about));
	}
	for (size_t i = 0; i < export_tables_n; i++)
		add_table(s, &export_tables[i]);
	for (size_t i = 0; folders && folders[i]; i++)
		TRY(add_folder(s, folders[i]));
	return OK;
}

/* A confined server finds it made. */
static enum err make_folder(const struct exports *s)
{
	AUTOFREE char *folder = file_in(dir_of(s), REG_DOWNLOADS);

	return file_make_dir(folder, 0700);
}

enum err exports_start(
	struct web *web, const char *const *folders, int64_t pause_ms, struct exports **out)
{
	struct exports *s = mem_new(sizeof(*s));
	pthread_condattr_t clock;
	enum err e;

	s->web = web;
	s->generation = 1;
	pthread_mutex_init(&s->mutex, NULL);
	s->pause_ms = pause_ms;
	pthread_condattr_init(&clock);
	pthread_condattr_setclock(&clock, CLOCK_MONOTONIC);
	pthread_cond_init(&s->work, &clock);
	pthread_condattr_destroy(&clock);
	e = add_all(s, folders);
	if (e == OK)
		e = make_folder(s);
	if (e == OK && pthread_create(&s->thread, NULL, work, s) != 0)
		e = fail(ERR_SYSTEM, "no thread for downloads");
	s->started = e == OK;
	if (e != OK) {
		e = fail(e, "%s", err_why());
		exports_free(s);
		return e;
	}
	*out = s;
	return OK;
}

void exports_stop(struct exports *s)
{
	if (!s)
		return;
	pthread_mutex_lock(&s->mutex);
	s->closing = true;
	pthread_cond_signal(&s->work);
	pthread_mutex_unlock(&s->mutex);
	if (s->started)
		pthread_join(s->thread, NULL);
	s->started = false;
	for (size_t i = 0; i < s->n; i++)
		wake_waiting(&s->files[i]);
}

void exports_free(struct exports *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++) {
		built_free(s->files[i].built);
		results_free(s->files[i].results);
		json_decref(s->files[i].about);
	}
	pthread_cond_destroy(&s->work);
	pthread_mutex_destroy(&s->mutex);
	free(s->files);
	free(s);
}
