-- The audit trail as a chain: a seal holds the hash of its entries and of the seal before, so that an entry which is changed or
-- removed is found, and a trail that was cut off by whoever has noted a later head. An entry is sealed just after its commit;
-- until then it has no seal.
CREATE TABLE audit_seals (
    number    INTEGER PRIMARY KEY CHECK (number >= 1),
    entries   INTEGER NOT NULL,
    head      TEXT NOT NULL,
    sealed_at BIGINT NOT NULL
);
ALTER TABLE audit ADD COLUMN seal INTEGER;
CREATE INDEX audit_seal ON audit (seal);
CREATE INDEX audit_unsealed ON audit (id) WHERE seal IS NULL;

-- A keyed hash of what never changes in a row, for doctor to check; empty in rows that were there before.
ALTER TABLE submissions ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
ALTER TABLE consents ADD COLUMN row_hash TEXT NOT NULL DEFAULT '';
