/* Imports another register's file in five steps: read it, map every row, plan (a dry run of
 * everything), confirm a large plan, write. Nothing is written before the plan is complete, so that
 * a wrong file is noticed while the register is unchanged. */
#include "cli/cli.h"

#include "base/charset.h"
#include "base/file.h"
#include "base/languages.h"
#include "cli/import_report.h"
#include "registry/office/office_socket.h"
#include "registry/profile/sheet.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* How much an import may retire, change or blank without confirmation: one system, or a tenth of
 * the candidates. In the real registers whose history we have, the largest day changes one in
 * forty; a truncated file, a renamed column or a wrong file is far above a tenth. */
#define SMALL_SHARE 10
#define FILE_MAX (256 * MIB)
/* Rows in one transaction. SQLite walks a list of the pages that the transaction has changed, 1 kB
 * an item, at the end of each statement in a savepoint: four times as many rows make a row take
 * half as long again. */
#define BATCH 32

/* Changes that people want to know about beforehand. */
enum change { RETIRE, CHANGE, BLANK, CHANGES };
static const char *const change_options[] = {
	[RETIRE] = "--retire", [CHANGE] = "--change", [BLANK] = "--blank"};
#define NOT_TOLD SIZE_MAX

struct import {
	const char *dir, *profile_name, *path;
	bool dry, json, yes, partial, template;
	size_t told[CHANGES]; /* counts that options confirmed; NOT_TOLD if none */
	char separator;
	enum charset charset;
	struct profile *profile;
	struct office *office;
	struct standard *asked; /* in force, as a server told; owned */
	struct sheet sheet;
	bool placed;      /* what failed names the file already */
	size_t gone;      /* systems that the file lacks, and that will be retired (sheet_gone()) */
	size_t named;     /* systems that rows of our own export name */
	size_t asked_for; /* keys that the register was asked for */
	size_t known;     /* the profile's systems that are not retired */
	struct report plan, report;
};

static enum err read_count(const char *text, void *to)
{
	size_t *out = to;
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	ENSURE(*text >= '0' && *text <= '9' && !*end, ERR_INVALID,
		"\"%.40s\" is not a number of systems", text);
	*out = n;
	return OK;
}

static enum err read_separator(const char *text, void *to)
{
	static const struct {
		const char *name;
		char separator;
	} names[] = {{",", ','}, {"comma", ','}, {";", ';'}, {"semicolon", ';'}, {"\t", '\t'},
		{"\\t", '\t'}, {"tab", '\t'}};

	for (size_t i = 0; i < COUNT(names); i++)
		if (strcmp(names[i].name, text) == 0) {
			*(char *)to = names[i].separator;
			return OK;
		}
	return fail(ERR_INVALID,
		"\"%s\" separates nothing here: there are comma, semicolon and tab", text);
}

static enum err take_charset(const char *name, void *to)
{
	return charset_find(name, to);
}

static enum err parse(int argc, char **argv, struct import *in)
{
	const struct cli_option options[] = {
		{"data", &in->dir},
		{"profile", &in->profile_name},
		{"dry-run", .flag = &in->dry},
		{"json", .flag = &in->json},
		{"clock-is-right", .flag = &cli_clock_is_right},
		{"yes", .flag = &in->yes},
		{"retire", .take = read_count, .to = &in->told[RETIRE]},
		{"change", .take = read_count, .to = &in->told[CHANGE]},
		{"blank", .take = read_count, .to = &in->told[BLANK]},
		{"partial", .flag = &in->partial},
		{"separator", .take = read_separator, .to = &in->separator},
		{"encoding", .take = take_charset, .to = &in->charset},
		{"template", .flag = &in->template},
		{0},
	};

	TRY(cli_options(argc, argv, "import", options));
	if (in->template && in->dir && in->profile_name && optind == argc)
		return OK;
	if (!in->dir || !in->profile_name || in->template || optind + 1 != argc)
		return usage("import", "--data DIR, --profile NAME and one file are needed");
	in->path = argv[optind];
	return OK;
}

static void progress(const char *what, size_t n, size_t of)
{
	if (isatty(2))
		tell(stderr, "\rgaya: %s %zu of %zu\033[K%s", T(what), n, of,
			n < of ? "" : "\r\033[K");
}

/* Where the total is known only at the end. */
static void progress_so_far(const char *what, size_t n)
{
	if (isatty(2))
		tell(stderr, "\rgaya: %s %zu\033[K\r", what, n);
}

