#include "cli/changes.h"

#include "cli/cli.h"
#include "registry/standard/assessments.h"
#include "registry/standard/diff.h"
#include "web/view/problem.h"

#include <string.h>
#include <unistd.h>

#define LINES_MAX MIB
#define INDENT "      "

/* A kind of run: its marks, and its colour on a terminal, in addition because not everyone sees
 * colours. */
static const struct mark {
	const char *op, *before, *after, *colour;
} marks[] = {
	{"same", "", "", ""},
	{"removed", "[-", "-]", "\033[31m"},
	{"added", "{+", "+}", "\033[32m"},
};
static const char *const summary[] = {"name", "description_short", "status", "risk_category"};

static const char *label_of(const struct field *f)
{
	const json_t *labels = json_object_get(f->json, "label");
	const char *used, *label = standard_text(labels, cli_lang(), &used);

	return label ? label : f->name;
}

/* --- values as lines of one language --- */

static void lines_add(
	const struct field *f, const json_t *value, const char *lang, struct buf *out);

static void enum_add(const struct field *f, const char *s, struct buf *out)
{
	const char *used;

	json_each (json_object_get(f->json, "values"), entry) {
		const json_t *labels = json_object_get(entry, "label");
		const char *label = standard_text(labels, cli_lang(), &used);

		if (strcmp(json_str(entry, "value"), s) == 0 && label)
			buf_printf(out, "%s (%s)", label, s);
		else if (strcmp(json_str(entry, "value"), s) == 0)
			buf_puts(out, s);
	}
}

static void list_add(const struct field *f, const json_t *list, const char *lang, struct buf *out)
{
	json_each_at (list, i, item) {
		buf_puts(out, i ? "\n- " : "- ");
		lines_add(f->item, item, lang, out);
	}
}

static void members_add(
	const struct field *f, const json_t *value, const char *lang, struct buf *out)
{
	const char *between = "";

	for (size_t i = 0; i < f->members_n; i++) {
		const json_t *member = json_object_get(value, f->members[i].name);

		if (!member)
			continue;
		buf_printf(out, "%s%s: ", between, label_of(&f->members[i]));
		lines_add(&f->members[i], member, lang, out);
		between = "\n  ";
	}
}

/* The facts of all policies, or the single fact that changed. */
static void assessments_add(const json_t *value, struct buf *out)
{
	if (!json_is_object(value))
		fact_text(value, out);
	json_members (value, policy, facts) {
		buf_printf(out, "%s%s", out->len ? "\n" : "", policy);
		json_members (facts, fact, one) {
			buf_printf(out, "\n- %s: ", fact);
			fact_text(one, out);
		}
	}
}

static void lines_add(const struct field *f, const json_t *value, const char *lang, struct buf *out)
{
	const char *s = json_string_value(value);

	if (f->type == TYPE_ASSESSMENTS)
		assessments_add(value, out);
	else if (f->type == TYPE_LIST)
		list_add(f, value, lang, out);
	else if (f->type == TYPE_OBJECT)
		members_add(f, value, lang, out);
	else if (f->type == TYPE_ENUM && s)
		enum_add(f, s, out);
	else if (s)
		buf_puts(out, s);
	else if (json_str(value, lang))
		buf_puts(out, json_str(value, lang));
}

/* Adds the languages of all texts in a value to `set`. */
static void add_languages(const struct field *f, const json_t *value, json_t *set)
{
	if (f->type == TYPE_TEXT || f->type == TYPE_MARKDOWN)
		json_members (value, lang, item)
			json_put(set, lang, json_true());
	else if (f->type == TYPE_LIST)
		json_each (value, item)
			add_languages(f->item, item, set);
	else if (f->type == TYPE_OBJECT)
		for (size_t i = 0; i < f->members_n; i++)
			add_languages(
				&f->members[i], json_object_get(value, f->members[i].name), set);
}

/* --- runs on the terminal --- */

/* Indents the lines after the first. */
static void print_lines(const char *s, FILE *to)
{
	for (; *s; s++) {
		fputc(*s, to);
		if (*s == '\n')
			fputs(INDENT, to);
	}
}

static void print_run(const json_t *run, bool colours, FILE *to)
{
	const char *op = json_str(run, "op");

	for (size_t i = 0; i < COUNT(marks); i++) {
		if (strcmp(marks[i].op, op) != 0)
			continue;
		fprintf(to, "%s%s", colours ? marks[i].colour : "", marks[i].before);
		print_lines(json_str(run, "text"), to);
		fprintf(to, "%s%s", marks[i].after, colours && *marks[i].colour ? "\033[0m" : "");
	}
}

