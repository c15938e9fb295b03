#include "registry/verify/verify.h"

#include "base/env.h"
#include "base/file.h"
#include "registry/event/log_key.h"
#include "registry/verify/tile_reader.h"
#include "registry/verify/verify_parts.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#define VKEY_TEXT_MAX KIB
#define QUORUM_TRIES 6
#define QUORUM_LAG_TRIES 2 /* if the newest one with a quorum is older */
#define QUORUM_PAUSE_MS 500
/* Registers ask their witnesses every half hour; an older quorum does not help newer entries. */
#define QUORUM_LAG_MOST 3600
#define BUNDLE_MAX (TILE_WIDTH * (2 + (size_t)ENTRY_MAX))

/* The state file: the key in its first line, the time of verification in the second, then the
 * signed checkpoint. */
#define VERIFIED "verified "
struct seen {
	bool exists;
	char at[TIME_TEXT]; /* "" for a file without the second line, from older programs */
	struct vkey key;
	struct checkpoint checkpoint;
};

struct run {
	const struct verify *v;
	struct verified *out;
	struct source source;
	struct seen seen;
	struct buf note;
	struct buf cosigned; /* the newest with a quorum, according to the source */
	struct vkey by;      /* for a stranger: the key that signed */
	struct tree tree;
	struct replay replay;
	struct since since;
	bool stranger;           /* a key that is not known (yet) signed the checkpoint */
	struct sig_pool *pool;   /* departments' signatures, verified while the replay continues */
	struct model_look *look; /* or NULL */
	char at[TIME_TEXT];      /* the present time */
	struct buf bundle;
};

static void run_done(struct run *r)
{
	sig_pool_free(r->pool);
	model_look_free(r->look);
	replay_done(&r->replay);
	source_done(&r->source);
	buf_done(&r->note);
	buf_done(&r->cosigned);
	buf_done(&r->bundle);
}

/* An origin has no white space, so no checkpoint begins with such a line. */
static enum err read_time(struct line *rest, struct seen *out)
{
	struct line all = *rest, line;
	int64_t time;

	TRY(line_next(rest, &line));
	if (line.len < strlen(VERIFIED) || memcmp(line.s, VERIFIED, strlen(VERIFIED)) != 0) {
		*rest = all;
		return OK;
	}
	ENSURE(line.len == strlen(VERIFIED) + TIME_TEXT - 1, ERR_INVALID,
		"the time in its second line is malformed");
	memcpy(out->at, line.s + strlen(VERIFIED), TIME_TEXT - 1);
	return time_parse(out->at, &time);
}

static enum err read_seen(const char *path, struct seen *out)
{
	AUTO(buf) text = BUF(NOTE_MAX + 2 * VKEY_TEXT_MAX);
	struct line rest, first;
	AUTOFREE char *vkey = NULL;
	enum err e = file_read(path, &text);

	if (e == ERR_NOT_FOUND)
		return OK;
	TRY(e);
	rest = (struct line){buf_text(&text), text.len};
	e = line_next(&rest, &first);
	if (e == OK) {
		vkey = mem_bytes(first.s, first.len);
		e = vkey_parse(vkey, &out->key);
	}
	if (e == OK)
		e = read_time(&rest, out);
	if (e == OK)
		e = checkpoint_open(rest.s, rest.len, &out->key, &out->checkpoint);
	ENSURE(e == OK, ERR_INVALID, "%s is not a state file of gaya verify: %s", path, err_why());
	out->exists = true;
	return OK;
}

/* Only signatures by known keys: the source could add any number of others. */
static enum err write_seen(const struct run *r)
{
	AUTO(buf) text = BUF(NOTE_MAX + 2 * VKEY_TEXT_MAX);
	AUTOFREE struct note *note = mem_new(sizeof(*note));

	TRY(note_parse(buf_text(&r->note), r->note.len, note));
	vkey_text(&r->out->key, &text);
	buf_printf(&text, "\n" VERIFIED "%s\n", r->at);
	buf_add(&text, note->text, note->text_len);
	buf_putc(&text, '\n');
	note_keep(note, &r->out->key, &text);
	if (!vkey_same(&r->out->key, &r->out->from))
		note_keep(note, &r->out->from, &text);
	if (r->v->policy)
		tlog_policy_lines(r->v->policy, note, &text);
	TRY(buf_check(&text, "a state file"));
	return file_write(r->v->state, text.data, text.len, 0644);
}

/* A log may change its key: whether the given key led to the present one shows at the end. */
static enum err given_key(struct run *r)
{
	struct vkey *key = &r->out->key;

