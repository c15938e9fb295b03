#include "web/witness/witness_client.h"

#include "audit/cosignature.h"
#include "audit/witness_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "tests/unit/tiny_server.h"
#include "tests/unit/witness_fixture.h"

#define OURS 9 /* entries of our log, all signed */

/* A witness that answers correctly, or as a test demands. */
static struct fixture {
	struct skey log, key;
	struct witness_log logs[1];
	struct db *db;
	struct witness w;
	struct tiny_server server;
	struct fetch *fetch;
	struct cosign_request rq;
	struct buf note;
	int status;       /* instead of the witness's own; 0: its own */
	const char *body; /* with that */
	unsigned asked;   /* times */
	uint64_t newest;
} f;

static int respond(void *arg, const char *path, const char *request, struct buf *out)
{
	const char *body = strstr(request, "\r\n\r\n");
	int status;

	(void)arg;
	f.asked++;
	if (strcmp(path, "/prefix/add-checkpoint") != 0 || strncmp(request, "POST ", 5) != 0)
		return 400;
	if (f.status) {
		buf_puts(out, f.body);
		return f.status;
	}
	status = witness_add_checkpoint(&f.w, body + 4, strlen(body + 4), out, NULL);
	f.server.type = status == 409 ? WITNESS_SIZE_TYPE : "text/plain";
	return status;
}

static enum err prove(void *arg, uint64_t old_size, uint64_t new_size, struct path *out)
{
	struct nodes nodes = {node_of, (void *)(uintptr_t)&one};

	(void)arg;
	return merkle_consistency(&nodes, old_size, new_size, out);
}

static uint64_t newest(void *arg)
{
	(void)arg;
	return f.newest;
}

static char origin[] = LOG;

static void sign(const struct history *h, uint64_t size)
{
	struct checkpoint cp = checkpoint_of(h, size);

	buf_clear(&f.note);
	add_note(&f.log, &cp, &f.note);
	f.rq = (struct cosign_request){.cp = cp,
		.signed_text = f.note.data,
		.signed_len = f.note.len,
		.prove = prove,
		.newest = newest};
	assert_int_equal(OK, note_parse(f.note.data, f.note.len, &f.rq.note));
}

static int make(void **state)
{
	(void)state;
	f = (struct fixture){.server = {.answer = respond}, .note = BUF(NOTE_MAX), .newest = OURS};
	f.log = test_key(LOG, 1);
	f.key = test_key("witness.example", 3);
	f.logs[0] = (struct witness_log){origin, f.log.vkey};
	assert_int_equal(OK, db_open(":memory:", DB_WRITE, &f.db));
	assert_int_equal(OK, witness_state_create(f.db));
	f.w = (struct witness){&f.key, &env_real, witness_state_sqlite(f.db), f.logs, 1};
	f.w.clock_gap = env_gap(&env_real);
	tiny_start(&f.server);
	sign(&one, OURS);
	if (fetch_open(&f.fetch) != OK)
		return -1;
	fetch_named(f.fetch, f.server.url);
	return 0;
}

static int drop(void **state)
{
	(void)state;
	tiny_stop(&f.server);
	fetch_free(f.fetch);
	db_free(f.db);
	buf_done(&f.note);
	return 0;
}

static enum err ask(uint64_t *known, struct buf *line)
{
	AUTOFREE char *url = mem_printf("%s/prefix/", f.server.url);
	int64_t time = 0;

	return witness_ask(f.fetch, url, &f.key.vkey, &f.rq, known, line, &time);
}

static enum err ask_alone(void)
{
	AUTO(buf) line = BUF(KIB);
	uint64_t known = 0;
	enum err e = ask(&known, &line);

	assert_true(e == OK || line.len == 0);
	return e;
}

/* Makes the witness give this answer to any request. */
static enum err answered(int status, const char *type, const char *body)
{
	f.status = status;
	f.server.type = type;
	f.body = body;
	f.asked = 0;
	return ask_alone();
}

static void a_cosignature_comes_back_and_verifies(void **state)
{
	AUTO(buf) line = BUF(KIB);
	uint64_t known = 0;

	(void)state;
	assert_int_equal(OK, ask(&known, &line));
	assert_int_equal(OURS, known);
	assert_int_equal(1, f.asked);
	buf_add(&f.note, line.data, line.len);
	assert_non_null(strstr(buf_text(&f.note), "\n— witness.example "));
}

static void the_size_in_a_409_is_followed_once(void **state)
{
	AUTO(buf) line = BUF(KIB);
	uint64_t known = 0;

	(void)state;
	sign(&one, 5);
	assert_int_equal(OK, ask_alone());
	sign(&one, OURS);
	f.asked = 0;
	assert_int_equal(OK, ask(&known, &line));
	assert_int_equal(2, f.asked);
	assert_int_equal(ERR_CONFLICT, answered(409, WITNESS_SIZE_TYPE, "3\n"));
	assert_int_equal(2, f.asked);
}

static void what_we_remember_of_it_saves_a_question(void **state)
{
	AUTO(buf) line = BUF(KIB);
	uint64_t known = 0;

	(void)state;
	sign(&one, 5);
	assert_int_equal(OK, ask(&known, &line));
	sign(&one, OURS);
	f.asked = 0;
	assert_int_equal(OK, ask(&known, &line));
	assert_int_equal(1, f.asked);
}

static void a_size_over_ours_is_an_alarm(void **state)
{
	(void)state;
	assert_int_equal(ERR_FALSE, answered(409, WITNESS_SIZE_TYPE, "10\n"));
	assert_non_null(strstr(err_why(), "it has cosigned 10 entries"));
	assert_int_equal(1, f.asked);
}

