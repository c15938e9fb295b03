/* page_people.c - /{lang}/office/people: accounts, roles, requested keys; for administrators. */
#include "registry/query/desk.h"
#include "registry/query/query.h"
#include "web/office/office.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static json_t *choice(const char *value, json_t *label, const char *now)
{
	return json_make("{s:s,s:o,s:b}", "value", value, "label", label, "selected",
		now && strcmp(now, value) == 0);
}

static json_t *roles(const struct request *rq, const char *now)
{
	json_t *list = json_array();

	for (unsigned role = 1; role < ROLES; role *= 2) {
		AUTOFREE char *key = mem_printf("role_%s", role_name(role));

		json_push(list, choice(role_name(role), json_text(message(rq, key)), now));
	}
	return list;
}

static json_t *departments(const struct request *rq, const json_t *all, const char *now)
{
	json_t *list = json_array();

	json_each (all, d) {
		json_auto_t *name = view_text(rq, json_object_get(d, "name"));
		const char *text = json_str(name, "text");

		json_push(list, choice(json_str(d, "slug"),
					json_text(text ? text : json_str(d, "slug")), now));
	}
	return list;
}

/* The person of an account; NULL if not appointed. */
static json_t *account_view(
	const struct request *rq, const json_t *account, const json_t *person, const json_t *all)
{
	bool acts = person && !json_is_true(json_object_get(person, "dismissed"));
	AUTOFREE char *role = mem_printf("role_%s", acts ? json_str(person, "role") : "");

	return json_make("{s:O,s:O,s:O,s:b,s:b,s:o,s:o,s:o,s:O,s:o,s:o}", "person",
		json_object_get(account, "name"), "login", json_object_get(account, "login"),
		"account", json_object_get(account, "id"), "unappointed", !person, "dismissed",
		person && !acts, "role", acts ? json_text(message(rq, role)) : json_null(),
		"department_name",
		acts ? view_text(rq, json_object_get(person, "department_name")) : json_null(),
		"keys", acts ? view_number(json_num(person, "keys")) : json_null(), "disabled",
		json_object_get(account, "disabled"), "roles",
		roles(rq, acts ? json_str(person, "role") : NULL), "departments",
		departments(rq, all, acts ? json_str(person, "department") : NULL));
}

/* Includes people who were dismissed, because a key of theirs may have been stolen. */
static enum err add_keys(const struct request *rq, json_t *account)
{
	json_t *list = json_array(), *keys = NULL;

	json_put(account, "signing_keys", list);
	TRY(desk_keys(rq->snap, json_str(account, "account"), &keys));
	json_each (keys, key) {
		char id[9];

		office_key_id(json_str(key, "vkey"), id);
		json_push(list, json_make("{s:s,s:O,s:O}", "key", id, "granted",
					json_object_get(key, "granted_entry"), "revoked",
					json_object_get(key, "revoked")));
	}
	json_decref(keys);
	return OK;
}

static enum err add_accounts(const struct request *rq, struct people *people, json_t *view)
{
	json_auto_t *accounts = NULL, *persons = NULL, *all = NULL;
	json_t *list = json_array();

	json_put(view, "people", list);
	TRY(people_accounts(people, &accounts));
	TRY(desk_people(rq->snap, &persons));
	TRY(query_departments(rq->snap, &all));
	json_each_at (accounts, i, a) {
		json_push(list,
			account_view(rq, a, json_find(persons, "person", json_str(a, "id")), all));
		TRY(add_keys(rq, json_array_get(list, i)));
	}
	return OK;
}

static json_t *asked_view(const struct request *rq, const json_t *key)
{
	char at[TIME_TEXT], id[9];

	time_text(json_num(key, "at"), at);
	office_key_id(json_str(key, "vkey"), id);
	return json_make("{s:O,s:O,s:O,s:O,s:s,s:o}", "person", json_object_get(key, "name"),
		"login", json_object_get(key, "login"), "browser", json_object_get(key, "browser"),
		"vkey", json_object_get(key, "vkey"), "key", id, "when", view_time(rq, at));
}

static enum err add_asked(const struct request *rq, struct people *people, json_t *view)
{
	json_auto_t *asked = NULL;
	json_t *list = json_array();

