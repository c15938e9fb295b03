#include "cli/statement.h"

#include "cli/cli.h"

#include <stdio.h>

static const struct option options[] = {
	{"server", required_argument, NULL, 's'},
	{"key", required_argument, NULL, 'k'},
	{"yes", no_argument, NULL, 'y'},
	{"json", no_argument, NULL, 'j'},
	{0},
};

enum err statement_options(int argc, char **argv, const char *command, struct statement *out)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's':
			out->server = optarg;
			break;
		case 'k':
			out->key = optarg;
			break;
		case 'y':
			out->yes = true;
			break;
		case 'j':
			out->json = true;
			break;
		default:
			return wrong_option(command, argv);
		}
	}
	return OK;
}

enum err statement_texts(int argc, char **argv, int from, struct statement *out)
{
	for (int i = from; i < argc; i++)
		TRY(add_text(argv[i], &out->text));
	return OK;
}

enum err statement_send(struct client *c, const struct statement *s, const struct signed_event *ev,
	const char *done, const char *page)
{
	json_auto_t *reply = NULL;
	long long entry;

	TRY(client_send(c, ev, &reply));
	entry = json_num(reply, "entry");
	if (s->json) {
		print_json(reply);
		return OK;
	}
	tell(stdout, "gaya: %s as entry %lld: %s/log/entry/%lld\n", T(done), entry, c->server,
		entry);
	tell(stdout, "      readers see it at %s/%s%s\n", c->server, cli_lang(), page);
	return OK;
}
