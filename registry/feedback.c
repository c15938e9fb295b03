#include "registry/fold.h"

#include "base/text.h"
#include "registry/form.h"

#include <string.h>

#define QUESTION_MAX 4000
#define NAME_MAX_CHARS 60

enum { SYSTEM_PUBLIC, FIND, ADD, DECIDE, ANSWER, ANSWERED };
static const struct sql sql[] = {
	[SYSTEM_PUBLIC] = {"feedback.system_public",
		"SELECT department FROM system WHERE slug = ?1 AND version > 0"},
	[FIND] = {"feedback.find",
		"SELECT f.state, f.sha256, s.department FROM feedback f JOIN system s ON s.slug = f.system"
		" WHERE f.id = ?1"},
	[ADD] = {"feedback.add",
		"INSERT INTO feedback (id, system, sha256, entry, at, state)"
		" VALUES (?1, ?2, ?3, ?4, ?5, 'received')"},
	[DECIDE] = {"feedback.decide",
		"UPDATE feedback SET state = ?2, decided_entry = ?3, reason = ?4 WHERE id = ?1"},
	[ANSWER] = {"feedback.answer",
		"INSERT INTO answer (entry, feedback, by, sha256, at) VALUES (?1, ?2, ?3, ?4, ?5)"},
	[ANSWERED] = {"feedback.answered",
		"UPDATE feedback SET answered_at = coalesce(answered_at, ?2) WHERE id = ?1"},
};
const struct sql_table feedback_sql = SQL_TABLE(sql);

enum err check_texts(const json_t *value, size_t max, const char *what)
{
	const char *lang;
	json_t *one;

	ENSURE(json_object_size(value) > 0, ERR_INVALID,
		"%s must be given as a text per language, such as {\"ko\": \"…\"}", what);
	json_object_foreach((json_t *)value, lang, one)
	{
		const char *s = json_string_value(one);

		ENSURE(form_is_language(lang), ERR_INVALID,
			"%s: \"%.*s\" is not the tag of a language, such as \"ko\" or \"en\"", what,
			(int)text_prefix(lang, 40), lang);
		ENSURE(s && *s, ERR_INVALID, "%s is empty in \"%s\"", what, lang);
		ENSURE(text_length(s) <= max, ERR_TOO_LARGE,
			"%s has %zu characters in \"%s\"; the limit is %zu", what, text_length(s),
			lang, max);
		ENSURE(!text_forbidden(s, true), ERR_INVALID, "%s holds the character %s", what,
			text_forbidden(s, true));
	}
	return OK;
}

/* A short text that is not per language: the question and the name of who asks. */
static enum err check_plain(const char *s, size_t max, bool lines, const char *what)
{
	ENSURE(s && s[strspn(s, " \n\t")], ERR_INVALID, "%s is empty", what);
	ENSURE(text_length(s) <= max, ERR_TOO_LARGE, "%s has %zu characters; the limit is %zu",
		what, text_length(s), max);
	ENSURE(!text_forbidden(s, lines), ERR_INVALID, "%s holds the character %s", what,
		text_forbidden(s, lines));
	return OK;
}

enum err feedback_received_check(struct state *st, const struct event *ev)
{
	const char *slug = event_str(ev, "system"), *lang = json_str(ev->content, "lang");
	AUTO(rows) row = {0};
	enum err e = db_one(st->db, &sql[SYSTEM_PUBLIC], BIND(text(slug)), &row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no system \"%s\"", slug);
	TRY(e);
	if (!ev->content)
		return OK;
	TRY(check_plain(json_str(ev->content, "text"), QUESTION_MAX, true, "the question"));
	if (json_object_get(ev->content, "name"))
		TRY(check_plain(json_str(ev->content, "name"), NAME_MAX_CHARS, false, "the name"));
	ENSURE(lang && strlen(lang) >= 2 && strlen(lang) <= 12, ERR_INVALID,
		"\"lang\" must be a language tag");
	return OK;
}

enum err feedback_received_fold(struct state *st, const struct event *ev)
{
	return db_run(st->db, &sql[ADD],
		BIND(text(ev->subject), text(event_str(ev, "system")), text(ev->sha256),
			num((int64_t)ev->index), text(ev->at)));
}

static enum err find(struct state *st, const struct event *ev, struct rows *row)
{
	enum err e = db_one(st->db, &sql[FIND], BIND(text(ev->subject)), row);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no feedback with this id");
	return e;
}

enum err feedback_published_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	TRY(find(st, ev, &row));
	ENSURE(strcmp(rows_text(&row, 0), "published") != 0, ERR_CONFLICT,
		"this question is published already");
	return OK;
}

/* Publishing opens the question's own content; withholding closes it. */
static enum err decide(struct state *st, const struct event *ev, const char *state)
{
	AUTO(rows) row = {0};

	TRY(find(st, ev, &row));
	TRY(state_open_content(st, rows_text(&row, 1), strcmp(state, "published") == 0));
	return db_run(st->db, &sql[DECIDE],
		BIND(text(ev->subject), text(state), num((int64_t)ev->index), text(ev->sha256)));
}

enum err feedback_published_fold(struct state *st, const struct event *ev)
{
	return decide(st, ev, "published");
}

enum err feedback_withheld_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	TRY(find(st, ev, &row));
	ENSURE(strcmp(rows_text(&row, 0), "withheld") != 0, ERR_CONFLICT,
		"this question is withheld already");
	if (!ev->content)
		return OK;
	return check_texts(json_object_get(ev->content, "reason"), 1000, "the reason");
}

enum err feedback_withheld_fold(struct state *st, const struct event *ev)
{
	return decide(st, ev, "withheld");
}

enum err feedback_answered_check(struct state *st, const struct event *ev)
{
	AUTO(rows) row = {0};

	TRY(find(st, ev, &row));
	ENSURE(strcmp(rows_text(&row, 0), "published") == 0, ERR_CONFLICT,
		"only a published question can be answered: publish it first");
	ENSURE(!ev->department || strcmp(rows_text(&row, 2), ev->department) == 0, ERR_DENIED,
		"this question is about a system of department %s", rows_text(&row, 2));
	if (!ev->content)
		return OK;
	return check_texts(json_object_get(ev->content, "text"), QUESTION_MAX, "the answer");
}

enum err feedback_answered_fold(struct state *st, const struct event *ev)
{
	TRY(db_run(st->db, &sql[ANSWER],
		BIND(num((int64_t)ev->index), text(ev->subject), text(ev->by), text(ev->sha256),
			text(ev->at))));
	return db_run(st->db, &sql[ANSWERED], BIND(text(ev->subject), text(ev->at)));
}
