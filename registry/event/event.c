#include "registry/event/event.h"

#include "base/env.h"
#include "base/pdf.h"
#include "base/sha256.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

const char *event_str(const struct event *ev, const char *member)
{
	struct line_value v;

	return event_line_get(&ev->members, NULL, member, &v) ? v.text : NULL;
}

int64_t event_num(const struct event *ev, const char *member)
{
	struct line_value v;

	return event_line_get(&ev->members, NULL, member, &v) ? v.number : 0;
}

json_t *event_json(const struct event *ev)
{
	json_t *tree = json_loadb(ev->line.data, ev->line.len - 1, 0, NULL);

	if (!tree)
		abort(); /* it was read successfully before */
	return tree;
}

void event_done(struct event *ev)
{
	event_line_done(&ev->members);
	json_decref(ev->content);
	free(ev->signer);
	*ev = (struct event){0};
}

static bool is_hex(const char *s, size_t len)
{
	return strlen(s) == len && strspn(s, "0123456789abcdef") == len;
}

static bool member_fits(struct event *ev, enum member_kind kind, const struct line_value *value)
{
	const char *s = value->text;

	if (kind == MEMBER_INT)
		return !s && value->number >= 0;
	if (!s)
		return false;
	switch (kind) {
	case MEMBER_SLUG:
		return slug_valid(s);
	case MEMBER_ID:
		return is_hex(s, FEEDBACK_ID);
	case MEMBER_SHA256:
		return is_hex(s, 64);
	case MEMBER_DAY:
		return form_is_date(s);
	case MEMBER_VKEY:
		return vkey_parse(s, &ev->vkey) == OK;
	default:
		return *s && text_length(s) <= 300 && !text_forbidden_in_log(s, false);
	}
}

/* The rules for values, for error messages. */
static const char *const member_rules[] = {
	[MEMBER_SLUG] = "small letters a-z, digits and single hyphens, such as water-works",
	[MEMBER_ID] = "32 digits of 0-9 and a-f",
	[MEMBER_SHA256] = "64 digits of 0-9 and a-f",
	[MEMBER_INT] = "a whole number that is not negative",
	[MEMBER_DAY] = "a day that exists, such as 2026-11-28",
	[MEMBER_VKEY] = "the line that gaya key new printed: name+hash+key",
	[MEMBER_LINE] = "one line of 1 to 300 characters",
};

static enum err check_member(struct event *ev, const struct member *m, size_t *known)
{
	struct line_value value;
	bool is_one = event_line_get(&ev->members, NULL, m->name, &value);

	if (!is_one && !event_line_has(&ev->members, m->name)) {
		ENSURE(m->optional, ERR_INVALID, "%s: \"%s\" is missing", ev->type->name, m->name);
		return OK;
	}
	ENSURE(is_one && member_fits(ev, m->kind, &value), ERR_INVALID,
		"%s: \"%s\" has a wrong value: it must be %s", ev->type->name, m->name,
		err_text(member_rules[m->kind]));
	++*known;
	return OK;
}

static const char *text_of(const struct event *ev, const char *name)
{
	struct line_value v;

	return event_line_get(&ev->members, "content", name, &v) ? v.text : NULL;
}

static enum err read_content_of(struct event *ev, size_t *known)
{
	const struct event_line *l = &ev->members;
	const char *type = text_of(ev, "type"), *sha256 = text_of(ev, "sha256");
	struct line_value size = {0};
	bool sized;
	const char *media = ev->type->media ? ev->type->media : "application/json";

	if (!ev->type->content_max) {
		ENSURE(!event_line_has(l, "content"), ERR_INVALID, "%s carries no content",
			ev->type->name);
		return OK;
	}
	if (!event_line_has(l, "content") && ev->type->may_lack_content)
		return OK;
	sized = event_line_get(l, "content", "size", &size) && !size.text;
	ENSURE(event_line_size_of(l, "content") == 3 && sized && type, ERR_INVALID,
		"%s: \"content\" must be {sha256, size, type}", ev->type->name);
	ENSURE(sha256 && is_hex(sha256, 64), ERR_INVALID,
		"%s: the content's sha256 is not 64 hexadecimal digits", ev->type->name);
	ENSURE(strcmp(type, media) == 0, ERR_INVALID, "%s: the content's type must be %s",
		ev->type->name, media);
	ENSURE(size.number > 0 && (size_t)size.number <= ev->type->content_max, ERR_TOO_LARGE,
		"%s: content of %lld bytes; the limit is %zu", ev->type->name,
		(long long)size.number, ev->type->content_max);
	ev->sha256 = sha256;
	ev->media_type = type;
	ev->content_size = size.number;
	++*known;
	return OK;
}

bool event_is_signed(const struct event *ev)
{
	return ev->department || ev->signed_by;
}

bool event_may_erase(const struct event_type *type)
{
	return type->salted || type->media;
}

enum err event_read_content(struct event *ev, const void *data, size_t len, enum json_rules rules)
{
	enum err e;

