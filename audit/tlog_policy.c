#include "audit/tlog_policy.h"

#include "audit/checkpoint.h"
#include "audit/cosignature.h"
#include "base/file.h"

#include <stdlib.h>
#include <string.h>

#define NONE (-1)
#define UNSAID (-2) /* no quorum line yet */

/* The items of a line, borrowed from it. */
struct items {
	struct line rest;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The next item; it is empty at the end of the line. */
static struct line next_item(struct items *at)
{
	struct line item;

	while (at->rest.len && is_blank(at->rest.s[0])) {
		at->rest.s++;
		at->rest.len--;
	}
	item = (struct line){at->rest.s, 0};
	while (item.len < at->rest.len && !is_blank(item.s[item.len]))
		item.len++;
	at->rest.s += item.len;
	at->rest.len -= item.len;
	return item;
}

static bool is(struct line item, const char *word)
{
	return item.len == strlen(word) && memcmp(item.s, word, item.len) == 0;
}

static enum err at_end(struct items *at)
{
	struct line item = next_item(at);

	ENSURE(item.len == 0, ERR_INVALID, "\"%.*s\" is one item too many", (int)item.len, item.s);
	return OK;
}

static int node_named(const struct tlog_policy *p, struct line name)
{
	for (size_t i = 0; i < p->nodes_n; i++)
		if (is(name, p->nodes[i].name))
			return (int)i;
	return NONE;
}

static enum err read_key(struct items *at, struct vkey *out)
{
	struct line item = next_item(at);
	AUTOFREE char *text = mem_bytes(item.s, item.len);

	ENSURE(item.len > 0, ERR_INVALID, "a verifier key is missing");
	return vkey_parse(text, out);
}

/* An unsupported kind of witness key is not a reason to refuse the other witnesses. */
static enum err read_witness_key(struct items *at, struct policy_witness *w)
{
	struct line item = next_item(at);
	AUTOFREE char *text = mem_bytes(item.s, item.len);
	struct vkey key;

	ENSURE(item.len > 0, ERR_INVALID, "a verifier key is missing");
	w->checkable = vkey_parse(text, &key) == OK;
	if (!w->checkable && vkey_parse_other(text, &w->key) != OK)
		return vkey_parse(text, &key); /* which fails with the reason */
	if (w->checkable)
		w->key = cosignature_vkey(&key);
	return OK;
}

/* Reads the rest of a log's or witness's line. */
static enum err read_url(struct items *at, char **out)
{
	struct line item = next_item(at);

	TRY(at_end(at));
	*out = item.len ? mem_bytes(item.s, item.len) : NULL;
	return OK;
}

/* Compares the bytes of keys, whatever their names. */
static bool same_bytes(const struct vkey *a, const struct vkey *b)
{
	return memcmp(a->public, b->public, sizeof(a->public)) == 0;
}

static enum err read_log(struct tlog_policy *p, struct items *at)
{
	struct policy_log *log = &p->logs[p->logs_n];

	ENSURE(p->logs_n < POLICY_LOGS, ERR_TOO_LARGE, "a policy has at most %d logs", POLICY_LOGS);
	TRY(read_key(at, &log->key));
	ENSURE(log->key.type == KEY_ED25519, ERR_INVALID, "%s is not the key of a log",
		log->key.name);
	for (size_t i = 0; i < p->logs_n; i++)
		ENSURE(!same_bytes(&p->logs[i].key, &log->key), ERR_INVALID,
			"the log's key was listed before");
	TRY(read_url(at, &log->url));
	p->logs_n++;
	return OK;
}

/* Adds a new name, which is not yet a member of anything. */
static enum err add_node(struct tlog_policy *p, struct line name, int witness, int *index)
{
	ENSURE(name.len > 0, ERR_INVALID, "a name is missing");
	ENSURE(!is(name, "none"), ERR_INVALID, "\"none\" cannot be a name");
	ENSURE(node_named(p, name) == NONE, ERR_INVALID, "\"%.*s\" was named before", (int)name.len,
		name.s);
	*index = (int)p->nodes_n;
	p->nodes[p->nodes_n++] = (struct policy_node){
		.name = mem_bytes(name.s, name.len), .witness = witness, .group = NONE};
	return OK;
}

static enum err read_witness(struct tlog_policy *p, struct items *at)
{
	struct policy_witness *w = &p->witnesses[p->witnesses_n];
	struct line name = next_item(at);
	int node;

