/* store_sqlite.h - the embedded store: the log's tables in a SQLite database that the caller
 * opened, with or without a second file attached. */
#pragma once
#include "audit/store.h"
#include "base/db.h"

/* Borrows `db`; nothing to free. The tables come from audit/schema.sql. */
struct store store_sqlite(struct db *db);
/* The log and the read model through one connection. */
struct snapshot snapshot_sqlite(struct db *db);
/* Creates the log's tables in an empty database. */
MUST_CHECK enum err store_sqlite_create(struct db *db);
/* Adds the tables that a database from an older version of this program lacks. */
MUST_CHECK enum err store_sqlite_upgrade(struct db *db);
