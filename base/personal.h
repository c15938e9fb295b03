/* personal.h - points at what looks like personal data in a text: telephone numbers, e-mail
 * addresses and the numbers that Korea gives people and cars. It recognises forms, not meanings:
 * a person decides (web/office/personal_view.h). Names and addresses have no form and are not
 * found. Full-width letters, digits and signs count as the ASCII ones that they stand for. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct personal {
	const char *kind; /* "phone", "email", "resident", "card", "account", "plate", "passport",
	                     "licence" */
	const char *at;   /* in the text */
	size_t len;       /* bytes */
};
/* The first span in `text`, which is well-formed UTF-8; false if there is none. Call it again with
 * the text behind that span. `begin`: where the whole text begins. */
bool personal_find(const char *begin, const char *text, struct personal *out);
/* The same number or address, however its parts are separated and whatever the width of its
 * characters. */
bool personal_is_same(const struct personal *a, const struct personal *b);
