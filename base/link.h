/* link.h - checks that a link leads where its reader expects.
 *
 * The author of a text chooses both the words of a link and its address. Browsers interpret
 * addresses more liberally than people: "//host" and "/\host" leave the site, "https:\\host" names
 * a host, "https://bank.kr@host" is not bank.kr. The words can also be an address themselves, of
 * another site. */
#pragma once
#include "base/err.h"

/* Is this kind of address allowed in a link: http, https, mailto, tel, "#" or "/"? */
bool link_is_safe(const char *url);
/* Does the address also show plainly where it leads: http or https with "//" and a host, a place on
 * this site, mailto, tel, "#"? */
bool link_is_plain(const char *url);
/* Is `text` an address (or does it hold one) of another host than `url`? Only hosts count, not
 * paths; "www." and subdomains of the host in the text count as the same. Upper case, full-width
 * letters and invisible characters are ignored. */
bool link_deceives(const char *text, const char *url);
