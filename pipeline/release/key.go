package release

import (
	"crypto/ed25519"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"

	"filippo.io/age"
	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

const maxKeyFile = 1 << 20

// SigningKeys says how private keys are reached.
type SigningKeys struct {
	// AgentSocket is the ssh-agent's Unix socket ($SSH_AUTH_SOCK); "" for none.
	AgentSocket string
	// Passphrase asks for the passphrase of a protected key file; nil refuses
	// protected keys with a sentence.
	Passphrase func() ([]byte, error)
}

// Load reads an SSH private key file. A public key file stands for the same
// key held by the ssh-agent, as with `ssh-keygen -Y sign -f key.pub`.
func (k SigningKeys) Load(fsys storage.FS, name string) (ssh.Signer, error) {
	data, err := readFile(fsys, name, maxKeyFile)
	if err != nil {
		return nil, fmt.Errorf("reading the signing key: %w", err)
	}
	if public, err := ParsePublicKey(string(data)); err == nil {
		return k.fromAgent(public)
	}
	signer, err := ssh.ParsePrivateKey(data)
	var locked *ssh.PassphraseMissingError
	if errors.As(err, &locked) {
		signer, err = k.unlock(data, locked.PublicKey)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	if err != nil {
		return nil, fmt.Errorf("%s: is neither an SSH private key nor the public half of one in the ssh-agent", name)
	}
	if err := checkKey(signer.PublicKey()); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return signer, nil
}

func (k SigningKeys) unlock(data []byte, public ssh.PublicKey) (ssh.Signer, error) {
	if k.Passphrase == nil {
		if public != nil && k.AgentSocket != "" {
			if signer, err := k.fromAgent(public); err == nil {
				return signer, nil
			}
		}
		return nil, errors.New("is protected by a passphrase: load it with ssh-add and try again, or run this on a terminal")
	}
	passphrase, err := k.Passphrase()
	if err != nil {
		return nil, fmt.Errorf("asking for the passphrase: %w", err)
	}
	signer, err := ssh.ParsePrivateKeyWithPassphrase(data, passphrase)
	if err != nil {
		return nil, errors.New("the passphrase does not open it")
	}
	return signer, nil
}

func (k SigningKeys) fromAgent(public ssh.PublicKey) (ssh.Signer, error) {
	if k.AgentSocket == "" {
		return nil, errors.New("a public key was given and no ssh-agent runs: name the private key file, or start the agent and set SSH_AUTH_SOCK")
	}
	s := agentSigner{socket: k.AgentSocket, public: public}
	err := s.with(func(a agent.Agent) error {
		held, err := a.List()
		if err != nil {
			return err
		}
		for _, h := range held {
			if string(h.Marshal()) == string(public.Marshal()) {
				return nil
			}
		}
		return errors.New("the ssh-agent does not hold this key: add it with ssh-add")
	})
	if err != nil {
		return nil, err
	}
	return s, nil
}

// agentSigner connects for each signature, so that nothing need be closed.
type agentSigner struct {
	socket string
	public ssh.PublicKey
}

var _ ssh.AlgorithmSigner = agentSigner{}

func (s agentSigner) PublicKey() ssh.PublicKey { return s.public }

func (s agentSigner) Sign(random io.Reader, data []byte) (*ssh.Signature, error) {
	return s.SignWithAlgorithm(random, data, "")
}

func (s agentSigner) SignWithAlgorithm(_ io.Reader, data []byte, algorithm string) (*ssh.Signature, error) {
	var flags agent.SignatureFlags
	switch algorithm {
	case ssh.KeyAlgoRSASHA256:
		flags = agent.SignatureFlagRsaSha256
	case ssh.KeyAlgoRSASHA512:
		flags = agent.SignatureFlagRsaSha512
	}
	var signature *ssh.Signature
	err := s.with(func(a agent.Agent) (err error) {
		extended, ok := a.(agent.ExtendedAgent)
		if !ok {
			return errors.New("the ssh-agent is too old")
		}
		signature, err = extended.SignWithFlags(s.public, data, flags)
		return err
	})
	return signature, err
}

func (s agentSigner) with(do func(agent.Agent) error) error {
	connection, err := net.Dial("unix", s.socket)
	if err != nil {
		return errors.New("the ssh-agent does not answer at SSH_AUTH_SOCK")
	}
	defer connection.Close()
	return do(agent.NewClient(connection))
}

// GenerateSigningKey makes an ed25519 SSH key pair: the private key in
// OpenSSH's file format, the public one in authorized_keys form with a final
// newline.
func GenerateSigningKey(comment string) (private []byte, public string, err error) {
	publicKey, privateKey, err := ed25519.GenerateKey(nil)
	if err != nil {
		return nil, "", fmt.Errorf("generating an SSH key: %w", err)
	}
	block, err := ssh.MarshalPrivateKey(privateKey, comment)
	if err != nil {
		return nil, "", fmt.Errorf("encoding an SSH key: %w", err)
	}
	key, err := ssh.NewPublicKey(publicKey)
	if err != nil {
		return nil, "", fmt.Errorf("encoding an SSH key: %w", err)
	}
	line := strings.TrimSuffix(string(ssh.MarshalAuthorizedKey(key)), "\n")
	if comment != "" {
		line += " " + strings.Join(strings.Fields(comment), " ")
	}
	return pem.EncodeToMemory(block), line + "\n", nil
}

// GenerateIdentity makes a researcher's age key pair: the secret identity
// file's text and the recipient string for the agreement. The hybrid kind
// (age1pq…, ML-KEM-768 with X25519) stays secret should quantum computers
// come; opening it with the stock tool needs age 1.3 or newer.
func GenerateIdentity(postQuantum bool) (identity, recipient string, err error) {
	if postQuantum {
		i, err := age.GenerateHybridIdentity()
		if err != nil {
			return "", "", fmt.Errorf("generating an age identity: %w", err)
		}
		return identityFile(i.String(), i.Recipient().String()), i.Recipient().String(), nil
	}
	i, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", fmt.Errorf("generating an age identity: %w", err)
	}
	return identityFile(i.String(), i.Recipient().String()), i.Recipient().String(), nil
}

func identityFile(secret, public string) string {
	return "# public key: " + public + "\n" + secret + "\n"
}

// Identity is a researcher's decryption key.
type Identity struct {
	age       age.Identity
	recipient string
}

// Recipient is the public string, age1… or age1pq….
func (i Identity) Recipient() string { return i.recipient }

// ParseIdentities reads an age identity file.
func ParseIdentities(text []byte) ([]Identity, error) {
	if strings.HasPrefix(string(text), "age-encryption.org/") || strings.HasPrefix(string(text), "-----BEGIN AGE ENCRYPTED FILE") {
		return nil, errors.New("the identity file is itself encrypted: decrypt it first with age -d, into memory or a file of mode 600")
	}
	parsed, err := age.ParseIdentities(strings.NewReader(string(text)))
	if err != nil {
		// age's text may quote the secret line.
		return nil, errors.New("the identity file holds no readable age identity: it must have a line AGE-SECRET-KEY-1… or AGE-SECRET-KEY-PQ-1…")
	}
	var identities []Identity
	for _, p := range parsed {
		switch i := p.(type) {
		case *age.X25519Identity:
			identities = append(identities, Identity{i, i.Recipient().String()})
		case *age.HybridIdentity:
			identities = append(identities, Identity{i, i.Recipient().String()})
		}
	}
	return identities, nil
}

// LoadIdentities reads an age identity file from a path.
func LoadIdentities(fsys storage.FS, name string) ([]Identity, error) {
	data, err := readFile(fsys, name, maxKeyFile)
	if err != nil {
		return nil, fmt.Errorf("reading the identity: %w", err)
	}
	return ParseIdentities(data)
}

func readFile(fsys storage.FS, name string, limit int64) ([]byte, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := readLimited(f, limit)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return data, nil
}
