/* Arbitrary text through the maps of policies/modelcards/, as libjq parses and runs them: each
 * answers null, an object whose texts a record could hold, or an error; at most one map knows a
 * file. In the server they run in a process with limits (base/runner.h), so only short inputs are
 * tried here, where nothing would stop a long one. */
#include "base/file.h"
#include "base/jq.h"
#include "base/text.h"

#include <sanitizer/lsan_interface.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FOLDER "policies/modelcards/"
#define SIZE_MAX_TRIED (4 * KIB)

static const char *const maps[] = {
	FOLDER "cyclonedx/map.jq", FOLDER "spdx/map.jq", FOLDER "huggingface/map.jq"};
static struct jq *programs[COUNT(maps)];

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void open_maps(void)
{
	for (size_t i = 0; i < COUNT(maps) && !programs[i]; i++) {
		AUTO(buf) text = BUF(MIB), map = BUF(MIB);

		must(file_read(FOLDER "shared.jq", &text) == OK && file_read(maps[i], &map) == OK);
		buf_puts(&text, buf_text(&map));
		must(jq_open(maps[i], buf_text(&text), &programs[i]) == OK);
	}
}

/* A code or an address, a text in one language, or a list of such texts. */
static void check_value(const json_t *value)
{
	const char *lang;
	json_t *one;
	size_t i;

	json_array_foreach (value, i, one)
		check_value(one);
	json_object_foreach ((json_t *)value, lang, one) {
		must(strcmp(lang, "ko") == 0 || strcmp(lang, "en") == 0);
		must(json_is_string(one) && !text_forbidden(json_string_value(one), true));
	}
	must(json_is_array(value) || json_is_string(value) || json_object_size(value) == 1);
}

static void check_answer(const json_t *answer)
{
	const char *name;
	json_t *value;

	must(json_str(answer, "format") != NULL);
	must(json_is_object(json_object_get(answer, "fields")));
	json_object_foreach (json_object_get(answer, "fields"), name, value)
		check_value(value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_auto_t *text = NULL;
	size_t known = 0;

	if (size > SIZE_MAX_TRIED || memchr(data, '\0', size) ||
		!text_is_utf8((const char *)data, size))
		return -1;
	open_maps();
	text = json_stringn_nocheck((const char *)data, size);
	for (size_t i = 0; i < COUNT(maps); i++) {
		json_auto_t *answers = NULL;

		enum err e;

		/* `fromjson` of libjq 1.6 leaks the message for a text that is no JSON; the
		 * process that runs a map ends with it. */
		__lsan_disable();
		e = jq_run(programs[i], text, &answers);
		__lsan_enable();
		if (e != OK)
			continue;
		must(json_array_size(answers) == 1);
		if (json_is_null(json_array_get(answers, 0)))
			continue;
		check_answer(json_array_get(answers, 0));
		known++;
	}
	must(known <= 1);
	return 0;
}
