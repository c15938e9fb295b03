/* office_socket.h - the office's commands while a server runs: one process writes a register,
 * so commands go to it through a socket in the register's folder. A request and its reply are
 * a line of JSON each. Who may open the folder (mode 0700) may speak for the office. */
#pragma once
#include "registry/office/office.h"

/* The server's side: a thread that takes one connection after the other. `fd`: a Unix socket with
 * no name yet, for a server that may make none (confine.h), taken over; -1: one is made. */
struct office_server;
MUST_CHECK enum err office_serve(struct reg *reg, int fd, struct office_server **out);
void office_server_stop(struct office_server *s);

/* The command's side: opens the register itself where nobody has it, else its socket. */
struct office;
MUST_CHECK enum err office_open(const char *dir, const struct env *env, struct office **out);
/* Is the log's newest time ahead of this machine's clock, by more than a department's machine may
 * be off? ERR_CONFLICT, with how to go on. Gives both times else. */
MUST_CHECK enum err office_check_clock(struct reg *reg, int64_t *newest, int64_t *now);
void office_close(struct office *o);
/* Takes `request` over. ERR_* and err_why() as office_do() gave them, here or over there. */
MUST_CHECK enum err office_call(
	struct office *o, json_t *request, json_t *problems, json_t **reply);
/* Before a write: when the last one was, by the log, and what it is now. Where this process has the
 * register open itself, office_check_clock() too. */
MUST_CHECK enum err office_idle(struct office *o, int64_t *newest, int64_t *now);
/* The register where this process has it open itself, else NULL. */
struct reg *office_reg(struct office *o);
