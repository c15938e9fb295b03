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
	if (fetch_open(&fetch) != OK)
		return -1;
	fetch_named(fetch, server.url);
	return 0;
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

static void a_redirect_is_an_error_that_names_its_target(void **state)
{
	static const char *const targets[] = {
		"http://10.0.0.1/secret", "https://169.254.169.254/", "file:///etc/passwd", "/"};
	AUTOFREE char *url = mem_printf("%s/moved", server.url);
	AUTO(buf) out = BUF(KIB);
	int status;

	(void)state;
	for (size_t i = 0; i < COUNT(targets); i++) {
		const struct fetch_body body = {"a", 1, "text/plain", {NULL}};

		server.location = targets[i];
		assert_int_equal(ERR_SYSTEM, get("/moved", &out, &status));
		assert_non_null(strstr(err_why(), targets[i]));
		assert_non_null(strstr(err_why(), "which is not followed"));
		buf_clear(&out);
		assert_int_equal(ERR_SYSTEM, fetch_post(fetch, url, &body, &out, &status));
		assert_non_null(strstr(err_why(), targets[i]));
	}
}

/* By its name, too: what it resolves to is looked at when it is connected to. */
static void an_inner_address_is_asked_only_where_the_operator_named_that_host(void **state)
{
	AUTOFREE char *by_name = mem_printf("http://localhost%s/", strrchr(server.url, ':'));
	AUTOFREE char *mapped =
		mem_printf("http://[::ffff:127.0.0.1]%s/", strrchr(server.url, ':'));
	AUTOFREE char *decimal = mem_printf("http://2130706433%s/", strrchr(server.url, ':'));
	AUTO(buf) out = BUF(KIB);
	struct fetch *other = NULL;
	int status;

	(void)state;
	assert_int_equal(OK, fetch_open(&other));
	for (int named = 0; named < 2; named++) {
		const char *const urls[] = {by_name, mapped, decimal};

		for (size_t i = 0; i < COUNT(urls); i++) {
			assert_int_equal(ERR_SYSTEM, fetch_get(other, urls[i], &out, &status));
			if (!strstr(err_why(), "within this network"))
				fail_msg("%s", err_why());
		}
		fetch_named(other, "http://elsewhere.example");
	}
	fetch_named(other, by_name);
	assert_int_equal(OK, fetch_get(other, by_name, &out, &status));
	assert_int_equal(ERR_SYSTEM, fetch_get(other, mapped, &out, &status));
	fetch_free(other);
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
		{"HTTP/1.1 302 X\r\nLocation: /\r\nContent-Length: 9999999999\r\n\r\n", "body ",
			""},
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
		cmocka_unit_test(a_redirect_is_an_error_that_names_its_target),
		cmocka_unit_test(an_inner_address_is_asked_only_where_the_operator_named_that_host),
		cmocka_unit_test(both_compressed_and_plain_answers_are_asked_for),
		cmocka_unit_test(nothing_that_never_ends_is_read_on),
		cmocka_unit_test(a_request_that_gets_no_end_is_left_when_it_is_time_to_stop),
		cmocka_unit_test(a_server_that_is_not_there_is_named_with_the_reason),
	};
	return cmocka_run_group_tests_name("fetch", tests, start, stop);
}
