#include "base/file.h"
#include "cli/attach.h"
#include "cli/changes.h"
#include "cli/cli.h"
#include "cli/client.h"
#include "registry/event/event.h"
#include "registry/query/doubts.h"
#include "registry/query/outdated.h"
#include "registry/standard/diff.h"
#include "web/view/problem.h"

#include <stdio.h>
#include <string.h>

#define RECORD_MAX MIB /* higher than the standard's own limit, whose error says more */

struct filing {
	const char *server, *key, *system, *save, *path;
	bool yes, json;
	struct attached attached;
};

static enum err take_attached(const char *path, void *to)
{
	return attached_add(to, path);
}

static enum err parse(int argc, char **argv, struct filing *f)
{
	const struct cli_option options[] = {
		{"server", &f->server},
		{"key", &f->key},
		{"system", &f->system},
		{"attach", .take = take_attached, .to = &f->attached},
		{"save", &f->save},
		{"yes", .flag = &f->yes},
		{"json", .flag = &f->json},
		{0},
	};

	TRY(cli_options(argc, argv, "file", options));
	if (!f->server || !f->key || !f->system || argc - optind != 1)
		return usage("file", "--server, --key, --system and one file are needed");
	ENSURE(!f->save || !f->attached.n, ERR_INVALID,
		"--save keeps the filing alone: send the files in first, without --save");
	f->path = argv[optind];
	ENSURE(slug_valid(f->system), ERR_INVALID,
		"\"%s\" cannot name a system: use small letters, digits and single hyphens, at "
		"most %d",
		f->system, SLUG_MAX);
	return OK;
}

static enum err read_record(const char *path, json_t **out)
{
	AUTO(buf) bytes = BUF(RECORD_MAX);
	enum err e;

	TRY(file_read(path, &bytes));
	e = json_read(buf_text(&bytes), bytes.len, RECORD_MAX, RULES_GIVEN, out);
	return e == OK ? OK : fail(e, "%s: %s", path, err_why());
}

static enum err fetch_standard(struct client *c, struct standard **out)
{
	AUTO(buf) text = BUF(MIB);
	enum err e;

	TRY(client_get(c, "/api/v1/standard", &text));
	e = standard_load(buf_text(&text), text.len, out);
	return e == OK ? OK
	               : fail(e, "the standard of %s cannot be read: %s", c->server, err_why());
}

static enum err refuse(const struct standard *s, json_t *problems, const char *why, bool json)
{
	json_auto_t *refusal = json_make("{s:s,s:s,s:O}", "error", err_kind(ERR_INVALID)->name,
		"message", why, "problems", problems);
	json_t *texts = NULL;
	struct view *view;
	enum err e;

	TRY(view_open(&view));
	e = problems_text(view, cli_lang(), s, problems, &texts);
	view_free(view);
	TRY(e);
	json_put(refusal, "texts", texts);
	print_refusal(refusal, json);
	return fail(ERR_INVALID, "%s; nothing was sent", why);
}

/* Checks locally first: problems should be known before signing. */
static enum err check(const struct standard *s, const json_t *record, bool json)
{
	json_auto_t *problems = json_array();
	AUTOFREE char *why = NULL;
	char latest[TIME_TEXT];
	enum err e;

	time_latest(env_now(&env_real), latest);
	e = standard_check_by(s, record, NEED_ALL, latest, problems);
	if (e != ERR_INVALID)
		return e;
	why = mem_text(err_why());
	return refuse(s, problems, why, json);
}

static void show(
	const struct standard *s, const char *slug, const json_t *system, const json_t *record)
{
	const json_t *published = json_object_get(system, "published");
	const json_t *before = json_object_get(published, "record");
	json_auto_t *changes = NULL;

	if (!json_is_object(before)) {
		tell(stderr, "%s is new in the register:\n", slug);
		print_summary(s, record, stderr);
		return;
	}
	changes = diff_records(s, before, record);
	tell(stderr, "changes of %s since version %lld:\n", slug,
		(long long)json_num(published, "n"));
	print_changes(s, changes, stderr);
}

static void tell_returned(long long entry, const json_t *reason)
{
	const char *used, *why = standard_text(reason, cli_lang(), &used);

	tell(stderr, "gaya: the office returned the latest filing (entry %lld):\n", entry);
	emit(stderr, "      %s\n", why ? why : "-");
}

static void tell_waiting(long long entry)
{
	tell(stderr, "gaya: entry %lld waits for the office; this one would replace it\n", entry);
}

