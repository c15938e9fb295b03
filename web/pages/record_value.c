/* Values as Markdown. Each kind sets one member of value.md's view and the others to null, so that
 * a section does not find the value of a list around it. */
#include "web/pages/record_parts.h"

#include "base/link.h"
#include "base/markdown.h"
#include "registry/query/query.h"
#include "registry/standard/form.h"
#include "registry/standard/type.h"
#include "web/pages/assessments_view.h"
#include "web/pages/record_view.h"

#include <string.h>
#include <strings.h>

#define HEADINGS 3 /* a value is below "### label" */

bool value_is_empty(const json_t *value)
{
	if (json_is_string(value))
		return !json_string_length(value);
	if (json_is_array(value))
		return !json_array_size(value);
	if (json_is_object(value))
		return !json_object_size(value);
	return !value || json_is_null(value);
}

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

static json_t *node_days(struct value_writer *w, const json_t *value)
{
	json_t *date = view_date(w->rq, json_string_value(value)), *out;

	out = node_plain(json_is_string(date) ? json_string_value(date) : "");
	json_decref(date);
	return out;
}

static const char *text_of(struct value_writer *w, const json_t *value)
{
	const char *used = NULL, *text;

	if (json_is_string(value))
		return json_string_value(value);
	text = json_is_object(value) ? standard_text(value, w->rq->lang, &used) : NULL;
	if (text && used && strcmp(used, w->rq->lang))
		w->foreign = used;
	return text ? text : "";
}

/* The same for a text of the record instead of the standard. */
static const char *said_of(struct value_writer *w, const json_t *value)
{
	const char *used = NULL;

	if (json_is_object(value) && standard_text(value, w->rq->lang, &used) && used &&
		standard_translation(w->rq->standard, w->record, w->top, used) ==
			TRANSLATION_MACHINE)
		w->machine = true;
	return text_of(w, value);
}

/* Is it safe between "<" and ">", as a link to exactly what it shows? */
static bool is_link(const char *s)
{
	if (*s == '/' || *s == '#' || !link_is_plain(s) || strncasecmp(s, "http", 4) != 0)
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || strchr("<>\"", *s))
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

/* A telephone number becomes a tel: link; other texts stay text. */
static json_t *node_phone(const char *s)
{
	AUTO(buf) url = BUF(256);
	json_t *titled;

	if (!form_is_telephone(s))
		return node_plain(s);
	buf_puts(&url, "tel:");
	for (const char *p = s; *p; p++)
		if (*p == '+' || (*p >= '0' && *p <= '9'))
			buf_putc(&url, *p);
	titled = json_make("{s:s, s:s}", "title", s, "url", buf_text(&url));
	return node("titled", titled);
}

static json_t *node_markdown(struct value_writer *w, const json_t *value)
{
	struct buf md = BUF(VALUE_MAX);
	json_t *out;

	markdown_contained(said_of(w, value), HEADINGS, MARKDOWN_AS_TYPED, &md);
	out = node("raw", json_text(buf_text(&md)));
	buf_done(&md);
	return out;
}

void record_markdown_html(const char *text, struct buf *html)
{
	AUTO(buf) md = BUF(VALUE_MAX);

	markdown_contained(text, HEADINGS, MARKDOWN_AS_TYPED, &md);
	markdown_html(buf_text(&md), md.len, html);
}

static json_t *node_enum(struct value_writer *w, const struct field *f, const json_t *value)
{
	const char *s = json_string_value(value);

	json_each (json_object_get(f->json, "values"), entry)
		if (s && !strcmp(json_str(entry, "value"), s))
			return node_plain(
				text_of(w, json_object_get(entry,
						   w->answering && json_object_get(entry, "answer")
							   ? "answer"
							   : "label")));
	return node_plain(s ? s : "");
}

char *value_trimmed(const char *s)
{
	size_t len;

	while (*s == '\n')
		s++;
	len = strlen(s);
	while (len && (s[len - 1] == '\n' || s[len - 1] == ' '))
		len--;
	return mem_bytes(s, len);
}

