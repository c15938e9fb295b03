/* Compares a memory with the tables that it replaces, and stores it in them. */
#include "registry/verify/memory_parts.h"

#include "base/crypto.h"

#include <string.h>

#define WHOLE "a verification compares whole tables"

SQL(FOLDED, "memory.folded", "SELECT size, at FROM folded", WHOLE);
SQL(SUBJECTS, "memory.subjects", "SELECT * FROM subject", WHOLE);
SQL(KEYS, "memory.keys", "SELECT rowid, * FROM department_key", WHOLE);
SQL(BY_VKEY, "memory.by_vkey",
	"SELECT vkey, rowid FROM department_key"
	" INDEXED BY sqlite_autoindex_department_key_1 ORDER BY vkey",
	WHOLE);
SQL(BY_DEPARTMENT, "memory.by_department",
	"SELECT department, granted_entry, rowid FROM department_key"
	" INDEXED BY department_key_department ORDER BY department, granted_entry",
	WHOLE);
SQL(SET_FOLDED, "memory.set_folded", "INSERT INTO folded (one, size, at) VALUES (1, ?1, ?2)");
SQL(ADD_SUBJECT, "memory.add_subject", "INSERT INTO subject (kind, id, entry) VALUES (?1, ?2, ?3)");
SQL(ADD_KEY, "memory.add_key",
	"INSERT INTO department_key (vkey, department, granted_entry, revoked_entry)"
	" VALUES (?1, ?2, ?3, ?4)");

static enum err compare_folded(const struct memory *m, struct db *db, bool *same)
{
	AUTO(rows) row = {0};
	enum err e = db_one(db, FOLDED, BIND_NONE, &row);

	*same = e == OK && rows_is_int(&row, 0) && rows_int(&row, 0) == (int64_t)m->size &&
	        rows_text(&row, 1) && strcmp(rows_text(&row, 1), m->at) == 0 && !rows_next(&row);
	return e == ERR_NOT_FOUND ? OK : e;
}

/* A column's text in place: requesting a NUL after it would make SQLite copy it. */
struct span {
	const char *s;
	size_t len;
};

static struct span span_of(struct rows *rows, int col)
{
	struct span span = {0};

	if (!rows_null(rows, col) && !rows_is_int(rows, col))
		span.s = rows_blob(rows, col, &span.len);
	return span;
}

static bool span_is(struct span a, const char *text)
{
	return strlen(text) == a.len && memcmp(a.s, text, a.len) == 0;
}

/* The order of SQLite's BINARY collation. */
static int span_compare(struct span a, const struct buf *b)
{
	int order = memcmp(a.s, buf_text(b), a.len < b->len ? a.len : b->len);

	return order ? order : (a.len > b->len) - (a.len < b->len);
}

static void span_keep(struct span a, struct buf *out)
{
	buf_clear(out);
	buf_add(out, a.s, a.len);
}

static bool same_subject(const struct memory *m, struct rows *row, uint8_t *seen)
{
	const char *kind = rows_text(row, 0), *id = rows_text(row, 1);
	const struct subject *s = kind && id ? memory_find_subject(m, kind, id) : NULL;

	if (!s || !span_is(span_of(row, 0), kind) || !span_is(span_of(row, 1), id) ||
		seen[s - m->subjects] || !rows_is_int(row, 2) || rows_int(row, 2) != s->entry)
		return false;
	seen[s - m->subjects] = 1;
	return true;
}

static enum err compare_subjects(const struct memory *m, struct db *db, bool *same)
{
	AUTOFREE uint8_t *seen = mem_new(m->subject_map.n);
	AUTO(rows) rows = {0};
	size_t n = 0;

	TRY(db_query(db, SUBJECTS, BIND_NONE, &rows));
	*same = rows_width(&rows) == 3;
	for (; *same && rows_next(&rows); n++)
		*same = same_subject(m, &rows, seen);
	*same = *same && n == m->subject_map.n;
	return rows_end(&rows);
}

/* Sums of keyed hashes of the index entries of all rows. Their order does not matter, and without
 * the secret nobody finds other rows with the same sum. */
struct sums {
	size_t n;
	uint64_t by_vkey, by_department;
};

static uint64_t vkey_hash(const struct memory *m, const uint8_t name[16], int64_t rowid)
{
	uint8_t bytes[16 + sizeof(rowid)];

	memcpy(bytes, name, 16);
	memcpy(bytes + 16, &rowid, sizeof(rowid));
	return keyed_hash(m->secret, bytes, sizeof(bytes));
}

static uint64_t department_hash(
	const struct memory *m, struct span department, int64_t granted, int64_t rowid)
{
	int64_t all[3] = {
		(int64_t)keyed_hash(m->secret, department.s, department.len), granted, rowid};

	return keyed_hash(m->secret, all, sizeof(all));
}

