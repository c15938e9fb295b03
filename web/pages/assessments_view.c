#include "web/pages/assessments_view.h"

#include "base/markdown.h"
#include "registry/query/query.h"
#include "web/view/policy_kept.h"
#include "web/view/view.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_MAX (512 * KIB)

/* --- choosing the words --- */

/* The newest adoption before the entry to which the page belongs. */
static void find_policy(const struct request *rq, const char *id, struct spoken_policy *out)
{
	json_auto_t *adoptions = NULL;

	if (!rq->snap || query_policies(rq->snap, id, &adoptions) != OK)
		return;
	json_each (adoptions, one) {
		if (rq->words_before && json_num(one, "entry") >= rq->words_before)
			continue;
		out->entry = json_num(one, "entry");
		snprintf(out->sha256, sizeof(out->sha256), "%s", json_str(one, "sha256"));
		out->policy = policy_kept(rq, out->sha256);
		return;
	}
}

const struct spoken_policy *spoken_policy(struct spoken *s, const char *id)
{
	static const struct spoken_policy none;
	struct spoken_policy *found;

	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->all[i].id, id) == 0)
			return &s->all[i];
	if (s->n == COUNT(s->all) || !slug_valid(id))
		return &none;
	found = &s->all[s->n++];
	snprintf(found->id, sizeof(found->id), "%s", id);
	find_policy(s->rq, id, found);
	return found;
}

static const json_t *question_of(const struct spoken_policy *p, const char *fact)
{
	return p->policy ? policy_question(p->policy, fact) : NULL;
}

static const char *text_in(const json_t *texts, const char *lang, const char *otherwise)
{
	const char *text = standard_text(texts, lang, NULL);

	return text ? text : otherwise;
}

/* A policy's name, even of a built-in one that was not adopted; else its id. */
static const char *title_of(
	const struct request *rq, const struct spoken_policy *p, const char *id, const char *lang)
{
	AUTOFREE char *key = mem_printf("policy_%s", id);
	const char *name;

	if (p->policy)
		return text_in(json_object_get(policy_questions(p->policy), "title"), lang, id);
	name = view_message(rq->site->view, lang, key);
	return name && *name ? name : id;
}

/* --- a value --- */

static const json_t *label_of(const json_t *question, const json_t *value)
{
	json_each (json_object_get(question, "values"), one)
		if (json_equal(json_object_get(one, "value"), value))
			return json_object_get(one, "label");
	return NULL;
}

static void word_add(const struct request *rq, const json_t *question, const json_t *value,
	const char *lang, struct buf *out)
{
	const char *label = text_in(label_of(question, value), lang, NULL);

	if (label)
		buf_puts(out, label);
	else if (json_is_boolean(value))
		buf_puts(out, view_message(rq->site->view, lang,
				      json_is_true(value) ? "answer_yes" : "answer_no"));
	else
		fact_text(value, out);
}

void fact_words(const struct request *rq, const json_t *question, const json_t *value,
	const char *lang, struct buf *out)
{
	if (json_is_array(value) && !json_array_size(value))
		buf_puts(out, view_message(rq->site->view, lang, "answer_none"));
	else if (!json_is_array(value))
		word_add(rq, question, value, lang, out);
	json_each_at (value, i, one) {
		buf_puts(out, !i ? "" : question ? "; " : ", ");
		word_add(rq, question, one, lang, out);
	}
}

/* --- a record's facts --- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* An object's keys, sorted and ended by NULL; the caller frees the list. */
static const char **keys_of(const json_t *object)
{
	const char **keys = mem_new((json_object_size(object) + 1) * sizeof(*keys));
	size_t n = 0;

	json_members (object, key, value)
		keys[n++] = key;
	qsort(keys, n, sizeof(*keys), by_text);
	return keys;
}

