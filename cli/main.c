#include "base/crypto.h"
#include "base/db.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/settings.h"
#include "registry/write/register.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
const struct command commands[] = {
	{"init",    cli_init,    "--data DIR --origin NAME [--demo] " SETTINGS_USAGE " [--standard FILE]", "make a register"},
	{"serve",   cli_serve,   "--data DIR [--listen ADDR:PORT] [--base URL] [--metrics ADDR:PORT] [--trust-proxy] [--feedback-limit N] [--feedback-limit-all N] [--cache MIB] [--threads N] [--floor MIB] [--clock-was-ahead] [--export FOLDER] … [--user NAME]", "answer over HTTP until stopped"},
	{"office",  cli_office,  "--data DIR OPERATION …",                                    "what the AI office does: approve, return, suspend, answer …", cli_office_help},
	{"account", cli_account, "add --data DIR --login NAME --name NAME --email ADDRESS [--lang LANG] [--password-file FILE] [--role ROLE --department DEPARTMENT] [--clock-is-right] | list | invite --login NAME [--reset-codes] | (disable | enable | end-sessions | remove) --login NAME | log; --data DIR [--json]", "who may sign in at the office in the browser", cli_account_help},
	{"key",     cli_key,     "new --origin NAME --department SLUG --out FILE | show FILE | passphrase FILE | contact --data DIR [--lost] | rotate --data DIR (begin | finish [--early] | cancel | status [--json]) [--clock-is-right]", "make a department's signing key; change the log's own", cli_key_help},
	{"file",    cli_file,    "--server URL --key FILE --system SLUG RECORD.json [--attach FILE.pdf …] [--yes] [--save FILE] [--json]", "sign a record and send it in"},
	{"answer",  cli_answer,  "--server URL --key FILE FEEDBACK-ID ko=… en=… [--yes] [--json]",    "sign the answer to a question"},
	{"import",  cli_import,  "--data DIR --profile NAME [--encoding NAME] [--separator NAME] [--partial] [--dry-run] [--clock-is-right] [--retire 0] [--yes [--retire N] [--change N] [--blank N]] [--json] FILE | --template --data DIR --profile NAME", "take over another register's records"},
	{"standard", cli_standard, "show [--schema] [--json] | check RECORD.json [--against EARLIER.json] [--json] | adopt FILE --data DIR --version IN_FORCE [--clock-is-right]; [--standard FILE | --data DIR] [--lang LANG]", "what a record must say, whether one says it, and adopting another standard"},
	{"report",  cli_report,  "--server URL --key FILE --system SLUG [--yes] [--json] FIGURES.csv | --dry-run [--json] FIGURES.csv", "sign figures of a system, from a table or JSON, and send them in"},
	{"incident", cli_incident, "report --system SLUG --since DAY --aware DAY --severity SEVERITY --what ko=… --affected ko=… [--done ko=…] [--public-on DAY --ground GROUND] | (update | close) ENTRY --system SLUG --text ko=… [--told-on DAY] [--severity SEVERITY]; --server URL --key FILE [--yes] [--json] | --dry-run [--json]", "sign what happened with a system, what came of it, or its end, and send it in"},
	{"declare", cli_declare, "--server URL --key FILE ko=… en=… [--yes] [--json]",        "sign and send in that a department uses no AI, for a year"},
	{"policy",  cli_policy,  "list [--data DIR] | show POLICY [FILE] | check POLICY RECORD.json … | cases [POLICY …] | adopt --data DIR POLICY [--version IN_FORCE] | retire --data DIR POLICY --version IN_FORCE --reason ko=… [--clock-is-right] [--lang LANG] [--json]", "what derives a record's level: read it, try it, adopt it"},
	{"verify",  cli_verify,  "(URL | DIR) [--key VKEY] [--state FILE [--since]] [--log] [--policy FILE] [--json] | --proof FILE --key VKEY|@FILE [--policy FILE] [--entry FILE] [--content FILE] [--json]", "check a whole register, or one proof or receipt offline"},
	{"export",  cli_export,  "--data DIR --profile NAME [--format csv|json|jsonl] [--lang LANG] [--as-of DAY] [--base URL] [--out FILE] [--report FILE | --json]", "write the whole register in another format"},
	{"mirror",  cli_mirror,  "URL --data DIR [--key VKEY|@FILE] [--listen ADDR:PORT] [--base URL] [--every SECONDS] [--stale SECONDS] [--policy FILE] [--once] [--json] [--webhook URL] [--user NAME]", "follow a register, verify it, and serve a copy that only reads"},
	{"mail",    cli_mail,    "--data DIR [--settings FILE] --base URL (--smtp URL --from ADDRESS [--login NAME --password-file FILE] [--ca FILE] | --dry-run)", "one letter a person with what waits for them, at most once a day; for a timer"},
	{"backup",  cli_backup,  "--data DIR --out FOLDER [--keys] [--json]",                 "copy a register, also while it is served"},
	{"restore", cli_restore, "--from FOLDER --data DIR [--log-key FILE] [--mirror URL … [--fetch]] [--witness] [--seen FILE …] [--last-resort] [--reason ko=… --reason en=…] [--json]", "make a register again from a backup, and from what others saw of it"},
	{"rebuild", cli_rebuild, "--data DIR [--ahead]",                                                "fold the read model again from the log"},
	{"witness", cli_witness, "--config FILE [--user NAME] | new --name NAME --out FILE",          "cosign other logs, so that they cannot have two histories"},
	{"signer",  cli_signer,  "KEY MARK LEAST",                                             "hold the log key; started by the commands that write"},
	{"judge",   cli_judge,   "",                                                          "run policies on records; started by the commands that judge"},
	{"hash",    cli_hash,    "",                                                          "hash the passwords of those who sign in; started by gaya serve"},
	{"show",    cli_show,    "(routes | sql | events | access | commands | errors)",                "print the program's own tables"},
};
/* clang-format on */
const size_t commands_n = COUNT(commands);

