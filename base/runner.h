/* runner.h - jq programs run in a process of their own, which has little time and little memory.
 *
 * A policy is a program that somebody wrote: it may run for ever, or fill the memory, by mistake.
 * The process (`gaya judge`) keeps what it compiled, answers one question at a time, and can open
 * no file; a program that takes more than RUNNER_SECONDS of processor time, or RUNNER_MEMORY,
 * ends it, and the next question starts another. Only then is a program named as the one that
 * was stopped; after RUNNER_STRIKES in a row it is not run again. A runner belongs to one thread.
 */
#pragma once
#include "base/json.h"

#define RUNNER_SECONDS 1
#define RUNNER_MEMORY (512 * MIB)
#define RUNNER_STRIKES 3
#define RUNNER_OUTPUT (32 * KIB) /* bytes of a program's outputs, as CBOR */

struct runner;
/* `program` is this very program's file, which is started as `program judge`; NULL: everything
 * runs in this process, without limits (unit tests). Nothing is started before it is needed. */
struct runner *runner_new(const char *program);
void runner_free(struct runner *r);
/* Keeps a program under a name until the runner is freed; a name that is known stays as it is. */
void runner_add(struct runner *r, const char *name, const char *text);
/* What the programs are run on from now on. */
void runner_input(struct runner *r, const json_t *input);
/* The program that will be run on this input after the next: it runs while that one's answer is
 * read. To say so changes no answer. */
void runner_expect(struct runner *r, const char *name);
/* Runs a program on the input: `*out` is the array of its outputs, as values that our JSON may
 * hold. ERR_INVALID with jq's message where it fails, does not compile or gives more than
 * RUNNER_OUTPUT; ERR_TOO_LARGE where it was stopped, for its time or its memory, or where the
 * input is too large to be sent; ERR_SYSTEM where no process can be had. */
MUST_CHECK enum err runner_run(struct runner *r, const char *name, json_t **out);

/* What that process first does to itself: from then on it can open nothing. */
MUST_CHECK enum err runner_lock(void);
/* The other side: answers on `fd` until it is closed, or says what makes no sense. */
void runner_serve(int fd);
/* Both, as a process. Does not return. */
void runner_process(int fd);
