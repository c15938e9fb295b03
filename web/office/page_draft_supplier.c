/* page_draft_supplier.c - /{lang}/office/drafts/{id}/supplier: links for suppliers, and their
 * answers beside the draft, to be taken over field by field.
 *
 * Values that are taken over are marked as the supplier's statement (FIELD_STATED). A form names
 * the revision and the answer that it showed, so nobody takes over an unseen change. */
#include "base/sha256.h"
#include "registry/people/supplier.h"
#include "web/office/draft_form.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <stdlib.h>
#include <string.h>

#define TAKE_FIELD "take." /* with a field's name: take it over */

struct showing {
	struct request *rq;
	struct people *people;
	struct draft_form f;
	struct record_draft draft;
	json_t *links;
};
static void showing_done(struct showing *s)
{
	draft_form_done(&s->f);
	record_draft_done(&s->draft);
	json_decref(s->links);
}

static enum err open_page(struct request *rq, struct showing *s)
{
	s->rq = rq;
	TRY(office_people(rq, &s->people));
	TRY(draft_open(rq, &s->draft));
	TRY(draft_form(rq, &s->f));
	return supplier_links(s->people, s->draft.department, s->draft.id, &s->links);
}

static void answer_hash(const json_t *answer, char out[SHA256_HEX])
{
	AUTO(buf) text = BUF(MIB);
	struct sha256 hash;

	json_canonical(answer, &text);
	hash = sha256_of(buf_text(&text), text.len);
	sha256_hex(&hash, out);
}

/* --- showing --- */

static json_t *field_view(const struct showing *s, const struct field *f, const json_t *answer)
{
	const json_t *told = json_object_get(answer, f->name),
		     *own = json_object_get(s->draft.record, f->name);

	return json_make("{s:s, s:o, s:o, s:o, s:b, s:b}", "field", f->name, "label",
		view_text(s->rq, json_object_get(f->json, "label")), "mine",
		draft_value_shown(s->rq, &s->f.form, f, own), "theirs",
		draft_value_shown(s->rq, &s->f.form, f, told), "same", own && json_equal(own, told),
		"empty", own == NULL);
}

/* The answered fields that suppliers may fill in, in the standard's order. */
static json_t *fields_view(const struct showing *s, const json_t *answer)
{
	const struct form_step asked = {.names = standard_asked_of_supplier(s->rq->standard)};
	json_t *list = json_array();
	size_t n;
	const struct field *fields = standard_fields(s->rq->standard, &n);

	for (size_t i = 0; asked.names && i < n; i++)
		if (form_step_has(&asked, &fields[i]) && json_object_get(answer, fields[i].name))
			json_push(list, field_view(s, &fields[i], answer));
	return list;
}

static json_t *when(const struct showing *s, const json_t *at)
{
	char text[TIME_TEXT];

	if (!json_is_integer(at))
		return json_null();
	time_text(json_integer_value(at), text);
	return view_time(s->rq, text);
}

static json_t *link_view(const struct showing *s, const json_t *link)
{
	const json_t *answer = json_object_get(link, "answer");
	json_t *fields = fields_view(s, answer);
	char hash[SHA256_HEX];

	answer_hash(answer, hash);
	return json_make("{s:I, s:s, s:o, s:o, s:o, s:b, s:o, s:o, s:s, s:b, s:o}", "id",
		(json_int_t)json_num(link, "id"), "supplier", json_str(link, "supplier"), "made",
		when(s, json_object_get(link, "made")), "by",
		office_person(s->rq, json_str(link, "by")), "expires",
		when(s, json_object_get(link, "expires")), "open",
		json_is_true(json_object_get(link, "open")), "revoked",
		when(s, json_object_get(link, "revoked")), "answered",
		when(s, json_object_get(link, "answered")), "hash", hash, "any",
		json_array_size(fields) > 0, "fields", fields);
}

/* `token`: of a new link; `wrong`: the id of the input at fault, with the reason of the failure. */
static enum err show(struct showing *s, struct response *rs, const char *token, const char *wrong)
{
	const struct request *rq = s->rq;
	AUTOFREE char *name = draft_name(rq, &s->draft);
	AUTOFREE char *url =
		token ? mem_printf("%s/%s/supplier/%s", rq->site->base, rq->lang, token) : NULL;
	json_t *list = json_array();
	json_t *view = json_make("{s:s, s:b, s:s, s:s, s:I, s:s?, s:i, s:b}", "title",
		message(rq, "supplier_links"), "in_drafts", 1, "name", name, "draft", s->draft.id,
		"revision", (json_int_t)s->draft.revision, "url", url, "most", SUPPLIER_DAYS,
		"done", request_query(rq, "done") != NULL);

