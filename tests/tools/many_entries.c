/* many_entries DIR SIZE - grows a register to SIZE entries without a content or a department's
 * signature: the office grants one new key after another, through the public interface. With a long
 * origin and department each entry has about 500 bytes. For measuring verification. */
#include "audit/store_sqlite.h"
#include "base/crypto.h"
#include "registry/write/register.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BATCH 4096

struct grant {
	struct job job;
	const char *department;
	char name[KEY_NAME_MAX + 1];
	uint64_t first, n;
};

static enum err grant_one(struct tx *tx, const struct grant *g, uint64_t i)
{
	AUTO(buf) key = BUF(KIB);
	uint8_t public[ED25519_PUBLIC] = {0};
	struct vkey vkey;

	memcpy(public, &i, sizeof(i));
	TRY(vkey_make(g->name, KEY_ED25519, public, &vkey));
	vkey_text(&vkey, &key);
	return tx_add(tx,
		(struct draft){"key.granted", "office", g->department,
			json_make("{s:s}", "key", buf_text(&key)), NULL},
		NULL);
}

static enum err grant_some(struct tx *tx, struct job *job)
{
	struct grant *g = (struct grant *)job;

	for (uint64_t i = 0; i < g->n; i++)
		TRY(grant_one(tx, g, g->first + i));
	return OK;
}

static enum err add_department(struct tx *tx, struct job *job)
{
	return tx_add(tx,
		(struct draft){"department.added", "office", ((struct grant *)job)->department,
			NULL, json_make("{s:{s:s,s:s}}", "name", "ko", "과", "en", "Division")},
		NULL);
}

static enum err grow(struct reg *reg, uint64_t size)
{
	char department[65];
	struct grant g = {.job.run = add_department, .department = department};
	int n;

	memset(department, 'd', sizeof(department) - 1);
	department[sizeof(department) - 1] = '\0';
	n = snprintf(g.name, sizeof(g.name), "%s/%s", reg_vkey(reg)->name, department);
	ENSURE(n < (int)sizeof(g.name), ERR_INVALID, "the origin is too long");
	TRY(reg_do(reg, &g.job));
	g.job.run = grant_some;
	for (uint64_t at; (at = reg_health(reg).size) < size;) {
		g.first = at;
		g.n = size - at < BATCH ? size - at : BATCH;
		TRY(reg_do(reg, &g.job));
	}
	return OK;
}

int main(int argc, char **argv)
{
	struct reg *reg = NULL;
	enum err e = ERR_INVALID;

	crypto_init();
	if (argc == 3)
		e = reg_open(argv[1], &env_real, &reg);
	if (e == OK)
		e = grow(reg, strtoull(argv[2], NULL, 10));
	if (e != OK)
		fprintf(stderr, "many_entries DIR SIZE: %s\n", err_why());
	reg_close(reg);
	return e == OK ? 0 : 2;
}
