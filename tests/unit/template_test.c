#include "web/view/template.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmark.h>
#include <cmocka.h>

#define VECTORS "tests/vectors/mustache-spec/"

/* Fixtures */

static struct template *parsed(const char *text)
{
	struct template *t = NULL;

	if (template_parse(text, strlen(text), &t) != OK)
		fail_msg("%.60s: %s", text, err_why());
	return t;
}

static void free_templates(struct template **t)
{
	for (; *t; t++)
		template_free(*t);
}

/* Partials from a JSON object of name and text. */
struct texts {
	json_t *texts;
	struct template *found[16];
};

static const struct template *find_text(void *arg, const char *name)
{
	struct texts *texts = arg;
	const char *key;
	json_t *text;
	size_t i = 0;

	json_object_foreach (texts->texts, key, text) {
		if (strcmp(key, name) == 0) {
			if (!texts->found[i])
				texts->found[i] = parsed(json_string_value(text));
			return texts->found[i];
		}
		i++;
	}
	return NULL;
}

/* What `text` gives in the caller's `out`; borrows view and partials (NULL for none). */
static enum err rendered(
	const char *text, enum escape escape, const json_t *view, json_t *partials, struct buf *out)
{
	struct template *t = parsed(text);
	struct texts texts = {.texts = partials};
	struct partials find = {find_text, &texts};
	enum err e = template_render(t, escape, view, partials ? &find : NULL, out);

	free_templates(texts.found);
	template_free(t);
	return e;
}

static json_t *json(const char *text)
{
	json_t *v = json_loads(text, JSON_DECODE_ANY, NULL);

	assert_non_null(v);
	return v;
}

/* The view and the partials are JSON with ' for ". */
static json_t *quoted(const char *text)
{
	char *copy = mem_text(text);
	json_t *v;

	for (char *s = copy; *s; s++)
		if (*s == '\'')
			*s = '"';
	v = json(copy);
	free(copy);
	return v;
}

static void expect_with(const char *expected, const char *text, enum escape escape,
	const char *view, const char *partials)
{
	json_t *v = quoted(view), *p = partials ? quoted(partials) : NULL;
	AUTO(buf) out = BUF(MIB);

	assert_int_equal(OK, rendered(text, escape, v, p, &out));
	assert_string_equal(expected, buf_text(&out));
	json_decref(v);
	json_decref(p);
}

static void expect(const char *expected, const char *text, const char *view)
{
	expect_with(expected, text, ESCAPE_HTML, view, NULL);
}

static void expect_partials(
	const char *expected, const char *text, const char *view, const char *partials)
{
	expect_with(expected, text, ESCAPE_HTML, view, partials);
}

static void expect_refused(const char *why, const char *text)
{
	struct template *t = NULL;

	assert_int_equal(ERR_INVALID, template_parse(text, strlen(text), &t));
	assert_null(t);
	assert_string_equal(why, err_why());
}

/* `part` `n` times, then `rest` as often: the caller frees it. */
static char *repeated(const char *part, const char *rest, size_t n)
{
	struct buf b = BUF(64 * MIB);

	for (size_t i = 0; i < n; i++)
		buf_puts(&b, part);
	for (size_t i = 0; i < n; i++)
		buf_puts(&b, rest);
	assert_false(b.over);
	return buf_take(&b);
}

/* The specification */

static size_t spec_holds(const char *file, size_t count)
{
	json_t *spec = json_load_file(file, 0, NULL), *tests = json_object_get(spec, "tests"),
	       *test;
	size_t i;

	assert_int_equal(count, json_array_size(tests));
	json_array_foreach (tests, i, test) {
		const char *expected = json_string_value(json_object_get(test, "expected"));
		const char *text = json_string_value(json_object_get(test, "template"));
		AUTO(buf) out = BUF(MIB);
		enum err e = rendered(text, ESCAPE_HTML, json_object_get(test, "data"),
			json_object_get(test, "partials"), &out);
		if (e != OK || strcmp(expected, buf_text(&out)) != 0)
			fail_msg("%s: %s: '%s' is not '%s'", file,
				json_string_value(json_object_get(test, "name")), buf_text(&out),
				expected);
	}
	json_decref(spec);
	return count;
}