	ENSURE(p->witnesses_n < POLICY_WITNESSES, ERR_TOO_LARGE,
		"a policy has at most %d witnesses", POLICY_WITNESSES);
	TRY(add_node(p, name, (int)p->witnesses_n, &node));
	TRY(read_witness_key(at, w));
	for (size_t i = 0; i < p->witnesses_n; i++)
		ENSURE(!same_bytes(&p->witnesses[i].key, &w->key), ERR_INVALID,
			"the key of witness \"%s\" is listed again", p->witnesses[i].name);
	TRY(read_url(at, &w->url));
	w->name = mem_text(p->nodes[node].name);
	p->witnesses_n++;
	return OK;
}

static enum err read_member(struct tlog_policy *p, int group, struct line name)
{
	int member = node_named(p, name);

	/* A group's own name is already in the list here, but its meaning is not known yet. */
	ENSURE(member != NONE && member != group, ERR_INVALID, "\"%.*s\" is not named before",
		(int)name.len, name.s);
	ENSURE(p->nodes[member].group == NONE, ERR_INVALID, "\"%s\" is a member of a group already",
		p->nodes[member].name);
	p->nodes[member].group = group;
	return OK;
}

static enum err read_threshold(struct line word, unsigned members, unsigned *out)
{
	uint64_t k = is(word, "any") ? 1 : members;

	if (!is(word, "any") && !is(word, "all"))
		TRY(line_number(word, &k));
	ENSURE(k >= 1 && k <= members, ERR_INVALID, "a group of %u cannot ask for %llu", members,
		(unsigned long long)k);
	*out = (unsigned)k;
	return OK;
}

static enum err read_group(struct tlog_policy *p, struct items *at)
{
	struct line name = next_item(at), threshold = next_item(at), member;
	unsigned members = 0;
	int group;

	ENSURE(p->nodes_n - p->witnesses_n < POLICY_GROUPS, ERR_TOO_LARGE,
		"a policy has at most %d groups", POLICY_GROUPS);
	TRY(add_node(p, name, NONE, &group));
	while ((member = next_item(at)).len) {
		TRY(read_member(p, group, member));
		members++;
	}
	ENSURE(members > 0, ERR_INVALID, "a group has no members");
	return read_threshold(threshold, members, &p->nodes[group].k);
}

static enum err read_quorum(struct tlog_policy *p, struct items *at)
{
	struct line name = next_item(at);

	ENSURE(p->quorum == UNSAID, ERR_INVALID,
		"a policy has one quorum line, and this is a second one: keep one");
	p->quorum = is(name, "none") ? NONE : node_named(p, name);
	ENSURE(p->quorum != NONE || is(name, "none"), ERR_INVALID, "\"%.*s\" is not named before",
		(int)name.len, name.s);
	return at_end(at);
}

static const struct {
	const char *word;
	enum err (*read)(struct tlog_policy *p, struct items *at);
} lines[] = {
	{"log", read_log},
	{"witness", read_witness},
	{"group", read_group},
	{"quorum", read_quorum},
};

static enum err read_line(struct tlog_policy *p, struct line line)
{
	struct items at = {line};
	struct line word;

	for (size_t i = 0; i < line.len; i++)
		ENSURE((uint8_t)line.s[i] >= 0x20 ? line.s[i] != 0x7f : line.s[i] == '\t',
			ERR_INVALID, "a line must not contain the control byte 0x%02x",
			(unsigned)(uint8_t)line.s[i]);
	word = next_item(&at);
	if (word.len == 0 || word.s[0] == '#')
		return OK;
	for (size_t i = 0; i < COUNT(lines); i++)
		if (is(word, lines[i].word))
			return lines[i].read(p, &at);
	return fail(ERR_INVALID, "\"%.*s\" is not log, witness, group or quorum", (int)word.len,
		word.s);
}

/* Editors may omit the last newline, which changes nothing. */
static struct line cut_line(struct line *rest)
{
	struct line line = *rest;

	if (line_next(rest, &line) != OK)
		*rest = (struct line){0};
	return line;
}

static enum err read_all(struct tlog_policy *p, struct line rest)
{
	ENSURE(rest.len <= POLICY_TEXT_MAX, ERR_TOO_LARGE, "a policy is over %lu bytes",
		POLICY_TEXT_MAX);
	for (unsigned n = 1; rest.len; n++) {
		enum err e = read_line(p, cut_line(&rest));

		ENSURE(e == OK, e, "line %u: %s", n, err_why());
	}
	ENSURE(p->quorum != UNSAID, ERR_INVALID,
		"there is no quorum line: add one, such as \"quorum none\"");
	return OK;
}

enum err tlog_policy_parse(const char *text, size_t len, struct tlog_policy **out)
{
	struct tlog_policy *p = mem_new(sizeof(*p));
	enum err e;

