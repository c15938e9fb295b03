#include "cli/cli.h"

#include "base/embed.h"
#include "base/file.h"
#include "cli/demo.h"
#include "registry/register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

EMBED(standard, "policies/standard.json");

struct init {
	const char *dir, *origin, *standard, *timezone;
	json_t *name, *office;
	bool demo;
};

static const struct option options[] = {
	{"data", required_argument, NULL, 'd'},
	{"origin", required_argument, NULL, 'o'},
	{"name", required_argument, NULL, 'n'},
	{"office", required_argument, NULL, 'f'},
	{"standard", required_argument, NULL, 's'},
	{"timezone", required_argument, NULL, 'z'},
	{"demo", no_argument, NULL, 'D'},
	{0},
};

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
	return OK;
}

/* What stands where nothing was given: the first city. */
static json_t *texts_or(json_t *given, const char *ko, const char *en)
{
	return given ? json_incref(given) : json_make("{s:s,s:s}", "ko", ko, "en", en);
}

static enum err create(const struct init *in, const char *standard, size_t len)
{
	json_auto_t *about = json_make("{s:o,s:o,s:[s,s],s:s,s:b}", "name",
		texts_or(in->name, "김해시 AI 등록부", "Gimhae AI Register"), "office",
		texts_or(in->office, "김해시 AI정책과", "AI Policy Division, Gimhae City"),
		"languages", "ko", "en", "timezone", in->timezone ? in->timezone : "Asia/Seoul",
		"example", in->demo);
	struct reg_opening opening = {.dir = in->dir,
		.origin = in->origin,
		.about = about,
		.standard = standard,
		.standard_len = len,
		.env = in->demo ? demo_env() : &env_real};

	TRY(reg_create(&opening));
	return in->demo ? demo_play(in->dir) : OK;
}

static enum err init(const struct init *in)
{
	AUTO(buf) own = BUF(MIB);

	if (!in->standard)
		return create(in, embed_standard, embed_standard_len());
	TRY(file_read(in->standard, &own));
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
	printf("      its secrets are %s/%s and %s/%s: keep copies of both apart from the database,\n"
	       "      and never put %s back from a backup\n",
		in.dir, REG_KEY, in.dir, REG_CONTACT_KEY, REG_MARK);
	return OK;
}