static void all_136_tests_of_the_specification_pass(void **state)
{
	size_t passed = spec_holds(VECTORS "comments.json", 12);

	(void)state;
	passed += spec_holds(VECTORS "delimiters.json", 14);
	passed += spec_holds(VECTORS "interpolation.json", 42);
	passed += spec_holds(VECTORS "inverted.json", 22);
	passed += spec_holds(VECTORS "partials.json", 12);
	passed += spec_holds(VECTORS "sections.json", 34);
	assert_int_equal(136, passed);
}

/* Values */

static void html_is_escaped_unless_it_is_asked_for_raw(void **state)
{
	json_t *view = json("{\"x\": \"a&b<c>d\\\"e'f\", \"y\": \"&\"}");
	AUTO(buf) out = BUF(KIB);

	(void)state;
	assert_int_equal(OK, rendered("{{x}} {{{x}}} {{&x}} {{y}}", ESCAPE_HTML, view, NULL, &out));
	assert_string_equal(
		"a&amp;b&lt;c&gt;d&quot;e&#39;f a&b<c>d\"e'f a&b<c>d\"e'f &amp;", buf_text(&out));
	json_decref(view);
}

static void only_a_name_that_says_so_has_marked_text(void **state)
{
	(void)state;
	expect("a <mark>&lt;b&gt;</mark> \1c\2", "{{x_marked}} {{x}}",
		"{'x_marked': 'a \\u0001<b>\\u0002', 'x': '\\u0001c\\u0002'}");
}

static void plain_text_is_not_escaped(void **state)
{
	(void)state;
	expect_with("<a & *b*>\n", "{{x}}\n", ESCAPE_NONE, "{'x': '<a & *b*>'}", NULL);
}

static void numbers_have_the_fewest_digits_that_give_them_back(void **state)
{
	(void)state;
	expect("0 -7 9223372036854775807", "{{a}} {{b}} {{c}}",
		"{'a': 0, 'b': -7, 'c': 9223372036854775807}");
	expect("0.1 0.5 1.21 2 1e+300", "{{a}} {{b}} {{c}} {{d}} {{e}}",
		"{'a': 0.1, 'b': 0.5, 'c': 1.21, 'd': 2.0, 'e': 1e300}");
	expect("0.30000000000000004", "{{x}}", "{'x': 0.30000000000000004}");
}

static void null_objects_and_lists_have_no_text(void **state)
{
	(void)state;
	expect("true false [][][]", "{{t}} {{f}} [{{n}}][{{o}}][{{l}}]",
		"{'t': true, 'f': false, 'n': null, 'o': {'a': 1}, 'l': [1]}");
}

static void only_false_null_missing_and_empty_lists_and_strings_are_false(void **state)
{
	(void)state;
	expect("no no no no no",
		"{{^f}}no{{/f}} {{^n}}no{{/n}} {{^l}}no{{/l}} {{^s}}no{{/s}} {{^m}}no{{/m}}",
		"{'f': false, 'n': null, 'l': [], 's': ''}");
	expect("[]", "[{{#f}}f{{/f}}{{#n}}n{{/n}}{{#l}}l{{/l}}{{#s}}s{{/s}}{{#m}}m{{/m}}]",
		"{'f': false, 'n': null, 'l': [], 's': ''}");
	expect("yes 0 0.0", "{{#o}}yes{{/o}} {{#z}}{{.}}{{/z}} {{#r}}{{.}}.0{{/r}}",
		"{'o': {}, 'z': 0, 'r': 0.0}");
}

static void every_item_of_a_list_is_shown_even_the_false_ones(void **state)
{
	(void)state;
	expect("(0)()(false)(a)()", "{{#l}}({{.}}){{/l}}", "{'l': [0, '', false, 'a', null]}");
}

static void the_nearest_context_that_has_the_first_part_decides(void **state)
{
	(void)state;
	expect("[]", "{{#a}}[{{b.c}}]{{/a}}", "{'a': {'b': 1}, 'b': {'c': 'wrong'}}");
	expect("[]", "{{#a}}[{{b}}]{{/a}}", "{'a': {'b': null}, 'b': 'wrong'}");
}

