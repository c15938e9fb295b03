#include "audit/tile.h"

#include <inttypes.h>
#include <string.h>

#define LEVEL_MAX 63 /* of a path (tlog-tiles); such a tile never exists */

/* Removes `prefix` from the front of `*at`, if it is there. */
static bool take(const char **at, const char *prefix)
{
	size_t len = strlen(prefix);

	if (strncmp(*at, prefix, len) != 0)
		return false;
	*at += len;
	return true;
}

/* Reads up to `max` digits; false if there is none. The caller checks leading zeroes. */
static bool take_number(const char **at, size_t max, unsigned *out)
{
	size_t n = strspn(*at, "0123456789");

	if (n == 0 || n > max)
		return false;
	for (*out = 0; n > 0; n--)
		*out = *out * 10 + (unsigned)(*(*at)++ - '0');
	return true;
}

/* Reads groups of three digits, each except the last after an "x". */
static bool take_index(const char **at, uint64_t *out)
{
	unsigned group;
	bool more;

	*out = 0;
	do {
		more = take(at, "x");
		if (!take_number(at, 3, &group) || *out > (UINT64_MAX - group) / 1000)
			return false;
		*out = *out * 1000 + group;
	} while (more && take(at, "/"));
	return !more;
}

static bool take_tile(const char **at, struct tile *out)
{
	*out = (struct tile){.width = TILE_WIDTH, .entries = take(at, "entries/")};
	if (!out->entries && !(take_number(at, 2, &out->level) && take(at, "/")))
		return false;
	if (!take_index(at, &out->index))
		return false;
	if (take(at, ".p/") && !(take_number(at, 3, &out->width) && out->width < TILE_WIDTH))
		return false;
	return out->level <= LEVEL_MAX && out->width > 0 && **at == '\0';
}

enum err tile_parse(const char *path, struct tile *out)
{
	AUTO(buf) again = BUF(128);
	const char *at = path;
	struct tile tile;

	ENSURE(take_tile(&at, &tile), ERR_NOT_FOUND, "not the path of a tile");
	/* A tile must have one address, or caches would keep it twice: zeroes must match. */
	tile_path(&tile, &again);
	ENSURE(strcmp(buf_text(&again), path) == 0, ERR_NOT_FOUND,
		"not the one spelling of a tile's path");
	*out = tile;
	return OK;
}

void tile_path(const struct tile *tile, struct buf *out)
{
	uint64_t unit = 1;

	if (tile->entries)
		buf_puts(out, "entries/");
	else
		buf_printf(out, "%u/", tile->level);
	while (tile->index / unit >= 1000)
		unit *= 1000;
	for (; unit > 1; unit /= 1000)
		buf_printf(out, "x%03" PRIu64 "/", tile->index / unit % 1000);
	buf_printf(out, "%03" PRIu64, tile->index % 1000);
	if (tile->width < TILE_WIDTH)
		buf_printf(out, ".p/%u", tile->width);
}

unsigned tile_width_at(uint64_t size, unsigned level, uint64_t index)
{
	uint64_t nodes = level < TILE_LEVELS ? size >> (TILE_HEIGHT * level) : 0;

	if (index < nodes / TILE_WIDTH)
		return TILE_WIDTH;
	return index == nodes / TILE_WIDTH ? (unsigned)(nodes % TILE_WIDTH) : 0;
}

enum err bundle_add(struct buf *out, const void *entry, size_t len)
{
	const uint8_t head[2] = {(uint8_t)(len >> 8), (uint8_t)len};

	ENSURE(len <= ENTRY_MAX, ERR_TOO_LARGE, "an entry is over %d bytes", ENTRY_MAX);
	buf_add(out, head, sizeof(head));
	buf_add(out, entry, len);
	return buf_check(out, "an entry bundle");
}

enum err bundle_next(struct bytes *rest, struct bytes *entry)
{
	size_t len;

	ENSURE(rest->len >= 2, ERR_CORRUPT, "an entry bundle ends within a length");
	len = (size_t)rest->data[0] << 8 | rest->data[1];
	ENSURE(rest->len - 2 >= len, ERR_CORRUPT, "an entry bundle ends within an entry");
	*entry = (struct bytes){rest->data + 2, len};
	rest->data += 2 + len;
	rest->len -= 2 + len;
	return OK;
}
