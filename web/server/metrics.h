/* metrics.h - metrics for monitoring, in Prometheus's text exposition format 0.0.4, on a separate
 * address, which should be loopback. */
#pragma once
#include "base/err.h"

struct web;
struct metrics;
/* ERR_SYSTEM if the address is not available. */
MUST_CHECK enum err metrics_start(struct web *web, const char *listen, struct metrics **out);
void metrics_stop(struct metrics *m); /* `m` may be NULL */
unsigned metrics_port(const struct metrics *m);
