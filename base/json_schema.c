#include "base/json_schema.h"

#include "base/json_schema_parts.h"

#include <stdlib.h>
#include <string.h>

/* --- the keywords --- */

static const struct keyword keywords[] = {
	{"$comment", SHAPE_STRING},
	{"$defs", SHAPE_MAP},
	{"$id", SHAPE_ID},
	{"$ref", SHAPE_REF, holds_ref, .here = true},
	{"$schema", SHAPE_DIALECT},
	{"additionalProperties", SHAPE_SCHEMA, holds_additional_properties, .beside = "properties"},
	{"allOf", SHAPE_LIST, holds_all_of, .here = true},
	{"anyOf", SHAPE_LIST, holds_any_of, .here = true},
	{"const", SHAPE_ANY, holds_const},
	{"contains", SHAPE_SCHEMA, holds_contains},
	{"default", SHAPE_ANY},
	{"dependentRequired", SHAPE_NAMES_MAP, holds_dependent_required},
	{"description", SHAPE_STRING},
	{"else", SHAPE_SCHEMA, .here = true},
	{"enum", SHAPE_VALUES, holds_enum},
	{"examples", SHAPE_VALUES},
	{"exclusiveMaximum", SHAPE_NUMBER, holds_exclusive_maximum},
	{"exclusiveMinimum", SHAPE_NUMBER, holds_exclusive_minimum},
	{"if", SHAPE_SCHEMA, holds_if, .here = true},
	{"items", SHAPE_SCHEMA, holds_items, .beside = "prefixItems"},
	{"maxContains", SHAPE_COUNT},
	{"maxItems", SHAPE_COUNT, holds_max_items},
	{"maxLength", SHAPE_COUNT, holds_max_length},
	{"maxProperties", SHAPE_COUNT, holds_max_properties},
	{"maximum", SHAPE_NUMBER, holds_maximum},
	{"minContains", SHAPE_COUNT},
	{"minItems", SHAPE_COUNT, holds_min_items},
	{"minLength", SHAPE_COUNT, holds_min_length},
	{"minProperties", SHAPE_COUNT, holds_min_properties},
	{"minimum", SHAPE_NUMBER, holds_minimum},
	{"multipleOf", SHAPE_POSITIVE, holds_multiple_of},
	{"not", SHAPE_SCHEMA, holds_not, .here = true},
	{"oneOf", SHAPE_LIST, holds_one_of, .here = true},
	{"pattern", SHAPE_PATTERN, holds_pattern},
	{"prefixItems", SHAPE_LIST, holds_prefix_items},
	{"properties", SHAPE_MAP, holds_properties},
	{"propertyNames", SHAPE_SCHEMA, holds_property_names},
	{"required", SHAPE_NAMES, holds_required},
	{"then", SHAPE_SCHEMA, .here = true},
	{"title", SHAPE_STRING},
	{"type", SHAPE_TYPES, holds_type},
	{"uniqueItems", SHAPE_BOOL, holds_unique_items},
};

static int by_name(const void *name, const void *keyword)
{
	return strcmp(name, ((const struct keyword *)keyword)->name);
}

static const struct keyword *keyword_named(const char *name)
{
	return bsearch(name, keywords, COUNT(keywords), sizeof(*keywords), by_name);
}

/* --- compiling --- */

struct schema {
	json_t *json;
	struct node **nodes; /* all nodes, the top one first */
	size_t n, cap;
};

/* The position in the schema, for messages. */
struct place {
	const struct place *up;
	const char *name; /* NULL: by index */
	size_t index;
	unsigned depth;
};

static void place_add(const struct place *place, struct buf *out)
{
	if (!place->up) {
		buf_putc(out, '#');
		return;
	}
	place_add(place->up, out);
	buf_putc(out, '/');
	if (!place->name)
		buf_printf(out, "%zu", place->index);
	for (const char *s = place->name; s && *s; s++)
		buf_puts(out, *s == '~' ? "~0" : *s == '/' ? "~1" : (const char[]){*s, '\0'});
}

static enum err refuse(const struct place *place, const char *why)
{
	AUTO(buf) at = BUF(KIB);

	place_add(place, &at);
	return fail(ERR_INVALID, "%.300s: %s", buf_text(&at), err_text(why));
}

static enum err compile(
	struct schema *s, const json_t *json, const struct place *place, struct node **out);

static struct place below(const struct place *place, const char *name)
{
	return (struct place){.up = place, .name = name, .depth = place->depth + 1};
}

