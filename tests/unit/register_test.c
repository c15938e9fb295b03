#include "audit/keyholder.h"
#include "base/env.h"
#include "base/file.h"
#include "registry/profile/export.h"
#include "registry/query/query.h"
#include "registry/query/service_list.h"
#include "registry/verify/source.h"
#include "registry/write/checkpointed.h"
#include "registry/write/mend.h"
#include "tests/unit/both_files.h"
#include "tests/unit/small_register.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <sys/wait.h>

static char original[64]; /* a register that no test changes; 6 entries */
#define ORIGINAL_N 6

static int64_t clock_now; /* the tests' clock; starts at the machine's time, for signatures */

static int64_t test_now(void *arg)
{
	(void)arg;
	return __atomic_load_n(&clock_now, __ATOMIC_RELAXED);
}

static void test_random(void *arg, void *out, size_t len)
{
	(void)arg;
	crypto_random(out, len);
}
static const struct env test_env = {.now = test_now, .random = test_random};

/* A register of the test's own, closed, in `dir`. */
struct fixture {
	char dir[64], earlier[64];
	struct reg *reg;
};

static int set_up(void **state)
{
	struct fixture *f = mem_new(sizeof(*f));

	temp_dir(f->dir);
	temp_dir(f->earlier);
	shell("cp -r %s/* %s", original, f->dir);
	must(reg_open(f->dir, &test_env, &f->reg));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	reg_close(f->reg);
	shell("rm -rf %s %s", f->dir, f->earlier);
	free(f);
	return 0;
}

static void close_register(struct fixture *f)
{
	reg_close(TAKE(f->reg));
}

static enum err open_register(struct fixture *f)
{
	return reg_open(f->dir, &test_env, &f->reg);
}

static struct db *open_db(const struct fixture *f)
{
	return open_both(f->dir);
}

/* --- batches --- */

/* Blocks the writer until released, so that jobs submitted meanwhile form one batch. */
struct job_gate {
	struct job job;
	pthread_mutex_t mutex;
	pthread_cond_t change;
	bool entered, open;
	unsigned done; /* jobs of this test that are settled */
};
static struct job_gate gate = {
	.mutex = PTHREAD_MUTEX_INITIALIZER, .change = PTHREAD_COND_INITIALIZER};

static void gate_set(bool *flag)
{
	pthread_mutex_lock(&gate.mutex);
	*flag = true;
	pthread_cond_broadcast(&gate.change);
	pthread_mutex_unlock(&gate.mutex);
}

static void gate_await(const bool *flag)
{
	pthread_mutex_lock(&gate.mutex);
	while (!*flag)
		pthread_cond_wait(&gate.change, &gate.mutex);
	pthread_mutex_unlock(&gate.mutex);
}

static enum err run_gate(struct tx *tx, struct job *job)
{
	(void)tx;
	(void)job;
	gate_set(&gate.entered);
	gate_await(&gate.open);
	return OK;
}

static void count_done(struct job *job)
{
	(void)job;
	pthread_mutex_lock(&gate.mutex);
	gate.done++;
	pthread_cond_broadcast(&gate.change);
	pthread_mutex_unlock(&gate.mutex);
}

static void in_one_batch(struct reg *reg, struct job **jobs, unsigned n)
{
	gate.entered = gate.open = false;
	gate.done = 0;
	gate.job = (struct job){.run = run_gate, .done = count_done};
	must(reg_submit(reg, &gate.job));
	gate_await(&gate.entered);
	for (unsigned i = 0; i < n; i++) {
		jobs[i]->done = count_done;
		must(reg_submit(reg, jobs[i]));
	}
	gate_set(&gate.open);
	pthread_mutex_lock(&gate.mutex);
	while (gate.done < n + 1)
		pthread_cond_wait(&gate.change, &gate.mutex);
	pthread_mutex_unlock(&gate.mutex);
}

/* Asks twice, then fails. (In parentheses, because cmocka has a macro of this name.) */
static enum err ask_and_fail(struct tx *tx, struct job *job)
{
	struct job_ask second = question("smart-water", 1000);

	TRY(run_ask(tx, job));
	TRY(run_ask(tx, &second.job));
	return (fail)(ERR_DENIED, "on second thoughts");
}

static enum err ask_and_break(struct tx *tx, struct job *job)
{
	TRY(run_ask(tx, job));
	return (fail)(ERR_SYSTEM, "the disk is full");
}

static bool is_there(struct reg *reg, unsigned n)
{
	struct job_ask a = question("smart-water", n);

	return latest_of(reg, "feedback", a.id) >= 0;
}

static void a_job_that_fails_leaves_no_trace_and_the_others_of_its_batch_stay(void **state)
{
	struct fixture *f = *state;
	struct job_ask a = question("smart-water", 1), b = question("smart-water", 2),
		       c = question("smart-water", 3);
	struct job *jobs[] = {&a.job, &b.job, &c.job};
	uint64_t commits = reg_health(f->reg).commits;

	b.job.run = ask_and_fail;
	in_one_batch(f->reg, jobs, 3);
	assert_int_equal(OK, a.job.err);
	assert_int_equal(ERR_DENIED, b.job.err);
	assert_string_equal("on second thoughts", b.job.why);
	assert_int_equal(OK, c.job.err);
	assert_int_equal(ORIGINAL_N, a.index);
	assert_int_equal(ORIGINAL_N + 1, c.index);
	assert_int_equal(ORIGINAL_N + 2, signed_size(f->reg));
	assert_true(is_there(f->reg, 1) && is_there(f->reg, 3));
	assert_false(is_there(f->reg, 2) || is_there(f->reg, 1000));
	/* Otherwise the gate's job was no separate commit, or the three were several. */
	assert_int_equal(commits + 2, reg_health(f->reg).commits);
}

static void a_job_that_fails_by_our_own_fault_takes_its_batch_with_it(void **state)
{
	struct fixture *f = *state;
	struct job_ask a = question("smart-water", 1), b = question("smart-water", 2),
		       c = question("smart-water", 3);
	struct job *jobs[] = {&a.job, &b.job, &c.job};

	b.job.run = ask_and_break;
	in_one_batch(f->reg, jobs, 3);
	assert_int_equal(ERR_SYSTEM, a.job.err);
	assert_int_equal(ERR_SYSTEM, b.job.err);
	assert_int_equal(ERR_SYSTEM, c.job.err);
	assert_int_equal(ORIGINAL_N, signed_size(f->reg));
	assert_false(is_there(f->reg, 1) || is_there(f->reg, 2) || is_there(f->reg, 3));
	must(ask(f->reg, "smart-water", 4));
	assert_int_equal(ORIGINAL_N + 1, signed_size(f->reg));
}

static void many_jobs_share_few_commits(void **state)
{
	struct fixture *f = *state;
	static struct job_ask asked[200];
	struct job *jobs[200];
	uint64_t commits = reg_health(f->reg).commits;

	for (unsigned i = 0; i < 200; i++) {
		asked[i] = question("smart-water", i);
		jobs[i] = &asked[i].job;
	}
	in_one_batch(f->reg, jobs, 200);
	for (unsigned i = 0; i < 200; i++)
		assert_int_equal(OK, asked[i].job.err);
	assert_int_equal(ORIGINAL_N + 200, signed_size(f->reg));
	assert_int_equal(commits + 2, reg_health(f->reg).commits);
}

static void assert_model_log_below(const struct fixture *f, int64_t most)
{
	AUTOFREE char *path = NULL, *model = NULL;
	struct stat file;

	must(model_path(f->dir, &path));
	model = mem_printf("%s-wal", path);
	assert_int_equal(0, stat(model, &file));
	assert_in_range(file.st_size, 1, most);
}

static void assert_logs_below(const struct fixture *f, int64_t most)
{
	AUTOFREE char *log = mem_printf("%s/register.db-wal", f->dir);
	struct stat file;

	assert_int_equal(0, stat(log, &file));
	assert_in_range(file.st_size, 1, most);
	assert_model_log_below(f, most);
}

/* A past bug: readers of the newest state kept it growing, by 60 KiB per question, until a
 * restart. */
static void the_write_ahead_log_begins_anew_while_readers_stand(void **state)
{
	struct fixture *f = *state;
	const struct snapshot *snap;

	for (unsigned i = 0; i < 1000; i++) {
		must(ask(f->reg, "smart-water", i));
		must(reg_read(f->reg, &snap));
		reg_read_done(f->reg, snap);
	}
	assert_logs_below(f, 24 * MIB);
}

