/* writer.h - the inside of an open register, for the files of this room and for mirrors. */
#pragma once
#include "registry/policy/judgement.h"
#include "registry/write/register.h"
#include "registry/write/snapshot.h"

#include <pthread.h>

/* Connections for reading: more than the pages that only read take at once. Requests that write
 * take one, too, and there may be many more of these (web/server/workers.c): they wait for a free
 * one. */
#define REG_READERS 10
#define QUEUE_MAX 4096 /* waiting jobs; beyond that a client must retry later */
#define BATCH_MAX 512  /* jobs in one transaction */

struct standards { /* every standard loaded since the start, because readers may still use one */
	struct standard *standard;
	struct standards *older;
};

struct key_list { /* the log's keys since the start, kept like `standards` */
	struct log_keys keys;
	struct key_list *older;
};

/* Changes that the public was not told of yet. Committed changes wait here until they are signed,
 * because only then do pages show them. */
struct touched {
	unsigned touches; /* enum touches, or-ed; may include those of an undone transaction */
	char **systems;   /* the slugs of TOUCHES_SYSTEMS; owned */
	size_t n, room;
	size_t committed; /* number of committed ones; others go with their transaction */
};

#define LOG_LONG (32 * MIB) /* size of the write-ahead log from which readers are waited for */

/* The faults in the read model that pages reported (reg_suspect()). */
#define PLACES 64
struct suspicion {
	const char *believed[PLACES]; /* the places for which a new one was made, or will be */
	size_t n;
	bool waits;    /* the mender has not looked yet */
	bool is_heard; /* there is a mender */
	int64_t next;  /* none is believed before this, in monotonic milliseconds */
	char why[ERR_WHY_MAX];
};

struct reg {
	char *dir;
	struct env env;
	int64_t clock_gap; /* between env's two clocks when it was opened */
	int lock;
	struct db *db; /* the writer's connection */
	struct state state;
	struct log log;
	struct signer *signer;       /* NULL in a replica */
	char *original;              /* of a replica: the address of its original */
	struct vkey vkey;            /* of a replica: the log's key as known at the start */
	struct snapshots *snapshots; /* NULL in a replica until it has a whole checkpoint */
	struct touched touched;      /* used by the writer's thread only */
	int64_t drain_from; /* log size from which readers are waited for; writer's thread only */
	struct policies policies; /* in force in the open transaction; writer's thread only */
	struct {
		pthread_mutex_t mutex;    /* guards the members below */
		struct policies policies; /* for readers */
		struct judge *judge;      /* NULL until one is needed */
	} judging;
	struct {
		pthread_mutex_t mutex; /* guards the judge */
		struct judge *judge;   /* reg_judge()'s; NULL until one is needed */
	} shown;
	struct standards *standards; /* newest first; guarded by `mutex` */
	struct key_list *keys;       /* the same */

	pthread_t thread;
	bool started;
	pthread_mutex_t mutex; /* guards the queue and the members below */
	pthread_cond_t work;
	struct job *first, **last;
	size_t queued;
	bool closing;
	struct swap *swap; /* requested; NULL: none */
	bool rebuilds;     /* one at a time */
	bool ends;         /* see reg_end_rebuild() */
	pthread_cond_t swapped;
	char halted[400]; /* the reason; "": it is not halted */
	struct reg_health health;
	struct suspicion suspicion;

	void (*changed)(void *arg, const struct changes *);
	void *changed_arg;
};

/* A read model that was built beside the current one, which the writer replaces with it between two
 * batches. */
struct swap {
	char *built; /* its path */
	bool done;
	enum err err;
	char why[ERR_WHY_MAX];
};

struct tx { /* passed to jobs; tx.c */
	struct reg *reg;
	struct judging *judging; /* of the running job */
	json_t *problems;        /* receives the problems of a refused record; may be NULL */
	char at[TIME_TEXT];      /* the time used for judging; "" if nothing was judged */
};

/* judging.c: judgements requested by one job, made outside its transaction, between its runs. */
struct judging {
	struct verdict *all;
	size_t n;
	bool waits;  /* the last run asked for a judgement that is not ready */
	bool within; /* no more rounds: judge in the transaction */
	unsigned rounds;
};
void judging_done(struct judging *j);
/* `*out` is the judgement by the set of policies `key`, if it is ready. If not, ERR_CONFLICT: undo
 * the job, call judging_run() on a thread that may wait, and run the job again. */
MUST_CHECK enum err judging_ask(struct judging *j, const char *key, const json_t *record,
	const struct judge_with *with, json_t **out);
MUST_CHECK enum err judging_run(struct reg *reg, struct judging *j);

/* Moves readers to the committed and signed state. Needs the gate; in the writer's thread. */
void writer_show(struct reg *reg);
/* Signs the committed entries that are not signed yet, and stores the checkpoint. ERR_CORRUPT, with
 * advice, if the log is not the one that was signed. */
MUST_CHECK enum err writer_sign(struct reg *reg);
/* ERR_CORRUPT if the signer lacks a key that signs this log according to its entries. */
MUST_CHECK enum err writer_check_keys(struct reg *reg);
/* queue.c: ERR_BUSY once the register is halted. */
MUST_CHECK enum err writer_may_go_on(struct reg *reg);
/* The time for an entry; ERR_BUSY after a jump of the clock. */
MUST_CHECK enum err writer_now(struct reg *reg, int64_t *now);
/* Loads the newest adopted standard if it is not the one in force. */
MUST_CHECK enum err writer_load_standard(struct reg *reg);
/* Loads the keys that sign the log according to its entries, if they are not loaded. */
MUST_CHECK enum err writer_load_keys(struct reg *reg);
/* Runs a chain of jobs in one transaction and sets every outcome; calls no done(). */
void writer_batch(struct reg *reg, struct job *jobs);
/* tx.c: keeps only the first `n` systems, and sets the touched kinds to `touches`. */
void touched_cut(struct touched *t, size_t n, unsigned touches);
void touched_done(struct touched *t);
/* Counts a commit and passes the changes to the reg_on_change() function. */
void writer_tell(struct reg *reg, const struct changes *changes);
/* Lets the writer's thread take a read model that was built, and waits until it has. */
MUST_CHECK enum err writer_swap(struct reg *reg, struct swap *swap);
void *writer_thread(void *reg);
/* Opens the readers' connections, as many as reg_readers() set. */
MUST_CHECK enum err reg_open_snapshots(struct reg *reg);
