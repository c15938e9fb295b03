/* verify_fixture.h - a small register in a temporary folder, made through the public interface:
 * departments, keys, signed filings, decisions, questions, erasures. Built once, and copied by each
 * test that changes something. */
#pragma once
#include "audit/store_sqlite.h"
#include "base/crypto.h"
#include "base/file.h"
#include "registry/verify/verify.h"
#include "registry/write/register.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/both_files.h"

#define ORIGIN "register.example/ai"
#ifndef QUESTIONS_N
#define QUESTIONS_N 300 /* so that there is a full tile, and a second level */
#endif

static char original[64]; /* the folder that no test changes */
static struct skey department_key;
static uint64_t question_entry; /* of the first question */

#define must(call) assert_ok((call), #call)
static void assert_ok(enum err e, const char *call)
{
	if (e != OK)
		fail_msg("%s: %s", call, err_why());
}

static int64_t test_now(void *arg)
{
	static int64_t now = 1780000000;

	(void)arg;
	return now++;
}

/* A fixed sequence, so that every run has the same bytes. */
static void test_random(void *arg, void *out, size_t len)
{
	static uint64_t counter;
	struct sha256 hash;

	(void)arg;
	for (size_t i = 0; i < len; i++) {
		if (i % SHA256 == 0) {
			counter++;
			hash = sha256_of(&counter, sizeof(counter));
		}
		((uint8_t *)out)[i] = hash.bytes[i % SHA256];
	}
}
static const struct env test_env = {test_now, test_random, NULL};

struct step {
	struct job job;
	struct draft draft;
	const char *system, *file; /* of a filing: the record comes from this demo file */
	uint64_t index;
};

static enum err run_draft(struct tx *tx, struct job *job)
{
	struct step *s = (struct step *)job;

	return tx_add(tx, s->draft, &s->index);
}

static uint64_t happen(struct reg *reg, struct draft draft)
{
	struct step s = {.job.run = run_draft, .draft = draft};

	must(reg_do(reg, &s.job));
	return s.index;
}

static json_t *reason(const char *what)
{
	return json_make("{s:{s:s}}", what, "ko", "이유는 이렇습니다.");
}

static json_t *demo_record(const char *file)
{
	AUTOFREE char *path = mem_printf("demo/systems/%s.json", file);
	AUTO(buf) bytes = BUF(MIB);
	json_auto_t *demo = NULL;

	must(file_read(path, &bytes));
	must(json_read(buf_text(&bytes), bytes.len, MIB, RULES_STRICT, &demo));
	return json_incref(
		json_object_get(json_array_get(json_object_get(demo, "history"), 0), "record"));
}

static json_t *content_of(const struct buf *content)
{
	struct sha256 hash = sha256_of(buf_text(content), content->len);
	char hex[SHA256_HEX];

	sha256_hex(&hash, hex);
	return json_make("{s:s,s:I,s:s}", "sha256", hex, "size", (json_int_t)content->len, "type",
		"application/json");
}

static void sign_event(json_t *event, struct buf *entry)
{
	AUTO(buf) line = BUF(EVENT_LINE_MAX);

	json_canonical(event, &line);
	buf_putc(&line, '\n');
	note_sign(&department_key, buf_text(&line), line.len, entry);
}

static enum err run_filing(struct tx *tx, struct job *job)
{
	struct step *s = (struct step *)job;
	AUTO(buf) content = BUF(MIB), entry = BUF(ENTRY_MAX);
	json_auto_t *value = json_make("{s:o,s:s}", "record", demo_record(s->file), "salt",
		"00112233445566778899aabbccddeeff");
	json_auto_t *event = NULL;
	char at[TIME_TEXT];
	int64_t after;

	time_text(env_now(tx_env(tx)), at);
	must(state_after(tx_state(tx), "system", s->system, &after));
	json_canonical(value, &content);
	event = json_make("{s:s,s:s,s:s,s:I,s:s,s:s,s:o}", "type", "system.filed", "at", at, "by",
		"department/waterworks", "after", (json_int_t)after, "system", s->system,
		"department", "waterworks", "content", content_of(&content));
	sign_event(event, &entry);
	return tx_add_signed(tx, entry.data, entry.len, content.data, content.len, &s->index);
}

static uint64_t file_system(struct reg *reg, const char *system, const char *file)
{
	struct step s = {.job.run = run_filing, .system = system, .file = file};

	must(reg_do(reg, &s.job));
	return s.index;
}

static void publish(struct reg *reg, const char *system, uint64_t filing, int version)
{
	happen(reg,
		(struct draft){"system.published", "office", system,
			json_make("{s:I,s:i}", "filing", (json_int_t)filing, "version", version),
			NULL});
}

