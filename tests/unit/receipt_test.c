/* Receipts checked offline: every byte of one matters. */
#include "registry/verify/receipt.h"

#include "audit/log.h"
#include "audit/proof.h"
#include "tests/unit/verify_fixture.h"

static struct vkey key;
static struct buf receipt_text = BUF(MIB), plain_text = BUF(MIB);
static struct buf entry = BUF(ENTRY_MAX), content = BUF(MIB);

/* The proof of an entry, as in /log/proof/N and in a receipt (web/pages/submit.c). */
static void prove(
	const struct snapshot *snap, uint64_t index, const struct buf *extra, struct buf *out)
{
	struct nodes nodes = log_nodes(&snap->log);
	AUTO(proof)
	p = {.index = index, .checkpoint = BUF(NOTE_MAX), .extra = BUF(PROOF_EXTRA_MAX)};
	uint64_t size;

	must(log_checkpoint(&snap->log, &p.checkpoint, &size));
	must(merkle_inclusion(&nodes, index, size, &p.path));
	p.has_extra = extra != NULL;
	if (extra)
		buf_add(&p.extra, extra->data, extra->len);
	proof_text(&p, out);
}

static void carry(const char *entry_text, const char *content_text, struct buf *out)
{
	json_auto_t *extra = json_make("{s:s}", "entry", entry_text);

	if (content_text)
		json_put(extra, "content", json_text(content_text));
	json_canonical(extra, out);
}

static int prepare(void **state)
{
	AUTO(buf) extra = BUF(PROOF_EXTRA_MAX);
	char hex[SHA256_HEX];
	struct sha256 hash;
	struct store store;
	struct reg *reg;
	const struct snapshot *snap;

	make_original(state);
	reg = open_in(original);
	key = *reg_vkey(reg);
	must(reg_read(reg, &snap));
	store = snap->log;
	must(store.ops->entry(store.self, question_entry, &entry));
	content_name(&snap->log, question_entry, hex);
	must(sha256_from_hex(hex, &hash));
	must(store.ops->content(store.self, &hash, &content));
	carry(entry.data, content.data, &extra);
	prove(snap, question_entry, &extra, &receipt_text);
	prove(snap, question_entry, NULL, &plain_text);
	reg_read_done(reg, snap);
	reg_close(reg);
	return 0;
}

static int end(void **state)
{
	buf_done(&receipt_text);
	buf_done(&plain_text);
	buf_done(&entry);
	buf_done(&content);
	return remove_original(state);
}

static enum err check(
	const struct buf *proof, const struct buf *named_entry, const struct buf *named_content)
{
	AUTO(receipt) r = {0};

	return receipt_check(&(struct receipt_files){proof, named_entry, named_content, &key}, &r);
}

static void assert_why(const char *part)
{
	if (!strstr(err_why(), part))
		fail_msg("\"%s\" does not say \"%s\"", err_why(), part);
}

static void a_receipt_holds_and_gives_its_text(void **state)
{
	struct receipt_files files = {.proof = &receipt_text, .key = &key};
	AUTO(receipt) r = {0};

	(void)state;
	must(receipt_check(&files, &r));
	assert_int_equal(question_entry, r.index);
	assert_string_equal(ORIGIN, r.checkpoint.origin);
	assert_string_equal("feedback.received", r.event.type->name);
	assert_true(r.has_content);
	assert_string_equal("제 자료도 쓰나요?", json_str(r.event.content, "text"));
	assert_int_equal(0, r.others);
}

static void every_single_bit_of_a_receipt_counts(void **state)
{
	AUTO(buf) bad = BUF(MIB);

	(void)state;
	buf_add(&bad, receipt_text.data, receipt_text.len);
	for (size_t i = 0; i < 8 * bad.len; i++) {
		bad.data[i / 8] ^= (char)(1 << i % 8);
		if (check(&bad, NULL, NULL) == OK)
			fail_msg("bit %zu of byte %zu does not count", i % 8, i / 8);
		bad.data[i / 8] ^= (char)(1 << i % 8);
	}
	must(check(&bad, NULL, NULL));
}

static void a_receipt_cut_short_or_made_longer_is_found(void **state)
{
	AUTO(buf) longer = BUF(MIB);

	(void)state;
	for (size_t len = 0; len < receipt_text.len; len++) {
		struct buf cut = {.data = receipt_text.data, .len = len, .max = MIB};

		assert_int_not_equal(OK, check(&cut, NULL, NULL));
	}
	buf_add(&longer, receipt_text.data, receipt_text.len);
	buf_puts(&longer, "\n");
	assert_int_not_equal(OK, check(&longer, NULL, NULL));
}

