/* Exports the whole register in another format. It reads the folder while a server may write to it.
 * The output file is complete, or unchanged from before. */
#include "cli/cli.h"

#include "base/file.h"

#include "base/env.h"
#include "registry/event/settings.h"
#include "registry/profile/export.h"
#include "registry/query/query.h"
#include "registry/standard/standard.h"
#include "registry/write/checkpointed.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file that gets its name once it is complete; standard output if it has no name. */
struct made {
	const char *path; /* NULL: not wanted; "-": standard output */
	char *temporary;
	FILE *file;
};

struct export_args {
	const char *dir, *profile, *base, *lang, *day, *format;
	bool json, kept;
	struct made out, report;
	struct snapshot *snap;
};

static bool lang_valid(const char *s)
{
	return *s && strlen(s) <= 35 &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") ==
	               strlen(s);
}

static enum err parse(int argc, char **argv, struct export_args *in)
{
	const struct cli_option options[] = {
		{"data", &in->dir},
		{"profile", &in->profile},
		{"format", &in->format},
		{"lang", &in->lang},
		{"base", &in->base},
		{"as-of", &in->day},
		{"out", &in->out.path},
		{"report", &in->report.path},
		{"json", .flag = &in->json},
		{0},
	};

	TRY(cli_options(argc, argv, "export", options));
	if (!in->dir || !in->profile || optind != argc)
		return usage("export",
			"--data DIR and --profile NAME are required, and export takes only options");
	if (in->json && (!in->out.path || strcmp(in->out.path, "-") == 0 || in->report.path))
		return usage("export", "--json puts the report where the export would be: name a "
				       "file for that with --out, and none with --report");
	if (in->lang && !lang_valid(in->lang))
		return usage("export", "--lang takes a language's code, as ko or en");
	TRY(check_base("export", in->base));
	if (in->json)
		in->report.path = "-";
	if (!in->out.path)
		in->out.path = "-";
	return OK;
}

/* --- files --- */

static enum err made_fail(const char *path)
{
	return fail(errno == ENOENT ? ERR_NOT_FOUND : ERR_SYSTEM, "%s: %s", path, err_os(errno));
}

static enum err made_open(struct made *m)
{
	if (!m->path)
		return OK;
	if (strcmp(m->path, "-") == 0) {
		m->file = stdout;
		return OK;
	}
	m->temporary = mem_printf("%s.%ld.new", m->path, (long)getpid());
	m->file = fopen(m->temporary, "wxe");
	return m->file ? OK : file_make_fail(m->path);
}

static enum err made_keep(struct made *m)
{
	FILE *file = TAKE(m->file);

	if (!m->temporary)
		return OK;
	if (fflush(file) != 0 || fsync(fileno(file)) != 0) {
		fclose(file);
		return made_fail(m->temporary);
	}
	if (fclose(file) != 0 || rename(m->temporary, m->path) != 0)
		return made_fail(m->path);
	free(TAKE(m->temporary));
	return OK;
}

static void made_done(struct made *m)
{
	if (m->file && m->temporary)
		fclose(m->file);
	if (m->temporary)
		unlink(m->temporary);
	free(m->temporary);
}

static void export_args_done(struct export_args *in)
{
	made_done(&in->out);
	made_done(&in->report);
}

/* --- messages --- */

static void say_counts(const struct export_args *in, const json_t *counts)
{
	tell(stderr,
		"gaya: exported %lld of %lld systems: %lld with losses, %lld skipped, %lld failed",
		(long long)json_num(counts, "exported"), (long long)json_num(counts, "systems"),
		(long long)json_num(counts, "lossy"), (long long)json_num(counts, "skipped"),
		(long long)json_num(counts, "failed"));
	emit(stderr, "%s\n", in->report.path ? "" : T(" (--report FILE lists them)"));
}

