/* `gaya restore`: restores a register from a backup, and from what others saw of it. */
#include "registry/backup/restore.h"

#include "audit/key_file.h"
#include "base/crypto.h"
#include "cli/cli.h"
#include "web/witness/witnesses.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SOURCES 16 /* of each kind */

static const char NOT_HEARD[] = "witness not heard";
static const char NOBODY[] = "Nobody who saw this log was asked. This backup has so many entries:";
static const char NOBODY_MEANS[] =
	"If more were ever shown, going on makes a second history: anyone who kept "
	"a later\ncheckpoint can prove it, no witness will cosign it, and nothing "
	"takes it back.\nThe log will say for ever that nobody was asked, with your "
	"reason.";
static const char TYPE[] = "To go on, type this line:";
static const char DONE[] = "Restored. Entries in the backup:";
static const char FETCHED[] = "Entries taken from the mirror:";
static const char LOST[] =
	"Contents that were not public and are lost, each erased by an entry that says so:";
static const char SAYS_SO[] = "The entry that says how it was restored:";
static const char ACCOUNTS[] =
	"Accounts are as in the backup: disable again those disabled since then.";
static const char NEXT[] =
	"Verify it (gaya verify), then start it (gaya serve). Make a new backup.";

struct sources {
	size_t n;
	const char *at[SOURCES];
	uint64_t size[SOURCES]; /* entries that each has seen */
};

struct arguments {
	struct restore_options o;
	struct sources mirrors, files;
	bool fetch, witness, last_resort, json;
	bool asked; /* asked once, and printed */
	json_t *reason;
};

static enum err add_source(const char *name, void *to)
{
	struct sources *list = to;

	ENSURE(list->n < SOURCES, ERR_INVALID, "more than %d sources of a kind", SOURCES);
	list->at[list->n++] = name;
	return OK;
}

static enum err parse(int argc, char **argv, struct arguments *a)
{
	const struct cli_option options[] = {
		{"from", &a->o.from},
		{"data", &a->o.dir},
		{"log-key", &a->o.key},
		{"mirror", .take = add_source, .to = &a->mirrors},
		{"fetch", .flag = &a->fetch},
		{"witness", .flag = &a->witness},
		{"seen", .take = add_source, .to = &a->files},
		{"last-resort", .flag = &a->last_resort},
		{"reason", .texts = &a->reason},
		{"json", .flag = &a->json},
		{0},
	};

	TRY(cli_options(argc, argv, "restore", options));
	if (!a->o.from || !a->o.dir || optind != argc)
		return usage("restore", "--from FOLDER and --data DIR are needed");
	if (a->fetch && !a->mirrors.n)
		return usage("restore", "--fetch takes entries from what --mirror URL names");
	if (a->last_resort && !a->reason)
		return usage(
			"restore", "--last-resort needs --reason ko=… --reason en=…: it is public");
	if (!a->last_resort && !a->witness && !a->mirrors.n && !a->files.n)
		return usage("restore",
			"the backup does not know what was signed after it was made, and others do: "
			"name a mirror (--mirror URL), the witnesses (--witness) or a file with a later "
			"checkpoint (--seen FILE). Where nobody can be asked: --last-resort");
	return OK;
}

/* --- what others saw --- */

static void print_seen(const struct arguments *a, uint64_t size, const char *where)
{
	if (!a->asked)
		tell(stderr, "gaya: %" PRIu64 " entries seen by %s\n", size, where);
}

static enum err ask_witnesses(const struct arguments *a, struct restore *r)
{
	struct witness_seen seen[POLICY_WITNESSES];
	size_t n, heard = 0;

	TRY(witnesses_seen(restore_folder(r), seen, &n));
	for (size_t i = 0; i < n; i++) {
		if (!seen[i].heard) {
			if (!a->asked)
				emit(stderr, "gaya: %s %s: %s\n", T(NOT_HEARD), seen[i].name,
					seen[i].why);
			continue;
		}
		heard++;
		restore_see_witness(r, seen[i].name, seen[i].size);
		print_seen(a, seen[i].size, seen[i].name);
	}
	ENSURE(heard || !a->witness, ERR_BUSY,
		n ? "none of the %zu witnesses was heard: try again, or name another source"
		  : "the backup has no witness.policy that names witnesses (%zu): name another "
		    "source",
		n);
	return OK;
}

static enum err ask_all(struct arguments *a, struct restore *r)
{
	restore_forget_seen(r);
	for (size_t i = 0; i < a->files.n; i++) {
		TRY(restore_see_file(r, a->files.at[i], &a->files.size[i]));
		print_seen(a, a->files.size[i], a->files.at[i]);
	}
	for (size_t i = 0; i < a->mirrors.n; i++) {
		TRY(restore_see_url(r, a->mirrors.at[i], &a->mirrors.size[i]));
		print_seen(a, a->mirrors.size[i], a->mirrors.at[i]);
	}
	return ask_witnesses(a, r);
}

