#include "web/record_view.h"

#include "base/markdown.h"
#include "registry/query.h"
#include "web/assessments_view.h"

#include <stdlib.h>
#include <string.h>

#define VALUE_MAX (512 * KIB)
#define HEADINGS 3 /* a value stands under "### label" */

/* What people want to know first, and as what they would ask it. */
static const struct fact {
	const char *field, *question;
} facts[] = {
	{"goal", "fact_goal"},
	{"automation_level", "fact_decides"},
	{"personal_data", "fact_personal"},
	{FIELD_RISK, "fact_risk"},
	{"objection_procedure", "fact_object"},
};
/* Shown as the page's own heading. */
static const char *const heading[] = {"name", "description_short"};

struct writer {
	const struct request *rq;
	const char *top;     /* the field of the record that is being written */
	const char *foreign; /* a language that a text had to be taken from; NULL for none */
	const json_t *record;
	bool machine; /* a text that is shown was translated by a machine */
};

static enum err value_write(
	struct writer *w, const struct field *f, const json_t *value, struct buf *out);

static const struct fact *fact_of(const char *field)
{
	for (size_t i = 0; i < COUNT(facts); i++)
		if (!strcmp(facts[i].field, field))
			return &facts[i];
	return NULL;
}

static bool is_heading(const char *field)
{
	for (size_t i = 0; i < COUNT(heading); i++)
		if (!strcmp(heading[i], field))
			return true;
	return false;
}

static bool is_empty(const json_t *value)
{
	if (json_is_string(value))
		return !json_string_length(value);
	if (json_is_array(value))
		return !json_array_size(value);
	if (json_is_object(value))
		return !json_object_size(value);
	return !value || json_is_null(value);
}

/* Values as Markdown. Each kind fills in one member of the view of value.md; the others are
 * there as null, so that a section finds its own value and not that of a list around it. */

static json_t *node(const char *kind, json_t *value)
{
	json_t *view = json_make("{s:n, s:n, s:n, s:n, s:n, s:n}", "raw", "link", "titled", "file",
		"items", "members");

	json_put(view, kind, value);
	return view;
}

static json_t *node_plain(const char *s)
{
	struct buf md = BUF(VALUE_MAX);
	json_t *out;

	markdown_escape(s, &md);
	out = node("raw", json_text(buf_text(&md)));
	buf_done(&md);
	return out;
}

static json_t *node_date(struct writer *w, const json_t *value)
{
	json_t *date = view_date(w->rq, json_string_value(value)), *out;

	out = node_plain(json_is_string(date) ? json_string_value(date) : "");
	json_decref(date);
	return out;
}

static const char *text_of(struct writer *w, const json_t *value)
{
	const char *used = NULL, *text;

	if (json_is_string(value))
		return json_string_value(value);
	text = json_is_object(value) ? standard_text(value, w->rq->lang, &used) : NULL;
	if (text && used && strcmp(used, w->rq->lang))
		w->foreign = used;
	return text ? text : "";
}

/* The same of what the record says, and not the standard. */
static const char *said_of(struct writer *w, const json_t *value)
{
	const char *used = NULL;

	if (json_is_object(value) && standard_text(value, w->rq->lang, &used) && used &&
		standard_translation(w->rq->standard, w->record, w->top, used) ==
			TRANSLATION_MACHINE)
		w->machine = true;
	return text_of(w, value);
}

/* Can it stand between "<" and ">" and be a link to nothing but that? */
static bool is_link(const char *s)
{
	if (strncmp(s, "https://", 8) && strncmp(s, "http://", 7))
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || strchr("<>\\\"", *s) || *s == 127)
			return false;
	return true;
}

static bool is_mail(const char *s)
{
	const char *at = strchr(s, '@');

	if (!at || at == s || !strchr(at, '.'))
		return false;
	for (; *s; s++)
		if (!strchr("@.-_+", *s) && !(*s >= '0' && *s <= '9') &&
			!(*s >= 'a' && *s <= 'z') && !(*s >= 'A' && *s <= 'Z'))
			return false;
	return true;
}

