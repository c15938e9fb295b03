/* page_data.c - /{lang}/data: downloads of the whole register, with formats and uses. */
#include "base/languages.h"
#include "web/pages/pages.h"
#include "web/view/view.h"

#include <string.h>

/* The use of a kind of file, for profiles without a description. */
static json_t *what_for(const struct request *rq, const char *output)
{
	AUTOFREE char *key = mem_printf("data_what_%s", output);

	return json_text(message(rq, key));
}

/* A rough size, so that readers know it before they download. */
static json_t *size_view(const struct request *rq, const json_t *bytes)
{
	int64_t n = json_integer_value(bytes);
	AUTOFREE char *text = n < (int64_t)MIB ? mem_printf("%lld KB", (long long)(n + 1023) / 1024)
	                                       : mem_printf("%.1f MB", (double)n / (double)MIB);

	if (!json_is_integer(bytes))
		return json_null();
	return say(rq, "data_size", json_make("{s:s}", "size", text));
}

static json_t *source_view(const json_t *source)
{
	const char *url = json_str(source, "url");

	if (!url || (strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0))
		return json_null();
	return json_make("{s:s}", "url", url);
}

/* The description of a file that has no profile. */
static json_t *table_text(const struct request *rq, const char *table, const char *which)
{
	AUTOFREE char *key = mem_printf("data_%s_%s", table, which);

	return json_make("{s:s}", "text", message(rq, key));
}

static json_t *export_view(const struct request *rq, const json_t *export)
{
	const char *table = json_str(export, "table"), *output = json_str(export, "output");

	return json_make("{s:s,s:s?,s:o,s:o,s:o,s:o,s:o,s:o}", "file", json_str(export, "file"),
		"report", json_str(export, "report"), "title",
		table ? table_text(rq, table, "title")
		      : view_text(rq, json_object_get(export, "title")),
		"about",
		table ? table_text(rq, table, "about")
		      : view_text(rq, json_object_get(export, "about")),
		"what", output ? what_for(rq, output) : json_null(), "size",
		size_view(rq, json_object_get(export, "bytes")), "source",
		source_view(json_object_get(export, "source")), "when",
		json_str(export, "at") ? view_time(rq, json_str(export, "at")) : json_null());
}

enum err page_data(struct request *rq, struct response *rs)
{
	json_auto_t *all = site_downloads(rq->site);
	json_t *view = json_object(), *exports = json_array();

	json_each (all, export)
		json_push(exports, export_view(rq, export));
	json_put(view, "title", json_text(message(rq, "data_title")));
	json_put(view, "description", json_text(message(rq, "data_lead")));
	json_put(view, "exports", exports);
	return page_render(rq, rs, "data.html", view);
}

enum err page_no_file(struct request *rq, struct response *rs)
{
	return fail(ERR_NOT_FOUND,
		"there is no file \"%.80s\"; /%s/data lists those that there are",
		request_path(rq, "file"), *rq->lang ? rq->lang : languages[0].code);
}
