/* page_draft_step.c - /{lang}/office/drafts/{id}/{step}: one step of a draft's form.
 *
 * Every button saves, even with problems; then the browser is redirected. The input "seen" of a
 * form holds a short hash of each value as it was shown. When two people write at once, values that
 * only one of them changed are merged; values that both changed are shown side by side, and the
 * person who saves last chooses. "revision" names the revision that was shown then. */
#include "base/sha256.h"
#include "web/office/comments.h"
#include "web/office/draft_form.h"
#include "web/office/form_again.h"
#include "web/pages/pages.h"
#include "web/pages/record_check.h"
#include "web/view/view.h"

#include <stdlib.h>
#include <string.h>

#define KEEP "keep." /* with a field's name: "theirs" if the other value is chosen */
#define OWN "own."   /* with a field's name: the department takes over the statement */
#define TRIES 5      /* if others save at the same moment */

struct at_step {
	struct request *rq;
	struct draft_form f;
	struct form_step step;
	struct record_draft draft;
};
static void at_step_done(struct at_step *s)
{
	draft_form_done(&s->f);
	record_draft_done(&s->draft);
}

static enum err open_step(struct request *rq, struct at_step *s)
{
	s->rq = rq;
	TRY(draft_open(rq, &s->draft));
	TRY(draft_form(rq, &s->f));
	s->f.form.previewed = request_query(rq, "preview") != NULL;
	return form_step_named(&s->f.form, request_path(rq, "step"), &s->step);
}

/* --- the values of a step --- */

/* A unit that people can change separately: a field, or the answer to a question. */
struct place {
	const struct field *field;
	const json_t *question; /* or NULL */
	char key[FORM_NAME];
};

static const struct field *field_at(const struct at_step *s, size_t i)
{
	size_t n;
	const struct field *fields = standard_fields(s->rq->standard, &n);

	for (size_t k = 0; k < n; k++)
		if (form_step_has(&s->step, &fields[k]) && i-- == 0)
			return &fields[k];
	return NULL;
}

/* The i-th one of the step; false after the last. */
static bool place_at(const struct at_step *s, size_t i, struct place *out)
{
	const struct policy *p = s->step.policy;

	*out = (struct place){.field = field_at(s, p ? 0 : i)};
	if (p)
		out->question =
			json_array_get(json_object_get(policy_questions(p), "questions"), i);
	if (!out->field || (p && !out->question))
		return false;
	snprintf(out->key, sizeof(out->key), "%s%s%s", out->field->name, p ? "." : "",
		p ? json_str(out->question, "fact") : "");
	return true;
}

/* The object in the record that contains the value; NULL if there is none. */
static json_t *holder_of(const struct at_step *s, const struct place *p, const json_t *record)
{
	json_t *all = p->question ? json_object_get(record, p->field->name) : NULL;

	return p->question ? json_object_get(all, policy_id(s->step.policy)) : (json_t *)record;
}

static const char *name_in_holder(const struct place *p)
{
	return p->question ? json_str(p->question, "fact") : p->field->name;
}

static json_t *value_at(const struct at_step *s, const struct place *p, const json_t *record)
{
	return json_object_get(holder_of(s, p, record), name_in_holder(p));
}

static void set_value(
	const struct at_step *s, const struct place *p, const json_t *value, json_t *record)
{
	json_t *holder = holder_of(s, p, record);

	if (value && holder)
		json_put(holder, name_in_holder(p), json_incref((json_t *)value));
	else if (holder)
		json_object_del(holder, name_in_holder(p));
}

#define DIGITS 12 /* per value in "seen": enough to tell two values apart, not a proof */

static void digits_of(const json_t *value, char out[SHA256_HEX])
{
	AUTO(buf) text = BUF(MIB);
	struct sha256 hash;

	if (value)
		json_canonical(value, &text);
	hash = sha256_of(buf_text(&text), text.len);
	sha256_hex(&hash, out);
	out[DIGITS] = '\0';
}

/* "seen" of a form made from this record. */
static char *seen_of(const struct at_step *s, const json_t *record)
{
	struct buf all = BUF(MIB);
	char digits[SHA256_HEX];
	struct place p;

	for (size_t i = 0; place_at(s, i, &p); i++) {
		digits_of(value_at(s, &p, record), digits);
		buf_puts(&all, digits);
	}
	return buf_take(&all);
}

