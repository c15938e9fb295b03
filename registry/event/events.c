/* Every type of event there is. What is not in this table cannot be in a log. */
#include "base/pdf.h"
#include "registry/event/fold.h"
#include "registry/event/settings.h"
#include "registry/policy/judgement.h"

#define REASON (4 * KIB)
#define WHY .holds = "reason salt"
#define BOTH(name) .check = name##_check, .fold = name##_fold

/* clang-format off */
/* What an event can be about. */
static const struct subject_kind
	of_register = {"register", MEMBER_LINE, TOUCHES_EVERY_SYSTEM | TOUCHES_SETTINGS},
	of_standard = {"standard", MEMBER_SLUG, TOUCHES_EVERY_SYSTEM | TOUCHES_STANDARD},
	of_policy = {"policy", MEMBER_SLUG, TOUCHES_EVERY_SYSTEM},
	of_log = {"log", MEMBER_LINE, TOUCHES_EVERY_SYSTEM | TOUCHES_LOG_KEYS},
	of_department = {"department", MEMBER_SLUG, TOUCHES_EVERY_SYSTEM | TOUCHES_RIGHTS},
	of_file = {"file", MEMBER_SHA256, TOUCHES_EVERY_SYSTEM},
	of_system = {"system", MEMBER_SLUG, TOUCHES_SYSTEMS},
	of_feedback = {"feedback", MEMBER_ID, TOUCHES_SYSTEMS},
	of_list = {"list", MEMBER_SLUG, TOUCHES_EVERY_SYSTEM},
	of_erased = {"erased", MEMBER_SHA256, TOUCHES_EVERY_SYSTEM};

