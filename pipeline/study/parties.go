package study

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/schoolhouse-world/veil/pipeline/storage"

	"github.com/goccy/go-yaml"
)

// PartiesFile is the name of the parties' file in a study folder.
const PartiesFile = "parties.yaml"

// Parties are who sends, who approves and who receives. They are kept beside
// study.yaml and changed by the verbs officer, sender and recipient, so that
// the study's comments survive.
type Parties struct {
	Sender     Sender      `yaml:"sender"`
	Officers   []Officer   `yaml:"officers"`
	Recipients []Recipient `yaml:"recipients"`
}

// Sender is who signs releases.
type Sender struct {
	Name string `yaml:"name"`
	Key  string `yaml:"key"` // SSH public key, authorized_keys form
}

// Officer is a privacy officer who may sign.
type Officer struct {
	Name string `yaml:"name"`
	Key  string `yaml:"key"` // SSH public key, authorized_keys form
}

// Recipient is a researcher under a data-use agreement.
type Recipient struct {
	Name         string `yaml:"name"` // a short name, used as folder name
	Organisation string `yaml:"organisation"`
	Key          string `yaml:"key"`     // age1… or age1pq…
	AckKey       string `yaml:"ack_key"` // SSH public key for acknowledgements
	Agreement    string `yaml:"agreement"`
	From         Day    `yaml:"from"`
	Until        Day    `yaml:"until"` // the last day it is in force
}

// LoadParties reads the parties of a study folder; none when there is no file.
func LoadParties(dir string) (Parties, error) {
	data, err := os.ReadFile(filepath.Join(dir, PartiesFile))
	if errors.Is(err, fs.ErrNotExist) {
		return Parties{}, nil
	}
	if err != nil {
		return Parties{}, fmt.Errorf("reading %s: %w", PartiesFile, err)
	}
	var p Parties
	if err := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict(), yaml.DisallowUnknownField()).Decode(&p); err != nil {
		return Parties{}, fmt.Errorf("%s: %s", PartiesFile, yaml.FormatError(err, false, false))
	}
	if err := p.check(); err != nil {
		return Parties{}, fmt.Errorf("%s: %w", PartiesFile, err)
	}
	return p, nil
}

// SaveParties checks and writes the parties of a study folder.
func SaveParties(fsys storage.FS, dir string, p Parties) error {
	if err := p.check(); err != nil {
		return err
	}
	data, err := yaml.Marshal(p)
	if err != nil {
		return fmt.Errorf("writing %s: %w", PartiesFile, err)
	}
	return storage.WriteFile(fsys, filepath.Join(dir, PartiesFile), func(f storage.File) error {
		_, err := f.Write(data)
		return err
	})
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$`)

func (p Parties) check() error {
	names, keys := map[string]bool{}, map[string]bool{}
	for i, o := range p.Officers {
		switch {
		case o.Name == "" || o.Key == "":
			return fmt.Errorf("officers[%d]: needs a name and a key", i)
		case names[o.Name]:
			return fmt.Errorf("officers[%d]: this name stands twice", i)
		case keys[o.Key]:
			return fmt.Errorf("officers[%d]: this key stands twice; two officers are two people", i)
		}
		names[o.Name], keys[o.Key] = true, true
	}
	recipients := map[string]bool{}
	for i, r := range p.Recipients {
		switch {
		case !nameForm.MatchString(r.Name):
			return fmt.Errorf("recipients[%d].name: must be 1 to 63 letters, digits, dots and dashes", i)
		case recipients[r.Name]:
			return fmt.Errorf("recipients[%d].name: stands twice", i)
		case r.Key == "" || r.Agreement == "":
			return fmt.Errorf("recipients[%d]: needs a key and an agreement", i)
		}
		for _, d := range []Day{r.From, r.Until} {
			if _, err := time.Parse(time.DateOnly, string(d)); err != nil {
				return fmt.Errorf("recipients[%d]: from and until must be days such as 2027-08-31", i)
			}
		}
		recipients[r.Name] = true
	}
	return nil
}

// Recipient finds a recipient by name.
func (p Parties) Recipient(name string) (Recipient, bool) {
	for _, r := range p.Recipients {
		if r.Name == name {
			return r, true
		}
	}
	return Recipient{}, false
}
