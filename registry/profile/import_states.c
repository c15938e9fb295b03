/* import_states.c - retires or suspends systems that their source calls retired or suspended, after
 * all its rows were imported, because a row may name a successor that comes later in the file. */
#include "registry/event/fold.h"
#include "registry/office/office.h"
#include "registry/profile/known.h"

#include <string.h>

#define REASON_CHARS 1000

SQL(STATE, "import.state", "SELECT state FROM system WHERE slug = ?1");

/* The source's own reason, or else the importer's. */
static json_t *reason_of(const json_t *one, const json_t *request)
{
	json_t *reason = json_object_get(one, "reason");

	if (json_is_object(reason) && json_object_size(reason) &&
		check_texts(reason, REASON_CHARS, "the reason") == OK)
		return json_incref(reason);
	return json_incref(json_object_get(request, "reason"));
}

/* Finds the system that this profile made of the source's key; its slug is "" if there is none. */
static enum err find(struct tx *tx, const json_t *request, const char *key, struct known *out)
{
	json_auto_t *row = json_make("{s:s}", "key", key), *outcome = json_object();

	return known_find(tx_state(tx), json_str(request, "profile"), row, out, outcome);
}

/* If the system cannot be a successor any more, names none; the page still gives the reason. */
static enum err find_successor(struct tx *tx, const json_t *request, const json_t *one,
	const char *slug, struct known *out)
{
	const char *key = json_str(one, "successor");

	*out = (struct known){.filing = -1};
	if (!key)
		return OK;
	TRY(find(tx, request, key, out));
	if (out->retired || !out->version || strcmp(out->slug, slug) == 0)
		out->exists = false;
	return OK;
}

/* The office alone decides on the state of this register's own systems: a cell of our own export
 * that says otherwise is not read. */
static enum err is_ours(struct tx *tx, const json_t *one, bool *out)
{
	const char *origin = json_str(one, "register");
	char here[KEY_NAME_MAX + 1];

	TRY(state_origin(tx_state(tx), here));
	*out = origin && strcmp(origin, here) == 0;
	return OK;
}

static enum err set_state(struct tx *tx, const json_t *request, const json_t *one, json_t *done)
{
	bool retires = strcmp(json_str(one, "state"), "retired") == 0;
	struct known known, next;
	AUTO(rows) row = {0};
	bool ours;

	TRY(is_ours(tx, one, &ours));
	if (ours)
		return OK;
	TRY(find(tx, request, json_str(one, "key"), &known));
	if (!known.exists || !known.version || known.retired)
		return OK;
	TRY(db_one(tx_state(tx)->db, STATE, BIND(text(known.slug)), &row));
	if (strcmp(rows_text(&row, 0), json_str(one, "state")) == 0)
		return OK;
	TRY(find_successor(tx, request, one, known.slug, &next));
	json_push(done, json_text(known.slug));
	return tx_add(tx,
		(struct draft){.type = retires ? "system.retired" : "system.suspended",
			.by = retires ? "register" : "office",
			.subject = known.slug,
			.members = retires && next.exists
	                                   ? json_make("{s:s}", "successor", next.slug)
	                                   : NULL,
			.content = json_make("{s:o}", "reason", reason_of(one, request))},
		NULL);
}

/* Is it the successor of a system that is still to be retired? It must not be retired first. */
static bool is_awaited(const json_t *left, const char *key)
{
	json_each (left, one) {
		const char *successor = json_str(one, "successor");

		if (successor && strcmp(successor, key) == 0 &&
			strcmp(json_str(one, "key"), key) != 0)
			return true;
	}
	return false;
}

static bool is_usable(const json_t *one)
{
	const char *state = json_str(one, "state");

	return json_str(one, "key") && state &&
	       (strcmp(state, "retired") == 0 || strcmp(state, "suspended") == 0);
}

/* Retires each system after those that name it as their successor; a ring of them goes in its own
 * order. */
enum err import_states(struct tx *tx, const json_t *request, json_t *reply)
{
	const char *profile = json_str(request, "profile");
	json_auto_t *left = json_array();
	json_t *done = json_array();
	size_t turned = 0;

	json_put(reply, "systems", done);
	ENSURE(profile && slug_valid(profile), ERR_INVALID, "\"profile\" must be a profile's name");
	json_each (json_object_get(request, "rows"), one) {
		if (is_usable(one))
			json_array_append(left, one);
	}
	while (json_array_size(left)) {
		json_auto_t *first = json_incref(json_array_get(left, 0));

		json_array_remove(left, 0);
		if (turned < json_array_size(left) && is_awaited(left, json_str(first, "key"))) {
			json_array_append(left, first);
			turned++;
			continue;
		}
		turned = 0;
		TRY(set_state(tx, request, first, done));
	}
	return OK;
}
