#include "registry/event/figure_sheet.h"

#include "base/csv.h"
#include "base/languages.h"
#include "base/text.h"
#include "registry/event/figure.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Columns with all of their names. A text's first name has the language of the column. */
static const struct column {
	const char *name;
	const char *also[5];
	bool needed;
} columns[] = {
	{"indicator.ko", {"지표", "지표명", "성과지표", "지표(한국어)"}, false},
	{"indicator.en", {"indicator", "지표(영어)", "영문 지표", "영문 지표명"}, false},
	{"period", {"기간", "대상 기간"}, true},
	{"value", {"값", "실적", "실적값", "수치"}, true},
	{"unit", {"단위"}, true},
	{"target", {"목표", "목표값", "목표치"}, false},
	{"aim", {"목표 기준", "기준", "이상/이하"}, false},
	{"note.ko", {"설명", "비고", "설명(한국어)"}, false},
	{"note.en", {"note", "설명(영어)", "영문 설명"}, false},
};

/* What people write, for each value of the log. */
static const struct {
	const char *log;
	const char *said[5];
} units[] =
	{
		{"percent", {"%", "퍼센트", "per cent", "％"}},
		{"cases", {"건", "case"}},
		{"people", {"명", "인", "persons"}},
		{"times", {"회", "번"}},
		{"seconds", {"초", "s", "sec"}},
		{"minutes", {"분", "min"}},
		{"hours", {"시간", "h"}},
		{"days", {"일", "d"}},
		{"won", {"원", "krw", "₩"}},
		{"points", {"점", "point"}},
},
  aims[] = {
	  {"at_least", {"이상", ">=", "≥", "at least", "min"}},
	  {"at_most", {"이하", "<=", "≤", "at most", "max"}},
};

/* --- cells --- */

/* Trims spaces and applies NFKC and case folding: "％" becomes "%", "Q1" becomes "q1". */
static char *plain(const char *cell)
{
	AUTOFREE char *folded = text_folded(cell);

	return text_trimmed(folded);
}

static const char *word_of(const char *s, const char *log, const char *const said[5])
{
	if (strcmp(s, log) == 0)
		return log;
	for (size_t i = 0; i < 5 && said[i]; i++) {
		AUTOFREE char *folded = text_folded(said[i]);

		if (strcmp(s, folded) == 0)
			return log;
	}
	return NULL;
}

static json_t *unit_of(const char *cell)
{
	AUTOFREE char *s = plain(cell);

	for (size_t i = 0; i < COUNT(units); i++)
		if (word_of(s, units[i].log, units[i].said))
			return json_text(units[i].log);
	return json_text(cell);
}

static json_t *aim_of(const char *cell)
{
	AUTOFREE char *s = plain(cell);

	for (size_t i = 0; i < COUNT(aims); i++)
		if (word_of(s, aims[i].log, aims[i].said))
			return json_text(aims[i].log);
	return json_text(cell);
}

/* "1,250" -> "1250": accepts commas only between thousands. */
static json_t *decimal_of(const char *cell)
{
	AUTOFREE char *s = plain(cell), *out = mem_new(strlen(s) + 1);
	size_t len = strlen(s), n = 0;

	if (len && s[len - 1] == '%')
		s[len - 1] = '\0';
	while ((len = strlen(s)) && s[len - 1] == ' ')
		s[len - 1] = '\0';
	for (const char *p = s; *p; p++) {
		if (*p != ',') {
			out[n++] = *p;
			continue;
		}
		if (p == s || strspn(p + 1, "0123456789") != 3 || !strchr(",.", p[4]))
			return json_text(cell);
	}
	return json_text(out);
}

/* The next number in the text, of at most two digits; advances *s. 0 if there is none. */
static unsigned number_at(const char **s)
{
	size_t digits;
	unsigned n;

	*s += strspn(*s, " .-/");
	digits = strspn(*s, "0123456789");
	if (digits < 1 || digits > 2 || sscanf(*s, "%2u", &n) != 1)
		return 0;
	*s += digits;
	return n;
}

static bool skip(const char **s, const char *word)
{
	*s += strspn(*s, " ");
	if (strncmp(*s, word, strlen(word)) != 0)
		return false;
	*s += strlen(word);
	return true;
}

/* "2026", "2026년", "2026-03", "2026. 3.", "2026년 3월", "2026Q1", "2026년 1분기" */
static json_t *period_of(const char *cell)
{
	AUTOFREE char *s = plain(cell);
	const char *p = s + 4;
	char out[16];
	unsigned n, quarter;

	if (strspn(s, "0123456789") != 4)
		return json_text(cell);
	skip(&p, "년");
	p += strspn(p, " ");
	if (!*p || strcmp(p, ".") == 0) {
		snprintf(out, sizeof(out), "%.4s", s);
		return json_text(out);
	}
	p += strspn(p, " .-/");
	quarter = skip(&p, "q");
	n = number_at(&p);
	if (!quarter && skip(&p, "분기"))
		quarter = 1;
	else
		skip(&p, "월");
	p += strspn(p, " .");
	if (!n || *p)
		return json_text(cell);
	snprintf(out, sizeof(out), quarter ? "%.4s-Q%u" : "%.4s-%02u", s, n);
	return json_text(out);
}

/* --- rows --- */

