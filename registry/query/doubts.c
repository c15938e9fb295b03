#include "registry/query/doubts.h"

#include "registry/query/named.h"
#include "registry/query/outdated.h"
#include "registry/query/query.h"
#include "registry/standard/check_parts.h"

#include <string.h>

#define FIELD_CONTACT "contact_email"
#define FIELD_NAME "name"

SQL(OTHERS, "doubts.others",
	"SELECT department FROM system WHERE contact = ?1 AND version > 0"
	" ORDER BY department = ?2 DESC LIMIT 1");

/* Placeholders that people leave in unwritten texts, and marks of example records, to be found in
 * records; they are not notes about this code. */
static const char *const marks[] = {"[예시]", "(예시)", "［예시］", "（예시）", "<예시>",
	"〈예시〉", "예시입니다", "[example]", "(example)", "[Example]", "(Example)", "[EXAMPLE]",
	"OOO", "○○○", "◯◯◯", "〇〇〇", "TODO", "TBD", "Lorem ipsum", "lorem ipsum", "여기에 입력",
	"입력하세요", "작성하세요"};
/* Hosts that no department can have (RFC 2606). */
static const char *const hosts[] = {
	"example", "example.com", "example.net", "example.org", "test", "invalid"};

static const char *mark_in(const char *s)
{
	for (size_t i = 0; i < COUNT(marks); i++)
		if (strstr(s, marks[i]))
			return marks[i];
	return NULL;
}

static void find_marks(struct check *c, const struct record_path *path, const json_t *value)
{
	const char *mark = json_is_string(value) ? mark_in(json_string_value(value)) : NULL;

	if (mark)
		problem(c, path, "placeholder", got_text(mark));
	json_members (value, name, one) {
		const struct record_path at = {.up = path, .name = name};

		find_marks(c, &at, one);
	}
	json_each_at (value, i, one) {
		const struct record_path at = {.up = path, .index = i};

		find_marks(c, &at, one);
	}
}

/* Is the contact at this host or at a subdomain? */
static bool is_below(const char *contact, const char *host)
{
	size_t len = strcspn(contact, "/?#"), n = strlen(host);

	return len > n && memcmp(contact + len - n, host, n) == 0 &&
	       strchr("@./", contact[len - n - 1]);
}

static void find_example_host(struct check *c, const json_t *record)
{
	const char *contact = json_str(record, FIELD_CONTACT), *rest;
	const struct record_path at = {.name = FIELD_CONTACT};

	if (!contact)
		return;
	rest = strstr(contact, "://");
	for (size_t i = 0; i < COUNT(hosts); i++)
		if (is_below(rest ? rest + 2 : contact, hosts[i])) {
			problem(c, &at, "placeholder", got_text(contact));
			return;
		}
}

static const json_t *name_of(const json_t *departments, const char *slug)
{
	return json_object_get(json_find(departments, "slug", slug), "name");
}

/* "관광과" is part of "문화관광국 관광과" and of "김해시 관광과", which name the same department.
 */
static bool is_named(const char *a, const char *b)
{
	return strstr(a, b) || strstr(b, a);
}

static void find_department(
	struct check *c, const json_t *record, const json_t *departments, const char *department)
{
	const json_t *said = json_object_get(record, FIELD_DEPARTMENT),
		     *name = name_of(departments, department);
	const struct record_path field = {.name = FIELD_DEPARTMENT};

	json_members (said, lang, text) {
		const char *is = json_str(name, lang), *got = json_string_value(text);
		const struct record_path at = {.up = &field, .name = lang};

		if (is && got && !is_named(is, got))
			problem(c, &at, "department_other",
				json_make("{s:s,s:s}", "got", got, "allowed", is));
	}
}

void doubts_find(const struct standard *s, const json_t *record, const json_t *departments,
	const char *department, bool example, json_t *doubts)
{
	struct check c = {.standard = s, .problems = doubts};

	json_members (record, name, value) {
		const struct record_path at = {.name = name};

		if (!example)
			find_marks(&c, &at, value);
	}
	if (!example)
		find_example_host(&c, record);
	find_department(&c, record, departments, department);
}

/* No doubt about an address that this department's own records use, or that nobody uses yet. */
static enum err find_contact(const struct snapshot *snap, const struct standard *s,
	const json_t *record, const json_t *departments, const char *department, json_t *doubts)
{
	struct check c = {.standard = s, .problems = doubts};
	const struct record_path at = {.name = FIELD_CONTACT};
	const char *contact = json_str(record, FIELD_CONTACT), *other;
	const json_t *name;
	AUTO(rows) row = {0};
	enum err e;

	if (!contact)
		return OK;
	e = db_one(snap->model, OTHERS, BIND(text(contact), text(department)), &row);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	other = rows_text(&row, 0);
	name = name_of(departments, other);
	if (strcmp(other, department) != 0)
		problem(&c, &at, "contact_other",
			json_make("{s:s,s:O*}", "got", contact, "title", name));
	return OK;
}

/* Residents and officers tell systems apart by their names. A name that was published before is no
 * doubt: it was asked about when it was new. One language is enough to say it in. */
static enum err find_namesake(const struct snapshot *snap, const struct standard *s,
	const char *slug, const json_t *record, const json_t *published, json_t *doubts)
{
	struct check c = {.standard = s, .problems = doubts};
	const struct record_path field = {.name = FIELD_NAME};

	json_members (json_object_get(record, FIELD_NAME), lang, name) {
		const struct record_path at = {.up = &field, .name = lang};
		json_auto_t *other = NULL;
		enum err e;

		if (!json_is_string(name) || json_equal(name, json_object_get(published, lang)))
			continue;
		e = query_named(snap, json_string_value(name), lang, slug, &other);
		if (e == ERR_NOT_FOUND)
			continue;
		TRY(e);
		problem(&c, &at, "name_other",
			json_make("{s:O,s:O,s:O}", "got", name, "system",
				json_object_get(other, "slug"), "title",
				json_object_get(other, "department_name")));
		break;
	}
	return OK;
}

enum err doubts_of_filing(const struct snapshot *snap, const struct standard *s, const char *slug,
	const char *department, const json_t *record, json_t **out)
{
	json_auto_t *reg = NULL, *departments = NULL, *system = NULL, *found = json_array();
	json_auto_t *outdated = NULL;
	int64_t version = 0;

	TRY(query_register(snap, &reg));
	TRY(query_departments(snap, &departments));
	doubts_find(s, record, departments, department,
		json_is_true(json_object_get(json_object_get(reg, "about"), "example")), found);
	TRY(find_contact(snap, s, record, departments, department, found));
	if (query_system(snap, slug, &system) == OK)
		version = json_num(system, "version");
	TRY(find_namesake(snap, s, slug, record, json_object_get(system, FIELD_NAME), found));
	TRY(outdated_since(snap, s, slug, version, record, &outdated));
	json_array_extend(found, outdated);
	*out = TAKE(found);
	return OK;
}
