#include "web/office/import_plan.h"

#include "base/csv.h"
#include "base/text.h"
#include "registry/people/drafts.h"
#include "registry/profile/departments.h"
#include "registry/profile/known.h"
#include "registry/profile/sheet.h"
#include "registry/query/named.h"
#include "registry/query/query.h"
#include "web/pages/record_check.h"

#include <string.h>

#define SYSTEMS_AT_ONCE 500 /* of a department, read by one query */
#define FIELD_NAME "name"
#define TITLE_ROWS 10        /* in which a header is looked for below a title */
#define HEADERS_PER_KNOWN 10 /* a header of our own format has one in so many */

struct planning {
	struct request *rq;
	struct import_plan *plan;
	struct sheet sheet;
	struct state state;
	const char *profile;
	json_t *taken;     /* the set of slugs in earlier rows */
	json_t *names;     /* of new systems in earlier rows: named_key() -> line */
	json_t *published; /* query_names(); NULL until a row needs it */
};

static void planning_done(struct planning *p)
{
	sheet_done(&p->sheet);
	state_done(&p->state);
	json_decref(p->taken);
	json_decref(p->names);
	json_decref(p->published);
}

void import_plan_done(struct import_plan *plan)
{
	json_decref(plan->rows);
	json_decref(plan->left_out);
	json_decref(plan->unread);
	json_decref(plan->lost);
	json_decref(plan->cleaned);
	json_decref(plan->said);
	json_decref(plan->gone);
	json_decref(plan->drafts);
	json_decref(plan->filed);
	*plan = (struct import_plan){0};
}

bool import_may_choose(const json_t *row)
{
	return json_object_get(row, "record") && !json_object_get(row, "draft");
}

/* --- the file as a whole --- */

static bool has_short_texts(const json_t *value)
{
	json_members (value, name, one) {
		if (!has_short_texts(one))
			return false;
	}
	json_each (value, one) {
		if (!has_short_texts(one))
			return false;
	}
	return json_string_length(value) <= IMPORT_CELL_MAX;
}

/* Maps are programs, and some take quadratic time: seconds for a text longer than any field. */
static bool is_short(const json_t *row)
{
	AUTO(buf) text = BUF(IMPORT_ROW_MAX);

	json_canonical(row, &text);
	return !text.over && has_short_texts(row);
}

/* Estimates a text's size in memory before it is parsed, because a row or cell of a byte or two
 * takes hundreds. Counts outside quotes and skips lines with nothing but separators. */
static void measure(const char *text, size_t len, bool escapes, size_t *lines, size_t *cells)
{
	bool quoted = false, seen = false;

	*lines = *cells = 0;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (quoted && escapes && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '\n' || c == '\r')) {
			*lines += seen;
			seen = false;
			continue;
		} else if (!quoted && strchr(",;\t[{", c))
			++*cells;
		seen |= !strchr(",;\t \"", c);
	}
	*lines += seen;
}

static enum err check_extent(const struct profile *profile, const char *text, size_t len)
{
	const char *input = json_str(profile_about(profile), "input");
	bool csv = strcmp(input, "csv") == 0, whole = strcmp(input, "json") == 0;
	size_t lines, cells;

	measure(text, len, !csv, &lines, &cells);
	lines -= csv && lines;
	ENSURE(whole || lines <= IMPORT_ROWS_MAX, ERR_TOO_LARGE,
		"the file has %zu rows, and at most %d are taken at once: send it in parts", lines,
		IMPORT_ROWS_MAX);
	ENSURE(cells <= IMPORT_CELLS_MAX, ERR_TOO_LARGE,
		"the file has more than %d cells: send it in parts", IMPORT_CELLS_MAX);
	return OK;
}

static char *listed(const json_t *names)
{
	struct buf out = BUF(4 * KIB);

	json_each_at (names, i, name)
		buf_printf(&out, "%s\"%s\"", i ? ", " : "", json_string_value(name));
	return buf_take(&out);
}

/* Is the first line a header at all? A row's cells may be words of a header as well. */
static enum err check_is_header(const struct planning *p)
{
	const json_t *columns = p->sheet.file.columns, *unread = p->plan->unread;
	size_t n = json_array_size(columns), known = n - json_array_size(unread);
	AUTOFREE char *names = listed(unread);

