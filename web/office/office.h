/* office.h - who is signed in, and what pages for them have in common.
 *
 * A session is a cookie whose name begins with "__Host-": only this host's own pages over TLS (or
 * on this machine) set it, and no script reads it. What somebody may do is asked of the log at each
 * request: who was dismissed a second ago is refused now. */
#pragma once
#include "registry/event/person.h"
#include "registry/people/people.h"
#include "web/view/request.h"

struct who {
	struct session session;
	struct person person; /* role 0: an account that nobody appointed yet, or not any more */
};

/* For a route with `.access`: fills `who`, to which rq->who then points, and checks a form's
 * "csrf". Where nobody is signed in it answers itself (by the way to sign in), and rq->who stays
 * NULL. ERR_DENIED: the role may not, or the form is not of this session. */
MUST_CHECK enum err office_enter(struct request *rq, struct response *rs, struct who *who);

/* page_render() for a page of the office: adds "me" ({"name", "role", "id", "department"}, where
 * somebody is signed in), "csrf", what the frame's menu needs. Takes `view` over. */
MUST_CHECK enum err office_render(
	const struct request *rq, struct response *rs, const char *name, json_t *view);
/* Where the request comes from, for signing in. `known` and `shown` are filled for it. */
struct office_from {
	struct people_from from;
	char known[PEOPLE_TOKEN + 1], shown[48], browser[PEOPLE_BROWSER + 1];
};
void office_from(const struct request *rq, struct office_from *out);
/* ERR_DENIED where it is long since who is signed in gave password or passkey. */
MUST_CHECK enum err office_fresh(const struct request *rq);
/* A redirect after a form (303). `format` makes the path. */
void office_go(struct response *rs, const char *format, ...) PRINTF(2, 3);
/* Sets the cookies of a new session; ends the session's (an empty token). */
void office_set_cookies(struct response *rs, const struct signed_in *in);
/* The session's token of the request's cookie; "" for none. */
void office_token(const struct request *rq, char out[PEOPLE_TOKEN + 1]);
/* The register's people. ERR_NOT_FOUND for a mirror, which has none. */
MUST_CHECK enum err office_people(const struct request *rq, struct people **out);
/* A field of a form; "" where there is none. */
const char *office_given(const struct request *rq, const char *field);
/* The name of a system as {"text", …}; where nobody named it yet, its slug. */
json_t *office_name(const struct request *rq, const json_t *names, const char *slug);
/* A department's name as {"text", …}; null for one that there is not. */
json_t *office_department(const struct request *rq, const char *slug);
/* A file as query_file() has it, that who is signed in may open: one of their own department, or
 * any for the office and auditors. ERR_NOT_FOUND for every other. */
MUST_CHECK enum err office_file(const struct request *rq, const char *sha256, json_t **out);
/* Who is meant by an id of the log: the account's name, or, where that is gone, the id's first
 * digits; null for NULL. For pages of the office alone: names are in no log. */
json_t *office_person(const struct request *rq, const char *id);
/* Does a Host header, or none (NULL), name the machine itself? */
bool office_host_is_loopback(const char *host);
/* Is the page read over plain http from another machine, as far as can be told? No browser sends a
 * cookie of ours there. */
bool office_is_plain(const struct request *rq);
/* What a key of the person who is signed in is called: as their department's are. */
MUST_CHECK enum err office_key_name(const struct request *rq, char **out);
/* The eight digits by which a key's text names it among others, "" in a text that is none. */
void office_key_id(const char *vkey, char out[9]);
/* people_asked_keys() without those that were granted since, which wait no more. */
MUST_CHECK enum err office_waiting_keys(
	const struct request *rq, struct people *people, const char *account, json_t **out);
/* "errors" and "has_errors" of a form: one error at the field `field`; its text is the reason of
 * the last failure, in the request's language. */
void office_wrong(const struct request *rq, json_t *view, const char *field);
