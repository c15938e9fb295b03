#include "web/view/routes.h"

#include "registry/event/event.h"
#include "web/pages/pages.h"
#include "web/pages/pages_raw.h"

/* A form's longest text is 4,000 characters: 16,000 bytes, three times that when encoded. */
#define FORM_MAX (64 * KIB)
/* A record of 256 KiB, its JSON escaped once more, and the entry. */
#define EVENT_MAX (2 * MIB)
/* A record of 256 KiB, with room to be told that it is too long. */
#define RECORD_MAX MIB

/* Systems in one answer of the API. */
#define LIST_MAX 500

/* clang-format off */
static const struct query_param passed_on[] = {{"*", QUERY_ANYTHING}, {0}};
static const struct query_param as_of[] = {{"as-of", QUERY_DAY}, {0}};
static const struct query_param since[] = {{"from", QUERY_NUMBER}, {0}};
/* What was just done with a receipt. */
static const struct query_param done[] = {
	{"erased", QUERY_FLAG}, {"unsure", QUERY_FLAG}, {"done", QUERY_FLAG}, {0}};
static const struct query_param of_system[] = {{"system", QUERY_SYSTEM}, {0}};
static const struct query_param paged[] = {{"page", QUERY_NUMBER}, {0}};
static const struct query_param list[] = {{"q", QUERY_WORDS}, {"department", QUERY_DEPARTMENT},
	{"status", QUERY_STATUS}, {"risk", QUERY_RISK}, {"review", QUERY_DEADLINE}, {"duty", QUERY_DEADLINE},
	{"page", QUERY_NUMBER}, {0}};
static const struct query_param api_list[] = {{"q", QUERY_WORDS}, {"department", QUERY_DEPARTMENT},
	{"status", QUERY_STATUS}, {"risk", QUERY_RISK}, {"review", QUERY_DEADLINE}, {"duty", QUERY_DEADLINE}, {"due_from", QUERY_DAY},
	{"due_before", QUERY_DAY}, {"offset", QUERY_OFFSET}, {"limit", QUERY_NUMBER, LIST_MAX}, {0}};

