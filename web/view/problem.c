#include "web/view/problem.h"

#include <stdlib.h>
#include <string.h>

static const struct field *member_of(const struct field *f, const char *name, size_t len)
{
	if (f && f->item)
		f = f->item;
	for (size_t i = 0; f && i < f->members_n; i++)
		if (strlen(f->members[i].name) == len && !memcmp(f->members[i].name, name, len))
			return &f->members[i];
	return NULL;
}

static void label_add(const struct field *f, const char *lang, struct buf *out)
{
	const char *used = NULL;
	const char *label = standard_text(json_object_get(f->json, "label"), lang, &used);

	buf_puts(out, label ? label : f->name);
}

/* "risks[2].mitigation.ko" becomes "Risks and mitigations 3 › Mitigation", counting from 1.
 * `language` holds the language at the end. */
static void place_add(const struct field *f, const char *at, const char *lang, struct buf *out)
{
	label_add(f, lang, out);
	at += strcspn(at, "[.");
	while (*at) {
		if (*at == '[') {
			buf_printf(out, " %ld", strtol(at + 1, NULL, 10) + 1);
			at += strcspn(at, "]");
			at += *at == ']';
		} else {
			size_t len = strcspn(++at, "[.");
			const struct field *m = member_of(f, at, len);
			if (m) {
				buf_puts(out, " › ");
				label_add(m, lang, out);
				f = m;
			}
			at += len;
		}
	}
}

/* Words of `lang` for a key such as "lang_ko" or "type.month". */
static const char *word_of(
	const struct view *view, const char *lang, const char *kind, const char *name)
{
	AUTOFREE char *key = mem_printf("%s%s", kind, name ? name : "");

	return name ? view_message(view, lang, key) : NULL;
}

/* Adds "member", the original path, and "language" in words if the path ends in one or the problem
 * names one; else null. */
static void put_place(const struct view *view, const char *lang, const json_t *problem, json_t *out)
{
	const char *at = json_str(problem, "at"), *missing = json_str(problem, "language");
	const char *dot = at ? strrchr(at, '.') : NULL;
	const char *language = word_of(view, lang, "lang_", dot ? dot + 1 : NULL);
	AUTOFREE char *member =
		language ? mem_bytes(at, (size_t)(dot - at)) : mem_text(at ? at : "");

	if (missing)
		language = word_of(view, lang, "lang_", missing);
	json_put(out, "member", json_text(member));
	json_put(out, "language", json_text(language ? language : missing));
}

/* "got" is the name of a JSON type if the type is wrong, otherwise the value itself. */
static void put_types(const struct view *view, const char *lang, const json_t *problem, json_t *out)
{
	const char *wanted = json_str(problem, "wanted"), *got = json_str(problem, "got");
	const char *word = wanted ? word_of(view, lang, "got.", got) : NULL;

	json_put(out, "wanted", json_text(word_of(view, lang, "wanted.", wanted)));
	if (word)
		json_put(out, "got", json_text(word));
}

/* The field, or the member of a field, that is wrong; NULL if the standard does not have it. */
static const struct field *field_at(const struct standard *standard, const json_t *problem)
{
	const char *name = json_str(problem, "field"), *at = json_str(problem, "at"), *dot;
	const struct field *f = name ? standard_field(standard, name) : NULL;

	if (!f || !at)
		return f;
	at += strcspn(at, "[.");
	dot = strchr(at, '.');
	return dot ? member_of(f, dot + 1, strcspn(dot + 1, "[.")) : f->item ? f->item : f;
}

static json_t *label_of(const struct standard *standard, const json_t *problem, const char *lang)
{
	const char *name = json_str(problem, "field"), *at = json_str(problem, "at");
	const struct field *f = name ? standard_field(standard, name) : NULL;
	struct buf out = BUF(4 * KIB);
	json_t *label;

	if (f)
		place_add(f, at ? at : name, lang, &out);
	else
		buf_puts(&out, name ? name : at ? at : "");
	label = json_text(buf_text(&out));
	buf_done(&out);
	return label;
}

/* The meaning of an enum value, or NULL: then the value is the text itself. */
static const json_t *label_of_value(const struct field *f, const char *value)
{
	return json_object_get(
		json_find(f ? json_object_get(f->json, "values") : NULL, "value", value), "label");
}

/* A value such as "got" as text; joins a list with commas. */
static json_t *words_of(const json_t *value)
{
	struct buf out = BUF(4 * KIB);
	json_t *words;

	if (!json_is_array(value))
		return value ? json_incref((json_t *)value) : json_null();
	json_each_at (value, i, v)
		buf_printf(
			&out, "%s%s", i ? ", " : "", json_is_string(v) ? json_string_value(v) : "");
	words = json_text(buf_text(&out));
	buf_done(&out);
	return words;
}

