package pipeline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/schoolhouse-world/veil/consent"
	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/session"
	"github.com/schoolhouse-world/veil/pipeline/study"
	"github.com/schoolhouse-world/veil/pipeline/vault"

	"golang.org/x/crypto/ssh"
)

// DefaultDeadline is how many days a recipient has to acknowledge a withdrawal
// when nobody says otherwise.
const DefaultDeadline = 14

// Withdrawal is a person's wish that what was released of them is deleted.
type Withdrawal struct {
	User  string
	Actor consent.Actor
	// Modality is what is withdrawn; "" is everything. Audio alone takes the
	// recordings and leaves the text. A notice cannot name a part of somebody's
	// text, so transcript or chat alone takes everything from earlier releases.
	Modality consent.Modality
	Form     string // version of the form, for the ledger
	Evidence string // SHA-256 of the evidence, for the ledger
	Deadline string // YYYY-MM-DD; "" is DefaultDeadline days from now
	Sender   ssh.Signer
}

// Noticed is a notice to a recipient about a person.
type Noticed struct {
	Recipient string `json:"recipient"`
	Sequence  int64  `json:"sequence"`
	Deadline  string `json:"deadline"`
	// State is open, overdue or acknowledged.
	State  string `json:"state"`
	Folder string `json:"folder"`
	// New says that this withdrawal made it.
	New      bool `json:"new"`
	Sessions int  `json:"sessions"` // that go whole
	Audio    int  `json:"audio"`    // files
	Releases int  `json:"releases"`
}

// Withdrawn is what a withdrawal did.
type Withdrawn struct {
	// Event is the ledger's number of the statement that was added, 0 when the
	// ledger denied the person already.
	Event   int64     `json:"event"`
	Notices []Noticed `json:"notices"`
}

// Withdraw takes a person out of what was released: it sees to it that the
// ledger denies them from now on, and makes a signed notice for every recipient
// that holds them. It may be called again: what an earlier notice covers is not
// asked for twice, and a notice whose folder is gone is written anew.
func (e *Export) Withdraw(ctx context.Context, w Withdrawal) (Withdrawn, error) {
	if err := e.isSender(w.Sender); err != nil {
		return Withdrawn{}, err
	}
	deadline, err := e.deadline(w.Deadline)
	if err != nil {
		return Withdrawn{}, err
	}
	var out Withdrawn
	if out.Event, err = e.denyFromNow(ctx, w); err != nil {
		return out, err
	}
	lock, err := e.folder.lock("withdraw")
	if err != nil {
		return out, fmt.Errorf("the ledger has the withdrawal, and nothing more will be released; for the notices, run the same command again: %w", err)
	}
	defer lock.release()
	held, err := e.heldBy(ctx, w.User)
	if err != nil {
		return out, err
	}
	h, err := e.store().History()
	if err != nil {
		return out, err
	}
	for _, recipient := range held.recipients {
		issued, err := e.notify(ctx, w, deadline, recipient, held.releases[recipient], h)
		if err != nil {
			return out, fmt.Errorf("withdrawing from %s: %w", recipient, err)
		}
		out.Notices = append(out.Notices, issued...)
	}
	return out, nil
}

// isSender wants the key of the study's sender.
func (e *Export) isSender(signer ssh.Signer) error {
	if e.parties.Sender.Key == "" {
		return refuse("nobody is named as sender; set one with veil sender set")
	}
	key, err := release.ParsePublicKey(e.parties.Sender.Key)
	if err != nil {
		return err
	}
	if signer == nil || string(key.Marshal()) != string(signer.PublicKey().Marshal()) {
		return refuse("the signing key is not the sender's in %s", study.PartiesFile)
	}
	return nil
}

func (e *Export) deadline(day string) (string, error) {
	today := e.now().In(e.study.Location())
	if day == "" {
		return today.AddDate(0, 0, DefaultDeadline).Format(time.DateOnly), nil
	}
	if _, err := time.Parse(time.DateOnly, day); err != nil || day < today.Format(time.DateOnly) {
		return "", errors.New("the deadline must be a day such as 2026-09-01, today or later")
	}
	return day, nil
}

// denyFromNow adds the withdrawal to the ledger, unless somebody's no stands
// there already for every part of it. Without a standing no, the next run would
// bring the person back.
func (e *Export) denyFromNow(ctx context.Context, w Withdrawal) (int64, error) {
	events, err := e.ledger.Events(ctx, w.User)
	if err != nil {
		return 0, err
	}
	// Where the user table cannot be read, one statement too many does no harm.
	u, _, err := e.user(ctx, w.User)
	if err == nil && e.stands(events, w, u.BirthDate) {
		return 0, nil
	}
	added, err := e.addConsent(ctx, consent.Event{
		Subject: w.User, Actor: w.Actor, Action: consent.Withdrawn, Scope: consent.Scope{Study: e.study.ID, Modality: w.Modality},
		FormVersion: w.Form, Evidence: w.Evidence, Source: "veil withdraw",
	})
	return added.Seq, err
}

