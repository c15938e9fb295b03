/* cli.h - the commands of `gaya`, one file each; main.c has their table. */
#pragma once
#include "base/buf.h"
#include "base/json.h"

#include <getopt.h>
#include <stdio.h>

/* The commit that the program was built from, and its day: "2026-11-28 1468d66" (Makefile). */
extern const char program_version[];

/* A command gets its arguments (its own name first) and returns an error or OK. Its result goes to
 * standard output; everything else goes to standard error. */
struct command {
	const char *name;
	enum err (*run)(int argc, char **argv);
	const char *usage;      /* after the name */
	const char *about;      /* one line */
	void (*help)(FILE *to); /* additional text for --help; NULL for none */
};
extern const struct command commands[];
extern const size_t commands_n;

enum err cli_init(int argc, char **argv);
enum err cli_serve(int argc, char **argv);
enum err cli_office(int argc, char **argv);
void cli_office_help(FILE *to);
void cli_key_help(FILE *to);
enum err cli_file(int argc, char **argv);
enum err cli_answer(int argc, char **argv);
enum err cli_declare(int argc, char **argv);
enum err cli_report(int argc, char **argv);
enum err cli_incident(int argc, char **argv);
enum err cli_key(int argc, char **argv);
enum err cli_import(int argc, char **argv);
enum err cli_export(int argc, char **argv);
enum err cli_verify(int argc, char **argv);
enum err cli_rebuild(int argc, char **argv);
enum err cli_backup(int argc, char **argv);
enum err cli_restore(int argc, char **argv);
enum err cli_witness(int argc, char **argv);
enum err cli_signer(int argc, char **argv);
enum err cli_policy(int argc, char **argv);
enum err cli_judge(int argc, char **argv);
enum err cli_hash(int argc, char **argv);
enum err cli_show(int argc, char **argv);
enum err cli_standard(int argc, char **argv);
enum err cli_mirror(int argc, char **argv);
enum err cli_mail(int argc, char **argv);
enum err cli_account(int argc, char **argv);
void cli_account_help(FILE *to);

/* The path for starting child processes: the running program itself, wherever it is installed. */
#define CLI_PROGRAM "/proc/self/exe"

/* A sentence or word in the user's language: speech.c, ko.json. */
#define T(text) err_text(text)
/* Prints a sentence with its values, as fprintf() does. */
void tell(FILE *to, const char *fmt, ...) PRINTF(2, 3);
/* The same for output without a language: names, numbers, quoted texts. All output goes through
 * these two functions, which escape characters that act on a terminal or disguise text
 * (text_shown()). */
void emit(FILE *to, const char *fmt, ...) PRINTF(2, 3);
/* A line with the key on standard output. */
struct vkey;
void print_vkey(const struct vkey *key);
/* A usage line with its placeholders in that language; the caller frees. */
char *usage_text(const char *usage);
/* Sets the user's language; call it before any output. */
void cli_speak(void);
/* Call it in a server before it starts threads: its journal is English, and clients get their own
 * language. */
void cli_speak_to_log(void);

/* An option of a command, and where its value goes. A list of them ends with {0}. */
struct cli_option {
	const char *name;
	const char **text; /* borrows the value */
	bool *flag;        /* set; such an option takes no value */
	json_t **texts;    /* add_text() */
	enum err (*take)(const char *value, void *to);
	void *to;
};
/* Reads the options of argv; `optind` is then the first argument behind them. A wrong one is
 * reported with the command's usage. */
MUST_CHECK enum err cli_options(
	int argc, char **argv, const char *command, const struct cli_option *list);
/* The sentence for the option at which getopt_long() returned '?'. */
enum err option_refused(char **argv);
enum err wrong_option(const char *command, char **argv); /* with the command's usage */
/* `take` of an option with a verifier key or "@FILE", whose first line is it, for a char * that the
 * caller frees. */
MUST_CHECK enum err take_key(const char *argument, void *to);
/* ERR_INVALID if this program does not speak the language that --lang names. */
MUST_CHECK enum err check_lang(const char *command, const char *lang);
/* ERR_INVALID unless `base` (NULL: not given) is http:// or https://, a host, and perhaps a path:
 * every link of the pages begins with it. */
MUST_CHECK enum err check_base(const char *command, const char *base);
/* Wrong usage: prints the command's usage line with the reason; ERR_INVALID. */
enum err usage(const char *command, const char *fmt, ...) PRINTF(2, 3);
/* An option's or argument's text per language: "ko=…" "en=…" given several times, or @FILE with
 * JSON. Merges into `*texts`. ERR_INVALID for a text without its language. */
MUST_CHECK enum err add_text(const char *argument, json_t **texts);
/* standard.c: the built-in text of the standard. */
const char *standard_built_in(size_t *len);
/* Prints a text per language to standard error, each under `what` and its language. */
void show_texts(const char *what, const json_t *texts);
/* Names on standard error what looks like personal data in an answer to a citizen, as the page does
 * on which officers answer. */
void point_at_personal(const json_t *answer);
/* The language of base/languages.h that LC_ALL, LC_MESSAGES or LANG selects, else English. */
const char *cli_lang(void);
/* Prints a line for the operator at the start: which of the restrictions `asked` (enum
 * sandbox_holds) this kernel and build enforce, and which they do not. */
void cli_tell_sandbox(unsigned asked, unsigned holds);
/* Uses the zone of the register's city for days and times. Has the errors of zone_use(), after
 * which they are in UTC. */
struct reg;
MUST_CHECK enum err cli_time_zone(struct reg *reg);
/* account.c: opens the register's people.db. Passwords may not consist of names in its settings. */
struct people;
struct snapshot;
struct hashers;
MUST_CHECK enum err cli_people(
	const char *dir, const struct snapshot *snap, struct hashers *hashers, struct people **out);
/* "2026-11-22T12:00:00Z" as "2026-11-22 12:00:00 UTC"; the caller frees. */
char *time_shown(const char *at);
/* Prints a value as JSON on standard output. */
void print_json(const json_t *value);
void print_json_text(const char *json); /* a part of it */
/* Compares the clock with the log's newest time before a command writes. ERR_CONFLICT if that is
 * ahead, or if the clock is far ahead of it and nobody confirms the clock: at the terminal, or, in
 * a script, by the option --clock-is-right. */
struct office;
MUST_CHECK enum err cli_check_clock(struct office *office);
extern bool cli_clock_is_right;
/* The same at the start of a server, which can ask nobody: writes a line to the journal if the
 * clock is far ahead. */
MUST_CHECK enum err cli_check_clock_of(struct reg *reg);
/* Asks a yes-or-no question. Without a terminal it says what to do and returns false. */
bool confirmed(const char *question);