static json_t *node_link(const char *s)
{
	return is_link(s) || is_mail(s) ? node("link", json_text(s)) : node_plain(s);
}

static json_t *node_markdown(struct writer *w, const json_t *value)
{
	struct buf md = BUF(VALUE_MAX);
	json_t *out;

	markdown_contained(said_of(w, value), HEADINGS, &md);
	out = node("raw", json_text(buf_text(&md)));
	buf_done(&md);
	return out;
}

static json_t *node_enum(struct writer *w, const struct field *f, const json_t *value)
{
	const char *s = json_string_value(value);
	const json_t *entry;
	size_t i;

	json_array_foreach(json_object_get(f->json, "values"), i,
		entry) if (s && !strcmp(json_str(entry, "value"), s)) return node_plain(text_of(w,
		json_object_get(entry, "label")));
	return node_plain(s ? s : "");
}

static char *trimmed(const char *s)
{
	size_t len;

	while (*s == '\n')
		s++;
	len = strlen(s);
	while (len && (s[len - 1] == '\n' || s[len - 1] == ' '))
		len--;
	return mem_bytes(s, len);
}

/* Lines after the first moved to the right, as what belongs to a list item must be. */
static json_t *indented(const char *md)
{
	struct buf out = BUF(VALUE_MAX);
	AUTOFREE char *text = trimmed(md);
	json_t *value;

	for (const char *s = text; *s; s++) {
		buf_putc(&out, *s);
		if (*s == '\n' && s[1] != '\n')
			buf_puts(&out, "  ");
	}
	value = json_text(buf_text(&out));
	buf_done(&out);
	return value;
}

/* Is it a single paragraph, so that it may follow its label on the same line? */
static bool is_inline(const char *md)
{
	return !strchr(md, '\n') && !strchr("-+*#>`~|=0123456789 \t", md[0]);
}

static enum err node_items(
	struct writer *w, const struct field *item, const json_t *value, json_t **out)
{
	json_t *items = json_array(), *v;
	enum err e = OK;
	size_t i;

	json_array_foreach(value, i, v)
	{
		struct buf md = BUF(VALUE_MAX);
		e = value_write(w, item, v, &md);
		if (!e)
			json_push(items, indented(buf_text(&md)));
		buf_done(&md);
		if (e)
			break;
	}
	*out = node("items", items);
	return e;
}

static enum err member_write(
	struct writer *w, const struct field *m, const json_t *value, json_t *members)
{
	struct buf md = BUF(VALUE_MAX);
	enum err e = value_write(w, m, value, &md);
	AUTOFREE char *text = trimmed(buf_text(&md));
	bool in_line = m->type != TYPE_LIST && (m->type != TYPE_MARKDOWN || is_inline(text));

	if (!e)
		json_push(members, json_make("{s:s, s:s, s:b}", "label",
					   text_of(w, json_object_get(m->json, "label")), "md",
					   text, "inline", in_line));
	buf_done(&md);
	return e;
}

/* An object of a text and an address is a link by that name. */
static json_t *node_titled(struct writer *w, const struct field *f, const json_t *value)
{
	const char *title, *url;

	if (f->members_n != 2 || f->members[0].type != TYPE_TEXT || f->members[1].type != TYPE_URL)
		return NULL;
	title = said_of(w, json_object_get(value, f->members[0].name));
	url = json_str(value, f->members[1].name);
	if (!*title || !url || !is_link(url))
		return NULL;
	return node("titled", json_make("{s:s, s:s}", "title", title, "url", url));
}

