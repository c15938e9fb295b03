-- The log's own keys, once they change: two more tables of the read model (schema.sql). Made where
-- they are missing, too: a register of before has no event that would have filled them.

CREATE TABLE IF NOT EXISTS log_key (
	vkey  TEXT PRIMARY KEY,    -- a C2SP verifier key
	added_entry   INTEGER,     -- NULL: the first, which signed from the start
	retired_entry INTEGER      -- NULL while it signs
) STRICT;

CREATE TABLE IF NOT EXISTS log_key_change (
	entry INTEGER PRIMARY KEY,
	vkey  TEXT NOT NULL,       -- that was added or retired
	size  INTEGER NOT NULL,    -- of the tree that the statement is a checkpoint of
	root  TEXT NOT NULL,       -- of that tree, hexadecimal
	at    TEXT NOT NULL,
	sha256 TEXT NOT NULL       -- content: {"statement": a key statement}
) STRICT;
