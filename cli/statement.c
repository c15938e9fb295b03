#include "cli/statement.h"

#include "base/env.h"
#include "cli/cli.h"

#include <stdio.h>

enum err statement_options(int argc, char **argv, const char *command, struct statement *out)
{
	const struct cli_option options[] = {
		{"server", &out->server},
		{"key", &out->key},
		{"yes", .flag = &out->yes},
		{"json", .flag = &out->json},
		{0},
	};

	return cli_options(argc, argv, command, options);
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

enum err statement_about(
	struct client *c, const struct statement *s, const struct statement_event *event)
{
	AUTOFREE char *path = mem_printf("/api/v1/systems/%s", event->system);
	AUTOFREE char *page = mem_printf("/systems/%s#%s", event->system, event->part);
	AUTO(signed_event) ev = {0};
	json_auto_t *system = NULL;

	TRY(client_get_system(c, path, &system));
	ENSURE(json_is_integer(json_object_get(system, "after")), ERR_SYSTEM,
		"%s does not answer as a register does: is the address right?", c->server);
	TRY(sign_event(&c->key, &env_real, event->type, "system", event->system,
		json_num(system, "after"), json_incref(event->members), json_incref(event->content),
		&ev));
	return statement_send(c, s, &ev, "reported", page);
}
