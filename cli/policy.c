/* `gaya policy`: lists, shows, tries and adopts the programs that derive levels. */
#include "cli/cli.h"

#include "base/file.h"
#include "base/languages.h"
#include "cli/decide.h"
#include "registry/office/office_socket.h"
#include "registry/policy/judgement.h"
#include "web/view/problem.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct call {
	const char *dir, *lang;
	bool json;
	json_t *reason, *version; /* owned */
	int all_argc;             /* the command as typed */
	char **all_argv;
	int argc; /* after the operation's name */
	char **argv;
};

static enum err read_folder(const char *folder, json_t **content)
{
	AUTO(buf)
	a = BUF(POLICY_MAX), b = BUF(POLICY_MAX), c = BUF(POLICY_MAX), d = BUF(POLICY_MAX);
	struct buf *files[] = {&a, &b, &c, &d};
	const char *texts[4];

	for (size_t i = 0; i < COUNT(files); i++) {
		AUTOFREE char *path = file_in(folder, policy_files[i]);

		TRY(file_read(path, files[i]));
		texts[i] = buf_text(files[i]);
	}
	return policy_pack(texts, content);
}

/* A built-in policy by its name, or any by its folder. */
static enum err find(const char *name, json_t **content, struct in_force *out)
{
	*out = (struct in_force){.version = 1, .sha256 = "not adopted"};
	if (strchr(name, '/'))
		TRY(read_folder(name, content));
	else
		TRY(policy_own(name, content));
	return policy_load(*content, &out->policy);
}

static const char *in_lang(const struct call *c, const json_t *texts)
{
	const char *s = json_str(texts, c->lang);

	return s ? s : json_str(texts, LANGUAGE_OF_C);
}

/* --- list --- */

static enum err list_own(const struct call *c)
{
	for (size_t i = 0; policy_own_id(i); i++) {
		json_auto_t *content = NULL;
		struct in_force p;

		TRY(find(policy_own_id(i), &content, &p));
		emit(stdout, "%-18s %s\n", policy_id(p.policy),
			in_lang(c, json_object_get(policy_questions(p.policy), "title")));
		policy_free(p.policy);
	}
	return OK;
}

static enum err ask(const struct call *c, json_t *request, json_t **reply)
{
	struct office *office;
	enum err e = office_open(c->dir, &env_real, &office);

	if (e != OK) {
		json_decref(request);
		return e;
	}
	e = office_call(office, request, NULL, reply);
	office_close(office);
	return e;
}

static void print_changed(const json_t *list)
{
	json_each (list, one) {
		AUTO(buf) changes = BUF(JUDGEMENT_MAX);

		json_canonical(json_object_get(one, "changes"), &changes);
		tell(stdout, "%s: published as %s, derived %s%s\n    %s\n", json_str(one, "system"),
			json_str(one, "risk") ? json_str(one, "risk") : T("nothing"),
			json_str(one, "level") ? json_str(one, "level") : T("nothing"),
			json_is_true(json_object_get(one, "laxer"))
				? T("; the published level is laxer: ask its department for a new "
				    "filing")
				: "",
			buf_text(&changes));
	}
}

static enum err list_register(const struct call *c)
{
	json_auto_t *reply = NULL;

	TRY(ask(c, json_make("{s:s}", "do", "policies"), &reply));
	if (c->json) {
		print_json(reply);
		return OK;
	}
	json_each (json_object_get(reply, "policies"), one)
		tell(stdout, "%-18s version %lld, entry %lld, %s%s\n    %s\n",
			json_str(one, "policy"), (long long)json_num(one, "version"),
			(long long)json_num(one, "entry"), json_str(one, "at"),
			json_is_true(json_object_get(one, "in_force")) ? T(", in force") : "",
			json_str(one, "sha256"));
	if (json_num(reply, "left"))
		tell(stdout, "%lld records are still to be judged by these\n",
			(long long)json_num(reply, "left"));
	print_changed(json_object_get(reply, "judged"));
	return OK;
}

