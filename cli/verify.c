#include "cli/cli.h"

#include "audit/key_statement.h"
#include "base/file.h"
#include "cli/verify_proof.h"
#include "registry/verify/verify.h"
#include "registry/write/register.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char TRUE_[] =
	"True: the log is what its key signed, and every entry follows the rules.";
static const char TRUE_NEW[] =
	"True: the log is what its key signed, and every new entry follows the rules.";
static const char TRUE_LOG[] =
	"True: the log is what its key signed. With --log the entries were not read: "
	"whether they follow the rules was not checked.";
static const char FALSE_[] = "False: ";
static const char UNKNOWN[] = "Not known: the register could not be checked to the end.";
static const char NOT_COVERED[] =
	"This does not say that what departments filed is right, nor that "
	"nothing was left unfiled.";
static const char LOG[] = "log";
static const char SIZE[] = "entries in the signed checkpoint";
static const char ROOT[] = "root";
static const char KEY[] = "key";
static const char ON_TRUST[] =
	"Warning: that key was taken from the register itself. Compare it with "
	"a copy from elsewhere, and name it with --key.";
static const char AHEAD[] =
	"Warning: the register's clock was ahead. The latest time among its entries is";
static const char AHEAD_OF[] = "but the last witness signed, or this machine looked, at";
static const char HANDED_ON[] =
	"the known key, which handed the log on to it by entries of the log";
static const char EXTENDS[] = "grew from the entries verified last time";
static const char FIRST[] = "Nothing was remembered from an earlier time; from now on it is.";
static const char NEW[] = "new entries, each checked";
static const char BEFORE[] =
	"Only what is new was checked. That the log begins with the entries of before is "
	"proved; they themselves were checked on";
static const char FULL[] = "and all of them from the first on";
static const char ALL[] =
	"There was nothing to go on from, so everything was checked from the first entry.";
static const char SIGNATURES[] = "signatures of departments";
static const char CONTENTS[] = "contents, each as its entry says";
static const char ERASED[] = "contents erased by an entry";
static const char HIDDEN[] = "contents that are not public, so not checked";
static const char SYSTEMS[] = "published systems";
static const char DEPARTMENTS[] = "departments";
static const char QUESTIONS[] = "citizens' questions";
static const char MODEL[] = "The database's pages are exactly what the log gives.";
static const char SEARCH_INDEX[] =
	"Of the search index only this was checked: that it finds each text by its first "
	"word. gaya rebuild makes it anew.";
static const char OLD_MODEL[] =
	"Not compared: the database's pages. Another version of this program made them, "
	"and the next start of the server makes them anew from the log.";
static const char NO_MODEL[] =
	"Not compared: the database's pages. The folder has no read model, as a backup has "
	"none; gaya serve or gaya rebuild makes it from the log.";
static const char COSIGNED[] = "cosigned by";
static const char NOT_COSIGNED[] = "not cosigned by";
static const char QUORUM[] = "Enough witnesses have cosigned the checkpoint.";
static const char QUORUM_BEHIND[] =
	"Enough witnesses have cosigned an earlier checkpoint, which this log goes on "
	"from.";
static const char QUORUM_SIZE[] = "entries in the newest checkpoint that enough of them cosigned";
static const char BEHIND[] = "newer entries, not cosigned by enough of them yet";
static const char AGE[] = "seconds since enough of them cosigned it";
static const char CANNOT_CHECK[] = "of these, by keys of a kind that this program cannot check";
static const char TOOK[] = "milliseconds";
static const char READ[] = "entries checked before that";

struct arguments {
	struct verify verify;
	struct proof_arguments proof;
	char *key; /* owned */
	const char *policy_path;
	struct tlog_policy *policy; /* read from there, or from the register's folder; owned */
	bool json;
};

/* Offline, nobody can be asked for the key. */
static enum err check_proof_arguments(int argc, struct arguments *a)
{
	if (!a->verify.key || optind != argc || a->verify.state || a->verify.since ||
		a->verify.log_only)
		return usage(
			"verify", "--proof needs --key, and no address, --state, --since or --log");
	a->proof.key = a->verify.key;
	a->proof.json = a->json;
	return OK;
}