	json_each (s->links, link)
		json_push(list, link_view(s, link));
	json_put(view, "none", json_boolean(!json_array_size(list)));
	json_put(view, "links", list);
	json_put(view, "supplier", json_text(wrong ? office_given(rq, "supplier") : ""));
	json_put(view, "days", json_text(wrong ? office_given(rq, "days") : "14"));
	view_crumb(view, message(rq, "drafts"), "/%s/office/drafts", rq->lang);
	view_crumb(view, name, "/%s/office/drafts/%s", rq->lang, s->draft.id);
	if (wrong)
		office_wrong(rq, view, wrong);
	return office_render(rq, rs, "office_draft_supplier.html", view);
}

enum err page_draft_supplier(struct request *rq, struct response *rs)
{
	__attribute__((cleanup(showing_done))) struct showing s = {0};

	TRY(open_page(rq, &s));
	return show(&s, rs, NULL, NULL);
}

/* --- acting --- */

static enum err make_link(struct showing *s, struct response *rs)
{
	const struct request *rq = s->rq;
	int64_t days = strtoll(office_given(rq, "days"), NULL, 10);
	char token[PEOPLE_TOKEN + 1];
	enum err e = supplier_link_new(s->people, s->draft.department, s->draft.id,
		office_given(rq, "supplier"), days, rq->who->session.account.id, token);

	if (e == ERR_INVALID || e == ERR_LIMITED) {
		rs->status = err_kind(e)->http;
		return show(s, rs, NULL, days < 1 || days > SUPPLIER_DAYS ? "days" : "supplier");
	}
	TRY(e);
	json_decref(s->links);
	s->links = NULL;
	TRY(supplier_links(s->people, s->draft.department, s->draft.id, &s->links));
	return show(s, rs, token, NULL);
}

static const json_t *link_of(const struct showing *s, int64_t id)
{
	json_each (s->links, link) {
		if (json_num(link, "id") == id)
			return link;
	}
	return NULL;
}

/* Copies the ticked fields to the draft's record and marks them as the supplier's statements. */
static void take_fields(const struct showing *s, const json_t *link, json_t *record)
{
	const json_t *answer = json_object_get(link, "answer");
	char day[DAY_TEXT];

	part_day(s->rq, 0, day);
	json_each (standard_asked_of_supplier(s->rq->standard), name) {
		const char *field = json_string_value(name);
		AUTOFREE char *tick = mem_printf(TAKE_FIELD "%s", field);
		json_t *told = json_object_get(answer, field);

		if (!told || !request_form(s->rq, tick))
			continue;
		json_put(record, field, json_deep_copy(told));
		standard_state(record, field, json_str(link, "supplier"), day);
	}
}

static enum err take_over(struct showing *s)
{
	const struct request *rq = s->rq;
	const json_t *link = link_of(s, strtoll(office_given(rq, "link"), NULL, 10));
	json_auto_t *record = json_deep_copy(s->draft.record);
	struct record_draft own = s->draft;
	AUTO(record_draft) theirs = {0};
	char hash[SHA256_HEX];

	ENSURE(link, ERR_NOT_FOUND, "this draft has no such link");
	answer_hash(json_object_get(link, "answer"), hash);
	ENSURE(strcmp(hash, office_given(rq, "seen")) == 0 &&
			strtoll(office_given(rq, "revision"), NULL, 10) == s->draft.revision,
		ERR_CONFLICT,
		"the draft or the answer was saved meanwhile: look at it again, nothing was taken over");
	take_fields(s, link, record);
	own.record = record;
	snprintf(own.by, sizeof(own.by), "%s", rq->who->session.account.id);
	return draft_save(s->people, &own, &theirs);
}

enum err page_draft_supplier_changed(struct request *rq, struct response *rs)
{
	__attribute__((cleanup(showing_done))) struct showing s = {0};
	const char *does = office_given(rq, "do");
	enum err e = OK;

	TRY(open_page(rq, &s));
	if (strcmp(does, "link") == 0)
		return make_link(&s, rs);
	if (strcmp(does, "revoke") == 0)
		TRY(supplier_revoke(s.people, s.draft.department, s.draft.id,
			strtoll(office_given(rq, "link"), NULL, 10)));
	else if (strcmp(does, "take") == 0)
		e = take_over(&s);
	if (e == ERR_CONFLICT || e == ERR_TOO_LARGE) {
		rs->status = err_kind(e)->http;
		return show(&s, rs, NULL, "links");
	}
	TRY(e);
	office_go(rs, "/%s/office/drafts/%s/supplier?done=1", rq->lang, s.draft.id);
	return OK;
}