/* "[PDF, 1.2 MB](…)", and the hash that the bytes must have. */
static json_t *node_file(struct writer *w, const char *hex)
{
	const char *base = strcmp(w->rq->extension, "md") ? "" : web_base(w->rq->web);
	const char *slug = request_path(w->rq, "slug");
	json_auto_t *file = NULL;
	AUTOFREE char *url = NULL;
	json_t *view;

	if (query_file(w->rq->db, hex, &file) != OK)
		return node_plain(hex);
	view = json_make("{s:s, s:o, s:b}", "sha256", hex, "size",
		view_bytes(json_num(file, "size")), "erased",
		json_is_integer(json_object_get(file, "erased_entry")));
	url = mem_printf("%s/%s/systems/%s/files/%s", base, w->rq->lang, slug, hex);
	json_put(view, "url", json_text(url));
	return node("file", view);
}

/* A rule of a policy is named by the policy's name and, in parentheses, its own: as one member
 * where both are there and we have a name for the policy. NULL for a member that goes unsaid. */
static json_t *member_value(struct writer *w, const struct field *m, const json_t *value)
{
	json_t *v = json_object_get(value, m->name);
	const char *rule = json_str(value, "rule"), *policy = json_str(value, "policy");
	AUTOFREE char *key = mem_printf("policy_%s", policy ? policy : "");
	const char *name = message(w->rq, key);
	AUTOFREE char *both = mem_printf("%s (%s)", name, rule ? rule : policy ? policy : "");

	if (strcmp(w->top, "risk_basis") || !*name)
		return json_incref(v);
	if (!strcmp(m->name, "policy"))
		return json_text(both);
	return strcmp(m->name, "rule") ? json_incref(v) : NULL;
}

static enum err node_members(
	struct writer *w, const struct field *f, const json_t *value, json_t **out)
{
	json_t *members = json_array();
	enum err e = OK;

	for (size_t i = 0; i < f->members_n && !e; i++) {
		json_t *v = member_value(w, &f->members[i], value);
		if (!is_empty(v))
			e = member_write(w, &f->members[i], v, members);
		json_decref(v);
	}
	*out = node("members", members);
	return e;
}

/* A code stands as it is, but a record that withholds a field names it by its label. */
static const char *code_text(struct writer *w, const struct field *f, const json_t *value)
{
	const char *code = text_of(w, value);
	const struct field *named = standard_field(w->rq->standard, code);

	if (!named || strcmp(w->top, FIELD_WITHHELD) || strcmp(f->name, "field"))
		return code;
	return text_of(w, json_object_get(named->json, "label"));
}

static enum err value_node(
	struct writer *w, const struct field *f, const json_t *value, json_t **out)
{
	switch (f->type) {
	case TYPE_MARKDOWN:
		*out = node_markdown(w, value);
		return OK;
	case TYPE_URL:
	case TYPE_CONTACT:
		*out = node_link(text_of(w, value));
		return OK;
	case TYPE_FILE:
		*out = node_file(w, text_of(w, value));
		return OK;
	case TYPE_DATE:
	case TYPE_MONTH:
		*out = node_date(w, value);
		return OK;
	case TYPE_ENUM:
		*out = node_enum(w, f, value);
		return OK;
	case TYPE_LIST:
		return node_items(w, f->item, value, out);
	case TYPE_OBJECT:
		*out = node_titled(w, f, value);
		return *out ? OK : node_members(w, f, value, out);
	case TYPE_CODE:
		*out = node_plain(code_text(w, f, value));
		return OK;
	case TYPE_ASSESSMENTS:
		*out = node("members", assessments_members(w->rq, value));
		return OK;
	case TYPE_TEXT:
	case TYPES:
		break;
	}
	*out = node_plain(said_of(w, value));
	return OK;
}

static enum err value_write(
	struct writer *w, const struct field *f, const json_t *value, struct buf *out)
{
	json_t *view = NULL;
	enum err e = value_node(w, f, value, &view);

	if (!e)
		e = view_render(
			web_view(w->rq->web), w->rq->lang, "value.md", ESCAPE_MARKDOWN, view, out);
	json_decref(view);
	return e;
}

/* Fields */

