/* small_register.h - a register in its own folder, for tests of writing and serving: one department
 * with a key, systems from the demo's records, questions. */
#pragma once
#include "audit/store_sqlite.h"
#include "base/crypto.h"
#include "base/file.h"
#include "registry/event/signing.h"
#include "registry/office/office.h"
#include "registry/write/register.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#define ORIGIN "register.example/log"
#define DEPARTMENT "waterworks"

#define must(call) assert_ok((call), #call)
static inline void assert_ok(enum err e, const char *call)
{
	if (e != OK)
		fail_msg("%s: %s", call, err_why());
}

static inline struct skey department_key(void)
{
	const uint8_t seed[ED25519_SEED] = {7};
	struct skey key;

	must(skey_make(ORIGIN "/" DEPARTMENT, seed, &key));
	return key;
}

static inline void temp_dir(char out[64])
{
	snprintf(out, 64, "%s/gaya-test-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(out));
}

static inline void shell(const char *fmt, ...) PRINTF(1, 2);
static inline void shell(const char *fmt, ...)
{
	char command[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	if (system(command) != 0)
		fail_msg("%s", command);
}

/* The record of a demo system's first filing. */
static inline json_t *demo_record(const char *slug)
{
	AUTOFREE char *path = mem_printf("demo/systems/%s.json", slug);
	AUTO(buf) bytes = BUF(MIB);
	json_auto_t *demo = NULL;

	must(file_read(path, &bytes));
	must(json_read(buf_text(&bytes), bytes.len, MIB, RULES_STRICT, &demo));
	return json_incref(
		json_object_get(json_array_get(json_object_get(demo, "history"), 0), "record"));
}

/* Signs a filing after the entry `after`; takes ownership of the record. */
static inline void sign_filing(const struct env *env, const char *slug, json_t *record,
	int64_t after, struct signed_event *out)
{
	struct skey key = department_key();

	must(sign_event(&key, env, "system.filed", "system", slug, after,
		json_make("{s:s}", "department", DEPARTMENT), json_make("{s:o}", "record", record),
		out));
}

struct job_signed {
	struct job job;
	const struct signed_event *event;
	uint64_t index;
};

static inline enum err run_signed(struct tx *tx, struct job *job)
{
	struct job_signed *s = (struct job_signed *)job;

	return tx_add_signed(tx, s->event->entry.data, s->event->entry.len, s->event->content.data,
		s->event->content.len, &s->index);
}

static inline enum err send_signed(struct reg *reg, const struct signed_event *event)
{
	struct job_signed s = {.job.run = run_signed, .event = event};

	return reg_do(reg, &s.job);
}

static inline void assert_refused(enum err got, enum err kind, const char *why)
{
	assert_int_equal(got, kind);
	if (!strstr(err_why(), why))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), why);
}

static inline int64_t latest_of(struct reg *reg, const char *kind, const char *id)
{
	const struct snapshot *snap;
	struct state state;
	int64_t after;

	must(reg_read(reg, &snap));
	state = state_of(snap);
	must(state_after(&state, kind, id, &after));
	reg_read_done(reg, snap);
	return after;
}

/* An operation of the office on the newest basis, unless the request names one; takes ownership of
 * the request. */
static inline enum err office(struct reg *reg, json_t *request)
{
	json_t *reply = NULL;
	enum err e = office_name_newest(reg, request);

	if (e == OK)
		e = office_do(reg, request, NULL, &reply);

	json_decref(request);
	json_decref(reply);
	return e;
}

static inline json_t *reason(const char *ko)
{
	return json_make("{s:s}", "ko", ko);
}

/* The same record under another name. */
static inline json_t *renamed(const char *slug, const char *name)
{
	json_t *record = demo_record(slug);

	json_put(record, "name", json_make("{s:s,s:s}", "ko", name, "en", name));
	return record;
}

static inline enum err file_and_publish(struct reg *reg, const char *slug)
{
	AUTO(signed_event) event = {0};

	sign_filing(reg_env(reg), slug, demo_record(slug), latest_of(reg, "system", slug), &event);
	TRY(send_signed(reg, &event));
	return office(reg, json_make("{s:s,s:s}", "do", "approve", "system", slug));
}

