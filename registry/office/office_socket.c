#include "registry/office/office_socket.h"

#include "base/file.h"
#include "base/languages.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LINE_MAX_BYTES (64 * MIB) /* a batch of imported rows */
#define PAUSE_MS 100
#define PATIENCE_MS 30000 /* for a client that stops in the middle of a line */

struct office_server {
	struct reg *reg;
	int fd, stop[2];
	pthread_t thread;
	char *path;
};

struct office {
	struct reg *reg;
	int fd;
	struct buf in; /* bytes read beyond the latest line */
};

static enum err socket_fail(const char *what)
{
	return fail(ERR_SYSTEM, "%s: %s", err_text(what), err_os(errno));
}

static enum err make_address(const char *path, struct sockaddr_un *out)
{
	*out = (struct sockaddr_un){.sun_family = AF_UNIX};
	ENSURE(strlen(path) < sizeof(out->sun_path), ERR_INVALID,
		"%s: the folder's path is too long for a socket", path);
	strcpy(out->sun_path, path);
	return OK;
}

static enum err send_line(int fd, const json_t *value)
{
	AUTO(buf) line = BUF(LINE_MAX_BYTES);
	size_t sent = 0;

	json_canonical(value, &line);
	buf_putc(&line, '\n');
	TRY(buf_check(&line, "a request"));
	while (sent < line.len) {
		ssize_t n = send(fd, line.data + sent, line.len - sent, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return socket_fail("the register's socket");
		sent += (size_t)n;
	}
	return OK;
}

/* Reads a line. ERR_NOT_FOUND at the end of the connection, or when `stop` becomes readable. */
static enum err receive_line(int fd, int stop, int patience, struct buf *in, json_t **out)
{
	size_t looked = 0; /* bytes known to hold no newline */
	char chunk[64 * KIB];
	char *end;

	while (!(end = in->len > looked ? memchr(in->data + looked, '\n', in->len - looked)
	                                : NULL)) {
		struct pollfd fds[] = {
			{.fd = fd, .events = POLLIN}, {.fd = stop, .events = POLLIN}};
		ssize_t n;

		looked = in->len;
		ENSURE(poll(fds, 2, patience) > 0, ERR_NOT_FOUND, "the other side fell silent");
		ENSURE(!fds[1].revents, ERR_NOT_FOUND, "the server stops");
		n = read(fd, chunk, sizeof(chunk));
		ENSURE(n > 0, ERR_NOT_FOUND, "the register's server closed the connection");
		buf_add(in, chunk, (size_t)n);
		TRY(buf_check(in, "a line"));
	}
	TRY(json_read(in->data, (size_t)(end - in->data), LINE_MAX_BYTES, RULES_LOOSE, out));
	looked = (size_t)(end + 1 - in->data);
	memmove(in->data, in->data + looked, in->len - looked + 1);
	in->len -= looked;
	return OK;
}

/* The caller's language; it is no member of the operation's request. */
static void speak_as_asked(json_t *request)
{
	const char *tag = json_str(request, "lang");
	const struct language *asked = tag ? language_of(tag, strlen(tag)) : NULL;

	err_speak(asked ? asked->code : LANGUAGE_OF_C);
	json_object_del(request, "lang");
}

static json_t *answered(struct reg *reg, json_t *request)
{
	json_t *problems = json_array(), *reply = NULL, *answer;
	enum err e;

	speak_as_asked(request);
	e = office_do(reg, request, problems, &reply);
	if (e == OK)
		answer = json_make("{s:o}", "reply", reply);
	else
		answer = json_make(
			"{s:i,s:s,s:O}", "code", (int)e, "why", err_why(), "problems", problems);
	json_decref(problems);
	return answer;
}

static void serve_connection(struct office_server *s, int fd)
{
	AUTO(buf) in = BUF(LINE_MAX_BYTES);
	json_t *request, *answer;
	enum err e = OK;

	while (e == OK && receive_line(fd, s->stop[0], PATIENCE_MS, &in, &request) == OK) {
		answer = answered(s->reg, request);
		e = send_line(fd, answer);
		json_decref(answer);
		json_decref(request);
	}
}

static void *serve(void *arg)
{
	struct office_server *s = arg;

	for (;;) {
		struct pollfd fds[] = {
			{.fd = s->fd, .events = POLLIN}, {.fd = s->stop[0], .events = POLLIN}};
		int fd;

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return NULL;
		if (fds[1].revents)
			return NULL;
		fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0) { /* most likely no descriptor is left; some will be closed */
			poll(&fds[1], 1, PAUSE_MS);
			continue;
		}
		serve_connection(s, fd);
		close(fd);
	}
}

static enum err listen_on(struct office_server *s)
{
	AUTOFREE char *tmp = file_in(reg_dir(s->reg), REG_TMP);
	struct sockaddr_un address;