/* Readers without pause: at nearly every COMMIT one is in the middle of reading. */
struct busy {
	struct reg *reg;
	atomic_bool over;
};

static void *read_on(void *arg)
{
	struct busy *b = arg;
	const struct snapshot *snap;

	while (!atomic_load(&b->over)) {
		must(reg_read(b->reg, &snap));
		usleep(3000);
		reg_read_done(b->reg, snap);
	}
	return NULL;
}

static void nor_does_it_grow_without_end_where_some_reader_is_always_in_a_page(void **state)
{
	struct fixture *f = *state;
	struct busy busy = {.reg = f->reg};
	pthread_t readers[3];

	for (size_t i = 0; i < COUNT(readers); i++)
		assert_int_equal(0, pthread_create(&readers[i], NULL, read_on, &busy));
	for (unsigned i = 0; i < 2000; i++)
		must(ask(f->reg, "smart-water", i));
	atomic_store(&busy.over, true);
	for (size_t i = 0; i < COUNT(readers); i++)
		pthread_join(readers[i], NULL);
	assert_logs_below(f, 64 * MIB);
}

static bool disk_is_nearly_full;

/* Stands in front of the one in libc. */
int fstatvfs(int fd, struct statvfs *out)
{
	struct statfs is;

	if (fstatfs(fd, &is) != 0)
		return -1;
	*out = (struct statvfs){.f_frsize = (unsigned long)is.f_bsize,
		.f_bavail = disk_is_nearly_full ? 1 : is.f_bavail};
	return 0;
}

/* An export whose output nobody reads: it stands in the middle of a row. */
struct slow_export {
	const char *dir;
	struct snapshot snap;
	int out;
	char *report;
	enum err err;
};

static enum err keep_snapshot(void *arg)
{
	struct slow_export *x = arg;

	return checkpointed_keep(&x->snap, x->dir);
}

static void *export_slowly(void *arg)
{
	struct slow_export *x = arg;
	const struct export_wish wish = {
		.base = "https://example.org", .pause = keep_snapshot, .arg = x};
	FILE *out = fdopen(x->out, "w"), *report;
	struct profile *profile;
	json_auto_t *summary = NULL;
	size_t len;

	report = open_memstream(&x->report, &len);
	must(profile_open("jsonl", PROFILE_EXPORT, &profile));
	must(checkpointed_open(x->dir, &x->snap));
	x->err = export_run(&x->snap, profile, &wish, out, report, &summary);
	checkpointed_close(&x->snap);
	profile_free(profile);
	fclose(report);
	fclose(out);
	return NULL;
}

static void await_full(int pipe)
{
	int room = fcntl(pipe, F_GETPIPE_SZ), in = 0;

	while (in < room) {
		assert_int_equal(0, ioctl(pipe, FIONREAD, &in));
		usleep(1000);
	}
}

static bool has_copies(const struct fixture *f)
{
	AUTOFREE char *look = mem_printf("ls %s/model | grep -q copy", f->dir);

	return system(look) == 0;
}

/* A past bug: an export of 48 seconds beside 8 writes a second made it 75 MB long. */
static void nor_where_an_export_stands_still(void **state)
{
	struct fixture *f = *state;
	AUTOFREE char *entries = mem_printf("\"entries\":%d,", ORIGINAL_N);
	struct slow_export x = {.dir = f->dir};
	AUTOFREE char *left = mem_printf("%s/model/copy.killed", f->dir);
	pthread_t thread;
	char part[4096];
	int ends[2];

	close(creat(left, 0600)); /* by a program that was killed */
	assert_int_equal(0, pipe(ends));
	assert_true(fcntl(ends[0], F_SETPIPE_SZ, 4096) >= 4096);
	x.out = ends[1];
	assert_int_equal(0, pthread_create(&thread, NULL, export_slowly, &x));
	await_full(ends[0]);
	assert_false(has_copies(f)); /* nor has its own a name any more */
	for (unsigned i = 0; i < 1000; i++)
		must(ask(f->reg, "smart-water", i));
	assert_logs_below(f, 24 * MIB);
	while (read(ends[0], part, sizeof(part)) > 0)
		;
	pthread_join(thread, NULL);
	close(ends[0]);
	assert_int_equal(OK, x.err);
	assert_non_null(strstr(x.report, entries));
	free(x.report);
}

/* Contents must stay those of one state, so the log's own file is held until the end. */
static void nor_does_the_read_models_where_a_verification_stands_still(void **state)
{
	struct fixture *f = *state;
	AUTO(source) folder = {0};

	must(source_dir(f->dir, &folder));
	assert_false(has_copies(f));
	for (unsigned i = 0; i < 800; i++)
		must(ask(f->reg, "smart-water", i));
	assert_model_log_below(f, 24 * MIB);
}

static void a_copy_that_is_being_made_stays(void **state)
{
	struct fixture *f = *state;
	AUTOFREE char *path = mem_printf("%s/model/copy.made", f->dir);
	struct snapshot snap;
	int fd;

	must(file_lock(path, &fd));
	must(checkpointed_open(f->dir, &snap));
	must(checkpointed_keep(&snap, f->dir));
	checkpointed_close(&snap);
	assert_true(file_exists(path));
	close(fd);
	must(checkpointed_open(f->dir, &snap));
	must(checkpointed_keep(&snap, f->dir));
	checkpointed_close(&snap);
	assert_false(file_exists(path));
}

static void a_nearly_full_disk_gets_no_copy(void **state)
{
	struct fixture *f = *state;
	struct snapshot snap;

	disk_is_nearly_full = true;
	must(checkpointed_open(f->dir, &snap));
	assert_int_equal(ERR_FULL, checkpointed_keep(&snap, f->dir));
	must(checkpointed_keep_if_possible(&snap, f->dir));
	assert_true(db_reads(snap.model));
	disk_is_nearly_full = false;
	must(checkpointed_keep(&snap, f->dir));
	assert_false(db_reads(snap.model));
	checkpointed_close(&snap);
}

/* --- order --- */

static void an_event_cannot_be_sent_twice(void **state)
{
	struct fixture *f = *state;
	AUTO(signed_event) event = {0};

	sign_filing(&test_env, "civil-kiosk", demo_record("civil-kiosk"), -1, &event);
	must(send_signed(f->reg, &event));
	assert_int_equal(ERR_CONFLICT, send_signed(f->reg, &event));
	assert_int_equal(ORIGINAL_N + 1, signed_size(f->reg));
}

static void of_two_made_after_the_same_entry_the_first_wins(void **state)
{
	struct fixture *f = *state;
	AUTO(signed_event) one = {0}, other = {0}, again = {0};
	int64_t after = latest_of(f->reg, "system", "smart-water");

	sign_filing(&test_env, "smart-water", renamed("smart-water", "one"), after, &one);
	sign_filing(&test_env, "smart-water", renamed("smart-water", "other"), after, &other);
	must(send_signed(f->reg, &one));
	assert_int_equal(ERR_CONFLICT, send_signed(f->reg, &other));
	assert_non_null(strstr(err_why(), "changed meanwhile"));
	sign_filing(&test_env, "smart-water", renamed("smart-water", "other"),
		latest_of(f->reg, "system", "smart-water"), &again);
	must(send_signed(f->reg, &again));
}

static void a_changed_byte_or_another_key_is_refused(void **state)
{
	struct fixture *f = *state;
	AUTO(signed_event) event = {0}, foreign = {0};
	const uint8_t seed[ED25519_SEED] = {8};
	struct skey key;
	char *digit;

	sign_filing(&test_env, "civil-kiosk", demo_record("civil-kiosk"), -1, &event);
	digit = strstr(event.entry.data, "\"at\":\"20");
	digit[7] = '1';
	assert_int_not_equal(OK, send_signed(f->reg, &event));
	must(skey_make(ORIGIN "/" DEPARTMENT, seed, &key));
	must(sign_event(&key, &test_env, "system.filed", "system", "civil-kiosk", -1,
		json_make("{s:s}", "department", DEPARTMENT),
		json_make("{s:o}", "record", demo_record("civil-kiosk")), &foreign));
	assert_int_equal(ERR_DENIED, send_signed(f->reg, &foreign));
	assert_int_equal(ORIGINAL_N, signed_size(f->reg));
}

