/* `gaya backup`: copies a register's folder, even while a server writes to it. */
#include "registry/backup/backup.h"

#include "base/crypto.h"
#include "cli/cli.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct option options[] = {
	{"data", required_argument, NULL, 'd'},
	{"out", required_argument, NULL, 'o'},
	{"keys", no_argument, NULL, 'k'},
	{"json", no_argument, NULL, 'j'},
	{0},
};

struct arguments {
	const char *dir, *out;
	bool keys, json;
};

static enum err parse(int argc, char **argv, struct arguments *a)
{
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'd':
			a->dir = optarg;
			break;
		case 'o':
			a->out = optarg;
			break;
		case 'k':
			a->keys = true;
			break;
		case 'j':
			a->json = true;
			break;
		default:
			return wrong_option("backup", argv);
		}
	}
	if (!a->dir || !a->out || optind != argc)
		return usage("backup", "--data DIR and --out FOLDER are needed, and nothing else");
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
