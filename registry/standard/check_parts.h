/* check_parts.h - shared by the files that check a record. */
#pragma once
#include "registry/standard/standard.h"

#define PROBLEMS_MAX 200
#define LANGUAGES_MAX 12

struct check {
	const struct standard *standard;
	json_t *problems;
	enum need need;
	size_t found;
	const char *language; /* the language that a filing's texts must have; NULL for none */
	const char *latest;   /* the latest day that is accepted as past; NULL: any */
	size_t markdown_max;  /* bytes */
};

/* A position in the record, formatted only for a problem there. */
struct record_path {
	const struct record_path *up;
	const char *name; /* NULL: an item of a list, by `index` */
	size_t index;
};
extern const struct record_path record_whole;

/* Adds a problem; takes over `more`, an object with further members, or NULL. */
void problem(struct check *c, const struct record_path *path, const char *rule, json_t *more);
/* `wanted`: a type of the standard, or "string" within a text. */
void wrong_type(
	struct check *c, const struct record_path *path, const char *wanted, const json_t *value);
json_t *got_number(size_t limit, size_t got);
json_t *got_text(const char *s);

/* Checks a string by the rules of its field: characters, length, form. */
void check_string(struct check *c, const struct field *f, const struct record_path *path,
	const json_t *value);
/* assessments.c */
void check_assessments(struct check *c, const struct record_path *path, const json_t *value);
/* check_rules.c: the rules for filings only. */
void check_rules(struct check *c, const json_t *record);
/* translation.c */
void check_translations(struct check *c, const json_t *record);
/* stated.c */
void check_stated(struct check *c, const json_t *record);
