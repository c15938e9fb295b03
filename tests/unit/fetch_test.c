#include "base/fetch.h"

#include <stdlib.h>

#include "tests/unit/tiny_server.h"

static int answer(void *arg, const char *path, const char *request, struct buf *out)
{
	(void)arg;
	if (strcmp(path, "/moved") == 0)
		return 302;
	if (strcmp(path, "/large") == 0)
		buf_printf(out, "%*s", 100000, "x");
	else if (strcmp(path, "/echo") == 0)
		buf_puts(out, request);
	else if (strcmp(path, "/") != 0)
		return 404;
	else
		buf_puts(out, "hello");
	return 200;
}

static struct tiny_server server = {.answer = answer};
static struct fetch *fetch;

static int start(void **state)
{
	(void)state;
	tiny_start(&server);
	return fetch_open(&fetch) == OK ? 0 : -1;
}

static int stop(void **state)
{
	(void)state;
	fetch_free(fetch);
	tiny_stop(&server);
	return 0;
}

static enum err get(const char *path, struct buf *out, int *status)
{
	AUTOFREE char *url = mem_printf("%s%s", server.url, path);

	return fetch_get(fetch, url, out, status);
}

static void a_body_and_its_status_are_given(void **state)
{
	AUTO(buf) out = BUF(KIB), none = BUF(KIB);
	int status;

	(void)state;
	assert_int_equal(OK, get("/", &out, &status));
	assert_int_equal(200, status);
	assert_string_equal("hello", buf_text(&out));
	assert_int_equal(OK, get("/nothing", &none, &status));
	assert_int_equal(404, status);
}

static void a_body_over_the_maximum_is_not_read(void **state)
{
	AUTO(buf) out = BUF(1000);
	int status;

	(void)state;
	assert_int_equal(ERR_TOO_LARGE, get("/large", &out, &status));
}

static void a_post_carries_body_type_and_header(void **state)
{
	const struct fetch_body body = {"a=b", 3, "text/x-test", {"X-Extra: yes"}};
	AUTOFREE char *url = mem_printf("%s/echo", server.url);
	AUTO(buf) out = BUF(4 * KIB);
	int status;

	(void)state;
	assert_int_equal(OK, fetch_post(fetch, url, &body, &out, &status));
	assert_memory_equal("POST /echo", buf_text(&out), 10);
	assert_non_null(strstr(buf_text(&out), "Content-Type: text/x-test\r\n"));
	assert_non_null(strstr(buf_text(&out), "X-Extra: yes\r\n"));
	assert_non_null(strstr(buf_text(&out), "User-Agent: gaya\r\n"));
	assert_non_null(strstr(buf_text(&out), "\r\n\r\na=b"));
}

static void a_get_after_a_post_is_a_get(void **state)
{
	const struct fetch_body body = {"", 0, "text/plain", {NULL}};
	AUTOFREE char *url = mem_printf("%s/echo", server.url);
	AUTO(buf) first = BUF(4 * KIB), second = BUF(4 * KIB);
	int status;

	(void)state;
	assert_int_equal(OK, fetch_post(fetch, url, &body, &first, &status));
	assert_int_equal(OK, get("/echo", &second, &status));
	assert_memory_equal("GET /echo", buf_text(&second), 9);
	assert_null(strstr(buf_text(&second), "Content-Type"));
}

static void only_http_is_spoken(void **state)
{
	AUTO(buf) out = BUF(KIB);
	int status;

	(void)state;
	assert_int_equal(ERR_INVALID, fetch_get(fetch, "file:///etc/passwd", &out, &status));
	assert_int_equal(ERR_INVALID, fetch_get(fetch, "ftp://127.0.0.1/", &out, &status));
	assert_int_equal(ERR_INVALID, fetch_get(fetch, "", &out, &status));
	assert_int_equal(0, out.len);
}

static void a_redirect_is_followed_within_http_and_nowhere_else(void **state)
{
	AUTO(buf) out = BUF(KIB), none = BUF(KIB);
	int status;

	(void)state;
	server.location = "/";
	assert_int_equal(OK, get("/moved", &out, &status));
	assert_string_equal("hello", buf_text(&out));
	server.location = "file:///etc/passwd";
	assert_int_equal(ERR_SYSTEM, get("/moved", &none, &status));
	server.location = "/moved";
	assert_int_equal(ERR_SYSTEM, get("/moved", &none, &status));
	assert_non_null(strstr(err_why(), "from one address to the next"));
	assert_int_equal(0, none.len);
}

