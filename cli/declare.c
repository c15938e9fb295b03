#include "base/env.h"
#include "cli/cli.h"
#include "cli/client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct declare {
	const char *server, *key;
	json_t *statement; /* per language; owned */
	bool yes, json;
};

static const struct option options[] = {
	{"server", required_argument, NULL, 's'},
	{"key", required_argument, NULL, 'k'},
	{"yes", no_argument, NULL, 'y'},
	{"json", no_argument, NULL, 'j'},
	{0},
};

static enum err parse_options(int argc, char **argv, struct declare *d)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's':
			d->server = optarg;
			break;
		case 'k':
			d->key = optarg;
			break;
		case 'y':
			d->yes = true;
			break;
		case 'j':
			d->json = true;
			break;
		default:
			return usage("declare", "wrong option");
		}
	}
	return OK;
}

static enum err parse(int argc, char **argv, struct declare *d)
{
	TRY(parse_options(argc, argv, d));
	if (!d->server || !d->key || argc == optind)
		return usage("declare", "--server, --key and the statement are needed");
	for (int i = optind; i < argc; i++)
		TRY(add_text(argv[i], &d->statement));
	return OK;
}

static void show(const json_t *department, const struct declare *d)
{
	const json_t *earlier = json_object_get(department, "declared");
	const char *at = json_str(earlier, "at");

	fprintf(stderr, "%s states that it uses no AI\n", json_str(department, "slug"));
	if (at) {
		fprintf(stderr, "this renews what it stated on %.10s\n", at);
		show_texts("stated before", json_object_get(earlier, "statement"));
	}
	show_texts("the statement", d->statement);
}

static enum err send_in(struct client *c, const struct declare *d, const json_t *department)
{
	const char *slug = json_str(department, "slug");
	AUTO(signed_event) ev = {0};
	json_auto_t *reply = NULL;
	long long entry;

	TRY(sign_event(&c->key, &env_real, "department.declared_none", "department", slug,
		json_num(department, "after"), NULL, json_make("{s:O}", "statement", d->statement),
		&ev));
	TRY(client_send(c, &ev, &reply));
	entry = json_num(reply, "entry");
	if (d->json) {
		print_json(reply);
		return OK;
	}
	printf("gaya: declared as entry %lld: %s/log/entry/%lld\n", entry, c->server, entry);
	printf("      readers see it at %s/%s/departments/%s\n", c->server, cli_lang(), slug);
	return OK;
}

static enum err declare(const struct declare *d)
{
	AUTO(client) client = {0};
	AUTOFREE char *path = NULL;
	json_auto_t *department = NULL;

	TRY(client_open(d->server, d->key, &client));
	client.json = d->json;
	ENSURE(key_department(&client.key.vkey), ERR_INVALID, "%s is not a department's key",
		d->key);
	path = mem_printf("/api/v1/departments/%s", key_department(&client.key.vkey));
	TRY(client_get_json(&client, path, &department));
	ENSURE(json_str(department, "slug") &&
			json_is_integer(json_object_get(department, "after")),
		ERR_SYSTEM, "%s does not answer as a register does: is the address right?",
		client.server);
	if (!d->json)
		show(department, d);
	if (!d->yes && !confirmed("Sign this declaration and send it in?"))
		return client_declined();
	return send_in(&client, d, department);
}

enum err cli_declare(int argc, char **argv)
{
	struct declare d = {0};
	enum err e = parse(argc, argv, &d);

	if (e == OK)
		e = declare(&d);
	json_decref(d.statement);
	return e;
}
