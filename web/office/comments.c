#include "web/office/comments.h"

#include "base/text.h"
#include "web/view/view.h"

#include <stdlib.h>
#include <string.h>

enum err comments_of(
	const struct request *rq, const char *system, const char *department, json_t **out)
{
	struct people *people = NULL;

	TRY(office_people(rq, &people));
	return comment_list(people, system, department, out);
}

static bool is_open(const json_t *comment)
{
	return json_is_null(json_object_get(comment, "closed"));
}

static json_t *comment_view(const struct request *rq, const json_t *comment)
{
	char at[TIME_TEXT];

	time_text(json_num(comment, "at"), at);
	return json_make("{s:O,s:s?,s:o,s:o,s:b}", "id", json_object_get(comment, "id"), "text",
		json_str(comment, "text"), "name", office_person(rq, json_str(comment, "account")),
		"when", view_time(rq, at), "open", is_open(comment));
}

json_t *comments_at(const struct request *rq, const json_t *comments, const char *field)
{
	json_t *list = json_array();
	int64_t open = 0;

	json_each (comments, comment) {
		if (strcmp(json_str(comment, "field"), field) != 0)
			continue;
		json_push(list, comment_view(rq, comment));
		open += is_open(comment);
	}
	return json_make("{s:s,s:b,s:o,s:o,s:s}", "field", field, "any", json_array_size(list) > 0,
		"open_n", view_number(open), "list", list, "written",
		strcmp(office_given(rq, "field"), field) == 0 ? office_given(rq, "text") : "");
}

char *comments_text(const struct request *rq, const json_t *comments)
{
	AUTO(buf) text = BUF(4 * MIB);

	json_each (comments, comment) {
		const char *field = json_str(comment, "field");
		const struct field *f = standard_field(rq->standard, field);
		json_auto_t *label =
			f ? view_text(rq, json_object_get(f->json, "label")) : json_null();

		if (is_open(comment))
			buf_printf(&text, "%s%s: %s", text.len ? "\n" : "",
				json_str(label, "text") ? json_str(label, "text") : field,
				json_str(comment, "text"));
	}
	return text.len ? buf_take(&text) : NULL;
}

enum err comments_change(
	const struct request *rq, const char *system, const char *department, int64_t filing)
{
	AUTOFREE char *text = text_typed(office_given(rq, "text"));
	const struct comment comment = {.system = system,
		.department = department,
		.field = office_given(rq, "field"),
		.account = rq->who->session.account.id,
		.text = text,
		.filing = filing};
	const char *close = request_form(rq, "close");
	struct people *people = NULL;

	TRY(office_people(rq, &people));
	if (close)
		return comment_close(people, &comment, strtoll(close, NULL, 10));
	ENSURE(standard_field(rq->standard, comment.field), ERR_INVALID,
		"the standard has no field \"%.100s\": load the page again", comment.field);
	return comment_add(people, &comment);
}
