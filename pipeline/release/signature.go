package release

import (
	"bytes"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/hiddeco/sshsig"
	"golang.org/x/crypto/ssh"

	"github.com/schoolhouse-world/veil/pipeline/storage"
)

// SSHSIG namespaces: a signature made for one purpose is worth nothing for
// another (PROTOCOL.sshsig).
const (
	ApprovalNamespace        = "veil-approval@v1"
	ReleaseNamespace         = "veil-release@v1"
	NoticeNamespace          = "veil-notice@v1"
	AcknowledgementNamespace = "veil-acknowledgement@v1"
)

// minimumRSA is the shortest RSA key trusted, in bits (NIST SP 800-57 part 1:
// 3072 for use beyond 2030).
const minimumRSA = 3072

var errNoSignature = errors.New("is not an SSH signature")

func sign(message []byte, signer ssh.Signer, namespace string) (string, error) {
	if err := checkKey(signer.PublicKey()); err != nil {
		return "", err
	}
	s, err := sshsig.Sign(bytes.NewReader(message), signer, sshsig.HashSHA512, namespace)
	if err != nil {
		return "", fmt.Errorf("signing: %w", err)
	}
	return string(sshsig.Armor(s)), nil
}

// signedBy verifies an armored signature by the key it names and returns that
// key; whether the key is trusted is the caller's to decide.
func signedBy(message []byte, armored, namespace string) (ssh.PublicKey, error) {
	s, err := sshsig.Unarmor([]byte(armored))
	if err != nil {
		return nil, errNoSignature
	}
	// Armor has slack (padding bits, text around it): only the two forms that
	// are really written are taken, so that every byte of the file counts.
	if armored != string(sshsig.Armor(s)) && armored != armorAsOpenSSH(s) {
		return nil, errNoSignature
	}
	if err := checkKey(s.PublicKey); err != nil {
		return nil, err
	}
	if err := sshsig.Verify(bytes.NewReader(message), s, s.PublicKey, s.HashAlgorithm, namespace); err != nil {
		return s.PublicKey, errors.New("the signature does not fit")
	}
	return s.PublicKey, nil
}

// armorAsOpenSSH breaks lines at 70 columns, as ssh-keygen does; RFC 7468
// says 64, as Armor does.
func armorAsOpenSSH(s *sshsig.Signature) string {
	text := base64.StdEncoding.EncodeToString(s.Marshal())
	var b bytes.Buffer
	b.WriteString("-----BEGIN SSH SIGNATURE-----\n")
	for len(text) > 0 {
		n := min(70, len(text))
		b.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	b.WriteString("-----END SSH SIGNATURE-----\n")
	return b.String()
}

// checkKey keeps out what is too weak or is no plain key: a certificate's
// signature says nothing without an authority that nobody here has named.
func checkKey(key ssh.PublicKey) error {
	switch key.Type() {
	case ssh.KeyAlgoED25519, ssh.KeyAlgoSKED25519, ssh.KeyAlgoSKECDSA256,
		ssh.KeyAlgoECDSA256, ssh.KeyAlgoECDSA384, ssh.KeyAlgoECDSA521:
		return nil
	case ssh.KeyAlgoRSA:
		crypto, ok := key.(ssh.CryptoPublicKey)
		if !ok {
			break
		}
		if k, ok := crypto.CryptoPublicKey().(*rsa.PublicKey); ok && k.N.BitLen() >= minimumRSA {
			return nil
		}
		return fmt.Errorf("an RSA key must have at least %d bits", minimumRSA)
	}
	return errors.New("an SSH key must be ed25519, ecdsa, rsa, or one of these on a security key")
}

// ParsePublicKey reads an SSH public key in authorized_keys form.
func ParsePublicKey(text string) (ssh.PublicKey, error) {
	key, _, options, rest, err := ssh.ParseAuthorizedKey([]byte(text))
	if err != nil || len(options) > 0 || len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New(`is not one SSH public key such as "ssh-ed25519 AAAA…"`)
	}
	if err := checkKey(key); err != nil {
		return nil, err
	}
	return key, nil
}

// writePair writes a document and its signature, the signature first: a
// document that stands has one.
func writePair(fsys storage.FS, name string, document []byte, signature string) error {
	if err := writeFile(fsys, name+".sig", []byte(signature)); err != nil {
		return err
	}
	return writeFile(fsys, name, document)
}
