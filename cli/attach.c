#include "cli/attach.h"

#include "base/crypto.h"
#include "base/file.h"
#include "base/pdf.h"
#include "base/sha256.h"
#include "base/text.h"
#include "cli/cli.h"
#include "registry/event/event.h"
#include "web/http/upload.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE 4               /* retries for a busy server, after 1, 2, 4, 8 seconds */
#define SENDING_MS (600 * 1000L) /* 20 MiB over a slow connection */

static enum err read_file(const char *path, struct buf *out)
{
	enum err e = file_read(path, out);

	ENSURE(e != ERR_TOO_LARGE, ERR_TOO_LARGE,
		"%s is larger than %lu bytes (20 MiB): make it smaller, or split it", path,
		ATTACHMENT_MAX);
	return e;
}

enum err attached_add(struct attached *a, const char *path)
{
	struct attached_file *f = &a->files[a->n];
	AUTO(buf) bytes = BUF(ATTACHMENT_MAX);
	const char *slash = strrchr(path, '/');
	struct sha256 hash;
	enum err e;

	ENSURE(a->n < ATTACHED_MAX, ERR_INVALID, "one filing can bring up to %d files",
		ATTACHED_MAX);
	TRY(read_file(path, &bytes));
	e = pdf_check(buf_text(&bytes), bytes.len);
	ENSURE(e == OK, e, "%s cannot be attached: %s", path, err_why());
	hash = sha256_of(bytes.data, bytes.len);
	*f = (struct attached_file){
		.path = path, .name = slash ? slash + 1 : path, .size = bytes.len};
	sha256_hex(&hash, f->sha256);
	a->n++;
	return OK;
}

/* --- names in the record --- */

struct naming {
	const struct attached *attached;
	bool named[ATTACHED_MAX];
};

/* The SHA-256 for a file's name; NULL: the value stays. */
static const char *named_by(struct naming *n, const char *value)
{
	for (size_t i = 0; value && i < n->attached->n; i++) {
		const struct attached_file *f = &n->attached->files[i];

		/* A record is in normal form C; macOS uses another for file names. */
		AUTOFREE char *name = text_nfc(f->name);

		if (strcmp(value, name) == 0 || strcmp(value, f->sha256) == 0) {
			n->named[i] = true;
			return f->sha256;
		}
	}
	return NULL;
}

static void name_members(struct naming *n, const struct field *f, json_t *object)
{
	for (size_t i = 0; i < f->members_n; i++) {
		const char *name = f->members[i].name, *sha256;

		if (f->members[i].type != TYPE_FILE)
			continue;
		sha256 = named_by(n, json_str(object, name));
		if (sha256)
			json_put(object, name, json_text(sha256));
	}
}

static void name_field(struct naming *n, const struct field *f, json_t *record)
{
	json_t *value = json_object_get(record, f->name);
	const char *sha256;

	if (f->type == TYPE_FILE) {
		sha256 = named_by(n, json_string_value(value));
		if (sha256)
			json_put(record, f->name, json_text(sha256));
	}
	if (!f->item)
		return;
	json_each_at (value, i, item) {
		sha256 = f->item->type == TYPE_FILE ? named_by(n, json_string_value(item)) : NULL;
		if (sha256)
			json_array_set_new(value, i, json_text(sha256));
		name_members(n, f->item, item);
	}
}

enum err attached_name(const struct attached *a, const struct standard *s, json_t *record)
{
	struct naming naming = {.attached = a};
	size_t n;
	const struct field *fields = standard_fields(s, &n);

	for (size_t i = 0; i < n; i++)
		name_field(&naming, &fields[i], record);
	for (size_t i = 0; i < a->n; i++)
		ENSURE(naming.named[i], ERR_INVALID,
			"the record does not name %s: write \"%s\", or its SHA-256 (%s), where the "
			"file belongs, such as \"sha256\" of an impact assessment or of an attached "
			"document",
			a->files[i].path, a->files[i].name, a->files[i].sha256);
	return OK;
}

/* --- to the register --- */

static bool is_there(const json_t *known, const char *department)
{
	return json_find(json_object_get(known, "attached"), "department", department);
}

static void told(const struct client *c, const struct attached_file *f, const json_t *reply)
{
	long long entry = json_num(reply, "entry");

	if (c->json)
		return;
	tell(stderr, "gaya: attached %s as entry %lld (%zu bytes)\n", f->name, entry, f->size);
}

static enum err send_bytes(struct client *c, const struct attached_file *f, const json_t *known,
	const struct buf *bytes)
{
	AUTO(buf) entry = BUF(ENTRY_MAX), header = BUF(2 * ENTRY_MAX);
	json_auto_t *reply = NULL;

	TRY(sign_file(&c->key, &env_real, "file.attached", "file", f->sha256,
		json_num(known, "after"), PDF_TYPE, bytes->len, &entry));
	buf_puts(&header, UPLOAD_HEADER ": ");
	base64_add(&header, entry.data, entry.len);
	TRY(client_send_bytes(c, "/api/v1/files", PDF_TYPE, buf_text(&header), bytes, &reply));
	told(c, f, reply);
	return OK;
}

static enum err send_patiently(struct client *c, const struct attached_file *f, const json_t *known,
	const struct buf *bytes)
{
	bool json = c->json;
	enum err e = ERR_BUSY;

	for (unsigned i = 0; e == ERR_BUSY && i <= PATIENCE; i++) {
		if (i)
			sleep(1U << (i - 1));
		c->json = json && i == PATIENCE; /* report only the last refusal */
		e = send_bytes(c, f, known, bytes);
	}
	c->json = json;
	return e;
}

static enum err send_one(struct client *c, const struct attached_file *f)
{
	AUTOFREE char *path = mem_printf("/api/v1/files/%s", f->sha256);
	AUTO(buf) bytes = BUF(ATTACHMENT_MAX);
	json_auto_t *known = NULL;
	struct sha256 hash;
	char hex[SHA256_HEX];

	TRY(client_get_json(c, path, &known));
	ENSURE(!json_is_integer(json_object_get(known, "erased_entry")), ERR_GONE,
		"%s was erased from the register by entry %lld; it cannot come back", f->path,
		(long long)json_num(known, "erased_entry"));
	if (is_there(known, key_department(&c->key.vkey)))
		return OK;
	TRY(read_file(f->path, &bytes));
	hash = sha256_of(buf_text(&bytes), bytes.len);
	sha256_hex(&hash, hex);
	ENSURE(strcmp(hex, f->sha256) == 0, ERR_CONFLICT,
		"%s changed while this was running; nothing of it was sent", f->path);
	return send_patiently(c, f, known, &bytes);
}

enum err attached_send(const struct attached *a, struct client *c)
{
	ENSURE(!a->n || key_department(&c->key.vkey), ERR_INVALID,
		"%s is not a department's key: its name must end in /<department>",
		c->key.vkey.name);
	fetch_patience(c->fetch, 10 * 1000L, SENDING_MS);
	for (size_t i = 0; i < a->n; i++)
		TRY(send_one(c, &a->files[i]));
	return OK;
}