/* Did the form show this value as its i-th? */
static bool was_seen(const char *seen, size_t i, const json_t *value)
{
	char digits[SHA256_HEX];

	digits_of(value, digits);
	return strlen(seen) >= (i + 1) * DIGITS && memcmp(seen + i * DIGITS, digits, DIGITS) == 0;
}

/* --- showing it --- */

static bool is_here(const struct at_step *s, const json_t *problem)
{
	struct form_step own;

	return form_step_of_problem(&s->f.form, problem, &own) &&
	       strcmp(own.name, s->step.name) == 0;
}

/* The problems of this step, and the missing values if the request asks for them. */
static enum err problems_of(const struct at_step *s, const json_t *record, json_t **out)
{
	json_auto_t *all = json_array();
	json_t *found = json_array();
	bool missing = request_query(s->rq, "missing") != NULL;

	*out = found;
	TRY(record_check_standard(s->rq, record, all));
	if (s->step.policy)
		policy_check_facts(s->step.policy, record, all);
	json_each (all, problem) {
		if (is_here(s, problem) && (missing || !draft_is_missing(problem)))
			json_push(found, json_incref(problem));
	}
	return draft_say(s->rq, found);
}

static json_t *steps_view(const struct at_step *s)
{
	json_t *list = json_array();

	for (size_t i = 0; i < form_steps_n(&s->f.form); i++) {
		struct form_step step;

		form_step(&s->f.form, i, &step);
		json_push(list, json_make("{s:s, s:o, s:b}", "step", step.name, "label",
					draft_step_label(s->rq, &step), "here",
					!strcmp(step.name, s->step.name)));
	}
	return list;
}

/* The next step; "" after the last. */
static void next_of(const struct at_step *s, struct form_step *out)
{
	size_t n = form_steps_n(&s->f.form);
	bool found = false;

	for (size_t i = 0; i < n && !found; i++) {
		form_step(&s->f.form, i, out);
		found = strcmp(out->name, s->step.name) == 0;
		if (found && i + 1 < n)
			form_step(&s->f.form, i + 1, out);
		else if (found)
			*out = (struct form_step){0};
	}
}

static void put_head(const struct at_step *s, json_t *view)
{
	const struct request *rq = s->rq;
	AUTOFREE char *name = draft_name(rq, &s->draft);
	json_auto_t *label = draft_step_label(rq, &s->step);
	const json_t *help = s->step.group
	                             ? json_object_get(s->step.group, "help")
	                             : json_object_get(policy_questions(s->step.policy), "about");
	struct form_step next;

	next_of(s, &next);
	json_put(view, "title", json_text(json_str(label, "text")));
	json_put(view, "in_drafts", json_true());
	json_put(view, "name", json_text(name));
	json_put(view, "draft", json_text(s->draft.id));
	json_put(view, "step", json_text(s->step.name));
	json_put(view, "label", json_incref(label));
	json_put(view, "help", view_text(rq, help));
	json_put(view, "steps", steps_view(s));
	json_put(view, "last", json_boolean(!*next.name));
	view_crumb(view, message(rq, "drafts"), "/%s/office/drafts", rq->lang);
	view_crumb(view, name, "/%s/office/drafts/%s", rq->lang, s->draft.id);
}

/* Comments on these fields; for a policy's step, comments on all of its questions. */
static enum err put_comments(const struct at_step *s, json_t *view)
{
	json_auto_t *comments = NULL;

	TRY(comments_of(s->rq, s->draft.system, s->draft.department, &comments));
	if (s->step.policy)
		json_put(view, "step_comments", comments_at(s->rq, comments, field_at(s, 0)->name));
	json_each (json_object_get(view, "fields"), field) {
		const char *id = json_str(field, "id");

		if (id && !s->step.policy)
			json_put(field, "comments", comments_at(s->rq, comments, id));
	}
	return OK;
}

static bool has_markdown(const struct at_step *s)
{
	const struct field *f;

	for (size_t i = 0; !s->step.policy && (f = field_at(s, i)); i++)
		if (form_has_markdown(f))
			return true;
	return false;
}

