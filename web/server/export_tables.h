/* export_tables.h - what departments report of their systems besides records, as files to download:
 * figures and incidents. Their columns are those of the log, not of a profile; the same state gives
 * the same bytes. */
#pragma once
#include "audit/store.h"
#include "registry/query/query.h"

#include <stdatomic.h>
#include <stdio.h>

struct export_table {
	/* With "data_" before it and "_title", "_about" behind it the keys of its messages. */
	const char *name;
	const char *file, *type;
	/* `day`: today; what is held back until after it is not told. ERR_BUSY once `*stop`. */
	enum err (*write)(
		const struct snapshot *snap, const char *day, const atomic_bool *stop, FILE *out);
};
extern const struct export_table export_tables[];
extern const size_t export_tables_n;
