#include "web/http/patience.h"

#include "base/env.h"

#include <poll.h>

void patience_begin(struct patience *p, int ms, int fd)
{
	*p = (struct patience){.until = monotonic_ms() + ms, .fd = fd};
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

	p->ended = p->ended || monotonic_ms() >= p->until || is_gone(p->fd);
	return p->ended;
}
