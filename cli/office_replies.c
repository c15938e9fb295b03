#include "cli/office_replies.h"

#include "audit/key_file.h"
#include "base/crypto.h"
#include "base/text.h"
#include "cli/changes.h"
#include "cli/cli.h"
#include "cli/settings.h"
#include "registry/write/contact_key.h"
#include "web/view/parts.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum err office_print_people(struct office_command *c)
{
	const json_t *list = json_object_get(c->reply, "people");

	json_each (list, p) {
		bool gone = json_is_true(json_object_get(p, "dismissed"));

		tell(stdout, "%s  %-13s  %-24s  %lld keys%s\n", json_str(p, "person"),
			json_str(p, "role"), json_str(p, "department"),
			(long long)json_num(p, "keys"), gone ? T(", dismissed") : "");
	}
	if (!json_array_size(list))
		tell(stdout, "gaya: nobody was appointed yet\n");
	return OK;
}

enum err office_print_entry(struct office_command *c)
{
	tell(stdout, "gaya: entry %lld\n", (long long)json_num(c->reply, "entry"));
	return OK;
}

enum err office_print_submitted(struct office_command *c)
{
	tell(stdout,
		"gaya: entry %lld says that a list of %lld services was handed over on %s\n"
		"  the file's SHA-256: %s\n",
		(long long)json_num(c->reply, "entry"), (long long)json_num(c->reply, "services"),
		json_str(c->reply, "day"), json_str(c->reply, "file"));
	return OK;
}

enum err office_print_approved(struct office_command *c)
{
	tell(stdout, "gaya: entry %lld publishes version %lld\n",
		(long long)json_num(c->reply, "entry"), (long long)json_num(c->reply, "version"));
	return OK;
}

enum err office_print_forgotten(struct office_command *c)
{
	tell(stdout, json_is_true(json_object_get(c->reply, "erased"))
			     ? "gaya: the e-mail address is erased\n"
			     : "gaya: no e-mail address was kept for this question\n");
	return OK;
}

static void print_filings(const json_t *list)
{
	tell(stdout, "filings that wait for a decision: %zu\n", json_array_size(list));
	json_each (list, f) {
		AUTOFREE char *at = time_shown(json_str(f, "at"));

		tell(stdout, "  %-6lld %s by %s, %s ", (long long)json_num(f, "filing"),
			json_str(f, "system"), json_str(f, "department"), at);
		if (json_num(f, "version"))
			tell(stdout, "(version %lld is published)\n",
				(long long)json_num(f, "version"));
		else
			tell(stdout, "(nothing of it is published yet)\n");
	}
}

static void print_questions(const char *what, const json_t *list)
{
	emit(stdout, "%s: %zu\n", T(what), json_array_size(list));
	json_each (list, q) {
		const char *text = json_str(q, "text"), *system = json_str(q, "system");
		AUTOFREE char *at = time_shown(json_str(q, "at"));

		tell(stdout, "  %s %-6lld about %s, %s\n", json_str(q, "feedback"),
			(long long)json_num(q, "entry"),
			system ? system : T("no system in particular"), at);
		emit(stdout, "    %s\n", text ? text : T("(its text was erased)"));
	}
}

