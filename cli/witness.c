/* `gaya witness`: cosigns other registers' logs. Each line of its configuration is a word and a
 * value; file names are relative to the configuration's folder. */
#include "audit/cosignature.h"
#include "audit/witness_state.h"
#include "base/crypto.h"
#include "base/file.h"
#include "base/journal.h"
#include "base/sandbox.h"
#include "base/text.h"
#include "base/user.h"
#include "cli/cli.h"
#include "cli/key.h"
#include "registry/write/confine.h"
#include "web/http/listen.h"
#include "web/witness/witness_server.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONFIG_MAX (256 * KIB)
#define LOGS_MAX 1024

struct config {
	char *dir; /* of the configuration */
	char *listen, *prefix, *name, *key, *state;
	struct witness_log *logs;
	size_t logs_n;
};

static void config_done(struct config *c)
{
	char *owned[] = {c->dir, c->listen, c->prefix, c->name, c->key, c->state};

	for (size_t i = 0; i < COUNT(owned); i++)
		free(owned[i]);
	for (size_t i = 0; i < c->logs_n; i++)
		free(c->logs[i].origin);
	free(c->logs);
}

/* --- the configuration --- */

static char *path_from(const struct config *c, const char *path)
{
	return path[0] == '/' ? mem_text(path) : file_in(c->dir, path);
}

static enum err set(char **slot, char *value)
{
	bool first = !*slot;

	if (first)
		*slot = value;
	else
		free(value);
	ENSURE(first, ERR_INVALID, "it was said before");
	return OK;
}

static enum err set_listen(struct config *c, const char *value)
{
	return set(&c->listen, mem_text(value));
}

static enum err set_name(struct config *c, const char *value)
{
	return set(&c->name, mem_text(value));
}

static enum err set_prefix(struct config *c, const char *value)
{
	size_t len = strlen(value);

	ENSURE(value[0] == '/' && (len == 1 || value[len - 1] != '/'), ERR_INVALID,
		"a prefix is /path, without a slash at its end");
	return set(&c->prefix, mem_text(len == 1 ? "" : value));
}

static enum err set_key(struct config *c, const char *value)
{
	return set(&c->key, path_from(c, value));
}

static enum err set_state(struct config *c, const char *value)
{
	return set(&c->state, path_from(c, value));
}

/* "VKEY", or "VKEY ORIGIN" for a log whose key has another name than the log. */
static enum err add_log(struct config *c, const char *value)
{
	size_t len = strcspn(value, " \t");
	AUTOFREE char *vkey = mem_bytes(value, len);
	const char *origin = value + len + strspn(value + len, " \t");
	struct witness_log log;

	TRY(vkey_parse(vkey, &log.key));
	ENSURE(log.key.type == KEY_ED25519, ERR_INVALID, "%s is not the key of a log",
		log.key.name);
	ENSURE(c->logs_n < LOGS_MAX, ERR_TOO_LARGE, "a witness has at most %d logs", LOGS_MAX);
	for (size_t i = 0; i < c->logs_n; i++)
		ENSURE(memcmp(c->logs[i].key.public, log.key.public, ED25519_PUBLIC) != 0,
			ERR_INVALID, "this key is listed already");
	if (!c->logs)
		c->logs = mem_new(LOGS_MAX * sizeof(*c->logs));
	log.origin = mem_text(*origin ? origin : log.key.name);
	c->logs[c->logs_n++] = log;
	return OK;
}

static const struct {
	const char *word;
	enum err (*set)(struct config *c, const char *value);
} words[] = {
	{"listen", set_listen}, /* ADDR:PORT */
	{"prefix", set_prefix}, /* /path; no prefix without it */
	{"name", set_name},     /* must be the key's name, to guard against a wrong file */
	{"key", set_key},       /* FILE */
	{"state", set_state},   /* FILE */
	{"log", add_log},       /* VKEY [ORIGIN]; one for each key of each log */
};

static enum err read_line(struct config *c, char *line)
{
	char *word = line + strspn(line, " \t"), *value;
	size_t len = strlen(word);

	while (len && strchr(" \t\r", word[len - 1]))
		word[--len] = '\0';
	if (!*word || *word == '#')
		return OK;
	value = word + strcspn(word, " \t");
	if (*value)
		*value++ = '\0';
	value += strspn(value, " \t");
	ENSURE(*value, ERR_INVALID, "\"%s\" says nothing", word);
	for (size_t i = 0; i < COUNT(words); i++)
		if (strcmp(word, words[i].word) == 0)
			return words[i].set(c, value);
	return fail(ERR_INVALID, "\"%s\" is not listen, prefix, name, key, state or log", word);
}

static enum err read_lines(struct config *c, const char *path, char *text)
{
	char *line;

	for (unsigned n = 1; (line = strsep(&text, "\n")); n++) {
		enum err e = read_line(c, line);

		ENSURE(e == OK, e, "%s, line %u: %s", path, n, err_why());
	}
	ENSURE(c->listen && c->key && c->state && c->logs_n, ERR_INVALID,
		"%s must say listen, key, state and at least one log", path);
	return OK;
}

