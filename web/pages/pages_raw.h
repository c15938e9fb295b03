/* pages_raw.h - addresses that programs read: the log, the API, redirects and health. */
#pragma once
#include "web/view/request.h"

/* clang-format off */
#define PAGE(name) MUST_CHECK enum err name(struct request *rq, struct response *rs);
PAGE(page_root)           /* GET  /                            to /ko/ or /en/ */
PAGE(page_unlocalised)    /* GET  /systems/{slug}              to /{lang}/systems/{slug} */
PAGE(page_slashed)         /* GET  /ko, /en                    to the same with a slash at its end */
PAGE(page_unslashed)       /* GET  /{lang}/systems/ …          to the same without */
PAGE(page_no_file)         /* GET  /data/{file}               one that exports.h does not have */
PAGE(page_health)         /* GET  /healthz */
PAGE(page_checkpoint)     /* GET  /log/checkpoint */
PAGE(page_checkpoint_cosigned) /* GET /log/checkpoint.cosigned */
PAGE(page_vkey)           /* GET  /log/vkey */
PAGE(page_keys)           /* GET  /log/keys */
PAGE(page_tile)           /* GET  /log/tile/{path*} */
PAGE(page_entry)          /* GET  /log/entry/{index} */
PAGE(page_content)        /* GET  /log/content/{sha256} */
PAGE(page_proof)          /* GET  /log/proof/{index} */
PAGE(page_consistency)    /* GET  /log/consistency/{old}/{new} */
PAGE(api_register)        /* GET  /api/v1/register */
PAGE(api_standard)        /* GET  /api/v1/standard */
PAGE(api_policies)        /* GET  /api/v1/policies */
PAGE(api_policy)          /* GET  /api/v1/policies/{id} */
PAGE(api_check)           /* POST /api/v1/check                a record, or {"record"} */
PAGE(api_systems)         /* GET  /api/v1/systems              ?q= department= status= risk= review= duty= due_from= due_before= offset= limit= */
PAGE(api_standard_schema) /* GET  /api/v1/standard/schema */
PAGE(api_system)          /* GET  /api/v1/systems/{slug} */
PAGE(api_departments)     /* GET  /api/v1/departments */
PAGE(api_department)      /* GET  /api/v1/departments/{slug} */
PAGE(api_questions)       /* GET  /api/v1/feedback          ?system= */
PAGE(api_feedback)        /* GET  /api/v1/feedback/{id} */
PAGE(api_file_sent)       /* POST /api/v1/files                the bytes; Gaya-Entry: the event */
PAGE(api_file)            /* GET  /api/v1/files/{sha256} */
PAGE(api_event)           /* POST /api/v1/events               {"entry", "content"} */
#undef PAGE
/* clang-format on */
