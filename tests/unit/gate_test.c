/* Connections and their bytes: how many there may be, and how long a request may take to arrive. */
#include "tests/unit/small_register.h"
#include "web/http/gate.h"
#include "web/http/upload.h"
#include "web/server/server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

static char dir[64];
static struct reg *reg;
static struct web *web;

static void start_server(struct web_options options)
{
	options.listen = "127.0.0.1:0";
	options.threads = 2;
	must(web_start(reg, &options, &web));
}

static int stop_server(void **state)
{
	(void)state;
	web_stop(TAKE(web));
	return 0;
}

/* `room`: bytes that the client's system takes for it; 0: as many as usual. */
static int connect_with_room(const char *address, int room)
{
	struct sockaddr_in from = {.sin_family = AF_INET},
			   to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)web_port(web))};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(1, inet_pton(AF_INET, address, &from.sin_addr));
	assert_int_equal(1, inet_pton(AF_INET, "127.0.0.1", &to.sin_addr));
	if (room)
		assert_int_equal(0, setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room)));
	assert_int_equal(0, bind(fd, (struct sockaddr *)&from, sizeof(from)));
	assert_int_equal(0, connect(fd, (struct sockaddr *)&to, sizeof(to)));
	return fd;
}

static int connect_from(const char *address)
{
	return connect_with_room(address, 0);
}

static void put(int fd, const char *text)
{
	assert_int_equal((ssize_t)strlen(text), send(fd, text, strlen(text), MSG_NOSIGNAL));
}

/* A client that is answered in the middle of what it sends may go on sending: the system must not
 * reset its connection, or it might lose the answer. */
static void go_on_sending(int fd)
{
	char byte;

	assert_int_equal(1, recv(fd, &byte, 1, MSG_PEEK));
	for (unsigned i = 0; i < 3; i++)
		put(fd, "x");
}

/* All that comes until the other side closes; its status, or 0. */
static int heard(int fd, struct buf *out)
{
	char piece[4096];
	ssize_t n;

	while ((n = recv(fd, piece, sizeof(piece), 0)) > 0)
		buf_add(out, piece, (size_t)n);
	close(fd);
	return out->len > 12 && strncmp(out->data, "HTTP/1.1 ", 9) == 0 ? atoi(out->data + 9) : 0;
}

/* The status of an answer that leaves the connection open, and all of it. */
static int answered(int fd)
{
	AUTO(buf) head = BUF(64 * KIB);
	const char *end, *length;
	char piece[4096];
	ssize_t n = 1;

	while (!(end = strstr(buf_text(&head), "\r\n\r\n")) ||
		head.len < (size_t)(end - head.data) + 4 +
				   strtoul(strstr(head.data, "Content-Length: ") + 16, NULL, 10)) {
		n = recv(fd, piece, sizeof(piece), 0);
		if (n <= 0)
			return 0;
		buf_add(&head, piece, (size_t)n);
	}
	length = strstr(head.data, "Content-Length: ");
	assert_non_null(length);
	return atoi(head.data + 9);
}

#define HEALTH "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"

static void a_head_that_does_not_end_is_told_so_in_time(void **state)
{
	AUTO(buf) answer = BUF(64 * KIB);
	int slow;

	(void)state;
	start_server((struct web_options){.patience_ms = 100});
	slow = connect_from("127.0.0.1");
	put(slow, "GET /ko/ HTTP/1.1\r\nHost: x\r\nX-Slow: ");
	go_on_sending(slow);
	assert_int_equal(408, heard(slow, &answer));
	assert_non_null(strstr(answer.data, "Content-Security-Policy: "));
	assert_non_null(strstr(answer.data, "took too long"));
}

/* A byte now and then is no progress: it is the whole that has its time. */
static void nor_does_a_byte_now_and_then_help(void **state)
{
	AUTO(buf) answer = BUF(64 * KIB);
	struct pollfd told = {.events = POLLIN};

	(void)state;
	start_server((struct web_options){.patience_ms = 200});
	told.fd = connect_from("127.0.0.1");
	put(told.fd, "GET /ko/ HTTP/1.1\r\nHost: x\r\nX-Slow: ");
	while (poll(&told, 1, 10) == 0)
		put(told.fd, "a");
	assert_int_equal(408, heard(told.fd, &answer));
}

