package store_test

import (
	"slices"
	"strings"

	"wellwave/surveys/store"
)

// followed are the columns that doctor compares with what follows from hashed ones, or that are chained, and the key of their
// table.
var followed = map[string]struct{ key, columns string }{
	"audit":          {"id", "id at account_id action study_id object detail seal"},
	"audit_seals":    {"number", "number entries head"},
	"enrolments":     {"id", "baseline_day consented_at withdrawn_at withdrawal"},
	"responses":      {"id", "revision answers origins began_at changed_at finished_at answered_at late_days differing mode language helper place aids proxied disposition disposition_source disposition_reason dispositions"},
	"scores":         {"response_id scale_id rule", "response_id scale_id rule instrument_hash value answered asked prorated why"},
	"sites":          {"study_id id", "study_id id arm_id"},
	"waves":          {"study_id id", "study_id id audience"},
	"study_versions": {"study_id version", "source"},
	"instruments":    {"hash", "source"},
	"wordings":       {"hash", "source"},
}

// Why nobody looks at what the other columns hold. Nothing but these may be left out.
const (
	shortLived = "lives for a day or less, or until it is done; wrong, it lets nobody in, since what does is hashed with a key"
	anonymous  = "of the staff survey: a row says nothing by itself, answers rest sealed to the round's key, and reports are signed for by the custodians"
	sealed     = "sealed with the root key, which opens nothing that was changed"
	itself     = "the program's own, wrong for as long as it is not written again"
	grows      = "says how far something has come, and is compared with what it is about"
	released   = "what a release was made of; its files have their SHA-256 in a manifest, which everybody has who has the files"
	told       = "told beside something and decides nothing"
)

var unwatched = map[string]string{
	"account_sessions": shortLived, "sign_ins": shortLived, "setup_links": shortLived, "sent_forms": shortLived, "attempts": shortLived, "factor_tries": shortLived,
	"ended_sittings": shortLived, "recovery_codes": "hashed with a key, and used up once",
	"staff_answers": anonymous, "staff_attributes": anonymous, "staff_averages": anonymous, "staff_cards": anonymous, "staff_codes": anonymous, "staff_custodians": anonymous,
	"staff_rounds": anonymous, "staff_sealed": anonymous, "staff_sent": anonymous, "staff_sites": anonymous,
	"authenticators": sealed, "server_keys": sealed, "root_key": "compared with the key at every start",
	"clock": itself, "compatibility": itself, "hashed_tables": "the trail says the same", "mail_route": itself, "refolds": itself, "goose_db_version": itself,
	"releases": released, "release_responses": released, "release_people": released,
	"alert_messages": "what was mailed and when; what was done about an alert is hashed", "contact_details": "changed by people at any time; none are taken yet",
	"participants":          "no more than an id, which hashed enrolments have, and the time of its making",
	"accounts.factor_since": told, "accounts.factor_due_at": grows, "accounts.epoch": "sign-ins, which it ends, hold a proof that is hashed with a key",
	"alerts.acknowledged_at": "the first of the actions, which are hashed", "audit_seals.sealed_at": told,
	"enrolments.simd_decile": "blanked by erasure; a release recodes it", "enrolments.simd_version": told,
	"hand_overs.ended_at": grows,
	"kiosks.tries":        shortLived, "kiosks.retry_at": shortLived, "kiosks.unlocked_by": shortLived, "kiosks.unlocked_to": shortLived, "kiosks.lent_to": shortLived,
	"papers":           "how far typing in has come; what was typed is hashed, and what counts is in the ledger",
	"passkeys.used_at": told,
	"queries.decision": "in the trail, which is a chain", "queries.reason": "in the trail", "queries.account_id": "in the trail", "queries.decided_at": "in the trail",
	"responses.pilot": "said once, by the state that the study was in", "responses.saves": "counts towards the quota", "responses.kept_bytes": "counts towards the quota",
	"responses.outcome":        "becomes the outcome when the window closes, which is hashed; worked out anew with every save",
	"submissions.erased_at":    "compared with the erasures", // see examineErasures
	"withdrawals.forgotten_at": grows,
}

// wantEveryColumnSorted goes through the whole schema: each column is hashed, or compared with what it follows from, or listed with
// why not. One bit of each that is compared is changed, and found.
func (w *world) wantEveryColumnSorted(v *vandal) {
	w.t.Helper()
	unused := make(map[string]bool)
	for name := range unwatched {
		unused[name] = true
	}
	hashed := make(map[string][]string)
	for _, of := range store.HashedTables() {
		hashed[of.Name] = append(slices.Clone(of.Columns), "row_hash")
	}
	for _, name := range everyColumn(w) {
		table, column, _ := strings.Cut(name, ".")
		f := followed[table]
		follows, sorted := slices.Contains(strings.Fields(f.columns), column), 0
		for _, is := range []bool{slices.Contains(hashed[table], column), follows, unwatched[name] != "", unwatched[table] != ""} {
			if is {
				sorted++
			}
		}
		if sorted != 1 {
			w.t.Errorf("%s is sorted %d times, want once: is it hashed, compared, or why not?", name, sorted)
		}
		delete(unused, name)
		delete(unused, table)
		if !follows {
			continue
		}
		back := v.flip(table, column, strings.Fields(f.key))
		if back == nil {
			w.t.Errorf("there is no row in %s, so this shows nothing of it", table)
			continue
		}
		if got := w.faultsOf(table); len(got) == 0 {
			w.t.Errorf("one bit of %s was changed, and nothing is found", name)
		}
		back()
	}
	if len(unused) > 0 {
		w.t.Errorf("these are listed and are not there: %v", unused)
	}
}

// faultsOf returns what the check finds that looks at a table.
func (tr *trial) faultsOf(table string) (found []string) {
	tr.t.Helper()
	switch table {
	case "audit", "audit_seals":
		found, err := tr.CheckAudit(tr.t.Context(), store.AuditHead{})
		if err != nil {
			tr.t.Fatal(err)
		}
		return found
	case "responses", "scores":
		return tr.folds()
	default:
		checked, err := tr.CheckRows(tr.t.Context())
		if err != nil {
			tr.t.Fatal(err)
		}
		return checked.Faults
	}
}

func everyColumn(w *world) []string {
	if w.Engine() == "postgres" {
		return w.Inspect(w.t, "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'")
	}
	return w.Inspect(w.t, "SELECT m.name || '.' || c.name FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'")
}
