/* services.h - what the policy of Korea's Act 21392 says of each published system, and how many
 * systems it says the same of: kept with each entry, so that the page about the whole city reads a
 * few rows however large the register is.
 *
 * A row of `service` is made again, whole, from the newest record and judgement whenever one of
 * them, or the system's state, changes; `service_count` changes by the difference. A row of
 * `service_past` stays as the entry left it, unless its record is erased. */
#pragma once
#include "registry/event/state.h"

#define SERVICE_LIST "kr-ai-service-list" /* the profile that exports the list (Article 30) */
#define SERVICE_POLICY "kr-public-ai-act"
#define SERVICE_ASSESSMENT "krp.32.1" /* duties that begin so: to assess, and to publish */
#define SERVICE_EXEMPTION "krp.32.2"  /* to agree it or to have it confirmed */
#define SERVICE_ANSWERS "krp.3.5"     /* to say who answers for decisions */

/* `entry` changed the system's record, judgement or state; -1: something else did, such as an
 * erasure, which has no place in its past. */
MUST_CHECK enum err service_fold(struct state *st, const char *slug, int64_t entry);
/* The list was handed over by `entry`: it fulfils duties of the systems that are on it. */
MUST_CHECK enum err service_submitted(struct state *st, int64_t entry);
