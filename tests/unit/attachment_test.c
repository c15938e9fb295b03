/* Files that records name: who may attach them, when they become public, and what a rebuild of the
 * read model keeps. */
#include "base/pdf.h"
#include "registry/query/query.h"
#include "tests/unit/small_register.h"

#define SYSTEM "tunnel-watch"

struct fixture {
	char dir[64];
	struct reg *reg;
};

static void make_pdf(struct buf *out, const char *text, size_t size)
{
	static const char end[] = "startxref\n9\n%%EOF\n";

	*out = BUF(CONTENT_MAX + 1);
	buf_printf(out, "%%PDF-1.7\n%% %s\n", text);
	while (out->len + strlen(end) < size)
		buf_add(out, "          \n", size - out->len - strlen(end) > 11 ? 11 : 1);
	buf_puts(out, end);
}

static int set_up(void **state)
{
	struct fixture *f = mem_new(sizeof(*f));

	temp_dir(f->dir);
	copy_register(f->dir);
	must(reg_open(f->dir, &env_real, &f->reg));
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	reg_close(f->reg);
	shell("rm -rf %s", f->dir);
	free(f);
	return 0;
}

static void hash_of(const struct buf *file, char hex[SHA256_HEX])
{
	struct sha256 hash = sha256_of(file->data, file->len);

	sha256_hex(&hash, hex);
}

static enum err send_file(struct reg *reg, const struct buf *file, const char *named)
{
	AUTO(signed_event) ev = {.entry = BUF(ENTRY_MAX), .content = BUF(2 * CONTENT_MAX)};
	struct skey key = department_key();
	char hex[SHA256_HEX];

	hash_of(file, hex);
	must(sign_file(&key, reg_env(reg), "file.attached", "file", named ? named : hex,
		latest_of(reg, "file", named ? named : hex), PDF_TYPE, file->len, &ev.entry));
	buf_add(&ev.content, file->data, file->len);
	return send_signed(reg, &ev);
}

static json_t *record_naming(const char *hex)
{
	json_t *record = renamed("smart-water", "터널 감시");

	json_put(record, "attachments",
		json_make("[{s:s, s:{s:s, s:s}, s:s}]", "kind", "contract", "title", "ko", "계약서",
			"en", "Contract", "sha256", hex));
	return record;
}

static enum err file_record(struct reg *reg, json_t *record)
{
	AUTO(signed_event) ev = {0};

	sign_filing(reg_env(reg), SYSTEM, record, latest_of(reg, "system", SYSTEM), &ev);
	return send_signed(reg, &ev);
}

static enum err approve(struct reg *reg)
{
	return office(reg, json_make("{s:s,s:s}", "do", "approve", "system", SYSTEM));
}

static enum err erase(struct reg *reg, const char *hex)
{
	return office(reg, json_make("{s:s,s:s,s:o}", "do", "erase", "sha256", hex, "reason",
				   reason("이름이 들어 있었습니다.")));
}

/* As any reader gets it. */
static enum err given(struct reg *reg, const char *hex)
{
	AUTO(buf) bytes = BUF(CONTENT_MAX);
	char type[64];
	const struct snapshot *snap;
	enum err e;

	must(reg_read(reg, &snap));
	e = query_content(snap, hex, &bytes, type);
	reg_read_done(reg, snap);
	return e;
}

/* The content of the newest filing. */
static void filing_hash(struct reg *reg, int64_t n, char hex[SHA256_HEX])
{
	json_auto_t *version = NULL;
	const struct snapshot *snap;

	must(reg_read(reg, &snap));
	must(query_version(snap, SYSTEM, n, &version));
	snprintf(hex, SHA256_HEX, "%s", json_str(version, "sha256"));
	reg_read_done(reg, snap);
}

static void rebuild_changes_nothing(struct fixture *f)
{
	reg_close(TAKE(f->reg));
	dump_tables(f->dir, "before");
	must(reg_open(f->dir, &env_real, &f->reg));
	must(reg_rebuild(f->reg));
	reg_close(TAKE(f->reg));
	dump_tables(f->dir, "after");
	shell("cmp %s/before %s/after", f->dir, f->dir);
	must(reg_open(f->dir, &env_real, &f->reg));
}

