/* settings.h - what a register says about itself: its owner, contacts and time zone.
 *
 * register.opened holds the first settings. Each register.changed (by the office) holds all of the
 * new ones, so that one entry can be read alone. query_register() returns those in force as
 * "about":
 *
 *    name            {lang: text}  the register's, in each of its languages
 *    office          {lang: text}  the office that governs it
 *    languages       [lang…]       of its pages, the first language first
 *    timezone        a name of the tz database; if missing (old registers): Asia/Seoul
 *    contact         a mailto:, tel: or https: URI, of the office
 *    telephone       the city's number, as people write it: "055-330-3114"
 *    hours           {lang: text}  when somebody answers it
 *    licence         of all that the register publishes: a URL, or a name; if missing, see
 *                    settings_licence()
 *    privacy_notice  {lang: Markdown}  beside forms that ask for personal data: why, how long, who,
 *                    which rights
 *    answer_days     the days within which the office intends to answer a question
 *    example         true: a demonstration; fixed when the register is opened
 *
 * Only name and languages are required. Registers that were opened before these checks existed may
 * hold other texts; readers take what has the right type and ignore the rest.
 *
 * All pages, including those about earlier days, show the settings in force: the frame names the
 * present owner and telephone, and "a day" is a day of the present zone. query_settings() in
 * query.h returns earlier settings and their dates; the page about the register and the feed show
 * each change. */
#pragma once
#include "base/db.h"
#include "base/json.h"

#define SETTINGS_MAX (64 * KIB)

/* The rules that hold on every machine and at any time: an event's check. */
MUST_CHECK enum err settings_check(const json_t *settings);
/* The rules that depend on this machine: tzdata knows the time zone, and the program the languages.
 * `gaya init` and the office check them before they write settings. */
MUST_CHECK enum err settings_check_here(const json_t *settings);
/* A log's origin: a host and a path, as a URL without its scheme (C2SP tlog-checkpoint), and a
 * valid name of a key (C2SP signed-note). */
MUST_CHECK enum err settings_check_origin(const char *origin);

/* The licence of a register that names none: KOGL type 1 (공공누리 제1유형), attribution. */
#define SETTINGS_LICENCE "https://www.kogl.or.kr/info/licenseType1.do"
/* The licence in force. `*assumed` (may be NULL): it is the default. `about` may be NULL. */
const char *settings_licence(const json_t *about, bool *assumed);

/* Applies a patch as RFC 7396 does: a member replaces the old one, texts language by language; null
 * removes, and so does "", because a command line cannot say null. */
void settings_merge(json_t *settings, const json_t *patch);
/* [{"setting", "language" or null, "from", "to"}…], in the order above; null if missing. */
json_t *settings_changes(const json_t *before, const json_t *after);
/* Texts that changed in the first language but not in this one: [{"setting", "language"}…] */
json_t *settings_left_behind(const json_t *before, const json_t *after);
/* Can the settings in force be read? Every page needs them. OK if there are none yet. */
MUST_CHECK enum err settings_check_kept(struct db *db);
/* Makes the register's zone the zone of this process (zone.h). */
MUST_CHECK enum err settings_use_zone(struct db *db);
