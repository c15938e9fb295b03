/* both_files.h - the two files of a register in one connection, for tests that change either. */
#pragma once
#include "base/file.h"
#include "registry/write/folder.h"
#include "registry/write/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Statements about the file itself, such as its schema, are about the read model's. */
static __attribute__((unused)) struct db *open_both(const char *dir)
{
	AUTOFREE char *log = file_in(dir, REG_DATABASE), *model = NULL;
	struct db *db = NULL;
	enum err e = model_path(dir, &model);

	if (e == OK)
		e = db_open(model, DB_WRITE, &db);
	if (e == OK)
		e = db_attach(db, log);
	assert_string_equal("", e == OK ? "" : err_why());
	return db;
}
