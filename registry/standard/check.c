#include "base/link.h"
#include "base/markdown.h"
#include "base/text.h"
#include "registry/standard/check_parts.h"
#include "registry/standard/form.h"
#include "registry/standard/type.h"

#include <string.h>

static const char *type_of(const struct field *f)
{
	return json_str(f->json, "type");
}

/* --- values --- */

/* The rule for entries of older logs: ASCII white space, U+00A0 and U+3000. */
static bool is_white(const char *s)
{
	for (;;) {
		if (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\r')
			s++;
		else if (strncmp(s, "\u00a0", 2) == 0)
			s += 2;
		else if (strncmp(s, "\u3000", 3) == 0)
			s += 3;
		else
			return *s == '\0';
	}
}

/* An invisible text counts as empty. Outside of checks it still counts as filled, so that the read
 * model of an older log stays the same. */
static bool is_blank_string(const struct check *c, const char *s)
{
	return c && !(c->need & NEED_REPLAYED) ? !text_is_visible(s) : is_white(s);
}

/* Empty by its type: no text, no text in any language, no item. */
static bool is_blank(const struct check *c, const json_t *value)
{
	if (json_is_string(value))
		return is_blank_string(c, json_string_value(value));
	if (json_is_array(value))
		return json_array_size(value) == 0;
	if (!json_is_object(value))
		return false;
	json_members (value, key, text) {
		if (!json_is_string(text) || !is_blank_string(c, json_string_value(text)))
			return false;
	}
	return true;
}

/* U+226F is a ">" with a stroke: in normal form D it contains a ">", which may end a tag. */
static enum markdown_flaw check_apart(const char *s, char excerpt[256])
{
	AUTOFREE char *apart = strstr(s, "\u226f") ? text_nfd(s) : NULL;

	return apart && markdown_check(apart, excerpt) == MARKDOWN_HTML ? MARKDOWN_HTML
	                                                                : MARKDOWN_FINE;
}

static void check_markdown(struct check *c, const struct record_path *path, const char *s)
{
	static const char *const rules[] = {
		[MARKDOWN_TOO_LONG] = "too_long",
		[MARKDOWN_HTML] = "html",
		[MARKDOWN_LINK] = "link",
		[MARKDOWN_ADDRESS] = "link_address",
		[MARKDOWN_WORDS] = "link_words",
		[MARKDOWN_IMAGE] = "image",
		[MARKDOWN_NESTING_FLAW] = "nesting",
	};
	char excerpt[256];
	enum markdown_flaw flaw = c->need & NEED_REPLAYED ? markdown_check(s, excerpt)
	                                                  : markdown_check_new(s, excerpt);

	if (flaw == MARKDOWN_FINE && !(c->need & NEED_REPLAYED))
		flaw = check_apart(s, excerpt);
	if (flaw != MARKDOWN_FINE)
		problem(c, path, rules[flaw], got_text(excerpt));
}

static void check_length(struct check *c, const struct field *f, const struct record_path *path,
	const char *s, size_t bytes)
{
	/* A text has at most as many characters as bytes. */
	size_t chars = f->max && bytes > (size_t)f->max ? text_length(s) : 0;

	if (chars > (size_t)f->max)
		problem(c, path, "too_long", got_number((size_t)f->max, chars));
	else if (f->type == TYPE_MARKDOWN && bytes > c->markdown_max)
		problem(c, path, "too_long",
			json_make("{s:I, s:I, s:s}", "limit", (json_int_t)c->markdown_max, "got",
				(json_int_t)bytes, "unit", "bytes"));
	else if (f->type == TYPE_MARKDOWN)
		check_markdown(c, path, s);
}

/* Is this day or month, of something that has happened, still in the future? */
static bool is_ahead(const struct check *c, const struct field *f, const char *s)
{
	return c->latest && json_is_true(json_object_get(f->json, "past")) &&
	       strncmp(s, c->latest, strlen(s)) > 0;
}

static const char *forbidden(const struct check *c, const char *s)
{
	return (c->need & NEED_REPLAYED ? text_forbidden_in_log : text_forbidden)(s, true);
}

void check_string(
	struct check *c, const struct field *f, const struct record_path *path, const json_t *value)
{
	const char *s = json_string_value(value), *bad;
	const struct type *type = &field_types[f->type];

	if (!s) {
		wrong_type(c, path, f->type <= TYPE_MARKDOWN ? "string" : type_of(f), value);
	} else if (strlen(s) != json_string_length(value)) {
		problem(c, path, "character", got_text("U+0000"));
	} else if ((bad = forbidden(c, s))) {
		problem(c, path, "character", got_text(bad));
	} else if (is_blank_string(c, s)) {
		problem(c, path, "empty", NULL);
	} else {
		if (f->type != TYPE_MARKDOWN && strpbrk(s, "\n\t"))
			problem(c, path, "line_break", NULL);
		else if (type->fits && !type->fits(s))
			problem(c, path, type->rule, got_text(s));
		else if (is_ahead(c, f, s))
			problem(c, path, "ahead", got_text(s));
		check_length(c, f, path, s, json_string_length(value));
	}
}

/* A filing must be readable in the register's first language; an import need not be. */
static void check_first_language(
	struct check *c, const struct record_path *path, const json_t *value)
{
	if (c->language && c->need & NEED_ALL && !json_object_get(value, c->language))
		problem(c, path, "language_missing", json_make("{s:s}", "language", c->language));
}

static void check_texts(
	struct check *c, const struct field *f, const struct record_path *path, const json_t *value)
{
	if (!json_is_object(value)) {
		wrong_type(c, path, type_of(f), value);
		return;
	}
	if (json_object_size(value) == 0)
		problem(c, path, "empty", NULL);
	else
		check_first_language(c, path, value);
	if (json_object_size(value) > LANGUAGES_MAX)
		problem(c, path, "too_many", got_number(LANGUAGES_MAX, json_object_size(value)));
	json_members (value, tag, text) {
		const struct record_path at = {.up = path, .name = tag};

		if (form_is_language(tag))
			check_string(c, f, &at, text);
		else
			problem(c, &at, "bad_language", got_text(tag));
	}
}

static json_t *allowed_of(const struct field *f)
{
	const json_t *values = json_object_get(f->json, "values");
	json_t *allowed = json_make("[]");

	for (size_t i = 0; i < json_array_size(values); i++)
		json_push(allowed, json_text(json_str(json_array_get(values, i), "value")));
	return allowed;
}

static void check_enum(
	struct check *c, const struct field *f, const struct record_path *path, const json_t *value)
{
	const json_t *values = json_object_get(f->json, "values");
	const char *s = json_string_value(value);
	json_t *got;

	if (!s) {
		wrong_type(c, path, type_of(f), value);
		return;
	}
	for (size_t i = 0; i < json_array_size(values); i++)
		if (strcmp(json_str(json_array_get(values, i), "value"), s) == 0)
			return;
	got = got_text(s);
	json_put(got, "allowed", allowed_of(f));
	problem(c, path, "not_in_list", got);
}

static void check_value(struct check *c, const struct field *f, const struct record_path *path,
	const json_t *value);

/* A field or member, which may be absent. */
static void check_place(struct check *c, const struct field *f, const struct record_path *path,
	const json_t *value, bool required)
{
	bool must = required && c->need & NEED_ALL;

	if (value && !(must && is_blank(c, value)))
		check_value(c, f, path, value);
	else if (must)
		problem(c, path, "missing",
			f->type == TYPE_ENUM ? json_make("{s:o}", "allowed", allowed_of(f)) : NULL);
}

static bool has_member(const struct field *f, const char *name)
{
	for (size_t i = 0; i < f->members_n; i++)
		if (strcmp(f->members[i].name, name) == 0)
			return true;
	return false;
}

/* A text and an address make a link with that text. */
static void check_titled(
	struct check *c, const struct field *f, const struct record_path *path, const json_t *value)
{
	const char *url;

	if (c->need & NEED_REPLAYED || f->members_n != 2 || f->members[0].type != TYPE_TEXT ||
		f->members[1].type != TYPE_URL)
		return;
	url = json_str(value, f->members[1].name);
	json_members (json_object_get(value, f->members[0].name), lang, text) {
		const struct record_path at = {.up = path, .name = f->members[0].name};

		if (url && json_is_string(text) && link_deceives(json_string_value(text), url))
			problem(c, &at, "link_words", got_text(json_string_value(text)));
	}
}

static void check_object(
	struct check *c, const struct field *f, const struct record_path *path, const json_t *value)
{
	if (!json_is_object(value)) {
		wrong_type(c, path, type_of(f), value);
		return;
	}
	for (size_t i = 0; i < f->members_n; i++) {
		const struct field *m = &f->members[i];
		const struct record_path at = {.up = path, .name = m->name};

		check_place(c, m, &at, json_object_get(value, m->name), json_is_true(m->required));
	}
	json_members (value, name, member) {
		const struct record_path at = {.up = path, .name = name};

		if (!has_member(f, name))
			problem(c, &at, "unknown_member", NULL);
	}
	check_titled(c, f, path, value);
}

static void check_list(
	struct check *c, const struct field *f, const struct record_path *path, const json_t *value)
{
	size_t n = json_array_size(value);

	if (!json_is_array(value))
		wrong_type(c, path, type_of(f), value);
	if (f->max && n > (size_t)f->max)
		problem(c, path, "too_many", got_number((size_t)f->max, n));
	for (size_t i = 0; i < n; i++) {
		const struct record_path at = {.up = path, .index = i};

		check_value(c, f->item, &at, json_array_get(value, i));
	}
}

static void check_value(
	struct check *c, const struct field *f, const struct record_path *path, const json_t *value)
{
	switch (f->type) {
	case TYPE_TEXT:
	case TYPE_MARKDOWN:
		check_texts(c, f, path, value);
		break;
	case TYPE_ENUM:
		check_enum(c, f, path, value);
		break;
	case TYPE_LIST:
		check_list(c, f, path, value);
		break;
	case TYPE_OBJECT:
		check_object(c, f, path, value);
		break;
	case TYPE_ASSESSMENTS:
		check_assessments(c, path, value);
		break;
	default:
		check_string(c, f, path, value);
	}
}

/* --- records --- */

static bool condition_holds(const json_t *record, const char *name, const json_t *values)
{
	const char *s = json_str(record, name);

	for (size_t i = 0; s && i < json_array_size(values); i++)
		if (strcmp(json_string_value(json_array_get(values, i)), s) == 0)
			return true;
	return false;
}

bool standard_requires(const struct field *f, const json_t *record)
{
	if (!json_is_object(f->required))
		return json_is_true(f->required);
	json_members (f->required, name, values) {
		if (!condition_holds(record, name, values))
			return false;
	}
	return true;
}

/* An upper limit of the printed bytes: six for a byte that needs "\u0000", and punctuation. */
static size_t size_at_most(const json_t *value)
{
	size_t sum = 32;

	if (json_is_string(value))
		return sum + 6 * json_string_length(value);
	if (json_is_array(value))
		json_each ((json_t *)value, item)
			sum += size_at_most(item);
	else if (json_is_object(value))
		json_members (value, key, item)
			sum += 6 * strlen(key) + size_at_most(item);
	return sum;
}

/* Does not examine a record that is too large. */
static bool is_too_large(struct check *c, const json_t *record)
{
	size_t max = standard_record_max(c->standard), size = size_at_most(record);
	AUTO(buf) canonical = BUF(size);

	if (size <= max)
		return false;
	json_canonical(record, &canonical);
	if (canonical.len <= max)
		return false;
	problem(c, &record_whole, "record_too_large", got_number(max, canonical.len));
	return true;
}

static void check_unknown(struct check *c, const json_t *record)
{
	json_members (record, name, value) {
		if (!standard_field(c->standard, name))
			problem(c, &(const struct record_path){.name = name}, "unknown_field",
				NULL);
	}
}

static void check_fields(struct check *c, const json_t *record)
{
	size_t n, known = 0;
	const struct field *fields = standard_fields(c->standard, &n);

	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_object_get(record, fields[i].name);
		const struct record_path path = {.name = fields[i].name};

		known += value != NULL;
		if (value && fields[i].automatic)
			problem(c, &path, "automatic", NULL);
		else
			check_place(c, &fields[i], &path, value,
				standard_requires(&fields[i], record) &&
					!standard_withholds(c->standard, record, fields[i].name));
	}
	if (known < json_object_size(record))
		check_unknown(c, record);
}

