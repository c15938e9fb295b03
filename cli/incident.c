/* incident.c - gaya incident: reports an incident, its course and its end, signed by the
 * department. */
#include "registry/event/incident.h"
#include "base/env.h"
#include "cli/cli.h"
#include "cli/statement.h"
#include "registry/standard/form.h"

#include <stdlib.h>
#include <string.h>

enum act { REPORT = 1, UPDATE = 2, CLOSE = 4 };
static const struct {
	const char *name, *event;
} acts[] = {
	[REPORT] = {"report", "incident.reported"},
	[UPDATE] = {"update", "incident.updated"},
	[CLOSE] = {"close", "incident.closed"},
};

/* The kind of an option's value, and the acts that use it. */
enum { MEMBER = 1, TEXT };
static const struct said {
	const char *option, *member;
	int kind;
	unsigned may, must; /* enum act, or-ed */
} said[] = {
	{"since", "since", MEMBER, REPORT, REPORT},
	{"aware", "aware", MEMBER, REPORT, REPORT},
	{"severity", "severity", MEMBER, REPORT | UPDATE | CLOSE, REPORT},
	{"public-on", "public_on", MEMBER, REPORT, 0},
	{"ground", "ground", MEMBER, REPORT, 0},
	{"told-on", "told_on", MEMBER, UPDATE | CLOSE, 0},
	{"what", "what", TEXT, REPORT, REPORT},
	{"affected", "affected", TEXT, REPORT, REPORT},
	{"done", "done", TEXT, REPORT, 0},
	{"text", "text", TEXT, UPDATE | CLOSE, UPDATE | CLOSE},
};
static const char *const days[] = {"since", "aware", "public_on", "told_on"};

struct incident {
	struct statement s;
	const char *system;
	enum act act;
	json_t *members, *content; /* owned; for the entry */
	bool dry_run;
};

static void incident_done(struct incident *in)
{
	json_decref(in->members);
	json_decref(in->content);
}

/* --- arguments --- */

/* An option with a text, and the incident that receives it. */
struct saying {
	struct incident *in;
	const struct said *said;
};

static enum err put_said(const char *value, void *to)
{
	struct incident *in = ((struct saying *)to)->in;
	const struct said *s = ((struct saying *)to)->said;
	json_t *texts = NULL;
	enum err e;

	if (s->kind == MEMBER) {
		json_put(in->members, s->member, json_text(value));
		return OK;
	}
	texts = json_incref(json_object_get(in->content, s->member));
	e = add_text(value, &texts);
	json_put(in->content, s->member, texts);
	return e;
}

static enum err parse_options(int argc, char **argv, struct incident *in)
{
	struct saying sayings[COUNT(said)];
	struct cli_option options[6 + COUNT(said) + 1] = {
		{"server", &in->s.server},
		{"key", &in->s.key},
		{"system", &in->system},
		{"dry-run", .flag = &in->dry_run},
		{"yes", .flag = &in->s.yes},
		{"json", .flag = &in->s.json},
	};

	for (size_t i = 0; i < COUNT(said); i++) {
		sayings[i] = (struct saying){in, &said[i]};
		options[6 + i] =
			(struct cli_option){said[i].option, .take = put_said, .to = &sayings[i]};
	}
	return cli_options(argc, argv, "incident", options);
}

/* Parses the act and, for a note, the entry of its incident. */
static enum err parse_act(int argc, char **argv, struct incident *in)
{
	const char *name = argc > optind ? argv[optind] : "", *entry = NULL;

	for (size_t i = 0; i < COUNT(acts); i++)
		if (acts[i].name && strcmp(acts[i].name, name) == 0)
			in->act = (enum act)i;
	if (!in->act)
		return usage("incident", "say report, update or close");
	if (argc - optind != (in->act == REPORT ? 1 : 2))
		return usage("incident",
			in->act == REPORT ? "report takes nothing but options"
					  : "the entry that reported the incident is needed");
	if (in->act == REPORT)
		return OK;
	entry = argv[optind + 1];
	if (!*entry || strlen(entry) > 15 || entry[strspn(entry, "0123456789")])
		return usage("incident", "\"%.80s\" is not the number of an entry", entry);
	json_put(in->members, "incident", json_integer(strtoll(entry, NULL, 10)));
	return OK;
}

