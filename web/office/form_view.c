/* form_view() of form.h: from a record to its form. */
#include "web/office/form.h"

#include "base/buf.h"
#include "base/text.h"
#include "registry/standard/form.h"
#include "registry/standard/type.h"
#include "web/pages/record_view.h"
#include "web/view/language_names.h"

#include <string.h>

#define RADIOS 9     /* choices that fit as radio buttons; more make a drop-down list */
#define LINE_MAX 200 /* characters of a text that has one line; a longer one has two */

struct making {
	const struct form *form;
	const json_t *record;
	json_t *errors; /* {place: [sentence…]} of the problems to show */
	json_t *hints;  /* the same for hints */
	const char *more;
};

static json_t *field_view(const struct making *m, const struct field *list, const struct field *f,
	const char *id, const json_t *value);

/* As view_text(): {"text", "lang", "foreign"}; null without a text. */
static json_t *words(const struct making *m, const json_t *texts)
{
	const char *used = NULL;
	const char *text = standard_text(texts, m->form->lang, &used);

	if (!text)
		return json_null();
	return json_make("{s:s, s:s?, s:b}", "text", text, "lang", used, "foreign",
		used && strcmp(used, m->form->lang) != 0);
}

static json_t *plain(const char *text)
{
	return json_make("{s:s, s:n, s:b}", "text", text, "lang", "foreign", 0);
}

static json_t *errors_at(const struct making *m, const char *id)
{
	json_t *found = json_object_get(m->errors, id);

	return found ? json_incref(found) : json_array();
}

/* Adds "errors", "wrong" and "described" of the input with this id. */
static void put_errors(const struct making *m, json_t *view, const char *id, bool hint)
{
	json_t *errors = errors_at(m, id);
	bool wrong = json_array_size(errors) > 0;
	AUTOFREE char *ids = mem_printf("%s%s%s%s%s", hint ? id : "", hint ? "-hint" : "",
		hint && wrong ? " " : "", wrong ? id : "", wrong ? "-error" : "");

	json_put(view, "errors", errors);
	json_put(view, "wrong", json_boolean(wrong));
	json_put(view, "described", *ids ? json_text(ids) : json_null());
}

/* Adds "hints" of a text, which describe its input as its errors do. */
static void put_hints(const struct making *m, json_t *view, const char *id)
{
	json_t *hints = json_object_get(m->hints, id);
	const char *errors = json_str(view, "described");
	AUTOFREE char *ids =
		mem_printf("%s%s%s-advice", errors ? errors : "", errors ? " " : "", id);

	json_put(view, "hints", hints ? json_make("{s:O}", "list", hints) : json_null());
	if (hints)
		json_put(view, "described", json_text(ids));
}

/* Shows a text as citizens will see it; a text that could not be filed is shown as plain text. */
static json_t *preview(const struct making *m, const struct field *f, const char *text)
{
	AUTO(buf) html = BUF(MIB);

	if (f->type != TYPE_MARKDOWN)
		return json_null();
	record_markdown_html(text, &html);
	return json_make("{s:s, s:b}", "html", buf_text(&html), "open",
		m->form->previewed && text_is_visible(text));
}

/* --- choices --- */

static json_t *radio(
	const char *id, size_t n, const char *value, json_t *label, json_t *help, bool checked)
{
	AUTOFREE char *own = mem_printf("%s-%zu", id, n);

	return json_make("{s:s, s:s, s:s, s:o, s:o, s:b, s:b, s:b}", "id", own, "name", id, "value",
		value, "label", label, "help", help, "checked", checked, "selected", checked,
		"gone", 0);
}

static bool has(const json_t *values, const char *wanted)
{
	if (!json_is_array(values)) {
		AUTOFREE char *text = form_fact(values);

		return values && strcmp(text, wanted) == 0;
	}
	json_each (values, one) {
		if (has(one, wanted))
			return true;
	}
	return false;
}

