#include "registry/event/figure_sheet.h"

#include "base/csv.h"
#include "base/languages.h"
#include "base/text.h"
#include "registry/event/figure.h"

#include <stdio.h>
#include <string.h>

#define CELL_CHARS 40 /* of a cell that is quoted */

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

/* For each value of the log, the words that people write for it. */
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

	json_each (header, one) {
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
	for (size_t i = 0; i < COUNT(columns); i++)
		ENSURE(!columns[i].needed || json_object_get(found, columns[i].name), ERR_INVALID,
			"the column %s (%s) is missing in the first row", columns[i].also[0],
			columns[i].name);
	*out = TAKE(names);
	return OK;
}

static json_t *row_of(const json_t *names, const json_t *cells)
{
	json_t *row = json_object();

	json_members (names, said, name)
		json_put(row, json_string_value(name), json_incref(json_object_get(cells, said)));
	return row;
}

/* The header of a member's column in the table, and the member's cell in a row. */
struct place {
	const char *header, *cell; /* NULL: there is no such column, or its cell is empty */
};

static struct place place_of(const json_t *names, const json_t *row, const char *member)
{
	struct place place = {0};

	json_members (names, said, name) {
		const char *column = json_string_value(name), *cell = cell_of(row, column);

		if (strncmp(column, member, strcspn(column, ".")) != 0 ||
			strlen(member) != strcspn(column, ".") || (place.cell && !cell))
			continue;
		if (!place.header || cell)
			place = (struct place){said, cell};
	}
	return place;
}

/* The reason in err_why(), with its column and its cell before it. */
static void tell(struct buf *why, const json_t *names, const json_t *row, const char *member)
{
	struct place place = place_of(names, row, member);

	buf_printf(why, "%s%s", why->len ? "; " : "", place.header ? place.header : "");
	if (place.cell)
		buf_printf(why, " \"%.*s\"", (int)text_prefix(place.cell, CELL_CHARS), place.cell);
	buf_printf(why, "%s%s", place.header ? ": " : "", err_why());
}

/* Checks each member alone, in a figure whose other members are valid, so that all faults are
 * reported. */
static void check_members(struct buf *why, const json_t *names, const json_t *row,
	const json_t *figure, const char *latest)
{
	static const char *const members[] = {
		"indicator", "period", "value", "unit", "target", "note"};

	for (size_t i = 0; i < COUNT(members); i++) {
		json_auto_t *other = json_make("{s:{s:s},s:s,s:s,s:s}", "indicator", "en", "x",
			"period", "1990", "value", "1", "unit", "x");
		json_t *own = json_object_get(figure, members[i]);

		json_object_del(other, members[i]);
		if (own)
			json_put(other, members[i], json_incref(own));
		if (strcmp(members[i], "target") == 0 && json_object_get(figure, "aim"))
			json_put(other, "aim", json_incref(json_object_get(figure, "aim")));
		if (figure_check(other, latest, NULL) != OK)
			tell(why, names, row, members[i]);
	}
}

/* Also compares with the rows before it, because two rows with the same indicator and period
 * conflict. A row with too many cells has an unquoted comma in a number, and would be misread. */
static char *wrong_with(const json_t *line, const json_t *names, const json_t *row,
	const json_t *figures, const json_t *figure, const char *latest)
{
	struct buf why = BUF(SHEET_MAX);

	if (json_object_get(line, "cells")) {
		(void)fail(ERR_INVALID,
			"it has %lld cells, and the header another number: put \"…\" around a cell "
			"with a comma in it",
			(long long)json_num(line, "cells"));
		return mem_text(err_why());
	}
	check_members(&why, names, row, figure, latest);
	if (!why.len && figure_fits(figures, json_array_size(figures), figure) != OK)
		buf_puts(&why, err_why());
	return buf_take(&why);
}

enum err figure_sheet_read(const char *text, size_t len, const char *latest, json_t **out)
{
	__attribute__((cleanup(csv_table_done))) struct csv_table table = {0};
	json_auto_t *names = NULL, *figures = json_array(), *refused = json_array();

	ENSURE(len <= SHEET_MAX, ERR_TOO_LARGE, "a table of figures has at most %d KB",
		(int)(SHEET_MAX / KIB));
	ENSURE(text_is_utf8(text, len) && text_is_stream_safe(text), ERR_INVALID,
		"the table is no text that can be read");
	TRY(csv_read_table(text, len, 0, &table));
	TRY(find_columns(table.columns, &names));
	csv_unguard(table.rows);
	json_each (table.rows, line) {
		json_auto_t *row = row_of(names, json_object_get(line, "row"));
		json_auto_t *figure = figure_of_row(row);

		AUTOFREE char *why = wrong_with(line, names, row, figures, figure, latest);

		if (!*why)
			json_push(figures, json_incref(figure));
		else
			json_push(refused, json_make("{s:O,s:s}", "row",
						   json_object_get(line, "number"), "why", why));
	}
	*out = json_make("{s:O,s:O}", "figures", figures, "refused", refused);
	return OK;
}