	TRY(vkey_parse(r->v->key, key));
	ENSURE(!r->seen.exists || strcmp(key->name, r->seen.key.name) == 0, ERR_INVALID,
		"%s remembers the log of another key, %s. For another log use another state file",
		r->v->state, r->seen.key.name);
	r->out->trust = KEY_GIVEN;
	return OK;
}

static enum err key_on_trust(struct run *r)
{
	AUTO(buf) text = BUF(VKEY_TEXT_MAX);

	TRY(r->source.ops->vkey(r->source.self, &text));
	r->out->trust = KEY_ON_TRUST;
	return verify_found(vkey_parse(buf_text(&text), &r->out->key), "the register's key");
}

static enum err choose_key(struct run *r)
{
	if (r->v->key)
		TRY(given_key(r));
	else if (r->seen.exists) {
		r->out->key = r->seen.key;
		r->out->trust = KEY_REMEMBERED;
	} else {
		TRY(key_on_trust(r));
	}
	ENSURE(r->out->key.type == KEY_ED25519, ERR_INVALID,
		"the key %s is a witness's: name the log's own", r->out->key.name);
	r->out->from = r->out->key;
	return OK;
}

/* Signed by a key that the source names, for which no known key has vouched yet. */
static enum err open_by_another(struct run *r, const struct buf *note, struct checkpoint *out)
{
	AUTO(buf) text = BUF(VKEY_TEXT_MAX);

	TRY(r->source.ops->vkey(r->source.self, &text));
	TRY(vkey_parse(buf_text(&text), &r->by));
	TRY(checkpoint_open(buf_text(note), note->len, &r->by, out));
	ENSURE(strcmp(out->origin, r->out->key.name) == 0, ERR_FALSE, "it is of the log %s",
		out->origin);
	return OK;
}

static enum err open_checkpoint(struct run *r, struct buf *note, struct checkpoint *out)
{
	enum err e;

	TRY(r->source.ops->checkpoint(r->source.self, note));
	e = checkpoint_open(buf_text(note), note->len, &r->out->key, out);
	r->stranger = e == ERR_NOT_FOUND;
	if (r->stranger && open_by_another(r, note, out) == OK)
		e = OK; /* check_keys() decides */
	ENSURE(e != ERR_NOT_FOUND, ERR_FALSE, "the checkpoint is not signed by the key of %s",
		r->out->key.name);
	TRY(verify_found(e, "the checkpoint"));
	ENSURE(out->size > 0, ERR_FALSE, "the checkpoint is of an empty log");
	return OK;
}

/* A log only grows: the tree that was verified must still be its beginning. */
static enum err check_not_smaller(const struct run *r)
{
	const struct checkpoint *old = &r->seen.checkpoint, *new = &r->out->checkpoint;

	ENSURE(!r->stranger || !r->seen.exists || new->size >= old->size, ERR_FALSE,
		"the checkpoint is not signed by the key of %s, and has fewer entries than were "
		"there when it was last verified: keep the state file, which proves that there were",
		r->out->from.name);
	ENSURE(!r->seen.exists || new->size >= old->size, ERR_FALSE,
		"fork or rollback: the log has %" PRIu64 " entries now, but had %" PRIu64
		" when it was last verified",
		new->size, old->size);
	return OK;
}

static enum err check_extends(const struct run *r)
{
	ENSURE(!r->seen.exists || sha256_equal(&r->tree.old_root, &r->seen.checkpoint.root),
		ERR_FALSE,
		"fork: the first %" PRIu64 " entries are not those that were there when it was "
		"last verified. Keep the state file: it proves that the key signed two histories",
		r->seen.checkpoint.size);
	return OK;
}

/* --- entries, a bundle at a time --- */

static enum err split(const struct buf *bundle, struct bytes *entries, unsigned n)
{
	struct bytes rest = {(const uint8_t *)buf_text(bundle), bundle->len};

	for (unsigned i = 0; i < n; i++)
		TRY(bundle_next(&rest, &entries[i]));
	ENSURE(rest.len == 0, ERR_FALSE, "it is longer than its %u entries", n);
	return OK;
}

static enum err fetch_bundle(struct run *r, const struct tile *tile, struct bytes *entries)
{
	AUTO(buf) name = BUF(KIB);
	enum err e;

	buf_clear(&r->bundle);
	e = r->source.ops->tile(r->source.self, tile, &r->bundle);
	if (e == OK)
		e = split(&r->bundle, entries, tile->width);
	tile_path(tile, &name);
	return verify_found(e, "tile %s", buf_text(&name));
}

