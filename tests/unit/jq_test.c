#include "base/jq.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* JSON with ' for ", so that a value reads as one. */
static json_t *json(const char *quoted)
{
	AUTOFREE char *text = mem_text(quoted);
	json_t *value;

	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	if (json_read(text, strlen(text), MIB, RULES_LOOSE, &value) != OK)
		fail_msg("%s: %s", err_why(), quoted);
	return value;
}

static struct jq *compiled(const char *program)
{
	struct jq *jq = NULL;

	if (jq_open("test.jq", program, &jq) != OK)
		fail_msg("%s", err_why());
	return jq;
}

static void gives(const char *program, const char *input, const char *outputs)
{
	struct jq *jq = compiled(program);
	json_t *in = json(input), *want = json(outputs), *got = NULL;
	AUTO(buf) text = BUF(MIB);

	if (jq_run(jq, in, &got) != OK)
		fail_msg("%s: %s", program, err_why());
	json_canonical(got, &text);
	if (!json_equal(want, got))
		fail_msg("%s on %s gives %s", program, input, buf_text(&text));
	json_decref(in);
	json_decref(want);
	json_decref(got);
	jq_free(jq);
}

static void fails(const char *program, json_t *input, const char *why)
{
	struct jq *jq = compiled(program);
	json_t *got = NULL;

	assert_int_equal(ERR_INVALID, jq_run(jq, input, &got));
	assert_null(got);
	if (!strstr(err_why(), why) || !strstr(err_why(), "test.jq"))
		fail_msg("%s says \"%s\"", program, err_why());
	json_decref(input);
	jq_free(jq);
}

static void refused(const char *program, const char *why)
{
	struct jq *jq = NULL;

	if (jq_open("test.jq", program, &jq) != ERR_INVALID)
		fail_msg("%s was compiled", program);
	assert_null(jq);
	if (strncmp(err_why(), "test.jq: ", 9) != 0 || !strstr(err_why(), why))
		fail_msg("%s says \"%s\"", program, err_why());
}

static void a_program_gives_all_its_outputs(void **state)
{
	gives(".a", "{'a': 1}", "[1]");
	gives(".[]", "[1, 'two', null]", "[1, 'two', null]");
	gives("empty", "1", "[]");
	gives("# only a comment before\n.", "1", "[1]");
	gives("def twice: . * 2; twice", "21", "[42]");
}

static void values_come_back_as_they_went(void **state)
{
	static const char *const values[] = {
		"[null]",
		"[true, false]",
		"[0, -1, 9007199254740992, -9007199254740992]",
		"[1.5, -0.25, 1e300]",
		"['', '가야 é 😀', 'a\\u0000b', '\\u001f']",
		"[{}, [], {'': {'가': [[[1]]]}}]",
	};

	for (size_t i = 0; i < COUNT(values); i++) {
		AUTOFREE char *outputs = mem_printf("[%s]", values[i]);

		gives(".", values[i], outputs);
	}
}

static void whole_numbers_stay_integers(void **state)
{
	struct jq *jq = compiled(". / 2");
	json_t *in = json_integer(6), *out;

	assert_int_equal(OK, jq_run(jq, in, &out));
	assert_true(json_is_integer(json_array_get(out, 0)));
	json_decref(in);
	json_decref(out);
	jq_free(jq);
}

static void a_number_that_would_be_rounded_is_refused(void **state)
{
	fails(".", json("[9007199254740993]"), "too large");
	fails("infinite", json("1"), "JSON cannot hold");
	fails("nan", json("1"), "JSON cannot hold");
}

static void a_failing_program_says_why(void **state)
{
	fails(".a.b", json("{'a': [1]}"), "Cannot index array with string");
	fails("error(\"no such row\")", json("1"), "no such row");
	fails("error({rule: .})", json("7"), "{\"rule\":7}");
	fails(".[] | if . == 3 then error(\"three\") else . end", json("[1, 2, 3]"), "three");
}

static void a_failure_leaves_nothing_for_the_next_run(void **state)
{
	struct jq *jq = compiled(".[] | if . == 0 then error(\"zero\") else 1 / . end");
	json_t *bad = json("[1, 0, 1]"), *good = json("[1, 2]"), *out = NULL;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(ERR_INVALID, jq_run(jq, bad, &out));
		assert_int_equal(OK, jq_run(jq, good, &out));
		assert_int_equal(2, json_array_size(out));
		json_decref(out);
		out = NULL;
	}
	json_decref(bad);
	json_decref(good);
	jq_free(jq);
}

static void a_program_that_does_not_compile_is_named_with_its_line(void **state)
{
	refused("{", "syntax error");
	refused(".a |\n.b |\n nothing_like_it", "line 3");
	refused(".a |\n.b |\n nothing_like_it", "nothing_like_it/0 is not defined");
	refused("", "syntax error");
}

