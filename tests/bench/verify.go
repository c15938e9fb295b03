// A verifier that shares no code with Gaya: Go's own sumdb packages over a folder of what anyone
// can fetch under /log/. It checks the checkpoint's signature, every entry against the tree's
// root, and every content against the hash that its entry names. It knows nothing of records.
//
// With -rules it also reads every event and holds it to the rules that need no standard and no
// content: canonical JSON, known types and authors, the `after` chain of each subject, the order of
// time, keys granted and revoked, and departments' signatures under them. No read model is folded.
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
	"time"

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

func checkpoint(folder string) (origin string, size int64, root tlog.Hash) {
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
	return lines[0], size, root
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

// --- the rules ---

type event struct {
	Type, At, By                           string
	After                                  int64
	Register, Standard, Department, System string
	Feedback, Erased, Key                  string
}

// What names the subject of an event, by the type's first word or as the type has it.
func (e *event) subject() (kind, id string) {
	switch e.Type {
	case "register.opened":
		return "register", e.Register
	case "standard.adopted":
		return "standard", e.Standard
	case "department.added", "key.granted", "key.revoked":
		return "department", e.Department
	case "content.erased":
		return "erased", e.Erased
	}
	if strings.HasPrefix(e.Type, "system.") {
		return "system", e.System
	}
	if strings.HasPrefix(e.Type, "feedback.") {
		return "feedback", e.Feedback
	}
	log.Fatalf("%s is not a type of event", e.Type)
	return
}

type grant struct {
	department string
	verifier   note.Verifier
	revoked    bool
}

type rules struct {
	origin      string
	after       map[[2]string]int64
	departments map[string][]*grant
	keys        map[string]*grant
	latest      time.Time
	signatures  int
}

func newRules(origin string) *rules {
	return &rules{origin: origin, after: map[[2]string]int64{}, departments: map[string][]*grant{},
		keys: map[string]*grant{}}
}

// One spelling of each event: printed again from its value, it is the same bytes.
func canonical(line []byte) bool {
	var value map[string]any
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	if d.Decode(&value) != nil {
		return false
	}
	var again bytes.Buffer
	e := json.NewEncoder(&again)
	e.SetEscapeHTML(false)
	check(e.Encode(value))
	return bytes.Equal(bytes.TrimSuffix(again.Bytes(), []byte("\n")), line)
}

func (r *rules) signed(entry []byte, department string) {
	for _, g := range r.departments[department] {
		if g.revoked {
			continue
		}
		if _, err := note.Open(entry, note.VerifierList(g.verifier)); err == nil {
			r.signatures++
			return
		}
	}
	log.Fatalf("no key of %s signed this", department)
}

func (r *rules) add(index int64, entry []byte) {
	line, rest, _ := bytes.Cut(entry, []byte("\n"))
	var e event
	if err := json.Unmarshal(line, &e); err != nil || !canonical(line) {
		log.Fatalf("entry %d is not canonical JSON: %v", index, err)
	}
	kind, id := e.subject()
	at, err := time.Parse("2006-01-02T15:04:05Z", e.At)
	check(err)
	byDepartment := strings.HasPrefix(e.By, "department/")
	department := strings.TrimPrefix(e.By, "department/")
	slack := time.Duration(0)
	if byDepartment {
		slack = 300 * time.Second
		r.signed(entry, department)
	} else if len(rest) > 0 || (e.By != "office" && e.By != "register" && e.By != "citizen") {
		log.Fatalf("entry %d: %s may not sign", index, e.By)
	}
	if at.Before(r.latest.Add(-slack)) {
		log.Fatalf("entry %d is before the latest time", index)
	}
	if at.After(r.latest) {
		r.latest = at
	}
	subject := [2]string{kind, id}
	if previous, has := r.after[subject]; has && previous != e.After || !has && e.After != -1 {
		log.Fatalf("entry %d does not follow its subject's latest", index)
	}
	r.after[subject] = index
	switch e.Type {
	case "department.added":
		r.departments[id] = append([]*grant(nil), r.departments[id]...)
	case "key.granted":
		r.grant(index, &e)
	case "key.revoked":
		g := r.keys[e.Key]
		if g == nil || g.revoked || g.department != e.Department {
			log.Fatalf("entry %d revokes no key", index)
		}
		g.revoked = true
	}
}

func (r *rules) grant(index int64, e *event) {
	grants, has := r.departments[e.Department]
	verifier, err := note.NewVerifier(e.Key)
	check(err)
	if !has || r.keys[e.Key] != nil || verifier.Name() != r.origin+"/"+e.Department {
		log.Fatalf("entry %d grants what it may not", index)
	}
	g := &grant{e.Department, verifier, false}
	r.keys[e.Key] = g
	r.departments[e.Department] = append(grants, g)
}

func main() {
	var rule *rules
	folder := os.Args[len(os.Args)-1]
	origin, size, root := checkpoint(folder)
	if os.Args[1] == "-rules" {
		rule = newRules(origin)
	}
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
			if rule != nil {
				rule.add(index, entry)
			}
			index++
		}
	}
	sum, err := tlog.TreeHash(size, &all)
	check(err)
	if sum != root {
		log.Fatal("the entries do not give the signed root")
	}
	signatures := 0
	if rule != nil {
		signatures = rule.signatures
	}
	fmt.Printf("%d entries, %d contents, %d signatures: true\n", size, contents, signatures)
}
