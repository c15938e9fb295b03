/* A policy that parses is a tree of known names: all witnesses together make any quorum, none make
 * none but "none", and one more cosignature never removes a quorum. */
#include "audit/tlog_policy.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

static void check_tree(const struct tlog_policy *p)
{
	for (int i = 0; i < (int)p->nodes_n; i++) {
		const struct policy_node *node = &p->nodes[i];

		assert(*node->name && strcmp(node->name, "none") != 0);
		assert(node->group == -1 || (node->group > i && node->group < (int)p->nodes_n));
		assert(node->witness == -1 ? node->k > 0 : node->witness < (int)p->witnesses_n);
	}
	assert(p->quorum >= -1 && p->quorum < (int)p->nodes_n);
}

static void check_quorum(const struct tlog_policy *p)
{
	bool cosigned[POLICY_WITNESSES] = {0}, met = tlog_policy_met(p, cosigned);

	assert(met == (p->quorum == -1));
	for (size_t i = 0; i < p->witnesses_n; i++) {
		cosigned[i] = true;
		assert(!met || tlog_policy_met(p, cosigned));
		met = tlog_policy_met(p, cosigned);
	}
	assert(met);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	crypto_init();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tlog_policy *p = NULL;

	if (tlog_policy_parse((const char *)data, size, &p) != OK)
		return 0;
	check_tree(p);
	check_quorum(p);
	tlog_policy_free(p);
	return 0;
}