// stands reports whether somebody said no to every context and modality that is
// withdrawn. That nobody said yes is not enough: somebody still may.
func (e *Export) stands(events []consent.Event, w Withdrawal, born time.Time) bool {
	modalities := []consent.Modality{w.Modality}
	if w.Modality == "" {
		modalities = []consent.Modality{consent.Transcript, consent.Chat, consent.Audio}
	}
	for _, program := range e.study.Contexts {
		for _, m := range modalities {
			q := consent.Question{User: w.User, Scope: consent.Scope{Study: e.study.ID, Context: program, Modality: m}, At: e.now(), BirthDate: born}
			if !isNo(consent.Decide(events, q, consentPolicy(e.study.Consent)).Reason) {
				return false
			}
		}
	}
	return true
}

// Due is somebody who said no, and of whom recipients still hold what nobody
// asked them to delete.
type Due struct {
	User string `json:"user_id"`
	// Modality is what to withdraw, so that the ledger gets no wider a no than
	// was said; "" is everything.
	Modality   consent.Modality `json:"modality,omitempty"`
	Recipients []string         `json:"recipients"`
}

// Due finds the people whom Withdraw has still to be called for. An opt-out that
// came with the platform's table, and not by Withdraw, is found so.
func (e *Export) Due(ctx context.Context) ([]Due, error) {
	if err := e.importConsent(ctx); err != nil {
		return nil, err
	}
	people, err := e.vault.People(ctx)
	if err != nil {
		return nil, err
	}
	births, err := e.births(ctx)
	if err != nil {
		return nil, err
	}
	h, err := e.store().History()
	if err != nil {
		return nil, err
	}
	due := []Due{}
	for _, user := range people {
		modalities, err := e.saidNo(ctx, user, births[user])
		if err != nil {
			return nil, err
		}
		for _, m := range modalities {
			recipients, err := e.stillHold(ctx, Withdrawal{User: user, Modality: m}, h)
			if err != nil {
				return nil, err
			}
			if len(recipients) > 0 {
				due = append(due, Due{User: user, Modality: m, Recipients: recipients})
				break // it may take the others with it
			}
		}
	}
	return due, nil
}

// births are the birth dates that the source knows.
func (e *Export) births(ctx context.Context) (map[string]time.Time, error) {
	births := map[string]time.Time{}
	for u, err := range e.source.Users(ctx) {
		if err != nil {
			return nil, err
		}
		if !u.BirthDate.IsZero() {
			births[u.ID] = u.BirthDate
		}
	}
	return births, nil
}

// saidNo is what somebody's no stands for in any program of the study: "" alone
// when it is everything.
func (e *Export) saidNo(ctx context.Context, user string, born time.Time) ([]consent.Modality, error) {
	events, err := e.ledger.Events(ctx, user)
	if err != nil {
		return nil, err
	}
	var said []consent.Modality
	for _, kind := range session.Modalities {
		m := consent.Modality(kind)
		if slices.ContainsFunc(e.study.Contexts, func(program string) bool {
			q := consent.Question{User: user, Scope: consent.Scope{Study: e.study.ID, Context: program, Modality: m}, At: e.now(), BirthDate: born}
			return isNo(decide(events, q, consentPolicy(e.study.Consent)).Reason)
		}) {
			said = append(said, m)
		}
	}
	if len(said) == len(session.Modalities) {
		return []consent.Modality{""}, nil
	}
	return said, nil
}

// isNo reports whether a reason is that somebody said no, and not only that
// nobody said yes.
func isNo(r consent.Reason) bool {
	return r == consent.ReasonOptedOut || r == consent.ReasonGuardianOptedOut || r == consent.ReasonInstitutionOptedOut
}

// stillHold are the recipients that a withdrawal would make a notice for.
func (e *Export) stillHold(ctx context.Context, w Withdrawal, h release.History) ([]string, error) {
	found, err := e.vault.Releases(ctx, w.User)
	if err != nil {
		return nil, err
	}
	var recipients []string
	for _, r := range found {
		earlier, err := notices(h, r.Recipient)
		if err != nil {
			return nil, err
		}
		own, err := e.vault.Locations(ctx, w.User, r.ID)
		if err != nil {
			return nil, err
		}
		var order release.NoticeOrder
		e.addTo(&order, w, r.ID, own, nil, earlier)
		if len(order.Releases) > 0 && !slices.Contains(recipients, r.Recipient) {
			recipients = append(recipients, r.Recipient)
		}
	}
	return recipients, nil
}

