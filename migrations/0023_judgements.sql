-- A corrected day of somebody's baseline moves the windows of later waves, and with them which answers came in time. The ledger
-- keeps what receipts said; how an entry counts instead stands here, from a revision of its response on, the latest of all.
CREATE TABLE judgements (
    response_id TEXT NOT NULL REFERENCES responses (id),
    revision    INTEGER NOT NULL,
    sitting     TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    verdict     TEXT NOT NULL CHECK (verdict = 'accepted' OR verdict = 'partly-refused' OR verdict = 'late'),
    late_days   INTEGER NOT NULL CHECK (late_days >= 0),
    PRIMARY KEY (response_id, revision, sitting, seq)
) {clustered};

-- An older program would count such entries as it did before, and give revisions out twice.
UPDATE compatibility
SET oldest_schema = 23;
