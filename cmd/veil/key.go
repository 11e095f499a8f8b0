package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/storage"

	"github.com/spf13/cobra"
	"golang.org/x/crypto/ssh"
	"golang.org/x/term"
)

func newKey(s *settings) *cobra.Command {
	c := &cobra.Command{
		Use:     "key",
		Short:   "make keys, for people who have none yet",
		Example: "  veil key signing keys/officer\n  veil key identity keys/researcher",
	}
	signing := &cobra.Command{
		Use:     "signing FILE",
		Short:   "an SSH key (ed25519) for a sender, an officer, or acknowledgements: FILE and FILE.pub",
		Example: "  veil key signing keys/officer",
		Args:    exactly(1, "the file to write"),
		RunE: func(_ *cobra.Command, args []string) error {
			private, public, err := release.GenerateSigningKey(filepath.Base(args[0]))
			if err != nil {
				return err
			}
			return s.writeKeys(args[0], string(private), public)
		},
	}
	var classic bool
	identity := &cobra.Command{
		Use:     "identity FILE",
		Short:   "an age identity for a recipient: FILE, and FILE.pub to give to the sender",
		Example: "  veil key identity keys/researcher",
		Args:    exactly(1, "the file to write"),
		RunE: func(_ *cobra.Command, args []string) error {
			private, public, err := release.GenerateIdentity(!classic)
			if err != nil {
				return err
			}
			return s.writeKeys(args[0], private, public)
		},
	}
	identity.Flags().BoolVar(&classic, "classic", false, "X25519 alone, for age older than 1.3; without it also ML-KEM-768, against quantum computers")
	c.AddCommand(signing, identity)
	return c
}

func (s *settings) writeKeys(name, private, public string) error {
	for path, content := range map[string]string{name: private, name + ".pub": strings.TrimSpace(public) + "\n"} {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return usage("%s exists already; a key is never overwritten", path)
		}
		if err != nil {
			return fmt.Errorf("writing a key: %w", err)
		}
		_, err = f.WriteString(content)
		if closing := f.Close(); err == nil {
			err = closing
		}
		if err != nil {
			return fmt.Errorf("writing a key: %w", err)
		}
	}
	s.say("made %s (keep it secret) and %s.pub", name, name)
	return nil
}

// signer loads a private key, from a file or the ssh-agent.
func (s *settings) signer(file string) (ssh.Signer, error) {
	if file == "" {
		return nil, usage("name the signing key with --key: an SSH private key file, or a public one held by the ssh-agent")
	}
	keys := release.SigningKeys{AgentSocket: os.Getenv("SSH_AUTH_SOCK")}
	if term.IsTerminal(int(os.Stdin.Fd())) {
		keys.Passphrase = func() ([]byte, error) {
			fmt.Fprint(s.stderr, "passphrase: ")
			defer fmt.Fprintln(s.stderr)
			return term.ReadPassword(int(os.Stdin.Fd()))
		}
	}
	return keys.Load(storage.Disk{}, file)
}

// publicKey reads a public key file.
func publicKey(file string) (string, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("reading a public key: %w", err)
	}
	return strings.TrimSpace(string(data)), nil
}
