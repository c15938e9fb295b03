#include "base/journal.h"

#include "base/buf.h"
#include "base/env.h"
#include "base/josa.h"
#include "base/text.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

void journal(const char *fmt, ...)
{
	AUTO(buf) said = BUF(8 * KIB);
	AUTO(buf) line = BUF(64 * KIB);
	AUTOFREE char *shown = NULL;
	char now[TIME_TEXT];
	va_list ap;

	va_start(ap, fmt);
	buf_vprintf(&said, err_text(fmt), ap);
	va_end(ap);
	if (err_is_translated() && said.data)
		josa_resolve(said.data);
	shown = text_shown(buf_text(&said), false);
	time_text(env_now(&env_real), now);
	buf_printf(&line, "%s gaya: %s\n", now, shown);
	(void)!write(STDERR_FILENO, line.data, line.len);
}

void journal_text(const char *text)
{
	AUTOFREE char *shown = text_shown(text, true);
	AUTO(buf) lines = BUF(strlen(shown) + 2);

	buf_puts(&lines, shown);
	if (!lines.len || lines.data[lines.len - 1] != '\n')
		buf_putc(&lines, '\n');
	(void)!write(STDERR_FILENO, lines.data, lines.len);
}