static enum err list(struct call *c)
{
	return c->dir ? list_register(c) : list_own(c);
}

/* --- show --- */

static enum err show(struct call *c)
{
	json_auto_t *content = NULL;
	const char *file = c->argc > 1 ? c->argv[1] : "README.md", *text;
	AUTOFREE char *readme = NULL;
	struct in_force p;

	TRY(find(c->argv[0], &content, &p));
	text = policy_file(p.policy, file);
	if (text && c->argc < 2) /* for reading; a named file is printed whole, for editing */
		text = readme = policy_readme(p.policy, c->lang);
	if (text)
		fputs(text, stdout);
	policy_free(p.policy);
	ENSURE(text, ERR_NOT_FOUND,
		"a policy has questions.json, rule.jq, cases.json and README.md");
	return OK;
}

/* --- check --- */

/* By the text in its form, and by its name in a file. */
static void print_missing(const struct call *c, const struct standard *s, const char *name)
{
	const struct field *f = standard_field(s, name);
	const char *label = f ? in_lang(c, json_object_get(f->json, "label")) : NULL;
	AUTOFREE char *both = label ? mem_printf("%s (%s)", label, name) : mem_text(name);

	tell(stdout, "      missing: %s\n", both);
}

static void print_items(const struct call *c, const struct standard *s, const json_t *answer,
	const char *list, const char *id)
{
	json_each (json_object_get(answer, list), one) {
		const json_t *met = json_object_get(one, "met"),
			     *missing = json_object_get(one, "missing");
		const char *text = in_lang(c, json_object_get(one, "text")),
			   *basis = json_str(one, "basis");

		emit(stdout, "  %s%s (%s) %s\n",
			!met                ? ""
			: json_is_true(met) ? "[x] "
					    : "[ ] ",
			json_str(one, id), basis ? basis : "-", text ? text : "");
		json_each (missing, field)
			if (json_is_string(field))
				print_missing(c, s, json_string_value(field));
	}
}

static enum err print_answer(const struct call *c, const struct in_force *p, const json_t *answer)
{
	const json_t *level = policy_level(p->policy, json_object_get(answer, "level"));
	const char *label = in_lang(c, json_object_get(level, "label")), *built_in;
	struct standard *s;
	size_t len;

	built_in = standard_built_in(&len);
	TRY(standard_load(built_in, len, &s));
	emit(stdout, "%s: %s\n", policy_id(p->policy), label ? label : "-");
	print_items(c, s, answer, "reasons", "rule");
	print_items(c, s, answer, "duties", "id");
	standard_free(s);
	return OK;
}

static enum err read_record(const char *path, json_t **out)
{
	AUTO(buf) bytes = BUF(MIB);
	enum err e;

	TRY(file_read(path, &bytes));
	e = json_read(buf_text(&bytes), bytes.len, MIB, RULES_GIVEN, out);
	ENSURE(e == OK, e, "%s: %s", path, err_why());
	ENSURE(json_is_object(*out), ERR_INVALID, "%s: a record must be a JSON object", path);
	return OK;
}

static enum err print_problems(const struct call *c, const json_t *problems)
{
	json_auto_t *texts = NULL;
	struct standard *standard;
	struct view *view = NULL;
	const char *built_in;
	size_t len;
	enum err e;

	if (!json_array_size(problems))
		return OK;
	built_in = standard_built_in(&len);
	TRY(standard_load(built_in, len, &standard));
	e = view_open(&view);
	if (e == OK)
		e = problems_text(view, c->lang, standard, problems, &texts);
	json_each (texts, text)
		emit(stderr, "  ! %s\n", json_string_value(text));
	view_free(view);
	standard_free(standard);
	return e;
}

/* Checks the answers against the questions, and also the record's level if it has one. */
static enum err find_problems(
	struct judge *judge, struct in_force *p, const json_t *record, json_t *problems)
{
	const struct policies ps = {.all = p, .n = 1};
	json_auto_t *judgement = NULL;

