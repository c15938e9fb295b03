/* translations_view.h - the languages in which a draft's texts exist. */
#pragma once
#include "web/office/draft_form.h"

/* The fields of a step that have a text in any language; null if none has:
 *    {"totals": [{"language", "present", "of", "older": numbers}…],
 *     "fields": [{"field", "label", "cells": [{"present" | "missing" | "older": bool}…]}…]}
 * Both lists are in the order of the register's languages. A language is present if every text of
 * the field has it; `outdated` (outdated.h) tells which texts are older than their original. */
json_t *translations_view(const struct request *rq, const struct form *form,
	const struct form_step *step, const json_t *record, const json_t *outdated);
