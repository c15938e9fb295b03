# shellcheck shell=bash disable=SC2154
# import_lib.sh - shared by the tests of `gaya import`, in addition to lib.sh.
. "${BASH_SOURCE%/*}/lib.sh"

new_register() { # name: sets $data
	data=$work/$1
	fast # other tests are about making registers, exporting and rebuilding
	must init --data "$data" --origin "import.example/$1"
	careful
}

export_to() { # profile, file: what the register in $data exports
	fast
	must export --data "$data" --profile "$1" --out "$2"
	careful
}

counts() { # new, changed, same, retired, duplicates, refused
	prints "$1 new, $2 changed, $3 same, $4 retired, $5 duplicates, $6 refused"
}

read_model() { # file: every table that is folded from the log
	aide tables "$1" "$data/register.db" entry tile content checkpoint contact made_from || fault "$reply"
	[ -s "$1" ] || fault "no tables"
}

rebuilds_the_same() {
	read_model "$work/live"
	fast
	run rebuild --data "$data"
	careful
	exits 0
	read_model "$work/rebuilt"
	cmp -s "$work/live" "$work/rebuilt" ||
		fault "the rebuilt read model differs: $(diff "$work/live" "$work/rebuilt" | head -n 5)"
}
