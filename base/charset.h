/* charset.h - what bytes of a file mean, where its sender still uses another encoding than UTF-8.
 * Windows-1252 is what European offices' spreadsheets save (the Encoding Standard's index,
 * without its five unassigned bytes), CP949 what Korean ones do (EUC-KR with all of Hangul). */
#pragma once
#include "base/buf.h"

enum charset { CHARSET_UTF8, CHARSET_WINDOWS_1252, CHARSET_CP949 };
/* By name, in any case: "utf-8", "windows-1252", "cp949" (or "euc-kr"). ERR_INVALID, with the
 * names. */
MUST_CHECK enum err charset_find(const char *name, enum charset *out);
/* Appends the text as UTF-8, without a byte order mark. ERR_INVALID: UTF-16 or UTF-32, which are
 * told by how they begin; a spreadsheet's or a document's own format; the first byte that is wrong,
 * by line and place in it; UTF-8 that is called something else, and would come out as gibberish. */
MUST_CHECK enum err charset_decode(
	enum charset from, const char *text, size_t len, struct buf *out);
