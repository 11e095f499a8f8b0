package consent_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/schoolhouse-world/veil/consent"
)

// A learner opts out of sound on the first of October. The platform's table
// reaches the ledger on the second.
func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "ledger")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	arrival := time.Date(2026, 10, 2, 8, 0, 0, 0, time.UTC)
	ledger, err := consent.Open(ctx, filepath.Join(dir, "ledger.db"), consent.WithClock(func() time.Time { return arrival }))
	if err != nil {
		log.Fatal(err)
	}
	defer ledger.Close()

	table := "user_id,effective_at,action,modality\nu17,2026-10-01T09:00:00Z,opt_out,audio\n"
	report, err := ledger.ImportCSV(ctx, strings.NewReader(table), "consent.csv")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("added", report.Added)

	events, err := ledger.Events(ctx, "u17")
	if err != nil {
		log.Fatal(err)
	}
	policy := consent.Policy{Basis: consent.OptOut}
	question := consent.Question{User: "u17", Scope: consent.Scope{Study: "algebra", Context: "bootcamp"}, At: arrival}
	for _, question.Modality = range []consent.Modality{consent.Chat, consent.Audio} {
		d := consent.Decide(events, question, policy)
		fmt.Println(question.Modality, d.Allowed, d.Reason, d.Events)
	}
	// Output:
	// added 1
	// chat true default-opt-out-basis []
	// audio false opted-out [1]
}
