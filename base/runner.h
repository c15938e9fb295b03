/* runner.h - runs jq programs in a separate process with limited time and memory.
 *
 * A policy's program may, by mistake, run for ever or fill the memory. The process (`gaya judge`)
 * keeps compiled programs, answers one request at a time, and can open no file. A program that
 * exceeds RUNNER_SECONDS of processor time or RUNNER_MEMORY ends the process, and the next request
 * starts another. Only such a program counts as stopped; after RUNNER_STRIKES in a row it is not
 * run again. A runner belongs to one thread. */
#pragma once
#include "base/json.h"

#define RUNNER_SECONDS 1
#define RUNNER_MEMORY (512 * MIB)
#define RUNNER_STRIKES 3
#define RUNNER_OUTPUT (32 * KIB) /* bytes of a program's outputs, as CBOR */

struct runner;
/* `program` is the path of this program, which is started as `program judge` when first needed;
 * NULL: everything runs in this process, without limits (unit tests). */
struct runner *runner_new(const char *program);
void runner_free(struct runner *r);
/* Keeps a program under a name until the runner is freed; a known name keeps its program. */
void runner_add(struct runner *r, const char *name, const char *text);
/* Marks a program as known to compile (jq_open_joint()). All marked programs are compiled together
 * when one of them first runs. It changes no answer. */
void runner_join(struct runner *r, const char *name);
/* Sets the input of later runs. */
void runner_input(struct runner *r, const json_t *input);
/* Announces the program that will run on this input after the next one, so that it can run while
 * the next one's answer is read. It changes no answer. */
void runner_expect(struct runner *r, const char *name);
/* Runs a program on the input: `*out` is the array of its outputs, as strict JSON values.
 * ERR_INVALID with jq's message if the program fails, does not compile or outputs more than
 * RUNNER_OUTPUT; ERR_TOO_LARGE if it was stopped for its time or memory, or if the input is too
 * large to send; ERR_SYSTEM if no process can be started. */
MUST_CHECK enum err runner_run(struct runner *r, const char *name, json_t **out);

/* Confines the process: from then on it can open nothing. Called first in it. */
MUST_CHECK enum err runner_lock(void);
/* The process's side: answers requests on `fd` until it is closed or a malformed message comes. */
void runner_serve(int fd);
/* Runs both as a process. Does not return. */
void runner_process(int fd);