static void odd_names_find_nothing_and_do_no_harm(void **state)
{
	(void)state;
	expect("[][][][x]", "[{{..}}][{{a.}}][{{.a}}][{{a.b}}]", "{'a': {'b': 'x'}}");
	expect("[]", "[{{a.b.c.d}}]", "{'a': 'text'}");
	expect("[]", "[{{a}}]", "[1]");
}

static void a_value_is_looked_up_in_no_view_at_all(void **state)
{
	AUTO(buf) out = BUF(KIB);

	(void)state;
	assert_int_equal(OK, rendered("a{{b}}{{.}}{{#.}}c{{/.}}", ESCAPE_HTML, NULL, NULL, &out));
	assert_string_equal("a", buf_text(&out));
}

/* Markdown */

/* `value` alone in a paragraph: cmark reads back plain text and nothing else. */
static void expect_literal(const char *expected, const char *value)
{
	json_t *view = json_pack("{s:s}", "x", value);
	AUTO(buf) out = BUF(KIB);
	AUTO(buf) read = BUF(KIB);
	cmark_node *document, *paragraph;

	assert_int_equal(OK, rendered("{{x}}\n", ESCAPE_MARKDOWN, view, NULL, &out));
	document = cmark_parse_document(out.data, out.len, CMARK_OPT_DEFAULT);
	paragraph = cmark_node_first_child(document);
	if (paragraph) {
		assert_int_equal(CMARK_NODE_PARAGRAPH, cmark_node_get_type(paragraph));
		assert_null(cmark_node_next(paragraph));
	}
	for (cmark_node *n = cmark_node_first_child(paragraph); n; n = cmark_node_next(n)) {
		if (cmark_node_get_type(n) != CMARK_NODE_TEXT)
			fail_msg("'%s' makes a %s", value, cmark_node_get_type_string(n));
		buf_puts(&read, cmark_node_get_literal(n));
	}
	assert_string_equal(expected, buf_text(&read));
	cmark_node_free(document);
	json_decref(view);
}

static void a_hostile_value_is_literal_text_in_markdown(void **state)
{
	static const char *const hostile[] = {"# x", "1. x", "1) x", "- x", "+ x", "* x",
		"[a](javascript:b)", "![a](b)", "[a]: b", "<script>", "<b>x</b>", "<http://a.b>",
		"&amp;", "&#35;", "===", "---", "***", "___", "> x", "`x`", "```", "~~~", "*a*",
		"__a__", "a\\", "\\*", "\\\\", "|a|b|", "{x}", "a  b", "<!-- x -->", "a@b.c",
		"Gr\303\274\303\237e \342\202\254"};

	(void)state;
	for (size_t i = 0; i < COUNT(hostile); i++)
		expect_literal(hostile[i], hostile[i]);
}

static void every_pair_of_ascii_characters_is_literal_text_in_markdown(void **state)
{
	(void)state;
	for (char a = '!'; a <= '~'; a++)
		for (char b = '!'; b <= '~'; b++) {
			const char start[] = {a, b, ' ', 'x', a, b, 'x', ' ', b, a, '\0'};
			expect_literal(start, start);
		}
}

static void a_value_cannot_start_a_block_or_break_a_line_in_markdown(void **state)
{
	(void)state;
	expect_literal("a  # b", "a\n\n# b");
	expect_literal("a  b c", "a\r\nb\tc");
	expect_literal("code", "    code");
	expect_literal("code", "\tcode");
	expect_literal("# b", "\n# b");
	expect_literal("", " \n ");
	expect_with("a\nb\n", "{{x}}\nb\n", ESCAPE_MARKDOWN, "{'x': 'a  '}", NULL);
}

static void numbers_and_raw_values_in_markdown(void **state)
{
	(void)state;
	expect_with(
		"\\-1.5 *a*", "{{n}} {{{x}}}", ESCAPE_MARKDOWN, "{'n': -1.5, 'x': '*a*'}", NULL);
}

/* Lines and partials */

static void a_comment_between_two_lines_leaves_none(void **state)
{
	(void)state;
	expect("a\nb", "a\n{{! c }}\nb", "{}");
	expect("a\n \nb", "a\n {{! c }}{{! c }}\nb", "{}");
	expect(" a\r", "{{! c }} a\r", "{}");
	expect("\r", "{{! c }}\r", "{}");
}