/* Following a change of the log's key requires the opening entry and the changes. An entry mistaken
 * for one is parsed like any other; a hidden one does not change the key. */
static bool must_read(const struct run *r, uint64_t index, const struct bytes *entry)
{
	static const char change[] = "\"log.key_";

	return !r->v->log_only || index == 0 ||
	       memmem(entry->data, entry->len, change, strlen(change));
}

/* Once an entry or tile differs, only hashing continues, to find which of them is wrong. */
static enum err check_bundle(struct run *r, uint64_t index, unsigned width)
{
	const struct tile tile = {.entries = true, .index = index, .width = width};
	struct bytes entries[TILE_WIDTH];
	struct sha256 leaves[TILE_WIDTH];
	uint64_t first = index * TILE_WIDTH, checked = r->tree.entries.size;

	TRY(fetch_bundle(r, &tile, entries));
	for (unsigned i = 0; i < width; i++)
		leaves[i] = merkle_leaf(entries[i].data, entries[i].len);
	TRY(tree_add(&r->tree, leaves, width));
	for (unsigned i = 0; i < width && !r->tree.differs; i++) {
		if (first + i < checked)
			continue;
		if (must_read(r, first + i, &entries[i]))
			TRY(replay_entry(&r->replay, first + i, entries[i].data, entries[i].len));
		r->out->entries++;
	}
	r->out->signatures = r->replay.signatures;
	return OK;
}

static enum err check_all(struct run *r)
{
	uint64_t size = r->out->checkpoint.size;
	unsigned width;

	for (uint64_t i = r->tree.entries.size / TILE_WIDTH; r->tree.entries.size < size; i++) {
		width = tile_width_at(size, 0, i);
		TRY(check_bundle(r, i, width));
		if (r->pool && sig_pool_failed(r->pool))
			return OK;
		if (r->v->progress)
			r->v->progress(r->v->arg, i * TILE_WIDTH + width, size);
	}
	return tree_end(&r->tree);
}

/* Signatures are verified in order while the replay continues, and an invalid one takes precedence
 * over any problem found since. */
static enum err check_entries(struct run *r)
{
	enum err e = check_all(r);
	AUTOFREE char *why = mem_text(err_why());
	uint64_t wrong;

	if (r->pool && sig_pool_wait(r->pool, &wrong) != OK) {
		r->out->entries = wrong - (r->since.resumed ? r->seen.checkpoint.size : 0);
		return verify_found(ERR_FALSE, "entry %" PRIu64, wrong);
	}
	return e == OK ? OK : fail(e, "%s", why);
}

/* An increment must request contents beyond its own entries: those they published or erased.
 * Contents that were withheld last time may be available now. */
static enum err ask_contents(struct run *r)
{
	if (r->since.resumed || r->replay.ungiven)
		TRY(replay_ask_again(&r->replay));
	if (r->since.resumed)
		TRY(replay_ask_erased(&r->replay, r->seen.checkpoint.size));
	return replay_contents(&r->replay);
}

/* While we read, a running register may erase or withhold a content that was there at our
 * checkpoint: that is no finding, but a reason to try again. */
static enum err check_contents(struct run *r)
{
	enum err e = ask_contents(r);
	AUTOFREE char *why = mem_text(err_why());
	AUTO(buf) note = BUF(NOTE_MAX);
	struct checkpoint newest;

	if (e != ERR_FALSE || r->out->folder)
		return e;
	TRY(open_checkpoint(r, &note, &newest));
	ENSURE(newest.size == r->out->checkpoint.size, ERR_BUSY,
		"the register changed while it was being verified: verify again");
	return fail(e, "%s", why);
}

/* Checks the trees of the statements by tiles that lead to the signed root. */
static enum err check_key_trees(struct run *r)
{
	AUTOFREE struct tile_reader *tiles = mem_new(sizeof(*tiles));
	struct nodes nodes;
	struct log_keys keys;

	TRY(log_keys_active(r->replay.db, &keys));
	if (!keys.n)
		return OK;
	TRY(tile_reader_open(&r->source, &r->out->checkpoint, tiles));
	nodes = tile_reader_nodes(tiles);
	return log_keys_check_trees(r->replay.db, &nodes);
}

/* Up to here any key was accepted. Now the known key must have led to it, by entries and signatures
 * of its own. */
static enum err check_keys(struct run *r)
{
	AUTOFREE struct note *note = mem_new(sizeof(*note));
	struct vkey newest;

