/* All threads share one heap, instead of one each. */
#include "base/buf.h"

#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define THREADS 32
#define PIECE 1000

static pthread_barrier_t all_have_some;

static void *take_some(void *arg)
{
	char *piece = mem_new(PIECE);

	(void)arg;
	pthread_barrier_wait(&all_have_some);
	free(piece);
	return NULL;
}

/* The number of heaps made by malloc(); 0 under a sanitizer, which has its own. */
static unsigned heaps(void)
{
	AUTOFREE char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	unsigned n = 0;

	assert_non_null(out);
	assert_int_equal(malloc_info(0, out), 0);
	(void)fclose(out);
	for (const char *at = text; (at = strstr(at, "<heap nr=")); at++)
		n++;
	return n;
}

static void threads_share_their_heaps(void **state)
{
	pthread_t threads[THREADS];

	(void)state;
	pthread_barrier_init(&all_have_some, NULL, THREADS);
	for (size_t i = 0; i < COUNT(threads); i++)
		assert_int_equal(pthread_create(&threads[i], NULL, take_some, NULL), 0);
	for (size_t i = 0; i < COUNT(threads); i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&all_have_some);
	assert_in_range(heaps(), 0, MEM_HEAPS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(threads_share_their_heaps)};

	mem_share_heaps();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
