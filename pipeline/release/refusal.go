package release

import (
	"errors"
	"fmt"
)

// Reason is why something was refused, for programs to decide on.
type Reason string

const (
	Tampered       Reason = "tampered"        // bytes differ from what was signed
	Truncated      Reason = "truncated"       // a file is shorter than was signed
	ExtraFile      Reason = "extra-file"      // a file nobody signed for
	MissingFile    Reason = "missing-file"    // a signed file is not there
	WrongRecipient Reason = "wrong-recipient" // made for another key
	WrongSender    Reason = "wrong-sender"    // signed by another key than the pinned one
	Replayed       Reason = "replayed"        // not newer than what was seen
	BrokenChain    Reason = "broken-chain"    // does not continue what was seen
	NoAgreement    Reason = "no-agreement"    // the agreement is not in force
	NotApproved    Reason = "not-approved"    // too few officers approved
	UnknownOfficer Reason = "unknown-officer" // a key that may not approve
	Returned       Reason = "returned"        // an officer sent the bundle back
	OverdueNotice  Reason = "overdue-notice"  // a withdrawal is not acknowledged
	Exists         Reason = "exists"          // the target is there already
	Incomplete     Reason = "incomplete"      // an acknowledgement leaves something out
)

// Refusal is a decision not to go on, in one sentence. Nothing was released,
// shown or changed.
type Refusal struct {
	Reason   Reason
	Sentence string
}

func (r *Refusal) Error() string { return r.Sentence }

// ReasonOf is the Reason of a refusal anywhere in err's chain, "" when err is
// no refusal but a failure (a full disk, a cancelled context).
func ReasonOf(err error) Reason {
	var r *Refusal
	if errors.As(err, &r) {
		return r.Reason
	}
	return ""
}

func refuse(reason Reason, format string, args ...any) error {
	return &Refusal{Reason: reason, Sentence: fmt.Sprintf(format, args...)}
}
