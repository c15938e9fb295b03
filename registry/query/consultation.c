#include "registry/query/consultation.h"

#include "registry/query/query_parts.h"

#define COLUMNS                                                                                 \
	"c.entry, c.system, c.at, c.closes, c.sha256 AS \"question:question\", c.closed_entry," \
	" c.closed_at, c.answer AS \"answer:answer\", s.name AS \"name:json\","                 \
	" (SELECT count(*) FROM feedback f WHERE f.system = c.system"                           \
	" AND f.consultation = c.entry) AS written"                                             \
	" FROM consultation c JOIN system s ON s.slug = c.system"

SQL(OF, "consultation.list", "SELECT " COLUMNS " WHERE c.system = ?1 ORDER BY c.entry DESC");
SQL(OPEN, "consultation.list_open",
	"SELECT " COLUMNS " WHERE c.closed_entry IS NULL ORDER BY c.closes, c.system",
	"a handful are open at a time");
SQL(LACKING, "consultation.lacking",
	"SELECT s.slug AS system, s.name AS \"name:json\" FROM system s"
	" WHERE s.version > 0 AND s.state <> 'retired' AND s.status = 'planned'"
	" AND (s.risk IN (SELECT value FROM json_each(?1))"
	" OR s.level IN (SELECT value FROM json_each(?1)))"
	" AND NOT EXISTS (SELECT 1 FROM consultation c WHERE c.system = s.slug)"
	" ORDER BY s.slug",
	"looks at each system: asked where the rules want consultations, by the office");

enum err consultation_list(const struct snapshot *snap, const char *slug, json_t **out)
{
	return slug ? query_rows(snap, OF, BIND(text(slug)), out)
	            : query_rows(snap, OPEN, BIND_NONE, out);
}

enum err consultation_lacking(const struct snapshot *snap, const json_t *levels, json_t **out)
{
	AUTO(buf) list = BUF(KIB);

	json_canonical(levels, &list);
	return query_rows(snap, LACKING, BIND(text(buf_text(&list))), out);
}
