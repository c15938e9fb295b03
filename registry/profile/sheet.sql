-- The rows of one file while it is imported, in a database that is removed afterwards (sheet.h), so
-- that an import needs no memory for each row.

CREATE TABLE sheet_row (
	line    INTEGER PRIMARY KEY, -- its number in the report
	hash    BLOB NOT NULL,       -- half of the SHA-256 of its cells
	name    TEXT,                -- its name for people
	same_as INTEGER,             -- the line of an earlier row that is the same in every column
	first   TEXT,                -- the key that the map gave
	other   TEXT,                -- the key to use if that is taken
	own     INTEGER NOT NULL,    -- 1: from an export of a register like this one
	content TEXT,                -- SHA-256 of its record; NULL for none
	key     TEXT UNIQUE,         -- its own key; NULL until the keys are settled
	source  TEXT,                -- known_hash() of the key, which the register stores
	made    TEXT                 -- JSON: the output of the map, {"error"} or {"why"}; NULL for same_as
) STRICT;
CREATE INDEX sheet_row_hash ON sheet_row (hash);
CREATE INDEX sheet_row_first ON sheet_row (first, line);
CREATE INDEX sheet_row_source ON sheet_row (source) WHERE source IS NOT NULL;

CREATE TABLE sheet_outcome (     -- the outcome of each row, for the report
	stage   INTEGER NOT NULL,    -- 0: the plan, 1: the import
	line    INTEGER NOT NULL,
	outcome TEXT NOT NULL,       -- "new", "changed" …
	entry   TEXT NOT NULL,       -- JSON for the report
	PRIMARY KEY (stage, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX sheet_outcome_of ON sheet_outcome (stage, outcome, line);

CREATE TABLE sheet_named (       -- systems that a row of our own export names
	slug TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE sheet_gone (        -- systems of the profile that no row describes, in the register's order
	n    INTEGER PRIMARY KEY,
	slug TEXT NOT NULL
) STRICT;

CREATE TABLE sheet_state (       -- rows whose source retired or suspended their system
	line      INTEGER PRIMARY KEY,
	key       TEXT NOT NULL,
	successor TEXT,              -- the key of another row
	state     TEXT NOT NULL,     -- JSON, as import_states() takes it
	done      INTEGER NOT NULL   -- 1: the register has it
) STRICT;
CREATE INDEX sheet_state_awaited ON sheet_state (successor, key) WHERE done = 0;
