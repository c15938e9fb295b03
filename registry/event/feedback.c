#include "registry/event/fold.h"

#include "base/text.h"
#include "registry/event/mask.h"
#include "registry/event/rules.h"
#include "registry/event/withholding.h"
#include "registry/standard/form.h"

#include <string.h>

SQL(SYSTEM_PUBLIC, "feedback.system_public",
	"SELECT department FROM system WHERE slug = ?1 AND version > 0");
SQL(FIND, "feedback.find",
	"SELECT f.state, f.sha256, s.department, f.withdrawn_entry, f.swept_entry,"
	" f.masked, f.merged_into, f.system FROM feedback f"
	" LEFT JOIN system s ON s.slug = f.system WHERE f.id = ?1");
SQL(ADD, "feedback.add",
	"INSERT INTO feedback (id, system, department, sha256, entry, at, state, consultation)"
	" VALUES (?1, ?2, (SELECT department FROM system WHERE slug = ?2), ?3, ?4, ?5, 'received', ?6)");
SQL(DECIDE, "feedback.decide",
	"UPDATE feedback SET state = ?2, decided_entry = ?3, decided_at = ?4, code = ?5,"
	" reason = ?6, masked = ?7, erased_entry = (SELECT erased_entry FROM content_state c"
	" WHERE c.sha256 = coalesce(?7, feedback.sha256)) WHERE id = ?1");
SQL(TEXT_ERASED, "feedback.text_erased",
	"SELECT erased_entry FROM content_state WHERE sha256 = ?1 AND erased_entry IS NOT NULL");
SQL(ADD_MASK, "feedback.add_mask",
	"INSERT INTO mask (entry, feedback, sha256) VALUES (?1, ?2, ?3)");
SQL(MASKS, "feedback.masks", "SELECT sha256 FROM mask WHERE feedback = ?1 ORDER BY entry");
SQL(OPEN_ANSWERS, "feedback.open_answers",
	"UPDATE content_state SET public = ?2 WHERE sha256 IN"
	" (SELECT sha256 FROM answer WHERE feedback = ?1 AND NOT personal)");
SQL(ANSWER, "feedback.answer",
	"INSERT INTO answer (entry, feedback, department, by, sha256, at, personal)"
	" VALUES (?1, ?2, (SELECT department FROM feedback WHERE id = ?2), ?3, ?4, ?5, ?6)");
SQL(ANSWERED, "feedback.answered",
	"UPDATE feedback SET answered_at = coalesce(answered_at, ?2) WHERE id = ?1");
SQL(WITHDRAW, "feedback.withdraw", "UPDATE feedback SET withdrawn_entry = ?2 WHERE id = ?1");
SQL(SWEEP, "feedback.sweep",
	"UPDATE feedback SET state = 'withheld', decided_entry = ?2, decided_at = ?3,"
	" swept_entry = ?2 WHERE id = ?1");
#define FIRST_PUBLIC " (SELECT min(p.at) FROM answer p WHERE p.feedback = ?2 AND NOT p.personal)"
SQL(MERGE, "feedback.merge",
	"UPDATE feedback SET merged_into = ?2,"
	" merged_entry = iif(state = 'published', ?3, NULL),"
	" merged_at = iif(state = 'published', ?4, NULL),"
	" decided_entry = iif(state = 'received', ?3, decided_entry),"
	" decided_at = iif(state = 'received', ?4, decided_at),"
	" state = iif(state = 'received', 'merged', state),"
	" answered_at = coalesce(answered_at," FIRST_PUBLIC ") WHERE id = ?1");
SQL(FOLLOW, "feedback.follow",
	"UPDATE feedback SET merged_into = ?2,"
	" answered_at = coalesce(answered_at," FIRST_PUBLIC ") WHERE merged_into = ?1");
SQL(ANSWER_REPEATS, "feedback.answer_repeats",
	"UPDATE feedback SET answered_at = coalesce(answered_at, ?2)"
	" WHERE merged_into = ?1");
