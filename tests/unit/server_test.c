/* A server under all loads at once: readers of pages and of the log, citizens who ask, the office
 * and a department. Built under ASan and under TSan. */
#include "audit/log.h"
#include "audit/proof.h"
#include "base/env.h"
#include "registry/office/rejudge.h"
#include "registry/query/query.h"
#include "registry/write/writer.h"
#include "tests/unit/small_policy.h"
#include "tests/unit/small_register.h"
#include "web/server/server.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#define PAGE_READERS 4
#define LOG_READERS 2
#define DOWNLOADERS 2
#define READERS (PAGE_READERS + LOG_READERS + DOWNLOADERS)
#define CITIZENS 6
#define CHECKERS 8
#define QUESTIONS_MAX 4000 /* of one citizen */
#define SECONDS 2          /* of each load; once under ASan, once under TSan */
#define BODY_MAX (4 * MIB)

static char dir[64];
static struct reg *reg;
static struct web *web;
static char base[64];
static struct vkey log_key;
static atomic_bool over; /* the readers stop */

/* The machine's clock plus an offset set by the tests. */
static atomic_llong ahead;

static int64_t shifted_now(void *arg)
{
	return env_now(&env_real) + ahead;
}

static void shifted_random(void *arg, void *out, size_t len)
{
	env_random(&env_real, out, len);
}
static const struct env shifted = {.now = shifted_now, .random = shifted_random};

/* A thread cannot fail a cmocka test, so it stores the reason and the test checks it. */
static pthread_mutex_t faults_mutex = PTHREAD_MUTEX_INITIALIZER;
static unsigned faults_n;
static char first_fault[1024];

static void fault(const char *fmt, ...) PRINTF(1, 2);
static void fault(const char *fmt, ...)
{
	va_list ap;

	pthread_mutex_lock(&faults_mutex);
	va_start(ap, fmt);
	if (!faults_n++)
		vsnprintf(first_fault, sizeof(first_fault), fmt, ap);
	va_end(ap);
	pthread_mutex_unlock(&faults_mutex);
}

static void assert_no_fault(void)
{
	if (faults_n)
		fail_msg("%u faults, the first: %s", faults_n, first_fault);
}

/* --- a client --- */

struct client {
	CURL *curl;
	struct buf body;
	char location[200];
	long status;
	unsigned answers;
};

static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
	buf_add(&((struct client *)arg)->body, data, size * n);
	return size * n;
}

static size_t on_header(char *line, size_t size, size_t n, void *arg)
{
	struct client *c = arg;

	if (size * n > 10 && strncasecmp(line, "Location: ", 10) == 0)
		snprintf(c->location, sizeof(c->location), "%.*s", (int)(size * n - 12), line + 10);
	return size * n;
}

static struct client client_new(void)
{
	return (struct client){.curl = curl_easy_init(), .body = BUF(BODY_MAX)};
}

static void client_done(struct client *c)
{
	curl_easy_cleanup(c->curl);
	buf_done(&c->body);
}

/* GET, or POST of a form where there is one. */
static void get(struct client *c, const char *path, const char *form)
{
	AUTOFREE char *url = mem_printf("%s%s", base, path);
	CURLcode rc;

	curl_easy_reset(c->curl);
	buf_clear(&c->body);
	c->location[0] = '\0';
	c->status = 0;
	curl_easy_setopt(c->curl, CURLOPT_URL, url);
	curl_easy_setopt(c->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c->curl, CURLOPT_TIMEOUT, 30L);
	curl_easy_setopt(c->curl, CURLOPT_ACCEPT_ENCODING, c->answers % 2 ? "gzip" : "identity");
	curl_easy_setopt(c->curl, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c->curl, CURLOPT_WRITEDATA, c);
	curl_easy_setopt(c->curl, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c->curl, CURLOPT_HEADERDATA, c);
	if (form)
		curl_easy_setopt(c->curl, CURLOPT_POSTFIELDS, form);
	rc = curl_easy_perform(c->curl);
	if (rc == CURLE_OK)
		curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &c->status);
	else if (!form) /* a question may meet the end of the server, when that is the test */
		fault("%s: %s", path, curl_easy_strerror(rc));
	c->answers++;
}

