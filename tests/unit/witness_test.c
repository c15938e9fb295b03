#include "audit/witness.h"

#include "audit/cosignature.h"
#include "audit/witness_state.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/witness_fixture.h"

#define NOW 1700000000

static int64_t now(void *arg)
{
	(void)arg;
	return NOW;
}

/* A witness of LOG, with its state in memory. */
struct fixture {
	struct skey log, other, key;
	struct witness_log logs[2];
	struct db *db;
	struct env env;
	struct witness w;
};

static char origin_log[] = LOG;

static int make(void **state)
{
	struct fixture *f = mem_new(sizeof(*f));

	f->log = test_key(LOG, 1);
	f->other = test_key(LOG, 2);
	f->key = test_key("witness.example", 3);
	f->logs[0] = (struct witness_log){origin_log, f->log.vkey};
	f->logs[1] = (struct witness_log){origin_log, test_key(LOG, 4).vkey};
	f->env = (struct env){.now = now};
	assert_int_equal(OK, db_open(":memory:", DB_WRITE, &f->db));
	assert_int_equal(OK, witness_state_create(f->db));
	f->w = (struct witness){&f->key, &f->env, witness_state_sqlite(f->db), f->logs, 2};
	*state = f;
	return 0;
}

static int drop(void **state)
{
	struct fixture *f = *state;

	db_free(f->db);
	free(f);
	return 0;
}

static int ask_text(struct fixture *f, const char *body, struct buf *out)
{
	buf_clear(out);
	return witness_add_checkpoint(&f->w, body, strlen(body), out, NULL);
}

static int ask(struct fixture *f, const struct history *h, uint64_t old, uint64_t size)
{
	AUTO(buf) body = BUF(WITNESS_BODY_MAX), out = BUF(KIB);

	add_request(&f->log, h, old, size, &body);
	return ask_text(f, buf_text(&body), &out);
}

static void a_log_that_grows_is_cosigned_again_and_again(void **state)
{
	static const uint64_t sizes[] = {0, 1, 2, 7, 8, 9, 200, 256, 257};

	for (size_t i = 1; i < COUNT(sizes); i++)
		assert_int_equal(200, ask(*state, &one, sizes[i - 1], sizes[i]));
}

static void the_answer_is_a_line_that_verifies(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) body = BUF(WITNESS_BODY_MAX), out = BUF(KIB), note = BUF(4 * KIB);
	struct checkpoint cp = checkpoint_of(&one, 5);
	struct note parsed;
	int64_t time = 0;

	add_request(&f->log, &one, 0, 5, &body);
	assert_int_equal(200, ask_text(f, buf_text(&body), &out));
	add_note(&f->log, &cp, &note);
	buf_puts(&note, buf_text(&out));
	assert_int_equal(OK, note_parse(note.data, note.len, &parsed));
	assert_int_equal(OK, cosignature_verify(&parsed, &f->key.vkey, &time));
	assert_int_equal(NOW, time);
}

static int64_t moved; /* how far the clock was set since the start */

static int64_t moved_now(void *arg)
{
	(void)arg;
	return NOW + moved;
}

static int64_t steady(void *arg)
{
	(void)arg;
	return 1000;
}

static void after_a_jump_of_the_clock_nothing_is_cosigned_until_it_is_right_again(void **state)
{
	static const int64_t jumps[] = {3601, 86400 * 365, -3601};
	struct fixture *f = *state;
	AUTO(buf) body = BUF(WITNESS_BODY_MAX), out = BUF(KIB);

	f->env = (struct env){.now = moved_now, .steady = steady};
	f->w.clock_gap = env_gap(&f->env);
	for (size_t i = 0; i < COUNT(jumps); i++) {
		moved = jumps[i];
		assert_int_equal(503, ask(f, &one, i, i + 1));
		add_request(&f->other, &one, i, i + 1, &body);
		assert_int_equal(
			403, ask_text(f, buf_text(&body), &out)); /* strangers learn nothing */
		buf_clear(&body);
		moved = i % 2 ? 3600 : -3600;
		assert_int_equal(200, ask(f, &one, i, i + 1));
	}
	moved = 0;
}

