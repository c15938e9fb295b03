-- A witness's memory: what it cosigned last, of each log. Losing it, or putting an older copy
-- back, makes the witness forget what it promised.

CREATE TABLE IF NOT EXISTS witnessed (
	origin TEXT PRIMARY KEY, -- the log's
	size   INTEGER NOT NULL, -- of the tree; never shrinks
	root   BLOB NOT NULL,    -- 32 bytes
	note   TEXT NOT NULL     -- the checkpoint, with the log's signatures and our cosignature
) STRICT;
