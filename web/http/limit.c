#include "web/http/limit.h"

#include "base/buf.h"

#include <pthread.h>
#include <stdlib.h>

/* Each client falls into one of WAYS places of its set; the least recently used one is replaced. A
 * flood of addresses can displace counters, but never grows the table. */
#define SETS 1024u
#define WAYS 4u

struct share {
	uint64_t client;
	double left;
	int64_t at;
};
struct limit {
	pthread_mutex_t mutex;
	double per_hour;
	struct share shares[SETS][WAYS];
};

struct limit *limit_new(unsigned per_hour)
{
	struct limit *l = mem_new(sizeof(*l));

	l->per_hour = per_hour;
	pthread_mutex_init(&l->mutex, NULL);
	return l;
}

void limit_free(struct limit *l)
{
	if (!l)
		return;
	pthread_mutex_destroy(&l->mutex);
	free(l);
}

static struct share *share_of(struct limit *l, uint64_t client, int64_t now)
{
	struct share *set = l->shares[client % SETS], *oldest = set;

	for (unsigned i = 0; i < WAYS; i++) {
		if (set[i].client == client && set[i].at)
			return &set[i];
		if (set[i].at < oldest->at)
			oldest = &set[i];
	}
	*oldest = (struct share){.client = client, .left = l->per_hour, .at = now};
	return oldest;
}

/* A token bucket that fills evenly, up to an hour's worth. */
enum err limit_take(struct limit *l, uint64_t client, int64_t now)
{
	struct share *s;
	bool may;

	if (l->per_hour == 0)
		return OK;
	pthread_mutex_lock(&l->mutex);
	s = share_of(l, client, now);
	if (now > s->at)
		s->left += (double)(now - s->at) * l->per_hour / 3600;
	if (s->left > l->per_hour)
		s->left = l->per_hour;
	s->at = now;
	may = s->left >= 1;
	if (may)
		s->left--;
	pthread_mutex_unlock(&l->mutex);
	ENSURE(may, ERR_LIMITED,
		"this network sent too many requests within an hour: try again later");
	return OK;
}