/* The facts in the order of the questions; facts without a question are last, by name. */
static json_t *in_order(const struct spoken_policy *p, const json_t *facts)
{
	AUTOFREE const char **names = keys_of(facts);
	json_t *order = json_array();

	json_each (p->policy ? json_object_get(policy_questions(p->policy), "questions") : NULL,
		question) {
		const char *fact = json_str(question, "fact");

		if (json_object_get(facts, fact))
			json_push(order, json_text(fact));
	}
	for (size_t i = 0; names[i]; i++)
		if (!question_of(p, names[i]))
			json_push(order, json_text(names[i]));
	return order;
}

static json_t *facts_view(
	const struct request *rq, const struct spoken_policy *p, const json_t *facts)
{
	json_auto_t *order = in_order(p, facts);
	json_t *list = json_array();

	json_each (order, name) {
		const char *fact = json_string_value(name);
		const json_t *question = question_of(p, fact);
		AUTO(buf) text = BUF(TEXT_MAX);

		fact_words(rq, question, json_object_get(facts, fact), rq->lang, &text);
		json_push(list, json_make("{s:s, s:s}", "fact",
					text_in(json_object_get(question, "label"), rq->lang, fact),
					"value", buf_text(&text)));
	}
	return list;
}

json_t *assessments_view(const struct request *rq, const json_t *value)
{
	AUTOFREE const char **policies = keys_of(value);
	struct spoken spoken = {.rq = rq};
	json_t *list = json_array();

	for (size_t i = 0; policies[i]; i++) {
		const json_t *facts = json_object_get(value, policies[i]);
		const struct spoken_policy *p = spoken_policy(&spoken, policies[i]);

		json_push(
			list, json_make("{s:s, s:s, s:o, s:s?, s:b, s:o}", "policy", policies[i],
				      "name", title_of(rq, p, policies[i], rq->lang), "entry",
				      p->policy ? json_integer(p->entry) : json_null(), "sha256",
				      p->policy ? p->sha256 : NULL, "none",
				      !json_object_size(facts), "facts", facts_view(rq, p, facts)));
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
	json_t *members = json_array(), *policies = assessments_view(rq, value);

	json_each (policies, policy) {
		AUTO(buf) md = BUF(TEXT_MAX);

		facts_markdown(rq, policy, &md);
		json_push(members, json_make("{s:s, s:s, s:b}", "label", json_str(policy, "name"),
					   "md", buf_text(&md), "inline", 0));
	}
	json_decref(policies);
	return members;
}

static void facts_add(struct spoken *s, const char *policy, const json_t *facts, const char *lang,
	struct buf *out)
{
	const struct spoken_policy *p = spoken_policy(s, policy);
	json_auto_t *order = in_order(p, facts);
	const json_t *name;
	size_t i;

	json_array_foreach (order, i, name) {
		const char *fact = json_string_value(name);
		const json_t *label = json_object_get(question_of(p, fact), "label");

		buf_printf(out, "%s– %s: ", out->len ? "\n" : "", text_in(label, lang, fact));
		assessments_text(s, policy, fact, json_object_get(facts, fact), lang, out);
	}
	if (!i)
		buf_puts(out, view_message(s->rq->site->view, lang, "facts_none"));
}

void assessments_text(struct spoken *s, const char *policy, const char *fact, const json_t *value,
	const char *lang, struct buf *out)
{
	AUTOFREE const char **policies = NULL;

	if (policy && fact) {
		fact_words(s->rq, question_of(spoken_policy(s, policy), fact), value, lang, out);
		return;
	}
	if (policy) {
		facts_add(s, policy, value, lang, out);
		return;
	}
	policies = keys_of(value);
	for (size_t i = 0; policies[i]; i++) {
		buf_printf(out, "%s– %s\n", i ? "\n" : "",
			title_of(s->rq, spoken_policy(s, policies[i]), policies[i], lang));
		facts_add(s, policies[i], json_object_get(value, policies[i]), lang, out);
	}
}
