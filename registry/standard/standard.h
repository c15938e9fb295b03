/* standard.h - the catalogue of fields: what a record may and must say. Data, not code.
 *
 * Loaded from policies/standard.json (or a city's own), checked when loaded, then only read;
 * threads may share it. A record is a JSON object whose members are fields. Texts are objects
 * with one text per language: {"ko": "…", "en": "…"}. */
#pragma once
#include "base/json.h"

enum field_type {
#define TYPE(id, ...) TYPE_##id,
#define FORM TYPE
#define DAYS TYPE
#include "registry/standard/types.def"
#undef TYPE
#undef FORM
#undef DAYS
	TYPES
};

struct field {
	const char *name; /* this and what follows: borrowed from the standard */
	const char *group;
	enum field_type type;
	int64_t max;            /* characters, or items of a list */
	bool automatic;         /* the register fills it in; a filer must not */
	const json_t *json;     /* the whole entry: label, help, values, when … */
	const json_t *required; /* true, false or {field: [values]} */
	struct field *item;     /* of a list: what its items are; NULL otherwise */
	struct field *members;  /* of an object */
	size_t members_n;
};

#define STANDARD_MAX MIB /* bytes of its file */

struct standard;
/* ERR_INVALID with the place and the rule that the file breaks (unknown members included). */
MUST_CHECK enum err standard_load(const char *text, size_t len, struct standard **out);
/* The same of a file: ERR_INVALID also names the file and the line. `text` ends in a NUL. */
MUST_CHECK enum err standard_load_named(
	const char *name, const char *text, size_t len, struct standard **out);
/* The same, and reads it into `text`. */
MUST_CHECK enum err standard_load_file(const char *path, struct buf *text, struct standard **out);
/* May a register that has the one adopt the other? ERR_INVALID with the field and the reason; see
 * standard_follows.c. */
MUST_CHECK enum err standard_follows(const struct standard *old, const struct standard *new);
/* The first language in which these must be and are not (base/languages.h); NULL: they are whole.
 */
const char *texts_lack(const json_t *texts);
void standard_free(struct standard *s);
const struct field *standard_field(const struct standard *s, const char *name); /* or NULL */
const struct field *standard_fields(const struct standard *s, size_t *n);
const json_t *standard_json(const struct standard *s); /* groups, title, version … */
/* What citizens ask first of a record, in order: [{"field", "question", "with"?: fields that belong
 * to the answer}…]; NULL of a standard from before there was such a list. */
const json_t *standard_asked_first(const struct standard *s);
/* What it asks of a filing, as JSON Schema 2020-12 (standard_schema.c); a new reference. */
json_t *standard_schema(const struct standard *s);
int64_t standard_version(const struct standard *s);
size_t standard_record_max(const struct standard *s); /* bytes of a record, canonical */
/* Is the field required of this record, by its `required` rule? */
bool standard_requires(const struct field *f, const json_t *record);

/* The field of a record that lists what it does not say, each with a reason and a law. */
#define FIELD_WITHHELD "withheld"
/* The record's entry for a field, or NULL. */
const json_t *standard_withheld(const json_t *record, const char *field);
/* Does the record withhold it as the standard allows: with a reason and a legal basis, and not
 * one of those that may never be? A standard without "never_withheld" allows it of none. */
bool standard_withholds(const struct standard *s, const json_t *record, const char *field);
/* The field of a record that says where its texts come from: a list of {"language", "status",
 * "field"?}; without "field", of all texts in that language. What is not listed is original in the
 * standard's own language, and translated by a person in any other. */
#define FIELD_TRANSLATIONS "translations"
enum translation { TRANSLATION_ORIGINAL, TRANSLATION_HUMAN, TRANSLATION_MACHINE };
enum translation standard_translation(
	const struct standard *s, const json_t *record, const char *field, const char *language);

/* The message of a rule between fields, a text in each language; NULL where there is none. */
const json_t *standard_rule_message(const struct standard *s, const char *id);

enum need {
	NEED_PRESENT = 0, /* an import: what is there must be right; the rest is shown as missing */
	NEED_ALL = 1,     /* a filing: what is required must be there */
	NEED_REPLAYED = 2 /* beside either: of an entry that a log holds already, which may be older
	                   * than the rule that a text must show something */
};
/* Checks a record against the standard. Appends to `problems` (a JSON array) an object for
 * every rule broken: {"field": "name", "at": "name.ko", "rule": "too_long", "limit": 100,
 * "got": 123}. Rules: unknown_field, automatic, wrong_type (with "wanted", a type or "string",
 * and "got"), not_in_list (with "got" and "allowed"), too_long, too_many, missing (of an enum,
 * with "allowed"), empty, bad_language, language_missing (with "language": that every text of a
 * filing must have), bad_date, bad_month, bad_file, bad_url, bad_contact, bad_phone, character
 * (with "got": "U+202E"), line_break, html, link, image, nesting, record_too_large, not_an_object,
 * unknown_member; of assessments bad_policy, bad_fact, number_range, twice; of filings only,
 * withheld_unknown, withheld_never, withheld_filled, translation_unknown, and standard_rule (with
 * "id") for the standard's own rules between fields. OK when there are none, else ERR_INVALID. */
MUST_CHECK enum err standard_check(
	const struct standard *s, const json_t *record, enum need need, json_t *problems);
/* Also with the latest day, at the beginning of a text, on which what is "past" can have happened.
 * One more rule: ahead (with "got"). */
MUST_CHECK enum err standard_check_by(const struct standard *s, const json_t *record,
	enum need need, const char *latest, json_t *problems);
/* How much of what the standard asks of this record is filled in: counts of fields. Facts for
 * policies count only where the standard requires them: the policies say what they lack. */
struct completeness {
	int filled, required, required_filled;
	int withheld; /* required, not filled, but withheld with a reason and a legal basis */
};
struct completeness standard_completeness(const struct standard *s, const json_t *record);
/* The one text to show of a text value: in `lang`, else in the first language of
 * `fallback` ("ko,en"), else in any. NULL if there is none. `*used` gets the language. */
const char *standard_text(const json_t *value, const char *lang, const char **used);
