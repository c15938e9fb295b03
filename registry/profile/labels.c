#include "registry/profile/labels.h"

#include "base/csv.h"
#include "base/text.h"
#include "registry/profile/days.h"

#include <stdlib.h>
#include <string.h>

#define WORD_MAX (4 * KIB) /* bytes; no label or guide is longer */
#define GUIDE_ROWS 3       /* the guide is within this many rows under the header */

struct labels {
	const struct profile *profile; /* borrowed */
	const struct standard *standard;
	const json_t *form;
	json_t *heads;  /* a header, folded -> a set of its possible columns */
	json_t *others; /* the same for other words, which stand back behind labels */
	json_t *words;  /* column of codes -> a word, folded -> a set of its possible codes */
	json_t *guide;  /* column -> a set of its guide's texts, folded */
	/* of the current file */
	json_t *names; /* header -> column, of those that are not the same */
	json_t *known; /* "column said" -> true: the values that are already in `said` */
	size_t rows;   /* so far */
};

/* The letters and digits of a text, case folded; NULL if the text cannot be a label. */
static char *fold(const char *text)
{
	AUTOFREE char *folded = NULL;
	struct buf out = BUF(16 * WORD_MAX);
	size_t step;

	if (strlen(text) > WORD_MAX || !text_is_stream_safe(text))
		return NULL;
	folded = text_folded(text);
	for (const char *p = folded; *p; p += step) {
		enum text_sort sort = text_sort(p, strlen(p), &step);

		if (sort == TEXT_LETTER || sort == TEXT_SYLLABLE)
			buf_add(&out, p, step);
	}
	return buf_take(&out);
}

/* Adds `member` to the set under the folded text. */
static void lead(json_t *map, const char *text, const char *member)
{
	AUTOFREE char *key = fold(text);

	if (!key || !*key)
		return;
	if (!json_object_get(map, key))
		json_put(map, key, json_object());
	json_put(json_object_get(map, key), member, json_true());
}

static const json_t *led_to(const json_t *map, const char *text)
{
	AUTOFREE char *key = fold(text);

	return key && *key ? json_object_get(map, key) : NULL;
}

static const char *nth(const json_t *set, size_t n)
{
	void *at = json_object_iter((json_t *)set);

	while (n--)
		at = json_object_iter_next((json_t *)set, at);
	return json_object_iter_key(at);
}

/* --- the words of a standard --- */

static const json_t *columns_of(const struct labels *l)
{
	return profile_export(l->profile, "columns");
}

/* The field of a column, "goal.ko" or "status"; NULL if only the register fills it in. */
static const struct field *field_of(const struct labels *l, const char *column)
{
	AUTOFREE char *name = mem_bytes(column, strcspn(column, "."));

	return standard_field(l->standard, name);
}

/* A text's label tells its language by its own language, or by a language's name after it. */
static void add_text_head(json_t *heads, const struct labels *l, const char *name, const char *lang,
	const char *label)
{
	json_t *languages = json_object_get(l->form, "languages");
	AUTOFREE char *own = mem_printf("%s.%s", name, lang);

	lead(heads, label, own);
	json_members (languages, of, names) {
		AUTOFREE char *column = mem_printf("%s.%s", name, of);
		AUTOFREE char *coded = mem_printf("%s %s", label, of);

		lead(heads, coded, column);
		json_each (names, one) {
			AUTOFREE char *named = mem_printf("%s %s", label, json_string_value(one));

			lead(heads, named, column);
		}
	}
}

static void add_text_heads(struct labels *l, const struct field *f)
{
	json_members (json_object_get(f->json, "label"), lang, label)
		add_text_head(l->heads, l, f->name, lang, json_string_value(label));
}

/* The field that has the "values" for a field of codes; NULL if there are none. */
static const struct field *coded(const struct field *f)
{
	if (f->type == TYPE_ENUM)
		return f;
	return f->type == TYPE_LIST && f->item->type == TYPE_ENUM ? f->item : NULL;
}

static void add_words(struct labels *l, const char *column, const struct field *f)
{
	json_t *words = json_object();

	json_put(l->words, column, words);
	json_each (json_object_get(coded(f)->json, "values"), one) {
		const char *code = json_str(one, "value");

		lead(words, code, code);
		json_members (json_object_get(one, "label"), lang, label)
			lead(words, json_string_value(label), code);
	}
}