static const char *cell_of(const json_t *row, const char *name)
{
	const char *cell = json_str(row, name);

	return cell && text_is_visible(cell) ? cell : NULL;
}

static void put_texts(json_t *figure, const char *member, const json_t *row)
{
	json_t *texts = json_object();

	for (size_t i = 0; i < languages_n; i++) {
		AUTOFREE char *name = mem_printf("%s.%s", member, languages[i].code);
		const char *cell = cell_of(row, name);

		if (cell) {
			AUTOFREE char *text = text_typed(cell);

			json_put(texts, languages[i].code, json_text(text));
		}
	}
	if (json_object_size(texts))
		json_put(figure, member, texts);
	else
		json_decref(texts);
}

json_t *figure_of_row(const json_t *row)
{
	static const struct {
		const char *name;
		json_t *(*read)(const char *cell);
	} members[] = {{"period", period_of}, {"value", decimal_of}, {"unit", unit_of},
		{"target", decimal_of}, {"aim", aim_of}};
	const char *value = cell_of(row, "value");
	json_t *figure = json_object();

	put_texts(figure, "indicator", row);
	put_texts(figure, "note", row);
	for (size_t i = 0; i < COUNT(members); i++) {
		const char *cell = cell_of(row, members[i].name);

		if (cell)
			json_put(figure, members[i].name, members[i].read(cell));
	}
	if (value && strchr(value, '%') && !json_object_get(figure, "unit"))
		json_put(figure, "unit", json_text("percent"));
	if (json_object_get(figure, "target") && !json_object_get(figure, "aim"))
		json_put(figure, "aim", json_text("at_least"));
	if (!json_object_get(figure, "target"))
		json_object_del(figure, "aim");
	return figure;
}

static const char *column_named(const char *header)
{
	AUTOFREE char *s = plain(header);

	for (size_t i = 0; i < COUNT(columns); i++)
		if (word_of(s, columns[i].name, columns[i].also))
			return columns[i].name;
	return NULL;
}

/* {"지표": "indicator.ko"…}: the meaning of each column of the table. */
static enum err find_columns(const json_t *header, json_t **out)
{
	json_auto_t *names = json_object(), *found = json_object();
	const json_t *one;
	size_t i;

	json_array_foreach (header, i, one) {
		const char *said = json_string_value(one), *name = column_named(said);

		ENSURE(name, ERR_INVALID,
			"the column \"%.*s\" means nothing here: there are 지표 (indicator), 기간 "
			"(period), 값 (value), 단위 (unit), 목표 (target), 기준 (aim), 설명 (note)",
			(int)text_prefix(said, 40), said);
		ENSURE(!json_object_get(found, name), ERR_INVALID,
			"two columns are \"%s\": leave one", name);
		json_put(found, name, json_true());
		json_put(names, said, json_text(name));
	}
	for (i = 0; i < COUNT(columns); i++)
		ENSURE(!columns[i].needed || json_object_get(found, columns[i].name), ERR_INVALID,
			"the column %s (%s) is missing in the first row", columns[i].also[0],
			columns[i].name);
	*out = TAKE(names);
	return OK;
}

static json_t *row_of(const json_t *names, const json_t *cells)
{
	json_t *row = json_object(), *name;
	const char *said;

	json_object_foreach ((json_t *)names, said, name)
		json_put(row, json_string_value(name), json_incref(json_object_get(cells, said)));
	return row;
}

static void refuse(json_t *refused, const json_t *line)
{
	json_push(refused,
		json_make("{s:O,s:s}", "row", json_object_get(line, "number"), "why", err_why()));
}

/* Also compares with the rows before it, because two rows with the same indicator and period
 * conflict. A row with too many cells has an unquoted comma in a number, and would be misread. */
static enum err check_row(
	const json_t *line, const json_t *figures, const json_t *figure, const char *latest)
{
	ENSURE(!json_object_get(line, "cells"), ERR_INVALID,
		"it has %lld cells, and the header another number: put \"…\" around a cell with a "
		"comma in it",
		(long long)json_num(line, "cells"));
	TRY(figure_check(figure, latest, NULL));
	return figure_fits(figures, json_array_size(figures), figure);
}

enum err figure_sheet_read(const char *text, size_t len, const char *latest, json_t **out)
{
	__attribute__((cleanup(csv_table_done))) struct csv_table table = {0};
	json_auto_t *names = NULL, *figures = json_array(), *refused = json_array();
	const json_t *line;
	size_t i;

	ENSURE(len <= SHEET_MAX, ERR_TOO_LARGE, "a table of figures has at most %d KB",
		(int)(SHEET_MAX / KIB));
	ENSURE(text_is_utf8(text, len) && text_is_stream_safe(text), ERR_INVALID,
		"the table is no text that can be read");
	TRY(csv_read_table(text, len, 0, &table));
	TRY(find_columns(table.columns, &names));
	csv_unguard(table.rows);
	json_array_foreach (table.rows, i, line) {
		json_auto_t *row = row_of(names, json_object_get(line, "row"));
		json_auto_t *figure = figure_of_row(row);

		if (check_row(line, figures, figure, latest) == OK)
			json_push(figures, json_incref(figure));
		else
			refuse(refused, line);
	}
	*out = json_make("{s:O,s:O}", "figures", figures, "refused", refused);
	return OK;
}