SQL(PART, "feedback.part", FEEDBACK_PART " WHERE id = ?1");
SQL(PART_ALL, "feedback.part_all", FEEDBACK_PART " WHERE merged_into = ?1");

enum err check_texts(const json_t *value, size_t max, const char *said)
{
	const char *what = err_text(said);

	ENSURE(value && (!json_is_object(value) || json_object_size(value)), ERR_INVALID,
		"write %s in at least one language", what);
	ENSURE(json_is_object(value), ERR_INVALID,
		"%s must be given as a text per language, such as {\"ko\": \"…\"}", what);
	json_members (value, lang, one) {
		const char *s = json_string_value(one);

		ENSURE(form_is_language(lang), ERR_INVALID,
			"%s: \"%.*s\" is not the tag of a language, such as \"ko\" or \"en\"", what,
			(int)text_prefix(lang, 40), lang);
		ENSURE(s && *s, ERR_INVALID, "%s is empty in \"%s\"", what, lang);
		ENSURE(text_length(s) <= max, ERR_TOO_LARGE,
			"%s has %zu characters in \"%s\"; the limit is %zu", what, text_length(s),
			lang, max);
		ENSURE(!text_forbidden_in_log(s, true), ERR_INVALID, "%s holds the character %s",
			what, text_forbidden_in_log(s, true));
	}
	return OK;
}

/* A short text without languages: the question, and its author's name. */
static enum err check_plain(const char *s, size_t max, bool lines, const char *said)
{
	const char *what = err_text(said);

	ENSURE(s && s[strspn(s, " \n\t")], ERR_INVALID, "%s is empty", what);
	ENSURE(text_length(s) <= max, ERR_TOO_LARGE, "%s has %zu characters; the limit is %zu",
		what, text_length(s), max);
	ENSURE(!text_forbidden_in_log(s, lines), ERR_INVALID, "%s holds the character %s", what,
		text_forbidden_in_log(s, lines));
	return OK;
}

enum err feedback_received_check(struct state *st, const struct event *ev)
{
	const char *slug = event_str(ev, "system"), *lang = json_str(ev->content, "lang");
	AUTO(rows) row = {0}, same = {0};
	enum err e = db_one(st->db, FIND, BIND(text(ev->subject)), &same);

	ENSURE(e != OK, ERR_CONFLICT, "there is a question with this id already");
	if (e != ERR_NOT_FOUND)
		return e;
	e = slug ? db_one(st->db, SYSTEM_PUBLIC, BIND(text(slug)), &row) : OK;
	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no system \"%s\"", slug);
	TRY(e);
	TRY(consultation_takes(st, ev));
	if (!ev->content)
		return OK;
	TRY(check_plain(json_str(ev->content, "text"), FEEDBACK_TEXT_MAX, true, "the question"));
	if (json_object_get(ev->content, "name"))
		TRY(check_plain(
			json_str(ev->content, "name"), FEEDBACK_NAME_MAX, false, "the name"));
	ENSURE(lang && strlen(lang) >= 2 && strlen(lang) <= 12, ERR_INVALID,
		"\"lang\" must be a language tag of 2 to 12 characters, such as \"ko\"");
	return OK;
}

enum err feedback_received_fold(struct state *st, const struct event *ev)
{
	return db_run(st->db, ADD,
		BIND(text(ev->subject), text(event_str(ev, "system")), text(ev->sha256),
			num((int64_t)ev->index), text(ev->at),
			event_line_has(&ev->members, "consultation")
				? num(event_num(ev, "consultation"))
				: (struct val){.kind = VAL_NULL}));
}

