/* page_figures.c - /{lang}/office/reports: a department's reports on its systems;
 * /{lang}/office/reports/{slug}/figures: figures, one by a form or many by a table. The page
 * previews them as they will be published, and then the browser signs them (static/sign.js).
 * Nothing is stored before that. */
#include "base/env.h"
#include "base/languages.h"
#include "base/text.h"
#include "registry/event/figure.h"
#include "registry/event/figure_sheet.h"
#include "registry/query/figures.h"
#include "registry/query/query.h"
#include "web/office/reports.h"
#include "web/office/text_inputs.h"
#include "web/pages/figures_view.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/view.h"

#include <string.h>

#define PER_PAGE 100

static enum err systems_view(const struct request *rq, json_t *view)
{
	AUTOFREE char *base = mem_printf("/%s/office/reports?page=", rq->lang);
	const int64_t page = part_page(rq);
	const struct system_filter filter = {.department = rq->who->person.department,
		.offset = (page - 1) * PER_PAGE,
		.limit = PER_PAGE};
	json_auto_t *found = NULL;
	json_t *list = json_array();
	int64_t pages;

	json_put(view, "systems", list);
	TRY(query_systems(rq->snap, &filter, &found));
	pages = (json_num(found, "total") + PER_PAGE - 1) / PER_PAGE;
	ENSURE(page == 1 || page <= pages, ERR_NOT_FOUND, "the list has %lld pages",
		(long long)pages);
	json_each (json_object_get(found, "systems"), system)
		json_push(list, json_make("{s:s, s:o}", "slug", json_str(system, "slug"), "name",
					office_name(rq, json_object_get(system, "name"),
						json_str(system, "slug"))));
	json_put(view, "pages", part_pages(rq, base, page, pages));
	return OK;
}

enum err page_reports(struct request *rq, struct response *rs)
{
	json_auto_t *view =
		json_make("{s:s, s:b}", "title", message(rq, "reports_title"), "in_reports", 1);

	TRY(systems_view(rq, view));
	view_crumb(view, message(rq, "office_home"), "/%s/office", rq->lang);
	return office_render(rq, rs, "office_reports.html", TAKE(view));
}

/* --- figures --- */

static const char *const texts[] = {"indicator", "note"};
static const char *const inputs[] = {"period", "value", "unit", "target", "aim", "sheet"};

/* The row that figure_of_row() reads. */
static json_t *row_of(const struct request *rq)
{
	json_t *row = json_object();

	for (size_t i = 0; i < COUNT(inputs); i++)
		json_put(row, inputs[i], json_text(office_given(rq, inputs[i])));
	for (size_t i = 0; i < COUNT(texts) * languages_n; i++) {
		AUTOFREE char *name = mem_printf(
			"%s.%s", texts[i / languages_n], languages[i % languages_n].code);

		json_put(row, name, json_text(office_given(rq, name)));
	}
	return row;
}

/* Indicator names that the department used before, to choose from: {language: [name…]}. */
static json_t *known_names(const json_t *series)
{
	json_t *names = json_object();

	for (size_t i = 0; i < languages_n; i++)
		json_put(names, languages[i].code, json_array());
	json_each (series, one) {
		json_members (json_object_get(one, "indicator"), lang, name)
			if (json_object_get(names, lang))
				json_push(json_object_get(names, lang), json_incref(name));
	}
	return names;
}

static json_t *known_units(const struct request *rq)
{
	json_t *units = json_array();

	for (size_t i = 0; figure_units[i]; i++) {
		AUTOFREE char *key = mem_printf("unit_of_%s", figure_units[i]);

		json_push(units, json_text(message(rq, key)));
	}
	return units;
}

/* "written": the values that the form sent, so that none is lost. */
static json_t *form_view(const struct request *rq, const json_t *series)
{
	json_auto_t *names = known_names(series);
	json_t *view = json_object();

	for (size_t i = 0; i < COUNT(inputs); i++)
		json_put(view, inputs[i], json_text(office_given(rq, inputs[i])));
	json_put(view, "at_most", json_boolean(!strcmp(office_given(rq, "aim"), "at_most")));
	json_put(view, "indicator",
		text_inputs(
			rq, &(struct text_inputs){"indicator", .filled = true, .known = names}));
	json_put(view, "note",
		text_inputs(rq, &(struct text_inputs){"note", .rows = "2", .filled = true}));
	return view;
}

static enum err show(struct request *rq, struct response *rs, json_t *view)
{
	json_auto_t *system = NULL, *series = NULL, *mine = view;

