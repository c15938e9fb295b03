#!/bin/bash
# Everything under /log/, as an auditor with curl, sha256sum and openssl sees it.
. "$(dirname "$0")/lib.sh"
demo
serve

grow() { # so that there are full tiles: questions up to this many entries
	local n
	query "SELECT count(*) FROM entry"
	for ((n = reply; n < $1; n++)); do
		ask /ko/systems/smart-water/feedback "text=질문 $n"
	done
}
grow 600
size=$(fetch "$url/log/checkpoint" | sed -n 2p)
check "the log has grown to 600 entries" is 600 "$size"

# --- the checkpoint and its key ---
get /log/checkpoint
cp "$work/body" "$work/checkpoint"
check "the checkpoint is origin, size, root, an empty line and a signature" all \
	'is "$origin" "$(sed -n 1p "$work/checkpoint")"' \
	'is 32 "$(sed -n 3p "$work/checkpoint" | base64 -d | wc -c)"' \
	'is "" "$(sed -n 4p "$work/checkpoint")"' \
	'grep -qE "^— $origin [A-Za-z0-9+/]+=*$" "$work/checkpoint"' 'is 5 "$(wc -l <"$work/checkpoint")"'
get /log/vkey
check "the key is one line: name, id and key" \
	grep -qE "^$origin\+[0-9a-f]{8}\+[A-Za-z0-9+/]+=*$" "$work/body"
name=$(cut -d + -f 1 "$work/body")
id=$(cut -d + -f 2 "$work/body")
key=$(cut -d + -f 3- "$work/body") # base64 may contain + itself
base64 -d <<<"$key" >"$work/key" # a type byte and 32 bytes of Ed25519
check "the key's id is the hash of its name and key (C2SP signed-note)" is "$id" \
	"$({ printf '%s\n' "$name"; cat "$work/key"; } | sha256sum | head -c 8)"
tail -n 1 "$work/checkpoint" | cut -d' ' -f3 | base64 -d >"$work/signature"
check "the signature names that key" is "$id" "$(head -c 4 "$work/signature" | od -An -tx1 | tr -d ' ')"
signature_verifies() {
	{ printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'; tail -c +2 "$work/key"; } >"$work/der"
	tail -c +5 "$work/signature" >"$work/sig"
	head -n 3 "$work/checkpoint" >"$work/signed"
	openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/der" -rawin -in "$work/signed" \
		-sigfile "$work/sig"
}
if command -v openssl >/dev/null; then
	check "openssl verifies the checkpoint's signature" signature_verifies
fi

# --- tiles ---
hex() { od -An -v -tx1 "$@" | tr -d ' \n'; }
leaf() { # of an entry: SHA-256(0x00 || entry)
	{ printf '\0'; fetch "$url/log/entry/$1"; } | sha256sum | head -c 64
}
answers "a full tile" /log/tile/0/000 200 application/octet-stream
check "has 256 hashes" is 8192 "$(wc -c <"$work/body")"
check "the first of them is the first entry's leaf hash" is "$(leaf 0)" "$(head -c 32 "$work/body" | hex)"
check "the last of them is entry 255's" is "$(leaf 255)" "$(tail -c 32 "$work/body" | hex)"
cp "$work/body" "$work/full"
for width in 1 100 255; do
	get /log/tile/0/000.p/$width
	check "its first $width hashes are a tile of their own" all "status_is 200" \
		"is $((width * 32)) \"\$(wc -c <\"\$work/body\")\"" 'cmp -n "$(wc -c <"$work/body")" "$work/body" "$work/full"'
done
answers "the last tile, in part" /log/tile/0/002.p/88 200 application/octet-stream
check "has the last entry's leaf hash" is "$(leaf 599)" "$(tail -c 32 "$work/body" | hex)"
answers "the level above" /log/tile/1/000.p/2 200 application/octet-stream
for path in 0/002 0/002.p/89 0/003 0/003.p/1 1/000 1/000.p/3 2/000.p/1 7/000.p/1 8/000.p/1 63/000.p/1 \
	0/x001/000 entries/002 entries/002.p/89 entries/003.p/1 0/x999/x999/x999/x999/x999/x999/999; do
	answers "there is no tile $path yet" /log/tile/$path 404 "$text"
	check "and that is kept nowhere" header_is Cache-Control no-store
done
for path in 00/000 0/0 0/00 0/0000 0/x000/000 0/000.p/0 0/000.p/256 0/000.p/01 0/000.p/ 0/000.p 0/000/ \
	0/000.p/1/ +0/000 0/-01 0/001x 0/X000 64/000 0//000 /0/000 0/000.P/1 entries/0 entries/x000/000 \
	entries/000.p/256 Entries/000 '0/000?x=1/' 0/%2e%2e/000 0/000%00 0/0e1 0/000.p/+1; do
	case $path in
	*\?*) continue ;; # a query is no part of the path
	esac
	get "/log/tile/$path"
	check "\"$path\" is not the spelling of a tile" all '[ "$status" = 404 ] || [ "$status" = 400 ]'
done

bundle() { # on stdin: of each entry, its leaf hash
	python3 -c '
import hashlib, sys
data = sys.stdin.buffer.read()
while data:
    n = data[0] << 8 | data[1]
    assert len(data) >= 2 + n
    print(hashlib.sha256(b"\0" + data[2:2 + n]).hexdigest())
    data = data[2 + n:]'
}
answers "the entries of a full tile" /log/tile/entries/000 200 application/octet-stream
check "are 256 with the hashes of the tile" is "$(hex "$work/full")" "$(bundle <"$work/body" | tr -d '\n')"
get /log/tile/entries/002.p/88
check "so are those of the last, in part" is "$(curl -sS "$url/log/tile/0/002.p/88" | hex)" \
	"$(bundle <"$work/body" | tr -d '\n')"