	TRY(note_parse(buf_text(&r->note), r->note.len, note));
	TRY(check_key_trees(r));
	TRY(log_keys_follow(r->replay.db, &r->out->from, note, &newest));
	if (r->seen.exists && log_keys_follow(r->replay.db, &r->seen.key, note, &newest) != OK)
		return fail(ERR_INVALID,
			"%s remembers the log of another key, %s. For another log use another "
			"state file",
			r->v->state, r->seen.key.name);
	r->out->key = newest;
	return policy_check_keys(r->v, r->replay.db, r->out);
}

/* The cosigned checkpoint may lag behind, but must be of this very log. */
static enum err check_cosigned(struct run *r)
{
	AUTOFREE struct tile_reader *tiles = mem_new(sizeof(*tiles));
	const struct checkpoint *cosigned = &r->out->cosigned;
	struct nodes nodes;
	struct sha256 root;

	if (!cosigned->size || cosigned->size == r->out->checkpoint.size)
		return OK;
	TRY(tile_reader_open(&r->source, &r->out->checkpoint, tiles));
	nodes = tile_reader_nodes(tiles);
	TRY(merkle_root_of(&nodes, cosigned->size, &root));
	ENSURE(sha256_equal(&root, &cosigned->root), ERR_FALSE,
		"fork: the first %" PRIu64 " entries are not those that witnesses cosigned",
		cosigned->size);
	return OK;
}

/* A stranger's log is no fork of the known one. */
static enum err check_history(struct run *r)
{
	if (r->stranger)
		TRY(check_keys(r));
	TRY(check_extends(r));
	if (!r->stranger)
		TRY(check_keys(r));
	return check_cosigned(r);
}

static enum err check_model(struct run *r)
{
	if (!r->out->folder)
		return OK;
	r->out->no_model = !r->source.model;
	return model_check(&r->source, &r->replay, r->out->checkpoint.size, r->out->contents,
		r->look, &r->out->old_model);
}

/* An entry cannot be newer than the moment when somebody else saw it. This breaks no rule, because
 * times come from the register's own clock, but readers of the times must know. */
static enum err tell_ahead(struct run *r)
{
	struct verified *out = r->out;
	int64_t newest, seen = 0;
	uint64_t size;

	TRY(state_folded(&r->replay.state, &size, out->newest_at));
	TRY(time_parse(out->newest_at, &newest));
	for (size_t i = 0; out->judged && i < r->v->policy->witnesses_n; i++)
		if (out->verdict.cosigned[i] && out->verdict.time[i] > seen)
			seen = out->verdict.time[i];
	if (!seen)
		seen = env_now(&env_real);
	if (newest > seen + TIME_SLACK)
		time_text(seen, out->ahead_of);
	return OK;
}

/* Checks that need the complete replay. */
static enum err check_what_they_say(struct run *r)
{
	TRY(check_contents(r));
	TRY(replay_count(&r->replay, r->out));
	TRY(tell_ahead(r));
	return check_model(r);
}

static bool is_address(const char *where)
{
	return strncasecmp(where, "http://", 7) == 0 || strncasecmp(where, "https://", 8) == 0;
}

static enum err open_source(struct run *r)
{
	return is_address(r->v->where) ? source_url(r->v->where, NULL, NULL, &r->source)
	                               : source_dir(r->v->where, &r->source);
}

static enum err open_notes(struct run *r)
{
	buf_clear(&r->note);
	buf_clear(&r->cosigned);
	if (r->v->policy)
		TRY(verify_found(quorum_ask(&r->source, &r->cosigned), "the cosigned checkpoint"));
	return open_checkpoint(r, &r->note, &r->out->checkpoint);
}

static enum err judge_quorum(struct run *r)
{
	struct log_keys keys = {1, {r->out->key}};
	AUTO(quorum) q = {0};

	if (r->stranger)
		keys.key[keys.n++] = r->by;
	TRY(verify_found(
		quorum_find(r->v->policy, &keys, &r->out->checkpoint, &r->note, &r->cosigned, &q),
		"the checkpoint"));
	r->out->verdict = q.verdict;
	r->out->cosigned = q.checkpoint;
	r->out->judged = true;
	return OK;
}

/* A verdict that names the missing witnesses. */
static enum err end_quorum(struct run *r)
{
	const struct policy_verdict *verdict = &r->out->verdict;
	int64_t age = env_now(&env_real) - verdict->since;
	AUTO(buf) missing = BUF(16 * KIB);

