#include "web/office/key_notice.h"

#include "registry/query/desk.h"
#include "web/office/office.h"

#include <string.h>

#define NAMES_MAX (2 * KIB)

char *key_command(const struct request *rq, const char *vkey)
{
	const struct person *person = &rq->who->person;

	return mem_printf("gaya office --data '%s' key-grant %s \\\n  '%s' \\\n  --person %s",
		rq->site->folder, person->department, vkey, person->id);
}

static bool has_granted(const json_t *keys)
{
	json_each (keys, key)
		if (!json_is_true(json_object_get(key, "revoked")))
			return true;
	return false;
}

/* Administrators who have a key and so can grant others. */
static enum err names_of_granters(const struct request *rq, json_t **out)
{
	json_auto_t *people = NULL;
	AUTO(buf) names = BUF(NAMES_MAX);

	TRY(desk_people(rq->snap, &people));
	json_each (people, p) {
		json_auto_t *name = NULL;

		if (json_is_true(json_object_get(p, "dismissed")) || !json_num(p, "keys") ||
			strcmp(json_str(p, "role"), role_name(ROLE_ADMINISTRATOR)) != 0)
			continue;
		name = office_person(rq, json_str(p, "person"));
		buf_printf(&names, "%s%s", names.len ? ", " : "", json_string_value(name));
	}
	TRY(buf_check(&names, "the administrators' names"));
	*out = names.len ? json_text(buf_text(&names)) : json_null();
	return OK;
}

enum err key_notice_add(const struct request *rq, json_t *view)
{
	const struct person *person = &rq->who->person;
	json_auto_t *granted = NULL, *waiting = NULL;
	struct people *people = NULL;
	json_t *by, *command = json_null();
	bool waits;

	if (!person->role || person->role == ROLE_AUDITOR)
		return OK;
	TRY(desk_keys(rq->snap, person->id, &granted));
	if (has_granted(granted))
		return OK;
	TRY(office_people(rq, &people));
	TRY(office_waiting_keys(rq, people, person->id, &waiting));
	TRY(names_of_granters(rq, &by));
	waits = json_array_size(waiting) > 0;
	if (waits && json_is_null(by) && person->role == ROLE_ADMINISTRATOR) {
		AUTOFREE char *line = key_command(rq, json_str(json_array_get(waiting, 0), "vkey"));

		command = json_text(line);
	}
	json_put(view, "key_lacks",
		json_make("{s:b,s:b,s:o,s:o}", "waits", waits, "revoked",
			json_array_size(granted) > 0, "granters", by, "command", command));
	return OK;
}