static void check_whole(struct check *c, const json_t *record)
{
	check_fields(c, record);
	if (c->need & NEED_ALL)
		check_rules(c, record);
}

enum err standard_check(
	const struct standard *s, const json_t *record, enum need need, json_t *problems)
{
	return standard_check_by(s, record, need, NULL, problems);
}

enum err standard_check_by(const struct standard *s, const json_t *record, enum need need,
	const char *latest, json_t *problems)
{
	const json_t *limits = json_object_get(standard_json(s), "limits");
	struct check c = {
		.standard = s,
		.problems = problems,
		.need = need,
		.language = json_str(standard_json(s), "language"),
		.latest = latest,
		.markdown_max = (size_t)json_num(limits, "markdown_bytes"),
	};

	if (!json_is_object(record))
		problem(&c, &record_whole, "not_an_object", NULL);
	else if (!is_too_large(&c, record))
		check_whole(&c, record);
	ENSURE(c.found <= PROBLEMS_MAX, ERR_INVALID,
		"the record breaks more than %d of the standard's rules", PROBLEMS_MAX);
	ENSURE(c.found == 0, ERR_INVALID, "the record breaks %zu of the standard's rules", c.found);
	return OK;
}

static bool counts(const struct field *f, bool required)
{
	return !f->automatic && (f->type != TYPE_ASSESSMENTS || required);
}

struct completeness standard_completeness(const struct standard *s, const json_t *record)
{
	struct completeness sum = {0};
	size_t n;
	const struct field *fields = standard_fields(s, &n);

	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_object_get(record, fields[i].name);
		bool filled = value && !json_is_null(value) && !is_blank(NULL, value);
		bool required = standard_requires(&fields[i], record);

		sum.filled += filled && counts(&fields[i], required);
		sum.required += required;
		sum.required_filled += required && filled;
		sum.withheld +=
			required && !filled && standard_withholds(s, record, fields[i].name);
	}
	return sum;
}
