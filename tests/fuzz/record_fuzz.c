/* Any bytes as a record: reads it, checks it against this tree's standard, and compares it with
 * another. Runs from the top of the tree. */
#include "base/file.h"
#include "registry/standard/diff.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBLEMS_MAX 200

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char fixed_text[] =
	"{\"name\":{\"ko\":\"교통신호 최적화\",\"en\":\"Traffic signals\"},\"status\":\"pilot\","
	"\"goal\":{\"ko\":\"교차로 42곳의 신호를 조정합니다.\"},\"category\":[{\"ko\":\"교통\"}],"
	"\"risks\":[{\"risk\":{\"ko\":\"정체\"},\"mitigation\":{\"ko\":\"점검\"}}]}";
static struct standard *standard;
static json_t *fixed;

static void must(bool ok)
{
	if (!ok)
		abort();
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	AUTO(buf) text = BUF(MIB);

	if (file_read("policies/standard.json", &text) != OK ||
		standard_load(text.data, text.len, &standard) != OK ||
		json_read(fixed_text, strlen(fixed_text), MIB, RULES_STRICT, &fixed) != OK) {
		fprintf(stderr, "record_fuzz: %s\n", err_why());
		exit(2);
	}
	return 0;
}

static bool passes(const json_t *record, enum need need)
{
	json_t *problems = json_make("[]"), *p;
	enum err e = standard_check(standard, record, need, problems);
	size_t i;

	must((e == OK) == (json_array_size(problems) == 0));
	must(json_array_size(problems) <= PROBLEMS_MAX + 1);
	json_array_foreach (problems, i, p) {
		must(json_str(p, "field") && json_str(p, "at") && json_str(p, "rule"));
	}
	json_decref(problems);
	return e == OK;
}

static void completeness_agrees(const json_t *record, bool complete)
{
	struct completeness c = standard_completeness(standard, record);

	must(c.required_filled <= c.required && c.required_filled <= c.filled);
	must(!complete || c.required_filled + c.withheld == c.required);
}

static void joins_to(const json_t *runs, const char *kind, const char *expected)
{
	const json_t *run;
	size_t i;

	json_array_foreach ((json_t *)runs, i, run) {
		const char *op = json_str(run, "op"), *text = json_str(run, "text");

		if (strcmp(op, "same") != 0 && strcmp(op, kind) != 0)
			continue;
		must(strncmp(expected, text, strlen(text)) == 0);
		expected += strlen(text);
	}
	must(*expected == '\0');
}

static void words_join(const json_t *before, const json_t *after)
{
	const char *a = standard_text(before, "ko", NULL), *b = standard_text(after, "ko", NULL);
	json_t *runs;

	if (!a || !b)
		return;
	runs = diff_words(a, b, &(int){DIFF_WORK});
	joins_to(runs, "removed", a);
	joins_to(runs, "added", b);
	json_decref(runs);
}

static void changes_are_changes(const json_t *before, const json_t *after)
{
	json_t *list = diff_records(standard, before, after), *change;
	size_t i;

	json_array_foreach (list, i, change) {
		const json_t *old = json_object_get(change, "before");
		const json_t *new = json_object_get(change, "after");

		must(json_str(change, "field") && old && new);
		words_join(old, new);
	}
	json_decref(list);
}

static void same_has_no_changes(const json_t *record)
{
	json_t *list = diff_records(standard, record, record);

	must(json_array_size(list) == 0);
	json_decref(list);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	json_t *record = NULL;
	bool complete;

	if (json_read((const char *)data, len, MIB, RULES_STRICT, &record) != OK)
		return 0;
	complete = passes(record, NEED_ALL);
	must(passes(record, NEED_PRESENT) || !complete);
	if (json_is_object(record)) {
		completeness_agrees(record, complete);
		changes_are_changes(fixed, record);
		changes_are_changes(record, fixed);
		same_has_no_changes(record);
	}
	json_decref(record);
	return 0;
}