static void nor_does_a_body_that_stops(void **state)
{
	static const char *const heads[] = {"Content-Length: 400", "Transfer-Encoding: chunked"};

	(void)state;
	start_server((struct web_options){.patience_ms = 100});
	for (size_t i = 0; i < COUNT(heads); i++) {
		AUTO(buf) answer = BUF(64 * KIB);
		AUTOFREE char *head =
			mem_printf("POST /ko/feedback HTTP/1.1\r\nHost: x\r\n%s\r\n\r\n%s",
				heads[i], i ? "5\r\nte" : "te");
		int slow = connect_from("127.0.0.1");

		put(slow, head);
		assert_int_equal(408, heard(slow, &answer));
		assert_non_null(strstr(answer.data, "the body of a request took too long"));
	}
}

static void a_waiting_connection_is_not_a_slow_request(void **state)
{
	int other, waiting;
	AUTO(buf) late = BUF(64 * KIB);

	(void)state;
	start_server((struct web_options){.patience_ms = 100});
	waiting = connect_from("127.0.0.1");
	put(waiting, HEALTH);
	assert_int_equal(200, answered(waiting));
	other = connect_from("127.0.0.1"); /* its 408 shows that the patience is over */
	put(other, "GET");
	assert_int_equal(408, heard(other, &late));
	put(waiting, HEALTH);
	assert_int_equal(200, answered(waiting));
	close(waiting);
}

/* --- what clients take --- */

#define SCRIPT "GET /static/verify.js HTTP/1.1\r\nHost: x\r\n"
#define LAST SCRIPT "Connection: close\r\n\r\n"

static void a_client_that_takes_a_byte_now_and_then_is_cut_off(void **state)
{
	struct pollfd cut = {.events = 0}; /* an end or a fault is told all the same */
	char byte;

	(void)state;
	start_server((struct web_options){.patience_ms = 100});
	cut.fd = connect_with_room("127.0.0.1", 2048);
	put(cut.fd, SCRIPT "\r\n");
	while (poll(&cut, 1, 10) == 0)
		assert_int_equal(1, recv(cut.fd, &byte, 1, 0));
	assert_true(cut.revents & POLLERR);
	close(cut.fd);
}

static void a_client_that_takes_its_time_gets_all(void **state)
{
	AUTO(buf) quick = BUF(MIB), slow = BUF(MIB);
	char piece[1024];
	ssize_t n;
	int fd;

	(void)state;
	start_server((struct web_options){.patience_ms = 0});
	fd = connect_from("127.0.0.1");
	put(fd, LAST);
	assert_int_equal(200, heard(fd, &quick));
	fd = connect_with_room("127.0.0.1", 2048);
	put(fd, LAST);
	while ((n = recv(fd, piece, sizeof(piece), 0)) > 0) {
		buf_add(&slow, piece, (size_t)n);
		usleep(2000);
	}
	assert_int_equal(quick.len, slow.len);
	close(fd);
}

/* --- answers that are ready --- */

#define THE_LIST "GET /ko/systems HTTP/1.1\r\nHost: x\r\n"

/* Bytes of an answer that leaves the connection open, its head without Date. */
static void hear(int fd, struct buf *out)
{
	char *date, *end = NULL;
	size_t whole = SIZE_MAX;
	char byte;

	while (out->len < whole && recv(fd, &byte, 1, 0) == 1) {
		buf_putc(out, byte);
		if (end || !(end = strstr(buf_text(out), "\r\n\r\n")))
			continue;
		whole = (size_t)(end - out->data) + 4 +
		        strtoul(strstr(out->data, "Content-Length: ") + 16, NULL, 10);
	}
	assert_int_equal(whole, out->len);
	date = strstr(out->data, "Date: ");
	assert_non_null(date);
	memset(date, '-', strcspn(date, "\r"));
}

