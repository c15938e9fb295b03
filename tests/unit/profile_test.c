#include "base/csv.h"
#include "base/file.h"
#include "base/jq.h"
#include "registry/event/event.h"
#include "registry/standard/standard.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "policies/profiles/"
#define DATA "../shared/data/"
#define SHARED_FROM "# shared {{{"
#define SHARED_TO "# shared }}}"

/* What the whole real files give, so that a change of a map shows what it changes. */
static const struct real {
	const char *profile, *path;
	size_t rows, mapped, departments, duplicates, repeats;
} reals[] = {
	{"nl-algoritmeregister", DATA "nl-algoritmeregister/algoritmes_2026-06-12.json", 1463, 1463,
		328, 0, 0},
	{"nl-algoritmeregister", DATA "nl-algoritmeregister/algoritmes.json", 1530, 1530, 336, 0,
		0},
	{"us-federal-2025", DATA "us-federal-2025/2025_individually_reported_AI_use_cases.csv",
		3611, 3610, 41, 2, 5},
};
static const char *const profiles[] = {
	"csv", "nl-algoritmeregister", "nl-publicatiestandaard", "us-federal-2025"};

/* Of these export.jq is run here too: libjq must give what stock jq gives, without a leak. */
static const char *const exports[] = {"canada-register", "csv", "dcat-ap", "eu-annex-viii-a",
	"eu-annex-viii-c", "gyeonggi", "jsonl", "kr-ai-service-list", "nl-publicatiestandaard",
	"schema-org", "uk-atrs", "us-federal-2025"};

static struct buf file_text(const char *path)
{
	struct buf text = BUF(64 * MIB);

	if (file_read(path, &text) != OK)
		fail_msg("%s (tests run from the top of the tree)", err_why());
	return text;
}

static struct buf profile_text(const char *profile, const char *file)
{
	AUTOFREE char *path = mem_printf(FOLDER "%s/%s", profile, file);

	return file_text(path);
}

static json_t *parsed(const struct buf *text)
{
	json_t *value = NULL;

	if (json_read(buf_text(text), text->len, text->max, RULES_LOOSE, &value) != OK)
		fail_msg("%s", err_why());
	return value;
}

static struct jq *program_of(const char *profile, const char *file)
{
	AUTO(buf) program = profile_text(profile, file);
	struct jq *jq = NULL;

	if (jq_open(file, buf_text(&program), &jq) != OK)
		fail_msg("%s: %s", profile, err_why());
	return jq;
}

static struct jq *map_of(const char *profile)
{
	return program_of(profile, "map.jq");
}

static json_t *mapped(struct jq *map, const json_t *row)
{
	json_t *outputs = NULL, *only;

	if (jq_run(map, row, &outputs) != OK)
		fail_msg("%s", err_why());
	assert_int_equal(1, json_array_size(outputs));
	only = json_incref(json_array_get(outputs, 0));
	json_decref(outputs);
	return only;
}

static void check_case(const char *profile, struct jq *map, const char *member, const json_t *one)
{
	AUTO(buf) text = BUF(MIB);
	json_t *got = mapped(map, json_object_get(one, member));

	json_pretty(got, &text);
	if (!json_equal(json_object_get(one, "want"), got))
		fail_msg("%s: %s: gives %s", profile, json_str(one, "name"), buf_text(&text));
	json_decref(got);
}

static void every_case_of_every_profile_maps_as_it_says(void **state)
{
	for (size_t i = 0; i < COUNT(profiles); i++) {
		AUTO(buf) text = profile_text(profiles[i], "cases.json");
		struct jq *map = map_of(profiles[i]);
		json_t *cases = parsed(&text), *one;
		size_t n;

		assert_true(json_array_size(cases) >= 8);
		json_array_foreach (cases, n, one)
			check_case(profiles[i], map, "row", one);
		json_decref(cases);
		jq_free(map);
	}
}

