/* check_problem.c - a record's problems and their places, as JSON. */
#include "base/text.h"
#include "registry/standard/check_parts.h"

#define GOT_CHARS 100
#define PATH_MAX_BYTES 1000

const struct record_path record_whole = {.name = ""};

static void path_add(const struct record_path *path, struct buf *out)
{
	if (path->up)
		path_add(path->up, out);
	if (!path->name)
		buf_printf(out, "[%zu]", path->index);
	else
		buf_printf(out, "%s%.*s", path->up ? "." : "",
			(int)text_prefix(path->name, GOT_CHARS), path->name);
}

static const char *path_field(const struct record_path *path)
{
	while (path->up)
		path = path->up;
	return path->name;
}

void problem(struct check *c, const struct record_path *path, const char *rule, json_t *more)
{
	AUTO(buf) at = BUF(PATH_MAX_BYTES);
	json_t *p = more ? more : json_make("{}");

	if (c->found > PROBLEMS_MAX) {
		json_decref(p);
		return;
	}
	if (c->found++ == PROBLEMS_MAX) {
		json_decref(p);
		p = json_make("{}");
		path = &record_whole;
		rule = "more_problems";
	}
	path_add(path, &at);
	json_put(p, "field", json_text(path_field(path)));
	json_put(p, "at", json_text(buf_text(&at)));
	json_put(p, "rule", json_text(rule));
	json_push(c->problems, p);
}

json_t *got_number(size_t limit, size_t got)
{
	return json_make("{s:I, s:I}", "limit", (json_int_t)limit, "got", (json_int_t)got);
}

json_t *got_text(const char *s)
{
	return json_make("{s:s%}", "got", s, text_prefix(s, GOT_CHARS));
}

void wrong_type(
	struct check *c, const struct record_path *path, const char *wanted, const json_t *value)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "object",
		[JSON_ARRAY] = "list",
		[JSON_STRING] = "text",
		[JSON_INTEGER] = "number",
		[JSON_REAL] = "number",
		[JSON_TRUE] = "boolean",
		[JSON_FALSE] = "boolean",
		[JSON_NULL] = "null",
	};

	problem(c, path, "wrong_type",
		json_make("{s:s, s:s}", "wanted", wanted, "got", names[json_typeof(value)]));
}