/* Signs an answer whose content has one member more than an answer has. */
static void sign_answer(struct reg *reg, const char *member, struct signed_event *out)
{
	const char *id = "00000000000000000000000000000001";
	struct skey key = department_key();

	must(sign_event(&key, &test_env, "feedback.answered", "feedback", id,
		latest_of(reg, "feedback", id), NULL,
		json_make("{s:{s:s},s:s}", "text", "ko", "답변", member, "전단"), out));
}

static void assert_says(enum err got, const char *why)
{
	assert_int_equal(ERR_INVALID, got);
	if (!strstr(err_why(), why))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), why);
}

static void begin_again(struct buf *out, const struct buf *from, size_t len)
{
	buf_clear(out);
	buf_add(out, from->data, len);
}

static void an_entry_has_the_one_signature_that_it_needs_and_nothing_else(void **state)
{
	struct fixture *f = *state;
	AUTO(signed_event) event = {0}, old = {0};
	AUTO(buf) entry = BUF(ENTRY_MAX);
	AUTO(event) ev = {0};
	struct skey key = department_key(), foreign;
	const uint8_t seed[ED25519_SEED] = {9};
	uint8_t blob[4 * KIB] = {0};
	const char *signature;

	must(skey_make("a-text-of-somebody.example", seed, &foreign));
	sign_filing(&test_env, "civil-kiosk", demo_record("civil-kiosk"), -1, &event);
	buf_add(&entry, event.entry.data, event.entry.len);
	signature = strstr(buf_text(&entry), "\n\n") + 2;
	for (int i = 0; i < 80; i++)
		note_sig_add(&foreign.vkey, blob, 512, &event.entry);
	assert_says(send_signed(f->reg, &event),
		"carries 81 signature lines, but an entry has exactly one");
	/* What is in an old log stays as true as it was. */
	must(event_parse(event.entry.data, event.entry.len, &ev));
	must(event_verify(event.entry.data, event.entry.len, &ev, ORIGIN, &key.vkey));
	event_done(&ev);

	must(sign_event(&key, &test_env, "system.filed", "system", "civil-kiosk", -1,
		json_make("{s:s,s:s,s:s}", "department", DEPARTMENT, "profile", "p", "source",
			"a text of up to 300 characters"),
		json_make("{s:o}", "record", demo_record("civil-kiosk")), &old));
	assert_says(send_signed(f->reg, &old), "\"source\" is a member of old entries alone");

	begin_again(&event.entry, &entry, entry.len); /* twice the same */
	buf_puts(&event.entry, signature);
	assert_says(send_signed(f->reg, &event), "carries 2 signature lines");

	begin_again(&event.entry, &entry, (size_t)(signature - entry.data));
	note_sig_add(&key.vkey, blob, sizeof(blob), &event.entry); /* a long one of the right key */
	assert_says(send_signed(f->reg, &event), "has 4096 bytes");

	begin_again(&event.entry, &entry, (size_t)(signature - entry.data));
	buf_puts(&event.entry, "a text before the signature\n\n");
	buf_puts(&event.entry, signature);
	assert_says(send_signed(f->reg, &event), "the signed text must be the event's line alone");

	begin_again(&event.entry, &entry, entry.len);
	must(send_signed(f->reg, &event));
}

static void a_content_has_no_member_that_its_type_does_not_name(void **state)
{
	struct fixture *f = *state;
	AUTO(signed_event) event = {0};

	must(ask(f->reg, "smart-water", 1));
	must(office(f->reg, json_make("{s:s,s:s}", "do", "feedback-publish", "feedback",
				    "00000000000000000000000000000001")));
	sign_answer(f->reg, "leaflet", &event);
	assert_says(send_signed(f->reg, &event),
		"feedback.answered: the content holds \"leaflet\", which this type does not have");
}

static void a_content_other_than_the_one_signed_is_refused(void **state)
{
	struct fixture *f = *state;
	AUTO(signed_event) event = {0};
	char *name;

	sign_filing(&test_env, "civil-kiosk", demo_record("civil-kiosk"), -1, &event);
	name = strstr(event.content.data, "\"salt\":\"");
	name[8] = name[8] == '0' ? '1' : '0';
	assert_int_equal(ERR_INVALID, send_signed(f->reg, &event));
	assert_int_equal(ORIGINAL_N, signed_size(f->reg));
}

/* The one text of an entry's content, as the bytes of the log have it. */
static void assert_kept(struct reg *reg, int64_t entry, const char *part)
{
	AUTO(buf) bytes = BUF(ENTRY_MAX), content = BUF(MIB);
	AUTO(event) ev = {0};
	struct sha256 hash;
	struct store store;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	store = snap->log;
	must(store.ops->entry(store.self, (uint64_t)entry, &bytes));
	must(event_parse(buf_text(&bytes), bytes.len, &ev));
	must(sha256_from_hex(ev.sha256, &hash));
	must(store.ops->content(store.self, &hash, &content));
	if (!strstr(buf_text(&content), part))
		fail_msg("%s\n-- does not hold\n%s", buf_text(&content), part);
	reg_read_done(reg, snap);
}

static void what_is_kept_is_what_was_checked_in_normal_form_c_and_with_few_marks(void **state)
{
	struct fixture *f = *state;
	AUTO(signed_event) tag = {0}, marks = {0}, fine = {0};
	char many[2 * 31 + 2] = "x";

	for (size_t i = 0; i < 31; i++)
		strcat(many, "\u0323");
	/* A department's, which nobody may change: refused. */
	sign_filing(
		&test_env, "civil-kiosk", renamed("civil-kiosk", "<img src=x>\u0338"), -1, &tag);
	assert_int_equal(ERR_INVALID, send_signed(f->reg, &tag));
	assert_non_null(strstr(err_why(), "normal form C"));
	sign_filing(&test_env, "civil-kiosk", renamed("civil-kiosk", many), -1, &marks);
	assert_int_equal(ERR_INVALID, send_signed(f->reg, &marks));
	assert_non_null(strstr(err_why(), "record.name."));
	sign_filing(&test_env, "civil-kiosk", renamed("civil-kiosk", "é"), -1, &fine);
	must(send_signed(f->reg, &fine));
	/* The office's, which nobody signed: put into that form before it is looked at. */
	assert_int_equal(
		ERR_INVALID, office(f->reg, json_make("{s:s,s:s,s:o}", "do", "return", "system",
						    "civil-kiosk", "reason", reason(many))));
	must(office(f->reg, json_make("{s:s,s:s,s:o}", "do", "return", "system", "civil-kiosk",
				    "reason", reason("cafe\u0301"))));
	assert_kept(f->reg, ORIGINAL_N + 1, "caf\u00e9");
	assert_int_equal(ORIGINAL_N + 2, signed_size(f->reg));
}

static void entry_time(struct reg *reg, uint64_t index, char out[TIME_TEXT])
{
	AUTO(buf) entry = BUF(ENTRY_MAX);
	AUTO(event) ev = {0};
	struct store store;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	store = snap->log;
	must(store.ops->entry(store.self, index, &entry));
	must(event_parse(buf_text(&entry), entry.len, &ev));
	strcpy(out, ev.at);
	reg_read_done(reg, snap);
}

static void time_never_goes_back_when_the_clock_does(void **state)
{
	struct fixture *f = *state;
	char before[TIME_TEXT], after[TIME_TEXT];
	int64_t now = clock_now;

	must(ask(f->reg, "smart-water", 1));
	clock_now = now - 86400;
	must(ask(f->reg, "smart-water", 2));
	entry_time(f->reg, ORIGINAL_N, before);
	entry_time(f->reg, ORIGINAL_N + 1, after);
	assert_string_equal(before, after);
	clock_now = now + 10;
	must(ask(f->reg, "smart-water", 3));
	entry_time(f->reg, ORIGINAL_N + 2, after);
	assert_true(strcmp(before, after) < 0);
	clock_now = now;
}

static void what_was_signed_long_ago_or_in_the_future_is_refused(void **state)
{
	struct fixture *f = *state;
	AUTO(signed_event) old = {0}, early = {0};
	int64_t now = clock_now;

	clock_now = now - TIME_SLACK - 2;
	sign_filing(&test_env, "civil-kiosk", demo_record("civil-kiosk"), -1, &old);
	clock_now = now + TIME_SLACK + 2;
	sign_filing(&test_env, "civil-kiosk", demo_record("civil-kiosk"), -1, &early);
	clock_now = now;
	assert_int_equal(ERR_INVALID, send_signed(f->reg, &old));
	assert_int_equal(ERR_INVALID, send_signed(f->reg, &early));
}

