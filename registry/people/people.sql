-- Who may sign in: the only state of a register that is in no log (people.h). What somebody may do is
-- not here: that is said by events. Times are seconds since 1970, UTC; tokens are kept as SHA-256 only.

CREATE TABLE IF NOT EXISTS account (
	id        TEXT PRIMARY KEY,        -- 32 hexadecimal digits, random: all that the log ever says of a person
	login     TEXT NOT NULL UNIQUE,    -- folded (text_folded())
	name      TEXT NOT NULL,
	email     TEXT NOT NULL,
	language  TEXT NOT NULL,
	password  TEXT,                    -- libsodium's line of Argon2id; NULL: none yet
	totp      BLOB,                    -- the secret of 20 bytes; NULL: none
	totp_new  BLOB,                    -- one that was shown and not yet confirmed by a code
	totp_used INTEGER NOT NULL DEFAULT 0, -- time step of the newest code that was used: it and earlier ones are over
	disabled  INTEGER NOT NULL DEFAULT 0,
	made      INTEGER NOT NULL,
	made_by   TEXT                     -- account; NULL: on the machine
) STRICT;

CREATE TABLE IF NOT EXISTS recovery_code (
	account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	hash    BLOB NOT NULL,             -- SHA-256; the row goes when the code is used
	PRIMARY KEY (account, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS passkey (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	credential BLOB NOT NULL UNIQUE,   -- its id, as the authenticator gave it
	account    TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	algorithm  INTEGER NOT NULL,       -- of COSE
	key        BLOB NOT NULL,
	count      INTEGER NOT NULL,       -- signatures, as the authenticator counts them
	name       TEXT NOT NULL,          -- as its owner calls it
	made       INTEGER NOT NULL,
	used       INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS passkey_account ON passkey (account);

CREATE TABLE IF NOT EXISTS challenge (
	hash    BLOB PRIMARY KEY,          -- SHA-256 of one that was answered rightly, so that it is answered once
	expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS invitation (
	hash    BLOB PRIMARY KEY,          -- SHA-256 of its token
	account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	resets  INTEGER NOT NULL,          -- 1: second factors go, too, when it is used
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
	way     INTEGER NOT NULL,          -- enum people_way; 0: the code is still to come, and it is good for nothing else
	csrf    BLOB NOT NULL,             -- 32 bytes
	made    INTEGER NOT NULL,
	seen    INTEGER NOT NULL,          -- at most a minute old
	ends    INTEGER NOT NULL,          -- whatever is done in it
	proved  INTEGER NOT NULL,          -- when its owner last gave password or passkey
	browser TEXT NOT NULL,             -- in words
	network TEXT NOT NULL              -- masked
) STRICT;
CREATE INDEX IF NOT EXISTS session_account ON session (account);

CREATE TABLE IF NOT EXISTS known_browser (
	hash    BLOB NOT NULL,             -- SHA-256 of the cookie that a sign-in left there
	account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	used    INTEGER NOT NULL,
	PRIMARY KEY (hash, account)        -- a browser may be several people's
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS known_browser_account ON known_browser (account, used);

-- For the operator: what happened at the door, without personal data. The oldest rows go.
CREATE TABLE IF NOT EXISTS sign_in (
	id      INTEGER PRIMARY KEY AUTOINCREMENT,
	at      INTEGER NOT NULL,
	account TEXT,                      -- NULL: of nobody, as far as is known
	kind    TEXT NOT NULL              -- a name of the table in sign_in_log.c
) STRICT;

-- Records that departments are writing (draft.h).
CREATE TABLE IF NOT EXISTS draft (
	id         TEXT PRIMARY KEY,       -- 32 hexadecimal digits, random
	department TEXT NOT NULL,
	system     TEXT NOT NULL,          -- its slug, as it is to be filed
	version    INTEGER NOT NULL,       -- of the system, that the draft began from; 0: none
	revision   INTEGER NOT NULL,       -- one more with each save that changes something
	saved_by   TEXT NOT NULL,          -- account
	made       INTEGER NOT NULL,
	saved      INTEGER NOT NULL,
	record     TEXT NOT NULL,          -- JSON; may be incomplete and wrong
	UNIQUE (department, system)
) STRICT;
CREATE INDEX IF NOT EXISTS draft_department ON draft (department, saved);
CREATE TABLE IF NOT EXISTS draft_source ( -- of drafts that began as a row of an imported file
	draft TEXT PRIMARY KEY REFERENCES draft ON DELETE CASCADE,
	file  TEXT NOT NULL,               -- its name; "" for what was pasted
	line  INTEGER NOT NULL             -- the row, as a spreadsheet numbers it
) STRICT;
CREATE TABLE IF NOT EXISTS asked_key ( -- keys that browsers made, to be granted by the office
	vkey    TEXT PRIMARY KEY,          -- a C2SP verifier key
	account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	at      INTEGER NOT NULL,
	browser TEXT NOT NULL              -- in words
) STRICT;
CREATE INDEX IF NOT EXISTS asked_key_account ON asked_key (account);

-- Of the office's reviewers and a department's officers on fields of a record (comment.h).
CREATE TABLE IF NOT EXISTS comment (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	system     TEXT NOT NULL,
	department TEXT NOT NULL,          -- whose filing or draft it is
	field      TEXT NOT NULL,          -- of the standard
	filing     INTEGER,                -- entry of the filing that was read; NULL: the draft
	account    TEXT NOT NULL,
	at         INTEGER NOT NULL,
	text       TEXT NOT NULL,
	closed     INTEGER,                -- when; NULL while it is open
	closed_by  TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS comment_system ON comment (system, department, id);

CREATE TABLE IF NOT EXISTS mailed (
	account TEXT PRIMARY KEY REFERENCES account ON DELETE CASCADE,
	day     TEXT NOT NULL              -- of the newest daily letter that a server took, in the register's zone
) STRICT, WITHOUT ROWID;

-- Duties of systems that were given to a person with a day (given.h). A row goes when the duty is fulfilled.
CREATE TABLE IF NOT EXISTS given_duty (
	system  TEXT NOT NULL,
	policy  TEXT NOT NULL,
	duty    TEXT NOT NULL,
	account TEXT NOT NULL REFERENCES account ON DELETE CASCADE,
	day     TEXT NOT NULL,             -- until when, in the register's zone
	by      TEXT NOT NULL,             -- account that gave it
	at      INTEGER NOT NULL,
	PRIMARY KEY (system, policy, duty)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS given_duty_account ON given_duty (account, day);

-- Links by which a supplier, without an account, writes the technical fields of one draft (supplier.h).
CREATE TABLE IF NOT EXISTS supplier_link (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	hash     BLOB NOT NULL UNIQUE,     -- SHA-256 of its token
	draft    TEXT NOT NULL REFERENCES draft ON DELETE CASCADE,
	supplier TEXT NOT NULL,            -- as the officer who made it calls it
	made     INTEGER NOT NULL,
	made_by  TEXT NOT NULL,            -- account
	expires  INTEGER NOT NULL,
	revoked  INTEGER,                  -- when; NULL: not
	answer   TEXT,                     -- JSON: fields of a record, as the supplier saved them last
	answered INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS supplier_link_draft ON supplier_link (draft);
