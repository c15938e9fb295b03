#include "web/view/standard_kept.h"
#include "base/locked.h"

#include "registry/query/query.h"
#include "registry/standard/standard.h"

#include <stdlib.h>

struct standards_kept {
	pthread_mutex_t mutex;
	size_t n;
	struct kept_one {
		int64_t version;
		struct standard *standard;
	} * all;
};

struct standards_kept *standards_kept_new(void)
{
	struct standards_kept *kept = mem_new(sizeof(*kept));

	pthread_mutex_init(&kept->mutex, NULL);
	return kept;
}

void standards_kept_free(struct standards_kept *kept)
{
	if (!kept)
		return;
	for (size_t i = 0; i < kept->n; i++)
		standard_free(kept->all[i].standard);
	free(kept->all);
	pthread_mutex_destroy(&kept->mutex);
	free(kept);
}

static enum err load(const struct snapshot *snap, int64_t version, struct standard **out)
{
	AUTO(buf) bytes = BUF(STANDARD_MAX);
	json_auto_t *adoption = NULL;
	char type[64];

	TRY(query_standard(snap, version, &adoption));
	TRY(query_content(snap, json_str(adoption, "sha256"), &bytes, type));
	return standard_load(buf_text(&bytes), bytes.len, out);
}

static enum err find(struct standards_kept *kept, const struct snapshot *snap, int64_t version,
	const struct standard **out)
{
	struct standard *standard;

	for (size_t i = 0; i < kept->n; i++) {
		if (kept->all[i].version == version) {
			*out = kept->all[i].standard;
			return OK;
		}
	}
	TRY(load(snap, version, &standard));
	kept->all = mem_resize(kept->all, (kept->n + 1) * sizeof(*kept->all));
	kept->all[kept->n++] = (struct kept_one){version, standard};
	*out = standard;
	return OK;
}

enum err standard_kept(const struct request *rq, int64_t version, const struct standard **out)
{
	struct standards_kept *kept = rq->site->standards;

	LOCKED(&kept->mutex);
	return find(kept, rq->snap, version, out);
}
