#include "web/view/lists_kept.h"
#include "base/locked.h"

#include "base/languages.h"
#include "registry/query/query.h"
#include "web/view/parts.h"
#include "web/view/settings_view.h"
#include "web/view/view.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CARDS 1024 /* of each language, at about 2 KiB: places by the last bits of their ids */
#define OPTIONS_MAX (4 * MIB) /* like a page: it is the page that says what is too large */

struct lists_kept {
	pthread_mutex_t mutex;
	struct lists {
		int64_t size; /* of the log that they were made of */
		const struct standard *standard;
		json_t *lists; /* NULL: not made yet */
		struct card *cards[CARDS];
	} * of; /* in the order of `languages` */
};

struct lists_kept *lists_kept_new(void)
{
	struct lists_kept *kept = mem_new(sizeof(*kept));

	pthread_mutex_init(&kept->mutex, NULL);
	kept->of = mem_new(languages_n * sizeof(*kept->of));
	return kept;
}

void card_drop(struct card *card)
{
	if (!card || atomic_fetch_sub(&card->holders, 1) > 1)
		return;
	free(card->top);
	free(card->words);
	free(card->end);
	free(card->name);
	free(card->summary);
	free(card->name_text);
	free(card->summary_text);
	free(card);
}

static void cards_done(struct lists *lists)
{
	for (size_t i = 0; i < CARDS; i++)
		card_drop(TAKE(lists->cards[i]));
}

void lists_kept_forget(struct lists_kept *kept)
{
	LOCKED(&kept->mutex);
	for (size_t i = 0; i < languages_n; i++) {
		cards_done(&kept->of[i]);
		json_decref(kept->of[i].lists);
		kept->of[i].lists = NULL;
	}
}

void lists_kept_free(struct lists_kept *kept)
{
	if (!kept)
		return;
	lists_kept_forget(kept);
	free(kept->of);
	pthread_mutex_destroy(&kept->mutex);
	free(kept);
}

static enum err add_register(const struct request *rq, json_t *lists)
{
	json_auto_t *shown = NULL;
	json_t *reg = NULL;

	TRY(query_register(rq->snap, &reg));
	shown = settings_view(rq, json_object_get(reg, "about"));
	json_object_update(reg, shown);
	json_put(reg, "entries_text", view_number(json_num(reg, "entries")));
	json_put(reg, "updated", view_time(rq, json_str(reg, "at")));
	json_put(lists, "register", reg);
	return OK;
}

static enum err add_departments(const struct request *rq, json_t *lists)
{
	json_t *choices = json_array();
	json_auto_t *found = NULL;

	json_put(lists, "departments", choices);
	TRY(query_departments(rq->snap, &found));
	json_each (found, one)
		json_push(choices,
			json_make("{s:s, s:o, s:b}", "value", json_str(one, "slug"), "label",
				view_text(rq, json_object_get(one, "name")), "selected", 0));
	return OK;
}

static void add_values(const struct request *rq, json_t *labels, const char *values,
	const char *field, const json_t *choices)
{
	json_t *by_value = json_object();

	json_put(labels, values, by_value);
	json_each (choices, one) {
		const char *value = json_str(one, "value");

		json_put(by_value, value, part_value(rq, field, value));
	}
}

enum err options_html(const struct request *rq, const json_t *choices, json_t **out)
{
	json_auto_t *view = json_make("{s:O}", "options", choices);
	AUTO(buf) html = BUF(OPTIONS_MAX);

	TRY(view_render(rq->site->view, rq->lang, "options.html", ESCAPE_HTML, view, &html));
	*out = json_text(buf_text(&html));
	return OK;
}

static enum err add_options(const struct request *rq, json_t *lists, const json_t *choices)
{
	json_t *options = json_object(), *html = NULL;
	const json_t *of;
	const char *name;

	json_put(lists, "options", options);
	json_object_foreach ((json_t *)choices, name, of) {
		TRY(options_html(rq, of, &html));
		json_put(options, name, html);
	}
	return OK;
}

