#include "registry/office/office.h"

#include "base/crypto.h"
#include "base/sha256.h"
#include "registry/office/office_parts.h"
#include "registry/query/desk.h"
#include "registry/query/query.h"

#include <string.h>

SQL(NEXT_STANDARD, "office.next_standard", "SELECT max(version) + 1 FROM standard");

json_t *office_copied(const json_t *request, const char *member)
{
	return json_deep_copy(json_object_get(request, member));
}

enum err office_add(struct tx *tx, struct draft draft, json_t *reply)
{
	uint64_t index;

	draft.by = draft.by ? draft.by : "office";
	TRY(tx_add(tx, draft, &index));
	json_put(reply, "entry", json_integer((json_int_t)index));
	return OK;
}

static json_t *event_members(const struct event_type *type, const json_t *request)
{
	json_t *members = json_object();

	for (const struct member *m = type->members; m->name; m++)
		if (json_object_get(request, m->name))
			json_put(members, m->name, office_copied(request, m->name));
	return members;
}

/* The event's content; NULL if the type has none, or may lack it and the request says nothing. The
 * salt is added with the event. */
static json_t *event_content(const struct event_type *type, const json_t *request)
{
	json_t *content = type->content_max ? json_object() : NULL;

	json_members (request, key, value)
		if (content && event_holds(type, key))
			json_put(content, key, json_deep_copy(value));
	if (type->may_lack_content && json_object_size(content) == 0) {
		json_decref(content);
		return NULL;
	}
	return content;
}

static enum err add_event(
	struct tx *tx, const struct office_op *op, const json_t *request, json_t *reply)
{
	const struct event_type *type = event_type_named(op->event);

	if (op->check)
		TRY(op->check(tx, request));
	return office_add(tx,
		(struct draft){.type = op->event,
			.subject = json_str(request, op->needs[0]),
			.members = event_members(type, request),
			.content = event_content(type, request)},
		reply);
}

static enum err people(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	json_t *list;

	TRY(desk_people(snap, &list));
	json_put(reply, "people", list);
	return OK;
}

json_t *office_content(const struct snapshot *snap, const char *sha256)
{
	struct state state = state_of(snap);
	json_t *content = NULL;

	if (state_content(&state, sha256, &content) != OK || !content)
		content = json_null();
	state_done(&state);
	return content;
}

static enum err waiting(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	TRY(office_filings(snap, reply));
	TRY(office_questions(snap, reply));
	TRY(office_judged(snap, reply));
	TRY(office_duties(reg, snap, reply));
	return office_unassessed(snap, reply);
}

/* Adds what `gaya` compares its clock with before it writes. */
static enum err clock_of(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	json_auto_t *now = NULL;

	TRY(query_register(snap, &now));
	json_put(reply, "newest", json_incref(json_object_get(now, "at")));
	json_put(reply, "example",
		json_boolean(
			json_is_true(json_object_get(json_object_get(now, "about"), "example"))));
	return OK;
}

/* A file that a department attached, published or not: the office reads it before it decides. */
static enum err file(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	const char *hex = json_str(request, "sha256");
	AUTO(buf) bytes = BUF(ATTACHMENT_MAX), base64 = BUF(2 * ATTACHMENT_MAX);
	const struct store *log = &snap->log;
	json_auto_t *known = NULL;
	struct sha256 hash;

	ENSURE(hex && sha256_from_hex(hex, &hash) == OK, ERR_INVALID,
		"a file is named by its SHA-256, 64 digits of 0-9 and a-f");
	TRY(query_file(snap, hex, &known));
	ENSURE(json_is_null(json_object_get(known, "erased_entry")), ERR_GONE,
		"this file was erased by entry %lld", (long long)json_num(known, "erased_entry"));
	TRY(log->ops->content(log->self, &hash, &bytes));
	base64_add(&base64, bytes.data, bytes.len);
	json_object_update(reply, known);
	json_put(reply, "base64", json_text(buf_text(&base64)));
	return OK;
}

static enum err standard_in_force(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	json_put(reply, "standard", json_deep_copy(standard_json(reg_standard(reg))));
	return OK;
}

