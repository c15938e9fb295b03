#include "cli/cli.h"

#include "base/file.h"
#include "base/languages.h"
#include "cli/demo.h"
#include "cli/settings.h"
#include "registry/event/settings.h"
#include "registry/write/register.h"

#include <stdio.h>

struct init {
	const char *dir, *origin, *standard;
	json_t *settings; /* as typed */
	bool demo;
};

static const struct option options[] = {
	{"data", required_argument, NULL, 'd'},
	{"origin", required_argument, NULL, 'o'},
	{"standard", required_argument, NULL, 's'},
	{"demo", no_argument, NULL, 'D'},
	SETTINGS_OPTIONS('S'),
	{0},
};

static enum err parse(int argc, char **argv, struct init *in)
{
	int c, at = 0;

	while ((c = getopt_long(argc, argv, "", options, &at)) != -1) {
		switch (c) {
		case 'd':
			in->dir = optarg;
			break;
		case 'o':
			in->origin = optarg;
			break;
		case 's':
			in->standard = optarg;
			break;
		case 'D':
			in->demo = true;
			break;
		case 'S':
			TRY(settings_put(in->settings, options[at].name, optarg));
			break;
		default:
			return wrong_option("init", argv);
		}
	}
	if (!in->dir || !in->origin || optind != argc)
		return usage("init", "--data DIR and --origin NAME are needed");
	return OK;
}

/* The default settings. */
static json_t *plain(void)
{
	json_t *codes = json_array();

	for (size_t i = 0; i < languages_n; i++)
		json_push(codes, json_text(languages[i].code));
	return json_make("{s:o,s:o,s:o,s:s,s:s,s:b}", "name", language_texts("AI Register"),
		"office", language_texts("AI office"), "languages", codes, "timezone", "Asia/Seoul",
		"licence", SETTINGS_LICENCE, "example", 0);
}

/* Given texts replace all default ones: a name in one language must not be shown beside the default
 * in another. An empty value is a mistake, and its option is named. */
static json_t *about(const struct init *in)
{
	json_t *value = in->demo ? demo_settings() : plain();

	json_object_update(value, in->settings);
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
	struct init in = {.settings = json_object()};
	enum err e = parse(argc, argv, &in);
	bool there = e == OK && file_exists(in.dir), empty = there && file_is_empty_dir(in.dir);

	if (e == OK)
		e = init(&in);
	json_decref(in.settings);
	/* Half a register is of no use, and would refuse the next attempt. */
	if (e != OK && in.dir && (!there || empty)) {
		e = fail(e, "%s", err_why());
		(void)!(there ? file_empty_dir(in.dir) : file_remove_dir(in.dir));
	}
	TRY(e);
	tell(stdout, "gaya: made a register in %s\n", in.dir);
	tell(stdout,
		"      its secrets are %s/%s and %s/%s: keep copies of both apart from the "
		"database,\n"
		"      and never put %s back from a backup\n",
		in.dir, REG_KEY, in.dir, REG_CONTACT_KEY, REG_MARK);
	return OK;
}