/* Signed by the department after its subject's newest entry; takes ownership of the values. */
static inline enum err send_about(struct reg *reg, const char *type, const char *kind,
	const char *id, json_t *members, json_t *content)
{
	AUTO(signed_event) event = {0};
	struct skey key = department_key();

	must(sign_event(&key, reg_env(reg), type, kind, id, latest_of(reg, kind, id), members,
		content, &event));
	return send_signed(reg, &event);
}

struct job_ask {
	struct job job;
	const char *system, *text, *name;
	char id[FEEDBACK_ID + 1];
	uint64_t index;
};

static inline enum err run_ask(struct tx *tx, struct job *job)
{
	struct job_ask *a = (struct job_ask *)job;

	return tx_add(tx,
		(struct draft){.type = "feedback.received",
			.by = "citizen",
			.subject = a->id,
			.members = a->system ? json_make("{s:s}", "system", a->system) : NULL,
			.content = json_make(
				"{s:s,s:s,s:s*}", "text", a->text, "lang", "ko", "name", a->name)},
		&a->index);
}

static inline struct job_ask question(const char *system, unsigned n)
{
	struct job_ask a = {.job.run = run_ask, .system = system, .text = "제 자료도 쓰나요?"};

	snprintf(a.id, sizeof(a.id), "%032x", n);
	return a;
}

static inline enum err ask(struct reg *reg, const char *system, unsigned n)
{
	struct job_ask a = question(system, n);

	return reg_do(reg, &a.job);
}

/* Makes a register in `dir`, with the department and the published system "smart-water". */
static inline void make_register(const char *dir, const struct env *env)
{
	json_auto_t *about = json_make("{s:{s:s,s:s},s:[s,s],s:s,s:b}", "name", "ko", "시험 등록부",
		"en", "Test register", "languages", "ko", "en", "timezone", "Asia/Seoul", "example",
		true);
	AUTO(buf) standard = BUF(MIB), vkey = BUF(KIB);
	struct reg_opening opening = {.dir = dir, .origin = ORIGIN, .about = about, .env = env};
	struct skey key = department_key();
	struct reg *reg = NULL;

	must(file_read("policies/standard.json", &standard));
	opening.standard = buf_text(&standard);
	opening.standard_len = standard.len;
	must(reg_create(&opening));
	must(reg_open(dir, env, &reg));
	must(office(reg, json_make("{s:s,s:s,s:{s:s,s:s}}", "do", "department-add", "department",
				 DEPARTMENT, "name", "ko", "수도과", "en", "Waterworks")));
	vkey_text(&key.vkey, &vkey);
	must(office(reg, json_make("{s:s,s:s,s:s}", "do", "key-grant", "department", DEPARTMENT,
				 "key", buf_text(&vkey))));
	must(file_and_publish(reg, "smart-water"));
	reg_close(reg);
}

static char made_register[64];

static inline void remove_made_register(void)
{
	shell("rm -rf %s", made_register);
}

/* The same by the true clock, made once in a process: making one takes longer than most tests. */
static inline void copy_register(const char *dir)
{
	if (!*made_register) {
		temp_dir(made_register);
		atexit(remove_made_register);
		make_register(made_register, &env_real);
	}
	shell("cp -r %s/. %s", made_register, dir);
}

struct dump {
	char **lines;
	size_t n;
};

/* Adds the first column of each row. */
static inline void dump_rows(sqlite3 *db, const char *sql, struct dump *out)
{
	sqlite3_stmt *rows = NULL;

	assert_int_equal(SQLITE_OK, sqlite3_prepare_v2(db, sql, -1, &rows, NULL));
	while (sqlite3_step(rows) == SQLITE_ROW) {
		if (!(out->n & (out->n - 1))) /* full: its room doubles */
			out->lines = mem_resize(
				out->lines, (out->n ? 2 * out->n : 1) * sizeof(*out->lines));
		out->lines[out->n++] = mem_text((const char *)sqlite3_column_text(rows, 0));
	}
	assert_int_equal(SQLITE_OK, sqlite3_finalize(rows));
}

