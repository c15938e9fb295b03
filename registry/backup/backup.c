#include "registry/backup/backup.h"

#include "audit/checkpoint.h"
#include "audit/log.h"
#include "audit/store_sqlite.h"
#include "base/crypto.h"
#include "base/file.h"
#include "registry/people/people.h"
#include "registry/write/checkpointed.h"
#include "registry/write/private.h"

#include <stdio.h>
#include <sys/stat.h>

#define FILE_MAX MIB

static enum err copy_file(const char *from, const char *to, const struct folder_file *file)
{
	AUTOFREE char *source = file_in(from, file->name), *target = file_in(to, file->name);
	AUTO(buf) bytes = BUF(FILE_MAX);
	enum err e;

	if (!file_exists(source))
		return OK;
	e = file_read(source, &bytes);
	if (e == OK)
		e = file_write(target, bytes.data, bytes.len, file->mode);
	if (file->keep == FOLDER_SECRET && bytes.data)
		crypto_wipe(bytes.data, bytes.cap);
	return e;
}

enum err backup_copy_files(const char *from, const char *to, bool keys)
{
	for (size_t i = 0; i < folder_files_n; i++)
		if (keys || folder_files[i].keep == FOLDER_PUBLIC)
			TRY(copy_file(from, to, &folder_files[i]));
	return OK;
}

/* The copy must be the signed tree: a copy that cannot be restored is reported now. */
static enum err check_tree(struct db *db, struct backup *made)
{
	struct store store = store_sqlite(db);
	AUTO(buf) note = BUF(NOTE_MAX);
	struct checkpoint cp;
	struct note parsed;
	struct log log;

	TRY(store.ops->checkpoint(store.self, &note));
	TRY(note_parse(buf_text(&note), note.len, &parsed));
	TRY(checkpoint_parse(parsed.text, parsed.text_len, &cp));
	TRY(log_open(store, &log));
	made->entries = log.size;
	made->root = log_root(&log);
	log_done(&log);
	ENSURE(cp.size == made->entries && sha256_equal(&cp.root, &made->root), ERR_CORRUPT,
		"the copy's tree is not the one that was signed: run gaya verify on the register");
	return OK;
}

static enum err check(const char *path, struct backup *made)
{
	struct db *db = NULL;
	enum err e;

	TRY(db_open(path, DB_READ, &db));
	e = check_tree(db, made);
	db_free(db);
	return e;
}

/* Data that is kept for one day must not be in a copy for years. */
static enum err strip(const char *part, enum err (*what)(struct db *db))
{
	struct db *db = NULL;
	enum err e;

	TRY(db_open(part, DB_WRITE, &db));
	e = what(db);
	if (e == OK)
		e = db_exec(db, "PRAGMA journal_mode=DELETE"); /* a single file, like db_copy() */
	db_free(db);
	return e;
}

/* The read model is left out: a restore makes it from the log. */
static enum err copy_database(const char *dir, const char *part)
{
	struct db *db = NULL;
	enum err e;

	TRY(checkpointed_open_log(dir, &db));
	remove(part); /* of an interrupted backup */
	e = file_create(part, "", 0, 0600);
	if (e == OK)
		e = db_copy(db, part);
	db_free(db);
	return e == OK ? strip(part, private_strip) : e;
}

static enum err copy_people_to(const char *source, const char *part)
{
	struct db *db = NULL;
	enum err e;

	TRY(db_open(source, DB_READ, &db));
	remove(part); /* of an interrupted backup */
	e = file_create(part, "", 0, 0600);
	if (e == OK)
		e = db_copy(db, part);
	db_free(db);
	return e == OK ? strip(part, people_strip) : e;
}

enum err backup_copy_people(const char *from, const char *to)
{
	AUTOFREE char *source = file_in(from, REG_PEOPLE), *target = file_in(to, REG_PEOPLE);
	AUTOFREE char *part = mem_printf("%s.part", target);

	if (!file_exists(source))
		return OK;
	TRY(copy_people_to(source, part));
	return file_move(part, target);
}

enum err backup_make(const char *dir, const char *out, bool keys, struct backup *made)
{
	AUTOFREE char *database = file_in(out, REG_DATABASE), *mirror = file_in(dir, REG_MIRROR);
	AUTOFREE char *part = mem_printf("%s.part", database);

	ENSURE(!file_exists(mirror), ERR_CONFLICT,
		"%s holds a mirror: gaya mirror makes it again at any time", dir);
	TRY(file_make_dir(out, 0700));
	ENSURE(!file_exists(database), ERR_CONFLICT, "%s holds a backup already: name a new folder",
		out);
	TRY(copy_database(dir, part));
	TRY(check(part, made));
	TRY(backup_copy_files(dir, out, keys));
	TRY(backup_copy_people(dir, out));
	return file_move(part, database);
}
