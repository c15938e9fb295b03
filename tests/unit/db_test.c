/* What a connection maps of its file. */
#include "base/db.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define ROWS 4000
#define LITTLE (MIB / 2)

SQL(FILL, "test.fill",
	"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)"
	" INSERT INTO text (of) SELECT printf('%01000d', i) FROM n");
SQL(READ, "test.read", "SELECT sum(length(of)) FROM text", "the test reads all");

static char dir[] = "/tmp/gaya_db_XXXXXX";
static char path[64];

static int make_file(void **state)
{
	struct db *db = NULL;

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/file.db", dir);
	assert_int_equal(OK, db_open(path, DB_WRITE, &db));
	assert_int_equal(OK, db_exec(db, "CREATE TABLE text (of TEXT)"));
	assert_int_equal(OK, db_run(db, FILL, BIND(num(ROWS))));
	db_free(db);
	return 0;
}

static int remove_file(void **state)
{
	(void)state;
	(void)!unlink(path);
	return rmdir(dir);
}

/* The bytes of the file that are mapped into this process. */
static size_t mapped(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long from, to;
	char line[512];
	size_t sum = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps))
		if (strstr(line, "file.db\n") && sscanf(line, "%lx-%lx", &from, &to) == 2)
			sum += to - from;
	fclose(maps);
	return sum;
}

static size_t mapped_by_a_reader(void)
{
	struct db *db = NULL;
	int64_t n;
	size_t sum;

	assert_int_equal(OK, db_open(path, DB_READ, &db));
	assert_int_equal(OK, db_int(db, READ, BIND_NONE, &n));
	assert_int_equal(n, ROWS * 1000);
	sum = mapped();
	db_free(db);
	return sum;
}

static void a_command_maps_little_of_a_large_file(void **state)
{
	(void)state;
	db_maps(LITTLE);
	assert_int_equal(mapped_by_a_reader(), LITTLE);
}

static void a_server_maps_the_whole_file(void **state)
{
	(void)state;
	db_maps(0);
	assert_true(mapped_by_a_reader() >= ROWS * 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_command_maps_little_of_a_large_file),
		cmocka_unit_test(a_server_maps_the_whole_file),
	};

	return cmocka_run_group_tests(tests, make_file, remove_file);
}
