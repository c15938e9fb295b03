/* Questions about a system, or about none, and their answers. */
#include "base/zone.h"
#include "registry/query/query_parts.h"

#define QUESTION_COLUMNS                                                                                                   \
	" f.id, f.system, f.consultation, f.at, f.entry, f.state, f.sha256 AS \"sha256\","                                 \
	" coalesce(f.masked, f.sha256) AS \"content:content\", f.masked, f.merged_into,"                                   \
	" (SELECT count(*) FROM feedback r WHERE r.merged_into = f.id) AS repeats, f.code, f.reason AS \"reason:reason\"," \
	" f.withdrawn_entry IS NOT NULL AS \"withdrawn:bool\","                                                            \
	" f.swept_entry IS NOT NULL AS \"swept:bool\", f.decided_entry, f.decided_at, (SELECT k.person FROM signed g"      \
	" JOIN person_key k ON k.entry = g.key WHERE g.entry = f.decided_entry) AS person,"                                \
	" EXISTS (SELECT 1 FROM answer a WHERE a.feedback = f.id AND a.personal)"                                          \
	" AS \"personally:bool\""
/* Readers have no use for an erased text, but the city's answer remains readable. */
#define LISTED "f.state = 'published' AND (f.erased_entry IS NULL OR f.answered_at IS NOT NULL)"

SQL(FEEDBACK_N, "query.feedback_n",
	"SELECT count(*) AS received, coalesce(sum(" LISTED "), 0) AS published,"
	" coalesce(sum(state = 'withheld' AND (erased_entry IS NULL OR answered_at IS NOT NULL)), 0)"
	" AS withheld,"
	" coalesce(sum(state = 'merged' AND (erased_entry IS NULL OR answered_at IS NOT NULL)), 0)"
	" AS merged,"
	" coalesce(sum(state = 'received' AND erased_entry IS NULL), 0) AS unpublished,"
	" coalesce(sum(erased_entry IS NOT NULL AND answered_at IS NULL), 0) AS erased"
	" FROM feedback f WHERE system IS ?1");
SQL(QUESTIONS, "query.questions",
	"SELECT" QUESTION_COLUMNS " FROM feedback f WHERE f.system IS ?1 AND " LISTED
	" ORDER BY f.entry DESC");
SQL(QUESTION, "query.question",
	"SELECT" QUESTION_COLUMNS ", s.name AS \"name_of_system:json\", f.erased_entry"
	" FROM feedback f LEFT JOIN system s ON s.slug = f.system WHERE f.id = ?1");
SQL(ORIGINAL, "query.original",
	"SELECT f.sha256 AS \"content:content\", c.erased_entry AS gone FROM feedback f"
	" JOIN content_state c ON c.sha256 = f.sha256 WHERE f.id = ?1");
SQL(ANSWERS, "query.answers",
	"SELECT by, at, entry, sha256 AS \"text:text\", personal AS \"personal:bool\","
	" (SELECT k.person FROM signed g JOIN person_key k ON k.entry = g.key"
	" WHERE g.entry = answer.entry) AS person FROM answer"
	" WHERE feedback = ?1 AND personal <= ?2 ORDER BY entry");
#define LATE_SUM                                                              \
	"SELECT count(*) FROM feedback WHERE at < ?1 AND answered_at IS NULL" \
	" AND erased_entry IS NULL AND state IN ('received', 'published', 'merged')"
SQL(LATE, "query.late", LATE_SUM " AND system IS ?2");
SQL(ALL_LATE, "query.all_late", LATE_SUM);
SQL(WITHHELD, "query.withheld",
	"SELECT code, count(*) AS n FROM feedback WHERE state = 'withheld'"
	" AND swept_entry IS NULL GROUP BY code");

/* The answers to the question that it is merged into are its answers too. */
static enum err add_shared_answers(const struct snapshot *snap, json_t *question)
{
	const char *into = json_str(question, "merged_into");
	json_auto_t *shared = NULL;

	if (!into)
		return OK;
	TRY(query_rows(snap, ANSWERS, BIND(text(into), num(0)), &shared));
	json_array_extend(json_object_get(question, "answers"), shared);
	return OK;
}

