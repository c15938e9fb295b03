/* The office's operations on the register's settings. */
#include "registry/event/settings.h"
#include "registry/office/office_parts.h"
#include "registry/query/query.h"

#include <string.h>

enum err office_settings(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	json_auto_t *now = NULL;
	json_t *history = NULL;

	TRY(query_register(snap, &now));
	TRY(query_settings(snap, -1, &history));
	json_put(reply, "origin", json_incref(json_object_get(now, "origin")));
	json_put(reply, "settings", json_incref(json_object_get(now, "about")));
	json_put(reply, "history", history);
	return OK;
}

/* The settings that a request asks for, without its other members. */
static json_t *patch_of(const json_t *request)
{
	json_t *patch = json_deep_copy(request);

	json_object_del(patch, "do");
	json_object_del(patch, "dry_run");
	return patch;
}

enum err office_register_change(struct tx *tx, const json_t *request, json_t *reply)
{
	json_auto_t *reg = NULL, *patch = patch_of(request), *new = NULL;
	const json_t *old;
	struct snapshot snap = state_snapshot(tx_state(tx));
	json_t *changes;

	TRY(query_register(&snap, &reg));
	old = json_object_get(reg, "about");
	new = json_deep_copy(old);
	settings_merge(new, patch);
	TRY(settings_check_here(new));
	changes = settings_changes(old, new);
	json_put(reply, "changes", changes);
	json_put(reply, "left_behind", settings_left_behind(old, new));
	ENSURE(json_array_size(changes) > 0, ERR_CONFLICT,
		"the register says exactly this already");
	if (json_is_true(json_object_get(request, "dry_run")))
		return OK;
	return office_add(tx,
		(struct draft){.type = "register.changed",
			.subject = json_str(reg, "origin"),
			.content = TAKE(new)},
		reply);
}

/* A list, or "high,prohibited" from a command line. */
static json_t *levels_of(const json_t *request, const char *member)
{
	const char *given = json_str(request, member);
	json_t *list = json_array();

	if (!given)
		return json_is_array(json_object_get(request, member))
		               ? (json_decref(list), office_copied(request, member))
		               : list;
	while (*given) {
		size_t len = strcspn(given, ",");
		AUTOFREE char *one = mem_bytes(given, len);

		if (len)
			json_push(list, json_text(one));
		given += len + (given[len] == ',');
	}
	return list;
}

enum err office_rules(struct tx *tx, const json_t *request, json_t *reply)
{
	char origin[KEY_NAME_MAX + 1];
	json_t *content;

	TRY(state_origin(tx_state(tx), origin));
	content = json_make("{s:o,s:o}", "two_approvals", levels_of(request, "two_approvals"),
		"consultation", levels_of(request, "consultation"));
	if (json_object_get(request, "reason"))
		json_put(content, "reason", office_copied(request, "reason"));
	return office_add(tx,
		(struct draft){.type = "register.rules",
			.subject = origin,
			.members = json_make("{s:O}", "from", json_object_get(request, "from")),
			.content = content},
		reply);
}