const struct route routes[] = {
	/*       path                                           keep           body max   answer */
	{GET,  "/",                                             KEEP_NEVER,           0,  page_root, .query = passed_on},
	{GET,  "/{lang}/",                                      KEEP_REGISTER,        0,  page_home},
	{GET,  "/ko",                                           KEEP_NEVER,           0,  page_slashed, .query = passed_on},
	{GET,  "/en",                                           KEEP_NEVER,           0,  page_slashed, .query = passed_on},
	{GET,  "/{lang}/feed.atom",                             KEEP_REGISTER,        0,  page_feed, .slow = SLOW},
	{GET,  "/{lang}/systems",                               KEEP_REGISTER,        0,  page_systems, .query = list, .slow = SLOW_ASKED},
	{GET,  "/{lang}/systems/{slug.}",                       KEEP_SYSTEM,          0,  page_record, .query = as_of, .slow = SLOW_ASKED},
	{GET,  "/{lang}/systems/{slug}/versions",               KEEP_SYSTEM,          0,  page_versions},
	{GET,  "/{lang}/systems/{slug}/versions/{n.}",          KEEP_SYSTEM,          0,  page_version},
	{GET,  "/{lang}/systems/{slug}/versions/{n}/changes",   KEEP_SYSTEM,          0,  page_changes, .query = since, .slow = SLOW},
	{GET,  "/{lang}/systems/{slug}/feed.atom",              KEEP_SYSTEM,          0,  page_feed_system},
	{GET,  "/{lang}/systems/{slug}/files/{sha256}",         KEEP_SYSTEM,          0,  page_file},
	{GET,  "/{lang}/systems/{slug}/feedback",               KEEP_SYSTEM,          0,  page_feedback},
	{POST, "/{lang}/systems/{slug}/feedback",               KEEP_NEVER,    FORM_MAX,  page_feedback_given},
	{GET,  "/{lang}/feedback",                              KEEP_REGISTER,        0,  page_feedback},
	{POST, "/{lang}/feedback",                              KEEP_NEVER,    FORM_MAX,  page_feedback_given},
	{GET,  "/{lang}/feedback/{receipt}",                    KEEP_NEVER,           0,  page_receipt, .query = done},
	{GET,  "/{lang}/feedback/{receipt}/receipt.tlog-proof", KEEP_NEVER,           0,  page_receipt_proof},
	{POST, "/{lang}/feedback/{receipt}/forget",             KEEP_NEVER,         KIB,  page_forget},
	{POST, "/{lang}/feedback/{receipt}/withdraw",           KEEP_NEVER,         KIB,  page_withdraw},
	{GET,  "/{lang}/departments",                           KEEP_REGISTER,        0,  page_departments},
	{GET,  "/{lang}/departments/{slug}",                    KEEP_REGISTER,        0,  page_department, .query = paged, .slow = SLOW_ASKED},
	{GET,  "/{lang}/departments/{slug}/feed.atom",          KEEP_REGISTER,        0,  page_feed_department},
	{GET,  "/{lang}/policies",                              KEEP_REGISTER,        0,  page_policies},
	{GET,  "/{lang}/policies/{id}",                         KEEP_REGISTER,        0,  page_policy},
	{GET,  "/{lang}/law",                                   KEEP_REGISTER,        0,  page_law, .slow = SLOW},
	{GET,  "/{lang}/verify",                                KEEP_ANEW,            0,  page_verify},
	{GET,  "/{lang}/about",                                 KEEP_REGISTER,        0,  page_about},
	{GET,  "/{lang}/data",                                  KEEP_NEVER,           0,  page_data},
	{GET,  "/data/{file}",                                  KEEP_BUILT,           0,  page_no_file},
	{GET,  "/{lang}/systems/",                              KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/{lang}/systems/{slug}/",                       KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/{lang}/systems/{slug}/versions/",              KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/{lang}/systems/{slug}/feedback/",              KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/{lang}/feedback/",                             KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/{lang}/departments/",                          KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/{lang}/departments/{slug}/",                   KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/{lang}/policies/",                             KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/{lang}/law/",                                  KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/{lang}/verify/",                               KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/{lang}/about/",                                KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/{lang}/data/",                                 KEEP_NEVER,           0,  page_unslashed, .query = passed_on},
	{GET,  "/systems/{slug}",                               KEEP_NEVER,           0,  page_unlocalised, .query = passed_on},
	{GET,  "/data",                                         KEEP_NEVER,           0,  page_unlocalised, .query = passed_on},
	{GET,  "/data/",                                        KEEP_NEVER,           0,  page_unlocalised, .query = passed_on},
	{GET,  "/static/{file}",                                KEEP_REGISTER,        0,  page_static},
	{GET,  "/robots.txt",                                   KEEP_REGISTER,        0,  page_robots},
	{GET,  "/sitemap.xml",                                  KEEP_WHILE,           0,  page_sitemap, .slow = SLOW},
	{GET,  "/.well-known/security.txt",                     KEEP_REGISTER,        0,  page_security},
	{GET,  "/healthz",                                      KEEP_NEVER,           0,  page_health},
	{GET,  "/log/checkpoint",                               KEEP_MOMENT,          0,  page_checkpoint},
	{GET,  "/log/checkpoint.cosigned",                      KEEP_MOMENT,          0,  page_checkpoint_cosigned},
	{GET,  "/log/vkey",                                     KEEP_REGISTER,        0,  page_vkey},
	{GET,  "/log/keys",                                     KEEP_REGISTER,        0,  page_keys},
	{GET,  "/log/tile/{path*}",                             KEEP_FOREVER,         0,  page_tile},
	{GET,  "/log/entry/{index}",                            KEEP_FOREVER,         0,  page_entry},
	{GET,  "/log/content/{sha256}",                         KEEP_REGISTER,        0,  page_content},
	{GET,  "/log/proof/{index}",                            KEEP_ANEW,            0,  page_proof},
	{GET,  "/log/consistency/{old}/{new}",                  KEEP_ELSEWHERE,       0,  page_consistency, .slow = SLOW},
	{GET,  "/api/v1/register",                              KEEP_REGISTER,        0,  api_register},
	{GET,  "/api/v1/standard",                              KEEP_REGISTER,        0,  api_standard},
	{GET,  "/api/v1/policies",                              KEEP_REGISTER,        0,  api_policies},
	{GET,  "/api/v1/policies/{id}",                         KEEP_REGISTER,        0,  api_policy},
	{POST, "/api/v1/check",                                 KEEP_NEVER,   RECORD_MAX,  api_check, .slow = SLOW},
	{GET,  "/api/v1/standard/schema",                       KEEP_REGISTER,        0,  api_standard_schema, .slow = SLOW},
	{GET,  "/api/v1/systems",                               KEEP_REGISTER,        0,  api_systems, .query = api_list, .slow = SLOW_ASKED},
	{GET,  "/api/v1/systems/{slug}",                        KEEP_SYSTEM,          0,  api_system},
	{GET,  "/api/v1/departments",                           KEEP_REGISTER,        0,  api_departments},
	{GET,  "/api/v1/departments/{slug}",                    KEEP_REGISTER,        0,  api_department},
	{GET,  "/api/v1/feedback",                              KEEP_REGISTER,        0,  api_questions, .query = of_system, .slow = SLOW_ASKED},
	{GET,  "/api/v1/feedback/{id}",                         KEEP_REGISTER,        0,  api_feedback},
	{POST, "/api/v1/files",                                 KEEP_NEVER, ATTACHMENT_MAX, api_file_sent, true},
	{GET,  "/api/v1/files/{sha256}",                        KEEP_REGISTER,        0,  api_file},
	{POST, "/api/v1/events",                                KEEP_NEVER,   EVENT_MAX,  api_event},
};
/* clang-format on */
const size_t routes_n = COUNT(routes);
