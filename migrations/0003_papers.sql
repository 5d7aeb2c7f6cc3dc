-- Paper questionnaires that are entered twice. A paper waits here until two entries of it agree or a third person has
-- decided between them, and is then submitted in the sitting that has its id. Until then nothing of it is in the ledger.
-- A person has one open paper a wave. What was typed goes with everything else when somebody asks for erasure.
CREATE TABLE papers (
    id           TEXT PRIMARY KEY,
    enrolment_id TEXT NOT NULL REFERENCES enrolments (id),
    wave_id      TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('entered', 'differing', 'agreed', 'submitted')),
    compared     INTEGER NOT NULL,
    equal        INTEGER NOT NULL,
    submitted_at BIGINT,
    CHECK ((state = 'submitted') = (submitted_at IS NOT NULL)),
    CHECK (equal BETWEEN 0 AND compared)
);
CREATE UNIQUE INDEX papers_open ON papers (enrolment_id, wave_id) WHERE submitted_at IS NULL;
CREATE INDEX papers_enrolment ON papers (enrolment_id);

-- The first entry of a paper, the second, and the one that a third person decided on. form is known when it comes again.
CREATE TABLE paper_entries (
    paper_id   TEXT NOT NULL REFERENCES papers (id),
    number     INTEGER NOT NULL CHECK (number BETWEEN 1 AND 3),
    form       TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL REFERENCES accounts (id),
    content    TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    PRIMARY KEY (paper_id, number)
) {clustered};
