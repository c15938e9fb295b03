// A verifier that shares no code with Gaya: Go's own sumdb packages over a folder of what anyone
// can fetch under /log/. It checks the checkpoint's signature, every entry against the tree's
// root, and every content against the hash that its entry names. It knows nothing of records.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type hashes []tlog.Hash

func (h *hashes) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, at := range indexes {
		out[i] = (*h)[at]
	}
	return out, nil
}

func read(path ...string) []byte {
	data, err := os.ReadFile(filepath.Join(path...))
	check(err)
	return data
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func checkpoint(folder string) (size int64, root tlog.Hash) {
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(folder, "vkey"))))
	check(err)
	n, err := note.Open(read(folder, "checkpoint"), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(n.Text, "\n")
	size, err = strconv.ParseInt(lines[1], 10, 64)
	check(err)
	sum, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	copy(root[:], sum)
	return size, root
}

// One content, if it is public.
func content(folder string, entry []byte) bool {
	var event struct {
		Content struct{ SHA256 string }
	}
	line, _, _ := bytes.Cut(entry, []byte("\n"))
	check(json.Unmarshal(line, &event))
	if event.Content.SHA256 == "" {
		return false
	}
	data, err := os.ReadFile(filepath.Join(folder, "content", event.Content.SHA256))
	if os.IsNotExist(err) {
		return false
	}
	check(err)
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != event.Content.SHA256 {
		log.Fatalf("content %s is not what its name says", event.Content.SHA256)
	}
	return true
}

func main() {
	folder := os.Args[1]
	size, root := checkpoint(folder)
	var all hashes
	contents := 0
	index := int64(0)
	for bundle := 0; index < size; bundle++ {
		data := read(folder, fmt.Sprintf("bundle-%d", bundle))
		for len(data) > 0 {
			length := int(binary.BigEndian.Uint16(data))
			entry := data[2 : 2+length]
			data = data[2+length:]
			stored, err := tlog.StoredHashes(index, entry, &all)
			check(err)
			all = append(all, stored...)
			if content(folder, entry) {
				contents++
			}
			index++
		}
	}
	sum, err := tlog.TreeHash(size, &all)
	check(err)
	if sum != root {
		log.Fatal("the entries do not give the signed root")
	}
	fmt.Printf("%d entries, %d contents: true\n", size, contents)
}