/* --- the keyholder --- */

static struct sha256 filled(uint8_t byte)
{
	struct sha256 hash;

	memset(hash.bytes, byte, SHA256);
	return hash;
}

static void the_keyholder_refuses_a_smaller_and_a_different_tree(void **state)
{
	struct fixture *f = *state;
	AUTOFREE char *key = file_in(f->earlier, "key"), *mark = file_in(f->earlier, "mark");
	const uint8_t seed[ED25519_SEED] = {3};
	const struct buf none = {0};
	struct sha256 one = filled(1), two = filled(2), root = merkle_node(&one, &two);
	struct path empty = {0}, path = {.n = 1, .hash = {two}};
	struct keyholder *k = NULL;
	AUTO(buf) note = BUF(NOTE_MAX);

	must(keyholder_create(key, mark, ORIGIN, seed, &none));
	must(keyholder_open(key, mark, &none, &k));
	must(keyholder_sign(k, 1, &one, &empty, &note));
	must(keyholder_sign(k, 1, &one, &empty, &note)); /* the same again is fine */
	assert_int_equal(ERR_FALSE, keyholder_sign(k, 1, &two, &empty, &note));
	assert_int_equal(ERR_FALSE, keyholder_sign(k, 2, &one, &path, &note));
	assert_int_equal(ERR_FALSE, keyholder_sign(k, 2, &root, &empty, &note));
	must(keyholder_sign(k, 2, &root, &path, &note));
	assert_int_equal(ERR_FALSE, keyholder_sign(k, 1, &one, &empty, &note));
	keyholder_free(k);
	must(keyholder_open(key, mark, &none, &k));
	assert_int_equal(2, keyholder_mark(k)->size);
	assert_int_equal(ERR_FALSE, keyholder_sign(k, 1, &one, &empty, &note));
	keyholder_free(k);
}

/* --- recovery: what a crash at each step leaves --- */

/* Copies a closed register's folder, then lets something happen in the original. */
static void go_on_from_a_copy(struct fixture *f)
{
	must(ask(f->reg, "smart-water", 1));
	close_register(f);
	shell("cp -r %s/* %s", f->dir, f->earlier);
	must(open_register(f));
	must(ask(f->reg, "smart-water", 2));
	must(ask(f->reg, "smart-water", 3));
	close_register(f);
}

static void restore(struct fixture *f, const char *file)
{
	shell("cp %s/%s %s/%s", f->earlier, file, f->dir, file);
}

static void restore_checkpoint(struct fixture *f)
{
	shell("sqlite3 %s/register.db \"ATTACH '%s/register.db' AS old; DELETE FROM "
	      "main.checkpoint;"
	      " INSERT INTO main.checkpoint SELECT * FROM old.checkpoint\"",
		f->dir, f->earlier);
}

static void opens_with_everything(struct fixture *f)
{
	must(open_register(f));
	assert_int_equal(ORIGINAL_N + 3, signed_size(f->reg));
	assert_true(is_there(f->reg, 1) && is_there(f->reg, 2) && is_there(f->reg, 3));
	must(ask(f->reg, "smart-water", 4));
	assert_int_equal(ORIGINAL_N + 4, signed_size(f->reg));
	close_register(f);
	must(open_register(f));
	assert_int_equal(ORIGINAL_N + 4, signed_size(f->reg));
}

static void after_a_crash_before_the_signature_the_start_signs(void **state)
{
	struct fixture *f = *state;

	go_on_from_a_copy(f);
	restore(f, REG_MARK);
	restore_checkpoint(f);
	opens_with_everything(f);
}

static void after_a_crash_before_the_checkpoint_is_stored_the_start_signs_again(void **state)
{
	struct fixture *f = *state;

	go_on_from_a_copy(f);
	restore_checkpoint(f);
	opens_with_everything(f);
}

static void after_a_crash_within_writing_the_mark_the_slot_before_it_counts(void **state)
{
	struct fixture *f = *state;

	for (int slot = 0; slot < 2; slot++) {
		go_on_from_a_copy(f);
		shell("printf torn | dd of=%s/%s bs=1 seek=%d conv=notrunc status=none", f->dir,
			REG_MARK, slot * 512 + 4);
		opens_with_everything(f);
		close_register(f);
		shell("rm -r %s; mkdir %s; cp -r %s/* %s", f->dir, f->dir, original, f->dir);
		must(open_register(f));
	}
}

static void refuses_to_open(struct fixture *f, const char *because)
{
	assert_int_equal(ERR_CORRUPT, open_register(f));
	if (!strstr(err_why(), because))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), because);
}

static void a_damaged_or_missing_mark_stops_the_register(void **state)
{
	struct fixture *f = *state;

	close_register(f);
	shell("printf torn | dd of=%s/%s bs=1 seek=4 conv=notrunc status=none", f->dir, REG_MARK);
	shell("printf torn | dd of=%s/%s bs=1 seek=516 conv=notrunc status=none", f->dir, REG_MARK);
	refuses_to_open(f, "mark");
	shell("truncate -s 100 %s/%s", f->dir, REG_MARK);
	refuses_to_open(f, "mark");
	shell("rm %s/%s", f->dir, REG_MARK);
	refuses_to_open(f, "mark");
}

static void a_restored_backup_is_not_signed_on(void **state)
{
	struct fixture *f = *state;

	go_on_from_a_copy(f);
	restore(f, REG_DATABASE);
	refuses_to_open(f, "older copy");
	assert_non_null(strstr(err_why(), "put the newest database back"));
}

static void another_history_of_the_same_length_is_not_signed(void **state)
{
	struct fixture *f = *state;
	struct reg *other = NULL;

	go_on_from_a_copy(f);
	must(reg_open(f->earlier, &test_env, &other));
	must(ask(other, "smart-water", 7));
	must(ask(other, "smart-water", 8));
	reg_close(other);
	restore(f, REG_DATABASE);
	refuses_to_open(f, "not the one that was signed");
}

static void another_and_longer_history_is_not_signed_either(void **state)
{
	struct fixture *f = *state;
	struct reg *other = NULL;

	go_on_from_a_copy(f);
	must(reg_open(f->earlier, &test_env, &other));
	for (unsigned n = 7; n < 20; n++)
		must(ask(other, "smart-water", n));
	reg_close(other);
	restore(f, REG_DATABASE);
	refuses_to_open(f, "not the one that was signed");
}

static void one_process_writes(void **state)
{
	struct fixture *f = *state;
	struct reg *other = NULL;
	uint64_t entries;

	assert_int_equal(ERR_BUSY, reg_open(f->dir, &test_env, &other));
	assert_null(other);
	assert_int_equal(ERR_BUSY, reg_repair(f->dir, &test_env, &entries));
	close_register(f);
	must(reg_open(f->dir, &test_env, &other));
	assert_int_equal(ERR_BUSY, open_register(f));
	reg_close(other);
}

static void a_register_is_made_once(void **state)
{
	struct fixture *f = *state;
	json_auto_t *about = json_make("{s:{s:s},s:[s]}", "name", "ko", "시험", "languages", "ko");
	struct reg_opening opening = {.dir = f->dir,
		.origin = ORIGIN,
		.about = about,
		.standard = "{}",
		.standard_len = 2,
		.env = &test_env};

	close_register(f);
	assert_int_equal(ERR_CONFLICT, reg_create(&opening));
	must(open_register(f));
	assert_int_equal(ORIGINAL_N, signed_size(f->reg));
}

/* --- the read model --- */

static void a_rebuilt_read_model_is_the_one_there_was(void **state)
{
	struct fixture *f = *state;

	for (unsigned n = 1; n < 9; n++)
		must(ask(f->reg, "smart-water", n));
	dump_tables(f->dir, "before");
	must(reg_rebuild(f->reg));
	dump_tables(f->dir, "after");
	shell("cmp %s/before %s/after", f->dir, f->dir);
	assert_int_equal(ORIGINAL_N + 8, signed_size(f->reg));
}

static enum err change(struct reg *reg, json_t *patch)
{
	json_put(patch, "do", json_text("register-change"));
	return office(reg, patch);
}

static json_t *settings(struct reg *reg)
{
	json_t *now = NULL;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	must(query_register(snap, &now));
	reg_read_done(reg, snap);
	return now;
}

