#include "cli/verify_proof.h"

#include "base/file.h"
#include "cli/cli.h"
#include "registry/verify/receipt.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* The size of the largest receipt: its extra in base64, a path, and a note full of witnesses. */
#define PROOF_MAX (2 * MIB)

static const char TRUE_[] = "True: this entry is in the log that the key signed.";
static const char ENTRY[] = "entry";
static const char FALSE_[] = "False: ";
static const char UNKNOWN[] = "Not known: ";
static const char TYPE[] = "type";
static const char TIME[] = "time";
static const char BY[] = "by";
static const char ABOUT[] = "about";
static const char LOG[] = "log";
static const char TEXT[] = "This is the text that the entry speaks of, to the letter:";
static const char CONTENT[] = "This is the content that the entry speaks of, to the letter:";
static const char NO_CONTENT[] =
	"The entry speaks of a content that is not in the file, so it was not checked. Name it with --content. Its SHA-256 is";
static const char CARRIES_NONE[] =
	"The entry says all that it says itself; it speaks of no further content.";
static const char NOT_PROVED[] = "What this does not prove:";
static const char NOT_RIGHT[] = "that what was said is right, nor what became of it since";
static const char NOT_SAME[] =
	"that everyone is shown this same log: gaya verify URL --state FILE does";
static const char NOT_CLOCK[] = "that the clock was right: the time is the one that the entry says";
static const char NOT_WHO[] = "who sent it: the log says that it was received, not from whom";
static const char NOT_DEPARTMENT[] =
	"the department's own signature: which keys it had is in other entries";
static const char NOT_WITNESSES[] =
	"the signatures of other keys in the file, such as witnesses': not checked:";
static const char COSIGNED[] = "cosigned by";

static void print_member(const char *m, const char *value)
{
	emit(stdout, "  %s: %s\n", T(m), value);
}

/* Prints a word of the log for an author, with the reader's word for it. */
static void print_word(const char *m, const char *word)
{
	const char *said = T(word);
	AUTOFREE char *both = said == word ? mem_text(word) : mem_printf("%s (%s)", said, word);

	print_member(m, both);
}

/* The log's words for subjects, with the reader's words. */
static const struct {
	const char *subject, *words;
} subjects[] = {
	{"system", "the AI system"},
	{"feedback", "the question"},
	{"department", "the department"},
	{"policy", "the policy"},
	{"standard", "the registration standard"},
	{"content", "the content"},
	{"file", "the file"},
	{"list", "the list"},
	{"register", "the register"},
	{"log", "the log"},
};

/* The name in the content for an id, if it came along: in the reader's language, else in any. NULL:
 * none. */
static const char *name_in(const struct receipt *r)
{
	const json_t *record = json_object_get(r->event.content, "record");
	const json_t *names = json_object_get(record ? record : r->event.content, "name");
	const char *name = r->has_content ? json_str(names, cli_lang()) : NULL;

	if (r->has_content && !name)
		json_members (names, lang, text)
			name = json_string_value(text);
	return name;
}

static void print_subject(const char *subject, const char *id, const char *name)
{
	const char *said = subject;
	AUTOFREE char *about = NULL;

	for (size_t i = 0; i < COUNT(subjects); i++)
		if (strcmp(subjects[i].subject, subject) == 0)
			said = T(subjects[i].words);
	about = name ? mem_printf("%s %s (%s)", said, name, id) : mem_printf("%s %s", said, id);
	print_member(ABOUT, about);
}

/* Prints first what people know: the system, then the question about it. */
static void print_about(const struct receipt *r)
{
	const struct event *ev = &r->event;
	const char *subject = ev->type->subject->name, *system = event_str(ev, "system");
	bool named = strcmp(subject, "system") == 0 || strcmp(subject, "department") == 0;

	if (system && strcmp(subject, "system") != 0)
		print_subject("system", system, NULL);
	print_subject(subject, ev->subject, named ? name_in(r) : NULL);
}

static void print_witnesses(const struct receipt *r, const struct tlog_policy *policy)
{
	AUTO(buf) names = BUF(16 * KIB);

	if (policy)
		tlog_policy_names(policy, &r->verdict, true, &names);
	if (names.len)
		print_member(COSIGNED, buf_text(&names));
}

static void print_entry(const struct receipt *r, const struct tlog_policy *policy)
{
	const struct event *ev = &r->event;
	AUTOFREE char *at = time_shown(ev->at);

	emit(stdout, "%s\n\n  %s: %" PRIu64 "\n", T(TRUE_), T(ENTRY), r->index);
	print_member(LOG, r->checkpoint.origin);
	print_word(TYPE, ev->type->name);
	print_member(TIME, at);
	print_word(BY, ev->by);
	print_about(r);
	print_witnesses(r, policy);
	emit(stdout, "\n");
}

