#include "registry/people/comment.h"

#include "base/text.h"
#include "registry/people/people_parts.h"

#include <string.h>

SQL(ADD, "comment.add",
	"INSERT INTO comment (system, department, field, filing, account, at, text)"
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
SQL(COUNT_OF, "comment.count",
	"SELECT count(*) FROM comment WHERE system = ?1 AND department = ?2");
SQL(LIST, "comment.list",
	"SELECT id, field, filing, account, at, text, closed, closed_by FROM comment"
	" WHERE system = ?1 AND department = ?2 ORDER BY id");
SQL(CLOSE, "comment.close",
	"UPDATE comment SET closed = ?4, closed_by = ?5"
	" WHERE id = ?3 AND system = ?1 AND department = ?2"
	" AND closed IS NULL");
SQL(THERE, "comment.there",
	"SELECT 1 FROM comment WHERE id = ?3 AND system = ?1 AND department = ?2"
	" AND field = ?4");

static enum err check_text(const char *s)
{
	const char *bad;

	ENSURE(text_is_visible(s), ERR_INVALID, "write the comment first");
	ENSURE(text_length(s) <= COMMENT_MAX, ERR_INVALID,
		"a comment has at most %d characters; this one has %zu", COMMENT_MAX,
		text_length(s));
	bad = text_forbidden(s, true);
	ENSURE(!bad, ERR_INVALID, "a comment may not have the character %s", bad);
	ENSURE(text_is_stream_safe(s), ERR_INVALID,
		"the comment has more than %d accents and other marks on one letter", TEXT_MARKS);
	return OK;
}

static enum err add(struct people *p, void *arg)
{
	const struct comment *c = arg;
	int64_t n;

	TRY(db_int(p->write, COUNT_OF, BIND(text(c->system), text(c->department)), &n));
	ENSURE(n < COMMENTS_MAX, ERR_LIMITED, "\"%s\" has %d comments: that is as many as may be",
		c->system, COMMENTS_MAX);
	return db_run(p->write, ADD,
		BIND(text(c->system), text(c->department), text(c->field),
			c->filing < 0 ? (struct val){.kind = VAL_NULL} : num(c->filing),
			text(c->account), num(env_now(&p->env)), text(c->text)));
}

enum err comment_add(struct people *p, const struct comment *comment)
{
	struct comment own = *comment;

	TRY(check_text(comment->text));
	ENSURE(*comment->field && strlen(comment->field) <= COMMENT_FIELD, ERR_INVALID,
		"a comment is on a field of the record");
	return people_write(p, add, &own);
}

enum err comment_list(struct people *p, const char *system, const char *department, json_t **out)
{
	return people_rows(p, LIST, BIND(text(system), text(department)), out);
}

struct closing {
	const struct comment *of;
	int64_t id;
};

static enum err close_one(struct people *p, void *arg)
{
	const struct closing *c = arg;
	const struct comment *of = c->of;
	int64_t one;
	enum err e = db_int(p->write, THERE,
		BIND(text(of->system), text(of->department), num(c->id), text(of->field)), &one);

	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND, "there is no such comment");
	TRY(e);
	return db_run(p->write, CLOSE,
		BIND(text(of->system), text(of->department), num(c->id), num(env_now(&p->env)),
			text(of->account)));
}

enum err comment_close(struct people *p, const struct comment *of, int64_t id)
{
	struct closing closing = {of, id};

	return people_write(p, close_one, &closing);
}