static json_t *codes_of(const json_t *known)
{
	json_t *codes = json_array();

	json_each (known, one) {
		AUTOFREE char *code = form_fact(json_object_get(one, "value"));

		json_push(codes, json_text(code));
	}
	return codes;
}

/* Keeps a value that the standard or the policy does not know as a choice, so that the form does
 * not remove it silently, and says that it is none. */
static void add_unknown(json_t *options, const char *id, const json_t *known, const json_t *value)
{
	json_auto_t *codes = codes_of(known);

	if (json_is_array(value)) {
		json_each (value, one)
			add_unknown(options, id, known, one);
		return;
	}
	AUTOFREE char *text = form_fact(value);
	json_t *gone;

	if (!*text || has(codes, text))
		return;
	gone = radio(id, json_array_size(options), text, plain(text), json_null(), true);
	json_put(gone, "gone", json_true());
	json_push(options, gone);
}

/* `known`: [{"value", "label", "help"?}…] */
static json_t *options_of(
	const struct making *m, const char *id, const json_t *known, const json_t *value)
{
	json_t *options = json_array();

	json_each_at (known, i, one) {
		AUTOFREE char *code = form_fact(json_object_get(one, "value"));

		json_push(
			options, radio(id, i, code, words(m, json_object_get(one, "label")),
					 words(m, json_object_get(one, "help")), has(value, code)));
	}
	add_unknown(options, id, known, value);
	return options;
}

/* A single choice. The first option is "none", so that an answer can be withdrawn and the form
 * always sends an input. */
static void put_choice(const struct making *m, json_t *view, const char *id, const json_t *known,
	const json_t *value)
{
	bool few = json_array_size(known) <= RADIOS;
	json_t *options = options_of(m, id, known, value);
	AUTOFREE char *text = form_fact(value);

	json_put(view, few ? "radios" : "select",
		json_make("{s:o, s:b}", "options", options, "none", !*text));
	json_put(view, "single", json_boolean(!few));
}

static void put_checks(const struct making *m, json_t *view, const char *id, const json_t *known,
	const json_t *value)
{
	json_put(view, "checks", json_make("{s:o}", "options", options_of(m, id, known, value)));
}

/* --- texts and lines --- */

static json_t *row_view(const struct making *m, const struct field *f, const char *id,
	const char *lang, const json_t *value)
{
	const char *text = json_string_value(value);
	AUTOFREE char *own = mem_printf("%s.%s", id, lang);
	json_t *row = json_make("{s:s, s:s, s:s, s:s, s:b, s:i}", "id", own, "lang", lang,
		"language", language_own_name(lang), "value", text ? text : "", "area",
		f->type == TYPE_MARKDOWN || f->max > LINE_MAX, "lines",
		f->type == TYPE_MARKDOWN ? 6 : 2);

	put_errors(m, row, own, false);
	put_hints(m, row, own);
	json_put(row, "preview", preview(m, f, text ? text : ""));
	return row;
}

static void put_texts(const struct making *m, json_t *view, const struct field *f, const char *id,
	const json_t *value)
{
	const char *languages[FORM_LANGUAGES];
	size_t n = form_languages_of(m->form, value, languages);
	json_t *rows = json_array();

	for (size_t i = 0; i < n; i++)
		json_push(rows,
			row_view(m, f, id, languages[i], json_object_get(value, languages[i])));
	json_put(view, "texts",
		json_make("{s:o, s:b}", "rows", rows, "long", f->type == TYPE_MARKDOWN));
}

/* A browser empties a date input whose value is no date, so such a value gets a text input. */
static const char *input_type(const struct field *f, const char *value)
{
	switch (f->type) {
	case TYPE_DATE:
		return !*value || form_is_date(value) ? "date" : "text";
	case TYPE_PHONE:
		return "tel";
	default:
		return "text";
	}
}

static const char *input_mode(const struct field *f)
{
	return f->type == TYPE_URL       ? "url"
	       : f->type == TYPE_CONTACT ? "email"
	       : f->type == TYPE_PHONE   ? "tel"
	                                 : NULL;
}

