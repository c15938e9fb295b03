#include "registry/policy/policy.h"

#include "base/languages.h"
#include "registry/standard/form.h"
#include "registry/standard/standard.h"

#include <stdlib.h>
#include <string.h>

#define VALUES_MAX 400
#define PLACE 200

const char *const policy_files[4] = {"questions.json", "rule.jq", "cases.json", "README.md"};
#define README_SPLIT "<!-- en -->"

struct policy {
	json_t *content, *questions, *cases;
};

/* --- the form of its files --- */

enum kind { STRING, TEXTS, OBJECT, LIST, FLAG, INTEGER, LEVEL, ANY };
/* clang-format off */
static const char *const kind_names[] = {
	[STRING] = "a text that is not empty", [TEXTS] = "an object of texts, one in each language",
	[OBJECT] = "an object", [LIST] = "a list", [FLAG] = "true or false", [INTEGER] = "a whole number",
	[LEVEL] = "a text or a whole number", [ANY] = "a value",
};
struct part {
	const char *name;
	enum kind kind;
	bool must;
};
static const struct part of_file[] = {
	{"policy", STRING, true}, {"version", INTEGER, true}, {"title", TEXTS, true},
	{"about", TEXTS, true}, {"not_binding", TEXTS, false}, {"source", OBJECT, true}, {"levels", LIST, true},
	{"groups", LIST, false}, {"questions", LIST, true}, {"logged", OBJECT, false}, {0}};
static const struct part of_logged[] = {
	{"claimed", STRING, true}, {"same", LIST, true}, {"any", LIST, true}, {0}};
static const struct part of_source[] = {{"title", TEXTS, true}, {"url", STRING, false}, {0}};
static const struct part of_level[] = {
	{"level", LEVEL, true}, {"risk", STRING, true}, {"label", TEXTS, true}, {"help", TEXTS, false}, {0}};
static const struct part of_group[] = {{"name", STRING, true}, {"label", TEXTS, true}, {0}};
static const struct part of_question[] = {
	{"fact", STRING, true}, {"type", STRING, true}, {"group", STRING, false},
	{"required", FLAG, false}, {"label", TEXTS, true}, {"help", TEXTS, false},
	{"basis", STRING, false}, {"when", OBJECT, false}, {"values", LIST, false},
	{"min", INTEGER, false}, {"max", INTEGER, false}, {0}};
static const struct part of_value[] = {
	{"value", STRING, true}, {"label", TEXTS, true}, {"help", TEXTS, false}, {0}};
static const struct part of_case[] = {
	{"name", STRING, true}, {"facts", ANY, false}, {"record", ANY, false},
	{"expect", OBJECT, true}, {0}};
/* clang-format on */
static const char *const risks[] = {"minimal", "limited", "high", "prohibited"};
static const char *const types[] = {"bool", "choice", "choices", "integer"};

static bool is_one_of(const char *s, const char *const *list, size_t n)
{
	for (size_t i = 0; s && i < n; i++)
		if (strcmp(s, list[i]) == 0)
			return true;
	return false;
}

static bool is_string(const json_t *value)
{
	return json_string_length(value) > 0;
}

static bool is_kind(const json_t *value, enum kind kind)
{
	switch (kind) {
	case STRING:
		return is_string(value);
	case TEXTS:
		return json_is_object(value) && !texts_lack(value);
	case OBJECT:
		return json_is_object(value);
	case LIST:
		return json_is_array(value);
	case FLAG:
		return json_is_boolean(value);
	case INTEGER:
		return json_is_integer(value);
	case LEVEL:
		return is_string(value) || json_is_integer(value);
	case ANY:
		return true;
	}
	return false;
}

static const struct part *part_named(const struct part *parts, const char *name)
{
	for (; parts->name; parts++)
		if (strcmp(parts->name, name) == 0)
			return parts;
	return NULL;
}

static enum err check_parts(const json_t *value, const struct part *parts, const char *place)
{
	ENSURE(json_is_object(value), ERR_INVALID, "%s: must be an object", place);
	json_members (value, name, item) {
		const struct part *part = part_named(parts, name);

		ENSURE(part, ERR_INVALID, "%s: unknown member \"%.60s\"", place, name);
		ENSURE(part->kind != TEXTS || !json_is_object(item) || !texts_lack(item),
			ERR_INVALID, "%s: \"%s\" has no text in the language \"%s\"", place, name,
			texts_lack(item));
		ENSURE(is_kind(item, part->kind), ERR_INVALID, "%s: \"%s\" must be %s", place, name,
			err_text(kind_names[part->kind]));
	}
	for (; parts->name; parts++)
		ENSURE(!parts->must || json_object_get(value, parts->name), ERR_INVALID,
			"%s: \"%s\" is missing", place, parts->name);
	return OK;
}