static enum err compile_list(
	struct schema *s, struct rule *rule, const json_t *list, const struct place *place)
{
	if (json_array_size(list) == 0)
		return refuse(place, "must be a list of schemas that is not empty");
	rule->nodes = mem_new(json_array_size(list) * sizeof(struct node *));
	for (; rule->n < json_array_size(list); rule->n++) {
		struct place at = {.up = place, .index = rule->n, .depth = place->depth + 1};

		TRY(compile(s, json_array_get(list, rule->n), &at, &rule->nodes[rule->n]));
	}
	return OK;
}

static enum err compile_map(
	struct schema *s, struct rule *rule, const json_t *map, const struct place *place)
{
	if (!json_is_object(map))
		return refuse(place, "must be an object of schemas");
	rule->nodes = mem_new((json_object_size(map) + 1) * sizeof(struct node *));
	rule->names = mem_new((json_object_size(map) + 1) * sizeof(char *));
	json_members (map, name, json) {
		struct place at = below(place, name);

		rule->names[rule->n] = name;
		TRY(compile(s, json, &at, &rule->nodes[rule->n]));
		rule->n++;
	}
	return OK;
}

static enum err compile_pattern(struct rule *rule, const struct place *place)
{
	char why[300];

	if (!json_is_string(rule->value))
		return refuse(place, "must be a regular expression, as a text");
	if (pattern_read(json_string_value(rule->value), &rule->pattern) == OK)
		return OK;
	snprintf(why, sizeof(why), "%s", err_why());
	return refuse(place, why);
}

static enum err compile_one(struct schema *s, struct rule *rule, const struct place *place)
{
	rule->nodes = mem_new(sizeof(struct node *));
	rule->n = 1;
	return compile(s, rule->value, place, &rule->nodes[0]);
}

static enum err compile_rule(
	struct schema *s, const json_t *json, struct rule *rule, const struct place *place)
{
	const char *flaw = shape_flaw(rule->keyword->shape, rule->value);

	if (flaw)
		return refuse(place, flaw);
	if ((rule->keyword->shape == SHAPE_ID || rule->keyword->shape == SHAPE_DIALECT) &&
		place->up->up)
		return refuse(place, "is allowed at the top only");
	rule->around = json;
	switch (rule->keyword->shape) {
	case SHAPE_SCHEMA:
		return compile_one(s, rule, place);
	case SHAPE_LIST:
		return compile_list(s, rule, rule->value, place);
	case SHAPE_MAP:
		return compile_map(s, rule, rule->value, place);
	case SHAPE_PATTERN:
		return compile_pattern(rule, place);
	default:
		return OK;
	}
}

static enum err compile_rules(
	struct schema *s, const json_t *json, const struct place *place, struct node *node)
{
	node->rules = mem_new((json_object_size(json) + 1) * sizeof(*node->rules));
	json_members (json, name, value) {
		struct place at = below(place, name);
		struct rule *rule = &node->rules[node->n];

		rule->keyword = keyword_named(name);
		if (!rule->keyword)
			return refuse(&at, "this keyword is not supported");
		rule->value = value;
		node->n++;
		TRY(compile_rule(s, json, rule, &at));
	}
	return OK;
}

static const struct rule *rule_named(const struct node *node, const char *name)
{
	for (size_t i = 0; i < node->n; i++)
		if (strcmp(node->rules[i].keyword->name, name) == 0)
			return &node->rules[i];
	return NULL;
}

static void join_branches(struct node *node)
{
	struct rule *rule = (struct rule *)rule_named(node, "if");

	if (!rule)
		return;
	rule->then = rule_named(node, "then");
	rule->otherwise = rule_named(node, "else");
}

static struct node *node_new(struct schema *s, const json_t *json)
{
	struct node *node = mem_new(sizeof(*node));

	if (s->n == s->cap) {
		s->cap = s->cap ? 2 * s->cap : 64;
		s->nodes = mem_resize(s->nodes, s->cap * sizeof(struct node *));
	}
	s->nodes[s->n++] = node;
	node->json = json;
	return node;
}

static enum err compile(
	struct schema *s, const json_t *json, const struct place *place, struct node **out)
{
	if (place->depth > 2 * SCHEMA_DEPTH)
		return refuse(place, "schemas are nested too deeply");
	if (!json_is_object(json) && !json_is_boolean(json))
		return refuse(place, "a schema must be an object, true or false");
	*out = node_new(s, json);
	if (json_is_boolean(json))
		return OK;
	TRY(compile_rules(s, json, place, *out));
	join_branches(*out);
	return OK;
}

/* --- references --- */

static int hex(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	                              : -1;
}

