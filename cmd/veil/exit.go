package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/schoolhouse-world/veil/pipeline"
	"github.com/schoolhouse-world/veil/pipeline/release"
	"github.com/schoolhouse-world/veil/pipeline/source"
)

// Exit codes. They are part of the interface: schedules and scripts act on
// them.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitQuarantined = 3 // done, but some sessions were left out as unreadable
	exitRefused     = 4 // a privacy rule or agreement forbids it
	exitWaiting     = 5 // officers have not approved yet
	exitShape       = 10
	exitInterrupted = 130
)

// exitError carries an exit code where the error's type does not decide it.
type exitError struct {
	code int
	err  error
	hint string
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func usage(format string, args ...any) error {
	return &exitError{code: exitUsage, err: fmt.Errorf(format, args...)}
}

func hinted(code int, hint string, err error) error {
	return &exitError{code: code, err: err, hint: hint}
}

// exitCode is the one place where errors become exit codes.
func exitCode(ctx context.Context, err error) int {
	var exit *exitError
	var shape *source.ShapeError
	var refused *pipeline.Refused
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		return exitInterrupted
	case errors.As(err, &exit):
		return exit.code
	case errors.As(err, &shape):
		return exitShape
	case errors.As(err, &refused):
		return exitRefused
	case release.ReasonOf(err) == release.NotApproved:
		return exitWaiting
	case release.ReasonOf(err) != "":
		return exitRefused
	}
	return exitFailed
}
