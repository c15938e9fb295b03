/* The steps of a rotation. The comments say what a power cut after each step leaves; the same
 * command continues from there.
 *
 *  begin:  the key file gets a second key -> an entry announces it -> log.vkey names it
 *  finish: an entry ends the old key -> the key file loses it -> the signer reloads it
 *
 * The statements of the keys are signed here, by the holder of the passphrase, and not by the
 * signer process, which a compromised server could ask. */
#include "cli/key_rotate.h"

#include "audit/key_file.h"
#include "audit/keyholder.h"
#include "audit/tlog_policy.h"
#include "base/crypto.h"
#include "base/file.h"
#include "cli/cli.h"
#include "registry/office/office_socket.h"
#include "web/witness/witnesses.h"

#include <stdio.h>
#include <string.h>

static const char ONE_KEY[] = "One key signs the log.";
static const char TWO_KEYS[] = "Two keys sign the log: the key is being changed.";
static const char SIGNS[] = "signs";
static const char SINCE[] = "since entry";
static const char UNTIL[] = "until entry";
static const char BEGUN[] = "The new key is announced, and both keys sign from now on. Entry";
static const char BEGUN_BEFORE[] = "The new key was announced before, and both keys sign. Entry";
static const char NOW_DO[] = "What to do now:";
static const char DO_COPY[] = "Make a new safe copy of log.key: it holds both keys.";
static const char DO_WITNESSES[] =
	"Give the key above to the witnesses, for a second line \"log VKEY\", "
	"and add it to "
	"policies that list this log.";
static const char DO_PUBLISH[] = "Publish it wherever the old one is printed.";
static const char DO_FINISH[] = "After 30 days: gaya key rotate finish";
static const char FINISHED[] =
	"The old key is ended and is gone from log.key. Only the new key signs. "
	"Entry";
static const char CANCELLED[] =
	"The new key is ended and is gone from log.key. Only the old key signs. "
	"Entry";
static const char TIDIED[] = "A key that the log had ended was still in log.key; it is gone now.";
static const char DO_COPY_LESS[] =
	"Make a new safe copy of log.key, and destroy the earlier copies.";

struct rotation {
	const char *dir;
	bool early, json;
	char *key_path, *mark_path; /* owned, like the following */
	struct buf passphrase;
	struct office *office;
	struct keyholder *holder;
	json_t *keys;           /* the register's data on them */
	struct log_keys active; /* according to the log */
	bool tidied;
};

static void rotation_done(struct rotation *r)
{
	mem_free(&r->key_path);
	mem_free(&r->mark_path);
	if (r->passphrase.data)
		crypto_wipe(r->passphrase.data, r->passphrase.cap);
	buf_done(&r->passphrase);
	keyholder_free(r->holder);
	json_decref(r->keys);
	office_close(r->office);
}

/* --- the present state --- */

static enum err read_keys(struct rotation *r)
{
	json_decref(r->keys);
	r->keys = NULL;
	TRY(office_call(r->office, json_make("{s:s}", "do", "log-keys"), NULL, &r->keys));
	r->active = (struct log_keys){0};
	json_each_at (json_object_get(r->keys, "active"), i, one) {
		ENSURE(i < LOG_KEYS_MAX && json_string_value(one), ERR_CORRUPT,
			"the register names its keys wrongly");
		TRY(vkey_parse(json_string_value(one), &r->active.key[r->active.n++]));
	}
	ENSURE(r->active.n, ERR_CORRUPT, "the register names no key");
	return OK;
}

static enum err open_holder(struct rotation *r)
{
	keyholder_free(r->holder);
	r->holder = NULL;
	return keyholder_open(r->key_path, r->mark_path, &r->passphrase, &r->holder);
}

static enum err reload_signer(struct rotation *r)
{
	json_auto_t *reply = NULL;

	return office_call(r->office, json_make("{s:s}", "do", "log-key-reload"), NULL, &reply);
}

/* Removes from the file a key that the log has ended. A crash before this leaves a surplus
 * signature, which nobody uses; one after it leaves a signer with both keys until it restarts. */
static enum err drop(struct rotation *r, const struct vkey *key)
{
	TRY(keyholder_drop(r->key_path, key, &r->passphrase));
	TRY(open_holder(r));
	return reload_signer(r);
}

static const json_t *told_of(const struct rotation *r, const struct vkey *key)
{
	AUTO(buf) vkey = BUF(KIB);

	vkey_text(key, &vkey);
	return json_find(json_object_get(r->keys, "keys"), "vkey", buf_text(&vkey));
}