/* Why the record says that it does not say it, or null. */
static json_t *withheld_of(const struct request *rq, const json_t *record, const char *field)
{
	const json_t *entry = standard_withheld(record, field);

	if (!entry)
		return json_null();
	return json_make("{s:o, s:o}", "reason", view_text(rq, json_object_get(entry, "reason")),
		"legal_basis", view_text(rq, json_object_get(entry, "legal_basis")));
}

/* A field that says nothing yet; field_fill() gives it its value. */
static json_t *field_new(const struct request *rq, const struct field *f, const json_t *record)
{
	const struct fact *fact = fact_of(f->name);
	json_t *view = json_make("{s:n, s:n, s:n, s:n, s:n, s:n, s:n, s:n}", "value", "hint", "md",
		"html", "lang", "foreign", "overruled", "tables");

	json_put(view, "name", json_text(f->name));
	json_put(view, "label", view_text(rq, json_object_get(f->json, "label")));
	json_put(view, "question", fact ? json_text(message(rq, fact->question)) : json_null());
	json_put(view, "short", json_boolean(f->type == TYPE_ENUM));
	json_put(view, "chips", json_boolean(f->item && f->item->type == TYPE_TEXT));
	json_put(view, "withheld", withheld_of(rq, record, f->name));
	json_put(view, "missing", json_true());
	json_put(view, "machine", json_false());
	return view;
}

static void field_foreign(const struct request *rq, json_t *view, const char *lang)
{
	AUTOFREE char *key = mem_printf("lang_%.*s", (int)strcspn(lang, "-"), lang); /* nl-NL */
	const char *name = message(rq, key);

	json_put(view, "lang", json_text(lang));
	json_put(view, "foreign", json_text(*name ? name : lang));
}

static void field_enum(
	const struct request *rq, const struct field *f, const json_t *value, json_t *view)
{
	json_t *choice = part_value(rq, f->name, json_string_value(value));

	json_put(view, "value", json_text(json_string_value(value)));
	json_put(view, "hint", json_incref(json_object_get(choice, "help")));
	json_decref(choice);
}

static enum err field_fill(const struct request *rq, const struct field *f, const json_t *value,
	const json_t *record, json_t *view)
{
	struct writer w = {.rq = rq, .top = f->name, .record = record};
	struct buf md = BUF(VALUE_MAX), html = BUF(2 * VALUE_MAX);
	enum err e = value_write(&w, f, value, &md);
	AUTOFREE char *text = trimmed(buf_text(&md));

	if (!e) {
		markdown_html(text, strlen(text), &html);
		e = buf_check(&html, f->name);
	}
	json_put(view, "missing", json_false());
	json_put(view, "machine", json_boolean(w.machine));
	json_put(view, "md", json_text(text));
	json_put(view, "html", json_text(buf_text(&html)));
	if (w.foreign)
		field_foreign(rq, view, w.foreign);
	if (f->type == TYPE_ENUM)
		field_enum(rq, f, value, view);
	if (f->type == TYPE_ASSESSMENTS)
		json_put(view, "tables", assessments_view(rq, value));
	buf_done(&md);
	buf_done(&html);
	return e;
}

struct sorted {
	json_t *facts, *fields; /* of one group */
	int64_t optional_empty;
};

static enum err field_add(
	const struct request *rq, const struct field *f, const json_t *record, struct sorted *to)
{
	const json_t *value = json_object_get(record, f->name);
	json_t *view;
	enum err e = OK;

	if (is_heading(f->name) || (f->automatic && is_empty(value)))
		return OK;
	if (is_empty(value) && !standard_requires(f, record) &&
		!standard_withheld(record, f->name)) {
		to->optional_empty++;
		return OK;
	}
	view = field_new(rq, f, record);
	if (!is_empty(value))
		e = field_fill(rq, f, value, record, view);
	json_push(fact_of(f->name) ? to->facts : to->fields, view);
	return e;
}

