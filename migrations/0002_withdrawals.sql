-- Leaving a study. Every step of it is a row, and the row with the highest number holds: level is empty where the team
-- took a withdrawal back, and reason says why. The list of erasures is in here too: it is what is done again after an
-- older backup was put in place. forgotten_at is when the database's files had been made to forget what was erased.
CREATE TABLE withdrawals (
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    number       INTEGER NOT NULL CHECK (number >= 1),
    level        TEXT NOT NULL CHECK (level IN ('', 'no-contact', 'no-collection', 'erasure')),
    channel      TEXT NOT NULL CHECK (channel IN ('', 'code', 'desk', 'telephone', 'letter')),
    reason       TEXT NOT NULL,
    account_id   TEXT REFERENCES accounts (id),
    at           BIGINT NOT NULL,
    forgotten_at BIGINT,
    PRIMARY KEY (enrolment_id, number),
    CHECK ((level = '') = (channel = '')),
    CHECK ((level = '') = (reason <> ''))
) {clustered};

-- How far somebody has left, beside withdrawn_at, which says since when. Until now nothing more was taken from whoever
-- had withdrawn.
ALTER TABLE enrolments ADD COLUMN withdrawal TEXT NOT NULL DEFAULT '';

UPDATE enrolments
SET withdrawal = 'no-collection'
WHERE withdrawn_at IS NOT NULL;

INSERT INTO withdrawals (enrolment_id, number, level, channel, reason, at)
SELECT id, 1, 'no-collection', 'desk', '', withdrawn_at
FROM enrolments
WHERE withdrawn_at IS NOT NULL;
