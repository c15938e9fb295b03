/* page_policy.c - /{lang}/policies and /{lang}/policies/{id}: the rules that derive levels. */
#include "base/markdown.h"
#include "registry/query/query.h"
#include "web/pages/judgement_view.h"
#include "web/pages/pages.h"
#include "web/view/parts.h"
#include "web/view/policy_kept.h"

#include <string.h>

#define HEADINGS 1 /* a README is below the page's h1, so its headings go down one level */

static bool in_force(const json_t *adoption)
{
	return json_is_null(json_object_get(adoption, "until_entry"));
}

static json_t *adoption_view(const struct request *rq, const json_t *a)
{
	return json_make("{s:I, s:o, s:I, s:s, s:b, s:o, s:O, s:o}", "version",
		(json_int_t)json_num(a, "version"), "when", view_time(rq, json_str(a, "at")),
		"entry", (json_int_t)json_num(a, "entry"), "sha256", json_str(a, "sha256"),
		"in_force", in_force(a), "reason",
		json_is_object(json_object_get(a, "reason"))
			? view_text(rq, json_object_get(a, "reason"))
			: json_null(),
		"until", json_object_get(a, "until_entry"), "id", json_text(json_str(a, "id")));
}

static void about_add(const struct request *rq, const json_t *adoption, json_t *view)
{
	const json_t *about = json_object_get(adoption, "about"),
		     *source = json_object_get(about, "source");

	json_put(view, "name", view_text(rq, json_object_get(about, "title")));
	json_put(view, "about", view_text(rq, json_object_get(about, "about")));
	json_put(view, "source", view_text(rq, json_object_get(source, "title")));
	json_put(view, "source_url", json_text(json_str(source, "url")));
}

enum err page_policies(struct request *rq, struct response *rs)
{
	json_auto_t *found = NULL;
	json_t *list = json_array(), *one;
	const char *before = "";

	TRY(query_policies(rq->snap, NULL, &found));
	json_each (found, adoption) {
		if (strcmp(before, json_str(adoption, "id")) == 0)
			continue; /* an older adoption of the same policy */
		before = json_str(adoption, "id");
		one = adoption_view(rq, adoption);
		about_add(rq, adoption, one);
		json_push(list, one);
	}
	return page_render(rq, rs, "policies.html",
		json_make("{s:s, s:s, s:b, s:o}", "title", message(rq, "nav_policies"),
			"description", message(rq, "policies_lead"), "in_policies", 1, "policies",
			list));
}

/* --- one policy --- */

static json_t *levels_view(const struct request *rq, const json_t *levels)
{
	json_t *out = json_array();
	bool grades = judgement_grades(levels);

	json_each (levels, one)
		json_push(out, json_make("{s:o, s:o, s:o}", "label",
				       view_text(rq, json_object_get(one, "label")), "help",
				       json_object_get(one, "help")
					       ? view_text(rq, json_object_get(one, "help"))
					       : json_null(),
				       "risk",
				       grades ? part_value(rq, FIELD_RISK, json_str(one, "risk"))
					      : json_null()));
	return out;
}

static json_t *labelled(const struct request *rq, const json_t *one, const char *code)
{
	return json_make("{s:s?, s:o, s:o}", "code", json_str(one, code), "label",
		view_text(rq, json_object_get(one, "label")), "help",
		json_object_get(one, "help") ? view_text(rq, json_object_get(one, "help"))
					     : json_null());
}

static json_t *questions_view(const struct request *rq, const struct policy *p)
{
	json_t *out = json_array(), *one, *values;

	json_each (json_object_get(policy_questions(p), "questions"), q) {
		one = labelled(rq, q, "fact");
		values = json_array();
		json_each (json_object_get(q, "values"), value)
			json_push(values, labelled(rq, value, "value"));
		json_put(one, "values", values);
		json_put(one, "has_values", json_boolean(json_array_size(values) > 0));
		json_put(one, "basis", part_basis(rq, json_str(q, "basis")));
		json_put(one, "sometimes", json_boolean(json_object_get(q, "when") != NULL));
		json_push(out, one);
	}
	return out;
}

/* Without its first heading, because the page has its own title. */
static enum err readme_html(const struct policy *p, const char *lang, struct buf *out)
{
	AUTOFREE char *text = policy_readme(p, lang);
	AUTO(buf) md = BUF(MARKDOWN_MAX * 4);
	const char *body = text;

	while (*body == '\n')
		body++;
	if (*body == '#')
		body += strcspn(body, "\n");
	markdown_contained(body, HEADINGS, MARKDOWN_WRAPPED, &md);
	TRY(buf_check(&md, "README.md"));
	markdown_html(buf_text(&md), md.len, out);
	return buf_check(out, "README.md");
}

static enum err files_add(const struct request *rq, const json_t *adoption, json_t *view)
{
	const struct policy *p = policy_kept(rq, json_str(adoption, "sha256"));
	AUTO(buf) html = BUF(MIB);

	ENSURE(p, ERR_CORRUPT, "the policy %s cannot be read", json_str(adoption, "sha256"));
	TRY(readme_html(p, rq->lang, &html));
	json_put(view, "readme_html", json_text(buf_text(&html)));
	json_put(view, "questions", questions_view(rq, p));
	json_put(view, "questions_n",
		view_number((int64_t)json_array_size(
			json_object_get(policy_questions(p), "questions"))));
	return OK;
}

enum err page_policy(struct request *rq, struct response *rs)
{
	const char *id = request_path(rq, "id");
	json_auto_t *found = NULL, *view = NULL;
	json_t *history, *newest;

	TRY(query_policies(rq->snap, id, &found));
	newest = json_array_get(found, 0);
	ENSURE(newest, ERR_NOT_FOUND, "this register never adopted a policy \"%s\"", id);
	view = adoption_view(rq, newest);
	about_add(rq, newest, view);
	TRY(files_add(rq, newest, view));
	history = json_array();
	json_each (found, adoption)
		json_push(history, adoption_view(rq, adoption));
	json_put(view, "title", json_text(json_str(json_object_get(view, "name"), "text")));
	json_put(view, "levels",
		levels_view(rq, json_object_get(json_object_get(newest, "about"), "levels")));
	json_put(view, "history", history);
	json_put(view, "base", json_text(rq->site->base));
	json_put(view, "in_policies", json_true());
	view_crumb(view, message(rq, "nav_policies"), "/%s/policies", rq->lang);
	return page_render(rq, rs, "policy.html", TAKE(view));
}
