#include "base/env.h"
#include "cli/cli.h"
#include "cli/statement.h"

#include <stdio.h>

static enum err parse(int argc, char **argv, struct statement *d)
{
	TRY(statement_options(argc, argv, "declare", d));
	if (!d->server || !d->key || argc == optind)
		return usage("declare", "--server, --key and the statement are needed");
	return statement_texts(argc, argv, optind, d);
}

static void show(const json_t *department, const struct statement *d)
{
	const json_t *earlier = json_object_get(department, "declared");
	const char *at = json_str(earlier, "at");

	tell(stderr, "%s states that it uses no AI\n", json_str(department, "slug"));
	if (at) {
		tell(stderr, "this renews what it stated on %.10s\n", at);
		show_texts("stated before", json_object_get(earlier, "statement"));
	}
	show_texts("the statement", d->text);
}

static enum err send_in(struct client *c, const struct statement *d, const json_t *department)
{
	const char *slug = json_str(department, "slug");
	AUTOFREE char *page = mem_printf("/departments/%s", slug);
	AUTO(signed_event) ev = {0};

	TRY(sign_event(&c->key, &env_real, "department.declared_none", "department", slug,
		json_num(department, "after"), NULL, json_make("{s:O}", "statement", d->text),
		&ev));
	return statement_send(c, d, &ev, "declared", page);
}

static enum err declare(const struct statement *d)
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
	struct statement d = {0};
	enum err e = parse(argc, argv, &d);

	if (e == OK)
		e = declare(&d);
	json_decref(d.text);
	return e;
}
