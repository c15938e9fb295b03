// What an outsider does who knows one key of the log and nothing else: opens the newest checkpoint with
// it; where that key signs no more, follows the statements under /log/keys, each of which it opens with the
// key it trusts by then, and proves that the entry that carries it is in the log. Go's sumdb/note and
// sumdb/tlog alone.
//
//	follow URL VKEY
//
// Prints the keys that it was led over, and the size it ends at.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
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

type change struct {
	Entry     int64  `json:"entry"`
	Type      string `json:"type"`
	Key       string `json:"key"`
	Statement string `json:"statement"`
}

type event struct {
	Type    string `json:"type"`
	Log     string `json:"log"`
	Key     string `json:"key"`
	Content struct {
		SHA256 string `json:"sha256"`
	} `json:"content"`
}

var base string

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

func get(path string) []byte {
	answer, err := http.Get(base + path)
	must(err)
	body, err := io.ReadAll(answer.Body)
	must(err)
	need(answer.StatusCode == 200, "%s: status %d", path, answer.StatusCode)
	return body
}

// Opens a checkpoint by the one key, and gives what follows its three lines.
func open(signed []byte, vkey string) (tree tlog.Tree, more []string, err error) {
	verifier, err := note.NewVerifier(vkey)
	must(err)
	n, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return tree, nil, err
	}
	lines := strings.Split(strings.TrimSuffix(n.Text, "\n"), "\n")
	need(len(lines) >= 3 && lines[0] == verifier.Name(), "not a checkpoint of %s", verifier.Name())
	tree.N, err = strconv.ParseInt(lines[1], 10, 64)
	must(err)
	root, err := base64.StdEncoding.Strict().DecodeString(lines[2])
	must(err)
	copy(tree.Hash[:], root)
	return tree, lines[3:], nil
}

func hashes(text []byte) (out []tlog.Hash) {
	for _, line := range strings.Fields(string(text)) {
		data, err := base64.StdEncoding.Strict().DecodeString(line)
		must(err)
		var h tlog.Hash
		copy(h[:], data)
		out = append(out, h)
	}
	return out
}

// That the entry is in the tree, says this change, and names this statement.
func checkEntry(tree tlog.Tree, origin string, c change) {
	entry := get(fmt.Sprintf("/log/entry/%d", c.Entry))
	head, _, _ := bytes.Cut(get(fmt.Sprintf("/log/proof/%d", c.Entry)), []byte("\n\n"))
	lines := bytes.SplitN(head, []byte("\n"), 3)
	need(len(lines) == 3, "a short proof")
	must(tlog.CheckRecord(hashes(lines[2]), tree.N, tree.Hash, c.Entry, tlog.RecordHash(entry)))
	var ev event
	must(json.Unmarshal(entry, &ev))
	need(ev.Type == c.Type && ev.Key == c.Key && ev.Log == origin, "entry %d says something else", c.Entry)
	content := get("/log/content/" + ev.Content.SHA256)
	need(fmt.Sprintf("%x", sha256.Sum256(content)) == ev.Content.SHA256, "another content")
	var carried struct{ Statement string }
	must(json.Unmarshal(content, &carried))
	need(carried.Statement == c.Statement, "entry %d carries another statement", c.Entry)
}

func main() {
	log.SetFlags(0)
	base = os.Args[1]
	key := os.Args[2]
	var told struct{ Changes []change }
	must(json.Unmarshal(get("/log/keys"), &told))
	var followed []change
	var trees []tlog.Tree
	for _, c := range told.Changes {
		tree, more, err := open([]byte(c.Statement), key)
		if err != nil || c.Type != "log.key_retired" || c.Key != key {
			continue
		}
		need(len(more) == 1 && strings.HasPrefix(more[0], "key "), "a statement that names no key")
		followed, trees = append(followed, c), append(trees, tree)
		key = strings.TrimPrefix(more[0], "key ")
		fmt.Println("led to", key)
	}
	tree, more, err := open(get("/log/checkpoint"), key)
	must(err)
	need(len(more) == 0, "a checkpoint with more lines")
	for i, c := range followed {
		checkEntry(tree, strings.SplitN(key, "+", 2)[0], c)
		proof := hashes(get(fmt.Sprintf("/log/consistency/%d/%d", trees[i].N, tree.N)))
		must(tlog.CheckTree(proof, tree.N, tree.Hash, trees[i].N, trees[i].Hash))
	}
	fmt.Printf("%d entries: true\n", tree.N)
}
