/* `gaya office`: the AI office's operations, as commands for registry/office/office.h. That table
 * says which members an operation needs; this file says how people enter them and read the
 * reply. */
#include "base/csv.h"
#include "base/file.h"
#include "base/sha256.h"
#include "cli/cli.h"
#include "cli/decide.h"
#include "cli/office_replies.h"
#include "cli/settings.h"
#include "registry/office/office_socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define LIST_FILE_MAX (64 * MIB)

static void office_command_done(struct office_command *c)
{
	json_decref(c->request);
	json_decref(c->reply);
	office_close(c->office);
}

/* clang-format off */
static const struct operation {
	const char *name, *op; /* `op` is the name in registry/office/office.h */
	const char *usage, *about;
	office_reply_fn print;
	office_reply_fn ask; /* shows the effect and asks, unless --yes; NULL: runs at once */
} operations[] = {
	{"waiting",           "waiting",           "",                                            "what waits for the office", office_print_waiting},
	{"show-filing",       "filing",            "N",                                           "what the filing at entry N says and would change", office_print_filing},
	{"show-file",         "file",              "SHA256 >FILE",                                "a file that a department attached, to read before deciding", office_print_file},
	{"approve",           "approve",           "SYSTEM FILING [--review_by DAY]",                               "publish a waiting filing; FILING is its entry (see waiting, show-filing)", office_print_approved},
	{"return",            "return",            "SYSTEM FILING --reason ko=… …",               "send the filing that waits back", office_print_entry},
	{"suspend",           "suspend",           "SYSTEM VERSION --reason ko=… …",              "mark a system as out of use for now; VERSION is its newest", office_print_entry},
	{"resume",            "resume",            "SYSTEM VERSION --reason ko=… …",              "say that it is in use again", office_print_entry},
	{"retire",            "retire",            "SYSTEM VERSION --reason ko=… … [--successor SYSTEM] [--filing FILING]", "end a system; its page stays. FILING: one that waits is set aside", office_print_entry},
	{"settings",          "settings",          "",                                            "show the register's settings", office_print_settings},
	{"register-change",   "register-change",   SETTINGS_USAGE " [--yes]",                     "change the register's settings; \"\" removes one", office_print_entry, office_ask_change},
	{"rules",             "rules",             "FROM [--two_approvals LEVEL,…] [--consultation LEVEL,…] [--reason ko=… …]", "from the day FROM on, which risk levels take the approvals of two people, and which a public consultation before they are in use; what is left out, none", office_print_entry},
	{"list-submitted",    "list-submitted",    "--file FILE --to ko=… … [--on DAY] [--services N] [--note ko=… …]", "say that the list of AI services was handed over: when, to whom, and the file by its hash", office_print_submitted},
	{"department-add",    "department-add",    "SLUG --name ko=… --name en=… [--about ko=… …] [--entry N]", "add a department, or rename it (--entry N: its latest naming)", office_print_entry},
	{"people",            "people",            "",                                            "who files and decides: ids, roles, departments, how many keys", office_print_people},
	{"appoint",           "appoint",           "PERSON --role ROLE --department DEPARTMENT",  "let a person act as officer, head, reviewer, administrator or auditor; PERSON is an id of gaya account add; again: in another role", office_print_entry},
	{"dismiss",           "dismiss",           "PERSON",                                      "end a person's rights; their keys no longer sign", office_print_entry},
	{"key-grant",         "key-grant",         "DEPARTMENT (VKEY | @FILE) [--person PERSON]", "let a key sign for a department, or for a person of it alone", office_print_entry},
	{"key-revoke",        "key-revoke",        "DEPARTMENT (VKEY | @FILE) [--since DAY]",     "revoke a key for ever; --since DAY: signatures since then are in doubt", office_print_entry},
	{"feedback-show",     "feedback",          "ID",                                          "a question as it stands: its text, what was decided, what was answered", office_print_question},
	{"feedback-publish",  "feedback-publish",  "ID ENTRY [--mask (WORDS | @FILE)] … [--mask-name] [--yes]", "show a question to everyone, with WORDS (each line of FILE), or the name, masked; ENTRY is the latest about it, as waiting and feedback-show have it; asks where it was withheld", office_print_entry, office_ask_if_withheld},
	{"feedback-withhold", "feedback-withhold", "ID ENTRY [--code CODE] [--reason ko=… …]",    "keep a question from being shown, and say why: by a CODE of the list that everybody reads (/ko/withholding), in your own words, or both", office_print_entry},
	{"feedback-answer",   "feedback-answer",   "ID ENTRY --text ko=… --text en=…",            "answer a question: in public, or, where it is withheld, only to the person who asked", office_print_entry},
	{"feedback-merge",    "feedback-merge",    "ID INTO ENTRY",                               "say that a question asks the same as INTO, an id of one that is published: its answer is the answer to both", office_print_entry},
	{"feedback-part",     "feedback-part",     "ID ENTRY",                                    "undo that: the question waits for an answer of its own", office_print_entry},
	{"feedback-forget",   "feedback-forget",   "ID",                                          "erase the e-mail address left with a question", office_print_forgotten},
	{"feedback-sweep",    "feedback-sweep",    "--from TIME --until TIME [--network HASH] … [--yes COUNT]", "hold back and erase a flood of questions in one act: all that came in then and that nothing is decided about; shows how many, from which networks, and samples, and asks", office_print_swept, office_ask_sweep},
	{"contact",           "contact",           "ID",                                          "the e-mail address left with a question", office_print_contact},
	{"erase",             "erase",             "SHA256 --reason ko=… …",                      "erase a content for good, as privacy law asks", office_print_entry},
};

