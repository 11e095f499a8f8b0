package vault

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"strconv"
)

// shiftWeeks bounds DayShift: half a year each way, so that seasons do not tell
// how far the days were moved.
const shiftWeeks = 26

// DayShift is by how many days a study moves the days it gives out: whole
// weeks, so that a weekday stays a weekday, from 26 weeks back to 26 weeks ahead
// and never 0. It is drawn when it is asked for first and the same ever after,
// so that days within the study keep their distances. Like a code it is drawn
// and not computed.
//
// One number for a whole study protects little against somebody who knows when
// one of its sessions was; it keeps a day from being looked up in a calendar.
func (v *Vault) DayShift(ctx context.Context) (int, error) {
	value, err := v.once(ctx, "day shift", func() ([]byte, error) {
		days, err := drawShift()
		return []byte(strconv.Itoa(days)), err
	})
	if err != nil {
		return 0, err
	}
	days, err := strconv.Atoi(string(value))
	if err != nil {
		return 0, errors.New("the vault is damaged: its shift of days is no number; restore it from a backup")
	}
	return days, nil
}

func drawShift() (int, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(2*shiftWeeks))
	if err != nil {
		return 0, fmt.Errorf("drawing the study's shift of days: %w", err)
	}
	weeks := int(n.Int64()) - shiftWeeks
	if weeks >= 0 {
		weeks++ // 0 would be no shift
	}
	return 7 * weeks, nil
}

// secretBytes is the length of a Secret.
const secretBytes = 32

// Secret is 32 random bytes that this study alone has for a purpose, drawn when
// they are asked for first and the same ever after.
func (v *Vault) Secret(ctx context.Context, purpose string) ([]byte, error) {
	return v.once(ctx, "secret "+purpose, func() ([]byte, error) {
		secret := make([]byte, secretBytes)
		_, _ = rand.Read(secret) // never fails, see crypto/rand
		return secret, nil
	})
}

// once is a value that is drawn the first time. Of several processes that draw
// at once, all get what the first stored.
func (v *Vault) once(ctx context.Context, name string, draw func() ([]byte, error)) ([]byte, error) {
	value, err := drawn(ctx, v.read, name)
	if !errors.Is(err, sql.ErrNoRows) {
		return value, err
	}
	fresh, err := draw()
	if err != nil {
		return nil, err
	}
	err = v.writing(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, "INSERT INTO drawn VALUES (?, ?) ON CONFLICT DO NOTHING", name, fresh); err != nil {
			return wrap("writing", err)
		}
		value, err = drawn(ctx, tx, name)
		return err
	})
	return value, err
}

func drawn(ctx context.Context, q querier, name string) ([]byte, error) {
	var value []byte
	err := q.QueryRowContext(ctx, "SELECT value FROM drawn WHERE name = ?", name).Scan(&value)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, err
	}
	return value, wrap("reading", err)
}
