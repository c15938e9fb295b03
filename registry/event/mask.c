#include "registry/event/mask.h"

#include "base/buf.h"

#include <stdlib.h>
#include <string.h>

/* The position after one UTF-8 character. */
static const char *next_character(const char *s)
{
	s++;
	while (((unsigned char)*s & 0xc0) == 0x80)
		s++;
	return s;
}

static const char *find(const char *in, const char *piece, size_t len)
{
	return len ? memmem(in, strlen(in), piece, len) : in;
}

static bool ends_in(const char *s, const char *end)
{
	size_t len = strlen(s), n = strlen(end);

	return n <= len && strcmp(s + len - n, end) == 0;
}

/* Do the pieces between the masks occur in the original, in order, with at least one character for
 * each mask? Taking the first place where a piece fits leaves most room for the rest. */
static bool is_masked(const char *masked, const char *original)
{
	const char *mask = strstr(masked, MASK);
	size_t len = mask ? (size_t)(mask - masked) : 0;

	if (!mask)
		return strcmp(masked, original) == 0;
	if (strncmp(original, masked, len) != 0)
		return false;
	for (original += len;; original += len) { /* where the hidden span begins */
		if (!*original)
			return false;
		original = next_character(original);
		masked = mask + strlen(MASK);
		mask = strstr(masked, MASK);
		if (!mask)
			return ends_in(original, masked);
		len = (size_t)(mask - masked);
		original = find(original, masked, len);
		if (!original)
			return false;
	}
}

static bool same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The name must be unchanged or masked. */
static bool name_fits(const char *masked, const char *name)
{
	return same(masked, name) || (name && same(masked, MASK));
}

enum err mask_check(const json_t *content, const json_t *original)
{
	const char *text = json_str(content, "text"), *name = json_str(content, "name");
	const char *asked = json_str(original, "text"), *asker = json_str(original, "name");

	ENSURE(text && json_str(content, "lang"), ERR_INVALID,
		"a masked question has \"text\" and \"lang\", as what was asked");
	if (!original)
		return OK;
	ENSURE(asked && is_masked(text, asked) && name_fits(name, asker) &&
			same(json_str(content, "lang"), json_str(original, "lang")),
		ERR_INVALID,
		"the masked question is not what was asked: beside spans that are hidden (%s) every "
		"character must stay",
		MASK);
	ENSURE(strcmp(text, asked) != 0 || !same(name, asker), ERR_INVALID,
		"nothing is masked: publish the question as it is");
	return OK;
}

/* --- making one --- */

/* Joins adjacent masks. */
static void add_masked(struct buf *out, const char *text)
{
	const char *mask;

	while ((mask = strstr(text, MASK MASK))) {
		buf_add(out, text, (size_t)(mask - text));
		text = mask + strlen(MASK);
	}
	buf_puts(out, text);
}

static char *replaced(const char *text, const char *word)
{
	struct buf out = BUF(MIB);
	const char *at;

	for (; (at = strstr(text, word)); text = at + strlen(word)) {
		buf_add(&out, text, (size_t)(at - text));
		buf_puts(&out, MASK);
	}
	buf_puts(&out, text);
	return buf_take(&out);
}

static json_t *content_of(const json_t *original, const char *text, bool name)
{
	AUTO(buf) joined = BUF(MIB);
	json_t *content = json_object();

	add_masked(&joined, text);
	json_put(content, "text", json_text(buf_text(&joined)));
	json_put(content, "lang", json_text(json_str(original, "lang")));
	if (json_str(original, "name"))
		json_put(content, "name", json_text(name ? MASK : json_str(original, "name")));
	return content;
}

/* The result must pass the check that everybody applies. */
static enum err give(const json_t *original, const char *text, bool name, json_t **out)
{
	json_auto_t *content = content_of(original, text, name);

	TRY(mask_check(content, original));
	*out = TAKE(content);
	return OK;
}

enum err mask_words(const json_t *original, const json_t *words, bool name, json_t **out)
{
	const char *asked = json_str(original, "text");
	AUTOFREE char *text = mem_text(asked ? asked : "");

	json_each (words, one) {
		const char *word = json_string_value(one);
		char *with;

		ENSURE(word && *word && strstr(asked ? asked : "", word), ERR_INVALID,
			"\"%.80s\" is not in the question: give the words to mask exactly as they "
			"stand there",
			word ? word : "");
		with = replaced(text, word);
		free(text);
		text = with;
	}
	return give(original, text, name, out);
}

static const struct mask_marks marks[] = {{"[[", "]]"}, {"{{", "}}"}, {"<<", ">>"}, {"⟦", "⟧"}};

struct mask_marks mask_marks(const char *text)
{
	size_t i = 0;

	while (i + 1 < COUNT(marks) &&
		(strstr(text, marks[i].open) || strstr(text, marks[i].close)))
		i++;
	return marks[i];
}

enum err mask_marked(const json_t *original, const char *marked, bool name, json_t **out)
{
	const char *asked = json_str(original, "text") ? json_str(original, "text") : "";
	struct mask_marks m = mask_marks(asked);
	AUTO(buf) plain = BUF(MIB), text = BUF(MIB);

	while (*marked) {
		const char *open = strstr(marked, m.open), *close = NULL, *from;
		size_t before = open ? (size_t)(open - marked) : strlen(marked);

		buf_add(&plain, marked, before);
		buf_add(&text, marked, before);
		if (!open)
			break;
		from = open + strlen(m.open);
		close = strstr(from, m.close);
		ENSURE(close, ERR_INVALID,
			"a \"%s\" has no \"%s\" behind it: put one where the words to mask end",
			m.open, m.close);
		buf_add(&plain, from, (size_t)(close - from));
		if (close > from)
			buf_puts(&text, MASK);
		marked = close + strlen(m.close);
	}
	ENSURE(strcmp(buf_text(&plain), asked) == 0, ERR_INVALID,
		"beside the marks the question must stay as it was asked: undo what was changed in its "
		"words, and put only %s and %s around what is to be masked",
		m.open, m.close);
	return give(original, buf_text(&text), name, out);
}