static bool get_ok(struct client *c, const char *path)
{
	get(c, path, NULL);
	if (c->status != 200)
		fault("%s: status %ld: %.200s", path, c->status, buf_text(&c->body));
	return c->status == 200;
}

/* --- who reads pages --- */

static const char *const pages[] = {"/ko/", "/en/", "/ko/systems", "/en/systems?q=water",
	"/ko/systems/smart-water", "/en/systems/smart-water", "/en/systems/smart-water.json",
	"/ko/systems/smart-water.md", "/ko/systems/smart-water/versions",
	"/en/systems/smart-water/versions/1", "/ko/systems/smart-water/feedback",
	"/en/systems/smart-water/feedback", ("/ko/departments/" DEPARTMENT), "/en/departments",
	"/ko/verify", "/static/style.css", "/sitemap.xml", "/api/v1/systems",
	"/api/v1/systems/smart-water", "/api/v1/register", "/healthz"};

static void *read_pages(void *arg)
{
	struct client c = client_new();
	unsigned *answers = arg;

	for (unsigned i = (unsigned)(uintptr_t)arg; !over || !c.answers; i++) {
		const char *path = pages[i % COUNT(pages)];

		/* A question is shown only once the office has published it. */
		if (get_ok(&c, path) && strstr(buf_text(&c.body), "for the office alone"))
			fault("%s shows an unpublished question", path);
	}
	*answers = c.answers;
	client_done(&c);
	return NULL;
}

/* --- who reads the log --- */

static bool read_checkpoint(struct client *c, struct checkpoint *out)
{
	if (!get_ok(c, "/log/checkpoint"))
		return false;
	if (checkpoint_open(buf_text(&c->body), c->body.len, &log_key, out) != OK) {
		fault("a checkpoint does not verify: %s", err_why());
		return false;
	}
	return true;
}

static void check_consistency(
	struct client *c, const struct checkpoint *old, const struct checkpoint *new)
{
	AUTOFREE char *path = mem_printf("/log/consistency/%llu/%llu",
		(unsigned long long)old->size, (unsigned long long)new->size);
	struct path proof = {0};
	const char *line, *end;

	if (!get_ok(c, path))
		return;
	for (line = buf_text(&c->body); (end = strchr(line, '\n')); line = end + 1) {
		AUTO(buf) hash = BUF(SHA256);

		if (base64_parse(line, (size_t)(end - line), &hash) != OK || hash.len != SHA256)
			fault("%s is not made of hashes", path);
		else
			memcpy(proof.hash[proof.n++].bytes, hash.data, SHA256);
	}
	if (merkle_check_consistency(old->size, new->size, &old->root, &new->root, &proof) != OK)
		fault("%s: %s", path, err_why());
}

/* The hashes of the newest tile must be those of its entries. */
static void check_tile(struct client *c, uint64_t size)
{
	struct tile tile = {
		.index = (size - 1) / TILE_WIDTH, .width = (unsigned)((size - 1) % TILE_WIDTH + 1)};
	AUTO(buf) path = BUF(KIB), hashes = BUF(TILE_BYTES);
	struct bytes rest, entry;

	buf_puts(&path, "/log/tile/");
	tile_path(&tile, &path);
	if (!get_ok(c, buf_text(&path)))
		return;
	buf_add(&hashes, c->body.data, c->body.len);
	buf_clear(&path);
	buf_puts(&path, "/log/tile/");
	tile.entries = true;
	tile_path(&tile, &path);
	if (!get_ok(c, buf_text(&path)))
		return;
	rest = (struct bytes){(const uint8_t *)c->body.data, c->body.len};
	for (size_t i = 0; i < tile.width; i++) {
		struct sha256 leaf;

		if (bundle_next(&rest, &entry) != OK) {
			fault("%s is cut off", buf_text(&path));
			return;
		}
		leaf = merkle_leaf(entry.data, entry.len);
		if (hashes.len < (i + 1) * SHA256 ||
			memcmp(hashes.data + i * SHA256, leaf.bytes, SHA256) != 0)
			fault("%s and its hashes differ at %zu", buf_text(&path), i);
	}
}

