/* link.h - does a link lead where its reader thinks that it does?
 *
 * Whoever files a text chooses both the words of a link and its address. Browsers read addresses
 * more freely than people: "//host" and "/\host" leave the site, "https:\\host" is a host,
 * "https://bank.kr@host" is not bank.kr. And words can be an address themselves, of somewhere
 * else. */
#pragma once
#include "base/err.h"

/* May a link lead to this kind of address at all: http, https, mailto, tel, "#" or "/"? */
bool link_is_safe(const char *url);
/* Is it, besides, an address that says to everybody where it leads: http or https with "//" and a
 * host, a place on this site, mailto, tel, "#"? */
bool link_is_plain(const char *url);
/* Is `text` itself an address (or holds one), and of elsewhere than `url`? Hosts count, not paths;
 * "www." and further names before the host that the text says are the same. Upper case, full-width
 * letters and characters that show nothing do not make a difference. */
bool link_deceives(const char *text, const char *url);
