/* tlog_policy.h - C2SP tlog-policy: the logs, the witnesses, and the quorum of witnesses.
 *
 *     log <vkey> [<url>]
 *     witness <name> <vkey> [<url>]
 *     group <name> all|any|<k> <member>…
 *     quorum <name>|none
 *
 * Names are bytes and local to the file. A name is a member of at most one group, so the quorum is
 * a tree and each witness counts once. */
#pragma once
#include "audit/note.h"

#define POLICY_TEXT_MAX (256 * KIB)
#define POLICY_LOGS 64
#define POLICY_WITNESSES 64
#define POLICY_GROUPS 64

struct policy_log {
	struct vkey key;
	char *url; /* NULL for none */
};
struct policy_witness {
	char *name;
	struct vkey key; /* of type 0x04, or of an unsupported type (ML-DSA-44): then */
	bool checkable;  /* is false, and the witness never counts as having cosigned */
	char *url;       /* its submission prefix; NULL for none */
};
/* A name that a quorum or group may use: a witness, or a group of earlier names. */
struct policy_node {
	char *name;
	int witness; /* index; -1: a group */
	unsigned k;  /* of a group: how many of its members it needs */
	int group;   /* the node that it is a member of; -1 for none */
};
struct tlog_policy {
	size_t logs_n, witnesses_n, nodes_n;
	struct policy_log logs[POLICY_LOGS];
	struct policy_witness witnesses[POLICY_WITNESSES];
	struct policy_node nodes[POLICY_WITNESSES + POLICY_GROUPS]; /* members before groups */
	int quorum; /* a node; -1: none is required */
};
/* ERR_INVALID names line and rule; ERR_TOO_LARGE over a limit. */
MUST_CHECK enum err tlog_policy_parse(const char *text, size_t len, struct tlog_policy **out);
/* The same for a file. ERR_NOT_FOUND if it does not exist. */
MUST_CHECK enum err tlog_policy_read(const char *path, struct tlog_policy **out);
void tlog_policy_free(struct tlog_policy *policy);

/* Is the quorum met when these witnesses (by index) have cosigned? */
bool tlog_policy_met(const struct tlog_policy *policy, const bool cosigned[POLICY_WITNESSES]);

/* The result of checking a note's cosignatures against the policy. */
struct policy_verdict {
	bool met;
	int64_t since; /* the time of the quorum: by then enough had cosigned; 0: none */
	bool cosigned[POLICY_WITNESSES];
	int64_t time[POLICY_WITNESSES]; /* of each witness that cosigned */
};
/* ERR_FALSE if a line of a known witness does not verify. */
MUST_CHECK enum err tlog_policy_judge(
	const struct tlog_policy *policy, const struct note *note, struct policy_verdict *out);
/* Appends each witness's latest line in the note, if it verifies. */
void tlog_policy_lines(const struct tlog_policy *policy, const struct note *note, struct buf *out);
/* Appends the key names, separated by ", ", of the witnesses that have (or have not) cosigned: key
 * names are known outside the file and are always text. */
void tlog_policy_names(const struct tlog_policy *policy, const struct policy_verdict *verdict,
	bool cosigned, struct buf *out);
/* Does the policy list this log's key? Also true if it lists no log. */
bool tlog_policy_lists(const struct tlog_policy *policy, const struct vkey *key);
