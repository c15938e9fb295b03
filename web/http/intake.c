#include "web/http/intake.h"

#include "base/file.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#define LEAST KIB /* that a body counts for, however small it is */

struct intake {
	pthread_mutex_t mutex;
	const struct reg *reg;
	size_t max, used, large;
	uint64_t refused;
};

struct intake *intake_new(const struct reg *reg, size_t bytes)
{
	struct intake *in = mem_new(sizeof(*in));

	pthread_mutex_init(&in->mutex, NULL);
	in->reg = reg;
	in->max = bytes ? bytes : INTAKE_BYTES;
	return in;
}

void intake_free(struct intake *in)
{
	if (!in)
		return;
	pthread_mutex_destroy(&in->mutex);
	free(in);
}

static bool take_room(struct intake *in, size_t room, bool large)
{
	bool fits;

	pthread_mutex_lock(&in->mutex);
	fits = in->used + room <= in->max && (!large || in->large + room <= in->max / 4 * 3);
	if (fits) {
		in->used += room;
		in->large += large ? room : 0;
	} else {
		in->refused++;
	}
	pthread_mutex_unlock(&in->mutex);
	return fits;
}

static void give_room(struct intake *in, size_t room, bool large)
{
	pthread_mutex_lock(&in->mutex);
	in->used -= room;
	in->large -= large ? room : 0;
	pthread_mutex_unlock(&in->mutex);
}

enum err body_begin(struct body *b, struct intake *in, size_t expected, size_t max)
{
	bool large = expected > INTAKE_LARGE_FROM;
	size_t room = expected < LEAST ? LEAST : expected;

	ENSURE(take_room(in, room, large), ERR_BUSY,
		"much is being sent in just now; send this again in some seconds");
	*b = (struct body){.intake = in,
		.small = BUF(large ? 0 : max),
		.room = room,
		.max = max,
		.fd = -1,
		.large = large};
	if (large && reg_nameless(in->reg, &b->fd) != OK) {
		body_done(b);
		return fail(ERR_SYSTEM, "no file for what is sent in: %s", err_why());
	}
	return OK;
}

void body_add(struct body *b, const char *data, size_t len)
{
	if (b->over || !b->intake)
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

/* The file is made a byte longer, for the NUL. */
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
	give_room(b->intake, b->room, b->large);
	*b = (struct body){0};
}

struct intake_health intake_health(struct intake *in)
{
	struct intake_health h;

	pthread_mutex_lock(&in->mutex);
	h = (struct intake_health){in->used, in->max, in->refused};
	pthread_mutex_unlock(&in->mutex);
	return h;
}