static enum err check_options(const struct incident *in)
{
	for (size_t i = 0; i < COUNT(said); i++) {
		bool given = json_object_get(in->members, said[i].member) ||
		             json_object_get(in->content, said[i].member);

		if (given && !(said[i].may & in->act))
			return usage(
				"incident", "%s takes no --%s", acts[in->act].name, said[i].option);
		if (!given && said[i].must & in->act)
			return usage(
				"incident", "%s needs --%s", acts[in->act].name, said[i].option);
	}
	return OK;
}

static enum err parse(int argc, char **argv, struct incident *in)
{
	in->members = json_object();
	in->content = json_object();
	TRY(parse_options(argc, argv, in));
	TRY(parse_act(argc, argv, in));
	TRY(check_options(in));
	if (!in->dry_run && (!in->s.server || !in->s.key || !in->system))
		return usage("incident", "--server, --key and --system are needed, or --dry-run");
	ENSURE(!in->system || slug_valid(in->system), ERR_INVALID,
		"\"%s\" cannot name a system: use small letters, digits and single hyphens, at "
		"most %d",
		in->system, SLUG_MAX);
	return OK;
}

/* --- sending --- */

/* Checks everything that does not need the register. */
static enum err check(const struct incident *in)
{
	const json_t *m = in->members;
	const struct incident_said s = {
		.since = json_str(m, "since"),
		.aware = json_str(m, "aware"),
		.severity = json_str(m, "severity"),
		.public_on = json_str(m, "public_on"),
		.ground = json_str(m, "ground"),
		.told_on = json_str(m, "told_on"),
		.content = in->content,
		.note = in->act != REPORT,
	};

	for (size_t i = 0; i < COUNT(days); i++) {
		const char *day = json_str(m, days[i]);

		ENSURE(!day || form_is_date(day), ERR_INVALID,
			"\"%.20s\" is no day: write it as 2026-03-01", day);
	}
	return incident_said_check(&s, env_now(&env_real), NULL);
}

static void show(const struct incident *in)
{
	char due[16];
	const char *aware = json_str(in->members, "aware");

	for (size_t i = 0; i < COUNT(said); i++)
		if (json_str(in->members, said[i].member))
			emit(stderr, "%s: %s\n", said[i].option,
				json_str(in->members, said[i].member));
	show_texts("what happened", json_object_get(in->content, "what"));
	show_texts("who was affected", json_object_get(in->content, "affected"));
	show_texts("what was done", json_object_get(in->content, "done"));
	show_texts("what there is to say", json_object_get(in->content, "text"));
	if (in->act == REPORT && incident_due(json_str(in->members, "severity"), aware, due))
		tell(stderr, "an authority is to be told by %s (EU AI Act, Art 73)\n", due);
}

static enum err incident(const struct incident *in)
{
	AUTO(client) client = {0};
	json_auto_t *both = NULL;

	TRY(check(in));
	if (in->dry_run && in->s.json) {
		both = json_make("{s:O, s:O}", "members", in->members, "content", in->content);
		print_json(both);
	} else if (!in->s.json) {
		show(in);
	}
	if (in->dry_run)
		return OK;
	TRY(client_open(in->s.server, in->s.key, &client));
	client.json = in->s.json;
	if (!in->s.yes && !confirmed("Sign this and send it in?"))
		return client_declined();
	return statement_about(&client, &in->s,
		&(struct statement_event){acts[in->act].event, in->system, in->members, in->content,
			.part = "incidents"});
}

enum err cli_incident(int argc, char **argv)
{
	AUTO(incident) in = {0};

	TRY(parse(argc, argv, &in));
	return incident(&in);
}
