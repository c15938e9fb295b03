/* page_attached.c - /{lang}/office/files/{sha256}: a file that a department attached, for people
 * who work on its records, even if no published record names it. */
#include "web/office/office.h"
#include "web/pages/pages.h"

enum err page_attached(struct request *rq, struct response *rs)
{
	const char *hex = request_path(rq, "sha256");
	json_auto_t *file = NULL;

	TRY(office_file(rq, hex, &file));
	ENSURE(!json_is_integer(json_object_get(file, "erased_entry")), ERR_GONE,
		"this file was erased");
	rs->private_ = true;
	return file_give(rq, rs, hex, json_num(file, "size"));
}
