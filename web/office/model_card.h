/* model_card.h - reads values of a record from a file about a model.
 *
 * The formats are data: policies/modelcards/ has a jq program for each. It runs in a process with
 * limits (base/runner.h), which also parses the file, because anybody with a supplier's link can
 * send one. */
#pragma once
#include "registry/standard/standard.h"

#define MODEL_CARD_MAX MIB /* bytes of a file */

/* The fields that the standard asks suppliers for and the file fills: {"format", "model" or null,
 * "fields": {name: value…}}. ERR_INVALID for a file that is not UTF-8, has no known format, or
 * describes no model; ERR_TOO_LARGE. */
MUST_CHECK enum err model_card_read(
	const struct standard *standard, const char *text, size_t len, json_t **out);
