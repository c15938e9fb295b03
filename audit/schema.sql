-- The log's own tables. They are the truth; every other table can be made again from them.

CREATE TABLE entry (
	idx   INTEGER PRIMARY KEY, -- leaf index, from 0 without a gap
	bytes BLOB NOT NULL        -- exactly what the leaf hash is over
) STRICT;

CREATE TABLE tile (
	level INTEGER NOT NULL,    -- 0 to 7
	idx   INTEGER NOT NULL,
	bytes BLOB NOT NULL,       -- 32 bytes a hash, 1 to 256 of them; only ever grows
	PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE content (
	sha256 BLOB PRIMARY KEY,   -- of `bytes`
	bytes  BLOB NOT NULL       -- removed, row and all, when erased
) STRICT;

CREATE TABLE checkpoint (
	one  INTEGER PRIMARY KEY CHECK (one = 1), -- only the latest is kept
	size INTEGER NOT NULL,
	note TEXT NOT NULL         -- the signed note, with cosignatures
) STRICT;