static json_t *file_of(const struct making *m, const struct field *f, const char *sha256)
{
	if (f->type != TYPE_FILE)
		return json_null();
	return json_make("{s:o}", "attached",
		m->form->file && *sha256 ? m->form->file(m->form->file_arg, sha256) : json_null());
}

static void put_input(
	const struct making *m, json_t *view, const struct field *f, const json_t *value)
{
	const char *text = json_is_string(value) ? json_string_value(value) : "";
	bool narrow = field_types[f->type].days || f->type == TYPE_PHONE;

	json_put(view, "input",
		json_make("{s:s, s:s, s:s?, s:b, s:o}", "value", text, "type", input_type(f, text),
			"mode", input_mode(f), "narrow", narrow, "file", file_of(m, f, text)));
	json_put(view, "single", json_true());
}

/* --- lists --- */

/* An item that is no object is a field of its own, named by the list and its number. */
static json_t *numbered(const struct making *m, const struct field *list, const char *id, size_t at,
	const json_t *item)
{
	json_t *view = field_view(m, list, list->item, id, item);
	const char *label = json_str(json_object_get(view, "label"), "text");
	AUTOFREE char *own = mem_printf("%s %zu", label ? label : list->name, at + 1);

	json_put(view, "label", plain(own));
	return view;
}

static json_t *members_view(const struct making *m, const struct field *list, const char *id,
	size_t at, const json_t *item)
{
	const struct field *f = list->item;
	json_t *fields = json_array();

	if (f->type != TYPE_OBJECT) {
		json_push(fields, numbered(m, list, id, at, item));
		return fields;
	}
	for (size_t i = 0; i < f->members_n; i++) {
		AUTOFREE char *own = mem_printf("%s.%s", id, f->members[i].name);

		json_push(fields, field_view(m, list, &f->members[i], own,
					  json_object_get(item, f->members[i].name)));
	}
	return fields;
}

static json_t *item_view(const struct making *m, const struct field *list, const char *id, size_t i,
	const json_t *item)
{
	AUTOFREE char *own = mem_printf("%s.%zu", id, i);
	const char *label =
		standard_text(json_object_get(list->json, "label"), m->form->lang, NULL);
	json_t *view = json_make("{s:s, s:s?, s:i, s:o, s:b}", "id", own, "title", label, "n",
		(int)i + 1, "fields", members_view(m, list, own, i, item), "object",
		list->item->type == TYPE_OBJECT);

	/* Only for an object; any other item is a field with its own errors. */
	put_errors(m, view, own, false);
	return view;
}

/* Shows an empty first item if one was requested, if one is required, or if the item is a single
 * line. */
static bool has_empty(const struct making *m, const struct field *f, size_t n)
{
	if (m->more && strcmp(m->more, f->name) == 0)
		return true;
	return n == 0 && (f->item->type != TYPE_OBJECT || standard_requires(f, m->record));
}

static void put_items(const struct making *m, json_t *view, const struct field *f, const char *id,
	const json_t *value)
{
	json_t *items = json_array();
	size_t n = json_array_size(value);

	for (size_t i = 0; i < n; i++)
		json_push(items, item_view(m, f, id, i, json_array_get(value, i)));
	if (has_empty(m, f, n))
		json_push(items, item_view(m, f, id, n, NULL));
	json_put(view, "items",
		json_make("{s:o, s:b, s:b, s:b}", "rows", items, "full",
			f->max && (int64_t)n >= f->max, "object", f->item->type == TYPE_OBJECT,
			"any", json_array_size(items) > 0));
}

/* --- inputs for names of fields and languages --- */

static bool may_be_withheld(const struct standard *s, const char *name)
{
	return !has(json_object_get(standard_json(s), "never_withheld"), name);
}