/* Options that are members of the request, by how their value is parsed. */
enum { OPTION_DATA = 'd', OPTION_JSON = 'j', OPTION_TEXT = 'T', OPTION_NUMBER = 'N', OPTION_STRING = 'S',
	OPTION_SETTING = 'R', OPTION_YES = 'y', OPTION_NETWORK = 'W', OPTION_FILE = 'F', OPTION_MASK = 'M', OPTION_MASK_NAME = 'm', OPTION_CLOCK = 'c' };
static const struct option options[] = {
	{"data",      required_argument, NULL, OPTION_DATA},
	{"json",      no_argument,       NULL, OPTION_JSON},
	{"reason",    required_argument, NULL, OPTION_TEXT},
	{"text",      required_argument, NULL, OPTION_TEXT},
	{"about",     required_argument, NULL, OPTION_TEXT},
	{"to",        required_argument, NULL, OPTION_TEXT},
	{"note",      required_argument, NULL, OPTION_TEXT},
	{"on",        required_argument, NULL, OPTION_STRING},
	{"review_by", required_argument, NULL, OPTION_STRING},
	{"two_approvals", required_argument, NULL, OPTION_STRING},
	{"consultation", required_argument, NULL, OPTION_STRING},
	{"code",      required_argument, NULL, OPTION_STRING},
	{"file",      required_argument, NULL, OPTION_FILE},
	{"services",  required_argument, NULL, OPTION_NUMBER},
	{"filing",    required_argument, NULL, OPTION_NUMBER},
	{"version",   required_argument, NULL, OPTION_NUMBER},
	{"entry",     required_argument, NULL, OPTION_NUMBER},
	{"successor", required_argument, NULL, OPTION_STRING},
	{"person",    required_argument, NULL, OPTION_STRING},
	{"since",     required_argument, NULL, OPTION_STRING},
	{"role",      required_argument, NULL, OPTION_STRING},
	{"department", required_argument, NULL, OPTION_STRING},
	{"from",      required_argument, NULL, OPTION_STRING},
	{"until",     required_argument, NULL, OPTION_STRING},
	{"network",   required_argument, NULL, OPTION_NETWORK},
	{"count",     required_argument, NULL, OPTION_NUMBER},
	{"mask",      required_argument, NULL, OPTION_MASK},
	{"mask-name", no_argument,       NULL, OPTION_MASK_NAME},
	{"yes",       no_argument,       NULL, OPTION_YES},
	SETTINGS_OPTIONS(OPTION_SETTING),
	{"clock-is-right", no_argument, NULL, OPTION_CLOCK},
	{0},
};
/* clang-format on */

