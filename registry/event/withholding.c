#include "registry/event/withholding.h"

#include "base/buf.h"
#include "base/embed.h"

#include <pthread.h>
#include <stdlib.h>

EMBED(withholding, "policies/withholding.json");

static json_t *list;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
	list = json_loadb(embed_withholding, embed_withholding_len(), 0, NULL);
	if (!json_is_array(json_object_get(list, "reasons")))
		abort(); /* it is built into the program, and tested */
}

const json_t *withholding_reasons(void)
{
	pthread_once(&once, load);
	return json_object_get(list, "reasons");
}

const json_t *withholding_reason(const char *code)
{
	return json_find(withholding_reasons(), "code", code);
}

char *withholding_codes(void)
{
	struct buf out = BUF(4 * KIB);

	json_each_at (withholding_reasons(), i, one)
		buf_printf(&out, "%s%s", i ? ", " : "", json_str(one, "code"));
	return buf_take(&out);
}