	ENSURE(!n || known >= (p->sheet.labels ? (n + HEADERS_PER_KNOWN - 1) / HEADERS_PER_KNOWN
					       : 1),
		ERR_INVALID,
		"the first line is not the first line of the format, the names of its columns. It "
		"begins: %.200s",
		names);
	return OK;
}

/* The length of a table's row at `text`, with its end: a quoted cell may hold several lines. */
static size_t row_length(const char *text, size_t len)
{
	bool quoted = false;
	size_t n = 0;

	for (; n < len && (quoted || (text[n] != '\n' && text[n] != '\r')); n++)
		quoted ^= text[n] == '"';
	if (n + 1 < len && text[n] == '\r' && text[n + 1] == '\n')
		return n + 2;
	return n < len ? n + 1 : n;
}

/* A row of systems may hold a word of the header, but hardly more of them than other words. */
static bool reads_as_header(
	const struct planning *p, const struct profile *profile, const char *row, size_t len)
{
	__attribute__((cleanup(profile_rows_done))) struct profile_rows header = {0};
	__attribute__((cleanup(csv_table_done))) struct csv_table table = {0};
	json_auto_t *said = json_object(), *unread = NULL;
	struct labels *labels;
	size_t n, known;
	bool fits;

	if (csv_read_table(row, len, 0, &table) != OK)
		return false;
	/* The labels' columns replace those of the file. */
	header = (struct profile_rows){.columns = TAKE(table.columns), .rows = TAKE(table.rows)};
	labels = labels_open(profile, p->rq->standard);
	fits = !labels || labels_header(labels, &header, said) == OK;
	labels_free(labels);
	unread = profile_unread(profile, &header);
	n = json_array_size(header.columns);
	known = n - json_array_size(unread);
	return fits && known >= 2 && 2 * known > n;
}

/* The number of the row below the first that is the header, as in a sheet with a title; else 0. */
static size_t header_below(
	const struct planning *p, const struct profile *profile, const char *text, size_t len)
{
	size_t at = 0;

	for (size_t row = 1; row <= TITLE_ROWS + 1 && at < len; row++) {
		size_t n = row_length(text + at, len - at);

		if (reads_as_header(p, profile, text + at, n))
			return row > 1 ? row : 0;
		at += n;
	}
	return 0;
}

/* Says of a table that was refused with `e` where its header is, if it has a title above. */
static enum err say_header_below(const struct planning *p, const struct profile *profile,
	const char *text, size_t len, enum err e)
{
	AUTOFREE char *why = mem_text(err_why());
	bool csv = strcmp(json_str(profile_about(profile), "input"), "csv") == 0;
	size_t row = csv && e == ERR_INVALID ? header_below(p, profile, text, len) : 0;

	ENSURE(!row, ERR_INVALID,
		"the first line must be the header, the names of the columns. Line %zu seems to be "
		"the header: delete the lines above it and send the file again",
		row);
	return fail(e, "%s", why);
}

/* Says which column to add, and first which of the file's it may be. */
static enum err check_needed(const struct planning *p)
{
	const struct field *f =
		p->sheet.labels ? labels_needed(p->sheet.labels, &p->sheet.file) : NULL;
	const char *label =
		f ? standard_text(json_object_get(f->json, "label"), p->rq->lang, NULL) : NULL;
	AUTOFREE char *names = listed(p->plan->unread);

	ENSURE(!f || !*names, ERR_INVALID,
		"the sheet has no column \"%.60s\", without which no row can be read. It has columns "
		"that the format does not know: %.200s. If one of these is meant, change its header",
		label ? label : f->name, names);
	ENSURE(!f, ERR_INVALID,
		"the sheet has no column \"%.60s\", without which no row can be read: add it",
		label ? label : f->name);
	return OK;
}

static enum err check_file(struct planning *p, struct profile *profile, bool partial)
{
	const json_t *first = json_array_get(p->sheet.file.rows, 0);
	/* The map finds missing columns by converting the first row. */
	json_auto_t *lacks = partial || !is_short(json_object_get(first, "row"))
	                             ? json_array()
	                             : sheet_lacks(&p->sheet);
	AUTOFREE char *names = listed(lacks);
	size_t rows = json_array_size(p->sheet.file.rows);

