-- Questionnaires on paper or by telephone for a wave that was complete already. The ledger keeps each whole, and a data manager
-- decides which counts. stands says that it is the earlier by its day and stands until then; revision is the response's before it.
CREATE TABLE queries (
    id          TEXT PRIMARY KEY,
    response_id TEXT NOT NULL REFERENCES responses (id),
    sitting     TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    stands      BOOLEAN NOT NULL,
    revision    INTEGER NOT NULL,
    raised_at   BIGINT NOT NULL,
    decision    TEXT NOT NULL CHECK (decision = '' OR decision = 'kept' OR decision = 'taken'),
    reason      TEXT NOT NULL CHECK (reason = '' OR reason = 'source' OR reason = 'typed' OR reason = 'asked' OR reason = 'query'),
    account_id  TEXT REFERENCES accounts (id),
    decided_at  BIGINT
);
CREATE INDEX queries_response ON queries (response_id);

-- An older program would fold such questionnaires over what stands, and say by any save how all answers were given.
UPDATE compatibility
SET oldest_schema = 28;
