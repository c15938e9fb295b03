#include "cli/key.h"

#include "audit/key_file.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/key_rotate.h"
#include "registry/event/event.h"
#include "registry/write/contact_key.h"

#include <stdio.h>
#include <string.h>

struct key_new {
	const char *origin, *department, *out;
	const char *data; /* of rotate, like the next ones */
	bool early, json, lost;
};

static enum err parse(int argc, char **argv, struct key_new *k)
{
	const struct cli_option options[] = {
		{"origin", &k->origin},
		{"department", &k->department},
		{"out", &k->out},
		{"data", &k->data},
		{"early", .flag = &k->early},
		{"json", .flag = &k->json},
		{"lost", .flag = &k->lost},
		{"clock-is-right", .flag = &cli_clock_is_right},
		{0},
	};

	return cli_options(argc, argv, "key", options);
}

static void wipe(struct buf *secret)
{
	if (secret->data)
		crypto_wipe(secret->data, secret->cap);
}

static enum err make(const struct key_new *k, struct skey *out)
{
	AUTOFREE char *name = mem_printf("%s/%s", k->origin, k->department);
	uint8_t seed[ED25519_SEED];
	enum err e;

	crypto_random(seed, sizeof(seed));
	e = skey_make(name, seed, out);
	crypto_wipe(seed, sizeof(seed));
	return e;
}

/* Never overwrites a file, because a lost key cannot be recovered. */
enum err key_keep(const struct skey *key, const char *path)
{
	AUTO(buf) text = BUF(KIB), line = BUF(KEY_FILE_MAX), passphrase = BUF(KIB);
	enum err e = key_new_passphrase(&passphrase);

	skey_text(key, &text);
	key_line_add(buf_text(&text), &passphrase, &line);
	if (e == OK)
		e = file_create(path, line.data, line.len, 0600);
	wipe(&passphrase);
	wipe(&text);
	wipe(&line);
	return e;
}

static enum err key_new(const struct key_new *k)
{
	AUTO(buf) vkey = BUF(KIB);
	struct skey key;
	enum err e;

	TRY(make(k, &key));
	e = key_keep(&key, k->out);
	vkey_text(&key.vkey, &vkey);
	skey_wipe(&key);
	TRY(e);
	emit(stdout, "%s\n", buf_text(&vkey));
	tell(stderr,
		"gaya: the private key is in %s: keep it where only the department can read it\n"
		"      next, the AI office runs:\n"
		"      gaya office --data DIR key-grant %s %s\n",
		k->out, k->department, buf_text(&vkey));
	return OK;
}

enum err key_read(const char *path, struct skey *out)
{
	AUTO(buf) text = BUF(KEY_FILE_MAX), passphrase = BUF(KIB);
	enum err e = key_passphrase(&passphrase);

	if (e == OK)
		e = key_file_read(path, &passphrase, &text);
	if (e == OK && text.len)
		text.data[strcspn(text.data, "\n")] = '\0';
	if (e == OK)
		e = skey_parse(buf_text(&text), out);
	wipe(&passphrase);
	wipe(&text);
	ENSURE(e != ERR_INVALID && e != ERR_TOO_LARGE, ERR_INVALID,
		"%s is not a private key as gaya key new makes them: %s", path, err_why());
	return e;
}

static enum err key_show(const char *path)
{
	struct skey key;

	TRY(key_read(path, &key));
	print_vkey(&key.vkey);
	skey_wipe(&key);
	return OK;
}

/* A private key of ours, or half of the contact key. */
static enum err check_key(const char *text)
{
	uint8_t half[SEAL_SECRET];
	struct skey key;
	bool is_half =
		strlen(text) == 2 * sizeof(half) && hex_parse(text, half, sizeof(half)) == OK;
	enum err e = is_half ? OK : skey_parse(text, &key);

	crypto_wipe(half, sizeof(half));
	if (!is_half)
		skey_wipe(&key);
	return e;
}

static enum err key_seal(const char *path)
{
	AUTO(buf) passphrase = BUF(KIB), next = BUF(KIB);
	size_t n = 0;
	enum err e = key_next_passphrase(&next);

