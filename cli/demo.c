#include "cli/demo.h"

#include "base/crypto.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/pdf.h"
#include "base/sha256.h"
#include "registry/event/signing.h"
#include "registry/office/office.h"
#include "registry/policy/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

EMBED(demo_settings, "demo/settings.json");
EMBED(demo_departments, "demo/departments.json");
EMBED(demo_office, "demo/office.json");
EMBED(demo_ai_human_guide, "demo/systems/ai-human-guide.json");
EMBED(demo_button_chatbot, "demo/systems/button-chatbot.json");
EMBED(demo_cctv_analytics, "demo/systems/cctv-analytics.json");
EMBED(demo_cctv_control, "demo/systems/cctv-control.json");
EMBED(demo_civil_chatbot, "demo/systems/civil-chatbot.json");
EMBED(demo_civil_kiosk, "demo/systems/civil-kiosk.json");
EMBED(demo_disaster_twin, "demo/systems/disaster-twin.json");
EMBED(demo_drop_off_zone, "demo/systems/drop-off-zone.json");
EMBED(demo_emergency_edge, "demo/systems/emergency-edge.json");
EMBED(demo_energy_forecast, "demo/systems/energy-forecast.json");
EMBED(demo_logistics_twin, "demo/systems/logistics-twin.json");
EMBED(demo_parking_care_forecast, "demo/systems/parking-care-forecast.json");
EMBED(demo_participation_digest, "demo/systems/participation-digest.json");
EMBED(demo_smart_senior_centre, "demo/systems/smart-senior-centre.json");
EMBED(demo_smart_water, "demo/systems/smart-water.json");
EMBED(demo_tourism_recommender, "demo/systems/tourism-recommender.json");
EMBED(demo_traffic_signal, "demo/systems/traffic-signal-optimisation.json");
EMBED(demo_welfare_precheck, "demo/systems/welfare-precheck.json");

EMBED(demo_welfare_fria, "demo/files/welfare-fria.pdf");
EMBED(demo_service_list, "demo/files/kr-ai-service-list.csv");

/* Files that filings attach and that the office submits, by their names in demo/files. */
static const struct demo_file {
	const char *name, *start, *end;
} files[] = {
	{"welfare-fria.pdf", embed_demo_welfare_fria, embed_demo_welfare_fria_end},
	{"kr-ai-service-list.csv", embed_demo_service_list, embed_demo_service_list_end},
};

static const char *const systems[] = {embed_demo_ai_human_guide, embed_demo_button_chatbot,
	embed_demo_cctv_analytics, embed_demo_cctv_control, embed_demo_civil_chatbot,
	embed_demo_civil_kiosk, embed_demo_disaster_twin, embed_demo_drop_off_zone,
	embed_demo_emergency_edge, embed_demo_energy_forecast, embed_demo_logistics_twin,
	embed_demo_parking_care_forecast, embed_demo_participation_digest,
	embed_demo_smart_senior_centre, embed_demo_smart_water, embed_demo_tourism_recommender,
	embed_demo_traffic_signal, embed_demo_welfare_precheck};

#define KEY_FOLDER "demo-keys" /* lets visitors file as a department */
#define OPENING "2026-01-05T00:00:00Z"
#define PUBLIC_AI_ACT                                                                            \
	"2026-08-28T00:30:00Z" /* the first working morning in Korea after Act 21392 took effect \
	                        */

/* One step of a history, with its subject. */
struct step {
	int64_t at;
	const char *system, *department;
	const json_t *json; /* a declaration has no "do" */
	json_t *record;     /* of a filing, complete; owned */
};
struct demo {
	struct reg *reg;
	const char *dir;
	json_t *departments, *systems, *office; /* as loaded */
	json_t *keys;                           /* department -> the key's text */
	json_t *questions;                      /* "system/q1" -> feedback id */
	json_t *incidents;                      /* system -> entry of its latest report */
	struct step *steps;
	size_t n;
};