static enum err parse(int argc, char **argv, struct arguments *a)
{
	const struct cli_option options[] = {
		{"key", .take = take_key, .to = &a->key},
		{"state", &a->verify.state},
		{"policy", &a->policy_path},
		{"since", .flag = &a->verify.since},
		{"log", .flag = &a->verify.log_only},
		{"json", .flag = &a->json},
		{"proof", &a->proof.proof},
		{"entry", &a->proof.entry},
		{"content", &a->proof.content},
		{0},
	};

	TRY(cli_options(argc, argv, "verify", options));
	a->verify.key = a->key;
	if (a->proof.proof)
		return check_proof_arguments(argc, a);
	if (a->proof.entry || a->proof.content)
		return usage("verify", "--entry and --content go with --proof");
	if (a->verify.since && !a->verify.state)
		return usage("verify", "--since needs --state FILE");
	if (a->verify.since && a->verify.log_only)
		return usage("verify", "--since and --log exclude each other");
	if (optind != argc - 1)
		return usage("verify", "one address or folder is needed");
	a->verify.where = argv[optind];
	return OK;
}

/* At most ten times a second, so that the output costs nothing. */
static void show_progress(void *arg, uint64_t done, uint64_t entries)
{
	struct timespec *shown = arg, now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (done < entries &&
		(now.tv_sec - shown->tv_sec) * 10 + (now.tv_nsec - shown->tv_nsec) / 100000000 < 1)
		return;
	*shown = now;
	fprintf(stderr, "\r%" PRIu64 " / %" PRIu64 "%s", done, entries,
		done == entries ? "\r\033[K" : "");
}

static void root_text(const struct verified *r, struct buf *out)
{
	base64_add(out, r->checkpoint.root.bytes, SHA256);
}

/* The given policy, or the one in the folder; addresses and files have none of their own. */
static enum err read_policy(struct arguments *a)
{
	AUTOFREE char *own = a->verify.where ? file_in(a->verify.where, REG_POLICY) : NULL;

	a->verify.policy_given = a->policy_path != NULL;
	if (a->policy_path || (own && file_exists(own)))
		TRY(tlog_policy_read(a->policy_path ? a->policy_path : own, &a->policy));
	a->verify.policy = a->proof.policy = a->policy;
	return OK;
}

static json_t *witnesses(const struct arguments *a, const struct verified *r, bool cosigned)
{
	json_t *list = json_array();

	for (size_t i = 0; i < a->policy->witnesses_n; i++)
		if (r->verdict.cosigned[i] == cosigned)
			json_push(list, json_text(a->policy->witnesses[i].key.name));
	return list;
}

static uint64_t seconds_ago(const struct verified *r)
{
	int64_t ago = env_now(&env_real) - r->verdict.since;

	return ago > 0 ? (uint64_t)ago : 0; /* their clocks may differ from ours */
}

static void add_witnesses(const struct arguments *a, const struct verified *r, json_t *o)
{
	json_put(o, "quorum", r->judged ? json_boolean(r->verdict.met) : json_null());
	if (!r->judged)
		return;
	json_put(o, "cosigned_by", witnesses(a, r, true));
	json_put(o, "not_cosigned_by", witnesses(a, r, false));
	json_put(o, "cosigned_size",
		r->cosigned.size ? json_integer((json_int_t)r->cosigned.size) : json_null());
	json_put(o, "cosigned_seconds_ago",
		r->verdict.since ? json_integer((json_int_t)seconds_ago(r)) : json_null());
}

static void print_number(const char *m, uint64_t n)
{
	emit(stdout, "  %s: %" PRIu64 "\n", T(m), n);
}

static void print_uncheckable(const struct arguments *a)
{
	AUTO(buf) names = BUF(32 * KIB);

	for (size_t i = 0; a->policy && i < a->policy->witnesses_n; i++)
		if (!a->policy->witnesses[i].checkable)
			buf_printf(&names, "%s%s", names.len ? ", " : "",
				a->policy->witnesses[i].key.name);
	if (names.len)
		emit(stdout, "  %s: %s\n", T(CANNOT_CHECK), buf_text(&names));
}

