// A client of the log that shares no code with Gaya: Go's sumdb/note and sumdb/tlog over HTTP, by
// the C2SP specifications alone. It checks the checkpoint, every tile of every level, every entry,
// an inclusion proof for each, the served proofs, consistency with every size before, and that
// nothing is served beyond the tree.
//
//	verify URL STATE [VKEY]
//
// STATE is a file of the checkpoints seen on earlier runs; this run's is added. Without VKEY the key is the
// one that the log names.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	height = 8
	width  = 1 << height
	few    = 1024 // up to here every proof is fetched; beyond, those at the edges and one in `step`
	step   = 97
)

var (
	base     string
	verifier note.Verifier
	requests int
)

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func need(ok bool, format string, args ...interface{}) {
	if !ok {
		log.Fatalf(format, args...)
	}
}

func ask(path string) (*http.Response, []byte) {
	requests++
	answer, err := http.Get(base + path)
	must(err)
	body, err := io.ReadAll(answer.Body)
	must(err)
	must(answer.Body.Close())
	return answer, body
}

// The body of an answer of this type, which any site's script may read.
func get(path, kind string) (http.Header, []byte) {
	answer, body := ask(path)
	need(answer.StatusCode == 200, "%s: status %d: %.200s", path, answer.StatusCode, body)
	need(answer.Header.Get("Content-Type") == kind, "%s: type %q", path, answer.Header.Get("Content-Type"))
	need(answer.Header.Get("Access-Control-Allow-Origin") == "*", "%s: not for other origins", path)
	return answer.Header, body
}

func absent(path string) {
	answer, _ := ask(path)
	need(answer.StatusCode == 404, "%s: status %d where nothing can be", path, answer.StatusCode)
}

// --- checkpoints ---

func open(signed []byte) tlog.Tree {
	n, err := note.Open(signed, note.VerifierList(verifier))
	must(err)
	lines := strings.Split(n.Text, "\n")
	need(len(lines) == 4 && lines[3] == "", "a checkpoint of %d lines", len(lines))
	need(lines[0] == verifier.Name(), "origin %q by the key of %q", lines[0], verifier.Name())
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	need(strconv.FormatInt(size, 10) == lines[1], "size %q", lines[1])
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	must(err)
	need(len(root) == tlog.HashSize, "a root of %d bytes", len(root))
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree
}

func newest() tlog.Tree {
	_, vkey := get("/log/vkey", "text/plain; charset=utf-8")
	if len(os.Args) > 3 {
		vkey = []byte(os.Args[3])
	}
	var err error
	verifier, err = note.NewVerifier(strings.TrimSuffix(string(vkey), "\n"))
	must(err)
	header, signed := get("/log/checkpoint", "text/plain; charset=utf-8")
	need(!strings.Contains(header.Get("Cache-Control"), "immutable"), "a checkpoint for ever")
	return open(signed)
}

// --- tiles ---

// The address of a tile. Ours say nothing of the height; a tile of entries has level -1.
func address(t tlog.Tile) string {
	return "/log/" + strings.Replace(strings.Replace(t.Path(), "tile/8/", "tile/", 1), "tile/data/", "tile/entries/", 1)
}

func tile(t tlog.Tile) []byte {
	header, body := get(address(t), "application/octet-stream")
	need(strings.Contains(header.Get("Cache-Control"), "immutable"), "%s: not for ever", address(t))
	return body
}

// x/mod's way to read hashes out of tiles: it proves each tile against the tree before use.
type reader struct{ kept map[tlog.Tile][]byte }

func (r *reader) Height() int { return height }
func (r *reader) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(tiles))
	for i, t := range tiles {
		if r.kept[t] == nil {
			r.kept[t] = tile(t)
		}
		out[i] = r.kept[t]
	}
	return out, nil
}
func (r *reader) SaveTiles([]tlog.Tile, [][]byte) {}

// --- entries ---

type hashes []tlog.Hash

func (h *hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		out[i] = (*h)[at]
	}
	return out, nil
}

func bundle(t tlog.Tile) [][]byte {
	data := tile(t)
	var entries [][]byte
	for len(data) > 0 {
		need(len(data) >= 2, "%s: cut off", address(t))
		length := int(binary.BigEndian.Uint16(data))
		need(len(data) >= 2+length, "%s: cut off", address(t))
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	need(len(entries) == t.W, "%s: %d entries", address(t), len(entries))
	return entries
}

// Every bundle; the tree's hashes, from the entries alone.
func entries(size int64) (all [][]byte, tree hashes) {
	for at := int64(0); at < size; at += width {
		w := size - at
		if w > width {
			w = width
		}
		all = append(all, bundle(tlog.Tile{H: height, L: -1, N: at / width, W: int(w)})...)
	}
	for i, entry := range all {
		stored, err := tlog.StoredHashes(int64(i), entry, &tree)
		must(err)
		tree = append(tree, stored...)
	}
	return all, tree
}

// Every tile of hashes of a tree of this size, byte for byte.
func tiles(size int64, tree *hashes) (n int) {
	for _, t := range tlog.NewTiles(height, 0, size) {
		if t.L < 0 {
			continue
		}
		should, err := tlog.ReadTileData(t, tree)
		must(err)
		need(bytes.Equal(tile(t), should), "%s is not what the entries give", address(t))
		n++
	}
	return n
}

// --- proofs ---

func lines(text []byte) (out []tlog.Hash) {
	for _, line := range strings.Split(strings.TrimSuffix(string(text), "\n"), "\n") {
		if line == "" {
			continue
		}
		data, err := base64.StdEncoding.Strict().DecodeString(line)
		must(err)
		need(len(data) == tlog.HashSize, "a hash of %d bytes", len(data))
		var h tlog.Hash
		copy(h[:], data)
		out = append(out, h)
	}
	return out
}

// C2SP tlog-proof.
func servedInclusion(tree tlog.Tree, index int64, entry []byte) {
	_, body := get(fmt.Sprintf("/log/proof/%d", index), "text/plain; charset=utf-8")
	head, checkpoint, ok := bytes.Cut(body, []byte("\n\n"))
	need(ok, "a proof without a checkpoint")
	first := fmt.Sprintf("c2sp.org/tlog-proof@v1\nindex %d\n", index)
	text := string(head) + "\n"
	need(strings.HasPrefix(text, first), "a proof that begins %.60q", text)
	need(open(checkpoint) == tree, "a proof to another tree")
	must(tlog.CheckRecord(lines([]byte(text[len(first):])), tree.N, tree.Hash, index, tlog.RecordHash(entry)))
}

func servedConsistency(tree tlog.Tree, old tlog.Tree) {
	_, body := get(fmt.Sprintf("/log/consistency/%d/%d", old.N, tree.N), "text/plain; charset=utf-8")
	proof := lines(body)
	if old.N == 0 { // tlog knows no proof from the empty tree; tlog-witness: the empty one
		need(len(proof) == 0, "a proof from nothing has %d hashes", len(proof))
		return
	}
	must(tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash))
}

