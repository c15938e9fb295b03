#include "registry/standard/hints.h"

#include "base/embed.h"
#include "base/json_schema.h"
#include "base/text.h"
#include "registry/standard/check_parts.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

EMBED(words, "policies/words.json");

#define EXCERPT 24      /* characters of a sentence, for its writer to find it */
#define ABBREVIATION 32 /* bytes, more than any limit in words.json */

static json_t *words; /* words.json; never freed */

static void load_words(void)
{
	enum err e = json_read(embed_words, embed_words_len(), MIB, RULES_STRICT, &words);

	if (e != OK)
		words = json_object();
}

static const json_t *word_data(const char *name)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load_words);
	return json_object_get(words, name);
}

struct finding {
	struct check check;
	const struct field *field; /* the field, member or item that holds the text */
	const json_t *label;
	const char *lang;
	const char *all; /* all texts of the record, joined */
};

static bool is_capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return is_capital(c) || (c >= 'a' && c <= 'z');
}

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t';
}

/* A letter or digit of any script, which makes characters between spaces a word. */
static bool is_of_word(char c)
{
	return is_letter(c) || is_digit(c) || (unsigned char)c >= 0x80;
}

static bool starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* --- long sentences --- */

static const char *const ends[] = {".", "!", "?", "。", "！", "？"};

/* Does a sentence end here? "3.5" and "www.gimhae.go.kr" go on. A line end counts too, because
 * forms keep lines as typed. */
static bool is_end(const char *s)
{
	if (*s == '\n')
		return true;
	for (size_t i = 0; i < COUNT(ends); i++) {
		const char *after;

		/* Called for every byte of a text, and few bytes can begin an end. */
		if (*s != *ends[i] || !starts(s, ends[i]))
			continue;
		after = s + strlen(ends[i]);
		after += strspn(after, "\"')*_");
		return !*after || is_space(*after);
	}
	return false;
}

/* The number of words in the sentence at `s`; `*next` is after it. */
static size_t count_words(const char *s, const char **next)
{
	size_t n = 0;
	bool in_word = false;

	while (*s && !is_end(s)) {
		if (is_space(*s))
			in_word = false;
		else if (!in_word && is_of_word(*s))
			n += in_word = true;
		s++;
	}
	*next = *s ? s + 1 : s;
	return n;
}

static char *excerpt(const char *s, const char *end)
{
	AUTOFREE char *whole = NULL;
	size_t len;

	s += strspn(s, " \t\n-*#>");
	whole = mem_bytes(s, (size_t)(end - s));
	len = text_prefix(whole, EXCERPT);
	while (len && is_space(whole[len - 1]))
		len--;
	return mem_printf("%.*s…", (int)len, whole);
}

/* Reports only the longest one; its writer will look at the others too. */
static void find_long(struct finding *f, const struct record_path *at, const char *text)
{
	int64_t limit = json_num(word_data("sentence_words"), f->lang);
	size_t longest = 0;
	AUTOFREE char *begins = NULL;

	for (const char *next; *text; text = next) {
		size_t n = count_words(text, &next);

		if (n <= longest)
			continue;
		longest = n;
		mem_free(&begins);
		begins = excerpt(text, next);
	}
	if (limit && longest > (size_t)limit)
		problem(&f->check, at, "long_sentence",
			json_make("{s:I, s:I, s:s}", "limit", (json_int_t)limit, "got",
				(json_int_t)longest, "allowed", begins));
}

/* --- abbreviations --- */

static const char *after_bracket(const char *s)
{
	return *s == '(' ? s + 1 : starts(s, "（") ? s + strlen("（") : NULL;
}

static bool is_bracket_end(const char *s)
{
	return *s == ')' || *s == ',' || starts(s, "）");
}

/* "OCR(광학 문자 인식)", "OCR (optical …)", "광학 문자 인식(OCR)". */
static bool explains(const char *all, const char *at, size_t len)
{
	const char *after = at + len + (at[len] == 's');
	bool opened =
		(at > all && at[-1] == '(') || (at - all >= 3 && starts(at - strlen("（"), "（"));

	return after_bracket(after + strspn(after, " ")) || (opened && is_bracket_end(after));
}

static bool is_explained(const char *all, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = strstr(all, word); at; at = strstr(at + 1, word))
		if (!(at > all && is_letter(at[-1])) && explains(all, at, len))
			return true;
	return false;
}

/* The length of a word of capitals at `s`, 0 for none. "GPT-4" has "GPT", "KoBERT" has none. */
static size_t capitals(const char *text, const char *s)
{
	size_t len = 0, letters = 0;

	if (s > text && (is_letter(s[-1]) || is_digit(s[-1]) || strchr("_-/.@&", s[-1])))
		return 0;
	for (; is_capital(s[len]) || is_digit(s[len]); len++)
		letters += is_capital(s[len]);
	if (is_letter(s[len]) && !(s[len] == 's' && !is_of_word(s[len + 1])))
		return 0;
	return letters >= 2 && letters <= (size_t)json_num(words, "abbreviation_letters") &&
	                       len < ABBREVIATION
	               ? len
	               : 0;
}

/* Addresses and code are no abbreviations. */
static const char *past_code(const char *s)
{
	const char *end = *s == '`' ? strchr(s + 1, '`') : NULL;

	if (end)
		return end + 1;
	return starts(s, "http://") || starts(s, "https://") || starts(s, "](")
	               ? s + strcspn(s, " \n\t)>")
	               : s;
}

/* A text entirely in capitals is a style, not an abbreviation. */
static bool is_shouted(const char *text)
{
	size_t spaces = 0;

	for (; *text; text++) {
		if (!is_capital(*text) && is_of_word(*text) && !is_digit(*text))
			return false;
		spaces += *text == ' ';
	}
	return spaces > 0;
}

