/* Any bytes as a table of figures: accepted figures may be reported unchanged, once for each
 * indicator and period, and every other row is listed with a reason. */
#include "registry/event/figure.h"
#include "registry/event/figure_sheet.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define LATEST "2026-12-31T00:00:00Z"

static void check_once(const json_t *figures, size_t i, const json_t *figure)
{
	while (i--) {
		const json_t *before = json_array_get(figures, i);

		assert(!figure_same_indicator(before, figure) ||
			strcmp(json_str(before, "period"), json_str(figure, "period")) != 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(buf) text = BUF(4 * MIB);
	json_auto_t *read = NULL, *figures = NULL, *again = NULL;
	json_t *one;
	size_t i;

	/* As from the page: a text that ends with a NUL. */
	buf_add(&text, data, size);
	if (memchr(data, '\0', size) ||
		figure_sheet_read(buf_text(&text), size, LATEST, &read) != OK)
		return 0;
	figures = json_incref(json_object_get(read, "figures"));
	assert(json_array_size(figures) <= FIGURES_MAX);
	json_array_foreach (figures, i, one) {
		assert(figure_check(one, LATEST, NULL) == OK);
		check_once(figures, i, one);
	}
	json_array_foreach (json_object_get(read, "refused"), i, one)
		assert(json_num(one, "row") > 1 && *json_str(one, "why"));
	assert(figure_sheet_read(buf_text(&text), size, LATEST, &again) == OK);
	assert(json_equal(read, again));
	return 0;
}
