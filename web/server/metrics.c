#include "web/server/metrics.h"

#include "base/security.h"
#include "base/zone.h"
#include "registry/query/query.h"
#include "web/http/acceptor.h"
#include "web/http/gate.h"
#include "web/http/mhd.h"
#include "web/server/server.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define CONNECTIONS_OF_WATCHERS 16u
#define TYPE "text/plain; version=0.0.4; charset=utf-8"

struct metrics {
	struct web *web;
	struct acceptor *acceptor;
	struct gate *gate;
	struct MHD_Daemon *daemon;
};

struct metric {
	const char *name, *type, *help;
};
#define METRIC(variable, ...) static const struct metric variable[1] = {{__VA_ARGS__}}
METRIC(ENTRIES, "gaya_entries", "gauge", "Entries in the log, as the writer last had them.");
METRIC(CHECKPOINT, "gaya_checkpoint_size", "gauge", "Entries under the served checkpoint.");
METRIC(NEWEST, "gaya_newest_entry_seconds", "gauge",
	"Since the newest of these, by this machine's clock; below 0: it is of the future.");
METRIC(UNSIGNED, "gaya_unsigned", "gauge", "1: entries are kept that are not signed yet.");
METRIC(HALTED, "gaya_halted", "gauge",
	"1: a witness has proof of another history, and nothing is written.");
METRIC(DAMAGED, "gaya_model_damaged", "gauge",
	"1: the read model is damaged, and not mended yet (docs/operate.md).");
METRIC(COMMITS, "gaya_commits_total", "counter", "Transactions since the start.");
METRIC(REFUSED, "gaya_refused_total", "counter", "Jobs refused because the queue was full.");
METRIC(SIGNER_STARTS, "gaya_signer_starts_total", "counter",
	"Starts of the signer's process; more than one: it died.");
METRIC(DISK_FREE, "gaya_disk_free_bytes", "gauge",
	"Bytes that the disk under the register's folder has left.");
METRIC(DISK_FLOOR, "gaya_disk_floor_bytes", "gauge", "With less than that nothing is written.");
METRIC(DISK_FULL, "gaya_disk_full", "gauge", "1: there is less, and writes are answered with 507.");
METRIC(CLOCK_JUMP, "gaya_clock_jump_seconds", "gauge",
	"How far the clock was set since the start; writes are answered with 503 until it is 0.");
METRIC(SCRUB_ENTRIES, "gaya_scrub_entries", "gauge", "Entries read again in this pass.");
METRIC(SCRUB_CONTENTS, "gaya_scrub_contents", "gauge", "Contents read again in this pass.");
METRIC(SCRUB_PASSES, "gaya_scrub_passes_total", "counter", "Times that all was read again.");
METRIC(SCRUB_FAULTS, "gaya_scrub_faults_total", "counter",
	"What did not read back as it was written; must be 0.");
METRIC(SECURITY, "gaya_security_total", "counter",
	"What looks like an attack, since the start, by kind (docs/operate.md).");
METRIC(CACHE_BYTES, "gaya_cache_bytes", "gauge", "Bytes of ready-made answers.");
METRIC(CACHE_ENTRIES, "gaya_cache_entries", "gauge", "Ready-made answers.");
METRIC(FILINGS, "gaya_filings_waiting", "gauge", "Filings that wait for the office.");
METRIC(OLDEST_FILING, "gaya_filing_oldest_seconds", "gauge",
	"Since the first of these came in; left out where none waits.");
METRIC(JUDGED, "gaya_judgements_waiting", "gauge",
	"Systems whose level changed under new policies and that nobody looked at.");
METRIC(UNDECIDED, "gaya_questions_undecided", "gauge", "Questions neither published nor withheld.");
METRIC(UNANSWERED, "gaya_questions_unanswered", "gauge",
	"Questions, undecided or published, without an answer.");
METRIC(LATE, "gaya_questions_overdue", "gauge",
	"Of these, those whose day of the answer is over (the setting answer_days).");
METRIC(REVIEWS, "gaya_reviews_overdue", "gauge", "Systems whose next review was due.");
METRIC(DUTIES, "gaya_duties_overdue", "gauge",
	"Duties by the policies whose day is over and that their records do not show to be met.");