static bool is_text(const struct field *f)
{
	return f->type == TYPE_TEXT || f->type == TYPE_MARKDOWN;
}

static void add_column(struct labels *l, const char *column)
{
	const struct field *f = field_of(l, column);

	lead(l->heads, column, column);
	if (!f)
		return;
	if (is_text(f)) {
		add_text_heads(l, f);
		return;
	}
	json_members (json_object_get(f->json, "label"), lang, label)
		lead(l->heads, json_string_value(label), column);
	if (coded(f))
		add_words(l, column, f);
}

/* --- other words for them --- */

/* A word that leads somewhere by its label keeps that meaning alone. */
static void lead_also(json_t *map, const json_t *more)
{
	json_members (more, word, set)
		if (!json_object_get(map, word))
			json_put(map, word, json_incref(set));
}

static void add_other_headers(struct labels *l, const struct field *f, const json_t *headers)
{
	json_members (headers, lang, list)
		json_each (list, one) {
			if (is_text(f))
				add_text_head(l->others, l, f->name, lang, json_string_value(one));
			else
				lead(l->others, json_string_value(one), f->name);
		}
}

static void add_other_values(struct labels *l, const char *column, const json_t *values)
{
	json_auto_t *more = json_object();

	json_members (values, code, list)
		json_each (list, one)
			lead(more, json_string_value(one), code);
	if (json_object_get(l->words, column))
		lead_also(json_object_get(l->words, column), more);
}

/* A city's own standard may lack a field that "also" names. */
static void add_others(struct labels *l)
{
	json_members (json_object_get(l->form, "also"), name, also) {
		const struct field *f = standard_field(l->standard, name);

		if (!f)
			continue;
		add_other_headers(l, f, json_object_get(also, "headers"));
		add_other_values(l, name, json_object_get(also, "values"));
	}
}

/* --- the guide --- */

static const char *said_in(const json_t *texts, const char *lang)
{
	const char *text = standard_text(texts, lang, NULL);

	return text ? text : "";
}

/* Can people write the value into one cell? A list of anything but words is JSON in a cell. */
static bool fits_cell(const struct field *f)
{
	if (f->type == TYPE_LIST)
		return f->item->type == TYPE_TEXT || f->item->type == TYPE_ENUM;
	return f->type != TYPE_OBJECT && f->type != TYPE_ASSESSMENTS;
}

static void add_values(
	const struct labels *l, const struct field *f, const char *lang, struct buf *out)
{
	buf_printf(out, " %s",
		said_in(json_object_get(l->form, f->type == TYPE_LIST ? "some_of" : "one_of"),
			lang));
	json_each_at (json_object_get(coded(f)->json, "values"), i, one)
		buf_printf(
			out, "%s %s", i ? " /" : "", said_in(json_object_get(one, "label"), lang));
}

/* One line that explains what belongs into the column of a field. */
static char *guide_of(const struct labels *l, const struct field *f, const char *lang)
{
	struct buf out = BUF(WORD_MAX);

	if (json_is_true(f->required))
		buf_printf(&out, "%s ", said_in(json_object_get(l->form, "required"), lang));
	buf_puts(&out, said_in(json_object_get(f->json, "help"), lang));
	if (coded(f))
		add_values(l, f, lang, &out);
	else if (f->type == TYPE_LIST)
		buf_printf(&out, " %s", said_in(json_object_get(l->form, "several"), lang));
	return buf_take(&out);
}

static void add_guide(struct labels *l, const char *column)
{
	const struct field *f = field_of(l, column);
	json_t *guide = json_object();

	json_put(l->guide, column, guide);
	if (!f || !fits_cell(f))
		return;
	json_members (json_object_get(f->json, "help"), lang, help) {
		AUTOFREE char *text = guide_of(l, f, lang);

		lead(guide, text, column);
	}
}

struct labels *labels_open(const struct profile *p, const struct standard *s)
{
	const json_t *form = json_object_get(profile_about(p), "form");
	struct labels *l;

	if (!form || !s)
		return NULL;
	l = mem_new(sizeof(*l));
	*l = (struct labels){.profile = p,
		.standard = s,
		.form = form,
		.heads = json_object(),
		.others = json_object(),
		.words = json_object(),
		.guide = json_object(),
		.names = json_object(),
		.known = json_object()};
	json_each (columns_of(l), column) {
		add_column(l, json_string_value(column));
		add_guide(l, json_string_value(column));
	}
	add_others(l);
	return l;
}

