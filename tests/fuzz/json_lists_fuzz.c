/* A document that is read whole has the same lists, with the same items, when it is read in parts.
 */
#include "base/json.h"
#include "base/json_lists.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err keep(void *arg, const char *text, size_t len)
{
	json_t *item = NULL;

	TRY(json_read(text, len, MIB, RULES_LOOSE, &item));
	json_push(arg, item);
	return OK;
}

/* Appends the lists that are in no other list. */
static void find_lists(json_t *value, json_t *lists)
{
	const char *name;
	json_t *member;

	if (json_is_array(value))
		json_array_append(lists, value);
	else
		json_object_foreach (value, name, member)
			find_lists(member, lists);
}

static enum err read_parts(struct json_lists *r, const char *text, size_t size, size_t step)
{
	size_t len;

	for (size_t at = 0; at < size; at += step)
		TRY(json_lists_feed(r, text + at, size - at < step ? size - at : step));
	return json_lists_end(r, &text, &len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_auto_t *whole = NULL, *lists = json_array();
	bool fine = json_read((const char *)data, size, MIB, RULES_LOOSE, &whole) == OK;

	assert(json_lists_sure((const char *)data, size) || !fine);
	find_lists(whole, lists);
	for (size_t i = 0; i <= json_array_size(lists) && i < 4; i++) {
		json_auto_t *items = json_array();
		const struct json_lists_take take = {items, keep, i, MIB, MIB};
		struct json_lists *r = json_lists_new(&take);
		enum err e = read_parts(r, (const char *)data, size, i * 5 + 1);

		json_lists_free(r);
		assert(!fine || e == OK);
		if (fine && i < json_array_size(lists))
			assert(json_equal(json_array_get(lists, i), items));
	}
	return 0;
}
