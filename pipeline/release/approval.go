package release

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

const approvalFormat = "veil-approval/1"

// DefaultOfficers is how many distinct officers must approve when a study does
// not ask for more: one person alone releases nothing.
const DefaultOfficers = 2

// Officer is a privacy officer who may sign.
type Officer struct {
	Name string
	Key  string // SSH public key, authorized_keys form
}

// Decision is what an officer says of a bundle.
type Decision string

const (
	Approved Decision = "approve"
	SentBack Decision = "return" // back to the data team
)

// Subject is what an officer decides on.
type Subject struct {
	Bundle string // the bundle's digest
	Report string // lower-case hex SHA-256 of the report that was read
	Study  string
	Run    string
}

// Statement is what an officer signs.
type Statement struct {
	Format   string    `json:"format"`
	Bundle   string    `json:"bundle"`
	Report   string    `json:"report"`
	Study    string    `json:"study"`
	Run      string    `json:"run"`
	Officer  string    `json:"officer"`
	Decision Decision  `json:"decision"`
	Note     string    `json:"note,omitempty"`
	Time     time.Time `json:"time"` // UTC, whole seconds
}

// Approval is a signed statement (of either decision), byte for byte as it was
// signed.
type Approval struct {
	Statement string `json:"statement"`
	Signature string `json:"signature"` // SSHSIG, armored
}

// Approve signs an officer's decision. The signer must be the listed officer's
// key; officer is the name under which it is listed. Only a return has a note:
// approvals are shown to the recipient, and a note may say what must not leave.
func Approve(s Subject, officer string, d Decision, note string, at time.Time, signer ssh.Signer) (Approval, error) {
	if !isDigest(s.Bundle) || !isDigest(s.Report) {
		return Approval{}, errors.New("an approval needs the SHA-256 digests of the bundle and of the report")
	}
	if d != Approved && d != SentBack {
		return Approval{}, errors.New("a decision is approve or return")
	}
	if d == Approved && note != "" {
		return Approval{}, errors.New("an approval carries no note, because it leaves with the release: a note belongs to a return")
	}
	statement, err := encode(Statement{
		Format: approvalFormat, Bundle: s.Bundle, Report: s.Report, Study: s.Study, Run: s.Run,
		Officer: officer, Decision: d, Note: note, Time: stamp(at),
	})
	if err != nil {
		return Approval{}, err
	}
	signature, err := sign(statement, signer, ApprovalNamespace)
	if err != nil {
		return Approval{}, err
	}
	return Approval{Statement: string(statement), Signature: signature}, nil
}

// OfficerOf finds the officer a key belongs to.
func OfficerOf(officers []Officer, key ssh.PublicKey) (Officer, error) {
	known, err := parseOfficers(officers)
	if err != nil {
		return Officer{}, err
	}
	i, listed := known[string(key.Marshal())]
	if !listed {
		return Officer{}, refuse(UnknownOfficer, "the signing key is of no officer of this study: add it with veil officer add, or sign with another")
	}
	return officers[i], nil
}

// Tally is what the approvals at hand amount to.
type Tally struct {
	Required int
	// Approved are the newest approving statements, one for each officer, in
	// order of name, and Approvals the signed originals.
	Approved  []Statement
	Approvals []Approval
	// Returned are the officers' standing returns: any one of them blocks.
	Returned []Statement
	// Rejected says of each approval not counted why, by its index.
	Rejected map[int]string
}

// Count weighs approvals of one subject. Distinct officers count, in name and
// key; of one officer's statements the newest counts, and of two of the same
// second the return. An approval must name the subject's every part; a return
// holds for the bundle whatever report it was read in. required is at least 1;
// 0 means DefaultOfficers.
func Count(approvals []Approval, officers []Officer, s Subject, required int) (Tally, error) {
	if required == 0 {
		required = DefaultOfficers
	}
	if required < 1 {
		return Tally{}, errors.New("the number of officers required must be at least 1")
	}
	known, err := parseOfficers(officers)
	if err != nil {
		return Tally{}, err
	}
	t := Tally{Required: required, Rejected: map[int]string{}}
	newest := map[int]int{} // officer to approval
	statements := make([]Statement, len(approvals))
	for i, a := range approvals {
		officer, statement, why := read(a, known, officers, s)
		if why != "" {
			t.Rejected[i] = why
			continue
		}
		statements[i] = statement
		if before, found := newest[officer]; !found || newer(statement, statements[before]) {
			newest[officer] = i
		}
	}
	for _, i := range newest {
		if statements[i].Decision == SentBack {
			t.Returned = append(t.Returned, statements[i])
			continue
		}
		t.Approved = append(t.Approved, statements[i])
		t.Approvals = append(t.Approvals, approvals[i])
	}
	byOfficer := func(a, b Statement) int { return cmp.Compare(a.Officer, b.Officer) }
	slices.SortFunc(t.Returned, byOfficer)
	slices.SortFunc(t.Approved, byOfficer)
	slices.SortFunc(t.Approvals, func(a, b Approval) int { return cmp.Compare(a.officer(), b.officer()) })
	return t, nil
}

