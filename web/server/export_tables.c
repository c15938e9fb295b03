#include "web/server/export_tables.h"

#include "base/csv.h"
#include "base/languages.h"
#include "registry/query/figures.h"
#include "registry/query/incidents.h"

#include <errno.h>
#include <string.h>

/* A name that ends in a dot stands for one column per language. */
static json_t *columns_of(const char *const *names)
{
	json_t *columns = json_array();

	for (size_t i = 0; names[i]; i++) {
		bool texts = names[i][strlen(names[i]) - 1] == '.';

		for (size_t k = 0; k < (texts ? languages_n : 1); k++) {
			AUTOFREE char *name =
				mem_printf("%s%s", names[i], texts ? languages[k].code : "");

			json_push(columns, json_text(name));
		}
	}
	return columns;
}

/* The text of a cell with this value. */
static json_t *cell_of(const json_t *value)
{
	AUTOFREE char *number = NULL;

	if (json_is_integer(value))
		number = mem_printf("%lld", (long long)json_integer_value(value));
	return json_text(number                  ? number
			 : json_is_string(value) ? json_string_value(value)
			 : json_is_true(value)   ? "true"
			 : json_is_false(value)  ? "false"
						 : "");
}

static json_t *row_of(const json_t *columns, const json_t *value)
{
	json_t *row = json_object();

	json_each (columns, column) {
		const char *name = json_string_value(column), *dot = strchr(name, '.');
		AUTOFREE char *member = mem_bytes(name, dot ? (size_t)(dot - name) : strlen(name));
		const json_t *own = json_object_get(value, member);

		json_put(row, name, cell_of(dot ? json_object_get(own, dot + 1) : own));
	}
	return row;
}

static enum err put(const struct buf *text, FILE *out)
{
	TRY(buf_check(text, "a line of a download"));
	ENSURE(fwrite(text->data, 1, text->len, out) == text->len, ERR_SYSTEM,
		"a temporary file: %s", err_os(errno));
	return OK;
}

static enum err put_header(const json_t *columns, FILE *out)
{
	AUTO(buf) text = BUF(64 * KIB);

	csv_add_header(columns, &text);
	return put(&text, out);
}

static enum err put_row(const json_t *columns, const json_t *value, FILE *out)
{
	AUTO(buf) text = BUF(MIB);
	json_auto_t *row = row_of(columns, value);

	csv_add_row(columns, row, &text);
	return put(&text, out);
}

static enum err check_stop(const atomic_bool *stop)
{
	return stop && *stop ? fail(ERR_BUSY, "the export was stopped") : OK;
}

/* --- figures --- */

/* "corrected": how often the period was reported before. */
static const char *const figure_columns[] = {"system", "department", "indicator.", "period",
	"value", "unit", "target", "aim", "note.", "at", "entry", "corrected", NULL};

static enum err put_figures(
	const json_t *columns, const char *slug, const json_t *series, FILE *out)
{
	json_each (series, one) {
		json_each (json_object_get(one, "figures"), figure) {
			json_auto_t *row = json_copy((json_t *)figure);

			json_put(row, "system", json_text(slug));
			json_put(row, "indicator", json_incref(json_object_get(one, "indicator")));
			json_put(row, "corrected",
				json_integer((json_int_t)json_array_size(
					json_object_get(figure, "earlier"))));
			TRY(put_row(columns, row, out));
		}
	}
	return OK;
}

static enum err write_figures(
	const struct snapshot *snap, const char *day, const atomic_bool *stop, FILE *out)
{
	json_auto_t *columns = columns_of(figure_columns), *systems = NULL;

	TRY(put_header(columns, out));
	TRY(figures_systems(snap, &systems));
	json_each (systems, one) {
		const char *slug = json_str(one, "system");
		json_auto_t *series = NULL;

		TRY(check_stop(stop));
		TRY(figures_of(snap, slug, NULL, &series));
		TRY(put_figures(columns, slug, series, out));
	}
	return OK;
}

/* --- incidents --- */

/* "latest": the text of the last note. */
static const char *const incident_columns[] = {"entry", "system", "name.", "department", "at",
	"since", "aware", "severity", "due", "told_on", "closed_at", "public_on", "held", "what.",
	"affected.", "done.", "notes", "latest.", NULL};

static enum err find_incidents(const struct snapshot *snap, const char *day, json_t **out)
{
	return incidents_of(snap, &(struct incident_filter){.day = day}, out);
}

static enum err write_incidents(
	const struct snapshot *snap, const char *day, const atomic_bool *stop, FILE *out)
{
	json_auto_t *columns = columns_of(incident_columns), *all = NULL;

	TRY(put_header(columns, out));
	TRY(find_incidents(snap, day, &all));
	json_each (all, one) {
		json_auto_t *row = json_copy((json_t *)one);
		const json_t *notes = json_object_get(one, "notes");
		size_t n = json_array_size(notes);
		json_t *latest = n ? json_object_get(json_array_get(notes, n - 1), "text") : NULL;

		json_put(row, "notes", json_integer((json_int_t)n));
		if (latest)
			json_put(row, "latest", json_incref(latest));
		TRY(check_stop(stop));
		TRY(put_row(columns, row, out));
	}
	return OK;
}

static enum err write_incident_lines(
	const struct snapshot *snap, const char *day, const atomic_bool *stop, FILE *out)
{
	json_auto_t *all = NULL;

	TRY(find_incidents(snap, day, &all));
	json_each (all, one) {
		AUTO(buf) text = BUF(4 * MIB);

		TRY(check_stop(stop));
		json_canonical(one, &text);
		buf_putc(&text, '\n');
		TRY(put(&text, out));
	}
	return OK;
}

const struct export_table export_tables[] = {
	{"figures", "figures.csv", "text/csv; charset=utf-8", write_figures},
	{"incidents", "incidents.csv", "text/csv; charset=utf-8", write_incidents},
	{"incident_lines", "incidents.jsonl", "application/jsonl", write_incident_lines},
};
const size_t export_tables_n = COUNT(export_tables);
