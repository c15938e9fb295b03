/* sheet_gone.c - systems that a profile brought into the register and that the file lacks. */
#include "registry/profile/sheet.h"

SQL(NAME, "sheet.name", "INSERT OR IGNORE INTO sheet_named (slug) VALUES (?1)");
SQL(NAMED, "sheet.named", "SELECT count(*) FROM sheet_named",
	.scans = "the rows of one file are counted once");
SQL(IS_HERE, "sheet.is_here",
	"SELECT EXISTS (SELECT 1 FROM sheet_row WHERE source = ?1)"
	" OR EXISTS (SELECT 1 FROM sheet_named WHERE slug = ?2)");
SQL(ADD, "sheet.add_gone", "INSERT INTO sheet_gone (slug) VALUES (?1)");
SQL(NEXT, "sheet.next_gone", "SELECT n, slug FROM sheet_gone WHERE n > ?1 ORDER BY n LIMIT ?2");

enum err sheet_name(struct sheet *s, const char *slug)
{
	return db_run(s->db, NAME, BIND(text(slug)));
}

enum err sheet_named(struct sheet *s, size_t *out)
{
	int64_t n;

	TRY(db_int(s->db, NAMED, BIND_NONE, &n));
	*out = (size_t)n;
	return OK;
}

enum err sheet_has(struct sheet *s, const json_t *systems, size_t *gone)
{
	json_each (systems, one) {
		const char *slug = json_str(one, "slug"), *source = json_str(one, "source");
		int64_t here;

		TRY(db_int(s->db, IS_HERE, BIND(text(source), text(slug)), &here));
		if (here)
			continue;
		TRY(db_run(s->db, ADD, BIND(text(slug))));
		++*gone;
	}
	return OK;
}

enum err sheet_gone(struct sheet *s, int64_t *n, size_t limit, json_t **out)
{
	json_auto_t *slugs = json_array();
	AUTO(rows) rows = {0};

	TRY(db_query(s->db, NEXT, BIND(num(*n), num((int64_t)limit)), &rows));
	while (rows_next(&rows)) {
		*n = rows_int(&rows, 0);
		json_push(slugs, json_text(rows_text(&rows, 1)));
	}
	TRY(rows_end(&rows));
	*out = TAKE(slugs);
	return OK;
}
