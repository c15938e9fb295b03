/* page_sign_in.c - /{lang}/office/sign-in, /code, /sign-out and /invitation/{token}. */
#include "web/office/passkeys.h"
#include "web/pages/pages.h"

#include <string.h>

static json_t *page_of(const struct request *rq, const char *title)
{
	return json_make("{s:s,s:b}", "title", message(rq, title), "sign_in_page", 1);
}

static enum err render(const struct request *rq, struct response *rs, const char *name,
	json_t *view, const char *to)
{
	json_put(view, "to", office_is_own_page(rq, to) ? json_text(to) : json_null());
	json_put(view, "plain", json_boolean(office_is_plain(rq)));
	passkeys_add(rq, view);
	return office_render(rq, rs, name, view);
}

enum err page_sign_in(struct request *rq, struct response *rs)
{
	struct people *people;
	json_t *view;

	TRY(office_people(rq, &people));
	view = page_of(rq, "sign_in");
	json_put(view, "over", json_boolean(request_query(rq, "over") != NULL));
	return render(rq, rs, "office_sign_in.html", view, request_query(rq, "to"));
}

/* Redirects a person, signed in or half signed in, to the page they wanted. */
static void go_on(const struct request *rq, struct response *rs, const struct signed_in *in)
{
	const char *to = request_form(rq, "to");

	office_set_cookies(rs, in);
	if (in->half)
		office_go(rs, "/%s/office/code%s%s", rq->lang,
			office_is_own_page(rq, to) ? "?to=" : "",
			office_is_own_page(rq, to) ? to : "");
	else if (office_is_own_page(rq, to))
		office_go(rs, "%s", to);
	else
		office_go(rs, "/%s/office", rq->lang);
}

/* Shows the form again with the error; never with a password. */
static enum err again(const struct request *rq, struct response *rs, enum err e, const char *name,
	const char *title, const char *field)
{
	json_t *view = page_of(rq, title);

	office_wrong(rq, view, field);
	rs->status = err_kind(e)->http;
	if (request_form(rq, "login"))
		json_put(view, "login", json_text(request_form(rq, "login")));
	return render(rq, rs, name, view, request_form(rq, "to"));
}

/* Errors that the person can correct by trying again; others get an error page. */
static bool is_answer(enum err e)
{
	return e == ERR_DENIED || e == ERR_LIMITED || e == ERR_BUSY || e == ERR_INVALID;
}

static enum err with_passkey(struct people *people, const struct request *rq,
	const struct people_from *from, struct signed_in *in)
{
	struct passkey_answer answer;
	struct passkeys_here here;

	TRY(passkeys_answer(rq, &here, &answer));
	return people_passkey_sign_in(people, from, &answer, in);
}

/* The page has two forms: login and password, or a passkey's answer to a challenge. */
enum err page_signed_in(struct request *rq, struct response *rs)
{
	bool passkey = request_form(rq, "challenge");
	struct signed_in in = {0};
	struct office_from from;
	struct people *people;
	enum err e;

	TRY(office_people(rq, &people));
	request_read_done(rq);
	office_from(rq, &from);
	e = passkey ? with_passkey(people, rq, &from.from, &in)
	            : people_sign_in(people, &from.from, office_given(rq, "login"),
			      office_given(rq, "password"), &in);
	TRY(request_read(rq));
	if (is_answer(e))
		return again(rq, rs, e, "office_sign_in.html", "sign_in",
			passkey ? "passkey" : "password");
	TRY(e);
	go_on(rq, rs, &in);
	return OK;
}

enum err page_code(struct request *rq, struct response *rs)
{
	struct people *people;

	TRY(office_people(rq, &people));
	return render(
		rq, rs, "office_code.html", page_of(rq, "sign_in_code"), request_query(rq, "to"));
}

enum err page_code_given(struct request *rq, struct response *rs)
{
	const char *code = request_form(rq, "code");
	char token[PEOPLE_TOKEN + 1];
	struct signed_in in = {0};
	struct office_from from;
	struct people *people;
	enum err e;

	TRY(office_people(rq, &people));
	office_token(rq, token);
	office_from(rq, &from);
	e = people_enter_code(people, &from.from, token, code ? code : "", &in);
	if (e == ERR_NOT_FOUND) {
		office_go(rs, "/%s/office/sign-in?over=1", rq->lang);
		return OK;
	}
	if (is_answer(e))
		return again(rq, rs, e, "office_code.html", "sign_in_code", "code");
	TRY(e);
	go_on(rq, rs, &in);
	return OK;
}

enum err page_sign_out(struct request *rq, struct response *rs)
{
	struct people *people;
	enum err e;

	TRY(office_people(rq, &people));
	e = people_end_session(people, rq->who->session.account.id, rq->who->session.id);
	if (e != OK && e != ERR_NOT_FOUND)
		return e;
	office_set_cookies(rs, &(struct signed_in){0});
	office_go(rs, "/%s/office/sign-in", rq->lang);
	return OK;
}

/* --- invitations --- */

static json_t *invitation_view(const struct request *rq, const struct invitation *i)
{
	json_t *view = page_of(rq, "invitation");

	json_put(view, "name", json_text(i->account.name));
	json_put(view, "login", json_text(i->account.login));
	json_put(view, "resets", json_boolean(i->resets));
	return view;
}

enum err page_invitation(struct request *rq, struct response *rs)
{
	struct invitation invitation;
	struct people *people;

	rs->private_ = true;
	TRY(office_people(rq, &people));
	TRY(people_invitation(people, request_path(rq, "token"), &invitation));
	return office_render(rq, rs, "office_invitation.html", invitation_view(rq, &invitation));
}

static enum err refuse_password(struct request *rq, struct response *rs,
	const struct invitation *invitation, enum err e, const char *field)
{
	json_t *view = invitation_view(rq, invitation);

	office_wrong(rq, view, field);
	rs->status = err_kind(e)->http;
	return office_render(rq, rs, "office_invitation.html", view);
}

enum err page_invitation_accepted(struct request *rq, struct response *rs)
{
	const char *password = request_form(rq, "password"), *same = request_form(rq, "again");
	struct invitation invitation;
	struct signed_in in = {0};
	struct office_from from;
	struct people *people;
	enum err e;

	TRY(office_people(rq, &people));
	TRY(people_invitation(people, request_path(rq, "token"), &invitation));
	if (!password || !same || strcmp(password, same) != 0)
		return refuse_password(rq, rs, &invitation,
			fail(ERR_INVALID, "the two passwords are not the same: type it twice"),
			"again");
	office_from(rq, &from);
	e = people_accept(people, &from.from, request_path(rq, "token"), password, &in);
	if (is_answer(e))
		return refuse_password(rq, rs, &invitation, e, "password");
	TRY(e);
	go_on(rq, rs, &in);
	return OK;
}