/* Indents the lines after the first, as a list item requires. */
static json_t *indented(const char *md)
{
	struct buf out = BUF(VALUE_MAX);
	AUTOFREE char *text = value_trimmed(md);
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

/* Is it a single paragraph, which may follow its label on the same line? */
static bool is_inline(const char *md)
{
	return !strchr(md, '\n') && !strchr("-+*#>`~|=0123456789 \t", md[0]);
}

static enum err node_items(
	struct value_writer *w, const struct field *item, const json_t *value, json_t **out)
{
	json_t *items = json_array();
	enum err e = OK;

	json_each (value, v) {
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
	struct value_writer *w, const struct field *m, const json_t *value, json_t *members)
{
	struct buf md = BUF(VALUE_MAX);
	enum err e = value_write(w, m, value, &md);
	AUTOFREE char *text = value_trimmed(buf_text(&md));
	bool in_line = m->type != TYPE_LIST && (m->type != TYPE_MARKDOWN || is_inline(text));

	if (!e)
		json_push(members, json_make("{s:s, s:s, s:b}", "label",
					   text_of(w, json_object_get(m->json, "label")), "md",
					   text, "inline", in_line));
	buf_done(&md);
	return e;
}

/* An object of a text and an address becomes a link with that text. */
static json_t *node_titled(struct value_writer *w, const struct field *f, const json_t *value)
{
	const char *title, *url;

	if (f->members_n != 2 || f->members[0].type != TYPE_TEXT || f->members[1].type != TYPE_URL)
		return NULL;
	title = said_of(w, json_object_get(value, f->members[0].name));
	url = json_str(value, f->members[1].name);
	if (!*title || !url || !is_link(url) || link_deceives(title, url))
		return NULL;
	return node("titled", json_make("{s:s, s:s}", "title", title, "url", url));
}

/* "[PDF, 1.2 MB](…)", and the hash of the bytes. */
static json_t *node_file(struct value_writer *w, const char *hex)
{
	const char *base = strcmp(w->rq->extension, "md") ? "" : w->rq->site->base;
	json_auto_t *file = NULL;
	AUTOFREE char *url = NULL;
	json_t *view;

	if (query_file(w->rq->snap, hex, &file) != OK)
		return node_plain(hex);
	view = json_make("{s:s, s:o, s:b}", "sha256", hex, "size",
		view_bytes(json_num(file, "size")), "erased",
		json_is_integer(json_object_get(file, "erased_entry")));
	/* People who work on a record may read its files before they are public. */
	url = w->rq->who ? mem_printf("/%s/office/files/%s", w->rq->lang, hex)
	                 : mem_printf("%s/%s/systems/%s/files/%s", base, w->rq->lang,
				   request_path(w->rq, "slug"), hex);
	json_put(view, "url", json_text(url));
	return node("file", view);
}

/* A policy's rule is shown as the policy's name with its own in parentheses: one member if both
 * exist and the policy's name is known. NULL for a member that is not shown. */
static json_t *member_value(struct value_writer *w, const struct field *m, const json_t *value)
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
	struct value_writer *w, const struct field *f, const json_t *value, json_t **out)
{
	json_t *members = json_array();
	enum err e = OK;

	for (size_t i = 0; i < f->members_n && !e; i++) {
		json_t *v = member_value(w, &f->members[i], value);
		if (!value_is_empty(v))
			e = member_write(w, &f->members[i], v, members);
		json_decref(v);
	}
	*out = node("members", members);
	return e;
}

/* Codes are shown unchanged, but names of fields as their labels. */
static const char *code_text(struct value_writer *w, const struct field *f, const json_t *value)
{
	const char *code = text_of(w, value);
	const struct field *named = standard_field(w->rq->standard, code);

	if (!named || strcmp(f->name, "field") ||
		(strcmp(w->top, FIELD_WITHHELD) && strcmp(w->top, FIELD_STATED)))
		return code;
	return text_of(w, json_object_get(named->json, "label"));
}

static enum err value_node(
	struct value_writer *w, const struct field *f, const json_t *value, json_t **out)
{
	switch (f->type) {
	case TYPE_MARKDOWN:
		*out = node_markdown(w, value);
		return OK;
	case TYPE_URL:
	case TYPE_CONTACT:
		*out = node_link(text_of(w, value));
		return OK;
	case TYPE_PHONE:
		*out = node_phone(text_of(w, value));
		return OK;
	case TYPE_FILE:
		*out = node_file(w, text_of(w, value));
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
	default:
		*out = field_types[f->type].days ? node_days(w, value)
		                                 : node_plain(said_of(w, value));
	}
	return OK;
}

enum err value_write(
	struct value_writer *w, const struct field *f, const json_t *value, struct buf *out)
{
	json_t *view = NULL;
	enum err e = value_node(w, f, value, &view);

	if (!e)
		e = view_render(
			w->rq->site->view, w->rq->lang, "value.md", ESCAPE_MARKDOWN, view, out);
	json_decref(view);
	return e;
}
