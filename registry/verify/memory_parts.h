/* memory_parts.h - the internals of a memory, only for memory.c and memory_tables.c. */
#pragma once
#include "registry/verify/memory.h"

/* Maps a hash to a place in an array; open addressing, at most half full. The hashes are keyed, so
 * that an attacker cannot provoke collisions. */
struct map {
	struct slot {
		uint64_t hash;
		uint64_t at; /* from 1; 0: free */
	} * slots;
	size_t room, n;
};

struct subject {
	const char *kind; /* from an event type: static */
	char *id;
	int64_t entry;
};
struct department {
	char *slug;
	int64_t first, last; /* of its keys; -1: none */
};

struct memory_key {
	const char *department;
	uint8_t public[ED25519_PUBLIC];
	uint8_t name[16]; /* a keyed hash of the verifier key's text */
	int64_t granted_entry;
	int64_t revoked_entry; /* -1: not revoked */
	int64_t next;          /* the department's key that was granted next; -1: none */
};

struct memory {
	struct db *db;
	uint8_t secret[16]; /* of this run's hashes */
	struct map subject_map, department_map, key_map;
	struct subject *subjects;
	struct department *departments;
	struct memory_key *keys;
	size_t subjects_room, departments_room, keys_room;
	uint64_t size;
	char at[TIME_TEXT];
	char origin[KEY_NAME_MAX + 1]; /* "" until first needed */
	size_t origin_len;
};

/* NULL if no event had this subject. */
struct subject *memory_find_subject(const struct memory *m, const char *kind, const char *id);
/* Names a verifier key's text by 128 bits of a keyed hash. Every granted key begins with the log's
 * origin, which is skipped; false for other keys. */
bool memory_key_name(const struct memory *m, const char *vkey, size_t len, uint8_t name[16]);
/* The place of the key with this name in `keys`; -1 for none. Without this run's secret nobody can
 * find two keys with the same name. */
int64_t memory_find_key(const struct memory *m, const uint8_t name[16]);
