/* office_replies.h - prints replies for `gaya office`, and shows and asks before operations that
 * somebody may regret. office.c has the table of operations. */
#pragma once
#include "registry/office/office_socket.h"

struct operation;
struct office_command {
	const char *dir, *file;
	bool json, yes;
	const struct operation *operation;
	json_t *request; /* owned, like the reply */
	json_t *reply;
	struct office *office;
	int argc; /* the command as typed */
	char **argv;
};

typedef enum err (*office_reply_fn)(struct office_command *c);
/* These print a reply. */
enum err office_print_waiting(struct office_command *c);
enum err office_print_filing(struct office_command *c);
enum err office_print_approved(struct office_command *c);
enum err office_print_entry(struct office_command *c);
enum err office_print_forgotten(struct office_command *c);
enum err office_print_contact(struct office_command *c);
enum err office_print_file(struct office_command *c);
enum err office_print_settings(struct office_command *c);
enum err office_print_question(struct office_command *c);
enum err office_print_swept(struct office_command *c);
enum err office_print_submitted(struct office_command *c);
enum err office_print_people(struct office_command *c);
/* These show a request before it is sent, and return an error if the user says no. */
enum err office_ask_if_withheld(struct office_command *c);
enum err office_ask_change(struct office_command *c);
enum err office_ask_sweep(struct office_command *c);
