#include "registry/query/work.h"

#include "registry/query/query_parts.h"

#include <string.h>

#define PARTS 4 /* most parts of a cursor */

/* Parameters; a list uses some of them and always the last: ?1 department, ?2 before, ?3 undecided,
 * ?7 to ?4 the first to fourth part of the cursor, ?8 limit. */
enum { ROWS, ROWS_OF, COUNT_, COUNT_OF, FORMS };

#define SYSTEM_COLUMNS \
	"s.slug AS system, s.name AS \"name:json\", s.department, d.about AS \"department_name:name\""
#define THEIR_DEPARTMENT " JOIN department d ON d.slug = s.department"
#define THEIRS " AND s.department = ?1"

/* The four statements of a list. `all` and `one` are its FROM for all departments and for one;
 * `more` is joined only for the columns. */
#define WORK(list, named, columns, cursor, all, one, theirs, more, where, order, why)             \
	[(list)*FORMS + ROWS] = {"work." named,                                                   \
		"SELECT " columns ", " cursor " || '' AS cursor FROM " all more " WHERE " where   \
		" ORDER BY " order " LIMIT ?8",                                                   \
		why},                                                                             \
			[(list)*FORMS + ROWS_OF] = {"work." named "_of",                          \
				"SELECT " columns ", " cursor " || '' AS cursor FROM " one more   \
				" WHERE " where theirs " ORDER BY " order " LIMIT ?8",            \
				why},                                                             \
			[(list)*FORMS + COUNT_] = {"work." named "_n",                            \
				"SELECT count(*) FROM (SELECT 1 FROM " all " WHERE " where        \
				" LIMIT ?8)",                                                     \
				why},                                                             \
			[(list)*FORMS + COUNT_OF] = {"work." named "_n_of",                       \
				"SELECT count(*) FROM (SELECT 1 FROM " one " WHERE " where theirs \
				" LIMIT ?8)",                                                     \
				why}

#define FILING_COLUMNS                                                                             \
	SYSTEM_COLUMNS ", f.entry AS filing, f.at, s.version, f.person,"                           \
		       " (SELECT count(*) FROM approval a WHERE a.filing = f.entry) AS approvals," \
		       " CASE WHEN s.name IS NULL THEN f.sha256 END AS \"record:record\""
#define FILINGS "system s JOIN filing f ON f.entry = s.filing"
#define RETURNED "system s JOIN filing f ON f.entry = s.returned"
#define IS_OPEN                                                                                    \
	"f.state IN ('received', 'published') AND f.answered_at IS NULL AND f.merged_into IS NULL" \
	" AND f.erased_entry IS NULL AND (f.state = 'published' OR ?3)"
#define DUES_WHERE \
	" WHERE u.met = 0 AND u.due < ?2 AND (u.due, u.system, u.policy, u.duty) > (?7, ?6, ?5, ?4)"
#define DUES_ROWS(from, theirs)                                                          \
	"SELECT " SYSTEM_COLUMNS ", k.policy, k.duty, u.about AS \"about:json\", k.due," \
	" k.due || '~' || k.system || '~' || k.policy || '~' || k.duty AS cursor"        \
	" FROM (SELECT u.due, u.system, u.policy, u.duty FROM " from DUES_WHERE theirs   \
	" ORDER BY u.due, u.system, u.policy, u.duty LIMIT ?8) k"                        \
	" JOIN due u ON u.system = k.system AND u.policy = k.policy AND u.duty = k.duty" \
	" JOIN system s ON s.slug = k.system" THEIR_DEPARTMENT                           \
	" ORDER BY k.due, k.system, k.policy, k.duty"
#define DUES_COUNT(from, theirs) \
	"SELECT count(*) FROM (SELECT 1 FROM " from DUES_WHERE theirs " LIMIT ?8)"
#define JUDGED "system s JOIN judgement j ON j.entry = s.attention"
#define SILENT                                                                                       \
	"(SELECT slug, about, max(at, coalesce((SELECT f.at FROM filing f WHERE f.department = slug" \
	" ORDER BY f.entry DESC LIMIT 1), ''), coalesce((SELECT n.at FROM declared_none n"           \
	" WHERE n.department = slug ORDER BY n.entry DESC LIMIT 1), '')) AS said FROM department) s"

