/* demo.h - the demo city: a year of one register's life, played into an empty one. */
#pragma once
#include "base/env.h"
#include "base/json.h"

/* A clock that shows the current time of the demo's history. */
const struct env *demo_env(void);
/* Its register's settings (registry/event/settings.h); the caller's. */
json_t *demo_settings(void);
/* Plays demo/ into the register in `dir`, in the order of time. */
MUST_CHECK enum err demo_play(const char *dir);