static void print_operations(FILE *to, const struct operation *only)
{
	for (size_t i = 0; i < COUNT(operations); i++)
		if (!only || only == &operations[i]) {
			AUTOFREE char *text = usage_text(operations[i].usage);

			tell(to, "  gaya office --data DIR %s %s\n      %s\n", operations[i].name,
				text, T(operations[i].about));
		}
	if (!only)
		tell(to,
			"  FILING, VERSION and ENTRY name what was decided on; left out on a terminal, it "
			"is shown, and you are asked\n"
			"  --json prints the reply as it is; texts may also come from a file "
			"of JSON: --reason @FILE\n"
			"  --clock-is-right: a script's answer where the newest entry is older than eight days\n");
}

void cli_office_help(FILE *to)
{
	emit(to, "\n");
	print_operations(to, NULL);
}

static enum err wrong(const struct operation *operation, const char *fmt, ...) PRINTF(2, 3);
static enum err wrong(const struct operation *operation, const char *fmt, ...)
{
	enum err e;
	va_list ap;

	tell(stderr, "usage:\n");
	print_operations(stderr, operation);
	va_start(ap, fmt);
	e = fail_v(ERR_INVALID, fmt, ap);
	va_end(ap);
	return e;
}

/* --- arguments --- */

static enum err put_number(json_t *request, const char *member, const char *text)
{
	json_t *n = NULL;

	TRY(decide_number(text, &n));
	json_put(request, member, n);
	return OK;
}

static enum err put_text(json_t *request, const char *member, const char *text)
{
	json_t *texts = json_object_get(request, member);

	if (!texts) {
		texts = json_object();
		json_put(request, member, texts);
	}
	return add_text(text, &texts);
}

static void put_network(json_t *request, const char *hash)
{
	json_t *list = json_object_get(request, "networks");

	if (!list) {
		list = json_array();
		json_put(request, "networks", list);
	}
	json_push(list, json_text(hash));
}

/* Words, or a file with one per line, which keeps them out of the shell's history and the list of
 * processes. */
static enum err put_mask(json_t *request, const char *value)
{
	json_t *list = json_object_get(request, "mask");
	AUTO(buf) file = BUF(64 * KIB);
	char *line, *rest;

	if (!list) {
		list = json_array();
		json_put(request, "mask", list);
	}
	if (*value != '@') {
		json_push(list, json_text(value));
		return OK;
	}
	TRY(file_read(value + 1, &file));
	TRY(buf_check(&file, "the file"));
	for (line = file.len ? strtok_r(file.data, "\r\n", &rest) : NULL; line;
		line = strtok_r(NULL, "\r\n", &rest))
		json_push(list, json_text(line));
	return OK;
}

static enum err put_option(
	struct office_command *c, int kind, const char *name, const char *value, char **argv)
{
	switch (kind) {
	case OPTION_CLOCK:
		cli_clock_is_right = true;
		return OK;
	case OPTION_DATA:
		c->dir = value;
		return OK;
	case OPTION_JSON:
		c->json = true;
		return OK;
	case OPTION_TEXT:
		return put_text(c->request, name, value);
	case OPTION_NUMBER:
		return put_number(c->request, name, value);
	case OPTION_STRING:
		json_put(c->request, name, json_text(value));
		return OK;
	case OPTION_SETTING:
		return settings_put(c->request, name, value);
	case OPTION_NETWORK:
		put_network(c->request, value);
		return OK;
	case OPTION_MASK:
		return put_mask(c->request, value);
	case OPTION_MASK_NAME:
		json_put(c->request, "mask_name", json_true());
		return OK;
	case OPTION_FILE:
		c->file = value;
		return OK;
	case OPTION_YES:
		c->yes = true;
		return OK;
	default:
		tell(stderr, "usage:\n");
		print_operations(stderr, NULL);
		return option_refused(argv);
	}
}

