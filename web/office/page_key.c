/* page_key.c - /{lang}/office/keys/{n}: a person's signing key, by the entry that granted it: what
 * it signed, the day from which it may have been stolen, and its revocation. For its owner and for
 * those who may revoke it. A revocation ends no session (registry/people/people.h), so the page
 * says in how many places the owner is still signed in, and has a button that ends these sessions.
 */
#include "base/languages.h"
#include "base/zone.h"
#include "registry/query/desk.h"
#include "web/office/office.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <string.h>

/* The page about a signed entry's subject; "" if there is none. */
static char *page_of(const struct request *rq, const char *type, const char *subject)
{
	if (strncmp(type, "system.", 7) == 0)
		return mem_printf("/%s/systems/%s", rq->lang, subject);
	if (strncmp(type, "feedback.", 9) == 0 && strlen(subject) == FEEDBACK_ID)
		return mem_printf("/%s/office/questions/%s", rq->lang, subject);
	if (strncmp(type, "department.", 11) == 0)
		return mem_printf("/%s/departments/%s", rq->lang, subject);
	return mem_text("");
}

static json_t *signed_view(const struct request *rq, const json_t *entry)
{
	const char *type = json_str(entry, "type"), *subject = json_str(entry, "subject");
	AUTOFREE char *what = mem_text(err_text(type)), *href = page_of(rq, type, subject);

	for (char *c = what; strcmp(rq->lang, LANGUAGE_OF_C) == 0 && *c; c++)
		if (*c == '.' || *c == '_')
			*c = ' ';
	return json_make("{s:O,s:s,s:s,s:o,s:o}", "entry", json_object_get(entry, "entry"), "what",
		what, "subject", subject, "href", *href ? json_text(href) : json_null(), "when",
		view_time(rq, json_str(entry, "at")));
}

/* Newest first; only those from `since`, a day in the register's zone. */
static enum err add_signed(const struct request *rq, int64_t key, const char *since, json_t *view)
{
	json_auto_t *entries = NULL;
	json_t *list = json_array();

	json_put(view, "signed", list);
	TRY(desk_signed(rq->snap, key, &entries));
	json_each (entries, entry) {
		char day[DAY_TEXT];
		int64_t at = 0;

		TRY(time_parse(json_str(entry, "at"), &at));
		zone_day(at, 0, day);
		if (since && strcmp(day, since) < 0)
			break;
		json_push(list, signed_view(rq, entry));
	}
	json_put(view, "signed_n", view_number((int64_t)json_array_size(list)));
	return OK;
}

static json_t *key_view(const struct request *rq, const json_t *key, const char *since)
{
	const json_t *revoked = json_object_get(key, "revoked_entry");
	bool may_revoke = json_is_null(revoked) && access_may(rq->who->person.role, "key.revoked");
	json_t *view = json_make("{s:s,s:b,s:O,s:O}", "title", message(rq, "key_page"), "signing",
		1, "vkey", json_object_get(key, "vkey"), "granted",
		json_object_get(key, "granted_entry"));
	char today[DAY_TEXT];

	zone_day(site_now(rq->site), 0, today);
	json_put(view, "today", json_text(today));
	json_put(view, "owner", office_person(rq, json_str(key, "person")));
	json_put(view, "is_revoked", json_boolean(!json_is_null(revoked)));
	json_put(view, "revoked", json_incref((json_t *)revoked));
	json_put(view, "may_revoke", json_boolean(may_revoke));
	json_put(view, "stolen",
		json_str(key, "since") ? view_date(rq, json_str(key, "since")) : json_null());
	json_put(view, "since", json_text(since));
	json_put(view, "since_day", since ? view_date(rq, since) : json_null());
	return view;
}

/* For administrators. Their own session does not count: it is the one that they are using. */
static enum err add_sessions(const struct request *rq, const char *owner, json_t *view)
{
	struct people *people = NULL;
	json_auto_t *sessions = NULL;
	int64_t n = 0;

	if (!access_may(rq->who->person.role, "people"))
		return OK;
	TRY(office_people(rq, &people));
	TRY(people_sessions(people, owner, &sessions));
	json_each (sessions, one)
		n += json_num(one, "id") != rq->who->session.id;
	json_put(view, "account", json_text(owner));
	json_put(view, "sessions", n ? view_number(n) : json_null());
	json_put(view, "fresh", json_boolean(people_is_fresh(people, &rq->who->session)));
	return OK;
}

enum err page_key(struct request *rq, struct response *rs)
{
	const char *since = request_query(rq, "since");
	json_auto_t *key = NULL, *view = NULL;

	TRY(desk_key(rq->snap, request_number(rq, "n"), &key));
	ENSURE(strcmp(json_str(key, "person"), rq->who->person.id) == 0 ||
			access_may(rq->who->person.role, "people"),
		ERR_DENIED, "this is another person's key");
	if (!since)
		since = json_str(key, "since");
	view = key_view(rq, key, since);
	json_put(view, "done", json_boolean(request_query(rq, "done") != NULL));
	TRY(add_signed(rq, json_num(key, "granted_entry"), since, view));
	TRY(add_sessions(rq, json_str(key, "person"), view));
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_key.html", TAKE(view));
}