// held says which recipients have which releases with a person in them.
type held struct {
	recipients []string // in the order of their first release
	releases   map[string][]string
}

func (e *Export) heldBy(ctx context.Context, user string) (held, error) {
	found, err := e.vault.Releases(ctx, user)
	if err != nil {
		return held{}, err
	}
	h := held{releases: map[string][]string{}}
	for _, r := range found {
		if _, listed := e.parties.Recipient(r.Recipient); !listed {
			return held{}, fmt.Errorf("%s holds this person's data and is not in %s any more; put the recipient back to send the notice", r.Recipient, study.PartiesFile)
		}
		if len(h.releases[r.Recipient]) == 0 {
			h.recipients = append(h.recipients, r.Recipient)
		}
		h.releases[r.Recipient] = append(h.releases[r.Recipient], r.ID)
	}
	return h, nil
}

// notify issues what is still to be asked of a recipient, and returns it with
// the earlier notices about the same person.
func (e *Export) notify(ctx context.Context, w Withdrawal, deadline, recipient string, releases []string, h release.History) ([]Noticed, error) {
	earlier, err := notices(h, recipient)
	if err != nil {
		return nil, err
	}
	order := release.NoticeOrder{Study: e.study.ID, Deadline: deadline, SenderName: e.parties.Sender.Name, Sender: w.Sender, At: e.now().In(e.study.Location())}
	q, _ := e.parties.Recipient(recipient)
	order.Recipient = asRecipient(q)
	var out []Noticed
	said := map[int64]bool{}
	for _, id := range releases {
		rows, err := e.vault.Companions(ctx, w.User, id)
		if err != nil {
			return nil, err
		}
		own, err := e.vault.Locations(ctx, w.User, id)
		if err != nil {
			return nil, err
		}
		for _, n := range earlier {
			if n.about(id, own) && !said[n.Sequence] {
				said[n.Sequence] = true
				out = append(out, e.noticed(n, false))
			}
		}
		e.addTo(&order, w, id, own, rows, earlier)
	}
	for _, n := range out {
		if n.State == stateAcknowledged {
			continue
		}
		if err := e.store().ExportNotice(recipient, n.Sequence, n.Folder); err != nil {
			return nil, err
		}
	}
	if len(order.Releases) == 0 {
		return out, nil
	}
	folder := e.noticeFolder(recipient, nextNotice(earlier))
	if err := e.fs.MkdirAll(filepath.Dir(folder)); err != nil {
		return nil, fmt.Errorf("making the notice's folder: %w", err)
	}
	n, err := e.store().Issue(order, folder)
	if err != nil {
		return nil, err
	}
	e.log.Info("withdrawal notice issued", "recipient", recipient, "sequence", n.Sequence, "deadline", n.Deadline)
	return append(out, e.noticed(notice{Notice: n}, true)), nil
}

func (e *Export) noticeFolder(recipient string, sequence int64) string {
	return e.folder.join("notices", recipient, fmt.Sprintf("%04d", sequence))
}

// addTo adds to an order what a release still holds of a person. Where the study
// drops sessions in which somebody is out, theirs go whole.
func (e *Export) addTo(o *release.NoticeOrder, w Withdrawal, id string, own, rows []vault.Row, earlier []notice) {
	if !slices.ContainsFunc(own, w.concerns) {
		return
	}
	before := len(o.Participants) + len(o.Sessions) + len(o.Audio)
	gone := map[string]bool{} // people whom notices have taken out of this release
	for _, n := range earlier {
		if !n.concerns(id) {
			continue
		}
		for _, code := range n.Participants {
			gone[code] = true
		}
	}
	for _, r := range own {
		if gone[r.Participant] {
			continue
		}
		if r.Audio != "" && !slices.ContainsFunc(earlier, func(n notice) bool { return n.concerns(id) && slices.Contains(n.Audio, r.Audio) }) {
			o.Audio = append(o.Audio, r.Audio)
		}
		if w.Modality == consent.Audio {
			continue
		}
		o.Participants = append(o.Participants, r.Participant)
		if r.Sole || e.study.Consent.InSession == "drop-session" || noLearnerLeft(r, rows, gone) {
			o.Sessions = append(o.Sessions, r.Session)
		}
	}
	if len(o.Participants)+len(o.Sessions)+len(o.Audio) > before {
		o.Releases = append(o.Releases, id)
	}
}

