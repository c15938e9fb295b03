/* verify_proof.h - `gaya verify --proof FILE`: checks one proof or receipt offline. */
#pragma once
#include "audit/tlog_policy.h"

struct proof_arguments {
	const char *proof;                /* file; "-" is standard input */
	const char *entry, *content;      /* files, or NULL */
	const char *key;                  /* verifier key */
	const struct tlog_policy *policy; /* witnesses, or NULL */
	bool json;
};
MUST_CHECK enum err verify_proof(const struct proof_arguments *a);