static void progress_end(void)
{
	if (isatty(2))
		emit(stderr, "\r\033[K");
}

static void progress_read(void *arg, size_t n)
{
	progress_so_far(T("mapped"), n);
}

static bool retires(const struct import *in)
{
	return json_is_true(json_object_get(profile_about(in->profile), "retire_missing"));
}

/* A format that holds every field is exported, edited by hand and imported again. A row missing
 * from such a sheet may never have been in it, so its retirement always needs confirmation. */
static bool is_own(const struct import *in)
{
	return json_is_true(
		json_object_get(json_object_get(profile_about(in->profile), "export"), "whole"));
}

/* --- reading and mapping --- */

static char *listed(const json_t *names)
{
	AUTO(buf) out = BUF(MIB);

	json_each_at (names, i, name)
		buf_printf(&out, "%s\"%s\"", i ? ", " : "", json_string_value(name));
	return buf_take(&out);
}

static bool is_in(const json_t *names, const json_t *name)
{
	json_each (names, one)
		if (json_equal(one, name))
			return true;
	return false;
}

/* Then a title is probably above the header. */
static bool header_is_below(const struct import *in, const json_t *lacks)
{
	json_t *row = json_object_get(json_array_get(in->sheet.file.rows, 0), "row");

	json_members (row, name, cell)
		if (is_in(lacks, cell))
			return true;
	return false;
}

/* A renamed or lost column would empty a field of every system. */
static enum err check_columns(struct import *in)
{
	json_auto_t *lacks = in->partial ? json_array() : sheet_lacks(&in->sheet);
	json_auto_t *unread = profile_unread(in->profile, &in->sheet.file);
	AUTOFREE char *names = listed(lacks), *has = listed(unread);

	if (json_array_size(lacks) == 0)
		return OK;
	if (header_is_below(in, lacks))
		return fail(ERR_INVALID,
			"%.60s: the first line must be the header, but it is \"%.60s\": delete what "
			"stands above the header",
			in->path, json_string_value(json_array_get(in->sheet.file.columns, 0)));
	if (json_array_size(unread) > 0)
		return fail(ERR_INVALID,
			"%.60s: the file lacks the column %.180s, which the profile reads. Was it renamed? "
			"The file has %.100s, which the profile does not know: rename or add the column "
			"(--partial only where what is missing is meant to be empty)",
			in->path, names, has);
	return fail(ERR_INVALID,
		"%.60s: the file lacks the column %.180s, which the profile reads: rename or add it "
		"(--partial only where what is missing is meant to be empty)",
		in->path, names);
}

static enum err check_header(void *arg)
{
	struct import *in = arg;
	enum err e = check_columns(in);

	in->placed = e != OK;
	return e;
}

static enum err ask_standard(struct import *in)
{
	json_auto_t *reply = NULL;
	AUTO(buf) text = BUF(STANDARD_MAX);

	TRY(office_call(in->office, json_make("{s:s}", "do", "standard"), NULL, &reply));
	json_canonical(json_object_get(reply, "standard"), &text);
	return standard_load(buf_text(&text), text.len, &in->asked);
}

/* The one in force. A server that holds the register says which. */
static enum err find_standard(struct import *in, const struct standard **out)
{
	struct reg *reg = office_reg(in->office);

	if (!reg && !in->asked)
		TRY(ask_standard(in));
	*out = reg ? reg_standard(reg) : in->asked;
	return OK;
}

static enum err read_rows(struct import *in)
{
	const struct sheet_file file = {.path = in->path,
		.charset = in->charset,
		.separator = in->separator,
		.arg = in,
		.check = check_header,
		.progress = progress_read};
	const struct standard *standard;
	enum err e;

	TRY(find_standard(in, &standard));
	e = sheet_read_file(&in->sheet, in->profile, standard, &file);
	if (e != OK && !in->placed)
		return fail_at(e, in->path);
	TRY(e);
	report_begin(&in->plan, profile_about(in->profile), in->path, &in->sheet, true);
	return OK;
}

/* The file comes before the register: a name that was mistyped opens nothing. */
static enum err read_file(struct import *in)
{
	TRY(profile_open(in->profile_name, PROFILE_IMPORT, &in->profile));
	ENSURE(file_exists(in->path), ERR_NOT_FOUND, "%s: %s", in->path,
		err_text(strerror(ENOENT)));
	TRY(office_open(in->dir, &env_real, &in->office));
	return read_rows(in);
}

