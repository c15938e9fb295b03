/* event_line.h - reads an event's line, one canonical JSON object, and finds its members by name.
 *
 * Nearly every line is an object of plain ASCII texts and whole numbers, with at most one such
 * object inside. A scanner that builds no tree reads these; it accepts only what is canonical to
 * the byte. jansson reads every other line, which is printed again and compared; that way also
 * finds the name of a mistake. Both give the same values for the same bytes. */
#pragma once
#include "base/json.h"

#define LINE_MEMBERS 14

struct line_value {
	const char *text; /* NULL: it is a number; borrowed from the line */
	int64_t number;
};
struct line_member {
	const char *name;
	struct line_value value;
};
struct event_line {
	char *copy; /* of the bytes, with NULs in place of what ends a text; owned */
	struct line_member members[LINE_MEMBERS]; /* of the scanner's, the inner ones last */
	unsigned outer_n, n;
	const char *inner; /* the name of the member that is an object; NULL for none */
	json_t *tree;      /* owned; NULL: the scanner took it */
};
void event_line_done(struct event_line *l);

/* `data`: the line without its "\n". ERR_INVALID, naming the rule; ERR_TOO_LARGE over `max`. */
MUST_CHECK enum err event_line_read(
	const char *data, size_t len, size_t max, struct event_line *out);
/* The scanner alone, for tests: false if it leaves the line to jansson. */
bool event_line_scan(const char *data, size_t len, struct event_line *out);

/* How many members the line has, and whether it has one of this name, of any type. */
size_t event_line_size(const struct event_line *l);
bool event_line_has(const struct event_line *l, const char *name);
/* A member that is a text or a whole number; false for none, and for any other. `of` names the
 * object that it is in; NULL: the event itself. */
bool event_line_get(
	const struct event_line *l, const char *of, const char *name, struct line_value *out);
/* How many members the object `of` has; 0 if it is no object. */
size_t event_line_size_of(const struct event_line *l, const char *of);
