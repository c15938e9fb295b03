/* The founding of a register: its folder, its keys, its database and its first entries. */
#include "registry/write/register.h"

#include "audit/key_file.h"
#include "audit/keyholder.h"
#include "audit/store_sqlite.h"
#include "base/crypto.h"
#include "base/file.h"
#include "registry/event/settings.h"
#include "registry/write/contact_key.h"
#include "registry/write/private.h"

#include <sys/stat.h>

struct job_opening {
	struct job job;
	const struct reg_opening *opening;
};

static enum err add_opening(struct tx *tx, struct job *job)
{
	const struct reg_opening *o = ((struct job_opening *)job)->opening;
	json_t *standard = NULL;

	TRY(json_read(o->standard, o->standard_len, MIB, RULES_GIVEN, &standard));
	TRY(tx_add(tx,
		(struct draft){.type = "register.opened",
			.by = "register",
			.subject = o->origin,
			.content = json_deep_copy(o->about)},
		NULL));
	return tx_add(tx,
		(struct draft){.type = "standard.adopted",
			.by = "office",
			.subject = json_str(standard, "standard"),
			.members = json_make("{s:i}", "version", 1),
			.content = standard},
		NULL);
}

static enum err create_files(const struct reg_opening *o)
{
	AUTOFREE char *key = file_in(o->dir, REG_KEY), *mark = file_in(o->dir, REG_MARK);
	AUTOFREE char *database = file_in(o->dir, REG_DATABASE);
	AUTO(buf) passphrase = BUF(KIB);
	uint8_t seed[ED25519_SEED];
	struct db *db = NULL;
	enum err e;

	TRY(file_make_dir(o->dir, 0700));
	ENSURE(!file_exists(database) && !file_exists(key), ERR_CONFLICT,
		"%s holds a register already", o->dir);
	env_random(o->env, seed, sizeof(seed));
	e = key_new_passphrase(&passphrase);
	if (e == OK)
		e = keyholder_create(key, mark, o->origin, seed, &passphrase);
	if (e == OK)
		e = contact_key_create(o->dir, &passphrase);
	crypto_wipe(seed, sizeof(seed));
	if (passphrase.data)
		crypto_wipe(passphrase.data, passphrase.cap);
	TRY(e);
	TRY(db_open(database, DB_WRITE, &db));
	chmod(database, 0600);
	e = store_sqlite_create(db);
	if (e == OK)
		e = private_create(db);
	db_free(db);
	return e;
}

enum err reg_create(const struct reg_opening *o)
{
	struct job_opening opening = {.job.run = add_opening, .opening = o};
	struct reg *reg = NULL;
	enum err e;

	TRY(settings_check_origin(o->origin));
	TRY(settings_check_here(o->about));
	TRY(create_files(o));
	TRY(reg_open(o->dir, o->env, &reg));
	e = reg_do(reg, &opening.job);
	if (e == OK)
		e = reg_write_vkey(reg);
	reg_close(reg);
	return e;
}