static bool is_private(const char *key)
{
	return strncmp(key, "PRIVATE+KEY+", 12) == 0 || strncmp(key, "gaya-sealed-", 12) == 0;
}

/* A verifier key is long, so it may be the first line of a file. */
static enum err put_key(json_t *request, const char *member, const char *value)
{
	AUTO(buf) text = BUF(4 * KIB);

	if (*value == '@')
		TRY(file_read(value + 1, &text));
	else
		buf_puts(&text, value);
	TRY(buf_check(&text, "a key"));
	if (text.len)
		text.data[strcspn(text.data, "\r\n")] = '\0';
	ENSURE(!is_private(buf_text(&text)), ERR_INVALID,
		"this is the private key, which its department alone may have: give the line that "
		"gaya key new printed, or gaya key show prints");
	json_put(request, member, json_text(buf_text(&text)));
	return OK;
}

/* The number of services in a file of ours: rows of a CSV, or of exported JSON. -1: another
 * file. */
static int64_t services_in(const char *path, const struct buf *text)
{
	const char *ending = strrchr(path, '.');
	json_auto_t *read = NULL;
	const json_t *list;

	if (ending && strcasecmp(ending, ".csv") == 0 &&
		csv_read(buf_text(text), text->len, &read) == OK)
		return (int64_t)json_array_size(read);
	if (!ending || strcasecmp(ending, ".json") != 0 ||
		json_read(buf_text(text), text->len, LIST_FILE_MAX, RULES_LOOSE, &read) != OK)
		return -1;
	list = json_is_array(read) ? read : json_object_get(read, "services");
	return json_is_array(list) ? (int64_t)json_array_size(list) : -1;
}

/* The register gets the hash of a submitted file and its number of services. */
static enum err put_file(struct office_command *c)
{
	AUTO(buf) text = BUF(LIST_FILE_MAX);
	char hex[SHA256_HEX];
	struct sha256 hash;
	int64_t services;

	TRY(file_read(c->file, &text));
	hash = sha256_of(buf_text(&text), text.len);
	sha256_hex(&hash, hex);
	json_put(c->request, "file", json_text(hex));
	if (json_object_get(c->request, "services"))
		return OK;
	services = services_in(c->file, &text);
	ENSURE(services >= 0, ERR_INVALID,
		"the number of services cannot be read from %s, which is not a CSV or JSON file of gaya "
		"export: give --services N",
		c->file);
	json_put(c->request, "services", json_integer((json_int_t)services));
	return OK;
}

static bool is_number(const char *member)
{
	for (const struct option *o = options; o->name; o++)
		if (o->val == OPTION_NUMBER && strcmp(o->name, member) == 0)
			return true;
	return false;
}

static enum err put_argument(json_t *request, const char *member, const char *value)
{
	if (strcmp(member, "key") == 0)
		return put_key(request, member, value);
	if (is_number(member))
		return put_number(request, member, value);
	json_put(request, member, json_text(value));
	return OK;
}

static bool is_optional(const char *need)
{
	return need[strlen(need) - 1] == '?';
}

/* Texts per language, and files, are always options. */
static bool is_text(const char *need)
{
	for (const struct option *o = options; o->name; o++)
		if ((o->val == OPTION_TEXT || o->val == OPTION_SETTING || o->val == OPTION_FILE) &&
			strcmp(o->name, need) == 0)
			return true;
	return false;
}

/* Required members that are not texts are arguments, in the table's order. */
static enum err put_arguments(struct office_command *c, int argc, char **argv)
{
	const struct office_op *op = office_op_named(c->operation->op);
	int used = 0;

