#include "registry/office/rejudge.h"

#include "base/periodic.h"
#include "registry/office/office.h"

#include <stdlib.h>

#define LOOK_MS 10000 /* between two checks for records to judge */

struct rejudge {
	struct reg *reg;
	void (*trouble)(const char *why);
	int64_t left; /* records to judge */
	struct periodic *rounds;
};

/* How many records are left to judge. Asked of a reader, so that the writer of an idle register can
 * sleep. */
static int64_t ask(struct rejudge *r, const char *operation)
{
	json_auto_t *request = json_make("{s:s}", "do", operation), *reply = NULL;
	enum err e = office_do(r->reg, request, NULL, &reply);

	if (e != OK && e != ERR_BUSY)
		r->trouble(err_why());
	return e == OK ? json_num(reply, "left") : 0;
}

static unsigned act(void *arg)
{
	struct rejudge *r = arg;

	r->left = ask(r, r->left ? "rejudge" : "policies");
	return r->left ? 0 : LOOK_MS;
}

enum err rejudge_start(struct reg *reg, void (*trouble)(const char *why), struct rejudge **out)
{
	struct rejudge *r = mem_new(sizeof(*r));
	enum err e;

	r->reg = reg;
	r->trouble = trouble;
	e = periodic_start(act, r, LOOK_MS, &r->rounds);
	if (e == OK)
		*out = r;
	else
		free(r);
	return e;
}

void rejudge_stop(struct rejudge *r)
{
	if (!r)
		return;
	periodic_stop(r->rounds);
	free(r);
}
