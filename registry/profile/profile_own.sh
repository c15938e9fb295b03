#!/bin/sh
# Prints the C of profile_own.h's table: every folder below $1 that has a profile.json.
set -eu
cd "$(dirname "$0")/../.."

slot() { # folder, file: EMBEDs it, and prints its place in the row
	if [ -e "$1/$2" ]; then
		symbol=profile_$(echo "$1_$2" | tr -c 'a-z0-9\n' _)
		echo "EMBED($symbol, \"$1/$2\");" >&3
		row="$row, embed_$symbol"
	else
		row="$row, NULL"
	fi
}

exec 3>&1
echo '#include "base/embed.h"'
echo '#include "registry/profile/profile_own.h"'
rows=
for about in "$1"/*/profile.json; do
	[ -e "$about" ] || { echo "$0: no profile in $PWD/$1" >&2; exit 1; }
	folder=${about%/profile.json}
	row="\"${folder##*/}\""
	for file in profile.json map.jq export.jq wrap.jq; do
		slot "$folder" "$file"
	done
	rows="$rows	{$row},
"
done
echo 'const struct profile_own profile_own[] = {'
echo "$rows	{NULL, NULL, NULL, NULL, NULL},"
echo '};'
echo 'const size_t profile_own_n = sizeof(profile_own) / sizeof(*profile_own) - 1;'
