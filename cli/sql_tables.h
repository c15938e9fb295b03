/* sql_tables.h - every module's table of SQL, for `gaya show sql` and the test of their plans. */
#pragma once
#include "base/db.h"

extern const struct sql_table *const sql_tables[];
extern const size_t sql_tables_n;
