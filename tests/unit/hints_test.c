#include "base/buf.h"
#include "registry/standard/hints.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static struct standard *standard;

static int setup(void **state)
{
	AUTO(buf) text = BUF(MIB);

	if (standard_load_file("policies/standard.json", &text, &standard) != OK)
		fail_msg("%s", err_why());
	return 0;
}

static int teardown(void **state)
{
	standard_free(standard);
	return 0;
}

/* "at rule got", one a line. */
static char *hints_of(json_t *record, const char *only)
{
	json_auto_t *hints = json_array(), *own = record;
	struct buf out = BUF(MIB);
	json_t *hint;
	size_t i;

	hints_find(standard, own, only, hints);
	json_array_foreach (hints, i, hint) {
		buf_printf(&out, "%s%s %s", i ? "\n" : "", json_str(hint, "at"),
			json_str(hint, "rule"));
		if (json_str(hint, "got"))
			buf_printf(&out, " %s", json_str(hint, "got"));
		else if (json_num(hint, "got"))
			buf_printf(&out, " %lld", (long long)json_num(hint, "got"));
	}
	return buf_take(&out);
}

static void expect(const char *lang, const char *text, const char *expected)
{
	AUTOFREE char *got = hints_of(json_make("{s:{s:s}}", "limitations", lang, text), NULL);

	if (strcmp(got, expected) != 0)
		fail_msg("\"%s\":\n%s\nis not\n%s", text, got, expected);
}

static void abbreviation_is_pointed_out_once(void **state)
{
	expect("ko", "OCR로 읽고, OCR가 틀리면 사람이 봅니다.", "limitations.ko abbreviation OCR");
	expect("en", "Its LLMs and the GPT-4 model err.",
		"limitations.en abbreviation LLM\nlimitations.en abbreviation GPT");
}

static void abbreviation_that_everybody_knows_is_none(void **state)
{
	expect("ko", "AI가 CCTV 영상을 봅니다.", "");
	expect("en", "KoBERT, iPhone, A, B, see https://example.kr/OCR/RPA and `XYZ`.", "");
	expect("en", "[Notice](https://example.kr/OCR)", "");
	expect("en", "DO NOT ENTER THIS ROOM", "");
}

static void abbreviation_may_be_explained_anywhere_in_the_record(void **state)
{
	expect("ko", "광학 문자 인식(OCR)을 씁니다. OCR가 틀릴 수 있습니다.", "");
	expect("ko", "OCR(광학 문자 인식)을 씁니다.", "");
	expect("en", "It uses OCR (optical character recognition).", "");
	expect("ko", "ROCR(무엇)을 OCR로 봅니다.", "limitations.ko abbreviation OCR");
	AUTOFREE char *got =
		hints_of(json_make("{s:{s:s}, s:[{s:s}]}", "limitations", "ko",
				 "OCR가 틀릴 수 있습니다.", "tags", "ko", "광학 문자 인식(OCR)"),
			NULL);
	assert_string_equal("", got);
}

static void customary_short_form_is_named_with_its_full_one(void **state)
{
	expect("ko", "행안부 지침을 따릅니다.", "limitations.ko short_word 행안부");
	expect("ko", "행정안전부(행안부) 지침을 따릅니다.", "");
	expect("en", "The dept. decides, an adept. one.", "limitations.en short_word dept.");
	expect("ko", "dept.", "");
}

static char *sentence(const char *word, size_t n, const char *end)
{
	struct buf out = BUF(MIB);

	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%s%s", i ? " " : "", word);
	buf_puts(&out, end);
	return buf_take(&out);
}

static void sentence_is_long_by_its_words(void **state)
{
	AUTOFREE char *ok = sentence("말", 25, "."), *over = sentence("말", 26, "."),
		      *twice = mem_printf("%s %s", ok, ok), *lines = mem_printf("%s\n%s", ok, ok),
		      *dots = mem_printf("%.*s 3.5배 - * %s", (int)strlen(ok) - 1, ok, ok),
		      *english = sentence("word", 36, "!");

	expect("ko", ok, "");
	expect("ko", twice, "");
	expect("ko", lines, "");
	expect("ko", over, "limitations.ko long_sentence 26");
	expect("ko", dots, "limitations.ko long_sentence 51");
	expect("en", over, "");
	expect("en", english, "limitations.en long_sentence 36");
	expect("fr", english, "");
}

static void text_that_only_repeats_the_label_says_nothing(void **state)
{
	expect("ko", "알려진 한계", "limitations.ko only_label");
	expect("ko", "** 알려진  한계. **", "limitations.ko only_label");
	expect("en", "KNOWN LIMITS!", "limitations.en only_label");
	expect("en", "Known limits of fog", "");
}