/* Is a preview open in this part of the form's view, which has forms within forms? */
static bool shows_preview(const json_t *view)
{
	if (json_is_true(json_object_get(json_object_get(view, "preview"), "open")))
		return true;
	json_members ((json_t *)view, name, part) {
		if (shows_preview(part))
			return true;
	}
	json_each (view, part)
		if (shows_preview(part))
			return true;
	return false;
}

static void put_hints(json_t *view, const json_t *hints)
{
	size_t n = json_array_size(hints);

	json_put(view, "advice",
		n ? json_make("{s:o, s:o}", "n", view_number((int64_t)n), "list",
			    draft_summary(hints))
		  : json_null());
}

static void put_stated(const struct at_step *s, json_t *view, const json_t *record)
{
	json_each (json_object_get(view, "fields"), field) {
		const json_t *entry = standard_stated(record, json_str(field, "id"));

		json_put(field, "stated",
			entry ? json_make("{s:s?}", "supplier", json_str(entry, "supplier"))
			      : json_null());
	}
}

/* Shows the form of a record, which may be the one just sent; `problems` also appear at the top. */
static enum err show_form(
	const struct at_step *s, struct response *rs, const json_t *record, const json_t *problems)
{
	json_auto_t *all = json_copy((json_t *)problems), *hints = NULL, *view = NULL;

	TRY(draft_hints(s->rq, &s->step, record, &hints));
	json_array_extend(all, hints);
	view = form_view(&s->f.form, &s->step, record, all, request_query(s->rq, "more"));
	AUTOFREE char *seen = seen_of(s, s->draft.record);

	TRY(put_comments(s, view));
	put_head(s, view);
	put_hints(view, hints);
	put_stated(s, view, record);
	json_put(view, "revision", json_integer(s->draft.revision));
	json_put(view, "seen", json_text(seen));
	json_put(view, "saved", draft_saved_view(s->rq, s->draft.by, s->draft.saved));
	json_put(view, "just_saved", json_boolean(request_query(s->rq, "saved") != NULL));
	json_put(view, "just_previewed",
		s->f.form.previewed
			? json_make("{s:b}", "any", shows_preview(json_object_get(view, "fields")))
			: json_null());
	json_put(view, "errors", draft_summary(problems));
	json_put(view, "has_errors", json_boolean(json_array_size(problems) > 0));
	json_put(view, "drafting", json_true());
	json_put(view, "signing", json_true()); /* attached files are signed */
	json_put(view, "attach_max", json_integer(ATTACHMENT_MAX));
	json_put(view, "has_markdown", json_boolean(has_markdown(s)));
	return office_render(s->rq, rs, "office_draft_step.html", TAKE(view));
}

enum err page_draft_step(struct request *rq, struct response *rs)
{
	__attribute__((cleanup(at_step_done))) struct at_step s = {0};
	json_auto_t *problems = NULL;

	TRY(open_step(rq, &s));
	TRY(problems_of(&s, s.draft.record, &problems));
	return show_form(&s, rs, s.draft.record, problems);
}

/* --- both, side by side --- */

static void answer_add(
	const struct at_step *s, const json_t *question, const json_t *value, struct buf *out)
{
	const char *label = NULL;

	json_each (json_object_get(question, "values"), one) {
		if (json_equal(json_object_get(one, "value"), value))
			label = standard_text(json_object_get(one, "label"), s->rq->lang, NULL);
	}
	if (json_is_boolean(value))
		label = json_is_true(value) ? s->f.form.yes : s->f.form.no;
	AUTOFREE char *plain = form_fact(value);

	buf_printf(out, "%s%s", out->len ? "\n" : "", label ? label : plain);
}

static json_t *answer_shown(const struct at_step *s, const json_t *question, const json_t *value)
{
	AUTO(buf) out = BUF(64 * KIB);

	if (!json_is_array(value) && value)
		answer_add(s, question, value, &out);
	json_each (value, one)
		answer_add(s, question, one, &out);
	return json_text(buf_text(&out));
}

static json_t *shown_at(const struct at_step *s, const struct place *p, const json_t *record)
{
	const json_t *value = value_at(s, p, record);

	return p->question ? answer_shown(s, p->question, value)
	                   : draft_value_shown(s->rq, &s->f.form, p->field, value);
}

