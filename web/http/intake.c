#include "web/http/intake.h"
#include "base/locked.h"

#include "base/file.h"
#include "web/http/gate.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define LEAST KIB /* minimum size that a body counts for */

struct intake {
	pthread_mutex_t mutex;
	const struct reg *reg;
	unsigned grace_ms;
	size_t max, used, large;
	uint64_t refused;
	struct body *first; /* list of those that have room */
};

struct intake *intake_new(const struct reg *reg, size_t bytes, unsigned grace_ms)
{
	struct intake *in = mem_new(sizeof(*in));

	pthread_mutex_init(&in->mutex, NULL);
	in->reg = reg;
	in->max = bytes ? bytes : INTAKE_BYTES;
	in->grace_ms = grace_ms ? grace_ms : INTAKE_GRACE_MS;
	return in;
}

void intake_free(struct intake *in)
{
	if (!in)
		return;
	pthread_mutex_destroy(&in->mutex);
	free(in);
}

/* --- all under the mutex --- */

static bool fits(const struct intake *in, size_t room, bool large)
{
	return in->used + room <= in->max && (!large || in->large + room <= in->max / 4 * 3);
}

static void give_room(struct intake *in, struct body *b)
{
	in->used -= b->room;
	in->large -= b->large ? b->room : 0;
	b->room = 0;
}

/* The slowest of those that are slow and past their grace; a large one displaces only another large
 * one. */
static struct body *slowest(const struct intake *in, bool large)
{
	struct body *found = NULL;
	int64_t least = INTAKE_PACE;

	for (struct body *b = in->first; b; b = b->next) {
		int64_t pace = b->room && (b->large || !large)
		                       ? wire_pace(b->sender.wire, in->grace_ms)
		                       : -1;

		if (pace >= 0 && pace < least) {
			found = b;
			least = pace;
		}
	}
	return found;
}

static bool give_way(struct intake *in, struct body *b)
{
	const char *before = err_speak(b->sender.lang);
	enum err e = fail(ERR_BUSY, "others wait, and this came in slowest; send it again later");

	err_speak(before);
	if (!wire_refuse_error(b->sender.wire, e, b->sender.program))
		return false;
	in->refused++;
	b->gave_way = true;
	give_room(in, b);
	return true;
}

static bool take_room(struct intake *in, struct body *b)
{
	struct body *slow;

	while (!fits(in, b->room, b->large)) {
		slow = slowest(in, b->large);
		if (!slow || !give_way(in, slow)) {
			in->refused++;
			return false;
		}
	}
	in->used += b->room;
	in->large += b->large ? b->room : 0;
	b->next = in->first;
	in->first = b;
	return true;
}

static void leave(struct intake *in, struct body *b)
{
	struct body **at = &in->first;

	while (*at != b)
		at = &(*at)->next;
	*at = b->next;
	give_room(in, b);
}

/* --- one body --- */

enum err body_begin(
	struct body *b, struct intake *in, struct body_sender sender, size_t expected, size_t max)
{
	bool large = expected > INTAKE_LARGE_FROM, taken;

	*b = (struct body){.sender = sender,
		.small = BUF(large ? 0 : max),
		.room = expected < LEAST ? LEAST : expected,
		.max = max,
		.fd = -1,
		.large = large};
	pthread_mutex_lock(&in->mutex);
	taken = take_room(in, b);
	pthread_mutex_unlock(&in->mutex);
	ENSURE(taken, ERR_BUSY, "much is being sent in just now; send this again in some seconds");
	b->intake = in;
	if (large && reg_nameless(in->reg, &b->fd) != OK) {
		body_done(b);
		return fail(ERR_SYSTEM, "no file for what is sent in: %s", err_why());
	}
	return OK;
}

void body_add(struct body *b, const char *data, size_t len)
{
	if (b->over || b->gave_way || !b->intake)
		return;
	b->over = b->len + len > b->max;
	if (b->over)
		return;
	b->len += len;
	if (b->large && b->err == OK)
		b->err = file_add(b->fd, data, len);
	else if (!b->large)
		buf_add(&b->small, data, len);
}

/* The file is extended by a byte, for the NUL. */
enum err body_text(struct body *b, const char **out)
{
	if (b->large && !b->mapped) {
		void *at = MAP_FAILED;

		if (b->err == OK && ftruncate(b->fd, (off_t)b->len + 1) == 0)
			at = mmap(NULL, b->len + 1, PROT_READ, MAP_PRIVATE, b->fd, 0);
		ENSURE(at != MAP_FAILED, ERR_SYSTEM, "what was sent in could not be kept");
		b->mapped = at;
	}
	*out = b->large ? b->mapped : buf_text(&b->small);
	return OK;
}

void body_done(struct body *b)
{
	if (!b->intake)
		return;
	if (b->mapped)
		munmap(b->mapped, b->len + 1);
	if (b->fd >= 0)
		close(b->fd);
	buf_done(&b->small);
	pthread_mutex_lock(&b->intake->mutex);
	leave(b->intake, b);
	pthread_mutex_unlock(&b->intake->mutex);
	*b = (struct body){0};
}

struct intake_health intake_health(struct intake *in)
{
	LOCKED(&in->mutex);
	return (struct intake_health){in->used, in->max, in->refused};
}
