#include "registry/profile/export.h"

#include "base/csv.h"
#include "base/env.h"
#include "base/languages.h"
#include "base/zone.h"
#include "registry/event/settings.h"
#include "registry/policy/policies.h"
#include "registry/query/figures.h"
#include "registry/query/incidents.h"
#include "registry/query/query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROW_MAX (4 * MIB) /* of one system, in any format */
#define PART 64           /* systems between two pauses */

SQL(NOW, "export.now",
	"SELECT s.slug, s.department, d.about, s.state, s.version, s.first_at, "
	"s.changed_at,"
	" v.at, s.successor, s.source, v.sha256, s.reason FROM system s"
	" CROSS JOIN department d ON d.slug = s.department"
	" JOIN version v ON v.system = s.slug AND v.n = s.version"
	" WHERE s.version > 0 AND s.slug > ?1 ORDER BY s.slug LIMIT 1");
SQL(AS_OF, "export.as_of",
	"SELECT s.slug, f.department, d.about, m.state, v.n, s.first_at, m.at, v.at,"
	" m.successor, s.source, v.sha256, m.reason FROM system s"
	" CROSS JOIN version v ON v.system = s.slug AND v.n ="
	" (SELECT max(n) FROM version WHERE system = s.slug AND at < ?1)"
	" JOIN filing f ON f.entry = v.filing JOIN department d ON d.slug = f.department"
	" JOIN milestone m ON m.entry ="
	" (SELECT max(entry) FROM milestone WHERE system = s.slug AND at < ?1"
	" AND type LIKE 'system.%')"
	" WHERE s.slug > ?2 ORDER BY s.slug LIMIT 1");
SQL(JUDGED, "export.judged",
	"SELECT sha256 FROM judgement WHERE system = ?1 AND version = ?2"
	" AND (?3 IS NULL OR at < ?3) ORDER BY entry DESC LIMIT 1");
SQL(ERASED, "export.erased",
	"SELECT count(c.erased_entry) FROM version v JOIN content_state c"
	" ON c.sha256 = v.sha256 WHERE v.system = ?1");
enum column {
	SLUG,
	DEPARTMENT,
	DEPARTMENT_ABOUT,
	STATE,
	VERSION,
	FIRST_AT,
	CHANGED_AT,
	PUBLISHED_AT,
	SUCCESSOR,
	SOURCE,
	CONTENT,
	REASON
};

enum count { SYSTEMS, EXPORTED, LOSSY, SKIPPED, FAILED, COUNTS };
static const char *const count_names[] = {[SYSTEMS] = "systems",
	[EXPORTED] = "exported",
	[LOSSY] = "lossy",
	[SKIPPED] = "skipped",
	[FAILED] = "failed"};

struct export
{
	const struct snapshot *snap;
	struct profile *profile;
	const struct export_wish *wish;
	const char *lang; /* NULL: all */
	FILE *out, *report;
	json_t *register_, *about;
	size_t counts[COUNTS], told;
	json_t *lost, *skips; /* field -> number of systems; reason -> {"why", "systems"} */
	json_t *document;     /* around the rows; NULL: the list of rows is the document */
	struct policies in_force;
	char *common; /* what the inputs of all systems depend on */
};

static void export_done(struct export *x)
{
	json_decref(x->register_);
	json_decref(x->about);
	json_decref(x->lost);
	json_decref(x->skips);
	json_decref(x->document);
	policies_done(&x->in_force);
	free(x->common);
}

/* --- the input of the program --- */

static void put_text(json_t *object, const char *key, const char *s)
{
	if (s)
		json_put(object, key, json_text(s));
}

static json_t *parsed(const char *text)
{
	json_t *value = text ? json_loads(text, 0, NULL) : NULL;

	return value ? value : json_object();
}

static json_t *department_of(struct rows *row)
{
	json_auto_t *about = parsed(rows_text(row, DEPARTMENT_ABOUT));
	json_t *name = json_object_get(about, "name");

	return json_make("{s:s,s:o}", "slug", rows_text(row, DEPARTMENT), "name",
		name ? json_incref(name) : json_object());
}