static void one_that_saw_our_newer_checkpoint_elsewhere_is_none(void **state)
{
	(void)state;
	f.newest = 10;
	assert_int_equal(ERR_BUSY, answered(409, WITNESS_SIZE_TYPE, "10\n"));
}

static void a_409_that_names_no_size_is_an_alarm(void **state)
{
	(void)state;
	assert_int_equal(ERR_FALSE, answered(409, NULL, ""));
	assert_int_equal(ERR_FALSE, answered(409, "text/plain", "5\n"));
	assert_int_equal(ERR_FALSE, answered(409, WITNESS_SIZE_TYPE "s", "5\n"));
}

static void a_size_is_one_number_and_a_newline(void **state)
{
	static const char *const wrong[] = {
		"", "5", "05\n", "5\n\n", " 5\n", "-1\n", "5\r\n", "18446744073709551616\n"};

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(ERR_INVALID, answered(409, WITNESS_SIZE_TYPE, wrong[i]));
	/* The type may have parameters, and is spelled in any case. */
	assert_int_equal(ERR_CONFLICT, answered(409, "Text/X.tlog.size; charset=utf-8", "5\n"));
}

static void an_inconsistent_history_is_an_alarm(void **state)
{
	const struct history fork = {3};

	(void)state;
	sign(&fork, 5);
	assert_int_equal(OK, ask_alone());
	sign(&one, OURS);
	assert_int_equal(ERR_FALSE, ask_alone());
}

static void refusals_are_told_apart(void **state)
{
	(void)state;
	assert_int_equal(ERR_DENIED, answered(403, NULL, "no\n"));
	assert_int_equal(ERR_NOT_FOUND, answered(404, NULL, "no\n"));
	assert_int_equal(ERR_BUSY, answered(429, NULL, ""));
	assert_int_equal(ERR_BUSY, answered(500, NULL, "<html>\x80"));
	assert_int_equal(ERR_BUSY, answered(400, NULL, "no\n"));
}

#define STRANGER "— stranger AAAAAAAAAA==\n"

static void strangers_lines_are_ignored(void **state)
{
	AUTO(buf) body = BUF(4 * KIB), line = BUF(KIB);
	uint64_t known = 0;

	(void)state;
	buf_puts(&body, STRANGER);
	cosignature_add(&f.key, 77, f.rq.note.text, f.rq.note.text_len, &body);
	buf_puts(&body, STRANGER);
	f.status = 200;
	f.body = buf_text(&body);
	assert_int_equal(OK, ask(&known, &line));
	assert_null(strstr(buf_text(&line), "stranger"));
	assert_int_equal(ERR_INVALID, answered(200, NULL, STRANGER));
}

static void what_is_no_cosignature_of_this_is_not_taken(void **state)
{
	struct skey other = test_key("witness.example", 4);
	AUTO(buf) another = BUF(KIB), text = BUF(KIB), hidden = BUF(4 * KIB);

	(void)state;
	cosignature_add(&f.key, 77, "another\n1\ntext\n", 15, &text);
	assert_int_equal(ERR_INVALID, answered(200, NULL, buf_text(&text)));
	cosignature_add(&other, 77, f.rq.note.text, f.rq.note.text_len, &another);
	assert_int_equal(ERR_INVALID, answered(200, NULL, buf_text(&another)));
	assert_int_equal(ERR_INVALID, answered(200, NULL, ""));
	assert_int_equal(ERR_INVALID, answered(200, NULL, "garbage"));
	/* A different text, made to look like a continuation of ours. */
	buf_add(&hidden, f.rq.note.text, f.rq.note.text_len);
	buf_puts(&hidden, "\n— x AAAAAAAAAA==\n");
	cosignature_add(&f.key, 77, buf_text(&hidden), hidden.len, &text);
	buf_clear(&hidden);
	buf_puts(&hidden, "— x AAAAAAAAAA==\n\n");
	buf_puts(&hidden, strchr(buf_text(&text), '\n') + 1);
	assert_int_equal(ERR_INVALID, answered(200, NULL, buf_text(&hidden)));
}

static void a_long_answer_is_not_read_on(void **state)
{
	AUTOFREE char *body = mem_new(100001);

	(void)state;
	memset(body, 'x', 100000);
	assert_int_equal(ERR_TOO_LARGE, answered(200, NULL, body));
}

static void one_that_is_away_is_told_as_such(void **state)
{
	AUTO(buf) line = BUF(KIB);
	uint64_t known = 0;
	int64_t time;

	(void)state;
	assert_int_equal(ERR_SYSTEM, witness_ask(f.fetch, "http://127.0.0.1:1", &f.key.vkey, &f.rq,
					     &known, &line, &time));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, drop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_cosignature_comes_back_and_verifies),
		TEST(the_size_in_a_409_is_followed_once),
		TEST(what_we_remember_of_it_saves_a_question),
		TEST(a_size_over_ours_is_an_alarm),
		TEST(one_that_saw_our_newer_checkpoint_elsewhere_is_none),
		TEST(a_409_that_names_no_size_is_an_alarm),
		TEST(a_size_is_one_number_and_a_newline),
		TEST(an_inconsistent_history_is_an_alarm),
		TEST(refusals_are_told_apart),
		TEST(strangers_lines_are_ignored),
		TEST(what_is_no_cosignature_of_this_is_not_taken),
		TEST(a_long_answer_is_not_read_on),
		TEST(one_that_is_away_is_told_as_such),
	};
	crypto_init();
	return cmocka_run_group_tests_name("witness_client", tests, NULL, NULL);
}
