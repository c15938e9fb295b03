/* Everything under /log/: C2SP tlog-tiles, and additions for auditors. */
#include "audit/log.h"
#include "base/pdf.h"
#include "registry/event/log_key.h"
#include "registry/query/query.h"
#include "web/pages/pages.h"
#include "web/pages/submit.h"
#include "web/view/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TEXT "text/plain; charset=utf-8"

/* Parses a number in canonical form: digits, no leading zero. */
static enum err number(const char *s, uint64_t *out)
{
	char *end;

	errno = 0;
	*out = strtoull(s, &end, 10);
	ENSURE(s[0] >= '0' && s[0] <= '9' && !*end && !errno && (s[0] != '0' || !s[1]),
		ERR_NOT_FOUND, "\"%.30s\" is not an index", s);
	return OK;
}

static enum err log_size(struct request *rq, uint64_t *size)
{
	AUTO(buf) note = BUF(NOTE_MAX);

	return log_checkpoint(&rq->snap->log, &note, size);
}

enum err page_checkpoint(struct request *rq, struct response *rs)
{
	uint64_t size;

	rs->type = TEXT;
	return log_checkpoint(&rq->snap->log, &rs->body, &size);
}

/* The newest checkpoint with the cosignatures that the policy's quorum requires. /log/checkpoint is
 * the newest of all, with those it has so far: pages, receipts and proofs use that one, and no
 * witness can delay it. */
enum err page_checkpoint_cosigned(struct request *rq, struct response *rs)
{
	const struct store *store = &rq->snap->log;
	enum err e;

	rs->type = TEXT;
	e = store->ops->cosigned(store->self, &rs->body);
	ENSURE(e != ERR_NOT_FOUND, ERR_NOT_FOUND,
		"no checkpoint has been cosigned by a quorum of witnesses yet");
	return e;
}

enum err page_vkey(struct request *rq, struct response *rs)
{
	rs->type = TEXT;
	vkey_text(reg_vkey(rq->site->reg), &rs->body);
	buf_putc(&rs->body, '\n');
	return OK;
}

/* Spares readers a search of the log; the entries that are named and the signatures in the
 * statements prove it. */
static enum err add_statement(struct request *rq, json_t *change)
{
	const struct store *store = &rq->snap->log;
	AUTO(buf) bytes = BUF(MIB);
	json_auto_t *content = NULL;
	struct sha256 hash;

	TRY(sha256_from_hex(json_str(change, "content"), &hash));
	TRY(store->ops->content(store->self, &hash, &bytes));
	TRY(json_read(buf_text(&bytes), bytes.len, MIB, RULES_STRICT, &content));
	json_put(change, "statement", json_text(json_str(content, "statement")));
	return OK;
}

enum err page_keys(struct request *rq, struct response *rs)
{
	AUTO(buf) vkey = BUF(KIB);
	json_auto_t *answer = NULL;

	TRY(log_keys_json(rq->snap, &answer));
	json_each (json_object_get(answer, "changes"), change)
		TRY(add_statement(rq, change));
	vkey_text(reg_vkey(rq->site->reg), &vkey);
	if (!json_array_size(json_object_get(answer, "keys")))
		json_push(json_object_get(answer, "keys"),
			json_make("{s:s,s:n,s:n}", "vkey", buf_text(&vkey), "added", "retired"));
	json_put(answer, "origin", json_text(reg_vkey(rq->site->reg)->name));
	return page_json(rs, TAKE(answer));
}

enum err page_tile(struct request *rq, struct response *rs)
{
	const struct store *store = &rq->snap->log;
	struct tile tile;
	uint64_t size;

	rs->type = "application/octet-stream";
	TRY(tile_parse(request_path(rq, "path"), &tile));
	TRY(log_size(rq, &size));
	return log_tile(store, &tile, size, &rs->body);
}

enum err page_entry(struct request *rq, struct response *rs)
{
	const struct store *store = &rq->snap->log;
	uint64_t index, size;

	rs->type = TEXT;
	TRY(number(request_path(rq, "index"), &index));
	TRY(log_size(rq, &size));
	ENSURE(index < size, ERR_NOT_FOUND, "the log has %llu entries", (unsigned long long)size);
	return store->ops->entry(store->self, index, &rs->body);
}

enum err page_content(struct request *rq, struct response *rs)
{
	const char *hex = request_path(rq, "sha256");
	static _Thread_local char type[64];
	const struct store *store = &rq->snap->log;
	struct sha256 hash;
	char today[DAY_TEXT];
	int64_t size;

	part_day(rq, 0, today);
	/* Whatever it is, browsers must not render it as a page of this site. */
	TRY(query_content_state(rq->snap, hex, today, &size, type));
	if (strcmp(type, PDF_TYPE) == 0)
		return file_give(rq, rs, hex, size);
	rs->type = type;
	TRY(sha256_from_hex(hex, &hash));
	return store->ops->content(store->self, &hash, &rs->body);
}

enum err page_proof(struct request *rq, struct response *rs)
{
	uint64_t index;

	rs->type = TEXT;
	TRY(number(request_path(rq, "index"), &index));
	return submit_proof(rq, index, NULL, &rs->body);
}

/* The consistency proof, one base64 hash per line; empty if there is nothing to prove. */
enum err page_consistency(struct request *rq, struct response *rs)
{
	const struct store *store = &rq->snap->log;
	struct nodes nodes = log_nodes(store);
	uint64_t old_size, new_size, size;
	struct path path = {0};

	rs->type = TEXT;
	TRY(number(request_path(rq, "old"), &old_size));
	TRY(number(request_path(rq, "new"), &new_size));
	TRY(log_size(rq, &size));
	ENSURE(old_size <= new_size && new_size <= size, ERR_NOT_FOUND,
		"sizes must be in order, and at most %llu", (unsigned long long)size);
	TRY(merkle_consistency(&nodes, old_size, new_size, &path));
	for (size_t i = 0; i < path.n; i++) {
		base64_add(&rs->body, path.hash[i].bytes, SHA256);
		buf_putc(&rs->body, '\n');
	}
	return OK;
}
