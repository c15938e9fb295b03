#include "cli/cli.h"

#include "registry/office/office_socket.h"
#include "registry/write/model.h"

#include <stdio.h>

/* A running server rebuilds in its own process. */
static enum err ask_server(const char *dir, uint64_t *entries)
{
	json_auto_t *reply = NULL;
	struct office *office;
	enum err e;

	TRY(office_open(dir, &env_real, &office));
	e = office_call(office, json_make("{s:s}", "do", "rebuild"), NULL, &reply);
	office_close(office);
	TRY(e);
	*entries = (uint64_t)json_num(reply, "entries");
	return OK;
}

enum err cli_rebuild(int argc, char **argv)
{
	const char *dir = NULL;
	uint64_t entries = 0;
	bool ahead = false;
	const struct cli_option options[] = {{"data", &dir}, {"ahead", .flag = &ahead}, {0}};
	enum err e;

	TRY(cli_options(argc, argv, "rebuild", options));
	if (!dir || optind != argc)
		return usage("rebuild", "--data DIR is needed");
	if (ahead) {
		TRY(model_make_ahead(dir));
		tell(stdout, "gaya: the next start of this version finds its read model made\n");
		return OK;
	}
	e = reg_repair(dir, &env_real, &entries);
	if (e == ERR_BUSY)
		e = ask_server(dir, &entries);
	TRY(e);
	tell(stdout, "gaya: folded %llu entries\n", (unsigned long long)entries);
	return OK;
}
