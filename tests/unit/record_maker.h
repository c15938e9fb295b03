/* record_maker.h - makes thousands of records, good and bad, from a seed: complete records of this
 * tree with some values removed, changed or broken. */
#pragma once
#include "base/file.h"
#include "registry/standard/standard.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct maker {
	uint64_t random;
	const struct standard *standard;
	json_t *wholes; /* records that pass */
};

static inline unsigned maker_below(struct maker *m, unsigned n)
{
	m->random = m->random * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(m->random >> 33) % n;
}

#define PICK(m, list) ((list)[maker_below(m, COUNT(list))])

static inline json_t *maker_text(struct maker *m, int64_t max, bool lines)
{
	static const char *const parts[] = {"가", "é", "a", "😀", " ", "1"};
	size_t n = max ? (size_t)max : 40;
	const char *part = PICK(m, parts);
	AUTO(buf) out = BUF(4 * MIB);

	switch (maker_below(m, 6)) {
	case 0: /* as long as it may be */
	case 1: /* and one too long */
		n = max && max < 3000 ? (size_t)max + maker_below(m, 2) : 3;
		for (size_t i = 0; i < n; i++)
			buf_puts(&out, i ? part : "x");
		break;
	case 2:
		buf_puts(&out, lines ? "한 줄\n두 줄" : "한 줄");
		break;
	default:
		buf_puts(&out, "글");
	}
	return json_text(buf_text(&out));
}

static inline json_t *maker_bad_string(struct maker *m)
{
	static const char *const bad[] = {"", " ", "\u3000\u00a0", "a\u202eb", "a\a", "a\x7f",
		"\U0001fffe", "\ufdd0", "a\nb", "a\tb", "\n", "\u2028"};

	return json_text(PICK(m, bad));
}

static inline json_t *maker_code_of(struct maker *m, enum field_type type)
{
	static const char *const dates[] = {"2026-03-01", "2024-02-29", "2023-02-29", "2000-02-29",
		"1900-02-29", "0000-01-01", "0001-01-01", "2026-04-31", "2026-12-31", "2026-13-01",
		"2026-1-1", "2026-00-10", "2026-01-00", "2026-01", "0400-02-29", "0100-02-29"};
	static const char *const months[] = {
		"2026-03", "2026-13", "2026-00", "0000-01", "0010-10", "2026-3", "2026-03-01"};
	static const char *const urls[] = {"https://a.kr", "http://a", "ftp://a", "https://",
		"https://a b", "https://.a", "https://a:8/b?c#d", "https://[::1]/", "https://a/<",
		"https://u@a", "https://a/é", "https://-a", "https://:a", "https://a/~!$&'",
		"https://a?", "https://a/(;)=[]^_", "https://a/\\", "https://a/`", "HTTPS://a",
		"https:///x"};
	static const char *const mails[] = {"a@b.c", "a.b@c.de", "a..b@c.de", ".a@b.c", "a.@b.c",
		"a@b", "a@-b.c", "a@b-.c", "a+b@c-d.ef", "a b@c.d", "@b.c", "a@b..c", "a@b.c.",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@b.c",
		"https://a.kr/b"};

	switch (type) {
	case TYPE_DATE:
		return json_text(PICK(m, dates));
	case TYPE_MONTH:
		return json_text(PICK(m, months));
	case TYPE_URL:
		return json_text(PICK(m, urls));
	default:
		return json_text(PICK(m, mails));
	}
}

static inline json_t *maker_odd(struct maker *m)
{
	static const char *const odd[] = {"null", "true", "1", "[]", "{}", "\"x\"", "[1]",
		"{\"ko\": 1}", "[{}]", "{\"ko\": \"\"}", "{\"Korean\": \"x\"}", "{\"en\": \"x\"}",
		"{\"ko\": \"x\", \"zh-Hans\": \"x\"}", "{\"ko\": \"x\", \"k\": \"x\"}", "[\"x\"]"};

	return json_loads(PICK(m, odd), JSON_DECODE_ANY, NULL);
}

static inline json_t *maker_value(struct maker *m, const struct field *f);

static inline json_t *maker_texts(struct maker *m, const struct field *f)
{
	static const char *const languages[] = {
		"ko", "ko", "ko", "en", "vi", "zh-Hans", "ko-", "KO"};
	json_t *texts = json_object();

	json_put(texts, PICK(m, languages), maker_text(m, f->max, f->type == TYPE_MARKDOWN));
	if (!maker_below(m, 3))
		json_put(texts, PICK(m, languages),
			maker_below(m, 4) ? maker_text(m, f->max, false) : maker_bad_string(m));
	return texts;
}

static inline json_t *maker_object(struct maker *m, const struct field *f)
{
	json_t *object = json_object();

	for (size_t i = 0; i < f->members_n; i++)
		if (json_is_true(f->members[i].required) ? maker_below(m, 20) : maker_below(m, 2))
			json_put(object, f->members[i].name, maker_value(m, &f->members[i]));
	if (!maker_below(m, 15))
		json_put(object, "unknown", json_true());
	return object;
}

