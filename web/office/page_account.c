/* page_account.c - /{lang}/office/account: one's password, second factor, sessions, signing key. */
#include "registry/query/desk.h"
#include "web/office/key_notice.h"
#include "web/office/passkeys.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <stdlib.h>
#include <string.h>

/* Handles one form of this page. `*view` receives what the page then shows. */
typedef enum err act_fn(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view);

static const struct session *session_of(const struct request *rq)
{
	return &rq->who->session;
}

static enum err act_prove(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view)
{
	const char *code = office_given(rq, "code");
	int64_t wait;

	return people_prove(people, &from->from, session_of(rq), office_given(rq, "password"),
		*code ? code : NULL, &wait);
}

static enum err act_password(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view)
{
	ENSURE(strcmp(office_given(rq, "password"), office_given(rq, "again")) == 0, ERR_INVALID,
		"the two passwords are not the same: type it twice");
	return people_change_password(people, session_of(rq), office_given(rq, "password"));
}

static enum err act_totp(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view)
{
	AUTOFREE char *secret = NULL, *uri = NULL;
	char origin[KEY_NAME_MAX + 1];
	struct state state = state_of(rq->snap);

	TRY(state_origin(&state, origin));
	TRY(people_totp_begin(people, session_of(rq), origin, &secret, &uri));
	json_put(view, "totp_secret", json_text(secret));
	json_put(view, "totp_uri", json_text(uri));
	return OK;
}

static enum err act_totp_confirm(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view)
{
	json_t *codes;

	TRY(people_totp_confirm(people, session_of(rq), office_given(rq, "code"), &codes));
	json_put(view, "codes", codes);
	json_put(view, "has_codes", json_true());
	return OK;
}

static enum err act_codes(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view)
{
	json_t *codes;

	TRY(people_recovery_codes(people, session_of(rq), &codes));
	json_put(view, "codes", codes);
	json_put(view, "has_codes", json_true());
	return OK;
}

static enum err act_passkey(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view)
{
	struct passkey_answer answer;
	struct passkeys_here here;

	json_put(view, "passkey_called", json_text(office_given(rq, "name")));
	TRY(passkeys_answer(rq, &here, &answer));
	return people_passkey_add(people, session_of(rq), &answer, office_given(rq, "name"));
}

static enum err act_passkey_remove(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view)
{
	return people_passkey_remove(
		people, session_of(rq), strtoll(office_given(rq, "passkey"), NULL, 10));
}

static enum err act_passkey_prove(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view)
{
	struct passkey_answer answer;
	struct passkeys_here here;

	TRY(passkeys_answer(rq, &here, &answer));
	return people_passkey_prove(people, session_of(rq), &answer);
}

static enum err act_end_session(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view)
{
	return people_end_session(
		people, session_of(rq)->account.id, strtoll(office_given(rq, "session"), NULL, 10));
}

static enum err act_end_all(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view)
{
	return people_end_sessions(people, session_of(rq)->account.id, session_of(rq)->id);
}

static enum err act_key(const struct request *rq, struct people *people,
	const struct office_from *from, json_t *view)
{
	AUTOFREE char *name = NULL;
	struct vkey key;

	TRY(office_fresh(rq));
	TRY(office_key_name(rq, &name));
	TRY(vkey_parse(office_given(rq, "vkey"), &key));
	ENSURE(strcmp(key.name, name) == 0 && key.type == KEY_ED25519, ERR_INVALID,
		"the key must be an Ed25519 key named %s", name);
	return people_ask_key(
		people, session_of(rq)->account.id, office_given(rq, "vkey"), from->browser);
}

/* `shows`: answers with the page itself, because its result is shown only once. `proves`: leads
 * back to the page that sent the person here. */
static const struct act {
	const char *name, *field;
	act_fn *run;
	bool shows, proves;
} acts[] = {
	{"prove", "prove", act_prove, .proves = true},
	{"password", "password", act_password},
	{"totp", "totp", act_totp, .shows = true},
	{"totp-confirm", "code", act_totp_confirm, .shows = true},
	{"codes", "codes", act_codes, .shows = true},
	{"passkey", "passkey_name", act_passkey},
	{"passkey-remove", "passkeys", act_passkey_remove},
	{"passkey-prove", "prove", act_passkey_prove, .proves = true},
	{"key", "key", act_key},
	{"end-session", "sessions", act_end_session},
	{"end-all", "sessions", act_end_all},
};

static json_t *session_view(const struct request *rq, const json_t *s)
{
	char at[TIME_TEXT], seen[TIME_TEXT];

	time_text(json_num(s, "made"), at);
	time_text(json_num(s, "seen"), seen);
	return json_make("{s:I,s:o,s:o,s:s,s:s,s:b}", "id", (json_int_t)json_num(s, "id"), "made",
		view_time(rq, at), "seen", view_time(rq, seen), "browser", json_str(s, "browser"),
		"network", json_str(s, "network"), "this", json_num(s, "id") == session_of(rq)->id);
}

static enum err add_sessions(const struct request *rq, struct people *people, json_t *view)
{
	json_auto_t *sessions = NULL;
	json_t *list = json_array();

	json_put(view, "sessions", list);
	TRY(people_sessions(people, session_of(rq)->account.id, &sessions));
	json_each (sessions, s)
		json_push(list, session_view(rq, s));
	return OK;
}