static void a_file_is_given_out_once_a_record_that_names_it_is_published(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) file = {0};
	char hex[SHA256_HEX];

	make_pdf(&file, "contract", 2000);
	hash_of(&file, hex);
	assert_int_equal(ERR_NOT_FOUND, given(f->reg, hex));
	must(send_file(f->reg, &file, NULL));
	assert_int_equal(ERR_DENIED, given(f->reg, hex));
	must(file_record(f->reg, record_naming(hex)));
	assert_int_equal(ERR_DENIED, given(f->reg, hex));
	must(approve(f->reg));
	assert_int_equal(OK, given(f->reg, hex));
	rebuild_changes_nothing(f);
	assert_int_equal(OK, given(f->reg, hex));
}

static void a_file_of_20_mib_is_kept_and_one_byte_more_is_not(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) largest = {0}, larger = {0};
	char hex[SHA256_HEX];

	make_pdf(&largest, "largest", ATTACHMENT_MAX);
	make_pdf(&larger, "larger", ATTACHMENT_MAX + 1);
	assert_int_equal(ATTACHMENT_MAX, largest.len);
	assert_int_equal(ATTACHMENT_MAX + 1, larger.len);
	must(send_file(f->reg, &largest, NULL));
	assert_int_equal(ERR_TOO_LARGE, send_file(f->reg, &larger, NULL));
	assert_non_null(strstr(err_why(), "the limit is 20971520"));
	hash_of(&largest, hex);
	must(file_record(f->reg, record_naming(hex)));
	must(approve(f->reg));
	assert_int_equal(OK, given(f->reg, hex));
}

static void a_file_of_another_kind_is_refused_by_its_bytes(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) html = BUF(KIB);
	uint64_t before = entries_of(f->reg);

	buf_puts(&html, "<html>%PDF-1.4\nstartxref\n9\n%%EOF\n");
	assert_int_equal(ERR_INVALID, send_file(f->reg, &html, NULL));
	assert_int_equal(0, strncmp(err_why(), "the file is not a PDF: ", 23));
	assert_int_equal(before, entries_of(f->reg));
}

static void the_entry_names_the_file_that_it_brings(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) file = {0};
	char other[SHA256_HEX];

	make_pdf(&file, "one", 2000);
	memset(other, 'a', 64);
	other[64] = '\0';
	assert_int_equal(ERR_INVALID, send_file(f->reg, &file, other));
	assert_non_null(strstr(err_why(), "not the one it names"));
}

static void the_same_file_is_attached_once(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) file = {0};

	make_pdf(&file, "one", 2000);
	must(send_file(f->reg, &file, NULL));
	assert_int_equal(ERR_CONFLICT, send_file(f->reg, &file, NULL));
	assert_non_null(strstr(err_why(), "attached this very file before"));
}

struct job_filing {
	struct job job;
	const struct signed_event *event;
};

static enum err run_filing(struct tx *tx, struct job *job)
{
	const struct signed_event *ev = ((struct job_filing *)job)->event;

	return tx_add_signed(
		tx, ev->entry.data, ev->entry.len, ev->content.data, ev->content.len, NULL);
}

static void a_filing_that_names_a_file_nobody_attached_is_refused_with_its_place(void **state)
{
	struct fixture *f = *state;
	json_auto_t *problems = json_array();
	AUTO(signed_event) ev = {0};
	struct job_filing job = {.job = {.run = run_filing, .problems = problems}, .event = &ev};
	const json_t *problem;
	char hex[SHA256_HEX];

	memset(hex, 'b', 64);
	hex[64] = '\0';
	sign_filing(reg_env(f->reg), SYSTEM, record_naming(hex), -1, &ev);
	assert_int_equal(ERR_INVALID, reg_do(f->reg, &job.job));
	assert_int_equal(1, json_array_size(problems));
	problem = json_array_get(problems, 0);
	assert_string_equal("file_missing", json_str(problem, "rule"));
	assert_string_equal("attachments[0].sha256", json_str(problem, "at"));
	assert_string_equal(hex, json_str(problem, "got"));
}

static void what_is_no_sha256_names_no_file(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(ERR_INVALID, file_record(f->reg, record_naming("report.pdf")));
	assert_non_null(strstr(err_why(), "breaks 1 of the standard's rules"));
}

