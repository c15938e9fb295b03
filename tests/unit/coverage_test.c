/* How complete records are, as counted by the read model, with their departments. */
#include "registry/query/coverage.h"
#include "registry/query/query.h"
#include "tests/unit/open_register.h"

static json_t *completeness_on(const char *today)
{
	json_auto_t *department = NULL;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	must(coverage_department(snap, DEPARTMENT, today, &department));
	reg_read_done(reg, snap);
	return json_incref(json_object_get(department, "completeness"));
}

static json_t *system_of(const char *slug)
{
	json_t *system = NULL;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	must(query_system(snap, slug, &system));
	reg_read_done(reg, snap);
	return system;
}

/* Compares with a count by hand over these records. */
static void assert_completeness(json_t *const *records, size_t n)
{
	json_auto_t *found = completeness_on("2000-01-01");
	int64_t required = 0, filled = 0, withheld = 0;

	for (size_t i = 0; i < n; i++) {
		struct completeness c = standard_completeness(reg_standard(reg), records[i]);

		required += c.required;
		filled += c.required_filled;
		withheld += c.withheld;
	}
	assert_true(required > 0);
	assert_int_equal(json_num(found, "records"), n);
	assert_int_equal(json_num(found, "required"), required);
	assert_int_equal(json_num(found, "filled"), filled);
	assert_int_equal(json_num(found, "withheld"), withheld);
}

struct job_add {
	struct job job;
	struct draft draft;
};

static enum err run_add(struct tx *tx, struct job *job)
{
	return tx_add(tx, ((struct job_add *)job)->draft, NULL);
}

static void add(struct draft draft)
{
	struct job_add job = {.job.run = run_add, .draft = draft};

	must(reg_do(reg, &job.job));
}

/* A record as an import files it: correct but incomplete. */
static void import_record(const char *slug, const json_t *record)
{
	struct sha256 hash = sha256_of(slug, strlen(slug));
	char source[SHA256_HEX];

	sha256_hex(&hash, source);
	add((struct draft){.type = "system.filed",
		.by = "register",
		.subject = slug,
		.members = json_make("{s:s,s:s,s:s}", "department", DEPARTMENT, "profile", "other",
			"source_sha256", source),
		.content = json_make("{s:O,s:s}", "record", record, "source", slug)});
	must(office(reg, json_make("{s:s,s:s}", "do", "approve", "system", slug)));
}

static void a_record_is_counted_as_the_standard_counts_it(void **state)
{
	json_auto_t *record = demo_record("smart-water"), *system = system_of("smart-water");

	(void)state;
	assert_completeness(&record, 1);
	assert_int_equal(json_num(system, "required"),
		standard_completeness(reg_standard(reg), record).required);
	assert_int_equal(json_num(system, "filled"), json_num(system, "required"));
}

static void what_an_imported_record_lacks_counts_too(void **state)
{
	json_auto_t *whole = demo_record("smart-water");
	json_auto_t *bare = json_make("{s:{s:s}}", "name", "ko", "가져온 것");
	json_auto_t *system = NULL;

	(void)state;
	import_record("imported", bare);
	system = system_of("imported");
	assert_true(json_num(system, "filled") < json_num(system, "required"));
	assert_completeness((json_t *[]){whole, bare}, 2);
	assert_rebuilds(reg, dir);
}

/* The first optional field that this record lacks. */
static json_t *first_left_out(json_t *standard, const json_t *record)
{
	json_t *field;
	size_t i;

	json_array_foreach (json_object_get(standard, "fields"), i, field) {
		const char *name = json_str(field, "name");

		if (!json_object_get(record, name) &&
			!standard_field(reg_standard(reg), name)->automatic &&
			json_is_false(json_object_get(field, "required")))
			return field;
	}
	fail_msg("the record fills in every field");
	return NULL;
}

static void a_standard_that_asks_for_more_is_counted_by_at_once(void **state)
{
	json_auto_t *record = demo_record("smart-water"), *standard = NULL, *before = NULL,
		    *after = NULL;

	(void)state;
	before = system_of("smart-water");
	standard = json_deep_copy(standard_json(reg_standard(reg)));
	json_put(first_left_out(standard, record), "required", json_true());
	add((struct draft){.type = "standard.adopted",
		.by = "office",
		.subject = json_str(standard, "standard"),
		.members = json_make("{s:i}", "version", 2),
		.content = json_incref(standard)});
	after = system_of("smart-water");
	assert_int_equal(json_num(after, "required"), json_num(before, "required") + 1);
	assert_int_equal(json_num(after, "filled"), json_num(before, "filled"));
	assert_completeness(&record, 1);
	assert_rebuilds(reg, dir);
}

static void a_record_that_was_erased_is_not_counted(void **state)
{
	json_auto_t *system = NULL, *found = NULL;
	json_t *version = NULL;
	const struct snapshot *snap;

	(void)state;
	must(reg_read(reg, &snap));
	must(query_version(snap, "smart-water", 0, &version));
	reg_read_done(reg, snap);
	must(office(
		reg, json_make("{s:s,s:s,s:o}", "do", "erase", "sha256",
			     json_str(version, "sha256"), "reason", reason("이름이 있습니다."))));
	json_decref(version);
	system = system_of("smart-water");
	assert_true(json_is_null(json_object_get(system, "required")));
	found = completeness_on("2000-01-01");
	assert_int_equal(json_num(found, "records"), 0);
	assert_int_equal(json_num(found, "required"), 0);
	assert_rebuilds(reg, dir);
}

static void a_review_is_overdue_from_the_day_after_it_was_due(void **state)
{
	json_auto_t *record = renamed("smart-water", "검토"), *on_time = NULL, *late = NULL,
		    *retired = NULL;

	(void)state;
	json_put(record, "revision_date", json_text("2027-03-01"));
	import_record("reviewed", record);
	on_time = completeness_on("2027-03-01");
	late = completeness_on("2027-03-02");
	assert_int_equal(json_num(late, "overdue"), json_num(on_time, "overdue") + 1);
	must(office(reg, json_make("{s:s,s:s,s:o}", "do", "retire", "system", "reviewed", "reason",
				 reason("끝"))));
	retired = completeness_on("2027-03-02");
	assert_int_equal(json_num(retired, "overdue"), json_num(on_time, "overdue"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(a_record_is_counted_as_the_standard_counts_it),
		TEST(what_an_imported_record_lacks_counts_too),
		TEST(a_standard_that_asks_for_more_is_counted_by_at_once),
		TEST(a_record_that_was_erased_is_not_counted),
		TEST(a_review_is_overdue_from_the_day_after_it_was_due),
	};

	crypto_init();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
