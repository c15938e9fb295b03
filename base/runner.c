#include "base/runner.h"

#include "base/child.h"
#include "base/jq.h"
#include "base/runner_wire.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct program {
	char *name, *text;
	struct jq *jq;    /* compiled, if there is no process; else NULL */
	bool sent;        /* to the present process */
	bool join;        /* to be compiled together with others */
	unsigned strikes; /* how often in a row it was stopped */
	struct program *next;
};
struct runner {
	char *file; /* NULL: runs in this process */
	pid_t pid;  /* 0: not running */
	int fd;
	struct program *programs;
	json_t *input;
	struct jq_input *ready; /* the same, for programs in this process */
	bool input_sent;
	bool joined;  /* the present process compiled several programs together, or shall not */
	bool joining; /* it has not answered since it was asked to */
	bool apart;   /* one was ended by that: each program is compiled alone */
	struct program *next;  /* announced by runner_expect() */
	struct program *begun; /* already asked; its answer comes before any other */
};

struct runner *runner_new(const char *program)
{
	struct runner *r = mem_new(sizeof(*r));

	r->file = mem_text(program);
	r->fd = -1;
	return r;
}

/* Returns the exit status; kills the process if it has not ended by itself. */
static int end_process(struct runner *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
	r->begun = NULL;
	return child_end(TAKE(r->pid));
}

void runner_free(struct runner *r)
{
	if (!r)
		return;
	end_process(r);
	while (r->programs) {
		struct program *p = r->programs;

		r->programs = p->next;
		jq_free(p->jq);
		free(p->name);
		free(p->text);
		free(p);
	}
	json_decref(r->input);
	jq_input_free(r->ready);
	free(r->file);
	free(r);
}

static struct program *program_named(struct runner *r, const char *name)
{
	struct program *p = r->programs;

	while (p && strcmp(p->name, name) != 0)
		p = p->next;
	return p;
}

void runner_add(struct runner *r, const char *name, const char *text)
{
	struct program *p;

	if (program_named(r, name))
		return;
	p = mem_new(sizeof(*p));
	p->name = mem_text(name);
	p->text = mem_text(text);
	p->next = r->programs;
	r->programs = p;
}

void runner_join(struct runner *r, const char *name)
{
	struct program *p = program_named(r, name);

	if (p)
		p->join = true;
}

/* If the process ends while it compiles several programs, any of them may be at fault. */
static bool was_joining(struct runner *r)
{
	if (!TAKE(r->joining))
		return false;
	r->apart = true;
	return true;
}

/* The process is gone: its time or memory ran out, or it crashed. Each is the program's fault. */
static enum err stopped(struct program *p, int status)
{
	p->strikes++;
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF)
		return fail(ERR_TOO_LARGE, "%s was stopped: it ran for more than %d second%s",
			p->name, RUNNER_SECONDS, RUNNER_SECONDS > 1 ? "s" : "");
	return fail(ERR_TOO_LARGE,
		"%s was stopped: it took more than %lu MiB of memory, or broke jq", p->name,
		RUNNER_MEMORY / MIB);
}

/* Discards the answer of a program that was started but is no longer needed. */
static void drop_begun(struct runner *r)
{
	AUTO(buf) answer = BUF(RUNNER_FRAME);
	struct program *p = r->begun;
	int status;
	char kind;

	r->begun = NULL;
	if (!p)
		return;
	if (runner_receive(r->fd, &kind, &answer) == OK) {
		r->joining = false;
		return;
	}
	status = end_process(r);
	if (!was_joining(r))
		(void)stopped(p, status);
}

void runner_expect(struct runner *r, const char *name)
{
	r->next = program_named(r, name);
}

void runner_input(struct runner *r, const json_t *input)
{
	drop_begun(r);
	r->next = NULL;
	json_decref(r->input);
	r->input = json_incref((json_t *)input);
	jq_input_free(TAKE(r->ready));
	r->input_sent = false;
}

static enum err spawn(struct runner *r)
{
	char name[] = "gaya", command[] = "judge";
	char *const argv[] = {name, command, NULL};

	TRY(child_start(r->file, argv, NULL, "the judge", &r->pid, &r->fd));
	for (struct program *p = r->programs; p; p = p->next)
		p->sent = false;
	r->input_sent = false;
	r->joined = r->apart;
	r->joining = false;
	return OK;
}

static enum err send_program(struct runner *r, struct program *p)
{
	AUTO(buf) message = BUF(RUNNER_FRAME);

	buf_add(&message, p->name, strlen(p->name) + 1);
	buf_puts(&message, p->text);
	TRY(buf_check(&message, p->name));
	TRY(runner_send(r->fd, RUNNER_ADD, message.data, message.len));
	p->sent = true;
	return OK;
}