	p->quorum = UNSAID;
	e = read_all(p, (struct line){text, len});
	if (e != OK) {
		tlog_policy_free(p);
		return e;
	}
	*out = p;
	return OK;
}

enum err tlog_policy_read(const char *path, struct tlog_policy **out)
{
	AUTO(buf) text = BUF(POLICY_TEXT_MAX);
	enum err e;

	TRY(file_read(path, &text));
	e = tlog_policy_parse(buf_text(&text), text.len, out);
	return e == OK ? OK : fail(e, "%s: %s", path, err_why());
}

void tlog_policy_free(struct tlog_policy *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < COUNT(p->logs); i++)
		free(p->logs[i].url);
	for (size_t i = 0; i < COUNT(p->witnesses); i++) {
		free(p->witnesses[i].name);
		free(p->witnesses[i].url);
	}
	for (size_t i = 0; i < p->nodes_n; i++)
		free(p->nodes[i].name);
	free(p);
}

bool tlog_policy_met(const struct tlog_policy *p, const bool cosigned[POLICY_WITNESSES])
{
	unsigned members[COUNT(p->nodes)] = {0};

	if (p->quorum == NONE)
		return true;
	for (int i = 0; i < (int)p->nodes_n; i++) {
		const struct policy_node *node = &p->nodes[i];
		bool met = node->witness == NONE ? members[i] >= node->k : cosigned[node->witness];

		if (i == p->quorum)
			return met;
		if (met && node->group != NONE)
			members[node->group]++;
	}
	return false;
}

static enum err witness_verify(
	const struct policy_witness *w, const struct note *note, int64_t *time)
{
	ENSURE(w->checkable, ERR_NOT_FOUND, "the key of %s cannot be checked", w->name);
	return cosignature_verify(note, &w->key, time);
}

/* The latest time at which the cosignatures from that time on still form a quorum. */
static int64_t since(const struct tlog_policy *p, const struct policy_verdict *verdict)
{
	int64_t best = 0;

	for (size_t i = 0; i < p->witnesses_n && p->quorum != NONE; i++) {
		bool then[POLICY_WITNESSES] = {0};

		for (size_t j = 0; j < p->witnesses_n; j++)
			then[j] = verdict->cosigned[j] && verdict->time[j] >= verdict->time[i];
		if (verdict->time[i] > best && tlog_policy_met(p, then))
			best = verdict->time[i];
	}
	return best;
}

enum err tlog_policy_judge(
	const struct tlog_policy *p, const struct note *note, struct policy_verdict *out)
{
	struct policy_verdict verdict = {0};

	for (size_t i = 0; i < p->witnesses_n; i++) {
		enum err e = witness_verify(&p->witnesses[i], note, &verdict.time[i]);

		if (e != ERR_NOT_FOUND)
			TRY(e);
		verdict.cosigned[i] = e == OK;
	}
	verdict.met = tlog_policy_met(p, verdict.cosigned);
	verdict.since = since(p, &verdict);
	*out = verdict;
	return OK;
}

void tlog_policy_lines(const struct tlog_policy *p, const struct note *note, struct buf *out)
{
	for (size_t i = 0; i < p->witnesses_n; i++) {
		int64_t time;

		if (witness_verify(&p->witnesses[i], note, &time) == OK)
			cosignature_copy(note, &p->witnesses[i].key, out);
	}
}

void tlog_policy_names(const struct tlog_policy *p, const struct policy_verdict *verdict,
	bool cosigned, struct buf *out)
{
	for (size_t i = 0, n = 0; i < p->witnesses_n; i++)
		if (verdict->cosigned[i] == cosigned)
			buf_printf(out, "%s%s", n++ ? ", " : "", p->witnesses[i].key.name);
}

bool tlog_policy_lists(const struct tlog_policy *p, const struct vkey *key)
{
	for (size_t i = 0; i < p->logs_n; i++)
		if (strcmp(p->logs[i].key.name, key->name) == 0 && same_bytes(&p->logs[i].key, key))
			return true;
	return p->logs_n == 0;
}