/* Only this process plays a demo, and only one, so the clock may be global. */
static int64_t clock_at;

static int64_t demo_now(void *arg)
{
	return clock_at;
}

static void demo_random(void *arg, void *out, size_t len)
{
	crypto_random(out, len);
}

const struct env *demo_env(void)
{
	static const struct env env = {.now = demo_now, .random = demo_random};

	if (!clock_at && time_parse(OPENING, &clock_at) != OK)
		abort();
	return &env;
}

json_t *demo_settings(void)
{
	json_t *value;

	if (json_read(embed_demo_settings, embed_demo_settings_len(), 64 * KIB, RULES_STRICT,
		    &value) != OK)
		abort();
	return value;
}

static void demo_done(struct demo *d)
{
	for (size_t i = 0; i < d->n; i++)
		json_decref(d->steps[i].record);
	free(d->steps);
	json_decref(d->departments);
	json_decref(d->systems);
	json_decref(d->office);
	json_decref(d->keys);
	json_decref(d->questions);
	json_decref(d->incidents);
	reg_close(d->reg);
}

/* A later filing lists only the fields that changed. */
static json_t *whole_record(const json_t *before, const json_t *step)
{
	json_t *record = json_deep_copy(json_object_get(step, "record"));

	if (record)
		return record;
	record = json_deep_copy(before);
	json_object_update(record, json_object_get(step, "change"));
	return record;
}

static enum err add_history(struct demo *d, const json_t *system)
{
	const json_t *history = json_object_get(system, "history");
	const json_t *record = NULL;

	d->steps = mem_resize(d->steps, (d->n + json_array_size(history)) * sizeof(*d->steps));
	json_each (history, json) {
		struct step *step = &d->steps[d->n++];

		*step = (struct step){.system = json_str(system, "slug"),
			.department = json_str(system, "department"),
			.json = json};
		TRY(time_parse(json_str(json, "at"), &step->at));
		if (strcmp(json_str(json, "do"), "file") == 0)
			record = step->record = whole_record(record, json);
	}
	return OK;
}

static enum err add_declarations(struct demo *d, const json_t *department)
{
	const json_t *declared = json_object_get(department, "declared_none");
	const char *slug = json_str(department, "slug");

	if (!declared)
		return OK;
	d->steps = mem_resize(d->steps, (d->n + json_array_size(declared)) * sizeof(*d->steps));
	json_each (declared, json) {
		struct step *step = &d->steps[d->n++];

		*step = (struct step){.system = "", .department = slug, .json = json};
		TRY(time_parse(json_str(json, "at"), &step->at));
	}
	return OK;
}

/* Events without a system: questions to the office, and the office's own acts. */
static enum err add_office(struct demo *d)
{
	TRY(json_read(embed_demo_office, embed_demo_office_len(), MIB, RULES_STRICT, &d->office));
	d->steps = mem_resize(d->steps, (d->n + json_array_size(d->office)) * sizeof(*d->steps));
	json_each (d->office, json) {
		struct step *step = &d->steps[d->n++];

		*step = (struct step){.system = "", .department = "office", .json = json};
		TRY(time_parse(json_str(json, "at"), &step->at));
	}
	return OK;
}

static int by_time(const void *a, const void *b)
{
	const struct step *x = a, *y = b;

	return x->at < y->at ? -1 : x->at > y->at ? 1 : strcmp(x->system, y->system);
}

static enum err load(struct demo *d)
{
	d->keys = json_object();
	d->questions = json_object();
	d->incidents = json_object();
	d->systems = json_array();
	TRY(json_read(embed_demo_departments, embed_demo_departments_len(), MIB, RULES_STRICT,
		&d->departments));
	for (size_t i = 0; i < COUNT(systems); i++) {
		json_t *system;

		TRY(json_read(systems[i], strlen(systems[i]), MIB, RULES_STRICT, &system));
		json_push(d->systems, system);
	}
	json_each (d->systems, system)
		TRY(add_history(d, system));
	json_each (d->departments, department)
		TRY(add_declarations(d, department));
	TRY(add_office(d));
	qsort(d->steps, d->n, sizeof(*d->steps), by_time);
	return OK;
}

