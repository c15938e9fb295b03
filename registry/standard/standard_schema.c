/* standard_schema.c - a standard as JSON Schema 2020-12, for other tools.
 *
 * It has all rules of standard_check() for filings except those that JSON Schema cannot express:
 * the order of two dates, the present day, the content of Markdown texts, limits in bytes. */
#include "base/languages.h"
#include "registry/standard/assessments.h"
#include "registry/standard/check_parts.h"
#include "registry/standard/form.h"
#include "registry/standard/standard_parts.h"
#include "registry/standard/type.h"

/* The characters that text_forbidden() refuses, except line breaks and tabs. */
#define FORBIDDEN                                                                           \
	"\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u202a-\\u202e" \
	"\\u180e\\u2066-\\u206f\\ufeff\\u2028\\u2029\\ufdd0-\\ufdef"                        \
	"\\ufff9-\\ufffb\\ufffe\\uffff\\u{e0000}-\\u{e007f}"                                \
	"\\u{1fffe}\\u{1ffff}\\u{2fffe}\\u{2ffff}\\u{3fffe}\\u{3ffff}\\u{4fffe}\\u{4ffff}"  \
	"\\u{5fffe}\\u{5ffff}\\u{6fffe}\\u{6ffff}\\u{7fffe}\\u{7ffff}\\u{8fffe}\\u{8ffff}"  \
	"\\u{9fffe}\\u{9ffff}\\u{afffe}\\u{affff}\\u{bfffe}\\u{bffff}\\u{cfffe}\\u{cffff}"  \
	"\\u{dfffe}\\u{dffff}\\u{efffe}\\u{effff}\\u{ffffe}\\u{fffff}\\u{10fffe}\\u{10ffff}"
#define SAYS_SOMETHING "[^ \\t\\n\\r\\u00a0\\u3000]"
#define LABEL "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
#define ATOM "[A-Za-z0-9!#$%&*+/=?^_{|}~-]+"
#define LOCAL ATOM "(\\." ATOM ")*"
static const char *const mail[] = {
	"^" LOCAL "@" LABEL "(\\." LABEL ")+$", "^.{1,64}@", "@.{1,253}$"};

/* --- small schemas --- */

static json_t *ref(const char *name)
{
	AUTOFREE char *to = mem_printf("#/$defs/%s", name);

	return json_make("{s:s}", "$ref", to);
}

static json_t *patterns(const char *const *list, size_t n)
{
	json_t *all = json_array();

	for (size_t i = 0; i < n && list[i]; i++)
		json_push(all, json_make("{s:s}", "pattern", list[i]));
	return all;
}

static json_t *defs(void)
{
	json_t *out = json_object();

	json_put(
		out, "language", json_make("{s:s}", "pattern", "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$"));
	json_put(out, "lines",
		json_make("{s:s, s:[{s:s}, {s:s}]}", "type", "string", "allOf", "pattern",
			"^[^" FORBIDDEN "]*$", "pattern", SAYS_SOMETHING));
	json_put(out, "line",
		json_make("{s:s, s:s}", "$ref", "#/$defs/lines", "pattern", "^[^\\n\\t]*$"));
	for (size_t i = 0; i < TYPES; i++)
		if (field_types[i].patterns[0])
			json_put(out, field_types[i].name,
				json_make("{s:s, s:o}", "$ref", "#/$defs/line", "allOf",
					patterns(field_types[i].patterns,
						COUNT(field_types[i].patterns))));
	json_put(out, "contact",
		json_make("{s:s, s:[{s:s}, {s:o}]}", "$ref", "#/$defs/line", "anyOf", "$ref",
			"#/$defs/url", "allOf", patterns(mail, COUNT(mail))));
	return out;
}

static json_t *string_schema(const char *of, int64_t max)
{
	json_t *schema = ref(of);

	if (max)
		json_put(schema, "maxLength", json_integer(max));
	return schema;
}

static json_t *value_schema(const struct standard *s, const struct field *f);

/* Texts by language; a filing needs one in the standard's own language. */
static json_t *texts_schema(const struct standard *s, const struct field *f)
{
	json_t *schema = json_make("{s:s, s:i, s:i, s:o, s:o}", "type", "object", "minProperties",
		1, "maxProperties", LANGUAGES_MAX, "propertyNames", ref("language"),
		"additionalProperties",
		string_schema(f->type == TYPE_MARKDOWN ? "lines" : "line", f->max));
	const char *language = json_str(s->json, "language");

	if (language)
		json_put(schema, "required", json_make("[s]", language));
	return schema;
}

static json_t *enum_schema(const struct field *f)
{
	json_t *values = json_array();

	json_each (json_object_get(f->json, "values"), value)
		json_push(values, json_incref(json_object_get(value, "value")));
	return json_make("{s:o}", "enum", values);
}