static void say_summary(const struct export_args *in, const json_t *summary)
{
	const char *before = T("gaya: lost: ");
	json_t *lost = json_object_get(summary, "lost");

	json_each (json_object_get(summary, "skips"), skip)
		tell(stderr, "gaya: skipped: %s (%lld)\n",
			standard_text(json_object_get(skip, "why"), cli_lang(), NULL),
			(long long)json_num(skip, "systems"));
	json_members (lost, field, systems) {
		emit(stderr, "%s%s (%lld)", before, field, (long long)json_integer_value(systems));
		before = ", ";
	}
	if (json_object_size(lost))
		fputc('\n', stderr);
	say_counts(in, json_object_get(summary, "counts"));
}

/* --- the export --- */

/* The end of the day in the zone of the register's city. */
static enum err moment(const char *day, char out[TIME_TEXT])
{
	int64_t end;

	ENSURE(time_day_end(day, &end) == OK, ERR_INVALID,
		"--as-of takes a day, as 2026-03-01, not \"%s\"", day);
	ENSURE(end - 24 * 60 * 60 <= env_now(&env_real), ERR_INVALID, "%s is still to come", day);
	time_text(end, out);
	return OK;
}

/* The origin of a log is its address without a scheme, and the register is beside the log. */
static char *default_base(const struct snapshot *snap)
{
	json_auto_t *about = NULL;
	const char *origin;
	size_t len;

	if (query_register(snap, &about) != OK)
		return mem_text("");
	origin = json_str(about, "origin");
	len = strlen(origin);
	if (len > 4 && strcmp(origin + len - 4, "/log") == 0)
		len -= 4;
	return mem_printf("https://%.*s", (int)len, origin);
}

/* Whoever reads the output may be slow, and a server must not wait for that with its write-ahead
 * log. */
static enum err keep_state(void *arg)
{
	struct export_args *in = arg;

	if (in->kept)
		return OK;
	in->kept = true;
	return checkpointed_keep_if_possible(in->snap, in->dir);
}

static enum err run(
	struct export_args *in, struct snapshot *snap, struct profile *profile, json_t **summary)
{
	char before[TIME_TEXT];
	AUTOFREE char *base = in->base ? mem_text(in->base) : default_base(snap);
	struct export_wish wish = {.base = base, .lang = in->lang, .pause = keep_state, .arg = in};

	while (*base && base[strlen(base) - 1] == '/')
		base[strlen(base) - 1] = '\0';
	in->snap = snap;
	TRY(settings_use_zone(snap->model));
	if (in->day) {
		TRY(moment(in->day, before));
		wish.before = before;
	}
	TRY(made_open(&in->out));
	TRY(made_open(&in->report));
	TRY(export_run(snap, profile, &wish, in->out.file, in->report.file, summary));
	TRY(made_keep(&in->out));
	return made_keep(&in->report);
}

static enum err export_with(struct export_args *in, struct profile *profile, json_t **summary)
{
	struct snapshot snap;
	enum err e;

	if (in->format)
		TRY(profile_choose(profile, in->format));
	TRY(checkpointed_open(in->dir, &snap));
	e = run(in, &snap, profile, summary);
	checkpointed_close(&snap);
	return e;
}

static enum err export(struct export_args *in, json_t **summary) {
	struct profile *profile; enum err e;

	TRY(profile_open(in->profile, PROFILE_EXPORT, &profile));
	e = export_with(in, profile, summary);
	profile_free(profile);
	return e;
}

enum err cli_export(int argc, char **argv)
{
	AUTO(export_args) in = {0};
	json_auto_t *summary = NULL;
	int64_t failed;

	TRY(parse(argc, argv, &in));
	TRY(export(&in, &summary));
	say_summary(&in, summary);
	failed = json_num(json_object_get(summary, "counts"), "failed");
	ENSURE(!failed, ERR_INVALID,
		"the profile failed on %lld of the systems, which are not in the export; the report "
		"says why",
		(long long)failed);
	return OK;
}