METRIC(INTAKE_NOW, "gaya_intake_bytes", "gauge",
	"Bytes set aside for the bodies of requests in flight.");
METRIC(INTAKE_MOST, "gaya_intake_max_bytes", "gauge",
	"With no more than that left for a body, its request is answered with 503.");
METRIC(INTAKE_REFUSED, "gaya_intake_refused_total", "counter",
	"Requests that were answered so since the start.");
METRIC(CONNECTIONS, "gaya_connections", "gauge", "Connections of readers and senders.");
METRIC(CONNECTIONS_MOST, "gaya_connections_max", "gauge",
	"With so many the one that is idle for longest makes room for the next.");
METRIC(CONNECTIONS_REFUSED, "gaya_connections_refused_total", "counter",
	"Connections that were refused, most for too many from one address.");
METRIC(REQUESTS_LATE, "gaya_requests_late_total", "counter",
	"Requests that took too long to come, and answers that took too long to be taken.");
METRIC(REQUESTS_MALFORMED, "gaya_requests_malformed_total", "counter",
	"Requests refused for their form (docs/operate.md).");
METRIC(REQUESTS_READY, "gaya_requests_ready_total", "counter",
	"Requests for cached pages that were answered at once, before any other step.");
METRIC(QUORUM, "gaya_quorum_met", "gauge",
	"1: the served checkpoint has the cosignatures that the policy asks for.");
METRIC(COSIGNED, "gaya_cosigned_size", "gauge",
	"Entries under the newest checkpoint with a quorum of cosignatures.");
METRIC(WITNESS_SIZE, "gaya_witness_size", "gauge", "Entries that the witness cosigned last.");
METRIC(WITNESS_AGE, "gaya_witness_age_seconds", "gauge", "Since its latest cosignature.");
METRIC(WITNESS_FAILURES, "gaya_witness_failures_total", "counter",
	"Requests that it did not answer with a cosignature.");
METRIC(WITNESS_ALARM, "gaya_witness_alarm", "gauge",
	"1: it has seen a longer or another history than ours.");

static void head(const struct metric *m, struct buf *out)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", m->name, m->help, m->name, m->type);
}

static void add(const struct metric *m, uint64_t value, struct buf *out)
{
	head(m, out);
	buf_printf(out, "%s %" PRIu64 "\n", m->name, value);
}

static void add_server(struct web *web, struct buf *out)
{
	struct reg_health health = reg_health(web->site.reg);
	struct gate_health gate = gate_health(web->gate);
	struct intake_health intake = intake_health(web->intake);
	size_t bytes, entries;

	cache_size(web->site.cache, &bytes, &entries);
	add(ENTRIES, health.size, out);
	add(UNSIGNED, health.unsigned_, out);
	add(COMMITS, health.commits, out);
	add(REFUSED, health.refused, out);
	add(SIGNER_STARTS, health.signer_starts, out);
	if (health.room != UINT64_MAX)
		add(DISK_FREE, health.room, out);
	add(DISK_FLOOR, health.floor, out);
	add(HALTED, health.halted, out);
	add(DAMAGED, health.damaged, out);
	add(DISK_FULL, reg_is_full(&health), out);
	head(CLOCK_JUMP, out);
	buf_printf(out, "%s %" PRId64 "\n", CLOCK_JUMP->name, health.clock_jump);
	add(SCRUB_ENTRIES, health.scrub.entries, out);
	add(SCRUB_CONTENTS, health.scrub.contents, out);
	add(SCRUB_PASSES, health.scrub.passes, out);
	add(SCRUB_FAULTS, health.scrub.faults, out);
	add(CACHE_BYTES, bytes, out);
	add(CACHE_ENTRIES, entries, out);
	add(INTAKE_NOW, intake.bytes, out);
	add(INTAKE_MOST, intake.max, out);
	add(INTAKE_REFUSED, intake.refused, out);
	add(CONNECTIONS, gate.connections, out);
	add(CONNECTIONS_MOST, gate.max, out);
	add(CONNECTIONS_REFUSED, gate.refused, out);
	add(REQUESTS_LATE, gate.late, out);
	add(REQUESTS_MALFORMED, gate.malformed, out);
	add(REQUESTS_READY, gate.ready, out);
}

