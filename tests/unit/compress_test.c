/* A file compressed into another; tests/http/data_test.sh reads what comes out. */
#include "web/http/compress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static FILE *file_of_spaces(size_t bytes)
{
	FILE *out = tmpfile();

	assert_non_null(out);
	while (bytes--)
		assert_int_equal(' ', fputc(' ', out));
	return out;
}

static void a_file_is_compressed_from_its_beginning(void **state)
{
	FILE *from = file_of_spaces(MIB), *to = tmpfile();
	atomic_bool stop = false;

	(void)state;
	assert_int_equal(OK, compress_gzip_file(from, to, &stop));
	assert_in_range(ftell(to), 100, 10000);
	rewind(to);
	assert_int_equal(0x1f, fgetc(to));
	assert_int_equal(0x8b, fgetc(to));
	fclose(from);
	fclose(to);
}

static void one_that_is_stopped_ends_before_its_end(void **state)
{
	FILE *from = file_of_spaces(MIB), *to = tmpfile();
	atomic_bool stop = true;

	(void)state;
	assert_int_equal(ERR_BUSY, compress_gzip_file(from, to, &stop));
	assert_in_range(ftell(from), 0, MIB / 2);
	fclose(from);
	fclose(to);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_compressed_from_its_beginning),
		cmocka_unit_test(one_that_is_stopped_ends_before_its_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