	p->plan->unread = profile_unread(profile, &p->sheet.file);
	TRY(check_is_header(p));
	TRY(check_needed(p));
	ENSURE(json_array_size(lacks) == 0, ERR_INVALID,
		"the first line must be the header, and it lacks %zu columns that the format has: "
		"%.200s. If only some columns are meant to be there, say so below",
		json_array_size(lacks), names);
	ENSURE(rows > 0, ERR_INVALID, "the file has no row below its header");
	ENSURE(rows <= IMPORT_ROWS_MAX, ERR_TOO_LARGE,
		"the file has %zu rows, and at most %d are taken at once: send it in parts", rows,
		IMPORT_ROWS_MAX);
	return OK;
}

/* A draft that was filed unchanged has its text in the log, so another may take its place. */
static enum err read_drafts(struct planning *p)
{
	json_auto_t *drafts = NULL;
	struct people *people;
	size_t n = 0;

	TRY(office_people(p->rq, &people));
	TRY(drafts_list(p->rq->snap, people, p->plan->department, &drafts));
	json_each (drafts, one) {
		bool filed = json_is_true(json_object_get(one, "filed"));

		json_put(filed ? p->plan->filed : p->plan->drafts, json_str(one, "system"),
			json_make("{s:O,s:O,s:b}", "id", json_object_get(one, "id"), "revision",
				json_object_get(one, "revision"), "waits",
				filed && !draft_row_is_over(one)));
		n += !draft_row_is_over(one);
	}
	p->plan->room = n < DRAFTS_MAX ? DRAFTS_MAX - n : 0;
	return OK;
}

/* --- a row that is a record --- */

/* A row of a new system may name a department; rows of other departments become no draft here. */
static enum err check_department(struct planning *p, const json_t *mapped)
{
	const json_t *department = json_object_get(mapped, "department");
	char slug[SLUG_MAX + 1];
	bool there;

	if (!json_str(department, "slug"))
		return OK;
	TRY(departments_find(&p->state, department, slug, &there));
	if (!there || strcmp(slug, p->plan->department) == 0)
		return OK;
	return fail(ERR_DENIED, "the row is of the department %s: import it for that one", slug);
}

/* A row that became a draft before has no source in the log. Its slug, which was made from the
 * row's number or key, identifies it. */
static enum err find(struct planning *p, const json_t *mapped, struct known *known, json_t *out)
{
	const char *wish = json_str(mapped, "slug"), *before = json_str(mapped, "before");

	TRY(known_find(&p->state, p->profile, mapped, known, out));
	if (known->exists)
		return OK;
	TRY(check_department(p, mapped));
	TRY(slug_check(wish));
	TRY(known_at(&p->state, wish, known));
	if (!known->exists && before)
		TRY(known_at(&p->state, before, known));
	if (known->exists && strcmp(known->department, p->plan->department) == 0)
		return OK;
	*known = (struct known){.filing = -1};
	return known_slug(&p->state, wish, json_str(mapped, "key"), known->slug);
}

/* A draft omits fields that the register fills in. */
static json_t *record_of(const struct request *rq, const json_t *mapped)
{
	json_t *record = json_copy(json_object_get(mapped, "record"));
	size_t n;
	const struct field *fields = standard_fields(rq->standard, &n);

	for (size_t i = 0; i < n; i++)
		if (fields[i].automatic)
			json_object_del(record, fields[i].name);
	return record;
}

static enum err compare(
	struct planning *p, const struct known *known, const json_t *mapped, json_t *out)
{
	json_t *record = json_object_get(out, "record");
	json_auto_t *before = NULL;
	bool same = false;

	if (known->version) {
		TRY(known_record(&p->state, known, &before));
		sheet_keep(&p->sheet, before, record);
		TRY(known_compare(&p->state, known, record, out, &same));
	}
	json_put(out, "outcome", json_text(same ? "same" : known->version ? "changed" : "new"));
	if (known->own)
		TRY(known_unread(&p->state, known, mapped, out));
	if (same) {
		json_object_del(out, "record");
		return OK;
	}
	ENSURE(!known->retired, ERR_CONFLICT,
		"\"%s\" is retired, and its page stays as it is: leave the row out, or as it was",
		known->slug);
	return known->own ? known_check_newest(known, mapped) : OK;
}

static enum err check(struct planning *p, json_t *out)
{
	json_t *problems = json_array();
	const char *system = json_str(out, "system");
	json_t *draft = json_object_get(p->plan->drafts, system);

	json_put(out, "problems", problems);
	if (draft)
		json_put(out, "draft", json_incref(json_object_get(draft, "id")));
	json_put(out, "waits",
		json_boolean(json_is_true(
			json_object_get(json_object_get(p->plan->filed, system), "waits"))));
	return record_check_standard(p->rq, json_object_get(out, "record"), problems);
}

