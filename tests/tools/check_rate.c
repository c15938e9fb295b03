/* check_rate ROUNDS - checks every first filing of the demo against the standard, each ROUNDS
 * times, and prints the average microseconds per record, those of the slowest record, its bytes,
 * and the number of records. */
#include "tests/unit/record_maker.h"

#include <time.h>

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double check(const struct standard *s, const json_t *record, int rounds)
{
	double start = seconds();

	for (int i = 0; i < rounds; i++) {
		json_auto_t *problems = json_array();

		if (standard_check(s, record, NEED_ALL, problems) != OK) {
			fprintf(stderr, "check_rate: %s\n", err_why());
			exit(1);
		}
	}
	return (seconds() - start) / rounds * 1e6;
}

int main(int argc, char **argv)
{
	AUTO(buf) text = BUF(MIB);
	AUTO(buf) slowest = BUF(MIB);
	struct standard *s;
	struct maker m;
	double sum = 0, most = 0;
	const json_t *record;
	size_t i;

	if (argc != 2 || file_read("policies/standard.json", &text) != OK ||
		standard_load(text.data, text.len, &s) != OK) {
		fprintf(stderr, "usage: check_rate ROUNDS, from the top of the tree\n");
		return 2;
	}
	m = maker_new(s, 1);
	json_array_foreach (m.wholes, i, record) {
		double us = check(s, record, atoi(argv[1]));

		sum += us;
		if (us <= most)
			continue;
		most = us;
		buf_clear(&slowest);
		json_canonical(record, &slowest);
	}
	printf("%.1f %.1f %zu %zu\n", sum / (double)i, most, slowest.len, i);
	maker_done(&m);
	standard_free(s);
	return 0;
}