static void *read_log(void *arg)
{
	struct client c = client_new();
	struct checkpoint last = {0}, now;

	while (!over || !c.answers) {
		if (!read_checkpoint(&c, &now))
			continue;
		if (now.size < last.size)
			fault("the log went back from %llu to %llu", (unsigned long long)last.size,
				(unsigned long long)now.size);
		if (last.size && now.size >= last.size)
			check_consistency(&c, &last, &now);
		check_tile(&c, now.size);
		last = now;
	}
	*(unsigned *)arg = c.answers;
	client_done(&c);
	return NULL;
}

/* Every download is of a complete register, and not older than the one before. */
static void *read_exports(void *arg)
{
	struct client c = client_new();
	long long last = 0;

	while (!over || !c.answers) {
		const char *entries;
		long long now;

		if (!get_ok(&c, "/data/short-list.csv") ||
			!get_ok(&c, "/data/short-list.csv.report.json"))
			continue;
		entries = strstr(buf_text(&c.body), "\"entries\":");
		now = entries ? atoll(entries + 10) : 0;
		if (now < last || !strstr(buf_text(&c.body), "\"counts\""))
			fault("a download went from %lld entries to %lld", last, now);
		last = now;
	}
	*(unsigned *)arg = c.answers;
	client_done(&c);
	return NULL;
}

/* --- citizens --- */

struct citizen {
	unsigned number, answers, asked;
	uint64_t entry[QUESTIONS_MAX]; /* of each acknowledged question */
	char id[QUESTIONS_MAX][FEEDBACK_ID + 1];
	bool checks; /* its proofs, at once */
};
static struct citizen citizens[CITIZENS];

static enum err proof_holds(const struct proof *p, char id[FEEDBACK_ID + 1])
{
	json_auto_t *extra = NULL;
	AUTO(event) ev = {0};
	struct sha256 leaf;
	const char *entry;

	TRY(json_read(buf_text(&p->extra), p->extra.len, PROOF_EXTRA_MAX, RULES_LOOSE, &extra));
	entry = json_str(extra, "entry");
	if (!entry)
		return (fail)(ERR_INVALID, "the receipt has no entry");
	leaf = merkle_leaf(entry, strlen(entry));
	TRY(proof_check(p, &leaf, &log_key));
	TRY(event_parse(entry, strlen(entry), &ev));
	strcpy(id, ev.subject);
	return OK;
}

/* The proof under a receipt's address must hold under the key we know. */
static void check_receipt(struct client *c, struct citizen *citizen, const char *receipt)
{
	AUTOFREE char *path = mem_printf("%s/receipt.tlog-proof", receipt);
	AUTO(proof) proof = {0};

	if (!get_ok(c, path))
		return;
	if (proof_parse(buf_text(&c->body), c->body.len, &proof) != OK ||
		proof_holds(&proof, citizen->id[citizen->asked]) != OK)
		fault("%s: %s", path, err_why());
	citizen->entry[citizen->asked++] = proof.index;
}

static void *ask_questions(void *arg)
{
	struct citizen *citizen = arg;
	struct client c = client_new();

	while (!over && citizen->asked < QUESTIONS_MAX) {
		AUTOFREE char *form = mem_printf("text=for+the+office+alone+%u-%u&lang=en&email=%s",
			citizen->number, c.answers, c.answers % 3 ? "" : "a%40b.kr");

		get(&c, "/en/systems/smart-water/feedback", form);
		if (c.status == 303) {
			AUTOFREE char *receipt = mem_text(c.location);

			check_receipt(&c, citizen, receipt);
		} else {
			fault("a question: status %ld: %.200s", c.status, buf_text(&c.body));
		}
	}
	citizen->answers = c.answers;
	client_done(&c);
	return NULL;
}