static inline json_t *maker_list(struct maker *m, const struct field *f)
{
	unsigned n = maker_below(m, 8) ? maker_below(m, 3) : (unsigned)f->max + maker_below(m, 2);
	json_t *list = json_array();

	for (unsigned i = 0; i < n; i++)
		json_push(list, maker_value(m, f->item));
	return list;
}

static inline json_t *maker_facts(struct maker *m)
{
	static const char *const all[] = {"{}", "{\"gimhae\": {}}",
		"{\"eu-ai-act\": {\"a\": true, \"b.C_-\": 3, \"d\": [\"x\", \"y\"]}}",
		"{\"a--b\": {}}", "{\"-a\": {}}", "{\"A\": {}}", "{\"a\": []}",
		"{\"a\": {\"b c\": 1}}", "{\"a\": {\"b\": null}}",
		"{\"a\": {\"b\": [\"x\", \"x\"]}}", "{\"a\": {\"b\": [1]}}",
		"{\"a\": {\"b\": 9007199254740992}}", "{\"a\": {\"b\": -9007199254740991}}",
		"{\"a\": {\"b\": \"\"}}", "{\"a\": {\"b\": [\"a\\nb\"]}}", "{\"a\": {\"b\": {}}}",
		"[]"};

	return json_loads(PICK(m, all), 0, NULL);
}

static inline json_t *maker_value(struct maker *m, const struct field *f)
{
	const json_t *values = json_object_get(f->json, "values");
	unsigned luck = maker_below(m, 24);

	if (luck == 0)
		return maker_odd(m);
	switch (f->type) {
	case TYPE_TEXT:
	case TYPE_MARKDOWN:
		return maker_texts(m, f);
	case TYPE_ENUM:
		return luck == 1
		               ? json_text("none_of_them")
		               : json_incref(json_object_get(
					 json_array_get(values,
						 maker_below(m, (unsigned)json_array_size(values))),
					 "value"));
	case TYPE_LIST:
		return maker_list(m, f);
	case TYPE_OBJECT:
		return maker_object(m, f);
	case TYPE_ASSESSMENTS:
		return maker_facts(m);
	case TYPE_CODE:
		return luck == 1 ? maker_bad_string(m) : maker_text(m, f->max, false);
	default:
		return luck == 1 ? maker_bad_string(m) : maker_code_of(m, f->type);
	}
}

static inline void maker_withhold(struct maker *m, json_t *record)
{
	size_t n;
	const struct field *f = standard_fields(m->standard, &n);
	const char *name = f[maker_below(m, (unsigned)n)].name;
	json_t *list = json_object_get(record, FIELD_WITHHELD);

	if (!json_is_array(list)) {
		list = json_array();
		json_put(record, FIELD_WITHHELD, list);
	}
	json_push(list,
		json_make("{s:s, s:{s:s}, s:{s:s}}", "field", maker_below(m, 9) ? name : "nothing",
			"reason", "ko", "까닭", "legal_basis", "ko", "법"));
	if (maker_below(m, 5))
		json_object_del(record, name);
}

static inline void maker_change(struct maker *m, json_t *record)
{
	size_t n;
	const struct field *fields = standard_fields(m->standard, &n);
	const struct field *f = &fields[maker_below(m, (unsigned)n)];

	switch (maker_below(m, 8)) {
	case 0:
		json_object_del(record, f->name);
		break;
	case 1:
		maker_withhold(m, record);
		break;
	case 2:
		json_put(record, maker_below(m, 4) ? f->name : "unknown", maker_odd(m));
		break;
	default:
		json_put(record, f->name, maker_value(m, f));
	}
}

/* The complete records are the demo's first filings. */
static inline struct maker maker_new(const struct standard *standard, uint64_t seed)
{
	struct maker m = {.random = seed, .standard = standard, .wholes = json_array()};
	glob_t found;

	if (glob("demo/systems/*.json", 0, NULL, &found) != 0)
		abort();
	for (size_t i = 0; i < found.gl_pathc; i++) {
		json_t *demo = json_load_file(found.gl_pathv[i], 0, NULL);
		json_t *history = json_object_get(demo, "history");

		json_push(m.wholes,
			json_incref(json_object_get(json_array_get(history, 0), "record")));
		json_decref(demo);
	}
	globfree(&found);
	return m;
}

/* The n-th record: every fourth is complete except for one change, which may be valid. */
static inline json_t *maker_next(struct maker *m)
{
	unsigned wholes = (unsigned)json_array_size(m->wholes);
	json_t *record = json_deep_copy(json_array_get(m->wholes, maker_below(m, wholes)));

	for (unsigned n = maker_below(m, 4); n > 0; n--)
		maker_change(m, record);
	return record;
}

static inline void maker_done(struct maker *m)
{
	json_decref(m->wholes);
}
