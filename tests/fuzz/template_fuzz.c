/* Any bytes as a template, whose partials are the template itself: an error or a text, the same
 * each time, within its limits. */
#include "web/view/template.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (16 * KIB)

static const char view_json[] =
	"{\"a\": \"text <&> *md*\\n# x\", \"b\": {\"c\": {\"d\": 1.21}, \"a\": \"inner\"},"
	" \"l\": [1, -2.5, \"\", \"x\", true, null, [1, [2]], {\"a\": \"item\"}],"
	" \"e\": [], \"t\": true, \"f\": false, \"n\": null, \"z\": 0, \"s\": \"\"}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct template *itself(void *arg, const char *name)
{
	return strcmp(name, "none") == 0 ? NULL : arg;
}

static void render_twice(struct template *t, enum escape escape, const json_t *view)
{
	const struct partials partials = {itself, t};
	AUTO(buf) one = BUF(TEXT_MAX);
	AUTO(buf) two = BUF(TEXT_MAX);
	enum err e = template_render(t, escape, view, &partials, &one);

	if (e != template_render(t, escape, view, &partials, &two) || one.len != two.len)
		abort();
	if (one.len && memcmp(one.data, two.data, one.len) != 0)
		abort();
	if (e != OK && e != ERR_INVALID && e != ERR_TOO_LARGE)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static json_t *view;
	struct template *t = NULL;

	if (!view)
		view = json_loads(view_json, 0, NULL);
	if (!view)
		abort();
	if (template_parse((const char *)data, size, &t) != OK)
		return 0;
	for (enum escape escape = ESCAPE_HTML; escape <= ESCAPE_NONE; escape++)
		render_twice(t, escape, view);
	template_free(t);
	return 0;
}