/* gaya serve and gaya mirror need more */
#define COMMAND_READERS 2
#define COMMAND_MAPS (16 * MIB)

static enum err print_usage(FILE *to)
{
	tell(to, "gaya - a public register of a city's AI systems\n\n");
	for (size_t i = 0; i < commands_n; i++) {
		AUTOFREE char *text = usage_text(commands[i].usage);

		emit(to, "  gaya %-8s %s\n                %s\n", commands[i].name, text,
			T(commands[i].about));
	}
	tell(to, "\nExit status: 0 done and true, 1 checked and found false, 2 wrong usage or "
		 "bad input, 3 and up by kind of error (gaya show errors).\n");
	return OK;
}

/* --help anywhere after a command prints its help and changes nothing. */
static bool asks_for_help(int argc, char **argv)
{
	for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

static enum err print_help(const struct command *command)
{
	AUTOFREE char *text = usage_text(command->usage);

	emit(stdout, "gaya %s %s\n\n  %s\n", command->name, text, T(command->about));
	if (command->help)
		command->help(stdout);
	return OK;
}

static enum err run(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "help";

	for (int i = 1; i < argc; i++)
		ENSURE(text_is_utf8(argv[i], strlen(argv[i])), ERR_INVALID,
			"argument %d is not UTF-8: \"%s\"", i, argv[i]);
	if (strcmp(name, "help") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return print_usage(stdout);
	if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
		emit(stdout, "gaya %s\n", program_version);
		return OK;
	}
	for (size_t i = 0; i < commands_n; i++)
		if (strcmp(commands[i].name, name) == 0)
			return asks_for_help(argc, argv) ? print_help(&commands[i])
			                                 : commands[i].run(argc - 1, argv + 1);
	(void)print_usage(stderr);
	return fail(ERR_INVALID, "there is no command \"%s\"", name);
}

/* The sentence may quote a server or a file, so it is escaped for the terminal. */
static void say_error(void)
{
	AUTOFREE char *why = text_shown(err_why(), true);

	emit(stderr, "gaya: %s\n", why);
}

/* A full disk must not pass for success. A reader who closed the pipe, as `head` does, wants no
 * more. */
static enum err written(void)
{
	struct pollfd out = {.fd = STDOUT_FILENO};

	if (fflush(stdout) == 0 && !ferror(stdout))
		return OK;
	if (poll(&out, 1, 0) == 1 && (out.revents & POLLERR))
		return OK;
	return fail(ERR_SYSTEM,
		"the work is done, but the output could not be written completely: is the disk full?");
}

int main(int argc, char **argv)
{
	enum err e;

	mem_share_heaps();
	signal(SIGPIPE, SIG_IGN);
	opterr = 0;
	cli_speak();
	crypto_init();
	reg_signer_program(CLI_PROGRAM);
	reg_readers(COMMAND_READERS);
	db_maps(COMMAND_MAPS);
	e = run(argc, argv);
	if (e == OK)
		e = written();
	if (e != OK && e != ERR_FALSE) /* the check has printed what is false as its result */
		say_error();
	return err_kind(e)->exit;
}