	if (!ev->type->media)
		return json_read(data, len, ev->type->content_max, rules, &ev->content);
	e = pdf_check(data, len); /* the only media type so far */
	return e == OK ? OK : fail(e, "the file is not a PDF: %s", err_why());
}

static enum by author_kind(const char *by)
{
	if (strcmp(by, "register") == 0)
		return BY_REGISTER;
	if (strcmp(by, "office") == 0)
		return BY_OFFICE;
	if (strcmp(by, "citizen") == 0)
		return BY_CITIZEN;
	if (strncmp(by, "department/", 11) == 0 && slug_valid(by + 11))
		return BY_DEPARTMENT;
	return 0;
}

/* In each event of the office that a person decided and signed. */
static const struct member signing_person = {"signed_by", MEMBER_ID};

static enum err read_author(struct event *ev)
{
	enum by kind;

	ev->by = event_str(ev, "by");
	ENSURE(ev->by, ERR_INVALID, "%s: \"by\" is missing", ev->type->name);
	kind = author_kind(ev->by);
	ENSURE(kind, ERR_INVALID,
		"%s: \"by\" must be register, office, citizen or department/<slug>",
		ev->type->name);
	ENSURE(kind & ev->type->by, ERR_DENIED, "%s may not come from %s", ev->type->name, ev->by);
	ev->department = kind == BY_DEPARTMENT ? ev->by + 11 : NULL;
	ev->signed_by = kind == BY_OFFICE ? event_str(ev, signing_person.name) : NULL;
	return OK;
}

const struct event_type *event_type_named(const char *name)
{
	for (size_t i = 0; i < event_types_n; i++)
		if (strcmp(event_types[i].name, name) == 0)
			return &event_types[i];
	return NULL;
}

static enum err read_type(struct event *ev)
{
	const char *name = event_str(ev, "type");

	ENSURE(name, ERR_INVALID, "an event has no \"type\"");
	ev->type = event_type_named(name);
	ENSURE(ev->type, ERR_INVALID, "\"%.60s\" is not a type of event that this program knows",
		name);
	return OK;
}

static enum err read_members(struct event *ev)
{
	const struct member subject = {ev->type->subject->name, ev->type->subject->form, false};
	size_t known = 4; /* type, at, by, after */
	struct line_value after;

	ev->at = event_str(ev, "at");
	ENSURE(ev->at, ERR_INVALID, "%s: \"at\" is missing", ev->type->name);
	TRY(time_parse(ev->at, &ev->time));
	ENSURE(event_line_get(&ev->members, NULL, "after", &after) && !after.text &&
			after.number >= -1,
		ERR_INVALID, "%s: \"after\" must be the index of an entry, or -1", ev->type->name);
	ev->after = after.number;
	TRY(check_member(ev, &subject, &known));
	ev->subject = event_str(ev, ev->type->subject->name);
	if (ev->signed_by)
		TRY(check_member(ev, &signing_person, &known));
	for (const struct member *m = ev->type->members;
		m < ev->type->members + COUNT(ev->type->members) && m->name; m++)
		TRY(check_member(ev, m, &known));
	TRY(read_content_of(ev, &known));
	ENSURE(known == event_line_size(&ev->members), ERR_INVALID,
		"%s has a member that this type does not have", ev->type->name);
	return OK;
}

enum err event_parse(const void *entry, size_t len, struct event *out)
{
	AUTO(event) ev = {0};
	const char *end = len ? memchr(entry, '\n', len) : NULL;
	bool is_note;

	ENSURE(len <= ENTRY_MAX, ERR_TOO_LARGE, "an entry of %zu bytes; the limit is %d", len,
		ENTRY_MAX);
	ENSURE(end, ERR_INVALID, "an entry must begin with a line");
	ev.line = (struct bytes_of){entry, (size_t)(end + 1 - (const char *)entry)};
	is_note = ev.line.len < len;
	/* Only canonical bytes are accepted: one spelling for one meaning. */
	TRY(event_line_read(ev.line.data, ev.line.len - 1, EVENT_LINE_MAX, &ev.members));
	TRY(read_type(&ev));
	TRY(read_author(&ev));
	TRY(read_members(&ev));
	ENSURE(is_note == event_is_signed(&ev), ERR_INVALID,
		is_note ? "%s by %s must not carry a signature"
			: "%s by %s must be signed by its author",
		ev.type->name, ev.by);
	*out = TAKE(ev);
	return OK;
}

/* Checks what note_verify() checks, but leaves the arithmetic to the pool. state_identify() found a
 * line of this key. */
static enum err verify_later(
	const struct note *note, const struct vkey *vkey, const struct event *ev)
{
	for (size_t i = 0; i < note->sigs_n; i++) {
		const struct note_sig *sig = &note->sigs[i];

		if (!note_sig_is_of(sig, vkey))
			continue;
		ENSURE(sig->blob_len == ED25519_SIG, ERR_FALSE,
			"the signature of %s does not verify", vkey->name);
		sig_pool_add(ev->pool, ev->index, vkey, note->text, note->text_len, sig->blob);
	}
	return OK;
}