static void add_department(struct reg *reg)
{
	AUTO(buf) key = BUF(KIB);

	vkey_text(&department_key.vkey, &key);
	happen(reg,
		(struct draft){"department.added", "office", "waterworks", NULL,
			json_make("{s:{s:s,s:s}}", "name", "ko", "수도과", "en", "Waterworks")});
	happen(reg, (struct draft){"key.granted", "office", "waterworks",
			    json_make("{s:s}", "key", buf_text(&key)), NULL});
}

static void question_id(unsigned i, char out[FEEDBACK_ID + 1])
{
	snprintf(out, FEEDBACK_ID + 1, "%032x", i);
}

static uint64_t ask(struct reg *reg, unsigned i)
{
	char id[FEEDBACK_ID + 1];

	question_id(i, id);
	return happen(
		reg, (struct draft){"feedback.received", "citizen", id,
			     json_make("{s:s}", "system", "smart-water"),
			     json_make("{s:s,s:s}", "text", "제 자료도 쓰나요?", "lang", "ko")});
}

static void decide(struct reg *reg, unsigned i, const char *type, json_t *content)
{
	char id[FEEDBACK_ID + 1];

	question_id(i, id);
	happen(reg, (struct draft){type, "office", id, NULL, content});
}

/* The name of an entry's content, from the log itself. */
static void content_name(const struct store *store, uint64_t index, char hex[SHA256_HEX])
{
	AUTO(buf) entry = BUF(ENTRY_MAX);
	AUTO(event) ev = {0};

	must(store->ops->entry(store->self, index, &entry));
	must(event_parse(buf_text(&entry), entry.len, &ev));
	snprintf(hex, SHA256_HEX, "%s", ev.sha256);
}

static void erase(struct reg *reg, uint64_t index)
{
	char hex[SHA256_HEX];
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	content_name(&snap->log, index, hex);
	reg_read_done(reg, snap);
	happen(reg, (struct draft){"content.erased", "office", hex, NULL, reason("reason")});
}

static void live(struct reg *reg)
{
	uint64_t water, kiosk;

	add_department(reg);
	water = file_system(reg, "smart-water", "smart-water");
	publish(reg, "smart-water", water, 1);
	kiosk = file_system(reg, "civil-kiosk", "civil-kiosk");
	publish(reg, "civil-kiosk", kiosk, 1);
	file_system(reg, "civil-kiosk", "energy-forecast");
	happen(reg, (struct draft){
			    "system.suspended", "office", "smart-water", NULL, reason("reason")});
	question_entry = ask(reg, 0);
	for (unsigned i = 1; i < QUESTIONS_N; i++)
		ask(reg, i);
	decide(reg, 0, "feedback.published", NULL);
	decide(reg, 0, "feedback.answered", reason("text"));
	decide(reg, 1, "feedback.withheld", reason("reason"));
	erase(reg, question_entry + 2);
	erase(reg, kiosk);
}

static struct reg *open_in(const char *dir)
{
	struct reg *reg = NULL;

	reg_readers(2);
	must(reg_open(dir, &test_env, &reg));
	return reg;
}

static void create_by(const char *dir, const struct buf *standard)
{
	json_auto_t *about = json_make("{s:{s:s},s:[s],s:s,s:b}", "name", "ko", "예시 등록부",
		"languages", "ko", "timezone", "Asia/Seoul", "example", true);
	struct reg_opening opening = {.dir = dir,
		.origin = ORIGIN,
		.about = about,
		.env = &test_env,
		.standard = buf_text(standard),
		.standard_len = standard->len};

	must(reg_create(&opening));
}

static void create_in(const char *dir)
{
	AUTO(buf) standard = BUF(MIB);

	must(file_read("policies/standard.json", &standard));
	create_by(dir, &standard);
}

static void temp_dir(char out[64])
{
	snprintf(out, 64, "%s/gaya-verify-XXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
	assert_non_null(mkdtemp(out));
}

static int make_original(void **state)
{
	uint8_t seed[ED25519_SEED] = {7};
	struct reg *reg;

	(void)state;
	crypto_init();
	temp_dir(original);
	must(skey_make(ORIGIN "/waterworks", seed, &department_key));
	create_in(original);
	reg = open_in(original);
	live(reg);
	reg_close(reg);
	return 0;
}

static void remove_dir(const char *dir)
{
	AUTOFREE char *command = mem_printf("rm -r '%s'", dir);

	assert_int_equal(0, system(command));
}

static int remove_original(void **state)
{
	(void)state;
	remove_dir(original);
	return 0;
}

/* A copy to damage, in `dir`. */
static __attribute__((unused)) void copy_original(char dir[64])
{
	AUTOFREE char *command = NULL;

	temp_dir(dir);
	command = mem_printf("cp -r '%s'/* '%s'", original, dir);
	assert_int_equal(0, system(command));
}

static __attribute__((unused)) struct db *open_db(const char *dir)
{
	return open_both(dir);
}
