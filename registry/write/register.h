/* register.h - an open register: one folder, one log, one read model, one writer.
 *
 * The order of a write (design: "The order of a write") is in writer.c and nowhere else. Changes
 * are made by jobs; many jobs share one transaction, one checkpoint and one disk sync. Readers
 * borrow snapshots that show only checkpointed state. */
#pragma once
#include "audit/log.h"
#include "audit/signer.h"
#include "base/db.h"
#include "base/env.h"
#include "registry/event/state.h"
#include "registry/write/folder.h"

struct reg;
struct policies;

struct reg_opening {
	const char *dir;
	const char *origin;   /* the log's identity: a scheme-less URL */
	const json_t *about;  /* its first settings (settings.h) */
	const char *standard; /* the standard's JSON text */
	size_t standard_len;
	const struct env *env;
};
/* Makes a register: folder, keys, database, and the first entries, signed. ERR_CONFLICT if there is
 * one; ERR_INVALID, with nothing made, for an invalid origin or settings. */
MUST_CHECK enum err reg_create(const struct reg_opening *opening);
/* Opens it as its only writer, repairs the state after a crash and starts the writer's thread.
 * ERR_BUSY if another process has it open; ERR_CORRUPT, with advice, if the database is not the one
 * that was signed. */
MUST_CHECK enum err reg_open(const char *dir, const struct env *env, struct reg **out);
void reg_close(struct reg *reg);
/* Writes the files beside the database that opening may need, and signs nothing. A server calls it
 * first, because it cannot create files there once it is confined. */
MUST_CHECK enum err reg_settle(const char *dir, const struct env *env);

/* Sets the program that registers opened from now on start as their signer (signer.h) and to judge
 * records (judgement.h). */
void reg_signer_program(const char *program);
const char *reg_program(void); /* NULL: everything runs in this process */
/* Sets the number of simultaneous readers for registers opened from now on. A command, which is the
 * only reader, starts sooner with few connections. 0: as many as a server's pages need. */
void reg_readers(size_t n);
/* Opens a mirror's folder for reading and serving. It holds the log of `key`, which is written at
 * the address `original`; it has no signer and takes no jobs. Only mirror.h changes it. */
MUST_CHECK enum err reg_open_replica(const char *dir, const char *original, const struct vkey *key,
	const struct env *env, struct reg **out);
/* The address of the register that this one mirrors; NULL if it is the original. */
const char *reg_original(const struct reg *reg);
const char *reg_dir(const struct reg *reg);
/* Opens a file without a name in the folder that a confined server may write to (REG_TMP). */
MUST_CHECK enum err reg_nameless(const struct reg *reg, int *fd);
const struct env *reg_env(const struct reg *reg);
/* The keys that sign the log, the oldest first, and the newest of them, which pages show. Valid
 * until reg_close(). */
const struct log_keys *reg_keys(struct reg *reg);
const struct vkey *reg_vkey(struct reg *reg);
/* Writes the newest key to the folder's REG_VKEY if that file has another key. */
MUST_CHECK enum err reg_write_vkey(struct reg *reg);
/* The standard in force; valid until reg_close(). */
const struct standard *reg_standard(struct reg *reg);
/* Builds the read model again, beside the current one, and replaces that; reads and writes go on.
 * ERR_BUSY while another build runs or the register closes. */
MUST_CHECK enum err reg_rebuild(struct reg *reg);
/* Ends a running rebuild and refuses later ones, because the register closes. */
void reg_end_rebuild(struct reg *reg);
/* The same for a register that no process has open. ERR_BUSY. */
MUST_CHECK enum err reg_repair(const char *dir, const struct env *env, uint64_t *entries);
/* Calls `change` with the database of a register that no process has open, without its signer,
 * while holding the lock. ERR_BUSY. */
MUST_CHECK enum err reg_alone(const char *dir, const struct env *env,
	enum err (*change)(void *arg, struct db *db), void *arg);

/* --- writing --- */

struct tx; /* inside a job: the open transaction */
struct state *tx_state(struct tx *tx);
const struct env *tx_env(struct tx *tx);

/* An event that the register, the office or a citizen causes. */
struct draft {
	const char *type, *by, *subject;
	json_t *members; /* further members; ownership is taken; NULL for none */
	json_t *content; /* ownership is taken; gets a salt if its type needs one; NULL: none */
};
/* Checks, appends and folds it. `*index` (may be NULL) gets the entry's index. */
MUST_CHECK enum err tx_add(struct tx *tx, struct draft draft, uint64_t *index);
/* The same for bytes that a department signed, with the bytes of the content. */
MUST_CHECK enum err tx_add_signed(struct tx *tx, const void *entry, size_t len, const void *content,
	size_t content_len, uint64_t *index);

/* Collects the problems of a refused record in `problems` from now on, instead of the job's list;
 * NULL: discards them. */
void tx_problems(struct tx *tx, json_t *problems);

/* Notes a change that the public sees but that has no entry. */
void tx_touch(struct tx *tx, enum touches what);

/* Runs a part of a job in a savepoint: its changes are undone if it fails or `keep` is false, and
 * the job goes on. */
MUST_CHECK enum err tx_part(
	struct tx *tx, bool keep, enum err (*run)(struct tx *tx, void *arg), void *arg);

/* Judges a system's record, published now or its newest, by the policies in force (judgement.h);
 * `*out` is NULL if no policy is in force. `before`: its last judgement, or NULL. The job's next
 * entries carry the time that was used to compute days. No policy's program runs in the transaction
 * of a job that a caller waits for (reg_do()): if the judgement is not ready, this returns
 * ERR_CONFLICT and tx_runs_again() is true. The job may then request more judgements; whatever it
 * returns, it is undone, and runs again once all are ready. */
