/* form_read() of form.h: from a form to the record.
 *
 * The code walks the standard and the policies, and looks up the input for each value that they
 * define. It never looks at other names, so nobody can add unknown members by sending them. A value
 * without an input keeps its old value. */
#include "web/office/form.h"

#include "base/buf.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	const struct form *form;
	const struct form_body *body;
	const char *without;
};

/* Each of these returns the new value, NULL for none; `old` is the previous one, or NULL. */
static json_t *read_value(
	const struct reading *r, const struct field *f, const char *id, const json_t *old);

static json_t *keep(const json_t *old)
{
	return old ? json_incref((json_t *)old) : NULL;
}

static json_t *read_line(const struct reading *r, const char *id, const json_t *old)
{
	const char *sent = form_body_value(r->body, id);
	AUTOFREE char *text = sent ? text_trimmed(sent) : NULL;

	if (!text)
		return keep(old);
	if (*text)
		return json_text(text);
	/* The form does not show values of another type, so an empty input did not remove one. */
	return old && !json_is_string(old) ? keep(old) : NULL;
}

/* A line end in a one-line text becomes a space, so that pasted lines become one. */
static char *as_lines(const struct field *f, const char *sent)
{
	char *text = mem_text(sent);

	for (char *p = text; f->type == TYPE_TEXT && *p; p++)
		if (*p == '\n')
			*p = ' ';
	return text;
}

static bool set_text(const struct field *f, const char *sent, const char *lang, json_t *texts)
{
	bool some = text_is_visible(sent);
	AUTOFREE char *text = as_lines(f, sent);

	if (some)
		json_put(texts, lang, json_text(text));
	else
		json_object_del(texts, lang);
	return some;
}

static json_t *read_texts(
	const struct reading *r, const struct field *f, const char *id, const json_t *old)
{
	json_auto_t *texts = json_is_object(old) ? json_copy((json_t *)old) : json_object();
	const char *languages[FORM_LANGUAGES];
	size_t n = form_languages_of(r->form, old, languages);
	bool any = false, some = false;

	for (size_t i = 0; i < n; i++) {
		AUTOFREE char *own = mem_printf("%s.%s", id, languages[i]);
		const char *sent = form_body_value(r->body, own);

		any |= sent != NULL;
		some |= sent && set_text(f, sent, languages[i], texts);
	}
	if (!any || (!some && old && !json_is_object(old)))
		return keep(old);
	return json_object_size(texts) ? json_incref(texts) : NULL;
}

/* --- multiple choices --- */

static bool is_sent(const struct form_input *inputs, size_t n, const json_t *value)
{
	AUTOFREE char *code = form_fact(value);

	for (size_t i = 0; i < n; i++)
		if (strcmp(inputs[i].value, code) == 0)
			return *code != '\0';
	return false;
}

static bool holds(const json_t *list, const char *code)
{
	json_each (list, one) {
		AUTOFREE char *own = form_fact(one);

		if (strcmp(own, code) == 0)
			return true;
	}
	return false;
}

/* Values that were chosen before keep their order. */
static json_t *read_checks(const struct reading *r, const char *id, const json_t *old)
{
	size_t n;
	const struct form_input *inputs = form_body_values(r->body, id, &n);
	json_t *list;

	if (!inputs)
		return keep(old);
	list = json_array();
	json_each (old, one) {
		if (is_sent(inputs, n, one))
			json_push(list, json_incref(one));
	}
	for (size_t i = 0; i < n && json_array_size(list) < FORM_ITEMS; i++)
		if (*inputs[i].value && !holds(list, inputs[i].value))
			json_push(list, json_text(inputs[i].value));
	if (json_array_size(list))
		return list;
	json_decref(list);
	/* An explicit "none" of before differs from no answer. */
	return old && (!json_is_array(old) || !json_array_size(old)) ? keep(old) : NULL;
}

/* --- lists and objects --- */

static json_t *read_object(
	const struct reading *r, const struct field *f, const char *id, const json_t *old)
{
	json_auto_t *object = json_is_object(old) ? json_copy((json_t *)old) : json_object();

	for (size_t i = 0; i < f->members_n; i++) {
		const struct field *m = &f->members[i];
		AUTOFREE char *own = mem_printf("%s.%s", id, m->name);
		json_t *value = read_value(r, m, own, json_object_get(old, m->name));

		if (value)
			json_put(object, m->name, value);
		else
			json_object_del(object, m->name);
	}
	return json_object_size(object) ? json_incref(object) : NULL;
}

