/* folder.h - the files of a register's folder: the one place that names them, and says what becomes
 * of each in a backup. */
#pragma once
#include <stddef.h>

#define REG_DATABASE "register.db"        /* everything public, and the sealed contacts */
#define REG_PEOPLE "people.db"            /* who may sign in; in no log and no mirror */
#define REG_KEY "log.key"                 /* the log's private key */
#define REG_VKEY "log.vkey"               /* its public half, for who verifies this folder */
#define REG_MARK "signed.mark"            /* what was signed last; never restore it from a backup */
#define REG_CONTACT_KEY "contact.key"     /* opens sealed e-mail addresses; the office's */
#define REG_CONTACT_PUBLIC "contact.pub"  /* seals them; all that the server needs */
#define REG_POLICY "witness.policy"       /* C2SP tlog-policy: who cosigns; may be absent */
#define REG_TMP "tmp"                     /* a folder: what a server makes and nobody needs later */
#define REG_LOCK "lock"                   /* held by the one process that writes */
#define REG_MIRROR "mirror.json"          /* only a mirror has it: what it follows */
#define REG_SOCKET REG_TMP "/office.sock" /* where that process takes the office's commands */
#define REG_RESTORING "restoring"         /* a folder: a restore at work, or one that was cut off */

enum folder_keep {
	FOLDER_PUBLIC, /* small, and no secret */
	FOLDER_SECRET, /* a secret: only where keys are asked for */
};
/* What is copied as it is. The database has a way of its own (backup.h); what is not here, the mark
 * above all, is in no backup. */
struct folder_file {
	const char *name;
	enum folder_keep keep;
	unsigned mode; /* as in open(2) */
};
extern const struct folder_file folder_files[];
extern const size_t folder_files_n;
