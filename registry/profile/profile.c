#include "registry/profile/profile_parts.h"

#include "base/file.h"
#include "base/jq.h"
#include "base/text.h"
#include "registry/event/event.h"
#include "registry/profile/profile_own.h"
#include "registry/standard/standard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const outputs[] = {
	[OUTPUT_JSON] = "json", [OUTPUT_JSONL] = "jsonl", [OUTPUT_CSV] = "csv"};

/* The texts of a profile's files. */
struct texts {
	struct buf about, map, export_, wrap;
};

static void texts_done(struct texts *t)
{
	buf_done(&t->about);
	buf_done(&t->map);
	buf_done(&t->export_);
	buf_done(&t->wrap);
}

void profile_free(struct profile *p)
{
	if (!p)
		return;
	json_decref(p->about);
	free(p->map_text);
	jq_free(p->map);
	jq_free(p->rows);
	jq_free(p->export_);
	jq_free(p->wrap);
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

enum profile_output profile_output(const struct profile *p)
{
	return p->output;
}

const json_t *profile_export(const struct profile *p, const char *member)
{
	const json_t *value = json_object_get(json_object_get(p->about, "export"), member);

	return json_is_null(value) ? NULL : value;
}

bool profile_exports_csv(const struct profile *p)
{
	const char *output = json_str(json_object_get(p->about, "export"), "output");

	return output && strcmp(output, "csv") == 0;
}

/* --- profile.json --- */

static bool is_text(const json_t *text)
{
	return json_is_object(text) && !texts_lack(text);
}

static enum err check_input(const json_t *about)
{
	const json_t *given = json_object_get(about, "input");
	const char *input = given && json_is_string(given) ? json_string_value(given) : "";
	bool known = strcmp(input, "csv") == 0 || strcmp(input, "json") == 0 ||
	             strcmp(input, "jsonl") == 0;

	ENSURE(!given || known, ERR_INVALID,
		"profile.json: \"input\" must be \"csv\", \"json\" or \"jsonl\"");
	ENSURE((json_str(about, "rows") != NULL) == (strcmp(input, "json") == 0), ERR_INVALID,
		"profile.json: \"rows\" says where the rows of a JSON file are (\".items\"), and "
		"only there");
	return OK;
}

static enum err find_output(const json_t *export, enum profile_output *out)
{
	const char *output = json_str(export, "output");

	for (size_t i = 0; output && i < COUNT(outputs); i++)
		if (strcmp(outputs[i], output) == 0) {
			*out = (enum profile_output)i;
			return OK;
		}
	return fail(ERR_INVALID,
		"profile.json: \"export\": \"output\" must be \"json\", \"jsonl\" or \"csv\"");
}

/* Does the profile write this output, itself or by "also"? */
static bool has_output(const json_t *export, const char *output)
{
	const char *own = json_str(export, "output");

	return (own && strcmp(own, output) == 0) ||
	       json_find(json_object_get(export, "also"), "output", output);
}

static enum err check_header(const json_t *export, const json_t *columns)
{
	const json_t *header = json_object_get(export, "header");

	ENSURE(!header || (json_is_object(header) && json_array_size(columns) > 0), ERR_INVALID,
		"profile.json: \"export\": \"header\" has a text for columns of a CSV file");
	return OK;
}

static enum err check_columns(const json_t *export)
{
	const json_t *columns = json_object_get(export, "columns");
	json_auto_t *set = json_object();

	TRY(check_header(export, columns));
	ENSURE((json_array_size(columns) > 0) == has_output(export, "csv"), ERR_INVALID,
		"profile.json: \"export\": \"columns\" are the header of a CSV file, and of nothing "
		"else");
	json_each_at (columns, i, column) {
		const char *name = json_string_value(column);

		ENSURE(name && *name && !json_object_get(set, name), ERR_INVALID,
			"profile.json: \"export\": column %zu has no name, or that of another",
			i + 1);
		json_put(set, name, json_true());
	}
	return OK;
}

/* The file's name is also its address on the web. */
static bool is_file_name(const char *s)
{
	return s && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789.-_") == strlen(s) &&
	       strchr(s, '.') && s[0] != '.' && strlen(s) <= 80;
}

static enum err check_file(const json_t *export)
{
	enum profile_output output;

	TRY(find_output(export, &output));
	ENSURE(is_file_name(json_str(export, "file")), ERR_INVALID,
		"profile.json: \"export\": \"file\" must be the download's name: small letters, "
		"digits, hyphens, and an ending");
	ENSURE(json_str(export, "type"), ERR_INVALID,
		"profile.json: \"export\": \"type\" must be the file's media type");
	return OK;
}

static enum err check_also(const json_t *export)
{
	const json_t *also = json_object_get(export, "also");
	json_auto_t *seen = json_object();

	ENSURE(!also || json_is_array(also), ERR_INVALID,
		"profile.json: \"export\": \"also\" must be a list of further outputs, each with "
		"its \"output\", \"file\" and \"type\"");
	json_put(seen, json_str(export, "output"), json_true());
	json_each (also, one) {
		TRY(check_file(one));
		ENSURE(!json_object_get(seen, json_str(one, "output")), ERR_INVALID,
			"profile.json: \"export\": \"also\" has the output \"%s\" a second time",
			json_str(one, "output"));
		json_put(seen, json_str(one, "output"), json_true());
	}
	return OK;
}

static enum err check_export(const json_t *about)
{
	const json_t *export = json_object_get(about, "export");

	if (!export)
		return OK;
	TRY(check_file(export));
	TRY(check_also(export));
	TRY(check_columns(export));
	ENSURE(json_is_boolean(json_object_get(export, "retired")), ERR_INVALID,
		"profile.json: \"export\": \"retired\" must say whether the format lists retired "
		"systems: true or false");
	ENSURE(has_output(export, "json") || !json_str(export, "rows_at"), ERR_INVALID,
		"profile.json: \"export\": \"rows_at\" is for \"json\" only");
	return OK;
}

/* Checks an optional list of names of columns. */
static enum err check_names(const json_t *about, const char *member)
{
	const json_t *names = json_object_get(about, member);

	ENSURE(!names || json_is_array(names), ERR_INVALID,
		"profile.json: \"%s\" must be a list of columns' names", member);
	json_each (names, name)
		ENSURE(json_is_string(name), ERR_INVALID,
			"profile.json: \"%s\" must be a list of columns' names", member);
	return OK;
}

static enum err check_about(const json_t *about)
{
	const char *name = json_str(about, "profile");

	ENSURE(name && slug_valid(name), ERR_INVALID,
		"profile.json: \"profile\" must be its name: small letters, digits and hyphens");
	ENSURE(is_text(json_object_get(about, "title")), ERR_INVALID,
		"profile.json: \"title\" must have a text in each language");
	ENSURE(json_object_get(about, "input") || json_object_get(about, "export"), ERR_INVALID,
		"profile.json: there is neither \"input\" (csv, json or jsonl, to be imported) nor "
		"\"export\"");
	TRY(check_input(about));
	TRY(check_names(about, "columns"));
	TRY(check_names(about, "may_lack"));
	return check_export(about);
}

static enum err parse_about(const char *text, size_t len, json_t **out)
{
	json_auto_t *about = NULL;
	enum err e = json_read(text, len, MIB, RULES_STRICT, &about);

	ENSURE(e == OK, e, "profile.json: %s", err_why());
	TRY(check_about(about));
	*out = TAKE(about);
	return OK;
}

/* --- opening --- */

static enum err read_if_there(const char *folder, const char *name, struct buf *out)
{
	AUTOFREE char *path = file_in(folder, name);

	return file_exists(path) ? file_read(path, out) : OK;
}

static enum err read_folder(const char *folder, struct texts *t)
{
	AUTOFREE char *path = file_in(folder, "profile.json");

	TRY(file_read(path, &t->about));
	TRY(read_if_there(folder, "map.jq", &t->map));
	TRY(read_if_there(folder, "export.jq", &t->export_));
	return read_if_there(folder, "wrap.jq", &t->wrap);
}

static enum err read_own(const char *name, struct texts *t)
{
	AUTO(buf) names = BUF(4 * KIB);

	for (size_t i = 0; i < profile_own_n; i++) {
		const struct profile_own *own = &profile_own[i];

		if (strcmp(own->name, name) == 0) {
			buf_puts(&t->about, own->about);
			buf_puts(&t->map, own->map ? own->map : "");
			buf_puts(&t->export_, own->export_ ? own->export_ : "");
			buf_puts(&t->wrap, own->wrap ? own->wrap : "");
			return OK;
		}
		buf_printf(&names, "%s%s", i ? ", " : "", own->name);
	}
	return fail(ERR_NOT_FOUND,
		"there is no profile \"%s\": there are %s, or give a folder as "
		"./folder",
		name, buf_text(&names));
}

static enum err read_texts(const char *name, struct texts *t)
{
	*t = (struct texts){BUF(MIB), BUF(MIB), BUF(MIB), BUF(MIB)};
	return strchr(name, '/') ? read_folder(name, t) : read_own(name, t);
}

static enum err open_import(struct profile *p, const struct texts *t)
{
	const char *rows = json_str(p->about, "rows");

	ENSURE(json_object_get(p->about, "input"), ERR_INVALID,
		"the profile %s is not made for importing: its profile.json has no \"input\"",
		profile_name(p));
	ENSURE(t->map.len, ERR_INVALID, "the profile %s has no map.jq", profile_name(p));
	p->map_text = mem_text(buf_text(&t->map));
	if (rows)
		TRY(jq_open("\"rows\" of profile.json", rows, &p->rows));
	return jq_open("map.jq", buf_text(&t->map), &p->map);
}

static enum err open_export(struct profile *p, const struct texts *t)
{
	const json_t *export = json_object_get(p->about, "export");

	ENSURE(export, ERR_INVALID,
		"the profile %s is not made for exporting: its profile.json has no \"export\"",
		profile_name(p));
	ENSURE(t->export_.len, ERR_INVALID, "the profile %s has no export.jq", profile_name(p));
	ENSURE((t->wrap.len > 0) == (json_str(export, "rows_at") != NULL), ERR_INVALID,
		"the profile %s: wrap.jq makes a document, and \"rows_at\" says where its rows go: "
		"both or neither",
		profile_name(p));
	TRY(find_output(export, &p->output));
	if (t->wrap.len)
		TRY(jq_open("wrap.jq", buf_text(&t->wrap), &p->wrap));
	p->numbers = strstr(buf_text(&t->export_), ".number") != NULL;
	return jq_open("export.jq", buf_text(&t->export_), &p->export_);
}

static enum err load(struct profile *p, const char *name, enum profile_use use)
{
	AUTO(texts) t = {0};

	TRY(read_texts(name, &t));
	TRY(parse_about(buf_text(&t.about), t.about.len, &p->about));
	return use == PROFILE_IMPORT ? open_import(p, &t) : open_export(p, &t);
}

enum err profile_open(const char *name, enum profile_use use, struct profile **out)
{
	struct profile *p = mem_new(sizeof(*p));
	enum err e = load(p, name, use);

	if (e != OK) {
		profile_free(p);
		return e;
	}
	*out = p;
	return OK;
}

enum err profile_read_about(const char *name, json_t **out)
{
	AUTO(texts) t = {0};

	TRY(read_texts(name, &t));
	return parse_about(buf_text(&t.about), t.about.len, out);
}

/* The profile's description as if `one` of its further outputs were its main output. */
static json_t *about_with(const json_t *about, json_t *one)
{
	json_t *other = json_copy((json_t *)about);
	json_t *export = json_copy(json_object_get(about, "export"));

	json_object_update(export, one);
	json_object_del(export, "also");
	json_put(other, "export", export);
	return other;
}

json_t *profile_files(const json_t *about)
{
	json_t *all = json_array();

	json_array_append(all, (json_t *)about);
	json_each (json_object_get(json_object_get(about, "export"), "also"), one)
		json_push(all, about_with(about, one));
	return all;
}

enum err profile_choose(struct profile *p, const char *output)
{
	const json_t *also = profile_export(p, "also");
	json_t *about = NULL;

	if (strcmp(outputs[p->output], output) == 0)
		return OK;
	json_each (also, one)
		if (strcmp(json_str(one, "output"), output) == 0)
			about = about_with(p->about, one);
	ENSURE(about, ERR_NOT_FOUND, "the profile %s is not written as \"%.20s\"", profile_name(p),
		output);
	json_decref(p->about);
	p->about = about;
	return find_output(json_object_get(about, "export"), &p->output);
}

enum err profile_exports(json_t **out)
{
	json_auto_t *all = json_array();
	size_t whole = 0; /* formats with every field come first */

	for (size_t i = 0; i < profile_own_n; i++) {
		json_auto_t *about = NULL, *files = NULL;
		const json_t *export;

		TRY(profile_read_about(profile_own[i].name, &about));
		export = json_object_get(about, "export");
		if (json_is_true(json_object_get(export, "whole"))) {
			json_array_insert(all, whole++, about);
		} else if (export) {
			files = profile_files(about);
			json_array_extend(all, files);
		}
	}
	*out = TAKE(all);
	return OK;
}

enum err profile_imports(json_t **out)
{
	json_auto_t *all = json_array();
	size_t whole = 0;

	for (size_t i = 0; i < profile_own_n; i++) {
		json_auto_t *about = NULL;

		TRY(profile_read_about(profile_own[i].name, &about));
		if (!json_object_get(about, "input"))
			continue;
		if (json_is_true(json_object_get(json_object_get(about, "export"), "whole")))
			json_array_insert(all, whole++, about);
		else
			json_array_append(all, about);
	}
	*out = TAKE(all);
	return OK;
}

/* --- import: missing columns --- */

/* The names in the program: those after a dot, and those in a text. */
static json_t *names_in(const char *program)
{
	json_t *names = json_array();

	for (const char *s = program; *s; s++) {
		AUTOFREE char *name = NULL;
		size_t len = 0;

		if (*s == '"')
			len = strcspn(s + 1, "\"\\\n");
		else if (*s == '.')
			len = strspn(s + 1,
				"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789");
		if (!len)
			continue;
		name = mem_bytes(s + 1, len);
		if (text_is_utf8(name, len) && !json_has_text(names, name))
			json_push(names, json_text(name));
		s += *s == '"' ? len + 1 : len;
	}
	return names;
}

/* The record that the map makes of a row, or its failure, without the report of what it left out.
 */
static json_t *made_of(struct profile *p, const json_t *row)
{
	json_t *made = NULL;

	if (profile_map(p, row, &made) != OK)
		return json_text(err_why());
	json_object_del(made, "dropped");
	return made;
}

/* Does a value in that column change the result? */
static bool reads(struct profile *p, const json_t *row, const char *column)
{
	json_auto_t *without = made_of(p, row), *more = json_copy((json_t *)row), *with = NULL;

	json_put(more, column, json_text("1"));
	with = made_of(p, more);
	return !json_equal(without, with);
}

static json_t *lacks_as_declared(const struct profile *p, const json_t *read, const json_t *columns)
{
	const json_t *may_lack = json_object_get(p->about, "may_lack");
	json_t *lacks = json_array();

	json_each (read, name) {
		const char *s = json_string_value(name);

		if (!json_has_text(columns, s) && !json_has_text(may_lack, s))
			json_push(lacks, json_text(s));
	}
	return lacks;
}

/* The "columns" of profile.json, else the export columns; NULL if there are neither. */
static const json_t *declared(const struct profile *p)
{
	const json_t *read = json_object_get(p->about, "columns");

	if (!read && profile_exports_csv(p))
		read = json_object_get(json_object_get(p->about, "export"), "columns");
	return read;
}

json_t *profile_unread(const struct profile *p, const struct profile_rows *r)
{
	json_auto_t *names =
		declared(p) ? json_incref((json_t *)declared(p)) : names_in(p->map_text);
	json_t *unread = json_array();

	json_each (r->columns, name) {
		if (!json_has_text(names, json_string_value(name)))
			json_array_append(unread, name);
	}
	return unread;
}

json_t *profile_lacks(struct profile *p, const struct profile_rows *r)
{
	const json_t *read = declared(p);
	const json_t *row = json_object_get(json_array_get(r->rows, 0), "row");
	json_auto_t *names = NULL;
	json_t *lacks;

	if (read || !r->columns || !row)
		return r->columns && read ? lacks_as_declared(p, read, r->columns) : json_array();
	names = names_in(p->map_text);
	lacks = json_array();
	json_each (names, name) {
		const char *s = json_string_value(name);

		if (!json_has_text(r->columns, s) && reads(p, row, s))
			json_push(lacks, json_text(s));
	}
	return lacks;
}

static enum err one_object(struct jq *jq, const char *name, const json_t *input, json_t **out)
{
	json_auto_t *all = NULL;

	TRY(jq_run(jq, input, &all));
	ENSURE(json_array_size(all) == 1 && json_is_object(json_array_get(all, 0)), ERR_INVALID,
		"%s must make one object; it made %zu values", name, json_array_size(all));
	*out = json_incref(json_array_get(all, 0));
	return OK;
}

/* The program must make one object that is allowed as our own JSON. Normal form C matters most:
 * without it, a record would differ from its stored form and be "changed" for ever. */
enum err profile_map(struct profile *p, const json_t *row, json_t **out)
{
	AUTO(buf) text = BUF(ROW_MAX);
	json_auto_t *made = NULL;

	TRY(json_stream_safe(row)); /* checked here, where errors have the names of the file */
	TRY(one_object(p->map, "map.jq", row, &made));
	json_canonical(made, &text);
	TRY(buf_check(&text, "what map.jq makes of a row"));
	return json_read(buf_text(&text), text.len, ROW_MAX, RULES_GIVEN, out);
}

/* --- export --- */

static enum err check_lost(const json_t *made)
{
	const json_t *lost = json_object_get(made, "lost");

	ENSURE(json_is_array(lost), ERR_INVALID, "export.jq made no list \"lost\"");
	json_each_at (lost, i, one)
		ENSURE(json_str(one, "field") && is_text(json_object_get(one, "why")), ERR_INVALID,
			"export.jq: item %zu of \"lost\" lacks its \"field\", or \"why\" in each language",
			i + 1);
	return OK;
}

static enum err check_cells(const struct profile *p, const json_t *row)
{
	json_members (row, name, cell) {
		ENSURE(json_is_string(cell), ERR_INVALID,
			"export.jq: the cell of column \"%.60s\" is no text", name);
		ENSURE(json_has_text(profile_export(p, "columns"), name), ERR_INVALID,
			"export.jq: there is no column \"%.60s\" in profile.json", name);
	}
	return OK;
}

bool profile_numbers(const struct profile *p)
{
	return p->numbers;
}

enum err profile_unmap(struct profile *p, const json_t *system, json_t **out)
{
	json_auto_t *made = NULL;
	const json_t *skip, *row;

	TRY(one_object(p->export_, "export.jq", system, &made));
	skip = json_object_get(made, "skip");
	row = json_object_get(made, "row");
	ENSURE(skip ? is_text(skip) && !row : json_is_object(row), ERR_INVALID,
		"export.jq must make an object \"row\", or \"skip\" with the reason in each language");
	if (!skip)
		TRY(check_lost(made));
	if (!skip && p->output == OUTPUT_CSV)
		TRY(check_cells(p, row));
	*out = TAKE(made);
	return OK;
}

enum err profile_wrap(struct profile *p, const json_t *input, json_t **out)
{
	const char *rows_at = json_string_value(profile_export(p, "rows_at"));
	json_auto_t *document = NULL;
	const json_t *rows;

	ENSURE(p->wrap, ERR_NOT_FOUND, "this profile's document is the list of its rows");
	TRY(one_object(p->wrap, "wrap.jq", input, &document));
	rows = json_object_get(document, rows_at);
	ENSURE(json_is_array(rows) && json_array_size(rows) == 0, ERR_INVALID,
		"wrap.jq: \"%s\", where the rows go, must be an empty list", rows_at);
	*out = TAKE(document);
	return OK;
}
