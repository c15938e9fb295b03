/* Files are written whole, as new files, and never through what another user put there. */
#include "base/buf.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char dir[] = "/tmp/gaya-file-XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	return file_remove_dir(dir) == OK ? 0 : -1;
}

static unsigned mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(0, lstat(path, &st));
	return st.st_mode;
}

static void assert_holds(const char *path, const char *text)
{
	AUTO(buf) bytes = BUF(KIB);

	assert_int_equal(OK, file_read(path, &bytes));
	assert_string_equal(text, buf_text(&bytes));
}

static void a_written_file_has_its_own_mode_whatever_a_crash_or_a_neighbour_left(void **state)
{
	AUTOFREE char *path = file_in(dir, "key"), *next = file_in(dir, "key.new");

	(void)state;
	assert_int_equal(OK, file_create(next, "half", 4, 0666));
	assert_int_equal(0, chmod(next, 0666));
	assert_int_equal(OK, file_write(path, "secret", 6, 0600));
	assert_int_equal(S_IFREG | 0600, mode_of(path));
	assert_holds(path, "secret");
	assert_false(file_exists(next));
}

static void a_file_is_not_written_through_a_link(void **state)
{
	AUTOFREE char *path = file_in(dir, "head"), *next = file_in(dir, "head.new");
	AUTOFREE char *other = file_in(dir, "other"), *none = file_in(dir, "none");

	(void)state;
	assert_int_equal(OK, file_create(other, "theirs", 6, 0644));
	assert_int_equal(0, symlink(other, next));
	assert_int_equal(OK, file_write(path, "ours", 4, 0644));
	assert_int_equal(S_IFREG | 0644, mode_of(path));
	assert_holds(path, "ours");
	assert_holds(other, "theirs");

	assert_int_equal(0, symlink(none, next));
	assert_int_equal(OK, file_write(path, "again", 5, 0644));
	assert_holds(path, "again");
	assert_false(file_exists(none));
}

static void a_file_whose_place_cannot_be_made_free_is_left_as_it_was(void **state)
{
	AUTOFREE char *path = file_in(dir, "kept"), *next = file_in(dir, "kept.new");

	(void)state;
	assert_int_equal(OK, file_write(path, "old", 3, 0600));
	assert_int_equal(OK, file_make_dir(next, 0700));
	assert_int_equal(ERR_SYSTEM, file_write(path, "new", 3, 0600));
	assert_holds(path, "old");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
			a_written_file_has_its_own_mode_whatever_a_crash_or_a_neighbour_left),
		cmocka_unit_test(a_file_is_not_written_through_a_link),
		cmocka_unit_test(a_file_whose_place_cannot_be_made_free_is_left_as_it_was),
	};
	return cmocka_run_group_tests_name("file", tests, make_dir, remove_dir);
}