/* --- the office and a department --- */

static void office_does(json_t *request)
{
	enum err e = office(reg, request);

	if (e != OK)
		fault("the office: %s", err_why());
}

static void decide_question(unsigned n)
{
	struct job_ask a = question("smart-water", n);

	a.text = "for everyone to read";
	if (reg_do(reg, &a.job) != OK)
		fault("a question of the office's own: %s", err_why());
	if (n % 3)
		office_does(json_make("{s:s,s:s}", "do", "feedback-publish", "feedback", a.id));
	else
		office_does(json_make("{s:s,s:s,s:o}", "do", "feedback-withhold", "feedback", a.id,
			"reason", reason("전화번호가 있습니다.")));
	if (n % 3 == 1)
		office_does(json_make("{s:s,s:s,s:o}", "do", "feedback-answer", "feedback", a.id,
			"text", reason("답변입니다.")));
}

static void publish_version(unsigned n)
{
	AUTOFREE char *name = mem_printf("Smart water %u", n);
	AUTO(signed_event) event = {0};

	sign_filing(&env_real, "smart-water", renamed("smart-water", name),
		latest_of(reg, "system", "smart-water"), &event);
	if (send_signed(reg, &event) != OK)
		fault("a filing: %s", err_why());
	office_does(json_make("{s:s,s:s}", "do", "approve", "system", "smart-water"));
}

/* A change must be on the next page that anyone receives. */
static void check_shown(struct client *c, unsigned n)
{
	AUTOFREE char *name = mem_printf("Smart water %u<", n);

	if (get_ok(c, "/en/systems/smart-water") && !strstr(buf_text(&c->body), name))
		fault("version %u is published and its page does not show it", n);
}

static void *govern(void *arg)
{
	struct client c = client_new();

	for (unsigned n = 0; !over || !n; n++) {
		decide_question(1000000 + n);
		publish_version(n);
		check_shown(&c, n);
		office_does(json_make("{s:s,s:s,s:o}", "do", "suspend", "system", "smart-water",
			"reason", reason("점검합니다.")));
		office_does(json_make("{s:s,s:s,s:o}", "do", "resume", "system", "smart-water",
			"reason", reason("마쳤습니다.")));
		if (n % 8 == 0)
			office_does(json_make("{s:s}", "do", "rebuild"));
		++*(unsigned *)arg;
	}
	client_done(&c);
	return NULL;
}

/* --- the tests --- */

static int read_ms;             /* 0: as long as always */
static int64_t export_pause_ms; /* 0: as long as always */

static void start_server(void)
{
	static const char *const exports[] = {"tests/profiles/short-list", NULL};
	struct web_options options = {.listen = "127.0.0.1:0",
		.threads = 3,
		.cache_bytes = 2 * MIB,
		.exports = exports,
		.read_ms = read_ms,
		.export_pause_ms = export_pause_ms};

	must(reg_open(dir, &shifted, &reg));
	log_key = *reg_vkey(reg);
	must(web_start(reg, &options, &web));
	snprintf(base, sizeof(base), "http://127.0.0.1:%u", web_port(web));
}

static void stop_server(void)
{
	web_stop(TAKE(web));
	reg_close(TAKE(reg));
}

static unsigned asked_in_all(void)
{
	unsigned n = 0;

	for (size_t i = 0; i < CITIZENS; i++)
		n += citizens[i].asked;
	return n;
}

static void start_citizens(pthread_t threads[CITIZENS])
{
	memset(citizens, 0, sizeof(citizens));
	over = false;
	for (unsigned i = 0; i < CITIZENS; i++) {
		citizens[i].number = i;
		assert_int_equal(0, pthread_create(&threads[i], NULL, ask_questions, &citizens[i]));
	}
}

static void join_all(pthread_t *threads, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
}

