/* page_prepare.c - /{lang}/office/prepare/{act}/{id}: what a person is about to sign, as JSON for
 * sign.js: {"key": the name of the key, "event": the line's members except its content, "content":
 * its bytes, if the register makes them, "record": of a filing}. It writes nothing: the signed
 * entry is checked like any other when it arrives.
 *
 * The query says how many entries the log had when the page was made ("shown"). A decision is
 * refused if an entry about its subject came later, because nobody decides on what they have not
 * read: the command line asks for the same (registry/office/office_basis.c). */
#include "registry/office/office.h"
#include "registry/people/draft.h"
#include "registry/query/consultation.h"
#include "registry/query/desk.h"
#include "registry/query/query.h"
#include "web/office/office.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"

#include <stdlib.h>
#include <string.h>

struct prepared {
	const struct request *rq;
	const char *id;
	json_t *event, *answer;
	int64_t shown; /* entries; -1: the act decides on nothing that was shown */
};

/* The author for whom the person signs this event. */
static void put_author(const struct prepared *p)
{
	const struct person *person = &p->rq->who->person;

	if (person->role & ROLES_OF_OFFICE) {
		json_put(p->event, "by", json_text("office"));
		json_put(p->event, "signed_by", json_text(person->id));
	} else {
		AUTOFREE char *by = mem_printf("department/%s", person->department);

		json_put(p->event, "by", json_text(by));
	}
}

static enum err put_subject(const struct prepared *p, const char *kind, const char *subject)
{
	struct state state = state_of(p->rq->snap);
	int64_t after;
	enum err e = state_after(&state, kind, subject, &after);

	state_done(&state);
	TRY(e);
	ENSURE(p->shown < 0 || after < p->shown, ERR_CONFLICT,
		"entry %lld of the log is newer than this page: open the page again and read that, then decide",
		(long long)after);
	json_put(p->event, kind, json_text(subject));
	json_put(p->event, "after", json_integer(after));
	return OK;
}

/* The filing from the office's operation, with the present judgement of its record. */
static enum err find_filing(const struct prepared *p, json_t **out)
{
	json_auto_t *request = json_make(
		"{s:s,s:I}", "do", "filing", "filing", (json_int_t)strtoll(p->id, NULL, 10));

	TRY(office_do(p->rq->site->reg, request, NULL, out));
	TRY(put_subject(p, "system", json_str(*out, "system")));
	json_put(p->event, "filing", json_incref(json_object_get(request, "filing")));
	return OK;
}

static enum err approve(const struct prepared *p)
{
	json_auto_t *filing = NULL, *newest = NULL;
	const json_t *judgement;
	AUTO(buf) content = BUF(JUDGEMENT_MAX);
	enum err e;

	TRY(find_filing(p, &filing));
	e = query_version(p->rq->snap, json_str(filing, "system"), 0, &newest);
	if (e != ERR_NOT_FOUND)
		TRY(e);
	json_put(p->event, "version", json_integer(newest ? json_num(newest, "n") + 1 : 1));
	if (request_query(p->rq, "review_by"))
		json_put(p->event, "review_by", json_text(request_query(p->rq, "review_by")));
	judgement = json_object_get(filing, "judgement");
	if (!json_is_object(judgement))
		return OK;
	json_canonical(judgement, &content);
	json_put(p->answer, "content", json_text(buf_text(&content)));
	return buf_check(&content, "the judgement");
}

/* A draft of the person's department, in the revision that the page showed. */
static enum err file(const struct prepared *p)
{
	struct people *people = NULL;
	struct record_draft draft = {0};
	enum err e = OK;

	TRY(office_people(p->rq, &people));
	TRY(draft_get(people, p->rq->who->person.department, p->id, &draft));
	if (draft.revision != request_query_number(p->rq, "revision", 0))
		e = fail(ERR_CONFLICT,
			"the draft was saved after this page was made: open the page again and read what changed, then sign");
	json_put(p->event, "department", json_text(draft.department));
	json_put(p->answer, "record", json_incref(draft.record));
	if (e == OK)
		e = put_subject(p, "system", draft.system);
	record_draft_done(&draft);
	return e;
}

/* The first of two approvals, which does not publish yet. */
static enum err approve_first(const struct prepared *p)
{
	json_auto_t *filing = NULL;

	return find_filing(p, &filing);
}

static enum err return_filing(const struct prepared *p)
{
	json_auto_t *filing = NULL;

	return find_filing(p, &filing);
}

static bool key_has_id(const char *vkey, const char *id)
{
	char own[9];

	office_key_id(vkey, own);
	return *own && strcmp(own, id) == 0;
}

static enum err grant(const struct prepared *p)
{
	json_auto_t *asked = NULL;
	struct people *people = NULL;

