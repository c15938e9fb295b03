/* `gaya standard`: shows what a record must contain, checks one, and adopts another standard. */
#include "registry/standard/standard.h"
#include "base/embed.h"
#include "base/file.h"
#include "cli/changes.h"
#include "cli/cli.h"
#include "cli/decide.h"
#include "registry/office/office_socket.h"
#include "registry/query/doubts.h"
#include "registry/query/outdated.h"
#include "web/view/problem.h"

#include <stdio.h>
#include <string.h>

EMBED(standard, "policies/standard.json");

#define RECORD_MAX MIB

struct standard_call {
	const char *action, *argument; /* the action, and its record or standard */
	const char *file, *dir, *lang, *against;
	bool json, schema;
	json_t *version; /* owned: the one in force, which the new one follows */
	int argc;        /* the command as typed */
	char **argv;
};

const char *standard_built_in(size_t *len)
{
	*len = embed_standard_len();
	return embed_standard;
}

static enum err parse(int argc, char **argv, struct standard_call *c)
{
	const struct cli_option options[] = {
		{"standard", &c->file},
		{"data", &c->dir},
		{"lang", &c->lang},
		{"against", &c->against},
		{"json", .flag = &c->json},
		{"clock-is-right", .flag = &cli_clock_is_right},
		{"schema", .flag = &c->schema},
		{"version", .take = decide_number, .to = &c->version},
		{0},
	};

	c->lang = cli_lang();
	TRY(cli_options(argc, argv, "standard", options));
	TRY(check_lang("standard", c->lang));
	if (optind == argc)
		return usage("standard", "say show, check or adopt");
	c->action = argv[optind];
	if (argc - optind > 2)
		return usage("standard", "\"%.80s\" is one argument too many", argv[optind + 2]);
	c->argument = argv[optind + 1]; /* or the NULL at the end */
	if (c->file && c->dir)
		return usage("standard", "either --standard FILE or --data DIR");
	return OK;
}

/* --- which standard --- */

static enum err load_from_register(const char *dir, struct standard **out)
{
	AUTO(buf) text = BUF(STANDARD_MAX);
	json_auto_t *reply = NULL;
	struct office *office;
	enum err e;

	TRY(office_open(dir, &env_real, &office));
	e = office_call(office, json_make("{s:s}", "do", "standard"), NULL, &reply);
	office_close(office);
	TRY(e);
	json_canonical(json_object_get(reply, "standard"), &text);
	TRY(buf_check(&text, "the standard"));
	return standard_load(buf_text(&text), text.len, out);
}

static enum err load(const struct standard_call *c, struct standard **out)
{
	AUTO(buf) text = BUF(STANDARD_MAX);

	if (c->file)
		return standard_load_file(c->file, &text, out);
	return c->dir ? load_from_register(c->dir, out)
	              : standard_load(embed_standard, embed_standard_len(), out);
}

/* --- show --- */

static const char *text_of(const struct standard_call *c, const json_t *texts)
{
	const char *text = standard_text(texts, c->lang, NULL);

	return text ? text : "";
}

static void print_required(const struct field *f)
{
	AUTO(buf) when = BUF(4 * KIB);

	if (f->automatic)
		tell(stdout, "auto");
	else if (json_is_boolean(f->required))
		emit(stdout, "%s", json_is_true(f->required) ? T("required") : T("optional"));
	else
		json_canonical(f->required, &when);
	if (when.len)
		tell(stdout, "required where %s", buf_text(&when));
}

static void print_standard(const struct standard_call *c, const struct standard *s)
{
	size_t n;
	const struct field *fields = standard_fields(s, &n);

	tell(stdout, "%s (%s, version %lld): %zu fields\n",
		text_of(c, json_object_get(standard_json(s), "title")),
		json_str(standard_json(s), "standard"), (long long)standard_version(s), n);
	for (size_t i = 0; i < n; i++) {
		emit(stdout, "%-26s %-12s ", fields[i].name, json_str(fields[i].json, "type"));
		print_required(&fields[i]);
		emit(stdout, "\n    %s\n", text_of(c, json_object_get(fields[i].json, "label")));
	}
}

static enum err show(const struct standard_call *c, const struct standard *s)
{
	json_auto_t *schema = NULL;

	if (c->argument)
		return usage("standard", "\"%.80s\" is one argument too many", c->argument);
	if (c->schema) {
		schema = standard_schema(s);
		print_json(schema);
	} else if (c->json) {
		print_json(standard_json(s));
	} else {
		print_standard(c, s);
	}
	return OK;
}

/* --- check --- */

static enum err read_record(const char *path, json_t **out)
{
	AUTO(buf) text = BUF(RECORD_MAX);
	char why[ERR_WHY_MAX];
	enum err e;

	TRY(file_read(path, &text));
	e = json_read(buf_text(&text), text.len, RECORD_MAX, RULES_GIVEN, out);
	if (e == OK)
		return OK;
	snprintf(why, sizeof(why), "%s", err_why());
	return fail(e, "%s: %s", path, why);
}