static void both_compressed_and_plain_answers_are_asked_for(void **state)
{
	AUTO(buf) out = BUF(4 * KIB);
	int status;

	(void)state;
	assert_int_equal(OK, get("/echo", &out, &status));
	assert_non_null(strstr(buf_text(&out), "Accept-Encoding: gzip, identity\r\n"));
}

#define OK_HEAD "HTTP/1.1 200 OK\r\n"
#define CHUNKED OK_HEAD "Transfer-Encoding: chunked\r\n\r\n"

/* Without a bound each of these ends with the time limit, a minute later, and gigabytes. */
static void nothing_that_never_ends_is_read_on(void **state)
{
	static const struct {
		const char *flood, *again, *why;
	} floods[] = {
		{OK_HEAD, "X-More: of the same\r\n", "of headers"},
		{"HTTP/1.1 ", "100 Continue\r\n\r\nHTTP/1.1 ", "of headers"},
		{CHUNKED "1\r\nx\r\n0\r\n", "X-Trailer: of the same\r\n", "of headers"},
		{CHUNKED "1;", "extension=", "more than what was asked for"},
		{CHUNKED, "0000000000000001;ext\r\nx\r\n", "over"},
		{"HTTP/1.1 302 X\r\nLocation: /\r\nContent-Length: 9999999999\r\n\r\n", "body ", ""},
		{OK_HEAD "Connection: close\r\n\r\n", "body ", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(floods); i++) {
		AUTO(buf) out = BUF(10 * KIB);
		int status;

		server.flood = floods[i].flood;
		server.again = floods[i].again;
		if (get("/", &out, &status) != ERR_TOO_LARGE)
			fail_msg("flood %zu: %s", i, err_why());
		assert_non_null(strstr(err_why(), floods[i].why));
	}
	server.flood = NULL;
}

static bool is_told_to_stop(void *arg)
{
	return ++*(int *)arg > 2;
}

static void a_request_that_gets_no_end_is_left_when_it_is_time_to_stop(void **state)
{
	AUTO(buf) out = BUF(KIB);
	int status, asked = 0;

	(void)state;
	server.flood = OK_HEAD "Content-Length: 9\r\n\r\nx";
	server.again = "";
	fetch_watch(fetch, is_told_to_stop, &asked);
	assert_int_equal(ERR_BUSY, get("/", &out, &status));
	assert_string_equal("stopped on the way", err_why());
	assert_int_equal(3, asked);
	fetch_watch(fetch, NULL, NULL);
	server.flood = NULL;
	assert_int_equal(OK, get("/", &out, &status));
}

static void a_server_that_is_not_there_is_named_with_the_reason(void **state)
{
	struct tiny_server gone = {.answer = answer};
	AUTO(buf) out = BUF(KIB);
	int status;

	(void)state;
	tiny_start(&gone);
	tiny_stop(&gone);
	assert_int_equal(ERR_SYSTEM, fetch_get(fetch, gone.url, &out, &status));
	assert_non_null(strstr(err_why(), gone.url));
	assert_non_null(strstr(err_why(), "Connection refused: is the server running?"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_body_and_its_status_are_given),
		cmocka_unit_test(a_body_over_the_maximum_is_not_read),
		cmocka_unit_test(a_post_carries_body_type_and_header),
		cmocka_unit_test(a_get_after_a_post_is_a_get),
		cmocka_unit_test(only_http_is_spoken),
		cmocka_unit_test(a_redirect_is_followed_within_http_and_nowhere_else),
		cmocka_unit_test(both_compressed_and_plain_answers_are_asked_for),
		cmocka_unit_test(nothing_that_never_ends_is_read_on),
		cmocka_unit_test(a_request_that_gets_no_end_is_left_when_it_is_time_to_stop),
		cmocka_unit_test(a_server_that_is_not_there_is_named_with_the_reason),
	};
	return cmocka_run_group_tests_name("fetch", tests, start, stop);
}
