/* page_drafts.c - /{lang}/office/drafts: a department's drafts, and forms to start one. */
#include "base/text.h"
#include "registry/people/drafts.h"
#include "registry/query/doubts.h"
#include "registry/query/named.h"
#include "registry/query/query.h"
#include "web/office/draft_form.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <stdlib.h>
#include <string.h>

#define SYSTEMS_SHOWN 500
#define ALIKE_READ 10 /* latest records that are compared */
#define ALIKE_MIN 3

/* --- the list --- */

/* A return of the latest filing: {"reason"}; null for none. */
static json_t *returned_view(const struct request *rq, const json_t *filing)
{
	const char *outcome = json_str(filing, "outcome");

	return outcome && strcmp(outcome, "returned") == 0
	               ? json_make("{s:o}", "reason",
				 view_text(rq, json_object_get(filing, "reason")))
	               : json_null();
}

static bool is_retired(const struct request *rq, const char *slug)
{
	json_auto_t *system = NULL;

	return query_system(rq->snap, slug, &system) == OK &&
	       strcmp(json_str(system, "state"), "retired") == 0;
}

static json_t *draft_view(const struct request *rq, const json_t *row)
{
	struct record_draft d = {.record = json_object_get(row, "record")};
	const char *slug = json_str(row, "system");
	const json_t *filing = json_object_get(row, "filing");
	AUTOFREE char *name = NULL;

	snprintf(d.system, sizeof(d.system), "%s", slug);
	name = draft_name(rq, &d);
	d.line = json_num(row, "line");
	snprintf(d.file, sizeof(d.file), "%s", json_str(row, "file"));
	return json_make("{s:s, s:s, s:s, s:b, s:o, s:I, s:o, s:o, s:b}", "id", json_str(row, "id"),
		"system", slug, "name", name, "corrects", json_num(row, "version") > 0, "saved",
		draft_saved_view(rq, json_str(row, "by"), json_num(row, "saved")), "entry",
		(json_int_t)json_num(filing, "entry"), "returned", returned_view(rq, filing),
		"source", draft_source_view(&d), "ended", is_retired(rq, slug));
}

/* Lists the drafts in work and those that wait for a decision. A draft that was published unchanged
 * is in neither list: its system is among those that can be corrected. */
static enum err drafts_view(const struct request *rq, json_t *view, json_t **drafted)
{
	json_t *list = json_array(), *waiting = json_array(), *rows;
	struct people *people;

	json_put(view, "drafts", list);
	json_put(view, "waiting", waiting);
	TRY(office_people(rq, &people));
	TRY(drafts_list(rq->snap, people, rq->who->person.department, &rows));
	json_each (rows, row) {
		bool filed = json_is_true(json_object_get(row, "filed"));

		if (!draft_row_is_over(row))
			json_push(filed ? waiting : list, draft_view(rq, row));
	}
	json_put(view, "any_drafts", json_boolean(json_array_size(list) > 0));
	json_put(view, "any_waiting", json_boolean(json_array_size(waiting) > 0));
	*drafted = rows;
	return OK;
}

static bool is_drafted(const json_t *drafts, const char *slug)
{
	const json_t *draft = json_find(drafts, "system", slug);

	return draft && !draft_row_is_over(draft);
}

/* Does the system, or the owner of a slug, belong to the department of this person? */
static bool is_own(const struct request *rq, const json_t *system)
{
	return strcmp(json_str(system, "department"), rq->who->person.department) == 0;
}

/* The department's published systems that have no draft in the lists. */
static enum err systems_view(const struct request *rq, const json_t *drafts, json_t *view)
{
	const struct system_filter filter = {
		.department = rq->who->person.department, .limit = SYSTEMS_SHOWN};
	json_auto_t *found = NULL;
	json_t *list = json_array();