/* Repairs what a crash during `finish` or `cancel` left. */
static enum err tidy(struct rotation *r)
{
	const struct log_keys held = *keyholder_keys(r->holder);

	for (size_t i = 0; i < held.n; i++) {
		if (!json_is_integer(json_object_get(told_of(r, &held.key[i]), "retired")))
			continue;
		TRY(drop(r, &held.key[i]));
		r->tidied = true;
	}
	return OK;
}

static enum err prepare(struct rotation *r)
{
	TRY(office_open(r->dir, &env_real, &r->office));
	TRY(cli_check_clock(r->office));
	TRY(key_passphrase(&r->passphrase));
	TRY(read_keys(r));
	TRY(open_holder(r));
	return tidy(r);
}

/* --- output --- */

static json_int_t added_at(const struct rotation *r, const struct vkey *key)
{
	return (json_int_t)json_num(told_of(r, key), "added");
}

static void print_todo(const char *const *list, size_t n)
{
	emit(stderr, "gaya: %s\n", T(NOW_DO));
	for (size_t i = 0; i < n; i++)
		emit(stderr, "  %zu. %s\n", i + 1, T(list[i]));
}

/* The key is the result; the rest is information. */
static void print_begun(const struct rotation *r, bool before, json_int_t entry)
{
	static const char *const todo[] = {DO_COPY, DO_WITNESSES, DO_PUBLISH, DO_FINISH};

	print_vkey(&r->active.key[1]);
	emit(stderr, "gaya: %s %lld\n", T(before ? BEGUN_BEFORE : BEGUN), (long long)entry);
	print_todo(todo, COUNT(todo));
}

static void print_ended(const char *what, const struct vkey *left, json_int_t entry)
{
	static const char *const todo[] = {DO_COPY_LESS};

	print_vkey(left);
	emit(stderr, "gaya: %s %lld\n", T(what), (long long)entry);
	print_todo(todo, COUNT(todo));
}

static void print_status(const struct rotation *r)
{
	emit(stdout, "%s\n", T(r->active.n == 2 ? TWO_KEYS : ONE_KEY));
	if (!json_array_size(json_object_get(r->keys, "keys"))) {
		emit(stdout, "  ");
		print_vkey(&r->active.key[0]);
	}
	json_each (json_object_get(r->keys, "keys"), one) {
		emit(stdout, "  %s\n    ", json_str(one, "vkey"));
		if (json_is_integer(json_object_get(one, "added")))
			emit(stdout, "%s %lld, ", T(SINCE), (long long)json_num(one, "added"));
		if (json_is_integer(json_object_get(one, "retired")))
			emit(stdout, "%s %lld\n", T(UNTIL), (long long)json_num(one, "retired"));
		else
			emit(stdout, "%s\n", T(SIGNS));
	}
}

static enum err status(struct rotation *r)
{
	TRY(office_open(r->dir, &env_real, &r->office));
	TRY(read_keys(r));
	if (r->json)
		print_json(r->keys);
	else
		print_status(r);
	return OK;
}

/* --- begin --- */

static enum err keep_vkey(const struct rotation *r)
{
	AUTOFREE char *path = file_in(r->dir, REG_VKEY);
	AUTO(buf) text = BUF(KIB);

	vkey_text(&r->active.key[r->active.n - 1], &text);
	buf_putc(&text, '\n');
	return file_write(path, text.data, text.len, 0644);
}

static enum err add_second(struct rotation *r)
{
	uint8_t seed[ED25519_SEED];
	AUTO(buf) named = BUF(KIB);
	enum err e;

	if (!r->passphrase.len) /* the first key is not sealed; an empty file does not mean that */
		TRY(key_new_passphrase(&named));
	crypto_random(seed, sizeof(seed));
	e = keyholder_add(r->key_path, seed, &r->passphrase);
	crypto_wipe(seed, sizeof(seed));
	TRY(e);
	return open_holder(r);
}

static enum err change(struct rotation *r, const char *op, const struct vkey *key,
	const char *other_name, const struct vkey *other, const struct vkey *without,
	json_int_t *entry)
{
	AUTO(buf) key_text = BUF(KIB), other_text = BUF(KIB), statement = BUF(KEY_STATEMENT_MAX);
	json_auto_t *reply = NULL;
	json_t *request;

	TRY(keyholder_state(r->holder, without, &statement));
	vkey_text(key, &key_text);
	vkey_text(other, &other_text);
	request = json_make("{s:s,s:s,s:s,s:s,s:b}", "do", op, "key", buf_text(&key_text),
		other_name, buf_text(&other_text), "statement", buf_text(&statement), "early",
		r->early);
	TRY(office_call(r->office, request, NULL, &reply));
	*entry = (json_int_t)json_num(reply, "entry");
	return read_keys(r);
}