static enum err office(struct demo *d, json_t *request)
{
	json_t *reply = NULL;
	enum err e = office_name_newest(d->reg, request);

	if (e == OK)
		e = office_do(d->reg, request, NULL, &reply);
	json_decref(request);
	json_decref(reply);
	return e;
}

static enum err make_key(struct demo *d, const char *slug, struct skey *out)
{
	AUTOFREE char *name = mem_printf("%s/%s", reg_vkey(d->reg)->name, slug);
	AUTOFREE char *path = mem_printf("%s/%s/%s.key", d->dir, KEY_FOLDER, slug);
	uint8_t seed[ED25519_SEED];
	AUTO(buf) text = BUF(KIB);

	crypto_random(seed, sizeof(seed));
	TRY(skey_make(name, seed, out));
	skey_text(out, &text);
	json_put(d->keys, slug, json_text(buf_text(&text)));
	buf_putc(&text, '\n');
	return file_create(path, text.data, text.len, 0600);
}

static enum err add_department(struct demo *d, const json_t *department)
{
	const char *slug = json_str(department, "slug");
	AUTO(buf) vkey = BUF(KIB);
	struct skey key;

	TRY(office(d, json_make("{s:s,s:s,s:O,s:O}", "do", "department-add", "department", slug,
			      "name", json_object_get(department, "name"), "about",
			      json_object_get(department, "about"))));
	TRY(make_key(d, slug, &key));
	vkey_text(&key.vkey, &vkey);
	return office(d, json_make("{s:s,s:s,s:s}", "do", "key-grant", "department", slug, "key",
				 buf_text(&vkey)));
}

static enum err adopt(struct demo *d, const char *policy)
{
	json_auto_t *content = NULL;

	TRY(policy_own(policy, &content));
	return office(d, json_make("{s:s,s:s,s:O}", "do", "policy-adopt", "policy", policy,
				 "content", content));
}

/* The policies that applied to a Korean city when its register opened; Canada's is not adopted. */
static enum err adopt_policies(struct demo *d)
{
	static const char *const policies[] = {"gimhae", "kr-ai-basic-act", "eu-ai-act"};

	for (size_t i = 0; i < COUNT(policies); i++)
		TRY(adopt(d, policies[i]));
	return OK;
}

/* The city adopted the policy when the Act on AI in public administration took effect, and judged
 * all records again. Most had answered its questions before. */
static enum err adopt_public_ai_act(struct demo *d)
{
	TRY(time_parse(PUBLIC_AI_ACT, &clock_at));
	TRY(adopt(d, "kr-public-ai-act"));
	return office(d, json_make("{s:s}", "do", "rejudge"));
}

struct job_signed {
	struct job job;
	struct demo *demo;
	const struct step *step;
	const char *type, *kind, *subject;
	json_t *members, *content;
};

static const struct demo_file *file_named(const char *name)
{
	for (size_t i = 0; i < COUNT(files); i++)
		if (strcmp(files[i].name, name) == 0)
			return &files[i];
	abort(); /* the built-in file and the table differ */
}

static void hash_of(const struct demo_file *f, char hex[SHA256_HEX])
{
	struct sha256 hash = sha256_of(f->start, (size_t)(f->end - f->start));

	sha256_hex(&hash, hex);
}

static enum err attach(struct tx *tx, const struct skey *key, const struct demo_file *f)
{
	size_t len = (size_t)(f->end - f->start);
	AUTO(buf) entry = BUF(ENTRY_MAX);
	char hex[SHA256_HEX];
	int64_t after;

	hash_of(f, hex);
	TRY(state_after(tx_state(tx), "file", hex, &after));
	TRY(sign_file(key, demo_env(), "file.attached", "file", hex, after, PDF_TYPE, len, &entry));
	return tx_add_signed(tx, entry.data, entry.len, f->start, len, NULL);
}