/* The status of a question, for those who decide; personal data is marked. */
static void print_standing(const json_t *q)
{
	const char *text = json_str(q, "text"), *name = json_str(q, "name");
	const char *system = json_str(q, "system"), *state = json_str(q, "state");
	AUTOFREE char *at = time_shown(json_str(q, "at"));

	tell(stdout, "  %s %-6lld about %s, %s\n", json_str(q, "id"),
		(long long)json_num(q, "latest"), system ? system : T("no system in particular"),
		at);
	if (json_is_true(json_object_get(q, "withdrawn")))
		tell(stdout, "withdrawn by its author\n");
	else if (state && strcmp(state, "published") == 0)
		tell(stdout, "published\n");
	else if (state && strcmp(state, "withheld") == 0)
		tell(stdout, "withheld\n");
	else
		tell(stdout, "nothing is decided yet\n");
	emit(stdout, "%s%s%s\n", name ? name : "", name ? ": " : "",
		text ? text : T("(its text was erased)"));
	if (json_str(q, "merged_into"))
		tell(stdout, "merged into %s\n", json_str(q, "merged_into"));
	if (json_str(json_object_get(q, "shown"), "text"))
		tell(stdout, "shown to everyone as: %s\n",
			json_str(json_object_get(q, "shown"), "text"));
	if (json_str(q, "code"))
		tell(stdout, "withheld for this reason of the published list: %s\n",
			json_str(q, "code"));
	json_members (json_object_get(q, "reason"), lang, reason)
		tell(stdout, "withheld because (%s): %s\n", lang, json_string_value(reason));
	json_each (json_object_get(q, "answers"), answer)
		json_members (json_object_get(answer, "text"), lang, said)
			tell(stdout,
				json_is_true(json_object_get(answer, "personal"))
					? "answered only to the person who asked (%s): %s\n"
					: "answered (%s): %s\n",
				lang, json_string_value(said));
}

enum err office_print_question(struct office_command *c)
{
	print_standing(c->reply);
	return OK;
}

/* Most withheld questions contain personal data, so publishing one needs confirmation. */
enum err office_ask_if_withheld(struct office_command *c)
{
	json_auto_t *question = NULL;
	const char *state;

	TRY(office_call(c->office,
		json_make("{s:s,s:O}", "do", "feedback", "feedback",
			json_object_get(c->request, "feedback")),
		NULL, &question));
	state = json_str(question, "state");
	if (!state || strcmp(state, "withheld") != 0)
		return OK;
	if (!c->json)
		print_standing(question);
	fflush(stdout);
	if (!c->yes &&
		!confirmed("This question was withheld. Show its text to everyone all the same?"))
		return fail(ERR_DENIED, "the question stays withheld");
	json_put(c->request, "withheld", json_true());
	return OK;
}

/* --- a flood --- */

static void print_sample(const json_t *one)
{
	const char *text = json_str(one, "text"), *network = json_str(one, "network");
	const char *system = json_str(one, "system");
	AUTOFREE char *begin = text ? mem_bytes(text, text_prefix(text, 200)) : NULL;
	AUTOFREE char *shown = text_shown(begin ? begin : T("(its text was erased)"), false);
	AUTOFREE char *at = time_shown(json_str(one, "at"));

	tell(stdout, "  %s about %s, network %s\n", at,
		system ? system : T("no system in particular"), network ? network : T("unknown"));
	emit(stdout, "    %s\n", shown);
}

static void print_flood(const json_t *flood)
{
	tell(stdout, "questions from %s to %s that nothing is decided about: %lld\n",
		json_str(flood, "from"), json_str(flood, "until"),
		(long long)json_num(flood, "count"));
	tell(stdout, "questions of that time that are decided, and stay: %lld\n",
		(long long)json_num(flood, "decided"));
	tell(stdout, "networks that they came from, as hashes that are kept for a day:\n");
	json_each (json_object_get(flood, "networks"), one) {
		const char *network = json_str(one, "network");

		emit(stdout, "  %-16s %lld\n", network ? network : T("unknown"),
			(long long)json_num(one, "questions"));
	}
	tell(stdout, "the first and the last of them:\n");
	json_each (json_object_get(flood, "samples"), one)
		print_sample(one);
	fflush(stdout);
}

/* A number proves that the user has looked, unlike --yes. */
enum err office_ask_sweep(struct office_command *c)
{
	json_auto_t *request = json_copy(c->request), *flood = NULL;