static enum err find_one(struct state *st, const char *id, struct rows *row)
{
	enum err e = db_one(st->db, FIND, BIND(text(id)), row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no feedback with this id");
	return e;
}

static enum err find(struct state *st, const struct event *ev, struct rows *row)
{
	return find_one(st, ev->subject, row);
}

/* The author has the last word: a withdrawn question is neither shown nor answered any more. */
static enum err find_standing(struct state *st, const struct event *ev, struct rows *row)
{
	TRY(find(st, ev, row));
	ENSURE(rows_null(row, 3), ERR_CONFLICT,
		"the author withdrew this question (entry %lld); its text is erased, and nothing more "
		"can be done with it",
		(long long)rows_int(row, 3));
	return OK;
}

/* Checks the mask against the original, which may have been erased, or be sealed. */
static enum err check_masked(struct state *st, const struct event *ev, const char *sha256)
{
	json_auto_t *original = NULL;
	int64_t erased;
	enum err e = db_int(st->db, TEXT_ERASED, BIND(text(sha256)), &erased);

	ENSURE(e != OK, ERR_CONFLICT,
		"what was asked was erased, by entry %lld: nothing is left to be masked",
		(long long)erased);
	ENSURE(e == ERR_NOT_FOUND, e, "%s", err_why());
	if (!ev->content)
		return OK;
	TRY(state_content(st, sha256, &original));
	return mask_check(ev->content, original);
}

/* A published question may still be masked, because somebody may notice a name too late. */
enum err feedback_published_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	TRY(find_standing(st, ev, &row));
	if (ev->sha256)
		TRY(check_masked(st, ev, rows_text(&row, 1)));
	ENSURE(ev->sha256 || strcmp(rows_text(&row, 0), "published") != 0, ERR_CONFLICT,
		"this question is published already");
	ENSURE(rows_null(&row, 4), ERR_CONFLICT,
		"this question was held back as part of a flood, by entry %lld: its text is erased",
		(long long)rows_int(&row, 4));
	return OK;
}

/* Publishing opens the question's own content, unless part of it is masked, and its public answers.
 * Withholding closes both, and the masked text. A personal answer, given while the question was
 * withheld, stays closed for ever. */
static enum err decide(struct state *st, const struct event *ev, const char *state)
{
	bool open = strcmp(state, "published") == 0;
	const char *masked = open ? ev->sha256 : NULL;
	AUTO(rows) row = {0};

	TRY(find(st, ev, &row));
	if (!rows_null(&row, 5))
		TRY(state_open_content(st, rows_text(&row, 5), false));
	if (masked)
		TRY(db_run(st->db, ADD_MASK,
			BIND(num((int64_t)ev->index), text(ev->subject), text(masked))));
	TRY(state_open_content(st, rows_text(&row, 1), open && !masked));
	TRY(db_run(st->db, OPEN_ANSWERS, BIND(text(ev->subject), num(open))));
	return db_run(st->db, DECIDE,
		BIND(text(ev->subject), text(state), num((int64_t)ev->index), text(ev->at),
			text(open ? NULL : event_str(ev, "code")), text(open ? NULL : ev->sha256),
			text(masked)));
}

enum err feedback_published_fold(struct state *st, const struct event *ev)
{
	return decide(st, ev, "published");
}

/* A reason is a code of the published list, the office's own words, or both. */
static enum err check_why_withheld(const struct event *ev)
{
	const char *code = event_str(ev, "code");

	ENSURE(code || ev->sha256, ERR_INVALID,
		"say why the question is not shown: choose a reason of the published list, write one in "
		"your own words, or do both");
	if (code && !withholding_reason(code)) {
		AUTOFREE char *codes = withholding_codes();

		return fail(ERR_INVALID, "\"%s\" is no reason of the published list; these are: %s",
			code, codes);
	}
	if (!ev->content)
		return OK;
	return check_texts(json_object_get(ev->content, "reason"), 1000, "the reason");
}

enum err feedback_withheld_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	TRY(find_standing(st, ev, &row));
	ENSURE(strcmp(rows_text(&row, 0), "withheld") != 0, ERR_CONFLICT,
		"this question is withheld already");
	return check_why_withheld(ev);
}

/* Its answers are hidden, so questions that were merged into it wait for their own. */
enum err feedback_withheld_fold(struct state *st, const struct event *ev)
{
	TRY(db_run(st->db, PART_ALL, BIND(text(ev->subject))));
	return decide(st, ev, "withheld");
}

