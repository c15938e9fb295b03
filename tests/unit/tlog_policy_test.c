#include "audit/tlog_policy.h"

#include "audit/cosignature.h"
#include "base/sha256.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define CHECKPOINT "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

static struct skey key_fixture(unsigned n)
{
	uint8_t seed[ED25519_SEED] = {(uint8_t)n, (uint8_t)(n >> 8)};
	AUTOFREE char *name = mem_printf("key.example/%u", n);
	struct skey key;

	assert_int_equal(OK, skey_make(name, seed, &key));
	return key;
}

/* "$3" in a text stands for the key number 3, as a log's; "@3" as a witness's. */
static void add_key(const char **at, struct buf *out)
{
	bool witness = **at == '@';
	struct vkey key = key_fixture((unsigned)strtoul(*at + 1, (char **)at, 10)).vkey;

	if (witness)
		key = cosignature_vkey(&key);
	vkey_text(&key, out);
}

static enum err parse(const char *text, struct tlog_policy **out)
{
	AUTO(buf) whole = BUF(2 * POLICY_TEXT_MAX);

	while (*text)
		if (*text == '$' || *text == '@')
			add_key(&text, &whole);
		else
			buf_putc(&whole, *text++);
	return tlog_policy_parse(buf_text(&whole), whole.len, out);
}

static struct tlog_policy *policy(const char *text)
{
	struct tlog_policy *p = NULL;
	enum err e = parse(text, &p);

	if (e != OK)
		print_error("%s\n", err_why());
	assert_int_equal(OK, e);
	return p;
}

/* Do the witnesses whose digits are in `who` make the quorum? */
static bool met(const struct tlog_policy *p, const char *who)
{
	bool cosigned[POLICY_WITNESSES] = {0};

	for (; *who; who++)
		cosigned[*who - '0'] = true;
	return tlog_policy_met(p, cosigned);
}

/* The example of the specification. */
#define EXAMPLE                                         \
	"log $9\n\n"                                    \
	"witness X1 @0\nwitness X2 @1\nwitness X3 @2\n" \
	"group X-witnesses 2 X1 X2 X3\n\n"              \
	"witness Y1 @3\nwitness Y2 @4\nwitness Y3 @5\n" \
	"group Y-witnesses any Y1 Y2 Y3\n\n"            \
	"group X-and-Y all X-witnesses Y-witnesses\n"   \
	"quorum X-and-Y\n"

static void the_example_of_the_specification_means_what_it_says(void **state)
{
	struct tlog_policy *p = policy(EXAMPLE);

	(void)state;
	assert_int_equal(1, p->logs_n);
	assert_int_equal(6, p->witnesses_n);
	assert_true(met(p, "013"));
	assert_true(met(p, "025"));
	assert_true(met(p, "012345"));
	assert_false(met(p, ""));
	assert_false(met(p, "03"));
	assert_false(met(p, "012"));
	assert_false(met(p, "0345"));
	tlog_policy_free(p);
}

static void urls_comments_and_white_space_are_read(void **state)
{
	struct tlog_policy *p = policy("# a comment\n \t# another\n\n"
				       "log $9 https://log.example/\n"
				       "\twitness  김해 \t @1   https://w.example/x  \n"
				       "witness plain $2\n"
				       "quorum 김해");

	(void)state;
	assert_string_equal("https://log.example/", p->logs[0].url);
	assert_string_equal("김해", p->witnesses[0].name);
	assert_string_equal("https://w.example/x", p->witnesses[0].url);
	assert_null(p->witnesses[1].url);
	/* A key of type 0x01 is taken for its cosignatures. */
	assert_int_equal(KEY_COSIGNATURE, p->witnesses[1].key.type);
	assert_true(met(p, "0"));
	assert_false(met(p, "1"));
	tlog_policy_free(p);
}

static void no_quorum_is_met_by_nobody(void **state)
{
	struct tlog_policy *p = policy("quorum none\n"), *w = policy("witness a @1\nquorum none\n");

	(void)state;
	assert_true(met(p, ""));
	assert_true(met(w, ""));
	tlog_policy_free(p);
	tlog_policy_free(w);
}

