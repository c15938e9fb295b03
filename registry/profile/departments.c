#include "registry/profile/departments.h"

#include "base/languages.h"
#include "base/romanize.h"
#include "base/text.h"

#include <string.h>

SQL(ABOUT, "departments.about", "SELECT about FROM department WHERE slug = ?1");
SQL(BY_NAME, "departments.by_name",
	"SELECT slug FROM department "
	" WHERE replace(json_extract(about, '$.name.' || ?1), ' ', '') = replace(?2, ' ', '')"
	" ORDER BY entry LIMIT 1",
	.scans = "a register has some hundred departments, and each new one is looked for once");

enum err slug_check(const char *wish)
{
	ENSURE(wish, ERR_INVALID,
		"there is neither an address (slug) nor a name of which one could be made: the profile "
		"must give one");
	ENSURE(slug_valid(wish), ERR_INVALID,
		"\"%.100s\" cannot be an address (slug): small Latin letters and digits, with single "
		"hyphens between, at most %d",
		wish, SLUG_MAX);
	return OK;
}

bool departments_slug_of(const json_t *name, size_t max, char out[SLUG_MAX + 1])
{
	const char *latin = json_str(name, LANGUAGE_OF_C);

	*out = '\0';
	if (latin && romanize_slug(latin, max, out))
		return true;
	json_members (name, lang, text) {
		if (json_is_string(text) && romanize_slug(json_string_value(text), max, out))
			return true;
	}
	return false;
}

/* Only letters and digits: "AI 정책과" and "AI정책과" are the same department. */
static char *letters_of(const char *name)
{
	AUTOFREE char *folded = text_folded(name);
	struct buf out = BUF(strlen(folded) + 1);

	for (size_t i = 0, len = strlen(folded), step; i < len; i += step) {
		enum text_sort sort = text_sort(folded + i, len - i, &step);

		if (sort == TEXT_LETTER || sort == TEXT_SYLLABLE)
			buf_add(&out, folded + i, step);
	}
	return buf_take(&out);
}

/* Compares names in a language that both have; without one, they may be the same. */
static bool may_be_one(const json_t *a, const json_t *b)
{
	bool compared = false;

	json_members (a, lang, text) {
		const char *other = json_str(b, lang);
		AUTOFREE char *here = NULL, *there = NULL;

		if (!json_is_string(text) || !other)
			continue;
		here = letters_of(json_string_value(text));
		there = letters_of(other);
		if (strcmp(here, there) == 0)
			return true;
		compared = true;
	}
	return !compared;
}

/* The name for readers: in the reader's language, or else in any. */
static const char *shown(const json_t *name)
{
	const char *text = json_str(name, err_language());

	if (text)
		return text;
	json_members (name, lang, any) {
		if (json_is_string(any))
			return json_string_value(any);
	}
	return "";
}

enum err departments_take(json_t *taken, int64_t line, json_t *department)
{
	const json_t *name = json_object_get(department, "name"), *first;
	const char *slug = json_str(department, "slug");
	char made[SLUG_MAX + 1];

	if ((!slug || !*slug) && departments_slug_of(name, SLUG_MAX, made)) {
		json_put(department, "slug", json_text(made));
		json_put(department, "made", json_true());
		slug = json_str(department, "slug");
	}
	if (!slug)
		return OK;
	first = json_object_get(taken, slug);
	if (!first) {
		json_put(taken, slug,
			json_make("{s:O?,s:I}", "name", (json_t *)name, "line", (json_int_t)line));
		return OK;
	}
	ENSURE(may_be_one(json_object_get(first, "name"), name), ERR_CONFLICT,
		"\"%.80s\" and \"%.80s\" (row %lld) would both be the department \"%s\": give each an "
		"address (slug) of its own",
		shown(name), shown(json_object_get(first, "name")),
		(long long)json_num(first, "line"), slug);
	return OK;
}

/* Finds a department with that name, ignoring blanks, whatever its address is. */
static enum err find_by_name(struct state *st, const json_t *name, char slug[SLUG_MAX + 1])
{
	json_members (name, lang, one) {
		AUTO(rows) row = {0};
		enum err e;

		if (!json_is_string(one) || !language_of(lang, strlen(lang)))
			continue;
		e = db_one(st->db, BY_NAME, BIND(text(lang), text(json_string_value(one))), &row);
		if (e == OK)
			snprintf(slug, SLUG_MAX + 1, "%s", rows_text(&row, 0));
		if (e != ERR_NOT_FOUND)
			return e;
	}
	return ERR_NOT_FOUND;
}

static enum err check_name(const char *slug, const json_t *name, struct rows *row)
{
	json_auto_t *about = NULL;
	const json_t *here;

	if (rows_null(row, 0))
		return OK; /* erased */
	TRY(json_read(rows_text(row, 0), strlen(rows_text(row, 0)), MIB, RULES_LOOSE, &about));
	here = json_object_get(about, "name");
	ENSURE(may_be_one(here, name), ERR_CONFLICT,
		"the department \"%s\" is \"%.80s\" here, and this row says \"%.80s\": give another "
		"department an address (slug) of its own; one that was renamed gets its new name "
		"first (gaya office department-add)",
		slug, shown(here), shown(name));
	return OK;
}

enum err departments_find(
	struct state *st, const json_t *department, char slug[SLUG_MAX + 1], bool *there)
{
	const json_t *name = json_object_get(department, "name");
	const char *wish = json_str(department, "slug");
	AUTO(rows) row = {0};
	enum err e;

	TRY(slug_check(wish));
	snprintf(slug, SLUG_MAX + 1, "%s", wish);
	e = db_one(st->db, ABOUT, BIND(text(slug)), &row);
	*there = e == OK;
	if (e == OK)
		return check_name(slug, name, &row);
	if (e == ERR_NOT_FOUND && json_is_true(json_object_get(department, "made"))) {
		e = find_by_name(st, name, slug);
		*there = e == OK;
	}
	return e == ERR_NOT_FOUND ? OK : e;
}