	TRY(office_people(p->rq, &people));
	TRY(people_asked_keys(people, NULL, &asked));
	json_each (asked, key) {
		struct state state = state_of(p->rq->snap);
		struct person owner;
		enum err e;

		if (!key_has_id(json_str(key, "vkey"), p->id))
			continue;
		e = person_find(&state, json_str(key, "account"), &owner);
		state_done(&state);
		ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "%s has no role yet: appoint them first",
			json_str(key, "name"));
		TRY(e);
		json_put(p->event, "key", json_text(json_str(key, "vkey")));
		json_put(p->event, "person", json_text(owner.id));
		return put_subject(p, "department", owner.department);
	}
	return fail(ERR_NOT_FOUND, "no key of this name waits to be granted");
}

/* The id is the entry that granted the key; "since", the day on which another may have had it. */
static enum err revoke(const struct prepared *p)
{
	const char *since = request_query(p->rq, "since");
	json_auto_t *key = NULL;

	TRY(desk_key(p->rq->snap, request_number(p->rq, "id"), &key));
	json_put(p->event, "key", json_text(json_str(key, "vkey")));
	if (since)
		json_put(p->event, "since", json_text(since));
	return put_subject(p, "department", json_str(key, "department"));
}

static bool administers(const json_t *person)
{
	return !json_is_true(json_object_get(person, "dismissed")) &&
	       strcmp(json_str(person, "role"), role_name(ROLE_ADMINISTRATOR)) == 0;
}

/* `department`: where the person is to administer from now on; NULL: nowhere. Without an
 * administrator, nobody could appoint one on these pages. `gaya office` on the machine is the way
 * out of that and may dismiss the last one, so this is no rule of the log. */
static enum err check_another_administers(const struct prepared *p, const char *department)
{
	json_auto_t *people = NULL;
	const json_t *own;
	size_t others = 0;

	TRY(desk_people(p->rq->snap, &people));
	own = json_find(people, "person", p->id);
	if (!own || !administers(own) ||
		(department && strcmp(json_str(own, "department"), department) == 0))
		return OK;
	json_each (people, person)
		others += person != own && administers(person);
	ENSURE(others, ERR_CONFLICT, "this is the last administrator: appoint another first");
	return OK;
}

/* A key signs only for the department that it was granted for, so an administrator who moves to
 * another cannot act until it is granted anew. */
static enum err appoint(const struct prepared *p)
{
	const char *role = request_query(p->rq, "role"),
		   *department = request_query(p->rq, "department");

	ENSURE(role && department, ERR_INVALID, "choose a role and a department");
	TRY(check_another_administers(
		p, strcmp(role, role_name(ROLE_ADMINISTRATOR)) == 0 ? department : NULL));
	json_put(p->event, "role", json_text(role));
	json_put(p->event, "department", json_text(department));
	return put_subject(p, "person", p->id);
}

static enum err dismiss(const struct prepared *p)
{
	TRY(check_another_administers(p, NULL));
	return put_subject(p, "person", p->id);
}

static enum err of_question(const struct prepared *p)
{
	return put_subject(p, "feedback", p->id);
}

/* The form's reason: a code of the published list, or "" if only own words are given. */
static enum err withhold(const struct prepared *p)
{
	const char *code = request_query(p->rq, "code");

	if (code && *code)
		json_put(p->event, "code", json_text(code));
	return of_question(p);
}

static enum err merge(const struct prepared *p)
{
	const char *into = request_query(p->rq, "into");

	ENSURE(into, ERR_INVALID, "choose the question that is answered for both");
	json_put(p->event, "into", json_text(into));
	return of_question(p);
}

/* The log accepts a consultation that closes today, but people would have only a few hours. */
static enum err consult(const struct prepared *p)
{
	const char *closes = request_query(p->rq, "closes");
	char tomorrow[DAY_TEXT];

	ENSURE(closes, ERR_INVALID, "choose the last day on which people may write");
	part_day(p->rq, 1, tomorrow);
	ENSURE(strcmp(closes, tomorrow) >= 0, ERR_INVALID,
		"a consultation takes opinions for at least one full day: choose %s or a later day",
		tomorrow);
	json_put(p->event, "closes", json_text(closes));
	return put_subject(p, "system", p->id);
}

static enum err consulted(const struct prepared *p)
{
	json_auto_t *list = NULL;

	TRY(consultation_list(p->rq->snap, p->id, &list));
	ENSURE(json_array_size(list) > 0, ERR_NOT_FOUND,
		"the public was not asked about this system");
	json_put(
		p->event, "opened", json_incref(json_object_get(json_array_get(list, 0), "entry")));
	return put_subject(p, "system", p->id);
}

/* There is only one register, and its name is no segment of a path, so the id is ignored. */
static enum err of_register(const struct prepared *p)
{
	char origin[KEY_NAME_MAX + 1];
	struct state state = state_of(p->rq->snap);
	enum err e = state_origin(&state, origin);

	state_done(&state);
	TRY(e);
	return put_subject(p, "register", origin);
}