static json_t *known_fields(const struct making *m, const struct field *list)
{
	bool withheld = strcmp(list->name, FIELD_WITHHELD) == 0;
	json_t *known = json_array();
	size_t n;
	const struct field *fields = standard_fields(m->form->standard, &n);

	for (size_t i = 0; i < n; i++) {
		if (fields[i].automatic ||
			(withheld && !may_be_withheld(m->form->standard, fields[i].name)))
			continue;
		json_push(known, json_make("{s:s, s:O}", "value", fields[i].name, "label",
					 json_object_get(fields[i].json, "label")));
	}
	return known;
}

static json_t *known_languages(const struct making *m)
{
	json_t *known = json_array();
	struct language_name l;

	for (size_t i = 0; language_nth(i, &l); i++)
		json_push(known,
			json_make("{s:s, s:{s:s}}", "value", l.tag, "label", m->form->lang, l.own));
	return known;
}

/* --- a field --- */

/* The expected format, in the standard's words for its type. */
static void put_format(const struct making *m, json_t *view, const struct field *f)
{
	const json_t *types = json_object_get(standard_json(m->form->standard), "types");
	const json_t *type = field_types[f->type].fits && f->type != TYPE_FILE
	                             ? json_object_get(types, json_str(f->json, "type"))
	                             : NULL;

	json_put(view, "format", words(m, json_object_get(type, "help")));
	json_put(view, "example", json_text(json_str(type, "example")));
}

static const char *const controls[] = {"texts", "input", "select", "radios", "checks", "items"};

/* Sets all members that a field may have, so that a template finds none of an outer field. */
static json_t *bare(json_t *label, const char *id)
{
	json_t *view = json_make("{s:s, s:o, s:n, s:n, s:n, s:n, s:n, s:b, s:b}", "id", id, "label",
		label, "help", "when", "format", "example", "heading", "required", 0, "single", 0);

	for (size_t i = 0; i < COUNT(controls); i++)
		json_put(view, controls[i], json_null());
	return view;
}

static void put_control(const struct making *m, json_t *view, const struct field *list,
	const struct field *f, const char *id, const json_t *value)
{
	json_auto_t *known = NULL;

	if (list && form_names_field(list, f))
		put_choice(m, view, id, known = known_fields(m, list), value);
	else if (list && form_names_language(list, f))
		put_choice(m, view, id, known = known_languages(m), value);
	else if (f->type == TYPE_TEXT || f->type == TYPE_MARKDOWN)
		put_texts(m, view, f, id, value);
	else if (f->type == TYPE_ENUM)
		put_choice(m, view, id, json_object_get(f->json, "values"), value);
	else if (f->type == TYPE_LIST && f->item->type == TYPE_ENUM)
		put_checks(m, view, id, json_object_get(f->item->json, "values"), value);
	else if (f->type == TYPE_LIST)
		put_items(m, view, f, id, value);
	else
		put_input(m, view, f, value);
}

/* `list`: the list of which it is an item or an item's member; NULL for a field of the record. */
static json_t *field_view(const struct making *m, const struct field *list, const struct field *f,
	const char *id, const json_t *value)
{
	const json_t *label = json_object_get(f->json, "label");
	json_t *view = bare(words(m, label ? label : json_object_get(list->json, "label")), id);
	bool hint;

	json_put(view, "help", words(m, json_object_get(f->json, "help")));
	json_put(view, "when", words(m, json_object_get(f->json, "when")));
	json_put(view, "required",
		json_boolean(list ? json_is_true(f->required) : standard_requires(f, m->record)));
	put_format(m, view, f);
	put_control(m, view, list, f, id, value);
	hint = !json_is_null(json_object_get(view, "help")) ||
	       !json_is_null(json_object_get(view, "when")) ||
	       !json_is_null(json_object_get(view, "format"));
	json_put(view, "hint", json_boolean(hint));
	put_errors(m, view, id, hint);
	return view;
}

/* --- a policy's questions --- */

static json_t *yes_and_no(const struct form *form)
{
	return json_make("[{s:b, s:{s:s}}, {s:b, s:{s:s}}]", "value", 1, "label", form->lang,
		form->yes, "value", 0, "label", form->lang, form->no);
}