static int by_line(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The lines of the head in alphabetical order, and the body. */
static char *in_order(const struct buf *answer)
{
	AUTO(buf) out = BUF(MIB);
	char *lines[100], *text = mem_bytes(answer->data, answer->len), *rest = text;
	char *body = strstr(text, "\r\n\r\n");
	size_t n = 0;

	*body = '\0';
	while (n < COUNT(lines) && (lines[n] = strsep(&rest, "\n")))
		lines[n][strcspn(lines[n], "\r")] = '\0', n++;
	qsort(lines, n, sizeof(*lines), by_line);
	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%s\n", lines[i]);
	buf_puts(&out, body + 4);
	free(text);
	return buf_take(&out);
}

static uint64_t ready_answers(void)
{
	return gate_health(web->gate).ready;
}

/* The server counts an answer after it has sent it, so the client may be here first. */
static void expect_ready_answers(uint64_t n)
{
	for (unsigned i = 0; i < 10000 && ready_answers() < n; i++)
		usleep(1000);
	assert_int_equal(n, ready_answers());
}

static void a_cached_page_is_answered_at_once_as_libmicrohttpd_would(void **state)
{
	int fd;

	(void)state;
	start_server((struct web_options){.connections = 100});
	fd = connect_from("127.0.0.1");
	for (unsigned i = 0; i < 3; i++) {
		AUTO(buf) slow = BUF(MIB), fast = BUF(MIB);
		AUTOFREE char *a = NULL, *b = NULL;
		static const char *const also[] = {
			"", "Accept-Encoding: gzip\r\n", "If-None-Match: \"x\"\r\n"};
		uint64_t before;

		put(fd, THE_LIST), put(fd, also[i]), put(fd, "Expect: nothing\r\n\r\n");
		hear(fd, &slow);
		before = ready_answers();
		put(fd, THE_LIST), put(fd, also[i]), put(fd, "\r\n");
		hear(fd, &fast);
		expect_ready_answers(before + 1);
		a = in_order(&slow);
		b = in_order(&fast);
		assert_string_equal(a, b);
	}
	close(fd);
}

/* The server's end of a connection takes little at once, as on a line with a small window. */
static void narrow(int client)
{
	struct sockaddr_in ours, theirs;
	socklen_t len = sizeof(ours);
	int few = 1, found = 0;

	assert_int_equal(0, getsockname(client, (struct sockaddr *)&ours, &len));
	for (int fd = 3; fd < 1024; fd++) {
		len = sizeof(theirs);
		if (fd != client && getpeername(fd, (struct sockaddr *)&theirs, &len) == 0 &&
			theirs.sin_family == AF_INET && theirs.sin_port == ours.sin_port)
			found += setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &few, sizeof(few)) == 0;
	}
	assert_int_equal(1, found);
}

/* A connection on which the page was answered at once, in part. */
static int connect_narrow(struct buf *whole)
{
	int fd = connect_with_room("127.0.0.1", 2048);

	put(fd, THE_LIST "Expect: nothing\r\n\r\n");
	hear(fd, whole);
	narrow(fd);
	return fd;
}

static void a_line_that_takes_little_at_once_gets_all_of_a_cached_page(void **state)
{
	AUTO(buf) slow = BUF(MIB);
	AUTOFREE char *a = NULL;
	uint64_t before;
	int fd;

	(void)state;
	start_server((struct web_options){.connections = 100});
	fd = connect_narrow(&slow);
	a = in_order(&slow);
	before = ready_answers();
	/* The second request comes while the first answer is under way. */
	put(fd, THE_LIST "\r\n");
	while (ready_answers() == before)
		usleep(1000);
	put(fd, THE_LIST "\r\n");
	for (unsigned i = 0; i < 2; i++) {
		AUTO(buf) fast = BUF(MIB);
		AUTOFREE char *b = NULL;

		hear(fd, &fast);
		b = in_order(&fast);
		assert_string_equal(a, b);
	}
	expect_ready_answers(before + 2);
	close(fd);
}

static void who_leaves_in_the_middle_of_a_cached_page_leaves_nothing_behind(void **state)
{
	uint64_t before;

	(void)state;
	start_server((struct web_options){.connections = 100});
	for (unsigned i = 0; i < 4; i++) {
		AUTO(buf) slow = BUF(MIB);
		struct linger reset = {.l_onoff = 1};
		int fd = connect_narrow(&slow);

		before = ready_answers();
		put(fd, THE_LIST "\r\n");
		while (ready_answers() == before)
			usleep(1000);
		if (i % 2)
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
		close(fd);
	}
	while (gate_health(web->gate).connections)
		usleep(1000);
}

/* --- files that departments send in --- */

/* The beginning of a file of 100 kB; the rest does not come. Each has a number of its own for its
 * hash. */
