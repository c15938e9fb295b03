#include "cli/profile.h"

#include "base/csv.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/jq.h"
#include "registry/event.h"

#include <stdlib.h>
#include <string.h>

EMBED(nl_about, "policies/profiles/nl-algoritmeregister/profile.json");
EMBED(nl_map, "policies/profiles/nl-algoritmeregister/map.jq");
EMBED(us_about, "policies/profiles/us-federal-2025/profile.json");
EMBED(us_map, "policies/profiles/us-federal-2025/map.jq");

static const struct own {
	const char *name, *about, *map;
} own[] = {
	{"nl-algoritmeregister", embed_nl_about, embed_nl_map},
	{"us-federal-2025", embed_us_about, embed_us_map},
};

#define FILE_MAX (256 * MIB)
#define ROW_MAX MIB /* of what the map makes of one */

struct profile {
	json_t *about;
	struct jq *map, *rows; /* rows: of a JSON file, where its rows are; NULL for CSV */
};

void profile_free(struct profile *p)
{
	if (!p)
		return;
	json_decref(p->about);
	jq_free(p->map);
	jq_free(p->rows);
	free(p);
}

const char *profile_name(const struct profile *p)
{
	return json_str(p->about, "profile");
}

const json_t *profile_about(const struct profile *p)
{
	return p->about;
}

static enum err check_about(const json_t *about)
{
	const char *name = json_str(about, "profile"), *input = json_str(about, "input");
	const json_t *title = json_object_get(about, "title");

	ENSURE(name && slug_valid(name), ERR_INVALID,
		"profile.json: \"profile\" must be its name: small letters, digits and hyphens");
	ENSURE(json_str(title, "ko") && json_str(title, "en"), ERR_INVALID,
		"profile.json: \"title\" must have a text in \"ko\" and one in \"en\"");
	ENSURE(input && (strcmp(input, "csv") == 0 || strcmp(input, "json") == 0), ERR_INVALID,
		"profile.json: \"input\" must be \"csv\" or \"json\"");
	ENSURE((json_str(about, "rows") != NULL) == (strcmp(input, "json") == 0), ERR_INVALID,
		"profile.json: \"rows\" says where the rows of a JSON file are (\".items\"), and "
		"only there");
	return OK;
}

static enum err load(struct profile *p, const char *about, size_t about_len, const char *map)
{
	const char *rows;
	enum err e = json_read(about, about_len, MIB, RULES_STRICT, &p->about);

	ENSURE(e == OK, e, "profile.json: %s", err_why());
	TRY(check_about(p->about));
	rows = json_str(p->about, "rows");
	if (rows)
		TRY(jq_open("\"rows\" of profile.json", rows, &p->rows));
	return jq_open("map.jq", map, &p->map);
}

static enum err load_folder(struct profile *p, const char *folder)
{
	AUTOFREE char *about_path = file_in(folder, "profile.json");
	AUTOFREE char *map_path = file_in(folder, "map.jq");
	AUTO(buf) about = BUF(MIB), map = BUF(MIB);

	TRY(file_read(about_path, &about));
	TRY(file_read(map_path, &map));
	return load(p, buf_text(&about), about.len, buf_text(&map));
}

static enum err load_own(struct profile *p, const char *name)
{
	AUTO(buf) names = BUF(KIB);

	for (size_t i = 0; i < COUNT(own); i++) {
		if (strcmp(own[i].name, name) == 0)
			return load(p, own[i].about, strlen(own[i].about), own[i].map);
		buf_printf(&names, "%s%s", i ? ", " : "", own[i].name);
	}
	return fail(ERR_NOT_FOUND,
		"there is no profile \"%s\": there are %s, or give a folder as "
		"./folder",
		name, buf_text(&names));
}

enum err profile_open(const char *name, struct profile **out)
{
	struct profile *p = mem_new(sizeof(*p));
	enum err e = strchr(name, '/') ? load_folder(p, name) : load_own(p, name);

	if (e != OK) {
		profile_free(p);
		return e;
	}
	*out = p;
	return OK;
}

static enum err json_rows(const struct profile *p, const char *text, size_t len, json_t **out)
{
	json_auto_t *whole = NULL, *found = NULL, *lines = json_array();
	json_t *list, *row;
	size_t i;

	TRY(json_read(text, len, FILE_MAX, RULES_LOOSE, &whole));
	TRY(jq_run(p->rows, whole, &found));
	list = json_array_get(found, 0);
	ENSURE(json_is_array(list), ERR_INVALID, "the file has no list of rows at \"%s\"",
		json_str(p->about, "rows"));
	json_array_foreach(list, i, row)
	{
		json_push(lines, json_make("{s:I,s:O}", "line", (json_int_t)i + 1, "row", row));
	}
	*out = TAKE(lines);
	return OK;
}

enum err profile_rows(const struct profile *p, const char *text, size_t len, json_t **out)
{
	return p->rows ? json_rows(p, text, len, out) : csv_read(text, len, out);
}

/* One output, an object, and all of it what our own JSON may be: normal form C above all, as
 * else a record would differ from its stored self and be "changed" for ever. */
enum err profile_map(struct profile *p, const json_t *row, json_t **out)
{
	AUTO(buf) text = BUF(ROW_MAX);
	json_auto_t *outputs = NULL;

	TRY(jq_run(p->map, row, &outputs));
	ENSURE(json_array_size(outputs) == 1 && json_is_object(json_array_get(outputs, 0)),
		ERR_INVALID, "map.jq must make one object of a row; it made %zu values",
		json_array_size(outputs));
	json_canonical(json_array_get(outputs, 0), &text);
	TRY(buf_check(&text, "what map.jq makes of a row"));
	return json_read(buf_text(&text), text.len, ROW_MAX, RULES_STRICT, out);
}
