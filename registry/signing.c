#include "registry/signing.h"

#include "base/sha256.h"
#include "registry/event.h"

#include <string.h>

void signed_event_done(struct signed_event *s)
{
	buf_done(&s->entry);
	buf_done(&s->content);
}

const char *key_department(const struct vkey *key)
{
	const char *slash = strrchr(key->name, '/');

	return slash && slug_valid(slash + 1) ? slash + 1 : NULL;
}

static void print_content(const struct env *env, json_t *content, struct buf *out)
{
	uint8_t salt[16];
	char hex[33];

	env_random(env, salt, sizeof(salt));
	hex_text(salt, sizeof(salt), hex);
	json_put(content, "salt", json_text(hex));
	json_canonical(content, out);
}

static json_t *content_of(const struct buf *content)
{
	struct sha256 hash = sha256_of(buf_text(content), content->len);
	char hex[SHA256_HEX];

	sha256_hex(&hash, hex);
	return json_make("{s:s,s:I,s:s}", "sha256", hex, "size", (json_int_t)content->len, "type",
		"application/json");
}

static void print_line(const struct env *env, json_t *event, struct buf *out)
{
	char at[TIME_TEXT];

	time_text(env_now(env), at);
	json_put(event, "at", json_text(at));
	json_canonical(event, out);
	buf_putc(out, '\n');
}

enum err sign_event(const struct skey *key, const struct env *env, const char *type,
	const char *kind, const char *subject, int64_t after, json_t *members, json_t *content,
	struct signed_event *out)
{
	json_auto_t *event = members ? members : json_object(), *body = content;
	const char *department = key_department(&key->vkey);
	AUTO(signed_event) made = {.entry = BUF(ENTRY_MAX), .content = BUF(MIB)};
	AUTO(buf) line = BUF(EVENT_LINE_MAX);
	AUTOFREE char *by = NULL;

	ENSURE(department, ERR_INVALID, "%s is not a department's key: its name must end in /<department>",
		key->vkey.name);
	by = mem_printf("department/%s", department);
	print_content(env, body, &made.content);
	json_put(event, "type", json_text(type));
	json_put(event, "by", json_text(by));
	json_put(event, "after", json_integer(after));
	json_put(event, kind, json_text(subject));
	json_put(event, "content", content_of(&made.content));
	print_line(env, event, &line);
	note_sign(key, buf_text(&line), line.len, &made.entry);
	TRY(buf_check(&line, "the event"));
	TRY(buf_check(&made.content, "the content"));
	TRY(buf_check(&made.entry, "the entry"));
	*out = TAKE(made);
	return OK;
}
