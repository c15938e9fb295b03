/* attach.h - files attached to a filing: reads, names in the record, and sends them. */
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
/* Reads a file once. ERR_INVALID if it is not a PDF, ERR_TOO_LARGE. */
MUST_CHECK enum err attached_add(struct attached *a, const char *path);
/* Replaces file names in the record, such as "report.pdf", by their SHA-256. ERR_INVALID for a file
 * that the record names neither way. */
MUST_CHECK enum err attached_name(
	const struct attached *a, const struct standard *s, json_t *record);
/* Signs and sends the files that the register does not yet have from this department. */
MUST_CHECK enum err attached_send(const struct attached *a, struct client *c);