/* "decided": who last decided whether to show the question, and when; null before that. */
static void put_decision(json_t *question)
{
	const char *person = json_str(question, "person");
	json_t *decided = json_null();

	if (json_is_integer(json_object_get(question, "decided_entry")))
		decided = json_make("{s:O, s:O, s:s, s:O}", "entry",
			json_object_get(question, "decided_entry"), "at",
			json_object_get(question, "decided_at"), "by",
			person ? "person" : "operator", "person",
			json_object_get(question, "person"));
	json_put(question, "decided", decided);
	json_object_del(question, "decided_entry");
	json_object_del(question, "decided_at");
	json_object_del(question, "person");
}

/* Copies the members of the question's content into it, and adds the answers. */
static enum err complete_question(const struct snapshot *snap, json_t *question, enum answers whose)
{
	json_t *content = json_object_get(question, "content"), *answers;
	bool erased = !json_is_object(content);
	static const char *const members[] = {"text", "lang", "name"};

	for (size_t i = 0; i < COUNT(members); i++) {
		json_t *value = json_object_get(content, members[i]);

		json_put(question, members[i], value ? json_incref(value) : json_null());
	}
	json_put(question, "erased", json_boolean(erased));
	json_object_del(question, "content");
	put_decision(question);
	TRY(query_rows(snap, ANSWERS,
		BIND(text(json_str(question, "id")), num(whose == FOR_ITS_SENDER)), &answers));
	json_put(question, "answers", answers);
	return OK;
}

/* The author may read the original, even if others read it masked, or not at all. */
static enum err restore_original(const struct snapshot *snap, json_t *question)
{
	json_auto_t *original = NULL;

	TRY(query_row(snap, ORIGINAL, BIND(text(json_str(question, "id"))), &original));
	json_put(question, "shown", json_incref(json_object_get(question, "masked")));
	if (json_str(question, "masked"))
		json_put(question, "shown", json_deep_copy(json_object_get(question, "content")));
	json_put(question, "gone", json_incref(json_object_get(original, "gone")));
	json_put(question, "content", json_incref(json_object_get(original, "content")));
	return OK;
}

enum err query_feedback_counts(const struct snapshot *snap, const char *slug, json_t **out)
{
	return query_row(snap, FEEDBACK_N, BIND(text(slug)), out);
}

#define ANSWER_DAYS 14

int64_t query_answer_days(const struct snapshot *snap)
{
	json_auto_t *reg = NULL;
	int64_t days = 0;

	if (query_register(snap, &reg) == OK)
		days = json_num(json_object_get(reg, "about"), "answer_days");
	return days > 0 && days <= 3650 ? days : ANSWER_DAYS;
}

void query_asked_before(const struct snapshot *snap, int64_t now, char out[TIME_TEXT])
{
	char last[DAY_TEXT];
	int64_t end;

	zone_day(now, -(int)query_answer_days(snap) - 1, last);
	if (time_day_end(last, &end) != OK)
		end = 0; /* before 1970: no register existed */
	time_text(end, out);
}

enum err query_late(
	const struct snapshot *snap, const char *slug, const char *asked_before, int64_t *out)
{
	return db_int(snap->model, LATE, BIND(text(asked_before), text(slug)), out);
}

enum err query_all_late(const struct snapshot *snap, const char *asked_before, int64_t *out)
{
	return db_int(snap->model, ALL_LATE, BIND(text(asked_before)), out);
}

enum err query_withheld(const struct snapshot *snap, json_t **out)
{
	return query_rows(snap, WITHHELD, BIND_NONE, out);
}

enum err query_feedback(const struct snapshot *snap, const char *slug, json_t **out)
{
	json_auto_t *feedback = NULL;
	json_t *questions;

	TRY(query_feedback_counts(snap, slug, &feedback));
	TRY(query_rows(snap, QUESTIONS, BIND(text(slug)), &questions));
	json_put(feedback, "questions", questions);
	json_each (questions, question)
		TRY(complete_question(snap, question, FOR_EVERYONE));
	*out = TAKE(feedback);
	return OK;
}

enum err query_question(
	const struct snapshot *snap, const char *id, enum answers answers, json_t **out)
{
	json_auto_t *question = NULL;
	enum err e = query_row(snap, QUESTION, BIND(text(id)), &question);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no feedback with this id");
	TRY(e);
	if (answers == FOR_ITS_SENDER)
		TRY(restore_original(snap, question));
	TRY(complete_question(snap, question, answers));
	TRY(add_shared_answers(snap, question));
	*out = TAKE(question);
	return OK;
}
