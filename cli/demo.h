/* demo.h - the demo city: a year of one register's life, played into an empty one. */
#pragma once
#include "base/env.h"

/* A clock that stands where the demo's history is. */
const struct env *demo_env(void);
/* Plays demo/ into the register in `dir`, in the order of time. */
MUST_CHECK enum err demo_play(const char *dir);
