#include "web/office/text_inputs.h"

#include "base/languages.h"
#include "base/text.h"
#include "web/view/language_names.h"

json_t *text_inputs(const struct request *rq, const struct text_inputs *text)
{
	json_t *list = json_array();

	for (size_t i = 0; i < languages_n; i++) {
		const char *lang = languages[i].code;
		AUTOFREE char *name = mem_printf("%s.%s", text->name, lang);
		AUTOFREE char *id =
			mem_printf("%s%s%s", name, text->of ? "-" : "", text->of ? text->of : "");

		json_push(list, json_make("{s:s, s:s, s:s, s:s, s:s, s:s?, s:O?}", "name", name,
					"id", id, "lang", lang, "language", language_own_name(lang),
					"value", text->filled ? office_given(rq, name) : "", "rows",
					text->rows, "known", json_object_get(text->known, lang)));
	}
	return json_make("{s:o}", "inputs", list);
}

json_t *text_inputs_given(const struct request *rq, const char *name)
{
	json_t *out = json_object();

	for (size_t i = 0; i < languages_n; i++) {
		AUTOFREE char *input = mem_printf("%s.%s", name, languages[i].code);
		AUTOFREE char *text = text_typed(office_given(rq, input));

		if (text_is_visible(text))
			json_put(out, languages[i].code, json_text(text));
	}
	return out;
}
