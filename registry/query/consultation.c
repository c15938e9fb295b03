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

enum err consultation_list(const struct snapshot *snap, const char *slug, json_t **out)
{
	return slug ? query_rows(snap, OF, BIND(text(slug)), out)
	            : query_rows(snap, OPEN, BIND_NONE, out);
}