static void blanks_may_stand_before_the_sign_of_a_tag(void **state)
{
	(void)state;
	expect("x<x", "{{ #a }}{{ . }}<{{ & . }}{{ /a }}", "{'a': 'x'}");
}

static void an_indentation_stands_before_each_line_of_the_source_of_a_partial(void **state)
{
	(void)state;
	expect_partials("  a\n  \n  b\n.", "  {{>p}}\n.", "{}", "{'p': 'a\\n\\nb\\n'}");
	expect_partials(
		"  1\n  2\n", "  {{>p}}\n", "{'l': [1, 2]}", "{'p': '{{#l}}\\n{{.}}\\n{{/l}}\\n'}");
	expect_partials(
		"  x\n  .", "  {{>p}}\n", "{'x': 'x'}", "{'p': '{{x}}\\n{{#no}}y{{/no}}{{!c}}.'}");
}

static void indentation_of_partials_in_partials_adds_up(void **state)
{
	(void)state;
	expect_partials("\t (\n\t  a\n\t  b\n\t )\n", "\t{{>p}}\n", "{}",
		"{'p': ' (\\n  {{>q}}\\n )\\n', 'q': 'a\\nb\\n'}");
	expect_partials(" a\n b\n", " {{>p}}\n", "{}", "{'p': '{{>q}}\\n', 'q': 'a\\nb\\n'}");
}

static void a_partial_within_a_line_is_not_indented(void **state)
{
	(void)state;
	expect_partials(" -a\nb-\n", " {{>p}}\n", "{}", "{'p': '-{{>q}}-\\n', 'q': 'a\\nb'}");
}

static void a_value_of_several_lines_is_not_indented(void **state)
{
	(void)state;
	expect_partials("  a\nb\n", "  {{>p}}\n", "{'x': 'a\\nb'}", "{'p': '{{x}}\\n'}");
}

static void an_unknown_partial_is_nothing(void **state)
{
	(void)state;
	expect_partials("[]", "[{{>p}}]", "{}", "{}");
	expect("[]", "[{{>p}}]", "{}");
}

static void the_name_of_a_partial_ends_where_its_tag_does(void **state)
{
	(void)state;
	expect_partials("1;2;1.{{q}}", "{{>p}};{{> a/q.html }};{{=< >=}}<>p>.{{q}}", "{}",
		"{'p': '1', 'a/q.html': '2'}");
}

/* Errors */

static void errors_of_tags_name_their_line(void **state)
{
	(void)state;
	expect_refused("line 1: a tag is not closed", "{{");
	expect_refused("line 3: a tag is not closed", "a\nb\n{{c}\nd");
	expect_refused("line 2: a tag is not closed", "\n{{{c}}\n}\n");
	expect_refused("line 1: a tag without a name", "{{ }}");
	expect_refused("line 2: a tag without a name", "a\n{{#}}");
	expect_refused("line 1: a space in the name 'a b'", "{{a b}}");
}

static void errors_of_sections_name_their_line(void **state)
{
	(void)state;
	expect_refused("line 2: the section 'a' is not closed", "\n{{#a}}\n{{#b}}{{/b}}\n");
	expect_refused("line 1: {{/a}} closes nothing", "{{/a}}\n");
	expect_refused(
		"line 4: {{/a}} closes 'b' of line 2", "{{#a}}\n{{^b}}\n{{>p\n}}{{/a}}\n{{/b}}");
	expect_refused("line 1: {{/ab}} closes 'a' of line 1", "{{#a}}{{/ab}}");
}

static void errors_of_delimiters_name_their_line(void **state)
{
	static const char why[] =
		"line 2: delimiters are two words of at most 16 bytes, without '='";

	(void)state;
	expect_refused(why, "\n{{= =}}");
	expect_refused(why, "\n{{=<%=}}");
	expect_refused(why, "\n{{=a b c=}}");
	expect_refused(why, "\n{{=a= =b=}}");
	expect_refused(why, "\n{{=aaaaaaaaaaaaaaaaa b=}}");
	expect_refused("line 1: a tag is not closed", "{{=< >}}");
}

