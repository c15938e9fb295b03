#include "web/http/ready.h"

#include "base/env.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define FIRST "HTTP/1.1 200 OK\r\nDate: "
#define FIRST_LEN (sizeof(FIRST) - 1 + HTTP_DATE - 1 + 2)

/* The same for a second on each thread: writing a date takes longer than finding an answer. */
static const char *first_line(void)
{
	static _Thread_local char line[FIRST_LEN + 1];
	static _Thread_local time_t at;
	time_t now = time(NULL);
	char date[HTTP_DATE];

	if (at != now) {
		http_date(now, date);
		snprintf(line, sizeof(line), FIRST "%s\r\n", date);
		at = now;
	}
	return line;
}

bool ready_is_sent(const struct ready *r)
{
	return r->sent == FIRST_LEN + r->head_len + r->body_len;
}

bool ready_send(struct ready *r, int fd)
{
	struct iovec parts[] = {{(void *)first_line(), FIRST_LEN}, {(void *)r->head, r->head_len},
		{(void *)r->body, r->body_len}};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = COUNT(parts)};
	size_t skip = r->sent;
	ssize_t n;

	for (size_t i = 0; i < COUNT(parts); i++) {
		size_t less = skip < parts[i].iov_len ? skip : parts[i].iov_len;

		parts[i].iov_base = (char *)parts[i].iov_base + less;
		parts[i].iov_len -= less;
		skip -= less;
	}
	n = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	r->sent += n > 0 ? (size_t)n : 0;
	/* A date that was sent in part may have changed. */
	return n < 0 ? errno == EAGAIN : r->sent >= FIRST_LEN;
}