/* The id is the file's SHA-256. "there": the department attached it before. */
static enum err attach(const struct prepared *p)
{
	json_auto_t *file = NULL;
	struct sha256 hash;
	enum err e;

	ENSURE(sha256_from_hex(p->id, &hash) == OK, ERR_NOT_FOUND, "not the SHA-256 of a file");
	e = office_file(p->rq, p->id, &file);
	if (e != ERR_NOT_FOUND)
		TRY(e);
	ENSURE(!json_is_integer(json_object_get(file, "erased_entry")), ERR_GONE,
		"this file was erased");
	json_put(p->answer, "there", json_boolean(file != NULL));
	return put_subject(p, "file", p->id);
}

static enum err of_system(const struct prepared *p)
{
	return put_subject(p, "system", p->id);
}

/* The office decides on the newest version of a system. */
static enum err on_version(const struct prepared *p)
{
	json_auto_t *system = NULL;

	TRY(query_system(p->rq->snap, p->id, &system));
	json_put(p->event, "version", json_incref(json_object_get(system, "version")));
	return put_subject(p, "system", p->id);
}

/* Sets aside a filing that waits; the page says so, and one that came later is refused. */
static enum err retire(const struct prepared *p)
{
	const char *successor = request_query(p->rq, "successor");
	json_auto_t *latest = NULL;

	TRY(on_version(p));
	TRY(query_latest_filing(p->rq->snap, p->id, &latest));
	if (strcmp(json_str(latest, "outcome"), "waiting") == 0)
		json_put(p->event, "filing", json_incref(json_object_get(latest, "entry")));
	ENSURE(!successor || slug_valid(successor), ERR_INVALID,
		"the successor is named by the last part of its page's address, such as civil-chatbot for "
		"/systems/civil-chatbot; \"%.80s\" is no such name",
		successor);
	if (successor)
		json_put(p->event, "successor", json_text(successor));
	return OK;
}

/* `fresh`: requires a recent proof of password or passkey. `adds`: a report, which decides on
 * nothing that was shown. */
static const struct act {
	const char *name, *type;
	enum err (*add)(const struct prepared *p);
	bool fresh, adds;
} acts[] = {
	{"file", "system.filed", file},
	{"first", "system.approved", approve_first},
	{"approve", "system.published", approve},
	{"consult", "system.consultation_opened", consult},
	{"consulted", "system.consultation_closed", consulted},
	{"return", "system.returned", return_filing},
	{"suspend", "system.suspended", on_version},
	{"resume", "system.resumed", on_version},
	{"retire", "system.retired", retire},
	{"grant", "key.granted", grant, .fresh = true},
	{"revoke", "key.revoked", revoke, .fresh = true},
	{"appoint", "person.appointed", appoint, .fresh = true},
	{"dismiss", "person.dismissed", dismiss, .fresh = true},
	{"rules", "register.rules", of_register, .fresh = true},
	{"publish", "feedback.published", of_question},
	{"withhold", "feedback.withheld", withhold},
	{"merge", "feedback.merged", merge},
	{"part", "feedback.parted", of_question},
	{"answer", "feedback.answered", of_question},
	{"attach", "file.attached", attach, .adds = true},
	{"figures", "kpi.reported", of_system, .adds = true},
	{"incident", "incident.reported", of_system, .adds = true},
	{"incident-update", "incident.updated", of_system, .adds = true},
	{"incident-close", "incident.closed", of_system, .adds = true},
};

static enum err prepare(const struct act *act, const struct prepared *p)
{
	const struct person *person = &p->rq->who->person;
	AUTOFREE char *key = NULL;
	char at[TIME_TEXT];

	ENSURE(access_may(person->role, act->type), ERR_DENIED, "your role may not do this");
	ENSURE(act->adds || p->shown > 0, ERR_INVALID,
		"the address lacks \"shown\", how many entries the log had when the page was made: open the page again");
	if (act->fresh)
		TRY(office_fresh(p->rq));
	TRY(office_key_name(p->rq, &key));
	time_text(site_now(p->rq->site), at);
	json_put(p->answer, "key", json_text(key));
	json_put(p->event, "type", json_text(act->type));
	json_put(p->event, "at", json_text(at));
	put_author(p);
	return act->add(p);
}

enum err page_prepare(struct request *rq, struct response *rs)
{
	const char *name = request_path(rq, "act");
	json_auto_t *answer = json_make("{s:{}}", "event");
	struct prepared p = {
		rq, request_path(rq, "id"), json_object_get(answer, "event"), answer, 0};

	for (size_t i = 0; i < COUNT(acts); i++) {
		if (strcmp(acts[i].name, name) != 0)
			continue;
		p.shown = acts[i].adds ? -1 : request_query_number(rq, "shown", 0);
		TRY(prepare(&acts[i], &p));
		rs->private_ = true;
		rs->body.max = 2 * MIB;
		return page_json(rs, TAKE(answer));
	}
	return fail(ERR_NOT_FOUND, "there is nothing of this name to sign");
}