static enum err make(const struct request *rq, json_t **out)
{
	json_auto_t *lists = json_object();
	json_t *choices = json_object(), *labels = json_object();
	json_t *statuses = part_choices(rq, FIELD_STATUS, NULL),
	       *risks = part_choices(rq, FIELD_RISK, NULL);

	json_put(lists, "choices", choices);
	json_put(lists, "labels", labels);
	json_put(choices, "statuses", statuses);
	json_put(choices, "risks", risks);
	add_values(rq, labels, "status", FIELD_STATUS, statuses);
	add_values(rq, labels, "risk", FIELD_RISK, risks);
	TRY(add_departments(rq, choices));
	TRY(add_options(rq, lists, choices));
	TRY(add_register(rq, lists));
	*out = TAKE(lists);
	return OK;
}

static struct lists *place_of(const struct request *rq)
{
	const struct language *lang = language_of(rq->lang, strlen(rq->lang));

	return &rq->site->lists->of[lang ? lang - languages : 0];
}

/* If two threads made them at the same time, either may win. */
static void keep(struct lists_kept *kept, struct lists *place, const struct request *rq,
	int64_t size, const json_t *made)
{
	json_t *copy = json_deep_copy(made);

	LOCKED(&kept->mutex);
	cards_done(place);
	json_decref(place->lists);
	place->lists = copy;
	place->size = size;
	place->standard = rq->standard;
}

static json_t *find(struct lists_kept *kept, const struct lists *place, int64_t size,
	const struct standard *standard, const char *part)
{
	LOCKED(&kept->mutex);
	if (place->lists && place->size == size && place->standard == standard)
		return json_deep_copy(json_object_get(place->lists, part));
	return NULL;
}

json_t *lists_kept(const struct request *rq, const char *part)
{
	struct lists_kept *kept = rq->site->lists;
	json_auto_t *lists = NULL;
	json_t *found;
	int64_t size;

	if (!rq->snap || query_size(rq->snap, &size) != OK)
		return json_null();
	found = find(kept, place_of(rq), size, rq->standard, part);
	if (found)
		return found;
	if (make(rq, &lists) != OK)
		return json_null();
	if (rq->standard) /* there is none while a register opens */
		keep(kept, place_of(rq), rq, size, lists);
	return json_incref(json_object_get(lists, part));
}

int64_t lists_kept_size(const struct request *rq)
{
	json_auto_t *made = lists_kept(rq, "options");
	int64_t size;

	return rq->standard && json_is_object(made) && query_size(rq->snap, &size) == OK ? size : 0;
}

/* The place of a card, if what is kept is of its state. The mutex is held. */
static size_t card_place(const struct lists *lists, const struct card_key *key)
{
	return lists->lists && key->size && lists->size == key->size
	               ? (size_t)((uint64_t)key->id % CARDS)
	               : CARDS;
}

struct card *card_kept(const struct request *rq, const struct card_key *key)
{
	struct lists_kept *kept = rq->site->lists;
	struct lists *lists = place_of(rq);
	struct card *card;
	size_t at;

	LOCKED(&kept->mutex);
	at = card_place(lists, key);
	card = at < CARDS ? lists->cards[at] : NULL;
	if (!card || card->id != key->id || strcmp(card->day, key->day) != 0)
		return NULL;
	atomic_fetch_add(&card->holders, 1);
	return card;
}

void card_keep(const struct request *rq, const struct card_key *key, struct card *card)
{
	struct lists_kept *kept = rq->site->lists;
	struct lists *lists = place_of(rq);
	size_t at;

	card->id = key->id;
	snprintf(card->day, DAY_TEXT, "%s", key->day);
	LOCKED(&kept->mutex);
	at = card_place(lists, key);
	if (at < CARDS) {
		card_drop(lists->cards[at]);
		lists->cards[at] = card;
		atomic_fetch_add(&card->holders, 1);
	}
}
