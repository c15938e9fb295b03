/* demo.h - the demo city: plays a year of a register's history into an empty register. */
#pragma once
#include "base/env.h"
#include "base/json.h"

/* A clock that shows the current time of the demo's history. */
const struct env *demo_env(void);
/* The settings of its register (registry/event/settings.h); the caller's. */
json_t *demo_settings(void);
/* Plays demo/ into the register in `dir`, in order of time. */
MUST_CHECK enum err demo_play(const char *dir);