/* The mirror with the most entries. */
static const char *best_mirror(const struct arguments *a, uint64_t *size)
{
	const char *best = NULL;

	*size = 0;
	for (size_t i = 0; i < a->mirrors.n; i++)
		if (a->mirrors.size[i] > *size) {
			best = a->mirrors.at[i];
			*size = a->mirrors.size[i];
		}
	return best;
}

static enum err refuse(const struct arguments *a, const struct restore *r)
{
	uint64_t here = restore_size(r), there, at_best;
	const char *where, *best = best_mirror(a, &at_best);
	AUTOFREE char *missing = NULL;

	there = restore_seen(r, &where);
	missing = there - here == 1
	                  ? mem_printf(err_text("entry %" PRIu64 " is missing"), here)
	                  : mem_printf(err_text("entries %" PRIu64 " to %" PRIu64 " are missing"),
				    here, there - 1);

	ENSURE(at_best < there, ERR_CORRUPT,
		"the backup has %" PRIu64 " entries, but %s has seen %" PRIu64
		": %s. Nothing was restored. To take them from %s, which has them, give the "
		"same command with --fetch",
		here, where, there, missing, best);
	return fail(ERR_CORRUPT,
		"the backup has %" PRIu64 " entries, but %s has seen %" PRIu64
		": %s. Nothing was restored. Take them from a mirror that has them: give the "
		"same command with --mirror URL --fetch. If nobody has them, this log has ended: "
		"docs/operate.md says how another begins",
		here, where, there, missing);
}

static enum err catch_up(struct arguments *a, struct restore *r)
{
	const char *where, *best;
	uint64_t size;

	TRY(ask_all(a, r));
	a->asked = true;
	best = best_mirror(a, &size);
	if (a->fetch && size > restore_size(r)) {
		TRY(restore_fetch(r, best));
		TRY(ask_all(a, r)); /* again: the copy may have another history than theirs */
	}
	return restore_seen(r, &where) > restore_size(r) ? refuse(a, r) : OK;
}

/* --- the last resort --- */

/* Typing the size shows that the user has read it, unlike "yes". */
static enum err confirm(const struct restore *r)
{
	AUTOFREE char *wanted =
		mem_printf(T("nobody was asked, %" PRIu64 " entries"), restore_size(r));
	char line[100] = "";

	emit(stderr, "gaya: %s %" PRIu64 "\n%s\n%s\n\n    %s\n\n", T(NOBODY), restore_size(r),
		T(NOBODY_MEANS), T(TYPE), wanted);
	if (!fgets(line, sizeof(line), stdin))
		line[0] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	ENSURE(strcmp(line, wanted) == 0, ERR_DENIED,
		"that line was not typed: nothing was restored");
	return OK;
}

static enum err check_known(const struct arguments *a, const struct restore *r)
{
	const char *where;

	if (restore_seen(r, &where))
		return OK;
	ENSURE(a->last_resort, ERR_CONFLICT,
		"nobody that was asked has seen an entry of this log: name another source, or "
		"--last-resort");
	return confirm(r);
}

/* --- the command --- */

static void print_line(const char *m, uint64_t n)
{
	emit(stderr, "gaya: %s %" PRIu64 "\n", T(m), n);
}

static void print_done(const struct arguments *a, const struct restored *is)
{
	if (a->json) {
		json_auto_t *o = json_make("{s:s,s:I,s:I,s:I,s:I}", "data", a->o.dir, "backup",
			(json_int_t)is->backup, "fetched", (json_int_t)is->fetched, "lost",
			(json_int_t)is->lost, "entry", (json_int_t)is->entry);

		print_json(o);
		return;
	}
	print_line(DONE, is->backup);
	if (is->fetched)
		print_line(FETCHED, is->fetched);
	if (is->lost)
		print_line(LOST, is->lost);
	print_line(SAYS_SO, is->entry);
	emit(stderr, "gaya: %s\ngaya: %s\n", T(ACCOUNTS), T(NEXT));
}

static enum err restore(struct arguments *a)
{
	struct restore *r = NULL;
	struct restored is;
	enum err e;

	TRY(restore_open(&a->o, &r));
	e = catch_up(a, r);
	if (e == OK)
		e = check_known(a, r);
	if (e == OK)
		e = restore_finish(r, a->reason, &is);
	if (e != OK)
		e = fail(e, "%s", err_why());
	restore_close(r);
	if (e == OK)
		print_done(a, &is);
	return e;
}

enum err cli_restore(int argc, char **argv)
{
	AUTO(buf) passphrase = BUF(KIB);
	struct arguments a = {.o = {.passphrase = &passphrase, .env = &env_real}};
	enum err e = parse(argc, argv, &a);

	if (e == OK)
		e = key_passphrase(&passphrase);
	if (e == OK)
		e = restore(&a);
	if (passphrase.data)
		crypto_wipe(passphrase.data, passphrase.cap);
	json_decref(a.reason);
	/* Other false results were printed as such; here the reason is why nothing was done. */
	if (e == ERR_FALSE)
		emit(stderr, "gaya: %s\n", err_why());
	return e;
}
