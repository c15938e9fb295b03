#include "web/office/form_body.h"

#include "base/buf.h"
#include "base/text.h"
#include "web/http/urlencoded.h"

#include <stdlib.h>
#include <string.h>

void form_body_done(struct form_body *body)
{
	for (size_t i = 0; i < body->n; i++) {
		free(body->all[i].name);
		free(body->all[i].value);
	}
	free(body->all);
	*body = (struct form_body){0};
}

static size_t count_pairs(const char *s, size_t len)
{
	size_t n = 1;

	for (const char *end = s + len; (s = memchr(s, '&', (size_t)(end - s))); s++)
		n++;
	return n;
}

/* Takes ownership of both. */
static enum err add(struct form_body *body, char *name, char *value)
{
	if (!name || !value) {
		free(name);
		free(value);
		return fail(ERR_INVALID, "the form is malformed: what was sent is no UTF-8 text");
	}
	text_join_lines(value);
	body->all[body->n++] = (struct form_input){name, value};
	return OK;
}

static enum err add_pair(struct form_body *body, const struct urlencoded_pair *pair)
{
	ENSURE(pair->name_len <= FORM_NAME, ERR_TOO_LARGE,
		"the form is malformed: an input has a name of more than %d bytes", FORM_NAME);
	return add(body, urlencoded_text(pair->name, pair->name_len, true),
		urlencoded_text(pair->value, pair->value_len, true));
}

static char *part_text(const char *s, size_t len)
{
	return memchr(s, '\0', len) || !text_is_utf8(s, len) ? NULL : mem_bytes(s, len);
}

/* A merge sort keeps the order of equals; glibc's qsort() does not promise to. */
static void sort(struct form_input *all, size_t n, struct form_input *spare)
{
	size_t half = n / 2, i = 0, j = half, k = 0;

	if (n < 2)
		return;
	sort(all, half, spare);
	sort(all + half, n - half, spare);
	while (i < half && j < n)
		spare[k++] = strcmp(all[i].name, all[j].name) <= 0 ? all[i++] : all[j++];
	while (i < half)
		spare[k++] = all[i++];
	while (j < n)
		spare[k++] = all[j++];
	memcpy(all, spare, n * sizeof(*all));
}

static void sort_all(struct form_body *body)
{
	struct form_input *spare = mem_new((body->n + 1) * sizeof(*spare));

	sort(body->all, body->n, spare);
	free(spare);
}

enum err form_body_parse(const char *s, size_t len, struct form_body *out)
{
	size_t most = count_pairs(s, len);
	AUTO(form_body) body = {0};
	const char *end = s + len;
	struct urlencoded_pair pair;

	ENSURE(most <= FORM_INPUTS, ERR_TOO_LARGE,
		"the form has more than %d inputs: remove what a list has too much of",
		FORM_INPUTS);
	body.all = mem_new(most * sizeof(*body.all));
	while (urlencoded_next(&s, end, &pair))
		TRY(add_pair(&body, &pair));
	sort_all(&body);
	*out = TAKE(body);
	return OK;
}

enum err form_body_parts(
	const char *type, const char *s, size_t len, struct part *file, struct form_body *out)
{
	AUTO(form_body) body = {0};
	struct multipart m;
	struct part part;
	bool more = true;

	TRY(multipart_open(type, s, len, &m));
	body.all = mem_new(MULTIPART_PARTS * sizeof(*body.all));
	while (true) {
		TRY(multipart_next(&m, &part, &more));
		if (!more)
			break;
		if (!part.is_file)
			TRY(add(&body, part_text(part.name, strlen(part.name)),
				part_text(part.data, part.len)));
		else if (part.len && !file->data)
			*file = part;
	}
	sort_all(&body);
	*out = TAKE(body);
	return OK;
}

/* The first input that does not sort before `name`. */
static size_t first_from(const struct form_body *body, const char *name)
{
	size_t low = 0, high = body->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(body->all[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct form_input *form_body_values(const struct form_body *body, const char *name, size_t *n)
{
	size_t at = first_from(body, name), end = at;

	while (end < body->n && strcmp(body->all[end].name, name) == 0)
		end++;
	*n = end - at;
	return *n ? &body->all[at] : NULL;
}

const char *form_body_value(const struct form_body *body, const char *name)
{
	size_t n;
	const struct form_input *first = form_body_values(body, name, &n);

	return first ? first->value : NULL;
}

bool form_body_has(const struct form_body *body, const char *path)
{
	AUTOFREE char *under = mem_printf("%s.", path);
	size_t at = first_from(body, under), n;

	return (at < body->n && strncmp(body->all[at].name, under, strlen(under)) == 0) ||
	       form_body_values(body, path, &n);
}