static void everyone_at_once(void **state)
{
	pthread_t asking[CITIZENS], reading[READERS], governing;
	unsigned read[READERS] = {0}, rounds = 0;

	(void)state;
	start_citizens(asking);
	for (unsigned i = 0; i < READERS; i++)
		assert_int_equal(0, pthread_create(&reading[i], NULL,
					    i < PAGE_READERS                 ? read_pages
					    : i < PAGE_READERS + LOG_READERS ? read_log
									     : read_exports,
					    &read[i]));
	assert_int_equal(0, pthread_create(&governing, NULL, govern, &rounds));
	sleep(SECONDS);
	over = true;
	join_all(asking, CITIZENS);
	join_all(reading, COUNT(reading));
	pthread_join(governing, NULL);
	assert_no_fault();
	for (size_t i = 0; i < COUNT(read); i++)
		assert_true(read[i] > 0);
	assert_true(rounds > 0);
	print_message("# %u questions, %u rounds of the office, %u pages and more\n",
		asked_in_all(), rounds, read[0] + read[1] + read[2] + read[3]);
}

static void all_that_was_acknowledged_is_there_after_a_restart(void **state)
{
	const struct snapshot *snap;

	(void)state;
	stop_server();
	start_server();
	must(reg_read(reg, &snap));
	for (size_t i = 0; i < CITIZENS; i++)
		for (unsigned n = 0; n < citizens[i].asked; n++) {
			json_t *question = NULL;

			must(query_question(snap, citizens[i].id[n], FOR_ITS_SENDER, &question));
			assert_int_equal(citizens[i].entry[n], json_num(question, "entry"));
			json_decref(question);
		}
	reg_read_done(reg, snap);
	assert_true(asked_in_all() > 0);
}

static void the_read_model_is_what_a_rebuild_makes(void **state)
{
	(void)state;
	dump_tables(dir, "before");
	must(reg_rebuild(reg));
	dump_tables(dir, "after");
	shell("cmp %s/before %s/after", dir, dir);
}

/* Forms still come in, and some wait for the writer, while the server ends. */
static void a_server_that_is_stopped_under_load_stops(void **state)
{
	pthread_t asking[CITIZENS];
	unsigned acknowledged;

	(void)state;
	for (int round = 0; round < 5; round++) {
		start_citizens(asking);
		usleep(150000);
		stop_server();
		over = true;
		join_all(asking, CITIZENS);
		faults_n = 0; /* refused connections are what the test is about */
		acknowledged = asked_in_all();
		start_server();
		assert_true(entries_of(reg) >= acknowledged);
		assert_int_equal(entries_of(reg), signed_size(reg));
	}
}

/* --- policies --- */

static json_t *record_for(const char *risk, const char *facts)
{
	json_t *record = demo_record("smart-water"), *all = json_object();

	json_put(all, "small", json_loads(facts, 0, NULL));
	json_put(record, "assessments", all);
	json_put(record, "risk_category", json_text(risk));
	return record;
}

static char *text_of(const json_t *value)
{
	AUTO(buf) text = BUF(MIB);

	json_canonical(value, &text);
	return buf_take(&text);
}

/* With a laxer level than the policy derives: whatever is in force, the answer is complete. */
static void *check_records(void *arg)
{
	struct client c = client_new();
	json_auto_t *record = record_for("minimal", "{\"risk\": \"high\"}");
	AUTOFREE char *body = text_of(record);

	while (!over || !c.answers) {
		json_auto_t *answer = NULL;
		const json_t *judgement;
		bool laxer;

		get(&c, "/api/v1/check", body);
		answer = json_loadb(c.body.data, c.body.len, 0, NULL);
		judgement = json_object_get(answer, "judgement");
		laxer = strstr(buf_text(&c.body), "\"laxer\"") != NULL;
		if (c.status != 200 || !json_is_object(judgement))
			fault("a check: status %ld: %.200s", c.status, buf_text(&c.body));
		else if (laxer != (json_str(judgement, "level") != NULL))
			fault("a check says %.300s", buf_text(&c.body));
	}
	*(unsigned *)arg = c.answers;
	client_done(&c);
	return NULL;
}