static void another_old_size_is_told_the_right_one(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) body = BUF(WITNESS_BODY_MAX), out = BUF(KIB);

	assert_int_equal(200, ask(f, &one, 0, 5));
	add_request(&f->log, &one, 0, 9, &body);
	assert_int_equal(409, ask_text(f, buf_text(&body), &out));
	assert_string_equal("5\n", buf_text(&out));
	assert_int_equal(409, ask(f, &one, 4, 9));
	assert_int_equal(409, ask(f, &one, 6, 9));
	assert_int_equal(200, ask(f, &one, 5, 9));
}

static void the_first_of_a_log_is_asked_for_from_zero(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) body = BUF(WITNESS_BODY_MAX), out = BUF(KIB);

	add_request(&f->log, &one, 3, 9, &body);
	assert_int_equal(409, ask_text(f, buf_text(&body), &out));
	assert_string_equal("0\n", buf_text(&out));
}

static void the_same_checkpoint_is_cosigned_again(void **state)
{
	assert_int_equal(200, ask(*state, &one, 0, 5));
	assert_int_equal(200, ask(*state, &one, 5, 5));
	assert_int_equal(200, ask(*state, &one, 5, 5));
}

static void a_fork_is_refused(void **state)
{
	const struct history fork = {3};

	assert_int_equal(200, ask(*state, &one, 0, 5));
	assert_int_equal(422, ask(*state, &fork, 5, 9));
	assert_int_equal(422, ask(*state, &fork, 5, 5));
	assert_int_equal(200, ask(*state, &one, 5, 9));
}

static void what_does_not_go_on_is_kept_with_the_logs_own_lines_alone(void **state)
{
	const struct history fork = {3};
	struct fixture *f = *state;
	AUTO(buf) body = BUF(WITNESS_BODY_MAX), out = BUF(KIB), evidence = BUF(WITNESS_BODY_MAX);
	struct note note;

	assert_int_equal(200, ask(f, &one, 0, 5));
	add_request(&f->log, &fork, 5, 9, &body);
	buf_puts(&body, "\xe2\x80\x94 stranger AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n");
	assert_int_equal(422, witness_add_checkpoint(&f->w, body.data, body.len, &out, &evidence));
	assert_int_equal(OK, note_parse(buf_text(&evidence), evidence.len, &note));
	assert_int_equal(1, note.sigs_n);
	assert_int_equal(OK, note_verify(&note, &f->w.logs[0].key));
	buf_clear(&evidence);
	assert_int_equal(200, ask(f, &one, 5, 9));
	assert_int_equal(0, evidence.len);
}

static void a_rollback_is_refused(void **state)
{
	assert_int_equal(200, ask(*state, &one, 0, 9));
	assert_int_equal(409, ask(*state, &one, 0, 5));
	assert_int_equal(409, ask(*state, &one, 5, 5));
}

static void the_empty_tree_has_one_root(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) body = BUF(KIB), out = BUF(KIB);
	struct checkpoint cp = checkpoint_of(&one, 1);

	cp.size = 0;
	buf_puts(&body, "old 0\n\n");
	add_note(&f->log, &cp, &body);
	assert_int_equal(422, ask_text(f, buf_text(&body), &out));
	assert_int_equal(200, ask(f, &one, 0, 0));
	assert_int_equal(200, ask(f, &one, 0, 3));
}

static void from_zero_there_is_nothing_to_prove(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) body = BUF(KIB), out = BUF(KIB);
	struct checkpoint cp = checkpoint_of(&one, 3);

	buf_puts(&body, "old 0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n");
	add_note(&f->log, &cp, &body);
	assert_int_equal(422, ask_text(f, buf_text(&body), &out));
}

static void a_missing_proof_is_inconsistent(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) body = BUF(KIB), out = BUF(KIB);
	struct checkpoint cp = checkpoint_of(&one, 9);

	assert_int_equal(200, ask(f, &one, 0, 5));
	buf_puts(&body, "old 5\n\n");
	add_note(&f->log, &cp, &body);
	assert_int_equal(422, ask_text(f, buf_text(&body), &out));
}

static void an_unknown_log_is_not_found(void **state)
{
	struct fixture *f = *state;
	struct skey key = test_key("elsewhere.example", 1);
	struct checkpoint cp = checkpoint_of(&one, 3);
	AUTO(buf) body = BUF(KIB), out = BUF(KIB);

	strcpy(cp.origin, "elsewhere.example");
	buf_puts(&body, "old 0\n\n");
	add_note(&key, &cp, &body);
	assert_int_equal(404, ask_text(f, buf_text(&body), &out));
}