static void a_program_reaches_nothing_but_its_input(void **state)
{
	static const char *const closed[] = {
		"env",
		"env.HOME",
		"now",
		"now | localtime",
		"0 | strflocaltime(\"%H\")",
		"input",
		"[inputs]",
		"_input",
		"input_filename",
		"input_line_number",
		"debug",
		"stderr",
		"halt",
		"halt_error",
		"halt_error(1)",
		"\"a\" | modulemeta",
		"get_search_list",
		"get_jq_origin",
		"get_prog_origin",
		"def f: env; f",
		"\"\\(env)\"",
	};

	for (size_t i = 0; i < COUNT(closed); i++)
		refused(closed[i], "this_is_closed_to_programs");
	refused("import \"a\" as a; .", "syntax error");
	refused("include \"a\"; .", "syntax error");
	refused("import \"a\" as $a; .", "syntax error");
	refused("module {}; .", "syntax error");
	refused(". | import \"a\" as a; .", "syntax error");
	gives("$ENV", "1", "[{}]");
	gives("def f: $ENV.PATH; f", "1", "[null]");
}

static void names_that_are_closed_may_be_data(void **state)
{
	gives(".env, .input, \"import\"", "{'env': 1, 'input': 2}", "[1, 2, 'import']");
}

static void a_jq_file_at_home_is_not_read_but_reported(void **state)
{
	char dir[] = "/tmp/jq_test_XXXXXX";
	AUTOFREE char *old = mem_text(getenv("HOME")), *path = NULL;
	struct jq *jq = NULL;
	FILE *file;

	assert_non_null(mkdtemp(dir));
	path = mem_printf("%s/.jq", dir);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs("def length: 7;", file);
	fclose(file);
	setenv("HOME", dir, 1);
	assert_int_equal(ERR_SYSTEM, jq_open("test.jq", "length", &jq));
	assert_non_null(strstr(err_why(), path));
	unlink(path);
	rmdir(dir);
	gives("length", "[]", "[0]");
	unsetenv("HOME");
	gives("length", "[]", "[0]");
	if (old)
		setenv("HOME", old, 1);
}

static void nesting_has_a_limit_both_ways(void **state)
{
	json_t *deep = json_array();

	for (int i = 0; i < JSON_DEPTH; i++) {
		json_t *around = json_array();

		json_push(around, deep);
		deep = around;
	}
	fails(".", deep, "nested deeper");
	fails("reduce range(100) as $i (.; [.])", json("1"), "nests deeper");
	fails("reduce range(100) as $i (.; {a: .})", json("1"), "nests deeper");
}

/* What the runner uses: an input that is made ready once. */
static void an_input_serves_several_programs(void **state)
{
	static const char *const programs[] = {".a", "keys", "del(.a) | .b", ".a"};
	static const char *const outputs[] = {"[[1,2]]", "[[\"a\",\"b\"]]", "[\"x\"]", "[[1,2]]"};
	json_t *in = json("{'b': 'x', 'a': [1, 2]}");
	AUTO(buf) written = BUF(MIB);
	struct jq_input *input;

	(void)state;
	json_cbor(in, &written);
	assert_int_equal(OK, jq_input_read(written.data, written.len, &input));
	for (size_t i = 0; i < COUNT(programs); i++) {
		struct jq *jq = compiled(programs[i]);
		AUTO(buf) out = BUF(MIB), text = BUF(MIB);
		json_t *got;

		assert_int_equal(OK, jq_run_on(jq, input, &out));
		assert_int_equal(OK, json_read_cbor(out.data, out.len, RULES_STRICT, &got));
		json_canonical(got, &text);
		assert_string_equal(outputs[i], buf_text(&text));
		json_decref(got);
		jq_free(jq);
	}
	jq_input_free(input);
	json_decref(in);
}

/* Compiling costs more than most runs: who opens the same text again gets the program that another
 * is done with, and nothing of what that one did. */
static void a_program_that_is_done_with_serves_who_opens_its_text_next(void **state)
{
	const char *text = ".a, (.b | error)";
	struct jq *first = compiled(text), *beside = compiled(text), *again = NULL, *other;
	const void *was = first;
	json_t *in = json("{'a': 1, 'b': 'no'}"), *got = NULL;

	(void)state;
	assert_ptr_not_equal(first, beside);
	assert_int_equal(ERR_INVALID, jq_run(first, in, &got));
	jq_free(first);
	other = compiled(".a, (.b | tostring)");
	assert_ptr_not_equal(was, other);
	assert_int_equal(OK, jq_open("again.jq", text, &again));
	assert_ptr_equal(was, again);
	assert_int_equal(ERR_INVALID, jq_run(again, in, &got));
	assert_string_equal("again.jq: no", err_why());
	jq_free(again);
	jq_free(beside);
	jq_free(other);
	json_decref(in);
	gives(".a, (.b | tostring)", "{'a': 2, 'b': 3}", "[2,'3']");
}

static void gives_alone_and_joint(
	struct jq *joint, const char *program, const struct jq_input *input)
{
	AUTO(buf) one = BUF(MIB), other = BUF(MIB);
	struct jq *alone = compiled(program);
	enum err e = jq_run_on(alone, input, &one);

