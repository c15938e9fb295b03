/* Arbitrary CBOR: an accepted value is the same after writing and reading it again; a program's
 * input is accepted exactly if JSON would be, except for numbers that it cannot hold. */
#include "base/jq.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data;
	json_auto_t *value = NULL, *again = NULL;
	AUTO(buf) written = BUF(MIB);
	struct jq_input *input = NULL;

	(void)!jq_input_read(bytes, size, &input);
	jq_input_free(input);
	if (json_read_cbor(bytes, size, RULES_LOOSE, &value) != OK)
		return 0;
	json_cbor(value, &written);
	if (json_read_cbor(written.data, written.len, RULES_LOOSE, &again) != OK ||
		!json_equal(value, again))
		abort();
	return 0;
}
