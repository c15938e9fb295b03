#include "web/pages/record_view.h"

#include "base/markdown.h"
#include "web/pages/assessments_view.h"
#include "web/pages/record_parts.h"

#include <string.h>

/* Citizens' first questions, for old standards that do not list them. */
static const struct fact {
	const char *field, *question;
} facts[] = {
	{"goal", "fact_goal"},
	{"automation_level", "fact_decides"},
	{"personal_data", "fact_personal"},
	{FIELD_RISK, "fact_risk"},
	{"objection_procedure", "fact_object"},
};
/* Shown as the page's own heading. */
static const char *const heading[] = {"name", "description_short"};

/* [{"field", "question": its text, "with": fields or null}…], in the order of the page. */
static json_t *asked_first(const struct request *rq)
{
	const json_t *list = standard_asked_first(rq->standard);
	json_t *out = json_array(), *question;

	for (size_t i = 0; !list && i < COUNT(facts); i++)
		json_push(out, json_make("{s:s, s:s, s:n}", "field", facts[i].field, "question",
				       message(rq, facts[i].question), "with"));
	json_each (list, one) {
		question = view_text(rq, json_object_get(one, "question"));
		json_push(out,
			json_make("{s:s, s:s, s:O?}", "field", json_str(one, "field"), "question",
				json_str(question, "text"), "with", json_object_get(one, "with")));
		json_decref(question);
	}
	return out;
}

static bool is_heading(const char *field)
{
	for (size_t i = 0; i < COUNT(heading); i++)
		if (!strcmp(heading[i], field))
			return true;
	return false;
}

/* The record's reason for withholding the field, or null. */
static json_t *withheld_of(const struct request *rq, const json_t *record, const char *field)
{
	const json_t *entry = standard_withheld(record, field);

	if (!entry)
		return json_null();
	return json_make("{s:o, s:o}", "reason", view_text(rq, json_object_get(entry, "reason")),
		"legal_basis", view_text(rq, json_object_get(entry, "legal_basis")));
}

/* The supplier whose statement it is, unless the department made it its own, or null. */
static json_t *stated_of(const json_t *record, const char *field)
{
	const json_t *entry = standard_stated(record, field);
	const char *supplier = json_str(entry, "supplier");

	return entry ? json_make("{s:s}", "supplier", supplier ? supplier : "") : json_null();
}

/* A field without its value, which field_fill() adds. */
static json_t *field_new(const struct request *rq, const struct field *f, const json_t *record)
{
	json_t *view =
		json_make("{s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n}",
			"question", "value", "hint", "term", "also", "reason", "md", "html", "lang",
			"foreign", "overruled", "outdated", "tables", "logged");

	json_put(view, "name", json_text(f->name));
	json_put(view, "label", view_text(rq, json_object_get(f->json, "label")));
	json_put(view, "short", json_boolean(f->type == TYPE_ENUM));
	json_put(view, "chips", json_boolean(f->item && f->item->type == TYPE_TEXT));
	json_put(view, "withheld", withheld_of(rq, record, f->name));
	json_put(view, "stated", stated_of(record, f->name));
	json_put(view, "missing", json_true());
	json_put(view, "machine", json_false());
	return view;
}

static void field_foreign(const struct request *rq, json_t *view, const char *lang)
{
	AUTOFREE char *key = mem_printf("lang_%.*s", (int)strcspn(lang, "-"), lang); /* nl-NL */
	const char *name = message(rq, key);

	json_put(view, "lang", json_text(lang));
	json_put(view, "foreign", json_text(*name ? name : lang));
}

/* An answer covers the help but not the standard's own term, which is shown below it. */
static void field_enum(const struct request *rq, const struct field *f, const json_t *value,
	bool answering, json_t *view)
{
	json_t *choice = part_value(rq, f->name, json_string_value(value));

	json_put(view, "value", json_text(json_string_value(value)));
	if (answering && json_is_true(json_object_get(choice, "answers")))
		json_put(view, "term", json_incref(json_object_get(choice, "label")));
	else
		json_put(view, "hint", json_incref(json_object_get(choice, "help")));
	json_decref(choice);
}

static enum err field_fill(const struct request *rq, const struct field *f, const json_t *value,
	const json_t *record, bool answering, json_t *view)
{
	struct value_writer w = {
		.rq = rq, .top = f->name, .record = record, .answering = answering};
	struct buf md = BUF(VALUE_MAX), html = BUF(2 * VALUE_MAX);
	enum err e = value_write(&w, f, value, &md);
	AUTOFREE char *text = value_trimmed(buf_text(&md));

	if (!e) {
		markdown_html(text, strlen(text), &html);
		e = buf_check(&html, f->name);
	}
	json_put(view, "missing", json_false());
	json_put(view, "machine", json_boolean(w.machine));
	json_put(view, "md", json_text(text));
	json_put(view, "html", json_text(buf_text(&html)));
	if (w.foreign)
		field_foreign(rq, view, w.foreign);
	if (f->type == TYPE_ENUM)
		field_enum(rq, f, value, answering, view);
	if (f->type == TYPE_ASSESSMENTS)
		json_put(view, "tables", assessments_view(rq, value));
	buf_done(&md);
	buf_done(&html);
	return e;
}

/* The non-empty fields that belong to an answer, such as the telephone to call. */
static enum err fact_with(
	const struct request *rq, const json_t *with, const json_t *record, json_t *view)
{
	json_t *also = json_array(), *one;
	enum err e = OK;

	json_each (with, name) {
		const struct field *f = standard_field(rq->standard, json_string_value(name));
		const json_t *value = json_object_get(record, json_string_value(name));

		if (!f || value_is_empty(value) || e)
			continue;
		one = field_new(rq, f, record);
		e = field_fill(rq, f, value, record, false, one);
		json_push(also, one);
	}
	if (json_array_size(also))
		json_put(view, "also", json_incref(also));
	json_decref(also);
	return e;
}

