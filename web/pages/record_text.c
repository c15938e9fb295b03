/* record_text.c - a value as plain lines, for comparing word by word. */
#include "registry/standard/diff.h"
#include "registry/standard/type.h"
#include "web/pages/assessments_view.h"
#include "web/pages/record_view.h"

static const char *in_lang(const json_t *value, const char *lang)
{
	const char *s = json_is_object(value) ? json_str(value, lang) : json_string_value(value);

	return s ? s : "";
}

static void enum_add(const struct field *f, const json_t *value, const char *lang, struct buf *out)
{
	const char *s = json_string_value(value);
	const json_t *entry = json_find(json_object_get(f->json, "values"), "value", s);

	if (entry)
		buf_puts(out, in_lang(json_object_get(entry, "label"), lang));
	else
		buf_puts(out, s ? s : "");
}

/* Labels and dates are compared as a whole: part of one would be misleading. */
static void part_add(const struct request *rq, const struct field *f, const json_t *value,
	const char *lang, struct buf *out)
{
	bool whole = f->type != TYPE_TEXT && f->type != TYPE_MARKDOWN && f->type != TYPE_LIST &&
	             f->type != TYPE_OBJECT;

	buf_puts(out, whole ? DIFF_WHOLE : "");
	record_text(rq, f, value, lang, out);
	buf_puts(out, whole ? DIFF_WHOLE : "");
}

static void list_add(const struct request *rq, const struct field *f, const json_t *value,
	const char *lang, struct buf *out)
{
	json_each_at (value, i, v) {
		buf_puts(out, i ? "\n– " : "– ");
		part_add(rq, f->item, v, lang, out);
	}
}

static void members_add(const struct request *rq, const struct field *f, const json_t *value,
	const char *lang, struct buf *out)
{
	bool first = true;

	for (size_t i = 0; i < f->members_n; i++) {
		const struct field *m = &f->members[i];
		const json_t *v = json_object_get(value, m->name);
		if (!v)
			continue;
		buf_printf(out, "%s%s: ", first ? "" : "\n   ",
			in_lang(json_object_get(m->json, "label"), lang));
		part_add(rq, m, v, lang, out);
		first = false;
	}
}

static void days_add(const struct request *rq, const json_t *value, struct buf *out)
{
	json_t *days = view_date(rq, json_string_value(value));

	buf_puts(out, json_is_string(days) ? json_string_value(days) : "");
	json_decref(days);
}

void record_text(const struct request *rq, const struct field *f, const json_t *value,
	const char *lang, struct buf *out)
{
	if (!value || json_is_null(value))
		return;
	switch (f->type) {
	case TYPE_ENUM:
		enum_add(f, value, lang, out);
		return;
	case TYPE_LIST:
		list_add(rq, f, value, lang, out);
		return;
	case TYPE_ASSESSMENTS:
		assessments_text(&(struct spoken){.rq = rq}, NULL, NULL, value, lang, out);
		return;
	case TYPE_OBJECT:
		members_add(rq, f, value, lang, out);
		return;
	default:
		if (field_types[f->type].days)
			days_add(rq, value, out);
		else
			buf_puts(out, in_lang(value, lang));
	}
}