/* Decodes one token of a pointer: percent signs (RFC 3986) and tildes (RFC 6901). */
static void token_take(const char **s, struct buf *out)
{
	while (**s && **s != '/') {
		char c = *(*s)++;

		if (c == '%' && hex((*s)[0]) >= 0 && hex((*s)[1]) >= 0) {
			c = (char)(hex((*s)[0]) * 16 + hex((*s)[1]));
			*s += 2;
		}
		if (c == '~' && (**s == '0' || **s == '1'))
			c = *(*s)++ == '0' ? '~' : '/';
		buf_putc(out, c);
	}
}

static const json_t *pointed(const json_t *json, const char *pointer)
{
	while (json && *pointer == '/') {
		AUTO(buf) token = BUF(KIB);

		pointer++;
		token_take(&pointer, &token);
		json = json_is_array(json)
		               ? json_array_get(json, strtoul(buf_text(&token), NULL, 10))
		               : json_object_get(json, buf_text(&token));
	}
	return *pointer ? NULL : json;
}

static struct node *node_of(const struct schema *s, const json_t *json)
{
	for (size_t i = 0; json && i < s->n; i++)
		if (s->nodes[i]->json == json)
			return s->nodes[i];
	return NULL;
}

static enum err resolve(const struct schema *s, struct rule *rule)
{
	const char *ref = json_string_value(rule->value);
	struct node *to = *ref == '#' ? node_of(s, pointed(s->json, ref + 1)) : NULL;

	ENSURE(to, ERR_INVALID, "$ref \"%.200s\" leads to no schema within this one", ref);
	rule->nodes = mem_new(sizeof(struct node *));
	rule->nodes[0] = to;
	rule->n = 1;
	return OK;
}

static enum err resolve_all(struct schema *s)
{
	for (size_t i = 0; i < s->n; i++)
		for (size_t j = 0; j < s->nodes[i]->n; j++)
			if (s->nodes[i]->rules[j].keyword->shape == SHAPE_REF)
				TRY(resolve(s, &s->nodes[i]->rules[j]));
	return OK;
}

static enum err measure(struct node *node, unsigned depth);

static enum err measure_rule(struct node *node, const struct rule *rule, unsigned depth)
{
	for (size_t i = 0; rule->keyword->here && i < rule->n; i++) {
		TRY(measure(rule->nodes[i], depth + 1));
		if (rule->nodes[i]->height >= node->height)
			node->height = rule->nodes[i]->height + 1;
	}
	return OK;
}

/* How many schemas apply to the same value, nested in each other: the stack that a check needs. A
 * schema that applies itself has no end. */
static enum err measure(struct node *node, unsigned depth)
{
	ENSURE(node->visit != VISITING, ERR_INVALID,
		"a $ref leads back to where it stands without going into the value");
	ENSURE(depth <= SCHEMA_DEPTH, ERR_INVALID, "references are nested too deeply");
	if (node->visit == VISITED)
		return OK;
	node->visit = VISITING;
	for (size_t i = 0; i < node->n; i++)
		TRY(measure_rule(node, &node->rules[i], depth));
	node->visit = VISITED;
	ENSURE(node->height <= SCHEMA_DEPTH, ERR_INVALID, "references are nested too deeply");
	return OK;
}

static enum err measure_all(const struct schema *s)
{
	for (size_t i = 0; i < s->n; i++)
		TRY(measure(s->nodes[i], 0));
	return OK;
}

/* --- the schema --- */

enum err schema_load(const json_t *json, struct schema **out)
{
	struct schema *s = mem_new(sizeof(*s));
	struct node *top;
	enum err e;

	s->json = json_incref((json_t *)json);
	e = compile(s, json, &(const struct place){0}, &top);
	if (e == OK)
		e = resolve_all(s);
	if (e == OK)
		e = measure_all(s);
	if (e != OK) {
		schema_free(s);
		return e;
	}
	*out = s;
	return OK;
}

static void node_free(struct node *node)
{
	for (size_t i = 0; i < node->n; i++) {
		free(node->rules[i].nodes);
		free(node->rules[i].names);
		pattern_free(node->rules[i].pattern);
	}
	free(node->rules);
	free(node);
}

void schema_free(struct schema *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < s->n; i++)
		node_free(s->nodes[i]);
	free(s->nodes);
	json_decref(s->json);
	free(s);
}

enum err schema_check(const struct schema *s, const json_t *value, bool *fits)
{
	struct run run = {0};
	bool holds = node_holds(&run, s->nodes[0], value);

	ENSURE(run.steps <= SCHEMA_STEPS, ERR_TOO_LARGE,
		"it takes more than %u steps to hold the value to its schema", SCHEMA_STEPS);
	*fits = holds;
	return OK;
}