/* Checks every item by the same rules; no two may have the same `key`. */
static enum err check_items(
	const json_t *list, const struct part *parts, const char *key, const char *name)
{
	char place[PLACE];

	ENSURE(json_array_size(list) <= VALUES_MAX, ERR_INVALID, "%s: at most %d", name,
		VALUES_MAX);
	json_each_at (list, i, item) {
		snprintf(place, sizeof(place), "%.150s[%zu]", name, i);
		TRY(check_parts(item, parts, place));
		json_each_at (list, j, other) {
			if (j == i)
				break;
			ENSURE(!json_equal(json_object_get(item, key), json_object_get(other, key)),
				ERR_INVALID, "%s: its \"%s\" is there twice", place, key);
		}
	}
	return OK;
}

static enum err check_level(const json_t *level, size_t i)
{
	ENSURE(is_one_of(json_str(level, "risk"), risks, COUNT(risks)), ERR_INVALID,
		"questions.json: levels[%zu]: \"risk\" must be prohibited, high, limited or "
		"minimal",
		i);
	return OK;
}

bool policy_has_value(const json_t *question, const json_t *value)
{
	const char *type = json_str(question, "type");

	if (strcmp(type, "bool") == 0)
		return json_is_boolean(value);
	if (strcmp(type, "integer") == 0)
		return json_is_integer(value);
	json_each (json_object_get(question, "values"), one) {
		if (json_equal(json_object_get(one, "value"), value))
			return true;
	}
	return false;
}

/* A question may depend only on earlier ones, so that one pass asks them all. */
static enum err check_when(const json_t *questions, size_t i, const char *place)
{
	const json_t *when = json_object_get(json_array_get(questions, i), "when");

	json_members (when, fact, values) {
		const json_t *other = NULL;

		for (size_t j = 0; j < i && !other; j++)
			if (strcmp(json_str(json_array_get(questions, j), "fact"), fact) == 0)
				other = json_array_get(questions, j);
		ENSURE(other, ERR_INVALID, "%s: \"when\" names \"%.80s\", which is no earlier fact",
			place, fact);
		ENSURE(json_array_size(values) > 0, ERR_INVALID,
			"%s: \"when\" needs a list of values of %.80s", place, fact);
		json_each (values, value)
			ENSURE(policy_has_value(other, value), ERR_INVALID,
				"%s: \"when\" names a value that %.80s does not have", place, fact);
	}
	return OK;
}

static enum err check_question(const json_t *questions, size_t i)
{
	const json_t *q = json_array_get(questions, i), *values = json_object_get(q, "values");
	const char *type = json_str(q, "type");
	char place[PLACE];
	bool listed;

	snprintf(place, sizeof(place), "questions.json: questions[%zu] (%.80s)", i,
		json_str(q, "fact"));
	ENSURE(is_one_of(type, types, COUNT(types)), ERR_INVALID,
		"%s: \"type\" must be bool, choice, choices or integer", place);
	listed = strncmp(type, "choice", 6) == 0;
	ENSURE(listed == (values != NULL), ERR_INVALID,
		listed ? "%s: a choice needs \"values\"" : "%s: only a choice has \"values\"",
		place);
	TRY(check_items(values, of_value, "value", place));
	return check_when(questions, i, place);
}

static enum err check_names(const json_t *list, const char *name, const char *place)
{
	ENSURE(json_array_size(list) > 0, ERR_INVALID, "%s: \"%s\" is empty", place, name);
	json_each_at (list, i, one)
		ENSURE(is_string(one), ERR_INVALID, "%s: %s[%zu] must be a member's name", place,
			name, i);
	return OK;
}

static enum err check_logged(const json_t *logged)
{
	json_members (logged, field, how) {
		char place[PLACE];

		snprintf(place, sizeof(place), "questions.json: logged.%.80s", field);
		TRY(check_parts(how, of_logged, place));
		TRY(check_names(json_object_get(how, "same"), "same", place));
		TRY(check_names(json_object_get(how, "any"), "any", place));
	}
	return OK;
}

static enum err check_questions(const json_t *file)
{
	const json_t *source = json_object_get(file, "source"), *list;
	json_t *level;
	size_t i;