static void only_the_logs_own_keys_count(void **state)
{
	struct fixture *f = *state;
	struct skey second = test_key(LOG, 4);
	AUTO(buf) body = BUF(4 * KIB), out = BUF(KIB), by_second = BUF(4 * KIB);

	add_request(&f->other, &one, 0, 3, &body);
	assert_int_equal(403, ask_text(f, buf_text(&body), &out));
	add_request(&second, &one, 0, 3, &by_second);
	assert_int_equal(200, ask_text(f, buf_text(&by_second), &out));
}

static void a_wrong_line_of_a_known_key_spoils_a_right_one(void **state)
{
	struct fixture *f = *state;
	struct skey second = test_key(LOG, 4);
	AUTO(buf) body = BUF(4 * KIB), out = BUF(KIB);

	add_request(&f->log, &one, 0, 3, &body);
	note_sign_line(&second, "other\n", 6, &body);
	assert_int_equal(403, ask_text(f, buf_text(&body), &out));
}

#define HASH "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

static void what_is_no_request_is_a_bad_request(void **state)
{
	static const char *const wrong[] = {"", "\n", "old\n", "old \n", "old 1", "old 01\n\n",
		"old -1\n\n", "old 0\n", "old 0\n\n", "old 0\nAAAA\n\n", "old 0\n\nnot a note\n",
		"old  0\n\n", "Old 0\n\n", "old 0\r\n\r\n", "old 18446744073709551616\n\n"};
	struct fixture *f = *state;
	AUTO(buf) out = BUF(KIB);

	for (size_t i = 0; i < COUNT(wrong); i++) {
		assert_int_equal(400, ask_text(f, wrong[i], &out));
		assert_true(out.len > 1);
	}
}

static void what_is_cut_off_is_a_bad_request_too(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) body = BUF(KIB), out = BUF(KIB);

	add_request(&f->log, &one, 2, 3, &body);
	while (body.len-- > 0) {
		int status = witness_add_checkpoint(&f->w, body.data, body.len, &out, NULL);

		assert_int_equal(400, status);
	}
}

static void an_old_size_over_the_checkpoints_is_a_bad_request(void **state)
{
	struct fixture *f = *state;
	struct checkpoint cp = checkpoint_of(&one, 3);
	AUTO(buf) body = BUF(KIB), out = BUF(KIB);

	buf_puts(&body, "old 4\n\n");
	add_note(&f->log, &cp, &body);
	assert_int_equal(400, ask_text(f, buf_text(&body), &out));
}

static void a_proof_has_at_most_63_hashes(void **state)
{
	struct fixture *f = *state;
	struct checkpoint cp = checkpoint_of(&one, 3);

	for (int n = 63; n <= 64; n++) {
		AUTO(buf) body = BUF(8 * KIB), out = BUF(KIB);

		buf_puts(&body, "old 0\n");
		for (int i = 0; i < n; i++)
			buf_puts(&body, HASH);
		buf_putc(&body, '\n');
		add_note(&f->log, &cp, &body);
		assert_int_equal(n == 63 ? 422 : 400, ask_text(f, buf_text(&body), &out));
	}
}

static void monitors_get_the_latest_with_no_strangers_lines(void **state)
{
	struct fixture *f = *state;
	struct sha256 hash = sha256_of(LOG, strlen(LOG));
	AUTO(buf) body = BUF(4 * KIB), line = BUF(KIB), out = BUF(4 * KIB), want = BUF(4 * KIB);
	struct checkpoint cp = checkpoint_of(&one, 5);
	char hex[SHA256_HEX];

	sha256_hex(&hash, hex);
	assert_int_equal(404, witness_checkpoint(&f->w, hex, &out));
	add_request(&f->log, &one, 0, 5, &body);
	buf_puts(&body, "— stranger AAAAAAAAAA==\n");
	assert_int_equal(200, ask_text(f, buf_text(&body), &line));
	buf_clear(&out);
	assert_int_equal(200, witness_checkpoint(&f->w, hex, &out));
	add_note(&f->log, &cp, &want);
	buf_puts(&want, buf_text(&line));
	assert_string_equal(buf_text(&want), buf_text(&out));
	assert_int_equal(404, witness_checkpoint(&f->w, "abc", &out));
}

/* --- the state --- */

