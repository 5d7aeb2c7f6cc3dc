-- A keyed hash of what never changes in a row, or only by the program, now in every table whose rows somebody relies on. What is
-- there is hashed when the program starts, as it stands then; hashed_tables says of which table that is done, and of how many rows.
-- From then on a row without its hash is not as it was written.
CREATE TABLE hashed_tables (
    name     TEXT PRIMARY KEY,
    existing INTEGER NOT NULL,
    since    BIGINT NOT NULL
) {clustered};
ALTER TABLE withdrawals ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE erasures ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE declared_consents ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE enrolments ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE responses ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE dispositions ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE judgements ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE baseline_moves ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE study_versions ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE study_interfaces ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE instruments ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE wordings ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE questionnaires ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE studies ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE account_studies ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE api_keys ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE passkeys ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE invitations ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE kiosks ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE hand_overs ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE paper_entries ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE enrolment_events ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE alert_actions ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE queries ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE proposals ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';

-- An older program would write rows without.
UPDATE compatibility
SET oldest_schema = 31;
