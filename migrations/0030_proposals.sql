-- What one account asked for and another has to agree to, and erasures that were asked for after the lock. account_id is NULL
-- where the person asked themselves. enrolment_id and channel are of an erasure, release_number is of a release.
CREATE TABLE proposals (
    id             TEXT PRIMARY KEY,
    study_id       TEXT NOT NULL REFERENCES studies (id),
    kind           TEXT NOT NULL CHECK (kind IN ('erasure', 'locked-erasure', 'unlock', 'release')),
    enrolment_id   TEXT REFERENCES enrolments (id),
    channel        TEXT NOT NULL CHECK (channel IN ('', 'code', 'desk', 'telephone', 'letter')),
    release_number INTEGER,
    account_id     TEXT REFERENCES accounts (id),
    at             BIGINT NOT NULL,
    due_at         BIGINT NOT NULL,
    state          TEXT NOT NULL CHECK (state IN ('waiting', 'agreed', 'refused')),
    ground         TEXT NOT NULL,
    decided_by     TEXT REFERENCES accounts (id),
    decided_at     BIGINT,
    CHECK ((state = 'waiting') = (decided_at IS NULL)),
    CHECK ((state = 'waiting') = (ground = '')),
    CHECK ((kind IN ('erasure', 'locked-erasure')) = (enrolment_id IS NOT NULL)),
    CHECK ((kind = 'release') = (release_number IS NOT NULL)),
    CHECK (decided_by <> account_id)
);
CREATE INDEX proposals_study ON proposals (study_id);
CREATE INDEX proposals_enrolment ON proposals (enrolment_id) WHERE enrolment_id IS NOT NULL;

-- An older program would erase, unlock and let out without asking anybody else.
UPDATE compatibility
SET oldest_schema = 30;