static json_t *heading_of(const struct making *m, const struct policy *p, const char *group)
{
	const json_t *one =
		json_find(json_object_get(policy_questions(p), "groups"), "name", group);

	return one ? words(m, json_object_get(one, "label")) : json_null();
}

static void put_answer(const struct making *m, json_t *view, const json_t *question, const char *id,
	const json_t *value)
{
	const char *type = json_str(question, "type");
	json_auto_t *yes_no = yes_and_no(m->form);

	if (strcmp(type, "bool") == 0) {
		put_choice(m, view, id, yes_no, value);
	} else if (strcmp(type, "choice") == 0) {
		put_choice(m, view, id, json_object_get(question, "values"), value);
	} else if (strcmp(type, "choices") == 0) {
		put_checks(m, view, id, json_object_get(question, "values"), value);
	} else {
		AUTOFREE char *text = form_fact(value);

		json_put(view, "input",
			json_make("{s:s, s:s, s:s, s:b}", "value", text, "type", "text", "mode",
				"numeric", "narrow", 1));
		json_put(view, "single", json_true());
	}
}

static json_t *question_view(const struct making *m, const struct field *f, const struct policy *p,
	const json_t *question, const json_t *facts)
{
	const char *fact = json_str(question, "fact");
	AUTOFREE char *id = mem_printf("%s.%s.%s", f->name, policy_id(p), fact);
	json_t *view = bare(words(m, json_object_get(question, "label")), id);

	json_put(view, "help", words(m, json_object_get(question, "help")));
	json_put(view, "required",
		json_boolean(json_is_true(json_object_get(question, "required"))));
	put_answer(m, view, question, id, json_object_get(facts, fact));
	json_put(view, "hint", json_boolean(!json_is_null(json_object_get(view, "help"))));
	put_errors(m, view, id, !json_is_null(json_object_get(view, "help")));
	return view;
}

/* The questions that apply, given the answers so far. */
static void add_questions(
	const struct making *m, const struct field *f, const struct policy *p, json_t *fields)
{
	const json_t *facts = json_object_get(json_object_get(m->record, f->name), policy_id(p));
	json_auto_t *asked = policy_asked(p, facts);
	const char *group = NULL;
	json_t *view;

	json_each (json_object_get(policy_questions(p), "questions"), question) {
		const char *own = json_str(question, "group");

		if (!policy_asks(question, asked))
			continue;
		view = question_view(m, f, p, question, facts);
		if (own && (!group || strcmp(group, own) != 0))
			json_put(view, "heading", heading_of(m, p, group = own));
		json_push(fields, view);
	}
}

/* --- a step --- */

/* The sentences of problems, or those of hints, by place. */
static json_t *by_place(const json_t *problems, bool hints)
{
	json_t *errors = json_object();

	json_each (problems, problem) {
		const char *at = json_str(problem, "at"), *text = json_str(problem, "text");
		AUTOFREE char *place = at ? form_place(at) : NULL;
		json_t *list = place ? json_object_get(errors, place) : NULL;

		if (!place || !text || json_is_true(json_object_get(problem, "hint")) != hints)
			continue;
		if (!list)
			json_put(errors, place, list = json_array());
		json_push(list, json_text(text));
	}
	return errors;
}

json_t *form_view(const struct form *form, const struct form_step *step, const json_t *record,
	const json_t *problems, const char *more)
{
	json_auto_t *errors = by_place(problems, false), *hints = by_place(problems, true);
	struct making m = {form, record, errors, hints, more};
	json_t *list = json_array();
	size_t n;
	const struct field *fields = standard_fields(form->standard, &n);

	for (size_t i = 0; i < n; i++) {
		if (!form_step_has(step, &fields[i]))
			continue;
		if (fields[i].type == TYPE_ASSESSMENTS)
			add_questions(&m, &fields[i], step->policy, list);
		else
			json_push(list, field_view(&m, NULL, &fields[i], fields[i].name,
						json_object_get(record, fields[i].name)));
	}
	return json_make("{s:o}", "fields", list);
}
