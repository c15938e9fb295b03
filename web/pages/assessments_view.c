#include "web/pages/assessments_view.h"

#include "base/markdown.h"
#include "registry/standard/assessments.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (512 * KIB)

/* Writes yes and no as words, everything else as the policy's codes. */
static void value_add(
	const struct request *rq, const json_t *value, const char *lang, struct buf *out)
{
	const struct view *view = rq->site->view;

	if (json_is_boolean(value))
		buf_puts(out,
			view_message(view, lang, json_is_true(value) ? "answer_yes" : "answer_no"));
	else
		fact_text(value, out);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* An object's keys, sorted and ended by NULL; the caller frees the list. */
static const char **keys_of(const json_t *object)
{
	const char **keys = mem_new((json_object_size(object) + 1) * sizeof(*keys)), *key;
	json_t *value;
	size_t n = 0;

	json_object_foreach ((json_t *)object, key, value)
		keys[n++] = key;
	qsort(keys, n, sizeof(*keys), by_text);
	return keys;
}

static json_t *facts_view(const struct request *rq, const json_t *facts)
{
	AUTOFREE const char **names = keys_of(facts);
	json_t *list = json_array();

	for (size_t i = 0; names[i]; i++) {
		AUTO(buf) text = BUF(TEXT_MAX);

		value_add(rq, json_object_get(facts, names[i]), rq->lang, &text);
		json_push(
			list, json_make("{s:s, s:s}", "fact", names[i], "value", buf_text(&text)));
	}
	return list;
}

json_t *assessments_view(const struct request *rq, const json_t *value)
{
	AUTOFREE const char **policies = keys_of(value);
	json_t *list = json_array();

	for (size_t i = 0; policies[i]; i++) {
		const json_t *facts = json_object_get(value, policies[i]);
		AUTOFREE char *key = mem_printf("policy_%s", policies[i]);
		const char *name = message(rq, key);

		json_push(list, json_make("{s:s, s:s, s:b, s:o}", "policy", policies[i], "name",
					*name ? name : policies[i], "none",
					!json_object_size(facts), "facts", facts_view(rq, facts)));
	}
	return list;
}

static void facts_markdown(const struct request *rq, const json_t *policy, struct buf *out)
{
	const json_t *facts = json_object_get(policy, "facts"), *fact;
	size_t i;

	json_array_foreach (facts, i, fact) {
		buf_puts(out, "- ");
		markdown_escape(json_str(fact, "fact"), out);
		buf_puts(out, ": ");
		markdown_escape(json_str(fact, "value"), out);
		buf_putc(out, '\n');
	}
	if (!i)
		buf_puts(out, message(rq, "facts_none"));
}

json_t *assessments_members(const struct request *rq, const json_t *value)
{
	json_t *members = json_array(), *policies = assessments_view(rq, value), *policy;
	size_t i;

	json_array_foreach (policies, i, policy) {
		AUTO(buf) md = BUF(TEXT_MAX);

		facts_markdown(rq, policy, &md);
		json_push(members, json_make("{s:s, s:s, s:b}", "label", json_str(policy, "name"),
					   "md", buf_text(&md), "inline", 0));
	}
	json_decref(policies);
	return members;
}

static void lines_add(
	const struct request *rq, const json_t *object, const char *lang, struct buf *out)
{
	AUTOFREE const char **names = keys_of(object);

	if (!names[0])
		buf_puts(out, view_message(rq->site->view, lang, "facts_none"));
	for (size_t i = 0; names[i]; i++) {
		const json_t *value = json_object_get(object, names[i]);

		buf_printf(out, "%s– %s%s", out->len ? "\n" : "", names[i],
			json_is_object(value) ? "\n" : ": ");
		assessments_text(rq, value, lang, out);
	}
}

void assessments_text(
	const struct request *rq, const json_t *value, const char *lang, struct buf *out)
{
	if (json_is_object(value))
		lines_add(rq, value, lang, out);
	else
		value_add(rq, value, lang, out);
}
