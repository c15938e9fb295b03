#include "cli/client.h"

#include "base/text.h"
#include "cli/cli.h"
#include "cli/key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX (4 * MIB)

enum err client_open(const char *server, const char *key, struct client *out)
{
	size_t len = strlen(server);
	struct client c = {0};

	while (len && server[len - 1] == '/')
		len--;
	TRY(key_read(key, &c.key));
	TRY(fetch_open(&c.fetch));
	fetch_named(c.fetch, server);
	c.server = mem_bytes(server, len);
	*out = c;
	return OK;
}

void client_done(struct client *c)
{
	free(c->server);
	fetch_free(c->fetch);
	skey_wipe(&c->key);
}

static enum err kind_named(const char *name)
{
	for (int e = ERR_INVALID; e < ERR_KINDS; e++)
		if (strcmp(err_kind((enum err)e)->name, name) == 0)
			return (enum err)e;
	return ERR_SYSTEM;
}

void print_refusal(const json_t *refusal, bool json)
{
	if (json) {
		print_json(refusal);
		return;
	}
	json_each (json_object_get(refusal, "texts"), text) {
		const char *s = json_string_value(text);

		/* A dishonest server may hide escape sequences for the terminal. */
		if (s && !text_forbidden(s, false))
			emit(stderr, "  %s\n", s);
	}
}

static enum err refused(struct client *c, int status, const struct buf *body)
{
	json_auto_t *answer = NULL;
	const char *kind, *message;

	if (json_read(buf_text(body), body->len, ANSWER_MAX, RULES_LOOSE, &answer) != OK)
		answer = NULL;
	kind = json_str(answer, "error");
	message = json_str(answer, "message");
	ENSURE(kind && message, ERR_SYSTEM,
		"%s answered with status %d, and not as a register does: is the address right?",
		c->server, status);
	print_refusal(answer, c->json);
	return fail(kind_named(kind), "%s", message);
}

enum err client_get(struct client *c, const char *path, struct buf *out)
{
	AUTOFREE char *url = mem_printf("%s%s", c->server, path);
	int status;

	TRY(fetch_get(c->fetch, url, out, &status));
	return status == 200 ? OK : refused(c, status, out);
}

static enum err not_a_register(const struct client *c)
{
	return fail(ERR_SYSTEM, "%s does not answer as a register does (%s): is the address right?",
		c->server, err_why());
}

enum err client_get_json(struct client *c, const char *path, json_t **out)
{
	AUTO(buf) body = BUF(ANSWER_MAX);

	TRY(client_get(c, path, &body));
	if (json_read(buf_text(&body), body.len, ANSWER_MAX, RULES_STRICT, out) != OK)
		return not_a_register(c);
	return OK;
}

enum err client_get_system(struct client *c, const char *path, json_t **out)
{
	AUTOFREE char *url = mem_printf("%s%s", c->server, path);
	AUTO(buf) body = BUF(ANSWER_MAX);
	json_auto_t *answer = NULL;
	int status;

	TRY(fetch_get(c->fetch, url, &body, &status));
	if (json_read(buf_text(&body), body.len, ANSWER_MAX, RULES_STRICT, &answer) != OK)
		return status == 200 ? not_a_register(c) : refused(c, status, &body);
	if (status != 200 && !(status == 404 && json_object_get(answer, "after")))
		return refused(c, status, &body);
	*out = TAKE(answer);
	return OK;
}

enum err client_declined(void)
{
	tell(stderr, "gaya: nothing was sent\n");
	return ERR_FALSE;
}

void client_body(const struct signed_event *ev, struct buf *out)
{
	json_auto_t *body = json_make(
		"{s:s,s:s}", "entry", buf_text(&ev->entry), "content", buf_text(&ev->content));

	json_canonical(body, out);
}

enum err client_send_bytes(struct client *c, const char *path, const char *type, const char *header,
	const struct buf *bytes, json_t **reply)
{
	AUTOFREE char *url = mem_printf("%s%s", c->server, path);
	AUTOFREE char *language = mem_printf("Accept-Language: %s", cli_lang());
	AUTO(buf) got = BUF(ANSWER_MAX);
	const struct fetch_body body = {bytes->data, bytes->len, type, {language, header}};
	int status;

	TRY(fetch_post(c->fetch, url, &body, &got, &status));
	if (status != 201)
		return refused(c, status, &got);
	if (json_read(buf_text(&got), got.len, ANSWER_MAX, RULES_STRICT, reply) != OK)
		return not_a_register(c);
	return OK;
}

enum err client_send(struct client *c, const struct signed_event *ev, json_t **reply)
{
	AUTO(buf) sent = BUF(ANSWER_MAX);

	client_body(ev, &sent);
	TRY(buf_check(&sent, "what is to be sent"));
	return client_send_bytes(c, "/api/v1/events", "application/json", NULL, &sent, reply);
}