	if (!verdict->met) {
		tlog_policy_names(r->v->policy, verdict, false, &missing);
		return fail(ERR_FALSE, "not enough witnesses cosigned the checkpoint: %s did not",
			buf_text(&missing));
	}
	ENSURE(r->out->cosigned.size == r->out->checkpoint.size || age <= QUORUM_LAG_MOST,
		ERR_FALSE,
		"not enough witnesses cosigned the checkpoint; the newest that has enough is of %" PRIu64
		" entries, %" PRIu64 " fewer, and was cosigned %" PRId64 " seconds ago",
		r->out->cosigned.size, r->out->checkpoint.size - r->out->cosigned.size, age);
	return OK;
}

/* Witnesses are asked once a checkpoint is served, so a new one gets a moment. */
static enum err check_quorum(struct run *r)
{
	const struct timespec pause = {.tv_nsec = QUORUM_PAUSE_MS * 1000000L};

	for (int i = 0; r->v->policy; i++) {
		TRY(judge_quorum(r));
		if (r->out->cosigned.size == r->out->checkpoint.size ||
			i == (r->out->cosigned.size ? QUORUM_LAG_TRIES : QUORUM_TRIES))
			return end_quorum(r);
		nanosleep(&pause, NULL);
		source_done(&r->source);
		TRY(open_source(r));
		TRY(open_notes(r));
	}
	return OK;
}

static enum err open_all(struct run *r)
{
	ENSURE(!r->v->since || r->v->state, ERR_INVALID, "--since needs --state FILE");
	ENSURE(!r->v->since || !r->v->log_only, ERR_INVALID,
		"--since and --log exclude each other");
	if (r->v->state)
		TRY(read_seen(r->v->state, &r->seen));
	TRY(open_source(r));
	r->out->log_only = r->v->log_only;
	r->out->folder = r->source.db != NULL && !r->v->log_only;
	TRY(choose_key(r));
	TRY(open_notes(r));
	return check_quorum(r);
}

static enum err open_replay(struct run *r)
{
	const struct checkpoint *old = r->seen.exists ? &r->seen.checkpoint : NULL;
	AUTOFREE char *path = NULL;

	if (!r->v->since)
		return replay_open(&r->source, r->out->checkpoint.origin, &r->replay);
	path = mem_printf("%s.model", r->v->state);
	TRY(since_open(path, old, &r->source, r->out->checkpoint.origin, &r->replay, &r->since));
	if (r->since.resumed) {
		enum err e = tree_resume(&r->tree, &r->seen.checkpoint.root);

		ENSURE(e != ERR_FALSE || !r->stranger, ERR_FALSE,
			"the checkpoint is not signed by the key of %s, and is of another log than "
			"was last verified",
			r->out->from.name);
		return e;
	}
	memcpy(r->since.full_at, r->at, TIME_TEXT);
	return OK;
}

static void report(struct run *r)
{
	r->out->has_old = r->seen.exists;
	r->out->old_size = r->seen.checkpoint.size;
	r->out->increment = r->since.resumed;
	memcpy(r->out->old_at, r->seen.at, TIME_TEXT);
	memcpy(r->out->full_at, r->since.full_at, TIME_TEXT);
}

/* Writes the model first: if writing the state file then fails, they disagree, and the next
 * verification starts at the first entry. */
static enum err remember(struct run *r)
{
	if (r->v->since)
		TRY(since_keep(&r->replay, &r->out->checkpoint, &r->since));
	return r->v->state ? write_seen(r) : OK;
}

static enum err check(struct run *r)
{
	TRY(open_all(r));
	TRY(check_not_smaller(r));
	r->tree = (struct tree){.source = &r->source,
		.signed_ = &r->out->checkpoint,
		.old_size = r->seen.checkpoint.size};
	TRY(open_replay(r));
	if (!r->v->log_only)
		r->pool = r->replay.pool = sig_pool_new(0);
	if (r->out->folder && r->replay.memory)
		r->look = model_look_begin(&r->source);
	TRY(check_entries(r));
	TRY(check_history(r));
	if (!r->v->log_only)
		TRY(check_what_they_say(r));
	report(r);
	return remember(r);
}

enum err verify_register(const struct verify *v, struct verified *out)
{
	struct run *r = mem_new(sizeof(*r));
	int64_t start = monotonic_ms();
	enum err e;

	*out = (struct verified){0};
	*r = (struct run){.v = v,
		.out = out,
		.note = BUF(NOTE_MAX),
		.cosigned = BUF(NOTE_MAX),
		.bundle = BUF(BUNDLE_MAX)};
	time_text(env_now(&env_real), r->at);
	e = check(r);
	/* A damaged database is a finding, too. */
	if (e == ERR_CORRUPT)
		e = fail(ERR_FALSE, "%s", err_why());
	out->milliseconds = monotonic_ms() - start;
	run_done(r);
	free(r);
	return e;
}
