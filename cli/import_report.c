#include "cli/import_report.h"

#include "base/db.h"
#include "cli/cli.h"
#include "web/view/problem.h"

#include <stdio.h>
#include <string.h>

#define ENTRY_TEXT (16 * MIB)

SQL(NAME, "report.name", "SELECT name FROM sheet_row WHERE line = ?1");
SQL(PUT, "report.put",
	"INSERT OR REPLACE INTO sheet_outcome (stage, line, outcome, entry)"
	" VALUES (?1, ?2, ?3, ?4)");
SQL(ALL, "report.all",
	"SELECT line, entry FROM sheet_outcome WHERE stage = ?1 AND line > ?3"
	" ORDER BY line LIMIT 1");
SQL(OF, "report.of",
	"SELECT line, entry FROM sheet_outcome WHERE stage = ?1 AND outcome = ?2 AND line > ?3"
	" ORDER BY line LIMIT 1");

static void put_read_as(struct report *r, const json_t *said)
{
	bool any = false;

	json_members (said, name, list)
		any |= json_array_size(list) > 0;
	if (any)
		json_put(r->json, "read_as", json_deep_copy(said));
}

void report_begin(
	struct report *r, const json_t *profile, const char *path, struct sheet *sheet, bool dry)
{
	r->sheet = sheet;
	r->by_line = strcmp(json_str(profile, "input"), "jsonl") == 0;
	r->dry = dry;
	r->counts = json_object();
	r->json = json_make("{s:s,s:s,s:b,s:I,s:{},s:{},s:{}}", "profile",
		json_str(profile, "profile"), "file", path, "dry_run", dry, "rows",
		(json_int_t)sheet->rows, "left_out", "blanked", "new_departments");
	json_put(r->json, "lost", json_incref(sheet->lost.columns));
	json_put(r->json, "cleaned", json_incref(sheet->lost.cleaned));
	put_read_as(r, sheet->said);
}

void report_done(struct report *r)
{
	json_decref(r->json);
	json_decref(r->counts);
	*r = (struct report){0};
}

/* --- what became of a row --- */

static json_t *list(const struct report *r, const char *name)
{
	return json_object_get(r->json, name);
}

static void add_one(json_t *counts, const char *name)
{
	json_put(counts, name, json_integer(json_num(counts, name) + 1));
}

static enum err put(struct report *r, const char *outcome, const json_t *entry)
{
	AUTO(buf) json = BUF(ENTRY_TEXT);

	json_canonical(entry, &json);
	return db_run(r->sheet->db, PUT,
		BIND(num(!r->dry), num(json_num(entry, "line")), text(outcome),
			text(buf_text(&json))));
}

/* Takes ownership of `entry`. */
static void add(struct report *r, const char *outcome, json_t *entry)
{
	json_auto_t *mine = entry;
	enum err e;

	json_put(mine, "outcome", json_text(outcome));
	add_one(r->counts, outcome);
	e = put(r, outcome, mine);
	r->err = r->err ? r->err : e;
}

/* Adds the entry with the row's name for people. */
static void add_named(struct report *r, const char *outcome, json_t *entry)
{
	AUTO(rows) row = {0};

	if (db_one(r->sheet->db, NAME, BIND(num(json_num(entry, "line"))), &row) == OK &&
		!rows_null(&row, 0))
		json_put(entry, "name", json_text(rows_text(&row, 0)));
	add(r, outcome, entry);
}

void report_duplicate(struct report *r, int64_t line, int64_t of)
{
	add_named(r, "duplicate",
		json_make("{s:I,s:I}", "line", (json_int_t)line, "of", (json_int_t)of));
}

void report_refused(struct report *r, int64_t line, const char *why, json_t *problems)
{
	json_t *entry = json_make("{s:I,s:s}", "line", (json_int_t)line, "why", why);

	if (problems)
		json_put(entry, "problems", json_incref(problems));
	add_named(r, "refused", entry);
}

