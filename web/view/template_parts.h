/* template_parts.h - a parsed template, shared by the parser (template.c) and the renderer
 * (template_render.c) alone. */
#pragma once
#include "web/view/template.h"

struct slice {
	const char *s;
	size_t len;
};

/* The last three are tags that leave no node. */
enum kind { VARIABLE, RAW, SECTION, INVERTED, PARTIAL, TEXT, END, COMMENT, DELIMITERS };

/* A section's nodes follow it, up to `end`: so a template is one array, and to skip is to jump. */
struct node {
	enum kind kind;
	bool begins;         /* TEXT: its first byte begins a line */
	struct slice s;      /* TEXT: itself; else the name. In a PARTIAL a NUL follows it */
	struct slice indent; /* PARTIAL: the blanks before one alone on its line; else s is NULL */
	size_t end;          /* SECTION, INVERTED; until closed, the index of the one around it */
};

struct template
{
	char *text; /* owned; every slice points in here */
	struct node *nodes;
	size_t count, cap;
};

/* Without the white space at both ends. */
struct slice slice_trim(struct slice v);