enum err event_verify(const void *entry, size_t len, const struct event *ev, const char *origin,
	const struct vkey *vkey)
{
	AUTOFREE char *name = ev->department ? mem_printf("%s/%s", origin, ev->department) : NULL;
	AUTOFREE struct note *note = mem_new(sizeof(*note));
	enum err e;

	TRY(note_parse(entry, len, note));
	ENSURE(note->text_len == ev->line.len, ERR_INVALID,
		"the signed text must be the event's line alone");
	ENSURE(!name || strcmp(vkey->name, name) == 0, ERR_DENIED, "the key %s is not a key of %s",
		vkey->name, name);
	e = ev->pool && vkey->type == KEY_ED25519 ? verify_later(note, vkey, ev)
	                                          : note_verify(note, vkey);
	ENSURE(e != ERR_FALSE, ERR_DENIED, "the signature of %s does not verify", vkey->name);
	return e;
}

json_t *event_problems(const struct event *ev)
{
	return ev->problems ? json_incref(ev->problems) : json_array();
}

enum err event_time_check(const struct event *ev, const char *latest)
{
	int64_t last;

	/* Time texts sort by time; both were parsed before. */
	if (strcmp(ev->at, latest) >= 0)
		return OK;
	TRY(time_parse(latest, &last));
	ENSURE(ev->time >= last - (event_is_signed(ev) ? TIME_SLACK : 0), ERR_INVALID,
		"%s at %s is before the log's latest time, %s", ev->type->name, ev->at, latest);
	return OK;
}

/* --- rules for new events only --- */

enum err event_check_marks(const struct event *ev)
{
	AUTOFREE char *line = mem_bytes(ev->line.data, ev->line.len);
	const char *bad = text_forbidden(line, true);

	ENSURE(!bad, ERR_INVALID,
		"the event holds the character %s, which is not allowed: take it out and sign it again",
		bad);
	ENSURE(text_is_stream_safe(line), ERR_INVALID,
		"the event has more than %d combining marks (accents) in a row: at most %d may "
		"follow a letter; take the others out and sign it again",
		TEXT_MARKS, TEXT_MARKS);
	return OK;
}

static char *find_invisible(const json_t *value);

static char *find_in_list(const json_t *list)
{
	json_each_at (list, i, item) {
		AUTOFREE char *below = find_invisible(item);

		if (below)
			return mem_printf("[%zu]%s", i, below);
	}
	return NULL;
}

/* The path of the first text that is present but invisible, as ".reason.ko"; NULL for none. The
 * rules of JSON limit the depth. */
static char *find_invisible(const json_t *value)
{
	const char *s = json_string_value(value);

	if (s)
		return *s && !text_is_visible(s) ? mem_text("") : NULL;
	json_members (value, name, item) {
		AUTOFREE char *below = find_invisible(item);

		if (below)
			return mem_printf(".%s%s", name, below);
	}
	return find_in_list(value);
}

bool event_holds(const struct event_type *type, const char *name)
{
	const char *names = type->holds;
	size_t len = strlen(name), at;

	for (; names && *names; names += at + (names[at] == ' ')) {
		at = strcspn(names, " ");
		if (at == len && memcmp(names, name, len) == 0)
			return true;
	}
	return false;
}

enum err event_check_content(const struct event *ev)
{
	AUTOFREE char *at = find_invisible(ev->content);

	ENSURE(!at, ERR_INVALID,
		"the text \"%.80s\" is empty: it is made of blanks and of characters that show "
		"nothing",
		at + 1);
	if (!ev->type->holds)
		return OK;
	json_members (ev->content, name, value)
		ENSURE(event_holds(ev->type, name), ERR_INVALID,
			"%s: the content holds \"%.*s\", which this type does not have: leave it out",
			ev->type->name, (int)text_prefix(name, 40), name);
	return OK;
}

/* Base64 is strict and the name belongs to a granted key, so these three fix every byte. */
enum err event_check_entry(const void *entry, size_t len, const struct event *ev)
{
	AUTOFREE struct note *note = NULL;

	for (const struct member *m = ev->type->members;
		m < ev->type->members + COUNT(ev->type->members) && m->name; m++)
		ENSURE(!m->old || !event_line_has(&ev->members, m->name), ERR_INVALID,
			"%s: \"%s\" is a member of old entries alone: leave it out", ev->type->name,
			m->name);
	if (!event_is_signed(ev))
		return OK; /* only the line: event_parse() refused anything else */
	note = mem_new(sizeof(*note));
	TRY(note_parse(entry, len, note));
	ENSURE(note->text_len == ev->line.len, ERR_INVALID,
		"the signed text must be the event's line alone");
	ENSURE(note->sigs_n == 1, ERR_INVALID,
		"%s carries %zu signature lines, but an entry has exactly one, that of %s: leave the "
		"others out",
		ev->type->name, note->sigs_n, ev->by);
	ENSURE(note->sigs[0].blob_len == ED25519_SIG, ERR_INVALID,
		"the signature of %s has %zu bytes, but one of Ed25519 has %d", ev->by,
		note->sigs[0].blob_len, ED25519_SIG);
	return OK;
}
