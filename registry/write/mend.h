/* mend.h - watches the read model's file of a serving register, and has it made again when it is
 * damaged or gone.
 *
 * A thread reads the whole file after the start, and again when a statement finds damage. It makes
 * a new one from the log beside it at most once an hour; if that does not help, /healthz says
 * "damaged" until it is mended. It makes one as well for a page that met a value which cannot be
 * (reg_suspect()), where the structure may be sound. */
#pragma once
#include "registry/write/register.h"

struct mend {
	uint64_t damages; /* db_damages() when the file was read last */
	bool read;        /* it was read since the start */
	int64_t next;     /* no new one before this, in monotonic milliseconds */
};
/* One look: does nothing unless there is a reason. Journals what it finds and does. */
void mend_look(struct mend *m, struct reg *reg);

struct mender;
/* Looks each second, in a thread of its own. */
MUST_CHECK enum err mender_start(struct reg *reg, struct mender **out);
void mender_stop(struct mender *m); /* NULL: does nothing */
