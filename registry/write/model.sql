-- The log that a file of the read model was made from: a start finds one that does not go with its log.

CREATE TABLE made_from (
	one  INTEGER PRIMARY KEY CHECK (one = 1),
	size INTEGER NOT NULL,       -- of the log, in entries, as `folded` has it
	root BLOB NOT NULL           -- root hash of these entries
) STRICT;
