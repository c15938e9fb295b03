#include "registry/query/incidents.h"

#include "registry/event/incident.h"
#include "registry/query/query_parts.h"

#include <string.h>

#define INCIDENTS                                                                         \
	"SELECT i.entry, i.system, s.name AS \"name:json\", i.department, i.at, i.since," \
	" i.aware, i.severity, i.public_on, i.ground, i.sha256 AS \"content:content\""    \
	" FROM incident i JOIN system s ON s.slug = i.system WHERE (?1 IS NULL OR i.at < ?1)"
SQL(OF_SYSTEM, "incidents.of_system",
	INCIDENTS " AND i.system = ?2 AND (?3 IS NULL OR i.department = ?3)"
		  " ORDER BY i.entry DESC");
SQL(ALL, "incidents.all", INCIDENTS " AND (?2 IS NULL OR i.department = ?2) ORDER BY i.entry DESC",
	"a city has a handful of incidents a year");
SQL(OPEN, "incidents.open",
	INCIDENTS " AND i.closed_entry IS NULL AND (?2 IS NULL OR i.department = ?2)"
		  " ORDER BY i.entry DESC");
SQL(NOTES, "incidents.notes",
	"SELECT entry, at, severity, told_on, closes AS \"closes:bool\", sha256 AS \"text:text\""
	" FROM incident_note WHERE incident = ?1 AND (?2 IS NULL OR at < ?2) ORDER BY entry");

/* Sets the values that the latest notes give. */
static void apply_notes(json_t *incident, const json_t *notes, bool held)
{
	json_each (notes, note) {
		if (json_str(note, "severity"))
			json_put(incident, "severity", json_text(json_str(note, "severity")));
		if (json_str(note, "told_on"))
			json_put(incident, "told_on", json_text(json_str(note, "told_on")));
		if (json_is_true(json_object_get(note, "closes")))
			json_put(incident, "closed_at", json_text(json_str(note, "at")));
		if (held)
			json_put(note, "text", json_null());
	}
}

static enum err shape(
	const struct snapshot *snap, const struct incident_filter *f, json_t *incident)
{
	static const char *const texts[] = {"what", "affected", "done"};
	const char *public_on = json_str(incident, "public_on");
	bool held = public_on && strcmp(public_on, f->day) > 0;
	const json_t *content = held && !f->theirs ? NULL : json_object_get(incident, "content");
	json_t *notes;
	char due[16];

	for (size_t i = 0; i < COUNT(texts); i++) {
		json_t *text = json_object_get(content, texts[i]);

		json_put(incident, texts[i], text ? json_incref(text) : json_null());
	}
	json_object_del(incident, "content");
	json_put(incident, "held", json_boolean(held));
	json_put(incident, "told_on", json_null());
	json_put(incident, "closed_at", json_null());
	TRY(query_rows(
		snap, NOTES, BIND(num(json_num(incident, "entry")), text(f->before)), &notes));
	apply_notes(incident, notes, held && !f->theirs);
	json_put(incident, "notes", notes);
	json_put(incident, "due",
		incident_due(json_str(incident, "severity"), json_str(incident, "aware"), due)
			? json_text(due)
			: json_null());
	return OK;
}

enum err incidents_of(const struct snapshot *snap, const struct incident_filter *f, json_t **out)
{
	json_auto_t *all = NULL;

	TRY(f->system ? query_rows(snap, OF_SYSTEM,
				BIND(text(f->before), text(f->system), text(f->department)), &all)
		      : query_rows(snap, f->waiting ? OPEN : ALL,
				BIND(text(f->before), text(f->department)), &all));
	json_each (all, incident)
		TRY(shape(snap, f, incident));
	*out = TAKE(all);
	return OK;
}
