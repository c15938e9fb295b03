#include "registry/verify/memory_parts.h"

#include "base/crypto.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct memory *memory_new(struct db *db)
{
	struct memory *m = mem_new(sizeof(*m));

	crypto_random(m->secret, sizeof(m->secret));
	m->db = db;
	return m;
}

void memory_free(struct memory *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->subject_map.n; i++)
		free(m->subjects[i].id);
	for (size_t i = 0; i < m->department_map.n; i++)
		free(m->departments[i].slug);
	free(m->subjects);
	free(m->departments);
	free(m->keys);
	free(m->subject_map.slots);
	free(m->department_map.slots);
	free(m->key_map.slots);
	free(m);
}

/* --- maps --- */

static void map_place(struct map *map, uint64_t hash, uint64_t at)
{
	size_t i = hash & (map->room - 1);

	while (map->slots[i].at)
		i = (i + 1) & (map->room - 1);
	map->slots[i] = (struct slot){hash, at};
}

static void map_grow(struct map *map)
{
	struct map bigger = {.room = map->room ? map->room * 2 : 64, .n = map->n};

	bigger.slots = mem_new(bigger.room * sizeof(*bigger.slots));
	for (size_t i = 0; i < map->room; i++)
		if (map->slots[i].at)
			map_place(&bigger, map->slots[i].hash, map->slots[i].at);
	free(map->slots);
	*map = bigger;
}

/* Reserves the next place in the array, which may grow, for a new item with this hash. */
static size_t map_add(struct map *map, uint64_t hash, void *array, size_t *room, size_t size)
{
	void **things = array;

	if (map->n * 2 >= map->room)
		map_grow(map);
	if (map->n == *room) {
		*room = *room ? *room * 2 : 64;
		*things = mem_resize(*things, *room * size);
	}
	map_place(map, hash, map->n + 1);
	return map->n++;
}

/* The next slot of this hash after `*i`; 0 if there is none. Start with the hash itself. */
static uint64_t map_next(const struct map *map, uint64_t hash, uint64_t *i)
{
	while (map->room) {
		const struct slot *slot = &map->slots[*i & (map->room - 1)];

		++*i;
		if (!slot->at || slot->hash == hash)
			return slot->at;
	}
	return 0;
}

static uint64_t hash_of(const struct memory *m, const char *text)
{
	return keyed_hash(m->secret, text, strlen(text));
}

/* --- subjects --- */

struct subject *memory_find_subject(const struct memory *m, const char *kind, const char *id)
{
	uint64_t hash = hash_of(m, id), i = hash, at;

	while ((at = map_next(&m->subject_map, hash, &i)))
		if (strcmp(m->subjects[at - 1].id, id) == 0 &&
			strcmp(m->subjects[at - 1].kind, kind) == 0)
			return &m->subjects[at - 1];
	return NULL;
}

static enum err after(void *self, const char *kind, const char *id, int64_t *out)
{
	const struct subject *s = memory_find_subject(self, kind, id);

	*out = s ? s->entry : -1;
	return OK;
}

static enum err set_after(void *self, const char *kind, const char *id, int64_t entry)
{
	struct memory *m = self;
	struct subject *s = memory_find_subject(m, kind, id);
	size_t at;

	if (s) {
		s->entry = entry;
		return OK;
	}
	at = map_add(&m->subject_map, hash_of(m, id), &m->subjects, &m->subjects_room,
		sizeof(*m->subjects));
	m->subjects[at] = (struct subject){kind, mem_text(id), entry};
	return OK;
}

/* --- the size folded, and the origin --- */

static enum err folded(void *self, uint64_t *size, char at[TIME_TEXT])
{
	const struct memory *m = self;

	memcpy(at, m->at, TIME_TEXT);
	*size = m->size;
	return OK;
}

static enum err set_folded(void *self, uint64_t size, const char *at)
{
	struct memory *m = self;

	m->size = size;
	if (strcmp(at, m->at) > 0)
		snprintf(m->at, sizeof(m->at), "%s", at);
	return OK;
}

static enum err origin(void *self, char out[KEY_NAME_MAX + 1])
{
	struct memory *m = self;
	struct ledger tables = ledger_in_tables(m->db);

