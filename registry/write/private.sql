-- Data that is neither in the log nor made from it: never rebuilt, erased on request.

CREATE TABLE IF NOT EXISTS contact (
	feedback TEXT PRIMARY KEY,   -- whose e-mail address this is
	sealed   BLOB NOT NULL       -- libsodium sealed box for the office's contact key
) STRICT;

-- Where questions came from, for one day each (private.h).
CREATE TABLE IF NOT EXISTS asked_from (
	at       TEXT NOT NULL,      -- of the question, as the log has it
	feedback TEXT NOT NULL,
	network  TEXT NOT NULL,      -- keyed hash of the IPv4 address or the IPv6 /64, 16 hexadecimal digits
	PRIMARY KEY (at, feedback)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS network_key (
	day TEXT PRIMARY KEY,        -- in UTC
	key BLOB NOT NULL
) STRICT;