void labels_free(struct labels *l)
{
	if (!l)
		return;
	json_decref(l->heads);
	json_decref(l->others);
	json_decref(l->words);
	json_decref(l->guide);
	json_decref(l->names);
	json_decref(l->known);
	free(l);
}

/* --- headers --- */

/* `*out` is the column that the header means, or the header itself if it means none. */
static enum err find_column(const struct labels *l, const char *header, const char **out)
{
	const json_t *may_be =
		json_has_text(columns_of(l), header) ? NULL : led_to(l->heads, header);

	*out = header;
	if (!may_be)
		return OK;
	ENSURE(json_object_size(may_be) == 1, ERR_INVALID,
		"the header \"%.60s\" may be \"%.60s\" or \"%.60s\": write one of these instead",
		header, nth(may_be, 0), nth(may_be, 1));
	*out = nth(may_be, 0);
	return OK;
}

/* The column of another word than a label; NULL if it is none or stands for two. */
static const char *other_column(const struct labels *l, const char *header)
{
	const json_t *may_be = led_to(l->others, header);

	if (json_has_text(columns_of(l), header) || led_to(l->heads, header) ||
		json_object_size(may_be) != 1)
		return NULL;
	return nth(may_be, 0);
}

static void take_column(
	const char *header, const char *column, json_t *taken, json_t *said, json_t *names)
{
	json_put(taken, column, json_text(header));
	if (strcmp(header, column) == 0)
		return;
	json_put(names, header, json_text(column));
	json_push(json_object_get(said, "headers"),
		json_make("{s:s,s:s}", "header", header, "column", column));
}

/* Other words come last: one for a column that the sheet has already stays unknown, instead of
 * refusing the sheet. */
/* `*names` is header -> column, without the headers that already are columns. */
static enum err find_columns(
	const struct labels *l, const json_t *headers, json_t *said, json_t *names)
{
	json_auto_t *taken = json_object();

	json_each (headers, one) {
		const char *header = json_string_value(one), *column;

		TRY(find_column(l, header, &column));
		ENSURE(!json_object_get(taken, column), ERR_INVALID,
			"the headers \"%.60s\" and \"%.60s\" are both the column \"%.60s\": keep one of them",
			json_str(taken, column), header, column);
		take_column(header, column, taken, said, names);
	}
	json_each (headers, one) {
		const char *header = json_string_value(one), *column = other_column(l, header);

		if (column && !json_object_get(taken, column))
			take_column(header, column, taken, said, names);
	}
	return OK;
}

static const char *renamed(const json_t *names, const char *header)
{
	const char *column = json_str(names, header);

	return column ? column : header;
}

static void rename_row(const json_t *names, json_t *entry)
{
	json_t *row = json_object();

	json_members (json_object_get(entry, "row"), header, cell)
		json_put(row, renamed(names, header), json_incref(cell));
	json_put(entry, "row", row);
}

static void rename_columns(const json_t *names, struct profile_rows *r)
{
	json_t *columns = json_array();

	json_each (r->columns, one)
		json_push(columns, json_text(renamed(names, json_string_value(one))));
	json_decref(r->columns);
	r->columns = columns;
}

/* --- values --- */

/* The state of reading one row. */
struct reading {
	const struct labels *l;
	json_t *entry, *said;
	json_t *known; /* "column said" -> true: the values that are already in `said` */
};

/* The file's name for a column. */
static const char *called(const struct reading *g, const char *column)
{
	const json_t *one = json_find(json_object_get(g->said, "headers"), "column", column);

	return one ? json_str(one, "header") : column;
}

static void doubt(struct reading *g, const char *why)
{
	if (!json_object_get(g->entry, "why"))
		json_put(g->entry, "why", json_text(why));
}

static void tell_value(struct reading *g, const char *column, const char *word, const char *code)
{
	AUTOFREE char *key = mem_printf("%s %s", column, word);

	if (json_object_get(g->known, key))
		return;
	json_put(g->known, key, json_true());
	json_push(json_object_get(g->said, "values"),
		json_make("{s:s,s:s,s:s}", "column", column, "said", word, "code", code));
}

static bool is_code(const json_t *words, const char *word)
{
	const json_t *codes = led_to(words, word);

	return codes && json_object_get(codes, word);
}