static int begin_file(unsigned n, size_t bytes)
{
	AUTO(buf) entry = BUF(ENTRY_MAX), head = BUF(64 * KIB), body = BUF(MIB);
	struct skey key = department_key();
	AUTOFREE char *sha256 = mem_printf("%064x", n);
	int fd = connect_from("127.0.0.1");

	must(sign_file(&key, &env_real, "file.attached", "file", sha256, -1, "application/pdf",
		100000, &entry));
	buf_puts(&head, "POST /api/v1/files HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n"
			"Expect: 100-continue\r\nGaya-Entry: ");
	base64_add(&head, entry.data, entry.len);
	buf_puts(&head, "\r\n\r\n");
	put(fd, buf_text(&head));
	for (size_t i = 0; i < bytes; i++)
		buf_putc(&body, 'x');
	put(fd, buf_text(&body));
	return fd;
}

/* It was let in: the server waits for its body. */
static int let_in(unsigned n, size_t bytes)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	int fd = begin_file(n, bytes);
	char got[sizeof(go_on)] = "";

	assert_int_equal(sizeof(go_on) - 1, recv(fd, got, sizeof(go_on) - 1, MSG_WAITALL));
	assert_string_equal(go_on, got);
	return fd;
}

/* What was sent before is read: each of the two threads has answered what was sent after it. */
static void read_by_now(void)
{
	for (size_t i = 0; i < 6; i++) {
		int fd = connect_from("127.0.0.1");

		put(fd, HEALTH);
		assert_int_equal(200, answered(fd));
		close(fd);
	}
}