static void a_wrong_line_is_named_by_its_number(void **state)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{"", "there is no quorum line: add one, such as \"quorum none\""},
		{"witness a @1\n", "there is no quorum line: add one, such as \"quorum none\""},
		{"quorum none\nquorum none\n",
			"line 2: a policy has one quorum line, and this is a second one: keep one"},
		{"quorum a\nwitness a @1\n", "line 1: \"a\" is not named before"},
		{"quorum\n", "line 1: \"\" is not named before"},
		{"quorum none more\n", "line 1: \"more\" is one item too many"},
		{"Quorum none\n", "line 1: \"Quorum\" is not log, witness, group or quorum"},
		{"\n\nwitness a @1\nwitness a @2\n", "line 4: \"a\" was named before"},
		{"witness a @1\nwitness b @1\n", "line 2: the key of witness \"a\""},
		{"witness a @1\nwitness b $1\n", "line 2: the key of witness \"a\""},
		{"witness a @1 u v\n", "line 1: \"v\" is one item too many"},
		{"witness a\n", "line 1: a verifier key is missing"},
		{"witness none @1\n", "line 1: \"none\" cannot be a name"},
		{"witness a key+00000000+AAAA\n", "line 1: the key of key must have 33 bytes"},
		{"log $1\nlog $1\n", "line 2: the log's key was listed before"},
		{"log @1\n", "line 1: key.example/1 is not the key of a log"},
		{"witness a @1\ngroup g any\n", "line 2: a group has no members"},
		{"witness a @1\ngroup g 2 a\n", "line 2: a group of 1 cannot ask for 2"},
		{"witness a @1\ngroup g 0 a\n", "line 2: a group of 1 cannot ask for 0"},
		{"witness a @1\ngroup g 01 a\n", "line 2: a number"},
		{"witness a @1\ngroup g most a\n", "line 2: a number"},
		{"witness a @1\ngroup g any a a\n", "line 2: \"a\" is a member of a group"},
		{"witness a @1\ngroup g any a\ngroup h any a\n", "line 3: \"a\" is a member"},
		{"group g any g\n", "line 1: \"g\" is not named before"},
		{"group g any none\n", "line 1: \"none\" is not named before"},
		{"witness a @1\ngroup a any a\n", "line 2: \"a\" was named before"},
		{"quorum none\r\n", "line 1: a line must not contain the control byte 0x0d"},
		{"quorum none\n\x7f\n", "line 2: a line must not contain the control byte 0x7f"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct tlog_policy *p = NULL;

		assert_int_equal(ERR_INVALID, parse(wrong[i].text, &p));
		if (strncmp(err_why(), wrong[i].why, strlen(wrong[i].why)) != 0)
			print_error("%s: %s\n", wrong[i].text, err_why());
		assert_memory_equal(wrong[i].why, err_why(), strlen(wrong[i].why));
	}
}

static void add_lines(struct buf *text, unsigned logs, unsigned witnesses, unsigned groups)
{
	for (unsigned i = 0; i < logs; i++)
		buf_printf(text, "log $%u\n", 1000 + i);
	for (unsigned i = 0; i < witnesses; i++)
		buf_printf(text, "witness w%u @%u\n", i, i);
	for (unsigned i = 0; i < groups; i++)
		buf_printf(text, "group g%u any %c%u\n", i, i ? 'g' : 'w', i ? i - 1 : 0);
	buf_puts(text, "quorum none\n");
}

static void limits_are_64_of_each(void **state)
{
	static const struct {
		unsigned logs, witnesses, groups;
		enum err e;
	} cases[] = {
		{64, 64, 64, OK},
		{65, 0, 0, ERR_TOO_LARGE},
		{0, 65, 0, ERR_TOO_LARGE},
		{0, 1, 65, ERR_TOO_LARGE},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		AUTO(buf) text = BUF(POLICY_TEXT_MAX);
		struct tlog_policy *p = NULL;

		add_lines(&text, cases[i].logs, cases[i].witnesses, cases[i].groups);
		assert_int_equal(cases[i].e, parse(buf_text(&text), &p));
		tlog_policy_free(p);
	}
}

static void a_note_is_judged_by_its_cosignatures(void **state)
{
	struct tlog_policy *p = policy("witness a @1\nwitness b @2\ngroup g all a b\nquorum g\n");
	struct skey log = key_fixture(9), a = key_fixture(1), b = key_fixture(2);
	AUTO(buf) note = BUF(KIB), names = BUF(KIB);
	struct policy_verdict verdict;
	struct note parsed;

	(void)state;
	note_sign(&log, CHECKPOINT, strlen(CHECKPOINT), &note);
	cosignature_add(&b, 77, CHECKPOINT, strlen(CHECKPOINT), &note);
	assert_int_equal(OK, note_parse(note.data, note.len, &parsed));
	assert_int_equal(OK, tlog_policy_judge(p, &parsed, &verdict));
	assert_false(verdict.met);
	assert_int_equal(77, verdict.time[1]);
	tlog_policy_names(p, &verdict, false, &names);
	assert_string_equal("key.example/1", buf_text(&names));
	cosignature_add(&a, 78, CHECKPOINT, strlen(CHECKPOINT), &note);
	assert_int_equal(OK, note_parse(note.data, note.len, &parsed));
	assert_int_equal(OK, tlog_policy_judge(p, &parsed, &verdict));
	assert_true(verdict.met);
	assert_int_equal(77, verdict.since); /* all of them had to */
	cosignature_add(&a, 79, "other\n", 6, &note);
	assert_int_equal(OK, note_parse(note.data, note.len, &parsed));
	assert_int_equal(ERR_FALSE, tlog_policy_judge(p, &parsed, &verdict));
	tlog_policy_free(p);
}

