#include "cli/cli.h"

#include "base/db.h"
#include "base/file.h"
#include "base/journal.h"
#include "base/languages.h"
#include "base/security.h"
#include "base/user.h"
#include "registry/event/settings.h"
#include "registry/office/office_socket.h"
#include "registry/office/rejudge.h"
#include "registry/people/hashers.h"
#include "registry/people/people.h"
#include "registry/query/search_words.h"
#include "registry/write/confine.h"
#include "registry/write/mend.h"
#include "registry/write/model.h"
#include "registry/write/scrub.h"
#include "web/http/listen.h"
#include "web/server/opening.h"
#include "web/server/web.h"
#include "web/witness/witnesses.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option options[] = {
	{"data", required_argument, NULL, 'd'},
	{"listen", required_argument, NULL, 'l'},
	{"base", required_argument, NULL, 'b'},
	{"cache", required_argument, NULL, 'c'},
	{"threads", required_argument, NULL, 't'},
	{"feedback-limit", required_argument, NULL, 'f'},
	{"feedback-limit-all", required_argument, NULL, 'A'},
	{"trust-proxy", no_argument, NULL, 'p'},
	{"metrics", required_argument, NULL, 'm'},
	{"export", required_argument, NULL, 'e'},
	{"floor", required_argument, NULL, 'F'},
	{"clock-was-ahead", no_argument, NULL, 'a'},
	{"user", required_argument, NULL, 'u'},
	{0},
};

#define EXPORTS 16 /* folders of --export */
/* The most that an option may ask for: a typing error should not ask for more. */
#define MIB_MOST 1048576 /* a TiB */
#define THREADS_MOST 1024
#define QUESTIONS_MOST 1000000 /* an hour */

struct serving {
	const char *dir, *user; /* NULL: as who started it */
	const char *exports[EXPORTS + 1];
	uint64_t floor; /* bytes that the disk keeps free */
	bool ahead;     /* --clock-was-ahead */
	struct web_options web;
};

static enum err add_export(const char *folder, const char **exports)
{
	for (size_t i = 0; i < EXPORTS; i++)
		if (!exports[i]) {
			exports[i] = folder;
			return OK;
		}
	return fail(ERR_INVALID, "--export is given more than %d times", EXPORTS);
}

/* Questions per hour from all networks together. This lets through a city that asks 20 a minute for
 * any time, and 1,200 at once after a quiet hour, as when the news reports on a system; a flood is
 * limited to it. */
#define FOR_ALL 1200

/* MiB that the disk keeps free. The database's write-ahead log may take 16 of them before a
 * checkpoint, and a full batch of the largest records some more. */
#define FLOOR 64

/* Parses the number of an option. An invalid one must not count as zero, which would lift a
 * limit. */
static enum err number(const char *option, const char *text, unsigned long most, unsigned long *out)
{
	char *end;

	errno = 0;
	*out = strtoul(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || *out > most)
		return usage("serve", "--%s takes a number from 0 to %lu, not \"%.40s\"", option,
			most, text);
	return OK;
}

static enum err parse(int argc, char **argv, struct serving *s)
{
	struct web_options *o = &s->web;
	unsigned long n;
	int c;

	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (c) {
		case 'd':
			s->dir = optarg;
			break;
		case 'l':
			o->listen = optarg;
			break;
		case 'b':
			o->base = optarg;
			break;
		case 'c': /* MiB */
			TRY(number("cache", optarg, MIB_MOST, &n));
			o->cache_bytes = n * MIB;
			break;
		case 't':
			TRY(number("threads", optarg, THREADS_MOST, &n));
			o->threads = (unsigned)n;
			break;
		case 'f':
			TRY(number("feedback-limit", optarg, QUESTIONS_MOST, &n));
			o->feedback_limit = (unsigned)n;
			break;
		case 'A':
			TRY(number("feedback-limit-all", optarg, QUESTIONS_MOST, &n));
			o->feedback_limit_all = (unsigned)n;
			break;
		case 'p':
			o->trust_proxy = true;
			break;
		case 'm':
			o->metrics = optarg;
			break;
		case 'e':
			TRY(add_export(optarg, s->exports));
			break;
		case 'F':
			TRY(number("floor", optarg, MIB_MOST, &n));
			s->floor = n * MIB;
			break;
		case 'a':
			s->ahead = true;
			break;
		case 'u':
			s->user = optarg;
			break;
		default:
			return wrong_option("serve", argv);
		}
	}
	if (!s->dir || optind != argc)
		return usage("serve", "--data DIR is required, and serve takes only options");
	TRY(check_base("serve", o->base));
	s->web.exports = s->exports;
	if (!o->feedback_limit && o->feedback_limit_all == FOR_ALL)
		o->feedback_limit_all = 0; /* without the one limit the other is off too */
	return OK;
}