static void a_body_that_pauses_has_the_time_of_its_length_not_of_a_connection_that_waits(
	void **state)
{
	AUTO(buf) told = BUF(64 * KIB), rest = BUF(MIB);
	int paused, file, waits;
	char byte;

	(void)state;
	start_server((struct web_options){.idle_s = 1});
	paused = connect_from("127.0.0.1");
	put(paused, "POST /api/v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		    "Content-Length: 100000\r\n\r\n");
	file = let_in(1, 10);
	/* The server closes what has waited for as long as the bodies, or less. */
	waits = connect_from("127.0.0.1");
	put(waits, HEALTH);
	assert_int_equal(200, answered(waits));
	assert_int_equal(0, recv(waits, &byte, 1, 0));
	close(waits);
	assert_int_equal(-1, recv(file, &byte, 1, MSG_DONTWAIT)); /* is not closed */
	close(file);
	for (size_t i = 0; i < 100000; i++)
		buf_putc(&rest, ' ');
	put(paused, buf_text(&rest));
	assert_int_equal(400, heard(paused, &told));
}

static void where_all_places_are_taken_the_slowest_file_gives_way(void **state)
{
	AUTO(buf) told = BUF(64 * KIB);
	int files[UPLOADS], next;

	(void)state;
	start_server((struct web_options){.upload_grace_ms = 1});
	for (unsigned i = 0; i < UPLOADS; i++)
		files[i] = let_in(i, i == 3 ? 1 : 50000);
	read_by_now();
	usleep(2000); /* a grace of one millisecond is over, however fast this was */
	next = let_in(UPLOADS, 10);
	assert_int_equal(503, heard(files[3], &told));
	assert_non_null(strstr(told.data, "Retry-After: "));
	assert_non_null(strstr(told.data, "{\"error\":\"busy\""));
	close(next);
	for (unsigned i = 0; i < UPLOADS; i++)
		if (i != 3)
			close(files[i]);
}

static void a_file_that_has_its_time_gives_no_way(void **state)
{
	AUTO(buf) told = BUF(64 * KIB);
	int files[UPLOADS];

	(void)state;
	start_server((struct web_options){.upload_grace_ms = 3600000});
	for (unsigned i = 0; i < UPLOADS; i++)
		files[i] = let_in(i, 10);
	assert_int_equal(503, heard(begin_file(UPLOADS, 10), &told));
	assert_non_null(strstr(told.data, "8 files are being sent in"));
	for (unsigned i = 0; i < UPLOADS; i++)
		close(files[i]);
}

/* The beginning of an event of 600 kB; the server's budget has room for one. */
static int begin_event(size_t bytes)
{
	AUTO(buf) text = BUF(MIB);
	int fd = connect_from("127.0.0.1");

	buf_puts(&text, "POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 600000\r\n"
			"Expect: 100-continue\r\n\r\n");
	for (size_t i = 0; i < bytes; i++)
		buf_putc(&text, ' ');
	put(fd, buf_text(&text));
	return fd;
}

static void where_there_is_no_room_the_slowest_body_gives_way(void **state)
{
	static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
	AUTO(buf) told = BUF(64 * KIB), whole = BUF(MIB);
	char got[sizeof(go_on)] = "";
	int slow, next;

	(void)state;
	start_server((struct web_options){.intake_bytes = MIB, .upload_grace_ms = 1});
	slow = begin_event(10);
	assert_int_equal(sizeof(go_on) - 1, recv(slow, got, sizeof(go_on) - 1, MSG_WAITALL));
	read_by_now();
	usleep(2000);
	next = begin_event(0);
	go_on_sending(slow);
	assert_int_equal(503, heard(slow, &told));
	assert_non_null(strstr(told.data, "this came in slowest"));
	assert_int_equal(sizeof(go_on) - 1, recv(next, got, sizeof(go_on) - 1, MSG_WAITALL));
	assert_string_equal(go_on, got);
	for (size_t i = 0; i < 600000; i++)
		buf_putc(&whole, ' ');
	put(next, buf_text(&whole));
	assert_int_equal(400, answered(next)); /* it was read, and is no event */
	close(next);
}

static void a_body_that_has_its_time_gives_no_way(void **state)
{
	AUTO(buf) told = BUF(64 * KIB);
	int slow;

	(void)state;
	start_server((struct web_options){.intake_bytes = MIB, .upload_grace_ms = 3600000});
	slow = begin_event(10);
	read_by_now();
	assert_int_equal(503, heard(begin_event(10), &told));
	assert_non_null(strstr(told.data, "much is being sent in"));
	close(slow);
}

/* The last test that the department has its key for. */
static void revoking_a_key_ends_what_is_sent_in_under_it(void **state)
{
	struct skey key = department_key();
	AUTO(buf) vkey = BUF(KIB);
	int files[3];

	(void)state;
	start_server((struct web_options){.listen = NULL});
	for (unsigned i = 0; i < COUNT(files); i++)
		files[i] = let_in(i, 1000 * i);
	vkey_text(&key.vkey, &vkey);
	must(office(reg, json_make("{s:s,s:s,s:s}", "do", "key-revoke", "department", DEPARTMENT,
				 "key", buf_text(&vkey))));
	for (unsigned i = 0; i < COUNT(files); i++) {
		AUTO(buf) told = BUF(64 * KIB);

		assert_int_equal(403, heard(files[i], &told));
		assert_non_null(strstr(told.data, "Content-Security-Policy: "));
		assert_non_null(strstr(told.data, "{\"error\":\"denied\""));
	}
}

#define EACH 8

static void one_network_has_its_share_of_connections_and_no_more(void **state)
{
	AUTO(buf) told = BUF(64 * KIB);
	int taken[EACH], other;

	(void)state;
	start_server((struct web_options){.per_network = EACH});
	for (size_t i = 0; i < EACH; i++) {
		taken[i] = connect_from("127.0.0.1");
		put(taken[i], HEALTH);
		assert_int_equal(200, answered(taken[i]));
	}
	assert_int_equal(503, heard(connect_from("127.0.0.1"), &told));
	assert_non_null(strstr(told.data, "Retry-After: "));
	assert_non_null(strstr(told.data, "from this address"));
	other = connect_from("127.0.0.2");
	put(other, HEALTH);
	assert_int_equal(200, answered(other));
	close(other);
	/* One that closes makes room: sooner or later its end is known here, too. */
	close(taken[0]);
	for (;;) {
		int status;

		other = connect_from("127.0.0.1");
		(void)!send(other, HEALTH, strlen(HEALTH), MSG_NOSIGNAL);
		status = answered(other);
		close(other);
		if (status == 200)
			break;
	}
	for (size_t i = 1; i < EACH; i++)
		close(taken[i]);
}

static void behind_a_proxy_all_come_from_one_address(void **state)
{
	int taken[2 * EACH];

	(void)state;
	start_server((struct web_options){.per_network = EACH, .trust_proxy = true});
	for (size_t i = 0; i < COUNT(taken); i++) {
		taken[i] = connect_from("127.0.0.1");
		put(taken[i], HEALTH);
		assert_int_equal(200, answered(taken[i]));
	}
	for (size_t i = 0; i < COUNT(taken); i++)
		close(taken[i]);
}

#define FEW 32u

static void where_all_places_are_taken_one_that_waits_for_longest_makes_room(void **state)
{
	int taken[FEW], last;

	(void)state;
	start_server((struct web_options){.per_network = FEW, .connections = FEW});
	for (size_t i = 0; i < COUNT(taken); i++) {
		taken[i] = connect_from("127.0.0.1");
		put(taken[i], HEALTH);
		assert_int_equal(200, answered(taken[i]));
	}
	last = connect_from("127.0.0.2");
	put(last, HEALTH);
	assert_int_equal(200, answered(last));
	assert_int_equal(0, answered(taken[0])); /* closed */
	put(taken[COUNT(taken) - 1], HEALTH);
	assert_int_equal(200, answered(taken[COUNT(taken) - 1]));
	for (size_t i = 0; i < COUNT(taken); i++)
		close(taken[i]);
	close(last);
}

/* The server's threads close what made room later than the next ones come. */
static void a_wave_of_newcomers_is_not_refused_while_others_make_room(void **state)
{
	int wave[16 * FEW], last;

	(void)state;
	start_server((struct web_options){.per_network = FEW, .connections = FEW});
	for (size_t i = 0; i < COUNT(wave); i++) {
		char from[32];

		snprintf(from, sizeof(from), "127.0.1.%zu", i % 64 + 1);
		wave[i] = connect_from(from);
	}
	last = connect_from("127.0.0.2");
	put(last, HEALTH);
	assert_int_equal(200, answered(last));
	close(last);
	for (size_t i = 0; i < COUNT(wave); i++) {
		char piece[16];

		/* Nothing yet, or the end: no answer. */
		assert_true(recv(wave[i], piece, sizeof(piece), MSG_DONTWAIT) <= 0);
		close(wave[i]);
	}
}

static int setup(void **state)
{
	(void)state;
	crypto_init();
	temp_dir(dir);
	make_register(dir, &env_real);
	must(reg_open(dir, &env_real, &reg));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	reg_close(reg);
	shell("rm -r %s", dir);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_head_that_does_not_end_is_told_so_in_time, stop_server),
		cmocka_unit_test_teardown(nor_does_a_byte_now_and_then_help, stop_server),
		cmocka_unit_test_teardown(nor_does_a_body_that_stops, stop_server),
		cmocka_unit_test_teardown(a_waiting_connection_is_not_a_slow_request, stop_server),
		cmocka_unit_test_teardown(
			a_body_that_pauses_has_the_time_of_its_length_not_of_a_connection_that_waits,
			stop_server),
		cmocka_unit_test_teardown(
			a_client_that_takes_a_byte_now_and_then_is_cut_off, stop_server),
		cmocka_unit_test_teardown(a_client_that_takes_its_time_gets_all, stop_server),
		cmocka_unit_test_teardown(
			one_network_has_its_share_of_connections_and_no_more, stop_server),
		cmocka_unit_test_teardown(behind_a_proxy_all_come_from_one_address, stop_server),
		cmocka_unit_test_teardown(
			where_all_places_are_taken_one_that_waits_for_longest_makes_room,
			stop_server),
		cmocka_unit_test_teardown(
			a_wave_of_newcomers_is_not_refused_while_others_make_room, stop_server),
		cmocka_unit_test_teardown(
			a_cached_page_is_answered_at_once_as_libmicrohttpd_would, stop_server),
		cmocka_unit_test_teardown(
			a_line_that_takes_little_at_once_gets_all_of_a_cached_page, stop_server),
		cmocka_unit_test_teardown(
			who_leaves_in_the_middle_of_a_cached_page_leaves_nothing_behind,
			stop_server),
		cmocka_unit_test_teardown(
			where_all_places_are_taken_the_slowest_file_gives_way, stop_server),
		cmocka_unit_test_teardown(a_file_that_has_its_time_gives_no_way, stop_server),
		cmocka_unit_test_teardown(
			where_there_is_no_room_the_slowest_body_gives_way, stop_server),
		cmocka_unit_test_teardown(a_body_that_has_its_time_gives_no_way, stop_server),
		cmocka_unit_test_teardown(
			revoking_a_key_ends_what_is_sent_in_under_it, stop_server),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
