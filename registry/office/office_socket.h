/* office_socket.h - the office's commands while a server runs. Only one process writes a register,
 * so commands reach it through a socket in the register's folder. A request and its reply are a
 * line of JSON each. Whoever may open the folder (mode 0700) may speak for the office. */
#pragma once
#include "registry/office/office.h"

/* The server's side: a thread that serves one connection after another. Takes over `fd`, a Unix
 * socket without a name, for a server that may not make one (confine.h); -1 makes one. */
struct office_server;
MUST_CHECK enum err office_serve(struct reg *reg, int fd, struct office_server **out);
void office_server_stop(struct office_server *s);

/* The command's side: opens the register, or its socket if another process has it open. */
struct office;
MUST_CHECK enum err office_open(const char *dir, const struct env *env, struct office **out);
/* Gives the log's newest time and the time now. ERR_CONFLICT, which says how to go on, if the log
 * is ahead of this machine's clock by more than a department's clock may be off. */
MUST_CHECK enum err office_check_clock(struct reg *reg, int64_t *newest, int64_t *now);
void office_close(struct office *o);
/* Takes `request` over. Errors and err_why() are those of office_do(), in whichever process. */
MUST_CHECK enum err office_call(
	struct office *o, json_t *request, json_t *problems, json_t **reply);
/* Call it before a write: gives the time of the last one, by the log, and the time now. Also
 * office_check_clock(), if this process has the register open. */
MUST_CHECK enum err office_idle(struct office *o, int64_t *newest, int64_t *now);
/* The register, if this process has it open; else NULL. */
struct reg *office_reg(struct office *o);
