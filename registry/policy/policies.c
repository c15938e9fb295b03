#include "registry/policy/policies.h"
#include "base/locked.h"

#include "base/sha256.h"

#include <stdlib.h>
#include <string.h>

SQL(GET_SET, "policies.get_set", "SELECT key FROM policy_set WHERE one = 1");
SQL(IN_FORCE, "policies.in_force",
	"SELECT id, version, sha256 FROM policy WHERE until_entry IS NULL ORDER BY id",
	"a register has a handful of policies");

void policies_name_add(struct buf *lines, const char *id, const char *sha256)
{
	buf_printf(lines, "%s %s\n", id, sha256);
}

void policies_name_end(const struct buf *lines, char key[65])
{
	struct sha256 hash = sha256_of(buf_text(lines), lines->len);

	if (lines->len)
		sha256_hex(&hash, key);
	else
		key[0] = '\0';
}

void policies_done(struct policies *ps)
{
	for (size_t i = 0; i < ps->n; i++)
		policy_free(ps->all[i].policy);
	free(ps->all);
	*ps = (struct policies){0};
}

void policies_name(struct policies *ps)
{
	AUTO(buf) lines = BUF(64 * KIB);

	for (size_t i = 0; i < ps->n; i++)
		policies_name_add(&lines, policy_id(ps->all[i].policy), ps->all[i].sha256);
	policies_name_end(&lines, ps->key);
}

enum err policies_key(struct db *db, char key[65])
{
	AUTO(rows) row = {0};
	enum err e = db_one(db, GET_SET, BIND_NONE, &row);

	key[0] = '\0';
	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	snprintf(key, 65, "%s", rows_text(&row, 0));
	return OK;
}

/* --- cached policies --- */

/* A policy takes a hundred kilobytes to read and check, and its hash fixes its content, so exports,
 * pages and judgements of one process share it. */
#define KEPT 16
static struct {
	char sha256[65];
	struct policy *policy;
} kept[KEPT];
static size_t oldest;
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

static struct policy *find_kept(const char *sha256)
{
	LOCKED(&kept_lock);
	for (size_t i = 0; i < KEPT; i++)
		if (strcmp(kept[i].sha256, sha256) == 0)
			return policy_copy(kept[i].policy);
	return NULL;
}

static void keep(const char *sha256, const struct policy *policy)
{
	LOCKED(&kept_lock);
	policy_free(kept[oldest].policy);
	kept[oldest].policy = policy_copy(policy);
	snprintf(kept[oldest].sha256, sizeof(kept[oldest].sha256), "%s", sha256);
	oldest = (oldest + 1) % KEPT;
}

static enum err read_policy(const struct store *store, const char *sha256, struct policy **out)
{
	json_auto_t *content = NULL;
	AUTO(buf) bytes = BUF(POLICY_MAX);
	struct sha256 hash, is;

	TRY(sha256_from_hex(sha256, &hash));
	TRY(store->ops->content(store->self, &hash, &bytes));
	TRY(json_read(buf_text(&bytes), bytes.len, POLICY_MAX, RULES_STRICT, &content));
	TRY(policy_load(content, out));
	is = sha256_of(buf_text(&bytes), bytes.len);
	if (memcmp(&is, &hash, sizeof(is)) == 0) /* may differ in a damaged database */
		keep(sha256, *out);
	return OK;
}

/* A policy that stays in force is taken from `before` and not read again. */
static enum err take_policy(const struct store *store, const struct policies *before,
	const char *sha256, struct policy **out)
{
	for (size_t i = 0; i < before->n; i++)
		if (strcmp(before->all[i].sha256, sha256) == 0) {
			*out = policy_copy(before->all[i].policy);
			return OK;
		}
	*out = find_kept(sha256);
	return *out ? OK : read_policy(store, sha256, out);
}

static enum err read_all(
	const struct snapshot *snap, const struct policies *before, struct policies *ps)
{
	AUTO(rows) rows = {0};

	TRY(db_query(snap->model, IN_FORCE, BIND_NONE, &rows));
	while (rows_next(&rows)) {
		struct in_force *one;

		ps->all = mem_resize(ps->all, (ps->n + 1) * sizeof(*ps->all));
		one = &ps->all[ps->n];
		*one = (struct in_force){.version = rows_int(&rows, 1)};
		snprintf(one->sha256, sizeof(one->sha256), "%s", rows_text(&rows, 2));
		TRY(take_policy(&snap->log, before, one->sha256, &one->policy));
		ps->n++;
	}
	TRY(rows_end(&rows));
	policies_name(ps);
	return OK;
}

enum err policies_refresh(const struct snapshot *snap, struct policies *ps)
{
	struct policies new = {0};
	char key[65];
	enum err e;

	TRY(policies_key(snap->model, key));
	if (strcmp(key, ps->key) == 0)
		return OK;
	e = read_all(snap, ps, &new);
	if (e != OK) {
		policies_done(&new);
		return e;
	}
	policies_done(ps);
	*ps = new;
	return OK;
}
