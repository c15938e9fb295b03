#include "registry/query/news.h"

#include "registry/query/query_parts.h"

/* clang-format off */
#define MILESTONES \
	"SELECT m.type, m.at, m.entry, m.version, m.state, m.successor, m.by, m.person, m.role," \
	" m.reason AS \"reason:reason\", s.slug, s.name AS \"name:json\"," \
	" d.about AS \"department_name:name\" FROM milestone m" \
	" JOIN system s ON s.slug = m.system JOIN department d ON d.slug = s.department"
#define REVIEWS \
	"SELECT s.slug, s.name AS \"name:json\", d.about AS \"department_name:name\"," \
	QUERY_REVIEW_DUE " AS review_due FROM "
#define REVIEWS_DUE \
	" CROSS JOIN department d ON d.slug = s.department WHERE s.version > 0 AND " \
	QUERY_REVIEW_DUE " < ?1"
#define QUESTION_OF \
	" f.id, f.system AS slug, s.name AS \"name:json\", d.about AS \"department_name:name\"," \
	" coalesce(f.masked, f.sha256) AS \"asked:text\""
#define QUESTION_JOINS \
	" LEFT JOIN system s ON s.slug = f.system LEFT JOIN department d ON d.slug = s.department"
#define QUESTION_STANDS " AND (f.erased_entry IS NULL OR f.answered_at IS NOT NULL)"
/* Reads the newest rows of each kind, from which the newest of all are taken. `of`, `answers` and
 * `joined` are the tables from which questions, answers and merges come, with the index that has them
 * in the order of their entries. */
#define QUESTIONS(of, answers, joined, which, whose) \
	"SELECT * FROM (SELECT 'feedback.published' AS type, f.decided_at AS at, f.decided_entry AS entry," \
	QUESTION_OF ", NULL AS \"answer:text\" FROM " of QUESTION_JOINS \
	" WHERE f.state = 'published'" QUESTION_STANDS which " ORDER BY f.decided_entry DESC LIMIT ?1)" \
	" UNION ALL SELECT * FROM (SELECT 'feedback.answered', a.at, a.entry," QUESTION_OF ", a.sha256" \
	" FROM " answers QUESTION_JOINS \
	" WHERE f.state = 'published' AND NOT a.personal" QUESTION_STANDS whose \
	" ORDER BY a.entry DESC LIMIT ?1)" \
	" UNION ALL SELECT * FROM (SELECT 'feedback.merged', f.decided_at, f.decided_entry, f.merged_into," \
	" f.system, s.name, d.about, NULL, NULL FROM " of QUESTION_JOINS " WHERE f.state = 'merged'" \
	" AND f.erased_entry IS NULL" which " ORDER BY f.decided_entry DESC LIMIT ?1)" \
	" UNION ALL SELECT * FROM (SELECT 'feedback.merged', f.merged_at, f.merged_entry, f.merged_into," \
	" f.system, s.name, d.about, coalesce(f.masked, f.sha256), NULL FROM " joined QUESTION_JOINS \
	" WHERE f.merged_entry IS NOT NULL AND f.erased_entry IS NULL" which \
	" ORDER BY f.merged_entry DESC LIMIT ?1)" \
	" ORDER BY 3 DESC LIMIT ?1"
#define DECIDED "feedback f INDEXED BY feedback_decided"
#define ANSWERED "answer a CROSS JOIN feedback f ON f.id = a.feedback"
#define JOINED "feedback f INDEXED BY feedback_joined"
#define JOINED_OF "feedback f INDEXED BY feedback_joined_of"
#define DECIDED_OF "feedback f INDEXED BY feedback_decided_of"
#define ANSWERED_OF \
	"answer a INDEXED BY answer_department CROSS JOIN feedback f ON f.id = a.feedback"