static enum err attach_all(struct tx *tx, const struct skey *key, const json_t *step)
{
	json_each (json_object_get(step, "attach"), name)
		TRY(attach(tx, key, file_named(json_string_value(name))));
	return OK;
}

static enum err add_signed(struct tx *tx, struct job *job)
{
	struct job_signed *s = (struct job_signed *)job;
	AUTO(signed_event) ev = {0};
	struct skey key;
	int64_t after;

	if (s->step->record)
		TRY(tx_judge_filing(tx, s->step->record));
	TRY(skey_parse(json_str(s->demo->keys, s->step->department), &key));
	TRY(attach_all(tx, &key, s->step->json));
	TRY(state_after(tx_state(tx), s->kind, s->subject, &after));
	TRY(sign_event(&key, demo_env(), s->type, s->kind, s->subject, after, TAKE(s->members),
		TAKE(s->content), &ev));
	return tx_add_signed(
		tx, ev.entry.data, ev.entry.len, ev.content.data, ev.content.len, NULL);
}

static enum err play_file(struct demo *d, const struct step *step)
{
	json_auto_t *problems = json_array();
	struct job_signed job = {.job = {.run = add_signed, .problems = problems},
		.demo = d,
		.step = step,
		.type = "system.filed",
		.kind = "system",
		.subject = step->system,
		.members = json_make("{s:s}", "department", step->department),
		.content = json_make("{s:O}", "record", step->record)};
	enum err e = reg_do(d->reg, &job.job);

	if (json_array_size(problems))
		json_dumpf(problems, stderr, JSON_INDENT(1));
	return e;
}

/* An event whose content is one member of the step. */
static enum err play_signed(struct demo *d, const struct step *step, const char *type,
	const char *kind, const char *subject, const char *member)
{
	struct job_signed job = {.job.run = add_signed,
		.demo = d,
		.step = step,
		.type = type,
		.kind = kind,
		.subject = subject,
		.content = json_make("{s:O}", member, json_object_get(step->json, member))};

	return reg_do(d->reg, &job.job);
}

static enum err add_incident(struct tx *tx, struct job *job)
{
	struct job_signed *s = (struct job_signed *)job;
	const char *what = json_str(s->step->json, "do");
	uint64_t latest;

	/* A note names the entry of the report. */
	if (strcmp(what, "incident") != 0)
		json_put(s->members, "incident",
			json_incref(json_object_get(s->demo->incidents, s->step->system)));
	TRY(add_signed(tx, job));
	latest = 0;
	TRY(state_folded(tx_state(tx), &latest, (char[TIME_TEXT]){0}));
	if (strcmp(what, "incident") == 0)
		json_put(s->demo->incidents, s->step->system, json_integer((json_int_t)latest - 1));
	return OK;
}

static enum err play_incident(struct demo *d, const struct step *step, const char *what)
{
	struct job_signed job = {.job.run = add_incident,
		.demo = d,
		.step = step,
		.type = strcmp(what, "incident") == 0          ? "incident.reported"
	                : strcmp(what, "incident-update") == 0 ? "incident.updated"
	                                                       : "incident.closed",
		.kind = "system",
		.subject = step->system,
		.members = json_deep_copy(json_object_get(step->json, "members")),
		.content = json_deep_copy(json_object_get(step->json, "content"))};

	return reg_do(d->reg, &job.job);
}

struct job_ask {
	struct job job;
	const struct step *step;
	char id[FEEDBACK_ID + 1];
};

static enum err ask(struct tx *tx, struct job *job)
{
	struct job_ask *a = (struct job_ask *)job;
	json_t *content = json_make("{s:O,s:O}", "text", json_object_get(a->step->json, "text"),
		"lang", json_object_get(a->step->json, "lang"));