/* The day of a time in the register's time zone. */
static void put_day(json_t *object, const char *key, const char *moment)
{
	char day[DAY_TEXT];
	int64_t at;

	if (time_parse(moment, &at) != OK)
		return;
	zone_day(at, 0, day);
	put_text(object, key, day);
}

static json_t *system_of(const struct export *x, struct rows *row)
{
	const char *slug = rows_text(row, SLUG);
	const struct language *own = x->lang ? language_of(x->lang, strlen(x->lang)) : NULL;
	const char *page = own ? own->code : languages[0].code;
	AUTOFREE char *url = mem_printf("%s/%s/systems/%s", x->wish->base, page, slug);
	json_t *system = json_make("{s:s,s:o,s:s,s:I,s:s,s:s,s:s,s:s}", "slug", slug, "department",
		department_of(row), "state", rows_text(row, STATE), "version",
		(json_int_t)rows_int(row, VERSION), "first_at", rows_text(row, FIRST_AT),
		"changed_at", rows_text(row, CHANGED_AT), "published_at",
		rows_text(row, PUBLISHED_AT), "url", url);

	put_day(system, "published_on", rows_text(row, PUBLISHED_AT));
	put_text(system, "successor", rows_text(row, SUCCESSOR));
	put_text(system, "source", rows_text(row, SOURCE));
	return system;
}

/* A content; NULL if it was erased. */
static enum err content_of(struct export *x, const char *hex, json_t **out)
{
	AUTO(buf) bytes = BUF(MIB);
	struct sha256 hash;
	enum err e;

	*out = NULL;
	TRY(sha256_from_hex(hex, &hash));
	e = x->snap->log.ops->content(x->snap->log.self, &hash, &bytes);
	if (e == OK)
		*out = parsed(buf_text(&bytes));
	return e == ERR_NOT_FOUND ? OK : e;
}

/* The record of a version; NULL if its content was erased. */
static enum err record_of(struct export *x, const char *hex, json_t **out)
{
	json_auto_t *content = NULL;

	TRY(content_of(x, hex, &content));
	*out = json_incref(json_object_get(content, "record"));
	return OK;
}

/* Sets the reason why the system is suspended or retired, unless the reason was erased. */
static enum err put_reason(struct export *x, const char *hex, json_t *system)
{
	json_auto_t *content = NULL;

	if (!hex || strcmp(json_str(system, "state"), "published") == 0)
		return OK;
	TRY(content_of(x, hex, &content));
	if (json_object_get(content, "reason"))
		json_put(system, "reason", json_incref(json_object_get(content, "reason")));
	return OK;
}

static const char *time_of(const struct export *x)
{
	return x->wish->before ? x->wish->before : json_str(x->about, "at");
}

static enum err load_register(struct export *x)
{
	const json_t *about;

	TRY(query_register(x->snap, &x->about));
	about = json_object_get(x->about, "about");
	x->register_ = json_make("{s:O*,s:O*,s:O*,s:O*,s:s,s:s,s:s}", "name",
		json_object_get(about, "name"), "office", json_object_get(about, "office"),
		"contact", json_object_get(about, "contact"), "languages",
		json_object_get(about, "languages"), "licence", settings_licence(about, NULL),
		"origin", json_str(x->about, "origin"), "base", x->wish->base);
	return OK;
}

/* --- the report --- */

static void add_one(json_t *counts, const char *name)
{
	json_put(counts, name, json_integer(json_num(counts, name) + 1));
}

static void write_json(FILE *to, const json_t *value)
{
	json_dumpf(value, to, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);
}

/* Writes a line of the report; takes ownership of `what`. */
static void tell(struct export *x, const char *slug, const char *key, json_t *what)
{
	json_auto_t *entry = json_make("{s:s,s:o}", "system", slug, key, what);

	if (!x->report)
		return;
	fputs(x->told++ ? ",\n" : "\n", x->report);
	write_json(x->report, entry);
}