/* A value that both changed, differently: {"key", "label", "mine", "theirs"}. */
static json_t *difference(const struct at_step *s, const struct place *p, const json_t *mine)
{
	const json_t *about = p->question ? p->question : p->field->json;

	return json_make("{s:s, s:o, s:o, s:o}", "key", p->key, "label",
		view_text(s->rq, json_object_get(about, "label")), "mine", shown_at(s, p, mine),
		"theirs", shown_at(s, p, s->draft.record));
}

/* A person may write in two windows. A save that was another's before was merged into this one by
 * the person themselves. */
static bool is_own_save(const struct at_step *s)
{
	return strcmp(s->draft.by, s->rq->who->session.account.id) == 0;
}

static enum err show_both(const struct at_step *s, struct response *rs,
	const struct form_body *body, const json_t *differences)
{
	static const char *const anew[] = {"revision", "do", NULL};
	json_t *view = json_object();

	put_head(s, view);
	json_put(view, "revision", json_integer(s->draft.revision));
	json_put(view, "saved", draft_saved_view(s->rq, s->draft.by, s->draft.saved));
	json_put(view, "own", json_boolean(is_own_save(s)));
	json_put(view, "differences", json_incref((json_t *)differences));
	json_put(view, "inputs", form_inputs(body, anew));
	rs->status = err_kind(ERR_CONFLICT)->http;
	return office_render(s->rq, rs, "office_draft_both.html", view);
}

/* --- saving --- */

static const char *value_of(const struct form_body *body, const char *name)
{
	const char *value = form_body_value(body, name);

	return value ? value : "";
}

/* "tags.2" of a button "without:tags.2"; NULL for any other. */
static const char *argument(const char *does, const char *what)
{
	size_t len = strlen(what);

	return strncmp(does, what, len) == 0 && does[len] == ':' ? does + len + 1 : NULL;
}

/* The choice for a value, "mine" or "theirs", if made for the stored revision; else "". */
static const char *chosen(
	const struct at_step *s, const struct form_body *body, const struct place *p)
{
	AUTOFREE char *name = mem_printf(KEEP "%s", p->key);

	return strtoll(value_of(body, "revision"), NULL, 10) == s->draft.revision
	               ? value_of(body, name)
	               : "";
}

static bool is_same(const json_t *a, const json_t *b)
{
	return a == b || (a && b && json_equal(a, b));
}

/* Copies to `mine` what only others changed since the form was made; returns what both changed. */
static json_t *merge(const struct at_step *s, const struct form_body *body, json_t *mine)
{
	const char *seen = value_of(body, "seen");
	json_t *differences = json_array();
	struct place p;

	for (size_t i = 0; place_at(s, i, &p); i++) {
		const json_t *own = value_at(s, &p, mine),
			     *theirs = value_at(s, &p, s->draft.record);
		const char *choice = chosen(s, body, &p);

		if (was_seen(seen, i, theirs) || is_same(own, theirs) || !strcmp(choice, "mine"))
			continue;
		if (was_seen(seen, i, own) || !strcmp(choice, "theirs"))
			set_value(s, &p, theirs, mine);
		else
			json_push(differences, difference(s, &p, mine));
	}
	return differences;
}

/* A supplier's statement becomes the department's own when it edits the value or ticks the box. */
static void make_own(const struct at_step *s, const struct form_body *body, json_t *record)
{
	const struct field *f;

	for (size_t i = 0; !s->step.policy && (f = field_at(s, i)); i++) {
		AUTOFREE char *tick = mem_printf(OWN "%s", f->name);

		if (form_body_value(body, tick) ||
			!is_same(json_object_get(record, f->name),
				json_object_get(s->draft.record, f->name)))
			standard_own(record, f->name);
	}
}

/* The record to save; ERR_CONFLICT if there is something to choose. */
static enum err take(
	const struct at_step *s, const struct form_body *body, json_t **out, json_t **differences)
{
	json_auto_t *record = json_deep_copy(s->draft.record);

	TRY(form_read(
		&s->f.form, &s->step, body, argument(value_of(body, "do"), "without"), record));
	json_decref(*differences);
	*differences = merge(s, body, record);
	make_own(s, body, record);
	json_decref(*out);
	*out = json_incref(record);
	ENSURE(json_array_size(*differences) == 0, ERR_CONFLICT,
		"somebody else saved this draft meanwhile: nothing was overwritten");
	return OK;
}

