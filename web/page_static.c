/* page_static.c - /static/{file}: the style sheet and the sign of the register. */
#include "base/embed.h"
#include "web/pages.h"

#include <string.h>

EMBED(style_css, "web/static/style.css");
EMBED(icon_svg, "web/static/icon.svg");

static const struct file {
	const char *name, *type, *start, *end;
} files[] = {
	{"style.css", "text/css; charset=utf-8", embed_style_css, embed_style_css_end},
	{"icon.svg", "image/svg+xml", embed_icon_svg, embed_icon_svg_end},
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
	return fail(ERR_NOT_FOUND, "no file %s", name);
}