/* One message more only where there are two to join. */
static enum err send_joint(struct runner *r)
{
	size_t n = 0;

	for (struct program *p = r->programs; p; p = p->next) {
		if (p->sent || !p->join)
			continue;
		TRY(send_program(r, p));
		n++;
	}
	if (n < 2)
		return OK;
	r->joined = r->joining = true;
	return runner_send(r->fd, RUNNER_JOIN, "", 0);
}

static enum err send_input(struct runner *r)
{
	AUTO(buf) message = BUF(RUNNER_FRAME);

	json_cbor(r->input, &message);
	TRY(buf_check(&message, "a record"));
	TRY(runner_send(r->fd, RUNNER_INPUT, message.data, message.len));
	r->input_sent = true;
	return OK;
}

/* An input that does not fit into a message is not sent, which is not the program's fault. */
static enum err send_all(struct runner *r, struct program *p)
{
	if (p->join && !r->joined)
		TRY(send_joint(r));
	if (!p->sent)
		TRY(send_program(r, p));
	if (!r->input_sent)
		TRY(send_input(r));
	return runner_send(r->fd, RUNNER_RUN, p->name, strlen(p->name));
}

/* Sends the question without waiting for the answer. */
static enum err begin(struct runner *r, struct program *p)
{
	ENSURE(p->strikes < RUNNER_STRIKES, ERR_TOO_LARGE,
		"%s was stopped %d times in a row, and is not run again", p->name, RUNNER_STRIKES);
	if (!r->pid)
		TRY(spawn(r));
	TRY(send_all(r, p));
	r->begun = p;
	return OK;
}

/* The next program runs while this answer is read. Only one: while two answers and a program fit
 * into the sockets' buffers, neither side waits for the other. */
static enum err receive(struct runner *r, struct program *p, char *kind, struct buf *answer)
{
	struct program *next = r->next;
	bool joining = r->joining; /* for this answer, not for the next one's */

	r->begun = r->next = NULL;
	if (next && next != p)
		(void)!begin(r, next); /* if it fails now, it is sent later */
	TRY(runner_receive(r->fd, kind, answer));
	if (joining)
		r->joining = false;
	return OK;
}

/* A program's output may still be invalid JSON, such as a text with a control character. */
static enum err read_answer(const struct program *p, const struct buf *answer, json_t **out)
{
	enum err e = json_read_cbor(buf_text(answer), answer->len, RULES_STRICT, out);

	ENSURE(e == OK, e, "%s: %s", p->name, err_why());
	return OK;
}

/* A process that accepted no question was gone before, and SIGKILL comes from an operator or from a
 * kernel without memory: our limits end it in other ways. Neither is the program's fault, the first
 * time. */
static bool ended_from_outside(enum err asked, int status)
{
	return asked != OK || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static enum err run_there(struct runner *r, struct program *p, json_t **out)
{
	AUTO(buf) answer = BUF(RUNNER_FRAME);
	enum err e;
	int status;
	char kind;

	if (r->begun != p)
		drop_begun(r);
	for (bool once = true;; once = false) {
		e = r->begun ? OK : begin(r, p);
		if (e == ERR_TOO_LARGE || e == ERR_SYSTEM)
			return e;
		if (e == OK && receive(r, p, &kind, &answer) == OK)
			break;
		status = end_process(r);
		if (was_joining(r))
			continue;
		if (!once || !ended_from_outside(e, status))
			return stopped(p, status);
	}
	p->strikes = 0;
	ENSURE(kind == RUNNER_DONE, ERR_INVALID, "%s", buf_text(&answer));
	return read_answer(p, &answer, out);
}

static enum err make_ready(struct runner *r)
{
	AUTO(buf) input = BUF(RUNNER_FRAME);

	json_cbor(r->input, &input);
	TRY(buf_check(&input, "a record"));
	return jq_input_read(buf_text(&input), input.len, &r->ready);
}

static enum err run_here(struct runner *r, struct program *p, json_t **out)
{
	AUTO(buf) answer = BUF(RUNNER_OUTPUT);

	if (!p->jq)
		TRY(jq_open(p->name, p->text, &p->jq));
	if (!r->ready)
		TRY(make_ready(r));
	ENSURE(jq_run_on(p->jq, r->ready, &answer) == OK, ERR_INVALID, "%s", err_why());
	return read_answer(p, &answer, out);
}

enum err runner_run(struct runner *r, const char *name, json_t **out)
{
	struct program *p = program_named(r, name);

	if (!p || !r->input)
		abort(); /* a bug of ours: the program was added and has an input */
	return r->file ? run_there(r, p, out) : run_here(r, p, out);
}