static void tell_skip(struct export *x, const char *slug, const json_t *why)
{
	AUTOFREE char *key = json_dumps(why, JSON_COMPACT | JSON_SORT_KEYS);
	json_t *one = json_object_get(x->skips, key);

	x->counts[SKIPPED]++;
	if (!one)
		json_put(x->skips, key,
			one = json_make("{s:O,s:i}", "why", (json_t *)why, "systems", 0));
	add_one(one, "systems");
	tell(x, slug, "skip", json_incref((json_t *)why));
}

static void skip(struct export *x, const char *slug, const char *sentence)
{
	json_auto_t *why = language_texts(sentence);

	tell_skip(x, slug, why);
}

/* A field counts once for each system, however many of its values were lost. */
static void tell_lost(struct export *x, const char *slug, json_t *lost)
{
	json_auto_t *fields = json_object();

	if (!json_array_size(lost))
		return;
	x->counts[LOSSY]++;
	json_each (lost, one)
		json_put(fields, json_str(one, "field"), json_true());
	json_members (fields, field, one)
		add_one(x->lost, field);
	tell(x, slug, "lost", json_incref(lost));
}

static json_t *counts_of(const struct export *x)
{
	json_t *counts = json_object();

	for (size_t i = 0; i < COUNTS; i++)
		json_put(counts, count_names[i], json_integer((json_int_t)x->counts[i]));
	return counts;
}

static void report_begin(struct export *x)
{
	json_auto_t *head = json_make("{s:s,s:s*,s:O,s:O,s:s}", "profile", profile_name(x->profile),
		"lang", x->lang, "origin", json_object_get(x->about, "origin"), "entries",
		json_object_get(x->about, "entries"), "at", time_of(x));
	AUTO(buf) text = BUF(64 * KIB);

	if (!x->report)
		return;
	json_canonical(head, &text);
	fwrite(text.data, 1, text.len - 1, x->report); /* without "}", as the object continues */
	fputs(",\n\"systems\":[", x->report);
}

static json_t *summary_of(struct export *x)
{
	json_t *list = json_array();

	json_members (x->skips, why, one)
		json_array_append(list, one);
	return json_make("{s:o,s:O,s:o}", "counts", counts_of(x), "lost", x->lost, "skips", list);
}

static void report_end(struct export *x)
{
	json_auto_t *counts = counts_of(x);

	if (!x->report)
		return;
	fputs("\n],\n\"counts\":", x->report);
	write_json(x->report, counts);
	fputs(",\"lost\":", x->report);
	write_json(x->report, x->lost);
	fputs("}\n", x->report);
}

/* --- rows --- */

static enum err row_of(struct export *x, const json_t *row, struct buf *out)
{
	if (profile_output(x->profile) == OUTPUT_CSV) {
		csv_add_row(profile_export(x->profile, "columns"), row, out);
	} else {
		AUTOFREE char *text =
			json_dumps(row, JSON_SORT_KEYS | JSON_COMPACT | JSON_ENCODE_ANY);

		buf_puts(out, text);
	}
	return buf_check(out, "a row");
}

static void write_row(struct export *x, const struct buf *row)
{
	if (profile_output(x->profile) == OUTPUT_JSON)
		fputs(x->counts[EXPORTED] ? ",\n" : "\n", x->out);
	fwrite(row->data, 1, row->len, x->out);
	if (profile_output(x->profile) == OUTPUT_JSONL)
		fputc('\n', x->out);
	x->counts[EXPORTED]++;
}

/* The policies' assessment of the version at its time; null if there was none. */
static json_t *judgement_of(struct export *x, const char *slug, const json_t *system)
{
	json_auto_t *judged = NULL;

	if (query_judgement(x->snap, slug, json_num(system, "version"), x->wish->before, &judged) !=
		OK)
		return json_null();
	return json_incref(json_object_get(judged, "judgement"));
}

/* Sets what the department reported apart from the record, at the exported time. */
static enum err put_reports(struct export *x, const char *slug, json_t *input)
{
	json_t *figures, *incidents;
	char day[DAY_TEXT];
	int64_t at;

