/* attach.h - files that go with a filing: read, named in the record, sent in ahead of it. */
#pragma once
#include "cli/client.h"
#include "registry/standard/standard.h"

#define ATTACHED_MAX 20

struct attached {
	struct attached_file {
		const char *path, *name; /* `name`: the end of the path */
		char sha256[65];
		size_t size;
	} files[ATTACHED_MAX];
	size_t n;
};
/* Reads it once: ERR_INVALID where it is no PDF, ERR_TOO_LARGE. */
MUST_CHECK enum err attached_add(struct attached *a, const char *path);
/* Where the record names a file as its author does, "report.pdf", it gets its SHA-256 instead.
 * ERR_INVALID for one that the record does not name, either way. */
MUST_CHECK enum err attached_name(
	const struct attached *a, const struct standard *s, json_t *record);
/* Signs and sends those that the register does not have from this department yet. */
MUST_CHECK enum err attached_send(const struct attached *a, struct client *c);