static void a_file_can_be_erased_and_never_comes_back(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) file = {0};
	char hex[SHA256_HEX];
	json_t *record;

	make_pdf(&file, "a name", 2000);
	hash_of(&file, hex);
	must(send_file(f->reg, &file, NULL));
	must(file_record(f->reg, record_naming(hex)));
	must(approve(f->reg));
	must(erase(f->reg, hex));
	assert_int_equal(ERR_GONE, given(f->reg, hex));
	assert_int_equal(ERR_GONE, send_file(f->reg, &file, NULL));
	record = record_naming(hex);
	json_put(record, "tags", json_make("[{s:s}]", "ko", "새 낱말"));
	assert_int_equal(ERR_INVALID, file_record(f->reg, record));
	rebuild_changes_nothing(f);
	assert_int_equal(ERR_GONE, given(f->reg, hex));
}

static void a_file_closes_with_the_last_record_that_names_it(void **state)
{
	struct fixture *f = *state;
	char hex[SHA256_HEX], first[SHA256_HEX], second[SHA256_HEX];
	AUTO(buf) file = {0};
	json_t *record;

	make_pdf(&file, "twice", 2000);
	hash_of(&file, hex);
	must(send_file(f->reg, &file, NULL));
	must(file_record(f->reg, record_naming(hex)));
	must(approve(f->reg));
	record = record_naming(hex);
	json_put(record, "tags", json_make("[{s:s}]", "ko", "새 낱말"));
	must(file_record(f->reg, record));
	must(approve(f->reg));
	filing_hash(f->reg, 1, first);
	filing_hash(f->reg, 2, second);
	must(erase(f->reg, first));
	assert_int_equal(OK, given(f->reg, hex));
	rebuild_changes_nothing(f);
	assert_int_equal(OK, given(f->reg, hex));
	must(erase(f->reg, second));
	assert_int_equal(ERR_DENIED, given(f->reg, hex));
	rebuild_changes_nothing(f);
	assert_int_equal(ERR_DENIED, given(f->reg, hex));
}

/* Another department that saw the hash in the log must not get the file published. */
static void a_department_names_its_own_files_alone(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) file = {0}, vkey = BUF(KIB);
	AUTO(signed_event) ev = {0};
	const uint8_t seed[ED25519_SEED] = {9};
	struct skey other;
	char hex[SHA256_HEX];

	make_pdf(&file, "not theirs", 2000);
	hash_of(&file, hex);
	must(send_file(f->reg, &file, NULL));
	must(skey_make(ORIGIN "/roads", seed, &other));
	vkey_text(&other.vkey, &vkey);
	must(office(f->reg, json_make("{s:s,s:s,s:{s:s,s:s}}", "do", "department-add", "department",
				    "roads", "name", "ko", "도로과", "en", "Roads")));
	must(office(f->reg, json_make("{s:s,s:s,s:s}", "do", "key-grant", "department", "roads",
				    "key", buf_text(&vkey))));
	must(sign_event(&other, reg_env(f->reg), "system.filed", "system", SYSTEM, -1,
		json_make("{s:s}", "department", "roads"),
		json_make("{s:o}", "record", record_naming(hex)), &ev));
	assert_int_equal(ERR_INVALID, send_signed(f->reg, &ev));
	assert_non_null(strstr(err_why(), "roads has not attached"));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		CASE(a_file_is_given_out_once_a_record_that_names_it_is_published),
		CASE(a_file_of_20_mib_is_kept_and_one_byte_more_is_not),
		CASE(a_file_of_another_kind_is_refused_by_its_bytes),
		CASE(the_entry_names_the_file_that_it_brings),
		CASE(the_same_file_is_attached_once),
		CASE(a_filing_that_names_a_file_nobody_attached_is_refused_with_its_place),
		CASE(what_is_no_sha256_names_no_file),
		CASE(a_file_can_be_erased_and_never_comes_back),
		CASE(a_file_closes_with_the_last_record_that_names_it),
		CASE(a_department_names_its_own_files_alone),
	};

	crypto_init();
	reg_readers(2); /* because many registers are opened */
	return cmocka_run_group_tests_name("attachment", tests, NULL, NULL);
}