static void every_export_case_goes_out_as_it_says(void **state)
{
	for (size_t i = 0; i < COUNT(exports); i++) {
		AUTO(buf) text = profile_text(exports[i], "export-cases.json");
		struct jq *program = program_of(exports[i], "export.jq");
		json_t *cases = parsed(&text), *one;
		size_t n;

		assert_true(json_array_size(cases) >= 5);
		json_array_foreach (cases, n, one)
			check_case(exports[i], program, "in", one);
		json_decref(cases);
		jq_free(program);
	}
}

/* What a map makes of a row must be a record that the register takes. */
static void the_records_of_every_case_are_what_the_standard_allows(void **state)
{
	AUTO(buf) standard_text = file_text("policies/standard.json");
	struct standard *standard = NULL;

	if (standard_load(buf_text(&standard_text), standard_text.len, &standard) != OK)
		fail_msg("%s", err_why());
	for (size_t i = 0; i < COUNT(profiles); i++) {
		AUTO(buf) text = profile_text(profiles[i], "cases.json");
		json_t *cases = parsed(&text), *one;
		size_t n;

		json_array_foreach (cases, n, one) {
			json_t *record = json_object_get(json_object_get(one, "want"), "record");
			json_t *problems = json_array();

			if (record &&
				standard_check(standard, record, NEED_PRESENT, problems) != OK) {
				AUTO(buf) found = BUF(MIB);

				json_pretty(problems, &found);
				fail_msg("%s: %s: %s", profiles[i], json_str(one, "name"),
					buf_text(&found));
			}
			json_decref(problems);
		}
		json_decref(cases);
	}
	standard_free(standard);
}

static char *shared_part(const char *profile)
{
	AUTO(buf) program = profile_text(profile, "map.jq");
	const char *from = strstr(buf_text(&program), SHARED_FROM);
	const char *to = strstr(buf_text(&program), SHARED_TO);

	assert_non_null(from);
	assert_true(to > from);
	return mem_bytes(from, (size_t)(to - from));
}

static void what_the_maps_share_is_the_same_in_each(void **state)
{
	AUTOFREE char *first = shared_part(profiles[0]);

	for (size_t i = 1; i < COUNT(profiles); i++) {
		AUTOFREE char *other = shared_part(profiles[i]);

		assert_string_equal(first, other);
	}
}

static void a_profile_says_what_it_is(void **state)
{
	for (size_t i = 0; i < COUNT(profiles); i++) {
		AUTO(buf) text = profile_text(profiles[i], "profile.json");
		json_t *about = parsed(&text);

		assert_string_equal(profiles[i], json_str(about, "profile"));
		assert_non_null(json_str(json_object_get(about, "title"), "ko"));
		assert_non_null(json_str(json_object_get(about, "title"), "en"));
		assert_non_null(json_str(json_object_get(about, "source"), "licence"));
		assert_true(
			strcmp(json_str(about, "input"), "csv") == 0 ||
			(strcmp(json_str(about, "input"), "json") == 0 && json_str(about, "rows")));
		json_decref(about);
	}
}

/* --- the real files --- */

/* What is known while a file is imported: sets are objects. */
struct import {
	const struct real *real;
	const struct standard *standard;
	json_t *rows_seen, *keys, *departments;
	size_t mapped, duplicates, repeats;
};

static bool add_to_set(json_t *set, const char *member)
{
	if (json_object_get(set, member))
		return false;
	json_put(set, member, json_true());
	return true;
}

static void check_department(struct import *in, const json_t *department)
{
	const char *slug = json_str(department, "slug");
	json_t *name = json_object_get(department, "name");
	json_t *known = json_object_get(in->departments, slug);

	assert_true(slug_valid(slug));
	if (known && !json_equal(known, name))
		fail_msg("two departments would be \"%s\"", slug);
	if (!known)
		json_put(in->departments, slug, json_incref(name));
}

/* As README.md of us-federal-2025 tells it. */
static void check_key(struct import *in, const json_t *row)
{
	AUTOFREE char *numbered = NULL;
	const char *key = json_str(row, "key");

	assert_non_null(key);
	if (add_to_set(in->keys, key))
		return;
	in->repeats++;
	if (add_to_set(in->keys, json_str(row, "key_if_repeated")))
		return;
	numbered = mem_printf("%s#2", json_str(row, "key_if_repeated"));
	assert_true(add_to_set(in->keys, numbered));
}