enum err cli_time_zone(struct reg *reg)
{
	const struct snapshot *snap;
	enum err e;

	TRY(reg_read(reg, &snap));
	e = settings_use_zone(snap->model);
	reg_read_done(reg, snap);
	return e;
}

static void wait_for_end(const sigset_t *signals)
{
	int got;

	sigwait(signals, &got);
	journal("stopping");
}

static void say_fault(void *arg, const char *why)
{
	journal("the scrub, which reads the stored log again and again, found a fault: %s. The server "
		"goes on, and changes nothing of it. Run gaya verify on the folder; if it finds the "
		"same, restore a backup (docs/operate.md)",
		why);
}

static void say_trouble(const char *why)
{
	journal("records could not be judged by the changed policies: %s. The published levels stay as they "
		"are, and it is tried again",
		why);
}

static enum err serve(
	struct reg *reg, int office_fd, const struct web_options *o, const sigset_t *signals)
{
	const struct scrub_options scrubbing = {.fault = say_fault};
	struct office_server *office = NULL;
	struct rejudge *rejudge = NULL;
	struct mender *mender = NULL;
	struct scrub *scrub = NULL;
	struct web *web = NULL;
	enum err e;

	e = cli_time_zone(reg);
	if (e == ERR_INVALID) /* a register of an earlier version of this program */
		return fail(e,
			"the register's time zone: %s. Change it with gaya office --data DIR "
			"register-change --timezone Asia/Seoul",
			err_why());
	TRY(e);
	/* The office's socket first: whoever sees the port answer may send the office's commands.
	 */
	TRY(office_serve(reg, office_fd, &office));
	e = web_start(reg, o, &web);
	if (e == OK)
		e = scrub_start(reg, &scrubbing, &scrub);
	if (e == OK)
		e = rejudge_start(reg, say_trouble, &rejudge);
	if (e == OK)
		e = mender_start(reg, &mender);
	if (e == OK) {
		emit(stdout, "gaya: serving at http://%.*s:%u\n",
			(int)(strrchr(o->listen, ':') - o->listen), o->listen, web_port(web));
		if (o->metrics)
			emit(stdout, "gaya: metrics at http://%.*s:%u/metrics\n",
				(int)(strrchr(o->metrics, ':') - o->metrics), o->metrics,
				web_metrics_port(web));
		tell(stdout, "      the register can be read at that address; Ctrl+C ends it\n");
		fflush(stdout);
		err_speak(LANGUAGE_OF_C); /* the log is in English */
		wait_for_end(signals);
	}
	mender_stop(mender);
	rejudge_stop(rejudge);
	scrub_stop(scrub);
	office_server_stop(office);
	web_stop(web);
	return e;
}

/* Other machines can reach it, and nothing on the way protects the data from being read or
 * changed. */
static void warn_of_plain_http(const char *listen)
{
	struct addrinfo *at = NULL;
	bool own = false;

	if (listen_address(listen, &at) != OK)
		return; /* reported when the server starts */
	if (at->ai_family == AF_INET)
		own = ntohl(((struct sockaddr_in *)(void *)at->ai_addr)->sin_addr.s_addr) >> 24 ==
		      127;
	else if (at->ai_family == AF_INET6)
		own = IN6_IS_ADDR_LOOPBACK(
			&((struct sockaddr_in6 *)(void *)at->ai_addr)->sin6_addr);
	freeaddrinfo(at);
	if (!own)
		journal("warning: other machines reach %s, by http without TLS: listen on 127.0.0.1, with a proxy in "
			"front (docs/operate.md)",
			listen);
}

/* A register of an earlier version lacks the file. If the folder holds no register, opening it
 * reports that. */
static enum err make_people(const char *dir)
{
	enum err e = people_create(dir);

	return e == ERR_NOT_FOUND || e == ERR_CONFLICT ? OK : e;
}

static enum err open_people(
	struct reg *reg, const char *dir, struct hashers *hashers, struct people **out)
{
	const struct snapshot *snap;
	enum err e;

	TRY(reg_read(reg, &snap));
	e = cli_people(dir, snap, hashers, out);
	reg_read_done(reg, snap);
	return e;
}

/* The city's synonyms for searches, if it has any. */
static enum err read_synonyms(const char *dir)
{
	AUTOFREE char *path = file_in(dir, "search.json");
	json_auto_t *words = NULL;
	AUTO(buf) text = BUF(MIB);
	enum err e = file_read(path, &text);

