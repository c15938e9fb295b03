/* doubts.h - what a record holds that was probably copied from another one and not changed. No rule
 * is broken by it and nothing is refused for it: who files is told before it is signed and with the
 * answer, and the office when it looks at the filing.
 *
 * As standard_check() tells problems; rules: placeholder (with "got": "[예시]", an address that
 * ends in .example, …), which a register that is an example itself may hold; department_other
 * ("got": the department that the record names, "allowed": the one that signs); contact_other
 * ("got": an address that records of another department alone use, "title": that one's name). */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "registry/standard/standard.h"

/* What the record alone shows, and the names of departments: [{"slug", "name"}…]. `department`: the
 * one that signs. Appends to `doubts`. */
void doubts_find(const struct standard *s, const json_t *record, const json_t *departments,
	const char *department, bool example, json_t *doubts);
/* All of it, as the register stands; with what the record leaves behind in other languages
 * (outdated.h) of the system's newest version. */
MUST_CHECK enum err doubts_of_filing(const struct snapshot *snap, const struct standard *s,
	const char *slug, const char *department, const json_t *record, json_t **out);
