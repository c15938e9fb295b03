#include "cli/cli.h"

#include "base/file.h"
#include "cli/demo.h"
#include "registry/register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct init {
	const char *dir, *origin, *standard, *timezone, *contact;
	json_t *name, *office;
	bool demo;
};

static const struct option options[] = {
	{"data", required_argument, NULL, 'd'},
	{"origin", required_argument, NULL, 'o'},
	{"name", required_argument, NULL, 'n'},
	{"office", required_argument, NULL, 'f'},
	{"contact", required_argument, NULL, 'c'},
	{"standard", required_argument, NULL, 's'},
	{"timezone", required_argument, NULL, 'z'},
	{"demo", no_argument, NULL, 'D'},
	{0},
};

/* A contact is what security.txt may name (RFC 9116): an address that a program can open. */
static enum err check_contact(const char *contact)
{
	ENSURE(!contact || strncmp(contact, "mailto:", 7) == 0 ||
			strncmp(contact, "https://", 8) == 0 || strncmp(contact, "tel:", 4) == 0,
		ERR_INVALID, "--contact must begin with mailto:, tel: or https://");
	return OK;
}

static enum err parse(int argc, char **argv, struct init *in)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'd':
			in->dir = optarg;
			break;
		case 'o':
			in->origin = optarg;
			break;
		case 'n':
			TRY(add_text(optarg, &in->name));
			break;
		case 'f':
			TRY(add_text(optarg, &in->office));
			break;
		case 'c':
			in->contact = optarg;
			break;
		case 's':
			in->standard = optarg;
			break;
		case 'z':
			in->timezone = optarg;
			break;
		case 'D':
			in->demo = true;
			break;
		default:
			return usage("init", "wrong option");
		}
	}
	if (!in->dir || !in->origin || optind != argc)
		return usage("init", "--data DIR and --origin NAME are needed");
	return check_contact(in->contact);
}

/* What stands where nothing was given. The demo is the first city's; another register must not
 * be signed in its name. */
static json_t *texts_or(
	const struct init *in, json_t *given, const char *const demo[2], const char *const plain[2])
{
	const char *const *texts = in->demo ? demo : plain;

	return given ? json_incref(given) : json_make("{s:s,s:s}", "ko", texts[0], "en", texts[1]);
}

static json_t *about(const struct init *in)
{
	static const char *const demo_name[] = {"김해시 AI 등록부", "Gimhae AI Register"};
	static const char *const plain_name[] = {"AI 등록부", "AI Register"};
	static const char *const demo_office[] = {
		"김해시 AI정책과", "AI Policy Division, Gimhae City"};
	static const char *const plain_office[] = {"AI 담당 부서", "AI office"};
	const char *contact = in->demo ? "mailto:ai-policy@gimhae.example" : in->contact;
	json_t *value = json_make("{s:o,s:o,s:[s,s],s:s,s:b}", "name",
		texts_or(in, in->name, demo_name, plain_name), "office",
		texts_or(in, in->office, demo_office, plain_office), "languages", "ko", "en",
		"timezone", in->timezone ? in->timezone : "Asia/Seoul", "example", in->demo);

	if (contact)
		json_put(value, "contact", json_text(contact));
	return value;
}

static enum err create(const struct init *in, const char *standard, size_t len)
{
	json_auto_t *value = about(in);
	struct reg_opening opening = {.dir = in->dir,
		.origin = in->origin,
		.about = value,
		.standard = standard,
		.standard_len = len,
		.env = in->demo ? demo_env() : &env_real};

	TRY(reg_create(&opening));
	return in->demo ? demo_play(in->dir) : OK;
}

static enum err init(const struct init *in)
{
	AUTO(buf) own = BUF(STANDARD_MAX);
	struct standard *checked;
	const char *text;
	size_t len;

	if (!in->standard) {
		text = standard_built_in(&len);
		return create(in, text, len);
	}
	TRY(standard_load_file(in->standard, &own, &checked));
	standard_free(checked);
	return create(in, buf_text(&own), own.len);
}

enum err cli_init(int argc, char **argv)
{
	struct init in = {0};
	enum err e = parse(argc, argv, &in);

	if (e == OK)
		e = init(&in);
	json_decref(in.name);
	json_decref(in.office);
	TRY(e);
	printf("gaya: made a register in %s\n", in.dir);
	printf("      its secrets are %s/%s and %s/%s: keep copies of both apart from the "
	       "database,\n"
	       "      and never put %s back from a backup\n",
		in.dir, REG_KEY, in.dir, REG_CONTACT_KEY, REG_MARK);
	return OK;
}
