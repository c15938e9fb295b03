/* metrics.h - numbers for whoever watches the server, as Prometheus reads them (text exposition
 * format 0.0.4), on an address of their own, which should be the loopback's. */
#pragma once
#include "base/err.h"

struct web;
struct metrics;
/* ERR_SYSTEM when the address cannot be had. */
MUST_CHECK enum err metrics_start(struct web *web, const char *listen, struct metrics **out);
void metrics_stop(struct metrics *m); /* fine with NULL */
unsigned metrics_port(const struct metrics *m);
