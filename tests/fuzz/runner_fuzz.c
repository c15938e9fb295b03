/* Arbitrary messages to the side that runs programs, in this process: it answers valid ones, and
 * otherwise ends. Programs from the input run only if their few letters cannot make a loop, because
 * nothing would stop one here. */
#include "base/runner.h"
#include "base/runner_wire.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A path, an array or a number: nothing that repeats. */
static bool is_harmless(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i] == RUNNER_ADD) {
			const uint8_t *end = memchr(data + i, '\0', size - i);

			for (; end && ++end < data + size;)
				if (!strchr(".abc[]0123 ,|", *end))
					return false;
		}
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char answers[4 * KIB];
	int pair[2];

	if (size > 60 * KIB || !is_harmless(data, size))
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
		abort();
	if (send(pair[0], data, size, MSG_NOSIGNAL) != (ssize_t)size)
		abort();
	shutdown(pair[0], SHUT_WR);
	/* Nobody reads while it writes: a full pipe counts as a closed one. */
	fcntl(pair[1], F_SETFL, O_NONBLOCK);
	runner_serve(pair[1]);
	close(pair[1]);
	while (recv(pair[0], answers, sizeof(answers), 0) > 0)
		;
	close(pair[0]);
	return 0;
}