/* "allowed": each value with its label, from the problem ("labels", of a question) or the field. */
static json_t *choices_of(const struct standard *standard, const json_t *problem, const char *lang)
{
	const json_t *values = json_object_get(problem, "allowed"),
		     *labels = json_object_get(problem, "labels");
	const struct field *f = field_at(standard, problem);
	struct buf out = BUF(64 * KIB);
	json_t *words;

	if (!json_is_array(values))
		return words_of(values);
	json_each_at (values, i, v) {
		const char *value = json_is_string(v) ? json_string_value(v) : "";
		const char *label = standard_text(
			labels ? json_array_get(labels, i) : label_of_value(f, value), lang, NULL);

		buf_printf(&out, "%s%s", i ? ", " : "", value);
		if (label)
			buf_printf(&out, " (%s)", label);
	}
	words = json_text(buf_text(&out));
	buf_done(&out);
	return words;
}

/* Adds the details of a policy's problem: its title, the question, the level that it derives. */
static void put_policy(
	const struct view *view, const char *lang, const json_t *problem, json_t *out)
{
	const char *fact = standard_text(json_object_get(problem, "fact"), lang, NULL),
		   *title = standard_text(json_object_get(problem, "title"), lang, NULL),
		   *policy = json_str(problem, "policy");

	json_put(out, "title", json_text(title ? title : policy));
	json_put(out, "policy", json_text(title ? title : policy));
	json_put(out, "policy_id", json_text(policy));
	json_put(out, "fact", json_text(fact));
	json_put(out, "level", json_text(json_str(problem, "level")));
	json_put(out, "why", words_of(json_object_get(problem, "why")));
	json_put(out, "wanted_fact",
		json_text(word_of(view, lang, "answer_type.", json_str(problem, "wanted"))));
}

/* Adds the label of another field that the problem names, or the text of a rule of the standard or
 * of a contradiction. */
static void put_named(
	const struct standard *standard, const json_t *problem, const char *lang, json_t *out)
{
	const char *of = json_str(problem, "of"), *id = json_str(problem, "id");
	const struct field *f = of ? standard_field(standard, of) : NULL;
	const json_t *label = f ? json_object_get(f->json, "label") : NULL;
	const json_t *says =
		id ? standard_rule_message(standard, id) : json_object_get(problem, "says");

	json_put(out, "of", json_text(label ? standard_text(label, lang, NULL) : of));
	json_put(out, "message", json_text(says ? standard_text(says, lang, NULL) : id));
}

/* Forms do not show JSON names: the language tells where a text is. */
static void put_place_in_form(json_t *values)
{
	json_t *language = json_object_get(values, "language");

	json_put(values, "member", language ? json_incref(language) : json_null());
}

/* Adds "got_label" and "level_label": what a form calls these values of the field. */
static void put_labels(
	const struct standard *standard, const json_t *problem, const char *lang, json_t *out)
{
	const struct field *f = field_at(standard, problem);
	const char *got = json_str(problem, "got"), *level = json_str(problem, "level");

	json_put(out, "got_label",
		json_text(got ? standard_text(label_of_value(f, got), lang, NULL) : NULL));
	json_put(out, "level_label",
		json_text(level ? standard_text(label_of_value(f, level), lang, NULL) : NULL));
}

static char *key_of(const struct view *view, const char *lang, const json_t *problem, bool form)
{
	const char *rule = json_str(problem, "rule");
	AUTOFREE char *own = mem_printf("form.%s", rule ? rule : ""),
		      *key = mem_printf("rule.%s", rule ? rule : "");

	if (form && view_message(view, lang, own))
		return TAKE(own);
	return view_message(view, lang, key) ? TAKE(key) : mem_text("rule.other");
}

static json_t *sentence(const struct view *view, const char *lang, const struct standard *standard,
	const json_t *problem, bool form)
{
	AUTOFREE char *key = key_of(view, lang, problem, form), *text = NULL;
	json_t *values = json_object();

	json_put(values, "label", label_of(standard, problem, lang));
	json_put(values, "at", json_text(json_str(problem, "at")));
	put_place(view, lang, problem, values);
	json_put(values, "limit", words_of(json_object_get(problem, "limit")));
	json_put(values, "got", words_of(json_object_get(problem, "got")));
	json_put(values, "system", json_text(json_str(problem, "system")));
	json_put(values, "allowed", choices_of(standard, problem, lang));
	put_types(view, lang, problem, values);
	put_policy(view, lang, problem, values);
	put_named(standard, problem, lang, values);
	put_labels(standard, problem, lang, values);
	if (form)
		put_place_in_form(values);
	if (form && !json_str(problem, "language"))
		json_put(values, "language", json_null());
	text = view_say(view, lang, key, values);
	json_decref(values);
	return json_text(text);
}

static enum err say_all(const struct view *view, const char *lang, const struct standard *standard,
	const json_t *problems, bool form, json_t **out)
{
	json_t *texts;

	ENSURE(json_is_array(problems), ERR_INVALID, "problems are not a list");
	texts = json_array();
	json_each (problems, problem)
		json_push(texts, sentence(view, lang, standard, problem, form));
	*out = texts;
	return OK;
}

enum err problems_text(const struct view *view, const char *lang, const struct standard *standard,
	const json_t *problems, json_t **out)
{
	return say_all(view, lang, standard, problems, false, out);
}

enum err problems_in_form(const struct view *view, const char *lang,
	const struct standard *standard, const json_t *problems, json_t **out)
{
	return say_all(view, lang, standard, problems, true, out);
}
