/* tiny_server.h - an HTTP server for tests: one thread, one request per connection, and wrong
 * answers on demand. */
#pragma once
#include "base/buf.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

struct tiny_server {
	/* Gives the status; `request` is the whole request, head and body. */
	int (*answer)(void *arg, const char *path, const char *request, struct buf *out);
	void *arg;
	const char *location; /* of a redirect */
	const char *type;     /* of the body; NULL for none */
	const char *flood;    /* sent instead of an answer, then `again` until nobody reads */
	const char *again;
	int fd;
	char url[64];
	pthread_t thread;
};

static bool tiny_is_whole(const struct buf *request)
{
	const char *end = strstr(buf_text(request), "\r\n\r\n");
	const char *length = strcasestr(buf_text(request), "\r\nContent-Length:");

	return end && request->len >= (size_t)(end + 4 - request->data) +
	                                      (length ? strtoul(length + 17, NULL, 10) : 0);
}

static void tiny_read(int fd, struct buf *request)
{
	char chunk[4096];
	ssize_t n;

	while (!tiny_is_whole(request) && (n = read(fd, chunk, sizeof(chunk))) > 0)
		buf_add(request, chunk, (size_t)n);
}

static bool tiny_send(int fd, const char *data, size_t len)
{
	ssize_t n;

	for (; len; data += n, len -= (size_t)n)
		if ((n = send(fd, data, len, MSG_NOSIGNAL)) <= 0)
			return false;
	return true;
}

static void tiny_flood(const struct tiny_server *s, int fd)
{
	AUTO(buf) many = BUF(MIB);

	while (*s->again && many.len < 64 * KIB)
		buf_puts(&many, s->again);
	if (!tiny_send(fd, s->flood, strlen(s->flood)))
		return;
	/* Nothing more to send: until the other side goes. */
	while (many.len ? tiny_send(fd, many.data, many.len) : recv(fd, (char[1]){0}, 1, 0) > 0)
		;
}

static void tiny_answer(struct tiny_server *s, int fd)
{
	AUTO(buf) request = BUF(MIB), body = BUF(64 * MIB), head = BUF(4 * KIB);
	char path[1024] = "";
	int status;

	tiny_read(fd, &request);
	if (s->flood) {
		tiny_flood(s, fd);
		return;
	}
	sscanf(buf_text(&request), "%*s %1023s", path);
	status = s->answer(s->arg, path, buf_text(&request), &body);
	buf_printf(&head, "HTTP/1.1 %d X\r\nConnection: close\r\nContent-Length: %zu\r\n", status,
		body.len);
	if (status / 100 == 3)
		buf_printf(&head, "Location: %s\r\n", s->location);
	if (s->type)
		buf_printf(&head, "Content-Type: %s\r\n", s->type);
	buf_puts(&head, "\r\n");
	tiny_send(fd, head.data, head.len);
	tiny_send(fd, buf_text(&body), body.len);
}

static void *tiny_run(void *arg)
{
	struct tiny_server *s = arg;
	int fd;

	while ((fd = accept(s->fd, NULL, NULL)) >= 0) {
		tiny_answer(s, fd);
		close(fd);
	}
	return NULL;
}

static void tiny_start(struct tiny_server *s)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof(at);

	s->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(0, bind(s->fd, (struct sockaddr *)&at, sizeof(at)));
	assert_int_equal(0, listen(s->fd, 16));
	assert_int_equal(0, getsockname(s->fd, (struct sockaddr *)&at, &len));
	snprintf(s->url, sizeof(s->url), "http://127.0.0.1:%u", ntohs(at.sin_port));
	assert_int_equal(0, pthread_create(&s->thread, NULL, tiny_run, s));
}

static void tiny_stop(struct tiny_server *s)
{
	shutdown(s->fd, SHUT_RDWR);
	pthread_join(s->thread, NULL);
	close(s->fd);
}