MUST_CHECK enum err tx_judge(struct tx *tx, const char *system, const json_t *record,
	const json_t *before, json_t **out);
bool tx_runs_again(const struct tx *tx);
/* The same for a filing: ERR_INVALID if the judgement finds problems, which go to the job's list.
 */
MUST_CHECK enum err tx_judge_filing(struct tx *tx, const json_t *record);

/* Restarts the signer with the keys now in the key file, and returns these. */
MUST_CHECK enum err tx_reload_signer(struct tx *tx, struct log_keys *out);
const struct log_keys *tx_keys(struct tx *tx);
/* The root of the first `size` entries, which must precede this job's batch. */
MUST_CHECK enum err tx_root(struct tx *tx, uint64_t size, struct sha256 *out);

struct job {
	/* Called in the writer's thread, more than once if it judges (tx_judge()). Its changes are
	 * undone if it fails. */
	enum err (*run)(struct tx *tx, struct job *job);
	/* Called in the writer's thread once there is an outcome: durable and checkpointed, or
	 * refused. The job belongs to the caller again. */
	void (*done)(struct job *job);
	enum err err; /* the outcome */
	bool kept; /* with ERR_BUSY: it is durable, but not signed yet: it must not be sent again */
	char why[ERR_WHY_MAX];
	const char *lang;        /* of `why`: the language of the submitting thread */
	json_t *problems;        /* receives the problems of a refused record; may be NULL */
	struct judging *judging; /* used by reg_do() */
	struct job *next;        /* used by the queue */
};
/* Never blocks; ERR_BUSY (and no done()) if the queue is full or the register is closing; ERR_FULL
 * if the disk is full (reg_set_floor()). */
MUST_CHECK enum err reg_submit(struct reg *reg, struct job *job);
/* Submits the job, waits, and returns its outcome, with err_why(). */
MUST_CHECK enum err reg_do(struct reg *reg, struct job *job);

/* A set of changes: passed in the writer's thread after each checkpoint, before the jobs' done().
 */
struct changes {
	unsigned touches; /* enum touches, or-ed; TOUCHES_ALL: everything, so `systems` is empty */
	const char *const *systems; /* slugs */
	size_t n;
};
void reg_on_change(struct reg *reg, void (*changed)(void *arg, const struct changes *), void *arg);

/* --- reading --- */

/* Lends a snapshot of checkpointed state to one thread; waits until one is free. Its checkpoint is
 * log_checkpoint() of snap->log. */
MUST_CHECK enum err reg_read(struct reg *reg, const struct snapshot **out);
void reg_read_done(struct reg *reg, const struct snapshot *snap);
/* Judges a record for somebody who reads it, as tx_judge() would judge it now; nothing depends on
 * the answer. `given`: what the policies get beside the record (logged.h). Readers wait for each
 * other. */
MUST_CHECK enum err reg_judge(struct reg *reg, const struct policies *ps, const json_t *record,
	const json_t *given, json_t **out);
/* The progress of the scrub (scrub.h) in its pass, and its findings since the start. */
struct reg_scrub {
	uint64_t entries, contents, passes, faults;
};
/* The writer's state, for /healthz and /metrics. */
struct reg_health {
	bool unsigned_;     /* there are entries without a checkpoint */
	bool halted;        /* by reg_halt() */
	bool damaged;       /* the read model is, and is not mended yet (mend.h) */
	int64_t clock_jump; /* see reg_clock_jump() */
	uint64_t size, commits, refused;
	uint64_t models; /* read models that were put in place since the opening */
	int64_t wal;     /* bytes of the write-ahead log at the latest commit (db_log_size()) */
	unsigned signer_starts; /* starts of the signer process; 0 without one */
	struct reg_scrub scrub;
	uint64_t room, floor; /* free bytes on the folder's disk, and the number that must stay
	                         free; floor 0: none */
};
/* Refuses jobs while the disk has less than `floor` bytes free, so that a write fails before it
 * begins and not halfway. */
void reg_set_floor(struct reg *reg, uint64_t floor);
/* Is the disk below its floor now? */
static inline bool reg_is_full(const struct reg_health *health)
{
	return health->room < health->floor;
}
struct reg_health reg_health(struct reg *reg);
/* The number of seconds by which the machine's clock was set forward (below 0: back) since the
 * register was opened; 0 for up to an hour, and for a replica. While it is not 0, no entry is
 * written (ERR_BUSY): one of the two times is wrong, and an entry's time can never be changed. It
 * ends when the clock is corrected, or with the next opening, which calls office_check_clock(). */
int64_t reg_clock_jump(const struct reg *reg);
/* Reports that `place` (of a page; constant text) met a value that no read model has (`why`), as of
 * reg_health().models. Returns whether a new read model is made for it, or was since. Each place is
 * believed once: if the new one does not help, the fault lies elsewhere, and making another would
 * never end. None is made within an hour after another, and none without a mender (mend.h). */
bool reg_suspect(struct reg *reg, uint64_t models, const char *place, const char *why);
/* Stops all writing and signing until the register is opened again, because the operator must look
 * into it. Jobs get ERR_BUSY with the first `why`. Calls the reg_on_change() function in the
 * caller's thread. */
void reg_halt(struct reg *reg, const char *why);
void reg_set_scrub(struct reg *reg, const struct reg_scrub *scrub);
