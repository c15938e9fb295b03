/* model_card.h - what a file about a model says of a record.
 *
 * The formats are data: policies/modelcards/ has a jq program for each. These run in a process with
 * limits (base/runner.h), which also parses the file, for it may come from anybody who has a
 * supplier's link. */
#pragma once
#include "registry/standard/standard.h"

#define MODEL_CARD_MAX MIB /* bytes of a file */

/* Of the fields that the standard asks suppliers for, those that the file fills:
 * {"format", "model" or null, "fields": {name: value…}}. ERR_INVALID for a file that is no UTF-8
 * text, of no known format, or without a model in it; ERR_TOO_LARGE. */
MUST_CHECK enum err model_card_read(
	const struct standard *standard, const char *text, size_t len, json_t **out);
