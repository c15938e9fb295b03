/* office_replies.h - what `gaya office` prints of a reply, and what it shows and asks before an
 * operation that somebody may regret. office.c has the table of operations. */
#pragma once
#include "registry/office/office_socket.h"

struct operation;
struct office_command {
	const char *dir, *file;
	bool json, yes;
	const struct operation *operation;
	json_t *request; /* owned, as the reply */
	json_t *reply;
	struct office *office;
	int argc; /* the command as it was given */
	char **argv;
};

typedef enum err (*office_reply_fn)(struct office_command *c);
/* Of the reply. */
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
/* Of the request, before it is sent; an error where the answer is no. */
enum err office_ask_if_withheld(struct office_command *c);
enum err office_ask_change(struct office_command *c);
enum err office_ask_sweep(struct office_command *c);
