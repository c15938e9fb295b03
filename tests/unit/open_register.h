/* open_register.h - set_up() copies the small register and opens it; tear_down() closes and removes
 * it. */
#pragma once
#include "base/env.h"
#include "tests/unit/small_register.h"

static char dir[64];
static struct reg *reg;

static int set_up(void **state)
{
	(void)state;
	temp_dir(dir);
	copy_register(dir);
	must(reg_open(dir, &env_real, &reg));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	reg_close(TAKE(reg));
	shell("rm -rf %s", dir);
	return 0;
}
