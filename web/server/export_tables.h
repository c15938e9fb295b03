/* export_tables.h - files with departments' reports on their systems, to download: figures and
 * incidents. Their columns are those of the log, not of a profile; the same state gives the same
 * bytes. */
#pragma once
#include "audit/store.h"
#include "registry/query/query.h"

#include <stdatomic.h>
#include <stdio.h>

struct export_table {
	/* The keys of its messages are "data_" + name + "_title" and "_about". */
	const char *name;
	const char *file, *type;
	/* `day` is today; leaves out what is held back beyond it. ERR_BUSY once `*stop`. */
	enum err (*write)(
		const struct snapshot *snap, const char *day, const atomic_bool *stop, FILE *out);
};
extern const struct export_table export_tables[];
extern const size_t export_tables_n;
