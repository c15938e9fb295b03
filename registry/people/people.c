#include "base/locked.h"
#include "registry/people/people_parts.h"

#include "base/embed.h"
#include "base/file.h"
#include "base/text.h"
#include "registry/query/query_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

EMBED(people_schema, "registry/people/people.sql");

/* Nobody signs in to a mirror, and any other folder is not a register. */
static enum err check_register(const char *dir)
{
	AUTOFREE char *database = file_in(dir, REG_DATABASE), *mirror = file_in(dir, REG_MIRROR);

	ENSURE(file_exists(database), ERR_NOT_FOUND,
		"%s holds no register: make one with gaya init", dir);
	ENSURE(!file_exists(mirror), ERR_CONFLICT, "%s holds a mirror, which nobody signs in to",
		dir);
	return OK;
}

static enum err make_file(const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);

	ENSURE(fd >= 0 || errno == EEXIST, ERR_SYSTEM, "%s: %s", path, err_os(errno));
	if (fd >= 0)
		close(fd);
	return OK;
}

/* SQLite creates the files beside the database with its mode. */
static enum err open_write(const char *dir, struct db **out)
{
	AUTOFREE char *path = file_in(dir, REG_PEOPLE);
	struct db *db = NULL;
	enum err e;

	TRY(check_register(dir));
	TRY(make_file(path));
	TRY(db_open(path, DB_WRITE, &db));
	e = db_exec(db, embed_people_schema);
	if (e != OK) {
		db_free(db);
		return e;
	}
	*out = db;
	return OK;
}

enum err people_create(const char *dir)
{
	struct db *db = NULL;

	TRY(open_write(dir, &db));
	db_free(db);
	return OK;
}

static unsigned processors(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);

	return n < 2 ? 2 : n > 4 ? 4 : (unsigned)n;
}

static char **fold_words(const char *const *words)
{
	char **folded;
	size_t n = 0;

	while (words && words[n])
		n++;
	folded = mem_new((n + 1) * sizeof(*folded));
	for (size_t i = 0; i < n; i++)
		folded[i] = text_folded(words[i]);
	return folded;
}

static enum err open_both(struct people *p, const char *dir)
{
	AUTOFREE char *path = file_in(dir, REG_PEOPLE);

	TRY(open_write(dir, &p->write));
	return db_open(path, DB_READ, &p->read);
}

enum err people_open(const struct people_options *o, struct people **out)
{
	struct people *p = mem_new(sizeof(*p));
	enum err e;

	p->env = *o->env;
	pthread_mutex_init(&p->reading, NULL);
	pthread_mutex_init(&p->writing, NULL);
	p->hashers = o->hashers;
	p->turnstile = turnstile_new(o->at_once   ? o->at_once
				     : o->hashers ? hashers_count(o->hashers)
						  : processors());
	p->slow = slow_new();
	env_random(&p->env, p->challenge_key, sizeof(p->challenge_key));
	p->words = fold_words(o->words);
	e = open_both(p, o->dir);
	if (e != OK) {
		e = fail(e, "%s", err_why());
		people_close(p);
		return e;
	}
	*out = p;
	return OK;
}

void people_close(struct people *p)
{
	if (!p)
		return;
	db_free(p->read);
	db_free(p->write);
	turnstile_free(p->turnstile);
	slow_free(p->slow);
	crypto_wipe(p->challenge_key, sizeof(p->challenge_key));
	for (char **word = p->words; *word; word++)
		free(*word);
	free(p->words);
	pthread_mutex_destroy(&p->reading);
	pthread_mutex_destroy(&p->writing);
	free(p);
}

static enum err change_in_transaction(
	struct people *p, enum err (*change)(struct people *p, void *arg), void *arg)
{
	enum err e;

	TRY(db_exec(p->write, "BEGIN IMMEDIATE"));
	e = change(p, arg);
	if (e == OK)
		e = db_exec(p->write, "COMMIT");
	if (e == OK)
		return OK;
	e = fail(e, "%s", err_why());
	(void)!db_exec(p->write, "ROLLBACK");
	return e;
}

enum err people_rows(
	struct people *p, const struct sql *query, const struct val *args, json_t **out)
{
	const struct snapshot own = {.model = p->read};

	LOCKED(&p->reading);
	return query_rows(&own, query, args, out);
}

enum err people_write(struct people *p, enum err (*change)(struct people *p, void *arg), void *arg)
{
	LOCKED(&p->writing);
	return change_in_transaction(p, change, arg);
}

void token_make(struct people *p, char token[PEOPLE_TOKEN + 1], struct sha256 *hash)
{
	uint8_t bytes[PEOPLE_TOKEN / 2];

	env_random(&p->env, bytes, sizeof(bytes));
	hex_text(bytes, sizeof(bytes), token);
	*hash = sha256_of(bytes, sizeof(bytes));
	crypto_wipe(bytes, sizeof(bytes));
}

enum err token_hash(const char *token, struct sha256 *out)
{
	uint8_t bytes[PEOPLE_TOKEN / 2];

	ENSURE(token && hex_parse(token, bytes, sizeof(bytes)) == OK, ERR_NOT_FOUND,
		"this is no token");
	*out = sha256_of(bytes, sizeof(bytes));
	crypto_wipe(bytes, sizeof(bytes));
	return OK;
}

struct people_health people_health(struct people *p)
{
	struct turnstile_counts turnstile = turnstile_counts(p->turnstile);

	return (struct people_health){
		.hashed = turnstile.entered, .at_once = turnstile.at_once, .peak = turnstile.peak};
}

enum err people_strip(struct db *db)
{
	TRY(db_exec(db, embed_people_schema));
	return db_exec(db, "DELETE FROM session; DELETE FROM known_browser; DELETE FROM sign_in;");
}

void people_copy(char *to, size_t room, const char *from)
{
	snprintf(to, room, "%s", from ? from : "");
}
