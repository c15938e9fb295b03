/* settings.h - a register's settings (registry/event/settings.h) as command-line options, the same
 * for making a register and changing it. */
#pragma once
#include "base/json.h"

/* For a table of getopt_long() options, each with `val`. */
#define SETTINGS_OPTIONS(val)                                                             \
	{"name", required_argument, NULL, val}, {"office", required_argument, NULL, val}, \
		{"languages", required_argument, NULL, val},                              \
		{"timezone", required_argument, NULL, val},                               \
		{"contact", required_argument, NULL, val},                                \
		{"telephone", required_argument, NULL, val},                              \
		{"hours", required_argument, NULL, val},                                  \
		{"licence", required_argument, NULL, val},                                \
		{"license", required_argument, NULL, val},                                \
		{"privacy-notice", required_argument, NULL, val},                         \
	{                                                                                 \
		"answer-days", required_argument, NULL, val                               \
	}
#define SETTINGS_USAGE                                                                            \
	"[--name ko=… --name en=…] [--office ko=… --office en=…] [--contact mailto:…] " \
	"[--telephone 055-…] [--hours ko=… …] [--timezone Asia/Seoul] [--languages ko,en] " \
	"[--licence URL|NAME] [--privacy-notice ko=…|ko=@FILE.md …] [--answer-days N]"

/* Puts an option's value into `settings`, under the setting's own name. For texts, each call adds
 * one language. ERR_INVALID. */
MUST_CHECK enum err settings_put(json_t *settings, const char *option, const char *value);
/* Prints the changes that office_do() returns, one per line. */
void settings_print_changes(const json_t *changes);
/* Prints settings, one per line; languages below each other. */
void settings_print(const json_t *settings);