	json_put(request, "do", json_text("flood"));
	TRY(office_call(c->office, json_incref(request), NULL, &flood));
	ENSURE(!c->yes || json_object_get(c->request, "count"), ERR_INVALID,
		"--yes needs the number of questions that are to be erased: --yes %lld",
		(long long)json_num(flood, "count"));
	if (!c->json)
		print_flood(flood);
	if (c->yes || json_num(flood, "count") == 0) {
		if (!json_object_get(c->request, "count")) /* none: the operation reports it */
			json_put(c->request, "count", json_integer(0));
		return OK;
	}
	ENSURE(confirmed(
		       "Hold all of these back and erase their texts, for good, in one entry of the log?"),
		ERR_INVALID, "nothing was changed");
	json_put(c->request, "count", json_incref(json_object_get(flood, "count")));
	return OK;
}

enum err office_print_swept(struct office_command *c)
{
	tell(stdout, "gaya: entry %lld holds back and erases %lld questions\n",
		(long long)json_num(c->reply, "entry"), (long long)json_num(c->reply, "questions"));
	return OK;
}

static const char *text_in(const json_t *texts, const char *lang)
{
	const char *text = json_str(texts, lang);

	if (!text)
		json_members (texts, first, one)
			return json_string_value(one);
	return text;
}

/* The label of the entry in `list` whose `member` has this value, in the reader's language; a
 * value without an entry as it is. A policy's level may be a number. */
static char *label_of(const json_t *list, const char *member, const json_t *value)
{
	json_each (list, one) {
		const char *label = text_in(json_object_get(one, "label"), cli_lang());

		if (label && json_equal(json_object_get(one, member), value))
			return mem_text(label);
	}
	if (json_is_integer(value))
		return mem_printf("%lld", (long long)json_integer_value(value));
	return mem_text(json_is_string(value) ? json_string_value(value) : T("nothing"));
}

/* `policy`: {"title", "levels"}; NULL for one that is retired. */
static void print_level(const json_t *policy, const json_t *pair)
{
	const json_t *levels = json_object_get(policy, "levels");
	AUTOFREE char *was = label_of(levels, "level", json_array_get(pair, 0)),
		      *is = label_of(levels, "level", json_array_get(pair, 1));

	if (pair)
		tell(stdout, "      its level: %s; before: %s\n", is, was);
}

/* `words`: {id: texts}; a duty that is owed no longer has none. */
static void print_duties_named(const char *what, const json_t *ids, const json_t *words)
{
	if (json_array_size(ids) > 0)
		emit(stdout, "      %s:\n", what);
	json_each (ids, one) {
		const char *id = json_string_value(one);
		const char *text = text_in(json_object_get(words, id), cli_lang());

		emit(stdout, "        %s%s%s\n", text ? text : "", text ? " " : "", id);
	}
}

/* By policy, from judgement_changes(). */
static void print_judgement_changes(const json_t *judged, const json_t *policies)
{
	const json_t *changes = json_object_get(judged, "changes");
	const json_t *words = json_object_get(judged, "duties");

	json_each (json_object_get(changes, "policies"), one) {
		const json_t *policy = json_object_get(policies, json_str(one, "policy"));
		const char *title = text_in(json_object_get(policy, "title"), cli_lang());

		emit(stdout, "    %s\n", title ? title : json_str(one, "policy"));
		print_level(policy, json_object_get(one, "level"));
		print_duties_named(T("new duties"), json_object_get(one, "added"), words);
		print_duties_named(
			T("duties no longer owed"), json_object_get(one, "removed"), words);
		print_duties_named(T("duties that are no longer shown to be met"),
			json_object_get(one, "now_unmet"), words);
		print_duties_named(T("duties that are shown to be met now"),
			json_object_get(one, "now_met"), words);
		print_duties_named(T("duties that are due on another day"),
			json_object_get(one, "moved"), words);
	}
}

