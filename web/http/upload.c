#include "web/http/upload.h"
#include "base/locked.h"

#include "base/crypto.h"
#include "base/env.h"
#include "base/file.h"
#include "web/http/gate.h"
#include "web/http/patience.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define TYPE "file.attached"
#define ENTRY_BYTES (4 * KIB) /* the line and one signature are shorter */

struct upload {
	struct reg *reg;
	struct uploads *all;
	struct wire *wire;
	struct upload *next;
	bool placed;      /* it has one of the places */
	const char *lang; /* the language of its sender */
	int64_t since;
	struct buf entry;
	int fd;
	size_t size;        /* bytes according to the entry */
	_Atomic size_t got; /* bytes received */
	enum err err;       /* of the disk */
};

struct uploads {
	struct reg *reg;
	unsigned grace_ms;
	pthread_mutex_t mutex; /* guards the list and the places */
	struct upload *first;
	unsigned placed;
};

struct uploads *uploads_new(struct reg *reg, unsigned grace_ms)
{
	struct uploads *all = mem_new(sizeof(*all));

	all->reg = reg;
	all->grace_ms = grace_ms ? grace_ms : UPLOAD_GRACE_MS;
	pthread_mutex_init(&all->mutex, NULL);
	return all;
}

void uploads_free(struct uploads *all)
{
	if (!all)
		return;
	pthread_mutex_destroy(&all->mutex);
	free(all);
}

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

/* Applies the writer's rules in advance, so that no file is sent in vain. */
static enum err check(
	struct reg *reg, const struct snapshot *snap, const struct buf *entry, struct event *ev)
{
	struct state state = state_of(snap);
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
	const struct snapshot *snap;
	enum err e;

	TRY(reg_read(u->reg, &snap));
	patience_begin(&patience, READ_MS, -1);
	db_watch(snap->model, patience_over, &patience);
	e = check(u->reg, snap, &u->entry, &ev);
	db_watch(snap->model, NULL, NULL);
	reg_read_done(u->reg, snap);
	TRY(e);
	u->size = (size_t)ev.content_size;
	TRY(check_length(length, u->size));
	return reg_nameless(u->reg, &u->fd);
}

static void give_up_place(struct upload *u)
{
	u->all->placed -= u->placed;
	u->placed = false;
}

/* Under the mutex: the slowest of those that are slow and past their grace. */
static struct upload *slowest(const struct uploads *all, int64_t now)
{
	struct upload *found = NULL;
	double least = UPLOAD_PACE / 1000.0;

	for (struct upload *u = all->first; u; u = u->next) {
		int64_t had = now - u->since;
		double pace = (double)u->got / (double)(had + 1);

		if (u->placed && had >= all->grace_ms && pace < least) {
			found = u;
			least = pace;
		}
	}
	return found;
}

static enum err too_slow(const struct upload *u)
{
	const char *before = err_speak(u->lang);
	enum err e =
		fail(ERR_BUSY, "others wait, and this file came in slowest; send it again later");

	err_speak(before);
	return e;
}

static enum err take_place(struct uploads *all, struct upload *u)
{
	struct upload *slow;

	pthread_mutex_lock(&all->mutex);
	slow = all->placed < UPLOADS ? NULL : slowest(all, u->since);
	if (slow && wire_refuse_error(slow->wire, too_slow(slow), true))
		give_up_place(slow);
	u->placed = all->placed < UPLOADS;
	all->placed += u->placed;
	u->next = all->first;
	all->first = u;
	pthread_mutex_unlock(&all->mutex);
	ENSURE(u->placed, ERR_BUSY,
		"%d files are being sent in; send this one again in some seconds", UPLOADS);
	return OK;
}

static enum err check_again(struct upload *u)
{
	const char *before = err_speak(u->lang);
	AUTO(event) ev = {0};
	const struct snapshot *snap;
	enum err e = reg_read(u->reg, &snap);

	if (e == OK) {
		e = check(u->reg, snap, &u->entry, &ev);
		reg_read_done(u->reg, snap);
	}
	err_speak(before);
	return e;
}

void uploads_check(struct uploads *all)
{
	LOCKED(&all->mutex);
	for (struct upload *u = all->first; u; u = u->next)
		if (u->placed && check_again(u) == ERR_DENIED &&
			wire_refuse_error(u->wire, ERR_DENIED, true))
			give_up_place(u);
}

enum err upload_begin(struct uploads *all, struct wire *wire, const char *header,
	const char *length, struct upload **out)
{
	struct upload *u;
	AUTO(buf) entry = BUF(ENTRY_BYTES);
	enum err e;

	if (length)
		TRY(check_length(length, (size_t)strtoull(length, NULL, 10)));
	TRY(upload_entry(header, &entry));
	u = mem_new(sizeof(*u));
	*u = (struct upload){.reg = all->reg,
		.all = all,
		.wire = wire,
		.since = monotonic_ms(),
		.lang = err_language(),
		.entry = TAKE(entry),
		.fd = -1};
	e = begin(u, length);
	if (e == OK)
		e = take_place(all, u);
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
		(size_t)u->got, u->size);
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
	pthread_mutex_lock(&u->all->mutex);
	for (struct upload **at = &u->all->first; *at; at = &(*at)->next)
		if (*at == u) {
			*at = u->next;
			break;
		}
	give_up_place(u);
	pthread_mutex_unlock(&u->all->mutex);
	buf_done(&u->entry);
	free(u);
}