/* A department answers in public, and only about its own systems. It cannot read a withheld
 * question, and only the office answers a question without a system. */
static enum err check_answerer(const struct event *ev, const char *state, const char *owner)
{
	if (!ev->department)
		return OK;
	ENSURE(owner, ERR_DENIED, "this question is about no system: the AI office answers it");
	ENSURE(strcmp(owner, ev->department) == 0, ERR_DENIED,
		"this question is about a system of department %s", owner);
	ENSURE(strcmp(state, "withheld") != 0, ERR_DENIED,
		"this question is withheld: only the AI office answers it, and only to the person who asked");
	return OK;
}

enum err feedback_answered_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	TRY(find_standing(st, ev, &row));
	ENSURE(strcmp(rows_text(&row, 0), "received") != 0, ERR_CONFLICT,
		"nothing is decided about this question yet: publish it first, or withhold it, and "
		"the answer reaches only the person who asked");
	ENSURE(rows_null(&row, 6), ERR_CONFLICT,
		"this question is merged into %s: answer that one, which answers both, or part them "
		"first",
		rows_text(&row, 6));
	TRY(check_answerer(ev, rows_text(&row, 0), rows_null(&row, 2) ? NULL : rows_text(&row, 2)));
	if (!ev->content)
		return OK;
	return check_texts(json_object_get(ev->content, "text"), FEEDBACK_TEXT_MAX, "the answer");
}

/* The answer to a withheld question is personal: only the receipt shows it. */
enum err feedback_answered_fold(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};
	bool personal;

	TRY(find(st, ev, &row));
	personal = strcmp(rows_text(&row, 0), "withheld") == 0;
	TRY(state_open_content(st, ev->sha256, !personal));
	TRY(db_run(st->db, ANSWER,
		BIND(num((int64_t)ev->index), text(ev->subject), text(ev->by), text(ev->sha256),
			text(ev->at), num(personal))));
	if (!personal)
		TRY(db_run(st->db, ANSWER_REPEATS, BIND(text(ev->subject), text(ev->at))));
	return db_run(st->db, ANSWERED, BIND(text(ev->subject), text(ev->at)));
}

/* --- repeated questions --- */

static bool same_system(struct rows *a, struct rows *b)
{
	if (rows_null(a, 7) || rows_null(b, 7))
		return rows_null(a, 7) && rows_null(b, 7);
	return strcmp(rows_text(a, 7), rows_text(b, 7)) == 0;
}

/* The target must be public and not merged itself, so that no chain leads in a circle. */
static enum err check_into(struct state *st, const struct event *ev, struct rows *question)
{
	const char *into = event_str(ev, "into");
	AUTO(rows) row = {0};

	ENSURE(strcmp(into, ev->subject) != 0, ERR_INVALID, "a question is not merged into itself");
	TRY(find_one(st, into, &row));
	ENSURE(strcmp(rows_text(&row, 0), "published") == 0 && rows_null(&row, 3), ERR_CONFLICT,
		"question %s is not one that everybody reads: publish it first, or merge into another",
		into);
	ENSURE(rows_null(&row, 6), ERR_CONFLICT,
		"question %s is itself merged into %s: merge into that one", into,
		rows_text(&row, 6));
	ENSURE(same_system(question, &row), ERR_INVALID,
		"question %s is about another system: only questions about the same one are merged",
		into);
	return OK;
}

enum err feedback_merged_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	TRY(find_standing(st, ev, &row));
	ENSURE(rows_null(&row, 6), ERR_CONFLICT, "this question is merged into %s already",
		rows_text(&row, 6));
	ENSURE(strcmp(rows_text(&row, 0), "withheld") != 0, ERR_CONFLICT,
		"this question is withheld: its answer goes only to the person who asked");
	return check_into(st, ev, &row);
}

/* Questions that were merged into this one follow it. */
enum err feedback_merged_fold(struct state *st, const struct event *ev)
{
	const char *into = event_str(ev, "into");

