#include "registry/people/supplier.h"

#include "base/crypto.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BY "0123456789abcdef0123456789abcdef"

static char dir[64];
static struct people *p;
static int64_t now = 1800000000;

static int64_t clock_now(void *ctx)
{
	(void)ctx;
	return now;
}

static int setup(void **state)
{
	AUTOFREE char *database = NULL;
	struct env env = env_real;

	env.now = clock_now;
	snprintf(dir, sizeof(dir), "/tmp/gaya-supplier.XXXXXX");
	assert_non_null(mkdtemp(dir));
	database = file_in(dir, REG_DATABASE); /* a folder without one is no register's */
	assert_int_equal(OK, file_write(database, "", 0, 0600));
	if (people_open(&(struct people_options){.dir = dir, .env = &env}, &p) != OK)
		fail_msg("%s", err_why());
	return 0;
}

static int teardown(void **state)
{
	people_close(p);
	return file_remove_dir(dir) == OK ? 0 : -1;
}

/* A new draft of a department; its id. */
static const char *draft_of(const char *department, struct record_draft *d)
{
	static int n;

	*d = (struct record_draft){.by = BY, .record = json_object()};
	snprintf(d->department, sizeof(d->department), "%s", department);
	snprintf(d->system, sizeof(d->system), "system-%d", ++n);
	assert_int_equal(OK, draft_new(p, d));
	return d->id;
}

static int64_t newest_id(const char *department, const char *draft)
{
	json_auto_t *links = NULL;

	assert_int_equal(OK, supplier_links(p, department, draft, &links));
	return json_num(json_array_get(links, 0), "id");
}

static void an_answer_is_kept_as_often_as_it_is_saved(void **state)
{
	AUTO(record_draft) d = {0};
	const char *draft = draft_of("tax", &d);
	char token[PEOPLE_TOKEN + 1];
	json_auto_t *links = NULL;

	assert_int_equal(OK, supplier_link_new(p, "tax", draft, "ACME <b>", 3, BY, token));
	for (int i = 0; i < 3; i++) {
		json_auto_t *sent = json_make("{s:i}", "x", i);
		AUTO(supplier_link) link = {0};

		assert_int_equal(OK, supplier_answer(p, token, sent));
		assert_int_equal(OK, supplier_open(p, token, &link));
		assert_true(json_equal(sent, link.answer));
		assert_string_equal("ACME <b>", link.supplier);
		assert_string_equal(draft, link.draft);
		assert_string_equal("tax", link.department);
	}
	assert_int_equal(OK, supplier_links(p, "tax", draft, &links));
	assert_int_equal(1, json_array_size(links));
	assert_int_equal(2, json_num(json_object_get(json_array_get(links, 0), "answer"), "x"));
	assert_true(json_is_true(json_object_get(json_array_get(links, 0), "open")));
}

static void assert_closed(const char *token)
{
	AUTO(supplier_link) link = {0};
	json_auto_t *sent = json_object();
	AUTOFREE char *first = NULL;

	assert_int_equal(ERR_NOT_FOUND, supplier_open(p, token, &link));
	first = mem_text(err_why());
	assert_int_equal(ERR_NOT_FOUND, supplier_answer(p, token, sent));
	assert_string_equal(first, err_why());
	assert_int_equal(ERR_NOT_FOUND, supplier_open(p, "no token", &link));
	assert_string_equal(first, err_why());
}

static void every_link_that_opens_nothing_is_refused_in_the_same_words(void **state)
{
	AUTO(record_draft) d = {0};
	const char *draft = draft_of("tax", &d);
	char revoked[PEOPLE_TOKEN + 1], expired[PEOPLE_TOKEN + 1], gone[PEOPLE_TOKEN + 1],
		unknown[PEOPLE_TOKEN + 1];

	assert_int_equal(OK, supplier_link_new(p, "tax", draft, "A", 30, BY, revoked));
	assert_int_equal(OK, supplier_revoke(p, "tax", draft, newest_id("tax", draft)));
	assert_closed(revoked);
	assert_int_equal(OK, supplier_link_new(p, "tax", draft, "A", 1, BY, expired));
	assert_int_equal(OK, supplier_link_new(p, "tax", draft, "A", 2, BY, gone));
	now += 24 * 3600;
	assert_closed(expired);
	memset(unknown, 'a', sizeof(unknown) - 1);
	unknown[PEOPLE_TOKEN] = '\0';
	assert_closed(unknown);
	assert_closed("");
	assert_int_equal(OK, draft_discard(p, "tax", draft, d.revision));
	assert_closed(gone);
}

static void another_department_has_no_part_in_a_link(void **state)
{
	AUTO(record_draft) d = {0};
	const char *draft = draft_of("tax", &d);
	char token[PEOPLE_TOKEN + 1];
	json_auto_t *links = NULL;
	AUTO(supplier_link) link = {0};

	assert_int_equal(ERR_NOT_FOUND, supplier_link_new(p, "water", draft, "A", 3, BY, token));
	assert_int_equal(OK, supplier_link_new(p, "tax", draft, "A", 3, BY, token));
	assert_int_equal(
		ERR_NOT_FOUND, supplier_revoke(p, "water", draft, newest_id("tax", draft)));
	assert_int_equal(ERR_NOT_FOUND, supplier_revoke(p, "tax", draft, 99999));
	assert_int_equal(OK, supplier_links(p, "water", draft, &links));
	assert_int_equal(0, json_array_size(links));
	assert_int_equal(OK, supplier_open(p, token, &link));
}

static void links_have_limits(void **state)
{
	AUTO(record_draft) d = {0};
	const char *draft = draft_of("tax", &d);
	AUTOFREE char *long_name = mem_printf("%0*d", SUPPLIER_NAME + 1, 7),
		      *long_text = mem_printf("%0*d", (int)SUPPLIER_ANSWER_MAX, 7);
	json_auto_t *large = json_make("{s:s}", "x", long_text);
	char token[PEOPLE_TOKEN + 1];

	assert_int_equal(ERR_INVALID, supplier_link_new(p, "tax", draft, "A", 0, BY, token));
	assert_int_equal(ERR_INVALID, supplier_link_new(p, "tax", draft, "A", 31, BY, token));
	assert_int_equal(ERR_INVALID, supplier_link_new(p, "tax", draft, " ", 3, BY, token));
	assert_int_equal(ERR_INVALID, supplier_link_new(p, "tax", draft, "a\nb", 3, BY, token));
	assert_int_equal(ERR_INVALID, supplier_link_new(p, "tax", draft, long_name, 3, BY, token));
	for (int i = 0; i < SUPPLIER_LINKS; i++)
		assert_int_equal(OK, supplier_link_new(p, "tax", draft, "A", 30, BY, token));
	assert_int_equal(ERR_LIMITED, supplier_link_new(p, "tax", draft, "A", 3, BY, token));
	assert_int_equal(ERR_TOO_LARGE, supplier_answer(p, token, large));
	assert_int_equal(OK, supplier_revoke(p, "tax", draft, newest_id("tax", draft)));
	assert_int_equal(OK, supplier_link_new(p, "tax", draft, "A", 3, BY, token));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_is_kept_as_often_as_it_is_saved),
		cmocka_unit_test(every_link_that_opens_nothing_is_refused_in_the_same_words),
		cmocka_unit_test(another_department_has_no_part_in_a_link),
		cmocka_unit_test(links_have_limits),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