/* One attempt; sets `*theirs` if somebody saved after s->draft was read. */
static enum err save_once(struct at_step *s, json_t *mine, struct record_draft *theirs)
{
	struct record_draft own = s->draft;
	struct people *people;

	TRY(office_people(s->rq, &people));
	own.record = mine;
	snprintf(own.by, sizeof(own.by), "%s", s->rq->who->session.account.id);
	TRY(draft_save(people, &own, theirs));
	json_decref(s->draft.record);
	s->draft = own;
	json_incref(mine);
	return OK;
}

static enum err save(
	struct at_step *s, const struct form_body *body, json_t **mine, json_t **differences)
{
	for (int i = 0; i < TRIES; i++) {
		AUTO(record_draft) theirs = {0};
		enum err e;

		TRY(take(s, body, mine, differences));
		e = save_once(s, *mine, &theirs);
		if (e != ERR_CONFLICT)
			return e;
		record_draft_done(&s->draft);
		s->draft = TAKE(theirs);
	}
	return fail(ERR_BUSY, "others save this draft at the same moment: try again");
}

/* --- redirecting --- */

static enum err go_on(struct at_step *s, struct response *rs, const char *does)
{
	const char *more = argument(does, "add"), *without = argument(does, "without");
	const char *list = form_list_of(&s->f.form, without);
	json_auto_t *problems = NULL;
	struct form_step next;
	AUTOFREE char *step =
		mem_printf("/%s/office/drafts/%s/%s", s->rq->lang, s->draft.id, s->step.name);

	next_of(s, &next);
	TRY(problems_of(s, s->draft.record, &problems));
	if (more && standard_field(s->rq->standard, more))
		office_go(rs, "%s?more=%s#%s.%zu", step, more, more,
			json_array_size(json_object_get(s->draft.record, more)));
	else if (list)
		office_go(rs, "%s?saved=1#%s", step, list);
	else if (strcmp(does, "preview") == 0)
		office_go(rs, "%s?saved=1&preview=1", step);
	else if (strcmp(does, "next") != 0 || json_array_size(problems))
		office_go(rs, "%s?saved=1", step);
	else if (*next.name)
		office_go(rs, "/%s/office/drafts/%s/%s", s->rq->lang, s->draft.id, next.name);
	else
		office_go(rs, "/%s/office/drafts/%s", s->rq->lang, s->draft.id);
	return OK;
}

/* Answers the script that saves while a person types. */
static enum err tell(const struct at_step *s, struct response *rs, enum err e)
{
	AUTOFREE char *seen = seen_of(s, s->draft.record);
	json_t *answer = e == OK ? json_make("{s:I, s:s}", "revision",
					   (json_int_t)s->draft.revision, "seen", seen)
	                         : json_make("{s:s, s:s, s:b}", "error", err_kind(e)->name,
					   "message", err_why(), "own", is_own_save(s));
	rs->status = e == OK ? 200 : err_kind(e)->http;
	return page_json(rs, answer);
}

static enum err show_refused(struct at_step *s, struct response *rs, enum err e, const json_t *mine)
{
	json_auto_t *problems = json_array();

	json_push(problems,
		json_make("{s:s, s:s, s:s}", "at", "main", "rule", "too_large", "text", err_why()));
	rs->status = err_kind(e)->http;
	return show_form(s, rs, mine, problems);
}

enum err page_draft_step_saved(struct request *rq, struct response *rs)
{
	__attribute__((cleanup(at_step_done))) struct at_step s = {0};
	AUTO(form_body) body = {0};
	json_auto_t *mine = NULL, *differences = NULL;
	enum err e;

	TRY(open_step(rq, &s));
	TRY(form_body_parse(rq->body, rq->body_len, &body));
	e = save(&s, &body, &mine, &differences);
	if (strcmp(value_of(&body, "do"), "auto") == 0)
		return tell(&s, rs, e);
	if (e == ERR_CONFLICT)
		return show_both(&s, rs, &body, differences);
	if (e == ERR_TOO_LARGE)
		return show_refused(&s, rs, e, mine);
	return e ? e : go_on(&s, rs, value_of(&body, "do"));
}