static void settings_that_change_are_merged_kept_and_rebuilt(void **state)
{
	struct fixture *f = *state;
	json_auto_t *now = NULL;
	const json_t *about;

	must(change(f->reg,
		json_make("{s:{s:s},s:s,s:s,s:i}", "name", "ko", "새 등록부", "telephone",
			"055-330-3114", "timezone", "America/New_York", "answer_days", 14)));
	must(change(f->reg, json_make("{s:n,s:{s:s}}", "telephone", "hours", "ko", "평일")));
	now = settings(f->reg);
	about = json_object_get(now, "about");
	assert_string_equal("새 등록부", json_str(json_object_get(about, "name"), "ko"));
	assert_string_equal("Test register", json_str(json_object_get(about, "name"), "en"));
	assert_string_equal("America/New_York", json_str(about, "timezone"));
	assert_int_equal(14, json_num(about, "answer_days"));
	assert_null(json_object_get(about, "telephone"));
	dump_tables(f->dir, "before");
	must(reg_rebuild(f->reg));
	dump_tables(f->dir, "after");
	shell("cmp %s/before %s/after", f->dir, f->dir);
}

static void a_setting_that_cannot_be_is_refused_and_nothing_is_logged(void **state)
{
	struct fixture *f = *state;
	const struct {
		json_t *patch;
		const char *named;
	} wrong[] = {
		{json_make("{s:s}", "timezone", "KST"), "KST"},
		{json_make("{s:s}", "timezone", "../../etc/passwd"), "timezone"},
		{json_make("{s:{s:s}}", "name", "ko", "\u3164"), "name"},
		{json_make("{s:{s:n}}", "name", "en"), "\"en\""},
		{json_make("{s:n}", "name"), "name"},
		{json_make("{s:[s,s]}", "languages", "ko", "vi"), "vi"},
		{json_make("{s:[]}", "languages"), "languages"},
		{json_make("{s:s}", "contact", "javascript:alert(1)"), "contact"},
		{json_make("{s:s}", "contact", "mailto:"), "contact"},
		{json_make("{s:s}", "contact", "http://a.example"), "contact"},
		{json_make("{s:s}", "telephone", "call us"), "telephone"},
		{json_make("{s:i}", "telephone", 120), "telephone"},
		{json_make("{s:s}", "licence", "https://"), "licence"},
		{json_make("{s:i}", "answer_days", 0), "answer_days"},
		{json_make("{s:s}", "answer_days", "14"), "answer_days"},
		{json_make("{s:b}", "example", 0), "example"},
		{json_make("{s:s}", "colour", "red"), "colour"},
		{json_make("{s:s}", "timezone", "Asia/Seoul"), "already"},
	};

	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_not_equal(OK, change(f->reg, wrong[i].patch));
		if (!strstr(err_why(), wrong[i].named))
			fail_msg("%s does not name %s", err_why(), wrong[i].named);
	}
	assert_int_equal(ORIGINAL_N, signed_size(f->reg));
}

#define LIST_FILE "b5bb9d8014a0f9b1d61e21e796d78dccdf1352f23cd32812f4850b878ae4944c"

static json_t *submitted(const char *on, const char *file, int services)
{
	return json_make("{s:s,s:s,s:s,s:i,s:{s:s},s:{s:s}}", "do", "list-submitted", "on", on,
		"file", file, "services", services, "to", "ko", "행정안전부", "note", "ko",
		"전자문서로 보냄");
}

static json_t *submissions(struct reg *reg)
{
	json_t *all = NULL;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	must(service_list_submissions(snap, -1, &all));
	reg_read_done(reg, snap);
	return all;
}

/* The hash of the text in an entry's content. */
static json_t *words_of(struct reg *reg, int64_t entry)
{
	static const struct sql sha256 = {
		"test.words", "SELECT sha256 FROM list_submitted WHERE entry = ?1"};
	AUTO(rows) row = {0};
	const struct snapshot *snap;
	json_t *hex;

	must(reg_read(reg, &snap));
	must(db_one(snap->model, &sha256, BIND(num(entry)), &row));
	hex = json_text(rows_text(&row, 0));
	rows_done(&row);
	reg_read_done(reg, snap);
	return hex;
}

static void a_list_that_was_handed_over_stands_with_its_file_also_once_its_words_are_erased(
	void **state)
{
	struct fixture *f = *state;
	json_auto_t *before = NULL, *after = NULL;
	const json_t *one;

	must(office(f->reg, submitted("2026-01-06", LIST_FILE, 17)));
	must(office(f->reg, submitted("2026-01-05", LIST_FILE, 16)));
	before = submissions(f->reg);
	assert_int_equal(2, json_array_size(before));
	one = json_array_get(before, 1);
	assert_string_equal("2026-01-06", json_str(one, "day"));
	assert_string_equal(LIST_FILE, json_str(one, "file"));
	assert_int_equal(17, json_num(one, "services"));
	assert_string_equal("행정안전부", json_str(json_object_get(one, "to"), "ko"));
	assert_string_equal("전자문서로 보냄", json_str(json_object_get(one, "note"), "ko"));
	must(office(f->reg,
		json_make("{s:s,s:o,s:{s:s}}", "do", "erase", "sha256",
			words_of(f->reg, json_num(one, "entry")), "reason", "ko", "개인정보")));
	after = submissions(f->reg);
	one = json_array_get(after, 1);
	assert_true(json_is_null(json_object_get(one, "to")));
	assert_int_equal(17, json_num(one, "services"));
	dump_tables(f->dir, "before");
	must(reg_rebuild(f->reg));
	dump_tables(f->dir, "after");
	shell("cmp %s/before %s/after", f->dir, f->dir);
}

static void a_list_that_cannot_have_been_handed_over_so_is_refused_and_nothing_is_logged(
	void **state)
{
	struct fixture *f = *state;
	json_t *without = submitted("2026-01-06", LIST_FILE, 17);
	const struct {
		json_t *request;
		enum err kind;
		const char *named;
	} wrong[] = {
		{submitted("2999-01-01", LIST_FILE, 17), ERR_INVALID, "still to come"},
		{submitted("2026-02-30", LIST_FILE, 17), ERR_INVALID, "2026-02-30"},
		{submitted("2026-01-06", "b5bb", 17), ERR_INVALID, "file"},
		{submitted("2026-01-06", LIST_FILE, -1), ERR_INVALID, "services"},
		{without, ERR_INVALID, "to whom it was handed over"},
	};

	json_put(without, "to", json_make("{s:s}", "ko", ""));
	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(wrong[i].kind, office(f->reg, wrong[i].request));
		if (!strstr(err_why(), wrong[i].named))
			fail_msg("\"%s\" does not name \"%s\"", err_why(), wrong[i].named);
	}
	assert_int_equal(ORIGINAL_N, entries_of(f->reg));
	must(office(f->reg, submitted("2026-01-06", LIST_FILE, 17)));
	assert_int_equal(ERR_CONFLICT, office(f->reg, submitted("2026-01-06", LIST_FILE, 17)));
	assert_int_equal(ORIGINAL_N + 1, entries_of(f->reg));
}

/* --- the read model's file --- */

static void change_model(struct fixture *f, const char *script)
{
	struct db *db = open_db(f);

	must(db_exec(db, script));
	db_free(db);
}

static void assert_model_is(const struct fixture *f, const char *number)
{
	AUTOFREE char *path = NULL;

	must(model_path(f->dir, &path));
	assert_string_equal(number, strrchr(path, '/') + 1);
	shell("cd %s/model; ls *.db >../is; echo %s | cmp - ../is", f->dir, number);
}

/* Opens, and the rows are those of `before`. */
static void opens_with_the_same_rows(struct fixture *f)
{
	must(open_register(f));
	close_register(f);
	dump_tables(f->dir, "after");
	shell("cmp %s/before %s/after", f->dir, f->dir);
}

static void a_read_model_that_is_damaged_is_made_again_and_not_used(void **state)
{
	struct fixture *f = *state;

	close_register(f);
	dump_tables(f->dir, "before");
	change_model(f, "UPDATE folded SET size = 3; DROP TABLE milestone; DELETE FROM version");
	opens_with_the_same_rows(f);
	assert_model_is(f, "2.db");
	shell("printf torn >%s/model/2.db", f->dir);
	opens_with_the_same_rows(f);
	assert_model_is(f, "3.db");
	shell("rm -r %s/model", f->dir);
	opens_with_the_same_rows(f);
	assert_model_is(f, "1.db");
}

