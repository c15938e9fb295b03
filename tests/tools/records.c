/* records STANDARD SEED N - prints a standard as JSON Schema, then N records, good and bad, each
 * with our validator's verdict: lines of JSON, {"schema": …}, then {"fits": true, "record": …}. */
#include "base/json_schema.h"
#include "tests/unit/record_maker.h"

static void must(enum err e)
{
	if (e == OK)
		return;
	fprintf(stderr, "records: %s\n", err_why());
	exit(1);
}

static void print_line(const json_t *value)
{
	json_dumpf(value, stdout, JSON_COMPACT);
	putchar('\n');
}

static void print_records(const struct standard *s, uint64_t seed, int n)
{
	json_auto_t *json = standard_schema(s), *top = json_make("{s:O}", "schema", json);
	struct maker m = maker_new(s, seed);
	struct schema *schema;

	must(schema_load(json, &schema));
	print_line(top);
	for (int i = 0; i < n; i++) {
		json_t *record = maker_next(&m);
		json_auto_t *line = NULL;
		bool fits = false;

		must(schema_check(schema, record, &fits));
		line = json_make("{s:b, s:o}", "fits", fits, "record", record);
		print_line(line);
	}
	maker_done(&m);
	schema_free(schema);
}

int main(int argc, char **argv)
{
	AUTO(buf) text = BUF(MIB);
	struct standard *s;

	if (argc != 4) {
		fprintf(stderr, "usage: records STANDARD SEED N\n");
		return 2;
	}
	must(file_read(argv[1], &text));
	must(standard_load(text.data, text.len, &s));
	print_records(s, strtoull(argv[2], NULL, 10), atoi(argv[3]));
	standard_free(s);
	return 0;
}
