/* page_preview.c - /{lang}/office/preview: Markdown as citizens will see it, for the script that
 * previews a text while it is written. Stores nothing. */
#include "web/office/office.h"
#include "web/pages/pages.h"
#include "web/pages/record_view.h"

enum err page_preview(struct request *rq, struct response *rs)
{
	AUTO(buf) html = BUF(MIB);

	record_markdown_html(office_given(rq, "text"), &html);
	TRY(buf_check(&html, "the page"));
	return page_json(rs, json_make("{s:s}", "html", buf_text(&html)));
}
