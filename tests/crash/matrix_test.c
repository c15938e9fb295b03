/* Each step of a write fails in four ways: refused without an effect, refused after taking effect,
 * and the process dies just before or just after it. Each failure happens twice in a row, then
 * comes a run without a fault. After each the register must open by itself and verify, its read
 * model must equal the fold, and everything acknowledged must be in it.
 *
 * A process that dies is a child of the test, and records what it acknowledged in shared memory. */
#define QUESTIONS_N 8
#include "tests/unit/verify_fixture.h"

#include "registry/write/writer.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

/* In the order of writer.c. */
enum point { BEGIN, MARK, CONTENT, APPEND, KEEP, TILE, COMMIT, SIGN, CHECKPOINT, ANSWER, POINTS };
static const char *const point_names[] = {"begin", "savepoint", "store the content", "append",
	"keep the savepoint", "store a tile", "COMMIT", "sign", "store the checkpoint", "answer"};
enum way { FAIL_NOT_DONE, FAIL_BUT_DONE, DIE_BEFORE, DIE_AFTER, WAYS };
static const char *const way_names[] = {
	"fails, not stored", "fails, but stored", "dies before", "dies after"};

static struct fault {
	enum point point;
	enum way way;
	int times; /* how often it is still to happen */
} fault;

#define ACKNOWLEDGED_MAX 16
static struct {
	unsigned n;
	struct {
		unsigned question;
		uint64_t index;
	} of[ACKNOWLEDGED_MAX];
} * acknowledged; /* shared with child processes */

static void die(void)
{
	kill(getpid(), SIGKILL);
}

static bool strikes(enum point point, enum way way)
{
	return fault.times > 0 && fault.point == point && fault.way == way;
}

static enum err before(enum point point)
{
	if (strikes(point, DIE_BEFORE))
		die();
	if (!strikes(point, FAIL_NOT_DONE))
		return OK;
	fault.times--;
	return (fail)(ERR_SYSTEM, "the test lets this fail");
}

static enum err after(enum point point, enum err e)
{
	if (strikes(point, DIE_AFTER))
		die();
	if (!strikes(point, FAIL_BUT_DONE))
		return e;
	fault.times--;
	return (fail)(ERR_SYSTEM, "the test lets this fail");
}

/* --- the store and the signer, with faults --- */

static const struct store_ops *real;

static enum err f_begin(void *self)
{
	TRY(before(BEGIN));
	return after(BEGIN, real->begin(self));
}
static enum err f_mark(void *self)
{
	TRY(before(MARK));
	return after(MARK, real->mark(self));
}
static enum err f_put_content(void *self, const struct sha256 *hash, const void *data, size_t len)
{
	TRY(before(CONTENT));
	return after(CONTENT, real->put_content(self, hash, data, len));
}
static enum err f_append(void *self, uint64_t index, const void *entry, size_t len)
{
	TRY(before(APPEND));
	return after(APPEND, real->append(self, index, entry, len));
}
static enum err f_keep(void *self)
{
	TRY(before(KEEP));
	return after(KEEP, real->keep(self));
}
static enum err f_put_tile(
	void *self, unsigned level, uint64_t index, const void *hashes, size_t len)
{
	TRY(before(TILE));
	return after(TILE, real->put_tile(self, level, index, hashes, len));
}
static enum err f_commit(void *self)
{
	TRY(before(COMMIT));
	return after(COMMIT, real->commit(self));
}
static enum err f_put_checkpoint(void *self, uint64_t size, const char *note)
{
	TRY(before(CHECKPOINT));
	return after(CHECKPOINT, real->put_checkpoint(self, size, note));
}

/* The linker replaces the signer's functions by these (see the Makefile). */
enum err __real_signer_sign(struct signer *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note);
enum err __wrap_signer_sign(struct signer *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note);
enum err __wrap_signer_sign(struct signer *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note)
{
	TRY(before(SIGN));
	return after(SIGN, __real_signer_sign(s, size, root, consistency, note));
}

static void before_answer(void *arg, const struct changes *changes)
{
	(void)arg;
	(void)changes;
	(void)!before(ANSWER);
}

static struct reg *open_faulty(const char *dir)
{
	static struct store_ops faulty;
	struct reg *reg = open_in(dir);

	real = reg->log.store.ops;
	faulty = *real;
	faulty.begin = f_begin;
	faulty.mark = f_mark;
	faulty.put_content = f_put_content;
	faulty.append = f_append;
	faulty.keep = f_keep;
	faulty.put_tile = f_put_tile;
	faulty.commit = f_commit;
	faulty.put_checkpoint = f_put_checkpoint;
	reg->log.store.ops = &faulty;
	reg_on_change(reg, before_answer, NULL);
	return reg;
}

/* --- writing, and what must hold afterwards --- */

static enum err try_question(struct reg *reg, unsigned i)
{
	char id[FEEDBACK_ID + 1];
	struct step s = {.job.run = run_draft};

