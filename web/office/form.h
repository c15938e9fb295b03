/* form.h - the form of a record, made from the standard and the policies in force.
 *
 * A form goes in steps: one for each group of the standard, one for the questions of each policy.
 * An input is named by the place of its value: "goal.ko", "supervisor.0.phone",
 * "assessments.gimhae.safety"; so a problem that standard_check() finds belongs to the input of
 * that name. Beside what is asked, a form has an empty input of a list's name, by which a list
 * that lost all its items is told from one that the form does not have.
 *
 * What goes round - record, form_view(), a browser, form_read() - is the same record, also where
 * nobody knows what some of it means: an input that did not come in changes nothing. */
#pragma once
#include "registry/policy/policy.h"
#include "registry/standard/standard.h"
#include "web/office/form_body.h"

#define FORM_LANGUAGES 12
#define FORM_POLICIES 20
#define FORM_STEP 100
#define FORM_ITEMS 1000 /* of a list that come in; the standard allows fewer */

struct form {
	const struct standard *standard;
	const struct policy *policies[FORM_POLICIES]; /* in force; borrowed */
	size_t policies_n;
	const char *languages[FORM_LANGUAGES]; /* of the register, borrowed: texts in each */
	size_t languages_n;
	const char *lang; /* the reader's, and two words of it */
	const char *yes, *no;
	bool previewed; /* previews of Markdown are open */
	/* What is known of a file that a value names: {"sha256", "size"}, or null; may be NULL. */
	json_t *(*file)(const void *arg, const char *sha256);
	const void *file_arg;
};

/* A step's name in addresses: a group's, or "policy-" and a policy's id. */
struct form_step {
	char name[FORM_STEP];
	const json_t *group;         /* of the standard; or NULL */
	const struct policy *policy; /* or NULL */
	const json_t *names; /* of the fields that it asks, whatever their groups; or NULL */
};
size_t form_steps_n(const struct form *form);
void form_step(const struct form *form, size_t i, struct form_step *out);
/* ERR_NOT_FOUND where there is no such step. */
MUST_CHECK enum err form_step_named(
	const struct form *form, const char *name, struct form_step *out);
/* Is a field asked in this step? Automatic ones are in none. */
bool form_step_has(const struct form_step *step, const struct field *f);
/* The step in which a problem can be mended; false where none can. */
bool form_step_of_problem(const struct form *form, const json_t *problem, struct form_step *out);
/* A problem's place ("risks[2].mitigation.ko") as the id of an input; the caller frees. */
char *form_place(const char *at);
/* Does this member of a list's item name a field of the record, or a language? For lists that are
 * about the record itself: what is withheld, where translations come from. */
bool form_names_field(const struct field *list, const struct field *member);
bool form_names_language(const struct field *list, const struct field *member);
/* Does the field hold texts; in Markdown? */
bool form_has_texts(const struct field *f);
bool form_has_markdown(const struct field *f);
/* The languages of a text: the register's, then others that it has. */
size_t form_languages_of(
	const struct form *form, const json_t *text, const char *out[FORM_LANGUAGES]);
/* A question's value as an input has it; the caller frees. */
char *form_fact(const json_t *value);

/* One step: {"fields": [field…]}. A field, and within lists an item and a member, is
 *   {"id", "label", "help", "when", "format": texts or null, "example" or null, "heading" or null,
 *    "required": bool, "errors": [text…], "wrong": bool, "described": ids of what describes it,
 *    "single": bool: `id` is its one input's}
 * and one of these, the others null:
 *   "texts"   {"rows": [{"id", "lang", "language", "value", "area": bool, "lines", "errors",
 *              "wrong", "described", "hints": {"list": [text…]} or null,
 *              "preview": {"html", "open": bool} of Markdown or null}…], "long": bool}
 *   "input"   {"value", "type", "mode", "narrow": bool, "file": {"attached": form.file's} or null}
 *   "select", "radios"  {"options": [option…], "none": bool, that none is chosen}
 *   "checks"  {"options": [{"id", "name", "value", "label", "help", "checked", "selected"}…]}
 *   "items"   {"rows": [{"id", "title", "n", "object": bool, "fields": [field…], "errors", "wrong",
 *              "described"}…], "full", "object", "any": bool}
 * `problems`: as standard_check() gives them, each with its sentence as "text"; those of this step
 * are shown. One with "hint": true is shown as a hint (hints.h) and not as an error. `more`: a list
 * that gets an empty item more; or NULL. */
json_t *form_view(const struct form *form, const struct form_step *step, const json_t *record,
	const json_t *problems, const char *more);

/* Takes what `body` says of the step into `record`. `without`: an item that is taken out,
 * "supervisor.0"; or NULL. ERR_INVALID for a text of more combining marks than any writing has:
 * then the record is left as it was. */
MUST_CHECK enum err form_read(const struct form *form, const struct form_step *step,
	const struct form_body *body, const char *without, json_t *record);
