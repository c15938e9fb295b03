/* The office records that the list of AI services was handed over. */
#include "base/env.h"
#include "base/zone.h"
#include "registry/event/settings.h"
#include "registry/office/office_parts.h"
#include "registry/query/service_list.h"

#include <string.h>

/* The day that the request names, or today in the register's zone. */
static enum err day_of(struct tx *tx, const json_t *request, char out[DAY_TEXT])
{
	const char *on = json_str(request, "on");
	char today[DAY_TEXT];

	TRY(settings_use_zone(tx_state(tx)->db));
	zone_day(env_now(tx_env(tx)), 0, today);
	ENSURE(!on || form_is_date(on), ERR_INVALID,
		"on: a day is written as 2026-11-28, not \"%.40s\"", on);
	ENSURE(!on || strcmp(on, today) <= 0, ERR_INVALID,
		"on: %s is still to come; a list is recorded once it was handed over", on);
	snprintf(out, DAY_TEXT, "%s", on ? on : today);
	return OK;
}

/* Entries stay, so recording the same submission twice must be a slip. */
static enum err check_new(const struct snapshot *snap, const json_t *request, const char *day)
{
	const char *file = json_str(request, "file");
	json_auto_t *before = NULL;
	const json_t *last;

	TRY(service_list_submissions(snap, 1, &before));
	last = json_array_get(before, 0);
	ENSURE(!last || !file || strcmp(json_str(last, "day"), day) != 0 ||
			strcmp(json_str(last, "file"), file) != 0 ||
			!json_equal(json_object_get(last, "to"), json_object_get(request, "to")),
		ERR_CONFLICT, "entry %lld says exactly this already",
		(long long)json_num(last, "entry"));
	return OK;
}

enum err office_list_submitted(struct tx *tx, const json_t *request, json_t *reply)
{
	struct snapshot snap = state_snapshot(tx_state(tx));
	json_t *content;
	char day[DAY_TEXT];

	TRY(day_of(tx, request, day));
	TRY(check_new(&snap, request, day));
	content = json_make("{s:o}", "to", office_copied(request, "to"));
	if (json_object_get(request, "note"))
		json_put(content, "note", office_copied(request, "note"));
	json_put(reply, "day", json_text(day));
	json_put(reply, "file", office_copied(request, "file"));
	json_put(reply, "services", office_copied(request, "services"));
	return office_add(tx,
		(struct draft){.type = "list.submitted",
			.subject = SERVICE_LIST,
			.members = json_make("{s:s,s:O,s:O}", "day", day, "file",
				json_object_get(request, "file"), "services",
				json_object_get(request, "services")),
			.content = content},
		reply);
}
