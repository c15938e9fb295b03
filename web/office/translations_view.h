/* translations_view.h - which texts of a draft are there in which language. */
#pragma once
#include "web/office/draft_form.h"

/* Of the fields of a step that have a text in any language; null where none has:
 * {"totals": [{"language", "present", "of", "older": numbers}…],
 *  "fields": [{"field", "label", "cells": [{"present" | "missing" | "older": bool}…]}…]}
 * Both lists of languages are the register's. A text in a language is present where every text of
 * the field has it; `outdated` (outdated.h) says which are older than their original. */
json_t *translations_view(const struct request *rq, const struct form *form,
	const struct form_step *step, const json_t *record, const json_t *outdated);
