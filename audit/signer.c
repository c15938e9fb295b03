#include "audit/signer.h"

#include "audit/keyholder.h"
#include "audit/signer_spawner.h"
#include "audit/signer_wire.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct signer {
	struct keyholder *here; /* the keyholder in this process, or NULL */
	char *program, *key_path, *mark_path;
	pid_t pid; /* 0: no process runs */
	unsigned starts;
	int fd;
	struct log_keys keys;
	struct checkpoint mark;
};

static void end_process(struct signer *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	if (s->pid > 0) {
		kill(s->pid, SIGKILL); /* safe: the mark is synced before an answer */
		while (waitpid(s->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	s->pid = 0;
}

static enum err spawn(struct signer *s)
{
	enum err e = signer_spawner_is() ? signer_spawner_ask(&s->pid, &s->fd)
	                                 : signer_spawn(s->program, s->key_path, s->mark_path,
						   s->mark.size, &s->pid, &s->fd);

	if (e != OK) {
		s->pid = 0;
		s->fd = -1;
		return e;
	}
	s->starts++;
	return OK;
}

/* Sends a request and receives an answer of the expected type; a refusal becomes our own error. */
static enum err ask(struct signer *s, const struct wire *m, enum wire_type expected,
	struct buf *bytes, struct wire *answer)
{
	enum err sent = wire_send(s->fd, m), e = wire_receive(s->fd, bytes, answer);

	/* A process that refuses to start may be gone before the request; its reason can still be
	 * read. */
	if (e != OK || (sent != OK && answer->type != WIRE_REFUSED)) {
		end_process(s);
		return fail(
			ERR_BUSY, "the signer is away (%s) and will be started again", err_why());
	}
	if (answer->type == WIRE_REFUSED)
		return fail(answer->code, "%.*s", (int)answer->text_len, answer->text);
	if (answer->type != expected) {
		end_process(s);
		return fail(ERR_BUSY, "the signer gave an answer to another question");
	}
	return OK;
}

static enum err read_keys(const struct wire *is, struct log_keys *out)
{
	struct log_keys keys = {0};
	AUTOFREE char *text = mem_bytes(is->text, is->text_len);
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n"))) {
		ENSURE(keys.n < LOG_KEYS_MAX, ERR_INVALID, "the signer names too many keys");
		TRY(vkey_parse(line, &keys.key[keys.n++]));
	}
	*out = keys;
	return OK;
}

static enum err hello(struct signer *s)
{
	const struct wire m = {.type = WIRE_HELLO};
	AUTO(buf) bytes = BUF(WIRE_MAX);
	struct wire is;

	TRY(ask(s, &m, WIRE_IS, &bytes, &is));
	TRY(read_keys(&is, &s->keys));
	s->mark.size = is.size;
	s->mark.root = is.root;
	strcpy(s->mark.origin, s->keys.key[0].name);
	return OK;
}

static enum err run_process(struct signer *s)
{
	enum err e;

	if (s->pid > 0)
		return OK;
	TRY(spawn(s));
	e = hello(s);
	if (e != OK)
		end_process(s);
	return e;
}

static enum err hold_here(struct signer *s)
{
	enum err e;

	TRY(keyholder_open(s->key_path, s->mark_path, NULL, &s->here));
	e = keyholder_at_least(s->here, s->mark.size);
	if (e != OK) {
		keyholder_free(TAKE(s->here));
		return e;
	}
	s->keys = *keyholder_keys(s->here);
	s->mark = *keyholder_mark(s->here);
	return OK;
}

enum err signer_start(
	const char *program, const char *key_path, const char *mark_path, struct signer **out)
{
	struct signer *s = mem_new(sizeof(*s));
	enum err e;

	s->fd = -1;
	s->program = mem_text(program);
	s->key_path = mem_text(key_path);
	s->mark_path = mem_text(mark_path);
	e = program ? run_process(s) : hold_here(s);
	if (e != OK) {
		signer_stop(s);
		return e;
	}
	*out = s;
	return OK;
}

void signer_stop(struct signer *s)
{
	if (!s)
		return;
	keyholder_free(s->here);
	end_process(s);
	free(s->program);
	free(s->key_path);
	free(s->mark_path);
	free(s);
}

const struct log_keys *signer_keys(const struct signer *s)
{
	return &s->keys;
}

const struct checkpoint *signer_mark(const struct signer *s)
{
	return &s->mark;
}

enum err signer_ready(struct signer *s)
{
	if (!s->program)
		return s->here ? OK : hold_here(s);
	ENSURE(run_process(s) == OK, ERR_BUSY, "the signer does not start: %s", err_why());
	return OK;
}

enum err signer_reload(struct signer *s)
{
	if (s->here) {
		keyholder_free(TAKE(s->here));
		return hold_here(s);
	}
	end_process(s);
	return signer_ready(s);
}

unsigned signer_starts(const struct signer *s)
{
	return s->starts;
}

static enum err sign_there(struct signer *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note)
{
	const struct wire m = {
		.type = WIRE_SIGN, .size = size, .root = *root, .path = *consistency};
	AUTO(buf) bytes = BUF(WIRE_MAX);
	struct wire answer;

	ENSURE(s->pid > 0, ERR_BUSY, "the signer is away");
	TRY(ask(s, &m, WIRE_NOTE, &bytes, &answer));
	buf_add(note, answer.text, answer.text_len);
	return buf_check(note, "a checkpoint");
}

enum err signer_sign(struct signer *s, uint64_t size, const struct sha256 *root,
	const struct path *consistency, struct buf *note)
{
	if (s->here)
		TRY(keyholder_sign(s->here, size, root, consistency, note));
	else
		TRY(sign_there(s, size, root, consistency, note));
	s->mark.size = size;
	s->mark.root = *root;
	return OK;
}