	json_put(view, "systems", list);
	TRY(query_systems(rq->snap, &filter, &found));
	json_each (json_object_get(found, "systems"), system) {
		const char *slug = json_str(system, "slug");

		if (!is_drafted(drafts, slug) && strcmp(json_str(system, "state"), "retired") != 0)
			json_push(list, json_make("{s:s, s:o}", "slug", slug, "name",
						view_text(rq, json_object_get(system, "name"))));
	}
	json_put(view, "any_systems", json_boolean(json_array_size(list) > 0));
	return OK;
}

/* Adds "existing": a department's published system whose address was typed for a new one, so that
 * its record can be edited instead. */
static void put_existing(const struct request *rq, const char *slug, json_t *view)
{
	json_auto_t *system = NULL;

	if (query_system(rq->snap, slug, &system) == OK && is_own(rq, system) &&
		strcmp(json_str(system, "state"), "retired") != 0)
		json_put(view, "existing", json_make("{s:s}", "slug", slug));
}

/* The slug that was typed for a system, which has no capitals: "Water-Quality" is "water-quality".
 * The caller frees. */
static char *slug_given(const struct request *rq)
{
	AUTOFREE char *folded = text_folded(office_given(rq, "system"));

	return text_trimmed(folded);
}

/* `wrong`: the input of the last failure, if a form is shown again; or NULL. */
static enum err show(struct request *rq, struct response *rs, const char *wrong)
{
	json_auto_t *view = json_make("{s:s, s:b}", "title", message(rq, "drafts"), "in_drafts", 1),
		    *drafts = NULL;
	const char *copy = request_form(rq, "copy"), *imported = request_query(rq, "imported");
	AUTOFREE char *system = slug_given(rq);

	json_put(view, "imported",
		imported ? view_number(strtoll(imported, NULL, 10)) : json_null());
	if (wrong)
		office_wrong(rq, view, wrong);
	json_put(view, "system", json_text(wrong ? office_given(rq, "system") : ""));
	json_put(view, "copy", json_text(wrong && copy ? copy : ""));
	if (wrong && strcmp(wrong, "system") == 0)
		put_existing(rq, system, view);
	TRY(drafts_view(rq, view, &drafts));
	TRY(systems_view(rq, drafts, view));
	return office_render(rq, rs, "office_drafts.html", TAKE(view));
}

enum err page_drafts(struct request *rq, struct response *rs)
{
	return show(rq, rs, NULL);
}

/* --- a new one --- */

/* The slug in the address of one of a system's pages, or NULL. */
static char *slug_in_address(const char *typed)
{
	const char *at = strstr(typed, "/systems/");

	at = at ? at + strlen("/systems/") : NULL;
	return at ? mem_bytes(at, strcspn(at, "/?# \t.")) : NULL;
}

static enum err find_named(const struct request *rq, const char *name, char **slug)
{
	json_auto_t *system = NULL;

	TRY(query_named(rq->snap, name, NULL, NULL, &system));
	*slug = mem_text(json_str(system, "slug"));
	return OK;
}

/* Does a name of the system, in any language, begin with this folded text? */
static bool begins_with(const json_t *system, const char *folded)
{
	json_members (json_object_get(system, "name"), lang, name) {
		AUTOFREE char *own = named_folded(json_string_value(name));

		if (strncmp(own, folded, strlen(folded)) == 0)
			return true;
	}
	return false;
}

/* The name in the reader's language or another; without one, the slug. */
static const char *name_in(const struct request *rq, const json_t *system)
{
	const char *name = standard_text(json_object_get(system, "name"), rq->lang, NULL);

	return name ? name : json_str(system, "slug");
}

/* The only system whose name begins with what was typed: a name may end in "(예시)" or the like. It
 * keeps the reason of the failure before if there is none. */
static enum err find_begun(const struct request *rq, const char *typed, char **slug)
{
	const struct system_filter filter = {.words = typed, .as_written = true, .limit = 20};
	AUTOFREE char *folded = named_folded(typed), *why = mem_text(err_why());
	json_auto_t *found = NULL;
	const json_t *first = NULL;
	enum err e = query_systems(rq->snap, &filter, &found);