static inline void dump_done(struct dump *d)
{
	for (size_t i = 0; i < d->n; i++)
		free(d->lines[i]);
	free(d->lines);
	*d = (struct dump){0};
}

/* The schema, and each row after the name of its table. Leaves out the search indexes, whose layout
 * depends on the order of changes. */
static inline void dump_file(const char *path, struct dump *out)
{
	static const char all[] =
		"SELECT 'SELECT ' || quote(m.name || ' ') || ' || ' || (SELECT"
		" group_concat('quote(\"' || c.name || '\")', ' || '','' || ')"
		" FROM pragma_table_info(m.name) c) || ' FROM \"' || m.name || '\"'"
		" FROM sqlite_schema m WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
		" AND NOT (name GLOB 'search_*_data' OR name GLOB 'search_*_idx'"
		" OR name GLOB 'search_*_docsize' OR name GLOB 'search_*_config')";
	struct dump tables = {0};
	sqlite3 *db = NULL;

	assert_int_equal(SQLITE_OK, sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL));
	dump_rows(db, "SELECT sql FROM sqlite_schema WHERE sql NOTNULL", out);
	dump_rows(db, all, &tables);
	assert_true(tables.n > 0);
	for (size_t i = 0; i < tables.n; i++)
		dump_rows(db, tables.lines[i], out);
	dump_done(&tables);
	assert_int_equal(SQLITE_OK, sqlite3_close(db));
}

static inline int dump_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All tables of a register, sorted by line, so that equal dumps mean equal rows. */
static inline void dump_tables(const char *dir, const char *to)
{
	AUTOFREE char *log = mem_printf("%s/register.db", dir),
		      *models = mem_printf("%s/model/*.db", dir),
		      *path = mem_printf("%s/%s", dir, to);
	struct dump rows = {0};
	glob_t found = {0};
	FILE *out;

	dump_file(log, &rows);
	assert_int_equal(0, glob(models, 0, NULL, &found));
	for (size_t i = 0; i < found.gl_pathc; i++)
		dump_file(found.gl_pathv[i], &rows);
	globfree(&found);
	qsort(rows.lines, rows.n, sizeof(*rows.lines), dump_order);
	assert_non_null(out = fopen(path, "w"));
	for (size_t i = 0; i < rows.n; i++)
		fprintf(out, "%s\n", rows.lines[i]);
	assert_int_equal(0, fclose(out));
	dump_done(&rows);
}

/* Folding again gives the same rows. */
static inline void assert_rebuilds(struct reg *reg, const char *dir)
{
	dump_tables(dir, "before");
	must(reg_rebuild(reg));
	dump_tables(dir, "after");
	shell("cmp %s/before %s/after", dir, dir);
}

/* At the end of every test, or of some in the short form of all tests (make check). */
static inline bool is_to_be_rebuilt(void)
{
	static unsigned tests;

	return tests++ % 4 == 0 || !getenv("GAYA_SHORT");
}

static inline uint64_t entries_of(struct reg *reg)
{
	struct store store;
	const struct snapshot *snap;
	uint64_t size;

	must(reg_read(reg, &snap));
	store = snap->log;
	must(store.ops->size(store.self, &size));
	reg_read_done(reg, snap);
	return size;
}

/* The signed size that readers see; the signature must verify, and the root must match the
 * entries. */
static inline uint64_t signed_size(struct reg *reg)
{
	AUTO(buf) note = BUF(NOTE_MAX);
	struct store store;
	struct checkpoint cp;
	struct sha256 root;
	const struct snapshot *snap;
	struct log log;
	uint64_t size;

	must(reg_read(reg, &snap));
	must(log_checkpoint(&snap->log, &note, &size));
	must(checkpoint_open(buf_text(&note), note.len, reg_vkey(reg), &cp));
	store = snap->log;
	must(log_open(store, &log));
	root = log_root(&log);
	assert_int_equal(cp.size, log.size);
	assert_memory_equal(cp.root.bytes, root.bytes, SHA256);
	log_done(&log);
	reg_read_done(reg, snap);
	return size;
}