static const struct sql sql[] = {
	WORK(WORK_FILINGS, "filings", FILING_COLUMNS, "s.filing", FILINGS, FILINGS, THEIRS,
		THEIR_DEPARTMENT, "s.filing > ?7", "s.filing", NULL),
	WORK(WORK_RETURNED, "returned", FILING_COLUMNS ", f.reason AS \"reason:reason\"",
		"s.returned", RETURNED, RETURNED, THEIRS, THEIR_DEPARTMENT, "s.returned > ?7",
		"s.returned", NULL),
	WORK(WORK_QUESTIONS, "questions",
		"f.system, s.name AS \"name:json\", s.department, d.about AS \"department_name:name\","
		" f.id, f.at, f.state, coalesce(f.masked, f.sha256) AS \"question:text\", j.entry",
		"f.entry",
		"feedback f INDEXED BY feedback_open LEFT JOIN system s ON s.slug = f.system",
		"feedback f INDEXED BY feedback_open_of LEFT JOIN system s ON s.slug = f.system",
		" AND f.department = ?1",
		" JOIN subject j ON j.kind = 'feedback' AND j.id = f.id"
		" LEFT JOIN department d ON d.slug = s.department",
		IS_OPEN " AND f.entry > ?7", "f.entry", NULL),
	/* Finds the rows of a page by indexes alone, and then reads only these. */
	[WORK_DUES * FORMS + ROWS] = {"work.dues", DUES_ROWS("due u INDEXED BY due_unmet", ""),
		"the rows of a page"},
	[WORK_DUES * FORMS + ROWS_OF] = {"work.dues_of",
		DUES_ROWS("due u INDEXED BY due_unmet_of", " AND u.department = ?1"),
		"the rows of a page"},
	[WORK_DUES * FORMS +
		COUNT_] = {"work.dues_n", DUES_COUNT("due u INDEXED BY due_unmet", "")},
	[WORK_DUES * FORMS + COUNT_OF] = {"work.dues_n_of",
		DUES_COUNT("due u INDEXED BY due_unmet_of", " AND u.department = ?1")},
	[WORK_LISTS * FORMS] = {"work.due",
		"SELECT " SYSTEM_COLUMNS ", u.policy, u.duty, u.about AS \"about:json\", u.due"
		" FROM due u JOIN system s ON s.slug = u.system" THEIR_DEPARTMENT
		" WHERE u.system = ?1 AND u.policy = ?2 AND u.duty = ?3 AND u.met = 0"},
	WORK(WORK_REVIEWS, "reviews", SYSTEM_COLUMNS "," QUERY_REVIEW_DUE " AS due",
		QUERY_REVIEW_DUE " || '~' || s.slug", "system s INDEXED BY system_review",
		"system s INDEXED BY system_review_of", THEIRS, THEIR_DEPARTMENT,
		"s.version > 0 AND" QUERY_REVIEW_DUE " < ?2 AND (" QUERY_REVIEW_DUE
		", s.slug) > (?7, ?6)",
		QUERY_REVIEW_DUE ", s.slug", NULL),
	WORK(WORK_JUDGED, "judged",
		SYSTEM_COLUMNS ", j.at, s.risk, s.level, j.changes AS \"changes:json\"",
		"s.attention", JUDGED, JUDGED, THEIRS, THEIR_DEPARTMENT, "s.attention > ?7",
		"s.attention", NULL),
	WORK(WORK_SILENT, "silent",
		"s.slug AS department, s.about AS \"department_name:name\", s.said AS at",
		"s.said || '~' || s.slug", SILENT, SILENT, " AND s.slug = ?1", "",
		"s.said < ?2 AND (s.said, s.slug) > (?7, ?6)", "s.said, s.slug",
		"a city has a hundred departments, however many systems"),
};
SQL_TABLE(sql);

/* The cursor before the first row begins with an entry, or with a text. */
static const char *const begins[WORK_LISTS] = {
	[WORK_FILINGS] = "-1",
	[WORK_RETURNED] = "-1",
	[WORK_QUESTIONS] = "-1",
	[WORK_DUES] = "",
	[WORK_REVIEWS] = "",
	[WORK_JUDGED] = "-1",
	[WORK_SILENT] = "",
};

/* Splits "a~b~c" into parts, which point into `*text`; missing ones are "". */
static void split(const char *cursor, char **text, const char *parts[PARTS])
{
	char *rest = *text = mem_text(cursor);

	for (size_t i = 0; i < PARTS; i++)
		parts[i] = rest ? strsep(&rest, "~") : "";
}

/* The statement for rows or for the count, by `form`. */
static const struct sql *statement(enum work list, int form, const struct work_filter *f)
{
	return &sql[(int)list * FORMS + form + (f->department ? 1 : 0)];
}

#define ARGS(f, part)                                                                        \
	BIND(text((f)->department), text((f)->before), num((f)->undecided), text((part)[3]), \
		text((part)[2]), text((part)[1]), text((part)[0]), num((f)->limit))

enum err work_rows(
	const struct snapshot *snap, enum work list, const struct work_filter *f, json_t **out)
{
	const char *part[PARTS];
	AUTOFREE char *text_of_parts = NULL;

	split(f->after ? f->after : begins[list], &text_of_parts, part);
	return query_rows(snap, statement(list, ROWS, f), ARGS(f, part), out);
}

enum err work_count(
	const struct snapshot *snap, enum work list, const struct work_filter *f, int64_t *out)
{
	const char *part[PARTS];
	AUTOFREE char *text_of_parts = NULL;

	split(f->after ? f->after : begins[list], &text_of_parts, part);
	return db_int(snap->model, statement(list, COUNT_, f), ARGS(f, part), out);
}

enum err work_due(const struct snapshot *snap, const char *system, const char *policy,
	const char *duty, json_t **out)
{
	enum err e = query_row(
		snap, &sql[WORK_LISTS * FORMS], BIND(text(system), text(policy), text(duty)), out);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND,
		"\"%s\" owes no duty of this name, or it is fulfilled", system);
	return e;
}