static json_t *read_list(
	const struct reading *r, const struct field *f, const char *id, const json_t *old)
{
	json_auto_t *list = json_array();
	size_t n = json_array_size(old);

	if (!form_body_value(r->body, id))
		return keep(old);
	for (size_t i = 0; i < FORM_ITEMS; i++) {
		AUTOFREE char *own = mem_printf("%s.%zu", id, i);
		json_t *item;

		if (!form_body_has(r->body, own) || (r->without && !strcmp(r->without, own)))
			continue;
		item = read_value(r, f->item, own, i < n ? json_array_get(old, i) : NULL);
		if (item)
			json_push(list, item);
	}
	if (json_array_size(list) == 0)
		return old && !json_is_array(old) ? keep(old) : NULL;
	return json_incref(list);
}

static json_t *read_value(
	const struct reading *r, const struct field *f, const char *id, const json_t *old)
{
	switch (f->type) {
	case TYPE_TEXT:
	case TYPE_MARKDOWN:
		return read_texts(r, f, id, old);
	case TYPE_LIST:
		return f->item->type == TYPE_ENUM ? read_checks(r, id, old)
		                                  : read_list(r, f, id, old);
	case TYPE_OBJECT:
		return read_object(r, f, id, old);
	case TYPE_ASSESSMENTS: /* by read_policy() */
		return keep(old);
	default:
		return read_line(r, id, old);
	}
}

/* --- a policy's facts --- */

static json_t *read_number(const char *text)
{
	char *end;
	long long n;

	if (strlen(text) > 15)
		return json_text(text);
	n = strtoll(text, &end, 10);
	return *end ? json_text(text) : json_integer(n);
}

static json_t *read_fact(
	const struct reading *r, const json_t *question, const char *id, const json_t *old)
{
	const char *type = json_str(question, "type");
	json_t *line;

	if (strcmp(type, "choices") == 0)
		return read_checks(r, id, old);
	if (!form_body_value(r->body, id))
		return keep(old);
	line = read_line(r, id, NULL);
	if (line && strcmp(type, "integer") == 0) {
		json_t *number = read_number(json_string_value(line));

		json_decref(line);
		return number;
	}
	if (line && strcmp(type, "bool") == 0) {
		const char *said = json_string_value(line);
		json_t *fact = strcmp(said, "true") == 0    ? json_true()
		               : strcmp(said, "false") == 0 ? json_false()
		                                            : keep(old);

		json_decref(line);
		return fact;
	}
	return line;
}

/* A step that was sent without a single answer still counts as answered. */
static void read_policy(
	const struct reading *r, const struct field *f, const struct policy *p, json_t *record)
{
	const json_t *old = json_object_get(json_object_get(record, f->name), policy_id(p));
	json_auto_t *facts = json_is_object(old) ? json_copy((json_t *)old) : json_object();
	json_t *all;
	bool any = false;

	json_each (json_object_get(policy_questions(p), "questions"), question) {
		const char *fact = json_str(question, "fact");
		AUTOFREE char *id = mem_printf("%s.%s.%s", f->name, policy_id(p), fact);
		json_t *value = read_fact(r, question, id, json_object_get(facts, fact));

		any |= form_body_value(r->body, id) != NULL;
		if (value)
			json_put(facts, fact, value);
		else
			json_object_del(facts, fact);
	}
	if (!any)
		return;
	all = json_object_get(record, f->name);
	if (!json_is_object(all))
		json_put(record, f->name, all = json_object());
	json_put(all, policy_id(p), json_incref(facts));
}

/* --- a step --- */

static void read_field(const struct reading *r, const struct form_step *step, const struct field *f,
	json_t *record)
{
	json_t *value;

	if (f->type == TYPE_ASSESSMENTS) {
		read_policy(r, f, step->policy, record);
		return;
	}
	value = read_value(r, f, f->name, json_object_get(record, f->name));
	if (value)
		json_put(record, f->name, value);
	else
		json_object_del(record, f->name);
}

enum err form_read(const struct form *form, const struct form_step *step,
	const struct form_body *body, const char *without, json_t *record)
{
	const struct reading r = {form, body, without};
	json_auto_t *changed = json_deep_copy(record);
	size_t n;
	const struct field *fields = standard_fields(form->standard, &n);

	for (size_t i = 0; i < n; i++)
		if (form_step_has(step, &fields[i]))
			read_field(&r, step, &fields[i], changed);
	TRY(json_stream_safe(changed));
	json_settle(changed);
	json_object_clear(record);
	json_object_update(record, changed);
	return OK;
}