static void *change_policies(void *arg)
{
	for (int n = 1; !over || n <= 2; n++) {
		office_does(json_make("{s:s,s:s,s:o}", "do", "policy-adopt", "policy", "small",
			"content", small_policy("small", NULL, n)));
		if (n % 2)
			office_does(json_make("{s:s,s:s,s:o}", "do", "policy-retire", "policy",
				"small", "reason", reason("바꿉니다.")));
		++*(unsigned *)arg;
	}
	return NULL;
}

static void note_trouble(const char *why)
{
	fault("judging again: %s", why);
}

static void records_are_checked_and_judged_again_while_policies_change(void **state)
{
	pthread_t checking[CHECKERS], reading[PAGE_READERS], changing;
	unsigned checked[CHECKERS] = {0}, read[PAGE_READERS] = {0}, changes = 0;
	struct rejudge *rejudge = NULL;

	over = false;
	must(rejudge_start(reg, note_trouble, &rejudge));
	for (unsigned i = 0; i < CHECKERS; i++)
		assert_int_equal(0, pthread_create(&checking[i], NULL, check_records, &checked[i]));
	for (unsigned i = 0; i < PAGE_READERS; i++)
		assert_int_equal(0, pthread_create(&reading[i], NULL, read_pages, &read[i]));
	assert_int_equal(0, pthread_create(&changing, NULL, change_policies, &changes));
	for (unsigned i = 0; i < 10 * SECONDS; i++) {
		usleep(100000);
		office_does(json_make("{s:s}", "do", "rejudge"));
	}
	over = true;
	join_all(checking, CHECKERS);
	join_all(reading, PAGE_READERS);
	pthread_join(changing, NULL);
	rejudge_stop(rejudge);
	assert_no_fault();
	for (size_t i = 0; i < CHECKERS; i++)
		assert_true(checked[i] > 0);
	assert_true(changes > 1);
	print_message("# %u checks by one of %d clients, %u changes of policies\n", checked[0],
		CHECKERS, changes);
	(void)office(reg, json_make("{s:s,s:s,s:o}", "do", "policy-retire", "policy", "small",
				  "reason", reason("끝입니다.")));
	the_read_model_is_what_a_rebuild_makes(state);
}

static void rules_of(const char *body, const char *rules)
{
	json_auto_t *answer = json_loads(body, 0, NULL);
	AUTO(buf) got = BUF(4 * KIB);
	json_t *one;
	size_t i;

	json_array_foreach (json_object_get(answer, "problems"), i, one)
		buf_printf(&got, "%s ", json_str(one, "rule"));
	if (strcmp(buf_text(&got), rules) != 0)
		fail_msg("%s: %.2000s", buf_text(&got), body);
}

static void a_filing_is_told_at_once_what_standard_and_policies_find_wrong(void **state)
{
	json_t *record = record_for("minimal", "{\"risk\": \"high\", \"owed\": true}");
	json_auto_t *body = NULL;
	AUTO(signed_event) event = {0};
	AUTOFREE char *text = NULL;
	struct client c = client_new();
	uint64_t before;

	must(office(reg, json_make("{s:s,s:s,s:o}", "do", "policy-adopt", "policy", "small",
				 "content", small_policy("small", NULL, 9999999))));
	before = entries_of(reg);
	json_object_del(record, "goal");
	sign_filing(
		&shifted, "smart-water", record, latest_of(reg, "system", "smart-water"), &event);
	body = json_make("{s:s%,s:s%}", "entry", event.entry.data, event.entry.len, "content",
		event.content.data, event.content.len);
	text = text_of(body);
	get(&c, "/api/v1/events", text);
	assert_int_equal(400, c.status);
	rules_of(buf_text(&c.body), "missing unknown_fact laxer ");
	assert_int_equal(before, entries_of(reg));
	client_done(&c);
}

