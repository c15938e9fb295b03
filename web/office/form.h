/* form.h - the form of a record, made from the standard and the policies in force.
 *
 * A form has steps: one for each group of the standard, one for the questions of each policy. The
 * name of an input is the path of its value: "goal.ko", "supervisor.0.phone",
 * "assessments.gimhae.safety". So a problem that standard_check() finds belongs to the input of
 * that name. Each list also has an empty input with its own name, which tells a list without items
 * from a list that the form does not contain.
 *
 * A record that passes through form_view(), a browser and form_read() stays the same, even where
 * parts of it are unknown to the standard: a missing input changes nothing. */
#pragma once
#include "registry/policy/policy.h"
#include "registry/standard/standard.h"
#include "web/office/form_body.h"

#define FORM_LANGUAGES 12
#define FORM_POLICIES 20
#define FORM_STEP 100
#define FORM_ITEMS 1000 /* accepted in a list; the standard allows fewer */

struct form {
	const struct standard *standard;
	const struct policy *policies[FORM_POLICIES]; /* in force; borrowed */
	size_t policies_n;
	const char *languages[FORM_LANGUAGES]; /* of the register, for its texts; borrowed */
	size_t languages_n;
	const char *lang; /* the reader's language, and two words in it */
	const char *yes, *no;
	bool previewed; /* previews of Markdown are open */
	/* The facts about a file that a value names: {"sha256", "size"}, or null; may be NULL. */
	json_t *(*file)(const void *arg, const char *sha256);
	const void *file_arg;
};

/* The name of a step in addresses: a group's name, or "policy-" and a policy's id. */
struct form_step {
	char name[FORM_STEP];
	const json_t *group;         /* of the standard; or NULL */
	const struct policy *policy; /* or NULL */
	const json_t *names;         /* of its fields, of any group; or NULL */
};
size_t form_steps_n(const struct form *form);
void form_step(const struct form *form, size_t i, struct form_step *out);
/* ERR_NOT_FOUND if there is no such step. */
MUST_CHECK enum err form_step_named(
	const struct form *form, const char *name, struct form_step *out);
/* Does this step contain the field? No step contains automatic fields. */
bool form_step_has(const struct form_step *step, const struct field *f);
/* The step in which a problem can be fixed; false if there is none. */
bool form_step_of_problem(const struct form *form, const json_t *problem, struct form_step *out);
/* A problem's path ("risks[2].mitigation.ko") as the id of an input; the caller frees. */
char *form_place(const char *at);
/* The list of an item such as "supervisor.0": its name in the standard, or NULL. A browser may send
 * any `item`, or none. */
const char *form_list_of(const struct form *form, const char *item);
/* Does this member of a list's items name a field of the record, or a language? True for lists
 * about the record itself: withheld fields, sources of translations. */
bool form_names_field(const struct field *list, const struct field *member);
bool form_names_language(const struct field *list, const struct field *member);
/* Does the field hold texts, and are they Markdown? */
bool form_has_texts(const struct field *f);
bool form_has_markdown(const struct field *f);
/* The languages of a text: the register's, then others that the text has. */
size_t form_languages_of(
	const struct form *form, const json_t *text, const char *out[FORM_LANGUAGES]);
/* A question's value as the text of an input; the caller frees. */
char *form_fact(const json_t *value);

/* One step: {"fields": [field…]}. A field, and within lists an item and a member, is
 *   {"id", "label", "help", "when", "format": texts or null, "example" or null, "heading" or null,
 *    "required": bool, "errors": [text…], "wrong": bool, "described": ids of its descriptions,
 *    "single": bool: `id` is that of its one input}
 * and one of these, the others null:
 *   "texts"   {"rows": [{"id", "lang", "language", "value", "area": bool, "lines", "errors",
 *              "wrong", "described", "hints": {"list": [text…]} or null,
 *              "preview": {"html", "open": bool} of Markdown or null}…], "long": bool}
 *   "input"   {"value", "type", "mode", "narrow": bool, "file": {"attached": form.file's} or null}
 *   "select", "radios"  {"options": [option…], "none": bool: none is chosen}
 *   "checks"  {"options": [{"id", "name", "value", "label", "help", "checked", "selected"}…]}
 *   "items"   {"rows": [{"id", "title", "n", "object": bool, "fields": [field…], "errors", "wrong",
 *              "described"}…], "full", "object", "any": bool}
 * `problems`: those of standard_check(), each with its sentence as "text". Only those of this step
 * are shown; one with "hint": true is shown as a hint (hints.h), not as an error. `more`: a list
 * that gets one more empty item; or NULL. */
json_t *form_view(const struct form *form, const struct form_step *step, const json_t *record,
	const json_t *problems, const char *more);

/* Copies the values of the step from `body` to `record`. `without`: an item to remove,
 * "supervisor.0"; or NULL. ERR_INVALID for a text with more combining marks than any script needs;
 * the record is then unchanged. */
MUST_CHECK enum err form_read(const struct form *form, const struct form_step *step,
	const struct form_body *body, const char *without, json_t *record);
