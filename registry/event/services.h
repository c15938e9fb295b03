/* services.h - the result of the policy of Korea's Act 21392 for each published system, and the
 * number of systems with each result. Both are updated with each entry, so that the page about the
 * whole city reads a few rows, however large the register is.
 *
 * A row of `service` is rebuilt from the newest record and judgement whenever one of them, or the
 * system's state, changes; `service_count` changes by the difference. A row of `service_past` stays
 * as its entry left it, unless its record is erased or comes back. */
#pragma once
#include "registry/event/state.h"

#define SERVICE_LIST "kr-ai-service-list" /* the profile that exports the list (Article 30) */
#define SERVICE_POLICY "kr-public-ai-act"
#define SERVICE_ASSESSMENT "krp.32.1" /* prefix of duties: to assess, and to publish */
#define SERVICE_EXEMPTION "krp.32.2"  /* to agree on it or have it confirmed */
#define SERVICE_ANSWERS "krp.3.5"     /* to name who is responsible for decisions */

/* `entry` changed the system's record, judgement or state; -1: something else did, such as an
 * erasure, which is not part of its history. */
MUST_CHECK enum err service_fold(struct state *st, const char *slug, int64_t entry);
/* The list was submitted by `entry`, which fulfils duties of the systems on it. */
MUST_CHECK enum err service_submitted(struct state *st, int64_t entry);
