#include "web/view/policy_kept.h"
#include "base/locked.h"

#include "registry/query/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT_MAX 256 /* adoptions; those beyond it are shown without their questions */

struct policies_kept {
	pthread_mutex_t mutex;
	size_t n;
	struct {
		char sha256[65];
		struct policy *policy;
	} all[KEPT_MAX];
};

struct policies_kept *policies_kept_new(void)
{
	struct policies_kept *kept = mem_new(sizeof(*kept));

	pthread_mutex_init(&kept->mutex, NULL);
	return kept;
}

void policies_kept_free(struct policies_kept *kept)
{
	if (!kept)
		return;
	for (size_t i = 0; i < kept->n; i++)
		policy_free(kept->all[i].policy);
	pthread_mutex_destroy(&kept->mutex);
	free(kept);
}

static const struct policy *find(struct policies_kept *kept, const char *sha256)
{
	for (size_t i = 0; i < kept->n; i++)
		if (strcmp(kept->all[i].sha256, sha256) == 0)
			return kept->all[i].policy;
	return NULL;
}

static struct policy *read_policy(const struct snapshot *snap, const char *sha256)
{
	AUTO(buf) bytes = BUF(POLICY_MAX);
	json_auto_t *content = NULL;
	struct policy *policy = NULL;
	char type[64];

	if (query_content(snap, sha256, &bytes, type) != OK ||
		json_read(buf_text(&bytes), bytes.len, POLICY_MAX, RULES_STRICT, &content) != OK ||
		policy_load(content, &policy) != OK)
		return NULL;
	return policy;
}

const struct policy *policy_kept(const struct request *rq, const char *sha256)
{
	struct policies_kept *kept = rq->site->policies;
	const struct policy *found;

	if (!sha256)
		return NULL;
	LOCKED(&kept->mutex);
	found = find(kept, sha256);
	if (!found && kept->n < KEPT_MAX) {
		struct policy *policy = read_policy(rq->snap, sha256);

		if (policy) {
			snprintf(kept->all[kept->n].sha256, sizeof(kept->all[0].sha256), "%s",
				sha256);
			kept->all[kept->n++].policy = policy;
			found = policy;
		}
	}
	return found;
}
