#include "registry/profile/profile.h"
#include "registry/profile/profile_own.h"

#include "base/file.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "policies/profiles"

static const struct profile_own *find(const char *name)
{
	for (size_t i = 0; i < profile_own_n; i++)
		if (strcmp(profile_own[i].name, name) == 0)
			return &profile_own[i];
	fail_msg("the program lacks the profile %s (tests run from the top of the tree)", name);
	return NULL;
}

static void check_text(const char *folder, const char *file, const char *text)
{
	AUTOFREE char *path = mem_printf(FOLDER "/%s/%s", folder, file);
	AUTO(buf) there = BUF(MIB);

	assert_int_equal(file_exists(path), text != NULL);
	if (!text)
		return;
	assert_int_equal(OK, file_read(path, &there));
	assert_string_equal(buf_text(&there), text);
}

static void every_folder_is_in_the_program_as_it_is(void **state)
{
	DIR *dir = opendir(FOLDER);
	struct dirent *entry;
	size_t n = 0;

	assert_non_null(dir);
	while ((entry = readdir(dir))) {
		const struct profile_own *own;

		if (entry->d_name[0] == '.')
			continue;
		n++;
		own = find(entry->d_name);
		check_text(own->name, "profile.json", own->about);
		check_text(own->name, "map.jq", own->map);
		check_text(own->name, "export.jq", own->export_);
		check_text(own->name, "wrap.jq", own->wrap);
	}
	closedir(dir);
	assert_int_equal(n, profile_own_n);
}

static void opens(const char *name, enum profile_use use)
{
	struct profile *p = NULL;

	if (profile_open(name, use, &p) != OK)
		fail_msg("%s: %s", name, err_why());
	assert_string_equal(name, profile_name(p));
	profile_free(p);
}

static void every_profile_opens_for_what_it_is_made_for(void **state)
{
	for (size_t i = 0; i < profile_own_n; i++) {
		const char *name = profile_own[i].name;
		json_t *about = NULL;

		if (profile_read_about(name, &about) != OK)
			fail_msg("%s: %s", name, err_why());
		if (json_object_get(about, "input"))
			opens(name, PROFILE_IMPORT);
		if (json_object_get(about, "export"))
			opens(name, PROFILE_EXPORT);
		json_decref(about);
	}
}

/* It is an address on the web. */
static void no_two_exports_have_a_file_of_the_same_name(void **state)
{
	json_t *all = NULL, *about, *files = json_object();
	size_t i;

	assert_int_equal(OK, profile_exports(&all));
	json_array_foreach (all, i, about) {
		const char *file = json_str(json_object_get(about, "export"), "file");

		assert_null(json_object_get(files, file));
		json_put(files, file, json_true());
	}
	json_decref(files);
	json_decref(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_folder_is_in_the_program_as_it_is),
		cmocka_unit_test(every_profile_opens_for_what_it_is_made_for),
		cmocka_unit_test(no_two_exports_have_a_file_of_the_same_name),
	};
	return cmocka_run_group_tests_name("profile_own", tests, NULL, NULL);
}
