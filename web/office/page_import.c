/* page_import.c - /{lang}/office/import: reads a file or a pasted table of records, shows what each
 * row would change, and makes drafts of chosen rows.
 *
 * The server stores nothing between the two steps: the form for choosing rows carries the file's
 * text, as UTF-8 in base64, and it is read again. So the comparison uses the present register, and
 * nobody can ask for another person's file. */
#include "base/charset.h"
#include "base/crypto.h"
#include "base/text.h"
#include "registry/people/drafts.h"
#include "registry/query/query.h"
#include "web/http/multipart.h"
#include "web/office/import_plan.h"
#include "web/office/import_view.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <stdlib.h>
#include <string.h>

#define CHOSEN_MAX DRAFTS_MAX
#define SYSTEM "system." /* with a row's number: an input for the slug */

/* The request. */
struct sent {
	char file[MULTIPART_NAME + 1];
	struct buf text;     /* UTF-8 */
	const char *read_as; /* the encoding that was guessed; or NULL */
	int64_t chosen[CHOSEN_MAX];
	size_t chosen_n, ticked;
	bool empty_file; /* one was chosen, and nothing is in it */
	json_t *systems; /* line -> slug that was typed for a new system */
};
static void sent_done(struct sent *s)
{
	buf_done(&s->text);
	json_decref(s->systems);
}

/* --- the department --- */

static bool is_of_office(const struct request *rq)
{
	return (rq->who->person.role & ROLES_OF_OFFICE) != 0;
}

/* The AI office chooses a department; officers have their own. "" if none is chosen. */
static const char *department_of(const struct request *rq)
{
	return is_of_office(rq) ? office_given(rq, "department") : rq->who->person.department;
}

static enum err check_department(const struct request *rq)
{
	json_auto_t *there = NULL;
	const char *slug = department_of(rq);
	enum err e = *slug ? query_department(rq->snap, slug, &there) : ERR_NOT_FOUND;

	ENSURE(e != ERR_NOT_FOUND, ERR_INVALID, "choose the department whose records these are");
	return e;
}

static enum err put_departments(const struct request *rq, json_t *view)
{
	json_auto_t *all = NULL;
	json_t *list = json_array();

	json_put(view, "departments", list);
	TRY(query_departments(rq->snap, &all));
	json_each (all, one) {
		const char *slug = json_str(one, "slug");

		json_push(list, json_make("{s:s,s:o,s:b}", "slug", slug, "name",
					office_name(rq, json_object_get(one, "name"), slug), "here",
					!strcmp(slug, department_of(rq))));
	}
	return OK;
}

/* --- the format --- */

/* Accepts only built-in profiles: a path would run somebody else's program. */
static enum err check_profile(const struct request *rq)
{
	json_auto_t *all = NULL;

	TRY(profile_imports(&all));
	json_each (all, one)
		if (strcmp(json_str(one, "profile"), office_given(rq, "profile")) == 0)
			return OK;
	return fail(ERR_INVALID, "choose the format of the file");
}

static enum err put_profiles(const struct request *rq, json_t *view)
{
	json_auto_t *all = NULL;
	json_t *list = json_array();

	json_put(view, "profiles", list);
	TRY(profile_imports(&all));
	json_each (all, one) {
		const char *name = json_str(one, "profile");

		json_push(list, json_make("{s:s,s:o,s:b}", "profile", name, "name",
					view_text(rq, json_object_get(one, "title")), "here",
					!strcmp(name, office_given(rq, "profile"))));
	}
	return OK;
}

/* --- the body --- */

/* Decodes a file of undeclared encoding: UTF-8, else CP949, which Korean spreadsheets use. */
static enum err decode_unsaid(const struct part *part, struct sent *s)
{
	AUTOFREE char *why = NULL;

	if (charset_decode(CHARSET_UTF8, part->data, part->len, &s->text) == OK)
		return OK;
	why = mem_text(err_why());
	buf_clear(&s->text);
	if (charset_decode(CHARSET_CP949, part->data, part->len, &s->text) == OK) {
		s->read_as = "CP949";
		return OK;
	}
	buf_clear(&s->text);
	/* The same error for both encodings means that the file is no text at all. */
	ENSURE(strcmp(why, err_why()) != 0, ERR_INVALID, "%s", why);
	return fail(ERR_INVALID,
		"the file is neither UTF-8 nor CP949: save it in Excel as \"CSV UTF-8 (comma "
		"delimited)\" and choose it again");
}

