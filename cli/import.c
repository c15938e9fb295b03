/* Another register's file into this one, in four steps: read it, map every row, see what would
 * go, write. Nothing is written before the whole file was read and mapped, so that a wrong file
 * is found out while the register is still as it was. */
#include "cli/cli.h"

#include "base/charset.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/sha256.h"
#include "cli/import_report.h"
#include "registry/office_socket.h"
#include "registry/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILE_MAX (256 * MIB)
#define BATCH 512     /* rows in one transaction */
#define KEY_BYTES 200 /* a longer key stands as its hash: an event's line has little room */

struct import {
	const char *dir, *profile_name, *path;
	bool dry, json, many;
	enum charset charset;
	struct profile *profile;
	struct office *office;
	json_t *rows;    /* as profile_rows() gives them */
	json_t *seen;    /* SHA-256 of a whole row -> the line it stands on */
	json_t *keys;    /* a set: every key of the file, those of refused rows too */
	json_t *mapped;  /* what goes to the register: {"line", "key", "slug", …} */
	json_t *gone;    /* slugs that the register has and the file has not */
	size_t nameless; /* refused rows whose key nobody can tell */
	struct report report;
};

static const struct option options[] = {
	{"data", required_argument, NULL, 'd'},
	{"profile", required_argument, NULL, 'p'},
	{"dry-run", no_argument, NULL, 'n'},
	{"json", no_argument, NULL, 'j'},
	{"retire-many", no_argument, NULL, 'r'},
	{"encoding", required_argument, NULL, 'e'},
	{0},
};

static enum err parse(int argc, char **argv, struct import *in)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'd':
			in->dir = optarg;
			break;
		case 'p':
			in->profile_name = optarg;
			break;
		case 'n':
			in->dry = true;
			break;
		case 'j':
			in->json = true;
			break;
		case 'r':
			in->many = true;
			break;
		case 'e':
			TRY(charset_find(optarg, &in->charset));
			break;
		default:
			return usage("import", "wrong option");
		}
	}
	if (!in->dir || !in->profile_name || optind + 1 != argc)
		return usage("import", "--data DIR, --profile NAME and one file are needed");
	in->path = argv[optind];
	return OK;
}

static void progress(const char *what, size_t n, size_t of)
{
	if (isatty(2))
		fprintf(stderr, "\rgaya: %s %zu of %zu\033[K%s", what, n, of,
			n < of ? "" : "\r\033[K");
}

static bool retires(const struct import *in)
{
	return json_is_true(json_object_get(profile_about(in->profile), "retire_missing"));
}

/* --- reading and mapping --- */

static enum err read_text(const struct import *in, struct buf *out)
{
	AUTO(buf) bytes = BUF(FILE_MAX);
	enum err e;

	TRY(file_read(in->path, &bytes));
	e = charset_decode(in->charset, buf_text(&bytes), bytes.len, out);
	ENSURE(e == OK, e, "%s: %s", in->path, err_why());
	return buf_check(out, in->path);
}

static enum err read_rows(struct import *in)
{
	AUTO(buf) text = BUF(FILE_MAX);

	TRY(profile_open(in->profile_name, PROFILE_IMPORT, &in->profile));
	TRY(read_text(in, &text));
	TRY(profile_rows(in->profile, buf_text(&text), text.len, &in->rows));
	report_begin(&in->report, profile_about(in->profile), in->path, json_array_size(in->rows),
		in->dry);
	return OK;
}

/* The line of an earlier row that is the same in every column; 0 for none. */
static int64_t same_as(struct import *in, const json_t *row, int64_t line)
{
	AUTO(buf) text = BUF(FILE_MAX);
	char hex[SHA256_HEX];
	struct sha256 hash;
	int64_t first;

	json_canonical(row, &text);
	hash = sha256_of(buf_text(&text), text.len);
	sha256_hex(&hash, hex);
	first = json_num(in->seen, hex);
	if (!first)
		json_put(in->seen, hex, json_integer(line));
	return first;
}

static bool take_key(struct import *in, const char *key)
{
	if (json_object_get(in->keys, key))
		return false;
	json_put(in->keys, key, json_true());
	return true;
}