/* How the policies' judgement changed since the publication. */
static void print_judged(const json_t *reply, const json_t *risks)
{
	const json_t *list = json_object_get(reply, "judged");

	tell(stdout, "systems whose level or duties changed since they were published: %zu\n",
		json_array_size(list));
	json_each (list, one) {
		const json_t *risk = json_object_get(one, "risk"),
			     *level = json_object_get(one, "level");
		AUTOFREE char *was = label_of(risks, "value", risk),
			      *is = label_of(risks, "value", level);

		if (json_is_string(risk) && json_equal(risk, level))
			tell(stdout,
				"  %s, published as %s: the same level, but other duties or reviews\n",
				json_str(one, "system"), was);
		else
			tell(stdout, "  %s, published as %s: the policies now say %s%s\n",
				json_str(one, "system"), was, is,
				json_is_true(json_object_get(one, "laxer"))
					? T("; ask its department for a new filing")
					: "");
		print_judgement_changes(one, json_object_get(reply, "words"));
	}
}

static void print_duties(const json_t *reply)
{
	const json_t *list = json_object_get(reply, "duties");

	tell(stdout,
		"duties that are overdue or due within %lld days, and not shown to be met: %zu\n",
		(long long)json_num(reply, "duties_within"), json_array_size(list));
	json_each (list, one) {
		const char *text =
			text_in(json_object_get(json_object_get(one, "about"), "text"), cli_lang());
		long long days = json_num(one, "days");

		emit(stdout, "  %s (%s) ", json_str(one, "slug"), json_str(one, "department"));
		if (days < 0)
			tell(stdout, "overdue since %s", json_str(one, "due"));
		else
			tell(stdout, "due %s, in %lld days", json_str(one, "due"), days);
		emit(stdout, ": %s: %s\n", json_str(one, "duty"), text ? text : "");
	}
}

/* Systems filed before a policy was adopted: their departments must file again and answer it. */
static void print_unassessed(const json_t *list)
{
	tell(stdout,
		"systems that do not answer a policy; ask their departments for a new filing: %zu\n",
		json_array_size(list));
	json_each (list, one) {
		const char *title = text_in(json_object_get(one, "title"), cli_lang());

		emit(stdout, "  %s (%s): %s\n", json_str(one, "system"),
			json_str(one, "department"), title ? title : json_str(one, "policy"));
		json_each (json_object_get(one, "asks"), ask) {
			const char *label = text_in(json_object_get(ask, "label"), cli_lang());

			emit(stdout, "    %s\n", label ? label : json_str(ask, "fact"));
		}
	}
}

static enum err load_standard(struct office_command *c, struct standard **out)
{
	AUTO(buf) text = BUF(MIB);
	json_auto_t *reply = NULL;

	TRY(office_call(c->office, json_make("{s:s}", "do", "standard"), NULL, &reply));
	json_canonical(json_object_get(reply, "standard"), &text);
	TRY(buf_check(&text, "the standard"));
	return standard_load(buf_text(&text), text.len, out);
}

enum err office_print_waiting(struct office_command *c)
{
	const struct field *risk;
	struct standard *standard;

	TRY(load_standard(c, &standard));
	risk = standard_field(standard, FIELD_RISK);
	print_filings(json_object_get(c->reply, "filings"));
	print_judged(c->reply, risk ? json_object_get(risk->json, "values") : NULL);
	standard_free(standard);
	print_duties(c->reply);
	print_unassessed(json_object_get(c->reply, "unassessed"));
	print_questions("questions to publish or withhold", json_object_get(c->reply, "feedback"));
	print_questions(
		"published questions without an answer", json_object_get(c->reply, "unanswered"));
	return OK;
}

/* The level that the policies derive, the reasons, and the unmet duties. */
static void print_judgement(const json_t *judgement)
{
	const char *level = json_str(judgement, "level");

	if (!json_is_object(judgement))
		return;
	tell(stdout, "\nthe policies derive: %s\n", level ? level : T("nothing"));
	json_each (json_object_get(judgement, "policies"), one) {
		json_each (json_object_get(one, "reasons"), item)
			emit(stdout, "  %s: %s\n", json_str(one, "policy"), json_str(item, "rule"));
		json_each (json_object_get(one, "duties"), item)
			if (!json_is_true(json_object_get(item, "met")))
				tell(stdout, "  %s: not shown to be met: %s\n",
					json_str(one, "policy"), json_str(item, "id"));
	}
}

