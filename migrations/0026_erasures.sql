-- Erasures wait before they are carried out: the answers are out of use at once, and blanked when due_at has come, unless
-- the team takes the erasure back before. A row belongs to the step of leaving that asked for it. While one waits,
-- submissions.erased_at is set and content still there.
CREATE TABLE erasures (
    enrolment_id TEXT NOT NULL,
    number       INTEGER NOT NULL,
    due_at       BIGINT NOT NULL,
    done_at      BIGINT,
    undone_at    BIGINT,
    PRIMARY KEY (enrolment_id, number),
    FOREIGN KEY (enrolment_id, number) REFERENCES withdrawals (enrolment_id, number),
    CHECK (done_at IS NULL OR undone_at IS NULL)
) {clustered};
CREATE INDEX erasures_waiting ON erasures (due_at) WHERE done_at IS NULL AND undone_at IS NULL;

-- Until now answers were erased at once.
INSERT INTO erasures (enrolment_id, number, due_at, done_at)
SELECT enrolment_id, number, at, at
FROM withdrawals
WHERE level = 'erasure';

-- An older program would carry out none that waits.
UPDATE compatibility
SET oldest_schema = 26;