func fetched(size, index int64) bool {
	return size <= few || index%step == 0 || index < 2 || index >= size-2 || index%width == 0 || index%width == width-1
}

// Each entry by a proof of x/mod's own making; where one is fetched, too, it is made from tiles,
// each of which x/mod proves anew for every proof.
func inclusions(tree tlog.Tree, all [][]byte, own *hashes) {
	tiled := tlog.TileHashReader(tree, &reader{map[tlog.Tile][]byte{}})
	for i, entry := range all {
		var from tlog.HashReader = own
		if fetched(tree.N, int64(i)) {
			from = tiled
		}
		proof, err := tlog.ProveRecord(tree.N, int64(i), from)
		must(err)
		must(tlog.CheckRecord(proof, tree.N, tree.Hash, int64(i), tlog.RecordHash(entry)))
		if fetched(tree.N, int64(i)) {
			servedInclusion(tree, int64(i), entry)
			_, body := get(fmt.Sprintf("/log/entry/%d", i), "text/plain; charset=utf-8")
			need(bytes.Equal(body, entry), "/log/entry/%d is another", i)
		}
	}
}

func consistencies(tree tlog.Tree, own *hashes) {
	for m := int64(1); m <= tree.N; m++ {
		if fetched(tree.N, m) {
			root, err := tlog.TreeHash(m, own)
			must(err)
			servedConsistency(tree, tlog.Tree{N: m, Hash: root})
		}
	}
}

// What was signed before, on earlier runs: still a beginning of this, its partial tiles still there.
func earlier(state string, tree tlog.Tree, own *hashes) (n int) {
	data, err := os.ReadFile(state)
	if os.IsNotExist(err) {
		return 0
	}
	must(err)
	for _, signed := range strings.Split(strings.TrimSuffix(string(data), "\x00"), "\x00") {
		old := open([]byte(signed))
		servedConsistency(tree, old)
		if old.N > 0 {
			root, err := tlog.TreeHash(old.N, own)
			must(err)
			need(root == old.Hash, "the tree of %d entries is another now", old.N)
		}
		if old.N <= few {
			tiles(old.N, own)
		}
		n++
	}
	return n
}

func remember(state string) {
	_, signed := get("/log/checkpoint", "text/plain; charset=utf-8")
	file, err := os.OpenFile(state, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	must(err)
	_, err = file.Write(append(signed, 0))
	must(err)
	must(file.Close())
}

// Beyond the tree, and in no right spelling.
func nothingElse(size int64) {
	for level, n := 0, size; level < 8; level, n = level+1, n/width {
		absent(address(tlog.Tile{H: height, L: level, N: n / width, W: width}))
		if n%width < width-1 {
			absent(address(tlog.Tile{H: height, L: level, N: n / width, W: int(n%width) + 1}))
		}
		absent(address(tlog.Tile{H: height, L: level, N: n/width + 1, W: 1}))
	}
	for _, path := range []string{"tile/0/000.p/0", "tile/0/000.p/256", "tile/0/0", "tile/00/000", "tile/8/000.p/1",
		"tile/64/000", "tile/entries/x000/000", "tile/0/000.p/01", fmt.Sprintf("entry/%d", size),
		fmt.Sprintf("proof/%d", size), fmt.Sprintf("consistency/0/%d", size+1)} {
		absent("/log/" + path)
	}
}

func main() {
	log.SetFlags(0)
	base = os.Args[1]
	tree := newest()
	all, own := entries(tree.N)
	root := tlog.Hash(sha256.Sum256(nil)) // of nothing; TreeHash would say zeroes
	if tree.N > 0 {
		var err error
		root, err = tlog.TreeHash(tree.N, &own)
		must(err)
	}
	need(root == tree.Hash, "the entries do not give the signed root")
	checked := tiles(tree.N, &own)
	inclusions(tree, all, &own)
	consistencies(tree, &own)
	before := earlier(os.Args[2], tree, &own)
	nothingElse(tree.N)
	remember(os.Args[2])
	fmt.Printf("%d entries, %d tiles, %d earlier checkpoints, %d requests: true\n", tree.N, checked, before, requests)
}