/* Such a file is sound, but no register would open with it. */
static void values_that_every_start_needs_are_mended_from_the_log(void **state)
{
	struct fixture *f = *state;

	close_register(f);
	dump_tables(f->dir, "before");
	change_model(f, "UPDATE standard SET sha256 = 'damaged'");
	opens_with_the_same_rows(f);
	assert_model_is(f, "2.db");
	change_model(f, "UPDATE settings SET about = '{damaged'");
	opens_with_the_same_rows(f);
	assert_model_is(f, "3.db");
}

/* Overwrites `bytes` bytes of the read model's file, from `at`. */
static void damage(const struct fixture *f, unsigned at, unsigned bytes)
{
	AUTOFREE char *path = NULL;

	must(model_path(f->dir, &path));
	shell("head -c %u /dev/zero | tr '\\0' '\\377' | dd of=%s bs=1 seek=%u conv=notrunc status=none",
		bytes, path, at);
}

/* A look at the file, as a serving register has it in a thread, leaves it as it was before the
 * damage. */
static void is_mended(struct fixture *f)
{
	struct mend mend = {.damages = db_damages()};

	mend_look(&mend, f->reg);
	assert_false(reg_health(f->reg).damaged);
	dump_tables(f->dir, "after");
	shell("cmp %s/before %s/after", f->dir, f->dir);
}

static void damage_anywhere_in_its_file_is_mended_by_a_start_or_soon_after_it(void **state)
{
	/* The header, the schema's page, and pages of tables and indexes. */
	static const unsigned at[] = {
		0, 16, 100, 4096, 5 * 4096 + 8, 17 * 4096, 40 * 4096 + 2, 90 * 4096 + 4};
	struct fixture *f = *state;

	close_register(f);
	dump_tables(f->dir, "before");
	for (size_t i = 0; i < COUNT(at); i++) {
		damage(f, at[i], 64);
		must(open_register(f));
		is_mended(f);
		close_register(f);
	}
}

/* What the file was made from is sound, but what a start reads after it is not. */
static void a_start_that_meets_damage_makes_the_file_again(void **state)
{
	static const char *const tables[] = {"standard", "register", "person", "subject"};
	struct fixture *f = *state;

	close_register(f);
	dump_tables(f->dir, "before");
	for (size_t i = 0; i < COUNT(tables); i++) {
		AUTOFREE char *path = NULL, *name = NULL;
		AUTO(rows) row = {0};
		struct db *db = NULL;
		unsigned page;

		must(model_path(f->dir, &path));
		must(db_open(path, DB_WRITE, &db));
		name = mem_printf(
			"SELECT rootpage FROM sqlite_schema WHERE name = '%s'", tables[i]);
		must(db_query_once(db, &(struct sql){"test.root", name}, &row));
		assert_true(rows_next(&row));
		page = (unsigned)rows_int(&row, 0);
		rows_done(&row);
		db_free(db);
		damage(f, (page - 1) * 4096, 4096);
		must(open_register(f));
		is_mended(f);
		close_register(f);
	}
}

static void a_file_that_is_cut_off_empty_or_gone_is_made_again(void **state)
{
	static const char *const how[] = {"truncate -s 50000 $f", "truncate -s 4096 $f",
		"truncate -s 0 $f", "rm $f", "rm ${f%%.db}.*.whole"};
	struct fixture *f = *state;

	close_register(f);
	dump_tables(f->dir, "before");
	for (size_t i = 0; i < COUNT(how); i++) {
		AUTOFREE char *path = NULL;

		must(model_path(f->dir, &path));
		shell("f=%s; %s", path, how[i]);
		must(open_register(f));
		is_mended(f);
		close_register(f);
	}
}

static void damage_under_a_running_register_is_told_and_mended(void **state)
{
	struct fixture *f = *state;
	AUTOFREE char *path = NULL;
	struct mend mend = {.damages = db_damages()};

	dump_tables(f->dir, "before");
	mend_look(&mend, f->reg);
	assert_model_is(f, "1.db"); /* it is sound */
	must(model_path(f->dir, &path));
	shell("rm %s", path);
	mend_look(&mend, f->reg);
	assert_model_is(f, "2.db");
	dump_tables(f->dir, "after");
	shell("cmp %s/before %s/after", f->dir, f->dir);
	/* Not again within the hour. */
	damage(f, 5 * 4096, 4096);
	mend.read = false;
	mend_look(&mend, f->reg);
	assert_true(reg_health(f->reg).damaged);
	assert_model_is(f, "2.db");
	is_mended(f);
	must(ask(f->reg, "smart-water", 1));
}

/* A text that is none of its kind leaves the file's structure sound: only pages meet it. */
static void what_a_page_says_of_it_is_believed_once_and_mended(void **state)
{
	struct fixture *f = *state;
	struct mend mend = {.damages = db_damages()};

	assert_false(reg_suspect(f->reg, 0, "/a", "nobody looks")); /* a page says 500 */
	mend_look(&mend, f->reg);
	assert_true(reg_suspect(f->reg, 0, "/a", "a text"));
	assert_true(reg_health(f->reg).damaged);
	assert_true(reg_suspect(f->reg, 0, "/b", "another, meanwhile"));
	mend_look(&mend, f->reg);
	assert_model_is(f, "2.db");
	assert_false(reg_health(f->reg).damaged);
	assert_int_equal(1, reg_health(f->reg).models);
	/* Of a page that began before, it says nothing about the new one. */
	assert_true(reg_suspect(f->reg, 0, "/a", "a text"));
	assert_false(reg_health(f->reg).damaged);
	/* The new one has the same fault: then the fault is not in it. */
	assert_false(reg_suspect(f->reg, 1, "/a", "a text"));
	/* And not every page's by turns. */
	assert_false(reg_suspect(f->reg, 1, "/b", "another"));
	mend_look(&mend, f->reg);
	assert_model_is(f, "2.db");
}

static void a_read_model_that_is_behind_the_log_catches_up(void **state)
{
	struct fixture *f = *state;

	close_register(f);
	shell("cp -r %s/model %s", f->dir, f->earlier);
	must(open_register(f));
	for (unsigned i = 0; i < 20; i++)
		must(ask(f->reg, "smart-water", i));
	close_register(f);
	dump_tables(f->dir, "before");
	shell("rm -r %s/model; cp -r %s/model %s", f->dir, f->earlier, f->dir);
	opens_with_the_same_rows(f);
	assert_model_is(f, "1.db");
}

static void one_that_is_ahead_of_the_log_or_of_another_is_made_again(void **state)
{
	struct fixture *f = *state;
	struct reg *other = NULL;

	close_register(f);
	shell("cp -r %s/* %s", f->dir, f->earlier);
	must(open_register(f));
	must(ask(f->reg, "smart-water", 1));
	close_register(f);
	shell("cp -r %s/model/1.db %s/ahead.db", f->dir, f->dir);
	must(reg_open(f->earlier, &test_env, &other));
	must(ask(other, "smart-water", 2));
	must(ask(other, "smart-water", 3));
	reg_close(other);
	/* As many entries as the other log once had, and another root. */
	shell("cp %s/ahead.db %s/model/1.db", f->dir, f->earlier);
	must(reg_open(f->earlier, &test_env, &other));
	assert_true(is_there(other, 2) && is_there(other, 3) && !is_there(other, 1));
	reg_close(other);
	shell("cd %s/model; ls *.db >../is; printf '2.db\\n' | cmp - ../is", f->earlier);
	change_model(f, "UPDATE made_from SET size = 900; UPDATE folded SET size = 900");
	must(open_register(f));
	assert_model_is(f, "2.db");
}

static void one_that_was_being_built_or_was_replaced_is_removed_at_the_next_start(void **state)
{
	struct fixture *f = *state;

	close_register(f);
	dump_tables(f->dir, "before");
	shell("cd %s/model; cp 1.db 7.db; touch 7.$(ls | grep whole | cut -d. -f2-); printf torn >8.db; touch 8.db-wal",
		f->dir);
	opens_with_the_same_rows(f);
	assert_model_is(f, "7.db");
}

/* Until now log and read model were one file, and every start finds folders of that time. */
static void put_into_one_file(struct fixture *f)
{
	close_register(f);
	dump_tables(f->dir, "before");
	shell("sqlite3 %s/model/1.db \"PRAGMA journal_mode=DELETE; DROP TABLE made_from\" >/dev/null;"
	      " sqlite3 %s/register.db .dump | sqlite3 %s/model/1.db;"
	      " mv %s/model/1.db %s/register.db; rm -r %s/model",
		f->dir, f->dir, f->dir, f->dir, f->dir, f->dir);
}

