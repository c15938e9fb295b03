/* event.h - one thing that happened, as the log has it: the only way anything changes.
 *
 * An entry is text: a JSON object on one line, then "\n"; where a department, or a person of the
 * office, signed it, a C2SP note of that line. The types, who may cause them and what they carry
 * are one table, in events.def. What an event says in more than a line is its content, kept by
 * SHA-256. */
#pragma once
#include "audit/note.h"
#include "audit/sig_pool.h"
#include "audit/store.h"
#include "audit/tile.h"
#include "registry/event/event_line.h"
#include "registry/standard/form.h"

#define EVENT_LINE_MAX (8 * KIB)
#define FEEDBACK_ID 32 /* hexadecimal digits */
#define ATTACHMENT_MAX (20 * MIB)
#define CONTENT_MAX ATTACHMENT_MAX /* bytes; no type of event speaks of more */
/* How far the clock of a department's machine may be off, in seconds. */
#define TIME_SLACK 300

enum by { BY_REGISTER = 1, BY_OFFICE = 2, BY_DEPARTMENT = 4, BY_CITIZEN = 8 };

enum member_kind {
	MEMBER_SLUG,   /* ^[a-z0-9]+(-[a-z0-9]+)*$ */
	MEMBER_ID,     /* 32 lower-case hexadecimal digits */
	MEMBER_SHA256, /* 64 of them */
	MEMBER_INT,    /* not negative */
	MEMBER_DAY,    /* one that exists: "2026-11-28" */
	MEMBER_VKEY,   /* a C2SP verifier key */
	MEMBER_LINE,   /* 1 to 300 characters */
};
struct member {
	const char *name;
	enum member_kind kind;
	bool optional;
	bool old; /* in entries of earlier versions alone: no new one may have it */
};

/* What an event changes, besides the pages of the register as a whole. */
enum touches {
	TOUCHES_SYSTEMS = 1, /* those that it is about or names, and those that name them */
	TOUCHES_EVERY_SYSTEM =
		2, /* what each system's pages show: names, labels, rules, erasures */
	TOUCHES_SETTINGS = 4,
	TOUCHES_STANDARD = 8,
	TOUCHES_LOG_KEYS = 16,
	TOUCHES_RIGHTS = 32,       /* whose keys may sign */
	TOUCHES_COSIGNATURES = 64, /* of no event: they come after it */
	TOUCHES_ALL = 127,
};
struct subject_kind {
	const char *name; /* of the member that names the subject, too */
	enum member_kind form;
	unsigned touches; /* enum touches, or-ed */
};

struct state;
struct event;
struct event_type {
	const char *name;
	const struct subject_kind *subject; /* what this is about */
	unsigned by;                        /* enum by, or-ed */
	struct member members[5]; /* besides type, at, by, after, content and the subject */
	size_t content_max;       /* bytes; 0: carries none */
	bool may_lack_content;
	bool public_content; /* given out from the start; else a later event opens it */
	bool salted;         /* content must hold a random `salt`, and can be erased */
	/* The members that content may have, where `check` does not say it: "text lang name
	 * salt". */
	const char *holds;
	/* Content is a file of this media type, kept as it came, and can be erased. NULL: JSON. */
	const char *media;
	/* May this happen now? Names the rule when not. */
	enum err (*check)(struct state *st, const struct event *ev);
	/* Puts it into the read model. Total: whatever `check` let in, folds, also when its
	 * content was erased since. */
	enum err (*fold)(struct state *st, const struct event *ev);
};
extern const struct event_type event_types[];
extern const size_t event_types_n;
/* NULL where there is none of this name. */
const struct event_type *event_type_named(const char *name);
/* Does `holds` have this name? */
bool event_holds(const struct event_type *type, const char *name);

struct event {
	uint64_t index;
	const struct event_type *type;
	struct event_line members; /* the line; owned, and what follows borrows from it */
	const char *at, *by, *subject;
	int64_t time, after;
	const char *department; /* slug, where a department is the author; else NULL */
	/* The person of the office who signed; NULL for the operator of the register's machine. */
	const char *signed_by;
	struct vkey vkey;       /* of a member that is a verifier key: parsed */
	const char *sha256;     /* of the content, hexadecimal; NULL without, and then */
	const char *media_type; /* and its size are nothing, too */
	int64_t content_size;
	json_t *content; /* the content's value; NULL without, of a file, or once erased. Owned */
	char *signer;    /* vkey that signed; NULL for unsigned. Owned */
	struct bytes_of {
		const char *data;
		size_t len;
	} line; /* the signed text: the line with its "\n"; borrowed from the entry */
	/* Set by who has it checked, and theirs: */
	json_t *problems;      /* an array that the rules which a record breaks go to, or NULL */
	struct sig_pool *pool; /* verifies its signature later, at its index; NULL: at once */
};
void event_done(struct event *ev);
/* `problems`, or an array that nobody reads; the caller owns the reference. */
json_t *event_problems(const struct event *ev);

/* Reads an entry's bytes and checks its form: canonical JSON, members, author, signature lines
 * present exactly where a department or a person is the author. Verifies no signature. ERR_INVALID.
 */
MUST_CHECK enum err event_parse(const void *entry, size_t len, struct event *out);
/* Is its author somebody who signs? */
bool event_is_signed(const struct event *ev);
/* Does the signature verify under `vkey`? A department's key must be named
 * `<origin>/<department>`; a person's is that of their department. With a
 * pool that is asked later; all else is checked at once. */
MUST_CHECK enum err event_verify(const void *entry, size_t len, const struct event *ev,
	const char *origin, const struct vkey *vkey);
/* The time rule between neighbours: not before the latest time by more than TIME_SLACK where
 * its author set it and signed, and not at all where the register did. */
MUST_CHECK enum err event_time_check(const struct event *ev, const char *latest);

/* Reads the bytes of its content: a value by the rules of JSON, or a file that must be of the kind
 * that its type says. ERR_INVALID. */
MUST_CHECK enum err event_read_content(
	struct event *ev, const void *data, size_t len, enum json_rules rules);

/* What is asked of new events alone, for logs hold older ones that were not asked. An entry is one
 * line and, where a department signed it, its one signature, to the byte: nothing else rides along
 * in what can never be erased. It has no member that was given up since. Its content has only
 * members that its type names, and no text made of characters alone that show nothing. ERR_INVALID,
 * naming what is too much. */
MUST_CHECK enum err event_check_entry(const void *entry, size_t len, const struct event *ev);
MUST_CHECK enum err event_check_content(const struct event *ev);

/* ERR_INVALID where its line has more combining marks in a row than a text may have that comes in.
 * For new events, too. */
MUST_CHECK enum err event_check_marks(const struct event *ev);

bool event_may_erase(const struct event_type *type);
const char *event_str(const struct event *ev, const char *member);
int64_t event_num(const struct event *ev, const char *member);
/* The whole event as a value, for printing. Caller owns it. */
json_t *event_json(const struct event *ev);