	TRY(time_parse(time_of(x), &at));
	zone_day(at - (x->wish->before ? 1 : 0), 0, day);
	TRY(figures_of(x->snap, slug, x->wish->before, &figures));
	json_put(input, "figures", figures);
	TRY(incidents_of(x->snap,
		&(struct incident_filter){.system = slug, .before = x->wish->before, .day = day},
		&incidents));
	json_put(input, "incidents", incidents);
	return OK;
}

/* {policy: {field: items}…}: the values that the programs of policies in force receive instead of
 * the record's, each item with the day on which it entered the log. */
static enum err given_of(struct export *x, const char *slug, const json_t *record, json_t **out)
{
	json_auto_t *given = json_object();

	for (size_t i = 0; i < x->in_force.n; i++) {
		const struct policy *policy = x->in_force.all[i].policy;
		const json_t *asked = policy_logged(policy);
		json_t *fields;

		if (!asked)
			continue;
		TRY(query_logged_fields(x->snap, slug, record, asked, &fields));
		json_put(given, policy_id(policy), fields);
	}
	*out = TAKE(given);
	return OK;
}

static enum err input_of(
	struct export *x, const char *slug, json_t *system, json_t *record, json_t **out)
{
	json_auto_t *input = json_make("{s:O,s:O,s:O,s:o,s:o,s:I}", "register", x->register_,
		"system", system, "record", record, "judgement", judgement_of(x, slug, system),
		"lang", json_text(x->lang), "number", (json_int_t)x->counts[EXPORTED] + 1);
	json_t *given = NULL;

	TRY(given_of(x, slug, record, &given));
	json_put(input, "given", given);
	TRY(put_reports(x, slug, input));
	*out = TAKE(input);
	return OK;
}

/* Makes the row, if there is one, and what is reported about the system: {"lost"?} or {"skip"}.
 * ERR_INVALID if the program fails on it. */
static enum err unmap(struct export *x, const char *slug, json_t *system, json_t *record,
	struct buf *row, json_t **told)
{
	json_auto_t *input = NULL, *made = NULL;

	TRY(input_of(x, slug, system, record, &input));
	TRY(profile_unmap(x->profile, input, &made));
	if (!json_object_get(made, "skip"))
		TRY(row_of(x, json_object_get(made, "row"), row));
	*told = json_make("{s:O?,s:O?}", "lost", json_object_get(made, "lost"), "skip",
		json_object_get(made, "skip"));
	return OK;
}

static void tell_made(struct export *x, const char *slug, const struct buf *row, const json_t *told)
{
	if (json_is_object(json_object_get(told, "skip"))) {
		tell_skip(x, slug, json_object_get(told, "skip"));
		return;
	}
	write_row(x, row);
	tell_lost(x, slug, json_object_get(told, "lost"));
}

static enum err sha256_named(
	struct export *x, const struct sql *statement, const struct val *args, struct buf *out)
{
	AUTO(rows) row = {0};
	enum err e = db_one(x->snap->model, statement, args, &row);

	if (e == OK)
		buf_printf(out, "%s\n", rows_text(&row, 0));
	return e == ERR_NOT_FOUND ? OK : e;
}

/* The hash of everything that input_of() reads. It uses the hashes of contents, so that no content
 * is read, and the number of erased earlier records, because a policy's days depend on them. */
static enum err key_of(struct export *x, const char *slug, const json_t *system,
	const char *content, struct sha256 *out)
{
	json_auto_t *reports = json_object();
	AUTOFREE char *about = NULL, *reported = NULL;
	AUTO(buf) key = BUF(ROW_MAX);

	TRY(put_reports(x, slug, reports));
	about = json_dumps(system, JSON_SORT_KEYS | JSON_COMPACT);
	reported = json_dumps(reports, JSON_SORT_KEYS | JSON_COMPACT);
	buf_printf(&key, "%s\n%s\n%s\n%s\n", x->common, about, reported, content);
	if (profile_numbers(x->profile))
		buf_printf(&key, "%zu\n", x->counts[EXPORTED] + 1);
	TRY(sha256_named(x, JUDGED,
		BIND(text(slug), num(json_num(system, "version")), text(x->wish->before)), &key));
	TRY(sha256_named(x, ERASED, BIND(text(slug)), &key));
	TRY(buf_check(&key, "a key"));
	*out = sha256_of(key.data, key.len);
	return OK;
}