/* The department receives no mail, so this tells it the office's decision. */
static void tell_latest(const json_t *system)
{
	const json_t *latest = json_object_get(system, "latest_filing");
	const char *outcome = json_str(latest, "outcome");
	long long entry = json_num(latest, "entry");

	if (outcome && strcmp(outcome, "returned") == 0)
		tell_returned(entry, json_object_get(latest, "reason"));
	else if (outcome && strcmp(outcome, "waiting") == 0)
		tell_waiting(entry);
}

static enum err sign(struct client *c, const struct filing *f, const json_t *system, json_t *record,
	struct signed_event *out)
{
	const char *department = key_department(&c->key.vkey);

	ENSURE(json_is_integer(json_object_get(system, "after")), ERR_SYSTEM,
		"%s does not say after which entry to file: is it a register?", c->server);
	return sign_event(&c->key, &env_real, "system.filed", "system", f->system,
		json_num(system, "after"),
		json_make("{s:s}", "department", department ? department : ""),
		json_make("{s:O}", "record", record), out);
}

/* For machines without a connection to the register, and for tests. */
static enum err save(const struct filing *f, const struct signed_event *ev)
{
	AUTO(buf) body = BUF(4 * MIB);

	client_body(ev, &body);
	TRY(buf_check(&body, "what is to be sent"));
	TRY(file_create(f->save, body.data, body.len, 0600));
	tell(stderr,
		"gaya: signed, and kept in %s; within %d minutes, POST it to %s/api/v1/events\n",
		f->save, TIME_SLACK / 60, f->server);
	return OK;
}

/* Prints doubts of the reply that were not shown before, because only the register knows them. */
static void tell_others(const json_t *reply)
{
	static const char *const rules[] = {"contact_other", "name_other"};

	json_each_at (json_object_get(reply, "doubts"), i, one)
		for (size_t k = 0; k < COUNT(rules); k++)
			if (strcmp(json_str(one, "rule"), rules[k]) == 0)
				emit(stderr, "! %s\n",
					json_string_value(json_array_get(
						json_object_get(reply, "texts"), i)));
}

static enum err send_in(struct client *c, const struct filing *f, const struct signed_event *ev)
{
	json_auto_t *reply = NULL;
	long long entry;

	TRY(client_send(c, ev, &reply));
	entry = json_num(reply, "entry");
	if (f->json) {
		print_json(reply);
		return OK;
	}
	tell(stdout, "gaya: filed as entry %lld: %s/log/entry/%lld\n", entry, c->server, entry);
	tell_others(reply);
	tell(stdout,
		"      the office decides on it; once it is published it is at %s/%s/systems/%s\n",
		c->server, cli_lang(), f->system);
	return OK;
}

/* Before signing: shows values that look copied, and texts that the new record leaves outdated in
 * other languages. Only the register knows whose address it is; its reply tells. */
static enum err tell_doubts(
	struct client *c, const struct standard *s, const json_t *system, const json_t *record)
{
	const json_t *published = json_object_get(system, "published");
	json_auto_t *list = outdated_between(s, json_object_get(published, "record"), record);
	json_auto_t *reg = NULL, *departments = NULL;

	TRY(client_get_json(c, "/api/v1/register", &reg));
	TRY(client_get_json(c, "/api/v1/departments", &departments));
	doubts_find(s, record, json_object_get(departments, "departments"),
		key_department(&c->key.vkey),
		json_is_true(json_object_get(json_object_get(reg, "about"), "example")), list);
	return print_doubts(s, list, stderr);
}

static enum err file_record(
	struct client *c, const struct filing *f, const struct standard *s, json_t *record)
{
	AUTOFREE char *path = mem_printf("/api/v1/systems/%s", f->system);
	AUTO(signed_event) ev = {0};
	json_auto_t *system = NULL;

	TRY(client_get_system(c, path, &system));
	if (!f->json)
		tell_latest(system);
	TRY(attached_name(&f->attached, s, record));
	TRY(check(s, record, f->json));
	if (!f->json) {
		show(s, f->system, system, record);
		TRY(tell_doubts(c, s, system, record));
	}
	if (!f->yes && !confirmed("Sign this and send it in?"))
		return client_declined();
	TRY(attached_send(&f->attached, c));
	TRY(sign(c, f, system, record, &ev));
	return f->save ? save(f, &ev) : send_in(c, f, &ev);
}

enum err cli_file(int argc, char **argv)
{
	AUTO(client) client = {0};
	json_auto_t *record = NULL;
	struct filing f = {0};
	struct standard *standard;
	enum err e;

	TRY(parse(argc, argv, &f));
	TRY(read_record(f.path, &record));
	TRY(client_open(f.server, f.key, &client));
	client.json = f.json;
	TRY(fetch_standard(&client, &standard));
	e = file_record(&client, &f, standard, record);
	standard_free(standard);
	return e;
}
