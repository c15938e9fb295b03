#include "cli/cli.h"

#include "base/child.h"
#include "base/runner.h"

enum err cli_judge(int argc, char **argv)
{
	if (argc != 1)
		return usage("judge", "it is started by gaya itself");
	cli_speak_to_log(); /* its messages go to the journal */
	runner_process(CHILD_FD);
	return OK;
}