static void print_content(const struct receipt *r)
{
	const char *text = json_str(r->event.content, "text");
	AUTO(buf) all = BUF(4 * MIB);

	if (!r->event.sha256) {
		emit(stdout, "%s\n", T(CARRIES_NONE));
	} else if (!r->has_content) {
		emit(stdout, "%s %s\n", T(NO_CONTENT), r->event.sha256);
	} else if (text) {
		emit(stdout, "%s\n\n%s\n", T(TEXT), text);
	} else {
		json_pretty(r->event.content, &all);
		emit(stdout, "%s\n\n%s", T(CONTENT), buf_text(&all));
	}
}

static void print_not_proved(const struct receipt *r)
{
	emit(stdout, "\n%s\n  - %s\n  - %s\n  - %s\n", T(NOT_PROVED), T(NOT_RIGHT), T(NOT_SAME),
		T(NOT_CLOCK));
	if (strcmp(r->event.by, "citizen") == 0)
		emit(stdout, "  - %s\n", T(NOT_WHO));
	if (r->event.department)
		emit(stdout, "  - %s\n", T(NOT_DEPARTMENT));
	if (r->others)
		emit(stdout, "  - %s %zu\n", T(NOT_WITNESSES), r->others);
}

static json_t *cosigned_by(const struct receipt *r, const struct tlog_policy *policy)
{
	json_t *list = json_array();

	for (size_t i = 0; policy && i < policy->witnesses_n; i++)
		if (r->verdict.cosigned[i])
			json_push(list, json_text(policy->witnesses[i].key.name));
	return list;
}

static void print_as_json(
	enum err e, const char *why, const struct receipt *r, const struct tlog_policy *policy)
{
	json_t *o = json_make("{s:s,s:s?}", "result", e == OK ? "true" : err_kind(e)->name, "why",
		e == OK ? NULL : why);
	AUTO(buf) root = BUF(KIB);

	if (e == OK) {
		base64_add(&root, r->checkpoint.root.bytes, SHA256);
		json_put(o, "origin", json_text(r->checkpoint.origin));
		json_put(o, "size", json_integer((json_int_t)r->checkpoint.size));
		json_put(o, "root", json_text(buf_text(&root)));
		json_put(o, "index", json_integer((json_int_t)r->index));
		json_put(o, "event", event_json(&r->event));
		json_put(o, "content_checked", json_boolean(r->has_content));
		json_put(
			o, "content", r->has_content ? json_incref(r->event.content) : json_null());
		json_put(o, "cosigned_by", cosigned_by(r, policy));
		json_put(o, "signatures_not_checked", json_integer((json_int_t)r->others));
	}
	print_json(o);
	json_decref(o);
}

static void print_result(
	enum err e, const char *why, const struct receipt *r, const struct proof_arguments *a)
{
	if (a->json) {
		print_as_json(e, why, r, a->policy);
	} else if (e == OK) {
		print_entry(r, a->policy);
		print_content(r);
		print_not_proved(r);
	} else if (e == ERR_FALSE || e == ERR_NOT_FOUND) {
		emit(stdout, "%s%s\n", T(e == ERR_FALSE ? FALSE_ : UNKNOWN), why);
	}
}

static enum err read_named(const char *path, struct buf *bytes, const struct buf **out)
{
	if (!path)
		return OK;
	TRY(file_read(path, bytes));
	*out = bytes;
	return OK;
}

enum err verify_proof(const struct proof_arguments *a)
{
	AUTO(buf) proof = BUF(PROOF_MAX), entry = BUF(ENTRY_MAX), content = BUF(MIB);
	struct receipt_files files = {.proof = &proof, .policy = a->policy};
	AUTO(receipt) receipt = {0};
	AUTOFREE char *why = NULL;
	struct vkey key;
	enum err e;

	TRY(vkey_parse(a->key, &key));
	ENSURE(key.type == KEY_ED25519, ERR_INVALID,
		"the key %s is a witness's: name the log's own", key.name);
	files.key = &key;
	TRY(file_read(a->proof, &proof));
	TRY(read_named(a->entry, &entry, &files.entry));
	TRY(read_named(a->content, &content, &files.content));
	e = receipt_check(&files, &receipt);
	why = mem_text(err_why());
	print_result(e, why, &receipt, a);
	return e == OK ? OK : fail(e, "%s", why);
}