/* The code of a word, or the word itself if it has none; borrowed. */
static const char *code_of(struct reading *g, const char *column, const char *word)
{
	const json_t *words = json_object_get(g->l->words, column), *codes = led_to(words, word);

	if (!codes || is_code(words, word))
		return word;
	if (json_object_size(codes) > 1) {
		(void)fail(ERR_INVALID,
			"\"%.60s\" in the column \"%.60s\" may be \"%.60s\" or \"%.60s\": write one of "
			"these instead",
			word, called(g, column), nth(codes, 0), nth(codes, 1));
		doubt(g, err_why());
		return word;
	}
	tell_value(g, column, word, nth(codes, 0));
	return nth(codes, 0);
}

/* With semicolons instead of commas, if the cell has no other separator and is no single word. */
static char *separated(const struct reading *g, const char *column, const char *cell)
{
	static const char *const commas[] = {",", "，", "、"};
	struct buf out = BUF(2 * WORD_MAX);

	if (strpbrk(cell, ";\n") || led_to(json_object_get(g->l->words, column), cell))
		return mem_text(cell);
	while (*cell) {
		size_t len = 0;

		for (size_t i = 0; i < COUNT(commas) && !len; i++)
			if (strncmp(cell, commas[i], strlen(commas[i])) == 0)
				len = strlen(commas[i]);
		buf_putc(&out, len ? ';' : *cell);
		cell += len ? len : 1;
	}
	return buf_take(&out);
}

/* Codes for words that are separated by semicolons, line breaks or commas. */
static char *codes_of(struct reading *g, const char *column, const char *text)
{
	AUTOFREE char *list = separated(g, column, text);
	const char *cell = list;
	struct buf out = BUF(64 * KIB);

	while (*cell) {
		size_t len = strcspn(cell, ";\n");
		AUTOFREE char *part = mem_bytes(cell, len), *word = text_trimmed(part);

		if (*word)
			buf_printf(&out, "%s%s", out.len ? "; " : "", code_of(g, column, word));
		cell += len + (cell[len] != '\0');
	}
	return buf_take(&out);
}

static void read_value(struct reading *g, const char *column, json_t *row)
{
	const struct field *f = field_of(g->l, column);
	const char *cell = json_str(row, column);
	AUTOFREE char *word = NULL, *codes = NULL;

	if (!cell || !*cell || strlen(cell) > WORD_MAX || strpbrk(cell, "[{\""))
		return;
	word = text_trimmed(cell);
	codes = f->type == TYPE_LIST ? codes_of(g, column, word)
	                             : mem_text(code_of(g, column, word));
	if (strcmp(codes, word) != 0)
		json_put(row, column, json_text(codes));
}

/* Spreadsheets write a day in their own way. */
static void read_day(struct reading *g, const char *column, json_t *row)
{
	const struct field *f = field_of(g->l, column);
	const char *cell = json_str(row, column);
	char day[DAYS_TEXT];

	if (!f || !(f->type == TYPE_DATE || f->type == TYPE_MONTH) || !cell ||
		!days_read(cell, f->type == TYPE_MONTH, day) || strcmp(cell, day) == 0)
		return;
	tell_value(g, column, cell, day);
	json_put(row, column, json_text(day));
}

static void read_values(struct reading *g)
{
	json_t *row = json_object_get(g->entry, "row");

	json_members (g->l->words, column, words)
		read_value(g, column, row);
	json_each (columns_of(g->l), one)
		read_day(g, json_string_value(one), row);
}

/* --- the rows of the guide --- */

/* `*first` is a column whose cell still has the guide's text. A column that the format does not
 * have tells nothing: with another header, its cell is still the guide's. */
static void count_guide(const struct labels *l, const json_t *row, size_t *guide, size_t *others,
	const char **first)
{
	*guide = *others = 0;
	json_members (row, column, cell) {
		const char *text = json_string_value(cell);
		const json_t *texts = json_object_get(l->guide, column);

		if (!texts || !text || !text_is_visible(text))
			continue;
		if (led_to(texts, text)) {
			*first = (*guide)++ ? *first : column;
		} else {
			++*others;
		}
	}
}

