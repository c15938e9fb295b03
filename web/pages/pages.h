/* pages.h - every page that people see, in the order of their addresses. */
#pragma once
#include "web/view/request.h"

/* clang-format off */
#define PAGE(name) MUST_CHECK enum err name(struct request *rq, struct response *rs);
PAGE(page_home)           /* GET  /{lang}/ */
PAGE(page_feed)           /* GET  /{lang}/feed.atom */
PAGE(page_systems)        /* GET  /{lang}/systems            ?q= department= status= risk= page= */
PAGE(page_record)         /* GET  /{lang}/systems/{slug}     .md .json; ?as-of=2026-03-01 */
PAGE(page_versions)       /* GET  /{lang}/systems/{slug}/versions */
PAGE(page_version)        /* GET  /{lang}/systems/{slug}/versions/{n}           .md .json */
PAGE(page_changes)        /* GET  /{lang}/systems/{slug}/versions/{n}/changes   ?from=m */
PAGE(page_feed_system)    /* GET  /{lang}/systems/{slug}/feed.atom */
PAGE(page_file)           /* GET  /{lang}/systems/{slug}/files/{sha256} */
PAGE(page_feedback)       /* GET  /{lang}/systems/{slug}/feedback */
PAGE(page_feedback_given) /* POST /{lang}/systems/{slug}/feedback   text= name= email= lang= website= */
                          /* GET, POST /{lang}/feedback: both of these, about no system */
PAGE(page_receipt)        /* GET  /{lang}/feedback/{receipt} */
PAGE(page_receipt_proof)  /* GET  /{lang}/feedback/{receipt}/receipt.tlog-proof */
PAGE(page_forget)         /* POST /{lang}/feedback/{receipt}/forget */
PAGE(page_withdraw)       /* POST /{lang}/feedback/{receipt}/withdraw            sure=1 */
PAGE(page_departments)    /* GET  /{lang}/departments */
PAGE(page_department)     /* GET  /{lang}/departments/{slug} ?page= */
PAGE(page_feed_department) /* GET /{lang}/departments/{slug}/feed.atom */
PAGE(page_policies)       /* GET  /{lang}/policies */
PAGE(page_policy)         /* GET  /{lang}/policies/{id} */
PAGE(page_law)            /* GET  /{lang}/law */
PAGE(page_verify)         /* GET  /{lang}/verify */
PAGE(page_about)          /* GET  /{lang}/about */
PAGE(page_data)           /* GET  /{lang}/data               the files of /data/ */
PAGE(page_static)         /* GET  /static/{file} */
PAGE(page_robots)         /* GET  /robots.txt */
PAGE(page_sitemap)        /* GET  /sitemap.xml */
PAGE(page_security)       /* GET  /.well-known/security.txt */
#undef PAGE
/* clang-format on */

/* A file's bytes, to be downloaded; the caller has seen to it that they may be given out. */
MUST_CHECK enum err file_give(
	struct request *rq, struct response *rs, const char *sha256, int64_t size);
/* What a reader sees instead of a page: the status that `code` stands for, in the reader's
 * language, with a way on. `why` is shown where the fault is the reader's; NULL for no more than
 * the kind. Works without a database. */
MUST_CHECK enum err page_error(
	struct request *rq, struct response *rs, enum err code, const char *why);
