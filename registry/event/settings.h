/* settings.h - what a register says of itself: whose it is, whom to ask, where its days begin.
 *
 * register.opened holds the first settings, each register.changed (by the office) all of the new
 * ones, so that one entry can be read alone. query_register() gives those in force as "about":
 *
 *   name            {lang: text}  the register's, in each of its languages
 *   office          {lang: text}  the office that governs it
 *   languages       [lang…]       that its pages have, the first language first
 *   timezone        a name of the tz database; where it is missing (old registers): Asia/Seoul
 *   contact         a mailto:, tel: or https: URI, of the office
 *   telephone       the city's number, as people write it: "055-330-3114"
 *   hours           {lang: text}  when it is answered
 *   licence         of all that the register publishes: a URL, or a name
 *   privacy_notice  {lang: Markdown}  stands beside forms that ask for personal data: why, how
 *                   long, who, which rights
 *   answer_days     the days within which the office means to answer a question
 *   example         true: a demonstration; fixed when the register is opened
 *
 * Only name and languages must be there. Registers that were opened before there were checks may
 * hold other texts: whoever reads them takes what has the right type and passes over the rest.
 *
 * Pages, also those of earlier days, show the settings in force: the frame says whose site this is
 * and whom to call now, and "a day" is one of the zone that the register has now. Which settings
 * were in force before, and since when, is query_settings() in query.h; the page about the register
 * and the feed tell of every change. */
#pragma once
#include "base/db.h"
#include "base/json.h"

#define SETTINGS_MAX (64 * KIB)

/* The rules that hold on every machine, whenever they are looked at: an event's check. */
MUST_CHECK enum err settings_check(const json_t *settings);
/* And those of this one: the time zone is in its tzdata, the program speaks the languages. Asked
 * before settings are written, by `gaya init` and by the office. */
MUST_CHECK enum err settings_check_here(const json_t *settings);
/* A log's origin: a host and a path as a URL without its scheme (C2SP tlog-checkpoint), and the
 * name of a key (C2SP signed-note). */
MUST_CHECK enum err settings_check_origin(const char *origin);

/* A patch as RFC 7396 has it: a member replaces the old one, texts language by language, null
 * removes; so does "", which is how a command line says it. */
void settings_merge(json_t *settings, const json_t *patch);
/* [{"setting", "language" or null, "from", "to"}…], in the order above; null for what is not
 * there. */
json_t *settings_changes(const json_t *before, const json_t *after);
/* Texts of which the first language changed and another did not: [{"setting", "language"}…] */
json_t *settings_left_behind(const json_t *before, const json_t *after);
/* The zone in force becomes the process's (zone.h). */
MUST_CHECK enum err settings_use_zone(struct db *db);
