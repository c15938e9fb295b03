#!/bin/sh
# Prints the C of template.h's templates_own[]: every file of the folder $1.
set -eu
ls "$1" | awk -v folder="$1" '
BEGIN { print "#include \"base/embed.h\"\n#include \"web/view/template.h\"" }
{
	symbol = "template_" $0
	gsub(/[^a-z0-9]/, "_", symbol)
	print "EMBED(" symbol ", \"" folder "/" $0 "\");"
	rows = rows "\t{\"" $0 "\", embed_" symbol ", embed_" symbol "_end},\n"
}
END {
	print "const struct template_own templates_own[] = {\n" rows "};"
	print "const size_t templates_own_n = sizeof(templates_own) / sizeof(*templates_own);"
}'
