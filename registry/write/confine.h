/* confine.h - what a server's process gives up once it has started: every file but those of the
 * register that it works with, and those that any program reads.
 *
 * The log's key and mark, the passphrase's file, contact.key and every program but this very one
 * are beyond it afterwards (Landlock: nothing gives that back, not even for root, nor to what it
 * starts): it can neither read nor replace, rename or remove them, for it has no right to the
 * folder that names them. This one it may start, to judge records (base/runner.h): with the same
 * rights, and fewer. The signer comes from a process that was forked before
 * (audit/signer_spawner.h). */
#pragma once
#include "base/db.h"
#include "base/sandbox.h"

struct confine {
	const char *dir;
	const char *program;        /* as in reg_signer_program() */
	const char *const *folders; /* what may be read besides, NULL-ended; NULL for none */
	struct sandbox_ports listens;
};
struct confined {
	/* Keep the two companions of each database there, which have no rights anew. */
	struct db *held, *held_people; /* the second is NULL where there was no such file */
	int office;     /* a Unix socket for office_serve(), which can have none later */
	unsigned holds; /* of enum sandbox_holds */
};
void confined_done(struct confined *c);

/* Call it before any thread starts, and keep `*out` until the register is closed. The server may
 * connect to the ports of the witnesses that its policy names, and of names' servers. */
MUST_CHECK enum err confine_server(const struct confine *confine, struct confined *out);
/* For a mirror or a witness: beside what its libraries read for what it `does`, `dir` alone, which
 * is there already. `s` lacks its paths. */
MUST_CHECK enum err confine_to_folder(const char *dir, struct sandbox *s, unsigned *holds);
/* The ports that a request to `url` needs, added to what may be connected to. */
void confine_connects(struct sandbox_ports *ports, const char *url);