/* A row without id makes a new system, although its name may be that of one that the department has
 * already. Other departments' are told before the draft is signed (doubts.h). */
static enum err find_namesakes(struct planning *p, json_t *out)
{
	json_t *names = json_object_get(json_object_get(out, "record"), FIELD_NAME);

	if (!p->published)
		TRY(query_names(p->rq->snap, p->plan->department, &p->published));
	json_members (names, lang, name) {
		const char *text = json_is_string(name) ? json_string_value(name) : "";
		AUTOFREE char *key = named_key(lang, text);
		json_t *other = json_object_get(p->published, key),
		       *twin = json_object_get(p->names, key);

		if (!text_is_visible(text))
			continue;
		if (other)
			json_put(out, "namesake", json_incref(other));
		if (twin)
			json_put(out, "twin", json_incref(twin));
		else
			json_put(p->names, key, json_incref(json_object_get(out, "line")));
	}
	return OK;
}

static enum err plan_record(struct planning *p, const json_t *mapped, json_t *out)
{
	struct known known;

	ENSURE(json_is_object(json_object_get(mapped, "record")), ERR_INVALID,
		"the profile made no record of this row");
	TRY(find(p, mapped, &known, out));
	json_put(out, "system", json_text(known.slug));
	ENSURE(!known.exists || strcmp(known.department, p->plan->department) == 0, ERR_DENIED,
		"the system \"%s\" belongs to department %s", known.slug, known.department);
	ENSURE(!json_object_get(p->taken, known.slug), ERR_CONFLICT,
		"another row of this file is \"%s\" as well: keep one of them; for a new system leave "
		"id and register empty",
		known.slug);
	json_put(p->taken, known.slug, json_true());
	json_put(out, "version", json_integer(known.version));
	json_put(out, "record", record_of(p->rq, mapped));
	TRY(compare(p, &known, mapped, out));
	if (!json_object_get(out, "record"))
		return OK;
	if (!known.version)
		TRY(find_namesakes(p, out));
	return check(p, out);
}

/* --- every row --- */

static void refuse(json_t *out, const char *why)
{
	json_put(out, "outcome", json_text("refused"));
	json_put(out, "why", json_text(why));
	json_object_del(out, "record");
}

static void add_left_out(struct planning *p, const json_t *dropped)
{
	json_each (dropped, one) {
		const char *name = json_string_value(one);

		if (name)
			json_put(p->plan->left_out, name,
				json_integer(json_num(p->plan->left_out, name) + 1));
	}
}

static void plan_made(struct planning *p, const json_t *made, json_t *out)
{
	const json_t *mapped = json_object_get(made, "mapped"),
		     *error = json_object_get(made, "error");
	enum err e;

	add_left_out(p, json_object_get(made, "dropped"));
	if (json_num(made, "same_as")) {
		json_put(out, "outcome", json_text("duplicate"));
		json_put(out, "of", json_integer(json_num(made, "same_as")));
	} else if (error) {
		const char *why =
			standard_text(json_object_get(error, "message"), p->rq->lang, NULL);

		refuse(out, why ? why : "");
	} else if (!mapped) {
		refuse(out, json_str(made, "why"));
	} else if ((e = plan_record(p, mapped, out)) != OK) {
		refuse(out, err_why());
		if (e == ERR_DENIED)
			json_put(out, "outcome", json_text("other"));
	}
}

static enum err take_row(struct planning *p, const json_t *entry)
{
	if (is_short(json_object_get(entry, "row")))
		return sheet_take(&p->sheet, entry);
	(void)fail(ERR_TOO_LARGE, "the row is longer than %d KB, or one of its cells than %d KB",
		(int)(IMPORT_ROW_MAX / KIB), (int)(IMPORT_CELL_MAX / KIB));
	return sheet_refuse(&p->sheet, entry, err_why());
}

static void plan_row(struct planning *p, const json_t *made)
{
	json_t *out = json_make("{s:O,s:O*}", "line", json_object_get(made, "line"), "name",
		json_object_get(made, "name"));

	json_push(p->plan->rows, out);
	plan_made(p, made, out);
}

static enum err check_patience(const struct planning *p)
{
	ENSURE(!patience_over(&p->rq->patience), ERR_TOO_LARGE,
		"the file takes too long to look through: send it in parts");
	return OK;
}