const struct event_type event_types[] = {
	{"register.opened", &of_register, BY_REGISTER,
		.content_max = 16 * KIB, .public_content = true, BOTH(register_opened)},
	/* With all of the new settings (settings.h), those that stay as they were, too. */
	{"register.changed", &of_register, BY_OFFICE,
		.content_max = SETTINGS_MAX, .public_content = true, BOTH(register_changed)},
	/* From a backup: how many entries that had, and how many others had seen; nobody, where that
	 * is missing. */
	{"register.restored", &of_register, BY_OFFICE,
		{{"backup", MEMBER_INT}, {"seen", MEMBER_INT, true}},
		.content_max = 32 * KIB, .public_content = true, .holds = "known_by lost reason",
		BOTH(register_restored)},
	{"standard.adopted", &of_standard, BY_OFFICE, {{"version", MEMBER_INT}},
		.content_max = MIB, .public_content = true, BOTH(standard_adopted)},
	{"policy.adopted", &of_policy, BY_OFFICE, {{"version", MEMBER_INT}},
		.content_max = POLICY_MAX, .public_content = true, BOTH(policy_adopted)},
	{"policy.retired", &of_policy, BY_OFFICE,
		.content_max = REASON, .public_content = true, .salted = true, WHY, BOTH(policy_retired)},
	/* With what both keys state of it (audit/key_statement.h). */
	{"log.key_added", &of_log, BY_OFFICE, {{"key", MEMBER_VKEY}, {"beside", MEMBER_VKEY}},
		.content_max = 8 * KIB, .public_content = true, BOTH(log_key_added)},
	{"log.key_retired", &of_log, BY_OFFICE, {{"key", MEMBER_VKEY}, {"next", MEMBER_VKEY}},
		.content_max = 8 * KIB, .public_content = true, BOTH(log_key_retired)},
	{"department.added", &of_department, BY_OFFICE,
		.content_max = 16 * KIB, .public_content = true, .holds = "name about", BOTH(department_added)},
	{"key.granted", &of_department, BY_OFFICE, {{"key", MEMBER_VKEY}},
		BOTH(key_granted)},
	{"key.revoked", &of_department, BY_OFFICE, {{"key", MEMBER_VKEY}},
		BOTH(key_revoked)},
	/* That it uses no AI. */
	{"department.declared_none", &of_department, BY_DEPARTMENT,
		.content_max = 8 * KIB, .public_content = true, .salted = true,
		BOTH(department_declared_none)},
	/* Given out once a published record names it. */
	{"file.attached", &of_file, BY_DEPARTMENT,
		.content_max = ATTACHMENT_MAX, .media = PDF_TYPE, BOTH(file_attached)},
	/* By the register itself only when it imports another register's records. What that one knows the
	 * record by is a text, which may name somebody: the content has it, where it can be erased, and the
	 * entry its hash, so that the next import finds the system all the same. Old entries have the text. */
	{"system.filed", &of_system, BY_DEPARTMENT | BY_REGISTER,
		{{"department", MEMBER_SLUG}, {"profile", MEMBER_SLUG, true},
			{"source", MEMBER_LINE, true, .old = true}, {"source_sha256", MEMBER_SHA256, true}},
		.content_max = 512 * KIB, .salted = true, .holds = "record salt source",
		BOTH(system_filed)},
	{"system.returned", &of_system, BY_OFFICE, {{"filing", MEMBER_INT}},
		.content_max = REASON, .public_content = true, .salted = true, WHY, BOTH(system_returned)},
	{"system.published", &of_system, BY_OFFICE | BY_REGISTER,
		{{"filing", MEMBER_INT}, {"version", MEMBER_INT}},
		.content_max = JUDGEMENT_MAX, .may_lack_content = true, .public_content = true,
		BOTH(system_published)},
	/* A published record judged again, under other policies than before. */
	{"system.judged", &of_system, BY_REGISTER, {{"version", MEMBER_INT}},
		.content_max = JUDGEMENT_MAX, .public_content = true, BOTH(system_judged)},
	/* "version": the one that was the newest when it was decided; old entries lack it. */
	{"system.suspended", &of_system, BY_OFFICE, {{"version", MEMBER_INT, true}},
		.content_max = REASON, .public_content = true, .salted = true, WHY, BOTH(system_suspended)},
	/* By the register where an import's source has again what it had lost. */
	{"system.resumed", &of_system, BY_OFFICE | BY_REGISTER, {{"version", MEMBER_INT, true}},
		.content_max = REASON, .public_content = true, .salted = true, WHY, BOTH(system_resumed)},
	{"system.retired", &of_system, BY_OFFICE | BY_REGISTER,
		{{"version", MEMBER_INT, true}, {"filing", MEMBER_INT, true}, {"successor", MEMBER_SLUG, true}},
		.content_max = REASON, .public_content = true, .salted = true, WHY, BOTH(system_retired)},
	/* Without "system" it is about none in particular. */
	{"feedback.received", &of_feedback, BY_CITIZEN, {{"system", MEMBER_SLUG, true}},
		.content_max = 32 * KIB, .salted = true, .holds = "text lang name salt",
		BOTH(feedback_received)},
	{"feedback.published", &of_feedback, BY_OFFICE, BOTH(feedback_published)},
	{"feedback.withheld", &of_feedback, BY_OFFICE,
		.content_max = REASON, .public_content = true, .salted = true, WHY, BOTH(feedback_withheld)},
	{"feedback.answered", &of_feedback, BY_OFFICE | BY_DEPARTMENT,
		.content_max = 64 * KIB, .public_content = true, .salted = true, .holds = "text salt",
		BOTH(feedback_answered)},
	/* By who holds its receipt; erases its text. */
	{"feedback.withdrawn", &of_feedback, BY_CITIZEN, BOTH(feedback_withdrawn)},
	/* A flood, held back and erased in one act: {"feedback": their ids}. Nothing else is said in it,
	 * for it stays. */
	{"feedback.swept", &of_register, BY_OFFICE, {{"questions", MEMBER_INT}},
		.content_max = MIB, .public_content = true, .holds = "feedback", BOTH(feedback_swept)},
	/* A list of AI services was handed over (Act 21392, Art 30): the day, the file's hash, how many are on it.
	 * The subject is the profile that it was exported with. */
	{"list.submitted", &of_list, BY_OFFICE,
		{{"day", MEMBER_DAY}, {"file", MEMBER_SHA256}, {"services", MEMBER_INT}},
		.content_max = REASON, .public_content = true, .salted = true, .holds = "to note salt",
		BOTH(list_submitted)},
	{"content.erased", &of_erased, BY_OFFICE,
		.content_max = REASON, .public_content = true, .holds = "reason", BOTH(content_erased)},
};
/* clang-format on */
const size_t event_types_n = COUNT(event_types);