static json_t *list_schema(const struct standard *s, const struct field *f)
{
	json_t *schema =
		json_make("{s:s, s:o}", "type", "array", "items", value_schema(s, f->item));

	if (f->max)
		json_put(schema, "maxItems", json_integer(f->max));
	return schema;
}

static json_t *object_schema(const struct standard *s, const struct field *f)
{
	json_t *members = json_object(), *required = json_array(), *schema;

	for (size_t i = 0; i < f->members_n; i++) {
		json_put(members, f->members[i].name, value_schema(s, &f->members[i]));
		if (json_is_true(f->members[i].required))
			json_push(required, json_text(f->members[i].name));
	}
	schema = json_make("{s:s, s:o, s:b}", "type", "object", "properties", members,
		"additionalProperties", 0);
	json_put(schema, "required", required);
	return schema;
}

static json_t *assessments_schema(void)
{
	json_t *code = string_schema("line", FACT_CODE);
	json_t *fact = json_make("[{s:s}, {s:s, s:I, s:I}, {s:s, s:i, s:b, s:O}, o]", "type",
		"boolean", "type", "integer", "minimum", -(json_int_t)FACT_NUMBER, "maximum",
		(json_int_t)FACT_NUMBER, "type", "array", "maxItems", FACT_CODES, "uniqueItems", 1,
		"items", code, code);
	json_t *facts = json_make("{s:s, s:i, s:{s:s}, s:{s:o}}", "type", "object", "maxProperties",
		FACTS_MAX, "propertyNames", "pattern", "^[A-Za-z0-9_.\\-]{1,80}$",
		"additionalProperties", "anyOf", fact);

	return json_make("{s:s, s:i, s:{s:s, s:i}, s:o}", "type", "object", "maxProperties",
		POLICIES_MAX, "propertyNames", "pattern", "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength",
		SLUG_MAX, "additionalProperties", facts);
}

static json_t *value_schema(const struct standard *s, const struct field *f)
{
	switch (f->type) {
	case TYPE_TEXT:
	case TYPE_MARKDOWN:
		return texts_schema(s, f);
	case TYPE_ENUM:
		return enum_schema(f);
	case TYPE_LIST:
		return list_schema(s, f);
	case TYPE_OBJECT:
		return object_schema(s, f);
	case TYPE_ASSESSMENTS:
		return assessments_schema();
	case TYPE_CODE:
		return string_schema("line", f->max);
	default:
		return string_schema(field_types[f->type].name, f->max);
	}
}

/* --- rules between fields --- */

/* The record withholds the field, where that is allowed. */
static json_t *withheld_schema(const char *field)
{
	return json_make("{s:[s], s:{s:{s:{s:[s, s, s], s:{s:{s:s}}}}}}", "required",
		FIELD_WITHHELD, "properties", FIELD_WITHHELD, "contains", "required", "field",
		"reason", "legal_basis", "properties", "field", "const", field);
}

static bool may_be_withheld(const struct standard *s, const struct field *f)
{
	const json_t *never = json_object_get(s->json, "never_withheld");

	return never && !f->automatic && !json_has_text(never, f->name);
}

/* `asked`, or the field is withheld, if that is allowed. */
static json_t *unless_withheld(const struct standard *s, const struct field *f, json_t *asked)
{
	if (!may_be_withheld(s, f))
		return asked;
	return json_make("{s:[o, o]}", "anyOf", asked, withheld_schema(f->name));
}

static json_t *filled_schema(const struct field *f)
{
	json_t *filled = json_make("{s:[s]}", "required", f->name);

	if (f->type == TYPE_LIST)
		json_put(filled, "properties", json_make("{s:{s:i}}", f->name, "minItems", 1));
	if (f->type == TYPE_ASSESSMENTS)
		json_put(filled, "properties", json_make("{s:{s:i}}", f->name, "minProperties", 1));
	return filled;
}

static json_t *condition_schema(const json_t *condition)
{
	json_t *properties = json_object(), *required = json_array();

	json_members (condition, name, values) {
		json_put(properties, name, json_make("{s:O}", "enum", values));
		json_push(required, json_text(name));
	}
	return json_make("{s:o, s:o}", "properties", properties, "required", required);
}

static void add_required(const struct standard *s, const struct field *f, json_t *all)
{
	json_t *asked;

	if (json_is_false(f->required))
		return;
	asked = unless_withheld(s, f, filled_schema(f));
	if (json_is_object(f->required))
		asked = json_make("{s:o, s:o}", "if", condition_schema(f->required), "then", asked);
	json_push(all, asked);
}

