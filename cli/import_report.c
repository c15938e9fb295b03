#include "cli/import_report.h"

#include "cli/cli.h"
#include "web/view/problem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_begin(struct report *r, const json_t *profile, const char *path, size_t rows, bool dry)
{
	r->by_line = strcmp(json_str(profile, "input"), "jsonl") == 0;
	r->dry = dry;
	r->json = json_make("{s:s,s:s,s:b,s:I,s:[],s:[],s:[],s:i,s:[],s:[],s:[],s:{},s:{}}",
		"profile", json_str(profile, "profile"), "file", path, "dry_run", dry, "rows",
		(json_int_t)rows, "new", "changed", "resumed", "same", 0, "retired", "duplicates",
		"refused", "left_out", "blanked");
	json_put(r->json, dry ? "each" : "edited", json_array());
	json_put(r->json, "unread", json_array());
}

void report_done(struct report *r)
{
	json_decref(r->json);
	*r = (struct report){0};
}

static json_t *list(const struct report *r, const char *name)
{
	return json_object_get(r->json, name);
}

static size_t count(const struct report *r, const char *name)
{
	return json_array_size(list(r, name));
}

static void add_one(json_t *counts, const char *name)
{
	json_put(counts, name, json_integer(json_num(counts, name) + 1));
}

/* In a dry run also adds the row to "each"; takes ownership of `entry`. */
static void add_each(struct report *r, const char *outcome, json_t *entry)
{
	if (r->dry) {
		json_put(entry, "outcome", json_text(outcome));
		json_array_append(list(r, "each"), entry);
	}
	json_decref(entry);
}

static void add_to(struct report *r, const char *name, const char *outcome, json_t *entry)
{
	AUTOFREE char *line = mem_printf("%lld", (long long)json_num(entry, "line"));
	json_t *called = json_object_get(r->names, line);

	if (called)
		json_put(entry, "name", json_incref(called));
	json_array_append(list(r, name), entry);
	add_each(r, outcome, entry);
}

void report_duplicate(struct report *r, int64_t line, int64_t of)
{
	add_to(r, "duplicates", "duplicate",
		json_make("{s:I,s:I}", "line", (json_int_t)line, "of", (json_int_t)of));
}

void report_refused(struct report *r, int64_t line, const char *why, json_t *problems)
{
	json_t *entry = json_make("{s:I,s:s}", "line", (json_int_t)line, "why", why);

	if (problems)
		json_put(entry, "problems", json_incref(problems));
	add_to(r, "refused", "refused", entry);
}

void report_unmapped(struct report *r, int64_t line, const json_t *error)
{
	const char *why = standard_text(json_object_get(error, "message"), cli_lang(), NULL);

	add_to(r, "refused", "refused",
		json_make("{s:I,s:s,s:O}", "line", (json_int_t)line, "why",
			why ? why : T("the profile refuses it"), "error", error));
}

void report_read_as(struct report *r, const json_t *said)
{
	const char *name;
	json_t *list;
	bool any = false;

	json_object_foreach ((json_t *)said, name, list)
		any |= json_array_size(list) > 0;
	if (any)
		json_put(r->json, "read_as", json_deep_copy(said));
}

void report_left_out(struct report *r, const json_t *columns)
{
	json_t *column;
	size_t i;

	json_array_foreach (columns, i, column) {
		if (json_is_string(column))
			add_one(list(r, "left_out"), json_string_value(column));
	}
}

static void add_blanked(struct report *r, const json_t *fields)
{
	const json_t *field;
	size_t i;

	r->blanking += json_array_size(fields) > 0;
	json_array_foreach (fields, i, field)
		add_one(list(r, "blanked"), json_string_value(field));
}