static enum err ask_known(void *arg, const json_t *keys, json_t **out)
{
	struct planning *p = arg;

	return known_contents(&p->state, p->profile, keys, out);
}

static enum err plan_rows(struct planning *p)
{
	int64_t line = 0;
	enum err e = OK;

	json_each (p->sheet.file.rows, entry) {
		TRY(check_patience(p));
		TRY(take_row(p, entry));
	}
	p->plan->lost = json_incref(p->sheet.lost.columns);
	p->plan->cleaned = json_incref(p->sheet.lost.cleaned);
	TRY(sheet_settle(&p->sheet, ask_known, p));
	while (e == OK) {
		json_auto_t *made = NULL;

		TRY(check_patience(p));
		e = sheet_next(&p->sheet, &line, &made);
		if (e == OK)
			plan_row(p, made);
	}
	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err find_gone_after(struct planning *p, int64_t offset, int64_t *total)
{
	const struct system_filter filter = {
		.department = p->plan->department, .offset = offset, .limit = SYSTEMS_AT_ONCE};
	json_auto_t *found = NULL;

	TRY(query_systems(p->rq->snap, &filter, &found));
	*total = json_num(found, "total");
	json_each (json_object_get(found, "systems"), system) {
		const char *slug = json_str(system, "slug");

		if (!json_object_get(p->taken, slug) &&
			strcmp(json_str(system, "state"), "retired") != 0)
			json_push(p->plan->gone, json_text(slug));
	}
	return OK;
}

static enum err find_gone(struct planning *p)
{
	int64_t total = 1;

	for (int64_t at = 0; at < total; at += SYSTEMS_AT_ONCE) {
		TRY(check_patience(p));
		TRY(find_gone_after(p, at, &total));
	}
	return OK;
}

/* A format may have columns that name the department. Here it is known, so the sheet need not
 * repeat it in each row. */
static void fill_in_department(const struct planning *p, const json_t *columns, json_t *row)
{
	const char *slug = json_str(columns, "slug"), *name = json_str(columns, "name");
	const char *said = slug ? json_str(row, slug) : NULL;
	json_auto_t *department = NULL;

	if (!slug || !name || (said && *said) ||
		query_department(p->rq->snap, p->plan->department, &department) != OK)
		return;
	json_put(row, slug, json_text(p->plan->department));
	json_members (json_object_get(department, "name"), lang, text) {
		AUTOFREE char *column = mem_printf("%s.%s", name, lang);

		json_put(row, column, json_incref(text));
	}
}

static void fill_in_departments(const struct planning *p, const struct profile *profile)
{
	const json_t *columns = json_object_get(profile_about(profile), "department");

	json_each (p->sheet.file.rows, entry)
		fill_in_department(p, columns, json_object_get(entry, "row"));
}

static enum err read_table(
	struct planning *p, struct profile *profile, const char *text, size_t len, bool partial)
{
	TRY(sheet_read(&p->sheet, profile, p->rq->standard, text, len, 0));
	p->plan->said = json_incref(p->sheet.said);
	return check_file(p, profile, partial);
}

static enum err plan_all(
	struct planning *p, struct profile *profile, const char *text, size_t len, bool partial)
{
	enum err e;

	TRY(check_extent(profile, text, len));
	e = read_table(p, profile, text, len, partial);
	if (e != OK)
		return say_header_below(p, profile, text, len, e);
	TRY(read_drafts(p));
	fill_in_departments(p, profile);
	TRY(plan_rows(p));
	return find_gone(p);
}

enum err import_plan(struct request *rq, const char *name, const char *text, size_t len,
	bool partial, struct import_plan *plan)
{
	__attribute__((cleanup(planning_done))) struct planning p = {.rq = rq,
		.plan = plan,
		.profile = name,
		.state = state_of(rq->snap),
		.taken = json_object(),
		.names = json_object()};
	struct profile *profile = NULL;
	enum err e;

	plan->rows = json_array();
	plan->left_out = json_object();
	plan->gone = json_array();
	plan->drafts = json_object();
	plan->filed = json_object();
	ENSURE(len <= IMPORT_FILE_MAX, ERR_TOO_LARGE,
		"the file is larger than %d MB: send it in parts", (int)(IMPORT_FILE_MAX / MIB));
	TRY(profile_open(name, PROFILE_IMPORT, &profile));
	e = plan_all(&p, profile, text, len, partial);
	profile_free(profile);
	return e;
}
