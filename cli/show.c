/* `gaya show`: prints the program's own tables. */
#include "base/db.h"
#include "cli/cli.h"
#include "registry/event/access.h"
#include "registry/event/event.h"
#include "web/view/routes.h"

#include <stdio.h>
#include <string.h>

static void show_routes(void)
{
	static const char *const methods[] = {[GET] = "GET", [POST] = "POST"};
	static const char *const keeps[] = {[KEEP_NEVER] = "never",
		[KEEP_ANEW] = "not, but may be elsewhere",
		[KEEP_SYSTEM] = "until the system changes",
		[KEEP_REGISTER] = "until anything changes",
		[KEEP_WHILE] = "for a while",
		[KEEP_ELSEWHERE] = "for ever, but not here",
		[KEEP_FOREVER] = "for ever",
		[KEEP_MOMENT] = "for a moment",
		[KEEP_BUILT] = "as a file, until anything changes"};

	emit(stdout, "%-6s %-54s %9s  %-10s %s\n", "method", "path", "body max", "who", "kept");
	for (size_t i = 0; i < routes_n; i++)
		emit(stdout, "%-6s %-54s %9zu  %-10s %s\n", methods[routes[i].method],
			routes[i].path, routes[i].body_max,
			routes[i].access ? routes[i].access : "everybody", keeps[routes[i].keep]);
}

static void show_sql(void)
{
	size_t n;
	const struct sql_table *const *tables = sql_tables(&n);

	for (size_t t = 0; t < n; t++)
		for (size_t i = 0; i < tables[t]->n; i++) {
			const struct sql *sql = &tables[t]->sql[i];

			emit(stdout, "%s\n  %s\n", sql->name, sql->text);
			if (sql->scans)
				emit(stdout, "  reads whole tables: %s\n", sql->scans);
		}
}

static const char *kind_of(enum member_kind kind)
{
	static const char *const names[] = {[MEMBER_SLUG] = "slug",
		[MEMBER_ID] = "id",
		[MEMBER_SHA256] = "sha256",
		[MEMBER_INT] = "number",
		[MEMBER_DAY] = "day",
		[MEMBER_VKEY] = "vkey",
		[MEMBER_LINE] = "line"};

	return names[kind];
}

static void add_authors(unsigned by, struct buf *out)
{
	static const struct author {
		enum by by;
		const char *name;
	} authors[] = {{BY_REGISTER, "register"}, {BY_OFFICE, "office"},
		{BY_DEPARTMENT, "department"}, {BY_CITIZEN, "citizen"}};

	for (size_t i = 0; i < COUNT(authors); i++)
		if (by & authors[i].by)
			buf_printf(out, "%s%s", out->len ? " " : "", authors[i].name);
}

static void show_event(const struct event_type *type)
{
	AUTO(buf) by = BUF(KIB);

	add_authors(type->by, &by);
	emit(stdout, "%s\n  by: %s\n  members: %s (%s)", type->name, buf_text(&by),
		type->subject->name, kind_of(type->subject->form));
	for (const struct member *m = type->members;
		m < type->members + COUNT(type->members) && m->name; m++)
		emit(stdout, ", %s%s (%s%s)", m->name, m->optional ? "?" : "", kind_of(m->kind),
			m->old ? ", old entries" : "");
	emit(stdout, "\n  content: ");
	if (type->content_max)
		emit(stdout, "up to %zu bytes%s%s\n", type->content_max,
			type->public_content ? ", public from the start" : "",
			type->salted ? ", salted: can be erased" : "");
	else
		emit(stdout, "none\n");
}

static void show_events(void)
{
	for (size_t i = 0; i < event_types_n; i++)
		show_event(&event_types[i]);
}

static void show_access(void)
{
	emit(stdout, "%-26s", "action");
	for (unsigned role = 1; role < ROLES; role *= 2)
		emit(stdout, " %-13s", role_name(role));
	for (size_t i = 0; i < access_table_n; i++) {
		emit(stdout, "\n%-26s", access_table[i].action);
		for (unsigned role = 1; role < ROLES; role *= 2)
			emit(stdout, " %-13s", access_table[i].roles & role ? "yes" : "-");
	}
	emit(stdout, "\n");
}

static void show_commands(void)
{
	for (size_t i = 0; i < commands_n; i++)
		emit(stdout, "gaya %s %s\n  %s\n", commands[i].name, commands[i].usage,
			commands[i].about);
}

static void show_errors(void)
{
	emit(stdout, "%-10s %4s %6s\n", "error", "exit", "status");
	for (int e = OK; e < ERR_KINDS; e++) {
		const struct err_kind *kind = err_kind((enum err)e);

		emit(stdout, "%-10s %4d %6d\n", kind->name, kind->exit, kind->http);
	}
}

static const struct {
	const char *name;
	void (*show)(void);
} tables[] = {
	{"routes", show_routes},
	{"sql", show_sql},
	{"events", show_events},
	{"access", show_access},
	{"commands", show_commands},
	{"errors", show_errors},
};

enum err cli_show(int argc, char **argv)
{
	for (size_t i = 0; argc == 2 && i < COUNT(tables); i++)
		if (strcmp(argv[1], tables[i].name) == 0) {
			tables[i].show();
			return OK;
		}
	return usage("show", "name a table: routes, sql, events, access, commands or errors");
}
