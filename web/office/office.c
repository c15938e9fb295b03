#include "web/office/office.h"

#include "registry/query/query.h"
#include "web/office/form_again.h"
#include "web/office/key_notice.h"
#include "web/pages/changes_view.h"
#include "web/view/problem.h"
#include "web/view/view.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define SESSION "__Host-gaya"
#define KNOWN "__Host-gaya-known"
#define KNOWN_SECONDS (180 * 86400)

/* The value of a cookie if it is a valid token, else "". */
static void cookie_token(const struct request *rq, const char *name, char out[PEOPLE_TOKEN + 1])
{
	const char *p = rq->cookie ? rq->cookie : "";
	size_t len = strlen(name);

	*out = '\0';
	while (*p) {
		size_t part = strcspn(p, ";");

		if (part == len + 1 + PEOPLE_TOKEN && strncmp(p, name, len) == 0 && p[len] == '=' &&
			strspn(p + len + 1, "0123456789abcdef") == PEOPLE_TOKEN) {
			memcpy(out, p + len + 1, PEOPLE_TOKEN);
			out[PEOPLE_TOKEN] = '\0';
			return;
		}
		p += part;
		p += strspn(p, "; ");
	}
}

void office_token(const struct request *rq, char out[PEOPLE_TOKEN + 1])
{
	cookie_token(rq, SESSION, out);
}

void office_set_cookies(struct response *rs, const struct signed_in *in)
{
	static const char rest[] = "; Path=/; Secure; HttpOnly; SameSite=Lax";

	free(rs->cookies[0]);
	rs->cookies[0] = *in->token ? mem_printf(SESSION "=%s%s", in->token, rest)
	                            : mem_printf(SESSION "=; Max-Age=0%s", rest);
	if (*in->known) {
		free(rs->cookies[1]);
		rs->cookies[1] =
			mem_printf(KNOWN "=%s; Max-Age=%d%s", in->known, KNOWN_SECONDS, rest);
	}
}

enum err office_people(const struct request *rq, struct people **out)
{
	ENSURE(rq->site->people, ERR_NOT_FOUND, "this is a mirror: nobody signs in here");
	*out = rq->site->people;
	return OK;
}

enum err office_fresh(const struct request *rq)
{
	struct people *people = NULL;

	TRY(office_people(rq, &people));
	ENSURE(people_is_fresh(people, &rq->who->session), ERR_DENIED,
		"you signed in some time ago: confirm under “My account” that it is you, then try again");
	return OK;
}

/* A form's values reach some addresses. A byte that no header may hold would lose the whole header,
 * and too long a one the answer, after the form was saved. */
static char *location_of(char *made)
{
	AUTO(buf) out = BUF(3 * LOCATION_MAX);

	if (strlen(made) > LOCATION_MAX)
		made[strcspn(made, "?#")] = '\0';
	if (strlen(made) > LOCATION_MAX)
		return mem_text("/");
	for (const char *p = made; *p; p++)
		if (*p > ' ' && *p < 0x7f)
			buf_putc(&out, *p);
		else
			buf_printf(&out, "%%%02X", (unsigned char)*p);
	return mem_text(buf_text(&out));
}

void office_go(struct response *rs, const char *format, ...)
{
	AUTOFREE char *made = NULL;
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&made, format, ap) < 0)
		abort();
	va_end(ap);
	free(rs->location);
	rs->location = location_of(made);
	rs->status = 303;
	rs->private_ = true;
}

bool office_is_own_page(const struct request *rq, const char *to)
{
	AUTOFREE char *start = mem_printf("/%s/office/", rq->lang);

	return to && strncmp(to, start, strlen(start)) == 0 &&
	       to[strspn(to, "abcdefghijklmnopqrstuvwxyz0123456789/-_")] == '\0';
}

/* --- the client --- */

static const char *named_in(const char *agent, const char *const names[][2])
{
	for (size_t i = 0; names[i][0]; i++)
		if (strstr(agent, names[i][0]))
			return names[i][1];
	return NULL;
}

/* "Firefox, Windows": enough to recognise one's own browsers. Checks each name before those that it
 * also claims to be. */