// concerns reports whether any of what is withdrawn is at a place of a release,
// which may have been made without it.
func (w Withdrawal) concerns(r vault.Row) bool {
	switch w.Modality {
	case consent.Transcript:
		return r.Transcript
	case consent.Chat:
		return r.Chat
	case consent.Audio:
		return r.Audio != ""
	}
	return true
}

// noLearnerLeft reports whether a learner is the last of a session whose other
// learners withdrew before: then nothing but the tutor would be left of it.
func noLearnerLeft(own vault.Row, rows []vault.Row, gone map[string]bool) bool {
	for _, r := range rows {
		// In a session of several learners it is the tutor whom it cannot do
		// without.
		if r.Session == own.Session && !r.Sole && r.Participant != own.Participant && !gone[r.Participant] {
			return false
		}
	}
	return true
}

// notice is a recorded notice with what became of it.
type notice struct {
	release.Notice
	acknowledged bool
}

// notices are those to a recipient, in the order of their numbers.
func notices(h release.History, recipient string) ([]notice, error) {
	var out []notice
	for _, entry := range h.Notices {
		if entry.Recipient != recipient {
			continue
		}
		n := notice{acknowledged: len(entry.Acknowledgements) > 0}
		if err := json.Unmarshal([]byte(entry.Notice.Document), &n.Notice); err != nil {
			return nil, fmt.Errorf("notice %d to %s is damaged; restore the releases folder from a backup", entry.Sequence, recipient)
		}
		out = append(out, n)
	}
	return out, nil
}

func nextNotice(earlier []notice) int64 {
	if len(earlier) == 0 {
		return 1
	}
	return earlier[len(earlier)-1].Sequence + 1
}

// concerns reports whether a notice is about a release.
func (n notice) concerns(id string) bool {
	return slices.ContainsFunc(n.Releases, func(a release.Affected) bool { return a.ID == id })
}

// about reports whether a notice withdraws any of a person's rows of a release.
func (n notice) about(id string, own []vault.Row) bool {
	return n.concerns(id) && slices.ContainsFunc(own, func(r vault.Row) bool {
		return slices.Contains(n.Participants, r.Participant) || r.Audio != "" && slices.Contains(n.Audio, r.Audio)
	})
}

const (
	stateOpen         = "open"
	stateOverdue      = "overdue"
	stateAcknowledged = "acknowledged"
)

// state is what became of a notice, on a day.
func (n notice) state(today string) string {
	switch {
	case n.acknowledged:
		return stateAcknowledged
	case today > n.Deadline:
		return stateOverdue
	}
	return stateOpen
}

func (e *Export) noticed(n notice, fresh bool) Noticed {
	return Noticed{
		Recipient: n.Recipient, Sequence: n.Sequence, Deadline: n.Deadline, State: n.state(e.now().In(e.study.Location()).Format(time.DateOnly)),
		Folder: e.noticeFolder(n.Recipient, n.Sequence), New: fresh, Sessions: len(n.Sessions), Audio: len(n.Audio), Releases: len(n.Releases),
	}
}

// Notices are all withdrawal notices of the study.
func (e *Export) Notices() ([]Noticed, error) {
	h, err := e.store().History()
	if err != nil {
		return nil, err
	}
	var recipients []string
	for _, entry := range h.Notices {
		if !slices.Contains(recipients, entry.Recipient) {
			recipients = append(recipients, entry.Recipient)
		}
	}
	var out []Noticed
	for _, r := range recipients {
		all, err := notices(h, r)
		if err != nil {
			return nil, err
		}
		for _, n := range all {
			out = append(out, e.noticed(n, false))
		}
	}
	return out, nil
}

// Acknowledge keeps a recipient's signed acknowledgement of a notice.
func (e *Export) Acknowledge(dir, recipient string) (release.Acknowledgement, error) {
	lock, err := e.folder.lock("withdraw record")
	if err != nil {
		return release.Acknowledgement{}, err
	}
	defer lock.release()
	q, listed := e.parties.Recipient(recipient)
	if !listed {
		return release.Acknowledgement{}, refuse("%s is no recipient of this study; veil recipient list shows them", recipient)
	}
	ack, err := e.store().RecordAcknowledgement(dir, asRecipient(q))
	if err == nil {
		e.log.Info("withdrawal acknowledged", "recipient", recipient, "sequence", ack.Notice.Sequence)
	}
	return ack, err
}

// Whereabouts is where a person's data went.
type Whereabouts struct {
	Releases []Whereabout `json:"releases"`
	Notices  []Noticed    `json:"notices"`
}