	question_id(i, id);
	s.draft = (struct draft){"feedback.received", "citizen", id,
		json_make("{s:s}", "system", "smart-water"),
		json_make("{s:s,s:s}", "text", "제 자료도 쓰나요?", "lang", "ko")};
	TRY(reg_do(reg, &s.job));
	acknowledged->of[acknowledged->n].question = i;
	acknowledged->of[acknowledged->n++].index = s.index;
	return OK;
}

static void assert_acknowledged(struct db *db)
{
	struct store store = store_sqlite(db);

	for (unsigned i = 0; i < acknowledged->n; i++) {
		AUTO(buf) entry = BUF(ENTRY_MAX);
		AUTO(event) ev = {0};
		char id[FEEDBACK_ID + 1];

		question_id(acknowledged->of[i].question, id);
		must(store.ops->entry(store.self, acknowledged->of[i].index, &entry));
		must(event_parse(buf_text(&entry), entry.len, &ev));
		assert_string_equal(id, ev.subject);
	}
}

/* The verification folds the log again and compares every row of the read model. */
static void assert_sound(const char *dir, const char *state)
{
	struct verified result;
	struct db *db;

	must(verify_register(&(struct verify){.where = dir, .state = state}, &result));
	db = open_db(dir);
	assert_acknowledged(db);
	db_free(db);
}

static void assert_sound_after_restart(const char *dir, const char *state)
{
	struct reg *reg = open_in(dir);

	must(reg_rebuild(reg));
	reg_close(reg);
	assert_sound(dir, state);
}

/* The checkpoint that a reader sees covers everything that it sees. */
static void assert_shown_is_signed(struct reg *reg)
{
	static const struct sql folded = {"test.folded", "SELECT size FROM folded"};
	AUTO(buf) note = BUF(NOTE_MAX);
	const struct snapshot *snap;
	uint64_t size = 0;
	int64_t shown = 0;

	must(reg_read(reg, &snap));
	must(log_checkpoint(&snap->log, &note, &size));
	must(db_int(snap->model, &folded, BIND_NONE, &shown));
	reg_read_done(reg, snap);
	assert_int_equal(size, shown);
}

/* --- the matrix --- */

static void in_child(void (*run)(const char *dir), const char *dir)
{
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		run(dir);
		_exit(0);
	}
	assert_int_equal(pid, waitpid(pid, &status, 0));
	if (WIFEXITED(status) && WEXITSTATUS(status) != 0)
		fail_msg("the child failed");
	assert_true(WIFEXITED(status) || WTERMSIG(status) == SIGKILL);
}

static unsigned question; /* the next question, not asked yet */

static void write_once_and_die(const char *dir)
{
	struct reg *reg = open_faulty(dir);

	(void)!try_question(reg, question);
	_exit(1); /* it should have died */
}

static void write_once(const char *dir)
{
	struct reg *reg = open_in(dir);

	must(try_question(reg, question));
	reg_close(reg);
}

static void dies_twice(const char *dir, const char *state)
{
	for (int i = 0; i < 2; i++, question++) {
		fault.times = 1;
		in_child(write_once_and_die, dir);
		fault.times = 0;
		assert_sound_after_restart(dir, state);
	}
	in_child(write_once, dir);
	question++;
}

/* In one process, which must continue by itself. */
static void fails_twice(const char *dir, const char *state)
{
	struct reg *reg = open_faulty(dir);
	unsigned failed = 0;

	/* A signer that dies once during a request is retried within it: then nothing fails. */
	for (int i = 0; i < 2; i++, question++) {
		fault.times = 1;
		failed += try_question(reg, question) != OK;
		assert_int_equal(0, fault.times);
		assert_shown_is_signed(reg);
	}
	assert_int_equal(2, failed);
	fault.times = 0;
	must(try_question(reg, question++));
	assert_shown_is_signed(reg);
	reg_close(reg);
	assert_sound(dir, state);
}

static void run_matrix(enum point point)
{
	for (enum way way = 0; way < WAYS; way++) {
		char dir[64];
		AUTOFREE char *state = NULL;

		if (point == ANSWER && way != DIE_BEFORE)
			continue; /* nothing can fail here, and nothing comes after it */
		print_message("# %s: %s\n", point_names[point], way_names[way]);
		copy_original(dir);
		state = mem_printf("%s.state", dir);
		acknowledged->n = 0;
		question = 100;
		fault = (struct fault){point, way, 0};
		assert_sound(dir, state);
		if (way == DIE_BEFORE || way == DIE_AFTER)
			dies_twice(dir, state);
		else
			fails_twice(dir, state);
		assert_int_equal(1, acknowledged->n);
		assert_sound_after_restart(dir, state);
		unlink(state);
		remove_dir(dir);
	}
}

