/* The table of all types of event: the rows of events.def. */
#include "base/pdf.h"
#include "registry/event/fold.h"
#include "registry/event/rules.h"
#include "registry/event/settings.h"
#include "registry/policy/judgement.h"

#define REASON (4 * KIB)
#define WHY .holds = "reason salt"

/* clang-format off */
/* Kinds of subjects; each event has one subject. */
static const struct subject_kind
	of_register = {"register", MEMBER_LINE, TOUCHES_EVERY_SYSTEM | TOUCHES_SETTINGS},
	of_standard = {"standard", MEMBER_SLUG, TOUCHES_EVERY_SYSTEM | TOUCHES_STANDARD},
	of_policy = {"policy", MEMBER_SLUG, TOUCHES_EVERY_SYSTEM},
	of_log = {"log", MEMBER_LINE, TOUCHES_EVERY_SYSTEM | TOUCHES_LOG_KEYS},
	of_department = {"department", MEMBER_SLUG, TOUCHES_EVERY_SYSTEM | TOUCHES_RIGHTS},
	of_person = {"person", MEMBER_ID, TOUCHES_RIGHTS},
	of_file = {"file", MEMBER_SHA256, TOUCHES_EVERY_SYSTEM},
	of_system = {"system", MEMBER_SLUG, TOUCHES_SYSTEMS},
	of_feedback = {"feedback", MEMBER_ID, TOUCHES_SYSTEMS},
	of_list = {"list", MEMBER_SLUG, TOUCHES_EVERY_SYSTEM},
	of_erased = {"erased", MEMBER_SHA256, TOUCHES_EVERY_SYSTEM};
/* clang-format on */

#define EVENT(noun, verb, subject, by, people, ...)                                    \
	{#noun "." #verb, &subject, by, ##__VA_ARGS__, .check = noun##_##verb##_check, \
		.fold = noun##_##verb##_fold},
const struct event_type event_types[] = {
#include "registry/event/events.def"
};
const size_t event_types_n = COUNT(event_types);