void report_outcome(struct report *r, const json_t *outcome)
{
	const char *is = json_str(outcome, "outcome");

	if (strcmp(is, "refused") == 0)
		report_refused(r, json_num(outcome, "line"), json_str(outcome, "why"),
			json_object_get(outcome, "problems"));
	else if (strcmp(is, "same") == 0)
		add_one(r->json, "same");
	else
		json_array_append(list(r, is), json_object_get(outcome, "system"));
	if (strcmp(is, "refused") != 0)
		add_blanked(r, json_object_get(outcome, "blanked"));
	if (strcmp(is, "refused") != 0)
		add_each(r, is, json_deep_copy(outcome));
	if (json_array_size(json_object_get(outcome, "unread")))
		json_push(list(r, "unread"),
			json_make("{s:O,s:O,s:O}", "line", json_object_get(outcome, "line"), "name",
				json_object_get(outcome, "system"), "unread",
				json_object_get(outcome, "unread")));
	if (!r->dry && strcmp(is, "refused") != 0 &&
		json_array_size(json_object_get(outcome, "fields")))
		json_push(list(r, "edited"), json_deep_copy(outcome));
}

void report_retired(struct report *r, json_t *slugs)
{
	json_put(r->json, "retired", json_incref(slugs));
}

void report_kept(struct report *r, json_t *slugs, size_t nameless)
{
	r->nameless = nameless;
	json_put(r->json, "kept", json_incref(slugs));
}

static void drop_outcomes(json_t *entries)
{
	json_t *entry;
	size_t i;

	json_array_foreach (entries, i, entry)
		json_object_del(entry, "outcome");
}

void report_copy(struct report *to, const struct report *from)
{
	*to = *from;
	to->json = json_deep_copy(from->json);
	to->dry = false;
	json_put(to->json, "dry_run", json_false());
	json_object_del(to->json, "each");
	json_put(to->json, "edited", json_array());
	drop_outcomes(list(to, "duplicates"));
	drop_outcomes(list(to, "refused"));
}

void report_keep(struct report *to, const struct report *plan)
{
	to->nameless = plan->nameless;
	if (json_object_get(plan->json, "kept"))
		json_put(to->json, "kept", json_incref(json_object_get(plan->json, "kept")));
}

size_t report_count(const struct report *r, const char *name)
{
	return count(r, name);
}

/* --- problems as sentences --- */

static enum err explain_one(const struct view *view, const struct standard *standard, json_t *entry)
{
	const json_t *problems = json_object_get(entry, "problems");
	json_t *texts;

	if (!problems)
		return OK;
	TRY(problems_text(view, cli_lang(), standard, problems, &texts));
	json_put(entry, "texts", texts);
	return OK;
}

enum err report_explain(struct report *r, const struct standard *standard)
{
	struct view *view = NULL;
	json_t *entry;
	enum err e = OK;
	size_t i;

	TRY(view_open(&view));
	json_array_foreach (list(r, "refused"), i, entry) {
		if (e == OK)
			e = explain_one(view, standard, entry);
	}
	view_free(view);
	return e;
}

/* --- printing --- */

static int by_line(const void *a, const void *b)
{
	int64_t x = json_num(*(json_t *const *)a, "line"),
		y = json_num(*(json_t *const *)b, "line");

	return (x > y) - (x < y);
}

