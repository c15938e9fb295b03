/* Withholds and erases a flood of questions in one act. A span of time and networks select the
 * questions, first to be looked at; the transaction selects them again and adds one event that
 * lists them. */
#include "registry/event/fold.h"
#include "registry/event/settings.h"
#include "registry/office/office_parts.h"
#include "registry/query/query_parts.h"
#include "registry/write/private.h"

#include <string.h>
#include <time.h>

#define SAMPLES 5 /* of the first questions, and as many of the last */
#define NETWORKS 20

/* `?3` is a list of networks as JSON; NULL for all. */
#define FLOOD                                                                                  \
	" FROM feedback f LEFT JOIN asked_from a ON a.at = f.at AND a.feedback = f.id"         \
	" WHERE f.state = 'received' AND f.erased_entry IS NULL AND f.withdrawn_entry IS NULL" \
	" AND f.at >= ?1 AND f.at <= ?2"                                                       \
	" AND (?3 IS NULL OR a.network IN (SELECT value FROM json_each(?3)))"

SQL(ALL, "flood.all", "SELECT f.id, f.system, f.at, f.sha256, a.network" FLOOD " ORDER BY f.entry");
SQL(COUNT_ALL, "flood.count", "SELECT count(*)" FLOOD);
SQL(DECIDED, "flood.decided",
	"SELECT count(*) FROM feedback WHERE state IN ('published', 'withheld')"
	" AND at >= ?1 AND at <= ?2");
SQL(BY_NETWORK, "flood.by_network",
	"SELECT a.network, count(*) AS questions" FLOOD
	" GROUP BY a.network ORDER BY questions DESC, a.network LIMIT ?4");
SQL(FORGET, "flood.forget", "DELETE FROM contact WHERE feedback = ?1");

struct span {
	char from[TIME_TEXT], until[TIME_TEXT];
	char *networks; /* JSON; NULL for all. Owned */
};
static void span_done(struct span *s)
{
	free(s->networks);
}

/* A time in UTC, like those in the log, or in the zone of the register's city. */
static enum err read_time(const char *text, const char *what, char out[TIME_TEXT])
{
	static const char *const forms[] = {
		"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"};
	int64_t at;

	if (text && time_parse(text, &at) == OK) {
		time_text(at, out);
		return OK;
	}
	for (size_t i = 0; text && i < COUNT(forms); i++) {
		struct tm tm = {.tm_isdst = -1};
		const char *end = strptime(text, forms[i], &tm);

		if (end && !*end) {
			time_text((int64_t)mktime(&tm), out);
			return OK;
		}
	}
	return fail(ERR_INVALID,
		"%s: \"%.40s\" is not a time: write it as 2026-11-28T19:05, in the register's own "
		"time, or as 2026-11-28T10:05:00Z",
		what, text ? text : "");
}

static enum err read_networks(const json_t *list, struct span *out)
{
	if (!list)
		return OK;
	ENSURE(json_is_array(list) && json_array_size(list) > 0 && json_array_size(list) <= 1000,
		ERR_INVALID, "networks: a list of 1 to 1,000 is needed");
	json_each (list, one) {
		const char *s = json_string_value(one);

		ENSURE(s && strlen(s) == NETWORK_HEX &&
				strspn(s, "0123456789abcdef") == NETWORK_HEX,
			ERR_INVALID,
			"network: \"%.40s\" is not %d hexadecimal digits, as the list of networks has "
			"them",
			s ? s : "", NETWORK_HEX);
	}
	out->networks = json_dumps(list, JSON_COMPACT);
	return OK;
}

static enum err read_span(struct db *db, const json_t *request, struct span *out)
{
	TRY(settings_use_zone(db));
	TRY(read_time(json_str(request, "from"), "from", out->from));
	TRY(read_time(json_str(request, "until"), "until", out->until));
	ENSURE(strcmp(out->from, out->until) <= 0, ERR_INVALID, "from is after until");
	return read_networks(json_object_get(request, "networks"), out);
}

#define SPAN(s) text((s)->from), text((s)->until), text((s)->networks)