static void add_security(struct buf *out)
{
	head(SECURITY, out);
	for (unsigned kind = 0; kind < SECURITY_KINDS; kind++)
		buf_printf(out, "%s{kind=\"%s\"} %" PRIu64 "\n", SECURITY->name,
			security_kinds[kind].name, security_count(kind));
}

static uint64_t cosigned_size(const struct snapshot *snap)
{
	const struct store *store = &snap->log;
	AUTO(buf) note = BUF(NOTE_MAX);
	struct checkpoint cp;
	struct note parsed;

	if (store->ops->cosigned(store->self, &note) != OK ||
		note_parse(buf_text(&note), note.len, &parsed) != OK ||
		checkpoint_parse(parsed.text, parsed.text_len, &cp) != OK)
		return 0;
	return cp.size;
}

static bool quorum_met(const struct web *web, const struct buf *note)
{
	struct policy_verdict verdict;
	struct note parsed;

	return note_parse(buf_text(note), note->len, &parsed) == OK &&
	       tlog_policy_judge(witnesses_policy(web->site.witnesses), &parsed, &verdict) == OK &&
	       verdict.met;
}

static void add_newest(const struct snapshot *snap, int64_t now, struct buf *out)
{
	json_auto_t *folded = NULL;
	int64_t newest;

	if (query_register(snap, &folded) != OK ||
		time_parse(json_str(folded, "at"), &newest) != OK)
		return;
	head(NEWEST, out);
	buf_printf(out, "%s %" PRId64 "\n", NEWEST->name, now - newest);
}

/* The checkpoint that is served; left out if it cannot be read. */
static void add_checkpoint(struct web *web, struct buf *out)
{
	AUTO(buf) note = BUF(NOTE_MAX);
	uint64_t size, cosigned;
	const struct snapshot *snap;
	enum err e;

	if (reg_read(web->site.reg, &snap) != OK)
		return;
	e = log_checkpoint(&snap->log, &note, &size);
	cosigned = web->site.witnesses ? cosigned_size(snap) : 0;
	add_newest(snap, site_now(&web->site), out);
	reg_read_done(web->site.reg, snap);
	if (e != OK)
		return;
	add(CHECKPOINT, size, out);
	if (!web->site.witnesses)
		return;
	add(QUORUM, quorum_met(web, &note), out);
	add(COSIGNED, cosigned, out);
}

/* Work that waits for people; left out if it cannot be read. */
static void add_waiting(struct web *web, struct buf *out)
{
	char asked_before[TIME_TEXT], today[DAY_TEXT];
	int64_t now = site_now(&web->site), oldest;
	json_auto_t *waiting = NULL;
	const char *at;
	const struct snapshot *snap;
	enum err e;

	if (reg_read(web->site.reg, &snap) != OK)
		return;
	zone_day(now, 0, today);
	query_asked_before(snap, now, asked_before);
	e = query_waiting(snap, asked_before, today, &waiting);
	reg_read_done(web->site.reg, snap);
	if (e != OK)
		return;
	add(FILINGS, (uint64_t)json_num(waiting, "filings"), out);
	at = json_str(waiting, "oldest");
	if (at && time_parse(at, &oldest) == OK)
		add(OLDEST_FILING, now > oldest ? (uint64_t)(now - oldest) : 0, out);
	add(JUDGED, (uint64_t)json_num(waiting, "judged"), out);
	add(UNDECIDED, (uint64_t)json_num(waiting, "undecided"), out);
	add(UNANSWERED, (uint64_t)json_num(waiting, "unanswered"), out);
	add(LATE, (uint64_t)json_num(waiting, "late"), out);
	add(REVIEWS, (uint64_t)json_num(waiting, "reviews"), out);
	add(DUTIES, (uint64_t)json_num(waiting, "duties"), out);
}

/* Names of keys hold no control bytes, so only these two need escaping. */
static void add_label(const char *name, struct buf *out)
{
	buf_puts(out, "{witness=\"");
	for (; *name; name++) {
		if (*name == '"' || *name == '\\')
			buf_putc(out, '\\');
		buf_putc(out, *name);
	}
	buf_puts(out, "\"} ");
}

