/* confine.h - what a server's process gives up once it has started: every file but those of the
 * register that it works with, and those that any program reads.
 *
 * The log's key and mark, the passphrase's file, contact.key and every program but this very one are
 * beyond it afterwards (Landlock: nothing gives that back, not even for root, nor to what it starts): it
 * can neither read nor replace, rename or remove them, for it has no right to the folder that names them. This
 * one it may start, to judge records (base/runner.h): with the same rights, and fewer. The signer comes
 * from a process that was forked before (audit/signer_spawner.h). */
#pragma once
#include "base/db.h"

struct confined {
	struct db *held; /* keeps the database's two companions there, which have no rights anew */
	bool enforced;   /* false: this kernel has no Landlock */
};
void confined_done(struct confined *c);

/* Call it before any thread starts, and keep `*out` until the register is closed. `program`: as
 * in reg_signer_program(); `folders`: what may be read besides, NULL-ended, or NULL for none. */
MUST_CHECK enum err confine_server(const char *dir, const char *program,
	const char *const *folders, struct confined *out);