// Whereabout is one release that a person is in.
type Whereabout struct {
	Recipient    string      `json:"recipient"`
	Organisation string      `json:"organisation"`
	Agreement    string      `json:"agreement"`
	Sequence     int64       `json:"sequence"`
	Created      time.Time   `json:"created"`
	Release      string      `json:"release"`
	Sessions     int         `json:"sessions"`
	Audio        int         `json:"audio"`
	Rows         []vault.Row `json:"rows"`
}

// Report is every release a person is in, and every notice about them. It is
// empty for somebody whose link was forgotten.
func (e *Export) Report(ctx context.Context, user string) (Whereabouts, error) {
	w := Whereabouts{Releases: []Whereabout{}, Notices: []Noticed{}}
	found, err := e.vault.Releases(ctx, user)
	if err != nil {
		return w, err
	}
	h, err := e.store().History()
	if err != nil {
		return w, err
	}
	said := map[string]bool{}
	for _, r := range found {
		one, err := e.whereabout(ctx, user, r, h)
		if err != nil {
			return w, err
		}
		w.Releases = append(w.Releases, one)
		all, err := notices(h, r.Recipient)
		if err != nil {
			return w, err
		}
		for _, n := range all {
			if key := fmt.Sprint(n.Recipient, n.Sequence); n.about(r.ID, one.Rows) && !said[key] {
				said[key] = true
				w.Notices = append(w.Notices, e.noticed(n, false))
			}
		}
	}
	return w, nil
}

func (e *Export) whereabout(ctx context.Context, user string, r vault.Release, h release.History) (Whereabout, error) {
	one := Whereabout{Recipient: r.Recipient, Release: r.ID, Sessions: r.Sessions, Audio: r.Audio}
	if q, listed := e.parties.Recipient(r.Recipient); listed {
		one.Organisation, one.Agreement = q.Organisation, q.Agreement
	}
	at := slices.IndexFunc(h.Releases, func(x release.Entry) bool { return x.ID == r.ID })
	if at < 0 {
		return one, fmt.Errorf("a release that the vault knows is not in the history of releases; restore the releases folder from a backup")
	}
	one.Sequence, one.Created = h.Releases[at].Sequence, h.Releases[at].Created
	var err error
	one.Rows, err = e.vault.Locations(ctx, user, r.ID)
	return one, err
}

// Forget destroys the link between a person and their code, and those of the
// sessions they were in.
func (e *Export) Forget(ctx context.Context, user string) (vault.Forgotten, error) {
	lock, err := e.folder.lock("vault forget")
	if err != nil {
		return vault.Forgotten{}, err
	}
	defer lock.release()
	var sessions []string
	for p, err := range e.source.Participants(ctx) {
		if err != nil {
			return vault.Forgotten{}, fmt.Errorf("looking up which sessions the person was in: %w", err)
		}
		if p.UserID == user {
			sessions = append(sessions, p.SessionID)
		}
	}
	f, err := e.vault.Forget(ctx, user, sessions...)
	e.log.Info("forgotten", "codes", f.Participants, "sessions", f.Sessions)
	return f, err
}

// Unrecorded are releases that left and of which the vault does not know who is
// in them, as "recipient number". A crash between the two can leave one; until
// it is mended nobody could withdraw from it.
func (e *Export) Unrecorded(ctx context.Context) ([]string, error) {
	known, err := e.vault.Recorded(ctx)
	if err != nil {
		return nil, err
	}
	h, err := e.store().History()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range h.Releases {
		if r.State != release.Void && !known[r.ID] {
			out = append(out, fmt.Sprintf("%s %d", r.Recipient, r.Sequence))
		}
	}
	return out, nil
}

// Leftover says what personal data stands although its run was released to
// every recipient; "" when there is none.
func (e *Export) Leftover(context.Context) (string, error) {
	r, err := e.Record()
	if err != nil {
		return "", nil // no run yet
	}
	h, err := e.store().History()
	if err != nil {
		return "", err
	}
	for _, q := range e.parties.Recipients {
		if !slices.ContainsFunc(h.Of(q.Name), func(x release.Entry) bool { return x.Run == r.ID }) {
			return "", nil
		}
	}
	if len(e.parties.Recipients) == 0 {
		return "", nil
	}
	for _, place := range []struct{ name, what string }{
		{e.folder.bundle(), "the plaintext bundle stands, and all recipients have it"},
		{e.folder.shards(), "the work folder holds shards of a run that all recipients have"},
	} {
		if _, err := e.fs.Stat(place.name); err == nil {
			return place.what, nil
		}
	}
	return "", nil
}
