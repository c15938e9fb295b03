/* What is answered on the server's port while a register is being opened. */
#include "web/server/opening.h"

#include "base/buf.h"

#include <arpa/inet.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static _Atomic uint64_t folded, size;
static char listen_at[32];
static struct sockaddr_in server = {.sin_family = AF_INET};

static bool progress(uint64_t *f, uint64_t *s)
{
	*f = folded;
	*s = size;
	return *s > 0;
}

#define FIRST 20000 /* below the ports that the kernel gives to clients */
#define PORTS 12000

static bool is_free(unsigned port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool is;

	server.sin_port = htons((uint16_t)port);
	is = bind(fd, (struct sockaddr *)&server, sizeof(server)) == 0;
	close(fd);
	return is;
}

static int find_a_port(void **state)
{
	unsigned port = FIRST + (unsigned)getpid() % PORTS;

	(void)state;
	server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	while (!is_free(port))
		port = FIRST + (port - FIRST + 1) % PORTS;
	snprintf(listen_at, sizeof(listen_at), "127.0.0.1:%u", port);
	folded = size = 0;
	return 0;
}

/* -1 where nobody listens. */
static int connected(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (struct sockaddr *)&server, sizeof(server)) == 0)
		return fd;
	assert_int_equal(ECONNREFUSED, errno);
	close(fd);
	return -1;
}

static void a_moment(void)
{
	const struct timespec moment = {.tv_nsec = 10000000};

	nanosleep(&moment, NULL);
}

static int connected_at_last(void)
{
	int fd;

	while ((fd = connected()) < 0)
		a_moment();
	return fd;
}

static void ask(const char *request, struct buf *answer)
{
	char piece[4096];
	int fd = connected_at_last();
	ssize_t n;

	assert_int_equal(
		(ssize_t)strlen(request), send(fd, request, strlen(request), MSG_NOSIGNAL));
	while ((n = recv(fd, piece, sizeof(piece), 0)) > 0)
		buf_add(answer, piece, (size_t)n);
	close(fd);
}

#define HAS(answer, text) assert_non_null(strstr(buf_text(&(answer)), text))

static void whoever_comes_while_the_read_model_is_made_is_told_so_and_when_to_come_again(
	void **state)
{
	AUTO(buf) page = BUF(64 * KIB), health = BUF(64 * KIB), post = BUF(64 * KIB);
	struct opening *opening;

	(void)state;
	folded = 2000;
	size = 34567;
	assert_int_equal(OK, opening_start(listen_at, progress, &opening));
	ask("GET /ko/systems HTTP/1.1\r\nHost: a\r\n\r\n", &page);
	HAS(page, "HTTP/1.1 503 ");
	HAS(page, "Retry-After: 10\r\n");
	HAS(page, "등록부를 여는 중입니다");
	HAS(page, "2000 of 34567 entries");
	folded = 30000;
	ask("GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", &health);
	HAS(health, "HTTP/1.1 503 ");
	HAS(health, "\"folded\":30000,\"size\":34567,\"status\":\"opening\"");
	ask("POST /ko/systems/a/feedback HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nq=15",
		&post);
	HAS(post, "HTTP/1.1 503 ");
	HAS(post, "Nothing that you send now is kept");
	opening_end(opening);
	assert_int_equal(-1, connected());
}

static void the_port_stays_closed_while_nothing_is_made(void **state)
{
	struct opening *opening;

	(void)state;
	assert_int_equal(OK, opening_start(listen_at, progress, &opening));
	for (int i = 0; i < 50; i++) { /* longer than the time between two looks */
		assert_int_equal(-1, connected());
		a_moment();
	}
	opening_end(opening);
}

static void a_port_that_the_system_chooses_is_known_to_nobody_and_not_opened(void **state)
{
	struct opening *opening;

	(void)state;
	size = 10;
	assert_int_equal(OK, opening_start("127.0.0.1:0", progress, &opening));
	assert_null(opening);
	opening_end(opening);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(
			whoever_comes_while_the_read_model_is_made_is_told_so_and_when_to_come_again,
			find_a_port),
		cmocka_unit_test_setup(the_port_stays_closed_while_nothing_is_made, find_a_port),
		cmocka_unit_test_setup(
			a_port_that_the_system_chooses_is_known_to_nobody_and_not_opened,
			find_a_port),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
