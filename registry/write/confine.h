/* confine.h - confines a server's process after its start to the register's working files and the
 * files that any program reads.
 *
 * Afterwards it has no access to the log's key and mark, the passphrase file, contact.key and any
 * other program. Landlock makes this permanent, even for root and for child processes. It can
 * neither read nor replace, rename or remove those files, because it has no right to the folder
 * that holds them. It may start this program again to judge records (base/runner.h), with the same
 * rights or fewer. A process forked before starts the signer (audit/signer_spawner.h). */
#pragma once
#include "base/db.h"
#include "base/sandbox.h"

struct confine {
	const char *dir;
	const char *program;        /* see reg_signer_program() */
	const char *const *folders; /* further readable folders, NULL-ended; NULL for none */
	struct sandbox_ports listens;
};
struct confined {
	/* Keep each database's two companion files in existence: the process may not create them
	 * again. */
	struct db *held, *held_people; /* the second is NULL if there is no such file */
	int office;     /* a Unix socket for office_serve(), which cannot make one later */
	unsigned holds; /* bits of enum sandbox_holds */
};
void confined_done(struct confined *c);

/* Call it before any thread starts, and keep `*out` until the register is closed. The server may
 * connect to the ports of the witnesses in its policy, and of name servers. */
MUST_CHECK enum err confine_server(const struct confine *confine, struct confined *out);
/* For a mirror or a witness: allows only `dir`, which must exist, and the files that its libraries
 * read for what it `does`. Fills in the paths of `s`. */
MUST_CHECK enum err confine_to_folder(const char *dir, struct sandbox *s, unsigned *holds);
/* Adds the ports that a request to `url` needs. */
void confine_connects(struct sandbox_ports *ports, const char *url);