static void print_witnesses(const struct arguments *a, const struct verified *r)
{
	for (int cosigned = 1; r->judged && cosigned >= 0; cosigned--) {
		AUTO(buf) names = BUF(32 * KIB);

		tlog_policy_names(a->policy, &r->verdict, cosigned, &names);
		if (names.len)
			emit(stdout, "  %s: %s\n", T(cosigned ? COSIGNED : NOT_COSIGNED),
				buf_text(&names));
	}
	print_uncheckable(a);
	if (!r->judged || !r->verdict.since)
		return;
	if (r->cosigned.size < r->checkpoint.size) {
		print_number(QUORUM_SIZE, r->cosigned.size);
		print_number(BEHIND, r->checkpoint.size - r->cosigned.size);
	}
	print_number(AGE, seconds_ago(r));
}

/* Was the folder's read model compared with the log's? */
static bool is_compared(const struct verified *r)
{
	return r->folder && !r->old_model && !r->no_model;
}

static void print_as_json(
	enum err e, const char *why, const struct arguments *a, const struct verified *r)
{
	static const char *const trust[] = {[KEY_GIVEN] = "given",
		[KEY_REMEMBERED] = "remembered",
		[KEY_ON_TRUST] = "on_trust"};
	AUTO(buf) key = BUF(KIB), root = BUF(KIB);
	json_auto_t *o = json_make("{s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "result",
		e == OK ? "true" : err_kind(e)->name, "entries", (json_int_t)r->entries,
		"signatures", (json_int_t)r->signatures, "contents", (json_int_t)r->contents,
		"erased", (json_int_t)r->erased, "hidden", (json_int_t)r->hidden, "systems",
		(json_int_t)r->systems, "departments", (json_int_t)r->departments, "questions",
		(json_int_t)r->questions, "milliseconds", (json_int_t)r->milliseconds);

	json_put(o, "why", json_text(e == OK ? NULL : why));
	add_witnesses(a, r, o);
	json_put(o, "newest_at", r->newest_at[0] ? json_text(r->newest_at) : json_null());
	json_put(o, "ahead_of", r->ahead_of[0] ? json_text(r->ahead_of) : json_null());
	json_put(o, "events", json_boolean(!r->log_only));
	json_put(o, "read_model", json_boolean(is_compared(r)));
	json_put(o, "read_model_old", json_boolean(r->old_model));
	json_put(o, "increment", json_boolean(r->increment));
	json_put(o, "earlier_checked_at",
		r->has_old && r->old_at[0] ? json_text(r->old_at) : json_null());
	json_put(o, "all_checked_at", r->full_at[0] ? json_text(r->full_at) : json_null());
	json_put(o, "extends", r->has_old ? json_integer((json_int_t)r->old_size) : json_null());
	if (r->checkpoint.size) {
		vkey_text(&r->key, &key);
		root_text(r, &root);
		json_put(o, "origin", json_text(r->checkpoint.origin));
		json_put(o, "size", json_integer((json_int_t)r->checkpoint.size));
		json_put(o, "root", json_text(buf_text(&root)));
		json_put(o, "key", json_text(buf_text(&key)));
		buf_clear(&key);
		vkey_text(&r->from, &key);
		json_put(o, "key_known", json_text(buf_text(&key)));
		json_put(o, "key_trust", json_text(trust[r->trust]));
	}
	print_json(o);
}

static void print_log(const struct verified *r)
{
	AUTO(buf) key = BUF(KIB), root = BUF(KIB);

	vkey_text(&r->key, &key);
	root_text(r, &root);
	emit(stdout, "  %s: %s\n", T(LOG), r->checkpoint.origin);
	print_number(SIZE, r->checkpoint.size);
	emit(stdout, "  %s: %s\n  %s: %s\n", T(ROOT), buf_text(&root), T(KEY), buf_text(&key));
	if (vkey_same(&r->key, &r->from))
		return;
	buf_clear(&key);
	vkey_text(&r->from, &key);
	emit(stdout, "  %s: %s\n", T(HANDED_ON), buf_text(&key));
}

