/* `gaya office`: what the AI office does, in words of its own on top of registry/office/office.h.
 * Which members an operation needs is that table's; here is how people give them and read the
 * reply. */
#include "audit/key_file.h"
#include "base/crypto.h"
#include "base/csv.h"
#include "base/file.h"
#include "base/sha256.h"
#include "base/text.h"
#include "cli/changes.h"
#include "cli/cli.h"
#include "cli/decide.h"
#include "cli/settings.h"
#include "registry/office/office_socket.h"
#include "registry/write/contact_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define LIST_FILE_MAX (64 * MIB)

struct call {
	const char *dir, *file;
	bool json, yes;
	const struct operation *operation;
	json_t *request; /* owned, as the reply */
	json_t *reply;
	struct office *office;
	int argc; /* the command as it was given */
	char **argv;
};
static void call_done(struct call *c)
{
	json_decref(c->request);
	json_decref(c->reply);
	office_close(c->office);
}

typedef enum err (*print_fn)(struct call *c);
static enum err print_waiting(struct call *c);
static enum err print_filing(struct call *c);
static enum err print_approved(struct call *c);
static enum err print_entry(struct call *c);
static enum err print_forgotten(struct call *c);
static enum err print_contact(struct call *c);
static enum err print_file(struct call *c);
static enum err print_settings(struct call *c);
static enum err print_question(struct call *c);
static enum err ask_if_withheld(struct call *c);
static enum err ask_change(struct call *c);
static enum err ask_sweep(struct call *c);
static enum err print_swept(struct call *c);
static enum err print_submitted(struct call *c);
static enum err print_people(struct call *c);

/* clang-format off */
static const struct operation {
	const char *name, *op; /* `op` as registry/office/office.h has it */
	const char *usage, *about;
	print_fn print;
	print_fn ask; /* shows what would be done, and asks, unless --yes; NULL: it is done at once */
} operations[] = {
	{"waiting",           "waiting",           "",                                            "what waits for the office", print_waiting},
	{"show-filing",       "filing",            "N",                                           "what the filing at entry N says and would change", print_filing},
	{"show-file",         "file",              "SHA256 >FILE",                                "a file that a department attached, to read before deciding", print_file},
	{"approve",           "approve",           "SYSTEM FILING [--review_by DAY]",                               "publish the filing that waits; FILING as waiting and show-filing have it", print_approved},
	{"return",            "return",            "SYSTEM FILING --reason ko=… …",               "send the filing that waits back", print_entry},
	{"suspend",           "suspend",           "SYSTEM VERSION --reason ko=… …",              "say that a system is out of use for now; VERSION is its newest", print_entry},
	{"resume",            "resume",            "SYSTEM VERSION --reason ko=… …",              "say that it is in use again", print_entry},
	{"retire",            "retire",            "SYSTEM VERSION --reason ko=… … [--successor SYSTEM] [--filing FILING]", "end a system; its page stays. FILING: one that waits is set aside", print_entry},
	{"settings",          "settings",          "",                                            "what the register says of itself", print_settings},
	{"register-change",   "register-change",   SETTINGS_USAGE " [--yes]",                     "change what it says of itself; \"\" removes a setting", print_entry, ask_change},
	{"rules",             "rules",             "FROM [--two_approvals LEVEL,…] [--consultation LEVEL,…] [--reason ko=… …]", "from the day FROM on, which risk levels take the approvals of two people, and which a public consultation before they are in use; what is left out, none", print_entry},
	{"list-submitted",    "list-submitted",    "--file FILE --to ko=… … [--on DAY] [--services N] [--note ko=… …]", "say that the list of AI services was handed over: when, to whom, and the file by its hash", print_submitted},
	{"department-add",    "department-add",    "SLUG --name ko=… --name en=… [--about ko=… …] [--entry N]", "add a department, or name the one that entry N named anew", print_entry},
	{"people",            "people",            "",                                            "who files and decides: ids, roles, departments, how many keys", print_people},
	{"appoint",           "appoint",           "PERSON --role ROLE --department DEPARTMENT",  "let a person act as officer, head, reviewer, administrator or auditor; PERSON is an id of gaya account add; again: in another role", print_entry},
	{"dismiss",           "dismiss",           "PERSON",                                      "end all that a person may do; their keys sign nothing any more", print_entry},
	{"key-grant",         "key-grant",         "DEPARTMENT (VKEY | @FILE) [--person PERSON]", "let a key sign for a department, or for a person of it alone", print_entry},
	{"key-revoke",        "key-revoke",        "DEPARTMENT (VKEY | @FILE) [--since DAY]",     "never again let a key sign; DAY: it was stolen, and what it signed since is in doubt", print_entry},
	{"feedback-show",     "feedback",          "ID",                                          "a question as it stands: its text, what was decided, what was answered", print_question},
	{"feedback-publish",  "feedback-publish",  "ID ENTRY [--mask (WORDS | @FILE)] … [--mask-name] [--yes]", "show a question to everyone, with WORDS (each line of FILE), or the name, masked; ENTRY is the latest about it, as waiting and feedback-show have it; asks where it was withheld", print_entry, ask_if_withheld},
	{"feedback-withhold", "feedback-withhold", "ID ENTRY [--code CODE] [--reason ko=… …]",    "keep a question from being shown, and say why: by a CODE of the list that everybody reads (/ko/withholding), in your own words, or both", print_entry},
	{"feedback-answer",   "feedback-answer",   "ID ENTRY --text ko=… --text en=…",            "answer a question: in public, or, where it is withheld, to who asked alone", print_entry},
	{"feedback-merge",    "feedback-merge",    "ID INTO ENTRY",                               "say that a question asks the same as INTO, an id of one that is published: its answer is the answer to both", print_entry},
	{"feedback-part",     "feedback-part",     "ID ENTRY",                                    "undo that: the question waits for an answer of its own", print_entry},
	{"feedback-forget",   "feedback-forget",   "ID",                                          "erase the e-mail address left with a question", print_forgotten},
	{"feedback-sweep",    "feedback-sweep",    "--from TIME --until TIME [--network HASH] … [--yes COUNT]", "hold back and erase a flood of questions in one act: all that came in then and that nothing is decided about; shows how many, from which networks, and samples, and asks", print_swept, ask_sweep},
	{"contact",           "contact",           "ID",                                          "the e-mail address left with a question", print_contact},
	{"erase",             "erase",             "SHA256 --reason ko=… …",                      "erase a content for good, as privacy law asks", print_entry},
};