void report_unmapped(struct report *r, int64_t line, const json_t *error)
{
	const char *why = standard_text(json_object_get(error, "message"), cli_lang(), NULL);

	add_named(r, "refused",
		json_make("{s:I,s:s,s:O}", "line", (json_int_t)line, "why",
			why ? why : T("the profile refuses it"), "error", error));
}

void report_left_out(struct report *r, const json_t *columns)
{
	json_each (columns, column) {
		if (json_is_string(column))
			add_one(list(r, "left_out"), json_string_value(column));
	}
}

static void add_blanked(struct report *r, const json_t *fields)
{
	r->blanking += json_array_size(fields) > 0;
	json_each (fields, field)
		add_one(list(r, "blanked"), json_string_value(field));
}

/* Moves the department from the outcome to the report. In a dry run, each row of a department that
 * is not there yet would add it. */
static void take_department(struct report *r, json_t *outcome)
{
	const json_t *department = json_object_get(outcome, "new_department");

	if (department)
		json_put(list(r, "new_departments"), json_str(department, "slug"),
			json_incref(json_object_get(department, "name")));
	json_object_del(outcome, "new_department");
}

void report_outcome(struct report *r, const json_t *outcome)
{
	const char *is = json_str(outcome, "outcome");
	json_t *mine = NULL;

	if (strcmp(is, "refused") == 0) {
		report_refused(r, json_num(outcome, "line"), json_str(outcome, "why"),
			json_object_get(outcome, "problems"));
		return;
	}
	add_blanked(r, json_object_get(outcome, "blanked"));
	r->restating += json_object_get(outcome, "state") && strcmp(is, "new") != 0;
	mine = json_deep_copy(outcome);
	take_department(r, mine);
	add(r, is, mine);
}

void report_retired(struct report *r, size_t n)
{
	r->retired = n;
}

void report_kept(struct report *r, size_t n, size_t nameless)
{
	r->nameless = nameless;
	r->kept = n;
}

void report_keep(struct report *to, const struct report *plan)
{
	to->nameless = plan->nameless;
	to->kept = plan->kept;
}

size_t report_count(const struct report *r, const char *name)
{
	return (size_t)json_num(r->counts, name);
}

/* The next entry behind `*line`, of an outcome or (NULL) of any; false behind the last. */
static bool next(const struct report *r, const char *outcome, int64_t *line, json_t **entry)
{
	AUTO(rows) row = {0};
	const char *json;

	json_decref(*entry);
	*entry = NULL;
	if (db_one(r->sheet->db, outcome ? OF : ALL, BIND(num(!r->dry), text(outcome), num(*line)),
		    &row) != OK)
		return false;
	*line = rows_int(&row, 0);
	json = rows_text(&row, 1);
	return json_read(json, strlen(json), ENTRY_TEXT, RULES_LOOSE, entry) == OK;
}

#define each_entry(r, outcome, line, entry) \
	for (int64_t line = 0; next((r), (outcome), &line, &entry);)

/* --- problems as sentences --- */

static enum err explain_one(
	struct report *r, const struct view *view, const struct standard *standard, json_t *entry)
{
	const json_t *problems = json_object_get(entry, "problems");
	json_t *texts;

	if (!problems)
		return OK;
	TRY(problems_text(view, cli_lang(), standard, problems, &texts));
	json_put(entry, "texts", texts);
	return put(r, "refused", entry);
}

enum err report_explain(struct report *r, const struct standard *standard)
{
	json_t *entry = NULL;
	struct view *view = NULL;
	enum err e = OK;

	TRY(view_open(&view));
	each_entry(r, "refused", line, entry) e =
		e == OK ? explain_one(r, view, standard, entry) : e;
	view_free(view);
	return e;
}

/* --- printing --- */

static char *numbered(const struct report *r, int64_t line)
{
	return mem_printf(r->by_line ? T("line %lld") : T("row %lld"), (long long)line);
}

/* The row's number in a spreadsheet, and its name. */
static void print_place(const struct report *r, const json_t *entry)
{
	const char *name = json_str(entry, "name");
	AUTOFREE char *place = numbered(r, json_num(entry, "line"));

	emit(stdout, "%s", place);
	if (name)
		emit(stdout, " (%s)", name);
	emit(stdout, ": ");
}

