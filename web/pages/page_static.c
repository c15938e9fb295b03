/* page_static.c - /static/{file}: style sheets, the register's symbol, and the script that verifies
 * in the browser, with its messages. */
#include "base/embed.h"
#include "base/languages.h"
#include "web/pages/pages.h"

#include <string.h>

EMBED(style_css, "web/static/style.css");
EMBED(icon_svg, "web/static/icon.svg");
EMBED(log_js, "web/static/log.js");
EMBED(verify_js, "web/static/verify.js");
EMBED(verify_css, "web/static/verify.css");
EMBED(office_css, "web/static/office.css");
EMBED(reports_css, "web/static/reports.css");
EMBED(sign_js, "web/static/sign.js");
EMBED(office_js, "web/static/office.js");
EMBED(passkey_js, "web/static/passkey.js");
EMBED(ask_js, "web/static/ask.js");
EMBED(question_js, "web/static/question.js");

#define SCRIPT "text/javascript; charset=utf-8"
static const struct file {
	const char *name, *type, *start, *end;
} files[] = {
	{"style.css", "text/css; charset=utf-8", embed_style_css, embed_style_css_end},
	{"icon.svg", "image/svg+xml; charset=utf-8", embed_icon_svg, embed_icon_svg_end},
	{"log.js", SCRIPT, embed_log_js, embed_log_js_end},
	{"verify.js", SCRIPT, embed_verify_js, embed_verify_js_end},
	{"verify.css", "text/css; charset=utf-8", embed_verify_css, embed_verify_css_end},
	{"reports.css", "text/css; charset=utf-8", embed_reports_css, embed_reports_css_end},
	{"office.css", "text/css; charset=utf-8", embed_office_css, embed_office_css_end},
	{"sign.js", SCRIPT, embed_sign_js, embed_sign_js_end},
	{"office.js", SCRIPT, embed_office_js, embed_office_js_end},
	{"passkey.js", SCRIPT, embed_passkey_js, embed_passkey_js_end},
	{"ask.js", SCRIPT, embed_ask_js, embed_ask_js_end},
	{"question.js", SCRIPT, embed_question_js, embed_question_js_end},
};

static enum err give(const struct file *f, struct response *rs)
{
	if (!rs->body.max)
		rs->body.max = MIB;
	buf_add(&rs->body, f->start, (size_t)(f->end - f->start));
	rs->type = f->type;
	return buf_check(&rs->body, f->name);
}

enum err page_static(struct request *rq, struct response *rs)
{
	const char *name = request_path(rq, "file");

	for (size_t i = 0; i < COUNT(files); i++)
		if (!strcmp(files[i].name, name))
			return give(&files[i], rs);
	for (size_t i = 0; i < languages_n; i++) {
		AUTOFREE char *messages = mem_printf("verify.%s.json", languages[i].code);

		if (!strcmp(messages, name))
			return give(&(struct file){messages, "application/json",
					    languages[i].script, languages[i].script_end},
				rs);
	}
	return fail(ERR_NOT_FOUND, "no file %s", name);
}