/* The map refuses some rows and the register others; readers look for them by line. */
static void sort_rows(struct report *r, const char *name)
{
	json_t *rows = list(r, name), *sorted = json_array();
	size_t n = json_array_size(rows);
	AUTOFREE json_t **all = mem_new((n + 1) * sizeof(json_t *));

	for (size_t i = 0; i < n; i++)
		all[i] = json_array_get(rows, i);
	qsort(all, n, sizeof(*all), by_line);
	for (size_t i = 0; i < n; i++)
		json_push(sorted, json_incref(all[i]));
	json_put(r->json, name, sorted);
}

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
	json_t *text;
	size_t i;

	print_place(r, entry);
	tell(stdout, "refused: %s\n", json_str(entry, "why"));
	json_array_foreach (json_object_get(entry, "texts"), i, text) {
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

static void print_rows(const struct report *r, const char *name)
{
	json_t *entry;
	size_t i;

	json_array_foreach (list(r, name), i, entry)
		print_row(r, entry);
}

static void print_slugs(const struct report *r, const char *name)
{
	json_t *slug;
	size_t i;

	json_array_foreach (list(r, name), i, slug) {
		emit(stdout, "%s: %s\n", T(name), json_string_value(slug));
	}
}

static void print_unread(const struct report *r)
{
	json_t *entry, *column;
	size_t i, n;

	json_array_foreach (list(r, "unread"), i, entry) {
		print_place(r, entry);
		tell(stdout, "not read, because the register fills it in:");
		json_array_foreach (json_object_get(entry, "unread"), n, column)
			emit(stdout, "%s%s", n ? ", " : " ", json_string_value(column));
		emit(stdout, "\n");
	}
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
	const json_t *said = json_object_get(r->json, "read_as"), *line;
	size_t i;

	print_pairs(json_object_get(said, "headers"), T("columns read by their labels: "), "header",
		"column");
	print_pairs(json_object_get(said, "values"), T("words read as codes: "), "said", "code");
	json_array_foreach (json_object_get(said, "guide"), i, line) {
		AUTOFREE char *place = numbered(r, (int64_t)json_integer_value(line));

		emit(stdout, "%s: ", place);
		tell(stdout, "left out: it is the sheet's own explanation\n");
	}
}

/* Names, each with its number of rows or systems. */
static void print_counts(const struct report *r, const char *name, const char *title)
{
	const char *one, *before = title;
	json_t *n;

	json_object_foreach (list(r, name), one, n) {
		emit(stdout, "%s%s (%lld)", before, one, (long long)json_integer_value(n));
		before = ", ";
	}
	if (json_object_size(list(r, name)))
		emit(stdout, "\n");
}

static void print_text(const struct report *r)
{
	AUTOFREE char *resumed = count(r, "resumed")
	                                 ? mem_printf(T("%zu resumed, "), count(r, "resumed"))
	                                 : mem_text("");

	print_read_as(r);
	if (r->dry) {
		print_rows(r, "each");
	} else {
		print_rows(r, "duplicates");
		print_rows(r, "refused");
		print_rows(r, "edited");
	}
	print_unread(r);
	print_slugs(r, "resumed");
	print_slugs(r, "retired");
	print_slugs(r, "kept");
	if (r->nameless)
		tell(stdout,
			"kept although the file lacks them: %zu of its rows cannot be identified, and "
			"may be them (--yes --retire %zu retires them)\n",
			r->nameless, count(r, "kept"));
	print_counts(r, "left_out", T("left out by the profile: "));
	print_counts(r, "blanked", T("emptied: "));
	tell(stdout,
		"gaya: %s%s: %lld rows: %zu new, %zu changed, %s%lld same, %zu retired, "
		"%zu duplicates, %zu refused\n",
		r->dry ? T("would import ") : T("imported "), json_str(r->json, "file"),
		(long long)json_num(r->json, "rows"), count(r, "new"), count(r, "changed"), resumed,
		(long long)json_num(r->json, "same"), count(r, "retired"), count(r, "duplicates"),
		count(r, "refused"));
}

void report_print(struct report *r, bool json, enum err e)
{
	if (!r->json)
		return;
	sort_rows(r, "refused");
	if (r->dry)
		sort_rows(r, "each");
	if (e != OK)
		json_put(r->json, "why", json_text(err_why()));
	if (json)
		print_json(r->json);
	else
		print_text(r);
}

enum err report_outcome_of_all(const struct report *r)
{
	bool dry = r->dry;
	size_t n = count(r, "refused");

	ENSURE(n == 0 || !dry, ERR_INVALID,
		"of the rows, %zu would be refused; the others would be in", n);
	ENSURE(n == 0, ERR_INVALID, "of the rows, %zu were refused; the others are in", n);
	return OK;
}