struct sorted {
	json_t *asked, *facts, *fields; /* `fields`: of one group */
	int64_t optional_empty;
};

/* Optional and empty: not on the page. */
static bool is_left_out(const struct field *f, const json_t *record)
{
	return value_is_empty(json_object_get(record, f->name)) &&
	       (f->automatic ||
		       (!standard_requires(f, record) && !standard_withheld(record, f->name)));
}

char *record_anchor(const struct field *f, const json_t *record)
{
	if (is_heading(f->name))
		return value_is_empty(json_object_get(record, f->name))
		               ? NULL
		               : mem_printf("head-%s", f->name);
	if (is_left_out(f, record))
		return NULL;
	return f->type == TYPE_ASSESSMENTS ? mem_text("why") : mem_printf("f-%s", f->name);
}

static enum err field_add(
	const struct request *rq, const struct field *f, const json_t *record, struct sorted *to)
{
	const json_t *value = json_object_get(record, f->name);
	const json_t *fact = json_find(to->asked, "field", f->name);
	json_t *view;
	enum err e = OK;

	if (is_heading(f->name) || (f->automatic && value_is_empty(value)))
		return OK;
	if (is_left_out(f, record)) {
		to->optional_empty++;
		return OK;
	}
	view = field_new(rq, f, record);
	if (!value_is_empty(value))
		e = field_fill(rq, f, value, record, fact != NULL, view);
	if (fact && !e)
		e = fact_with(rq, json_object_get(fact, "with"), record, view);
	if (fact)
		json_put(view, "question", json_incref(json_object_get(fact, "question")));
	json_push(fact ? to->facts : to->fields, view);
	return e;
}

static enum err group_add(const struct request *rq, const json_t *group, const json_t *record,
	struct sorted *to, json_t *groups)
{
	const char *name = json_str(group, "name");
	size_t n = 0;
	const struct field *fields = standard_fields(rq->standard, &n);
	enum err e = OK;

	to->fields = json_array();
	for (size_t i = 0; i < n && !e; i++)
		if (!strcmp(fields[i].group, name))
			e = field_add(rq, &fields[i], record, to);
	if (!e && json_array_size(to->fields))
		json_push(groups, json_make("{s:s, s:o, s:o, s:O}", "name", name, "label",
					  view_text(rq, json_object_get(group, "label")), "help",
					  view_text(rq, json_object_get(group, "help")), "fields",
					  to->fields));
	json_decref(to->fields);
	return e;
}

/* The value of an unknown field: its text if it has one, else its JSON as text. */
static json_t *unknown_value(const struct request *rq, json_t *value)
{
	json_t *shown = view_text(rq, value), *text;
	struct buf canonical = BUF(VALUE_MAX);

	if (json_is_null(shown))
		json_canonical(value, &canonical);
	text = json_is_null(shown) ? json_text(buf_text(&canonical)) : json_incref(value);
	buf_done(&canonical);
	json_decref(shown);
	return text;
}

static enum err unknown_field(
	const struct request *rq, const char *name, json_t *value, json_t *fields)
{
	const struct field f = {.name = name, .type = TYPE_TEXT};
	json_t *view = field_new(rq, &f, NULL), *shown = unknown_value(rq, value);
	enum err e = field_fill(rq, &f, shown, NULL, false, view);

	json_put(view, "label", json_make("{s:s, s:b}", "text", name, "foreign", 0));
	json_push(fields, view);
	json_decref(shown);
	return e;
}

/* Values of fields that the present standard no longer has stay readable, as plain text. */
static enum err unknown_add(const struct request *rq, const json_t *record, json_t *groups)
{
	json_t *fields = json_array();
	enum err e = OK;

	json_members (record, key, value)
		if (!e && !standard_field(rq->standard, key))
			e = unknown_field(rq, key, value, fields);
	if (json_array_size(fields))
		json_push(groups, json_make("{s:s, s:{s:s, s:b}, s:n, s:O}", "name", "other",
					  "label", "text", message(rq, "group_other"), "foreign", 0,
					  "help", "fields", fields));
	json_decref(fields);
	return e;
}

/* Sorts the facts by the order of questions, not of fields. */
static json_t *facts_sorted(const json_t *asked, const json_t *found)
{
	json_t *out = json_array();

	json_each (asked, one)
		json_each (found, view)
			if (!strcmp(json_str(view, "name"), json_str(one, "field")))
				json_push(out, json_incref(view));
	return out;
}

enum err record_view(const struct request *rq, const json_t *record, json_t **out)
{
	const json_t *all = json_object_get(standard_json(rq->standard), "groups");
	struct completeness c = standard_completeness(rq->standard, record);
	struct sorted to = {.asked = asked_first(rq), .facts = json_array()};
	json_t *groups = json_array();
	enum err e = OK;

	json_each (all, group)
		if (!e)
			e = group_add(rq, group, record, &to, groups);
	if (!e)
		e = unknown_add(rq, record, groups);
	*out = json_make("{s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "facts",
		facts_sorted(to.asked, to.facts), "groups", groups, "optional_empty",
		to.optional_empty ? view_number(to.optional_empty) : json_null(), "required",
		view_number(c.required), "required_filled", view_number(c.required_filled),
		"required_withheld", c.withheld ? view_number(c.withheld) : json_null(), "complete",
		c.required_filled + c.withheld == c.required);
	json_decref(to.asked);
	json_decref(to.facts);
	if (e) {
		json_decref(*out);
		*out = NULL;
	}
	return e;
}