static void browser_of(const char *agent, char *out, size_t size)
{
	static const char *const browsers[][2] = {{"Whale/", "Whale"},
		{"SamsungBrowser", "Samsung Internet"}, {"Edg/", "Edge"}, {"OPR/", "Opera"},
		{"Firefox/", "Firefox"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {0}};
	static const char *const systems[][2] = {{"Windows", "Windows"}, {"Android", "Android"},
		{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Mac OS", "macOS"}, {"Linux", "Linux"},
		{0}};
	const char *browser = named_in(agent, browsers), *system = named_in(agent, systems);

	snprintf(out, size, "%s%s%s", browser ? browser : "?", system ? ", " : "",
		system ? system : "");
}

void office_from(const struct request *rq, struct office_from *out)
{
	const struct client_network *n = &rq->network;
	uint8_t address[16] = {0};

	*out = (struct office_from){0};
	memcpy(address, n->bytes, n->len);
	if (n->len)
		inet_ntop(
			n->len == 4 ? AF_INET : AF_INET6, address, out->shown, sizeof(out->shown));
	browser_of(rq->agent ? rq->agent : "", out->browser, sizeof(out->browser));
	cookie_token(rq, KNOWN, out->known);
	out->from = (struct people_from){.network = n->bytes,
		.network_len = n->len,
		.network_shown = out->shown,
		.browser = out->browser,
		.known = *out->known ? out->known : NULL};
}

bool office_host_is_loopback(const char *host)
{
	static const char *const names[] = {"localhost", "127.", "[::1]"};
	size_t len = host ? strcspn(host, ":") : 0;

	for (size_t i = 0; host && i < COUNT(names); i++)
		if (strncasecmp(host, names[i], strlen(names[i])) == 0)
			return true;
	return len > 10 && strncasecmp(host + len - 10, ".localhost", 10) == 0;
}

/* Browsers send Sec-Fetch-Site only over connections that they trust, and old ones never. Without
 * it, only an https address in --base shows that a proxy terminates TLS. */
bool office_is_plain(const struct request *rq)
{
	static const char https[] = "https://";
	const char *base = rq->site->base, *host = rq->host ? rq->host : "";

	if (rq->fetch_site || !*host || office_host_is_loopback(host))
		return false;
	return strncasecmp(base, https, strlen(https)) != 0 ||
	       strcasecmp(base + strlen(https), host) != 0;
}

/* --- the person --- */

/* Redirects to the sign-in page, and from there back to this one if it was only read. */
static void go_and_sign_in(const struct request *rq, struct response *rs)
{
	if (rq->route->method == GET)
		office_go(rs, "/%s/office/sign-in?to=%s", rq->lang, rq->path);
	else
		office_go(rs, "/%s/office/sign-in?over=1", rq->lang);
}

/* An account without a role may only manage itself. */
static bool may(const struct who *who, const char *action)
{
	return strcmp(action, "account") == 0 || access_may(who->person.role, action);
}

static enum err find_person(const struct request *rq, struct who *who)
{
	struct state state = state_of(rq->snap);
	enum err e = person_find(&state, who->session.account.id, &who->person);

	state_done(&state);
	return e == ERR_NOT_FOUND ? OK : e;
}

/* The office decides for everybody, so its people need more than a password, except in a
 * demonstration, whose passwords are public. Others are sent to set up a second factor. */
static enum err check_strength(struct request *rq, struct response *rs, const struct who *who)
{
	json_auto_t *reg = NULL;

	if (!(who->person.role & ROLES_OF_OFFICE) || people_is_strong(&who->session) ||
		strcmp(rq->route->access, "account") == 0)
		return OK;
	TRY(query_register(rq->snap, &reg));
	if (json_is_true(json_object_get(json_object_get(reg, "about"), "example")))
		return OK;
	ENSURE(rq->route->method == GET && !rq->route->script, ERR_DENIED,
		"the office's people need a second factor: set up a passkey or an authenticator app "
		"under “My account”");
	office_go(rs, "/%s/office/account?weak=1", rq->lang);
	rq->who = NULL; /* already answered */
	return OK;
}

/* A person without a role has only the page of the account, which says so. Forms and scripts get an
 * error instead. */
static bool is_led_to_account(const struct request *rq, struct response *rs, const struct who *who)
{
	if (who->person.role || may(who, rq->route->access) || rq->route->method != GET ||
		rq->route->script)
		return false;
	office_go(rs, "/%s/office/account", rq->lang);
	return true;
}

enum err office_enter(struct request *rq, struct response *rs, struct who *who)
{
	char token[PEOPLE_TOKEN + 1];
	struct people *people = NULL;
	enum err e;

	rs->private_ = true;
	TRY(office_people(rq, &people));
	office_token(rq, token);
	e = *token ? people_session(people, token, &who->session) : ERR_NOT_FOUND;
	if (e == ERR_NOT_FOUND && rq->route->large_form)
		return form_again(rq, rs);
	if (e == ERR_NOT_FOUND) {
		go_and_sign_in(rq, rs);
		return OK;
	}
	TRY(e);
	TRY(find_person(rq, who));
	rq->who = who;
	if (rq->route->large_form && !people_csrf_valid(&who->session, request_form(rq, "csrf"))) {
		e = form_again(rq, rs);
		rq->who = NULL; /* already answered */
		return e;
	}
	ENSURE(rq->route->method == GET ||
			people_csrf_valid(&who->session, request_form(rq, "csrf")),
		ERR_DENIED,
		"this form is not of your present session: go back, load the page again and send "
		"it once more");
	if (is_led_to_account(rq, rs, who)) {
		rq->who = NULL; /* already answered */
		return OK;
	}
	ENSURE(may(who, rq->route->access), ERR_DENIED, "your role may not do this");
	return check_strength(rq, rs, who);
}

static json_t *me(const struct request *rq)
{
	const struct person *p = &rq->who->person;
	AUTOFREE char *role = mem_printf("role_%s", role_name(p->role));

	return json_make("{s:s,s:s,s:s,s:s,s:b,s:b,s:b,s:b}", "name", rq->who->session.account.name,
		"role", p->role ? message(rq, role) : "", "id", rq->who->session.account.id,
		"department", p->department, "files", access_may(p->role, "drafts"), "decides",
		access_may(p->role, "decisions"), "oversees",
		(p->role & (ROLES_OF_OFFICE | ROLE_AUDITOR)) != 0, "administers",
		access_may(p->role, "people"));
}

/* The account's page shows the key itself. */
static enum err add_key_notice(const struct request *rq, json_t *view)
{
	if (!rq->who || !json_is_true(json_object_get(view, "signing")) ||
		json_is_true(json_object_get(view, "in_account")))
		return OK;
	return key_notice_add(rq, view);
}

enum err office_render(
	const struct request *rq, struct response *rs, const char *name, json_t *view)
{
	json_auto_t *owned = view;

	int64_t shown;

	TRY(add_key_notice(rq, view));
	TRY(query_size(rq->snap, &shown));
	json_put(view, "shown", json_integer(shown));
	rs->private_ = true;
	json_put(view, "office_page", json_true());
	json_put(view, "private", json_true());
	if (rq->who) {
		json_put(view, "me", me(rq));
		json_put(view, "csrf", json_text(rq->who->session.csrf));
	}
	return page_render(rq, rs, name, TAKE(owned));
}

const char *office_given(const struct request *rq, const char *field)
{
	const char *value = request_form(rq, field);

	return value ? value : "";
}

json_t *office_name(const struct request *rq, const json_t *names, const char *slug)
{
	json_t *name = view_text(rq, names);

	if (!json_is_null(name) || !slug)
		return name;
	json_decref(name);
	return json_make("{s:s,s:b}", "text", slug, "foreign", 0);
}

json_t *office_department(const struct request *rq, const char *slug)
{
	json_auto_t *department = NULL;

	if (query_department(rq->snap, slug, &department) != OK)
		return json_null();
	return view_text(rq, json_object_get(department, "name"));
}

static bool is_attached_by(const json_t *file, const char *department)
{
	return json_find(json_object_get(file, "attached"), "department", department);
}

enum err office_file(const struct request *rq, const char *sha256, json_t **out)
{
	const struct person *person = &rq->who->person;
	json_auto_t *file = NULL;
	struct sha256 hash;
	enum err e = sha256_from_hex(sha256, &hash) == OK ? query_file(rq->snap, sha256, &file)
	                                                  : ERR_NOT_FOUND;

	if (e == OK && !(person->role & (ROLES_OF_OFFICE | ROLE_AUDITOR)) &&
		!is_attached_by(file, person->department))
		e = ERR_NOT_FOUND;
	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "your department attached no such file");
	TRY(e);
	*out = TAKE(file);
	return OK;
}

json_t *office_person(const struct request *rq, const char *id)
{
	struct people *people = NULL;
	struct account account;
	AUTOFREE char *digits = id ? mem_printf("%.8s…", id) : NULL;

	if (!id)
		return json_null();
	if (office_people(rq, &people) == OK && people_account(people, id, &account) == OK)
		return json_text(account.name);
	return json_text(digits);
}

enum err office_key_name(const struct request *rq, char **out)
{
	char origin[KEY_NAME_MAX + 1];
	struct state state = state_of(rq->snap);
	enum err e = state_origin(&state, origin);

	state_done(&state);
	TRY(e);
	*out = mem_printf("%s/%s", origin, rq->who->person.department);
	return OK;
}

void office_key_id(const char *vkey, char out[9])
{
	const char *plus = strchr(vkey, '+');

	snprintf(out, 9, "%s", plus ? plus + 1 : "");
}

enum err office_waiting_keys(
	const struct request *rq, struct people *people, const char *account, json_t **out)
{
	AUTO(state) state = state_of(rq->snap);
	json_auto_t *asked = NULL, *waiting = json_array();

	TRY(people_asked_keys(people, account, &asked));
	json_each (asked, key) {
		AUTO(granted) granted = {0};
		enum err e = state_granted(&state, json_str(key, "vkey"), &granted);

		if (e == OK)
			TRY(people_drop_asked_key(people, json_str(key, "vkey")));
		else if (e == ERR_NOT_FOUND)
			json_push(waiting, json_incref((json_t *)key));
		else
			return e;
	}
	*out = TAKE(waiting);
	return OK;
}

void office_wrong(const struct request *rq, json_t *view, const char *field)
{
	json_t *errors = json_object_get(view, "errors");
	AUTOFREE char *at = mem_printf("%s_error", field);

	if (!errors)
		json_put(view, "errors", errors = json_array());
	json_push(errors, json_make("{s:s,s:s}", "field", field, "text", err_why()));
	json_put(view, "has_errors", json_true());
	json_put(view, at, json_text(err_why()));
}

json_t *office_since(const struct request *rq, const json_t *returned, const json_t *reason,
	const json_t *before, const json_t *after)
{
	json_t *changes;

	if (!json_is_object(before) || !json_is_object(after))
		return json_null();
	changes = changes_view(rq, before, after);
	return json_make("{s:O,s:o,s:o,s:b,s:o}", "returned", returned, "reason",
		view_text(rq, reason), "count", view_number((int64_t)json_array_size(changes)),
		"any", json_array_size(changes) > 0, "changes", changes);
}

/* Is the same doubt about a text there in the page's language, too? Once is enough to say it. */
static bool is_said_in(const json_t *doubts, const json_t *doubt, const char *lang)
{
	const char *at = json_str(doubt, "at"), *own = at ? strrchr(at, '.') : NULL;
	AUTOFREE char *other = NULL;

	if (!own || strcmp(own + 1, lang) == 0)
		return false;
	other = mem_printf("%.*s.%s", (int)(own - at), at, lang);
	json_each (doubts, one)
		if (strcmp(json_str(one, "rule"), json_str(doubt, "rule")) == 0 &&
			strcmp(json_str(one, "at"), other) == 0)
			return true;
	return false;
}

enum err office_doubts(const struct request *rq, const json_t *doubts, bool form, json_t **out)
{
	json_auto_t *texts = NULL;

	TRY((form ? problems_in_form : problems_text)(
		rq->site->view, rq->lang, rq->standard, doubts, &texts));
	*out = json_array();
	json_each_at (doubts, i, one) {
		const char *system = json_str(one, "system");
		AUTOFREE char *href =
			system ? mem_printf("/%s/systems/%s", rq->lang, system) : NULL;

		if (strcmp(json_str(one, "rule"), "department_other") == 0 &&
			is_said_in(doubts, one, rq->lang))
			continue;
		json_push(*out,
			json_make("{s:O,s:s?}", "text", json_array_get(texts, i), "href", href));
	}
	return OK;
}