static void print_refused(const struct report *r, const json_t *entry)
{
	print_place(r, entry);
	tell(stdout, "refused: %s\n", json_str(entry, "why"));
	json_each (json_object_get(entry, "texts"), text) {
		emit(stdout, "    %s\n", json_string_value(text));
	}
}

static void print_duplicate(const struct report *r, const json_t *entry)
{
	AUTOFREE char *first = numbered(r, json_num(entry, "of"));

	print_place(r, entry);
	tell(stdout, "the same as %s in every column\n", first);
}

static void print_outcome(const struct report *r, const json_t *entry)
{
	const char *before = " (";
	json_t *field;
	size_t i;

	print_place(r, entry);
	emit(stdout, "%s: %s", T(json_str(entry, "outcome")), json_str(entry, "system"));
	if (json_str(entry, "state"))
		emit(stdout, ", %s", T(json_str(entry, "state")));
	json_array_foreach (json_object_get(entry, "fields"), i, field) {
		emit(stdout, "%s%s", before, json_string_value(field));
		before = ", ";
	}
	emit(stdout, "%s\n", i ? ")" : "");
}

static void print_row(const struct report *r, const json_t *entry)
{
	if (json_object_get(entry, "of"))
		print_duplicate(r, entry);
	else if (json_object_get(entry, "why"))
		print_refused(r, entry);
	else
		print_outcome(r, entry);
}

static void print_rows(const struct report *r, const char *outcome)
{
	json_t *entry = NULL;

	each_entry(r, outcome, line, entry) print_row(r, entry);
}

static void print_edited(const struct report *r)
{
	json_t *entry = NULL;

	each_entry(r, NULL, line, entry) if (json_array_size(json_object_get(entry, "fields")))
		print_outcome(r, entry);
}

static void print_value(const json_t *value)
{
	AUTO(buf) json = BUF(ENTRY_TEXT);

	json_pretty(value, &json);
	if (json.len)
		json.data[json.len - 1] = '\0'; /* its line end */
	print_json_text(buf_text(&json));
}

/* The next of the first `n` systems that the file lacks; NULL behind the last. Borrowed. */
static const char *next_gone(const struct report *r, size_t n, int64_t *at, json_t **slugs)
{
	json_decref(*slugs);
	*slugs = NULL;
	if (*at >= (int64_t)n || sheet_gone(r->sheet, at, 1, slugs) != OK)
		return NULL;
	return json_string_value(json_array_get(*slugs, 0));
}

static void print_gone(const struct report *r, const char *name, size_t n)
{
	json_t *slugs = NULL;
	const char *slug;
	int64_t at = 0;

	while ((slug = next_gone(r, n, &at, &slugs)))
		emit(stdout, "%s: %s\n", T(name), slug);
}

static void print_gone_json(const struct report *r, const char *name, size_t n)
{
	const char *before = "[\n    ";
	json_t *slugs = NULL;
	int64_t at = 0;

	emit(stdout, ",\n  \"%s\": ", name);
	while (next_gone(r, n, &at, &slugs)) {
		emit(stdout, "%s", before);
		print_value(json_array_get(slugs, 0));
		before = ",\n    ";
	}
	emit(stdout, "%s", *before == '[' ? "[]" : "]");
}

static void print_resumed(const struct report *r)
{
	json_t *entry = NULL;

	each_entry(r, "resumed", line, entry)
		emit(stdout, "%s: %s\n", T("resumed"), json_str(entry, "system"));
}

static void print_unread_columns(const struct report *r, const json_t *entry)
{
	const json_t *unread = json_object_get(entry, "unread");
	AUTOFREE char *place = numbered(r, json_num(entry, "line"));

	if (json_array_size(unread) == 0)
		return;
	emit(stdout, "%s (%s): ", place, json_str(entry, "system"));
	tell(stdout, "not read, because the register fills it in:");
	json_each_at (unread, i, column)
		emit(stdout, "%s%s", i ? ", " : " ", json_string_value(column));
	emit(stdout, "\n");
}

