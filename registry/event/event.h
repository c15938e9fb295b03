/* event.h - an event, the only way to change anything, as an entry of the log states it.
 *
 * An entry is text: a JSON object on one line, then "\n". An entry that a department or a person of
 * the office signed is a C2SP note of that line. The table in events.def lists the types, who may
 * cause them and what they carry. Whatever needs more than the line is the event's content, stored
 * under its SHA-256. */
#pragma once
#include "audit/note.h"
#include "audit/sig_pool.h"
#include "audit/store.h"
#include "audit/tile.h"
#include "registry/event/event_line.h"
#include "registry/standard/form.h"

#define EVENT_LINE_MAX (8 * KIB)
#define FEEDBACK_ID 32         /* hexadecimal digits */
#define FEEDBACK_TEXT_MAX 4000 /* characters of a question */
#define FEEDBACK_NAME_MAX 60   /* characters of the name under it */
#define ATTACHMENT_MAX (20 * MIB)
#define CONTENT_MAX ATTACHMENT_MAX /* bytes; the largest content of any type */
/* Seconds that the clock of a department's machine may be off. */
#define TIME_SLACK 300

enum by { BY_REGISTER = 1, BY_OFFICE = 2, BY_DEPARTMENT = 4, BY_CITIZEN = 8 };

enum member_kind {
	MEMBER_SLUG,   /* ^[a-z0-9]+(-[a-z0-9]+)*$ */
	MEMBER_ID,     /* 32 lower-case hexadecimal digits */
	MEMBER_SHA256, /* 64 of them */
	MEMBER_INT,    /* not negative */
	MEMBER_DAY,    /* a day of the calendar: "2026-11-28" */
	MEMBER_VKEY,   /* a C2SP verifier key */
	MEMBER_LINE,   /* 1 to 300 characters */
};
struct member {
	const char *name;
	enum member_kind kind;
	bool optional;
	bool old; /* only entries of earlier versions have it; a new one must not */
};

/* The parts of the register that an event changes, apart from the pages about it as a whole. */
enum touches {
	TOUCHES_SYSTEMS = 1, /* those that it is about or names, and those that refer to them */
	TOUCHES_EVERY_SYSTEM =
		2, /* something that every system's page shows: names, labels, rules, erasures */
	TOUCHES_SETTINGS = 4,
	TOUCHES_STANDARD = 8,
	TOUCHES_LOG_KEYS = 16,
	TOUCHES_RIGHTS = 32,       /* which keys may sign */
	TOUCHES_COSIGNATURES = 64, /* of no event: cosignatures come after it */
	TOUCHES_ALL = 127,
};
struct subject_kind {
	const char *name; /* also of the member that names the subject */
	enum member_kind form;
	unsigned touches; /* enum touches, or-ed */
};

struct state;
struct event;
struct event_type {
	const char *name;
	const struct subject_kind *subject; /* what this is about */
	unsigned by;                        /* enum by, or-ed */
	struct member members[5]; /* other than type, at, by, after, content and the subject */
	size_t content_max;       /* bytes; 0: it has no content */
	bool may_lack_content;
	bool public_content; /* public from the start; if false, a later event makes it public */
	bool salted;         /* the content must hold a random `salt`, and can be erased */
	/* The members that content may have, unless `check` tests them: "text lang name salt". */
	const char *holds;
	/* The content is a file of this media type, stored unchanged and erasable. NULL: JSON. */
	const char *media;
	/* Checks that this may happen now; the error names the rule that forbids it. */
	enum err (*check)(struct state *st, const struct event *ev);
	/* Writes it into the read model. Total: folds whatever `check` accepted, even if its
	 * content was erased since. */
	enum err (*fold)(struct state *st, const struct event *ev);
};
extern const struct event_type event_types[];
extern const size_t event_types_n;
/* NULL if no type has this name. */
const struct event_type *event_type_named(const char *name);
/* Is this name in `holds`? */
bool event_holds(const struct event_type *type, const char *name);

struct event {
	uint64_t index;
	const struct event_type *type;
	struct event_line members; /* owned; the texts below borrow from it */
	const char *at, *by, *subject;
	int64_t time, after;
	const char *department; /* slug, if a department is the author; else NULL */
	/* The person of the office who signed; NULL for the operator of the register's machine. */
	const char *signed_by;
	struct vkey vkey;       /* parsed from the member that is a verifier key */
	const char *sha256;     /* of the content, hexadecimal. Without content */
	const char *media_type; /* this is NULL, and the two below are unset */
	int64_t content_size;
	json_t *content; /* the content's value; NULL without one, for a file, or once erased.
	                  * Owned */
	char *signer;    /* vkey that signed; NULL if unsigned. Owned */
	struct bytes_of {
		const char *data;
		size_t len;
	} line; /* the signed text: the line with its "\n"; borrowed from the entry */
	/* The caller sets and owns these two: */
	json_t *problems;      /* array for the rules that a record breaks, or NULL */
	struct sig_pool *pool; /* verifies the signature later, at its index; NULL: at once */
};
void event_done(struct event *ev);
/* `problems`, or a new array that nobody reads; the caller owns the reference. */
json_t *event_problems(const struct event *ev);

/* Reads an entry's bytes and checks its form: canonical JSON, members, author, and a signature
 * exactly if a department or a person is the author. Verifies no signature. ERR_INVALID. */
MUST_CHECK enum err event_parse(const void *entry, size_t len, struct event *out);
/* Does its author sign? */
bool event_is_signed(const struct event *ev);
/* Verifies the signature under `vkey`. A department's key must be named `<origin>/<department>`; a
 * person's key has the name of their department. With a pool, the arithmetic is done later and
 * everything else at once. */
MUST_CHECK enum err event_verify(const void *entry, size_t len, const struct event *ev,
	const char *origin, const struct vkey *vkey);
/* The time rule between neighbours. If the author set the time and signed, it may lie up to
 * TIME_SLACK before the latest time; if the register set it, it may not lie before it at all. */
MUST_CHECK enum err event_time_check(const struct event *ev, const char *latest);

/* Reads the bytes of the content: JSON by `rules`, or a file of the kind that the type demands.
 * ERR_INVALID. */
MUST_CHECK enum err event_read_content(
	struct event *ev, const void *data, size_t len, enum json_rules rules);

/* Rules for new events only: logs hold older entries that were not checked. An entry is exactly its
 * line and, if a department signed it, that one signature, because an entry can never be erased. It
 * has no obsolete member. Its content has only the members that the type names, and no text made
 * only of invisible characters. ERR_INVALID names the excess. */
MUST_CHECK enum err event_check_entry(const void *entry, size_t len, const struct event *ev);
MUST_CHECK enum err event_check_content(const struct event *ev);

/* ERR_INVALID if the line has more combining marks in a row than incoming text may have. Also for
 * new events only. */
MUST_CHECK enum err event_check_marks(const struct event *ev);

bool event_may_erase(const struct event_type *type);
const char *event_str(const struct event *ev, const char *member);
int64_t event_num(const struct event *ev, const char *member);
/* The whole event as a value, for printing. The caller owns it. */
json_t *event_json(const struct event *ev);