static enum err decode(const struct request *rq, const struct part *part, struct sent *s)
{
	const char *name = office_given(rq, "encoding");
	enum charset charset;

	ENSURE(part->len <= IMPORT_FILE_MAX, ERR_TOO_LARGE,
		"the file is larger than %d MB: send it in parts", (int)(IMPORT_FILE_MAX / MIB));
	if (!*name)
		return decode_unsaid(part, s);
	TRY(charset_find(name, &charset));
	return charset_decode(charset, part->data, part->len, &s->text);
}

static enum err take_kept(const struct part *part, struct sent *s)
{
	TRY(base64_parse(part->data, part->len, &s->text));
	ENSURE(!s->text.over, ERR_TOO_LARGE, "the file is larger than %d MB: send it in parts",
		(int)(IMPORT_FILE_MAX / MIB));
	ENSURE(text_is_utf8(buf_text(&s->text), s->text.len), ERR_INVALID,
		"the table is no text that can be read");
	return OK;
}

static void take_row(const struct part *part, struct sent *s)
{
	AUTOFREE char *digits = mem_bytes(part->data, part->len < 18 ? part->len : 18);

	s->ticked++;
	if (s->chosen_n < CHOSEN_MAX)
		s->chosen[s->chosen_n++] = strtoll(digits, NULL, 10);
}

static void take_system(const struct part *part, struct sent *s)
{
	AUTOFREE char *slug = NULL;

	if (part->len > SLUG_MAX || !text_is_utf8(part->data, part->len))
		return;
	slug = mem_bytes(part->data, part->len);
	json_put(s->systems, part->name + strlen(SYSTEM), json_text(slug));
}

static enum err take_part(const struct request *rq, const struct part *part, struct sent *s)
{
	if (strcmp(part->name, "file") == 0 && part->is_file && part->len) {
		snprintf(s->file, sizeof(s->file), "%s", part->file);
		return decode(rq, part, s);
	}
	/* A form without a chosen file has a part without a name. */
	if (strcmp(part->name, "file") == 0 && part->is_file && *part->file)
		s->empty_file = true;
	if (strcmp(part->name, "table") == 0 && part->len && !s->text.len) {
		ENSURE(part->len <= IMPORT_FILE_MAX, ERR_TOO_LARGE,
			"the file is larger than %d MB: send it in parts",
			(int)(IMPORT_FILE_MAX / MIB));
		return charset_decode(CHARSET_UTF8, part->data, part->len, &s->text);
	}
	if (strcmp(part->name, "kept") == 0)
		return take_kept(part, s);
	if (strcmp(part->name, "row") == 0)
		take_row(part, s);
	if (strncmp(part->name, SYSTEM, strlen(SYSTEM)) == 0)
		take_system(part, s);
	return OK;
}

/* The file's name for display, which drafts keep. */
static void settle_name(const struct request *rq, struct sent *s)
{
	const char *kept = office_given(rq, "name");

	if (!*s->file)
		snprintf(s->file, sizeof(s->file), "%s", kept);
	if (text_forbidden(s->file, false) || !text_is_stream_safe(s->file))
		*s->file = '\0';
	s->file[text_prefix(s->file, DRAFT_FILE / 4)] = '\0';
}

static enum err read_body(const struct request *rq, struct sent *s)
{
	struct multipart m;
	bool more = true;

	ENSURE(multipart_is(rq->body_type), ERR_INVALID, "this form was not sent by its page");
	TRY(multipart_open(rq->body_type, rq->body, rq->body_len, &m));
	while (more) {
		struct part part;

		TRY(multipart_next(&m, &part, &more));
		if (more)
			TRY(take_part(rq, &part, s));
	}
	settle_name(rq, s);
	/* An image may happen to be valid CP949. */
	ENSURE(strlen(buf_text(&s->text)) == s->text.len, ERR_INVALID,
		"the table is no text that can be read");
	ENSURE(s->text.len || !s->empty_file, ERR_INVALID,
		"the file is empty (0 bytes): save it again with its content, and choose it again");
	ENSURE(text_is_visible(buf_text(&s->text)), ERR_INVALID,
		"choose a file, or paste a table with its header");
	return OK;
}