/* The event's version counts this register's own adoptions; the file's is its author's. */
static enum err standard_adopt(struct tx *tx, const json_t *request, json_t *reply)
{
	const json_t *json = json_object_get(request, "standard");
	struct state *state = tx_state(tx);
	AUTO(buf) text = BUF(STANDARD_MAX);
	struct standard *new;
	int64_t version = 0;
	enum err e;

	json_canonical(json, &text);
	TRY(buf_check(&text, "the standard"));
	TRY(standard_load(buf_text(&text), text.len, &new));
	e = standard_follows(state->standard, new);
	standard_free(new);
	TRY(e);
	ENSURE(!json_equal(json, standard_json(state->standard)), ERR_CONFLICT,
		"this very standard is in force already");
	TRY(db_int(state->db, NEXT_STANDARD, BIND_NONE, &version));
	json_put(reply, "version", json_integer(version));
	return office_add(tx,
		(struct draft){.type = "standard.adopted",
			.subject = json_str(json, "standard"),
			.members = json_make("{s:I}", "version", (json_int_t)version),
			.content = office_copied(request, "standard")},
		reply);
}

static enum err rebuild(struct reg *reg, json_t *reply)
{
	TRY(reg_rebuild(reg));
	json_put(reply, "entries", json_integer((json_int_t)reg_health(reg).size));
	return OK;
}

/* clang-format off */
const struct office_op office_ops[] = {
	{"waiting",           {NULL},                              .read = waiting},
	{"clock",             {NULL},                              .read = clock_of},
	{"newest",            {"of"},                              .read = office_newest},
	{"filing",            {"filing"},                          .read = office_filing},
	{"file",              {"sha256"},                          .read = file},
	{"standard",          {NULL},                              .read = standard_in_force},
	{"standard-adopt",    {"standard", "version"}, .on = ON_STANDARD, .write = standard_adopt},
	{"contact",           {"feedback"},                        .read = office_contact},
	{"approve",           {"system", "filing", "review_by?"}, .on = ON_FILING, .write = office_approve},
	{"return",            {"system", "filing", "reason"}, .on = ON_FILING, .event = "system.returned", .check = office_check_filing},
	{"suspend",           {"system", "version", "reason"}, .on = ON_VERSION, .event = "system.suspended"},
	{"resume",            {"system", "version", "reason"}, .on = ON_VERSION, .event = "system.resumed"},
	{"retire",            {"system", "version", "reason", "filing?", "successor?"}, .on = ON_VERSION,
		.event = "system.retired", .check = office_check_set_aside},
	{"settings",          {NULL},                              .read = office_settings},
	{"register-change",   {"name?", "office?", "languages?", "timezone?", "contact?", "telephone?",
		"hours?", "licence?", "privacy_notice?", "answer_days?", "dry_run?"}, .write = office_register_change},
	{"rules",             {"from", "two_approvals?", "consultation?", "reason?"}, .write = office_rules},
	{"list-submitted",    {"file", "services", "to", "on?", "note?"}, .write = office_list_submitted},
	{"department-add",    {"department", "name", "about?", "entry?"}, .on = ON_DEPARTMENT, .event = "department.added"},
	{"people",            {NULL},                              .read = people},
	{"appoint",           {"person", "role", "department"},    .event = "person.appointed"},
	{"dismiss",           {"person"},                          .event = "person.dismissed"},
	{"key-grant",         {"department", "key", "person?"},    .event = "key.granted"},
	{"key-revoke",        {"department", "key", "since?"},     .event = "key.revoked"},
	{"log-keys",          {NULL},                              .read = office_log_keys},
	{"log-key-add",       {"key", "beside", "statement"},      .write = office_log_key_add},
	{"log-key-retire",    {"key", "next", "statement", "early?"}, .write = office_log_key_retire},
	{"log-key-reload",    {NULL},                              .write = office_log_key_reload},
	{"feedback",          {"feedback"},                        .read = office_feedback},
	{"feedback-publish",  {"feedback", "entry", "withheld?", "mask?", "mask_name?"}, .on = ON_QUESTION, .write = office_feedback_publish},
	{"feedback-withhold", {"feedback", "entry", "code?", "reason?"}, .on = ON_QUESTION, .event = "feedback.withheld"},
	{"feedback-answer",   {"feedback", "entry", "text"}, .on = ON_QUESTION, .event = "feedback.answered"},
	{"flood",             {"from", "until", "networks?"},      .read = office_flood},
	{"feedback-sweep",    {"from", "until", "count", "networks?"}, .write = office_feedback_sweep},
	{"feedback-merge",    {"feedback", "into", "entry"}, .on = ON_QUESTION, .event = "feedback.merged"},
	{"feedback-part",     {"feedback", "entry"}, .on = ON_QUESTION, .event = "feedback.parted"},
	{"feedback-forget",   {"feedback"},                        .write = office_forget},
	{"erase",             {"sha256", "reason"},                .event = "content.erased"},
	{"import",            {"profile", "rows", "again?", "dry_run?"}, .write = import_rows},
	{"import-known",      {"profile", "keys"},                 .read = import_known},
	{"import-states",     {"profile", "rows", "reason"},       .write = import_states},
	{"import-systems",    {"profile", "after?"},               .read = import_systems},
	{"import-retire",     {"profile", "systems", "reason"},    .write = import_retire},
	{"policies",          {NULL},                              .read = office_policies},
	{"policy-adopt",      {"policy", "content", "version?"}, .on = ON_POLICY, .write = office_policy_adopt,
		.first = office_policy_try},
	{"policy-retire",     {"policy", "version", "reason"}, .on = ON_POLICY, .event = "policy.retired"},
	{"rejudge",           {NULL},                              .write = office_rejudge},
	{"rebuild",           {NULL},                              .apart = rebuild},
};
/* clang-format on */
const size_t office_ops_n = COUNT(office_ops);