	if (json_str(a->step->json, "name"))
		json_put(content, "name", json_text(json_str(a->step->json, "name")));
	return tx_add(tx,
		(struct draft){.type = "feedback.received",
			.by = "citizen",
			.subject = a->id,
			.members = *a->step->system ? json_make("{s:s}", "system", a->step->system)
	                                            : NULL,
			.content = content},
		NULL);
}

static enum err play_ask(struct demo *d, const struct step *step, const char *question)
{
	struct job_ask job = {.job.run = ask, .step = step};
	uint8_t code[RECEIPT_CODE / 2];
	char text[RECEIPT_CODE + 1];

	crypto_random(code, sizeof(code));
	hex_text(code, sizeof(code), text);
	receipt_id(text, job.id);
	json_put(d->questions, question, json_text(job.id));
	return reg_do(d->reg, &job.job);
}

/* The demo's names for the office's acts, with their operations. */
static const struct {
	const char *step, *op;
} office_steps[] = {
	{"publish", "approve"},
	{"return", "return"},
	{"suspend", "suspend"},
	{"resume", "resume"},
	{"retire", "retire"},
	{"publish-feedback", "feedback-publish"},
	{"withhold-feedback", "feedback-withhold"},
	{"answer", "feedback-answer"}, /* asks no department */
	{"list-submitted", "list-submitted"},
};

static enum err play_office(
	struct demo *d, const struct step *step, const char *what, const char *feedback)
{
	json_t *request = json_make("{s:s}", "system", step->system);
	const char *file = json_str(step->json, "file");
	char hex[SHA256_HEX];

	if (file) {
		hash_of(file_named(file), hex);
		json_put(request, "file", json_text(hex));
	}
	if (feedback)
		json_put(request, "feedback", json_text(feedback));
	json_object_update_missing(request, (json_t *)step->json);
	for (size_t i = 0; i < COUNT(office_steps); i++)
		if (strcmp(office_steps[i].step, what) == 0)
			json_put(request, "do", json_text(office_steps[i].op));
	return office(d, request);
}

static enum err play_step(struct demo *d, const struct step *step)
{
	const char *what = json_str(step->json, "do"), *id = json_str(step->json, "id");
	AUTOFREE char *question = mem_printf("%s/%s", step->system, id ? id : "");
	const char *feedback = json_str(d->questions, question);

	clock_at = step->at;
	if (!what)
		return play_signed(d, step, "department.declared_none", "department",
			step->department, "statement");
	if (strcmp(what, "file") == 0)
		return play_file(d, step);
	if (strncmp(what, "incident", strlen("incident")) == 0)
		return play_incident(d, step, what);
	if (strcmp(what, "report") == 0)
		return play_signed(d, step, "kpi.reported", "system", step->system, "figures");
	if (strcmp(what, "ask") == 0)
		return play_ask(d, step, question);
	if (strcmp(what, "answer") == 0 && *step->system)
		return play_signed(d, step, "feedback.answered", "feedback", feedback, "text");
	return play_office(d, step, what, feedback);
}

static enum err play(struct demo *d)
{
	AUTOFREE char *keys = file_in(d->dir, KEY_FOLDER);
	int64_t act;

	TRY(load(d));
	TRY(file_make_dir(keys, 0700));
	TRY(reg_open(d->dir, demo_env(), &d->reg));
	json_each (d->departments, department)
		TRY(add_department(d, department));
	TRY(adopt_policies(d));
	TRY(time_parse(PUBLIC_AI_ACT, &act));
	for (size_t i = 0; i < d->n; i++) {
		enum err e = OK;

		if (d->steps[i].at >= act && (i == 0 || d->steps[i - 1].at < act))
			e = adopt_public_ai_act(d);
		if (e == OK)
			e = play_step(d, &d->steps[i]);
		ENSURE(e == OK, e, "demo: %s at %s: %s", d->steps[i].department,
			json_str(d->steps[i].json, "at"), err_why());
	}
	return OK;
}

enum err demo_play(const char *dir)
{
	struct demo d = {.dir = dir};
	enum err e = play(&d);

	demo_done(&d);
	return e;
}
