/* Any bytes as the body of a record's form: reads them into an existing record, in the step that
 * the first byte chooses; then shows it, and reads it once more. Runs from the top of the tree. */
#include "base/file.h"
#include "registry/policy/policy.h"
#include "web/office/form.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static const char fixed_text[] =
	"{\"name\":{\"ko\":\"교통신호\",\"vi\":\"Đèn\"},\"id\":\"x\",\"tags\":[{\"ko\":\"물\"}],"
	"\"supervisor\":[{\"phone\":\"120\",\"later\":2}],\"area\":7,\"future\":[1]}";
static struct standard *standard;
static struct form form = {
	.languages = {"ko", "en"}, .languages_n = 2, .lang = "ko", .yes = "y", .no = "n"};
static json_t *fixed;

static void must(bool ok)
{
	if (!ok)
		abort();
}

static void load_policies(void)
{
	const char *id;
	struct policy *policy;

	for (size_t i = 0; (id = policy_own_id(i)); i++) {
		json_auto_t *content = NULL;

		must(policy_own(id, &content) == OK && policy_load(content, &policy) == OK);
		form.policies[form.policies_n++] = policy;
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	AUTO(buf) text = BUF(MIB);

	if (standard_load_file("policies/standard.json", &text, &standard) != OK ||
		json_read(fixed_text, strlen(fixed_text), MIB, RULES_STRICT, &fixed) != OK) {
		fprintf(stderr, "form_fuzz: %s\n", err_why());
		exit(2);
	}
	form.standard = standard;
	load_policies();
	return 0;
}

/* Only members of the standard can enter a record, and existing ones stay. */
static void holds_to_the_standard(const json_t *record)
{
	const char *name;
	json_t *value;

	json_object_foreach ((json_t *)record, name, value) {
		const struct field *f = standard_field(standard, name);

		must(f ? !f->automatic || json_equal(value, json_object_get(fixed, name))
		       : json_equal(value, json_object_get(fixed, name)));
	}
	must(json_equal(json_object_get(record, "future"), json_object_get(fixed, "future")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	AUTO(form_body) body = {0};
	struct form_step step;
	json_auto_t *record = NULL, *again = NULL, *view = NULL;

	if (len == 0 || form_body_parse((const char *)data + 1, len - 1, &body) != OK)
		return 0;
	form_step(&form, data[0] % form_steps_n(&form), &step);
	record = json_deep_copy(fixed);
	if (form_read(&form, &step, &body, "tags.1", record) != OK) {
		must(json_equal(record, fixed));
		return 0;
	}
	holds_to_the_standard(record);
	view = form_view(&form, &step, record, NULL, "tags");
	must(json_array_size(json_object_get(view, "fields")) > 0 || step.policy);
	again = json_deep_copy(record);
	must(form_read(&form, &step, &(struct form_body){0}, NULL, again) == OK);
	must(json_equal(record, again)); /* an empty form changes nothing */
	return 0;
}