static void a_plain_proof_needs_its_entry(void **state)
{
	(void)state;
	assert_int_equal(ERR_INVALID, check(&plain_text, NULL, NULL));
	assert_why("--entry");
	must(check(&plain_text, &entry, NULL));
	must(check(&plain_text, &entry, &content));
}

static void another_entry_or_content_is_found(void **state)
{
	AUTO(buf) other_entry = BUF(ENTRY_MAX), other_content = BUF(MIB);

	(void)state;
	buf_add(&other_entry, entry.data, entry.len);
	other_entry.data[40] ^= 1;
	assert_int_equal(ERR_FALSE, check(&plain_text, &other_entry, NULL));
	assert_why("is not entry");
	buf_add(&other_content, content.data, content.len);
	other_content.data[20] ^= 1;
	assert_int_equal(ERR_FALSE, check(&plain_text, &entry, &other_content));
	assert_why("its SHA-256 is another");
	other_content.len--;
	assert_int_equal(ERR_FALSE, check(&plain_text, &entry, &other_content));
	assert_why("bytes; the entry speaks of one of");
	assert_int_equal(ERR_FALSE, check(&receipt_text, &other_entry, NULL));
	assert_why("is not the one that the receipt carries");
}

static void a_receipt_without_its_content_says_so(void **state)
{
	struct receipt_files files = {.key = &key};
	AUTO(buf) extra = BUF(MIB), text = BUF(MIB);
	AUTO(receipt) r = {0};
	AUTO(proof) p = {0};

	(void)state;
	must(proof_parse(receipt_text.data, receipt_text.len, &p));
	buf_clear(&p.extra);
	carry(entry.data, NULL, &extra);
	buf_add(&p.extra, extra.data, extra.len);
	proof_text(&p, &text);
	files.proof = &text;
	must(receipt_check(&files, &r));
	assert_false(r.has_content);
}

/* As "{ "entry"…": the same meaning, but not the bytes of a receipt. */
static void what_a_receipt_carries_has_one_spelling(void **state)
{
	AUTO(buf) extra = BUF(MIB), text = BUF(MIB);
	AUTO(proof) p = {0};

	(void)state;
	must(proof_parse(receipt_text.data, receipt_text.len, &p));
	buf_add(&extra, p.extra.data, p.extra.len);
	buf_clear(&p.extra);
	buf_putc(&p.extra, ' ');
	buf_add(&p.extra, extra.data, extra.len);
	proof_text(&p, &text);
	assert_int_equal(ERR_FALSE, check(&text, NULL, NULL));
	assert_why("not spelled");
}

static void another_key_proves_nothing(void **state)
{
	struct receipt_files files = {.proof = &receipt_text};
	uint8_t public[ED25519_PUBLIC] = {1};
	AUTO(receipt) r = {0};
	struct vkey other;

	(void)state;
	must(vkey_make("another.example/log", KEY_ED25519, public, &other));
	files.key = &other;
	assert_int_equal(ERR_FALSE, receipt_check(&files, &r));
	assert_why("not signed by the key");
}

static void a_key_of_another_time_cannot_tell(void **state)
{
	struct receipt_files files = {.proof = &receipt_text};
	uint8_t public[ED25519_PUBLIC] = {1};
	AUTO(receipt) r = {0};
	struct vkey other;

	(void)state;
	must(vkey_make(ORIGIN, KEY_ED25519, public, &other));
	files.key = &other;
	assert_int_equal(ERR_NOT_FOUND, receipt_check(&files, &r));
	assert_why("signed by another key named " ORIGIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_receipt_holds_and_gives_its_text),
		cmocka_unit_test(every_single_bit_of_a_receipt_counts),
		cmocka_unit_test(a_receipt_cut_short_or_made_longer_is_found),
		cmocka_unit_test(a_plain_proof_needs_its_entry),
		cmocka_unit_test(another_entry_or_content_is_found),
		cmocka_unit_test(a_receipt_without_its_content_says_so),
		cmocka_unit_test(what_a_receipt_carries_has_one_spelling),
		cmocka_unit_test(another_key_proves_nothing),
		cmocka_unit_test(a_key_of_another_time_cannot_tell),
	};
	return cmocka_run_group_tests_name("receipt", tests, prepare, end);
}