/* Nothing is written: only the new day invalidates the pages. */
static void with_a_new_day_pages_say_what_is_overdue(void **state)
{
	static const char *const paths[] = {"/en/systems/smart-water", "/en/systems"};
	json_t *record = record_for("high", "{\"risk\": \"high\", \"months\": 2}");
	AUTO(signed_event) event = {0};
	struct client c = client_new();

	json_put(record, "revision_date", json_text("2999-01-01"));
	sign_filing(
		&shifted, "smart-water", record, latest_of(reg, "system", "smart-water"), &event);
	must(send_signed(reg, &event));
	must(office(reg, json_make("{s:s,s:s}", "do", "approve", "system", "smart-water")));
	for (int round = 0; round < 2; round++) /* the second from the cache */
		for (size_t i = 0; i < 2; i++) {
			assert_true(get_ok(&c, paths[i]));
			assert_null(strstr(buf_text(&c.body), "Review overdue</s"));
			assert_null(strstr(buf_text(&c.body), "Review due soon</s"));
		}
	ahead = 40 * 86400;
	for (size_t i = 0; i < 2; i++) {
		assert_true(get_ok(&c, paths[i]));
		assert_null(strstr(buf_text(&c.body), "Review overdue</s"));
		assert_non_null(strstr(buf_text(&c.body), "Review due soon</s"));
	}
	ahead = 70 * 86400;
	for (size_t i = 0; i < 2; i++) {
		assert_true(get_ok(&c, paths[i]));
		assert_non_null(strstr(buf_text(&c.body), "Review overdue</s"));
		assert_null(strstr(buf_text(&c.body), "Review due soon</s"));
	}
	ahead = 0;
	client_done(&c);
}

static void what_takes_longer_than_an_answer_may_is_refused_in_the_readers_language(void **state)
{
	struct client c = client_new();

	(void)state;
	stop_server();
	read_ms = -1; /* over before it begins */
	start_server();
	get(&c, "/ko/systems?q=a", NULL);
	assert_int_equal(503, c.status);
	assert_non_null(strstr(buf_text(&c.body), "잠시 뒤에"));
	get(&c, "/en/systems/smart-water", NULL);
	assert_int_equal(503, c.status);
	assert_non_null(strstr(buf_text(&c.body), "in a moment"));
	get(&c, "/api/v1/systems", NULL);
	assert_int_equal(503, c.status);
	assert_non_null(strstr(buf_text(&c.body), "longer than an answer may"));
	stop_server();
	read_ms = 0;
	start_server();
	get(&c, "/en/systems/smart-water", NULL); /* it was not kept */
	assert_int_equal(200, c.status);
	client_done(&c);
}

/* How many entries the download's report says that it is of. */
static long long entries_of_download(struct client *c)
{
	const char *entries;

	assert_true(get_ok(c, "/data/short-list.csv.report.json"));
	entries = strstr(buf_text(&c->body), "\"entries\":");
	assert_non_null(entries);
	return atoll(entries + 10);
}

static void register_changes(void)
{
	must(office(reg, json_make("{s:s,s:s,s:o}", "do", "suspend", "system", "smart-water",
				 "reason", reason("점검"))));
	must(office(reg, json_make("{s:s,s:s,s:o}", "do", "resume", "system", "smart-water",
				 "reason", reason("끝"))));
}

/* Else the first is one of before, which is made anew at once. */
static void forget_downloads(void)
{
	shell("rm -r %s/downloads", dir);
}

static void a_download_is_made_anew_once_in_a_while_however_often_the_register_changes(void **state)
{
	struct client c = client_new();
	long long first, last;

	(void)state;
	stop_server();
	forget_downloads();
	export_pause_ms = 3600 * 1000;
	start_server();
	first = entries_of_download(&c);
	for (int i = 0; i < 20; i++) {
		register_changes();
		assert_int_equal(first, entries_of_download(&c));
	}
	stop_server();
	forget_downloads();
	export_pause_ms = 1;
	start_server();
	first = entries_of_download(&c);
	register_changes();
	do { /* without end where it is not made anew */
		last = entries_of_download(&c);
	} while (last < first + 2);
	assert_int_equal(first + 2, last);
	stop_server();
	export_pause_ms = 0;
	start_server();
	client_done(&c);
}