	if (e != ERR_INVALID)
		TRY(e);
	json_each (json_object_get(found, "systems"), system) {
		if (!*folded || !begins_with(system, folded))
			continue;
		ENSURE(!first, ERR_NOT_FOUND,
			"the names of several systems begin with \"%.200s\": %s, %s; write more of it",
			typed, name_in(rq, first), name_in(rq, system));
		first = system;
	}
	ENSURE(first, ERR_NOT_FOUND, "%s", why);
	*slug = mem_text(json_str(first, "slug"));
	return OK;
}

/* The slug of the system that was typed as an address, as a slug or as a name; "" for none. */
static enum err find_typed(const struct request *rq, const char *typed, char **slug)
{
	AUTOFREE char *name = text_typed(typed);
	json_auto_t *system = NULL;
	enum err e;

	*slug = slug_in_address(name);
	if (*slug)
		return OK;
	e = *name && slug_valid(name) ? query_system(rq->snap, name, &system) : ERR_NOT_FOUND;
	if (e == OK || !*name)
		*slug = mem_text(name);
	else if (e == ERR_NOT_FOUND)
		e = find_named(rq, name, slug);
	if (*name && e == ERR_NOT_FOUND)
		e = find_begun(rq, name, slug);
	return *name ? e : OK;
}

/* The published record without the fields that the register fills in. */
static enum err published_record(
	const struct request *rq, const char *slug, int64_t *version, json_t **out)
{
	json_auto_t *published = NULL;
	const json_t *record;
	json_t *copied;
	size_t n;
	const struct field *fields = standard_fields(rq->standard, &n);

	TRY(query_version(rq->snap, slug, 0, &published));
	record = json_object_get(published, "record");
	ENSURE(json_is_object(record), ERR_GONE, "the record of %s was erased", slug);
	copied = json_deep_copy(record);
	for (size_t i = 0; i < n; i++)
		if (fields[i].automatic)
			json_object_del(copied, fields[i].name);
	*version = json_num(published, "n");
	*out = copied;
	return OK;
}

/* A slug is permanent: it must be unused, or the department's own. */
static enum err check_name(const struct request *rq, const char *slug)
{
	json_auto_t *owner = NULL;
	enum err e = query_owner(rq->snap, slug, &owner);

	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	ENSURE(is_own(rq, owner), ERR_CONFLICT,
		"\"%s\" is the name of another system already: choose another, names are never used "
		"twice",
		slug);
	return OK;
}

/* A draft that begins empty, or from another system, would remove what is published. */
static enum err check_unpublished(
	const struct request *rq, const struct record_draft *d, const char *from)
{
	json_auto_t *system = NULL;
	enum err e;

	if (strcmp(from, d->system) == 0)
		return OK;
	e = query_system(rq->snap, d->system, &system);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	return fail(ERR_CONFLICT,
		"\"%s\" is a system of your department already: choose another name for a new one",
		d->system);
}

/* Sets id and revision of the department's draft of this system, if there is one, and whether it is
 * over: published as it is. */
static enum err find_draft(
	const struct request *rq, struct people *people, struct record_draft *d, bool *over)
{
	json_auto_t *rows = NULL;

	*over = false;
	TRY(drafts_list(rq->snap, people, d->department, &rows));
	json_each (rows, row) {
		if (strcmp(json_str(row, "system"), d->system) != 0)
			continue;
		snprintf(d->id, sizeof(d->id), "%s", json_str(row, "id"));
		d->revision = json_num(row, "revision");
		*over = draft_row_is_over(row);
	}
	return OK;
}

/* The texts of a group that a record must have and that this other record gives the same; NULL:
 * all that this record has. */
static void keep_same(
	const struct request *rq, const char *group, const json_t *record, json_t **same)
{
	json_auto_t *before = *same;
	size_t n;
	const struct field *fields = standard_fields(rq->standard, &n);

	*same = json_object();
	for (size_t i = 0; i < n; i++) {
		const json_t *value = json_object_get(record, fields[i].name);

		if (value && fields[i].type == TYPE_TEXT && json_is_true(fields[i].required) &&
			strcmp(fields[i].group, group) == 0 &&
			(!before || json_equal(json_object_get(before, fields[i].name), value)))
			json_put(*same, fields[i].name, json_incref((json_t *)value));
	}
}