static enum err export_made(struct export *x, const char *slug, json_t *system, json_t *record,
	const struct sha256 *key)
{
	AUTO(buf) row = BUF(ROW_MAX);
	json_auto_t *told = NULL;
	enum err e = unmap(x, slug, system, record, &row, &told);

	if (e == ERR_INVALID) {
		x->counts[FAILED]++;
		tell(x, slug, "failed", json_text(err_why()));
		return OK;
	}
	TRY(e);
	tell_made(x, slug, &row, told);
	if (x->wish->results)
		results_add(x->wish->results, key, &row, told);
	return OK;
}

static enum err export_record(
	struct export *x, const char *slug, json_t *system, const char *content)
{
	AUTO(buf) row = BUF(ROW_MAX);
	json_auto_t *told = NULL, *record = NULL;
	struct sha256 key = {0};

	if (x->wish->known || x->wish->results)
		TRY(key_of(x, slug, system, content, &key));
	told = results_find(x->wish->known, &key, &row);
	if (told) {
		tell_made(x, slug, &row, told);
		if (x->wish->results)
			results_add(x->wish->results, &key, &row, told);
		return OK;
	}
	TRY(record_of(x, content, &record));
	if (!record) {
		skip(x, slug, "The content of its record was erased.");
		return OK;
	}
	return export_made(x, slug, system, record, &key);
}

static enum err export_system(
	struct export *x, json_t *system, const char *reason, const char *content)
{
	const char *slug = json_str(system, "slug");

	x->counts[SYSTEMS]++;
	if (strcmp(json_str(system, "state"), "retired") == 0 &&
		!json_is_true(profile_export(x->profile, "retired"))) {
		skip(x, slug, "It is retired, and this format does not list retired systems.");
		return OK;
	}
	TRY(put_reason(x, reason, system));
	return export_record(x, slug, system, content);
}

static enum err take_pause(const struct export *x)
{
	return x->wish->pause ? x->wish->pause(x->wish->arg) : OK;
}

/* The system after `slug`; ERR_NOT_FOUND after the last. */
static enum err find_next(
	struct export *x, const char *slug, json_t **system, char **reason, char **content)
{
	AUTO(rows) row = {0};

	if (x->wish->before)
		TRY(db_one(x->snap->model, AS_OF, BIND(text(x->wish->before), text(slug)), &row));
	else
		TRY(db_one(x->snap->model, NOW, BIND(text(slug)), &row));
	*system = system_of(x, &row);
	*reason = rows_dup(&row, REASON);
	*content = rows_dup(&row, CONTENT);
	return OK;
}

/* No statement stays open while a row is written, which may take as long as its reader likes:
 * SQLite would keep the state of both files until it ends. */
static enum err write_next(struct export *x, char **last, bool *more)
{
	AUTOFREE char *reason = NULL, *content = NULL;
	json_auto_t *system = NULL;
	enum err e;

	ENSURE(!x->wish->stop || !*x->wish->stop, ERR_BUSY, "the export was stopped");
	e = find_next(x, *last, &system, &reason, &content);
	*more = e == OK;
	if (e != OK)
		return e == ERR_NOT_FOUND ? OK : e;
	free(*last);
	*last = mem_text(json_str(system, "slug"));
	return export_system(x, system, reason, content);
}

static enum err write_rows(struct export *x)
{
	AUTOFREE char *last = mem_text("");
	bool more = true;

	for (size_t n = 0; more && !ferror(x->out); n++) {
		if (n % PART == 0)
			TRY(take_pause(x));
		TRY(write_next(x, &last, &more));
	}
	return OK;
}

/* --- the document around the rows --- */

