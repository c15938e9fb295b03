-- People who may sign in: state that is in no log (people.h). Their rights are not here, but in events.
-- Times are seconds since 1970, UTC; only the SHA-256 of tokens is stored.

CREATE TABLE IF NOT EXISTS account (
	id        TEXT PRIMARY KEY,        -- 32 random hexadecimal digits: all that the log shows of a person
	login     TEXT NOT NULL UNIQUE,    -- folded (text_folded())
	name      TEXT NOT NULL,
	email     TEXT NOT NULL,
	language  TEXT NOT NULL,
	password  TEXT,                    -- libsodium's line of Argon2id; NULL: none yet
	totp      BLOB,                    -- the secret of 20 bytes; NULL: none
	totp_new  BLOB,                    -- a new one, shown but not confirmed by a code yet
	totp_used INTEGER NOT NULL DEFAULT 0, -- time step of the latest code used; it and earlier ones are invalid
	disabled  INTEGER NOT NULL DEFAULT 0,
	made      INTEGER NOT NULL,
	made_by   TEXT                     -- account; NULL: the operator
) STRICT;

CREATE TABLE IF NOT EXISTS recovery_code (
	account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	hash    BLOB NOT NULL,             -- SHA-256; the row goes when the code is used
	PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS passkey (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	credential BLOB NOT NULL UNIQUE,   -- its id, from the authenticator
	account    TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	algorithm  INTEGER NOT NULL,       -- COSE number
	key        BLOB NOT NULL,
	count      INTEGER NOT NULL,       -- the authenticator's signature counter
	name       TEXT NOT NULL,          -- given by its owner
	made       INTEGER NOT NULL,
	used       INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS passkey_account ON passkey (account);

CREATE TABLE IF NOT EXISTS challenge (
	hash    BLOB PRIMARY KEY,          -- SHA-256 of a correctly answered challenge, so that each is answered once
	expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS invitation (
	hash    BLOB PRIMARY KEY,          -- SHA-256 of its token
	account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	resets  INTEGER NOT NULL,          -- 1: using it also removes second factors
	made    INTEGER NOT NULL,
	made_by TEXT,
	expires INTEGER NOT NULL,
	used    INTEGER                    -- when; NULL: not yet
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS invitation_account ON invitation (account);

CREATE TABLE IF NOT EXISTS session (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	hash    BLOB NOT NULL UNIQUE,      -- SHA-256 of its token
	account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	way     INTEGER NOT NULL,          -- enum people_way; 0: only for entering the code that is still missing
	csrf    BLOB NOT NULL,             -- 32 bytes
	made    INTEGER NOT NULL,
	seen    INTEGER NOT NULL,          -- at most a minute old
	ends    INTEGER NOT NULL,          -- even if it is in use
	proved  INTEGER NOT NULL,          -- when its owner last proved password or passkey
	browser TEXT NOT NULL,             -- description
	network TEXT NOT NULL              -- masked
) STRICT;
CREATE INDEX IF NOT EXISTS session_account ON session (account);

CREATE TABLE IF NOT EXISTS known_browser (
	hash    BLOB NOT NULL,             -- SHA-256 of the cookie of a sign-in
	account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	used    INTEGER NOT NULL,
	PRIMARY KEY (hash, account)        -- several people may share a browser
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS known_browser_account ON known_browser (account, used);

-- Sign-ins and refusals for the operator, without personal data. Old rows are deleted.
CREATE TABLE IF NOT EXISTS sign_in (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	at      INTEGER NOT NULL,
	account TEXT,                      -- NULL: unknown
	kind    TEXT NOT NULL              -- a name of the table in sign_in_log.c
) STRICT;

-- Records that departments are writing (draft.h).
CREATE TABLE IF NOT EXISTS draft (
	id         TEXT PRIMARY KEY,       -- 32 random hexadecimal digits
	department TEXT NOT NULL,
	system     TEXT NOT NULL,          -- its slug for the filing
	version    INTEGER NOT NULL,       -- of the system, on which the draft is based; 0: none
	revision   INTEGER NOT NULL,       -- incremented by each save that changes something
	saved_by   TEXT NOT NULL,          -- account
	made       INTEGER NOT NULL,
	saved      INTEGER NOT NULL,
	record     TEXT NOT NULL,          -- JSON; may be incomplete and wrong
	UNIQUE (department, system)
) STRICT;
CREATE INDEX IF NOT EXISTS draft_department ON draft (department, saved);
CREATE TABLE IF NOT EXISTS draft_source ( -- of drafts made from a row of an imported file
	draft TEXT PRIMARY KEY REFERENCES draft ON DELETE CASCADE,
	file  TEXT NOT NULL,               -- its name; "" for pasted text
	line  INTEGER NOT NULL             -- the row's number in a spreadsheet
) STRICT;
CREATE TABLE IF NOT EXISTS draft_copied ( -- of drafts that began from another system's record
	draft   TEXT PRIMARY KEY REFERENCES draft ON DELETE CASCADE,
	system  TEXT NOT NULL,
	version INTEGER NOT NULL           -- of that system
) STRICT;
CREATE TABLE IF NOT EXISTS asked_key ( -- keys that browsers made and the office is asked to grant
	vkey    TEXT PRIMARY KEY,          -- a C2SP verifier key
	account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	at      INTEGER NOT NULL,
	browser TEXT NOT NULL              -- description
) STRICT;
CREATE INDEX IF NOT EXISTS asked_key_account ON asked_key (account);

-- Comments of reviewers and officers on fields of a record (comment.h).
CREATE TABLE IF NOT EXISTS comment (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	system     TEXT NOT NULL,
	department TEXT NOT NULL,          -- of the filing or draft
	field      TEXT NOT NULL,          -- of the standard
	filing     INTEGER,                -- entry of the filing; NULL: the draft
	account    TEXT NOT NULL,
	at         INTEGER NOT NULL,
	text       TEXT NOT NULL,
	closed     INTEGER,                -- when; NULL while it is open
	closed_by  TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS comment_system ON comment (system, department, id);

CREATE TABLE IF NOT EXISTS mailed (
	account TEXT PRIMARY KEY REFERENCES account ON DELETE CASCADE,
	day     TEXT NOT NULL              -- of the latest daily letter that a mail server accepted, in the register's zone
) STRICT, WITHOUT ROWID;

-- Duties of systems assigned to a person until a day (given.h). A row is deleted when the duty is fulfilled.
CREATE TABLE IF NOT EXISTS given_duty (
	system  TEXT NOT NULL,
	policy  TEXT NOT NULL,
	duty    TEXT NOT NULL,
	account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	day     TEXT NOT NULL,             -- due day, in the register's zone
	by      TEXT NOT NULL,             -- account that assigned it
	at      INTEGER NOT NULL,
	PRIMARY KEY (system, policy, duty)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS given_duty_account ON given_duty (account, day);

-- Links with which a supplier, without an account, fills in technical fields of one draft (supplier.h).
CREATE TABLE IF NOT EXISTS supplier_link (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	hash     BLOB NOT NULL UNIQUE,     -- SHA-256 of its token
	draft    TEXT NOT NULL REFERENCES draft ON DELETE CASCADE,
	supplier TEXT NOT NULL,            -- named by the officer who made the link
	made     INTEGER NOT NULL,
	made_by  TEXT NOT NULL,            -- account
	expires  INTEGER NOT NULL,
	revoked  INTEGER,                  -- when; NULL: not revoked
	answer   TEXT,                     -- JSON: fields of a record, last saved by the supplier
	answered INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS supplier_link_draft ON supplier_link (draft);