	TRY(db_run(st->db, MERGE,
		BIND(text(ev->subject), text(into), num((int64_t)ev->index), text(ev->at))));
	return db_run(st->db, FOLLOW, BIND(text(ev->subject), text(into)));
}

enum err feedback_parted_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	TRY(find_standing(st, ev, &row));
	ENSURE(!rows_null(&row, 6), ERR_CONFLICT, "this question is merged into no other");
	return OK;
}

enum err feedback_parted_fold(struct state *st, const struct event *ev)
{
	return db_run(st->db, PART, BIND(text(ev->subject)));
}

enum err feedback_withdrawn_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	return find_standing(st, ev, &row);
}

static enum err erase_masks(struct state *st, const struct event *ev)
{
	AUTO(rows) rows = {0};

	TRY(db_query(st->db, MASKS, BIND(text(ev->subject)), &rows));
	while (rows_next(&rows))
		TRY(content_erase(st, rows_text(&rows, 0), (int64_t)ev->index));
	return rows_end(&rows);
}

/* Erases the text and the name, like an erasure by the office, and the masked text too. Answers
 * stay, because they are the city's. */
enum err feedback_withdrawn_fold(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	TRY(find(st, ev, &row));
	TRY(content_erase(st, rows_text(&row, 1), (int64_t)ev->index));
	TRY(erase_masks(st, ev));
	return db_run(st->db, WITHDRAW, BIND(text(ev->subject), num((int64_t)ev->index)));
}

/* --- a flood --- */

/* The ids are unique and sorted, so that the same list always has the same bytes. */
static enum err check_swept(struct state *st, const char *id, const char *previous)
{
	AUTO(rows) row = {0};

	ENSURE(id && strlen(id) == FEEDBACK_ID && strspn(id, "0123456789abcdef") == FEEDBACK_ID,
		ERR_INVALID, "feedback.swept: an id is not %d hexadecimal digits", FEEDBACK_ID);
	ENSURE(!previous || strcmp(previous, id) < 0, ERR_INVALID,
		"feedback.swept: the ids must be sorted and unique; %s is not", id);
	TRY(find_one(st, id, &row));
	ENSURE(rows_null(&row, 3) && strcmp(rows_text(&row, 0), "received") == 0, ERR_CONFLICT,
		"question %s was decided on, or withdrawn: it is no part of a flood", id);
	return OK;
}

enum err feedback_swept_check(struct state *st, const struct event *ev)
{
	const json_t *list = json_object_get(ev->content, "feedback");
	char origin[KEY_NAME_MAX + 1];
	const char *previous = NULL;

	TRY(state_origin(st, origin));
	ENSURE(strcmp(ev->subject, origin) == 0, ERR_INVALID, "this register is %s, not %.80s",
		origin, ev->subject);
	if (!ev->content)
		return OK;
	ENSURE(json_object_size(ev->content) == 1 && json_is_array(list) &&
			json_array_size(list) > 0 && json_array_size(list) <= SWEEP_MAX &&
			(int64_t)json_array_size(list) == event_num(ev, "questions"),
		ERR_INVALID,
		"feedback.swept: the content must be {\"feedback\": [their ids]}, as many as "
		"\"questions\" says, %d at most",
		SWEEP_MAX);
	json_each (list, one) {
		TRY(check_swept(st, json_string_value(one), previous));
		previous = json_string_value(one);
	}
	return OK;
}

/* Withholds and erases each question. The list itself cannot be erased, so every fold has it; a
 * verification reports a required content that is missing. */
enum err feedback_swept_fold(struct state *st, const struct event *ev)
{
	json_each (json_object_get(ev->content, "feedback"), one) {
		const char *id = json_string_value(one);
		AUTO(rows) row = {0};

		TRY(find_one(st, id, &row));
		TRY(content_erase(st, rows_text(&row, 1), (int64_t)ev->index));
		TRY(db_run(st->db, SWEEP, BIND(text(id), num((int64_t)ev->index), text(ev->at))));
		TRY(state_also_after(st, "feedback", id, ev));
	}
	return OK;
}