/* Options that are members of the request: how their value is read. */
enum { OPTION_DATA = 'd', OPTION_JSON = 'j', OPTION_TEXT = 'T', OPTION_NUMBER = 'N', OPTION_STRING = 'S',
	OPTION_SETTING = 'R', OPTION_YES = 'y', OPTION_NETWORK = 'W', OPTION_FILE = 'F', OPTION_MASK = 'M', OPTION_MASK_NAME = 'm' };
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
	CLOCK_OPTION,
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
	json_t *n;

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

/* Words, or a file of them, a line each, which neither a shell's history nor a list of processes
 * keeps. */
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
	struct call *c, int kind, const char *name, const char *value, char **argv)
{
	switch (kind) {
	case 0:
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

/* A verifier key is long: it may be the first line of a file. */
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

/* How many services a file of ours lists: rows of a CSV, or of the JSON that is exported. -1: it is
 * another file. */
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

/* Of the file that was handed over, the register gets the hash and how many services it lists. */
static enum err put_file(struct call *c)
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
		"how many services %s lists cannot be read from it, as it is no CSV or JSON of gaya export: "
		"say so with --services N",
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

/* Texts per language, and files, only ever come by options. */
static bool is_text(const char *need)
{
	for (const struct option *o = options; o->name; o++)
		if ((o->val == OPTION_TEXT || o->val == OPTION_SETTING || o->val == OPTION_FILE) &&
			strcmp(o->name, need) == 0)
			return true;
	return false;
}

/* What an operation must have and is not a text comes as arguments, in the table's order. */
static enum err put_arguments(struct call *c, int argc, char **argv)
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

/* An option that an operation has no use for was meant for something: it is not passed over. */
static enum err check_options(const struct call *c)
{
	const struct office_op *op = office_op_named(c->operation->op);
	const char *member;
	json_t *value;

	if (c->yes && !c->operation->ask)
		return wrong(c->operation, "%s takes no --yes", c->operation->name);
	json_object_foreach (c->request, member, value) {
		if (!takes(op, member))
			return wrong(c->operation, "%s takes no --%s", c->operation->name, member);
	}
	return OK;
}

static enum err find_operation(struct call *c, const char *name)
{
	for (size_t i = 0; i < COUNT(operations); i++)
		if (strcmp(operations[i].name, name) == 0)
			c->operation = &operations[i];
	if (!c->operation)
		return wrong(NULL, "there is no operation \"%.80s\"", name);
	return OK;
}

static enum err parse(int argc, char **argv, struct call *c)
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

/* --- replies --- */

static enum err print_people(struct call *c)
{
	const json_t *list = json_object_get(c->reply, "people"), *p;
	size_t i;

	json_array_foreach (list, i, p) {
		bool gone = json_is_true(json_object_get(p, "dismissed"));

		tell(stdout, "%s  %-13s  %-24s  %lld keys%s\n", json_str(p, "person"),
			json_str(p, "role"), json_str(p, "department"),
			(long long)json_num(p, "keys"), gone ? T(", dismissed") : "");
	}
	if (!json_array_size(list))
		tell(stdout, "gaya: nobody was appointed yet\n");
	return OK;
}

static enum err print_entry(struct call *c)
{
	tell(stdout, "gaya: entry %lld\n", (long long)json_num(c->reply, "entry"));
	return OK;
}

static enum err print_submitted(struct call *c)
{
	tell(stdout,
		"gaya: entry %lld says that a list of %lld services was handed over on %s\n"
		"  the file's SHA-256: %s\n",
		(long long)json_num(c->reply, "entry"), (long long)json_num(c->reply, "services"),
		json_str(c->reply, "day"), json_str(c->reply, "file"));
	return OK;
}

static enum err print_approved(struct call *c)
{
	tell(stdout, "gaya: entry %lld publishes version %lld\n",
		(long long)json_num(c->reply, "entry"), (long long)json_num(c->reply, "version"));
	return OK;
}

static enum err print_forgotten(struct call *c)
{
	tell(stdout, json_is_true(json_object_get(c->reply, "erased"))
			     ? "gaya: the e-mail address is erased\n"
			     : "gaya: no e-mail address was kept for this question\n");
	return OK;
}

static void print_filings(const json_t *list)
{
	const json_t *f;
	size_t i;

	tell(stdout, "filings that wait for a decision: %zu\n", json_array_size(list));
	json_array_foreach (list, i, f) {
		AUTOFREE char *at = time_shown(json_str(f, "at"));

		tell(stdout, "  %-6lld %s by %s, %s ", (long long)json_num(f, "filing"),
			json_str(f, "system"), json_str(f, "department"), at);
		if (json_num(f, "version"))
			tell(stdout, "(version %lld is published)\n",
				(long long)json_num(f, "version"));
		else
			tell(stdout, "(nothing of it is published yet)\n");
	}
}

static void print_questions(const char *what, const json_t *list)
{
	const json_t *q;
	size_t i;

	emit(stdout, "%s: %zu\n", T(what), json_array_size(list));
	json_array_foreach (list, i, q) {
		const char *text = json_str(q, "text"), *system = json_str(q, "system");
		AUTOFREE char *at = time_shown(json_str(q, "at"));

		tell(stdout, "  %s %-6lld about %s, %s\n", json_str(q, "feedback"),
			(long long)json_num(q, "entry"),
			system ? system : T("no system in particular"), at);
		emit(stdout, "    %s\n", text ? text : T("(its text was erased)"));
	}
}

/* Where it stands, for whoever decides about it: what is personal is marked so. */
static void print_standing(const json_t *q)
{
	const char *text = json_str(q, "text"), *name = json_str(q, "name");
	const char *system = json_str(q, "system"), *state = json_str(q, "state"), *lang;
	const json_t *answer;
	json_t *reason, *said;
	AUTOFREE char *at = time_shown(json_str(q, "at"));
	size_t i;

	tell(stdout, "  %s %-6lld about %s, %s\n", json_str(q, "id"),
		(long long)json_num(q, "latest"), system ? system : T("no system in particular"),
		at);
	if (json_is_true(json_object_get(q, "withdrawn")))
		tell(stdout, "withdrawn by who asked\n");
	else if (state && strcmp(state, "published") == 0)
		tell(stdout, "published\n");
	else if (state && strcmp(state, "withheld") == 0)
		tell(stdout, "withheld\n");
	else
		tell(stdout, "nothing is decided yet\n");
	emit(stdout, "%s%s%s\n", name ? name : "", name ? ": " : "",
		text ? text : T("(its text was erased)"));
	if (json_str(q, "merged_into"))
		tell(stdout, "merged into %s\n", json_str(q, "merged_into"));
	if (json_str(json_object_get(q, "shown"), "text"))
		tell(stdout, "shown to everyone as: %s\n",
			json_str(json_object_get(q, "shown"), "text"));
	if (json_str(q, "code"))
		tell(stdout, "withheld for this reason of the published list: %s\n",
			json_str(q, "code"));
	json_object_foreach (json_object_get(q, "reason"), lang, reason)
		tell(stdout, "withheld because (%s): %s\n", lang, json_string_value(reason));
	json_array_foreach (json_object_get(q, "answers"), i, answer)
		json_object_foreach (json_object_get(answer, "text"), lang, said)
			tell(stdout,
				json_is_true(json_object_get(answer, "personal"))
					? "answered to who asked alone (%s): %s\n"
					: "answered (%s): %s\n",
				lang, json_string_value(said));
}

static enum err print_question(struct call *c)
{
	print_standing(c->reply);
	return OK;
}

/* Most questions that are withheld hold somebody's data: nobody publishes one by a slip. */
static enum err ask_if_withheld(struct call *c)
{
	json_auto_t *question = NULL;
	const char *state;

	TRY(office_call(c->office,
		json_make("{s:s,s:O}", "do", "feedback", "feedback",
			json_object_get(c->request, "feedback")),
		NULL, &question));
	state = json_str(question, "state");
	if (!state || strcmp(state, "withheld") != 0)
		return OK;
	if (!c->json)
		print_standing(question);
	fflush(stdout);
	if (!c->yes &&
		!confirmed("This question was withheld. Show its text to everyone all the same?"))
		return fail(ERR_DENIED, "the question stays withheld");
	json_put(c->request, "withheld", json_true());
	return OK;
}

/* --- a flood --- */

static void print_sample(const json_t *one)
{
	const char *text = json_str(one, "text"), *network = json_str(one, "network");
	const char *system = json_str(one, "system");
	AUTOFREE char *begin = text ? mem_bytes(text, text_prefix(text, 200)) : NULL;
	AUTOFREE char *shown = text_shown(begin ? begin : T("(its text was erased)"), false);
	AUTOFREE char *at = time_shown(json_str(one, "at"));

	tell(stdout, "  %s about %s, network %s\n", at,
		system ? system : T("no system in particular"), network ? network : T("unknown"));
	emit(stdout, "    %s\n", shown);
}

static void print_flood(const json_t *flood)
{
	const json_t *one;
	size_t i;

	tell(stdout, "questions from %s to %s that nothing is decided about: %lld\n",
		json_str(flood, "from"), json_str(flood, "until"),
		(long long)json_num(flood, "count"));
	tell(stdout, "questions of that time that are decided, and stay: %lld\n",
		(long long)json_num(flood, "decided"));
	tell(stdout, "networks that they came from, as hashes that are kept for a day:\n");
	json_array_foreach (json_object_get(flood, "networks"), i, one) {
		const char *network = json_str(one, "network");

		emit(stdout, "  %-16s %lld\n", network ? network : T("unknown"),
			(long long)json_num(one, "questions"));
	}
	tell(stdout, "the first and the last of them:\n");
	json_array_foreach (json_object_get(flood, "samples"), i, one)
		print_sample(one);
	fflush(stdout);
}

/* Who knows the number has looked: --yes alone says nothing. */
static enum err ask_sweep(struct call *c)
{
	json_auto_t *request = json_copy(c->request), *flood = NULL;

	json_put(request, "do", json_text("flood"));
	TRY(office_call(c->office, json_incref(request), NULL, &flood));
	ENSURE(!c->yes || json_object_get(c->request, "count"), ERR_INVALID,
		"--yes needs the number of questions that are to be erased: --yes %lld",
		(long long)json_num(flood, "count"));
	if (!c->json)
		print_flood(flood);
	if (c->yes || json_num(flood, "count") == 0) {
		if (!json_object_get(c->request, "count")) /* none: the operation says so */
			json_put(c->request, "count", json_integer(0));
		return OK;
	}
	ENSURE(confirmed(
		       "Hold all of these back and erase their texts, for good, in one entry of the log?"),
		ERR_INVALID, "nothing was changed");
	json_put(c->request, "count", json_incref(json_object_get(flood, "count")));
	return OK;
}

static enum err print_swept(struct call *c)
{
	tell(stdout, "gaya: entry %lld holds back and erases %lld questions\n",
		(long long)json_num(c->reply, "entry"), (long long)json_num(c->reply, "questions"));
	return OK;
}

static char *joined(const json_t *list)
{
	struct buf out = BUF(64 * KIB);
	json_t *one;
	size_t i;

	json_array_foreach (list, i, one)
		buf_printf(&out, "%s%s", i ? ", " : "", json_string_value(one));
	return buf_take(&out);
}

/* A level of a policy may be a number. */
static char *level_name(const json_t *level)
{
	if (json_is_integer(level))
		return mem_printf("%lld", (long long)json_integer_value(level));
	return mem_text(json_is_string(level) ? json_string_value(level) : T("nothing"));
}

static void print_level(const json_t *pair)
{
	AUTOFREE char *was = level_name(json_array_get(pair, 0)),
		      *is = level_name(json_array_get(pair, 1));

	if (pair)
		tell(stdout, "      its level: %s; before: %s\n", is, was);
}

static void print_ids(const char *what, const json_t *ids)
{
	AUTOFREE char *text = joined(ids);

	if (json_array_size(ids) > 0)
		emit(stdout, "      %s: %s\n", what, text);
}

/* Policy by policy, as judgement_changes() has it. */
static void print_judgement_changes(const json_t *changes)
{
	const json_t *one;
	size_t i;

	json_array_foreach (json_object_get(changes, "policies"), i, one) {
		emit(stdout, "    %s\n", json_str(one, "policy"));
		print_level(json_object_get(one, "level"));
		print_ids(T("new duties"), json_object_get(one, "added"));
		print_ids(T("duties no longer owed"), json_object_get(one, "removed"));
		print_ids(T("duties that are no longer shown to be met"),
			json_object_get(one, "now_unmet"));
		print_ids(
			T("duties that are shown to be met now"), json_object_get(one, "now_met"));
		print_ids(T("duties that are due on another day"), json_object_get(one, "moved"));
	}
}

/* What policies say differently now from when it was published. */
static void print_judged(const json_t *list)
{
	const json_t *one;
	size_t i;

	tell(stdout, "systems whose level or duties changed since they were published: %zu\n",
		json_array_size(list));
	json_array_foreach (list, i, one) {
		const char *risk = json_str(one, "risk"), *level = json_str(one, "level");

		if (risk && level && strcmp(risk, level) == 0)
			tell(stdout,
				"  %s, published as %s: the same level, but other duties or reviews\n",
				json_str(one, "system"), risk);
		else
			tell(stdout, "  %s, published as %s: the policies now say %s%s\n",
				json_str(one, "system"), risk ? risk : T("nothing"),
				level ? level : T("nothing"),
				json_is_true(json_object_get(one, "laxer"))
					? T("; ask its department for a new filing")
					: "");
		print_judgement_changes(json_object_get(one, "changes"));
	}
}

static const char *text_in(const json_t *texts, const char *lang)
{
	const char *text = json_str(texts, lang), *first;
	json_t *one;

	if (!text)
		json_object_foreach ((json_t *)texts, first, one)
			return json_string_value(one);
	return text;
}

static void print_duties(const json_t *reply)
{
	const json_t *list = json_object_get(reply, "duties"), *one;
	size_t i;

	tell(stdout,
		"duties that are overdue or due within %lld days, and not shown to be met: %zu\n",
		(long long)json_num(reply, "duties_within"), json_array_size(list));
	json_array_foreach (list, i, one) {
		const char *text =
			text_in(json_object_get(json_object_get(one, "about"), "text"), cli_lang());
		long long days = json_num(one, "days");

		emit(stdout, "  %s (%s) ", json_str(one, "slug"), json_str(one, "department"));
		if (days < 0)
			tell(stdout, "overdue since %s", json_str(one, "due"));
		else
			tell(stdout, "due %s, in %lld days", json_str(one, "due"), days);
		emit(stdout, ": %s: %s\n", json_str(one, "duty"), text ? text : "");
	}
}

/* Systems that a policy was adopted after: their departments must file again, and say this. */
static void print_unassessed(const json_t *list)
{
	const json_t *one, *ask;
	size_t i, k;

	tell(stdout,
		"systems that do not answer a policy; ask their departments for a new filing: %zu\n",
		json_array_size(list));
	json_array_foreach (list, i, one) {
		emit(stdout, "  %s (%s): %s\n", json_str(one, "system"),
			json_str(one, "department"), json_str(one, "policy"));
		json_array_foreach (json_object_get(one, "asks"), k, ask) {
			const char *label = text_in(json_object_get(ask, "label"), cli_lang());

			emit(stdout, "    %s%s%s\n", json_str(ask, "fact"), label ? ": " : "",
				label ? label : "");
		}
	}
}

static enum err print_waiting(struct call *c)
{
	print_filings(json_object_get(c->reply, "filings"));
	print_judged(json_object_get(c->reply, "judged"));
	print_duties(c->reply);
	print_unassessed(json_object_get(c->reply, "unassessed"));
	print_questions("questions to publish or withhold", json_object_get(c->reply, "feedback"));
	print_questions(
		"published questions without an answer", json_object_get(c->reply, "unanswered"));
	return OK;
}

static enum err load_standard(struct call *c, struct standard **out)
{
	AUTO(buf) text = BUF(MIB);
	json_auto_t *reply = NULL;

	TRY(office_call(c->office, json_make("{s:s}", "do", "standard"), NULL, &reply));
	json_canonical(json_object_get(reply, "standard"), &text);
	TRY(buf_check(&text, "the standard"));
	return standard_load(buf_text(&text), text.len, out);
}

/* The level that the policies derive, why, and which duties the record does not show to be met. */
static void print_judgement(const json_t *judgement)
{
	const char *level = json_str(judgement, "level");
	json_t *one, *item;
	size_t i, k;

	if (!json_is_object(judgement))
		return;
	tell(stdout, "\nthe policies derive: %s\n", level ? level : T("nothing"));
	json_array_foreach (json_object_get(judgement, "policies"), i, one) {
		json_array_foreach (json_object_get(one, "reasons"), k, item)
			emit(stdout, "  %s: %s\n", json_str(one, "policy"), json_str(item, "rule"));
		json_array_foreach (json_object_get(one, "duties"), k, item)
			if (!json_is_true(json_object_get(item, "met")))
				tell(stdout, "  %s: not shown to be met: %s\n",
					json_str(one, "policy"), json_str(item, "id"));
	}
}

static enum err print_filing(struct call *c)
{
	const json_t *r = c->reply, *record = json_object_get(r, "record");
	const char *signer = json_str(r, "signer");
	AUTOFREE char *at = time_shown(json_str(r, "at"));
	struct standard *standard;
	enum err e;

	TRY(load_standard(c, &standard));
	tell(stdout, "%s, filed by %s, %s: %s\n", json_str(r, "system"), json_str(r, "department"),
		at, T(json_str(r, "outcome")));
	tell(stdout, "signed with %s\n", signer ? signer : T("no key: it was imported"));
	tell(stdout, "content %s\n\nchanges\n", json_str(r, "sha256"));
	print_changes(standard, json_object_get(r, "changes"), stdout);
	e = print_doubts(standard, json_object_get(r, "doubts"), stdout);
	print_judgement(json_object_get(r, "judgement"));
	tell(stdout, "\nthe whole record\n");
	if (json_is_object(record))
		print_record(standard, record, stdout);
	else
		tell(stdout, "  it was erased\n");
	standard_free(standard);
	return e;
}

/* --- e-mail addresses: only who can read the contact key opens them --- */

static enum err open_contact(const char *dir, const char *sealed, struct buf *out)
{
	AUTO(buf) box = BUF(4 * KIB), passphrase = BUF(KIB);
	enum err e;

	ENSURE(sealed, ERR_CORRUPT, "the register gave no sealed address");
	TRY(base64_parse(sealed, strlen(sealed), &box));
	e = key_passphrase(&passphrase);
	if (e == OK)
		e = contact_key_open(dir, &passphrase, buf_text(&box), box.len, out);
	if (passphrase.data)
		crypto_wipe(passphrase.data, passphrase.cap);
	return e;
}

static enum err print_contact(struct call *c)
{
	AUTO(buf) email = BUF(4 * KIB);

	TRY(open_contact(c->dir, json_str(c->reply, "sealed"), &email));
	emit(stdout, "%s\n", buf_text(&email));
	return OK;
}

static enum err print_file(struct call *c)
{
	const char *base64 = json_str(c->reply, "base64");
	AUTO(buf) bytes = BUF(ATTACHMENT_MAX);

	ENSURE(!isatty(STDOUT_FILENO), ERR_INVALID,
		"the file is not text: send it to a file, as in `gaya office … show-file %.8s… "
		">report.pdf`",
		json_str(c->request, "sha256"));
	ENSURE(base64, ERR_CORRUPT, "the register gave no file");
	TRY(base64_parse(base64, strlen(base64), &bytes));
	TRY(buf_check(&bytes, "the file"));
	ENSURE(fwrite(bytes.data, 1, bytes.len, stdout) == bytes.len && fflush(stdout) == 0,
		ERR_SYSTEM, "the file could not be written");
	return OK;
}

static enum err print_settings(struct call *c)
{
	settings_print(json_object_get(c->reply, "settings"));
	return OK;
}

/* A text that was not changed with its original says something else now. */
static void print_left_behind(const json_t *list)
{
	const json_t *one;
	size_t i;

	json_array_foreach (list, i, one)
		tell(stdout,
			"%s (%s) stays as it was, although the text that it translates changes\n",
			json_str(one, "setting"), json_str(one, "language"));
}

static enum err ask_change(struct call *c)
{
	json_auto_t *trial = NULL, *reply = NULL;

	if (c->yes)
		return OK;
	trial = json_copy(c->request);
	json_put(trial, "dry_run", json_true());
	TRY(office_call(c->office, json_incref(trial), NULL, &reply));
	settings_print_changes(json_object_get(reply, "changes"));
	print_left_behind(json_object_get(reply, "left_behind"));
	fflush(stdout);
	ENSURE(confirmed("Change the register so, for everyone to see, in an entry of its log?"),
		ERR_INVALID, "nothing was changed");
	return OK;
}

/* The whole filing, and what it would change. */
static enum err show_newest_filing(void *arg, int64_t newest)
{
	struct call *c = arg, filing = {.office = c->office};
	enum err e;

	TRY(office_call(c->office,
		json_make("{s:s,s:I}", "do", "filing", "filing", (json_int_t)newest), NULL,
		&filing.reply));
	e = print_filing(&filing);
	json_decref(filing.reply);
	return e;
}

static enum err name_basis(struct call *c)
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

static enum err call(struct call *c)
{
	TRY(office_open(c->dir, &env_real, &c->office));
	if (!office_op_named(c->operation->op)->read)
		TRY(cli_check_clock(c->office));
	if (c->operation->ask)
		TRY(c->operation->ask(c));
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
	AUTO(call) c = {.argc = argc, .argv = given};

	TRY(parse(argc, argv, &c));
	return call(&c);
}
