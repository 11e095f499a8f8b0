package pipeline

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"unicode"

	"github.com/schoolhouse-world/veil/pipeline/bundle"
	"github.com/schoolhouse-world/veil/redact"
	"github.com/schoolhouse-world/veil/redact/finding"
	"github.com/schoolhouse-world/veil/redact/text"
)

// engine makes the redaction engine the study asks for.
func (e *Export) engine(ctx context.Context) (*redact.Engine, error) {
	o := redact.Options{Policies: map[finding.Kind]redact.Policy{}}
	for kind, policy := range e.study.Redaction.Kinds {
		o.Policies[finding.Kind(kind)] = redact.Policy(policy)
	}
	if err := e.own().Extend(&o); err != nil {
		return nil, err
	}
	if e.study.Redaction.Replace == "surrogates" {
		var err error
		if o.Surrogates, err = e.surrogates(ctx); err != nil {
			return nil, err
		}
	}
	return redact.Standard(o)
}

// own are the organisation's files, as study.yaml names them.
func (e *Export) own() Own {
	at := func(name string) string {
		if name == "" {
			return ""
		}
		return e.study.Path(name)
	}
	r := e.study.Redaction
	return Own{Deny: at(r.Deny), Keep: at(r.Keep), Patterns: at(r.Patterns), Model: at(r.Model)}
}

// surrogateSecret is the vault's secret that invented names are chosen by.
const surrogateSecret = "surrogates"

// surrogates are invented names, the same for a person throughout the study
// and never a name of anyone in the source.
func (e *Export) surrogates(ctx context.Context) (*redact.Surrogates, error) {
	seed, err := e.vault.Secret(ctx, surrogateSecret)
	if err != nil {
		return nil, err
	}
	taken := map[string]bool{}
	for u, err := range e.index.Users(ctx) {
		if err != nil {
			return nil, err
		}
		for _, name := range append([]string{u.First, u.Last, u.Preferred}, u.OtherNames...) {
			for _, word := range strings.FieldsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
				taken[text.Fold(word)] = true
			}
		}
	}
	return redact.NewSurrogates(redact.SurrogateOptions{Seed: seed, Neutral: true, Taken: func(norm string) bool { return taken[norm] }})
}

// engineVersion is the digest of this very program: whatever changed in it may
// change what a shard holds, so shards of another one are made anew.
var engineVersion = sync.OnceValue(func() string {
	name, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	f, err := os.Open(name)
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "unknown"
	}
	return hex.EncodeToString(sum.Sum(nil))
})

// workers is how many sessions are worked at once.
func (e *Export) workers() int {
	if e.study.Run.Workers > 0 {
		return e.study.Run.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// bundleMeta is what the bundle's descriptors say of the study. Nothing in it
// differs between two runs of one plan.
func (e *Export) bundleMeta() bundle.Meta {
	m := bundle.Meta{Study: e.study.ID, Title: e.study.Title, Contexts: e.study.Contexts, Software: e.software}
	for _, p := range e.policies() {
		m.Policies = append(m.Policies, bundle.Policy(p))
	}
	return m
}
