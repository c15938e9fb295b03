/* template_parts.h - a parsed template, only for the parser (template.c) and the renderer
 * (template_render.c). */
#pragma once
#include "web/view/template.h"

struct slice {
	const char *s;
	size_t len;
};

/* The last three are tags that leave no node. */
enum kind { VARIABLE, RAW, MARKED, SECTION, INVERTED, PARTIAL, TEXT, END, COMMENT, DELIMITERS };

/* A section's nodes follow it, up to `end`: a template is one array, and skipping is a jump. */
struct node {
	enum kind kind;
	bool begins;         /* TEXT: its first byte is the first of a line */
	struct slice s;      /* TEXT: the text; else the name, which in a PARTIAL ends with a NUL */
	struct slice indent; /* PARTIAL: the blanks before it if alone on its line; else s is
	                      * NULL */
	size_t end;          /* SECTION, INVERTED; until closed, the index of the enclosing one */
};

struct template
{
	char *text; /* owned; every slice points into it */
	struct node *nodes;
	size_t count, cap;
};

/* Trims white space at both ends. */
struct slice slice_trim(struct slice v);
