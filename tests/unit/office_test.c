/* Where the office's forms lead. */
#include "web/office/office.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void assert_leads(const char *to, const char *location)
{
	struct response rs = {0};

	office_go(&rs, "%s", to);
	assert_int_equal(303, rs.status);
	assert_string_equal(location, rs.location);
	response_done(&rs);
}

static void an_address_holds_no_byte_that_a_header_may_not(void **state)
{
	(void)state;
	assert_leads("/ko/office?saved=1#supervisor.0", "/ko/office?saved=1#supervisor.0");
	assert_leads("/ko?a#x\r\nSet-Cookie: a=b", "/ko?a#x%0D%0ASet-Cookie:%20a=b");
	assert_leads("/ko#가\x7f", "/ko#%EA%B0%80%7F");
}

static void an_address_too_long_for_a_header_leads_to_the_page_alone(void **state)
{
	AUTOFREE char *many = mem_new(60001);
	AUTOFREE char *fragment = NULL, *query = NULL;

	(void)state;
	memset(many, 'a', 60000);
	fragment = mem_printf("/ko/office#%s", many);
	query = mem_printf("/ko/office?a=%s#b", many);
	assert_leads(fragment, "/ko/office");
	assert_leads(query, "/ko/office");
	assert_leads(many, "/");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_holds_no_byte_that_a_header_may_not),
		cmocka_unit_test(an_address_too_long_for_a_header_leads_to_the_page_alone),
	};
	return cmocka_run_group_tests_name("office", tests, NULL, NULL);
}