static void a_quorum_is_as_old_as_the_last_line_that_it_needs(void **state)
{
	struct tlog_policy *p =
		policy("witness a @1\nwitness b @2\nwitness c @3\ngroup g 2 a b c\nquorum g\n");
	struct skey log = key_fixture(9);
	AUTO(buf) note = BUF(4 * KIB), lines = BUF(4 * KIB);
	struct policy_verdict verdict;
	struct note parsed;

	(void)state;
	note_sign(&log, CHECKPOINT, strlen(CHECKPOINT), &note);
	for (unsigned i = 1; i <= 3; i++) {
		struct skey key = key_fixture(i);

		cosignature_add(&key, 100 * i, CHECKPOINT, strlen(CHECKPOINT), &note);
		assert_int_equal(OK, note_parse(note.data, note.len, &parsed));
		assert_int_equal(OK, tlog_policy_judge(p, &parsed, &verdict));
		assert_int_equal(100 * (i - 1), verdict.since);
	}
	tlog_policy_lines(p, &parsed, &lines);
	assert_string_equal(strstr(buf_text(&note), "— key.example/1"), buf_text(&lines));
	tlog_policy_free(p);
}

/* A verifier key of type 0x06: 1,312 bytes of ML-DSA-44. */
static void add_ml_dsa(const char *name, bool right, struct buf *out)
{
	AUTO(buf) key = BUF(2 * KIB), all = BUF(4 * KIB);
	struct sha256 hash;

	buf_putc(&key, 6);
	while (key.len < 1 + 1312)
		buf_putc(&key, 'k');
	buf_printf(&all, "%s\n", name);
	buf_add(&all, key.data, key.len);
	hash = sha256_of(all.data, all.len);
	hash.bytes[0] ^= !right;
	buf_printf(out, "%s+", name);
	hex_add(out, hash.bytes, 4);
	buf_putc(out, '+');
	base64_add(out, key.data, key.len);
}

static enum err parse_with_ml_dsa(
	const char *before, bool right, const char *after, struct tlog_policy **out)
{
	AUTO(buf) text = BUF(POLICY_TEXT_MAX);

	buf_puts(&text, before);
	add_ml_dsa("pq.example", right, &text);
	buf_puts(&text, after);
	return parse(buf_text(&text), out);
}

static void a_key_of_another_kind_is_read_and_counts_as_one_that_cannot_be_checked(void **state)
{
	struct skey log = key_fixture(9), a = key_fixture(1);
	struct tlog_policy *p = NULL;
	AUTO(buf) note = BUF(8 * KIB), names = BUF(KIB);
	struct policy_verdict verdict;
	struct note parsed;

	(void)state;
	assert_int_equal(OK, parse_with_ml_dsa("witness q ", true,
				     "\nwitness a @1\ngroup g any q a\nquorum g\n", &p));
	assert_false(p->witnesses[0].checkable);
	assert_true(p->witnesses[1].checkable);
	note_sign(&log, CHECKPOINT, strlen(CHECKPOINT), &note);
	note_sig_add(&p->witnesses[0].key, "what it may say", 15, &note);
	assert_int_equal(OK, note_parse(note.data, note.len, &parsed));
	assert_int_equal(OK, tlog_policy_judge(p, &parsed, &verdict));
	assert_false(verdict.met);
	cosignature_add(&a, 78, CHECKPOINT, strlen(CHECKPOINT), &note);
	assert_int_equal(OK, note_parse(note.data, note.len, &parsed));
	assert_int_equal(OK, tlog_policy_judge(p, &parsed, &verdict));
	assert_true(verdict.met);
	tlog_policy_names(p, &verdict, false, &names);
	assert_string_equal("pq.example", buf_text(&names));
	tlog_policy_free(p);
	assert_int_equal(ERR_INVALID, parse_with_ml_dsa("witness q ", false, "\nquorum q\n", &p));
	assert_int_equal(ERR_INVALID, parse_with_ml_dsa("log ", true, "\nquorum none\n", &p));
}

static void a_log_is_listed_by_name_and_key(void **state)
{
	struct tlog_policy *p = policy("log $1\nquorum none\n"), *none = policy("quorum none\n");
	struct skey listed = key_fixture(1), other = key_fixture(2);

	(void)state;
	assert_true(tlog_policy_lists(p, &listed.vkey));
	assert_false(tlog_policy_lists(p, &other.vkey));
	assert_true(tlog_policy_lists(none, &other.vkey));
	tlog_policy_free(p);
	tlog_policy_free(none);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_specification_means_what_it_says),
		cmocka_unit_test(urls_comments_and_white_space_are_read),
		cmocka_unit_test(no_quorum_is_met_by_nobody),
		cmocka_unit_test(a_wrong_line_is_named_by_its_number),
		cmocka_unit_test(limits_are_64_of_each),
		cmocka_unit_test(a_note_is_judged_by_its_cosignatures),
		cmocka_unit_test(a_quorum_is_as_old_as_the_last_line_that_it_needs),
		cmocka_unit_test(
			a_key_of_another_kind_is_read_and_counts_as_one_that_cannot_be_checked),
		cmocka_unit_test(a_log_is_listed_by_name_and_key),
	};
	crypto_init();
	return cmocka_run_group_tests_name("tlog_policy", tests, NULL, NULL);
}