	TRY(reports_system(rq, &system));
	TRY(figures_of(rq->snap, json_str(system, "slug"), NULL, &series));
	reports_frame(rq, system, "figures_report", view);
	json_put(view, "written", form_view(rq, series));
	json_put(view, "units", known_units(rq));
	return office_render(rq, rs, "office_figures.html", TAKE(mine));
}

enum err page_figures(struct request *rq, struct response *rs)
{
	return show(rq, rs, json_make("{s:b}", "done", request_query(rq, "done") != NULL));
}

/* The earlier report of the same indicator and period; NULL for none. */
static const json_t *there(const json_t *all, const json_t *figure)
{
	json_each (all, series) {
		if (!figure_same_indicator(series, figure))
			continue;
		json_each (json_object_get(series, "figures"), one)
			if (strcmp(json_str(one, "period"), json_str(figure, "period")) == 0)
				return one;
	}
	return NULL;
}

static json_t *figure_view(const struct request *rq, const json_t *all, const json_t *figure)
{
	const json_t *before = there(all, figure);
	const char *unit = json_str(figure, "unit");

	return json_make("{s:o, s:o, s:o, s:o, s:o, s:o}", "name",
		view_text(rq, json_object_get(figure, "indicator")), "period",
		figure_period(rq, json_str(figure, "period")), "value",
		figure_value(rq, json_str(figure, "value"), unit), "target",
		figure_target(rq, figure), "note", view_text(rq, json_object_get(figure, "note")),
		"before",
		before ? figure_value(rq, json_str(before, "value"), json_str(before, "unit"))
		       : json_null());
}

/* "preview": the figures as readers will see them; "content": to be signed, still without salt. */
static enum err put_preview(const struct request *rq, const json_t *figures, json_t *view)
{
	json_auto_t *all = NULL, *content = json_make("{s:O}", "figures", figures);
	json_t *preview = json_array();
	AUTO(buf) text = BUF(256 * KIB);

	json_put(view, "preview", preview);
	json_put(view, "preview_n", view_number((int64_t)json_array_size(figures)));
	TRY(figures_of(rq->snap, request_path(rq, "slug"), NULL, &all));
	json_each (figures, one)
		json_push(preview, figure_view(rq, all, one));
	json_canonical(content, &text);
	TRY(buf_check(&text, "the report"));
	json_put(view, "content", json_text(buf_text(&text)));
	return OK;
}

/* Refused rows are listed at the table, by their number. */
static enum err read_sheet(
	const struct request *rq, const char *sheet, const char *latest, json_t *view, json_t **out)
{
	json_auto_t *read = NULL;
	const json_t *one;
	json_t *refused = json_array();
	size_t i;

	json_put(view, "refused", refused);
	TRY(figure_sheet_read(sheet, strlen(sheet), latest, &read));
	json_array_foreach (json_object_get(read, "refused"), i, one)
		json_push(refused, json_make("{s:O, s:O}", "row", json_object_get(one, "row"),
					   "why", json_object_get(one, "why")));
	ENSURE(i == 0, ERR_INVALID, "%zu rows cannot be reported as they are: correct them", i);
	*out = json_incref(json_object_get(read, "figures"));
	ENSURE(json_array_size(*out) > 0, ERR_INVALID, "the table has no row below its header");
	return OK;
}

/* `*at`: the input at fault. */
static enum err read_form(const struct request *rq, json_t *view, const char **at, json_t **out)
{
	const char *sheet = office_given(rq, "sheet");
	json_auto_t *row = NULL, *figure = NULL;
	char latest[TIME_TEXT];

	time_latest(site_now(rq->site), latest);
	*at = "sheet";
	if (strcmp(office_given(rq, "do"), "sheet") == 0)
		return read_sheet(rq, sheet, latest, view, out);
	row = row_of(rq);
	*at = "indicator";
	json_members (row, name, input)
		ENSURE(text_is_stream_safe(json_string_value(input)), ERR_INVALID,
			"the text cannot be read");
	figure = figure_of_row(row);
	TRY(figure_check(figure, latest, at));
	*out = json_make("[O]", figure);
	return OK;
}

enum err page_figures_given(struct request *rq, struct response *rs)
{
	json_auto_t *view = json_object(), *figures = NULL;
	const char *at = "sheet";
	enum err e = read_form(rq, view, &at, &figures);

	if (e == OK)
		TRY(put_preview(rq, figures, view));
	else if (e == ERR_INVALID || e == ERR_TOO_LARGE) {
		rs->status = err_kind(e)->http;
		office_wrong(rq, view, at);
	} else {
		return e;
	}
	return show(rq, rs, TAKE(view));
}
