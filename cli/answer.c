#include "base/env.h"
#include "cli/cli.h"
#include "cli/statement.h"
#include "registry/event/event.h"

#include <stdio.h>
#include <string.h>

struct answer {
	struct statement said;
	const char *id; /* of the question */
};

static bool is_id(const char *s)
{
	return strlen(s) == FEEDBACK_ID && strspn(s, "0123456789abcdef") == FEEDBACK_ID;
}

static enum err parse(int argc, char **argv, struct answer *a)
{
	TRY(statement_options(argc, argv, "answer", &a->said));
	if (!a->said.server || !a->said.key || argc - optind < 2)
		return usage(
			"answer", "--server, --key, a question's id and the answer are needed");
	a->id = argv[optind];
	if (!is_id(a->id))
		return usage("answer",
			"\"%.80s\" is not the id of a question: %d hexadecimal digits", a->id,
			FEEDBACK_ID);
	return statement_texts(argc, argv, optind + 1, &a->said);
}

static void show(const json_t *question, const struct answer *a)
{
	const char *text = json_str(question, "text"), *name = json_str(question, "name");

	tell(stderr, "question about %s%s%s:\n%s\n", json_str(question, "system"),
		name ? T(", by ") : "", name ? name : "",
		text ? text : T("(its text is not public)"));
	json_each (json_object_get(question, "answers"), earlier)
		show_texts("answered before", json_object_get(earlier, "text"));
	show_texts("your answer", a->said.text);
}

static enum err send_in(struct client *c, const struct answer *a, const json_t *question)
{
	AUTOFREE char *page = mem_printf("/systems/%s/feedback", json_str(question, "system"));
	AUTO(signed_event) ev = {0};

	TRY(sign_event(&c->key, &env_real, "feedback.answered", "feedback", a->id,
		json_num(question, "after"), NULL, json_make("{s:O}", "text", a->said.text), &ev));
	return statement_send(c, &a->said, &ev, "answered", page);
}

static enum err answer(const struct answer *a)
{
	AUTOFREE char *path = mem_printf("/api/v1/feedback/%s", a->id);
	AUTO(client) client = {0};
	json_auto_t *question = NULL;

	TRY(client_open(a->said.server, a->said.key, &client));
	client.json = a->said.json;
	TRY(client_get_json(&client, path, &question));
	ENSURE(!json_is_null(json_object_get(question, "system")), ERR_DENIED,
		"this question is about no system: the AI office answers it");
	ENSURE(json_str(question, "system") && json_is_integer(json_object_get(question, "after")),
		ERR_SYSTEM, "%s does not answer as a register does: is the address right?",
		client.server);
	if (!a->said.json)
		show(question, a);
	point_at_personal(a->said.text);
	if (!a->said.yes && !confirmed("Sign this answer and send it in?"))
		return client_declined();
	return send_in(&client, a, question);
}

enum err cli_answer(int argc, char **argv)
{
	struct answer a = {0};
	enum err e = parse(argc, argv, &a);

	if (e == OK)
		e = answer(&a);
	json_decref(a.said.text);
	return e;
}
