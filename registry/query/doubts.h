/* doubts.h - values of a record that were probably copied from another record and not adapted. They
 * break no rule and nothing is refused for them: the department is told before signing and with the
 * answer, and the office when it reviews the filing.
 *
 * In the form of standard_check()'s problems; rules: placeholder (with "got": "[예시]", an address
 * that ends in .example, …), allowed in a register that is itself an example; department_other
 * ("got": the department that the record names, "allowed": the one that signs); contact_other
 * ("got": an address used only in records of another department, "title": that department's name);
 * name_other ("got": the name, in the language of "at", of another published system, "system": its
 * slug, "title": its department's name). */
#pragma once
#include "audit/store.h"
#include "base/db.h"
#include "registry/standard/standard.h"

/* The field of a record that names its department: the draft of a new record begins with it. */
#define FIELD_DEPARTMENT "department"

/* Appends to `doubts` those found from the record and the names of departments ([{"slug",
 * "name"}…]) alone. `department`: the one that signs. */
void doubts_find(const struct standard *s, const json_t *record, const json_t *departments,
	const char *department, bool example, json_t *doubts);
/* All doubts in the register's current state, including translations that the record leaves
 * outdated (outdated.h) relative to the system's newest version. */
MUST_CHECK enum err doubts_of_filing(const struct snapshot *snap, const struct standard *s,
	const char *slug, const char *department, const json_t *record, json_t **out);