	assert_int_equal(e, jq_run_on(joint, input, &other));
	assert_string_equal(buf_text(&one), buf_text(&other));
	assert_int_equal(one.len, other.len);
	jq_free(alone);
}

static void programs_compiled_together_give_what_each_gives_alone(void **state)
{
	static const struct jq_text all[] = {{"a.jq", "# a remark\ndef f: .a; f, f + 1 # another"},
		{"b.jq", "def f: 3; .a as $joint | [f, $joint] | map(select(. > 1))"},
		{"c.jq", "if .a == 1 then error(\"not one\") else empty end"},
		{"d.jq", ".a = 7 | del(.b)"}};
	static const char *const inputs[] = {"{'a': 1}", "{'a': 2, 'b': [0]}", "{}"};
	struct jq *joint[COUNT(all)];

	(void)state;
	assert_int_equal(OK, jq_open_joint(all, COUNT(all), joint));
	for (size_t i = 0; i < COUNT(inputs); i++) {
		json_auto_t *value = json(inputs[i]);
		AUTO(buf) cbor = BUF(MIB);
		struct jq_input *input;

		json_cbor(value, &cbor);
		assert_int_equal(OK, jq_input_read(buf_text(&cbor), cbor.len, &input));
		for (size_t n = 0; n < COUNT(all); n++)
			gives_alone_and_joint(joint[n], all[n].program, input);
		jq_input_free(input);
	}
	for (size_t n = 0; n < COUNT(all); n++)
		jq_free(joint[n]);
}

static void of_programs_compiled_together_a_failure_has_its_own_name(void **state)
{
	static const struct jq_text all[] = {{"good.jq", "."}, {"bad.jq", "error(\"no\")"}},
				    wrong[] = {{"good.jq", "."}, {"bad.jq", "if . then"}};
	json_auto_t *value = json("1"), *got = NULL;
	struct jq *joint[2];

	(void)state;
	assert_int_equal(OK, jq_open_joint(all, 2, joint));
	assert_int_equal(ERR_INVALID, jq_run(joint[1], value, &got));
	assert_string_equal("bad.jq: no", err_why());
	jq_free(joint[1]);
	assert_int_equal(OK, jq_run(joint[0], value, &got));
	jq_free(joint[0]);
	assert_int_equal(ERR_INVALID, jq_open_joint(wrong, 2, joint));
}

static void outputs_over_the_limit_are_refused_and_the_program_is_named(void **state)
{
	struct jq *jq = compiled("[range(100)]");
	AUTO(buf) out = BUF(64);
	struct jq_input *input;

	(void)state;
	assert_int_equal(OK, jq_input_read("\xf6", 1, &input)); /* null */
	assert_int_equal(ERR_TOO_LARGE, jq_run_on(jq, input, &out));
	assert_non_null(strstr(err_why(), "test.jq"));
	jq_input_free(input);
	jq_free(jq);
}

static void what_no_program_can_make_sense_of_is_no_input(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
	} bad[] = {
		{"", 0},
		{"\x81", 1},
		{"\x01\x02", 2},
		{"\xa1\x01\x02", 3},
		{"\xa1\x61", 2},
		{"\x1b\x00\x20\x00\x00\x00\x00\x00\x01", 9}, /* 2^53 + 1 */
		{"\x82\x01\x3b\x00\x20\x00\x00\x00\x00\x00\x01", 11},
	};
	struct jq_input *input = NULL;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(ERR_INVALID, jq_input_read(bad[i].bytes, bad[i].len, &input));
	assert_null(input);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_program_gives_all_its_outputs),
		cmocka_unit_test(values_come_back_as_they_went),
		cmocka_unit_test(whole_numbers_stay_integers),
		cmocka_unit_test(a_number_that_would_be_rounded_is_refused),
		cmocka_unit_test(a_failing_program_says_why),
		cmocka_unit_test(a_failure_leaves_nothing_for_the_next_run),
		cmocka_unit_test(a_program_that_does_not_compile_is_named_with_its_line),
		cmocka_unit_test(a_program_reaches_nothing_but_its_input),
		cmocka_unit_test(names_that_are_closed_may_be_data),
		cmocka_unit_test(a_jq_file_at_home_is_not_read_but_reported),
		cmocka_unit_test(nesting_has_a_limit_both_ways),
		cmocka_unit_test(an_input_serves_several_programs),
		cmocka_unit_test(a_program_that_is_done_with_serves_who_opens_its_text_next),
		cmocka_unit_test(programs_compiled_together_give_what_each_gives_alone),
		cmocka_unit_test(of_programs_compiled_together_a_failure_has_its_own_name),
		cmocka_unit_test(outputs_over_the_limit_are_refused_and_the_program_is_named),
		cmocka_unit_test(what_no_program_can_make_sense_of_is_no_input),
	};
	return cmocka_run_group_tests_name("jq", tests, NULL, NULL);
}