static void a_folder_of_one_file_is_taken_over(void **state)
{
	struct fixture *f = *state;

	for (unsigned i = 0; i < 5; i++)
		must(ask(f->reg, "smart-water", i));
	put_into_one_file(f);
	opens_with_the_same_rows(f);
	assert_model_is(f, "1.db");
	must(open_register(f));
	must(ask(f->reg, "smart-water", 9));
}

/* The new file is there, and the old tables are: then the first start goes on. */
static void and_so_it_is_where_a_crash_came_between(void **state)
{
	struct fixture *f = *state;

	close_register(f);
	shell("cp -r %s/model %s", f->dir, f->earlier);
	must(open_register(f));
	must(ask(f->reg, "smart-water", 1));
	put_into_one_file(f);
	shell("cp -r %s/model %s", f->earlier, f->dir);
	opens_with_the_same_rows(f);
}

struct rebuilder {
	struct reg *reg;
	int times;
	enum err err;
	atomic_bool over;
};

static void *rebuild_often(void *arg)
{
	struct rebuilder *r = arg;

	for (int i = 0; i < r->times && r->err == OK; i++)
		r->err = reg_rebuild(r->reg);
	atomic_store(&r->over, true);
	return NULL;
}

/* Asks, and says so after each answer, while the read model is made again and again. */
static void ask_and_rebuild(struct fixture *f, int said)
{
	struct rebuilder rebuilder = {.times = 1000};
	pthread_t thread;

	if (open_register(f) != OK)
		_exit(1);
	rebuilder.reg = f->reg;
	if (pthread_create(&thread, NULL, rebuild_often, &rebuilder) != 0)
		_exit(2);
	for (unsigned n = 0;; n++)
		if (ask(f->reg, "smart-water", n) != OK || write(said, "x", 1) != 1)
			_exit(3);
}

static void whoever_is_killed_while_it_is_made_again_leaves_one_and_every_answer(void **state)
{
	struct fixture *f = *state;
	char x;

	close_register(f);
	for (unsigned answers = 1; answers < 40; answers += 4) {
		int pair[2];
		pid_t pid;

		shell("rm -r %s; mkdir %s; cp -r %s/* %s", f->dir, f->dir, original, f->dir);
		assert_int_equal(0, pipe(pair));
		pid = fork();
		if (pid == 0)
			ask_and_rebuild(f, pair[1]);
		close(pair[1]);
		for (unsigned i = 0; i < answers; i++)
			assert_int_equal(1, read(pair[0], &x, 1));
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		close(pair[0]);
		must(open_register(f));
		for (unsigned i = 0; i < answers; i++)
			assert_true(is_there(f->reg, i));
		assert_rebuilds(f->reg, f->dir);
		close_register(f);
	}
}

static void a_read_model_is_made_ahead_for_another_version_alone(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(ERR_CONFLICT, model_make_ahead(f->dir));
	/* As a program of another version finds it. */
	shell("cd %s/model; mv 1.*.whole 1.0badcafe.whole", f->dir);
	must(model_make_ahead(f->dir));
	must(ask(f->reg, "smart-water", 1));
	close_register(f);
	must(open_register(f));
	assert_true(is_there(f->reg, 1));
	assert_model_is(f, "2.db");
}

static void *make_ahead(void *arg)
{
	enum err *e = arg, made = model_make_ahead((const char *)(e + 1));

	*e = made;
	return NULL;
}

static void two_that_make_a_read_model_ahead_do_not_harm_each_other(void **state)
{
	struct fixture *f = *state;
	struct {
		enum err e;
		char dir[sizeof(f->dir)];
	} maker[2];
	pthread_t thread[2];

	shell("cd %s/model; mv 1.*.whole 1.0badcafe.whole", f->dir);
	for (int i = 0; i < 2; i++) {
		memcpy(maker[i].dir, f->dir, sizeof(f->dir));
		assert_int_equal(0, pthread_create(&thread[i], NULL, make_ahead, &maker[i]));
	}
	for (int i = 0; i < 2; i++)
		pthread_join(thread[i], NULL);
	/* One of them found it made by the other. */
	assert_true((maker[0].e == OK && maker[1].e == ERR_CONFLICT) ||
		    (maker[1].e == OK && maker[0].e == ERR_CONFLICT));
	must(ask(f->reg, "smart-water", 1));
	close_register(f);
	must(open_register(f));
	assert_true(is_there(f->reg, 1));
	assert_model_is(f, "2.db");
}

static void reads_and_writes_go_on_while_the_read_model_is_made_again(void **state)
{
	struct fixture *f = *state;
	struct rebuilder rebuilder = {.reg = f->reg, .times = 5};
	struct busy busy = {.reg = f->reg};
	pthread_t thread, reader;
	unsigned n = 0;

	assert_int_equal(0, pthread_create(&thread, NULL, rebuild_often, &rebuilder));
	assert_int_equal(0, pthread_create(&reader, NULL, read_on, &busy));
	while (!atomic_load(&rebuilder.over) || n < 20) {
		must(ask(f->reg, "smart-water", n));
		assert_true(is_there(f->reg, n++));
	}
	pthread_join(thread, NULL);
	atomic_store(&busy.over, true);
	pthread_join(reader, NULL);
	assert_int_equal(OK, rebuilder.err);
	assert_model_is(f, "6.db");
	for (unsigned i = 0; i < n; i++)
		assert_true(is_there(f->reg, i));
	assert_rebuilds(f->reg, f->dir);
}

/* --- the signer away --- */

/* The descriptor of the mark in this process, where the tests hold the key. */
static int mark_fd(const struct fixture *f)
{
	AUTOFREE char *path = file_in(f->dir, REG_MARK);
	struct stat mark, st;

	assert_int_equal(0, stat(path, &mark));
	for (int fd = 3; fd < 1024; fd++)
		if (fstat(fd, &st) == 0 && st.st_ino == mark.st_ino && st.st_dev == mark.st_dev)
			return fd;
	fail_msg("the mark is not open");
	return -1;
}

static void mark_may(const struct fixture *f, int flags)
{
	AUTOFREE char *path = file_in(f->dir, REG_MARK);
	int fd = mark_fd(f), other = open(path, flags | O_CLOEXEC);

	assert_true(other >= 0 && dup2(other, fd) == fd);
	close(other);
}

static unsigned announced;
static void note_change(void *arg, const struct changes *changes)
{
	(void)arg;
	for (size_t i = 0; i < changes->n; i++)
		if (strcmp(changes->systems[i], "smart-water") == 0)
			__atomic_add_fetch(&announced, 1, __ATOMIC_SEQ_CST);
}

static void while_the_signer_is_away_readers_go_on_and_nothing_is_lost(void **state)
{
	struct fixture *f = *state;

	reg_on_change(f->reg, note_change, NULL);
	announced = 0;
	mark_may(f, O_RDONLY);
	assert_int_equal(ERR_BUSY, ask(f->reg, "smart-water", 1));
	assert_true(reg_health(f->reg).unsigned_);
	assert_int_equal(ERR_BUSY, ask(f->reg, "smart-water", 2));
	/* Readers see what was signed last, entries and all. */
	assert_int_equal(ORIGINAL_N, entries_of(f->reg));
	assert_int_equal(ORIGINAL_N, signed_size(f->reg));
	assert_false(is_there(f->reg, 1));
	assert_int_equal(0, announced);
	mark_may(f, O_RDWR);
	must(ask(f->reg, "smart-water", 3));
	assert_false(reg_health(f->reg).unsigned_);
	assert_int_equal(ORIGINAL_N + 2, signed_size(f->reg));
	assert_true(is_there(f->reg, 1) && !is_there(f->reg, 2) && is_there(f->reg, 3));
	/* Pages are told of the late one, too. */
	assert_int_equal(2, announced);
	reg_on_change(f->reg, NULL, NULL);
}

static unsigned told;
static void note_touched(void *arg, const struct changes *changes)
{
	(void)arg;
	__atomic_store_n(&told, changes->touches | (changes->n ? 1U << 31 : 0), __ATOMIC_SEQ_CST);
}

