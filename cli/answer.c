#include "base/env.h"
#include "cli/cli.h"
#include "cli/client.h"
#include "registry/event.h"
#include "registry/standard.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct answer {
	const char *server, *key, *id;
	json_t *text; /* per language; owned */
	bool yes, json;
};

static const struct option options[] = {
	{"server", required_argument, NULL, 's'},
	{"key", required_argument, NULL, 'k'},
	{"yes", no_argument, NULL, 'y'},
	{"json", no_argument, NULL, 'j'},
	{0},
};

static enum err parse_options(int argc, char **argv, struct answer *a)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 's':
			a->server = optarg;
			break;
		case 'k':
			a->key = optarg;
			break;
		case 'y':
			a->yes = true;
			break;
		case 'j':
			a->json = true;
			break;
		default:
			return usage("answer", "wrong option");
		}
	}
	return OK;
}

static bool is_id(const char *s)
{
	return strlen(s) == FEEDBACK_ID && strspn(s, "0123456789abcdef") == FEEDBACK_ID;
}

static enum err parse(int argc, char **argv, struct answer *a)
{
	TRY(parse_options(argc, argv, a));
	if (!a->server || !a->key || argc - optind < 2)
		return usage(
			"answer", "--server, --key, a question's id and the answer are needed");
	a->id = argv[optind];
	if (!is_id(a->id))
		return usage("answer",
			"\"%.80s\" is not the id of a question: %d hexadecimal digits", a->id,
			FEEDBACK_ID);
	for (int i = optind + 1; i < argc; i++)
		TRY(add_text(argv[i], &a->text));
	return OK;
}

static void show(const json_t *question, const struct answer *a)
{
	const char *text = json_str(question, "text"), *name = json_str(question, "name");
	const json_t *earlier;
	size_t i;

	fprintf(stderr, "question about %s%s%s:\n%s\n", json_str(question, "system"),
		name ? ", by " : "", name ? name : "", text ? text : "(its text is not public)");
	json_array_foreach(json_object_get(question, "answers"), i, earlier)
		show_texts("answered before", json_object_get(earlier, "text"));
	show_texts("your answer", a->text);
}

static enum err send_in(struct client *c, const struct answer *a, const json_t *question)
{
	const char *system = json_str(question, "system");
	AUTO(signed_event) ev = {0};
	json_auto_t *reply = NULL;
	long long entry;

	TRY(sign_event(&c->key, &env_real, "feedback.answered", "feedback", a->id,
		json_num(question, "after"), NULL, json_make("{s:O}", "text", a->text), &ev));
	TRY(client_send(c, &ev, &reply));
	entry = json_num(reply, "entry");
	if (a->json) {
		print_json(reply);
		return OK;
	}
	printf("gaya: answered as entry %lld: %s/log/entry/%lld\n", entry, c->server, entry);
	printf("      readers see it at %s/%s/systems/%s/feedback\n", c->server, cli_lang(),
		system);
	return OK;
}

static enum err answer(const struct answer *a)
{
	AUTOFREE char *path = mem_printf("/api/v1/feedback/%s", a->id);
	AUTO(client) client = {0};
	json_auto_t *question = NULL;

	TRY(client_open(a->server, a->key, &client));
	client.json = a->json;
	TRY(client_get_json(&client, path, &question));
	ENSURE(json_str(question, "system") && json_is_integer(json_object_get(question, "after")),
		ERR_SYSTEM, "%s does not answer as a register does: is the address right?",
		client.server);
	if (!a->json)
		show(question, a);
	if (!a->yes && !confirmed("Sign this answer and send it in?"))
		return client_declined();
	return send_in(&client, a, question);
}

enum err cli_answer(int argc, char **argv)
{
	struct answer a = {0};
	enum err e = parse(argc, argv, &a);

	if (e == OK)
		e = answer(&a);
	json_decref(a.text);
	return e;
}
