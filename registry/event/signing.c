#include "registry/event/signing.h"

#include "base/sha256.h"
#include "registry/event/event.h"

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

/* Completes and signs an event that already has its own members and content. */
static enum err sign_line(const struct skey *key, const struct env *env, json_t *event,
	const char *type, int64_t after, struct buf *entry)
{
	const char *department = key_department(&key->vkey);
	AUTO(buf) line = BUF(EVENT_LINE_MAX);
	AUTOFREE char *by = NULL;

	ENSURE(department, ERR_INVALID,
		"%s is not a department's key: its name must end in /<department>", key->vkey.name);
	by = mem_printf("department/%s", department);
	json_put(event, "type", json_text(type));
	json_put(event, "by", json_text(by));
	json_put(event, "after", json_integer(after));
	print_line(env, event, &line);
	TRY(buf_check(&line, "the event"));
	note_sign(key, buf_text(&line), line.len, entry);
	return buf_check(entry, "the entry");
}

enum err sign_file(const struct skey *key, const struct env *env, const char *type,
	const char *kind, const char *sha256, int64_t after, const char *media, size_t len,
	struct buf *entry)
{
	json_auto_t *event = json_make("{s:s, s:{s:s, s:I, s:s}}", kind, sha256, "content",
		"sha256", sha256, "size", (json_int_t)len, "type", media);

	return sign_line(key, env, event, type, after, entry);
}

enum err sign_event(const struct skey *key, const struct env *env, const char *type,
	const char *kind, const char *subject, int64_t after, json_t *members, json_t *content,
	struct signed_event *out)
{
	json_auto_t *event = members ? members : json_object(), *body = content;
	AUTO(signed_event) made = {.entry = BUF(ENTRY_MAX), .content = BUF(MIB)};

	print_content(env, body, &made.content);
	TRY(buf_check(&made.content, "the content"));
	json_put(event, kind, json_text(subject));
	json_put(event, "content", content_of(&made.content));
	TRY(sign_line(key, env, event, type, after, &made.entry));
	*out = TAKE(made);
	return OK;
}
