#include "base/env.h"
#include "registry/event/fold.h"
#include "registry/event/search.h"

#include <string.h>

SQL(EXISTS, "department.exists", "SELECT 1 FROM department WHERE slug = ?1");
SQL(ADD, "department.add",
	"INSERT INTO department (slug, about, sha256, entry, at) VALUES (?1, ?2, ?3, ?4, ?5)"
	" ON CONFLICT DO UPDATE SET about = excluded.about, sha256 = excluded.sha256");
SQL(STOLEN, "department.stolen", "INSERT INTO stolen_key (vkey, entry, since) VALUES (?1, ?2, ?3)");

enum err department_added_check(struct state *st, const struct event *ev)
{
	(void)st; /* a second one for the same slug renames it */
	return check_texts(json_object_get(ev->content, "name"), 200, "the department's name");
}

enum err department_added_fold(struct state *st, const struct event *ev)
{
	AUTO(buf) about = BUF(64 * KIB);

	json_canonical(ev->content, &about);
	TRY(db_run(st->db, ADD,
		BIND(text(ev->subject), text(ev->content ? buf_text(&about) : NULL),
			text(ev->sha256), num((int64_t)ev->index), text(ev->at))));
	return search_department(st, ev);
}

enum err department_must_exist(struct state *st, const char *slug)
{
	int64_t one;
	enum err e;

	e = db_int(st->db, EXISTS, BIND(text(slug)), &one);
	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no department \"%s\" in this register",
		slug);
	return e;
}

/* Is the key named "<origin>/<department>"? */
static bool is_named(const struct vkey *key, const char *origin, const char *department)
{
	size_t len = strlen(origin);

	return strncmp(key->name, origin, len) == 0 && key->name[len] == '/' &&
	       strcmp(key->name + len + 1, department) == 0;
}

enum err key_granted_check(struct state *st, const struct event *ev)
{
	char origin[KEY_NAME_MAX + 1];
	AUTO(granted) granted = {0};
	enum err e;

	TRY(department_must_exist(st, ev->subject));
	TRY(state_origin(st, origin));
	ENSURE(is_named(&ev->vkey, origin, ev->subject) && ev->vkey.type == KEY_ED25519,
		ERR_INVALID, "the key must be an Ed25519 key named %s/%s", origin, ev->subject);
	e = state_granted(st, event_str(ev, "key"), &granted);
	ENSURE(e != OK, ERR_CONFLICT,
		"this key was granted before; a revoked key never comes back");
	if (e != ERR_NOT_FOUND)
		return e;
	return person_key_check(st, ev);
}

enum err key_granted_fold(struct state *st, const struct event *ev)
{
	TRY(state_grant(st, ev));
	return person_key_fold(st, ev);
}

/* Ignores the register's zone, so that the check is the same on every machine. */
static enum err check_since(const struct event *ev)
{
	const char *since = event_str(ev, "since");
	char latest[TIME_TEXT];

	time_latest(ev->time, latest);
	ENSURE(!since || strncmp(since, latest, strlen(since)) <= 0, ERR_INVALID,
		"a key cannot have been stolen on %s, which is still to come", since);
	return OK;
}

enum err key_revoked_check(struct state *st, const struct event *ev)
{
	AUTO(granted) granted = {0};
	enum err e = state_granted(st, event_str(ev, "key"), &granted);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "no such key was granted");
	TRY(e);
	ENSURE(strcmp(granted.department, ev->subject) == 0, ERR_INVALID,
		"this key belongs to department %s", granted.department);
	ENSURE(!granted.revoked, ERR_CONFLICT, "this key was revoked before");
	return check_since(ev);
}

enum err key_revoked_fold(struct state *st, const struct event *ev)
{
	const char *since = event_str(ev, "since");

	TRY(state_revoke(st, ev));
	if (!since)
		return OK;
	return db_run(st->db, STOLEN,
		BIND(text(event_str(ev, "key")), num((int64_t)ev->index), text(since)));
}
