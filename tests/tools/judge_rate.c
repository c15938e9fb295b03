/* Measures how long it takes to judge a record by this tree's policies, and to check it against the
 * standard: µs per record, for each line of a file of records. For tests/bench/judge.py. */
#include "base/crypto.h"
#include "base/file.h"
#include "registry/policy/judgement.h"
#include "registry/standard/standard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void must(enum err e)
{
	if (e == OK)
		return;
	fprintf(stderr, "judge_rate: %s\n", err_why());
	exit(1);
}

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static json_t *read_records(const char *path)
{
	AUTO(buf) bytes = BUF(64 * MIB);
	json_t *list = json_array(), *record;
	char *line, *rest;

	must(file_read(path, &bytes));
	rest = bytes.data;
	while ((line = strsep(&rest, "\n")) && *line) {
		must(json_read(line, strlen(line), MIB, RULES_STRICT, &record));
		json_push(list, record);
	}
	return list;
}

/* Every built-in policy, or those that are named. */
static void load_policies(int n, char **names, struct policies *ps)
{
	for (size_t i = 0; n ? (int)i < n : policy_own_id(i) != NULL; i++) {
		json_auto_t *content = NULL;

		ps->all = mem_resize(ps->all, (ps->n + 1) * sizeof(*ps->all));
		ps->all[ps->n] = (struct in_force){.version = 1};
		must(policy_own(n ? names[i] : policy_own_id(i), &content));
		must(policy_load(content, &ps->all[ps->n].policy));
		snprintf(ps->all[ps->n].sha256, 65, "%064zu", i);
		ps->n++;
	}
	policies_name(ps);
}

static double time_judging(struct judge *judge, const struct policies *ps, const json_t *records)
{
	double start = seconds();
	json_t *record;
	size_t i;

	json_array_foreach (records, i, record) {
		json_auto_t *judgement = NULL;

		must(judge_record(judge, ps, record, &judgement));
	}
	return (seconds() - start) * 1e6 / (double)json_array_size(records);
}

static double time_checking(const struct standard *standard, const json_t *records)
{
	double start = seconds();
	json_t *record;
	size_t i;

	json_array_foreach (records, i, record) {
		json_auto_t *problems = json_array();

		(void)!standard_check(standard, record, NEED_ALL, problems);
	}
	return (seconds() - start) * 1e6 / (double)json_array_size(records);
}

int main(int argc, char **argv)
{
	AUTO(buf) bytes = BUF(MIB);
	struct standard *standard;
	struct policies ps = {0};
	struct judge *judge;
	json_t *records;

	if (argc < 4) {
		fprintf(stderr, "usage: judge_rate GAYA RECORDS RUNS [POLICY…]\n");
		return 2;
	}
	crypto_init();
	records = read_records(argv[2]);
	must(file_read("policies/standard.json", &bytes));
	must(standard_load(buf_text(&bytes), bytes.len, &standard));
	load_policies(argc - 4, argv + 4, &ps);
	judge = judge_new(strcmp(argv[1], "-") == 0 ? NULL : argv[1]);
	(void)time_judging(judge, &ps, records); /* compiles */
	for (int run = 0; run < atoi(argv[3]); run++)
		printf("{\"judge\": %.1f, \"check\": %.1f}\n", time_judging(judge, &ps, records),
			time_checking(standard, records));
	judge_free(judge);
	policies_done(&ps);
	standard_free(standard);
	json_decref(records);
	return 0;
}
