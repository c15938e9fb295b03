/* standard.h - the catalogue of fields that a record may and must have. Data, not code.
 *
 * Loaded from policies/standard.json (or a city's own), checked when loaded, then only read;
 * threads may share it. A record is a JSON object whose members are fields. Texts are objects with
 * one text per language: {"ko": "…", "en": "…"}. */
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
	const char *name; /* this and the following are borrowed from the standard */
	const char *group;
	enum field_type type;
	int64_t max;            /* characters, or items of a list */
	bool automatic;         /* the register fills it in; a filer must not */
	const json_t *json;     /* the whole entry: label, help, values, when … */
	const json_t *required; /* true, false or {field: [values]} */
	struct field *item;     /* of a list: the type of its items; NULL otherwise */
	struct field *members;  /* of an object */
	size_t members_n;
};

#define STANDARD_MAX MIB /* bytes of its file */

struct standard;
/* ERR_INVALID names the place and the rule that the file breaks (including unknown members).
 * Whoever loads the same text gets the same standard, and frees it as if it were the only one. */
MUST_CHECK enum err standard_load(const char *text, size_t len, struct standard **out);
/* The standard whose text has this SHA-256, if it is in memory; otherwise NULL. Freed as if loaded.
 */
struct standard *standard_loaded(const char *sha256);
/* The same for a file: ERR_INVALID also names the file and the line. `text` ends in a NUL. */
MUST_CHECK enum err standard_load_named(
	const char *name, const char *text, size_t len, struct standard **out);
/* The same, reading the file into `text`. */
MUST_CHECK enum err standard_load_file(const char *path, struct buf *text, struct standard **out);
/* Checks that a register with the standard `old` may adopt `new`. ERR_INVALID names the field and
 * the reason; see standard_follows.c. */
MUST_CHECK enum err standard_follows(const struct standard *old, const struct standard *new);
/* The first required language (base/languages.h) that the texts lack; NULL: none. */
const char *texts_lack(const json_t *texts);
void standard_free(struct standard *s);
const struct field *standard_field(const struct standard *s, const char *name); /* or NULL */
const struct field *standard_fields(const struct standard *s, size_t *n);
const json_t *standard_json(const struct standard *s); /* groups, title, version … */
/* The questions that citizens ask first about a record, in order: [{"field", "question", "with"?:
 * fields that belong to the answer}…]; NULL for an older standard without such a list. */
const json_t *standard_asked_first(const struct standard *s);
/* The names of the fields that a supplier may be asked to fill in; NULL: none. */
const json_t *standard_asked_of_supplier(const struct standard *s);
/* The requirements for a filing, as JSON Schema 2020-12 (standard_schema.c); a new reference. */
json_t *standard_schema(const struct standard *s);
int64_t standard_version(const struct standard *s);
size_t standard_record_max(const struct standard *s); /* bytes of a record, canonical */
/* Is the field required of this record, by its `required` rule? */
bool standard_requires(const struct field *f, const json_t *record);

/* The field of a record that lists withheld fields, each with a reason and a legal basis. */
#define FIELD_WITHHELD "withheld"
/* The record's entry for a field, or NULL. */
const json_t *standard_withheld(const json_t *record, const char *field);
/* Does the record withhold the field as the standard allows: with a reason and a legal basis, and
 * not listed in "never_withheld"? A standard without "never_withheld" allows no withholding. */
bool standard_withholds(const struct standard *s, const json_t *record, const char *field);
/* The field of a record that gives the origin of its texts: a list of {"language", "status",
 * "field"?}; without "field", for all texts in that language. An unlisted text is original in the
 * standard's own language, and translated by a person in any other. */
#define FIELD_TRANSLATIONS "translations"
enum translation { TRANSLATION_ORIGINAL, TRANSLATION_HUMAN, TRANSLATION_MACHINE };
enum translation standard_translation(
	const struct standard *s, const json_t *record, const char *field, const char *language);

/* The field of a record that lists the fields stated by a supplier that the department has not made
 * its own: {"field", "supplier", "date"?}. Without the list the record makes all statements
 * itself. */
#define FIELD_STATED "supplier_statements"
/* The record's entry for a field, or NULL. */
const json_t *standard_stated(const json_t *record, const char *field);
/* The department states the field itself from now on. */
void standard_own(json_t *record, const char *field);
/* The supplier does: the field is marked, once. */
void standard_state(json_t *record, const char *field, const char *supplier, const char *date);

/* The message of a rule between fields, in each language; NULL if there is none. */
const json_t *standard_rule_message(const struct standard *s, const char *id);

enum need {
	NEED_PRESENT =
		0,    /* an import: present values must be valid; the rest is shown as missing */
	NEED_ALL = 1, /* a filing: required fields must be present */
	NEED_REPLAYED = 2 /* added to either: for an entry already in a log, which may be older than
	                     the rule that a text must be visible */
};
/* Checks a record against the standard. Appends to `problems` (a JSON array) an object for every
 * rule broken: {"field": "name", "at": "name.ko", "rule": "too_long", "limit": 100, "got": 123}.
 * Rules: unknown_field, automatic, wrong_type (with "wanted", a type or "string", and "got"),
 * not_in_list (with "got" and "allowed"), too_long, too_many, missing (of an enum, with "allowed"),
 * empty, bad_language, language_missing (with "language": the one that every text of a filing must
 * have), bad_date, bad_month, bad_file, bad_url, bad_contact, bad_phone, character (with "got":
 * "U+202E"), line_break, html, link, image, nesting, record_too_large, not_an_object,
 * unknown_member; of assessments bad_policy, bad_fact, number_range, twice; of filings only,
 * withheld_unknown, withheld_never, withheld_filled, translation_unknown, stated_unknown, and
 * standard_rule (with "id") for the standard's own rules between fields. OK if no rule is broken,
 * else ERR_INVALID. */
MUST_CHECK enum err standard_check(
	const struct standard *s, const json_t *record, enum need need, json_t *problems);
/* The same, with `latest`, a text that begins with the latest day accepted for a "past" date. Adds
 * the rule ahead (with "got"). */
MUST_CHECK enum err standard_check_by(const struct standard *s, const json_t *record,
	enum need need, const char *latest, json_t *problems);
/* How many of the fields that the standard asks of this record are filled in. Facts for policies
 * count only if the standard requires them: the policies report missing facts. */
struct completeness {
	int filled, required, required_filled;
	int withheld; /* required and not filled, but withheld with a reason and a legal basis */
};
struct completeness standard_completeness(const struct standard *s, const json_t *record);
/* The one text to show of a text value: in `lang`, else in the first language of
 * `fallback` ("ko,en"), else in any. NULL if there is none. `*used` gets the language. */
const char *standard_text(const json_t *value, const char *lang, const char **used);
