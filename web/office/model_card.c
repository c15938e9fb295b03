#include "web/office/model_card.h"

#include "base/embed.h"
#include "base/runner.h"
#include "base/text.h"
#include "registry/write/register.h"

#include <string.h>

EMBED(model_card_shared, "policies/modelcards/shared.jq");
EMBED(model_card_cyclonedx, "policies/modelcards/cyclonedx/map.jq");
EMBED(model_card_spdx, "policies/modelcards/spdx/map.jq");
EMBED(model_card_huggingface, "policies/modelcards/huggingface/map.jq");

/* Files of a format contain its mark, if their writer does not escape letters without need. */
static const struct {
	const char *name, *map, *mark;
} formats[] = {
	{"cyclonedx", embed_model_card_cyclonedx, "\"bomFormat\""},
	{"spdx", embed_model_card_spdx, "\"@graph\""},
	{"huggingface", embed_model_card_huggingface, "---"},
};

/* An object, or null if the file has another format. A program that fails means that the file
 * violates its format; one that was stopped means that it is too large. */
static enum err run_map(struct runner *r, size_t i, json_t **out)
{
	AUTOFREE char *program = mem_printf("%s%s", embed_model_card_shared, formats[i].map);
	json_auto_t *answers = NULL;
	enum err e;

	runner_add(r, formats[i].name, program);
	e = runner_run(r, formats[i].name, &answers);
	ENSURE(e != ERR_TOO_LARGE, e, "the file says more than can be read");
	ENSURE(e != ERR_INVALID, e,
		"the file says more than this form takes, or not as its format prescribes");
	TRY(e);
	*out = json_incref(json_array_get(answers, 0));
	return OK;
}

/* libjq takes longer to compile a program than to run it, so formats whose mark is in the file come
 * first. */
static enum err run_maps(const json_t *text, json_t **out)
{
	struct runner *r = runner_new(reg_program());
	json_auto_t *answer = NULL;
	enum err e = OK;

	runner_input(r, text);
	for (size_t n = 0; e == OK && !json_is_object(answer) && n < 2 * COUNT(formats); n++) {
		size_t i = n % COUNT(formats);
		bool marked = strstr(json_string_value(text), formats[i].mark);

		if (marked != (n < COUNT(formats)))
			continue;
		json_decref(TAKE(answer));
		e = run_map(r, i, &answer);
	}
	runner_free(r);
	TRY(e);
	ENSURE(json_is_object(answer), ERR_INVALID,
		"the file is of another format: CycloneDX 1.6 or 1.7 as JSON, SPDX 3.0 as JSON-LD, "
		"or a model card in Markdown that begins with YAML is expected");
	*out = json_incref(answer);
	return OK;
}

static void keep_asked(const struct standard *standard, json_t *fields)
{
	const json_t *asked = standard_asked_of_supplier(standard);
	json_auto_t *kept = json_object();

	json_each (asked, name) {
		json_t *value = json_object_get(fields, json_string_value(name));

		if (value)
			json_put(kept, json_string_value(name), json_incref(value));
	}
	json_object_clear(fields);
	json_object_update(fields, kept);
}

enum err model_card_read(
	const struct standard *standard, const char *text, size_t len, json_t **out)
{
	json_auto_t *input = NULL, *answer = NULL;
	json_t *fields;

	ENSURE(len <= MODEL_CARD_MAX, ERR_TOO_LARGE, "the file is larger than %d MB",
		(int)(MODEL_CARD_MAX / MIB));
	ENSURE(!memchr(text, '\0', len) && text_is_utf8(text, len), ERR_INVALID,
		"the file is no text in UTF-8");
	input = json_stringn_nocheck(text, len);
	TRY(run_maps(input, &answer));
	fields = json_object_get(answer, "fields");
	TRY(json_stream_safe(fields));
	json_settle(fields);
	keep_asked(standard, fields);
	ENSURE(json_object_size(fields) > 0, ERR_INVALID,
		"the file says nothing about a model that this form asks for");
	*out = json_incref(answer);
	return OK;
}
