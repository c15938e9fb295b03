/* Arbitrary bytes as a file, as the header of an upload, and as a title: an accepted PDF begins and
 * ends as one; a header gives an entry of limited size; a file name contains nothing with a meaning
 * in a header or path. */
#include "base/crypto.h"
#include "base/pdf.h"
#include "base/text.h"
#include "registry/event/event.h"
#include "web/http/filename.h"
#include "web/http/upload.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	crypto_init();
	return 0;
}

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void fuzz_pdf(const uint8_t *data, size_t size)
{
	AUTOFREE uint8_t *exact = mem_new(size ? size : 1); /* to detect reading one byte too far */

	memcpy(exact, data, size);
	if (pdf_check(exact, size) != OK)
		return;
	must(memmem(data, size < 1024 + 9 ? size : 1024 + 9, "%PDF-", 5));
	must(!memmem(data, size, "%PDF-", 5) || data[0] != '<');
	must(memmem(data, size, "startxref", 9) && memmem(data, size, "%%EOF", 5));
}

static void fuzz_header(const char *text)
{
	AUTO(buf) entry = BUF(4 * KIB);
	AUTO(event) ev = {0};

	if (upload_entry(text, &entry) == OK) {
		must(entry.len <= 4 * KIB);
		(void)!event_parse(entry.data, entry.len, &ev);
	}
}

static void fuzz_name(const char *text)
{
	AUTOFREE char *name = filename_of(text, ".pdf");
	AUTOFREE char *value = NULL;

	if (!name)
		return;
	must(name[0] != '.' && !strpbrk(name, "/\\\"\r\n:*?<>|"));
	must(text_is_utf8(name, strlen(name)) && text_length(name) <= FILENAME_CHARS + 4);
	value = filename_disposition(name, "file.pdf");
	for (const char *s = value; *s; s++)
		must(*s >= ' ' && *s <= '~');
	must(strchr(strchr(value, '"') + 1, '"') == strrchr(value, '"'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTOFREE char *text = mem_bytes(data, size);

	fuzz_pdf(data, size);
	if (strlen(text) != size)
		return 0;
	fuzz_header(text);
	if (text_is_utf8(text, size))
		fuzz_name(text);
	return 0;
}
