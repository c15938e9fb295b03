#include "cli/cli.h"

#include "audit/signer_process.h"
#include "base/child.h"

enum err cli_signer(int argc, char **argv)
{
	if (argc != 3)
		return usage("signer", "it is started by gaya itself");
	cli_speak_to_log(); /* what it says, others say on */
	return signer_process(CHILD_FD, argv[1], argv[2]);
}
