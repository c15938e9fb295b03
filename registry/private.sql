-- What is neither in the log nor made from it: never rebuilt, erased on request.

CREATE TABLE IF NOT EXISTS contact (
	feedback TEXT PRIMARY KEY,   -- whose e-mail address this is
	sealed   BLOB NOT NULL       -- libsodium sealed box for the office's contact key
) STRICT;