static char *short_key(const char *key)
{
	struct sha256 hash;
	char hex[SHA256_HEX];

	if (strlen(key) <= KEY_BYTES)
		return mem_text(key);
	hash = sha256_of(key, strlen(key));
	sha256_hex(&hash, hex);
	return mem_printf("sha256:%s", hex);
}

/* The key by which the row is known from one import to the next (policies/profiles/
 * us-federal-2025/README.md, "Keys and repeats"); NULL where the map could not tell it. */
static char *choose_key(struct import *in, const json_t *mapped, bool *repeated)
{
	const char *key = json_str(mapped, "key"), *other = json_str(mapped, "key_if_repeated");
	AUTOFREE char *first = key && *key ? short_key(key) : NULL;

	*repeated = false;
	if (!first || take_key(in, first))
		return TAKE(first);
	*repeated = true;
	for (int n = 1;; n++) {
		AUTOFREE char *numbered = n > 1 ? mem_printf("%s#%d", other ? other : key, n)
		                                : mem_text(other ? other : key);
		AUTOFREE char *next = short_key(numbered);

		if (take_key(in, next))
			return TAKE(next);
	}
}

/* The profile's readable wish; where the source's own number does not make it the only one, with
 * the key's hash behind it. */
static json_t *choose_slug(const json_t *mapped, const char *key, bool repeated)
{
	const char *hint = json_str(mapped, "slug_hint");
	AUTOFREE char *slug = NULL;
	struct sha256 hash;
	char hex[9];

	if (!hint || (json_str(mapped, "id") && !repeated))
		return json_text(hint);
	hash = sha256_of(key, strlen(key));
	hex_text(hash.bytes, 4, hex);
	slug = mem_printf("%s-%s", hint, hex);
	return json_text(slug);
}

/* A row that is no record takes its key all the same, so that it retires nothing. Repeated, it
 * may be any of those with that key. */
static void take_unmapped(struct import *in, int64_t line, const json_t *mapped)
{
	bool repeated;
	AUTOFREE char *key = choose_key(in, mapped, &repeated);

	in->nameless += !key || repeated;
	report_unmapped(&in->report, line, json_object_get(mapped, "error"));
}

static void take_mapped(struct import *in, int64_t line, const json_t *mapped)
{
	bool repeated;
	AUTOFREE char *key = choose_key(in, mapped, &repeated);

	if (!key) {
		in->nameless++;
		report_refused(&in->report, line, "the profile gave no key for this row", NULL);
		return;
	}
	report_left_out(&in->report, json_object_get(mapped, "dropped"));
	json_push(in->mapped, json_make("{s:I,s:s,s:o,s:O?,s:O?}", "line", (json_int_t)line, "key",
				      key, "slug", choose_slug(mapped, key, repeated), "department",
				      json_object_get(mapped, "department"), "record",
				      json_object_get(mapped, "record")));
}

static void map_row(struct import *in, const json_t *entry)
{
	const json_t *row = json_object_get(entry, "row"), *cells = json_object_get(entry, "cells");
	int64_t line = json_num(entry, "line"), first = same_as(in, row, line);
	json_auto_t *mapped = NULL;

	if (first) {
		report_duplicate(&in->report, line, first);
	} else if (cells) {
		AUTOFREE char *why = mem_printf("it has %lld cells, not as many as the header",
			(long long)json_integer_value(cells));

		in->nameless++;
		report_refused(&in->report, line, why, NULL);
	} else if (profile_map(in->profile, row, &mapped) != OK) {
		in->nameless++;
		report_refused(&in->report, line, err_why(), NULL);
	} else if (json_object_get(mapped, "error")) {
		take_unmapped(in, line, mapped);
	} else {
		take_mapped(in, line, mapped);
	}
}

static enum err map_rows(struct import *in)
{
	size_t i, n = json_array_size(in->rows);
	json_t *entry;

	json_array_foreach(in->rows, i, entry)
	{
		map_row(in, entry);
		if (i % 64 == 63 || i + 1 == n)
			progress("mapped", i + 1, n);
	}
	ENSURE(json_array_size(in->mapped) > 0, ERR_INVALID,
		"%s has no row that could be imported, so nothing was imported and nothing retired",
		in->path);
	return OK;
}