// Err is nil when the release may go.
func (t Tally) Err() error {
	if len(t.Returned) > 0 {
		return refuse(Returned, "%s returned this bundle: correct it and run again, or have the same officer approve it", t.Returned[0].Officer)
	}
	if missing := t.Required - len(t.Approved); missing > 0 {
		return refuse(NotApproved, "%d of %d officers approved this bundle and report: %d more must sign", len(t.Approved), t.Required, missing)
	}
	return nil
}

func newer(a, b Statement) bool {
	if a.Time.Equal(b.Time) {
		return a.Decision == SentBack
	}
	return a.Time.After(b.Time)
}

func parseOfficers(officers []Officer) (map[string]int, error) {
	known := map[string]int{}
	names := map[string]bool{}
	for i, o := range officers {
		key, err := ParsePublicKey(o.Key)
		if err != nil {
			return nil, fmt.Errorf("officer %d: %w", i+1, err)
		}
		name := strings.ToLower(strings.Join(strings.Fields(o.Name), " "))
		if name == "" {
			return nil, fmt.Errorf("officer %d: needs a name", i+1)
		}
		if _, twice := known[string(key.Marshal())]; twice || names[name] {
			return nil, fmt.Errorf("officer %d: this name or key stands twice: each officer signs with a key of their own", i+1)
		}
		known[string(key.Marshal())], names[name] = i, true
	}
	return known, nil
}

func read(a Approval, known map[string]int, officers []Officer, s Subject) (officer int, _ Statement, why string) {
	statement, err := a.Parse()
	if err != nil {
		return 0, Statement{}, "the statement " + err.Error()
	}
	key, err := signedBy([]byte(a.Statement), a.Signature, ApprovalNamespace)
	if err != nil {
		return 0, Statement{}, err.Error()
	}
	officer, listed := known[string(key.Marshal())]
	switch {
	case !listed:
		return 0, Statement{}, "the key is of no listed officer"
	case statement.Officer != officers[officer].Name:
		return 0, Statement{}, "the name is not the one the key is listed under"
	case statement.Bundle != s.Bundle:
		return 0, Statement{}, "it is about another bundle"
	case statement.Study != s.Study:
		return 0, Statement{}, "it is about another study"
	case statement.Decision == SentBack:
		return officer, statement, ""
	case statement.Decision != Approved:
		return 0, Statement{}, "it decides nothing"
	case statement.Note != "":
		return 0, Statement{}, "an approval with a note, which would leave with the release"
	case statement.Report != s.Report:
		return 0, Statement{}, "it is about another report"
	case statement.Run != s.Run:
		return 0, Statement{}, "it is about another run"
	}
	return officer, statement, ""
}

// Parse reads the statement without checking who signed it.
func (a Approval) Parse() (Statement, error) {
	var s Statement
	err := decode([]byte(a.Statement), approvalFormat, &s)
	return s, err
}

func (a Approval) officer() string {
	s, _ := a.Parse()
	return s.Officer
}

// countKeys is how many distinct keys approved a bundle, for a reader who does
// not know the officers.
func countKeys(approvals []Approval, bundle string) int {
	keys := map[string]bool{}
	for _, a := range approvals {
		s, err := a.Parse()
		if err != nil || s.Bundle != bundle || s.Decision != Approved {
			continue
		}
		if key, err := signedBy([]byte(a.Statement), a.Signature, ApprovalNamespace); err == nil {
			keys[string(key.Marshal())] = true
		}
	}
	return len(keys)
}

// WriteApproval keeps an approval in a folder as two files, `X.json` and
// `X.json.sig`, which `ssh-keygen -Y verify` takes as they are.
func WriteApproval(fsys storage.FS, dir string, a Approval) error {
	s, err := a.Parse()
	if err != nil {
		return fmt.Errorf("approval %w", err)
	}
	if err := fsys.MkdirAll(dir); err != nil {
		return fmt.Errorf("keeping the approval: %w", err)
	}
	name := filepath.Join(dir, s.Bundle[:12]+"-"+Digest([]byte(a.Statement + a.Signature))[:12]+".json")
	if err := writePair(fsys, name, []byte(a.Statement), a.Signature); err != nil {
		return fmt.Errorf("keeping the approval: %w", err)
	}
	return nil
}

// ReadApprovals reads all approvals of a folder, in order of file name; a
// folder that is not there has none. Nothing is verified: that is Count's.
func ReadApprovals(fsys storage.FS, dir string) ([]Approval, error) {
	entries, err := fsys.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the approvals: %w", err)
	}
	var approvals []Approval
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".json") {
			continue
		}
		name := filepath.Join(dir, e.Name())
		statement, err := readFile(fsys, name, maxKeyFile)
		if err != nil {
			return nil, fmt.Errorf("reading the approvals: %w", err)
		}
		signature, err := readFile(fsys, name+".sig", maxKeyFile)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("reading the approvals: %w", err)
		}
		approvals = append(approvals, Approval{Statement: string(statement), Signature: string(signature)})
	}
	return approvals, nil
}

func writeFile(fsys storage.FS, name string, data []byte) error {
	return storage.WriteFile(fsys, name, func(f storage.File) error {
		_, err := f.Write(data)
		return err
	})
}
