#include "cli/cli.h"

#include "audit/signer_process.h"

/* Descriptor 3 is one end of a socket pair; see audit/signer.h. */
enum err cli_signer(int argc, char **argv)
{
	if (argc != 3)
		return usage("signer", "it is started by gaya itself");
	return signer_process(3, argv[1], argv[2]);
}
