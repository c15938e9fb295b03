-- Cosignatures of the log's checkpoints. They can be lost without harm: witnesses are asked
-- again. Made beside the log's own tables, also in a database that is older than it.

CREATE TABLE IF NOT EXISTS cosigned (
	size   INTEGER PRIMARY KEY, -- of the checkpoint; only the latest few are kept
	note   TEXT NOT NULL,       -- the checkpoint as the log signed it
	lines  TEXT NOT NULL,       -- the witnesses' signature lines under it
	quorum INTEGER NOT NULL     -- 1: they met the policy that was in force
) STRICT;
