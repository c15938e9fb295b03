#include "cli/sql_tables.h"

#include "audit/store_sqlite.h"
#include "audit/witness_state.h"
#include "registry/write/checkpointed.h"
#include "registry/profile/export.h"
#include "registry/query/coverage.h"
#include "registry/query/doubts.h"
#include "registry/event/fold.h"
#include "registry/event/log_key.h"
#include "registry/event/logged.h"
#include "registry/verify/memory.h"
#include "registry/verify/mirror.h"
#include "registry/query/news.h"
#include "registry/query/service_list.h"
#include "registry/office/office.h"
#include "registry/policy/policies.h"
#include "registry/write/private.h"
#include "registry/query/query.h"
#include "registry/backup/restore.h"
#include "registry/write/scrub.h"
#include "registry/write/snapshot.h"
#include "registry/verify/source.h"
#include "registry/event/state.h"
#include "registry/verify/verify.h"
#include "registry/write/writer.h"

/* tests/cli/tables_test.sh fails where a module's table is missing here. */
const struct sql_table *const sql_tables[] = {
	&store_sql,
	&witness_state_sql,
	&state_sql,
	&memory_sql,
	&opening_sql,
	&settings_sql,
	&doubts_sql,
	&adoption_sql,
	&ledger_sql,
	&policies_sql,
	&department_sql,
	&declaration_sql,
	&log_key_sql,
	&system_sql,
	&judged_sql,
	&logged_sql,
	&attachment_sql,
	&feedback_sql,
	&service_list_sql,
	&erasure_sql,
	&writer_sql,
	&tx_sql,
	&snapshot_sql,
	&query_sql,
	&query_system_sql,
	&query_feedback_sql,
	&coverage_sql,
	&news_sql,
	&service_list_query_sql,
	&scrub_sql,
	&office_basis_sql,
	&office_sql,
	&office_system_sql,
	&office_feedback_sql,
	&office_flood_sql,
	&private_sql,
	&office_policy_sql,
	&office_key_sql,
	&import_sql,
	&source_sql,
	&checkpointed_sql,
	&export_sql,
	&mirror_sql,
	&restore_sql,
	&verify_replay_sql,
	&verify_since_sql,
	&verify_model_sql,
	&verify_model_tables,
};
const size_t sql_tables_n = COUNT(sql_tables);