/* Otherwise each refusal, and each record that is judged first, would invalidate all pages. */
static void what_is_undone_is_told_to_nobody(void **state)
{
	struct fixture *f = *state;
	struct job_ask refused = question("smart-water", 1);

	refused.job.run = ask_and_fail;
	reg_on_change(f->reg, note_touched, NULL);
	must(ask(f->reg, "smart-water", 2));
	assert_int_equal(TOUCHES_SYSTEMS | 1U << 31, told);
	assert_int_equal(ERR_DENIED, reg_do(f->reg, &refused.job));
	assert_int_equal(0, told);
	reg_on_change(f->reg, NULL, NULL);
}

static int64_t test_steady(void *arg)
{
	(void)arg;
	return 1000; /* no time passes in a test */
}

/* A register whose machine has the second clock, too. */
static void open_with_steady_clock(struct fixture *f)
{
	const struct env env = {.now = test_now, .random = test_random, .steady = test_steady};

	close_register(f);
	must(reg_open(f->dir, &env, &f->reg));
}

static void after_a_jump_of_the_clock_nothing_is_written_until_it_is_right_again(void **state)
{
	struct fixture *f = *state;
	static const int64_t jumps[] = {3601, 86400, -3601, -86400};
	int64_t right = test_now(NULL);
	unsigned n = 0;

	open_with_steady_clock(f);
	for (size_t i = 0; i < COUNT(jumps); i++) {
		__atomic_store_n(&clock_now, right + jumps[i], __ATOMIC_RELAXED);
		assert_int_equal(ERR_BUSY, ask(f->reg, "smart-water", ++n));
		assert_non_null(
			strstr(err_why(), jumps[i] > 0 ? "was set forward by" : "was set back by"));
		assert_int_equal(jumps[i], reg_health(f->reg).clock_jump);
		assert_int_equal(ORIGINAL_N + i, signed_size(f->reg));
		__atomic_store_n(&clock_now, right, __ATOMIC_RELAXED);
		must(ask(f->reg, "smart-water", ++n));
		assert_int_equal(0, reg_health(f->reg).clock_jump);
	}
	close_register(f);
	must(open_register(f));
}

static void what_keeps_a_clock_right_is_no_jump(void **state)
{
	struct fixture *f = *state;
	int64_t right = test_now(NULL);

	open_with_steady_clock(f);
	__atomic_store_n(&clock_now, right + 3600, __ATOMIC_RELAXED);
	must(ask(f->reg, "smart-water", 1));
	__atomic_store_n(&clock_now, right - 3600, __ATOMIC_RELAXED);
	must(ask(f->reg, "smart-water", 2));
	__atomic_store_n(&clock_now, right, __ATOMIC_RELAXED);
	close_register(f);
	must(open_register(f));
}

static void what_is_unsigned_is_signed_when_the_signer_is_back_without_being_asked(void **state)
{
	struct fixture *f = *state;

	reg_on_change(f->reg, note_change, NULL);
	announced = 0;
	mark_may(f, O_RDONLY);
	assert_int_equal(ERR_BUSY, ask(f->reg, "smart-water", 1));
	mark_may(f, O_RDWR);
	for (int i = 0; i < 12000 && reg_health(f->reg).unsigned_; i++)
		usleep(10000);
	assert_false(reg_health(f->reg).unsigned_);
	assert_int_equal(ORIGINAL_N + 1, signed_size(f->reg));
	close_register(f); /* so that the writer has announced it */
	assert_int_equal(1, announced);
	must(open_register(f));
	assert_int_equal(ORIGINAL_N + 1, signed_size(f->reg));
}

static void what_was_unsigned_at_the_end_is_signed_at_the_next_start(void **state)
{
	struct fixture *f = *state;

	mark_may(f, O_RDONLY);
	assert_int_equal(ERR_BUSY, ask(f->reg, "smart-water", 1));
	close_register(f);
	must(open_register(f));
	assert_int_equal(ORIGINAL_N + 1, signed_size(f->reg));
	assert_true(is_there(f->reg, 1));
}

static int make_original(void **state)
{
	(void)state;
	crypto_init();
	clock_now = env_now(&env_real);
	temp_dir(original);
	make_register(original, &test_env);
	return 0;
}

static int remove_original(void **state)
{
	(void)state;
	shell("rm -r %s", original);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_job_that_fails_leaves_no_trace_and_the_others_of_its_batch_stay),
		TEST(a_job_that_fails_by_our_own_fault_takes_its_batch_with_it),
		TEST(many_jobs_share_few_commits),
		TEST(the_write_ahead_log_begins_anew_while_readers_stand),
		TEST(nor_does_it_grow_without_end_where_some_reader_is_always_in_a_page),
		TEST(nor_where_an_export_stands_still),
		TEST(a_copy_that_is_being_made_stays),
		TEST(a_nearly_full_disk_gets_no_copy),
		TEST(nor_does_the_read_models_where_a_verification_stands_still),
		TEST(an_event_cannot_be_sent_twice),
		TEST(of_two_made_after_the_same_entry_the_first_wins),
		TEST(a_changed_byte_or_another_key_is_refused),
		TEST(an_entry_has_the_one_signature_that_it_needs_and_nothing_else),
		TEST(a_content_has_no_member_that_its_type_does_not_name),
		TEST(a_content_other_than_the_one_signed_is_refused),
		TEST(what_is_kept_is_what_was_checked_in_normal_form_c_and_with_few_marks),
		TEST(time_never_goes_back_when_the_clock_does),
		TEST(what_was_signed_long_ago_or_in_the_future_is_refused),
		TEST(the_keyholder_refuses_a_smaller_and_a_different_tree),
		TEST(after_a_crash_before_the_signature_the_start_signs),
		TEST(after_a_crash_before_the_checkpoint_is_stored_the_start_signs_again),
		TEST(after_a_crash_within_writing_the_mark_the_slot_before_it_counts),
		TEST(a_damaged_or_missing_mark_stops_the_register),
		TEST(a_restored_backup_is_not_signed_on),
		TEST(another_history_of_the_same_length_is_not_signed),
		TEST(another_and_longer_history_is_not_signed_either),
		TEST(one_process_writes),
		TEST(a_register_is_made_once),
		TEST(a_rebuilt_read_model_is_the_one_there_was),
		TEST(settings_that_change_are_merged_kept_and_rebuilt),
		TEST(a_setting_that_cannot_be_is_refused_and_nothing_is_logged),
		TEST(a_list_that_was_handed_over_stands_with_its_file_also_once_its_words_are_erased),
		TEST(a_list_that_cannot_have_been_handed_over_so_is_refused_and_nothing_is_logged),
		TEST(a_read_model_that_is_damaged_is_made_again_and_not_used),
		TEST(values_that_every_start_needs_are_mended_from_the_log),
		TEST(damage_anywhere_in_its_file_is_mended_by_a_start_or_soon_after_it),
		TEST(a_start_that_meets_damage_makes_the_file_again),
		TEST(a_file_that_is_cut_off_empty_or_gone_is_made_again),
		TEST(damage_under_a_running_register_is_told_and_mended),
		TEST(what_a_page_says_of_it_is_believed_once_and_mended),
		TEST(two_that_make_a_read_model_ahead_do_not_harm_each_other),
		TEST(a_read_model_that_is_behind_the_log_catches_up),
		TEST(one_that_is_ahead_of_the_log_or_of_another_is_made_again),
		TEST(one_that_was_being_built_or_was_replaced_is_removed_at_the_next_start),
		TEST(a_folder_of_one_file_is_taken_over),
		TEST(and_so_it_is_where_a_crash_came_between),
		TEST(reads_and_writes_go_on_while_the_read_model_is_made_again),
		TEST(whoever_is_killed_while_it_is_made_again_leaves_one_and_every_answer),
		TEST(a_read_model_is_made_ahead_for_another_version_alone),
		TEST(while_the_signer_is_away_readers_go_on_and_nothing_is_lost),
		TEST(what_is_undone_is_told_to_nobody),
		TEST(after_a_jump_of_the_clock_nothing_is_written_until_it_is_right_again),
		TEST(what_keeps_a_clock_right_is_no_jump),
		TEST(what_is_unsigned_is_signed_when_the_signer_is_back_without_being_asked),
		TEST(what_was_unsigned_at_the_end_is_signed_at_the_next_start),
	};

	reg_readers(2); /* of many registers that are opened */
	return cmocka_run_group_tests(tests, make_original, remove_original);
}
