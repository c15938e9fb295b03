/* charset.h - decodes files that are not in UTF-8. Spreadsheets save Windows-1252 in European
 * offices (the Encoding Standard's index without its five unassigned bytes) and CP949 in Korean
 * ones (EUC-KR with all of Hangul). */
#pragma once
#include "base/buf.h"

enum charset { CHARSET_UTF8, CHARSET_WINDOWS_1252, CHARSET_CP949 };
/* Finds a charset by its name, in any case: "utf-8", "windows-1252", "cp949" (or "euc-kr").
 * ERR_INVALID lists these names. */
MUST_CHECK enum err charset_find(const char *name, enum charset *out);
/* Appends the text as UTF-8, without a byte order mark. ERR_INVALID for UTF-16 or UTF-32,
 * recognised by their first bytes; for the file format of a spreadsheet or word processor; for an
 * invalid byte, naming its line and column; and for text that is declared as one charset but would
 * decode to gibberish, naming the charset that it is likely in: UTF-8 as another one, CP949 as
 * Windows-1252 and the reverse. */
MUST_CHECK enum err charset_decode(
	enum charset from, const char *text, size_t len, struct buf *out);

/* The same for a file that is read in parts of whole lines: first check its start, with as much of
 * the file as there is, then decode each part with the number of lines before it. */
MUST_CHECK enum err charset_check_start(const char *text, size_t len);
MUST_CHECK enum err charset_decode_part(
	enum charset from, const char *text, size_t len, size_t lines, struct buf *out);