# --- one entry, one content ---
for path in -1 600 00 01 1x x +1 0x1 99999999999999999999999 18446744073709551616 '%31x' 1/2; do
	answers "there is no entry \"$path\"" /log/entry/$path 404 "$text"
	answers "nor a proof of it" /log/proof/$path 404 "$text"
done
check "an entry is a line of JSON and signatures" jq -e .type <(fetch "$url/log/entry/599" | head -n 1)

content() { # where -> a content's hash
	sql "SELECT sha256 FROM $1 LIMIT 1"
}
published=$(content "version")
answers "a published record's content" "/log/content/$published" 200 "$json"
check "hashes to its address" is "$published" "$(sha256sum "$work/body" | head -c 64)"
hidden=$(content "feedback WHERE state = 'received'")
answers "an unpublished question's content is denied" "/log/content/$hidden" 403 "$text"
withheld=$(content "feedback WHERE state = 'withheld'")
answers "so is a withheld one's" "/log/content/$withheld" 403 "$text"
returned=$(content "filing WHERE outcome = 'returned'")
answers "and a returned filing's" "/log/content/$returned" 403 "$text"
returned=$(sql "SELECT reason FROM filing WHERE outcome = 'returned' LIMIT 1")
answers "but why it was returned is public" "/log/content/$returned" 200 "$json"
answers "there is no content of another hash" /log/content/$(printf 'ab%.0s' {1..32}) 404 "$text"
for path in x abc "${published^^}" "${published}00" "${published:1}"; do
	answers "\"${path:0:20}\" is no hash" "/log/content/$path" 404 "$text"
done
erased=$(content "feedback WHERE state = 'published'")
words=$(sql "SELECT bytes ->> '\$.text' FROM content WHERE sha256 = x'$erased'")
check "the office erases a content" office \
	"{\"do\": \"erase\", \"sha256\": \"$erased\", \"reason\": {\"ko\": \"개인정보\", \"en\": \"personal data\"}}"
answers "erased, it is gone" "/log/content/$erased" 410 "$text"
check "with the entry that says why" body_has "entry 600"
answers "that entry is there" /log/entry/600 200 "$text"
check "it tells of the erasure" body_has content.erased "$erased"
system=$(sql "SELECT system FROM feedback WHERE sha256 = '$erased'")
get "/ko/systems/$system/feedback"
check "no page shows it any more" all "status_is 200" 'body_lacks "$words"'
in_files() { # text: in any file of the folder?
	grep -qarF -- "$1" "$data"
}
check "while the server runs, a reader of the database finds it no more" is 0 \
	"$(sql "SELECT count(*) FROM content WHERE sha256 = x'$erased'")"

# --- proofs ---
answers "a consistency proof" /log/consistency/256/600 200 "$text"
check "is a base64 hash a line" not grep -vE '^[A-Za-z0-9+/]{43}=$' "$work/body"
for path in 0/600 600/600 0/0; do
	answers "between $path there is nothing to prove" /log/consistency/$path 200 "$text"
	check "so it is empty" is 0 "$(wc -c <"$work/body")"
done
for path in 600/256 1/9999 x/y 1 01/2 1/2/3 -1/5; do
	answers "there is no consistency of $path" /log/consistency/$path 404 "$text"
done
cat >"$work/proofs.py" <<'END'
# RFC 9162 sections 2.1.3.2 and 2.1.4.2, read from there and not from our code.
import base64, hashlib, sys, urllib.request
url = sys.argv[1]
def get(path): return urllib.request.urlopen(url + path).read()
def node(l, r): return hashlib.sha256(b"\1" + l + r).digest()
def included(index, size, leaf, path):
    fn, sn, r = index, size - 1, leaf
    for p in path:
        if sn == 0: return None
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn: fn >>= 1; sn >>= 1
        else: r = node(r, p)
        fn >>= 1; sn >>= 1
    return r if sn == 0 else None
def consistent(m, n, old, new, path):
    if m == n: return old == new and not path
    if m & (m - 1) == 0: path = [old] + path
    fn, sn = m - 1, n - 1
    while fn & 1: fn >>= 1; sn >>= 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0: return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn: fn >>= 1; sn >>= 1
        else: sr = node(sr, c)
        fn >>= 1; sn >>= 1
    return fr == old and sr == new and sn == 0
def root_of(leaves):
    if len(leaves) == 1: return leaves[0]
    k = 1
    while k * 2 < len(leaves): k *= 2
    return node(root_of(leaves[:k]), root_of(leaves[k:]))
note = get("/log/checkpoint").decode().split("\n")
size, root = int(note[1]), base64.b64decode(note[2])
leaves = [hashlib.sha256(b"\0" + get(f"/log/entry/{i}")).digest() for i in range(size)]
assert root_of(leaves) == root, "the root is not that of the entries"
for i in (0, 1, 255, 256, 511, 512, size - 1):
    lines = get(f"/log/proof/{i}").decode().split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1" and lines[1] == f"index {i}", lines[:2]
    end = lines.index("")
    assert lines[end + 1:] == note, "the proof leads to another checkpoint"
    assert included(i, size, leaves[i], [base64.b64decode(h) for h in lines[2:end]]) == root, i
for m in (1, 2, 7, 255, 256, 257, 512, size - 1, size):
    path = [base64.b64decode(h) for h in get(f"/log/consistency/{m}/{size}").decode().split()]
    assert consistent(m, size, root_of(leaves[:m]), root, path), m
END
check "entries, inclusion and consistency proofs lead to the signed root" python3 "$work/proofs.py" "$url"

stop
check "after the server has stopped no file has the erased words" not in_files "$words"
serve
answers "the log goes on after that" /log/checkpoint 200 "$text"
all_done
