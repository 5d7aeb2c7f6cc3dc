package storetest

import (
	"fmt"
	"strings"
	"testing"
)

// RefuseRows has PostgreSQL refuse every row that is added to the tables or changed in them, with an error of its own that
// carries the SQLSTATE, until it is told to stop.
func (d Database) RefuseRows(tb testing.TB, sqlstate string, tables ...string) (stop func()) {
	tb.Helper()
	run := func(statements ...string) {
		tb.Helper()
		if err := execute(d.DSN, strings.Join(statements, ";\n")); err != nil {
			tb.Fatalf("refuse rows: %v", err)
		}
	}
	run("CREATE FUNCTION refuse_rows() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'a test refuses this' USING ERRCODE = '" + sqlstate + "'; END $$")
	var dropped []string
	for _, table := range tables {
		run(fmt.Sprintf("CREATE TRIGGER refuse_rows BEFORE INSERT OR UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION refuse_rows()", table))
		dropped = append(dropped, "DROP TRIGGER refuse_rows ON "+table)
	}
	return func() { run(append(dropped, "DROP FUNCTION refuse_rows()")...) }
}
