#include "web/view/view.h"

#include "base/josa.h"
#include "base/languages.h"
#include "base/zone.h"
#include "web/view/lists_kept.h"

#include <stdlib.h>
#include <string.h>

#define PAGE_MAX (4 * MIB)
#define PAGE_USUAL (32 * KIB) /* a list has 23 kB, a record 40 */

struct messages {
	json_t *texts;               /* {key: message}: the "t" of pages */
	json_t *index;               /* {key: position in `templates`} */
	struct template **templates; /* the same messages, parsed */
	size_t n;
};
struct view {
	struct template **templates; /* in the order of `templates_own` */
	json_t *index;               /* {name: position in `templates`} */
	struct messages *messages;   /* in the order of `languages` */
};

/* --- opening --- */

static enum err message_parse(struct messages *l, const char *key, const char *message)
{
	AUTOFREE char *marked = josa_mark(message);

	if (template_parse(marked, strlen(marked), &l->templates[l->n]))
		return fail(ERR_INVALID, "message %s: %s", key, err_why());
	json_put(l->index, key, json_integer((json_int_t)l->n++));
	return OK;
}

static enum err messages_open(
	struct messages *l, const struct language *from, const struct messages *first)
{
	l->index = json_object();
	TRY(json_read(
		from->page, (size_t)(from->page_end - from->page), MIB, RULES_STRICT, &l->texts));
	if (first) /* untranslated messages appear in the city's own language */
		json_object_update_missing(l->texts, first->texts);
	l->templates = mem_new((json_object_size(l->texts) + 1) * sizeof(*l->templates));
	json_members (l->texts, key, value) {
		ENSURE(json_is_string(value), ERR_INVALID, "message %s of %s is not a text", key,
			from->code);
		TRY(message_parse(l, key, json_string_value(value)));
	}
	return OK;
}

static enum err open_all(struct view *view)
{
	view->templates = mem_new(templates_own_n * sizeof(*view->templates));
	view->index = json_object();
	for (size_t i = 0; i < templates_own_n; i++) {
		const struct template_own *e = &templates_own[i];

		if (template_parse(e->start, (size_t)(e->end - e->start), &view->templates[i]))
			return fail(ERR_INVALID, "%s: %s", e->name, err_why());
		json_put(view->index, e->name, json_integer((json_int_t)i));
	}
	view->messages = mem_new(languages_n * sizeof(*view->messages));
	for (size_t i = 0; i < languages_n; i++)
		TRY(messages_open(
			&view->messages[i], &languages[i], i ? &view->messages[0] : NULL));
	return OK;
}

enum err view_open(struct view **out)
{
	struct view *view = mem_new(sizeof(*view));
	enum err e = open_all(view);

	if (e)
		view_free(view);
	else
		*out = view;
	return e;
}

static void messages_done(struct messages *l)
{
	for (size_t i = 0; i < l->n; i++)
		template_free(l->templates[i]);
	free(l->templates);
	json_decref(l->texts);
	json_decref(l->index);
}

void view_free(struct view *view)
{
	if (!view)
		return;
	for (size_t i = 0; i < templates_own_n; i++)
		template_free(view->templates[i]);
	free(view->templates);
	json_decref(view->index);
	for (size_t i = 0; view->messages && i < languages_n; i++)
		messages_done(&view->messages[i]);
	free(view->messages);
	free(view);
}

/* --- messages --- */

static const struct messages *messages_of(const struct view *view, const char *lang)
{
	const struct language *one = language_of(lang, strlen(lang));

	return &view->messages[one ? one - languages : 0];
}

const char *view_message(const struct view *view, const char *lang, const char *key)
{
	return json_str(messages_of(view, lang)->texts, key);
}

json_t *view_messages(const struct view *view, const char *lang)
{
	return json_incref(messages_of(view, lang)->texts);
}

const char *message(const struct request *rq, const char *key)
{
	const char *s = view_message(rq->site->view, rq->lang, key);

	return s ? s : "";
}

/* --- rendering --- */

struct finder {
	const struct view *view;
	const struct messages *messages;
	const char *content; /* the template that {{>content}} in the frame stands for */
};

static const struct template *message_find(const struct messages *l, const char *key)
{
	const json_t *i = json_object_get(l->index, key);

	return i ? l->templates[json_integer_value(i)] : NULL;
}

static const struct template *find(void *arg, const char *name)
{
	const struct finder *f = arg;
	const json_t *i;

	if (!strncmp(name, "t.", 2))
		return message_find(f->messages, name + 2);
	if (!strcmp(name, "content") && f->content)
		name = f->content;
	i = json_object_get(f->view->index, name);
	return i ? f->view->templates[json_integer_value(i)] : NULL;
}

static enum err render(struct finder *f, const char *name, enum escape escape, const json_t *values,
	struct buf *out)
{
	const struct template *t = find(f, name);
	const struct partials partials = {.find = find, .arg = f};

	ENSURE(t, ERR_NOT_FOUND, "no template %s", name);
	return template_render(t, escape, values, &partials, out);
}