static void what_was_cosigned_is_remembered_after_a_restart(void **state)
{
	struct fixture *f = *state;
	char dir[] = "/tmp/gaya-witness-XXXXXX";
	AUTOFREE char *path = NULL, *wal = NULL, *shm = NULL;

	assert_non_null(mkdtemp(dir));
	path = file_in(dir, "witness.db");
	for (int i = 0; i < 2; i++) {
		db_free(f->db);
		assert_int_equal(OK, db_open(path, DB_WRITE, &f->db));
		assert_int_equal(OK, witness_state_create(f->db));
		f->w.state = witness_state_sqlite(f->db);
		assert_int_equal(i ? 409 : 200, ask(f, &one, 0, 5));
	}
	unlink(path);
	wal = mem_printf("%s-wal", path);
	shm = mem_printf("%s-shm", path);
	unlink(wal);
	unlink(shm);
	rmdir(dir);
}

static enum err no_move(
	void *self, const struct checkpoint *from, const struct checkpoint *to, const char *note)
{
	(void)self;
	(void)from;
	(void)to;
	(void)note;
	return (fail)(ERR_SYSTEM, "the disk is full"); /* cmocka has a macro of this name */
}

static void nothing_is_cosigned_that_cannot_be_kept(void **state)
{
	struct fixture *f = *state;
	struct witness_state_ops ops = *f->w.state.ops;
	AUTO(buf) body = BUF(4 * KIB), out = BUF(KIB);

	ops.move = no_move;
	f->w.state.ops = &ops;
	add_request(&f->log, &one, 0, 5, &body);
	assert_int_equal(500, ask_text(f, buf_text(&body), &out));
	assert_null(strstr(buf_text(&out), "— "));
}

static const struct witness_state_ops *under;

/* A competing request that is slightly faster: it moves the state first. */
static enum err late_move(
	void *self, const struct checkpoint *from, const struct checkpoint *to, const char *note)
{
	struct checkpoint faster = checkpoint_of(&one, 7);

	TRY(under->move(self, from, &faster, "faster\n"));
	return under->move(self, from, to, note);
}

static void of_two_requests_at_once_the_slower_is_told_the_size(void **state)
{
	struct fixture *f = *state;
	struct witness_state_ops ops = *f->w.state.ops;
	AUTO(buf) body = BUF(4 * KIB), out = BUF(KIB);

	assert_int_equal(200, ask(f, &one, 0, 5));
	under = f->w.state.ops;
	ops.move = late_move;
	f->w.state.ops = &ops;
	add_request(&f->log, &one, 5, 6, &body);
	assert_int_equal(409, ask_text(f, buf_text(&body), &out));
	assert_string_equal("7\n", buf_text(&out));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_log_that_grows_is_cosigned_again_and_again),
		TEST(the_answer_is_a_line_that_verifies),
		TEST(after_a_jump_of_the_clock_nothing_is_cosigned_until_it_is_right_again),
		TEST(after_a_jump_of_the_clock_nothing_is_cosigned_until_it_is_right_again),
		TEST(another_old_size_is_told_the_right_one),
		TEST(the_first_of_a_log_is_asked_for_from_zero),
		TEST(the_same_checkpoint_is_cosigned_again),
		TEST(a_fork_is_refused),
		TEST(what_does_not_go_on_is_kept_with_the_logs_own_lines_alone),
		TEST(a_rollback_is_refused),
		TEST(the_empty_tree_has_one_root),
		TEST(from_zero_there_is_nothing_to_prove),
		TEST(a_missing_proof_is_inconsistent),
		TEST(an_unknown_log_is_not_found),
		TEST(only_the_logs_own_keys_count),
		TEST(a_wrong_line_of_a_known_key_spoils_a_right_one),
		TEST(what_is_no_request_is_a_bad_request),
		TEST(what_is_cut_off_is_a_bad_request_too),
		TEST(an_old_size_over_the_checkpoints_is_a_bad_request),
		TEST(a_proof_has_at_most_63_hashes),
		TEST(monitors_get_the_latest_with_no_strangers_lines),
		TEST(what_was_cosigned_is_remembered_after_a_restart),
		TEST(nothing_is_cosigned_that_cannot_be_kept),
		TEST(of_two_requests_at_once_the_slower_is_told_the_size),
	};
	crypto_init();
	return cmocka_run_group_tests_name("witness", tests, NULL, NULL);
}
