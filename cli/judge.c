#include "cli/cli.h"

#include "base/runner.h"

/* Descriptor 3 is one end of a socket pair; see base/runner.h. */
enum err cli_judge(int argc, char **argv)
{
	(void)argv;
	if (argc != 1)
		return usage("judge", "it is started by gaya itself");
	runner_process(3);
	return OK;
}