#define ITS_ANSWERS "feedback f JOIN answer a ON a.feedback = f.id"
#define LATEST_DUE " ORDER BY review_due DESC, s.slug DESC LIMIT ?2"
/* clang-format on */
#define NEWEST " ORDER BY m.entry DESC LIMIT ?1"
#define ENDS "walks the newest backwards and stops after the limit"

SQL(ADOPTIONS, "news.adoptions",
	"SELECT 'standard.adopted' AS type, NULL AS id, version, at, entry, sha256,"
	" NULL AS \"about:json\", NULL AS \"reason:reason\" FROM standard"
	" UNION ALL SELECT 'policy.adopted', id, version, at, entry, sha256, about, NULL"
	" FROM policy"
	" UNION ALL SELECT 'policy.retired', id, version, until_at, until_entry, sha256,"
	" about, reason FROM policy WHERE reason IS NOT NULL"
	" ORDER BY entry DESC LIMIT ?1",
	"a register has a handful of standards and policies");
SQL(ALL, "news.all", MILESTONES NEWEST,
	"walks the newest milestones backwards and stops after the limit");
SQL(OF_SYSTEM, "news.of_system", MILESTONES " WHERE m.system = ?2" NEWEST);
SQL(OF_DEPARTMENT, "news.of_department", MILESTONES " WHERE m.department = ?2" NEWEST);
SQL(DUE, "news.due", REVIEWS "system s INDEXED BY system_review" REVIEWS_DUE LATEST_DUE, ENDS);
SQL(DUE_OF_SYSTEM, "news.due_of_system",
	REVIEWS "system s" REVIEWS_DUE " AND s.slug = ?3" LATEST_DUE);
SQL(DUE_OF_DEPARTMENT, "news.due_of_department",
	REVIEWS "system s INDEXED BY system_review_of" REVIEWS_DUE
		" AND s.department = ?3" LATEST_DUE,
	ENDS);
SQL(ASKED, "news.asked", QUESTIONS(DECIDED, ANSWERED, JOINED, "", ""), ENDS);
SQL(ASKED_OF_SYSTEM, "news.asked_of_system",
	QUESTIONS("feedback f", ITS_ANSWERS, "feedback f", " AND f.system = ?2",
		" AND f.system = ?2"),
	"reads the questions of one system");
SQL(ASKED_OF_DEPARTMENT, "news.asked_of_department",
	QUESTIONS(DECIDED_OF, ANSWERED_OF, JOINED_OF, " AND f.department = ?2",
		" AND a.department = ?2"),
	ENDS);

enum err news_milestones(const struct snapshot *snap, struct news of, int64_t limit, json_t **out)
{
	if (of.system)
		return query_rows(snap, OF_SYSTEM, BIND(num(limit), text(of.system)), out);
	if (of.department)
		return query_rows(snap, OF_DEPARTMENT, BIND(num(limit), text(of.department)), out);
	return query_rows(snap, ALL, BIND(num(limit)), out);
}

enum err news_adoptions(const struct snapshot *snap, int64_t limit, json_t **out)
{
	return query_rows(snap, ADOPTIONS, BIND(num(limit)), out);
}

enum err news_reviews(const struct snapshot *snap, struct news of, const char *before,
	int64_t limit, json_t **out)
{
	if (of.system)
		return query_rows(
			snap, DUE_OF_SYSTEM, BIND(text(before), num(limit), text(of.system)), out);
	if (of.department)
		return query_rows(snap, DUE_OF_DEPARTMENT,
			BIND(text(before), num(limit), text(of.department)), out);
	return query_rows(snap, DUE, BIND(text(before), num(limit)), out);
}

enum err news_questions(const struct snapshot *snap, struct news of, int64_t limit, json_t **out)
{
	if (of.system)
		return query_rows(snap, ASKED_OF_SYSTEM, BIND(num(limit), text(of.system)), out);
	if (of.department)
		return query_rows(
			snap, ASKED_OF_DEPARTMENT, BIND(num(limit), text(of.department)), out);
	return query_rows(snap, ASKED, BIND(num(limit)), out);
}