static void print_unread(const struct report *r)
{
	json_t *entry = NULL;

	each_entry(r, NULL, line, entry) print_unread_columns(r, entry);
}

/* "header = column, header = column", under a title. */
static void print_pairs(const json_t *list, const char *title, const char *from, const char *to)
{
	const json_t *one;
	size_t i;

	json_array_foreach (list, i, one)
		emit(stdout, "%s%s = %s", i ? ", " : title, json_str(one, from), json_str(one, to));
	if (i)
		emit(stdout, "\n");
}

static void print_read_as(const struct report *r)
{
	const json_t *said = json_object_get(r->json, "read_as");

	print_pairs(json_object_get(said, "headers"), T("columns read by their labels: "), "header",
		"column");
	print_pairs(json_object_get(said, "values"), T("words read as codes: "), "said", "code");
	json_each (json_object_get(said, "guide"), line) {
		AUTOFREE char *place = numbered(r, (int64_t)json_integer_value(line));

		emit(stdout, "%s: ", place);
		tell(stdout, "left out: it is the sheet's own explanation\n");
	}
}

/* Names, each with its number of rows or systems. */
static void print_counts(const struct report *r, const char *name, const char *title)
{
	const char *before = title;

	json_members (list(r, name), one, n) {
		emit(stdout, "%s%s (%lld)", before, one, (long long)json_integer_value(n));
		before = ", ";
	}
	if (json_object_size(list(r, name)))
		emit(stdout, "\n");
}

/* The header in the file of a column that was read by its label. */
static const char *header_of(const struct report *r, const char *column)
{
	json_each (json_object_get(list(r, "read_as"), "headers"), one)
		if (strcmp(json_str(one, "column"), column) == 0)
			return json_str(one, "header");
	return column;
}

static void print_example(const struct report *r, const json_t *example, const char *before)
{
	const char *character = json_str(example, "character");
	AUTOFREE char *place = numbered(r, json_num(example, "line"));

	emit(stdout, "%s\"%s\" (%s%s%s)", before, json_str(example, "value"), place,
		character ? ", " : "", character ? character : "");
}

/* Prints a line for each column with cells that are in no record, or from which characters were
 * left out, whatever the map itself reports. */
static void print_cells(const struct report *r, const char *name, const char *title)
{
	json_members (list(r, name), column, told) {
		emit(stdout, "%s%s (%lld)", title, header_of(r, column),
			(long long)json_num(told, "rows"));
		json_each_at (json_object_get(told, "examples"), i, example)
			print_example(r, example, i ? ", " : ": ");
		emit(stdout, "\n");
	}
}

/* A department is there for good, as its entries are: a plan says so while a renamed one can still
 * keep its address. */
static void print_departments(const struct report *r)
{
	const char *before = T("new departments: ");
	bool any = false;

	json_members (list(r, "new_departments"), slug, name) {
		const char *called = standard_text(name, cli_lang(), NULL);

		emit(stdout, "%s%s (%s)", before, called ? called : slug, slug);
		before = ", ";
		any = true;
	}
	if (any)
		emit(stdout, "\n");
	if (any && r->dry)
		tell(stdout,
			"    a department cannot be removed again: if one of them was renamed, tell the "
			"register first (gaya office department-add SLUG)\n");
}

static void print_text(const struct report *r)
{
	AUTOFREE char *resumed = report_count(r, "resumed") ? mem_printf(T("%zu resumed, "),
								      report_count(r, "resumed"))
	                                                    : mem_text("");

	print_read_as(r);
	if (r->dry) {
		print_rows(r, NULL);
	} else {
		print_rows(r, "duplicate");
		print_rows(r, "refused");
		print_edited(r);
	}
	print_unread(r);
	print_resumed(r);
	print_gone(r, "retired", r->retired);
	print_gone(r, "kept", r->kept);
	if (r->nameless)
		tell(stdout,
			"kept although the file lacks them: %zu of its rows cannot be identified, and "
			"may be them (--yes --retire %zu retires them)\n",
			r->nameless, r->kept);
	print_cells(r, "lost", T("in no record: "));
	print_cells(r, "cleaned", T("without characters that nobody sees: "));
	print_counts(r, "left_out", T("left out by the profile: "));
	print_counts(r, "blanked", T("emptied: "));
	print_departments(r);
	tell(stdout,
		"gaya: %s%s: %lld rows: %zu new, %zu changed, %s%lld same, %zu retired, "
		"%zu duplicates, %zu refused\n",
		r->dry ? T("would import ") : T("imported "), json_str(r->json, "file"),
		(long long)json_num(r->json, "rows"), report_count(r, "new"),
		report_count(r, "changed"), resumed, (long long)report_count(r, "same"), r->retired,
		report_count(r, "duplicate"), report_count(r, "refused"));
}

