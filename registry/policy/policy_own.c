/* The built-in policies, as they are in policies/. */
#include "base/embed.h"
#include "base/text.h"
#include "registry/policy/policy.h"

#include <string.h>

EMBED(canada_questions, "policies/canada-aia/questions.json");
EMBED(canada_rule, "policies/canada-aia/rule.jq");
EMBED(canada_cases, "policies/canada-aia/cases.json");
EMBED(canada_readme, "policies/canada-aia/README.md");
EMBED(eu_questions, "policies/eu-ai-act/questions.json");
EMBED(eu_rule, "policies/eu-ai-act/rule.jq");
EMBED(eu_cases, "policies/eu-ai-act/cases.json");
EMBED(eu_readme, "policies/eu-ai-act/README.md");
EMBED(gimhae_questions, "policies/gimhae/questions.json");
EMBED(gimhae_rule, "policies/gimhae/rule.jq");
EMBED(gimhae_cases, "policies/gimhae/cases.json");
EMBED(gimhae_readme, "policies/gimhae/README.md");
EMBED(kr_questions, "policies/kr-ai-basic-act/questions.json");
EMBED(kr_rule, "policies/kr-ai-basic-act/rule.jq");
EMBED(kr_cases, "policies/kr-ai-basic-act/cases.json");
EMBED(kr_readme, "policies/kr-ai-basic-act/README.md");
EMBED(krp_questions, "policies/kr-public-ai-act/questions.json");
EMBED(krp_rule, "policies/kr-public-ai-act/rule.jq");
EMBED(krp_cases, "policies/kr-public-ai-act/cases.json");
EMBED(krp_readme, "policies/kr-public-ai-act/README.md");

/* tests/policies/ fails if a folder is missing here. */
static const struct own {
	const char *id, *files[4]; /* in the order of policy_files */
} own[] = {
	{"canada-aia", {embed_canada_questions, embed_canada_rule, embed_canada_cases,
			       embed_canada_readme}},
	{"eu-ai-act", {embed_eu_questions, embed_eu_rule, embed_eu_cases, embed_eu_readme}},
	{"gimhae", {embed_gimhae_questions, embed_gimhae_rule, embed_gimhae_cases,
			   embed_gimhae_readme}},
	{"kr-ai-basic-act", {embed_kr_questions, embed_kr_rule, embed_kr_cases, embed_kr_readme}},
	{"kr-public-ai-act",
		{embed_krp_questions, embed_krp_rule, embed_krp_cases, embed_krp_readme}},
};

const char *policy_own_id(size_t i)
{
	return i < COUNT(own) ? own[i].id : NULL;
}

enum err policy_pack(const char *const files[4], json_t **content)
{
	AUTO(buf) text = BUF(POLICY_MAX);
	json_auto_t *all = json_object(), *whole = NULL;

	for (size_t i = 0; i < COUNT(policy_files); i++) {
		ENSURE(text_is_utf8(files[i], strlen(files[i])), ERR_INVALID, "%s is not UTF-8",
			policy_files[i]);
		json_put(all, policy_files[i], json_text(files[i]));
	}
	whole = json_make("{s:O}", "files", all);
	json_canonical(whole, &text);
	TRY(buf_check(&text, "a policy"));
	/* Parsed by our own rules: what they change (normal form C) must not differ later. */
	return json_read(buf_text(&text), text.len, POLICY_MAX, RULES_GIVEN, content);
}

enum err policy_own(const char *id, json_t **content)
{
	AUTO(buf) names = BUF(KIB);

	for (size_t i = 0; i < COUNT(own); i++) {
		if (strcmp(own[i].id, id) == 0)
			return policy_pack(own[i].files, content);
		buf_printf(&names, "%s%s", i ? ", " : "", own[i].id);
	}
	return fail(ERR_NOT_FOUND,
		"there is no policy \"%s\": there are %s, or give a folder as ./folder", id,
		buf_text(&names));
}
