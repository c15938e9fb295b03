/* Arbitrary bytes as a log entry: whatever is accepted is canonical, its author and signature
 * agree, and it is accepted again. */
#include "base/crypto.h"
#include "registry/event.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	crypto_init();
	return 0;
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(event) ev = {0};
	AUTO(buf) line = BUF(2 * EVENT_LINE_MAX);

	if (event_parse(data, size, &ev) != OK)
		return 0;
	json_canonical(ev.json, &line);
	must(line.len + 1 == ev.line.len && memcmp(line.data, data, line.len) == 0);
	must((ev.department != NULL) == (ev.line.len < size));
	must(ev.subject && ev.at && ev.by && ev.after >= -1);
	must((ev.sha256 != NULL) == (ev.type->content_max > 0));
	return 0;
}