/* --- what the register would do, or does --- */

/* A reason for citizens. They would not know the name of our own format as a source. */
static json_t *source_says(const struct import *in, bool again)
{
	const json_t *title = json_object_get(profile_about(in->profile), "title");
	const char *before = err_language();
	json_t *says = json_object();

	for (size_t i = 0; i < languages_n; i++) {
		const char *source;
		AUTOFREE char *text = NULL;

		err_speak(languages[i].code);
		source = is_own(in) ? T("the department's new list")
		                    : standard_text(title, languages[i].code, NULL);
		text = mem_printf(again ? T("The source has it again: %s.")
					: T("The source no longer has it: %s."),
			source);
		json_put(says, languages[i].code, json_text(text));
	}
	err_speak(before);
	return says;
}

static enum err ask_known(void *arg, const json_t *keys, json_t **out)
{
	struct import *in = arg;
	json_auto_t *reply = NULL;

	TRY(office_call(in->office,
		json_make("{s:s,s:s,s:O}", "do", "import-known", "profile",
			profile_name(in->profile), "keys", keys),
		NULL, &reply));
	*out = json_incref(json_object_get(reply, "records"));
	in->asked_for += json_array_size(keys);
	progress_so_far(T("keys looked up"), in->asked_for);
	return OK;
}

static enum err import_batch(struct import *in, bool dry, json_t *rows, struct report *report)
{
	json_auto_t *reply = NULL;

	TRY(office_call(in->office,
		json_make("{s:s,s:s,s:b,s:o,s:O}", "do", "import", "profile",
			profile_name(in->profile), "dry_run", dry, "again", source_says(in, true),
			"rows", rows),
		NULL, &reply));
	json_each (json_object_get(reply, "rows"), outcome) {
		if (dry && json_object_get(outcome, "own"))
			TRY(sheet_name(&in->sheet, json_str(outcome, "system")));
		in->sheet.nameless += dry && json_object_get(outcome, "unknown");
		report_outcome(report, outcome);
	}
	json_array_clear(rows);
	mem_give_back();
	return OK;
}

/* A system that its source retired or suspended is retired or suspended after all rows. */
static enum err take_mapped(
	struct import *in, json_t *mapped, json_t *batch, const struct report *report)
{
	const json_t *state = json_object_get(mapped, "state");

	json_array_append(batch, mapped);
	if (report->dry || !json_is_object(state))
		return OK;
	return sheet_put_state(&in->sheet, json_num(mapped, "line"), mapped);
}

/* Words of the map are the profile's; ours are already in the report's language. */
static enum err take_row(
	struct import *in, const json_t *made, json_t *batch, struct report *report)
{
	int64_t line = json_num(made, "line"), first = json_num(made, "same_as");
	json_t *error = json_object_get(made, "error"), *mapped = json_object_get(made, "mapped");

	report_left_out(report, json_object_get(made, "dropped"));
	if (first)
		report_duplicate(report, line, first);
	else if (error)
		report_unmapped(report, line, error);
	else if (mapped)
		return take_mapped(in, mapped, batch, report);
	else
		report_refused(report, line, json_str(made, "why"), NULL);
	return OK;
}

static enum err import_all(struct import *in, bool dry, struct report *report)
{
	json_auto_t *batch = json_array();
	enum err e = OK;
	int64_t line = 0;

	for (size_t n = 1; e == OK; n++) {
		json_auto_t *made = NULL;

		e = sheet_next(&in->sheet, &line, &made);
		if (e == OK)
			TRY(take_row(in, made, batch, report));
		if (json_array_size(batch) == BATCH || (e != OK && json_array_size(batch))) {
			TRY(import_batch(in, dry, batch, report));
			progress(dry ? "compared" : "imported", e == OK ? n : in->sheet.rows,
				in->sheet.rows);
		}
	}
	return e == ERR_NOT_FOUND ? OK : e;
}

/* Compares the systems that the profile brought, part by part. */
static enum err compare_systems(struct import *in, size_t *gone)
{
	AUTOFREE char *after = mem_text("");
	size_t n = 1;

	while (n) {
		json_auto_t *reply = NULL;
		const json_t *systems;

		TRY(office_call(in->office,
			json_make("{s:s,s:s,s:s}", "do", "import-systems", "profile",
				profile_name(in->profile), "after", after),
			NULL, &reply));
		systems = json_object_get(reply, "systems");
		n = json_array_size(systems);
		TRY(sheet_has(&in->sheet, systems, gone));
		in->known += n;
		progress_so_far(T("systems looked at"), in->known);
		if (n) {
			free(after);
			after = mem_text(json_str(json_array_get(systems, n - 1), "source"));
		}
	}
	return OK;
}