static void members_of_lists_and_fields_asked_for_alone_are_looked_at(void **state)
{
	AUTOFREE char *got = hints_of(
			      json_make("{s:[{s:{s:s}, s:i}], s:{s:s}, s:s, s:{s:i}}", "risks",
				      "risk", "en", "RPA errs", "mitigation", 3, "goal", "en",
				      "RPA", "unknown", "RPA", "name", "ko", 7),
			      NULL),
		      *one = hints_of(json_make("{s:{s:s}, s:{s:s}}", "limitations", "en", "RPA",
					      "goal", "en", "RPA"),
			      "goal");

	assert_string_equal("goal.en abbreviation RPA\nrisks[0].risk.en abbreviation RPA", got);
	assert_string_equal("goal.en abbreviation RPA", one);
}

static void excerpt_names_the_beginning_of_the_sentence(void **state)
{
	AUTOFREE char *text = sentence("가나", 30, "."), *whole = mem_printf("짧다.\n- %s", text);
	json_auto_t *hints = json_array(), *record = json_make("{s:{s:s}}", "goal", "ko", whole);

	hints_find(standard, record, NULL, hints);
	assert_string_equal("가나 가나 가나 가나 가나 가나 가나 가나…",
		json_str(json_array_get(hints, 0), "allowed"));
}

/* The field of each contradiction, one a line. */
static char *contradictions_of(json_t *record, const char *only, const char *today)
{
	json_auto_t *hints = json_array(), *own = record;
	struct buf out = BUF(MIB);
	json_t *hint;
	size_t i;

	hints_contradictions(standard, own, only, today, hints);
	json_array_foreach (hints, i, hint) {
		assert_string_equal("contradiction", json_str(hint, "rule"));
		assert_non_null(json_str(json_object_get(hint, "says"), "ko"));
		buf_printf(&out, "%s%s", i ? "\n" : "", json_str(hint, "at"));
	}
	return buf_take(&out);
}

static void no_personal_data_beside_data_of_persons_is_a_contradiction(void **state)
{
	const char *said = "주민등록번호와 주소";
	AUTOFREE char *both = contradictions_of(
			      json_make("{s:s, s:{s:s}, s:s}", "personal_data", "none",
				      "source_data", "ko", said, "processing_ground", "consent"),
			      NULL, "2026-03-01"),
		      *one = contradictions_of(
			      json_make("{s:s, s:{s:s}, s:s}", "personal_data", "none",
				      "source_data", "ko", said, "processing_ground", "consent"),
			      "processing_ground", "2026-03-01"),
		      *used = contradictions_of(json_make("{s:s, s:{s:s}}", "personal_data",
							"identified", "source_data", "ko", said),
			      NULL, "2026-03-01"),
		      *other = contradictions_of(json_make("{s:s, s:{s:s}}", "personal_data",
							 "none", "source_data", "ko", "강수량"),
			      NULL, "2026-03-01");

	assert_string_equal("source_data\nprocessing_ground", both);
	assert_string_equal("processing_ground", one);
	assert_string_equal("", used);
	assert_string_equal("", other);
}

static void what_is_in_use_was_introduced_by_today(void **state)
{
	AUTOFREE char *ahead = contradictions_of(json_make("{s:s, s:s}", "status", "in_use",
							 "introduced_on", "2026-03-02"),
			      NULL, "2026-03-01"),
		      *today = contradictions_of(json_make("{s:s, s:s}", "status", "in_use",
							 "introduced_on", "2026-03-01"),
			      NULL, "2026-03-01"),
		      *planned = contradictions_of(json_make("{s:s, s:s}", "status", "planned",
							   "introduced_on", "2027-01-01"),
			      NULL, "2026-03-01");

	assert_string_equal("introduced_on", ahead);
	assert_string_equal("", today);
	assert_string_equal("", planned);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(abbreviation_is_pointed_out_once),
		cmocka_unit_test(abbreviation_that_everybody_knows_is_none),
		cmocka_unit_test(abbreviation_may_be_explained_anywhere_in_the_record),
		cmocka_unit_test(customary_short_form_is_named_with_its_full_one),
		cmocka_unit_test(sentence_is_long_by_its_words),
		cmocka_unit_test(text_that_only_repeats_the_label_says_nothing),
		cmocka_unit_test(members_of_lists_and_fields_asked_for_alone_are_looked_at),
		cmocka_unit_test(excerpt_names_the_beginning_of_the_sentence),
		cmocka_unit_test(no_personal_data_beside_data_of_persons_is_a_contradiction),
		cmocka_unit_test(what_is_in_use_was_introduced_by_today),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
