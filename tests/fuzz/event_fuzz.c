/* Arbitrary bytes as a log entry: an accepted entry is canonical, its author and signature agree,
 * and it is accepted again. */
#include "base/crypto.h"
#include "registry/event/event.h"

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

/* The scanner finds each member of the tree in the line, with the same value. */
static void same_member(const struct event_line *l, const char *of, const char *name, json_t *value)
{
	struct line_value v;

	if (json_is_object(value)) {
		must(event_line_has(l, name) &&
			event_line_size_of(l, name) == json_object_size(value));
		return;
	}
	must(event_line_get(l, of, name, &v));
	must(json_is_string(value) ? v.text && strcmp(v.text, json_string_value(value)) == 0
				   : !v.text && v.number == json_integer_value(value));
}

/* jansson accepts what the scanner accepts, prints the same, and has the same values. */
static void scan_as_jansson(const char *data, size_t size)
{
	AUTO(event_line) l = {0};
	AUTO(buf) again = BUF(2 * EVENT_LINE_MAX);
	json_auto_t *tree = NULL;
	const char *name, *inner;
	json_t *value, *in;

	if (size > EVENT_LINE_MAX || !event_line_scan(data, size, &l))
		return;
	must(json_read(data, size, EVENT_LINE_MAX, RULES_STRICT, &tree) == OK);
	json_canonical(tree, &again);
	must(again.len == size && memcmp(again.data, data, size) == 0);
	must(event_line_size(&l) == json_object_size(tree));
	json_object_foreach (tree, name, value) {
		same_member(&l, NULL, name, value);
		json_object_foreach (value, inner, in)
			same_member(&l, name, inner, in);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO(event) ev = {0};
	AUTO(buf) line = BUF(2 * EVENT_LINE_MAX);
	json_auto_t *tree = NULL;

	scan_as_jansson((const char *)data, size);

	if (event_parse(data, size, &ev) != OK)
		return 0;
	must(json_read(ev.line.data, ev.line.len - 1, EVENT_LINE_MAX, RULES_STRICT, &tree) == OK);
	json_canonical(tree, &line);
	must(line.len + 1 == ev.line.len && memcmp(line.data, data, line.len) == 0);
	must((ev.department != NULL) == (ev.line.len < size));
	must(ev.subject && ev.at && ev.by && ev.after >= -1);
	must(ev.sha256 ? ev.type->content_max > 0
		       : !ev.type->content_max || ev.type->may_lack_content);
	return 0;
}