static void print_language(
	const struct field *f, const json_t *change, const char *lang, bool tagged, FILE *to)
{
	AUTO(buf) before = BUF(LINES_MAX), after = BUF(LINES_MAX);
	json_auto_t *runs = NULL;

	lines_add(f, json_object_get(change, "before"), lang, &before);
	lines_add(f, json_object_get(change, "after"), lang, &after);
	if (strcmp(buf_text(&before), buf_text(&after)) == 0)
		return;
	runs = diff_words(buf_text(&before), buf_text(&after), &(int){DIFF_WORK});
	emit(to, "  %-4s", tagged ? lang : "");
	json_each (runs, run)
		print_run(run, isatty(fileno(to)), to);
	fputc('\n', to);
}

static char change_sign(const json_t *change)
{
	return json_is_null(json_object_get(change, "before"))  ? '+'
	       : json_is_null(json_object_get(change, "after")) ? '-'
	                                                        : '~';
}

/* A field unknown to the standard has no format, so its JSON is shown. */
static void print_unknown(const json_t *change, FILE *to)
{
	AUTO(buf) before = BUF(LINES_MAX), after = BUF(LINES_MAX);

	json_canonical(json_object_get(change, "before"), &before);
	json_canonical(json_object_get(change, "after"), &after);
	emit(to, "%c %s\n      [-%s-]{+%s+}\n", change_sign(change), json_str(change, "field"),
		buf_text(&before), buf_text(&after));
}

static void print_part(const char *before, const char *part, FILE *to)
{
	if (part)
		emit(to, "%s%s", before, part);
}

static void print_change(const struct standard *s, const json_t *change, FILE *to)
{
	const struct field *f = standard_field(s, json_str(change, "field"));
	json_auto_t *set = json_object();

	if (!f) {
		print_unknown(change, to);
		return;
	}
	emit(to, "%c %s", change_sign(change), label_of(f));
	print_part(" › ", json_str(change, "policy"), to);
	print_part(" › ", json_str(change, "fact"), to);
	fputc('\n', to);
	add_languages(f, json_object_get(change, "before"), set);
	add_languages(f, json_object_get(change, "after"), set);
	print_language(f, change, cli_lang(), json_object_size(set) > 0, to);
	json_object_del(set, cli_lang());
	json_members (set, lang, unused)
		print_language(f, change, lang, true, to);
}

void print_changes(const struct standard *s, const json_t *changes, FILE *to)
{
	json_each (changes, change)
		print_change(s, change, to);
	if (json_array_size(changes) == 0)
		tell(to, "  no field changes\n");
}

/* --- whole records --- */

static void print_plain(
	const struct field *f, const json_t *value, const char *lang, bool tagged, FILE *to)
{
	AUTO(buf) text = BUF(LINES_MAX);

	lines_add(f, value, lang, &text);
	if (!text.len)
		return;
	emit(to, "  %-4s", tagged ? lang : "");
	print_lines(buf_text(&text), to);
	fputc('\n', to);
}

static void print_field(const struct field *f, const json_t *value, FILE *to)
{
	json_auto_t *set = json_object();

	if (!value)
		return;
	emit(to, "%s\n", label_of(f));
	add_languages(f, value, set);
	print_plain(f, value, cli_lang(), json_object_size(set) > 0, to);
	json_object_del(set, cli_lang());
	json_members (set, lang, unused)
		print_plain(f, value, lang, true, to);
}

void print_record(const struct standard *s, const json_t *record, FILE *to)
{
	size_t n;
	const struct field *fields = standard_fields(s, &n);

	for (size_t i = 0; i < n; i++)
		print_field(&fields[i], json_object_get(record, fields[i].name), to);
}

void print_summary(const struct standard *s, const json_t *record, FILE *to)
{
	struct completeness done = standard_completeness(s, record);

	for (size_t i = 0; i < COUNT(summary); i++) {
		const struct field *f = standard_field(s, summary[i]);

		if (f)
			print_field(f, json_object_get(record, summary[i]), to);
	}
	tell(to, "%d fields are filled in; %d of the %d that are required\n", done.filled,
		done.required_filled, done.required);
	if (done.withheld)
		tell(to, "%d of those that are required are withheld, with a reason and a law\n",
			done.withheld);
}

enum err print_doubts(const struct standard *s, const json_t *doubts, FILE *to)
{
	json_auto_t *texts = NULL;
	struct view *view;
	enum err e;

	if (json_array_size(doubts) == 0)
		return OK;
	TRY(view_open(&view));
	e = problems_text(view, cli_lang(), s, doubts, &texts);
	view_free(view);
	TRY(e);
	json_each (texts, one)
		emit(to, "! %s\n", json_string_value(one));
	return OK;
}
