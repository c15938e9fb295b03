#include "base/runner.h"

#include "base/jq.h"
#include "base/runner_wire.h"
#include "base/sandbox.h"

#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

struct program {
	char *name, *text;
	struct jq *jq; /* NULL until the first run */
	struct program *next;
};
struct side {
	int fd;
	struct program *programs;
	struct jq_input *input;
	char *why; /* why there is no input: the latest one was invalid */
};

/* Counts processor time, so that a busy machine stops no correct program. At the limit SIGPROF ends
 * the process, anywhere in libjq. */
static void set_timer(int seconds)
{
	const struct itimerval time = {.it_value.tv_sec = seconds};

	setitimer(ITIMER_PROF, &time, NULL);
}

/* Limits the address space: a program that needs more makes libjq abort. Sanitizers reserve
 * terabytes, so they run without this limit. */
static void limit_memory(void)
{
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
	return;
#endif
#endif
	const struct rlimit memory = {RUNNER_MEMORY, RUNNER_MEMORY};

	setrlimit(RLIMIT_AS, &memory);
}

static void add(struct side *s, const struct buf *message)
{
	struct program *p = mem_new(sizeof(*p));
	size_t name = strlen(buf_text(message));

	p->name = mem_text(buf_text(message));
	p->text = mem_text(name < message->len ? message->data + name + 1 : "");
	p->next = s->programs;
	s->programs = p;
}

static size_t count_new(const struct side *s)
{
	size_t n = 0;

	for (const struct program *p = s->programs; p; p = p->next)
		n += !p->jq;
	return n;
}

/* If the programs do not compile together, each is compiled alone when it is run, and then reports
 * what is wrong. The time limit is the sum of theirs. */
static void join(struct side *s)
{
	size_t n = count_new(s), i = 0;
	AUTOFREE struct jq_text *texts = mem_new((n + 1) * sizeof(*texts));
	AUTOFREE struct jq **joint = mem_new((n + 1) * sizeof(struct jq *));

	for (struct program *p = s->programs; p; p = p->next)
		if (!p->jq)
			texts[i++] = (struct jq_text){p->name, p->text};
	set_timer(RUNNER_SECONDS * (int)n);
	if (n > 1 && jq_open_joint(texts, n, joint) == OK) {
		i = 0;
		for (struct program *p = s->programs; p; p = p->next)
			if (!p->jq)
				p->jq = joint[i++];
	}
	set_timer(0);
}

/* An input that programs cannot hold exactly is not the sender's fault: the programs are reported
 * as failed. */
static void take_input(struct side *s, const struct buf *message)
{
	jq_input_free(TAKE(s->input));
	free(TAKE(s->why));
	if (jq_input_read(buf_text(message), message->len, &s->input) != OK)
		s->why = mem_text(err_why());
}

static enum err run(struct side *s, const char *name, struct buf *out)
{
	struct program *p = s->programs;

	while (p && strcmp(p->name, name) != 0)
		p = p->next;
	ENSURE(p && s->input, ERR_INVALID, "%s: %s", name,
		p && s->why ? s->why : "no such program, or no input");
	if (!p->jq)
		TRY(jq_open(p->name, p->text, &p->jq));
	return jq_run_on(p->jq, s->input, out);
}

static enum err answer(struct side *s, const char *name)
{
	AUTO(buf) text = BUF(RUNNER_OUTPUT);
	enum err e;

	set_timer(RUNNER_SECONDS);
	e = run(s, name, &text);
	set_timer(0);
	if (e != OK)
		return runner_send(s->fd, RUNNER_FAILED, err_why(), strlen(err_why()));
	return runner_send(s->fd, RUNNER_DONE, text.data, text.len);
}

static enum err take(struct side *s, char kind, const struct buf *message)
{
	switch (kind) {
	case RUNNER_ADD:
		add(s, message);
		return OK;
	case RUNNER_JOIN:
		join(s);
		return OK;
	case RUNNER_INPUT:
		take_input(s, message);
		return OK;
	case RUNNER_RUN:
		return answer(s, buf_text(message));
	default:
		return fail(ERR_INVALID, "the runner knows no message '%c'", kind);
	}
}

enum err runner_lock(void)
{
	sandbox_private();
	limit_memory();
	return sandbox_lock();
}

static void side_done(struct side *s)
{
	while (s->programs) {
		struct program *p = s->programs;

		s->programs = p->next;
		jq_free(p->jq);
		free(p->name);
		free(p->text);
		free(p);
	}
	jq_input_free(s->input);
	free(s->why);
}

void runner_serve(int fd)
{
	AUTO(buf) message = BUF(RUNNER_FRAME);
	struct side side = {.fd = fd};
	enum err e = OK;
	char kind;

	while (e == OK) {
		e = runner_receive(fd, &kind, &message);
		if (e == OK)
			e = take(&side, kind, &message);
	}
	side_done(&side);
}

void runner_process(int fd)
{
	unsetenv("HOME");    /* libjq would read a file there */
	json_object_seed(0); /* otherwise jansson would open /dev/urandom later */
	if (runner_lock() == OK)
		runner_serve(fd);
	_exit(0); /* the other side sees in any case that this one is gone */
}