static enum err read_config(const char *path, struct config *c)
{
	const char *slash = strrchr(path, '/');
	AUTO(buf) text = BUF(CONFIG_MAX);

	TRY(file_read(path, &text));
	ENSURE(text.len && !memchr(text.data, '\0', text.len) && text_is_utf8(text.data, text.len),
		ERR_INVALID, "%s is not text", path);
	c->dir = slash ? mem_bytes(path, (size_t)(slash - path) + 1) : mem_text(".");
	return read_lines(c, path, text.data);
}

/* --- serving --- */

static void print_own_vkey(const struct skey *key)
{
	struct vkey vkey = cosignature_vkey(&key->vkey);

	print_vkey(&vkey);
}

static void wait_for_end(const struct config *c, const struct witness_server *server,
	const struct skey *key, const sigset_t *signals)
{
	int got;

	tell(stdout, "gaya: %s witnesses %zu keys of logs at http://%.*s:%u%s\n", key->vkey.name,
		c->logs_n, (int)(strrchr(c->listen, ':') - c->listen), c->listen,
		witness_server_port(server), c->prefix ? c->prefix : "");
	print_own_vkey(key);
	fflush(stdout);
	sigwait(signals, &got);
	journal("stopping");
}

static enum err serve(const struct config *c, const struct skey *key, struct db *db)
{
	struct witness w = {
		key, &env_real, witness_state_sqlite(db), c->logs, c->logs_n, env_gap(&env_real)};
	struct witness_server *server = NULL;
	sigset_t signals;

	TRY(witness_state_create(db));
	/* Blocked before the server's thread starts, so that only sigwait() receives them. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	TRY(witness_serve(&w, c->listen, c->prefix ? c->prefix : "", &server));
	wait_for_end(c, server, key, &signals);
	witness_server_stop(server);
	return OK;
}

static enum err open_and_serve(const struct config *c, struct skey *key)
{
	struct db *db = NULL;
	enum err e;

	ENSURE(!c->name || strcmp(c->name, key->vkey.name) == 0, ERR_INVALID,
		"%s is the key of %s, not of %s", c->key, key->vkey.name, c->name);
	TRY(db_open(c->state, DB_WRITE, &db));
	e = serve(c, key, db);
	db_free(db);
	return e;
}

/* It connects to nobody and starts nothing. */
static enum err confine(const struct config *c, const char *user, struct skey *key)
{
	struct sandbox s = {
		.does = SANDBOX_LISTENS, .listens = {.n = 1, .port = {listen_port(c->listen)}}};
	AUTOFREE char *folder = mem_text(c->state);
	char *cut;
	unsigned holds;

	TRY(user_check_owner(c->key, user));
	TRY(user_check_owner(c->state, user));
	TRY(user_become(user));
	TRY(key_read(c->key, key)); /* it and its passphrase may be elsewhere */
	passphrase_forget();
	cut = strrchr(folder, '/');
	if (cut)
		cut[cut == folder] = '\0';
	TRY(confine_to_folder(cut ? folder : ".", &s, &holds));
	cli_speak_to_log();
	cli_tell_sandbox(SANDBOX_FILES | SANDBOX_TCP | SANDBOX_SIGNALS | SANDBOX_CALLS, holds);
	return OK;
}

static enum err run_witness(const char *path, const char *user)
{
	AUTO(config) config = {0};
	struct skey *key;
	enum err e;

	TRY(read_config(path, &config));
	key = secret_new(sizeof(*key));
	e = confine(&config, user, key);
	if (e == OK)
		e = open_and_serve(&config, key);
	secret_free(key);
	return e;
}

/* --- a new key --- */

static enum err make_key(const char *name, const char *out)
{
	uint8_t seed[ED25519_SEED];
	struct skey key;
	enum err e;

	crypto_random(seed, sizeof(seed));
	e = skey_make(name, seed, &key);
	crypto_wipe(seed, sizeof(seed));
	TRY(e);
	e = key_keep(&key, out);
	if (e == OK)
		print_own_vkey(&key);
	skey_wipe(&key);
	TRY(e);
	tell(stderr,
		"gaya: the private key is in %s: use it for this witness and nothing else\n"
		"      the line above goes into the policy of the logs that you will witness:\n"
		"      witness NAME KEY URL\n",
		out);
	return OK;
}

enum err cli_witness(int argc, char **argv)
{
	const char *config = NULL, *name = NULL, *out = NULL, *user = NULL;
	const struct cli_option options[] = {
		{"config", &config}, {"name", &name}, {"out", &out}, {"user", &user}, {0}};
	bool new;

	TRY(cli_options(argc, argv, "witness", options));
	new = optind == argc - 1 && strcmp(argv[optind], "new") == 0;
	if (new &&name && out && !config && !user)
		return make_key(name, out);
	if (new || optind != argc || !config || name || out)
		return usage("witness", "give --config FILE, or new with --name and --out");
	return run_witness(config, user);
}