enum err office_print_filing(struct office_command *c)
{
	const json_t *r = c->reply, *record = json_object_get(r, "record");
	const char *signer = json_str(r, "signer");
	AUTOFREE char *at = time_shown(json_str(r, "at"));
	struct standard *standard;
	enum err e;

	TRY(load_standard(c, &standard));
	tell(stdout, "%s, filed by %s, %s: %s\n", json_str(r, "system"), json_str(r, "department"),
		at, T(json_str(r, "outcome")));
	tell(stdout, "signed with %s\n", signer ? signer : T("no key: it was imported"));
	tell(stdout, "content %s\n\nchanges\n", json_str(r, "sha256"));
	print_changes(standard, json_object_get(r, "changes"), stdout);
	e = print_doubts(standard, json_object_get(r, "doubts"), stdout);
	print_judgement(json_object_get(r, "judgement"));
	tell(stdout, "\nthe whole record\n");
	if (json_is_object(record))
		print_record(standard, record, stdout);
	else
		tell(stdout, "  it was erased\n");
	standard_free(standard);
	return e;
}

/* --- e-mail addresses: only the holder of the contact key can open them --- */

static enum err open_contact(const char *dir, const char *sealed, struct buf *out)
{
	AUTO(buf) box = BUF(4 * KIB), passphrase = BUF(KIB);
	enum err e;

	ENSURE(sealed, ERR_CORRUPT, "the register gave no sealed address");
	TRY(base64_parse(sealed, strlen(sealed), &box));
	e = key_passphrase(&passphrase);
	if (e == OK)
		e = contact_key_open(dir, &passphrase, buf_text(&box), box.len, out);
	if (passphrase.data)
		crypto_wipe(passphrase.data, passphrase.cap);
	return e;
}

enum err office_print_contact(struct office_command *c)
{
	AUTO(buf) email = BUF(4 * KIB);

	TRY(open_contact(c->dir, json_str(c->reply, "sealed"), &email));
	emit(stdout, "%s\n", buf_text(&email));
	return OK;
}

enum err office_print_file(struct office_command *c)
{
	const char *base64 = json_str(c->reply, "base64");
	AUTO(buf) bytes = BUF(ATTACHMENT_MAX);

	ENSURE(!isatty(STDOUT_FILENO), ERR_INVALID,
		"the file is not text: send it to a file, as in `gaya office … show-file %.8s… "
		">report.pdf`",
		json_str(c->request, "sha256"));
	ENSURE(base64, ERR_CORRUPT, "the register gave no file");
	TRY(base64_parse(base64, strlen(base64), &bytes));
	TRY(buf_check(&bytes, "the file"));
	ENSURE(fwrite(bytes.data, 1, bytes.len, stdout) == bytes.len && fflush(stdout) == 0,
		ERR_SYSTEM, "the file could not be written");
	return OK;
}

enum err office_print_settings(struct office_command *c)
{
	settings_print(json_object_get(c->reply, "settings"));
	return OK;
}

/* A text that was not changed with its original is outdated. */
static void print_left_behind(const json_t *list)
{
	json_each (list, one)
		tell(stdout,
			"%s (%s) stays as it was, although the text that it translates changes\n",
			json_str(one, "setting"), json_str(one, "language"));
}

enum err office_ask_change(struct office_command *c)
{
	json_auto_t *trial = NULL, *reply = NULL;

	if (c->yes)
		return OK;
	trial = json_copy(c->request);
	json_put(trial, "dry_run", json_true());
	TRY(office_call(c->office, json_incref(trial), NULL, &reply));
	settings_print_changes(json_object_get(reply, "changes"));
	print_left_behind(json_object_get(reply, "left_behind"));
	fflush(stdout);
	ENSURE(confirmed("Change the register so, for everyone to see, in an entry of its log?"),
		ERR_INVALID, "nothing was changed");
	return OK;
}