static uint64_t value_of(const struct metric *m, const struct witness_status *s, int64_t now)
{
	if (m == WITNESS_SIZE)
		return s->size;
	if (m == WITNESS_AGE)
		return now > s->time ? (uint64_t)(now - s->time) : 0;
	return m == WITNESS_FAILURES ? s->failures : s->alarm;
}

static void add_witnesses(struct web *web, struct buf *out)
{
	static const struct metric *const each[] = {
		WITNESS_SIZE, WITNESS_AGE, WITNESS_FAILURES, WITNESS_ALARM};
	const struct tlog_policy *policy = witnesses_policy(web->site.witnesses);
	struct witness_status status[POLICY_WITNESSES];
	int64_t now = site_now(&web->site);

	witnesses_status(web->site.witnesses, status);
	for (size_t m = 0; m < COUNT(each); m++) {
		head(each[m], out);
		for (size_t i = 0; i < policy->witnesses_n; i++) {
			if (each[m] == WITNESS_AGE && !status[i].time)
				continue; /* "never" has no age */
			buf_puts(out, each[m]->name);
			add_label(policy->witnesses[i].key.name, out);
			buf_printf(out, "%" PRIu64 "\n", value_of(each[m], &status[i], now));
		}
	}
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *data, size_t *data_len, void **state)
{
	const struct metrics *m = cls;
	bool found = strcmp(url, "/metrics") == 0 && strcmp(method, "GET") == 0;
	AUTO(buf) body = BUF(MIB);
	struct MHD_Response *response;
	enum MHD_Result sent;

	*data_len = 0;
	if (!*state) { /* answered at the next call, which keeps the connection */
		*state = cls;
		return MHD_YES;
	}
	if (found) {
		add_server(m->web, &body);
		add_security(&body);
		add_checkpoint(m->web, &body);
		add_waiting(m->web, &body);
		if (m->web->site.witnesses)
			add_witnesses(m->web, &body);
	} else {
		buf_puts(&body, "only /metrics is here\n");
	}
	response = mhd.create_response_from_buffer(body.len, body.data, MHD_RESPMEM_MUST_COPY);
	if (!response)
		abort();
	mhd.add_response_header(response, "Content-Type", TYPE);
	mhd.add_response_header(response, "X-Content-Type-Options", "nosniff");
	mhd.add_response_header(
		response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
	sent = mhd.queue_response(connection, found ? MHD_HTTP_OK : MHD_HTTP_NOT_FOUND, response);
	mhd.destroy_response(response);
	return sent;
}

static void on_completed(void *cls, struct MHD_Connection *connection, void **state,
	enum MHD_RequestTerminationCode why)
{
	gate_on_completed(connection, why);
}

static enum err start(struct metrics *m, const char *listen)
{
	const struct gate_options gating = {.connections = CONNECTIONS_OF_WATCHERS, .headers = ""};
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC;

	TRY(acceptor_open(listen, &m->acceptor));
	TRY(gate_new(&gating, &m->gate));
	m->daemon = mhd.start_daemon(flags, 0, NULL, NULL, on_request, m,
		MHD_OPTION_NOTIFY_CONNECTION, gate_on_connection, m->gate,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_CONNECTION_LIMIT,
		GATE_CONNECTIONS(CONNECTIONS_OF_WATCHERS), MHD_OPTION_CONNECTION_TIMEOUT, 30u,
		MHD_OPTION_END);
	ENSURE(m->daemon, ERR_SYSTEM, "the thread for metrics cannot be started");
	return acceptor_start(m->acceptor, m->gate, m->daemon);
}

enum err metrics_start(struct web *web, const char *listen, struct metrics **out)
{
	struct metrics *m = mem_new(sizeof(*m));
	enum err e;

	m->web = web;
	e = start(m, listen);
	if (e != OK) {
		e = fail(e, "%s", err_why());
		metrics_stop(m);
		return e;
	}
	*out = m;
	return OK;
}

void metrics_stop(struct metrics *m)
{
	if (!m)
		return;
	acceptor_free(m->acceptor);
	if (m->daemon)
		mhd.stop_daemon(m->daemon);
	gate_free(m->gate);
	free(m);
}

unsigned metrics_port(const struct metrics *m)
{
	return acceptor_port(m->acceptor);
}
