// Command veil prepares tutoring-session data for education researchers: it
// keeps the sessions of a study, drops what people did not agree to share,
// removes names and identifiers, and hands the result, encrypted, to named
// researchers, after privacy officers have looked at it.
//
// This folder holds the command line, one file a verb. What the verbs do
// stands in the packages they call.
//
// Rules for what is printed: results go to standard output, everything else to
// standard error; lower case, no full stop, the program's name in front;
// a line that starts with "hint:" says what to do next. Nothing personal is
// ever printed, except by verbs whose purpose it is (redact, eval, consent).
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"
)

// version is set by the Makefile.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main with its surroundings as values, so that tests can be scripts.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	out := newOutput(stdout, stderr)
	root := newRoot(out)
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	out.finish()
	return out.fail(ctx, err)
}