#define STUCK 8 /* more than threads that serve */

static void *ask_in_vain(void *arg)
{
	struct client c = client_new();

	get(&c, "/ko/nothing", NULL); /* an error is never kept: its page is made each time */
	*(long *)arg = c.status;
	client_done(&c);
	return NULL;
}

static void await_stuck(void)
{
	for (bool all = false; !all; usleep(1000)) {
		pthread_mutex_lock(&web->mutex);
		all = web->queues[LANE_READ].busy && web->queues[LANE_READ].first;
		pthread_mutex_unlock(&web->mutex);
	}
}

static void what_is_kept_is_served_while_every_read_is_stuck(void **state)
{
	const struct snapshot *readers[REG_READERS];
	pthread_t threads[STUCK];
	long status[STUCK];
	struct client c = client_new();

	(void)state;
	for (int i = 0; i < 2; i++) { /* in both encodings, so that both are kept */
		assert_true(get_ok(&c, "/ko/"));
		assert_true(get_ok(&c, "/ko/"));
		c.answers++;
	}
	for (size_t i = 0; i < REG_READERS; i++)
		must(reg_read(reg, &readers[i]));
	for (size_t i = 0; i < STUCK; i++)
		assert_int_equal(0, pthread_create(&threads[i], NULL, ask_in_vain, &status[i]));
	await_stuck();
	for (int i = 0; i < 20; i++)
		assert_true(get_ok(&c, "/ko/"));
	for (size_t i = 0; i < REG_READERS; i++)
		reg_read_done(reg, readers[i]);
	join_all(threads, STUCK);
	for (size_t i = 0; i < STUCK; i++)
		assert_int_equal(404, status[i]);
	client_done(&c);
}

static void a_search_offers_every_department_of_a_large_register(void **state)
{
	struct client c = client_new();
	char name[200 + 1] = "";

	(void)state;
	memset(name, '"',
		sizeof(name) - 1); /* as long as a name may be, and six times that as HTML */
	for (int i = 0; i < 900; i++) {
		AUTOFREE char *slug = mem_printf("office-%d", i);

		office_does(json_make("{s:s,s:s,s:{s:s,s:s}}", "do", "department-add", "department",
			slug, "name", "ko", name, "en", name));
	}
	assert_no_fault();
	assert_true(get_ok(&c, "/ko/systems"));
	assert_non_null(strstr(buf_text(&c.body), "<option value=\"office-899\">"));
	client_done(&c);
}

static int make(void **state)
{
	(void)state;
	crypto_init();
	curl_global_init(CURL_GLOBAL_ALL);
	temp_dir(dir);
	make_register(dir, &env_real);
	start_server();
	return 0;
}

static int unmake(void **state)
{
	(void)state;
	stop_server();
	shell("rm -r %s", dir);
	curl_global_cleanup();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everyone_at_once),
		cmocka_unit_test(all_that_was_acknowledged_is_there_after_a_restart),
		cmocka_unit_test(the_read_model_is_what_a_rebuild_makes),
		cmocka_unit_test(records_are_checked_and_judged_again_while_policies_change),
		cmocka_unit_test(a_filing_is_told_at_once_what_standard_and_policies_find_wrong),
		cmocka_unit_test(with_a_new_day_pages_say_what_is_overdue),
		cmocka_unit_test(
			what_takes_longer_than_an_answer_may_is_refused_in_the_readers_language),
		cmocka_unit_test(
			a_download_is_made_anew_once_in_a_while_however_often_the_register_changes),
		cmocka_unit_test(what_is_kept_is_served_while_every_read_is_stuck),
		cmocka_unit_test(a_server_that_is_stopped_under_load_stops),
		cmocka_unit_test(a_search_offers_every_department_of_a_large_register),
	};

	return cmocka_run_group_tests(tests, make, unmake);
}