	for (size_t i = 0; i < COUNT(op->needs) && op->needs[i]; i++) {
		const char *need = op->needs[i];

		if (is_optional(need) || json_object_get(c->request, need))
			continue;
		if (is_text(need))
			return wrong(c->operation, "%s needs --%s", c->operation->name, need);
		if (used == argc && (op->on || c->operation->ask) && is_number(need))
			continue; /* decide() asks, or the operation does */
		if (used == argc)
			return wrong(c->operation, "%s needs more: %s", c->operation->name, need);
		TRY(put_argument(c->request, need, argv[used++]));
	}
	if (used < argc)
		return wrong(c->operation, "\"%.80s\" is one argument too many", argv[used]);
	return OK;
}

static bool takes(const struct office_op *op, const char *member)
{
	size_t len = strlen(member);

	for (size_t i = 0; i < COUNT(op->needs) && op->needs[i]; i++)
		if (strncmp(op->needs[i], member, len) == 0 &&
			(!op->needs[i][len] || op->needs[i][len] == '?'))
			return true;
	return false;
}

/* An option that the operation does not use is an error, not ignored. */
static enum err check_options(const struct office_command *c)
{
	const struct office_op *op = office_op_named(c->operation->op);

	if (c->yes && !c->operation->ask)
		return wrong(c->operation, "%s takes no --yes", c->operation->name);
	json_members (c->request, member, value) {
		if (!takes(op, member))
			return wrong(c->operation, "%s takes no --%s", c->operation->name, member);
	}
	return OK;
}

static enum err find_operation(struct office_command *c, const char *name)
{
	for (size_t i = 0; i < COUNT(operations); i++)
		if (strcmp(operations[i].name, name) == 0)
			c->operation = &operations[i];
	if (!c->operation)
		return wrong(NULL, "there is no operation \"%.80s\"", name);
	return OK;
}

static enum err parse(int argc, char **argv, struct office_command *c)
{
	int kind, at = 0;

	c->request = json_object();
	while ((kind = getopt_long(argc, argv, "", options, &at)) != -1)
		TRY(put_option(c, kind, options[at].name, optarg, argv));
	if (optind == argc)
		return wrong(NULL, "an operation is needed");
	TRY(find_operation(c, argv[optind]));
	if (c->file)
		TRY(put_file(c));
	TRY(check_options(c));
	TRY(put_arguments(c, argc - optind - 1, argv + optind + 1));
	if (!c->dir)
		return wrong(c->operation, "--data DIR is needed");
	json_put(c->request, "do", json_text(c->operation->op));
	return OK;
}

/* Shows the whole filing and what it would change. */
static enum err show_newest_filing(void *arg, int64_t newest)
{
	struct office_command *c = arg, filing = {.office = c->office};
	enum err e;

	TRY(office_call(c->office,
		json_make("{s:s,s:I}", "do", "filing", "filing", (json_int_t)newest), NULL,
		&filing.reply));
	e = office_print_filing(&filing);
	json_decref(filing.reply);
	return e;
}

static enum err name_basis(struct office_command *c)
{
	const struct office_op *op = office_op_named(c->operation->op);
	struct decision d = {.office = c->office,
		.request = c->request,
		.option = op->on == ON_DEPARTMENT ? "entry" : NULL,
		.argc = c->argc,
		.argv = c->argv,
		.show = op->on == ON_FILING ? show_newest_filing : NULL,
		.arg = c};

	return decide(&d);
}

static enum err call(struct office_command *c)
{
	TRY(office_open(c->dir, &env_real, &c->office));
	if (!office_op_named(c->operation->op)->read)
		TRY(cli_check_clock(c->office));
	if (c->operation->ask)
		TRY(c->operation->ask(c));
	if (strcmp(c->operation->op, "feedback-answer") == 0)
		point_at_personal(json_object_get(c->request, "text"));
	TRY(name_basis(c));
	TRY(office_call(c->office, json_incref(c->request), NULL, &c->reply));
	if (!c->json)
		return c->operation->print(c);
	print_json(c->reply);
	return OK;
}

enum err cli_office(int argc, char **argv)
{
	AUTOFREE char **given = decide_given(argc, argv);
	AUTO(office_command) c = {.argc = argc, .argv = given};

	TRY(parse(argc, argv, &c));
	return call(&c);
}