static void a_long_hostile_name_is_cut_short_in_an_error(void **state)
{
	char *text = repeated("x", "", 100000), *tag = mem_printf("{{#%s}}", text);

	(void)state;
	expect_refused(
		"line 1: the section 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' is not closed",
		tag);
	free(tag);
	free(text);
}

/* Limits */

static enum err nested(size_t deep)
{
	char *text = repeated("{{#a}}", "{{/a}}", deep);
	json_t *view = json("{\"a\": true}");
	AUTO(buf) out = BUF(KIB);
	enum err e = rendered(text, ESCAPE_HTML, view, NULL, &out);

	json_decref(view);
	free(text);
	return e;
}

static void sections_nest_64_deep_and_no_deeper(void **state)
{
	(void)state;
	assert_int_equal(OK, nested(64));
	assert_int_equal(ERR_INVALID, nested(65));
	assert_string_equal("sections and partials nested over 64 deep", err_why());
}

static void a_partial_that_never_ends_is_an_error(void **state)
{
	json_t *partials = json("{\"p\": \" {{>q}}\\n\", \"q\": \"{{#a}}{{>p}}{{/a}}\"}");
	json_t *view = json("{\"a\": [[]]}");
	AUTO(buf) out = BUF(MIB);

	(void)state;
	assert_int_equal(ERR_INVALID, rendered("{{>p}}", ESCAPE_HTML, view, partials, &out));
	json_decref(view);
	json_decref(partials);
}

static void the_text_is_bounded_by_its_buffer(void **state)
{
	json_t *view = json("{\"x\": \"12345\"}");
	AUTO(buf) fits = BUF(10);
	AUTO(buf) out = BUF(9);

	(void)state;
	assert_int_equal(OK, rendered("{{x}}{{x}}", ESCAPE_HTML, view, NULL, &fits));
	assert_string_equal("1234512345", buf_text(&fits));
	assert_int_equal(ERR_TOO_LARGE, rendered("{{x}}{{x}}", ESCAPE_HTML, view, NULL, &out));
	assert_string_equal("a rendered text is over 9 bytes", err_why());
	json_decref(view);
}

static void rendering_adds_to_what_the_buffer_has(void **state)
{
	AUTO(buf) out = BUF(KIB);

	(void)state;
	buf_puts(&out, "a");
	assert_int_equal(OK, rendered("b", ESCAPE_HTML, NULL, NULL, &out));
	assert_string_equal("ab", buf_text(&out));
}

static void sections_that_repeat_without_end_and_print_nothing_are_stopped(void **state)
{
	char *text = repeated("{{#a}}", "{{/a}}", 60);
	json_t *view = json("{\"a\": [1, 2]}");
	AUTO(buf) out = BUF(MIB);

	(void)state;
	assert_int_equal(ERR_TOO_LARGE, rendered(text, ESCAPE_HTML, view, NULL, &out));
	assert_int_equal(0, out.len);
	json_decref(view);
	free(text);
}

/* Seconds to parse and render `part` and `rest`, 100,000 of each. */
static double seconds(const char *part, const char *rest)
{
	char *text = repeated(part, rest, 100000);
	json_t *view = json("{\"x\": \"y\"}");
	AUTO(buf) out = BUF(16 * MIB);
	clock_t from = clock();
	double took;

	assert_int_equal(OK, rendered(text, ESCAPE_HTML, view, NULL, &out));
	took = (double)(clock() - from) / CLOCKS_PER_SEC;
	json_decref(view);
	free(text);
	return took;
}

static void a_hundred_thousand_tags_take_linear_time(void **state)
{
	static const char *const shapes[][2] = {{"{{x}}", ""}, {"{{#a}}", "{{/a}}"},
		{"{{#x}}{{/x}}", ""}, {" {{!}}", ""}, {"{{!}}\n", ""}, {"{{!}}    ", "   "},
		{"{{=<% %>=}}<%={{ }}=%>", ""}, {"{{>p}}\n", ""}, {"{{^a}}\n {{/a}}\n", ""},
		{"{{{x}}}\r\n", ""}, {"{ ", " }}"}, {"\n", "{{x}}"}};

	(void)state;
	for (size_t i = 0; i < COUNT(shapes); i++)
		if (seconds(shapes[i][0], shapes[i][1]) > 3)
			fail_msg("'%s' and '%s' take too long", shapes[i][0], shapes[i][1]);
}