static bool same_key(const struct memory *m, struct rows *row, uint8_t *seen, struct sums *sums)
{
	struct span vkey = span_of(row, 1), department = span_of(row, 2);
	const struct memory_key *key;
	int64_t rowid = rows_int(row, 0), at;
	uint8_t name[16];

	if (!vkey.s || !department.s || !rows_is_int(row, 3))
		return false;
	at = memory_key_name(m, vkey.s, vkey.len, name) ? memory_find_key(m, name) : -1;
	if (at < 0 || seen[at])
		return false;
	key = &m->keys[at];
	seen[at] = 1;
	sums->n++;
	sums->by_vkey += vkey_hash(m, name, rowid);
	sums->by_department += department_hash(m, department, rows_int(row, 3), rowid);
	return span_is(department, key->department) && rows_int(row, 3) == key->granted_entry &&
	       (key->revoked_entry < 0
			       ? rows_null(row, 4)
			       : rows_is_int(row, 4) && rows_int(row, 4) == key->revoked_entry);
}

static enum err compare_keys(const struct memory *m, struct db *db, struct sums *sums, bool *same)
{
	AUTOFREE uint8_t *seen = mem_new(m->key_map.n);
	AUTO(rows) rows = {0};

	TRY(db_query(db, KEYS, BIND_NONE, &rows));
	*same = rows_width(&rows) == 5;
	while (*same && rows_next(&rows))
		*same = same_key(m, &rows, seen, sums);
	*same = *same && sums->n == m->key_map.n;
	return rows_end(&rows);
}

static enum err compare_by_vkey(
	const struct memory *m, struct db *db, const struct sums *sums, bool *same)
{
	AUTO(buf) previous = BUF(MIB);
	AUTO(rows) rows = {0};
	uint8_t name[16];
	uint64_t sum = 0;
	size_t n = 0;

	TRY(db_query(db, BY_VKEY, BIND_NONE, &rows));
	for (*same = true; *same && rows_next(&rows); n++) {
		struct span vkey = span_of(&rows, 0);

		*same = vkey.s && span_compare(vkey, &previous) > 0 &&
		        memory_key_name(m, vkey.s, vkey.len, name);
		if (!*same)
			break;
		sum += vkey_hash(m, name, rows_int(&rows, 1));
		span_keep(vkey, &previous);
	}
	*same = *same && n == sums->n && sum == sums->by_vkey;
	return rows_end(&rows);
}

/* Is a row of the index in order after the previous one? */
static bool is_behind(const struct buf *department, const int64_t previous[2], struct span next,
	int64_t granted, int64_t rowid)
{
	int order = span_compare(next, department);

	if (order == 0)
		return granted > previous[0] || (granted == previous[0] && rowid > previous[1]);
	return order > 0;
}

static enum err compare_by_department(
	const struct memory *m, struct db *db, const struct sums *sums, bool *same)
{
	AUTO(buf) department = BUF(MIB);
	int64_t previous[2] = {-1, -1};
	AUTO(rows) rows = {0};
	uint64_t sum = 0;
	size_t n = 0;

	TRY(db_query(db, BY_DEPARTMENT, BIND_NONE, &rows));
	for (*same = true; *same && rows_next(&rows); n++) {
		struct span next = span_of(&rows, 0);
		int64_t granted = rows_int(&rows, 1), rowid = rows_int(&rows, 2);

		*same = next.s && is_behind(&department, previous, next, granted, rowid);
		if (!*same)
			break;
		sum += department_hash(m, next, granted, rowid);
		span_keep(next, &department);
		previous[0] = granted;
		previous[1] = rowid;
	}
	*same = *same && n == sums->n && sum == sums->by_department;
	return rows_end(&rows);
}

enum err memory_compare(const struct memory *m, struct db *db, bool *same)
{
	struct sums sums = {0};

	TRY(compare_folded(m, db, same));
	if (*same)
		TRY(compare_subjects(m, db, same));
	if (*same)
		TRY(compare_keys(m, db, &sums, same));
	if (*same)
		TRY(compare_by_vkey(m, db, &sums, same));
	if (*same)
		TRY(compare_by_department(m, db, &sums, same));
	return OK;
}

static enum err store_key(const struct memory *m, const struct memory_key *key, struct db *db)
{
	AUTOFREE char *name = mem_printf("%s/%s", m->origin, key->department);
	AUTO(buf) vkey_bytes = BUF(KIB);
	struct vkey vkey;

	TRY(vkey_make(name, KEY_ED25519, key->public, &vkey));
	vkey_text(&vkey, &vkey_bytes);
	return db_run(db, ADD_KEY,
		BIND(text(buf_text(&vkey_bytes)), text(key->department), num(key->granted_entry),
			key->revoked_entry < 0 ? text(NULL) : num(key->revoked_entry)));
}

enum err memory_store(const struct memory *m, struct db *db)
{
	if (m->size)
		TRY(db_run(db, SET_FOLDED, BIND(num((int64_t)m->size), text(m->at))));
	for (size_t i = 0; i < m->subject_map.n; i++)
		TRY(db_run(db, ADD_SUBJECT,
			BIND(text(m->subjects[i].kind), text(m->subjects[i].id),
				num(m->subjects[i].entry))));
	for (size_t i = 0; i < m->key_map.n; i++)
		TRY(store_key(m, &m->keys[i], db));
	return OK;
}
