#include "cli/cli.h"

#include "registry/office_socket.h"

#include <stdio.h>

static const struct option options[] = {{"data", required_argument, NULL, 'd'}, {0}};

enum err cli_rebuild(int argc, char **argv)
{
	json_auto_t *reply = NULL;
	const char *dir = NULL;
	struct office *office;
	enum err e;

	while (getopt_long(argc, argv, "", options, NULL) == 'd')
		dir = optarg;
	if (!dir || optind != argc)
		return usage("rebuild", "--data DIR is needed");
	TRY(office_open(dir, &env_real, &office));
	e = office_call(office, json_make("{s:s}", "do", "rebuild"), NULL, &reply);
	office_close(office);
	TRY(e);
	printf("gaya: folded %lld entries\n", (long long)json_num(reply, "entries"));
	return OK;
}
