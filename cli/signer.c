#include "cli/cli.h"

#include "audit/signer_process.h"
#include "base/child.h"

#include <stdlib.h>

enum err cli_signer(int argc, char **argv)
{
	char *end;
	unsigned long long least;

	if (argc != 4)
		return usage("signer", "it is started by gaya itself");
	least = strtoull(argv[3], &end, 10);
	if (*end)
		return usage("signer", "it is started by gaya itself");
	cli_speak_to_log(); /* other processes pass its messages on */
	return signer_process(CHILD_FD, argv[1], argv[2], least);
}
