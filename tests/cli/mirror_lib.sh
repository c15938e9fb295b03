# shellcheck shell=bash disable=SC2154
# mirror_lib.sh - shared by the tests of `gaya mirror`, in addition to lib.sh: the demo city in $data, served at
# $origin, and functions that follow it into $copy.
. "${BASH_SOURCE%/*}/lib.sh"
command -v sqlite3 >/dev/null || { echo "sqlite3 is needed (make deps-test)"; exit 1; }

data=$work/register
copy=$work/copy
demo_city "$data"
serve "$data"
origin=$url
port=${url##*:}

serve_at() { # folder, port: the original, or another in its place
	: >"$work/served" # of the one before
	"$GAYA" serve --data "$1" --listen "127.0.0.1:$2" >"$work/served" 2>"$work/served.err" &
	server=$!
	servers="$servers $server"
	for _ in $(seq 2400); do
		grep -q '^gaya: serving at' "$work/served" && return
		pause
	done
	fault "no server: $(cat "$work/served.err")"
}

mirror() { # more arguments: follows in the background; sets $mirrored, the copy's address, and $follower
	: >"$work/mirror.out"
	"$GAYA" mirror "$origin" --data "$copy" --listen 127.0.0.1:0 --every 1 "$@" \
		>"$work/mirror.out" 2>"$work/mirror.err" &
	follower=$!
	servers="$servers $follower"
	mirrored=
	if aide line "$work/mirror.out" "gaya: serving at " $follower; then
		mirrored=$reply
		return
	fi
	fault "the mirror does not serve: $(cat "$work/mirror.err")"
}

end_mirror() {
	kill $follower
	wait $follower
	same "the mirror's exit status" 0 $?
}

once() { # more arguments
	run mirror "$origin" --data "$copy" --once "$@"
}

until_said() { # text: the mirror's log line
	for _ in {1..2400}; do
		contents "$work/mirror.err"
		[[ $contents == *"$1"* ]] && return
		pause
	done
	fault "the mirror did not say: $1
$(cat "$work/mirror.err")"
}

until_size() { # entries: the copy has them
	for _ in {1..2400}; do
		url=$mirrored read_log_size && [ "$reply" = "$1" ] && return
		pause
	done
	fault "the copy has not $1 entries: $(fetch "$mirrored/log/checkpoint")"
}

same_page() { # path …: the same status and bytes there and here
	local path there
	for path in "$@"; do
		request "$work/there" "$work/there.head" "$origin$path"
		there=$reply
		request "$work/here" "$work/here.head" "$mirrored$path"
		same "the status of $path" "$there" "$reply"
		same_bytes "$work/there" "$work/here" >/dev/null || fault "$path differs:
$(diff -a "$work/there" "$work/here" | head -n 4)"
	done
}

every_tile() { # prints the paths of all tiles of the log
	python3 - "$(fetch "$origin/log/checkpoint" | sed -n 2p)" <<'END'
import sys
def name(n):
    parts = ["%03d" % (n % 1000)]
    while n >= 1000:
        n //= 1000
        parts.insert(0, "x%03d" % (n % 1000))
    return "/".join(parts)
size = int(sys.argv[1])
for level in ["entries"] + list(range(8)):
    width = size >> (8 * (0 if level == "entries" else level))
    for i in range((width + 255) // 256):
        w = min(256, width - i * 256)
        print("/log/tile/%s/%s%s" % (level, name(i), "" if w == 256 else ".p/%d" % w))
END
}
