#include "base/security.h"
#include "base/locked.h"

#include "base/env.h"
#include "base/journal.h"

#include <inttypes.h>
#include <stdio.h>

#define MINUTE 60

const struct security_kind security_kinds[SECURITY_KINDS] = {
	[SECURITY_SIGNATURE] = {"signature",
		"what was sent in as a department's was not signed by a key of that department, and was refused"},
	[SECURITY_REVOKED_KEY] = {"revoked_key",
		"a key that the office revoked signed what was sent in, which was refused"},
	[SECURITY_RIGHTS] = {"rights",
		"a granted key asked for what is not its department's, or somebody for a file that is not published; both were refused"},
	[SECURITY_LIMITED] = {"limited",
		"questions or checks of records were refused, for they were too many from one network"},
	[SECURITY_FLOOD] = {"flood",
		"questions were refused, for they were too many from all networks together"},
	[SECURITY_CROSS_SITE] = {"cross_site",
		"forms that another site's page sent with its reader's browser were refused"},
	[SECURITY_SANDBOX] = {"sandbox",
		"this kernel has no Landlock: the server's process itself could read the log's key (SECURITY.md)"},
	[SECURITY_PROOF] = {"proof",
		"a witness refused a checkpoint that was not shown to go on from the last one"},
	[SECURITY_SIGN_IN] = {"sign_in",
		"somebody gave a wrong password or code, or tried again before the time was over"},
	[SECURITY_CLOCK] = {"clock",
		"the machine's clock was set by more than an hour while this ran, so that nothing was written or cosigned (docs/operate.md)"},
	[SECURITY_PASSPHRASE] = {"passphrase", "a passphrase did not open the log's key"},
};

static struct counted {
	uint64_t total, untold;
	int64_t told_at; /* seconds; 0: never */
} counted[SECURITY_KINDS];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static int64_t seconds(void)
{
	return monotonic_ms() / 1000 + 1; /* never 0 */
}

static void to_journal(const char *line)
{
	journal("%s", line);
}

static int64_t (*clock_)(void) = seconds;
static void (*say)(const char *line) = to_journal;

void security_test(int64_t (*clock)(void), void (*to)(const char *line))
{
	clock_ = clock ? clock : seconds;
	say = to ? to : to_journal;
}

/* Under the mutex, so that the lines are in the order of their counts. */
static void tell(enum security kind, int64_t now)
{
	struct counted *c = &counted[kind];
	char line[400];

	snprintf(line, sizeof(line), "security: kind=%s count=%" PRIu64 ": %s",
		security_kinds[kind].name, c->untold, security_kinds[kind].about);
	c->untold = 0;
	c->told_at = now;
	say(line);
}

bool security_event(enum security kind)
{
	struct counted *c = &counted[kind];
	int64_t now;
	bool told;

	LOCKED(&mutex);
	now = clock_();
	c->total++;
	c->untold++;
	told = !c->told_at || now - c->told_at >= MINUTE;
	if (told)
		tell(kind, now);
	return told;
}

void security_tell(bool all)
{
	int64_t now;

	LOCKED(&mutex);
	now = clock_();
	for (unsigned kind = 0; kind < SECURITY_KINDS; kind++)
		if (counted[kind].untold && (all || now - counted[kind].told_at >= MINUTE))
			tell(kind, now);
}

uint64_t security_count(enum security kind)
{
	LOCKED(&mutex);
	return counted[kind].total;
}