	TRY(check_parts(file, of_file, "questions.json"));
	ENSURE(slug_valid(json_str(file, "policy")), ERR_INVALID,
		"questions.json: \"policy\" must be its name: small letters, digits and hyphens");
	TRY(check_parts(source, of_source, "questions.json: source"));
	TRY(check_items(
		json_object_get(file, "levels"), of_level, "level", "questions.json: levels"));
	json_array_foreach (json_object_get(file, "levels"), i, level)
		TRY(check_level(level, i));
	ENSURE(i > 0, ERR_INVALID, "questions.json: \"levels\" is empty");
	TRY(check_items(
		json_object_get(file, "groups"), of_group, "name", "questions.json: groups"));
	list = json_object_get(file, "questions");
	TRY(check_items(list, of_question, "fact", "questions.json: questions"));
	for (i = 0; i < json_array_size(list); i++)
		TRY(check_question(list, i));
	return check_logged(json_object_get(file, "logged"));
}

static enum err check_cases(const json_t *cases)
{
	ENSURE(json_array_size(cases) > 0, ERR_INVALID, "cases.json: must be a list of cases");
	json_each_at (cases, i, one) {
		char place[PLACE];

		snprintf(place, sizeof(place), "cases.json: [%zu]", i);
		TRY(check_parts(one, of_case, place));
		ENSURE(!json_object_get(one, "facts") != !json_object_get(one, "record"),
			ERR_INVALID, "%s: needs either \"facts\" or \"record\"", place);
	}
	return OK;
}

static enum err read_json(const struct policy *p, const char *name, json_t **out)
{
	const char *text = policy_file(p, name);
	enum err e = json_read(text, strlen(text), POLICY_MAX, RULES_STRICT, out);

	ENSURE(e == OK, e, "%s: %s", name, err_why());
	return OK;
}

static enum err load(struct policy *p)
{
	const json_t *files = json_object_get(p->content, "files");

	ENSURE(json_object_size(p->content) == 1 && json_object_size(files) == COUNT(policy_files),
		ERR_INVALID, "a policy's content is {\"files\": {…}} with its four files");
	for (size_t i = 0; i < COUNT(policy_files); i++)
		ENSURE(is_string(json_object_get(files, policy_files[i])), ERR_INVALID,
			"%s is missing or empty", policy_files[i]);
	TRY(read_json(p, "questions.json", &p->questions));
	TRY(check_questions(p->questions));
	TRY(read_json(p, "cases.json", &p->cases));
	TRY(check_cases(p->cases));
	ENSURE(strstr(policy_file(p, "README.md"), README_SPLIT), ERR_INVALID,
		"README.md: needs a line " README_SPLIT " between its Korean and its English half");
	return OK;
}

enum err policy_load(const json_t *content, struct policy **out)
{
	struct policy *p = mem_new(sizeof(*p));
	enum err e;

	p->content = json_incref((json_t *)content);
	e = load(p);
	if (e != OK) {
		e = fail(e, "%s", err_why());
		policy_free(p);
		return e;
	}
	*out = p;
	return OK;
}

struct policy *policy_copy(const struct policy *p)
{
	struct policy *copy = mem_new(sizeof(*copy));

	copy->content = json_incref(p->content);
	copy->questions = json_incref(p->questions);
	copy->cases = json_incref(p->cases);
	return copy;
}

void policy_free(struct policy *p)
{
	if (!p)
		return;
	json_decref(p->content);
	json_decref(p->questions);
	json_decref(p->cases);
	free(p);
}

/* --- its contents --- */

const char *policy_id(const struct policy *p)
{
	return json_str(p->questions, "policy");
}

const json_t *policy_questions(const struct policy *p)
{
	return p->questions;
}

const json_t *policy_logged(const struct policy *p)
{
	return json_object_get(p->questions, "logged");
}

const json_t *policy_cases(const struct policy *p)
{
	return p->cases;
}

const char *policy_file(const struct policy *p, const char *name)
{
	return json_str(json_object_get(p->content, "files"), name);
}

char *policy_readme(const struct policy *p, const char *lang)
{
	const char *text = policy_file(p, "README.md"), *split = strstr(text, README_SPLIT);

	if (language_is_first(lang))
		return mem_bytes(text, (size_t)(split - text));
	split += strlen(README_SPLIT);
	return mem_text(split + strspn(split, "\n"));
}

const json_t *policy_level(const struct policy *p, const json_t *level)
{
	json_each (json_object_get(p->questions, "levels"), one) {
		if (level && json_equal(json_object_get(one, "level"), level))
			return one;
	}
	return NULL;
}

const json_t *policy_question(const struct policy *p, const char *fact)
{
	return json_find(json_object_get(p->questions, "questions"), "fact", fact);
}