/* A row without a name may be any of the systems that seem gone, so they stay, unless their exact
 * number was confirmed. */
static enum err find_gone(struct import *in)
{
	size_t gone = 0;

	TRY(sheet_named(&in->sheet, &in->named));
	TRY(compare_systems(in, &gone));
	progress_end();
	if (!retires(in) || gone == 0)
		return OK;
	if (in->told[RETIRE] == 0) {
		report_kept(&in->plan, gone, 0);
		return OK;
	}
	if (in->sheet.nameless && !(in->yes && in->told[RETIRE] == gone)) {
		report_kept(&in->plan, gone, in->sheet.nameless);
		return OK;
	}
	in->gone = gone;
	report_retired(&in->plan, gone);
	return OK;
}

static enum err plan(struct import *in)
{
	TRY(sheet_settle(&in->sheet, ask_known, in));
	TRY(import_all(in, true, &in->plan));
	ENSURE(in->sheet.records > 0, ERR_INVALID,
		"%s has no row that could be imported, so nothing was imported and nothing retired",
		in->path);
	return find_gone(in);
}

/* --- confirming a large plan --- */

static bool is_small(const struct import *in, int change, size_t n)
{
	size_t of = in->known + in->named;

	if (change == RETIRE && is_own(in))
		return n == 0;
	return n <= 1 || n * SMALL_SHARE <= of;
}

static void count_changes(const struct import *in, size_t counts[CHANGES])
{
	counts[RETIRE] = in->gone;
	counts[CHANGE] = report_count(&in->plan, "changed") + in->plan.restating;
	counts[BLANK] = in->plan.blanking;
}

/* A large plan in words, and the options that confirm it; empty if it is small or confirmed. */
static void large_changes(const struct import *in, struct buf *words, struct buf *confirm_by)
{
	static const char *const messages[] = {
		[RETIRE] = "retire",
		[CHANGE] = "change",
		[BLANK] = "empty fields of",
	};
	size_t counts[CHANGES];

	count_changes(in, counts);
	for (int c = 0; c < CHANGES; c++) {
		if (is_small(in, c, counts[c]) || (in->yes && in->told[c] == counts[c]))
			continue;
		buf_printf(words, "%s%s %zu", words->len ? ", " : "", T(messages[c]), counts[c]);
		buf_printf(confirm_by, " %s %zu", change_options[c], counts[c]);
	}
}

/* On a terminal people type the sum of the numbers shown, because "y" is typed too easily. */
static bool typed(size_t sum)
{
	char line[32];

	tell(stderr, "To go on, type the sum of these numbers (%zu): ", sum);
	return fgets(line, sizeof(line), stdin) && strtoul(line, NULL, 10) == sum;
}

static size_t large_sum(const struct import *in)
{
	size_t counts[CHANGES], sum = 0;

	count_changes(in, counts);
	for (int c = 0; c < CHANGES; c++)
		sum += is_small(in, c, counts[c]) ? 0 : counts[c];
	return sum;
}

/* False if there is no terminal, or the user declines. */
static bool asked(struct import *in, const char *words, struct report **told)
{
	if (!isatty(0) || !isatty(2))
		return false;
	report_print(&in->plan, false, OK);
	*told = NULL; /* already printed */
	emit(stderr, "gaya: %s\n", words);
	return typed(large_sum(in));
}

static enum err confirm(struct import *in, struct report **told)
{
	AUTO(buf) words = BUF(KIB), confirm_by = BUF(KIB);

	large_changes(in, &words, &confirm_by);
	if (!words.len || asked(in, buf_text(&words), told))
		return OK;
	if (is_own(in) && in->gone)
		return fail(ERR_INVALID,
			"this would %s: a system that the file lacks is retired, so nothing was imported. "
			"To import only the rows that it has, and retire none: --retire 0. If it is meant "
			"so: --yes%s",
			buf_text(&words), buf_text(&confirm_by));
	return fail(ERR_INVALID,
		"of the %zu systems that are here this would %s: more than one in ten, so nothing "
		"was imported. Is it the right file, and whole? If it is meant so: --yes%s",
		in->known + in->named, buf_text(&words), buf_text(&confirm_by));
}

/* --- writing --- */