enum err view_render(const struct view *view, const char *lang, const char *name,
	enum escape escape, const json_t *values, struct buf *out)
{
	struct finder f = {.view = view, .messages = messages_of(view, lang)};

	return render(&f, name, escape, values, out);
}

char *view_say(const struct view *view, const char *lang, const char *key, const json_t *values)
{
	struct finder f = {.view = view, .messages = messages_of(view, lang)};
	struct buf out = BUF(64 * KIB);
	const struct partials partials = {.find = find, .arg = &f};
	const struct template *t = message_find(f.messages, key);

	if (t && template_render(t, ESCAPE_NONE, values, &partials, &out))
		buf_clear(&out);
	return buf_take(&out);
}

json_t *say(const struct request *rq, const char *key, json_t *values)
{
	AUTOFREE char *s = view_say(rq->site->view, rq->lang, key, values);

	json_decref(values);
	return json_text(s);
}

/* The frame */

/* An error page must work even if the register cannot be read. */
static json_t *frame_register(const struct request *rq)
{
	return lists_kept(rq, "register");
}

/* The same page in each other language. */
static json_t *frame_other(const struct request *rq)
{
	json_t *list = json_array();

	for (size_t i = 0; i < languages_n; i++) {
		const char *lang = languages[i].code;
		AUTOFREE char *href = view_path_in(rq, lang);

		if (strcmp(lang, rq->lang) != 0)
			json_push(list, json_make("{s:s, s:s, s:s}", "href", href, "lang", lang,
						"label", languages[i].own));
	}
	return list;
}

/* The codes, the city's own language first. */
static json_t *frame_languages(void)
{
	AUTO(buf) codes = BUF(KIB);

	for (size_t i = 0; i < languages_n; i++)
		buf_printf(&codes, "%s%s", i ? " " : "", languages[i].code);
	return json_text(buf_text(&codes));
}

static void frame_add(const struct request *rq, json_t *view)
{
	char zone[ZONE_MAX + 1];

	zone_name(zone);
	json_put(view, "t", view_messages(rq->site->view, rq->lang));
	json_put(view, "lang", json_text(rq->lang));
	json_put(view, "path", json_text(rq->path));
	json_put(view, "register", frame_register(rq));
	json_put(view, "other", frame_other(rq));
	json_put(view, "zone", json_text(zone));
	json_put(view, "page_languages", frame_languages());
}

enum err page_render(const struct request *rq, struct response *rs, const char *name, json_t *view)
{
	const struct view *v = rq->site->view;
	struct finder f = {.view = v, .messages = messages_of(v, rq->lang), .content = name};
	enum err e;

	frame_add(rq, view);
	if (!rs->body.max)
		rs->body.max = PAGE_MAX;
	buf_expect(&rs->body, PAGE_USUAL);
	e = render(&f, "layout.html", ESCAPE_HTML, view, &rs->body);
	json_decref(view);
	return e;
}

enum err page_json(struct response *rs, json_t *value)
{
	rs->type = "application/json";
	json_canonical(value, &rs->body);
	buf_putc(&rs->body, '\n');
	json_decref(value);
	return OK;
}

void view_crumb(json_t *view, const char *text, const char *href_format, ...)
{
	json_t *crumbs = json_object_get(view, "crumbs"), *crumb = json_object();
	AUTOFREE char *href = NULL;
	va_list ap;

	va_start(ap, href_format);
	if (vasprintf(&href, href_format, ap) < 0)
		abort();
	va_end(ap);
	json_put(crumb, "text", json_text(text));
	json_put(crumb, "href", json_text(href));
	if (!crumbs)
		json_put(view, "crumbs", crumbs = json_array());
	json_push(crumbs, crumb);
}

/* --- addresses --- */

void view_encode(struct buf *out, const char *s)
{
	static const char digits[] = "0123456789ABCDEF";

	for (; *s; s++) {
		const unsigned char c = (unsigned char)*s;
		const char escaped[3] = {'%', digits[c >> 4], digits[c & 15]};

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			strchr("-._~", c))
			buf_putc(out, *s);
		else
			buf_add(out, escaped, sizeof(escaped));
	}
}

static void encode_path(struct buf *out, const char *s)
{
	for (; *s; s++) {
		char one[2] = {*s, 0};
		if (*s == '/')
			buf_putc(out, '/');
		else
			view_encode(out, one);
	}
}

char *view_path_in(const struct request *rq, const char *lang)
{
	struct buf out = BUF(16 * KIB);
	const char *path = rq->path ? rq->path : "", *rest = "/";
	size_t n = strlen(rq->lang);

	if (path[0] == '/' && !strncmp(path + 1, rq->lang, n) && path[1 + n] == '/')
		rest = path + 1 + n;
	buf_printf(&out, "/%s", lang);
	encode_path(&out, rest);
	for (size_t i = rq->params_path; i < rq->params_query; i++) {
		buf_putc(&out, i == rq->params_path ? '?' : '&');
		view_encode(&out, rq->params[i].name);
		buf_putc(&out, '=');
		view_encode(&out, rq->params[i].value);
	}
	return buf_take(&out);
}
