/* report.c - gaya report: signs and sends figures of a system, from a table or JSON. */
#include "base/charset.h"
#include "base/file.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/client.h"
#include "cli/statement.h"
#include "registry/event/figure.h"
#include "registry/event/figure_sheet.h"
#include "registry/standard/form.h"

#include <string.h>

struct report {
	struct statement s;
	const char *system, *path;
	bool dry_run;
};

static enum err parse(int argc, char **argv, struct report *r)
{
	const struct cli_option options[] = {
		{"server", &r->s.server},
		{"key", &r->s.key},
		{"system", &r->system},
		{"dry-run", .flag = &r->dry_run},
		{"yes", .flag = &r->s.yes},
		{"json", .flag = &r->s.json},
		{0},
	};

	TRY(cli_options(argc, argv, "report", options));
	if (argc - optind != 1 || (!r->dry_run && (!r->s.server || !r->s.key || !r->system)))
		return usage("report",
			"one file is needed, and --server, --key and --system, or --dry-run");
	r->path = argv[optind];
	ENSURE(!r->system || slug_valid(r->system), ERR_INVALID,
		"\"%s\" cannot name a system: use small letters, digits and single hyphens, at "
		"most %d",
		r->system, SLUG_MAX);
	return OK;
}

/* Korean spreadsheets save CSV as CP949 by default. */
static enum err read_table(const struct buf *bytes, const char *latest, json_t **out)
{
	AUTO(buf) text = BUF(4 * SHEET_MAX);
	enum charset from = text_is_utf8(bytes->data, bytes->len) ? CHARSET_UTF8 : CHARSET_CP949;

	TRY(charset_decode(from, bytes->data, bytes->len, &text));
	return figure_sheet_read(buf_text(&text), text.len, latest, out);
}

/* A list of figures (figure.h), or {"figures": such a list}. */
static enum err read_json(const struct buf *bytes, const char *latest, json_t **out)
{
	json_auto_t *given = NULL, *figures = NULL;

	TRY(json_read(bytes->data, bytes->len, SHEET_MAX, RULES_GIVEN, &given));
	figures = json_incref(json_is_array(given) ? given : json_object_get(given, "figures"));
	TRY(figures_check(figures, latest));
	*out = json_make("{s:O,s:[]}", "figures", figures, "refused");
	return OK;
}

static enum err read_file(const char *path, json_t **out)
{
	AUTO(buf) bytes = BUF(SHEET_MAX);
	char latest[TIME_TEXT];
	const char *text;
	enum err e;

	time_latest(env_now(&env_real), latest);
	TRY(file_read(path, &bytes));
	text = buf_text(&bytes);
	e = strchr("[{", text[strspn(text, " \t\r\n")]) && bytes.len
	            ? read_json(&bytes, latest, out)
	            : read_table(&bytes, latest, out);
	return e == OK ? OK : fail(e, "%s: %s", path, err_why());
}

static const char *text_in(const json_t *texts)
{
	const char *own = json_str(texts, cli_lang());

	return own ? own
	           : json_string_value(json_object_iter_value(json_object_iter((json_t *)texts)));
}

static void show(const json_t *read)
{
	json_each (json_object_get(read, "figures"), one)
		emit(stderr, "  %s  %s  %s %s\n", json_str(one, "period"),
			text_in(json_object_get(one, "indicator")), json_str(one, "value"),
			json_str(one, "unit"));
	json_each (json_object_get(read, "refused"), one)
		tell(stderr, "! row %lld: %s\n", (long long)json_num(one, "row"),
			json_str(one, "why"));
	tell(stderr, "figures: %zu; rows refused: %zu\n",
		json_array_size(json_object_get(read, "figures")),
		json_array_size(json_object_get(read, "refused")));
}

static enum err send_in(struct client *c, const struct report *r, const json_t *read)
{
	json_auto_t *content = json_make("{s:O}", "figures", json_object_get(read, "figures"));

	return statement_about(c, &r->s,
		&(struct statement_event){
			"kpi.reported", r->system, .content = content, .part = "figures"});
}

static enum err report(const struct report *r)
{
	AUTO(client) client = {0};
	json_auto_t *read = NULL;
	size_t refused;

	TRY(read_file(r->path, &read));
	refused = json_array_size(json_object_get(read, "refused"));
	if (r->dry_run && r->s.json)
		print_json(read);
	else if (!r->s.json || refused)
		show(read);
	ENSURE(!refused, ERR_INVALID,
		"%zu rows are refused, so nothing was sent: correct them and send the table again",
		refused);
	if (r->dry_run)
		return OK;
	TRY(client_open(r->s.server, r->s.key, &client));
	client.json = r->s.json;
	if (!r->s.yes && !confirmed("Sign these figures and send them in?"))
		return client_declined();
	return send_in(&client, r, read);
}

enum err cli_report(int argc, char **argv)
{
	struct report r = {0};

	TRY(parse(argc, argv, &r));
	return report(&r);
}
