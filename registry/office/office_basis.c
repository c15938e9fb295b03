/* Decisions name what they were made on. Between reading and deciding, another filing may arrive, a
 * colleague may answer, or a version may be published. The decision is then a conflict: nobody
 * publishes, suspends or answers what they have not read. */
#include "registry/office/office_parts.h"
#include "registry/query/query_parts.h"

#include <string.h>

SQL(FILING, "basis.filing", "SELECT filing FROM system WHERE slug = ?1 AND filing IS NOT NULL");
SQL(VERSION, "basis.version", "SELECT version FROM system WHERE slug = ?1 AND version > 0");
/* The newest event of any kind: what colleagues decided or answered meanwhile counts. */
SQL(QUESTION, "basis.question", "SELECT entry FROM subject WHERE kind = 'feedback' AND id = ?1");
SQL(DEPARTMENT, "basis.department", "SELECT entry FROM department WHERE slug = ?1");
SQL(POLICY, "basis.policy", "SELECT version FROM policy WHERE id = ?1 AND until_entry IS NULL");
SQL(STANDARD, "basis.standard", "SELECT version FROM standard ORDER BY version DESC LIMIT 1",
	"stops at the first row");
SQL(ABOUT_SYSTEM, "basis.about_system",
	"SELECT name AS \"name:json\", department, state, version, filing, changed_at"
	" FROM system WHERE slug = ?1");
SQL(ABOUT_QUESTION, "basis.about_question",
	"SELECT f.system, f.state, f.at, f.sha256 AS \"question:text\","
	" a.sha256 AS \"answer:text\" FROM feedback f LEFT JOIN answer a ON a.entry ="
	" (SELECT max(entry) FROM answer WHERE feedback = f.id) WHERE f.id = ?1");
SQL(ABOUT_DEPARTMENT, "basis.about_department",
	"SELECT about AS \"about:json\", at FROM department WHERE slug = ?1");
SQL(ABOUT_POLICY, "basis.about_policy",
	"SELECT version, at FROM policy WHERE id = ?1 AND until_entry IS NULL");
SQL(ABOUT_STANDARD, "basis.about_standard",
	"SELECT version, at FROM standard ORDER BY version DESC LIMIT 1", "stops at the first row");

/* By enum office_on. */
static const struct basis {
	const char *subject; /* member of the request that names it; NULL: there is only one */
	const char *member;  /* member of the request that names the newest */
	const char *what;
	const struct sql *newest, *about;
	bool may_be_first; /* if there is none yet, the operation makes the first */
} bases[] = {
	[ON_FILING] = {"system", "filing", "the filing that waits is entry", FILING, ABOUT_SYSTEM},
	[ON_VERSION] = {"system", "version", "the newest version is", VERSION, ABOUT_SYSTEM},
	[ON_QUESTION] = {"feedback", "entry", "the latest about this question is entry", QUESTION,
		ABOUT_QUESTION},
	[ON_DEPARTMENT] = {"department", "entry", "the department is there since entry", DEPARTMENT,
		ABOUT_DEPARTMENT, true},
	[ON_POLICY] = {"policy", "version", "in force is version", POLICY, ABOUT_POLICY, true},
	[ON_STANDARD] = {NULL, "version", "in force is version", STANDARD, ABOUT_STANDARD},
};

static const struct val *subject_of(
	const struct basis *b, const json_t *request, struct val args[2])
{
	args[0] = b->subject ? text(json_str(request, b->subject)) : (struct val){0};
	args[1] = (struct val){0};
	return args;
}

/* -1 if there is none yet. */
static enum err newest(struct db *db, const struct basis *b, const json_t *request, int64_t *out)
{
	struct val args[2];
	enum err e;

	ENSURE(!b->subject || json_str(request, b->subject), ERR_INVALID, "\"%s\" is missing",
		b->subject);
	e = db_int(db, b->newest, subject_of(b, request, args), out);
	if (e == ERR_NOT_FOUND)
		*out = -1;
	return e == ERR_NOT_FOUND ? OK : e;
}

bool office_is_basis(const struct office_op *op, const char *member)
{
	return op->on && strcmp(bases[op->on].member, member) == 0;
}

enum err office_check_basis(struct tx *tx, const struct office_op *op, const json_t *request)
{
	const struct basis *b = &bases[op->on];
	const json_t *named = json_object_get(request, b->member);
	int64_t is;

	if (!op->on)
		return OK;
	TRY(newest(tx_state(tx)->db, b, request, &is));
	ENSURE(is < 0 || json_is_integer(named), ERR_INVALID,
		"%s must name what it was decided on, so that nothing unread is decided: \"%s\" is "
		"missing; %s %lld",
		op->name, b->member, err_text(b->what), (long long)is);
	/* A filing that was replaced or belongs to another system has its own error. */
	ENSURE(is < 0 || op->on == ON_FILING || json_integer_value(named) == is, ERR_CONFLICT,
		"this was decided on %s %lld, but %s %lld: look at that first", err_text(b->member),
		(long long)json_integer_value(named), err_text(b->what), (long long)is);
	ENSURE(is >= 0 || !named || !b->may_be_first, ERR_CONFLICT,
		"this was decided on %s %lld, but there is none", err_text(b->member),
		(long long)json_integer_value(named));
	return OK;
}

enum err office_newest(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	const struct office_op *op = office_op_named(json_str(request, "of"));
	const struct basis *b;
	json_t *about = NULL;
	struct val args[2];
	int64_t is;

	ENSURE(op, ERR_INVALID, "\"of\" must name an operation");
	b = &bases[op->on];
	if (!op->on)
		return OK;
	json_put(reply, "member", json_text(b->member));
	TRY(newest(snap->model, b, request, &is));
	if (is < 0)
		return OK;
	TRY(query_row(snap, b->about, subject_of(b, request, args), &about));
	json_put(reply, "about", about);
	json_put(reply, "newest", json_integer(is));
	return OK;
}

enum err office_name_newest(struct reg *reg, json_t *request)
{
	json_auto_t *question = json_copy(request), *reply = NULL;
	const char *member;

	json_put(question, "of", json_incref(json_object_get(request, "do")));
	json_put(question, "do", json_text("newest"));
	TRY(office_do(reg, question, NULL, &reply));
	member = json_str(reply, "member");
	if (member && json_object_get(reply, "newest") && !json_object_get(request, member))
		json_put(request, member, json_incref(json_object_get(reply, "newest")));
	return OK;
}