	TRY(judge_record(judge, &ps, record, &judgement));
	if (json_object_get(record, "risk_category"))
		judgement_check(&ps, record, judgement, problems);
	else
		policy_check_facts(p->policy, record, problems);
	return OK;
}

static enum err check_record(const struct call *c, struct judge *judge, struct in_force *p,
	const char *path, size_t *wrong)
{
	json_auto_t *record = NULL, *answer = NULL, *problems = json_array();

	TRY(read_record(path, &record));
	TRY(judge_run(judge, p, record, &answer));
	TRY(find_problems(judge, p, record, problems));
	if (c->json) {
		print_json(answer);
	} else {
		if (c->argc > 2)
			emit(stdout, "%s\n", path);
		TRY(print_answer(c, p, answer));
	}
	*wrong += json_array_size(problems);
	return print_problems(c, problems);
}

static enum err check(struct call *c)
{
	json_auto_t *content = NULL;
	struct judge *judge;
	struct in_force p;
	size_t wrong = 0;
	enum err e = OK;

	TRY(find(c->argv[0], &content, &p));
	judge = judge_new(reg_program());
	for (int i = 1; i < c->argc && e == OK; i++)
		e = check_record(c, judge, &p, c->argv[i], &wrong);
	judge_free(judge);
	policy_free(p.policy);
	TRY(e);
	ENSURE(!wrong, ERR_FALSE, "the answers break %zu rules", wrong);
	return OK;
}

/* --- cases --- */

static enum err run_cases(const struct in_force *p, size_t *failed)
{
	struct judge *judge = judge_new(reg_program());
	size_t n = json_array_size(policy_cases(p->policy)), wrong = 0;
	enum err e = OK;

	for (size_t i = 0; i < n && e == OK; i++) {
		e = judge_case(judge, p, i);
		if (e == OK)
			continue;
		wrong++;
		emit(stdout, "%s: %s\n", policy_id(p->policy), err_why());
		e = e == ERR_SYSTEM ? e : OK;
	}
	if (e == OK)
		tell(stdout, "%s: %zu cases, %zu failed\n", policy_id(p->policy), n, wrong);
	*failed += wrong;
	judge_free(judge);
	return e;
}

static enum err cases_of(const char *name, size_t *failed)
{
	json_auto_t *content = NULL;
	struct in_force p;
	enum err e;

	TRY(find(name, &content, &p));
	e = run_cases(&p, failed);
	policy_free(p.policy);
	return e;
}

static enum err cases(struct call *c)
{
	size_t failed = 0;

	for (int i = 0; i < c->argc; i++)
		TRY(cases_of(c->argv[i], &failed));
	for (size_t i = 0; !c->argc && policy_own_id(i); i++)
		TRY(cases_of(policy_own_id(i), &failed));
	ENSURE(failed == 0, ERR_FALSE, "%zu cases failed", failed);
	return OK;
}

/* --- adopt, retire --- */

static void add_counts(json_t *all, const json_t *counts)
{
	json_members (counts, policy, n)
		json_put(all, policy, json_integer(json_num(all, policy) + json_integer_value(n)));
}

static void print_unanswered(const json_t *counts)
{
	json_members (counts, policy, n)
		tell(stdout,
			"gaya: %lld of them do not answer the questions of %s: gaya office waiting says which, and what to ask\n",
			(long long)json_integer_value(n), policy);
}

/* Judges every published record again; each call is one transaction. */
static enum err judge_all(struct office *office)
{
	json_auto_t *unanswered = json_object();
	int64_t judged = 0, left = 1;

	while (left > 0) {
		json_auto_t *reply = NULL;

		TRY(office_call(office, json_make("{s:s}", "do", "rejudge"), NULL, &reply));
		judged += json_num(reply, "judged");
		left = json_num(reply, "left");
		add_counts(unanswered, json_object_get(reply, "unanswered"));
		if (isatty(2))
			tell(stderr, "\rgaya: judged %lld of %lld records\033[K", (long long)judged,
				(long long)(judged + left));
	}
	if (isatty(2))
		fprintf(stderr, "\r\033[K");
	tell(stdout, "gaya: judged %lld records\n", (long long)judged);
	print_unanswered(unanswered);
	return OK;
}

