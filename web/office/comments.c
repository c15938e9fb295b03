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
	const json_t *comment;
	int64_t open = 0;
	size_t i;

	json_array_foreach (comments, i, comment) {
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
	const json_t *comment;
	size_t i;

	json_array_foreach (comments, i, comment) {
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

/* As browsers send it, to one "\n" a line. */
static char *lines_of(const char *s)
{
	AUTOFREE char *copy = mem_text(s);
	char *to = copy;

	for (const char *from = copy; *from; from++)
		if (*from != '\r')
			*to++ = *from;
	*to = '\0';
	return text_is_stream_safe(copy) ? text_nfc(copy) : mem_text(copy);
}

enum err comments_change(
	const struct request *rq, const char *system, const char *department, int64_t filing)
{
	const char *account = rq->who->session.account.id, *field = office_given(rq, "field"),
		   *close = request_form(rq, "close");
	AUTOFREE char *text = NULL;
	struct people *people = NULL;

	TRY(office_people(rq, &people));
	if (close)
		return comment_close(people, system, department, strtoll(close, NULL, 10), account);
	ENSURE(standard_field(rq->standard, field), ERR_INVALID,
		"the standard has no field \"%.100s\": load the page again", field);
	text = lines_of(office_given(rq, "text"));
	return comment_add(people, &(struct comment){.system = system,
					   .department = department,
					   .field = field,
					   .account = account,
					   .text = text,
					   .filing = filing});
}
