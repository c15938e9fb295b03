/* office.h - the person who is signed in, and the common parts of the office's pages.
 *
 * A session is a cookie whose name begins with "__Host-": only pages of this host over TLS (or on
 * this machine) can set it, and no script reads it. Every request reads the person's rights from
 * the log, so a dismissal takes effect at once. */
#pragma once
#include "registry/event/person.h"
#include "registry/people/people.h"
#include "web/view/request.h"

struct who {
	struct session session;
	struct person person; /* role 0: not appointed, or dismissed */
};

/* For a route with `.access`: fills `who`, points rq->who at it, and checks a form's "csrf". If
 * nobody is signed in it answers the request itself, with the way to sign in, and rq->who stays
 * NULL. ERR_DENIED: the role lacks the right, or the form is not of this session. */
MUST_CHECK enum err office_enter(struct request *rq, struct response *rs, struct who *who);

/* page_render() for a page of the office: adds "me" ({"name", "role", "id", "department"}, if
 * somebody is signed in), "csrf", and what the frame's menu needs. Takes ownership of `view`. */
MUST_CHECK enum err office_render(
	const struct request *rq, struct response *rs, const char *name, json_t *view);
/* The client of the request, for signing in. `known` and `shown` are buffers for `from`. */
struct office_from {
	struct people_from from;
	char known[PEOPLE_TOKEN + 1], shown[48], browser[PEOPLE_BROWSER + 1];
};
void office_from(const struct request *rq, struct office_from *out);
/* ERR_DENIED unless the person proved password or passkey recently. */
MUST_CHECK enum err office_fresh(const struct request *rq);
/* Redirects after a form (303). `format` makes the path. Bytes that no address may hold are
 * percent-encoded; if it is longer than LOCATION_MAX, query and fragment are left out. */
#define LOCATION_MAX (2 * KIB)
void office_go(struct response *rs, const char *format, ...) PRINTF(2, 3);
/* Is this an address of the office's pages, in the language of the request? Forms return to no
 * other: a link must not redirect anybody elsewhere. False for NULL. */
bool office_is_own_page(const struct request *rq, const char *to);
/* Sets the cookies of a new session; an empty token ends the session. */
void office_set_cookies(struct response *rs, const struct signed_in *in);
/* The token in the request's session cookie; "" for none. */
void office_token(const struct request *rq, char out[PEOPLE_TOKEN + 1]);
/* The register's people. ERR_NOT_FOUND for a mirror, which has none. */
MUST_CHECK enum err office_people(const struct request *rq, struct people **out);
/* A field of a form; "" if missing. */
const char *office_given(const struct request *rq, const char *field);
/* The name of a system as {"text", …}; its slug if it has no name yet. */
json_t *office_name(const struct request *rq, const json_t *names, const char *slug);
/* A department's name as {"text", …}; null if there is no such department. */
json_t *office_department(const struct request *rq, const char *slug);
/* A file in the form of query_file(), if the person may open it: those of the own department, or
 * any for the office and auditors. ERR_NOT_FOUND for all others. */
MUST_CHECK enum err office_file(const struct request *rq, const char *sha256, json_t **out);
/* The name of the person with this id of the log or, if the account is gone, the id's first digits;
 * null for NULL. Only for pages of the office: the log holds no names. */
json_t *office_person(const struct request *rq, const char *id);
/* Doubts (doubts.h) in sentences, for who writes the record if `form`, with the page of the system
 * that one names: [{"text", "href": or null}…]. */
MUST_CHECK enum err office_doubts(
	const struct request *rq, const json_t *doubts, bool form, json_t **out);
/* The changes since a filing was returned: {"returned": its entry, "reason", "count", "any",
 * "changes"}; null if one of the records was erased. */
json_t *office_since(const struct request *rq, const json_t *returned, const json_t *reason,
	const json_t *before, const json_t *after);
/* Does this Host header, or none (NULL), name the machine itself? */
bool office_host_is_loopback(const char *host);
/* Is the page probably read over plain http from another machine? Browsers send none of our cookies
 * there. */
bool office_is_plain(const struct request *rq);
/* The name for a key of the person signed in, which is that of their department's keys. */
MUST_CHECK enum err office_key_name(const struct request *rq, char **out);
/* The eight digits that identify a key in its text, "" in a malformed text. */
void office_key_id(const char *vkey, char out[9]);
/* people_asked_keys() without keys that were granted since. */
MUST_CHECK enum err office_waiting_keys(
	const struct request *rq, struct people *people, const char *account, json_t **out);
/* Adds "errors" and "has_errors" of a form: one error at the field `field`, with the reason of the
 * last failure in the request's language. */
void office_wrong(const struct request *rq, json_t *view, const char *field);
