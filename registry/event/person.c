#include "registry/event/person.h"

#include "registry/event/fold.h"
#include "registry/standard/standard.h"

#include <stdio.h>
#include <string.h>

SQL(FIND, "person.find", "SELECT id, role, department, dismissed_entry FROM person WHERE id = ?1");
SQL(OF_KEY, "person.of_key",
	"SELECT p.id, p.role, p.department, p.dismissed_entry FROM person_key k"
	" JOIN person p ON p.id = k.person WHERE k.vkey = ?1");
SQL(APPOINT, "person.appoint",
	"INSERT INTO person (id, role, department, entry, at) VALUES (?1, ?2, ?3, ?4, ?5)"
	" ON CONFLICT DO UPDATE SET role = excluded.role, department = excluded.department,"
	" entry = excluded.entry, at = excluded.at, dismissed_entry = NULL");
SQL(DISMISS, "person.dismiss", "UPDATE person SET dismissed_entry = ?2 WHERE id = ?1");
SQL(ADD_KEY, "person.add_key", "INSERT INTO person_key (vkey, person, entry) VALUES (?1, ?2, ?3)");
/* The last 44 characters are the public key: its name differs from department to department. */
SQL(HELD, "person.held",
	"SELECT person FROM person_key WHERE substr(vkey, -44) = substr(?1, -44) AND person <> ?2");
SQL(SIGNED, "person.signed",
	"INSERT INTO signed (entry, key, at, type, subject)"
	" SELECT ?1, entry, ?3, ?4, ?5 FROM person_key WHERE vkey = ?2");

static enum err read_person(
	struct state *st, const struct sql *query, const char *by, struct person *out)
{
	AUTO(rows) row = {0};

	*out = (struct person){0};
	TRY(db_one(st->db, query, BIND(text(by)), &row));
	snprintf(out->id, sizeof(out->id), "%s", rows_text(&row, 0));
	out->role = rows_null(&row, 3) ? role_named(rows_text(&row, 1)) : 0;
	snprintf(out->department, sizeof(out->department), "%s", rows_text(&row, 2));
	return OK;
}

enum err person_find(struct state *st, const char *id, struct person *out)
{
	return read_person(st, FIND, id, out);
}

enum err person_of_key(struct state *st, const char *vkey, struct person *out)
{
	enum err e = read_person(st, OF_KEY, vkey, out);

	return e == ERR_NOT_FOUND ? OK : e;
}

enum err person_may_sign(struct state *st, const struct event *ev, struct person *out)
{
	*out = (struct person){0};
	if (!ev->signer)
		return OK;
	TRY(person_of_key(st, ev->signer, out));
	if (!*out->id)
		return OK; /* the department's own key; state_identify() checked the rest */
	ENSURE(out->role, ERR_DENIED,
		"the person %.8s… who signed this is dismissed: ask the office to appoint them again",
		out->id);
	ENSURE(!ev->department || strcmp(out->department, ev->department) == 0, ERR_DENIED,
		"the person %.8s… who signed this for department %s belongs to department %s now",
		out->id, ev->department, out->department);
	ENSURE(access_may(out->role, ev->type->name), ERR_DENIED,
		"%s may not be signed by the person %.8s…, whose role is %s: gaya show access lists "
		"who may",
		ev->type->name, out->id, err_text(role_name(out->role)));
	return OK;
}

/* --- events --- */

enum err person_appointed_check(struct state *st, const struct event *ev)
{
	const char *department = event_str(ev, "department");
	struct person now;
	enum err e;

	ENSURE(role_named(event_str(ev, "role")), ERR_INVALID,
		"\"%s\" is no role: it must be officer, head, reviewer, administrator or auditor",
		event_str(ev, "role"));
	TRY(department_must_exist(st, department));
	e = person_find(st, ev->subject, &now);
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	ENSURE(now.role != role_named(event_str(ev, "role")) ||
			strcmp(now.department, department) != 0,
		ERR_CONFLICT, "the person %.8s… is %s of department %s already", ev->subject,
		err_text(role_name(now.role)), department);
	return OK;
}

enum err person_appointed_fold(struct state *st, const struct event *ev)
{
	return db_run(st->db, APPOINT,
		BIND(text(ev->subject), text(event_str(ev, "role")),
			text(event_str(ev, "department")), num((int64_t)ev->index), text(ev->at)));
}

enum err person_dismissed_check(struct state *st, const struct event *ev)
{
	struct person now;
	enum err e = person_find(st, ev->subject, &now);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "nobody was appointed by the id %s", ev->subject);
	TRY(e);
	ENSURE(now.role, ERR_CONFLICT, "the person %.8s… was dismissed before", ev->subject);
	return OK;
}

enum err person_dismissed_fold(struct state *st, const struct event *ev)
{
	return db_run(st->db, DISMISS, BIND(text(ev->subject), num((int64_t)ev->index)));
}

/* From this version of the standard on, a log in which two people hold one key is false. */
#define KEY_OF_ONE_SINCE 6

/* With one key under two names, somebody could file as one person and approve as another. */
static enum err check_held(struct state *st, const struct event *ev, const char *id)
{
	AUTO(rows) row = {0};
	enum err e;

	if (st->replays && (!st->standard || standard_version(st->standard) < KEY_OF_ONE_SINCE))
		return OK;
	e = db_one(st->db, HELD, BIND(text(event_str(ev, "key")), text(id ? id : "")), &row);
	ENSURE(e != OK, ERR_CONFLICT,
		"this key is the person %.8s…'s, and a person's key is nobody else's: make a new one",
		rows_text(&row, 0));
	return e == ERR_NOT_FOUND ? OK : e;
}

/* A key is useless to a person who signs nothing, or for a department that is not theirs. */
enum err person_key_check(struct state *st, const struct event *ev)
{
	const char *id = event_str(ev, "person");
	struct person person;
	enum err e;

	TRY(check_held(st, ev, id));
	if (!id)
		return OK;
	e = person_find(st, id, &person);
	ENSURE(e != ERR_NOT_FOUND && (e != OK || person.role), ERR_NOT_FOUND,
		"nobody is appointed by the id %s: appoint the person first", id);
	TRY(e);
	ENSURE(person.role != ROLE_AUDITOR, ERR_DENIED,
		"an auditor signs nothing: grant the key to a person with another role");
	ENSURE(strcmp(person.department, ev->subject) == 0, ERR_DENIED,
		"the person %.8s… belongs to department %s, not to %s", id, person.department,
		ev->subject);
	return OK;
}

enum err person_key_fold(struct state *st, const struct event *ev)
{
	if (!event_str(ev, "person"))
		return OK;
	return db_run(st->db, ADD_KEY,
		BIND(text(event_str(ev, "key")), text(event_str(ev, "person")),
			num((int64_t)ev->index)));
}

enum err person_signed_fold(struct state *st, const struct event *ev)
{
	if (!ev->signer)
		return OK;
	return db_run(st->db, SIGNED,
		BIND(num((int64_t)ev->index), text(ev->signer), text(ev->at), text(ev->type->name),
			text(ev->subject)));
}