static json_t *day_of(const struct request *rq, const json_t *row, const char *member)
{
	char at[TIME_TEXT];

	if (!json_is_integer(json_object_get(row, member)))
		return json_null();
	time_text(json_num(row, member), at);
	return view_time(rq, at);
}

static enum err add_passkeys(const struct request *rq, struct people *people, json_t *view)
{
	json_auto_t *passkeys = NULL;
	json_t *list = json_array();

	json_put(view, "passkey", list);
	TRY(people_passkeys(people, session_of(rq)->account.id, &passkeys));
	json_each (passkeys, k)
		json_push(list, json_make("{s:O,s:O,s:o,s:o}", "id", json_object_get(k, "id"),
					"called", json_object_get(k, "name"), "made",
					day_of(rq, k, "made"), "used", day_of(rq, k, "used")));
	return OK;
}

/* Keys that wait for the office, and granted ones. Until the first administrator has a key, only
 * the operator can grant one: `operator` says how. */
static enum err add_keys(const struct request *rq, struct people *people, json_t *view)
{
	const struct person *person = &rq->who->person;
	AUTOFREE char *name = NULL, *line = NULL;
	json_t *granted, *waiting;

	TRY(office_key_name(rq, &name));
	json_put(view, "key_name", json_text(name));
	TRY(desk_keys(rq->snap, person->id, &granted));
	json_put(view, "key_granted", granted);
	TRY(office_waiting_keys(rq, people, person->id, &waiting));
	json_put(view, "key_asked", waiting);
	if (person->role != ROLE_ADMINISTRATOR || json_array_size(granted) ||
		!json_array_size(waiting))
		return OK;
	line = key_command(rq, json_str(json_array_get(waiting, 0), "vkey"));
	json_put(view, "operator", json_text(line));
	return OK;
}

/* `to`: the page that wants a proof of who this is; NULL or another's address: none. */
static enum err render(const struct request *rq, struct response *rs, struct people *people,
	const char *to, json_t *view)
{
	json_auto_t *owned = view;
	struct account account;

	TRY(people_account(people, session_of(rq)->account.id, &account));
	TRY(add_sessions(rq, people, view));
	TRY(add_passkeys(rq, people, view));
	if (*rq->who->person.department)
		TRY(add_keys(rq, people, view));
	json_put(view, "title", json_text(message(rq, "account")));
	json_put(view, "login", json_text(account.login));
	json_put(view, "has_totp", json_boolean(account.has_totp));
	json_put(view, "has_second", json_boolean(account.has_totp || account.passkeys));
	json_put(view, "has_passkeys", json_boolean(account.passkeys));
	json_put(view, "codes_left", view_number(account.recovery_codes));
	json_put(view, "fresh", json_boolean(people_is_fresh(people, session_of(rq))));
	json_put(view, "may_sign",
		json_boolean(rq->who->person.role && rq->who->person.role != ROLE_AUDITOR));
	json_put(view, "signing", json_true());
	json_put(view, "to", office_is_own_page(rq, to) ? json_text(to) : json_null());
	passkeys_add(rq, view);
	json_put(view, "in_account", json_true());
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_account.html", TAKE(owned));
}

enum err page_account(struct request *rq, struct response *rs)
{
	struct office_from from;
	struct people *people;
	json_t *view;

	TRY(office_people(rq, &people));
	office_from(rq, &from);
	view = json_object();
	json_put(view, "done", json_boolean(request_query(rq, "done") != NULL));
	json_put(view, "weak", json_boolean(request_query(rq, "weak") != NULL));
	json_put(view, "passkey_called", json_text(from.browser));
	return render(rq, rs, people, request_query(rq, "to"), view);
}

static const struct act *act_named(const char *name)
{
	for (size_t i = 0; i < COUNT(acts); i++)
		if (strcmp(acts[i].name, name) == 0)
			return &acts[i];
	return NULL;
}

static void go_on(const struct request *rq, struct response *rs, const struct act *act)
{
	const char *to = request_form(rq, "to");

	if (act->proves && office_is_own_page(rq, to))
		office_go(rs, "%s", to);
	else
		office_go(rs, "/%s/office/account?done=1", rq->lang);
}

/* The field at which an error is shown: without a fresh proof, the forms that want one are not. */
static const char *field_of(
	const struct request *rq, struct people *people, const struct act *act, enum err e)
{
	return e == ERR_DENIED && !people_is_fresh(people, session_of(rq)) ? "prove" : act->field;
}

enum err page_account_changed(struct request *rq, struct response *rs)
{
	const struct act *act = act_named(office_given(rq, "do"));
	json_auto_t *view = json_object();
	struct office_from from;
	struct people *people;
	enum err e;

	office_from(rq, &from);
	ENSURE(act, ERR_NOT_FOUND, "there is nothing of this name to do");
	TRY(office_people(rq, &people));
	e = act->run(rq, people, &from, view);
	if (e == OK && !act->shows) {
		go_on(rq, rs, act);
		return OK;
	}
	if (e != OK) {
		rs->status = err_kind(e)->http;
		office_wrong(rq, view, field_of(rq, people, act, e));
	}
	return render(rq, rs, people, request_form(rq, "to"), TAKE(view));
}