/* The lists of the JSON report, each row by row: `slugs` has the systems alone. */
static const struct rows_list {
	const char *name, *outcome;
	const char *having; /* a list that is not empty in the entry; NULL for any */
	bool slugs, plan, deed;
} rows_lists[] = {
	{"changed", "changed", NULL, true, true, true},
	{"duplicates", "duplicate", NULL, false, true, true},
	{"each", NULL, NULL, false, true, false},
	{"edited", NULL, "fields", false, false, true},
	{"new", "new", NULL, true, true, true},
	{"refused", "refused", NULL, false, true, true},
	{"resumed", "resumed", NULL, true, true, true},
	{"unread", NULL, "unread", false, true, true},
};

/* Columns that the register fills in and for which the sheet has other values are printed with the
 * system's name. */
static void print_entry(const struct report *r, const struct rows_list *l, json_t *entry)
{
	json_auto_t *unread = NULL;

	if (!r->dry && l->outcome)
		json_object_del(entry, "outcome");
	if (strcmp(l->name, "unread") == 0)
		unread = json_make("{s:O,s:O,s:O}", "line", json_object_get(entry, "line"), "name",
			json_object_get(entry, "system"), "unread",
			json_object_get(entry, "unread"));
	print_value(l->slugs ? json_object_get(entry, "system") : unread ? unread : entry);
}

static void print_list(const struct report *r, const struct rows_list *l)
{
	const char *before = "[\n    ";
	json_t *entry = NULL;

	emit(stdout, ",\n  \"%s\": ", l->name);
	each_entry(r, l->outcome, line, entry)
	{
		if (l->having && !json_array_size(json_object_get(entry, l->having)))
			continue;
		emit(stdout, "%s", before);
		print_entry(r, l, entry);
		before = ",\n    ";
	}
	emit(stdout, "%s", *before == '[' ? "[]" : "]");
}

/* No list of rows is in memory whole. */
static void print_as_json(const struct report *r)
{
	const char *before = "{\n  ";

	json_put(r->json, "same", json_integer((json_int_t)report_count(r, "same")));
	json_members (r->json, name, value) {
		emit(stdout, "%s\"%s\": ", before, name);
		print_value(value);
		before = ",\n  ";
	}
	print_gone_json(r, "retired", r->retired);
	if (r->kept)
		print_gone_json(r, "kept", r->kept);
	for (size_t i = 0; i < COUNT(rows_lists); i++)
		if (r->dry ? rows_lists[i].plan : rows_lists[i].deed)
			print_list(r, &rows_lists[i]);
	emit(stdout, "\n}\n");
}

void report_print(struct report *r, bool json, enum err e)
{
	AUTOFREE char *why = mem_text(err_why());

	if (!r->json)
		return;
	if (e != OK)
		json_put(r->json, "why", json_text(why));
	if (json)
		print_as_json(r);
	else
		print_text(r);
	(void)fail(e, "%s", why); /* which reading the rows has overwritten */
}

enum err report_outcome_of_all(const struct report *r)
{
	size_t n = report_count(r, "refused");

	ENSURE(r->err == OK, r->err, "the report is not whole: is the disk full?");
	ENSURE(n == 0 || !r->dry, ERR_INVALID,
		"of the rows, %zu would be refused; the others would be in", n);
	ENSURE(n == 0, ERR_INVALID, "of the rows, %zu were refused; the others are in", n);
	return OK;
}