const struct office_op *office_op_named(const char *name)
{
	for (size_t i = 0; name && i < office_ops_n; i++)
		if (strcmp(office_ops[i].name, name) == 0)
			return &office_ops[i];
	return NULL;
}

/* The basis of the decision is checked within the transaction: only there is it known whether it
 * may be missing. */
static enum err check_needs(const struct office_op *op, const json_t *request)
{
	for (size_t i = 0; i < COUNT(op->needs) && op->needs[i]; i++) {
		const char *need = op->needs[i];

		ENSURE(need[strlen(need) - 1] == '?' || json_object_get(request, need) ||
				office_is_basis(op, need),
			ERR_INVALID, "%s: \"%s\" is missing", op->name, need);
	}
	return OK;
}

struct job_office {
	struct job job;
	const struct office_op *op;
	const json_t *request;
	json_t *reply;
};

static enum err run_write(struct tx *tx, struct job *job)
{
	struct job_office *o = (struct job_office *)job;

	json_object_clear(o->reply);
	TRY(office_check_basis(tx, o->op, o->request));
	return o->op->event ? add_event(tx, o->op, o->request, o->reply)
	                    : o->op->write(tx, o->request, o->reply);
}

static enum err run_read(
	struct reg *reg, const struct office_op *op, const json_t *request, json_t *reply)
{
	const struct snapshot *snap;
	enum err e;

	TRY(reg_read(reg, &snap));
	e = op->read(reg, snap, request, reply);
	reg_read_done(reg, snap);
	return e;
}

static enum err run_op(struct reg *reg, const struct office_op *op, const json_t *request,
	json_t *problems, json_t *reply)
{
	struct job_office job = {.job = {.run = run_write, .problems = problems},
		.op = op,
		.request = request,
		.reply = reply};

	TRY(check_needs(op, request));
	if (op->first)
		TRY(op->first(request));
	if (op->apart)
		return op->apart(reg, reply);
	return op->read ? run_read(reg, op, request, reply) : reg_do(reg, &job.job);
}

enum err office_do(struct reg *reg, const json_t *request, json_t *problems, json_t **reply)
{
	const char *name = json_str(request, "do");
	const struct office_op *op = office_op_named(name);
	json_auto_t *answer = json_object();

	ENSURE(op, ERR_INVALID, "there is no operation \"%s\"", name ? name : "");
	TRY(run_op(reg, op, request, problems, answer));
	*reply = TAKE(answer);
	return OK;
}
