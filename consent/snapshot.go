package consent

import (
	"context"
	"sync"
)

// Snapshot is the ledger as it was at one head: what is added later does not
// show. Any number of goroutines may use one at once; it is good for as long as
// the ledger is open. A user's events are looked up by index and kept, the
// recent users of them, so that asking about each modality costs one lookup.
type Snapshot struct {
	head   Head
	ledger *Ledger
	kept   *recent
}

// Snapshot takes the ledger as it is.
func (l *Ledger) Snapshot(ctx context.Context) (*Snapshot, error) {
	h, err := l.Head(ctx)
	if err != nil {
		return nil, err
	}
	return &Snapshot{head: h, ledger: l, kept: &recent{}}, nil
}

// Head is the place in the chain the snapshot ends at.
func (s *Snapshot) Head() Head { return s.head }

// Events are a user's, in the order of arrival. They are shared: the caller
// must not change them.
func (s *Snapshot) Events(ctx context.Context, user string) ([]Event, error) {
	if events, ok := s.kept.get(user); ok {
		return events, nil
	}
	events, err := userEvents(ctx, s.ledger.read, user, s.head.Seq)
	if err != nil {
		return nil, err
	}
	s.kept.put(user, events)
	return events, nil
}

// Decide answers a question from the snapshot.
func (s *Snapshot) Decide(ctx context.Context, q Question, p Policy) (Decision, error) {
	events, err := s.Events(ctx, q.User)
	if err != nil {
		return Decision{}, err
	}
	return Decide(events, q, p), nil
}

// Explain is the decision in words, see Ledger.Explain.
func (s *Snapshot) Explain(ctx context.Context, q Question, p Policy) ([]string, error) {
	events, err := s.Events(ctx, q.User)
	if err != nil {
		return nil, err
	}
	return Explain(events, q, p), nil
}

// generation is how many users a half of recent holds.
const generation = 1 << 15

// recent keeps what was used lately: two generations, of which the older is
// dropped when the younger is full.
type recent struct {
	mu         sync.Mutex
	young, old map[string][]Event
}

func (r *recent) get(user string) ([]Event, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if events, ok := r.young[user]; ok {
		return events, true
	}
	events, ok := r.old[user]
	if ok {
		r.add(user, events)
	}
	return events, ok
}

func (r *recent) put(user string, events []Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.add(user, events)
}

func (r *recent) add(user string, events []Event) {
	if r.young == nil || len(r.young) >= generation {
		r.young, r.old = make(map[string][]Event), r.young
	}
	r.young[user] = events
}