static enum err retire(struct import *in)
{
	int64_t n = 0;

	for (size_t done = 0; done < in->gone;) {
		json_auto_t *slugs = NULL, *reply = NULL;

		TRY(sheet_gone(&in->sheet, &n, BATCH, &slugs));
		done += json_array_size(slugs);
		TRY(office_call(in->office,
			json_make("{s:s,s:s,s:O,s:o}", "do", "import-retire", "profile",
				profile_name(in->profile), "systems", slugs, "reason",
				source_says(in, false)),
			NULL, &reply));
		report_retired(&in->report, done);
		progress("systems retired", done, in->gone);
	}
	return OK;
}

/* Judges resumed systems by policies that were adopted while they were retired. */
static enum err judge_resumed(struct import *in)
{
	int64_t left = report_count(&in->report, "resumed") ? 1 : 0;

	while (left) {
		json_auto_t *reply = NULL;

		TRY(office_call(in->office, json_make("{s:s}", "do", "rejudge"), NULL, &reply));
		left = json_num(reply, "left");
	}
	return OK;
}

/* A nightly import that finds no change should not ask about the clock. */
static bool writes(const struct import *in)
{
	return report_count(&in->plan, "new") || report_count(&in->plan, "changed") ||
	       report_count(&in->plan, "resumed") || in->plan.restating || in->gone;
}

static enum err set_states(struct import *in)
{
	for (size_t n = 0;;) {
		json_auto_t *states = NULL, *reply = NULL;

		TRY(sheet_next_states(&in->sheet, BATCH, &states));
		if (json_array_size(states) == 0)
			return OK;
		TRY(office_call(in->office,
			json_make("{s:s,s:s,s:O,s:o}", "do", "import-states", "profile",
				profile_name(in->profile), "rows", states, "reason",
				source_says(in, false)),
			NULL, &reply));
		n += json_array_size(states);
		progress_so_far(T("states set"), n);
	}
}

static enum err write_all(struct import *in)
{
	TRY(import_all(in, false, &in->report));
	TRY(judge_resumed(in));
	TRY(set_states(in));
	progress_end();
	return retire(in);
}

static enum err explain(struct import *in, struct report *report)
{
	const struct standard *standard;

	if (!report_count(report, "refused"))
		return OK;
	TRY(find_standard(in, &standard));
	return report_explain(report, standard);
}

/* `*told`: the report of the final result. */
static enum err import(struct import *in, struct report **told)
{
	*told = &in->plan;
	TRY(read_file(in));
	TRY(plan(in));
	TRY(explain(in, &in->plan));
	if (in->dry)
		return OK;
	TRY(confirm(in, told));
	if (writes(in))
		TRY(cli_check_clock(in->office));
	*told = &in->report;
	report_begin(&in->report, profile_about(in->profile), in->path, &in->sheet, false);
	report_keep(&in->report, &in->plan);
	TRY(write_all(in));
	return explain(in, &in->report);
}

/* The empty sheet of a profile, in the language of the terminal, on standard output. */
static enum err print_template(struct import *in)
{
	const struct standard *standard;
	AUTO(buf) out = BUF(MIB);
	struct labels *labels;

	TRY(profile_open(in->profile_name, PROFILE_IMPORT, &in->profile));
	TRY(office_open(in->dir, &env_real, &in->office));
	TRY(find_standard(in, &standard));
	labels = labels_open(in->profile, standard);
	ENSURE(labels, ERR_INVALID, "the profile %s has no sheet to fill in by the form's labels",
		profile_name(in->profile));
	labels_template(labels, cli_lang(), &out);
	labels_free(labels);
	TRY(buf_check(&out, profile_name(in->profile)));
	fwrite(buf_text(&out), 1, out.len, stdout);
	return OK;
}

static void import_done(struct import *in)
{
	sheet_done(&in->sheet);
	standard_free(in->asked);
	office_close(in->office);
	profile_free(in->profile);
	report_done(&in->plan);
	report_done(&in->report);
}

enum err cli_import(int argc, char **argv)
{
	AUTO(import)
	in = {.told = {NOT_TOLD, NOT_TOLD, NOT_TOLD}};
	struct report *told = NULL;
	enum err e;

	mem_one_heap();
	TRY(parse(argc, argv, &in));
	if (in.template)
		return print_template(&in);
	e = import(&in, &told);
	if (told)
		report_print(told, in.json, e);
	TRY(e);
	return report_outcome_of_all(told);
}