static bool is_chosen(const struct sent *s, const json_t *row)
{
	return import_is_chosen(
		&(struct import_shown){.chosen = s->chosen, .chosen_n = s->chosen_n}, row);
}

static bool makes_drafts(const struct request *rq)
{
	return strcmp(office_given(rq, "do"), "drafts") == 0;
}

/* --- the report --- */

static enum err put_report(const struct request *rq, const struct import_plan *plan,
	const struct sent *sent, json_t *view)
{
	json_t *report = json_object();
	AUTO(buf) kept = BUF(2 * IMPORT_FILE_MAX);

	json_put(view, "report", report);
	base64_add(&kept, buf_text(&sent->text), sent->text.len);
	json_put(report, "kept", json_text(buf_text(&kept)));
	json_put(report, "file", json_text(sent->file));
	json_put(report, "read_as", sent->read_as ? json_text(sent->read_as) : json_null());
	return import_view(rq,
		&(struct import_shown){
			plan, makes_drafts(rq) ? sent->chosen : NULL, sent->chosen_n},
		report);
}

/* --- the page --- */

static enum err show(struct request *rq, struct response *rs, json_t *view)
{
	json_auto_t *mine = view;
	const char *made = request_query(rq, "imported");
	const char *encoding = office_given(rq, "encoding");

	json_put(view, "title", json_text(message(rq, "import_title")));
	json_put(view, "in_drafts", json_boolean(!is_of_office(rq)));
	json_put(view, "made", made ? view_number(strtoll(made, NULL, 10)) : json_null());
	json_put(view, "partial", json_boolean(*office_given(rq, "partial") != '\0'));
	json_put(view, "profile", json_text(office_given(rq, "profile")));
	json_put(view, "department", json_text(department_of(rq)));
	json_put(view, "cp949", json_boolean(!strcmp(encoding, "cp949")));
	json_put(view, "windows", json_boolean(!strcmp(encoding, "windows-1252")));
	json_put(view, "chooses_department", json_boolean(is_of_office(rq)));
	json_put(view, "rows_max", view_number(IMPORT_ROWS_MAX));
	json_put(view, "megabytes", view_number(IMPORT_FILE_MAX / MIB));
	json_put(view, "bytes_max", json_integer(IMPORT_FILE_MAX));
	TRY(put_profiles(rq, view));
	TRY(put_departments(rq, view));
	if (is_of_office(rq))
		view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	else
		view_crumb(view, message(rq, "drafts"), "/%s/office/drafts", rq->lang);
	return office_render(rq, rs, "office_import.html", TAKE(mine));
}

enum err page_import(struct request *rq, struct response *rs)
{
	return show(rq, rs, json_object());
}

/* --- drafts --- */

/* A draft that is filed makes place for the row's. */
static enum err replace_filed(
	struct people *people, const struct import_plan *plan, const struct record_draft *d)
{
	const json_t *filed = json_object_get(plan->filed, d->system);
	enum err e = filed ? draft_discard(people, d->department, json_str(filed, "id"),
				     json_num(filed, "revision"))
	                   : OK;

	return e == ERR_NOT_FOUND ? OK : e;
}

static enum err make_draft(const struct request *rq, struct people *people, const struct sent *s,
	const struct import_plan *plan, const json_t *row)
{
	struct record_draft d = {.version = json_num(row, "version"),
		.line = json_num(row, "line"),
		.record = json_object_get(row, "record")};

	snprintf(d.system, sizeof(d.system), "%s", json_str(row, "system"));
	snprintf(d.department, sizeof(d.department), "%s", department_of(rq));
	snprintf(d.by, sizeof(d.by), "%s", rq->who->session.account.id);
	snprintf(d.file, sizeof(d.file), "%s", s->file);
	TRY(replace_filed(people, plan, &d));
	return draft_new(people, &d);
}