static enum err begin(struct rotation *r)
{
	const struct vkey *old = &r->active.key[0];
	bool before = r->active.n == 2;
	json_int_t entry;
	struct log_keys held;

	if (!before) {
		if (keyholder_keys(r->holder)->n < 2)
			TRY(add_second(r));
		held = *keyholder_keys(r->holder);
		ENSURE(held.n == 2 && vkey_same(&held.key[0], old), ERR_CONFLICT,
			"%s does not hold the key that signs, and a new one after it", r->key_path);
		/* A crash before this leaves the key in the file; a crash after it leaves the old
		 * log.vkey, which the next start of the register corrects. */
		TRY(change(r, "log-key-add", &held.key[1], "beside", &held.key[0], NULL, &entry));
	}
	TRY(keep_vkey(r));
	print_begun(r, before, added_at(r, &r->active.key[1]));
	return OK;
}

/* --- finish, cancel --- */

/* The server would not start with a policy about other keys. */
static enum err check_policy(const struct rotation *r, const struct vkey *next)
{
	AUTOFREE char *path = file_in(r->dir, REG_POLICY);
	struct tlog_policy *policy = NULL;
	bool lists;

	if (!file_exists(path))
		return OK;
	TRY(tlog_policy_read(path, &policy));
	lists = tlog_policy_lists(policy, next);
	tlog_policy_free(policy);
	ENSURE(lists, ERR_CONFLICT,
		"%s lists this log by its old key alone: add a line \"log VKEY\"", path);
	return OK;
}

static enum err check_witnesses(const struct rotation *r, const struct vkey *next)
{
	AUTO(buf) strangers = BUF(16 * KIB);

	if (r->early)
		return OK;
	TRY(witnesses_know(r->dir, next, &strangers));
	ENSURE(!strangers.len, ERR_CONFLICT,
		"these witnesses do not take the new key yet, and would not cosign any more: %s. Ask "
		"them for a line \"log VKEY\"; to go on without them, say --early",
		buf_text(&strangers));
	return OK;
}

static enum err end_key(
	struct rotation *r, const struct vkey *key, const struct vkey *next, const char *what)
{
	const struct vkey ended = *key, left = *next;
	json_int_t entry;

	TRY(change(r, "log-key-retire", &ended, "next", &left, &ended, &entry));
	TRY(drop(r, &ended));
	TRY(keep_vkey(r));
	print_ended(what, &left, entry);
	return OK;
}

/* Only the last step remained. */
static enum err was_ended(struct rotation *r)
{
	ENSURE(r->tidied, ERR_CONFLICT, "no key is being changed: gaya key rotate begin");
	TRY(keep_vkey(r));
	print_vkey(&r->active.key[0]);
	emit(stderr, "gaya: %s\n", T(TIDIED));
	return OK;
}

static enum err finish(struct rotation *r)
{
	if (r->active.n < 2)
		return was_ended(r);
	TRY(check_policy(r, &r->active.key[1]));
	TRY(check_witnesses(r, &r->active.key[1]));
	return end_key(r, &r->active.key[0], &r->active.key[1], FINISHED);
}

static enum err cancel(struct rotation *r)
{
	if (r->active.n < 2)
		return was_ended(r);
	return end_key(r, &r->active.key[1], &r->active.key[0], CANCELLED);
}

static const struct {
	const char *name;
	enum err (*run)(struct rotation *r);
	bool writes;
} steps[] = {
	{"status", status, false},
	{"begin", begin, true},
	{"finish", finish, true},
	{"cancel", cancel, true},
};

enum err key_rotate(int argc, char **argv, const char *dir, bool early, bool json)
{
	AUTO(rotation) r = {.dir = dir, .early = early, .json = json, .passphrase = BUF(KIB)};

	if (argc != 2 || !dir)
		return usage(
			"key", "rotate needs --data DIR and one of begin, finish, cancel, status");
	r.key_path = file_in(dir, REG_KEY);
	r.mark_path = file_in(dir, REG_MARK);
	for (size_t i = 0; i < COUNT(steps); i++) {
		if (strcmp(steps[i].name, argv[1]) != 0)
			continue;
		if (steps[i].writes)
			TRY(prepare(&r));
		return steps[i].run(&r);
	}
	return usage("key", "rotate does not \"%.40s\": begin, finish, cancel, status", argv[1]);
}