/* --- writing --- */

static enum err import_batch(struct import *in, size_t from, size_t to)
{
	json_auto_t *reply = NULL;
	json_t *rows = json_array(), *outcome;
	size_t i;

	for (i = from; i < to; i++)
		json_array_append(rows, json_array_get(in->mapped, i));
	TRY(office_call(in->office,
		json_make("{s:s,s:s,s:b,s:o}", "do", "import", "profile", profile_name(in->profile),
			"dry_run", in->dry, "rows", rows),
		NULL, &reply));
	json_array_foreach(json_object_get(reply, "rows"), i, outcome)
	{
		report_outcome(&in->report, outcome);
	}
	return OK;
}

static enum err import_all(struct import *in)
{
	size_t n = json_array_size(in->mapped);

	for (size_t from = 0; from < n; from += BATCH) {
		size_t to = from + BATCH < n ? from + BATCH : n;

		TRY(import_batch(in, from, to));
		progress(in->dry ? "compared" : "imported", to, n);
	}
	return OK;
}

/* --- what the source no longer has --- */

static json_t *reason(const struct import *in)
{
	const json_t *title = json_object_get(profile_about(in->profile), "title");
	AUTOFREE char *ko = mem_printf("출처인 %s에 더 이상 없습니다.", json_str(title, "ko"));
	AUTOFREE char *en = mem_printf("The source no longer has it: %s.", json_str(title, "en"));

	return json_make("{s:s,s:s}", "ko", ko, "en", en);
}

static enum err call_retire(struct import *in, bool dry, json_t **slugs)
{
	json_auto_t *reply = NULL;
	json_t *keys = json_array(), *one;
	const char *key;

	json_object_foreach(in->keys, key, one) json_push(keys, json_text(key));
	TRY(office_call(in->office,
		json_make("{s:s,s:s,s:o,s:o,s:b,s:b}", "do", "import-retire", "profile",
			profile_name(in->profile), "keys", keys, "reason", reason(in), "many",
			in->many, "dry_run", dry),
		NULL, &reply));
	*slugs = json_incref(json_object_get(reply, "retired"));
	return OK;
}

/* Before anything is written: once the file's rows are in, they would count as known. */
static enum err find_gone(struct import *in)
{
	enum err e;

	if (!retires(in))
		return OK;
	e = call_retire(in, true, &in->gone);
	ENSURE(e != ERR_INVALID, e,
		"%s. Is it the right file, and whole? Nothing was imported; --retire-many does it "
		"all the same",
		err_why());
	return e;
}

/* A row that nobody can name may be any of those that seem gone. */
static enum err retire(struct import *in)
{
	json_auto_t *retired = NULL;

	if (json_array_size(in->gone) == 0)
		return OK;
	if (in->nameless && !in->many) {
		report_kept(&in->report, in->gone, in->nameless);
		return OK;
	}
	if (in->dry)
		retired = json_incref(in->gone);
	else
		TRY(call_retire(in, false, &retired));
	report_retired(&in->report, retired);
	return OK;
}

static enum err import(struct import *in)
{
	struct reg *reg;

	TRY(read_rows(in));
	TRY(office_open(in->dir, &env_real, &in->office));
	TRY(map_rows(in));
	TRY(find_gone(in));
	TRY(import_all(in));
	TRY(retire(in));
	reg = office_reg(in->office);
	return report_explain(&in->report, reg ? reg_standard(reg) : NULL);
}

static void import_done(struct import *in)
{
	office_close(in->office);
	profile_free(in->profile);
	json_decref(in->rows);
	json_decref(in->seen);
	json_decref(in->keys);
	json_decref(in->mapped);
	json_decref(in->gone);
	report_done(&in->report);
}

enum err cli_import(int argc, char **argv)
{
	AUTO(import) in = {.seen = json_object(), .keys = json_object(), .mapped = json_array()};
	enum err e;

	TRY(parse(argc, argv, &in));
	e = import(&in);
	report_print(&in.report, in.json, e);
	TRY(e);
	return report_outcome_of_all(&in.report);
}