/* A field is withheld at most once, and then not filled in. */
static void add_withheld(const struct field *f, json_t *all)
{
	json_push(all, json_make("{s:{s:{s:{s:{s:{s:s}}, s:[s]}, s:i, s:i}}}", "properties",
			       FIELD_WITHHELD, "contains", "properties", "field", "const", f->name,
			       "required", "field", "minContains", 0, "maxContains", 1));
	json_push(all, json_make("{s:{s:[s], s:{s:{s:{s:[s], s:{s:{s:s}}}}}}, s:{s:{s:[s]}}}", "if",
			       "required", FIELD_WITHHELD, "properties", FIELD_WITHHELD, "contains",
			       "required", "field", "properties", "field", "const", f->name, "then",
			       "not", "required", f->name));
}

static void add_all_withheld(const struct standard *s, json_t *all)
{
	json_t *names = json_array();

	if (!json_object_get(s->json, "never_withheld") || !standard_field(s, FIELD_WITHHELD)) {
		json_decref(names);
		return;
	}
	for (size_t i = 0; i < s->n; i++)
		if (may_be_withheld(s, &s->fields[i])) {
			json_push(names, json_text(s->fields[i].name));
			add_withheld(&s->fields[i], all);
		}
	json_push(all, json_make("{s:{s:{s:{s:{s:{s:o}}}}}}", "properties", FIELD_WITHHELD, "items",
			       "properties", "field", "enum", names));
}

static void add_translations(const struct standard *s, json_t *all)
{
	json_t *names = json_array();

	if (!standard_field(s, FIELD_TRANSLATIONS)) {
		json_decref(names);
		return;
	}
	for (size_t i = 0; i < s->n; i++)
		if (!s->fields[i].automatic && has_texts(&s->fields[i]))
			json_push(names, json_text(s->fields[i].name));
	json_push(all, json_make("{s:{s:{s:{s:{s:{s:o}, s:o}}}}}", "properties", FIELD_TRANSLATIONS,
			       "items", "properties", "field", "enum", names, "language",
			       ref("language")));
}

static void add_stated(const struct standard *s, json_t *all)
{
	json_t *names;

	if (!standard_field(s, FIELD_STATED))
		return;
	names = json_array();
	for (size_t i = 0; i < s->n; i++)
		if (!s->fields[i].automatic)
			json_push(names, json_text(s->fields[i].name));
	json_push(all, json_make("{s:{s:{s:{s:{s:{s:o}}}}}}", "properties", FIELD_STATED, "items",
			       "properties", "field", "enum", names));
}

static void add_rule(const struct standard *s, const struct rule *rule, json_t *all)
{
	json_t *then, *schema;

	if (!rule->schema)
		return;
	then = json_incref(json_object_get(rule->json, "then"));
	schema = json_make("{s:s, s:O, s:o}", "$comment", json_str(rule->json, "id"), "if",
		json_object_get(rule->json, "if"), "then", unless_withheld(s, rule->field, then));
	json_push(all, schema);
}

/* --- the whole --- */

static json_t *in_all(const json_t *texts)
{
	AUTO(buf) all = BUF(64 * KIB);

	for (size_t i = 0; i < languages_n; i++) {
		const char *text = json_str(texts, languages[i].code);

		if (text)
			buf_printf(&all, "%s%s", all.len ? " / " : "", text);
	}
	return json_text(buf_text(&all));
}

static json_t *properties(const struct standard *s)
{
	json_t *out = json_object();

	for (size_t i = 0; i < s->n; i++) {
		const struct field *f = &s->fields[i];
		json_t *schema;

		if (f->automatic)
			continue;
		schema = value_schema(s, f);
		json_put(schema, "title", in_all(json_object_get(f->json, "label")));
		json_put(schema, "description", in_all(json_object_get(f->json, "help")));
		json_put(out, f->name, schema);
	}
	return out;
}

json_t *standard_schema(const struct standard *s)
{
	json_t *all = json_array();
	json_t *schema = json_make("{s:s, s:o, s:s, s:s, s:o, s:b}", "$schema", SCHEMA_DIALECT,
		"title", in_all(json_object_get(s->json, "title")), "$comment",
		"What a filed record must be. The register also holds it to the order of dates, to "
		"limits in bytes and to what its Markdown may contain.",
		"type", "object", "properties", properties(s), "additionalProperties", 0);

	for (size_t i = 0; i < s->n; i++)
		add_required(s, &s->fields[i], all);
	add_all_withheld(s, all);
	add_translations(s, all);
	add_stated(s, all);
	for (size_t i = 0; i < s->rules_n; i++)
		add_rule(s, &s->rules[i], all);
	if (json_array_size(all))
		json_put(schema, "allOf", json_incref(all));
	json_decref(all);
	json_put(schema, "$defs", defs());
	return schema;
}