	if (!*m->origin)
		TRY(tables.ops->origin(tables.self, m->origin));
	m->origin_len = strlen(m->origin);
	memcpy(out, m->origin, m->origin_len + 1);
	return OK;
}

/* --- keys, by department --- */

static struct department *find_department(const struct memory *m, const char *slug)
{
	uint64_t hash = hash_of(m, slug), i = hash, at;

	while ((at = map_next(&m->department_map, hash, &i)))
		if (strcmp(m->departments[at - 1].slug, slug) == 0)
			return &m->departments[at - 1];
	return NULL;
}

static struct department *add_department(struct memory *m, const char *slug)
{
	size_t at = map_add(&m->department_map, hash_of(m, slug), &m->departments,
		&m->departments_room, sizeof(*m->departments));

	m->departments[at] = (struct department){mem_text(slug), -1, -1};
	return &m->departments[at];
}

bool memory_key_name(const struct memory *m, const char *vkey, size_t len, uint8_t name[16])
{
	if (len < m->origin_len || memcmp(vkey, m->origin, m->origin_len) != 0)
		return false;
	keyed_hash_long(m->secret, vkey + m->origin_len, len - m->origin_len, name);
	return true;
}

int64_t memory_find_key(const struct memory *m, const uint8_t name[16])
{
	uint64_t hash, i, at;

	memcpy(&hash, name, sizeof(hash));
	i = hash;
	while ((at = map_next(&m->key_map, hash, &i)))
		if (memcmp(m->keys[at - 1].name, name, 16) == 0)
			return (int64_t)at - 1;
	return -1;
}

static int64_t find_text(const struct memory *m, const char *vkey)
{
	uint8_t name[16];

	return memory_key_name(m, vkey, strlen(vkey), name) ? memory_find_key(m, name) : -1;
}

static enum err key(void *self, const char *vkey, struct granted *out)
{
	const struct memory *m = self;
	int64_t at = find_text(m, vkey);

	if (at < 0)
		return ERR_NOT_FOUND;
	*out = (struct granted){mem_text(m->keys[at].department), m->keys[at].revoked_entry >= 0};
	return OK;
}

static enum err grant(void *self, const char *vkey, const struct vkey *parsed,
	const char *department, int64_t entry)
{
	struct memory *m = self;
	struct department *d = find_department(m, department);
	struct memory_key *new;
	uint8_t name[16];
	uint64_t hash;
	size_t at;

	if (!d)
		d = add_department(m, department);
	if (!memory_key_name(m, vkey, strlen(vkey), name))
		abort(); /* its check ensured that */
	memcpy(&hash, name, sizeof(hash));
	at = map_add(&m->key_map, hash, &m->keys, &m->keys_room, sizeof(*m->keys));
	new = &m->keys[at];
	*new = (struct memory_key){
		.department = d->slug, .granted_entry = entry, .revoked_entry = -1, .next = -1};
	memcpy(new->public, parsed->public, ED25519_PUBLIC);
	memcpy(new->name, name, sizeof(name));
	if (d->last < 0)
		d->first = (int64_t)at;
	else
		m->keys[d->last].next = (int64_t)at;
	d->last = (int64_t)at;
	return OK;
}

static enum err revoke(void *self, const char *vkey, int64_t entry)
{
	struct memory *m = self;
	int64_t at = find_text(m, vkey);

	if (at >= 0)
		m->keys[at].revoked_entry = entry;
	return OK;
}

static enum err keys(void *self, const char *department, ledger_key_fn *each, void *arg)
{
	const struct memory *m = self;
	const struct department *d = find_department(m, department);
	char log[KEY_NAME_MAX + 1];
	AUTOFREE char *name = NULL;
	bool go_on = true;

	if (!d)
		return OK;
	TRY(origin(self, log));
	name = mem_printf("%s/%s", log, department);
	for (int64_t at = d->first; go_on && at >= 0; at = m->keys[at].next) {
		struct vkey parsed;

		TRY(vkey_make(name, KEY_ED25519, m->keys[at].public, &parsed));
		go_on = each(arg, &parsed, m->keys[at].revoked_entry >= 0);
	}
	return OK;
}

struct ledger memory_ledger(struct memory *m)
{
	static const struct ledger_ops ops = {
		after, set_after, folded, set_folded, origin, key, grant, revoke, keys};

	return (struct ledger){&ops, m};
}