static void check_record(struct import *in, const json_t *row)
{
	json_t *problems = json_array();
	AUTO(buf) text = BUF(MIB);

	if (standard_check(in->standard, json_object_get(row, "record"), NEED_PRESENT, problems) !=
		OK) {
		json_pretty(problems, &text);
		fail_msg("%s: %s", json_str(row, "key"), buf_text(&text));
	}
	json_decref(problems);
}

static void check_row(struct import *in, struct jq *map, const json_t *row)
{
	AUTO(buf) whole = BUF(MIB);
	json_t *got = mapped(map, row);

	json_canonical(row, &whole);
	if (json_object_get(got, "error")) {
		assert_non_null(json_str(json_object_get(got, "error"), "rule"));
	} else {
		in->mapped++;
		assert_true(slug_valid(json_str(got, "slug_hint")));
		check_department(in, json_object_get(got, "department"));
		check_record(in, got);
		if (add_to_set(in->rows_seen, buf_text(&whole)))
			check_key(in, got);
		else
			in->duplicates++;
	}
	json_decref(got);
}

static json_t *rows_of(const struct real *real)
{
	AUTO(buf) text = file_text(real->path);
	json_t *rows = NULL, *whole;

	if (strstr(real->path, ".csv")) {
		if (csv_read(buf_text(&text), text.len, &rows) != OK)
			fail_msg("%s", err_why());
		return rows;
	}
	whole = parsed(&text);
	rows = json_incref(json_object_get(whole, "algoritmes"));
	json_decref(whole);
	return rows;
}

static void check_counts(const struct import *in)
{
	assert_int_equal(in->real->mapped, in->mapped);
	assert_int_equal(in->real->departments, json_object_size(in->departments));
	assert_int_equal(in->real->duplicates, in->duplicates);
	assert_int_equal(in->real->repeats, in->repeats);
}

/* `make check` looks at every sixteenth row. */
static void check_file(const struct real *real, const struct standard *standard)
{
	const size_t step = getenv("GAYA_SHORT") ? 16 : 1;
	struct import in = {
		.real = real,
		.standard = standard,
		.rows_seen = json_object(),
		.keys = json_object(),
		.departments = json_object(),
	};
	struct jq *map = map_of(real->profile);
	json_t *rows = rows_of(real), *entry;
	size_t i;

	json_array_foreach (rows, i, entry) {
		json_t *row = json_object_get(entry, "row");

		assert_null(json_object_get(entry, "cells"));
		if (i % step == 0)
			check_row(&in, map, row ? row : entry);
	}
	assert_int_equal(real->rows, json_array_size(rows));
	if (step == 1)
		check_counts(&in);
	json_decref(rows);
	json_decref(in.rows_seen);
	json_decref(in.keys);
	json_decref(in.departments);
	jq_free(map);
}

static void every_row_of_the_real_files_maps_to_what_the_standard_allows(void **state)
{
	AUTO(buf) text = {0};
	struct standard *standard = NULL;

	if (!file_exists(DATA)) {
		print_message("skipped: " DATA " is not here, so the real files are not mapped\n");
		skip(); /* does not come back: nothing may be held here */
	}
	text = file_text("policies/standard.json");
	if (standard_load(buf_text(&text), text.len, &standard) != OK)
		fail_msg("%s", err_why());
	for (size_t i = 0; i < COUNT(reals); i++)
		check_file(&reals[i], standard);
	standard_free(standard);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_of_every_profile_maps_as_it_says),
		cmocka_unit_test(every_export_case_goes_out_as_it_says),
		cmocka_unit_test(the_records_of_every_case_are_what_the_standard_allows),
		cmocka_unit_test(what_the_maps_share_is_the_same_in_each),
		cmocka_unit_test(a_profile_says_what_it_is),
		cmocka_unit_test(every_row_of_the_real_files_maps_to_what_the_standard_allows),
	};
	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
