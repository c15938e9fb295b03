#include "web/office/form.h"

#include "base/buf.h"

#include <stdio.h>
#include <string.h>

#define POLICY_STEP "policy-"

static const json_t *groups_of(const struct form *form)
{
	return json_object_get(standard_json(form->standard), "groups");
}

size_t form_steps_n(const struct form *form)
{
	return json_array_size(groups_of(form)) + form->policies_n;
}

void form_step(const struct form *form, size_t i, struct form_step *out)
{
	size_t groups = json_array_size(groups_of(form));

	*out = (struct form_step){0};
	if (i < groups) {
		out->group = json_array_get(groups_of(form), i);
		snprintf(out->name, sizeof(out->name), "%s", json_str(out->group, "name"));
	} else {
		out->policy = form->policies[i - groups];
		snprintf(out->name, sizeof(out->name), POLICY_STEP "%s", policy_id(out->policy));
	}
}

enum err form_step_named(const struct form *form, const char *name, struct form_step *out)
{
	for (size_t i = 0; i < form_steps_n(form); i++) {
		form_step(form, i, out);
		if (strcmp(out->name, name) == 0)
			return OK;
	}
	return fail(ERR_NOT_FOUND, "the form has no step \"%.100s\"", name);
}

bool form_step_has(const struct form_step *step, const struct field *f)
{
	if (f->automatic)
		return false;
	if (step->names)
		return f->type != TYPE_ASSESSMENTS && json_has_text(step->names, f->name);
	if (f->type == TYPE_ASSESSMENTS)
		return step->policy != NULL;
	return step->group && strcmp(json_str(step->group, "name"), f->group) == 0;
}

bool form_step_of_problem(const struct form *form, const json_t *problem, struct form_step *out)
{
	const char *name = json_str(problem, "field"), *policy = json_str(problem, "policy");
	const struct field *f = name ? standard_field(form->standard, name) : NULL;

	for (size_t i = 0; f && i < form_steps_n(form); i++) {
		form_step(form, i, out);
		if (form_step_has(out, f) &&
			(!out->policy || (policy && strcmp(policy, policy_id(out->policy)) == 0)))
			return true;
	}
	return false;
}

char *form_place(const char *at)
{
	struct buf out = BUF(FORM_NAME);

	for (; *at; at++)
		if (*at != ']')
			buf_putc(&out, *at == '[' ? '.' : *at);
	return buf_take(&out);
}

/* standard.h defines these lists. */
const char *form_list_of(const struct form *form, const char *item)
{
	AUTOFREE char *name = item ? mem_bytes(item, strcspn(item, ".")) : NULL;
	const struct field *f = name ? standard_field(form->standard, name) : NULL;

	return f ? f->name : NULL;
}

bool form_names_field(const struct field *list, const struct field *member)
{
	return member->type == TYPE_CODE && strcmp(member->name, "field") == 0 &&
	       (strcmp(list->name, FIELD_WITHHELD) == 0 ||
		       strcmp(list->name, FIELD_TRANSLATIONS) == 0 ||
		       strcmp(list->name, FIELD_STATED) == 0);
}

bool form_names_language(const struct field *list, const struct field *member)
{
	return member->type == TYPE_CODE && strcmp(member->name, "language") == 0 &&
	       strcmp(list->name, FIELD_TRANSLATIONS) == 0;
}

static bool has_type(const struct field *f, enum field_type type)
{
	for (size_t i = 0; i < f->members_n; i++)
		if (has_type(&f->members[i], type))
			return true;
	return f->type == type || (f->item && has_type(f->item, type));
}

bool form_has_texts(const struct field *f)
{
	return has_type(f, TYPE_TEXT) || has_type(f, TYPE_MARKDOWN);
}

bool form_has_markdown(const struct field *f)
{
	return has_type(f, TYPE_MARKDOWN);
}

static bool is_among(const char *const *list, size_t n, const char *one)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], one) == 0)
			return true;
	return false;
}

size_t form_languages_of(
	const struct form *form, const json_t *text, const char *out[FORM_LANGUAGES])
{
	size_t n = 0;

	for (; n < form->languages_n; n++)
		out[n] = form->languages[n];
	json_members (text, tag, value) {
		if (n < FORM_LANGUAGES && !is_among(out, n, tag))
			out[n++] = tag;
	}
	return n;
}

char *form_fact(const json_t *value)
{
	if (json_is_boolean(value))
		return mem_text(json_is_true(value) ? "true" : "false");
	if (json_is_integer(value))
		return mem_printf("%lld", (long long)json_integer_value(value));
	return mem_text(json_is_string(value) ? json_string_value(value) : "");
}
