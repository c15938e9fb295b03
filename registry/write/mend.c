#include "registry/write/mend.h"
#include "base/locked.h"

#include "base/env.h"
#include "base/file.h"
#include "base/journal.h"
#include "base/periodic.h"
#include "registry/write/model.h"
#include "registry/write/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define PAUSE_MS 1000
#define AGAIN_MS (60 * 60 * 1000)
#define NICE 10

struct mender {
	struct reg *reg;
	struct mend mend;
	struct periodic *looks;
};

static bool is_missing(const char *dir)
{
	AUTOFREE char *path = NULL;
	enum err e = model_path(dir, &path);

	return e == ERR_NOT_FOUND || (e == OK && !file_exists(path));
}

static void set_damaged(struct reg *reg, bool damaged)
{
	LOCKED(&reg->mutex);
	reg->health.damaged = damaged;
}

static bool register_closes(void *arg)
{
	struct reg *reg = arg;

	LOCKED(&reg->mutex);
	return reg->ends || reg->closing;
}

/* --- what pages report --- */

/* Under the mutex. */
static bool was_believed(const struct suspicion *s, const char *place)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->believed[i], place) == 0)
			return true;
	return false;
}

/* Under the mutex. A new read model did not help, if it was made for this. */
static bool believe(struct suspicion *s, const char *place, const char *why)
{
	if (!s->is_heard || s->n == PLACES || monotonic_ms() < s->next || was_believed(s, place))
		return false;
	s->believed[s->n++] = place;
	s->waits = true;
	snprintf(s->why, sizeof(s->why), "%s", why);
	return true;
}

bool reg_suspect(struct reg *reg, uint64_t models, const char *place, const char *why)
{
	bool counts;

	LOCKED(&reg->mutex);
	counts = reg->health.damaged || models != reg->health.models;
	if (!counts) {
		counts = believe(&reg->suspicion, place, why);
		reg->health.damaged = counts;
	}
	return counts;
}

static void believe_none_before(struct reg *reg, int64_t next)
{
	LOCKED(&reg->mutex);
	reg->suspicion.next = next;
}

/* The report of a page since the last call; NULL: none. From the first call on, pages are heard. */
static char *take_suspicion(struct reg *reg)
{
	struct suspicion *s = &reg->suspicion;
	char *why;

	LOCKED(&reg->mutex);
	why = s->waits ? mem_text(s->why) : NULL;
	s->waits = false;
	s->is_heard = true;
	return why;
}

static void keep_suspicion(struct reg *reg, const char *why)
{
	struct suspicion *s = &reg->suspicion;

	LOCKED(&reg->mutex);
	s->waits = true;
	s->next = 0;
	snprintf(s->why, sizeof(s->why), "%s", why);
}

/* --- looks --- */

/* `by_page`: the file's structure may be sound. If no new one can be made, the log may be at fault,
 * and the pages that the file serves well must not be called damaged. */
static void make_again(struct mend *m, struct reg *reg, const char *why, bool by_page)
{
	enum err e;

	set_damaged(reg, true);
	journal("%s: the read model, from which pages are made, is damaged or gone (%s). A new one is "
		"made from the log, which has everything; until then pages may fail. Look for the "
		"cause: a faulty disk, or a program that changed the folder",
		reg->dir, why);
	m->next = monotonic_ms() + AGAIN_MS;
	believe_none_before(reg, m->next);
	e = reg_rebuild(reg);
	m->damages = db_damages();
	if (e == ERR_BUSY) { /* the register closes, or another rebuild runs */
		m->next = 0;
		keep_suspicion(reg, why);
	} else if (e == OK) {
		set_damaged(reg, false);
		journal("%s: the read model is mended: pages are made from the new one, and nothing is "
			"lost",
			reg->dir);
	} else if (by_page) {
		set_damaged(reg, false);
		journal("%s: no new read model could be made: %s. The page that met the fault answers "
			"500 from now on. Run gaya verify %s: it says whether the log is damaged "
			"(docs/operate.md)",
			reg->dir, err_why(), reg->dir);
	} else {
		journal("%s: the read model is damaged, and no new one could be made: %s. Pages may fail, "
			"and the server tries again in an hour. Look at the disk and its free space, then run "
			"gaya rebuild --data %s (docs/operate.md)",
			reg->dir, err_why(), reg->dir);
	}
}

/* A sound structure may still have a damaged index of searches, which only statements find, and
 * texts that no program wrote, which pages find. */
void mend_look(struct mend *m, struct reg *reg)
{
	uint64_t damages = db_damages();
	bool reported = damages != m->damages, missing = is_missing(reg->dir);
	AUTOFREE char *why = take_suspicion(reg);
	bool by_page = why;
	enum err e = OK;

	if (m->read && !reported && !missing && !why)
		return;
	if (!why)
		e = model_sound(reg->dir, register_closes, reg);
	if (e == ERR_BUSY)
		return;
	m->read = true;
	m->damages = damages;
	if (e != ERR_CORRUPT && !reported && !why)
		return;
	if (!why)
		why = mem_text(e == OK ? err_text("a page met damage in it") : err_why());
	if (monotonic_ms() >= m->next)
		make_again(m, reg, why, by_page && !reported && !missing);
	else
		set_damaged(reg, true);
}

static unsigned look(void *arg)
{
	struct mender *m = arg;

	setpriority(PRIO_PROCESS, (id_t)gettid(), NICE);
	mend_look(&m->mend, m->reg);
	return PAUSE_MS;
}

enum err mender_start(struct reg *reg, struct mender **out)
{
	struct mender *m = mem_new(sizeof(*m));
	enum err e;

	m->reg = reg;
	m->mend.damages = db_damages();
	free(take_suspicion(reg)); /* pages are heard before the first look */
	e = periodic_start(look, m, PAUSE_MS, &m->looks);
	if (e == OK)
		*out = m;
	else
		free(m);
	return e;
}

void mender_stop(struct mender *m)
{
	if (!m)
		return;
	reg_end_rebuild(m->reg);
	periodic_stop(m->looks);
	free(m);
}