	if (e == OK)
		e = key_passphrase(&passphrase);
	if (e == OK) {
		e = key_file_seal(path, &passphrase, &next, check_key, &n);
		if (e == ERR_INVALID)
			e = fail(e, "%s holds no keys of ours: %s", path, err_why());
	}
	wipe(&passphrase);
	wipe(&next);
	TRY(e);
	tell(stderr,
		"gaya: %s is sealed by the new passphrase (%zu lines)\n"
		"      next: name the new file in GAYA_PASSPHRASE_FILE wherever this key is used, start again what runs\n"
		"      with it, make a new safe copy of the key, and destroy the earlier ones: the old passphrase opens them\n",
		path, n);
	return OK;
}

/* --- the key for which e-mail addresses are sealed --- */

static void tell_changed(const struct contact_change *c)
{
	tell(stderr,
		"gaya: %s/contact.key is a new key, and %llu e-mail addresses are sealed for it\n",
		c->dir, (unsigned long long)c->sealed);
	if (c->closed)
		tell(stderr,
			"      %llu more could not be opened, and stay as they are until they are erased\n",
			(unsigned long long)c->closed);
	tell(stderr,
		"      next: start the server, make a new safe copy of contact.key, and destroy the earlier ones\n"
		"      as soon as no backup is kept that was made before now: they open its addresses\n");
}

static enum err key_contact(const char *dir, bool lost)
{
	AUTO(buf) passphrase = BUF(KIB);
	struct contact_change c = {.dir = dir, .passphrase = &passphrase, .lost = lost};
	enum err e = key_new_passphrase(&passphrase);

	if (e == OK)
		e = contact_key_change(&c, &env_real);
	wipe(&passphrase);
	ENSURE(e != ERR_BUSY, ERR_BUSY,
		"%s is in use: stop the server, change the contact key, and start it again", dir);
	TRY(e);
	tell_changed(&c);
	return OK;
}

enum err cli_key(int argc, char **argv)
{
	struct key_new k = {0};
	const char *what;

	TRY(parse(argc, argv, &k));
	what = optind < argc ? argv[optind] : "";
	if (strcmp(what, "show") == 0) {
		if (argc - optind != 2)
			return usage("key", "show takes the file of a key, and nothing else");
		return key_show(argv[optind + 1]);
	}
	if (strcmp(what, "passphrase") == 0) {
		if (argc - optind != 2)
			return usage("key", "passphrase takes the file of a key, and nothing else");
		return key_seal(argv[optind + 1]);
	}
	if (strcmp(what, "contact") == 0) {
		if (argc - optind != 1 || !k.data)
			return usage("key", "contact needs --data");
		return key_contact(k.data, k.lost);
	}
	if (strcmp(what, "rotate") == 0)
		return key_rotate(argc - optind, argv + optind, k.data, k.early, k.json);
	if (strcmp(what, "new") != 0 || argc - optind != 1)
		return usage("key", "say new, show, passphrase, contact or rotate");
	if (!k.origin || !k.department || !k.out)
		return usage("key", "new needs --origin, --department and --out");
	ENSURE(slug_valid(k.department), ERR_INVALID,
		"\"%s\" cannot name a department: use small letters, digits and single hyphens",
		k.department);
	return key_new(&k);
}

void cli_key_help(FILE *to)
{
	tell(to,
		"\nA key is sealed on disk by a passphrase, where GAYA_PASSPHRASE_FILE names a file with one when it is made\n"
		"(gaya init, gaya key new, gaya witness new); whatever uses the key needs the same file. gaya key passphrase\n"
		"changes it, to the one in the file that GAYA_NEW_PASSPHRASE_FILE names, or seals a key that was not.\n"
		"How to choose one: at least %d characters; better five words or more, picked at random by dice from a\n"
		"list or by a password manager. No saying, name, date or address: those are what is tried first. Use it\n"
		"nowhere else, keep the file readable to the server's user alone (mode 0600) and off the backups, and a copy\n"
		"on paper in the safe: without it a sealed key is lost.\n",
		PASSPHRASE_MIN);
}