/* True if the row has only texts of the guide in the columns that are known. */
static bool is_guide(struct reading *g)
{
	size_t guide, others;
	const char *first;

	count_guide(g->l, json_object_get(g->entry, "row"), &guide, &others, &first);
	if (guide && others) {
		(void)fail(ERR_INVALID,
			"the row still has the sheet's own explanation in the column \"%.60s\": write "
			"your text there, or empty the cell",
			called(g, first));
		doubt(g, err_why());
	}
	return guide && !others;
}

enum err labels_header(struct labels *l, struct profile_rows *r, json_t *said)
{
	json_put(said, "headers", json_array());
	json_put(said, "values", json_array());
	json_put(said, "guide", json_array());
	TRY(find_columns(l, r->columns, said, l->names));
	if (json_object_size(l->names))
		rename_columns(l->names, r);
	return OK;
}

bool labels_row(struct labels *l, json_t *entry, json_t *said)
{
	struct reading g = {l, entry, said, l->known};

	if (json_object_size(l->names))
		rename_row(l->names, entry);
	if (l->rows++ < GUIDE_ROWS && is_guide(&g)) {
		json_array_append(json_object_get(said, "guide"), json_object_get(entry, "line"));
		return false;
	}
	read_values(&g);
	return true;
}

enum err labels_apply(struct labels *l, struct profile_rows *r, json_t *said)
{
	json_t *entry;
	size_t i = 0;

	TRY(labels_header(l, r, said));
	while ((entry = json_array_get(r->rows, i))) {
		if (labels_row(l, entry, said))
			i++;
		else
			json_array_remove(r->rows, i);
	}
	return OK;
}

/* The header that was replaced by a column of the field; NULL if there is none. */
static const char *header_of(const json_t *said, const char *field)
{
	size_t len = strlen(field);

	json_each (json_object_get(said, "headers"), one) {
		const char *column = json_str(one, "column");

		if (strncmp(column, field, len) == 0 && (!column[len] || column[len] == '.'))
			return json_str(one, "header");
	}
	return NULL;
}

json_t *labels_reword(const json_t *said, const json_t *error)
{
	json_t *out = json_deep_copy(error), *message = json_object_get(out, "message"), *text;
	const char *field = json_str(error, "field"), *lang;
	const char *header = field && *field ? header_of(said, field) : NULL;
	void *next;

	if (!header)
		return out;
	json_object_foreach_safe(message, next, lang, text)
	{
		const char *s = json_string_value(text), *at = s ? strstr(s, field) : NULL;
		AUTOFREE char *reworded = NULL;

		if (!at)
			continue;
		/* In quotes: the words of the person's file, in whatever language. */
		reworded = mem_printf("%.*s“%s”%s", (int)(at - s), s, header, at + strlen(field));
		json_object_set_new(message, lang, json_text(reworded));
	}
	return out;
}

const struct field *labels_needed(const struct labels *l, const struct profile_rows *r)
{
	const char *needs = json_str(l->form, "needs");
	const struct field *f = needs ? standard_field(l->standard, needs) : NULL;

	json_each (r->columns, column)
		if (f && field_of(l, json_string_value(column)) == f)
			return NULL;
	return f;
}

bool labels_may_lack(const struct labels *l, const struct profile_rows *r, const json_t *said)
{
	const char *known_by = json_str(l->form, "known_by");

	return json_array_size(json_object_get(said, "headers")) > 0 &&
	       !(known_by && json_has_text(r->columns, known_by));
}

/* --- the empty sheet --- */

/* Of a text, only the column in the sheet's language: translations are made in the draft. */
static bool is_asked(const struct labels *l, const char *column, const char *lang)
{
	const struct field *f = field_of(l, column);
	const char *of = strchr(column, '.');

	return f && !f->automatic && fits_cell(f) && (!of || strcmp(of + 1, lang) == 0);
}

void labels_template(const struct labels *l, const char *lang, struct buf *out)
{
	json_auto_t *headers = json_array(), *row = json_object();

	json_each (columns_of(l), one) {
		const struct field *f = field_of(l, json_string_value(one));
		AUTOFREE char *guide = NULL;
		const char *label;

		if (!is_asked(l, json_string_value(one), lang))
			continue;
		label = said_in(json_object_get(f->json, "label"), lang);
		guide = guide_of(l, f, lang);
		json_push(headers, json_text(label));
		json_put(row, label, json_text(guide));
	}
	csv_add_header(headers, out);
	csv_add_row(headers, row, out);
}
