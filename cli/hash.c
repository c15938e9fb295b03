#include "cli/cli.h"

#include "base/child.h"
#include "registry/people/hashers.h"

enum err cli_hash(int argc, char **argv)
{
	if (argc != 1)
		return usage("hash", "it is started by gaya itself");
	cli_speak_to_log(); /* its messages go to the journal */
	hasher_process(CHILD_FD);
}