	TRY(file_make_dir(tmp, 0700));
	TRY(make_address(s->path, &address));
	if (s->fd < 0)
		s->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ENSURE(pipe(s->stop) == 0, ERR_SYSTEM, "no pipe: %s", err_os(errno));
	unlink(s->path); /* left by a killed server: the lock shows that none runs now */
	if (s->fd < 0 || fchmod(s->fd, 0600) != 0 || /* the mode that bind() makes the name with */
		bind(s->fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
		listen(s->fd, 16) != 0)
		return socket_fail(s->path);
	ENSURE(pthread_create(&s->thread, NULL, serve, s) == 0, ERR_SYSTEM,
		"no thread for the office");
	return OK;
}

static void server_free(struct office_server *s)
{
	if (s->fd >= 0)
		close(s->fd);
	close(s->stop[0]);
	close(s->stop[1]);
	free(s->path);
	free(s);
}

enum err office_serve(struct reg *reg, int fd, struct office_server **out)
{
	struct office_server *s = mem_new(sizeof(*s));
	enum err e;

	s->reg = reg;
	s->fd = fd;
	s->stop[0] = s->stop[1] = -1;
	s->path = file_in(reg_dir(reg), REG_SOCKET);
	e = listen_on(s);
	if (e != OK) {
		server_free(s);
		return e;
	}
	*out = s;
	return OK;
}

void office_server_stop(struct office_server *s)
{
	if (!s)
		return;
	(void)!write(s->stop[1], "x", 1);
	reg_end_rebuild(s->reg);
	pthread_join(s->thread, NULL);
	unlink(s->path);
	server_free(s);
}

static enum err connect_to(const char *dir, int *out)
{
	AUTOFREE char *path = file_in(dir, REG_SOCKET);
	struct sockaddr_un address;
	int fd;

	TRY(make_address(path, &address));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
		if (fd >= 0)
			close(fd);
		return fail(ERR_BUSY,
			"another gaya process writes this register, and it takes no commands: wait "
			"until it is done, or stop it");
	}
	*out = fd;
	return OK;
}

enum err office_open(const char *dir, const struct env *env, struct office **out)
{
	struct office *o = mem_new(sizeof(*o));
	enum err e;

	o->fd = -1;
	o->in = BUF(LINE_MAX_BYTES);
	e = reg_open(dir, env, &o->reg);
	if (e == ERR_BUSY)
		e = connect_to(dir, &o->fd);
	if (e != OK) {
		free(o);
		return e;
	}
	*out = o;
	return OK;
}

/* The demo city's times are invented. */
static enum err newest_time(const json_t *clock, int64_t now, int64_t *newest)
{
	if (json_is_true(json_object_get(clock, "example"))) {
		*newest = now;
		return OK;
	}
	return time_parse(json_str(clock, "newest"), newest);
}

static enum err check_ahead(int64_t newest, int64_t now)
{
	char newest_text[TIME_TEXT], now_text[TIME_TEXT];

	time_text(newest, newest_text);
	time_text(now, now_text);
	ENSURE(newest <= now + TIME_SLACK, ERR_CONFLICT,
		"the newest entry is of %s, but this machine's clock says %s: one of the two is ahead. "
		"Set the clock right. If it is right, the entry was written by a clock that was ahead: "
		"wait until then, or go on with gaya serve --clock-was-ahead, where every new entry "
		"carries that time until it has come, and what departments sign is refused",
		newest_text, now_text);
	return OK;
}

enum err office_check_clock(struct reg *reg, int64_t *newest, int64_t *now)
{
	json_auto_t *clock = NULL, *request = json_make("{s:s}", "do", "clock");

	*now = env_now(reg_env(reg));
	TRY(office_do(reg, request, NULL, &clock));
	TRY(newest_time(clock, *now, newest));
	return check_ahead(*newest, *now);
}

enum err office_idle(struct office *o, int64_t *newest, int64_t *now)
{
	json_auto_t *clock = NULL;

	*now = env_now(o->reg ? reg_env(o->reg) : &env_real);
	TRY(office_call(o, json_make("{s:s}", "do", "clock"), NULL, &clock));
	TRY(newest_time(clock, *now, newest));
	/* A server checked its clock when it started. */
	return o->reg ? check_ahead(*newest, *now) : OK;
}

void office_close(struct office *o)
{
	if (!o)
		return;
	reg_close(o->reg);
	if (o->fd >= 0)
		close(o->fd);
	buf_done(&o->in);
	free(o);
}

struct reg *office_reg(struct office *o)
{
	return o->reg;
}

/* The server reports errors in the caller's language. */
static enum err call_over_socket(
	struct office *o, const json_t *request, json_t *problems, json_t **reply)
{
	json_auto_t *line = json_copy((json_t *)request), *answer = NULL;
	int64_t code;

	if (err_is_translated())
		json_put(line, "lang", json_text(err_language()));
	TRY(send_line(o->fd, line));
	TRY(receive_line(o->fd, -1, -1, &o->in, &answer));
	code = json_num(answer, "code");
	if (problems && json_object_get(answer, "problems"))
		json_array_extend(problems, json_object_get(answer, "problems"));
	ENSURE(!code, code > 0 && code < ERR_KINDS ? (enum err)code : ERR_SYSTEM, "%s",
		json_str(answer, "why"));
	*reply = json_incref(json_object_get(answer, "reply"));
	return OK;
}

enum err office_call(struct office *o, json_t *request, json_t *problems, json_t **reply)
{
	enum err e = o->reg ? office_do(o->reg, request, problems, reply)
	                    : call_over_socket(o, request, problems, reply);

	json_decref(request);
	return e;
}
