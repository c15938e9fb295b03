#include "base/json_lists.h"

#include <stdlib.h>
#include <string.h>

struct json_lists {
	struct json_lists_take take;
	struct buf rest, item;
	size_t lists; /* closed so far */
	size_t depth; /* open brackets from the list inwards; 0 outside of the lists */
	bool in_text, escaped;
	bool filled; /* the current item is not blank */
	bool comma;  /* an item of this list ended with one */
};

struct json_lists *json_lists_new(const struct json_lists_take *take)
{
	struct json_lists *r = mem_new(sizeof(*r));

	r->take = *take;
	r->rest = BUF(take->rest_max);
	r->item = BUF(take->item_max);
	return r;
}

void json_lists_free(struct json_lists *r)
{
	if (!r)
		return;
	buf_done(&r->rest);
	buf_done(&r->item);
	free(r);
}

static enum err not_a_list(void)
{
	return fail(ERR_INVALID, "not JSON: a list has an empty item, a wrong bracket or no end");
}

static bool is_wanted(const struct json_lists *r)
{
	return r->take.item && r->lists == r->take.list;
}

static void keep(struct json_lists *r, const char *text, size_t len)
{
	if (!r->depth)
		buf_add(&r->rest, text, len);
	else if (is_wanted(r))
		buf_add(&r->item, text, len);
}

static enum err end_item(struct json_lists *r)
{
	enum err e = OK;

	if (!r->filled)
		return not_a_list();
	TRY(buf_check(&r->item, "one row"));
	if (is_wanted(r))
		e = r->take.item(r->take.arg, buf_text(&r->item), r->item.len);
	buf_clear(&r->item);
	r->filled = false;
	return e;
}

static void begin_list(struct json_lists *r)
{
	buf_printf(&r->rest, "[%zu]", r->lists);
	r->depth = 1;
	r->filled = r->comma = false;
}

/* A blank list has no item; behind a comma there must be one. */
static enum err end_list(struct json_lists *r)
{
	if (r->filled || r->comma)
		TRY(end_item(r));
	r->depth = 0;
	r->lists++;
	return OK;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* One byte outside of texts. */
static enum err take_byte(struct json_lists *r, char c)
{
	bool opens = c == '[' || c == '{', closes = c == ']' || c == '}';

	r->in_text = c == '"';
	if (!r->depth && c == '[') {
		begin_list(r);
		return OK;
	}
	if (r->depth == 1 && closes)
		return c == ']' ? end_list(r) : not_a_list();
	if (r->depth == 1 && c == ',') {
		r->comma = true;
		return end_item(r);
	}
	if (r->depth && !r->filled && is_blank(c))
		return OK;
	r->filled = r->depth;
	keep(r, &c, 1);
	if (r->depth)
		r->depth += (size_t)opens - (size_t)closes;
	return OK;
}

/* The number of bytes up to the end of the text or of the part. */
static size_t take_text(struct json_lists *r, const char *text, size_t len)
{
	size_t n = 0;

	while (n < len && r->in_text) {
		char c = text[n++];

		if (!r->escaped && c == '"')
			r->in_text = false;
		r->escaped = !r->escaped && c == '\\';
	}
	keep(r, text, n);
	return n;
}

enum err json_lists_feed(struct json_lists *r, const char *text, size_t len)
{
	while (len) {
		size_t n = 1;

		if (r->in_text)
			n = take_text(r, text, len);
		else
			TRY(take_byte(r, *text));
		text += n;
		len -= n;
	}
	return buf_check(&r->rest, "what is outside of the lists");
}

enum err json_lists_end(struct json_lists *r, const char **text, size_t *len)
{
	if (r->depth)
		return not_a_list();
	*text = buf_text(&r->rest);
	*len = r->rest.len;
	return OK;
}

/* --- an item that is not valid JSON --- */

/* The tokens that may come next in an item. */
enum next { VALUE, VALUE_OR_END, KEY, KEY_OR_END, COLON, COMMA_OR_END };
struct shape {
	enum next next;
	struct buf open; /* the brackets that are open */
};

/* The length of a text, with its quotes; 0 if it has no end or holds a line break, which no text
 * may: then a quote is probably missing. */
static size_t text_length(const char *s, size_t len)
{
	for (size_t n = 1; n < len; n++) {
		if ((unsigned char)s[n] < ' ')
			return 0;
		if (s[n] == '"')
			return n + 1;
		n += s[n] == '\\';
	}
	return 0;
}

static size_t word_length(const char *s, size_t len)
{
	size_t n = 0;

	while (n < len && s[n] &&
		strchr("+-.0123456789"
		       "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
			s[n]))
		n++;
	return n;
}

static bool takes_value(const struct shape *s)
{
	return s->next == VALUE || s->next == VALUE_OR_END;
}

static bool takes_key(const struct shape *s)
{
	return s->next == KEY || s->next == KEY_OR_END;
}

static bool close_bracket(struct shape *s, char c)
{
	char opened = s->open.len ? s->open.data[s->open.len - 1] : '\0';
	bool may = s->next == COMMA_OR_END || s->next == (c == ']' ? VALUE_OR_END : KEY_OR_END);

	if (!may || opened != (c == ']' ? '[' : '{'))
		return false;
	s->open.len--;
	s->next = COMMA_OR_END;
	return true;
}

static bool take_comma(struct shape *s)
{
	if (s->next != COMMA_OR_END || !s->open.len)
		return false;
	s->next = s->open.data[s->open.len - 1] == '[' ? VALUE : KEY;
	return true;
}

/* The length of the token; 0 if it cannot stand here. */
static size_t take_token(struct shape *s, const char *text, size_t len)
{
	size_t n = 1;

	switch (*text) {
	case '[':
	case '{':
		if (!takes_value(s))
			return 0;
		buf_putc(&s->open, *text);
		s->next = *text == '[' ? VALUE_OR_END : KEY_OR_END;
		return 1;
	case ']':
	case '}':
		return close_bracket(s, *text);
	case ',':
		return take_comma(s);
	case ':':
		if (s->next != COLON)
			return 0;
		s->next = VALUE;
		return 1;
	case '"':
		n = takes_value(s) || takes_key(s) ? text_length(text, len) : 0;
		s->next = takes_key(s) ? COLON : COMMA_OR_END;
		return n;
	default:
		n = takes_value(s) ? word_length(text, len) : 0;
		s->next = COMMA_OR_END;
		return n;
	}
}

bool json_lists_sure(const char *text, size_t len)
{
	struct shape s = {VALUE, BUF(len + 1)};
	bool sure = true;

	while (len && sure) {
		size_t n = is_blank(*text) ? 1 : take_token(&s, text, len);

		sure = n > 0;
		text += n;
		len -= n;
	}
	sure = sure && !s.open.len && s.next == COMMA_OR_END;
	buf_done(&s.open);
	return sure;
}