/* The version in force that is replaced or retired. */
static enum err name_version(struct call *c, struct office *office, json_t *request)
{
	struct decision d = {.office = office,
		.request = request,
		.option = "version",
		.argc = c->all_argc,
		.argv = c->all_argv};

	if (c->version)
		json_put(request, "version", json_incref(c->version));
	return decide(&d);
}

static enum err change(struct call *c, json_t *request)
{
	json_auto_t *reply = NULL, *after = NULL;
	struct office *office;
	enum err e = office_open(c->dir, &env_real, &office);

	if (e != OK) {
		json_decref(request);
		return e;
	}
	e = cli_check_clock(office);
	if (e == OK)
		e = name_version(c, office, request);
	if (e == OK)
		e = office_call(office, json_incref(request), NULL, &reply);
	json_decref(request);
	if (e == OK) {
		tell(stdout, "gaya: entry %lld\n", (long long)json_num(reply, "entry"));
		e = judge_all(office);
	}
	if (e == OK)
		e = office_call(office, json_make("{s:s}", "do", "policies"), NULL, &after);
	if (e == OK)
		print_changed(json_object_get(after, "judged"));
	office_close(office);
	return e;
}

static enum err adopt(struct call *c)
{
	json_auto_t *content = NULL;
	struct in_force p;
	json_t *request;

	if (!c->dir || c->argc != 1)
		return usage("policy", "adopt needs --data DIR and one policy");
	TRY(find(c->argv[0], &content, &p));
	request = json_make("{s:s,s:s,s:O}", "do", "policy-adopt", "policy", policy_id(p.policy),
		"content", content);
	policy_free(p.policy);
	return change(c, request);
}

static enum err retire(struct call *c)
{
	if (!c->dir || c->argc != 1 || !c->reason)
		return usage("policy", "retire needs --data DIR, one policy and a --reason");
	return change(c, json_make("{s:s,s:s,s:O}", "do", "policy-retire", "policy", c->argv[0],
				 "reason", c->reason));
}

/* --- */

static const struct {
	const char *name;
	enum err (*run)(struct call *c);
	int least; /* arguments */
} operations[] = {
	{"list", list, 0},
	{"show", show, 1},
	{"check", check, 2},
	{"cases", cases, 0},
	{"adopt", adopt, 1},
	{"retire", retire, 1},
};

static enum err parse(int argc, char **argv, struct call *c)
{
	const struct cli_option options[] = {
		{"data", &c->dir},
		{"lang", &c->lang},
		{"reason", .texts = &c->reason},
		{"version", .take = decide_number, .to = &c->version},
		{"json", .flag = &c->json},
		{"clock-is-right", .flag = &cli_clock_is_right},
		{0},
	};

	TRY(cli_options(argc, argv, "policy", options));
	TRY(check_lang("policy", c->lang));
	if (optind == argc)
		return usage("policy",
			"an operation is needed: list, show, check, cases, adopt or retire");
	c->argc = argc - optind;
	c->argv = argv + optind;
	return OK;
}

static enum err run(struct call *c)
{
	const char *name = c->argv[0];

	c->argc--;
	c->argv++;
	for (size_t i = 0; i < COUNT(operations); i++) {
		if (strcmp(operations[i].name, name) != 0)
			continue;
		if (c->argc < operations[i].least)
			return usage("policy", "%s needs more", name);
		return operations[i].run(c);
	}
	return usage("policy", "there is no operation \"%.40s\"", name);
}

enum err cli_policy(int argc, char **argv)
{
	AUTOFREE char **given = decide_given(argc, argv);
	struct call c = {.lang = cli_lang(), .all_argc = argc, .all_argv = given};
	enum err e = parse(argc, argv, &c);

	if (e == OK)
		e = run(&c);
	json_decref(c.reason);
	json_decref(c.version);
	return e;
}
