#include "web/upload.h"

#include "audit/store_sqlite.h"
#include "base/crypto.h"
#include "base/file.h"
#include "web/patience.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TYPE "file.attached"
#define ENTRY_BYTES (4 * KIB) /* its line and one signature are under one */

struct upload {
	struct reg *reg;
	_Atomic unsigned *slots;
	struct buf entry;
	int fd;
	size_t size, got; /* bytes that the entry says, and that came */
	enum err err;     /* of the disk */
};

enum err upload_entry(const char *header, struct buf *out)
{
	ENSURE(header, ERR_INVALID,
		"the header " UPLOAD_HEADER " is missing: the signed " TYPE " event, in base64");
	ENSURE(base64_parse(header, strlen(header), out) == OK && buf_check(out, "it") == OK,
		ERR_INVALID,
		"the header " UPLOAD_HEADER " must be the signed " TYPE " event in base64, of at "
		"most %lu bytes",
		out->max);
	return OK;
}

/* The rules that the writer will hold it to, so that nothing is sent in vain. */
static enum err check(struct reg *reg, struct db *db, const struct buf *entry, struct event *ev)
{
	struct state state = {.db = db, .store = store_sqlite(db)};
	int64_t now = env_now(reg_env(reg));

	TRY(event_parse(entry->data, entry->len, ev));
	TRY(event_check_entry(entry->data, entry->len, ev));
	ENSURE(strcmp(ev->type->name, TYPE) == 0, ERR_INVALID,
		"a file comes with an event of type " TYPE ", not %s", ev->type->name);
	ENSURE(ev->time <= now + TIME_SLACK && ev->time >= now - TIME_SLACK, ERR_INVALID,
		"it was signed at %s, more than %d seconds from this register's time: set the "
		"clock, or sign again",
		ev->at, TIME_SLACK);
	TRY(state_identify(&state, entry->data, entry->len, ev));
	return state_check(&state, entry->data, entry->len, ev);
}

static enum err check_length(const char *length, size_t size)
{
	unsigned long long n = length ? strtoull(length, NULL, 10) : size;

	ENSURE(n <= ATTACHMENT_MAX, ERR_TOO_LARGE,
		"a file may have up to %lu bytes (20 MiB); this one has %llu. Make it smaller, or "
		"split it",
		ATTACHMENT_MAX, n);
	ENSURE(n == size, ERR_INVALID, "%llu bytes are sent, but the signed event says %zu", n,
		size);
	return OK;
}

static enum err begin(struct upload *u, const char *length)
{
	AUTO(event) ev = {0};
	struct patience patience;
	struct db *db;
	enum err e;

	TRY(reg_read(u->reg, &db));
	patience_begin(&patience, READ_MS, -1);
	db_watch(db, patience_over, &patience);
	e = check(u->reg, db, &u->entry, &ev);
	db_watch(db, NULL, NULL);
	reg_read_done(u->reg, db);
	TRY(e);
	u->size = (size_t)ev.content_size;
	TRY(check_length(length, u->size));
	return reg_nameless(u->reg, &u->fd);
}

enum err upload_begin(struct reg *reg, _Atomic unsigned *slots, const char *header,
	const char *length, struct upload **out)
{
	struct upload *u;
	AUTO(buf) entry = BUF(ENTRY_BYTES);
	enum err e;

	if (length)
		TRY(check_length(length, (size_t)strtoull(length, NULL, 10)));
	TRY(upload_entry(header, &entry));
	u = mem_new(sizeof(*u));
	*u = (struct upload){.reg = reg, .slots = slots, .entry = TAKE(entry), .fd = -1};
	e = atomic_fetch_add(slots, 1) < UPLOADS
	            ? begin(u, length)
	            : fail(ERR_BUSY,
			      "%d files are being sent in; send this one again in some seconds",
			      UPLOADS);
	if (e != OK) {
		upload_free(u);
		return e;
	}
	*out = u;
	return OK;
}

void upload_take(struct upload *u, const char *data, size_t len)
{
	u->got += len;
	if (u->got <= u->size && u->err == OK)
		u->err = file_add(u->fd, data, len);
}

struct job_file {
	struct job job;
	struct upload *upload;
	const void *bytes;
	uint64_t index;
};

static enum err add_file(struct tx *tx, struct job *job)
{
	struct job_file *f = (struct job_file *)job;

	return tx_add_signed(tx, f->upload->entry.data, f->upload->entry.len, f->bytes,
		f->upload->size, &f->index);
}

enum err upload_end(struct upload *u, uint64_t *index)
{
	struct job_file f = {.job.run = add_file, .upload = u};
	void *bytes;
	enum err e;

	ENSURE(u->got == u->size, ERR_INVALID, "%zu bytes were sent, but the signed event says %zu",
		u->got, u->size);
	ENSURE(u->err == OK, ERR_SYSTEM, "the file could not be kept");
	bytes = mmap(NULL, u->size, PROT_READ, MAP_PRIVATE, u->fd, 0);
	ENSURE(bytes != MAP_FAILED, ERR_SYSTEM, "the file cannot be read back");
	f.bytes = bytes;
	e = reg_do(u->reg, &f.job);
	munmap(bytes, u->size);
	if (e == OK)
		*index = f.index;
	return e;
}

void upload_free(struct upload *u)
{
	if (!u)
		return;
	if (u->fd >= 0)
		close(u->fd);
	atomic_fetch_sub(u->slots, 1);
	buf_done(&u->entry);
	free(u);
}
