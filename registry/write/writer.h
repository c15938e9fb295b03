/* writer.h - the inside of an open register, shared by register.c, queue.c, writer.c, tx.c
 * and mirror*.c alone. */
#pragma once
#include "registry/policy/judgement.h"
#include "registry/write/register.h"
#include "registry/write/snapshot.h"

#include <pthread.h>

#define REG_READERS \
	10 /* connections: more than the server reads at once for pages (web/server/workers.c) */
#define QUEUE_MAX 4096 /* jobs waiting; beyond that a client is told to come back */
#define BATCH_MAX 512  /* jobs in one transaction */

struct standards { /* every standard loaded since the start: readers may still hold one */
	struct standard *standard;
	struct standards *older;
};

struct key_list { /* the log's keys as they were since the start, as `standards` */
	struct log_keys keys;
	struct key_list *older;
};

/* What changed since the public was last told. What is committed and not signed yet waits here
 * until it is: only then pages show it. */
struct touched {
	unsigned touches; /* enum touches, or-ed: too much, where a transaction was undone */
	char **systems;   /* of TOUCHES_SYSTEMS, their slugs; owned */
	size_t n, room;
	size_t committed; /* the first of them; the rest goes when its transaction does */
};

struct reg {
	char *dir;
	struct env env;
	int64_t clock_gap; /* between env's two clocks when it was opened */
	int lock;
	struct db *db; /* the writer's connection */
	struct state state;
	struct log log;
	struct signer *signer; /* NULL in a replica */
	char *original;        /* of a replica: where its log is written */
	struct vkey vkey;      /* of a replica: that log's, as far as was known at the start */
	struct snapshots *snapshots; /* NULL in a replica until it has a whole checkpoint */
	struct touched touched;      /* the writer's thread alone */
	struct policies
		policies; /* in force, as of the open transaction; the writer's thread alone */
	struct {
		pthread_mutex_t mutex;    /* guards the rest */
		struct policies policies; /* as readers have them */
		struct judge *judge;      /* NULL until one is needed */
	} judging;
	struct standards *standards; /* newest first; guarded by `mutex` */
	struct key_list *keys;       /* the same */

	pthread_t thread;
	bool started;
	pthread_mutex_t mutex; /* guards the queue and what follows */
	pthread_cond_t work;
	struct job *first, **last;
	size_t queued;
	bool closing;
	char halted[400]; /* why; "": it is not */
	struct reg_health health;

	void (*changed)(void *arg, const struct changes *);
	void *changed_arg;
};

struct tx { /* handed to jobs; tx.c */
	struct reg *reg;
	struct judging *judging; /* of the running job */
	json_t *problems;        /* where it wants those of a refused record, or NULL */
	char at[TIME_TEXT];      /* that it had something judged by; "": it had not */
};

/* judging.c: what one job had judged, outside of its transaction, between its runs. */
struct judging {
	struct verdict *all;
	size_t n;
	bool waits;  /* the last run asked for what is not there yet */
	bool within; /* no more rounds: what is asked for is judged in the transaction */
	unsigned rounds;
};
void judging_done(struct judging *j);
/* `*out`: what the set of policies `key` says, if it was asked before. Else ERR_CONFLICT: the job
 * is to be undone, judging_run() called by a thread that may wait, and the job run again. */
MUST_CHECK enum err judging_ask(struct judging *j, const char *key, const json_t *record,
	const struct judge_with *with, json_t **out);
MUST_CHECK enum err judging_run(struct reg *reg, struct judging *j);

/* Signs what is committed and not yet signed, and stores the checkpoint. ERR_CORRUPT with
 * what to do when the log is not the one that was signed. */
MUST_CHECK enum err writer_sign(struct reg *reg);
/* ERR_CORRUPT where the signer lacks a key that signs this log by its own entries. */
MUST_CHECK enum err writer_check_keys(struct reg *reg);
/* queue.c: ERR_BUSY once the register is halted. */
MUST_CHECK enum err writer_may_go_on(struct reg *reg);
/* The time, for an entry: ERR_BUSY after a jump of the clock. */
MUST_CHECK enum err writer_now(struct reg *reg, int64_t *now);
/* Loads the newest adopted standard, if it is another than the one in force. */
MUST_CHECK enum err writer_load_standard(struct reg *reg);
/* Loads the keys that sign by the log, if they are others than those in force. */
MUST_CHECK enum err writer_load_keys(struct reg *reg);
/* One transaction: runs a chain of jobs and settles every outcome; calls no done(). */
void writer_batch(struct reg *reg, struct job *jobs);
/* tx.c: forgets all but the first `n` systems, and what is touched but `touches`. */
void touched_cut(struct touched *t, size_t n, unsigned touches);
void touched_done(struct touched *t);
/* Counts a commit and tells who asked to know (reg_on_change) what changed. */
void writer_tell(struct reg *reg, const struct changes *changes);
void *writer_thread(void *reg);
