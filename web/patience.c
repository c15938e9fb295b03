#include "web/patience.h"

#include <poll.h>
#include <time.h>

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

void patience_begin(struct patience *p, int ms, int fd)
{
	*p = (struct patience){.until = now_ms() + ms, .fd = fd};
}

static bool is_gone(int fd)
{
	struct pollfd client = {.fd = fd, .events = POLLRDHUP};

	return fd >= 0 && poll(&client, 1, 0) > 0 &&
		(client.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

bool patience_over(void *arg)
{
	struct patience *p = arg;

	p->ended = p->ended || now_ms() >= p->until || is_gone(p->fd);
	return p->ended;
}
