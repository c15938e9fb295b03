/* `gaya backup`: copies a register's folder, even while a server writes to it. */
#include "registry/backup/backup.h"

#include "base/crypto.h"
#include "cli/cli.h"

#include <inttypes.h>
#include <stdio.h>

struct arguments {
	const char *dir, *out;
	bool keys, json;
};

static enum err parse(int argc, char **argv, struct arguments *a)
{
	const struct cli_option options[] = {
		{"data", &a->dir},
		{"out", &a->out},
		{"keys", .flag = &a->keys},
		{"json", .flag = &a->json},
		{0},
	};

	TRY(cli_options(argc, argv, "backup", options));
	if (!a->dir || !a->out || optind != argc)
		return usage("backup",
			"--data DIR and --out FOLDER are required, and backup takes only options");
	return OK;
}

static void print(const struct arguments *a, const struct backup *made)
{
	AUTO(buf) root = BUF(KIB);

	base64_add(&root, made->root.bytes, SHA256);
	if (a->json) {
		json_auto_t *o = json_make("{s:s,s:I,s:s,s:b}", "out", a->out, "entries",
			(json_int_t)made->entries, "root", buf_text(&root), "keys", a->keys);

		print_json(o);
		return;
	}
	tell(stdout, "backed up to %s: %" PRIu64 " entries, root %s\n", a->out, made->entries,
		buf_text(&root));
}

enum err cli_backup(int argc, char **argv)
{
	struct arguments a = {0};
	struct backup made;

	TRY(parse(argc, argv, &a));
	TRY(backup_make(a.dir, a.out, a.keys, &made));
	print(&a, &made);
	return OK;
}