/* Threads */

static const struct template *only_p(void *arg, const char *name)
{
	return strcmp(name, "p") == 0 ? arg : NULL;
}

static void *render_often(void *arg)
{
	struct template **shared = arg;
	struct partials partials = {only_p, shared[1]};
	json_t *view = json("{\"l\": [1, 2, 3], \"x\": \"<\"}");
	size_t same = 0;

	for (int i = 0; i < 200; i++) {
		AUTO(buf) out = BUF(KIB);
		if (template_render(shared[0], ESCAPE_HTML, view, &partials, &out) == OK)
			same += strcmp("  1&lt;\n  2&lt;\n  3&lt;\n", buf_text(&out)) == 0;
	}
	json_decref(view);
	return (void *)same;
}

static void threads_share_a_template(void **state)
{
	struct template *shared[] = {
		parsed("{{#l}}\n  {{>p}}\n{{/l}}\n"), parsed("{{.}}{{x}}\n"), NULL};
	pthread_t threads[4];

	(void)state;
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(0, pthread_create(&threads[i], NULL, render_often, shared));
	for (size_t i = 0; i < COUNT(threads); i++) {
		void *same;
		assert_int_equal(0, pthread_join(threads[i], &same));
		assert_int_equal(200, (size_t)same);
	}
	free_templates(shared);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_136_tests_of_the_specification_pass),
		cmocka_unit_test(html_is_escaped_unless_it_is_asked_for_raw),
		cmocka_unit_test(only_a_name_that_says_so_has_marked_text),
		cmocka_unit_test(plain_text_is_not_escaped),
		cmocka_unit_test(numbers_have_the_fewest_digits_that_give_them_back),
		cmocka_unit_test(null_objects_and_lists_have_no_text),
		cmocka_unit_test(only_false_null_missing_and_empty_lists_and_strings_are_false),
		cmocka_unit_test(every_item_of_a_list_is_shown_even_the_false_ones),
		cmocka_unit_test(the_nearest_context_that_has_the_first_part_decides),
		cmocka_unit_test(odd_names_find_nothing_and_do_no_harm),
		cmocka_unit_test(a_value_is_looked_up_in_no_view_at_all),
		cmocka_unit_test(a_hostile_value_is_literal_text_in_markdown),
		cmocka_unit_test(every_pair_of_ascii_characters_is_literal_text_in_markdown),
		cmocka_unit_test(a_value_cannot_start_a_block_or_break_a_line_in_markdown),
		cmocka_unit_test(numbers_and_raw_values_in_markdown),
		cmocka_unit_test(a_comment_between_two_lines_leaves_none),
		cmocka_unit_test(blanks_may_stand_before_the_sign_of_a_tag),
		cmocka_unit_test(an_indentation_stands_before_each_line_of_the_source_of_a_partial),
		cmocka_unit_test(indentation_of_partials_in_partials_adds_up),
		cmocka_unit_test(a_partial_within_a_line_is_not_indented),
		cmocka_unit_test(a_value_of_several_lines_is_not_indented),
		cmocka_unit_test(an_unknown_partial_is_nothing),
		cmocka_unit_test(the_name_of_a_partial_ends_where_its_tag_does),
		cmocka_unit_test(errors_of_tags_name_their_line),
		cmocka_unit_test(errors_of_sections_name_their_line),
		cmocka_unit_test(errors_of_delimiters_name_their_line),
		cmocka_unit_test(a_long_hostile_name_is_cut_short_in_an_error),
		cmocka_unit_test(sections_nest_64_deep_and_no_deeper),
		cmocka_unit_test(a_partial_that_never_ends_is_an_error),
		cmocka_unit_test(the_text_is_bounded_by_its_buffer),
		cmocka_unit_test(rendering_adds_to_what_the_buffer_has),
		cmocka_unit_test(sections_that_repeat_without_end_and_print_nothing_are_stopped),
		cmocka_unit_test(a_hundred_thousand_tags_take_linear_time),
		cmocka_unit_test(threads_share_a_template),
	};
	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