/* A slug is permanent: one typed for a new system must be unused. */
static enum err settle_system(const struct request *rq, const struct sent *s,
	const struct import_plan *plan, json_t *names, json_t *row)
{
	AUTOFREE char *line = mem_printf("%lld", (long long)json_num(row, "line"));
	const char *typed = json_str(s->systems, line), *slug;
	json_auto_t *owner = NULL;
	enum err e;

	if (typed && import_is_new(row) && strcmp(typed, json_str(row, "system")) != 0) {
		json_put(row, "system", json_text(typed));
		ENSURE(slug_valid(typed), ERR_INVALID,
			"\"%.100s\" cannot be the name of a system in addresses: small Latin letters and "
			"digits, with single hyphens between, at most %d",
			typed, SLUG_MAX);
		e = query_owner(rq->snap, typed, &owner);
		ENSURE(e == ERR_NOT_FOUND, e == OK ? ERR_INVALID : e,
			"\"%s\" is the name of another system already: choose another, names are never "
			"used twice",
			typed);
	}
	slug = json_str(row, "system");
	ENSURE(!json_object_get(names, slug) && !json_object_get(plan->drafts, slug), ERR_INVALID,
		"your department has a draft of \"%s\" already", slug);
	json_put(names, slug, json_true());
	return OK;
}

static enum err settle_systems(
	const struct request *rq, const struct sent *s, const struct import_plan *plan)
{
	json_auto_t *names = json_object();

	json_each (plan->rows, row) {
		if (is_chosen(s, row) && import_may_choose(row))
			TRY(settle_system(rq, s, plan, names, row));
	}
	return OK;
}

/* Skips a row that became a draft meanwhile. */
static enum err make_drafts(const struct request *rq, const struct sent *s,
	const struct import_plan *plan, size_t *made)
{
	struct people *people;

	*made = 0;
	ENSURE(s->ticked > 0, ERR_INVALID, "choose at least one row");
	ENSURE(s->ticked <= plan->room, ERR_LIMITED,
		"the department has room for %zu drafts more: choose fewer rows, or file or discard "
		"drafts first",
		plan->room);
	TRY(settle_systems(rq, s, plan));
	TRY(office_people(rq, &people));
	TRY(drafts_make_room(rq->snap, people, department_of(rq)));
	json_each (plan->rows, row) {
		enum err e;

		if (!is_chosen(s, row) || !import_may_choose(row))
			continue;
		e = make_draft(rq, people, s, plan, row);
		*made += e == OK;
		if (e != ERR_CONFLICT)
			TRY(e);
	}
	return OK;
}

/* `*at`: the input at fault. */
static enum err take(
	struct request *rq, struct sent *s, struct import_plan *plan, const char **at, size_t *made)
{
	*at = "department";
	TRY(check_department(rq));
	*at = "profile";
	TRY(check_profile(rq));
	*at = "file";
	TRY(read_body(rq, s));
	plan->department = department_of(rq);
	TRY(import_plan(rq, office_given(rq, "profile"), buf_text(&s->text), s->text.len,
		*office_given(rq, "partial") != '\0', plan));
	*at = "rows";
	if (makes_drafts(rq))
		return make_drafts(rq, s, plan, made);
	return OK;
}

static bool is_answer(enum err e)
{
	return e == ERR_INVALID || e == ERR_TOO_LARGE || e == ERR_LIMITED;
}

enum err page_imported(struct request *rq, struct response *rs)
{
	__attribute__((cleanup(sent_done))) struct sent sent = {
		.text = BUF(2 * IMPORT_FILE_MAX), .systems = json_object()};
	__attribute__((cleanup(import_plan_done))) struct import_plan plan = {0};
	json_auto_t *view = json_object();
	const char *at = "file";
	size_t made = 0;
	enum err e = take(rq, &sent, &plan, &at, &made);

	if (made) {
		office_go(rs, "/%s/office/%s?imported=%zu", rq->lang,
			is_of_office(rq) ? "import" : "drafts", made);
		return OK;
	}
	if (e != OK && !is_answer(e))
		return e;
	if (e != OK) {
		rs->status = err_kind(e)->http;
		office_wrong(rq, view, at);
	}
	if (e == OK || strcmp(at, "rows") == 0)
		TRY(put_report(rq, &plan, &sent, view));
	return show(rq, rs, TAKE(view));
}