static enum err group_add(const struct request *rq, const json_t *group, const json_t *record,
	struct sorted *to, json_t *groups)
{
	const char *name = json_str(group, "name");
	size_t n = 0;
	const struct field *fields = standard_fields(rq->standard, &n);
	enum err e = OK;

	to->fields = json_array();
	for (size_t i = 0; i < n && !e; i++)
		if (!strcmp(fields[i].group, name))
			e = field_add(rq, &fields[i], record, to);
	if (!e && json_array_size(to->fields))
		json_push(groups, json_make("{s:s, s:o, s:o, s:O}", "name", name, "label",
					  view_text(rq, json_object_get(group, "label")), "help",
					  view_text(rq, json_object_get(group, "help")), "fields",
					  to->fields));
	json_decref(to->fields);
	return e;
}

/* A value of an unknown field: its text where it has one, else its JSON as text. */
static json_t *unknown_value(const struct request *rq, json_t *value)
{
	json_t *shown = view_text(rq, value), *text;
	struct buf canonical = BUF(VALUE_MAX);

	if (json_is_null(shown))
		json_canonical(value, &canonical);
	text = json_is_null(shown) ? json_text(buf_text(&canonical)) : json_incref(value);
	buf_done(&canonical);
	json_decref(shown);
	return text;
}

static enum err unknown_field(
	const struct request *rq, const char *name, json_t *value, json_t *fields)
{
	const struct field f = {.name = name, .type = TYPE_TEXT};
	json_t *view = field_new(rq, &f, NULL), *shown = unknown_value(rq, value);
	enum err e = field_fill(rq, &f, shown, NULL, view);

	json_put(view, "label", json_make("{s:s, s:b}", "text", name, "foreign", 0));
	json_push(fields, view);
	json_decref(shown);
	return e;
}

/* What an older standard asked and today's no longer knows stays readable, if plainly. */
static enum err unknown_add(const struct request *rq, const json_t *record, json_t *groups)
{
	json_t *fields = json_array(), *value;
	enum err e = OK;
	const char *key;

	json_object_foreach(
		(json_t *)record, key, value) if (!e && !standard_field(rq->standard, key)) e =
		unknown_field(rq, key, value, fields);
	if (json_array_size(fields))
		json_push(groups, json_make("{s:s, s:{s:s, s:b}, s:n, s:O}", "name", "other",
					  "label", "text", message(rq, "group_other"), "foreign", 0,
					  "help", "fields", fields));
	json_decref(fields);
	return e;
}

/* The facts in the order of the table, not of the standard. */
static json_t *facts_sorted(json_t *found)
{
	json_t *out = json_array(), *view;
	size_t i;

	for (size_t k = 0; k < COUNT(facts); k++)
		json_array_foreach(
			found, i, view) if (!strcmp(json_str(view, "name"), facts[k].field))
			json_push(out, json_incref(view));
	json_decref(found);
	return out;
}

enum err record_view(const struct request *rq, const json_t *record, json_t **out)
{
	const json_t *all = json_object_get(standard_json(rq->standard), "groups"), *group;
	struct completeness c = standard_completeness(rq->standard, record);
	struct sorted to = {.facts = json_array()};
	json_t *groups = json_array();
	enum err e = OK;
	size_t i;

	json_array_foreach(all, i, group) if (!e) e = group_add(rq, group, record, &to, groups);
	if (!e)
		e = unknown_add(rq, record, groups);
	*out = json_make("{s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "facts", facts_sorted(to.facts),
		"groups", groups, "optional_empty",
		to.optional_empty ? view_number(to.optional_empty) : json_null(), "required",
		view_number(c.required), "required_filled", view_number(c.required_filled),
		"required_withheld", c.withheld ? view_number(c.withheld) : json_null(), "complete",
		c.required_filled + c.withheld == c.required);
	if (e) {
		json_decref(*out);
		*out = NULL;
	}
	return e;
}