#define POINT_TEST(name, point)        \
	static void name(void **state) \
	{                              \
		(void)state;           \
		run_matrix(point);     \
	}
POINT_TEST(begin_fails, BEGIN)
POINT_TEST(the_savepoint_fails, MARK)
POINT_TEST(storing_the_content_fails, CONTENT)
POINT_TEST(append_fails, APPEND)
POINT_TEST(keeping_the_savepoint_fails, KEEP)
POINT_TEST(storing_a_tile_fails, TILE)
POINT_TEST(commit_fails, COMMIT)
POINT_TEST(signing_fails, SIGN)
POINT_TEST(storing_the_checkpoint_fails, CHECKPOINT)
POINT_TEST(the_process_dies_before_it_answers, ANSWER)

/* --- the machine --- */

static void fill_disk(const char *dir)
{
	struct reg *reg = open_in(dir);
	AUTOFREE char *wal = mem_printf("%s/%s-wal", dir, REG_DATABASE);
	struct rlimit limit, full;
	struct stat st;
	enum err e;

	signal(SIGXFSZ, SIG_IGN);
	must(try_question(reg, question++));
	assert_int_equal(0, stat(wal, &st));
	getrlimit(RLIMIT_FSIZE, &limit);
	full = (struct rlimit){(rlim_t)st.st_size + 5000, limit.rlim_max};
	setrlimit(RLIMIT_FSIZE, &full);
	for (int i = 0; i < 3; i++) {
		e = try_question(reg, question + 50);
		assert_int_equal(ERR_SYSTEM, e);
		/* The error names the cause, not a consequence. */
		assert_true(strstr(err_why(), "full") || strstr(err_why(), "I/O"));
		assert_shown_is_signed(reg);
	}
	setrlimit(RLIMIT_FSIZE, &limit);
	must(try_question(reg, question++));
	reg_close(reg);
}

static void a_full_disk_refuses_writes_and_nothing_else_and_space_is_all_it_takes(void **state)
{
	char dir[64];

	(void)state;
	copy_original(dir);
	acknowledged->n = 0;
	in_child(fill_disk, dir);
	assert_int_equal(2, acknowledged->n);
	assert_sound_after_restart(dir, NULL);
	remove_dir(dir);
}

static void open_read_only(const char *dir)
{
	struct reg *reg = NULL;
	enum err e;

	if (unshare(CLONE_NEWNS) || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
		mount(dir, dir, NULL, MS_BIND, NULL) ||
		mount(NULL, dir, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL)) {
		print_message("# skipped: no privilege to mount a disk read-only\n");
		return;
	}
	e = reg_open(dir, &test_env, &reg);
	assert_int_equal(ERR_SYSTEM, e);
	if (!strstr(err_why(), dir) || !strstr(err_why(), "mounted for reading only"))
		fail_msg("\"%s\" does not say why", err_why());
}

static void a_read_only_disk_is_said_to_be_one(void **state)
{
	char dir[64];

	(void)state;
	copy_original(dir);
	acknowledged->n = 0;
	in_child(open_read_only, dir);
	assert_sound_after_restart(dir, NULL);
	remove_dir(dir);
}

static int64_t a_day_ago(void *arg)
{
	return test_now(arg) - 86400;
}

static void a_clock_that_steps_back_leaves_times_in_order(void **state)
{
	const struct env early = {a_day_ago, test_random, NULL};
	struct reg *reg = NULL;
	char dir[64];

	(void)state;
	copy_original(dir);
	acknowledged->n = 0;
	must(reg_open(dir, &early, &reg));
	must(try_question(reg, 500));
	must(try_question(reg, 501));
	reg_close(reg);
	assert_sound(dir, NULL); /* also checks the order of times */
	reg = open_in(dir);
	must(try_question(reg, 502));
	reg_close(reg);
	assert_sound(dir, NULL);
	remove_dir(dir);
}

static int prepare(void **state)
{
	acknowledged = mmap(NULL, sizeof(*acknowledged), PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(MAP_FAILED, acknowledged);
	return make_original(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(begin_fails),
		cmocka_unit_test(the_savepoint_fails),
		cmocka_unit_test(storing_the_content_fails),
		cmocka_unit_test(append_fails),
		cmocka_unit_test(keeping_the_savepoint_fails),
		cmocka_unit_test(storing_a_tile_fails),
		cmocka_unit_test(commit_fails),
		cmocka_unit_test(signing_fails),
		cmocka_unit_test(storing_the_checkpoint_fails),
		cmocka_unit_test(the_process_dies_before_it_answers),
		cmocka_unit_test(
			a_full_disk_refuses_writes_and_nothing_else_and_space_is_all_it_takes),
		cmocka_unit_test(a_read_only_disk_is_said_to_be_one),
		cmocka_unit_test(a_clock_that_steps_back_leaves_times_in_order),
	};

	return cmocka_run_group_tests(tests, prepare, remove_original);
}