	if (e == ERR_NOT_FOUND)
		return OK;
	if (e == OK)
		e = json_read(buf_text(&text), text.len, MIB, RULES_STRICT, &words);
	if (e == OK)
		e = search_words_add(words);
	return e == OK ? OK : fail(e, "%s: %s", path, err_why());
}

/* Makes the read model if there is none that can be used; people who come meanwhile are told. Its
 * threads have ended when it returns: only then may processes and the sandbox begin. */
static enum err settle(const char *dir, const char *listen)
{
	AUTOFREE char *database = file_in(dir, REG_DATABASE), *mirror = file_in(dir, REG_MIRROR);
	struct opening *opening;
	enum err e;

	/* Opening the register reports what is wrong with such a folder. */
	if (!file_exists(database) || file_exists(mirror))
		return OK;
	TRY(opening_start(listen, model_progress, &opening));
	e = reg_settle(dir, &env_real);
	opening_end(opening);
	return e;
}

/* They end with the command, also where the register does not open. */
static void end_hashers(struct hashers **h)
{
	hashers_end(*h);
}

/* Becomes the user, and does what must be done before threads, processes and the sandbox. */
static enum err prepare(const struct serving *s, sigset_t *signals)
{
	TRY(user_check_owner(s->dir, s->user));
	if (!s->user)
		TRY(user_check_writable(s->dir, REG_DATABASE));
	TRY(user_become(s->user));
	cli_speak_to_log();
	/* Until it serves, somebody at the terminal waits to see whether it starts. */
	err_speak(cli_lang());
	/* Blocked before any thread starts, so that only sigwait() receives them. */
	sigemptyset(signals);
	sigaddset(signals, SIGTERM);
	sigaddset(signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, signals, NULL);
	warn_of_plain_http(s->web.listen);
	TRY(make_people(s->dir));
	TRY(read_synonyms(s->dir));
	return settle(s->dir, s->web.listen);
}

static enum err enter_sandbox(const struct serving *s, struct confined *confined)
{
	struct confine confine = {.program = CLI_PROGRAM, .dir = s->dir, .folders = s->exports};

	confine.listens.port[confine.listens.n++] = listen_port(s->web.listen);
	if (s->web.metrics)
		confine.listens.port[confine.listens.n++] = listen_port(s->web.metrics);
	TRY(confine_server(&confine, confined));
	if (confined->held)
		cli_tell_sandbox(SANDBOX_FILES | SANDBOX_TCP | SANDBOX_SIGNALS | SANDBOX_CALLS,
			confined->holds);
	if (confined->held && !(confined->holds & SANDBOX_FILES))
		security_event(SECURITY_SANDBOX);
	return OK;
}

static enum err run(struct serving *s, struct hashers *hashers, struct confined *confined,
	const sigset_t *signals)
{
	struct people *people = NULL;
	struct reg *reg;
	enum err e;

	/* Before anything can be signed: is this the newest copy of the register? */
	TRY(witnesses_compare(s->dir));
	reg_readers(0);
	db_maps(0);
	TRY(reg_open(s->dir, &env_real, &reg));
	reg_set_floor(reg, s->floor);
	e = s->ahead ? OK : cli_check_clock_of(reg);
	if (e == OK)
		e = open_people(reg, s->dir, hashers, &people);
	if (e == OK) {
		s->web.people = people;
		e = serve(reg, confined->office, &s->web, signals);
		confined->office = -1; /* ownership passed on */
	}
	people_close(people);
	reg_close(reg);
	return e;
}

enum err cli_serve(int argc, char **argv)
{
	struct serving s = {.floor = FLOOR * MIB,
		.web = {.listen = "127.0.0.1:8080",
			.feedback_limit = 60,
			.feedback_limit_all = FOR_ALL}};
	__attribute__((cleanup(end_hashers))) struct hashers *hashers = NULL;
	AUTO(confined) confined = {.office = -1};
	AUTOFREE char *folder = NULL;
	sigset_t signals;

	TRY(parse(argc, argv, &s));
	/* Absolute, because whoever types a command that a page shows is in another folder. NULL if
	 * the folder is missing, which opening it reports. */
	s.web.folder = folder = realpath(s.dir, NULL);
	TRY(prepare(&s, &signals));
	TRY(hashers_start(CLI_PROGRAM, HASHERS_MS, &hashers));
	TRY(enter_sandbox(&s, &confined));
	return run(&s, hashers, &confined, &signals);
}
