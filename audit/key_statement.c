#include "audit/key_statement.h"

#include <string.h>

#define KEY "key "

bool vkey_same(const struct vkey *a, const struct vkey *b)
{
	return a->type == b->type && strcmp(a->name, b->name) == 0 &&
	       memcmp(a->public, b->public, sizeof(a->public)) == 0;
}

bool log_keys_have(const struct log_keys *keys, const struct vkey *key)
{
	for (size_t i = 0; i < keys->n; i++)
		if (vkey_same(&keys->key[i], key))
			return true;
	return false;
}

void key_statement_text(const struct key_statement *s, struct buf *out)
{
	checkpoint_text(&s->checkpoint, out);
	for (size_t i = 0; i < s->keys.n; i++) {
		buf_puts(out, KEY);
		vkey_text(&s->keys.key[i], out);
		buf_putc(out, '\n');
	}
}

static enum err add_key(struct line line, const char *origin, struct log_keys *out)
{
	const size_t word = strlen(KEY);
	AUTOFREE char *text = NULL;
	struct vkey key;

	ENSURE(line.len > word && memcmp(line.s, KEY, word) == 0, ERR_INVALID,
		"a line of a key statement does not begin with \"key \"");
	ENSURE(out->n < LOG_KEYS_MAX, ERR_INVALID, "a key statement names over %d keys",
		LOG_KEYS_MAX);
	text = mem_bytes(line.s + word, line.len - word);
	ENSURE(strlen(text) == line.len - word, ERR_INVALID, "a key statement holds a NUL");
	TRY(vkey_parse(text, &key));
	ENSURE(key.type == KEY_ED25519 && strcmp(key.name, origin) == 0, ERR_INVALID,
		"a key statement names a key that is not one of the log %s", origin);
	ENSURE(!log_keys_have(out, &key), ERR_INVALID, "a key statement names a key twice");
	out->key[out->n++] = key;
	return OK;
}

static enum err parse_keys(struct line rest, const char *origin, struct log_keys *out)
{
	struct line line;

	for (int i = 0; i < 3; i++) /* the checkpoint's own lines */
		TRY(line_next(&rest, &line));
	while (rest.len) {
		TRY(line_next(&rest, &line));
		TRY(add_key(line, origin, out));
	}
	ENSURE(out->n, ERR_INVALID, "a key statement names no key");
	return OK;
}

enum err key_statement_parse(
	const char *note, size_t len, struct key_statement *out, struct note *parsed)
{
	AUTO(buf) again = BUF(KEY_STATEMENT_MAX);
	struct key_statement s = {0};

	ENSURE(len <= KEY_STATEMENT_MAX, ERR_INVALID, "a key statement is over %lu bytes",
		KEY_STATEMENT_MAX);
	TRY(note_parse(note, len, parsed));
	TRY(checkpoint_parse(parsed->text, parsed->text_len, &s.checkpoint));
	TRY(parse_keys(
		(struct line){parsed->text, parsed->text_len}, s.checkpoint.origin, &s.keys));
	key_statement_text(&s, &again);
	ENSURE(again.len == parsed->text_len && memcmp(again.data, parsed->text, again.len) == 0,
		ERR_INVALID, "a key statement is not in its one spelling");
	*out = s;
	return OK;
}

enum err key_statement_open(
	const char *note, size_t len, const struct vkey *by, struct key_statement *out)
{
	AUTOFREE struct note *parsed = mem_new(sizeof(*parsed));
	struct key_statement s;

	TRY(key_statement_parse(note, len, &s, parsed));
	TRY(note_verify(parsed, by));
	ENSURE(strcmp(s.checkpoint.origin, by->name) == 0, ERR_FALSE,
		"%s signed a key statement of %s", by->name, s.checkpoint.origin);
	*out = s;
	return OK;
}
