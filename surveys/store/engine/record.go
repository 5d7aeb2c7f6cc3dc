package engine

import (
	"context"
	"fmt"
	"reflect"
	"strings"
)

// Record is what a change leaves behind, in its own transaction, for people to find it by. Every statement that writes asks
// for one, so that none can be forgotten. Records can be compared: one that several statements of a transaction give is
// written once, after the first of them that changed a row.
type Record interface {
	// Write writes the record, by statements whose own record writes nothing.
	Write(ctx context.Context, tx *Tx) error
}

// Note writes a record that no statement of the transaction gives.
func (t *Tx) Note(ctx context.Context, r Record) error {
	if t.noted[r] {
		return nil
	}
	if t.noted == nil {
		t.noted = make(map[Record]bool)
	}
	t.noted[r] = true
	return r.Write(ctx, t)
}

// Exec runs a statement that writes, and returns how many rows it changed. Where that is none, r is not written for it.
func (t *Tx) Exec(ctx context.Context, r Record, query string, args ...any) (int64, error) {
	n, err := t.exec(ctx, query, args...)
	if err != nil || n == 0 {
		return n, err
	}
	return n, t.Note(ctx, r)
}

// ExecGet is Exec for a statement that returns the one row that it wrote; no row is sql.ErrNoRows.
func (t *Tx) ExecGet(ctx context.Context, r Record, dest any, query string, args ...any) error {
	if err := t.tx.GetContext(ctx, dest, t.tx.Rebind(query), args...); err != nil {
		return err
	}
	return t.Note(ctx, r)
}

// ExecList is Exec for a statement that returns the rows that it wrote, into a pointer to a slice.
func (t *Tx) ExecList(ctx context.Context, r Record, dest any, query string, args ...any) error {
	if err := t.tx.SelectContext(ctx, dest, t.tx.Rebind(query), args...); err != nil {
		return err
	}
	if reflect.ValueOf(dest).Elem().Len() == 0 {
		return nil
	}
	return t.Note(ctx, r)
}

// mustRead fails for a statement that writes where one is to read. Only who wrote the program can meet that.
func mustRead(query string) error {
	word, _, _ := strings.Cut(strings.TrimLeft(query, " \t\n"), " ")
	if word = strings.TrimSpace(word); word != "SELECT" && word != "PRAGMA" {
		return fmt.Errorf("a statement that begins with %s is run as if it only read", word)
	}
	return nil
}
