/* folder.h - names the files of a register's folder and says how a backup treats each of them. */
#pragma once
#include <stddef.h>

#define REG_DATABASE "register.db"        /* the log, the contents, and the sealed contacts */
#define REG_MODEL "model"                 /* a folder: the read model, which can be made again */
#define REG_PEOPLE "people.db"            /* who may sign in; never in the log or a mirror */
#define REG_KEY "log.key"                 /* the log's private key */
#define REG_VKEY "log.vkey"               /* its public half, for verifying this folder */
#define REG_MARK "signed.mark"            /* the last signed tree; never restore it from a backup */
#define REG_CONTACT_KEY "contact.key"     /* opens sealed e-mail addresses; the office's */
#define REG_CONTACT_PUBLIC "contact.pub"  /* seals them; all that the server needs */
#define REG_POLICY "witness.policy"       /* C2SP tlog-policy: the witnesses; may be absent */
#define REG_TMP "tmp"                     /* a folder: temporary files of a server */
#define REG_DOWNLOADS "downloads"         /* a folder: the last downloads of the whole register */
#define REG_LOCK "lock"                   /* held by the writing process */
#define REG_MIRROR "mirror.json"          /* only a mirror has it: what it follows */
#define REG_SOCKET REG_TMP "/office.sock" /* where that process accepts the office's commands */
#define REG_RESTORING "restoring"         /* a folder: a restore in progress or interrupted */

enum folder_keep {
	FOLDER_PUBLIC, /* small and not secret */
	FOLDER_SECRET, /* a secret: copied only if keys are requested */
};
/* Files that a backup copies as they are. The database is copied separately (backup.h); a file that
 * is not listed here, above all the mark, is in no backup. */
struct folder_file {
	const char *name;
	enum folder_keep keep;
	unsigned mode; /* as in open(2) */
};
extern const struct folder_file folder_files[];
extern const size_t folder_files_n;