static void print_problems(
	const struct standard_call *c, json_t *problems, json_t *texts, json_t *doubts)
{
	json_auto_t *result = NULL;

	if (c->json) {
		result = json_make("{s:b, s:O, s:O, s:O}", "keeps", !json_array_size(problems),
			"problems", problems, "texts", texts, "doubts", doubts);
		print_json(result);
		return;
	}
	json_each_at (problems, i, p) {
		const char *rule = json_str(p, "id") ? json_str(p, "id") : json_str(p, "rule");

		emit(stdout, "- %s [%s: %s]\n", json_string_value(json_array_get(texts, i)),
			json_str(p, "at"), rule);
	}
	if (!json_array_size(problems))
		tell(stdout, "gaya: the record keeps all rules of the standard\n");
}

/* Values that look copied, and translations that the record leaves outdated. They are printed but
 * break no rule. */
static enum err compare(
	const struct standard_call *c, const struct standard *s, const json_t *record, json_t **out)
{
	json_auto_t *before = NULL;

	if (c->against)
		TRY(read_record(c->against, &before));
	*out = outdated_between(s, before, record);
	doubts_find(s, record, NULL, NULL, false, *out);
	return OK;
}

static enum err check(const struct standard_call *c, const struct standard *s)
{
	json_auto_t *record = NULL, *problems = json_array(), *texts = NULL, *doubts = NULL;
	struct view *view;
	char latest[TIME_TEXT];
	enum err found, e;

	if (!c->argument)
		return usage("standard", "check needs a record: a file of JSON, or -");
	TRY(read_record(c->argument, &record));
	time_latest(env_now(&env_real), latest);
	found = standard_check_by(s, record, NEED_ALL, latest, problems);
	TRY(compare(c, s, record, &doubts));
	TRY(view_open(&view));
	e = problems_text(view, c->lang, s, problems, &texts);
	view_free(view);
	TRY(e);
	print_problems(c, problems, texts, doubts);
	if (!c->json)
		TRY(print_doubts(s, doubts, stdout));
	return found == ERR_INVALID ? ERR_FALSE : found;
}

/* --- adopt --- */

struct adoption {
	struct office *office;
	const json_t *standard;
};

/* Shows the fields that differ from those in force. */
static enum err show_changed(void *arg, int64_t newest)
{
	const struct adoption *a = arg;
	const json_t *before;
	json_auto_t *reply = NULL;
	size_t same = 0;

	TRY(office_call(a->office, json_make("{s:s}", "do", "standard"), NULL, &reply));
	json_each (json_object_get(a->standard, "fields"), field) {
		const char *id = json_str(field, "id");

		before = json_find(
			json_object_get(json_object_get(reply, "standard"), "fields"), "id", id);
		same += before && json_equal(before, field);
		if (!before)
			emit(stderr, "  new: %s\n", id);
		else if (!json_equal(before, field))
			emit(stderr, "  changed: %s\n", id);
	}
	emit(stderr, "  fields that stay as they are: %zu\n", same);
	return OK;
}

static enum err adopt_in(
	const struct standard_call *c, struct office *office, json_t *request, json_t **reply)
{
	struct adoption a = {.office = office, .standard = json_object_get(request, "standard")};
	struct decision d = {.office = office,
		.request = request,
		.option = "version",
		.argc = c->argc,
		.argv = c->argv,
		.show = show_changed,
		.arg = &a};
	enum err e;

	if (c->version)
		json_put(request, "version", json_incref(c->version));
	TRY(decide(&d));
	e = office_call(office, json_incref(request), NULL, reply);
	/* It does not follow the one in force: the error names a field, but no line. */
	return e == ERR_INVALID ? fail(e, "%s: %s", c->argument, err_why()) : e;
}

static enum err adopt(const struct standard_call *c)
{
	AUTO(buf) text = BUF(STANDARD_MAX);
	json_auto_t *reply = NULL, *request = NULL;
	struct standard *s;
	struct office *office;
	enum err e;

	if (!c->argument || !c->dir || c->file)
		return usage("standard", "adopt needs FILE --data DIR");
	TRY(standard_load_file(c->argument, &text, &s));
	request = json_make(
		"{s:s, s:o}", "do", "standard-adopt", "standard", json_deep_copy(standard_json(s)));
	standard_free(s);
	TRY(office_open(c->dir, &env_real, &office));
	e = cli_check_clock(office);
	if (e == OK)
		e = adopt_in(c, office, request, &reply);
	office_close(office);
	TRY(e);
	if (c->json)
		print_json(reply);
	else
		tell(stdout, "gaya: entry %lld adopts version %lld of the register's standard\n",
			(long long)json_num(reply, "entry"), (long long)json_num(reply, "version"));
	return OK;
}

static enum err run(const struct standard_call *c)
{
	struct standard *s;
	bool is_show;
	enum err e;

	if (strcmp(c->action, "adopt") == 0)
		return adopt(c);
	is_show = strcmp(c->action, "show") == 0;
	if (!is_show && strcmp(c->action, "check") != 0)
		return usage("standard", "\"%.40s\" is not show, check or adopt", c->action);
	TRY(load(c, &s));
	e = is_show ? show(c, s) : check(c, s);
	standard_free(s);
	return e;
}

enum err cli_standard(int argc, char **argv)
{
	AUTOFREE char **given = decide_given(argc, argv);
	struct standard_call c = {.argc = argc, .argv = given};
	enum err e = parse(argc, argv, &c);

	if (e == OK)
		e = run(&c);
	json_decref(c.version);
	return e;
}