static void find_abbreviations(struct finding *f, const struct record_path *at, const char *text)
{
	json_auto_t *told = json_object();
	const json_t *limits = word_data("known");

	if (!limits || is_shouted(text))
		return;
	for (const char *s = past_code(text); *s; s = past_code(s)) {
		char word[ABBREVIATION] = "";
		size_t len = capitals(text, s);

		if (!len) {
			s++;
			continue;
		}
		memcpy(word, s, len);
		if (!json_has_text(word_data("known"), word) && !json_object_get(told, word) &&
			!is_explained(f->all, word))
			problem(&f->check, at, "abbreviation", got_text(word));
		json_put(told, word, json_true());
		s += len;
	}
}

/* As a separate word: "dept." is not part of "adept.". */
static bool has_word(const char *text, const char *word)
{
	for (const char *at = strstr(text, word); at; at = strstr(at + 1, word))
		if (!is_letter(*word) ||
			((at == text || !is_letter(at[-1])) && !is_letter(at[strlen(word)])))
			return true;
	return false;
}

static void find_short(struct finding *f, const struct record_path *at, const char *text)
{
	json_each (json_object_get(word_data("short"), f->lang), pair) {
		const char *word = json_string_value(json_array_get(pair, 0)),
			   *full = json_string_value(json_array_get(pair, 1));

		if (has_word(text, word) && !strstr(f->all, full))
			problem(&f->check, at, "short_word",
				json_make("{s:s, s:s}", "got", word, "allowed", full));
	}
}

/* --- repeated labels --- */

/* Folded, only letters and digits. */
static char *bare(const char *s)
{
	AUTOFREE char *folded = text_folded(s);
	struct buf out = BUF(MIB);

	for (const char *p = folded; *p; p++)
		if (is_of_word(*p))
			buf_putc(&out, *p);
	return buf_take(&out);
}

static void find_label(struct finding *f, const struct record_path *at, const char *text)
{
	const char *label = json_str(f->label, f->lang);
	AUTOFREE char *said = bare(text), *is = bare(label ? label : "");

	if (*is && strcmp(said, is) == 0)
		problem(&f->check, at, "only_label", NULL);
}

/* --- a record --- */

static void find_in_texts(struct finding *f, const struct record_path *path, const json_t *texts)
{
	json_members (texts, lang, text) {
		const struct record_path at = {.up = path, .name = lang};

		if (!json_is_string(text))
			continue;
		f->lang = lang;
		find_long(f, &at, json_string_value(text));
		find_abbreviations(f, &at, json_string_value(text));
		find_short(f, &at, json_string_value(text));
		find_label(f, &at, json_string_value(text));
	}
}

static void find_in(struct finding *f, const struct field *field, const struct record_path *path,
	const json_t *value)
{
	const json_t *label = json_object_get(field->json, "label");

	if (label)
		f->label = label;
	if (field->type == TYPE_TEXT || field->type == TYPE_MARKDOWN) {
		find_in_texts(f, path, value);
		return;
	}
	for (size_t i = 0; i < field->members_n; i++) {
		const struct record_path at = {.up = path, .name = field->members[i].name};

		find_in(f, &field->members[i], &at, json_object_get(value, at.name));
	}
	json_each_at (field->item ? value : NULL, i, one) {
		const struct record_path at = {.up = path, .index = i};

		find_in(f, field->item, &at, one);
	}
}

/* Strings of all kinds: a name in a list explains as well as a sentence. */
static void add_texts(const json_t *value, struct buf *out)
{
	if (json_is_string(value))
		buf_printf(out, "%s\n", json_string_value(value));
	json_members (value, name, one)
		add_texts(one, out);
	json_each (value, one)
		add_texts(one, out);
}

void hints_find(const struct standard *s, const json_t *record, const char *only, json_t *hints)
{
	AUTO(buf) all = BUF(2 * MIB);
	struct finding f = {.check = {.standard = s, .problems = hints}};
	size_t n;
	const struct field *fields = standard_fields(s, &n);

	add_texts(record, &all);
	f.all = buf_text(&all);
	for (size_t i = 0; i < n; i++) {
		const struct record_path at = {.name = fields[i].name};

		if (!only || strcmp(only, fields[i].name) == 0)
			find_in(&f, &fields[i], &at, json_object_get(record, at.name));
	}
}

/* --- answers that hardly go together --- */

#define CONTRADICTIONS 100 /* at most */

static struct schema *conditions[CONTRADICTIONS]; /* in the order of words.json; never freed */

static void load_conditions(void)
{
	json_each_at (word_data("contradictions"), i, one) {
		if (i == CONTRADICTIONS ||
			schema_load(json_object_get(one, "if"), &conditions[i]) != OK)
			abort(); /* our own data, which the tests load */
	}
}

static bool applies(size_t i, const json_t *one, const json_t *record, const char *today)
{
	const char *day = json_str(record, json_str(one, "field"));
	bool fits = false;

	if (schema_check(conditions[i], record, &fits) != OK || !fits)
		return false;
	return !json_is_true(json_object_get(one, "after_today")) ||
	       (day && strcmp(day, today) > 0);
}

void hints_contradictions(const struct standard *s, const json_t *record, const char *only,
	const char *today, json_t *hints)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	struct check c = {.standard = s, .problems = hints};

	pthread_once(&once, load_conditions);
	json_each_at (word_data("contradictions"), i, one) {
		const struct record_path at = {.name = json_str(one, "field")};

		if ((!only || strcmp(only, at.name) == 0) && standard_field(s, at.name) &&
			applies(i, one, record, today))
			problem(&c, &at, "contradiction",
				json_make("{s:O}", "says", json_object_get(one, "says")));
	}
}
