#!/bin/bash
# A terminal shows texts from others, and mistyped ones, safely: they move no cursor, change no title, and make
# no text look different from what it is.
. "$(dirname "$0")/lib.sh"
evil=$'a\302\2332Jb\342\200\256c\033]0;x\007d\177e\342\201\246f\357\273\277g' # CSI as one character, RLO, OSC, DEL, LRI, BOM
tame() { # every byte that was printed
	python3 - "$work/out" "$work/err" <<-'END' || fault "printed as it came: $(head -c 600 "$work/out" "$work/err" | cat -v)"
		import sys, unicodedata
		bad = [c for name in sys.argv[1:] for c in open(name, encoding="utf-8", newline="").read()
		       if c not in "\n\t" and unicodedata.category(c) == "Cc"
		       or c in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u2028\u2029"]
		sys.exit(bool(bad))
	END
}
quotes() { grep -qE 'a.*2Jb' "$work/out" "$work/err" || fault "not quoted: $(cat "$work/err")"; }
both() { # arguments …: in both languages, the argument comes back, tame
	local speaks
	for speaks in C.UTF-8 ko_KR.UTF-8; do
		env LC_ALL=$speaks "$GAYA" "$@" >"$work/out" 2>"$work/err" </dev/null
		[ $? -ne 0 ] || fault "$1 was taken"
		tame
		quotes
	done
}

claim "a command, an operation, an option and a value that are none come back tame"
both "$evil"
both office --data "$work/none" "$evil"
both office --data "$work/none" approve guide 1 "$evil"
both serve "--$evil"
both office --data "$work/none" retire guide 1 --reason "$evil"

claim "all printing of commands goes through the two functions that see to it"
grep -nE '\b(printf|fprintf|vprintf|vfprintf|puts)\(' cli/*.c | grep -vE '^cli/speech\.c|\\r|\\033|colour|04lx' >"$work/direct" &&
	fault "$(cat "$work/direct")"

finish
