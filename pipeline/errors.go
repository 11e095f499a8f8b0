package pipeline

import "fmt"

// Refused says that a privacy rule, a signature or an agreement forbids what
// was asked. Nothing left.
type Refused struct{ Why string }

func (e *Refused) Error() string { return "refused: " + e.Why }

func refuse(format string, args ...any) error { return &Refused{fmt.Sprintf(format, args...)} }