static json_t *sample(const struct snapshot *snap, struct rows *row)
{
	json_auto_t *content = office_content(snap, rows_text(row, 3));

	return json_make("{s:s,s:s?,s:s,s:s?,s:O?}", "feedback", rows_text(row, 0), "system",
		rows_text(row, 1), "at", rows_text(row, 2), "network", rows_text(row, 4), "text",
		json_object_get(content, "text"));
}

static enum err add_samples(
	const struct snapshot *snap, const struct span *s, int64_t n, json_t *reply)
{
	AUTO(rows) rows = {0};
	json_t *list = json_array();

	json_put(reply, "samples", list);
	TRY(db_query(snap->model, ALL, BIND(SPAN(s)), &rows));
	for (int64_t i = 0; rows_next(&rows); i++)
		if (i < SAMPLES || i >= n - SAMPLES)
			json_push(list, sample(snap, &rows));
	return rows_end(&rows);
}

static enum err add_networks(const struct snapshot *snap, const struct span *s, json_t *reply)
{
	json_t *list;

	TRY(query_rows(snap, BY_NETWORK, BIND(SPAN(s), num(NETWORKS)), &list));
	json_put(reply, "networks", list);
	return OK;
}

enum err office_flood(
	struct reg *reg, const struct snapshot *snap, const json_t *request, json_t *reply)
{
	AUTO(span) span = {0};
	int64_t n, decided;

	TRY(read_span(snap->model, request, &span));
	TRY(db_int(snap->model, COUNT_ALL, BIND(SPAN(&span)), &n));
	TRY(db_int(snap->model, DECIDED, BIND(text(span.from), text(span.until)), &decided));
	json_put(reply, "from", json_text(span.from));
	json_put(reply, "until", json_text(span.until));
	json_put(reply, "count", json_integer(n));
	json_put(reply, "decided", json_integer(decided));
	TRY(add_networks(snap, &span, reply));
	return add_samples(snap, &span, n, reply);
}

/* The ids, sorted, as the event lists them. */
static enum err select_all(struct db *db, const struct span *s, json_t *ids)
{
	AUTO(rows) rows = {0};

	TRY(db_query(db, ALL, BIND(SPAN(s)), &rows));
	while (rows_next(&rows))
		json_push(ids, json_text(rows_text(&rows, 0)));
	return rows_end(&rows);
}

static int by_digits(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static json_t *sorted(const json_t *ids)
{
	size_t n = json_array_size(ids);
	AUTOFREE const char **texts = mem_new((n + 1) * sizeof(*texts));
	json_t *out = json_array();

	for (size_t i = 0; i < n; i++)
		texts[i] = json_string_value(json_array_get(ids, i));
	qsort(texts, n, sizeof(*texts), by_digits);
	for (size_t i = 0; i < n; i++)
		json_push(out, json_text(texts[i]));
	return out;
}

enum err office_feedback_sweep(struct tx *tx, const json_t *request, json_t *reply)
{
	struct state *state = tx_state(tx);
	json_auto_t *ids = json_array();
	char origin[KEY_NAME_MAX + 1];
	AUTO(span) span = {0};
	size_t n;

	TRY(read_span(state->db, request, &span));
	TRY(select_all(state->db, &span, ids));
	n = json_array_size(ids);
	ENSURE(n > 0, ERR_NOT_FOUND,
		"no question that nothing is decided about came in from %s to %s there", span.from,
		span.until);
	ENSURE((int64_t)n == json_num(request, "count"), ERR_CONFLICT,
		"%zu questions are selected, not %lld: look at them again", n,
		(long long)json_num(request, "count"));
	ENSURE(n <= SWEEP_MAX, ERR_TOO_LARGE,
		"%zu questions are selected; one act takes %d: choose a shorter span, and do it again "
		"for the rest",
		n, SWEEP_MAX);
	TRY(state_origin(state, origin));
	TRY(office_add(tx,
		(struct draft){.type = "feedback.swept",
			.subject = origin,
			.members = json_make("{s:I}", "questions", (json_int_t)n),
			.content = json_make("{s:o}", "feedback", sorted(ids))},
		reply));
	json_put(reply, "questions", json_integer((json_int_t)n));
	json_each (ids, one)
		TRY(db_run(state->db, FORGET, BIND(text(json_string_value(one)))));
	return OK;
}