/* Values about responsibility that all latest records share probably hold for a new record, too:
 * the city's name, as its departments write it. No setting has that name. */
static json_t *said_by_all(const struct request *rq, const char *group)
{
	const struct system_filter filter = {.limit = ALIKE_READ};
	json_auto_t *found = NULL;
	json_t *same = NULL;
	size_t n = 0;

	if (query_systems(rq->snap, &filter, &found) != OK)
		return json_object();
	json_each (json_object_get(found, "systems"), system) {
		json_auto_t *version = NULL;
		const json_t *record;

		if (query_version(rq->snap, json_str(system, "slug"), 0, &version) != OK)
			continue;
		record = json_object_get(version, "record");
		if (!json_is_object(record))
			continue; /* erased */
		keep_same(rq, group, record, &same);
		n++;
	}
	if (n < ALIKE_MIN)
		json_object_clear(same);
	return same ? same : json_object();
}

/* A new record begins with what the register already knows: the department's name in each language,
 * if the standard asks for it, and the values that all latest records share. */
static json_t *new_record(const struct request *rq)
{
	const struct field *f = standard_field(rq->standard, FIELD_DEPARTMENT);
	json_auto_t *department = NULL;
	json_t *record, *name;

	if (!f || f->type != TYPE_TEXT ||
		query_department(rq->snap, rq->who->person.department, &department) != OK)
		return json_object();
	record = said_by_all(rq, f->group);
	name = json_object_get(department, "name");
	if (json_is_object(name))
		json_put(record, f->name, json_incref(name));
	return record;
}

static enum err add_new(const struct request *rq, struct people *people, struct record_draft *d)
{
	enum err e = draft_new(people, d);

	if (e != ERR_LIMITED)
		return e;
	TRY(drafts_make_room(rq->snap, people, d->department));
	return draft_new(people, d);
}

/* A draft that is over begins again from the version that it became. */
static enum err begin(const struct request *rq, struct record_draft *d, const char *copy)
{
	AUTOFREE char *from = NULL;
	struct people *people;
	int64_t version = 0;
	bool over;

	TRY(office_people(rq, &people));
	TRY(find_typed(rq, copy, &from));
	TRY(check_name(rq, d->system));
	TRY(find_draft(rq, people, d, &over));
	if (*d->id && !over)
		return OK;
	TRY(check_unpublished(rq, d, from));
	if (*from)
		TRY(published_record(rq, from, &version, &d->record));
	else
		d->record = new_record(rq);
	d->version = strcmp(from, d->system) == 0 ? version : 0;
	if (*from && !d->version) {
		snprintf(d->copied, sizeof(d->copied), "%s", from);
		d->copied_version = version;
	}
	return over ? draft_again(people, d) : add_new(rq, people, d);
}

static bool is_answer(enum err e)
{
	return e == ERR_INVALID || e == ERR_LIMITED || e == ERR_TOO_LARGE || e == ERR_NOT_FOUND ||
	       e == ERR_GONE || e == ERR_CONFLICT;
}

enum err page_draft_begun(struct request *rq, struct response *rs)
{
	const char *copy = request_form(rq, "copy");
	AUTOFREE char *system = slug_given(rq);
	AUTO(record_draft) d = {0};
	enum err e;

	snprintf(d.system, sizeof(d.system), "%s", system);
	snprintf(d.department, sizeof(d.department), "%s", rq->who->person.department);
	snprintf(d.by, sizeof(d.by), "%s", rq->who->session.account.id);
	e = begin(rq, &d, copy ? copy : "");
	if (e == OK || (e == ERR_CONFLICT && *d.id)) {
		office_go(rs, "/%s/office/drafts/%s", rq->lang, d.id);
		return OK;
	}
	if (!is_answer(e))
		return e;
	rs->status = err_kind(e)->http;
	return show(
		rq, rs, copy && *copy && (e == ERR_NOT_FOUND || e == ERR_GONE) ? "copy" : "system");
}