/* Writes the document's members before the rows, or those after them. */
static void write_members(struct export *x, const char *rows_at, bool after)
{
	const char **names = mem_new((json_object_size(x->document) + 1) * sizeof(*names));
	size_t n = 0;

	json_members (x->document, name, value) {
		size_t at = n++;

		for (; at && strcmp(names[at - 1], name) > 0; at--)
			names[at] = names[at - 1];
		names[at] = name;
	}
	for (size_t i = 0; i < n; i++) {
		int order = strcmp(names[i], rows_at);
		json_auto_t *key = json_text(names[i]);

		if (after ? order <= 0 : order > 0)
			continue;
		fputs(i ? ",\n" : "\n", x->out);
		write_json(x->out, key);
		fputc(':', x->out);
		if (order)
			write_json(x->out, json_object_get(x->document, names[i]));
	}
	free(names);
}

static enum err wrap(struct export *x)
{
	json_auto_t *input = json_make("{s:O,s:s,s:o}", "register", x->register_, "at", time_of(x),
		"lang", json_text(x->lang));
	enum err e = profile_wrap(x->profile, input, &x->document);

	return e == ERR_NOT_FOUND ? OK : e;
}

/* The texts of the header: for each column its own name, or the profile's title for people. */
static json_t *header_of(const struct export *x)
{
	const json_t *texts = profile_export(x->profile, "header");
	json_t *header = json_array();

	json_each (profile_export(x->profile, "columns"), column) {
		const char *text = json_str(texts, json_string_value(column));

		json_push(header, json_text(text ? text : json_string_value(column)));
	}
	return header;
}

static enum err write_document(struct export *x)
{
	const char *rows_at = json_string_value(profile_export(x->profile, "rows_at"));
	AUTO(buf) header = BUF(ROW_MAX);

	if (profile_output(x->profile) == OUTPUT_CSV) {
		json_auto_t *texts = header_of(x);

		csv_add_header(texts, &header);
		fwrite(header.data, 1, header.len, x->out);
	}
	if (profile_output(x->profile) != OUTPUT_JSON)
		return write_rows(x);
	if (x->document) {
		fputc('{', x->out);
		write_members(x, rows_at, false);
	}
	fputc('[', x->out);
	TRY(write_rows(x));
	fputs("\n]", x->out);
	if (x->document) {
		write_members(x, rows_at, true);
		fputs("\n}", x->out);
	}
	fputc('\n', x->out);
	return OK;
}

/* Includes the settings, because they have the time zone, on which days depend. */
static char *common_of(const struct export *x)
{
	json_auto_t *common = json_make("{s:O,s:O?,s:s,s:s?,s:b}", "register", x->register_,
		"settings", json_object_get(x->about, "about"), "policies", x->in_force.key, "lang",
		x->lang, "csv", profile_output(x->profile) == OUTPUT_CSV);

	return json_dumps(common, JSON_SORT_KEYS | JSON_COMPACT);
}

static enum err flushed(FILE *to, const char *what)
{
	ENSURE(!to || (fflush(to) == 0 && !ferror(to)), ERR_SYSTEM, "%s cannot be written: %s",
		what, err_os(errno));
	return OK;
}

enum err export_run(const struct snapshot *snap, struct profile *profile,
	const struct export_wish *wish, FILE *out, FILE *report, json_t **summary)
{
	const char *own = json_string_value(profile_export(profile, "lang"));
	AUTO(export)
	x = {.snap = snap,
		.profile = profile,
		.wish = wish,
		.lang = wish->lang ? wish->lang : own,
		.out = out,
		.report = report,
		.lost = json_object(),
		.skips = json_object()};

	TRY(load_register(&x));
	TRY(policies_refresh(snap, &x.in_force));
	x.common = common_of(&x);
	TRY(wrap(&x));
	TRY(take_pause(&x)); /* before anything is written that nobody may read for long */
	report_begin(&x);
	TRY(write_document(&x));
	report_end(&x);
	TRY(flushed(out, "the export"));
	TRY(flushed(report, "the report"));
	*summary = summary_of(&x);
	return OK;
}