	json_put(view, "asked", list);
	TRY(office_waiting_keys(rq, people, NULL, &asked));
	json_each (asked, key)
		json_push(list, asked_view(rq, key));
	json_put(view, "asked_n", view_number((int64_t)json_array_size(list)));
	return OK;
}

static enum err render(
	const struct request *rq, struct response *rs, struct people *people, json_t *view)
{
	json_auto_t *owned = view;

	TRY(add_asked(rq, people, view));
	TRY(add_accounts(rq, people, view));
	json_put(view, "title", json_text(message(rq, "people")));
	json_put(view, "fresh", json_boolean(people_is_fresh(people, &rq->who->session)));
	json_put(view, "base", json_text(rq->site->base));
	json_put(view, "in_people", json_true());
	json_put(view, "signing", json_true());
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_people.html", TAKE(owned));
}

enum err page_people(struct request *rq, struct response *rs)
{
	struct people *people = NULL;
	json_t *view;

	TRY(office_people(rq, &people));
	view = json_object();
	json_put(view, "done", json_boolean(request_query(rq, "done") != NULL));
	return render(rq, rs, people, view);
}

/* Invites a new or an existing account; the page shows `*token` once. */
static enum err invite(
	const struct request *rq, struct people *people, char token[PEOPLE_TOKEN + 1])
{
	const char *by = rq->who->session.account.id;
	struct account account;

	if (strcmp(office_given(rq, "do"), "add") == 0) {
		TRY(people_draft(office_given(rq, "login"), office_given(rq, "name"),
			office_given(rq, "email"), rq->lang, &account));
		TRY(people_add(people, &account, by));
	} else {
		TRY(people_account(people, office_given(rq, "account"), &account));
	}
	return people_invite(people, account.id, true, by, token);
}

/* The key from whose page the form came; 0 for this page's own. */
static int64_t key_of_form(const struct request *rq)
{
	return strtoll(office_given(rq, "key"), NULL, 10);
}

/* Ends the sessions of an account, except the one that asks for it; then shows this page again, or
 * that of the key from which the form came. */
static enum err end_sessions(const struct request *rq, struct people *people, struct response *rs)
{
	int64_t key = key_of_form(rq);
	struct account account;

	TRY(people_account(people, office_given(rq, "account"), &account));
	TRY(people_end_sessions(people, account.id, rq->who->session.id));
	if (key > 0)
		office_go(rs, "/%s/office/keys/%" PRId64 "?done=1", rq->lang, key);
	else
		office_go(rs, "/%s/office/people?done=1", rq->lang);
	return OK;
}

static void keep_typed(const struct request *rq, json_t *view)
{
	json_put(view, "login", json_text(office_given(rq, "login")));
	json_put(view, "name", json_text(office_given(rq, "name")));
	json_put(view, "email", json_text(office_given(rq, "email")));
}

/* Shows the form as it was sent, with the way to a fresh proof. A form of a key's page holds
 * nothing that was typed, and that page shows the way itself. */
static enum err want_proof(const struct request *rq, struct people *people, struct response *rs)
{
	int64_t key = key_of_form(rq);
	json_t *view;

	if (key > 0) {
		office_go(rs, "/%s/office/keys/%" PRId64, rq->lang, key);
		return OK;
	}
	view = json_object();
	keep_typed(rq, view);
	json_put(view, "undone", json_true());
	rs->status = err_kind(ERR_DENIED)->http;
	return render(rq, rs, people, view);
}

enum err page_people_changed(struct request *rq, struct response *rs)
{
	char token[PEOPLE_TOKEN + 1];
	struct people *people = NULL;
	json_t *view;
	enum err e;

	TRY(office_people(rq, &people));
	if (!people_is_fresh(people, &rq->who->session))
		return want_proof(rq, people, rs);
	if (strcmp(office_given(rq, "do"), "end-sessions") == 0)
		return end_sessions(rq, people, rs);
	view = json_object();
	e = invite(rq, people, token);
	if (e == OK) {
		AUTOFREE char *path = mem_printf("/%s/office/invitation/%s", rq->lang, token);

		json_put(view, "invited", json_text(path));
		return render(rq, rs, people, view);
	}
	office_wrong(rq, view, "login");
	keep_typed(rq, view);
	rs->status = err_kind(e)->http;
	return render(rq, rs, people, view);
}
