/* page_file.c - attached files: their upload, their data in the API, and downloads at
 * /{lang}/systems/{slug}/files/{sha256}. */
#include "base/pdf.h"
#include "base/security.h"
#include "registry/query/query.h"
#include "web/http/filename.h"
#include "web/http/spool.h"
#include "web/http/upload.h"
#include "web/pages/pages.h"

#include <string.h>

enum err api_file_sent(struct request *rq, struct response *rs)
{
	uint64_t index;

	/* There are few readers' connections; do not hold one while waiting for the writer. */
	request_read_done(rq);
	TRY(upload_end(rq->upload, &index));
	rs->status = 201;
	rs->private_ = true;
	return page_json(rs, json_make("{s:I}", "entry", (json_int_t)index));
}

/* The data about a file, which need not exist: `after` is what the event that attaches it must
 * name. */
enum err api_file(struct request *rq, struct response *rs)
{
	struct state state = state_of(rq->snap);
	const char *hex = request_path(rq, "sha256");
	struct sha256 hash;
	json_t *file = NULL;
	int64_t after;
	enum err e;

	ENSURE(sha256_from_hex(hex, &hash) == OK, ERR_NOT_FOUND, "not the SHA-256 of a file");
	TRY(state_after(&state, "file", hex, &after));
	e = query_file(rq->snap, hex, &file);
	if (e == ERR_NOT_FOUND)
		file = json_make("{s:s, s:[]}", "sha256", hex, "attached");
	else
		TRY(e);
	json_put(file, "after", json_integer(after));
	return page_json(rs, file);
}

enum err file_give(struct request *rq, struct response *rs, const char *hex, int64_t size)
{
	const struct store *store = &rq->snap->log;
	struct sha256 hash;

	TRY(sha256_from_hex(hex, &hash));
	rs->file = true;
	rs->type = PDF_TYPE;
	snprintf(rs->etag, sizeof(rs->etag), "\"%s\"", hex);
	if (!rs->filename)
		rs->filename = mem_printf("%.16s.pdf", hex);
	if (size > (int64_t)SPOOL_FROM)
		return spool_get(rq->site->spool, store, &hash, &rs->spooled);
	return store->ops->content(store->self, &hash, &rs->body);
}

/* --- the file's name --- */

static bool names(const json_t *item, const char *hex)
{
	json_members (item, key, value) {
		if (json_is_string(value) && strcmp(json_string_value(value), hex) == 0)
			return true;
	}
	return false;
}

/* The first text of the item that names the file, or else its field's label. */
static const json_t *item_title(const struct field *f, const json_t *item)
{
	for (size_t i = 0; i < f->item->members_n; i++)
		if (f->item->members[i].type == TYPE_TEXT) {
			const json_t *text = json_object_get(item, f->item->members[i].name);

			return text ? text : json_object_get(f->json, "label");
		}
	return json_object_get(f->json, "label");
}

static const json_t *title_of(
	const struct standard *standard, const json_t *record, const char *hex)
{
	size_t n;
	const struct field *fields = standard_fields(standard, &n);

	for (size_t i = 0; i < n; i++)
		if (fields[i].item)
			json_each (json_object_get(record, fields[i].name), item) {
				if (names(item, hex))
					return item_title(&fields[i], item);
			}
	return NULL;
}

static void name_file(
	struct request *rq, struct response *rs, const char *slug, int64_t n, const char *hex)
{
	json_auto_t *version = NULL;
	const json_t *title = NULL;
	const char *text = NULL;

	rs->filename = mem_printf("%s-%.8s.pdf", slug, hex);
	if (query_version(rq->snap, slug, n, &version) == OK)
		title = title_of(rq->standard, json_object_get(version, "record"), hex);
	if (title)
		text = standard_text(title, rq->lang, NULL);
	rs->title = text ? filename_of(text, ".pdf") : NULL;
}

/* --- the download --- */

static enum err give_erased(struct request *rq, struct response *rs, const json_t *file)
{
	json_t *view = json_object(), *why = view_text(rq, json_object_get(file, "reason"));

	rs->status = 410;
	rs->private_ = true;
	json_put(view, "status", json_integer(410));
	json_put(view, "title", json_text(message(rq, "error_gone")));
	json_put(view, "text", json_text(message(rq, "error_gone_text")));
	json_put(view, "why", json_incref(json_object_get(why, "text")));
	json_put(view, "private", json_true());
	json_decref(why);
	return page_render(rq, rs, "error.html", view);
}

enum err page_file(struct request *rq, struct response *rs)
{
	const char *slug = request_path(rq, "slug"), *hex = request_path(rq, "sha256");
	json_auto_t *file = NULL;
	int64_t n = 0;
	enum err e;

	TRY(query_file(rq->snap, hex, &file));
	e = query_file_version(rq->snap, slug, hex, &n);
	if (e == ERR_NOT_FOUND && !json_is_true(json_object_get(file, "public"))) {
		security_event(SECURITY_RIGHTS);
		return fail(ERR_DENIED, "this file is not published");
	}
	TRY(e);
	if (json_is_integer(json_object_get(file, "erased_entry")))
		return give_erased(rq, rs, file);
	name_file(rq, rs, slug, n, hex);
	return file_give(rq, rs, hex, json_num(file, "size"));
}