static void print_counts(const struct verified *r)
{
	const struct {
		const char *m;
		uint64_t n;
		bool always;
	} counts[] = {
		{EXTENDS, r->old_size, false},
		{NEW, r->increment ? r->entries : 0, r->increment},
		{SIGNATURES, r->signatures, true},
		{CONTENTS, r->contents, true},
		{ERASED, r->erased, false},
		{HIDDEN, r->hidden, false},
		{SYSTEMS, r->systems, true},
		{DEPARTMENTS, r->departments, true},
		{QUESTIONS, r->questions, true},
		{TOOK, (uint64_t)r->milliseconds, true},
	};

	for (size_t i = 0; i < COUNT(counts); i++)
		if (counts[i].n || (counts[i].always && !r->log_only) || counts[i].m == TOOK)
			print_number(counts[i].m, counts[i].n);
}

static void print_increment(const struct verified *r)
{
	if (r->increment)
		emit(stdout, "%s %s; %s %s.\n", T(BEFORE), r->old_at, T(FULL), r->full_at);
	else
		emit(stdout, "%s\n", T(ALL));
}

static void print_true(const struct arguments *a, const struct verified *r)
{
	emit(stdout, "%s\n\n", T(r->log_only ? TRUE_LOG : r->increment ? TRUE_NEW : TRUE_));
	print_log(r);
	print_witnesses(a, r);
	print_counts(r);
	emit(stdout, "\n");
	if (r->folder)
		emit(stdout, "%s\n", T(r->no_model ? NO_MODEL : r->old_model ? OLD_MODEL : MODEL));
	if (is_compared(r))
		emit(stdout, "%s\n", T(SEARCH_INDEX));
	if (r->judged && a->policy->quorum >= 0)
		emit(stdout, "%s\n",
			T(r->cosigned.size < r->checkpoint.size ? QUORUM_BEHIND : QUORUM));
	if (a->verify.since)
		print_increment(r);
	if (a->verify.state && !r->has_old)
		emit(stdout, "%s\n", T(FIRST));
	if (r->ahead_of[0])
		emit(stdout, "%s %s, %s %s.\n", T(AHEAD), r->newest_at, T(AHEAD_OF), r->ahead_of);
	if (r->trust == KEY_ON_TRUST)
		emit(stdout, "%s\n", T(ON_TRUST));
	emit(stdout, "%s\n", T(NOT_COVERED));
}

static void print_as_text(
	enum err e, const char *why, const struct arguments *a, const struct verified *r)
{
	if (e == OK) {
		print_true(a, r);
		return;
	}
	emit(stdout, "%s%s\n\n", T(e == ERR_FALSE ? FALSE_ : UNKNOWN), e == ERR_FALSE ? why : "");
	if (r->checkpoint.size) {
		print_log(r);
		print_witnesses(a, r);
		print_number(READ, r->entries);
	}
}

static enum err verify(struct arguments *a)
{
	struct timespec shown = {0};
	struct verified result;
	AUTOFREE char *why = NULL;
	enum err e;

	if (isatty(2)) {
		a->verify.progress = show_progress;
		a->verify.arg = &shown;
	}
	e = verify_register(&a->verify, &result);
	why = mem_text(err_why());
	if (a->json)
		print_as_json(e, why, a, &result);
	else
		print_as_text(e, why, a, &result);
	return e == OK ? OK : fail(e, "%s", why);
}

enum err cli_verify(int argc, char **argv)
{
	struct arguments a = {0};
	enum err e = parse(argc, argv, &a);

	if (e == OK)
		e = read_policy(&a);
	if (e == OK)
		e = a.proof.proof ? verify_proof(&a.proof) : verify(&a);
	free(a.key);
	tlog_policy_free(a.policy);
	return e;
}
