/* csv.h - the only door to libcsv: RFC 4180 tables, with or without a byte order mark. */
#pragma once
#include "base/json.h"

/* Reads a whole table. `*out` is an array with one object per row after the header:
 * {"line": 2, "row": {"column": "text", …}}; "line" is where the row starts, from 1.
 * ERR_INVALID: not UTF-8, no header, a repeated or empty column name, an unclosed quote.
 * A row with more or fewer cells than the header gets "cells": the number it has. */
MUST_CHECK enum err csv_read(const char *text, size_t len, json_t **out);
